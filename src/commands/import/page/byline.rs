//! Names of authors, out of lines that say more or less than a name.

use dom_query::Document;

use super::dom::{all, bare, plain, text};

/// Names of authors, each once.
#[derive(Debug, Default)]
pub struct Authors(pub Vec<String>);

impl Authors {
    /// Adds a name, unless it is none.
    pub fn add(&mut self, name: &str) {
        let mut name = plain(name);
        for start in ["By ", "by ", "BY ", "Von ", "von ", "Par ", "par ", "Por "] {
            if let Some(rest) = name.strip_prefix(start) {
                name = rest.to_owned();
            }
        }
        let name = name.trim_matches([',', '|', '·', '•', ':', ' ']).to_owned();
        let is_no_name = matches!(
            name.to_lowercase().as_str(),
            "" | "admin" | "administrator" | "author" | "unknown" | "null" | "undefined"
        ) || name.contains("://")
            || name.contains('@')
            || name.chars().count() > 80;
        if !is_no_name && !self.0.iter().any(|known| bare(known) == bare(&name)) {
            self.0.push(name);
        }
    }

    /// Adds the names of a line: "Jane Doe and John Roe".
    pub fn add_all(&mut self, line: &str) {
        let line = plain(line)
            .replace(" and ", ", ")
            .replace(" und ", ", ")
            .replace(" & ", ", ")
            .replace("; ", ", ");
        for name in line.split(", ") {
            self.add(name);
        }
    }
}

/// The names in a line that is marked as that of the author, where all of it are names.
pub fn by_line(document: &Document) -> Authors {
    const MARKS: &str = "[class*=byline], [class~=author], [class~=autor], [class*=author-name], [class*=author-line], [data-testid*=uthorName]";
    for element in all(document, MARKS).iter().take(20) {
        let line = text(element);
        // A date, a place or a post follows.
        let names = line.split(['|', '·', '•', '–', '(']).next().unwrap_or_default();
        let end = names.find(|c: char| c.is_ascii_digit()).unwrap_or(names.len());
        let mut authors = Authors::default();
        authors.add_all(&names[..end]);
        let is_name = |name: &String| {
            let parts: Vec<&str> = name.split_whitespace().collect();
            (2..=4).contains(&parts.len())
                && parts.iter().any(|part| part.starts_with(char::is_uppercase))
                && name.chars().count() <= 40
        };
        if line.chars().count() <= 120 && !authors.0.is_empty() && authors.0.iter().all(is_name) {
            return authors;
        }
    }
    Authors::default()
}
