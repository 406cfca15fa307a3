//! HTTP for stores: connections that are used again, TLS, time limits, and pauses that a server asks for.
//!
//! The library for object stores speaks through it too, so that one client decides whom to trust and how long to
//! wait. `check --external` has its own: it talks to strangers, and must not reach the networks that this one may.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::stream;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1::{self, SendRequest};
use hyper::header::{CONTENT_LENGTH, HOST, HeaderValue, RETRY_AFTER, USER_AGENT};
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use opendal::{Buffer, HttpBody, HttpTransport};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, Error as TlsError, RootCertStore};

use super::storage::MAX_READ;
use super::trouble::{Kind, Trouble};

/// What stores see of who asks.
const AGENT: &str = concat!("brief/", env!("CARGO_PKG_VERSION"));

/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(15);

/// The same for addresses that exist within data centres only, and that nobody answers elsewhere: there they tell
/// programs their credentials.
const CONNECTING_WITHIN: Duration = Duration::from_secs(2);

/// How long an answer may take, beside what sending takes at the slowest.
const ANSWERING: Duration = Duration::from_secs(60);

/// The slowest connection that is still one, in bytes a second.
const SLOWEST: u64 = 32 * 1024;

/// How long a connection that nobody uses is good for. Servers close them sooner or later without a word.
const IDLE: Duration = Duration::from_secs(15);

/// The longest pause that a server is granted.
const LONGEST_PAUSE: Duration = Duration::from_secs(120);

/// The body of a request.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Asks stores.
#[derive(Clone)]
pub(super) struct Client(Arc<Inner>);

struct Inner {
    tls: TlsConnector,
    /// Connections that wait for the next request, by where they lead.
    idle: Mutex<BTreeMap<String, Vec<Idle>>>,
    /// When a server that asked for a pause may be asked again.
    pause: Mutex<Option<Instant>>,
}

struct Idle {
    sender: SendRequest<Body>,
    since: Instant,
}

/// An answer and all of its body.
pub(super) type Answer = Response<Bytes>;

/// A body of these bytes.
pub(super) fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

impl Client {
    /// A client that trusts the issuers of certificates that browsers trust.
    pub(super) fn new() -> Result<Client, Trouble> {
        let roots = webpki_roots::TLS_SERVER_ROOTS.to_vec();
        Client::trusting(RootCertStore { roots })
    }

    fn trusting(roots: RootCertStore) -> Result<Client, Trouble> {
        let settings = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| Trouble::lasting(Kind::Local, error.to_string()))?;
        let mut settings = settings.with_root_certificates(roots).with_no_client_auth();
        settings.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Client(Arc::new(Inner {
            tls: TlsConnector::from(Arc::new(settings)),
            idle: Mutex::default(),
            pause: Mutex::default(),
        })))
    }

    /// Sends a request, whose body has so many bytes, and reads all of the answer. The address is absolute.
    pub(super) async fn send(&self, request: Request<Body>, size: u64) -> Result<Answer, Trouble> {
        self.wait().await;
        let place = Place::of(request.uri())?;
        let request = relative(request, &place, size)?;
        let mut sender = match self.taken(&place).await {
            Some(sender) => sender,
            None => self.connect(&place).await?,
        };
        let limit = ANSWERING + Duration::from_secs(size / SLOWEST);
        let asked = async {
            let answer = sender
                .send_request(request)
                .await
                .map_err(|error| of_exchange(&error, &place))?;
            let (head, body) = answer.into_parts();
            let body = Limited::new(body, MAX_READ).collect().await;
            let body = body.map_err(|error| Trouble::passing(Kind::Unreachable, error.to_string()))?;
            Ok(Response::from_parts(head, body.to_bytes()))
        };
        let answer = match timeout(limit, asked).await {
            Ok(answer) => answer?,
            Err(_) => {
                let said = format!("`{}` does not answer", place.name());
                return Err(Trouble::passing(Kind::Unreachable, said));
            }
        };
        self.note_pause(&answer);
        self.put_back(&place, sender);
        Ok(answer)
    }

    /// Waits as long as a server has asked for.
    async fn wait(&self) {
        let until = *self.0.pause.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(until) = until {
            tokio::time::sleep_until(until.into()).await;
        }
    }

    fn note_pause(&self, answer: &Answer) {
        if !matches!(answer.status().as_u16(), 429 | 503) {
            return;
        }
        let seconds = answer
            .headers()
            .get(RETRY_AFTER)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.trim().parse().ok());
        if let Some(seconds) = seconds {
            let until = Instant::now() + Duration::from_secs(seconds).min(LONGEST_PAUSE);
            let mut pause = self.0.pause.lock().unwrap_or_else(PoisonError::into_inner);
            *pause = Some(pause.map_or(until, |other| other.max(until)));
        }
    }

    /// A connection that waits and still stands.
    async fn taken(&self, place: &Place) -> Option<SendRequest<Body>> {
        loop {
            let found = {
                let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
                idle.get_mut(&place.key())?.pop()?
            };
            let mut sender = found.sender;
            if found.since.elapsed() < IDLE && !sender.is_closed() && sender.ready().await.is_ok() {
                return Some(sender);
            }
        }
    }

    fn put_back(&self, place: &Place, sender: SendRequest<Body>) {
        if sender.is_closed() {
            return;
        }
        let mut idle = self.0.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let since = Instant::now();
        idle.entry(place.key()).or_default().push(Idle { sender, since });
    }

    async fn connect(&self, place: &Place) -> Result<SendRequest<Body>, Trouble> {
        let within = ["169.254.", "metadata."];
        let limit = match within.iter().any(|start| place.host.starts_with(start)) {
            true => CONNECTING_WITHIN,
            false => CONNECTING,
        };
        let late = |_| Trouble::passing(Kind::Unreachable, format!("`{}` does not answer", place.name()));
        let stream = timeout(limit, tcp(place)).await.map_err(late)??;
        // Requests are written in two parts, and the second must not wait for the first to be confirmed.
        let _ = stream.set_nodelay(true);
        if !place.is_secure {
            return handshake(stream, place).await;
        }
        let name = ServerName::try_from(place.host.clone())
            .map_err(|_| Trouble::lasting(Kind::NoHost, format!("`{}` is no name of a host", place.host)))?;
        let secured = timeout(limit, self.0.tls.connect(name, stream))
            .await
            .map_err(late)?;
        handshake(secured.map_err(|error| of_tls(&error, place))?, place).await
    }
}

