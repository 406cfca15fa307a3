//! The record: what a store holds of ours, kept in the store itself under the name of the manifest.
//!
//! It never says more than is so. Before a file is touched it is entered as one of which nobody knows what it holds,
//! and only when the store has confirmed it does its content stand there. So whoever publishes next, from whatever
//! machine, knows what a publish that was cut has left behind.

use std::collections::BTreeSet;

use crate::building::output::{Content, Manifest, stays_inside};
use crate::commands::publish::changes::Changes;
use crate::ground::fingerprint::Fingerprint;

/// The name of the record.
pub(super) const NAME: &str = ".brief-manifest";

/// What stands between the manifest and the files of which nobody knows what they hold. No line of a manifest looks
/// like it.
const UNKNOWN: &str = "brief-unknown 1\n";

/// What begins the last line.
const CHECKSUM: &str = "checksum ";

/// What a store holds of ours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Record {
    /// Files and what they hold.
    pub(super) known: Manifest,
    /// Files that may be there, with whatever content.
    pub(super) unknown: BTreeSet<String>,
}

impl Record {
    /// Reads what [`Record::text`] writes, and nothing else.
    pub(super) fn parse(text: &str) -> Option<Record> {
        let Some(at) = text.find(&format!("\n{UNKNOWN}")) else {
            return Some(Record {
                known: Manifest::parse(text)?,
                unknown: BTreeSet::new(),
            });
        };
        let (known, rest) = text.split_at(at + 1);
        let end = text.strip_suffix('\n')?.rfind('\n')? + 1;
        let checksum = text[end..].strip_prefix(CHECKSUM)?.trim_end_matches('\n');
        if checksum != Fingerprint::of(&text[..end]).to_string() {
            return None;
        }
        let listed = rest
            .strip_prefix(UNKNOWN)?
            .get(..end.checked_sub(at + 1 + UNKNOWN.len())?)?;
        let unknown: BTreeSet<String> = listed.split_terminator('\n').map(str::to_owned).collect();
        // A checksum proves that nothing broke, not that we wrote it.
        let is_path = |path: &String| stays_inside(path);
        unknown.iter().all(is_path).then_some(Record {
            known: Manifest::parse(known)?,
            unknown,
        })
    }

    /// The whole file: the manifest, and where there are any, the files nobody knows the content of, one a line,
    /// closed by a checksum over all of it.
    pub(super) fn text(&self) -> String {
        let mut text = self.known.text();
        if self.unknown.is_empty() {
            return text;
        }
        text.push_str(UNKNOWN);
        for path in &self.unknown {
            text.push_str(path);
            text.push('\n');
        }
        let checksum = Fingerprint::of(&text);
        text.push_str(&format!("{CHECKSUM}{checksum}\n"));
        text
    }

    /// The record while changes are under way, of which `done` have been confirmed: what stays, what was sent, and
    /// as unknown all else that is touched. `wanted` is what all is to become.
    pub(super) fn under_way(
        published: &Manifest,
        wanted: &Manifest,
        changes: &Changes,
        done: &BTreeSet<&str>,
    ) -> Record {
        let touched: BTreeSet<&str> = changes.touched().map(|change| change.path.as_str()).collect();
        let unknown = touched.difference(done).map(|path| (*path).to_owned()).collect();
        let stays = |path: &str| !touched.contains(path);
        let sent = |path: &str| done.contains(path);
        let mut kept = published.files().filter(|(path, _)| stays(path)).peekable();
        let mut new = wanted.files().filter(|(path, _)| sent(path)).peekable();
        // Both are sorted and have no path in common: what stays is not touched.
        let both = std::iter::from_fn(|| match (kept.peek(), new.peek()) {
            (Some((one, _)), Some((other, _))) if one > other => new.next(),
            (Some(_), _) => kept.next(),
            (None, _) => new.next(),
        });
        let both: Vec<(&str, Content)> = both.collect();
        Record {
            known: Manifest::of_sorted(both).unwrap_or_default(),
            unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(files: &[(&str, &str)]) -> Manifest {
        let files = files
            .iter()
            .map(|(path, text)| (*path, Content::of(text.as_bytes())));
        Manifest::of_sorted(files).expect("sorted files")
    }

    fn example() -> Record {
        Record {
            known: manifest(&[("a", "1"), ("brief-unknown 1", "2")]),
            unknown: ["b c/é", "brief-unknown 1x", "checksum"]
                .map(str::to_owned)
                .into(),
        }
    }

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let record = example();
        assert_eq!(Record::parse(&record.text()), Some(record.clone()));
        let settled = Record {
            unknown: BTreeSet::new(),
            ..record
        };
        assert_eq!(settled.text(), settled.known.text());
        assert_eq!(Record::parse(&settled.text()), Some(settled));
        let empty = Record {
            known: Manifest::default(),
            ..example()
        };
        assert_eq!(Record::parse(&empty.text()), Some(empty));
    }

    #[test]
    fn no_damaged_record_is_one() {
        let text = example().text();
        let settled = text.find("\nbrief-unknown 1\nb c").expect("the second part") + 1;
        for end in (0..text.len()).filter(|end| text.is_char_boundary(*end) && *end != settled) {
            assert_eq!(Record::parse(&text[..end]), None, "cut at {end}");
        }
        for (from, to) in [("b c/é", "b c/e"), ("checksum\n", "checksum2\n")] {
            assert_eq!(Record::parse(&text.replacen(from, to, 1)), None, "{from}");
        }
        let outside = Record {
            unknown: ["../x".to_owned()].into(),
            ..example()
        };
        assert_eq!(Record::parse(&outside.text()), None);
    }

    #[test]
    fn what_is_touched_is_unknown_until_it_is_confirmed() {
        let published = manifest(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let wanted = manifest(&[("a", "1"), ("b", "2"), ("d", "1")]);
        let changes = Changes::between(&published, &wanted);
        let before = Record::under_way(&published, &wanted, &changes, &BTreeSet::new());
        assert_eq!(before.known, manifest(&[("a", "1")]));
        assert_eq!(before.unknown, ["b", "c", "d"].map(str::to_owned).into());
        let between = Record::under_way(&published, &wanted, &changes, &["b"].into());
        assert_eq!(between.known, manifest(&[("a", "1"), ("b", "2")]));
        assert_eq!(between.unknown, ["c", "d"].map(str::to_owned).into());
        let after = Record::under_way(&published, &wanted, &changes, &["b", "c", "d"].into());
        assert_eq!(
            after,
            Record {
                known: wanted,
                unknown: BTreeSet::new()
            }
        );
    }
}
