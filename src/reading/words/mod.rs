//! What English words are: common or rare, names of people, words that speak of companies.
//!
//! The lists are part of the program, so that a text is judged the same everywhere; where they come from
//! stands in this folder's README.md.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

static COMMON: &str = include_str!("common.txt");
static RARE: &str = include_str!("rare.txt");
static GIVEN: &str = include_str!("given.txt");
static SURNAMES: &str = include_str!("surnames.txt");
static PLACES: &str = include_str!("places.txt");
static VERBS: &str = include_str!("verbs.txt");
static EITHER: &str = include_str!("either.txt");

/// Whether a word, in lower case, is one that most readers use.
pub fn is_common(word: &str) -> bool {
    holds(COMMON, word)
}

/// Whether a word, in lower case, stands in a larger dictionary only.
pub fn is_rare(word: &str) -> bool {
    holds(RARE, word)
}

/// Whether a word, in lower case, is a common given name.
pub fn is_given_name(word: &str) -> bool {
    holds(GIVEN, word)
}

/// Whether a word, in lower case, is a common surname.
pub fn is_surname(word: &str) -> bool {
    holds(SURNAMES, word)
}

/// Whether a word, in lower case, is a country, a city, a river, a planet, or of one: Swiss.
pub fn is_place(word: &str) -> bool {
    holds(PLACES, word)
}

/// Whether a word, in lower case, is the third person or the regular past of what is rather a verb than a noun.
pub fn is_verb_form(word: &str) -> bool {
    let is_verb = |stem: &str| holds(VERBS, stem);
    let ends = |end: &str| word.strip_suffix(end).filter(|stem| stem.len() > 1);
    // plans, raises; reaches; carries. planned: the consonant is doubled.
    let doubled = |stem: &str| {
        let mut letters = stem.bytes().rev();
        letters.next() == letters.next() && is_verb(&stem[..stem.len() - 1])
    };
    ends("s").is_some_and(is_verb)
        || ends("es").is_some_and(is_verb)
        || ends("d").is_some_and(|stem| stem.ends_with('e') && is_verb(stem))
        || ends("ed").is_some_and(|stem| is_verb(stem) || stem.is_ascii() && doubled(stem))
        || ["ies", "ied"]
            .iter()
            .any(|end| ends(end).is_some_and(|stem| is_verb(&format!("{stem}y"))))
}

/// Whether a word, in lower case, could as well be a plural as the third person of a verb: plans, prices, steps.
pub fn is_plural_or_verb(word: &str) -> bool {
    let ends = |end: &str| word.strip_suffix(end).is_some_and(|stem| holds(EITHER, stem));
    ends("s")
        || ends("es")
        || word
            .strip_suffix("ies")
            .is_some_and(|stem| holds(EITHER, &format!("{stem}y")))
}

/// Whether a list of one word a line, sorted by byte, holds a word.
fn holds(list: &str, word: &str) -> bool {
    let bytes = list.as_bytes();
    let (mut low, mut high) = (0, bytes.len());
    while low < high {
        let middle = low.midpoint(high);
        let start = bytes[..middle]
            .iter()
            .rposition(|&byte| byte == b'\n')
            .map_or(0, |at| at + 1);
        let end = bytes[start..]
            .iter()
            .position(|&byte| byte == b'\n')
            .map_or(bytes.len(), |length| start + length);
        match bytes[start..end].cmp(word.as_bytes()) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = end + 1,
            std::cmp::Ordering::Greater => high = start,
        }
    }
    false
}

macro_rules! cues {
    ($($name:ident $label:literal $meaning:literal)*) => {
        /// What a word beside a name tells of it. A word may be of several kinds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Cue { $(#[doc = $meaning] $name,)* }

        impl Cue {
            const ALL: &'static [(&'static str, Cue)] = &[$(($label, Cue::$name),)*];
        }
    };
}