impl HttpTransport for Client {
    async fn fetch(&self, request: Request<Buffer>) -> opendal::Result<Response<HttpBody>> {
        let (head, body) = request.into_parts();
        let body = body.to_bytes();
        let size = body.len() as u64;
        let answer = self.send(Request::from_parts(head, whole(body)), size).await;
        let (head, body) = answer.map_err(for_library)?.into_parts();
        // The answer to a question for the head alone tells a size and has no body.
        let size = body.len() as u64;
        let pieces = stream::iter([Ok(Buffer::from(body))]);
        Ok(Response::from_parts(head, HttpBody::new(pieces, Some(size))))
    }
}

/// An error of the library's own kind that carries what we found.
pub(super) fn for_library(trouble: Trouble) -> opendal::Error {
    let error = opendal::Error::new(opendal::ErrorKind::Unexpected, trouble.said.clone());
    let is_passing = trouble.is_passing;
    error.set_source(trouble).with_temporary(is_passing)
}

/// Where a connection leads.
struct Place {
    is_secure: bool,
    host: String,
    port: u16,
}

impl Place {
    fn of(address: &Uri) -> Result<Place, Trouble> {
        let nowhere = || Trouble::lasting(Kind::NoHost, "the address of the store has no host");
        let is_secure = match address.scheme_str() {
            Some("https") => true,
            Some("http") => false,
            _ => {
                return Err(Trouble::lasting(
                    Kind::NoHost,
                    "the address of the store is neither http nor https",
                ));
            }
        };
        let host = address.host().ok_or_else(nowhere)?;
        let usual = if is_secure { 443 } else { 80 };
        Ok(Place {
            is_secure,
            host: host.trim_start_matches('[').trim_end_matches(']').to_owned(),
            port: address.port_u16().unwrap_or(usual),
        })
    }

    fn key(&self) -> String {
        format!("{} {} {}", self.is_secure, self.host, self.port)
    }

    fn name(&self) -> String {
        match (self.is_secure, self.port) {
            (true, 443) | (false, 80) => self.host.clone(),
            _ => format!("{}:{}", self.host, self.port),
        }
    }
}

/// The request as it is sent over a connection that leads to its host.
fn relative(request: Request<Body>, place: &Place, size: u64) -> Result<Request<Body>, Trouble> {
    let (mut head, body) = request.into_parts();
    let refused = || Trouble::lasting(Kind::Other, "the address of the store cannot be asked for");
    if !head.headers.contains_key(HOST) {
        let authority = head.uri.authority().map(|authority| authority.as_str());
        let host = authority.and_then(|text| text.rsplit('@').next());
        let host = host.map_or_else(|| place.name(), str::to_owned);
        let host = HeaderValue::from_str(&host).map_err(|_| refused())?;
        head.headers.insert(HOST, host);
    }
    let target = head.uri.path_and_query().map_or("/", |target| target.as_str());
    head.uri = target.parse().map_err(|_| refused())?;
    head.headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    if size > 0 || ["PUT", "POST"].contains(&head.method.as_str()) {
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(size));
    }
    Ok(Request::from_parts(head, body))
}

