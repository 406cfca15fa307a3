//! The names of a register: what each stands for, and how much it could mean something else.

use super::fold::fold;
use crate::reading::company::{Company, Matching};
use crate::reading::words::{Cue, is_common, is_given_name, is_place, is_rare, is_surname, meaning};

/// A name that is looked for.
#[derive(Debug)]
pub struct Name {
    /// The company's index in the register.
    pub company: usize,
    /// What of the company the name is.
    pub kind: Kind,
    /// What else it could mean.
    pub class: Class,
    /// As the register writes it.
    pub text: String,
    /// The form that is searched for.
    pub folded: String,
    /// Whether it is a given name or a surname too.
    pub is_of_people: bool,
    /// How its letters may be written.
    pub letters: Letters,
}

/// What of a company a name is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Its name or an alias.
    Own,
    /// A product.
    Product,
    /// Somebody of it.
    Person,
    /// A phrase that is never the company.
    Not,
}

/// What a name could mean beside the company.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Nothing: it is not a word, or more than one.
    Sure,
    /// Several words, each of them common: Best Buy.
    Phrase,
    /// A common word: Target.
    Word,
    /// A place on the map or in the sky: Amazon.
    Place,
    /// A given name or a surname: Ford.
    People,
    /// Up to four capitals: GM.
    Acronym,
}

/// How the letters of a name may be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// In any way: openai.
    Any,
    /// With a capital where the name has one, or in capitals throughout: Best Buy, BEST BUY.
    Capitals,
    /// As in the name: GM.
    Same,
}

/// The names of a company that are looked for.
pub fn names_of(index: usize, company: &Company) -> Vec<Name> {
    if company.matching == Matching::Never {
        return Vec::new();
    }
    let own = std::iter::once(&company.name).chain(&company.aliases);
    let products = company.products.iter();
    let people = company.people.iter();
    let phrases = company.not.iter();
    let own = own.map(|text| (Kind::Own, text));
    let all = own
        .chain(products.map(|text| (Kind::Product, text)))
        .chain(people.map(|text| (Kind::Person, text)))
        .chain(phrases.map(|text| (Kind::Not, text)));
    all.filter_map(|(kind, text)| name(index, kind, text.trim(), company.matching))
        .collect()
}

fn name(company: usize, kind: Kind, text: &str, matching: Matching) -> Option<Name> {
    let folded = fold(text);
    // A sign alone is no name.
    if !folded.chars().any(char::is_alphanumeric) {
        return None;
    }
    let (class, letters) = match (kind, matching) {
        (Kind::Not, _) => (Class::Sure, Letters::Any),
        // Who asks for one spelling says that this spelling is the company.
        (Kind::Own, Matching::Exact) => (Class::Sure, Letters::Same),
        _ => class_of(text),
    };
    let lower = folded.to_lowercase();
    Some(Name {
        company,
        kind,
        class,
        text: text.to_owned(),
        is_of_people: is_given_name(&lower) || is_surname(&lower),
        folded,
        letters,
    })
}

/// What else a name could mean, by the lists alone.
pub fn class_of(text: &str) -> (Class, Letters) {
    let folded = fold(text);
    let words: Vec<&str> = folded
        .split([' ', '-', '/', '&', '.'])
        .filter(|word| !word.is_empty())
        .collect();
    let letters = || folded.chars().filter(|character| character.is_alphabetic());
    let is_ascii = folded.is_ascii();
    if is_ascii
        && folded.len() <= 5
        && letters().count() <= 4
        && letters().all(char::is_uppercase)
        && !folded.contains(' ')
    {
        return (Class::Acronym, Letters::Same);
    }
    let meanings: Vec<(bool, bool)> = words
        .iter()
        .map(|word| {
            let lower = word.to_lowercase();
            let is_word = is_common(&lower) || word.chars().count() < 2;
            (is_word, is_word || is_rare(&lower))
        })
        .collect();
    if let [word] = words[..] {
        let lower = word.to_lowercase();
        let has_inner_capital = word.chars().skip(1).any(char::is_uppercase) && lower != word;
        let is_all_capitals = word.chars().all(|character| !character.is_lowercase());
        // Google, YouTube: one word that no other text has.
        return match meanings.first() {
            _ if has_inner_capital && !is_all_capitals => match is_common(&lower) {
                true => (Class::Sure, Letters::Same),
                false => (Class::Sure, Letters::Any),
            },
            Some((true, _)) => (Class::Word, Letters::Capitals),
            _ if is_place(&lower) => (Class::Place, Letters::Capitals),
            // Nobody writes a surname small that is no word; many do so with companies.
            _ if is_given_name(&lower) || is_surname(&lower) => match meanings.first() {
                Some((_, true)) => (Class::People, Letters::Capitals),
                _ => (Class::People, Letters::Any),
            },
            Some((_, true)) => (Class::Sure, Letters::Capitals),
            _ if word.chars().any(|character| character.is_ascii_digit()) && folded.len() <= 3 => {
                (Class::Acronym, Letters::Same)
            }
            _ => (Class::Sure, Letters::Any),
        };
    }
    let is_legal = |word: &&str| meaning(word).cues.has(Cue::Legal);
    let all_words = meanings.iter().all(|(is_word, _)| *is_word);
    let any_unknown = words.iter().zip(&meanings).any(|(word, (_, is_known))| {
        // Short words of other languages: Le Chat.
        !is_known && word.chars().count() > 3 && !is_given_name(&word.to_lowercase())
    });
    match () {
        _ if words.is_empty() => (Class::Sure, Letters::Same),
        // "Square Inc" cannot be anything else, but "square" has to be written as a name.
        () if words.last().is_some_and(is_legal) => (Class::Sure, Letters::Capitals),
        () if all_words => (Class::Phrase, Letters::Capitals),
        () if any_unknown => (Class::Sure, Letters::Any),
        () => (Class::Sure, Letters::Capitals),
    }
}

