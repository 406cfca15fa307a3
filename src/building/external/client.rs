//! One request and its answer. Who asks whether a page is there never reads it: the connection is closed in front of
//! the body.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{ACCEPT, HOST, HeaderName, HeaderValue, LOCATION, RETRY_AFTER, USER_AGENT};
use hyper::{HeaderMap, Method, Request};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error as TlsError, RootCertStore};
use url::{Host, Position, Url};

use super::network::Guard;
use super::verdict::Trouble;

/// What sites see of who asks whether links lead anywhere.
const AGENT: &str = concat!("brief/", env!("CARGO_PKG_VERSION"), " (checks links)");

/// What hosts see of who tells them something.
const TELLING_AGENT: &str = concat!("brief/", env!("CARGO_PKG_VERSION"), " (publishes)");

/// The longest head of an answer, in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// The most headers of an answer.
const MAX_HEADERS: usize = 256;

/// Asks hosts.
pub struct Client {
    guard: Guard,
    tls: TlsConnector,
    limit: Duration,
}

/// Something that is told to a host.
#[derive(Clone, Debug)]
pub struct Message {
    /// What is asked of the host.
    pub method: Method,
    /// Where it goes.
    pub address: Url,
    /// The name that stands in the request, where it is not the host's own: what a cache keeps pages under.
    pub host: Option<String>,
    /// Further headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// The body; may be empty.
    pub body: Vec<u8>,
}

/// What a server says of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Where it leads on to.
    pub location: Option<String>,
    /// How long the server wants to be left alone.
    pub wait: Option<Duration>,
}

/// A connection that ends when nobody waits for it any more, whatever the server still had to send.
struct Driven(JoinHandle<hyper::Result<()>>);

impl Drop for Driven {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Client {
    /// A client that waits for `limit` for a connection, and again for an answer. It trusts the issuers of
    /// certificates that browsers trust.
    pub fn new(guard: Guard, limit: Duration) -> Result<Client, TlsError> {
        let roots = RootCertStore {
            roots: webpki_roots::TLS_SERVER_ROOTS.to_vec(),
        };
        Client::trusting(roots, guard, limit)
    }

    fn trusting(roots: RootCertStore, guard: Guard, limit: Duration) -> Result<Client, TlsError> {
        let settings = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?;
        let mut settings = settings.with_root_certificates(roots).with_no_client_auth();
        settings.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Client {
            guard,
            tls: TlsConnector::from(Arc::new(settings)),
            limit,
        })
    }

    /// Asks for an address, and for the head of the answer alone.
    pub async fn ask(&self, method: &Method, address: &Url) -> Result<Reply, Trouble> {
        let (reply, _) = self.ask_for(method, address, None).await?;
        Ok(reply)
    }

    /// Asks for an address by GET, and reads what is sent; `None` where that is more than so many bytes.
    pub async fn read(&self, address: &Url, most: usize) -> Result<(Reply, Option<Vec<u8>>), Trouble> {
        self.ask_for(&Method::GET, address, Some(most)).await
    }

    /// Tells a host something, and reads what it answers; `None` where that is more than so many bytes.
    pub async fn tell(&self, message: &Message, most: usize) -> Result<(Reply, Option<Vec<u8>>), Trouble> {
        let request = message.request().ok_or(Trouble::NoAddress)?;
        self.send(&message.address, request, Some(most)).await
    }

    async fn ask_for(
        &self,
        method: &Method,
        address: &Url,
        most: Option<usize>,
    ) -> Result<(Reply, Option<Vec<u8>>), Trouble> {
        let request = request(method, address).ok_or(Trouble::NoAddress)?;
        self.send(address, request, most).await
    }

    async fn send(
        &self,
        address: &Url,
        request: Request<Full<Bytes>>,
        most: Option<usize>,
    ) -> Result<(Reply, Option<Vec<u8>>), Trouble> {
        let stream = self.guard.connect(address, self.limit).await?;
        if address.scheme() != "https" {
            return self.exchange(stream, request, most).await;
        }
        let name = match address.host().ok_or(Trouble::NoAddress)? {
            Host::Domain(name) => ServerName::try_from(name.to_owned()).map_err(|_| Trouble::NoAddress)?,
            Host::Ipv4(machine) => ServerName::from(std::net::IpAddr::from(machine)),
            Host::Ipv6(machine) => ServerName::from(std::net::IpAddr::from(machine)),
        };
        let secured = timeout(self.limit, self.tls.connect(name, stream)).await;
        let secured = secured.map_err(|_| Trouble::NoConnection)?;
        self.exchange(secured.map_err(|error| of_tls(&error))?, request, most)
            .await
    }