cues! {
    Speech "speech" "Companies say, announce, report."
    Verb "verb" "What else companies do, in the third person or the regular past."
    Past "past" "The same, where the past is irregular."
    Auxiliary "auxiliary" "Is, has, will; also, now, still."
    Corporate "corporate" "A word of business, anywhere near."
    Follow "follow" "What companies have, right behind their name: shares, chief executive, stores."
    Descriptor "descriptor" "What companies are, right before their name: chipmaker, rival."
    Legal "legal" "A legal form."
    Firm "firm" "A further part of a firm's name: Technologies, Bank."
    Body "body" "Makes of a name that of another thing: Foundation, Park, River."
    Honorific "honorific" "Stands before people."
    Determiner "determiner" "The, a, this, its."
    Function "function" "Prepositions and conjunctions."
    Pronoun "pronoun" "It, them, nothing."
    Calendar "calendar" "Months and days."
    Compound "compound" "Behind a company and a hyphen: backed, owned."
    Prefix "prefix" "Before a hyphen and a company: ex, non."
}

/// The cues of one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cues(u32);

impl Cues {
    /// Whether the word is of a kind.
    pub fn has(self, cue: Cue) -> bool {
        self.0 & (1 << cue as u32) != 0
    }

    /// Whether nothing is known of the word.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// What a word tells by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Meaning {
    /// What it tells of a name beside it.
    pub cues: Cues,
    /// The trades it speaks of.
    pub trades: Trades,
}

/// Trades, as a set of up to 32.
pub type Trades = u32;

/// What a word tells, whatever its case.
pub fn meaning(word: &str) -> Meaning {
    // Words of the lists are short and of ASCII. Nearly all words of a text go this way, so nothing is allocated.
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..word.len()).filter(|_| word.is_ascii()) else {
        return Meaning::default();
    };
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    MEANINGS.get(&*lower).copied().unwrap_or_default()
}

/// The longest word of the lists of cues and trades, in bytes.
const LONGEST: usize = 20;

/// Words that are asked for many times an article; an attack on the hash could only come from the lists.
type Table = HashMap<Vec<u8>, Meaning, BuildHasherDefault<Fnv>>;

static MEANINGS: LazyLock<Table> = LazyLock::new(|| {
    let mut table = Table::default();
    let mut kind = 0;
    for word in without_comments(include_str!("cues.txt")) {
        if let Some(label) = word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) {
            let cue = Cue::ALL.iter().find(|(own, _)| *own == label);
            kind = cue.map_or(0, |(_, cue)| 1 << *cue as u32);
        } else if kind == 1 << Cue::Verb as u32 {
            // The first form behind a name is rather a noun: a target date, a block grant.
            for form in verb_forms(word) {
                table.entry(form.into_bytes()).or_default().cues.0 |= kind;
            }
        } else {
            table.entry(word.into()).or_default().cues.0 |= kind;
        }
    }
    for (number, (_, words)) in sector_lines().enumerate() {
        for word in words.split_whitespace() {
            table.entry(word.into()).or_default().trades |= 1 << number;
        }
    }
    table
});

/// The third person and the regular past of a verb; some of the forms it makes do not exist.
fn verb_forms(verb: &str) -> Vec<String> {
    let is_vowel = |letter: char| "aeiou".contains(letter);
    let before_y = verb.strip_suffix('y').filter(|stem| !stem.ends_with(is_vowel));
    if let Some(stem) = before_y {
        return vec![format!("{stem}ies"), format!("{stem}ied")];
    }
    let hisses = ["s", "x", "z", "ch", "sh", "o"]
        .iter()
        .any(|end| verb.ends_with(end));
    let third = format!("{verb}{}", if hisses { "es" } else { "s" });
    if verb.ends_with('e') {
        return vec![third, format!("{verb}d")];
    }
    let mut forms = vec![third, format!("{verb}ed")];
    // plan, planned: one vowel, one consonant.
    let mut letters = verb.chars().rev();
    if let (Some(last), Some(vowel)) = (letters.next(), letters.next())
        && !is_vowel(last)
        && is_vowel(vowel)
        && !letters.next().is_some_and(is_vowel)
    {
        forms.push(format!("{verb}{last}ed"));
    }
    forms
}

