//! What can be said of a line by its words alone: how it begins and ends, whether it is a name.

use crate::reading::words::is_given_name;

/// Whether a character is one of the ten digits.
pub fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// A text as it is compared: lower case, one kind of apostrophe, single spaces, nothing but letters and digits
/// at both ends.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        for character in word.chars() {
            match character {
                '\0'..='\x7f' => folded.push(character.to_ascii_lowercase()),
                '’' | '‘' | 'ʼ' => folded.push('\''),
                other => folded.extend(other.to_lowercase()),
            }
        }
    }
    folded
        .trim_matches(|character: char| !character.is_alphanumeric())
        .to_owned()
}

/// A text as headlines are compared: letters and digits alone.
pub fn key(text: &str) -> String {
    let letters = text.chars().filter(|character| character.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

/// The beginning of a text, so many bytes or a little less.
pub fn beginning(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len()))
        .rev()
        .find(|end| text.is_char_boundary(*end));
    &text[..end.unwrap_or_default()]
}

/// Single spaces between the words of a text, also instead of tabs. Spaces that must not break stay.
pub fn squeeze(text: &str) -> String {
    let words: Vec<&str> = text.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// How many words a text has, counted to a hundred at most.
pub fn word_count(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.contains(char::is_alphanumeric))
        .take(100)
        .count()
}

/// What closes a quotation or a bracket.
const CLOSERS: [char; 11] = ['”', '"', '’', '\'', '»', '“', '‘', '›', ')', ']', '*'];

/// Whether a line ends as sentences and what introduces something do.
pub fn ends_sentence(text: &str) -> bool {
    let bare = text.trim_end_matches(CLOSERS);
    bare.ends_with(['.', '!', '?', '…', ':', ';', '。', '！', '？', '．', '।', '؟'])
}

/// Whether a line ends with the stop that no headline has. Abbreviations and initials have one of their own.
pub fn ends_with_stop(text: &str) -> bool {
    let bare = text.trim_end_matches(CLOSERS);
    if bare.ends_with(['。', '।']) {
        return true;
    }
    let Some(bare) = bare.strip_suffix('.') else {
        return false;
    };
    let last = bare.rsplit([' ', '\u{a0}']).next().unwrap_or_default();
    let is_abbreviation = last.contains('.') && last.chars().count() <= 5
        || matches!(last, "Inc" | "Corp" | "Co" | "Ltd" | "Jr" | "Sr" | "No" | "vs");
    !is_abbreviation || bare.ends_with('.')
}

/// Whether a line goes on in the middle of a sentence. A name such as iPhone does not.
pub fn starts_lower(text: &str) -> bool {
    let mut letters = text
        .trim_start_matches(['“', '"', '‘', '\'', '(', '«', '„'])
        .chars();
    let is_lower = letters.next().is_some_and(char::is_lowercase);
    let word = letters.as_str().split([' ', '-']).next().unwrap_or_default();
    is_lower && !word.contains(char::is_uppercase)
}

/// Whether a line begins as headings and names do.
pub fn starts_upper(text: &str) -> bool {
    let first = text.chars().find(|character| character.is_alphanumeric());
    first.is_some_and(|first| !first.is_lowercase()) || !starts_lower(text)
}

/// Words that stand in lower case within names of people.
const PARTICLES: &[&str] = &[
    "de", "da", "di", "do", "dos", "du", "del", "della", "la", "le", "van", "von", "der", "den", "ten",
    "ter", "bin", "ibn", "al", "el", "zu", "y",
];

