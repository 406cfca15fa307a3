//! The server: HTTP/1.1 on an address of this machine, as a static host would answer, and a few
//! addresses below `_brief/` for the script that pages get.
//!
//! ```text
//! connection ─ guard: Host, method, origin ─▶ address ─▶ `_brief/` │ redirects │ file │ 404 page
//! ```
//!
//! What is served are the bytes of a build. HTML pages get one script tag more, before `</body>`; it
//! carries what the script must know, so that nothing else is added.

mod address;
mod answer;
mod guard;
mod range;
mod rules;
mod stream;

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper::{Request, Response};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, watch};

use super::pages::Pages;
use answer::Answering;
use stream::Body;

/// The port that is tried first.
const PORT: u16 = 1111;

/// How many further ports are tried if nobody asked for one.
const FURTHER: u16 = 20;

/// How many connections there may be at a time; others wait.
const CONNECTIONS: usize = 256;

/// How many pages are rendered at a time for those who asked for them; others wait.
const RENDERING: usize = 8;

/// How long a request's head may take. Connections that are kept alive end after it, too.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// How large a request's head may be.
const HEAD_BYTES: usize = 64 * 1024;

/// Opens a source in an editor, at a line; the error is in words.
pub type Edit = Arc<dyn Fn(&Path, Option<u32>) -> Result<(), String> + Send + Sync>;

/// A server that has its address and does not answer yet.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    address: SocketAddr,
    host: String,
}

/// A server at work; it ends when this is dropped.
#[derive(Debug)]
pub struct Running {
    runtime: Option<Runtime>,
    changes: watch::Sender<u64>,
}

impl Server {
    /// Takes an address: `host` is an IP address or a name of this machine. Without a port it is the
    /// first free one from 1111 on.
    pub fn bind(host: &str, port: Option<u16>) -> io::Result<Server> {
        let ports = match port {
            Some(port) => port..=port,
            None => PORT..=PORT + FURTHER,
        };
        let mut taken = io::Error::from(io::ErrorKind::AddrInUse);
        for port in ports {
            let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
            match TcpListener::bind(addresses.as_slice()) {
                Ok(listener) => {
                    listener.set_nonblocking(true)?;
                    return Ok(Server {
                        address: listener.local_addr()?,
                        listener,
                        host: host.to_owned(),
                    });
                }
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => taken = error,
                Err(error) => return Err(error),
            }
        }
        Err(taken)
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of a path, for a browser on this machine.
    pub fn url(&self, path: &str) -> String {
        let port = self.address.port();
        let host = match self.address.ip() {
            ip if ip.is_unspecified() => "localhost".to_owned(),
            IpAddr::V6(ip) => format!("[{ip}]"),
            ip => ip.to_string(),
        };
        format!("http://{host}:{port}{path}")
    }

    /// Answers from now on, in threads of its own. `token` is what a page must show to have a source
    /// edited.
    pub fn start(self, pages: Arc<dyn Pages>, edit: Edit, token: String) -> io::Result<Running> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            // Rendering keeps a processor busy; more threads than these would only hold more memory.
            .max_blocking_threads(RENDERING)
            .thread_name("brief-serve")
            .enable_all()
            .build()?;
        let (changes, _) = watch::channel(0);
        let answering = Arc::new(Answering {
            pages,
            edit,
            token,
            host: self.host,
            address: self.address,
            changes: changes.clone(),
            rules: Mutex::default(),
        });
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(self.listener)?
        };
        runtime.spawn(accept(listener, answering));
        Ok(Running {
            runtime: Some(runtime),
            changes,
        })
    }
}

impl Running {
    /// Tells all browsers how things stand now.
    pub fn tell(&self) {
        self.changes.send_modify(|number| *number += 1);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// Takes connections for ever.
async fn accept(listener: tokio::net::TcpListener, answering: Arc<Answering>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = places.clone().acquire_owned().await else {
            return;
        };
        let Ok((connection, peer)) = listener.accept().await else {
            // Too many files are open, or the other side is gone already.
            tokio::time::sleep(Duration::from_millis(10)).await;
            continue;
        };
        // Events are small and must not wait for more.
        let _ = connection.set_nodelay(true);
        let service = Connection {
            answering: answering.clone(),
            peer,
        };
        tokio::spawn(async move {
            let served = http1::Builder::new()
                .timer(TokioTimer::new())
                .header_read_timeout(HEAD_TIME)
                .max_buf_size(HEAD_BYTES)
                .serve_connection(TokioIo::new(connection), service)
                .await;
            // Browsers break connections off all the time.
            drop(served);
            drop(place);
        });
    }
}

/// One connection.
struct Connection {
    answering: Arc<Answering>,
    peer: SocketAddr,
}

impl Service<Request<Incoming>> for Connection {
    type Response = Response<Body>;
    type Error = std::convert::Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Self::Error>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let (answering, peer) = (self.answering.clone(), self.peer);
        Box::pin(async move { Ok(answering.answer(request, peer).await) })
    }
}
