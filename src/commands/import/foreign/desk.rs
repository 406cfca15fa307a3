//! The brief site that takes the articles in: its addresses, its companies, its files.

use std::collections::BTreeSet;

use super::post::{Front, Note};
use crate::ground::date::Day;
use crate::ground::path::{Url, fold, slug};
use crate::reading::article::{Reading, alias_url};
use crate::reading::config::PermalinkFields;
use crate::reading::markdown;
use crate::reading::tagging::TAGGED;

/// Addresses that every brief site has, so that no old one can stand there.
pub const OWN: [&str; 14] = [
    "/",
    "/companies/",
    "/companies/map/",
    "/topics/",
    "/authors/",
    "/editions/",
    "/archive/",
    "/corrections/",
    "/search/",
    "/404.html",
    "/feed.xml",
    "/atom.xml",
    "/feed.json",
    "/sitemap.xml",
];

/// Addresses and file names, each given once.
#[derive(Debug, Default)]
pub struct Taken {
    names: BTreeSet<String>,
    addresses: BTreeSet<String>,
}

impl Taken {
    /// A name that nothing has yet: itself, or with the first number behind it that makes it one.
    pub fn name(&mut self, wanted: &str) -> String {
        if self.names.insert(fold(wanted)) {
            return wanted.to_owned();
        }
        let mut number = 2;
        loop {
            let name = format!("{wanted}-{number}");
            if self.names.insert(fold(&name)) {
                return name;
            }
            number += 1;
        }
    }

    /// Takes an address; whether it was free.
    pub fn address(&mut self, url: &Url) -> bool {
        !OWN.contains(&url.as_str()) && self.addresses.insert(fold(url.as_str().trim_matches('/')))
    }
}

/// The address that an article will have here.
pub fn address(reading: Reading<'_>, day: Day, own_slug: &str) -> Option<Url> {
    let id = slug(own_slug);
    let fields = PermalinkFields {
        day,
        slug: own_slug,
        id: &id,
        kind: "news",
    };
    reading.config.permalink.url(fields).ok()
}

/// The part of the old site's path that this one does not have: old addresses lie below it. The error says what
/// becomes of old addresses where this site does not hold the place at which the old one was.
pub fn moved(reading: Reading<'_>, old: Option<&str>) -> Result<String, String> {
    let (Some(own), Some(old)) = (&reading.config.base_url, old) else {
        // It is not known where one of them is: most likely where the other one is.
        return Ok(String::new());
    };
    let own = own.path().trim_end_matches('/');
    match old.strip_prefix(own) {
        Some(below) if below.is_empty() || below.starts_with('/') => Ok(below.to_owned()),
        _ => Err(format!(
            "kept as if the old site had been where this one is: it was under `{old}/`, and `base_url` says `{own}/`"
        )),
    }
}

/// The old addresses of an article as aliases: those that this site can answer and that are not its own
/// already. What it cannot answer is noted.
pub fn aliases(
    old: &[String],
    own: Option<&Url>,
    taken: &mut Taken,
    file: &str,
    notes: &mut Vec<Note>,
) -> Vec<String> {
    let mut aliases = Vec::new();
    for address in old {
        match alias_url(address) {
            Ok(url) if Some(&url) == own => {}
            Ok(url) => match taken.address(&url) {
                true => aliases.push(url.as_str().to_owned()),
                false => notes.push(
                    Note::whole(file, "old address", "left out: another page stands there").about(address),
                ),
            },
            Err(why) => {
                notes.push(Note::whole(file, "old address", format!("left out: {why}")).about(address))
            }
        }
    }
    aliases
}

/// Takes companies out of the topics, where the register knows them.
///
/// What the text names is found by every build anew. Only where a topic names a company that is not found
/// there, the key `companies` is written, with those that are found: it means exactly these.
pub fn companies(reading: Reading<'_>, front: &mut Front, body: &str, file: &str, notes: &mut Vec<Note>) {
    if reading.register.is_empty() {
        return;
    }
    let known = |name: &String| reading.register.find(name).map(|company| company.name.clone());
    let mut wanted: Vec<String> = Vec::new();
    let given = std::mem::take(&mut front.companies);
    front.topics.retain(|topic| match known(topic) {
        Some(name) => {
            if !wanted.contains(&name) {
                wanted.push(name);
            }
            false
        }
        None => true,
    });
    for name in given {
        match known(&name) {
            Some(name) if !wanted.contains(&name) => wanted.push(name),
            Some(_) => {}
            None => front.topics.push(name),
        }
    }
    if wanted.is_empty() {
        return;
    }
    for name in &wanted {
        notes.push(Note::whole(file, "term", "a company of the register").about(name));
    }
    let visible = markdown::parse(body, 0, reading.config.markdown).visible;
    let standfirst = front.summary.as_deref().unwrap_or_default();
    let found = reading.detect(&front.title, standfirst, &visible);
    let found: Vec<String> = found
        .iter()
        .filter(|found| found.confidence >= TAGGED)
        .map(|found| reading.register.companies()[found.company].name.clone())
        .collect();
    let is_found = reading.config.companies.detect && wanted.iter().all(|name| found.contains(name));
    if !is_found {
        let further = found.into_iter().filter(|name| !wanted.contains(name));
        let further: Vec<String> = further.collect();
        front.companies = wanted.into_iter().chain(further).collect();
    }
}