    async fn exchange(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        request: Request<Full<Bytes>>,
        most: Option<usize>,
    ) -> Result<(Reply, Option<Vec<u8>>), Trouble> {
        let opened = http1::Builder::new()
            .max_buf_size(MAX_HEAD_BYTES)
            .max_headers(MAX_HEADERS)
            .handshake(TokioIo::new(stream))
            .await;
        let (mut sender, connection) = opened.map_err(|_| Trouble::Cut)?;
        let _driven = Driven(tokio::spawn(connection));
        let answer = timeout(self.limit, sender.send_request(request)).await;
        let answer = answer.map_err(|_| Trouble::Silence)?;
        let answer = answer.map_err(|error| match error.is_parse() {
            true => Trouble::Nonsense,
            false => Trouble::Cut,
        })?;
        let reply = Reply {
            status: answer.status().as_u16(),
            location: location(answer.headers()),
            wait: wait(answer.headers()),
        };
        let Some(most) = most else {
            return Ok((reply, None));
        };
        let body = timeout(self.limit, Limited::new(answer.into_body(), most).collect()).await;
        let body = match body.map_err(|_| Trouble::Silence)? {
            Ok(body) => Some(body.to_bytes().to_vec()),
            Err(error) if error.is::<LengthLimitError>() => None,
            Err(_) => return Err(Trouble::Cut),
        };
        Ok((reply, body))
    }
}

fn request(method: &Method, address: &Url) -> Option<Request<Full<Bytes>>> {
    Request::builder()
        .method(method)
        .uri(target(address))
        .header(HOST, authority(address))
        .header(USER_AGENT, HeaderValue::from_static(AGENT))
        .header(ACCEPT, "text/html,application/xhtml+xml,*/*;q=0.8")
        .body(Full::default())
        .ok()
}

impl Message {
    fn request(&self) -> Option<Request<Full<Bytes>>> {
        let host = self.host.as_deref().unwrap_or(authority(&self.address));
        let request = Request::builder()
            .method(&self.method)
            .uri(target(&self.address))
            .header(HOST, host)
            .header(USER_AGENT, HeaderValue::from_static(TELLING_AGENT));
        let headers = self.headers.iter();
        headers
            .fold(request, |request, (name, value)| request.header(name, value))
            .body(Full::from(self.body.clone()))
            .ok()
    }
}

fn authority(address: &Url) -> &str {
    &address[Position::BeforeHost..Position::AfterPort]
}

fn target(address: &Url) -> &str {
    &address[Position::BeforePath..Position::AfterQuery]
}

/// Addresses in headers are not always in ASCII.
fn location(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(LOCATION)?.as_bytes();
    Some(String::from_utf8_lossy(value).into_owned())
}

/// The pause that a server asks for; one that it gives as a date counts as none.
fn wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(RETRY_AFTER)?.to_str().ok()?.trim().parse();
    seconds.ok().map(Duration::from_secs)
}

fn of_tls(error: &std::io::Error) -> Trouble {
    let Some(error) = error.get_ref().and_then(|error| error.downcast_ref::<TlsError>()) else {
        return Trouble::Cut;
    };
    let TlsError::InvalidCertificate(why) = error else {
        return Trouble::Encryption;
    };
    let why = match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "has expired",
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => "is not valid yet",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            "is for another name"
        }
        CertificateError::Revoked => "was revoked",
        _ => return Trouble::Issuer,
    };
    Trouble::Certificate(why.to_owned())
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use tokio::runtime::Builder;
    use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
    use tokio_rustls::rustls::{ServerConfig, ServerConnection, StreamOwned};

    use super::*;

    /// A certificate that this machine gave itself for `localhost`, valid for a hundred years from 2026.
    const CERTIFICATE: &[u8] = include_bytes!("../../../tests/external/localhost.der");
    const KEY: &[u8] = include_bytes!("../../../tests/external/localhost.key.der");

    /// A server that answers every request over TLS with 204; its port.
    fn server() -> u16 {
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
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(settings.clone()).expect("a connection");
                let mut stream = StreamOwned::new(connection, stream);
                let (mut head, mut byte) = (Vec::new(), [0]);
                while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
                    head.push(byte[0]);
                }
                // Whoever does not trust the certificate is gone.
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
            }
        });
        port
    }

    #[test]
    fn certificates_are_judged() {
        let port = server();
        let address = |host: &str| Url::parse(&format!("https://{host}:{port}/a")).expect("an address");
        let addresses = ["localhost", "127.0.0.1"].map(address);
        let limit = Duration::from_secs(20);
        let mut own = RootCertStore::empty();
        own.add(CertificateDer::from(CERTIFICATE)).expect("a certificate");
        let ask = |roots: Option<RootCertStore>, address: &Url| {
            let guard = Guard::allowing(&addresses);
            let client = match roots {
                Some(roots) => Client::trusting(roots, guard, limit),
                None => Client::new(guard, limit),
            };
            let runtime = Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime");
            let answer = client.expect("a client");
            let answer = runtime.block_on(answer.ask(&Method::HEAD, address));
            answer.map(|reply| reply.status)
        };
        assert_eq!(ask(Some(own.clone()), &addresses[0]), Ok(204));
        assert_eq!(ask(None, &addresses[0]), Err(Trouble::Issuer));
        let wrong = Trouble::Certificate("is for another name".to_owned());
        assert_eq!(ask(Some(own), &addresses[1]), Err(wrong));
    }
}
