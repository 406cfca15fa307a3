//! One file of another site, read to its end: a sitemap that readers and search engines have.

use std::collections::BTreeSet;
use std::io;
use std::time::Duration;

use tokio::runtime::Builder;
use url::Url;

use super::client::{Client, Reply};
use super::network::Guard;
use super::verdict::Trouble;

/// How many redirects are followed.
const MAX_REDIRECTS: usize = 10;

/// Fetches files, one at a time.
pub struct Fetcher {
    client: Client,
    runtime: tokio::runtime::Runtime,
}

impl Fetcher {
    /// A fetcher that waits for `limit` for a connection, again for the head of an answer, and again for its body.
    pub fn new(guard: Guard, limit: Duration) -> io::Result<Fetcher> {
        Ok(Fetcher {
            client: Client::new(guard, limit).map_err(io::Error::other)?,
            runtime: Builder::new_current_thread().enable_all().build()?,
        })
    }

    /// The bytes of a file, of which there may be so many; the error goes on behind the address.
    pub fn fetch(&self, address: &Url, most: usize) -> Result<Vec<u8>, String> {
        let mut at = address.clone();
        let mut seen = BTreeSet::new();
        loop {
            if seen.len() > MAX_REDIRECTS || !seen.insert(at.clone()) {
                return Err(Trouble::Circle.to_string());
            }
            let (reply, body) = self
                .runtime
                .block_on(self.client.read(&at, most))
                .map_err(|trouble| told(&trouble, address, &at))?;
            let Reply { status, location, .. } = reply;
            match status {
                200 => return body.ok_or_else(|| format!("is longer than {most} bytes")),
                301 | 302 | 303 | 307 | 308 => {
                    let next = location.and_then(|location| at.join(&location).ok());
                    let next = next.filter(|next| matches!(next.scheme(), "http" | "https"));
                    at = next.ok_or_else(|| told(&Trouble::Nowhere, address, &at))?;
                    at.set_fragment(None);
                }
                status => return Err(told(&Trouble::Status(status), address, &at)),
            }
        }
    }
}

fn told(trouble: &Trouble, asked: &Url, at: &Url) -> String {
    match asked == at {
        true => trouble.to_string(),
        false => format!("leads on to {at}, which {trouble}"),
    }
}
