//! Ids of headings: unique within a body, readable, stable while the heading's text is.
//!
//! The form is the one readers know from GitHub, so that links written for it still work. Ids that
//! start like a footnote's are kept for footnotes.

use std::collections::{BTreeMap, BTreeSet};

/// The ids of one body.
#[derive(Default)]
pub(super) struct Anchors {
    used: BTreeSet<String>,
    next: BTreeMap<String, usize>,
    /// Every id, in the order in which they were given out.
    pub list: Vec<String>,
}

impl Anchors {
    /// A free id for a heading.
    pub fn for_heading(&mut self, explicit: Option<&str>, text: &str) -> String {
        let mut base = match explicit {
            Some(id) => id
                .chars()
                .filter(|c| !c.is_whitespace() && !c.is_control())
                .collect(),
            None => from_text(text),
        };
        if base.is_empty() || is_reserved(&base) {
            base.insert_str(0, if base.is_empty() { "section" } else { "section-" });
        }
        if self.claim(&base) {
            return base;
        }
        // The next number is remembered, so that ten thousand equal headings stay linear.
        let mut number = self.next.get(&base).copied().unwrap_or(1);
        loop {
            let numbered = format!("{base}-{number}");
            number += 1;
            if self.claim(&numbered) {
                self.next.insert(base, number);
                return numbered;
            }
        }
    }

    /// Takes an id written in raw HTML; `false` where it may not be used.
    pub fn claim_written(&mut self, id: &str) -> bool {
        let sound = !id.is_empty() && id.len() <= 100 && !is_reserved(id);
        sound && !id.contains(|c: char| c.is_whitespace() || c.is_control()) && self.claim(id)
    }

    /// Notes the id of a footnote; their forms cannot collide with others.
    pub fn footnote(&mut self, id: String) {
        self.list.push(id);
    }

    fn claim(&mut self, id: &str) -> bool {
        let free = self.used.insert(id.to_owned());
        if free {
            self.list.push(id.to_owned());
        }
        free
    }
}

fn is_reserved(id: &str) -> bool {
    id.starts_with("fn-") || id.starts_with("fnref-")
}

/// Lower case, a hyphen for each space, no punctuation; letters and digits of any script stay.
fn from_text(text: &str) -> String {
    let mut id = String::with_capacity(text.len());
    for character in text.trim().chars() {
        match character {
            ' ' | '\n' | '\t' => id.push('-'),
            '-' | '_' => id.push(character),
            c if c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c) => {
                id.extend(c.to_lowercase());
            }
            _ => {}
        }
    }
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_readable_and_unique() {
        let mut anchors = Anchors::default();
        let mut check = |text: &str, expected: &str| assert_eq!(anchors.for_heading(None, text), expected);
        check("What's next? (2025)", "whats-next-2025");
        check("What's next? (2025)", "whats-next-2025-1");
        check("What's next? (2025)", "whats-next-2025-2");
        check("Größe & Straße", "größe--straße");
        check("日本 語", "日本-語");
        check("🚀", "section");
        check("!", "section-1");
        check("fn-1", "section-fn-1");
        check("a-1", "a-1");
        check("a", "a");
        check("a", "a-2");
        assert!(!anchors.claim_written("a"));
        assert!(!anchors.claim_written("fnref-1"));
        assert!(anchors.claim_written("b"));
        assert_eq!(anchors.for_heading(Some("b"), "x"), "b-1");
    }
}
