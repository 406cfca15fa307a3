//! What the server shows, taken from the preview.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::desk::Standing;
use super::inbox::Inbox;
use super::pages::{About, Answer, Bytes, Pages, State};
use crate::building::preview::{Preview, Shown};
use crate::ground::diagnostic::{Diagnostic, Diagnostics, Format, Sources, print};
use crate::ground::encoding::Encode;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, Url};
use crate::ground::text::escape_text;
use crate::meaning::site::Reason;

/// How many problems a browser is shown.
const PROBLEMS: usize = 50;

/// How long a page that cannot be rendered just now may take to become one that can.
const PATIENCE: Duration = Duration::from_millis(500);

/// The preview as the server sees it.
#[derive(Debug)]
pub struct SitePages {
    /// The site.
    pub preview: Arc<Preview>,
    /// Where suspicions go.
    pub inbox: Arc<Inbox>,
    /// How things stand.
    pub standing: Standing,
}

impl SitePages {
    /// What tells that a page looks the same: its bytes, and what is shown beside them. `None` for an
    /// address where nothing stands.
    pub fn mark(&self, url: &Url) -> Option<Fingerprint> {
        match self.preview.file(url)? {
            Shown::Made(_, content) => Some(marked(content, self.about(url).as_ref())),
            Shown::Failed(problem) => Some(self.stand_in(url, &problem).mark),
            Shown::Copied(..) => None,
        }
    }

    fn about(&self, url: &Url) -> Option<About> {
        let (source, held) = self.preview.about(url)?;
        Some(About {
            source,
            held: held.map(|reason| self.held(reason)),
        })
    }

    fn held(&self, reason: Reason) -> String {
        let zone = self.preview.timezone();
        match reason {
            Reason::Draft => "draft".to_owned(),
            Reason::Until(moment) => match moment.time() {
                Some(time) => format!("held until {} {time} ({zone})", moment.day),
                None => format!("held until {} ({zone})", moment.day),
            },
            Reason::Expired(moment) => format!("expired on {}", moment.day),
        }
    }

    /// A page that stands where one should be that cannot be rendered.
    fn stand_in(&self, url: &Url, problem: &Diagnostic) -> Answer {
        let mut text = String::new();
        escape_text(&mut text, &plain(problem, &self.preview.sources()));
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
             <title>This page cannot be made</title>\n</head>\n<body>\n<main>\n<h1>This page cannot be made</h1>\n\
             <pre>{text}</pre>\n<p>It appears here once that is mended.</p>\n</main>\n</body>\n</html>\n"
        );
        Answer {
            mark: Fingerprint::of(&page),
            bytes: Bytes::Here(page.into_bytes().into()),
            page: Some(self.about(url).unwrap_or_default()),
            is_failure: true,
        }
    }
}

impl Pages for SitePages {
    fn mount(&self) -> String {
        self.preview.mount()
    }

    fn has(&self, url: &Url) -> bool {
        self.preview.has(url)
    }

    fn file(&self, url: &Url) -> Option<Answer> {
        let asked = Instant::now();
        loop {
            match self.preview.visit(url)? {
                Shown::Made(bytes, content) => {
                    let page = self.about(url);
                    return Some(Answer {
                        bytes: Bytes::Here(bytes),
                        mark: marked(content, page.as_ref()),
                        page,
                        is_failure: false,
                    });
                }
                Shown::Copied(place, stamp) => {
                    return Some(Answer {
                        bytes: Bytes::Disk(place, stamp.size),
                        mark: Fingerprint::of_encoded(|encoder| stamp.encode(encoder)),
                        page: None,
                        is_failure: false,
                    });
                }
                Shown::Failed(problem) => {
                    // A source may have changed under the page; the desk is told, and another try made.
                    let suspects = self.preview.suspects();
                    if suspects.is_empty() || asked.elapsed() > PATIENCE {
                        self.inbox.put(suspects);
                        return Some(self.stand_in(url, &problem));
                    }
                    self.inbox.put(suspects);
                    std::thread::sleep(Duration::from_millis(5));
                }
            }
        }
    }

    fn state(&self) -> State {
        self.standing
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    fn problems(&self) -> String {
        let found = self.preview.diagnostics();
        let sources = self.preview.sources();
        let items: Vec<Value> = found
            .iter()
            .take(PROBLEMS)
            .map(|problem| item(problem, &sources))
            .collect();
        let problems = json!({
            "build": self.state().build,
            "errors": found.errors(),
            "warnings": found.warnings(),
            "items": items,
        });
        problems.to_string()
    }

    fn source(&self, path: &SourcePath) -> Option<PathBuf> {
        self.preview.source(path)
    }
}

/// The mark of some bytes and what is shown beside them.
fn marked(content: Fingerprint, about: Option<&About>) -> Fingerprint {
    let Some(about) = about else {
        return content;
    };
    Fingerprint::of_encoded(|encoder| {
        content.encode(encoder);
        about.source.encode(encoder);
        about.held.encode(encoder);
    })
}

/// A problem for the overlay: what `--message-format json` prints, and as `text` what the terminal shows.
fn item(problem: &Diagnostic, sources: &dyn Sources) -> Value {
    let json = printed(problem, Format::Json, sources);
    let mut item: Value = serde_json::from_str(&json).unwrap_or_default();
    if let Some(item) = item.as_object_mut() {
        item.insert("text".to_owned(), plain(problem, sources).into());
    }
    item
}

/// A problem as the terminal shows it.
fn plain(problem: &Diagnostic, sources: &dyn Sources) -> String {
    printed(problem, Format::Human, sources)
}

fn printed(problem: &Diagnostic, format: Format, sources: &dyn Sources) -> String {
    let mut one = Diagnostics::new();
    one.push(problem.clone());
    let mut text = Vec::new();
    // A vector takes everything.
    let _ = print(&one, format, sources, false, &mut text);
    String::from_utf8_lossy(&text).into_owned()
}
