//! Links that lead out of the site: whether anybody answers there. Each address is asked once, however
//! often it stands in the site, and what was said is remembered for some days.

mod client;
mod fetch;
mod memory;
mod network;
mod teller;
mod verdict;
mod visit;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::runtime::Builder;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::{Instant, timeout};
use url::Url;

pub use client::Message;
pub use fetch::Fetcher;
pub use memory::Asked;
pub use network::Guard;
pub use teller::{Answer, Teller};
pub use verdict::{Fault, Kind, Trouble, Verdict};
pub use visit::Pace;

use client::Client;
use visit::Visitor;

/// The longest address that is asked for, in bytes. Servers commonly refuse longer ones.
const MAX_ADDRESS_BYTES: usize = 8_000;

/// How often it is said how far things are where nothing happens.
const TICK: Duration = Duration::from_millis(200);

/// How often what is known is written down.
const NOTE: Duration = Duration::from_secs(10);

/// Asks for addresses.
#[derive(Clone, Debug)]
pub struct Asker {
    /// The file in which answers are remembered.
    pub file: PathBuf,
    /// Who may be asked.
    pub guard: Guard,
    /// How fast.
    pub pace: Pace,
    /// The instant that counts as now.
    pub now: Timestamp,
}

/// How far things are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many addresses have been asked for.
    pub done: usize,
    /// How many there are to ask for.
    pub all: usize,
}

/// The address that a link leads to, as it is asked for: without the part that only the browser needs, and
/// without names and passwords.
pub fn address(written: &str) -> Option<Url> {
    let written = written.trim();
    let full = match written.strip_prefix("//") {
        Some(rest) => format!("https://{rest}"),
        None => written.to_owned(),
    };
    let mut address = Url::parse(&full).ok()?;
    let is_of_web = matches!(address.scheme(), "http" | "https") && address.has_host();
    address.set_fragment(None);
    // These fail for addresses that cannot have any.
    address.set_username("").ok();
    address.set_password(None).ok();
    (is_of_web && address.as_str().len() <= MAX_ADDRESS_BYTES).then_some(address)
}

impl Asker {
    /// Asks for all of these addresses that are not remembered well enough, and says what is known of each.
    /// `tell` hears now and then how far things are. Fails where nobody can be asked.
    pub fn ask(
        &self,
        addresses: &BTreeSet<Url>,
        tell: impl FnMut(Progress),
    ) -> io::Result<BTreeMap<Url, Asked>> {
        let mut remembered = memory::read(&self.file);
        let mut known = BTreeMap::new();
        let mut hosts: BTreeMap<&str, Vec<Url>> = BTreeMap::new();
        for address in addresses {
            match remembered.remove(address.as_str()) {
                Some(asked) if asked.holds(self.now) => drop(known.insert(address.clone(), asked)),
                _ => {
                    let host = address.host_str().unwrap_or_default();
                    hosts.entry(host).or_default().push(address.clone());
                }
            }
        }
        if !hosts.is_empty() {
            let client = Client::new(self.guard.clone(), self.pace.limit).map_err(io::Error::other)?;
            let visitor = Arc::new(Visitor::new(client, self.pace));
            let runtime = Builder::new_current_thread().enable_all().build()?;
            let count = hosts.len();
            let hosts: Vec<Vec<Url>> = hosts.into_values().collect();
            let all: usize = hosts.iter().map(Vec::len).sum();
            let cut_off = runtime.block_on(self.visit(&visitor, hosts, &mut known, tell));
            // One host may be gone; all of them are where no network is.
            if count > 2 && cut_off == all {
                let message = format!("none of {count} hosts can be reached; is this computer online?");
                return Err(io::Error::other(message));
            }
        }
        Ok(known)
    }

    /// Writes down what is known, instead of all that was remembered.
    pub fn remember(&self, known: &BTreeMap<Url, Asked>) -> io::Result<()> {
        memory::write(&self.file, known)
    }

    /// Visits all hosts at once, each for all its addresses, and counts those that no network leads to. What
    /// is known is written down every now and then, for a check that somebody interrupts.
    async fn visit(
        &self,
        visitor: &Arc<Visitor>,
        hosts: Vec<Vec<Url>>,
        known: &mut BTreeMap<Url, Asked>,
        mut tell: impl FnMut(Progress),
    ) -> usize {
        let mut progress = Progress {
            done: 0,
            all: hosts.iter().map(Vec::len).sum(),
        };
        let (answers, mut answered) = unbounded_channel();
        for addresses in hosts {
            let (visitor, answers) = (visitor.clone(), answers.clone());
            tokio::spawn(async move {
                for address in addresses {
                    let verdict = visitor.visit(&address).await;
                    // Somebody listens until all have answered.
                    let _ = answers.send((address, verdict));
                }
            });
        }
        drop(answers);
        let at = self.now.as_second();
        let mut cut_off = 0;
        let mut next_note = Instant::now() + NOTE;
        loop {
            match timeout(TICK, answered.recv()).await {
                Ok(Some((address, verdict))) => {
                    let fault = verdict.as_ref().err();
                    cut_off += usize::from(fault.is_some_and(|fault| fault.trouble.is_of_network()));
                    known.insert(address, Asked { verdict, at });
                    progress.done += 1;
                }
                Ok(None) => return cut_off,
                Err(_) => {}
            }
            tell(progress);
            if Instant::now() >= next_note {
                // Whoever asked will try this once more, and say why it fails.
                let _ = self.remember(known);
                next_note = Instant::now() + NOTE;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_asked_for_in_one_form() {
        let check = |written: &str, expected: &str| {
            let shown = address(written).map(String::from);
            assert_eq!(shown.as_deref().unwrap_or("none"), expected, "{written}");
        };
        check("https://a.example", "https://a.example/");
        check("HTTPS://A.Example:443/B?c#d", "https://a.example/B?c");
        check("//a.example/b", "https://a.example/b");
        check(" https://me:secret@a.example/b ", "https://a.example/b");
        check("https://bücher.example/é", "https://xn--bcher-kva.example/%C3%A9");
        for none in [
            "https://",
            "mailto:a@b.example",
            "ftp://a.example/",
            "/a",
            "",
            "https://a b/",
        ] {
            check(none, "none");
        }
        check(&format!("https://a.example/{}", "b".repeat(9_000)), "none");
    }
}
