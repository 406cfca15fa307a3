//! Markdown files that have front matter of their own and belong to no site that brief knows.
//!
//! Their text is Markdown already and stays as it is; the keys that all generators share are read.

use super::clip::{Clip, Source};
use super::foreign::site::Problem;
use super::foreign::value::line_and_column;
use super::foreign::{common, head};
use super::post::Note;
use crate::ground::date::Zone;
use crate::ground::text::one_line;

/// The names under which topics stand.
const TOPICS: [&str; 4] = ["topics", "tags", "categories", "keywords"];

/// Reads a file; `None` where it has no front matter.
pub fn read(name: &str, text: &str, zone: &Zone) -> Option<Result<Clip, Problem>> {
    let unix = text.replace("\r\n", "\n");
    let parts = match head::split(&unix) {
        Ok(parts) => parts,
        Err(fault) => {
            let (line, column) = line_and_column(&unix, fault.at);
            return Some(Err(Problem {
                file: name.to_owned(),
                line,
                column,
                message: fault.message,
            }));
        }
    };
    let mut keys = parts.keys?;
    let mut common = common::take(&mut keys, name, zone, &["date", "pubDate", "published"]);
    let mut topics = std::mem::take(&mut common.front.companies);
    common::take_topics(&mut keys, &TOPICS, &mut topics);
    let front = common.front;
    let mut notes = common.notes;
    for key in keys
        .rest()
        .keys()
        .filter(|key| !READ_LATER.contains(&key.as_str()))
    {
        notes.push(Note::whole(
            name,
            format!("key `{key}`"),
            "left out: brief has no such key",
        ));
    }
    let (title, body) = headline(front.title, parts.body.trim());
    Some(Ok(Clip {
        title,
        summary: front.summary,
        body,
        date: common.when.map(|when| when.text),
        updated: front.updated,
        authors: front.authors,
        topics,
        language: front.lang,
        source: Source {
            name: None,
            url: front.source_url,
        },
        image: front.image,
        is_draft: front.draft,
        notes,
        ..Clip::default()
    }))
}

/// Keys that say nothing to readers.
const READ_LATER: [&str; 6] = ["id", "slug", "layout", "type", "weight", "order"];

/// The headline and the text below it: a first heading that says the same, or that is all there is for a headline,
/// stands in the front matter and not in the text.
fn headline(title: String, body: &str) -> (String, String) {
    let (first, rest) = body.split_once('\n').unwrap_or((body, ""));
    let heading = first.strip_prefix("# ").map(one_line).unwrap_or_default();
    match !heading.is_empty() && (title.is_empty() || title == heading) {
        true => (heading, rest.trim_start().to_owned()),
        false => (title, body.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_of_all_kinds() {
        let read = |text: &str| read("a.md", text, &Zone::utc()).map(|clip| clip.expect("a clip"));
        let clip =
            read("---\ntitle: A\ntags: [x, y]\ndate: 2024-05-01\nauthor: B\ndraft: true\n---\n\n# C\n")
                .expect("keys");
        assert_eq!((clip.title.as_str(), clip.body.as_str()), ("A", "# C"));
        assert_eq!(
            (clip.date.as_deref(), clip.topics.len(), clip.is_draft),
            (Some("2024-05-01"), 2, true)
        );
        let clip = read("+++\nslug = \"s\"\nodd = 1\n+++\n# C\n\nText\n").expect("keys");
        assert_eq!(
            (clip.title.as_str(), clip.body.as_str(), clip.notes.len()),
            ("C", "Text", 1)
        );
        assert_eq!(read("# No front matter\n"), None);
    }

    #[test]
    fn faults_have_a_place() {
        let problem = read("a.md", "---\ntitle: [\n---\n", &Zone::utc())
            .expect("keys")
            .expect_err("no YAML");
        assert_eq!((problem.file.as_str(), problem.line > 1), ("a.md", true));
    }
}
