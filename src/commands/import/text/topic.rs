//! What a text is about, where its source says so in a line of its own: `Categories: Business, AI`.

use super::phrase::{fold, word_count};

/// What stands before topics, with a colon or alone on the line before.
const LABELS: &[&str] = &[
    "categories",
    "category",
    "tags",
    "tag",
    "tagged",
    "tagged with",
    "tagged in",
    "tagged as",
    "filed under",
    "filed in",
    "posted in",
    "published in",
    "topics",
    "topic",
    "keywords",
    "more on",
    "more about",
    "related topics",
    "suggested topics",
    "kategorie",
    "kategorien",
    "schlagworte",
    "schlagwörter",
    "themen",
    "catégorie",
    "catégories",
    "mots-clés",
    "tags for this article",
];

/// The longest topic in words and in bytes, and the most of them in a line.
const MAX_WORDS: usize = 4;
const MAX_BYTES: usize = 50;
const MAX_TOPICS: usize = 40;

/// The topics that a line names, if it does nothing else.
pub fn topics(line: &str) -> Option<Vec<String>> {
    let (label, list) = match line.split_once(':') {
        Some((label, list)) => (fold(label), list),
        None => match unmarked(line) {
            Some(list) => (String::new(), list),
            None => return hashtags(line),
        },
    };
    if !label.is_empty() && !LABELS.contains(&label.as_str()) {
        return None;
    }
    of_list(list)
}

/// Labels that are clear without a colon.
fn unmarked(line: &str) -> Option<&str> {
    let starts = [
        "Filed under ",
        "Filed Under ",
        "FILED UNDER ",
        "Posted in ",
        "Tagged with ",
        "Tagged ",
    ];
    starts.iter().find_map(|start| line.strip_prefix(start))
}

/// Whether a line stands over topics.
pub fn is_label(line: &str) -> bool {
    line.len() < 40 && LABELS[..19].contains(&fold(line).as_str())
}

/// The topics of a list, if all of them can be some.
pub fn of_list(list: &str) -> Option<Vec<String>> {
    let divides = |character: char| matches!(character, ',' | ';' | '#' | '|' | '•' | '·' | '/' | '\t');
    let mut topics: Vec<String> = Vec::new();
    for topic in list.split(divides) {
        let topic = topic.trim();
        if topic.is_empty() {
            continue;
        }
        let is_one = word_count(topic) <= MAX_WORDS
            && topic.len() <= MAX_BYTES
            && !topic.ends_with(['.', '!', '?', ':'])
            && topic.contains(char::is_alphabetic)
            && !topic.starts_with("and ");
        if !is_one || topics.len() == MAX_TOPICS {
            return None;
        }
        if !topics
            .iter()
            .any(|known| known.to_lowercase() == topic.to_lowercase())
        {
            topics.push(topic.to_owned());
        }
    }
    (!topics.is_empty()).then_some(topics)
}

/// `#AI #Cloud`: at least two, and nothing else.
fn hashtags(line: &str) -> Option<Vec<String>> {
    if !line.starts_with('#') || line.len() > 400 {
        return None;
    }
    let words: Vec<&str> = line.split([' ', ',']).filter(|word| !word.is_empty()).collect();
    let are_tags = words.iter().all(|word| {
        word.strip_prefix('#').is_some_and(|tag| {
            tag.starts_with(char::is_alphabetic) && tag.chars().all(|c| c.is_alphanumeric() || c == '_')
        })
    });
    (words.len() > 1 && are_tags)
        .then(|| of_list(&words.join(",")))
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_of_a_line() {
        let check = |line: &str, expected: &[&str]| {
            assert_eq!(topics(line).unwrap_or_default(), expected, "{line}");
        };
        check("Categories: Business", &["Business"]);
        check("Tags: AI, Cloud Computing, ai", &["AI", "Cloud Computing"]);
        check("Filed under: AI | Chips", &["AI", "Chips"]);
        check("Kategorie: Wirtschaft", &["Wirtschaft"]);
        check("#AI #CloudComputing", &["AI", "CloudComputing"]);
        check("Topics: the meeting was about chips and about power.", &[]);
        check("#1 in its market", &[]);
        check("Price: 5 euros", &[]);
    }
}
