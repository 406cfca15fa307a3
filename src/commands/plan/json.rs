//! The outlook as one object of JSON, for programs. Its keys stay; new ones may come.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::Shown;
use crate::building::outlook::{Edit, Entry, LastBuild};
use crate::meaning::calendar::What;
use crate::reading::article::Article;

/// Prints `{"now", "timezone", "output", "due", "next", "built", "events", "drafts"}`. Instants are written by
/// RFC 3339. `built` is null where nothing is known of an earlier build, else
/// `{"for", "asked_otherwise", "due", "edited"}`.
pub(super) fn print(shown: &Shown<'_>, out: &mut dyn Write) -> io::Result<()> {
    let outlook = shown.outlook;
    let next = outlook.events.first();
    let object = json!({
        "now": shown.instant(outlook.now.instant),
        "timezone": outlook.config.timezone,
        "output": shown.output,
        "due": outlook.is_due(),
        "next": next.map(|entry| shown.instant(entry.event.at)),
        "built": outlook.last.as_ref().map(|last| built(shown, last)),
        "events": events(shown, &outlook.events[..shown.count()]),
        "drafts": outlook.drafts.iter().map(|article| named(article)).collect::<Vec<_>>(),
    });
    writeln!(out, "{object}")
}

fn built(shown: &Shown<'_>, last: &LastBuild) -> Value {
    let edited = last.edited.iter().map(|(path, edit)| {
        let edit = match edit {
            Edit::New => "new",
            Edit::Changed => "changed",
            Edit::Gone => "gone",
        };
        json!({ "path": path.as_str(), "edit": edit })
    });
    json!({
        "for": shown.instant(last.now),
        "asked_otherwise": last.was_asked_otherwise,
        "due": events(shown, &last.due),
        "edited": edited.collect::<Vec<_>>(),
    })
}

fn events(shown: &Shown<'_>, entries: &[Entry]) -> Vec<Value> {
    let event = |entry: &Entry| {
        let event = entry.event;
        let what = match event.what {
            What::Appears => "appears",
            What::Expires => "expires",
            What::LeavesNews => "leaves-news",
        };
        json!({
            "at": shown.instant(event.at),
            "day": event.day.to_string(),
            "what": what,
            "title": entry.article.summary.title,
            "path": entry.article.summary.path.as_str(),
        })
    };
    entries.iter().map(event).collect()
}

fn named(article: &Article) -> Value {
    json!({
        "title": article.summary.title,
        "path": article.summary.path.as_str(),
    })
}
