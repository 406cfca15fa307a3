//! What is safe to mend: an `id` written down as it is.
//!
//! One line is put at the end of the front matter; every other byte stays, and where that cannot be had
//! nothing is written.

use std::path::Path;

use crate::building::inputs::read_config;
use crate::commands::scaffold::replace;
use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::SourcePath;
use crate::ground::world::{World, describe, read_text};
use crate::reading::config::Config;
use crate::reading::front_matter::{self, Wanted, set};

/// What was mended.
#[derive(Debug, Default)]
pub struct Fixed {
    /// The articles whose ids were written down, and the ids.
    pub written: Vec<(SourcePath, String)>,
    /// Files that cannot be written, and why.
    pub unwritable: Vec<String>,
}

/// Writes ids into articles.
pub fn write_ids(world: &dyn World, site: &Path, ids: &[(SourcePath, String)]) -> Fixed {
    let (config, _) = read_config(world, &mut Diagnostics::new());
    let mut fixed = Fixed::default();
    for (path, id) in ids {
        let Ok(text) = read_text(world, path) else {
            continue;
        };
        let Some(new) = with_id(path, &text, id, &config) else {
            continue;
        };
        // A link is followed, so that it stays one.
        let place = site.join(path.as_str());
        let written = place
            .canonicalize()
            .and_then(|place| replace(&place, new.as_bytes()));
        match written {
            Ok(()) => fixed.written.push((path.clone(), id.clone())),
            Err(error) => {
                let why = describe(&error);
                fixed
                    .unwritable
                    .push(format!("`{path}` cannot be written: {why}"));
            }
        }
    }
    fixed
}

/// The text of an article with an id; `None` where it has one, or has no front matter that takes a line more.
fn with_id(path: &SourcePath, text: &str, id: &str, config: &Config) -> Option<String> {
    id_of(path, text, config).filter(Option::is_none)?;
    let change = set(path, text, "id", Wanted::Text(id), &[]).ok()??;
    let new = change.apply(text);
    let written = id_of(path, &new, config)?;
    (written.as_deref() == Some(id)).then_some(new)
}

/// The id that an article gives itself; `None` where it cannot be read.
fn id_of(path: &SourcePath, text: &str, config: &Config) -> Option<Option<String>> {
    let mut found = Diagnostics::new();
    let split = front_matter::split(path, text, &mut found);
    let head = front_matter::decode(path, &split, config, &mut found).head;
    let head = head.filter(|_| !found.has_errors())?;
    Some(head.id.map(|id| id.text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let path = SourcePath::new("content/articles/2025-01-21-a.md").expect("a path");
        let new = with_id(&path, text, "00ff", &Config::default_settings());
        assert_eq!(new.as_deref(), expected, "{text}");
    }

    #[test]
    fn one_line_more_and_every_other_byte_as_it_was() {
        check(
            "---\ntitle: A\n---\nText.\n",
            Some("---\ntitle: A\nid: \"00ff\"\n---\nText.\n"),
        );
        check(
            "\u{feff}---\r\ntitle: A\r\nkind: brief # why\r\n...\r\nText.",
            Some("\u{feff}---\r\ntitle: A\r\nkind: brief # why\r\nid: \"00ff\"\r\n...\r\nText."),
        );
        check(
            "---\ntitle: A\nsummary: |\n  One.\n\n---\n",
            Some("---\ntitle: A\nsummary: |\n  One.\nid: \"00ff\"\n\n---\n"),
        );
    }

    #[test]
    fn what_takes_no_line_stays_as_it_is() {
        check("---\n{title: A}\n---\n", None);
        check("---\ntitle: A\nid: b\n---\n", None);
        check("---\ntitle: A\nsummary: \"open\n---\n", None);
        check("No front matter.\n", None);
    }
}
