//! How hosts are visited: one request at a time to each, with a pause between, and few in all. A host that
//! cannot be reached, or wants to be left alone, is not asked again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hyper::Method;
use tokio::sync::{Mutex as Gate, Semaphore};
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::client::{Client, Reply};
use super::verdict::{Fault, Kind, Trouble, Verdict};

/// How many redirects are followed.
const MAX_REDIRECTS: usize = 10;

/// After how many addresses in a row that it does not answer to a host is not asked again.
const MAX_SILENCES: usize = 3;

/// How fast hosts are asked.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// How long a connection may take, and again an answer.
    pub limit: Duration,
    /// The pause between two requests to a host.
    pub pause: Duration,
    /// The pause before a host that did not answer is asked once more.
    pub second_try: Duration,
    /// The longest pause that a host may ask for.
    pub longest_wait: Duration,
    /// How many requests are on their way at a time.
    pub in_all: usize,
}

impl Default for Pace {
    fn default() -> Pace {
        Pace {
            limit: Duration::from_secs(10),
            pause: Duration::from_millis(250),
            second_try: Duration::from_secs(2),
            longest_wait: Duration::from_secs(60),
            in_all: 24,
        }
    }
}

/// Visits hosts.
pub struct Visitor {
    client: Client,
    pace: Pace,
    /// Each host by its name.
    hosts: Mutex<BTreeMap<String, Arc<Gate<Host>>>>,
    all: Semaphore,
}

/// What is known of a host while it is visited.
#[derive(Default)]
struct Host {
    /// When it may be asked next.
    free: Option<Instant>,
    /// Why it is not asked again.
    closed: Option<Trouble>,
    silences: usize,
}

impl Visitor {
    /// A visitor that asks through a client.
    pub fn new(client: Client, pace: Pace) -> Visitor {
        Visitor {
            client,
            pace,
            hosts: Mutex::default(),
            all: Semaphore::new(pace.in_all.max(1)),
        }
    }

    /// Asks for an address, and for all that it leads on to.
    pub async fn visit(&self, start: &Url) -> Verdict {
        let mut at = start.clone();
        let mut seen = BTreeSet::new();
        let fault = |trouble: Trouble, at: &Url| {
            let behind = (at != start).then(|| at.to_string());
            Err(Fault { trouble, behind })
        };
        loop {
            if seen.len() > MAX_REDIRECTS || !seen.insert(at.clone()) {
                return fault(Trouble::Circle, start);
            }
            let reply = match self.ask(&at).await {
                Ok(reply) => reply,
                Err(trouble) => return fault(trouble, &at),
            };
            if !matches!(reply.status, 301 | 302 | 303 | 307 | 308) {
                return Ok(());
            }
            let next = reply.location.and_then(|location| at.join(&location).ok());
            let is_of_web = |next: &Url| matches!(next.scheme(), "http" | "https");
            let Some(mut next) = next.filter(is_of_web) else {
                return fault(Trouble::Nowhere, &at);
            };
            next.set_fragment(None);
            at = next;
        }
    }

    fn host(&self, address: &Url) -> Arc<Gate<Host>> {
        let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
        let name = address.host_str().unwrap_or_default().to_owned();
        hosts.entry(name).or_default().clone()
    }

    /// Asks for one address: by HEAD, by GET where HEAD does not do, and once more where nobody answers.
    async fn ask(&self, address: &Url) -> Result<Reply, Trouble> {
        let gate = self.host(address);
        // Held until all is said, so that nobody else asks this host meanwhile.
        let mut host = gate.lock().await;
        if let Some(trouble) = &host.closed {
            return Err(trouble.clone());
        }
        let answer = self.ask_host(&mut host, address).await;
        match &answer {
            Err(trouble) if trouble.is_of_host() || *trouble == Trouble::Status(429) => {
                host.closed = Some(trouble.clone());
            }
            Err(trouble @ (Trouble::Silence | Trouble::Cut)) => {
                host.silences += 1;
                if host.silences >= MAX_SILENCES {
                    host.closed = Some(trouble.clone());
                }
            }
            _ => host.silences = 0,
        }
        answer
    }

    async fn ask_host(&self, host: &mut Host, address: &Url) -> Result<Reply, Trouble> {
        let mut method = Method::HEAD;
        let mut may_try_again = true;
        loop {
            let answer = self.ask_once(host, &method, address).await;
            let (trouble, wait) = match answer {
                Ok(reply) if reply.status < 400 => return Ok(reply),
                Ok(reply) => (Trouble::Status(reply.status), reply.wait),
                Err(trouble) => (trouble, None),
            };
            let is_late =
                trouble == Trouble::Status(429) || trouble == Trouble::Status(503) && wait.is_some();
            // HEAD is refused, forgotten or answered wrongly by many a server.
            let may_be_of_head = !trouble.is_of_host() && trouble != Trouble::Silence;
            if method == Method::HEAD && may_be_of_head && !is_late {
                method = Method::GET;
                continue;
            }
            let wait = wait.unwrap_or(self.pace.second_try);
            let may_help = is_late || trouble.kind() == Kind::Unreachable;
            if !may_try_again || !may_help || wait > self.pace.longest_wait {
                return Err(trouble);
            }
            may_try_again = false;
            method = Method::GET;
            host.free = Some(Instant::now() + wait);
        }
    }

    async fn ask_once(&self, host: &mut Host, method: &Method, address: &Url) -> Result<Reply, Trouble> {
        if let Some(free) = host.free {
            sleep_until(free).await;
        }
        // Waiting for a host takes no place of those who ask. The semaphore is never closed.
        let _place = self.all.acquire().await;
        let answer = self.client.ask(method, address).await;
        host.free = Some(Instant::now() + self.pace.pause);
        answer
    }
}
