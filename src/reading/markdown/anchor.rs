//! Anchors: the ids of headings, unique in a text and as GitHub makes them, so that links that work
//! there work here.

use std::collections::BTreeSet;

/// Hands out ids.
#[derive(Debug, Default)]
pub struct Anchors {
    taken: BTreeSet<String>,
    /// The ids in the order in which they were handed out.
    pub list: Vec<String>,
}

impl Anchors {
    /// The id of a heading from its text: lower case, spaces to hyphens, punctuation dropped.
    pub fn heading(&mut self, text: &str) -> String {
        let mut id = String::with_capacity(text.len());
        for character in text.trim().chars() {
            if character.is_alphanumeric() || unicode_normalization::char::is_combining_mark(character) {
                id.extend(character.to_lowercase());
            } else if character.is_whitespace() || character == '-' {
                id.push('-');
            } else if character == '_' {
                id.push('_');
            }
        }
        self.unique(if id.is_empty() { "section".to_owned() } else { id })
    }

    /// An id that an author gave, without what an id cannot hold.
    pub fn given(&mut self, id: &str) -> String {
        let clean: String = id
            .chars()
            .filter(|c| !c.is_whitespace() && !c.is_control() && !"\"'<>&`".contains(*c))
            .collect();
        if clean.is_empty() {
            self.heading("")
        } else {
            self.unique(clean)
        }
    }

    /// Takes an id that the writer needs itself.
    pub fn reserve(&mut self, id: String) -> String {
        self.unique(id)
    }

    fn unique(&mut self, wanted: String) -> String {
        let mut id = wanted.clone();
        let mut number = 0;
        // The ids of footnotes are the writer's own.
        while self.taken.contains(&id) {
            number += 1;
            id = format!("{wanted}-{number}");
        }
        self.taken.insert(id.clone());
        self.list.push(id.clone());
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_github_and_unique() {
        let mut anchors = Anchors::default();
        let mut check = |text: &str, id: &str| assert_eq!(anchors.heading(text), id, "{text}");
        check("What changed", "what-changed");
        check("What changed", "what-changed-1");
        check("What’s next? (Q&A)", "whats-next-qa");
        check("日本 の市場", "日本-の市場");
        check("!!!", "section");
        check("a_b – c", "a_b--c");
    }
}
