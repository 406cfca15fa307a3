//! The words that readers see and no author wrote: those of the theme, of dates and of numbers, in the
//! language of the site.
//!
//! Each language that comes with brief is a file of templates/words/. The setting `words` changes single
//! words, or brings a language that brief does not have; whatever is missing is English.

mod dates;
mod plural;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use super::yaml::{self, Fields, Node, Value, nearest};
use crate::ground::diagnostic::{Code, Diagnostics};
use crate::ground::path::SourcePath;
use plural::Category;

pub use dates::Style;

/// The languages that come with brief, by tag.
const LANGUAGES: [(&str, &str); 3] = [
    ("en", include_str!("../../../templates/words/en.yaml")),
    ("de", include_str!("../../../templates/words/de.yaml")),
    ("fr", include_str!("../../../templates/words/fr.yaml")),
];

/// The words of each of them.
static WORDS: LazyLock<Vec<(&'static str, Words)>> = LazyLock::new(|| {
    LANGUAGES
        .map(|(tag, text)| (tag, builtin(text)))
        .into_iter()
        .collect()
});

type Words = BTreeMap<String, Phrase>;

/// What stands under a key.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Phrase {
    /// Words with places in braces.
    Plain(String),
    /// A form for each plural category.
    Counted(BTreeMap<Category, String>),
    /// Names in order: of months, of days.
    List(Vec<String>),
}

impl Phrase {
    fn forms(&self) -> Vec<&str> {
        match self {
            Phrase::Plain(text) => vec![text],
            Phrase::Counted(forms) => forms.values().map(String::as_str).collect(),
            Phrase::List(_) => Vec::new(),
        }
    }

    /// The names of the places in braces.
    fn places(&self) -> BTreeSet<&str> {
        self.forms().into_iter().flat_map(places).collect()
    }
}

fn places(text: &str) -> impl Iterator<Item = &str> {
    let behind = text.split('{').skip(1);
    behind.filter_map(|rest| Some(rest.split_once('}')?.0))
}

/// The words of a site.
#[derive(Clone, Debug)]
pub struct Wording {
    language: Arc<str>,
    words: Arc<Words>,
}

impl Default for Wording {
    fn default() -> Wording {
        Wording::of("en")
    }
}

impl Wording {
    /// The words of a language, given by its tag; English where brief has none.
    pub fn of(language: &str) -> Wording {
        let mut words = known("en").cloned().unwrap_or_default();
        if let Some(own) = known(language) {
            words.extend(own.iter().map(|(key, phrase)| (key.clone(), phrase.clone())));
        }
        Wording {
            language: language.into(),
            words: Arc::new(words),
        }
    }

    /// Takes over the words of the setting `words`.
    pub fn read(&mut self, fields: &mut Fields<'_>) {
        let Some(mut map) = fields.map(&["words"], "the setting `words`") else {
            return;
        };
        map.accept_all();
        let mut words = (*self.words).clone();
        for (key, node) in map.entries() {
            let Some(known) = words.get(&key.name) else {
                let message = format!("there is no word `{}`", key.name);
                let help = match nearest(&key.name, words.keys().map(String::as_str)) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "templates/words/en.yaml of brief lists them".to_owned(),
                };
                map.report_at_key(Code::BadValue, &key.name, message, help);
                continue;
            };
            match phrase(node)
                .ok_or("words, or words for each plural category")
                .and_then(|own| fits(&own, known).map(|()| own))
            {
                Ok(own) => drop(words.insert(key.name.clone(), own)),
                Err(wanted) => {
                    let message = format!("`{}` must be {wanted}", key.name);
                    let shown = known
                        .forms()
                        .first()
                        .map(|form| format!("in English it is \"{form}\""));
                    let help = shown.unwrap_or_else(|| "see templates/words/en.yaml of brief".to_owned());
                    map.report(Code::BadValue, node, message, help);
                }
            }
        }
        fields.absorb(map);
        self.words = Arc::new(words);
    }

    /// The words under a key as they are; nothing where there are none.
    pub fn get(&self, key: &str) -> &str {
        match self.words.get(key) {
            Some(Phrase::Plain(text)) => text,
            Some(Phrase::Counted(forms)) => forms.get(&Category::Other).map_or("", String::as_str),
            Some(Phrase::List(_)) | None => "",
        }
    }

    /// The key that was probably meant, where there are no words under one.
    pub fn missing(&self, key: &str) -> Option<Option<&str>> {
        let is_missing = !self.words.contains_key(key);
        is_missing.then(|| nearest(key, self.words.keys().map(String::as_str)))
    }

    /// The words under a key for so many.
    pub fn counted(&self, key: &str, number: u64) -> &str {
        match self.words.get(key) {
            Some(Phrase::Counted(forms)) => {
                let category = Category::of(&self.language, number);
                let form = forms.get(&category).or_else(|| forms.get(&Category::Other));
                form.map_or("", String::as_str)
            }
            _ => self.get(key),
        }
    }

    /// The words under a key with their places filled.
    pub fn filled(&self, key: &str, values: &[(&str, &str)]) -> String {
        fill(self.get(key), values)
    }

    /// A whole number with its digits in groups.
    pub fn number(&self, number: u64) -> String {
        let digits = number.to_string();
        let separator = self.get("thousands");
        let mut out = String::with_capacity(digits.len() * 2);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                out.push_str(separator);
            }
            out.push(digit);
        }
        out
    }

    fn listed(&self, key: &str, at: i8) -> &str {
        let at = usize::try_from(at - 1).unwrap_or_default();
        match self.words.get(key) {
            Some(Phrase::List(names)) => names.get(at).map_or("", String::as_str),
            _ => "",
        }
    }
}