/// The trades that a company's `sector` names.
pub fn trades(sector: &str) -> Trades {
    let sector = sector.to_lowercase();
    let mut trades = 0;
    for (number, (stems, _)) in sector_lines().enumerate() {
        let is_named = |stem: &str| {
            let stem = stem.replace('-', " ");
            sector
                .match_indices(&stem)
                .any(|(at, _)| !sector[..at].ends_with(char::is_alphanumeric))
        };
        if stems.split_whitespace().any(is_named) {
            trades |= 1 << number;
        }
    }
    trades
}

/// The stems that name a trade, and the words that speak of it.
fn sector_lines() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("sectors.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('='))
}

fn without_comments(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_whitespace)
}

/// FNV-1a, 64 bits. Source: RFC 9923.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Fnv {
        Fnv(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(word: &str) -> Cues {
        meaning(word).cues
    }

    fn of_word(word: &str) -> Trades {
        meaning(word).trades
    }

    #[test]
    fn lists_are_sorted_and_hold_what_they_hold() {
        for list in [COMMON, RARE, GIVEN, SURNAMES, PLACES, VERBS, EITHER] {
            let words: Vec<&str> = list.lines().collect();
            assert!(words.is_sorted_by(|one, other| one < other));
            assert!(words.iter().all(|word| holds(list, word)));
            assert!(!holds(list, "") && !holds(list, "zzzzzz") && !holds(list, "Apple"));
        }
        assert!(is_common("apple") && !is_common("nvidia") && is_rare("intel"));
        assert!(is_place("amazon") && !is_place("oracle"));
        for form in [
            "weaves", "leans", "narrowed", "carries", "slipped", "reaches", "told",
        ] {
            assert_eq!(is_verb_form(form), form != "told", "{form}");
        }
        assert!(!is_verb_form("dates") && !is_verb_form("s") && !is_verb_form("weave"));
        assert!(is_plural_or_verb("steps") && is_plural_or_verb("replies") && !is_plural_or_verb("says"));
        assert!(is_given_name("claude") && is_surname("ford") && is_given_name("satya"));
    }

    #[test]
    fn every_kind_of_cue_has_words_and_every_word_is_read() {
        for (label, cue) in Cue::ALL {
            assert!(
                include_str!("cues.txt").contains(&format!("[{label}]")),
                "{label}"
            );
            assert!(
                without_comments(include_str!("cues.txt"))
                    .any(|word| told(word).has(*cue) || told(&verb_forms(word)[0]).has(*cue)),
                "{label}"
            );
        }
        let unknown: Vec<&str> = without_comments(include_str!("cues.txt"))
            .filter(|word| told(word).is_empty() && told(&verb_forms(word)[0]).is_empty())
            .filter(|word| !word.starts_with('['))
            .collect();
        assert!(unknown.is_empty(), "{unknown:?}");
        assert!(
            MEANINGS
                .keys()
                .all(|word| word.len() <= LONGEST && word.is_ascii())
        );
        assert_eq!(told("SAID"), told("said"));
        for form in [
            "plans", "planned", "carries", "carried", "reaches", "raised", "grew", "plays",
        ] {
            assert!(told(form).has(Cue::Verb) || told(form).has(Cue::Past), "{form}");
        }
        assert!(!told("plan").has(Cue::Verb));
        assert!(told("said").has(Cue::Speech) && told("park").has(Cue::Body));
        assert!(told("zebra").is_empty());
    }

    #[test]
    fn trades_are_told_by_sector_and_by_words() {
        assert!(sector_lines().count() <= 32);
        assert_ne!(trades("Oil and gas") & of_word("barrels"), 0);
        assert_ne!(trades("Semiconductors") & of_word("wafers"), 0);
        assert_eq!(trades("Semiconductors") & of_word("barrels"), 0);
        assert_eq!(trades("") | of_word("perhaps"), 0);
        // "air" is not in "repair".
        assert_eq!(trades("repairing"), 0);
    }
}
