//! Links that lead out of the site: which there are, and what is said of those where nobody answers.

use std::collections::{BTreeMap, BTreeSet};

use url::Url;

use super::{Ask, Desk, PLACES, register_file};
use crate::building::external::{Asked, Fault, Kind, Trouble, address};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::SourcePath;
use crate::ground::span::Span;
use crate::ground::world::read_text;
use crate::reading::article::Place;
use crate::reading::front_matter::{self, Head, Spotted};
use crate::reading::markdown::{self, Markdown};

/// A link that leads out of the site, or a picture that lies there.
#[derive(Clone, Debug, PartialEq)]
pub struct Outward {
    /// The address as it is written.
    pub target: String,
    /// Where it is written.
    pub place: Place,
}

/// Where an article leads to, given its file's text: by its body, by the texts of its front matter, by the
/// report it rests on and by its picture.
pub fn of_article(text: &str, head: &Head, body: &Markdown, options: markdown::Options) -> Vec<Outward> {
    let mut found = of_body(body);
    let caption = head.image.as_ref().and_then(|image| image.caption.as_ref());
    let corrections = head.corrections.iter().map(|correction| &correction.text);
    let values = head
        .summary
        .iter()
        .chain(&head.takeaways)
        .chain(caption)
        .chain(corrections);
    for value in values {
        found.extend(of_value(value, options));
    }
    if let Some(url) = head.source.as_ref().and_then(|source| source.url.as_ref()) {
        found.extend(written_out(text, url));
    }
    let picture = head.image.iter().filter(|image| image.is_external());
    found.extend(picture.map(|image| Outward {
        target: image.src.text.clone(),
        place: Place::Value(image.src.spot),
    }));
    found
}

fn of_body(markdown: &Markdown) -> Vec<Outward> {
    let outward = |reference: &markdown::Reference| Outward {
        target: reference.target.clone(),
        place: Place::Bytes(reference.span),
    };
    markdown.outward.iter().map(outward).collect()
}

fn of_value(value: &Spotted, options: markdown::Options) -> Vec<Outward> {
    let markdown = markdown::parse_inline(&value.text, 0, options);
    let outward = |reference: markdown::Reference| Outward {
        target: reference.target,
        place: Place::Value(value.spot),
    };
    markdown.outward.into_iter().map(outward).collect()
}

/// An address that stands in a file as it is.
fn written_out(text: &str, target: &str) -> Option<Outward> {
    let at = text.find(target)?;
    Some(Outward {
        target: target.to_owned(),
        place: Place::Bytes(Span::new(at, at + target.len())),
    })
}

/// Where a link stands.
type Spot = (SourcePath, Place);

/// What is wrong with an address or with a whole host, and the places that lead there.
struct Broken<'a> {
    fault: &'a Fault,
    places: Vec<&'a Spot>,
}

impl Desk<'_> {
    /// A warning for each address that does not answer, and for each host that does not; gives the addresses
    /// of which that cannot be said.
    pub(super) fn report_links(
        &self,
        options: markdown::Options,
        ask: Ask<'_>,
        found: &mut Diagnostics,
    ) -> Vec<(Url, Asked)> {
        let mut links: BTreeMap<Url, Vec<Spot>> = BTreeMap::new();
        for (path, outward) in self.outward(options) {
            let spot = (path, outward.place);
            match address(&outward.target) {
                Some(address) => links.entry(address).or_default().push(spot),
                None => found.push({
                    let subject = format!("`{}`", outward.target);
                    self.report(&subject, &Trouble::NoAddress, &[&spot])
                }),
            }
        }
        let asked = ask(&links.keys().cloned().collect::<BTreeSet<Url>>());
        let mut unverifiable = Vec::new();
        let mut broken: BTreeMap<String, Broken<'_>> = BTreeMap::new();
        for (address, places) in &links {
            let Some(Asked {
                verdict: Err(fault), ..
            }) = asked.get(address)
            else {
                continue;
            };
            if fault.trouble.kind() == Kind::Unverifiable {
                unverifiable.push((address.clone(), asked[address].clone()));
                continue;
            }
            let host = address.host_str().filter(|_| fault.trouble.is_of_host());
            let subject = match &fault.behind {
                None => host.unwrap_or(address.as_str()),
                Some(_) => address.as_str(),
            };
            let broken = broken.entry(subject.to_owned()).or_insert(Broken {
                fault,
                places: Vec::new(),
            });
            broken.places.extend(places);
        }
        for (subject, mut broken) in broken {
            broken.places.sort_by_key(|(path, place)| match place {
                Place::Value(_) => (path, 0),
                Place::Bytes(span) => (path, span.start),
            });
            let subject = match &broken.fault.behind {
                Some(behind) => format!("`{subject}` leads on to `{behind}`, which"),
                None => format!("`{subject}`"),
            };
            found.push(self.report(&subject, &broken.fault.trouble, &broken.places));
        }
        unverifiable
    }

    fn report(&self, subject: &str, trouble: &Trouble, places: &[&Spot]) -> Diagnostic {
        let more = match places.len() {
            count if count > PLACES => format!(" ({count} links lead there)"),
            _ => String::new(),
        };
        let message = format!("{subject} {trouble}{more}");
        let mut problem = Diagnostic::new(Code::BrokenExternalLink, message);
        for (path, place) in places.iter().take(PLACES) {
            problem.labels.extend(self.locate(path, *place).labels);
        }
        problem.help(match trouble.kind() {
            _ if *trouble == Trouble::Private => "link to a page that readers can open",
            Kind::Broken => "find out where it went, link to a copy in an archive, or leave the link out",
            _ => "try it in a browser, and check again later",
        })
    }

    /// All links that lead out of the site, in the order of files. Those of articles that do not want to be
    /// told are left out.
    fn outward(&self, options: markdown::Options) -> Vec<(SourcePath, Outward)> {
        let mut all = Vec::new();
        for article in self.inspected {
            if self.is_told(&article.path, Code::BrokenExternalLink) {
                let outward = article.outward.iter().cloned();
                all.extend(outward.map(|outward| (article.path.clone(), outward)));
            }
        }
        let pages = self.site.pages.iter().map(|page| &page.path);
        let profiles = self.site.profiles.values().map(|(path, _)| path);
        let editions = self.site.hand_made.values().map(|edition| &edition.path);
        for path in pages.chain(profiles).chain(editions) {
            // What cannot be read any more has been reported.
            let Ok(text) = read_text(self.world, path) else {
                continue;
            };
            let split = front_matter::split(path, &text, &mut Diagnostics::new());
            let markdown = markdown::parse(split.body, split.body_start, options);
            all.extend(
                of_body(&markdown)
                    .into_iter()
                    .map(|outward| (path.clone(), outward)),
            );
        }
        let Some((file, text)) = register_file(self.world) else {
            return all;
        };
        for company in self.site.register.companies() {
            let Some(website) = &company.website else { continue };
            // It may be written without its scheme.
            let bare = website.strip_prefix("https://").unwrap_or(website);
            let outward = written_out(&text, website).or_else(|| written_out(&text, bare));
            all.extend(outward.map(|outward| {
                let target = website.clone();
                (file.clone(), Outward { target, ..outward })
            }));
        }
        all
    }
}