async fn tcp(place: &Place) -> Result<TcpStream, Trouble> {
    let found = lookup_host((place.host.as_str(), place.port)).await;
    let found: Vec<SocketAddr> = match found {
        Ok(found) => found.collect(),
        Err(_) => {
            // The system says in words alone whether the name or the network is to blame.
            let said = format!("no machine has the name `{}`, or there is no network", place.host);
            return Err(Trouble::passing(Kind::NoHost, said));
        }
    };
    let mut trouble = Trouble::lasting(Kind::NoHost, format!("no machine has the name `{}`", place.host));
    let share = CONNECTING / u32::try_from(found.len().clamp(1, 4)).unwrap_or(1);
    for machine in found {
        trouble = match timeout(share, TcpStream::connect(machine)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => Trouble::passing(
                Kind::Unreachable,
                format!("`{}`: {}", place.name(), crate::ground::world::describe(&error)),
            ),
            Err(_) => Trouble::passing(Kind::Unreachable, format!("`{}` does not answer", place.name())),
        };
    }
    Err(trouble)
}

async fn handshake(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    place: &Place,
) -> Result<SendRequest<Body>, Trouble> {
    let opened = http1::handshake(TokioIo::new(stream)).await;
    let (sender, connection) = opened.map_err(|error| of_exchange(&error, place))?;
    // It ends when the other side closes it, or when nobody holds its sender any more.
    tokio::spawn(connection);
    Ok(sender)
}

/// What a broken exchange means. What the body's own reader found is what went wrong.
fn of_exchange(error: &hyper::Error, place: &Place) -> Trouble {
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(trouble) = error.downcast_ref::<Trouble>() {
            return trouble.clone();
        }
        let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        if let Some(trouble) = inner.and_then(|inner| inner.downcast_ref::<Trouble>()) {
            return trouble.clone();
        }
        cause = error.source();
    }
    let said = format!("the connection to `{}` broke: {error}", place.name());
    Trouble::passing(Kind::Unreachable, said)
}

fn of_tls(error: &io::Error, place: &Place) -> Trouble {
    let known = error.get_ref().and_then(|error| error.downcast_ref::<TlsError>());
    match known {
        Some(known) => Trouble::lasting(
            Kind::Certificate,
            format!("no secure connection to `{}`: {known}", place.name()),
        ),
        None => Trouble::passing(
            Kind::Unreachable,
            format!("no secure connection to `{}`: {error}", place.name()),
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use tokio::runtime::Builder;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

    use super::*;

    /// A certificate that this machine gave itself for `localhost`, valid for a hundred years from 2026.
    const CERTIFICATE: &[u8] = include_bytes!("../../../../tests/external/localhost.der");
    const KEY: &[u8] = include_bytes!("../../../../tests/external/localhost.key.der");

    /// A server that answers every request with 204, over TLS or not; its port, and how many connections it had.
    fn server(is_secure: bool) -> (u16, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let settings = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions")
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(CERTIFICATE)],
                PrivateKeyDer::try_from(KEY).expect("a key"),
            );
        let settings = Arc::new(settings.expect("a certificate"));
        let connections = Arc::new(AtomicUsize::new(0));
        let counted = connections.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                counted.fetch_add(1, Ordering::SeqCst);
                let settings = settings.clone();
                thread::spawn(move || match is_secure {
                    true => {
                        let connection = ServerConnection::new(settings).expect("a connection");
                        answer_all(StreamOwned::new(connection, stream));
                    }
                    false => answer_all(stream),
                });
            }
        });
        (port, connections)
    }

    fn answer_all(mut stream: impl Read + Write) {
        let mut head = Vec::new();
        let mut byte = [0];
        while stream.read_exact(&mut byte).is_ok() {
            head.push(byte[0]);
            if head.ends_with(b"\r\n\r\n") {
                head.clear();
                // Whoever does not trust the certificate is gone.
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
            }
        }
    }

    fn ask(client: &Client, address: &str, times: usize) -> Result<u16, Kind> {
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        runtime.block_on(async {
            let mut status = 0;
            for _ in 0..times {
                let request = Request::get(address).body(whole(Bytes::new()));
                let answer = client.send(request.expect("a request"), 0).await;
                status = answer.map_err(|trouble| trouble.kind)?.status().as_u16();
            }
            Ok(status)
        })
    }

    #[test]
    fn certificates_are_judged() {
        let (port, _) = server(true);
        let mut own = RootCertStore::empty();
        own.add(CertificateDer::from(CERTIFICATE)).expect("a certificate");
        let trusting = Client::trusting(own).expect("a client");
        let usual = Client::new().expect("a client");
        let [good, wrong] = ["localhost", "127.0.0.1"].map(|host| format!("https://{host}:{port}/a"));
        assert_eq!(ask(&trusting, &good, 1), Ok(204));
        assert_eq!(ask(&trusting, &wrong, 1), Err(Kind::Certificate));
        assert_eq!(ask(&usual, &good, 1), Err(Kind::Certificate));
    }

    #[test]
    fn a_connection_is_used_again() {
        let (port, connections) = server(false);
        let client = Client::new().expect("a client");
        assert_eq!(
            ask(&client, &format!("http://127.0.0.1:{port}/a?b=c"), 5),
            Ok(204)
        );
        assert_eq!(connections.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn what_is_no_address_of_a_store_is_not_asked() {
        let client = Client::new().expect("a client");
        for address in ["/a", "ftp://localhost/a"] {
            assert_eq!(ask(&client, address, 1), Err(Kind::NoHost), "{address}");
        }
    }
}
