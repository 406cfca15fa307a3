//! `brief check --against`: the addresses that readers have, from a sitemap in a file or on a host.

use std::io::Read;
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use url::Url;

use crate::building::external::{Fetcher, Guard, Pace, address};
use crate::building::inspection::sitemap::Sitemap;

/// The longest sitemap, in bytes, and not compressed. Source: sitemaps.org, "Sitemaps XML format".
const MAX_BYTES: usize = 50 * 1024 * 1024;

/// The most parts of a sitemap: five million addresses, which fit into memory.
const MAX_PARTS: usize = 100;

/// The addresses that a sitemap and its parts list; the error says what cannot be used, and why.
///
/// `source` is a file, the address of a sitemap, or the address of a folder with a `sitemap.xml`.
pub fn listed(source: &str) -> Result<Vec<String>, String> {
    let first = match address(source).filter(|_| source.contains("://")) {
        Some(mut address) => {
            if address.path().ends_with('/') {
                address = address.join("sitemap.xml").map_err(|error| error.to_string())?;
            }
            Place::Host(address)
        }
        None => Place::File(PathBuf::from(source)),
    };
    let mut desk = Desk { fetcher: None };
    // Who names a host may ask it, wherever it stands; who only finds it in a sitemap may not.
    let named = first.clone();
    match desk.read(&first, &named)? {
        Sitemap::Pages(addresses) => Ok(addresses),
        Sitemap::Parts(parts) if parts.len() > MAX_PARTS => Err(format!(
            "{first} cannot be used: it has more than {MAX_PARTS} parts"
        )),
        Sitemap::Parts(parts) => {
            let mut all = Vec::new();
            for part in &parts {
                let place = first.beside(part)?;
                match desk.read(&place, &named)? {
                    Sitemap::Pages(addresses) => all.extend(addresses),
                    Sitemap::Parts(_) => {
                        return Err(format!(
                            "{place} cannot be used: a part of a sitemap has parts itself"
                        ));
                    }
                }
            }
            Ok(all)
        }
    }
}

/// Where a sitemap stands.
#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    Host(Url),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Place::File(path) => write!(f, "{}", path.display()),
            Place::Host(address) => write!(f, "{address}"),
        }
    }
}

impl Place {
    /// Where a part stands: of a file, in one of the same name beside it, if there is one.
    fn beside(&self, part: &str) -> Result<Place, String> {
        let url = address(part).ok_or_else(|| format!("{self} cannot be used: `{part}` is no address"))?;
        let name = url.path_segments().and_then(|mut segments| segments.next_back());
        if let (Place::File(path), Some(name)) = (self, name) {
            let beside = path.with_file_name(name);
            if !name.is_empty() && beside.is_file() {
                return Ok(Place::File(beside));
            }
        }
        Ok(Place::Host(url))
    }
}

/// Reads sitemaps, and asks hosts only if there is one to ask.
struct Desk {
    fetcher: Option<Fetcher>,
}

impl Desk {
    fn read(&mut self, place: &Place, named: &Place) -> Result<Sitemap, String> {
        let bytes = match place {
            Place::File(path) => read_file(path).map_err(|why| format!("{place} cannot be read: {why}")),
            Place::Host(address) => self.fetch(address, named).map_err(|why| format!("{place} {why}")),
        }?;
        let text = unpacked(bytes).and_then(|text| Sitemap::parse(&text));
        text.map_err(|why| format!("{place} cannot be used: {why}"))
    }

    fn fetch(&mut self, address: &Url, named: &Place) -> Result<Vec<u8>, String> {
        if self.fetcher.is_none() {
            let allowed = match named {
                Place::Host(named) => Guard::allowing([named]),
                Place::File(_) => Guard::default(),
            };
            let fetcher = Fetcher::new(allowed, Pace::default().limit);
            self.fetcher = Some(fetcher.map_err(|error| format!("was not asked for: {error}"))?);
        }
        match &self.fetcher {
            Some(fetcher) => fetcher.fetch(address, MAX_BYTES),
            None => Err("was not asked for".to_owned()),
        }
    }
}

fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| error.to_string())?;
    let read = file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes);
    read.map_err(|error| error.to_string())?;
    if bytes.len() > MAX_BYTES {
        return Err(too_long());
    }
    Ok(bytes)
}

/// The text of a sitemap, which may be packed by gzip.
fn unpacked(bytes: Vec<u8>) -> Result<String, String> {
    let bytes = if bytes.starts_with(&[0x1f, 0x8b]) {
        let mut unpacked = Vec::new();
        let read = GzDecoder::new(bytes.as_slice())
            .take(MAX_BYTES as u64 + 1)
            .read_to_end(&mut unpacked);
        read.map_err(|error| format!("it is not whole: {error}"))?;
        unpacked
    } else {
        bytes
    };
    if bytes.len() > MAX_BYTES {
        return Err(too_long());
    }
    String::from_utf8(bytes).map_err(|_| "it is not in UTF-8".to_owned())
}

fn too_long() -> String {
    format!("it is longer than {} MB", MAX_BYTES / 1024 / 1024)
}