/// Puts values into the places of a text. A place that nobody fills stays empty.
pub fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = behind.split_once('}') else {
            out.push_str(&rest[before.len()..]);
            return out;
        };
        let value = values.iter().find(|(known, _)| *known == name);
        out.push_str(value.map_or("", |(_, value)| value));
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The words that brief has for a language, or for the one it is a kind of.
fn known(language: &str) -> Option<&'static Words> {
    let primary = language.split('-').next().unwrap_or_default();
    let of_tag = |(tag, _): &&(&str, Words)| tag.eq_ignore_ascii_case(primary);
    WORDS.iter().find(of_tag).map(|(_, words)| words)
}

/// Reads a file that comes with brief; tests see to it that it can be read.
fn builtin(text: &str) -> Words {
    let document = yaml::parse(&SourcePath::root(), text, 0, &mut Diagnostics::new());
    let Some(document) = document else {
        return Words::new();
    };
    let Value::Map(entries) = &document.root().value else {
        return Words::new();
    };
    let entry = |(key, node): &(yaml::Key, Node)| Some((key.name.clone(), phrase(node)?));
    entries.iter().filter_map(entry).collect()
}

fn phrase(node: &Node) -> Option<Phrase> {
    let text = |node: &Node| match &node.value {
        Value::Text(text) => Some(text.clone()),
        _ => None,
    };
    match &node.value {
        Value::Text(text) => Some(Phrase::Plain(text.clone())),
        Value::List(items) => items
            .iter()
            .map(text)
            .collect::<Option<Vec<String>>>()
            .map(Phrase::List),
        Value::Map(entries) => {
            let form = |(key, node): &(yaml::Key, Node)| {
                let (_, category) = Category::NAMES.iter().find(|(name, _)| *name == key.name)?;
                Some((*category, text(node)?))
            };
            entries
                .iter()
                .map(form)
                .collect::<Option<_>>()
                .map(Phrase::Counted)
        }
        _ => None,
    }
}

/// Whether words can stand for the known ones; else what it takes.
fn fits(own: &Phrase, known: &Phrase) -> Result<(), &'static str> {
    match (own, known) {
        (Phrase::List(own), Phrase::List(known)) if own.len() == known.len() => Ok(()),
        (_, Phrase::List(known)) if known.len() == 12 => Err("a list of the twelve months"),
        (_, Phrase::List(_)) => Err("a list of the seven days, from Monday"),
        (Phrase::Counted(forms), Phrase::Counted(_)) if !forms.contains_key(&Category::Other) => {
            Err("words for each plural category, `other` among them")
        }
        (Phrase::Counted(_), Phrase::Plain(_)) => Err("words, and no list of forms"),
        (Phrase::List(_), _) => Err("words"),
        _ if !own.places().is_subset(&known.places()) => Err("words with the same places in braces"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_all_words_with_the_same_places() {
        let english = known("en").expect("English");
        assert!(english.len() > 100, "{}", english.len());
        for (tag, words) in WORDS.iter() {
            let keys: Vec<&String> = words.keys().collect();
            assert_eq!(keys, english.keys().collect::<Vec<_>>(), "{tag}");
            for (key, phrase) in words {
                assert_eq!(fits(phrase, &english[key]), Ok(()), "{tag} {key}");
                assert_eq!(phrase.places(), english[key].places(), "{tag} {key}");
                let categories: BTreeSet<Category> =
                    (0..200).map(|number| Category::of(tag, number)).collect();
                if let Phrase::Counted(forms) = phrase {
                    assert!(
                        categories.iter().all(|category| forms.contains_key(category)),
                        "{tag} {key}"
                    );
                }
            }
        }
    }

    #[test]
    fn places_are_filled() {
        let check = |text: &str, expected: &str| {
            assert_eq!(fill(text, &[("a", "1"), ("b", "{a}")]), expected, "{text}");
        };
        check("{a} and {b}", "1 and {a}");
        check("{c}{a}", "1");
        check("{", "{");
        check("a {b", "a {b");
        check("}{a}}", "}1}");
        check("", "");
    }

    #[test]
    fn numbers_and_forms_are_those_of_the_language() {
        let check = |language: &str, number: u64, expected: &str| {
            assert_eq!(Wording::of(language).number(number), expected, "{language}");
        };
        check("en", 999, "999");
        check("en", 1234, "1,234");
        check("en-GB", 1_234_567, "1,234,567");
        check("de-AT", 1234, "1.234");
        check("fr", 12_345, "12\u{202f}345");
        check("tlh", 1234, "1,234");
        let fr = Wording::of("fr");
        assert_ne!(fr.counted("together_with", 0), fr.counted("together_with", 2));
        assert_eq!(fr.counted("together_with", 0), fr.counted("together_with", 1));
    }
}