/// Words that no name of a person holds though they may begin with a capital letter.
const NO_NAMES: &[&str] = &[
    "key",
    "points",
    "takeaways",
    "highlights",
    "breaking",
    "live",
    "top",
    "latest",
    "new",
    "watch",
    "video",
    "quick",
    "facts",
    "the",
    "a",
    "an",
    "of",
    "in",
    "on",
    "at",
    "to",
    "for",
    "our",
    "your",
    "my",
    "their",
    "its",
    "this",
    "that",
    "what",
    "how",
    "why",
    "when",
    "where",
    "who",
    "and",
    "or",
    "with",
    "from",
    "by",
    "is",
    "are",
    "was",
    "not",
    "all",
    "more",
    "most",
    "staff",
    "team",
    "desk",
    "editor",
    "editors",
    "editorial",
    "reporter",
    "reporters",
    "writer",
    "writers",
    "correspondent",
    "bureau",
    "agency",
    "agencies",
    "news",
    "newsroom",
    "press",
    "media",
    "numbers",
    "design",
    "contact",
    "market",
    "markets",
    "business",
    "technology",
    "world",
    "home",
    "share",
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "today",
    "categories",
    "read",
    "photo",
    "source",
    "comments",
];

/// Whether a text is the name of a person, by its form: two to five words with capital letters.
pub fn is_name(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    let counted = words.iter().filter(|word| !PARTICLES.contains(word)).count();
    text.len() <= 60
        && words.len() <= 6
        && (2..=5).contains(&counted)
        && words.iter().all(|word| is_name_part(word))
}

fn is_name_part(word: &str) -> bool {
    if PARTICLES.contains(&word) {
        return true;
    }
    let is_capital = word
        .chars()
        .next()
        .is_some_and(|first| first.is_alphabetic() && !first.is_lowercase());
    let has_letters_only = word
        .chars()
        .all(|character| character.is_alphabetic() || matches!(character, '.' | '-' | '’' | '\''));
    let dot = word.find('.');
    let is_initials = dot.is_none_or(|at| at <= 2 || word.ends_with('.') && word.len() <= 5);
    is_capital && has_letters_only && is_initials && !NO_NAMES.contains(&word.to_lowercase().as_str())
}

/// Whether the first word of a text is a name that people are given.
pub fn starts_as_person(text: &str) -> bool {
    let first = text.split(' ').next();
    first.is_some_and(|first| is_given_name(&first.to_lowercase()))
}

/// A name that is written in capital letters alone, as names are written; any other as it is.
pub fn name(text: &str) -> String {
    let is_shouted = text.chars().filter(|character| character.is_alphabetic()).count() > 3
        && !text.contains(char::is_lowercase)
        && !text.contains('.');
    if !is_shouted {
        return text.to_owned();
    }
    let mut name = String::with_capacity(text.len());
    let mut begins = true;
    for character in text.chars() {
        if begins {
            name.push(character);
        } else {
            name.extend(character.to_lowercase());
        }
        begins = !character.is_alphabetic();
    }
    name
}

/// The beginning of a text, for a message.
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 80;
    let line = text
        .split_whitespace()
        .take(LONGEST)
        .collect::<Vec<_>>()
        .join(" ");
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", line[..at].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_people_by_their_form() {
        for name in [
            "Jane Doe",
            "J. R. Ewing",
            "Ursula von der Leyen",
            "JANE DOE",
            "Anne-Marie O’Neill",
        ] {
            assert!(is_name(name), "{name}");
        }
        for other in [
            "The Numbers",
            "Jane",
            "Monday Morning",
            "jane doe",
            "Acme 3000",
            "Our Staff",
            "A b",
            "",
        ] {
            assert!(!is_name(other), "{other}");
        }
        assert_eq!(name("JANE O’NEILL-DOE"), "Jane O’Neill-Doe");
        assert_eq!(name("J.R. Ewing"), "J.R. Ewing");
    }

    #[test]
    fn sentences_end() {
        for text in ["It rose.", "“It rose.”", "Did it? (Yes!)", "They are:"] {
            assert!(ends_sentence(text), "{text}");
        }
        assert!(!ends_sentence("Acme buys Bolt"));
        assert!(ends_with_stop("It rose.") && !ends_with_stop("Acme sues Bolt in U.S."));
        assert!(starts_lower("and then") && !starts_lower("iPhone sales") && !starts_lower("Then"));
    }
}