impl Name {
    /// Whether the register's spelling allows what stands in a text.
    pub fn allows(&self, surface: &str) -> bool {
        if surface == self.text && self.letters != Letters::Capitals {
            return true;
        }
        let surface = fold(surface);
        match self.letters {
            Letters::Any => true,
            Letters::Same => surface == self.folded,
            Letters::Capitals => {
                let is_capital = |character: char| !character.is_alphabetic() || !character.is_lowercase();
                if surface.chars().all(is_capital) {
                    return true;
                }
                let initials = |text: &str| -> Vec<char> {
                    text.split([' ', '-', '/', '&'])
                        .filter_map(|word| word.chars().next())
                        .collect()
                };
                // A register may write a name small that a text must write large.
                initials(&self.folded)
                    .iter()
                    .zip(initials(&surface))
                    .all(|(own, written)| !own.is_uppercase() || !written.is_lowercase())
                    && (self.folded.chars().any(char::is_uppercase)
                        || surface.chars().any(char::is_uppercase))
            }
        }
    }

    /// Whether a plural in `s` is still the name: two iPhones, but not two Targets.
    pub fn has_plural(&self) -> bool {
        self.class == Class::Sure && matches!(self.kind, Kind::Own | Kind::Product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_classed_by_what_else_they_could_mean() {
        use Letters::{Any, Capitals, Same};
        let check = |text: &str, expected: (Class, Letters)| assert_eq!(class_of(text), expected, "{text}");
        check("Nvidia", (Class::Sure, Any));
        check("OpenAI", (Class::Sure, Any));
        check("Nestlé", (Class::Word, Capitals));
        check("Target", (Class::Word, Capitals));
        check("Intel", (Class::Sure, Capitals));
        check("Hilton", (Class::People, Any));
        check("Swiss", (Class::Place, Capitals));
        check("Amazon", (Class::Place, Capitals));
        check("Le Chat", (Class::Sure, Capitals));
        check("GM", (Class::Acronym, Same));
        check("3M", (Class::Acronym, Same));
        check("AT&T", (Class::Acronym, Same));
        check("Best Buy", (Class::Phrase, Capitals));
        check("Goldman Sachs", (Class::Sure, Any));
        check("Square Inc", (Class::Sure, Capitals));
        check("Coca-Cola", (Class::Sure, Any));
        check("ソフトバンク", (Class::Sure, Any));
        check("Яндекс", (Class::Sure, Any));
    }

    #[test]
    fn spellings() {
        let check = |name: &str, surface: &str, expected: bool| {
            let own = super::name(0, Kind::Own, name, Matching::Normal).expect("a name");
            assert_eq!(own.allows(surface), expected, "{name} as {surface}");
        };
        check("OpenAI", "openai", true);
        check("Target", "target", false);
        check("Target", "TARGET", true);
        check("GM", "gm", false);
        check("GM", "Gm", false);
        check("Best Buy", "BEST BUY", true);
        check("Best Buy", "Best buy", false);
        check("L'Oréal", "L’Ore\u{301}al", true);
        check("Bank of America", "Bank of America", true);
        check("stripe", "stripe", false);
        check("stripe", "Stripe", true);
    }
}
