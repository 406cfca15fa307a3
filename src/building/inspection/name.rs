//! Names that look like companies': with a legal form, with a symbol of an exchange, or next to words that
//! only go with companies.
//!
//! Nothing here knows the register. A false alarm costs more trust than a missed name does good, so each
//! rule wants a sign that ordinary names do not have.

use std::ops::Range;

use super::paragraph::{Paragraph, Word};
use crate::reading::words::{is_common, is_place};

/// A name that looks like a company's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The name, without its legal form.
    pub name: String,
    /// Where it stands, in bytes of the visible text.
    pub range: Range<usize>,
    /// Whether one article is enough to ask about it.
    pub is_sure: bool,
}

/// Legal forms that stand behind nothing but companies.
const FORMS: &[&str] = &[
    "Inc",
    "Incorporated",
    "Corp",
    "Corporation",
    "Ltd",
    "Limited",
    "plc",
    "PLC",
    "Plc",
    "LLC",
    "LLP",
    "GmbH",
    "KGaA",
    "S.A",
    "S.p.A",
    "SpA",
    "N.V",
    "A.G",
    "Oyj",
    "ASA",
    "Bhd",
    "Tbk",
    "Pty",
    "Co",
];

/// Legal forms that are other things too: the attorney general, South Africa.
const SHORT_FORMS: &[&str] = &["AG", "SA", "SE", "NV", "AB"];

/// Last parts of companies' names.
const LAST_PARTS: &[&str] = &[
    "Group",
    "Holdings",
    "Holding",
    "Technologies",
    "Pharmaceuticals",
    "Therapeutics",
    "Semiconductor",
    "Bancorp",
    "Industries",
];

/// What makes another kind of thing of a "Group", an "AG" or "Limited".
const NO_COMPANIES: &[&str] = &[
    "Working",
    "Contact",
    "Study",
    "Focus",
    "Task",
    "Support",
    "Advocacy",
    "Interest",
    "User",
    "Users",
    "Advisory",
    "Research",
    "Action",
    "Age",
    "Ethnic",
    "Expert",
    "Experts",
    "Steering",
    "Industry",
    "Trade",
    "Control",
    "Peer",
    "Women",
    "Parliamentary",
    "State",
    "Texas",
    "California",
    "Attorney",
    "Former",
    "Deputy",
    "Acting",
    "Cricket",
    "Time",
    "The",
    "Each",
    "Every",
    "Minsk",
    "Visegrad",
];

const EXCHANGES: &[&str] = &[
    "NASDAQ", "Nasdaq", "NYSE", "LSE", "AMEX", "TSX", "ASX", "HKEX", "TSE", "TYO", "KRX", "NSE", "BSE", "SIX",
];

/// Words in front of a name that only companies have.
const DESCRIPTORS: &[&str] = &[
    "startup",
    "start-up",
    "chipmaker",
    "carmaker",
    "automaker",
    "drugmaker",
    "planemaker",
    "retailer",
    "insurer",
    "lender",
    "conglomerate",
    "brokerage",
    "airline",
    "steelmaker",
    "brewer",
    "bank",
];

/// Words behind a name that only companies have.
const OFFICES: &[&str] = &["CEO", "CFO", "COO"];

/// Capitals in front of an office that are no names.
const NO_NAMES: &[&str] = &[
    "The",
    "A",
    "An",
    "Former",
    "New",
    "Interim",
    "Outgoing",
    "Its",
    "His",
    "Her",
    "Their",
    "Our",
    "Founder",
    "Deputy",
    "Current",
    "Then",
    "Ex",
    "Longtime",
    "Incoming",
    "Acting",
    "President",
    "Chairman",
    "Chair",
    "Founding",
    "Co-founder",
    "Late",
    "Vice",
    "Chief",
];

/// The longest name, in words.
const LONGEST: usize = 5;

/// The names of a paragraph that look like companies'.
pub fn candidates(paragraph: &Paragraph<'_>) -> Vec<Candidate> {
    // Headings may have capitals everywhere.
    if paragraph.context.heading > 0 {
        return Vec::new();
    }
    let mut found: Vec<Candidate> = Vec::new();
    for index in 0..paragraph.words.len() {
        let at = At { paragraph, index };
        let candidate = at
            .legal_form()
            .or_else(|| at.symbol())
            .or_else(|| at.beside_cue());
        // `Acme Holdings Inc` is one name, told once.
        let candidate = candidate.filter(|new| found.iter().all(|known| known.range.end <= new.range.start));
        found.extend(candidate);
    }
    found
}

#[derive(Clone, Copy)]
struct At<'p> {
    paragraph: &'p Paragraph<'p>,
    index: usize,
}

impl<'p> At<'p> {
    fn word(&self, distance: isize) -> Option<&'p Word<'p>> {
        self.paragraph.words.get(self.index.checked_add_signed(distance)?)
    }

    /// `Acme Robotics Inc`, `Acme Holdings`.
    fn legal_form(&self) -> Option<Candidate> {
        let form = self.word(0)?;
        if !is_form(form) && !LAST_PARTS.contains(&form.stem()) {
            return None;
        }
        // A form in front of a further one belongs to the name: Acme Holdings Inc.
        if self
            .word(1)
            .is_some_and(|next| form.after.is_empty() && (is_form(next) || LAST_PARTS.contains(&next.stem())))
        {
            return None;
        }
        let first = self.name_before()?;
        let words = &self.paragraph.words[first..self.index];
        let last = words.last()?;
        let is_short = SHORT_FORMS.contains(&form.stem()) || form.stem() == "Limited";
        let is_person_next = self
            .word(1)
            .is_some_and(|next| next.is_capital() && form.after.is_empty());
        let is_other = words.iter().any(|word| NO_COMPANIES.contains(&word.stem()));
        if is_other || is_short && is_person_next || last.stem() != last.text {
            return None;
        }
        // "New Technologies" begin a sentence; the City of London has a Corporation.
        if let [word] = words {
            let lower = word.stem().to_lowercase();
            let is_adjective = self.paragraph.begins_sentence(first) && !is_form(form) && is_common(&lower);
            if is_adjective || is_place(&lower) {
                return None;
            }
        }
        // `Holdings` is part of the name, `Inc` is not.
        let named_to = words
            .iter()
            .rposition(|word| !is_form(word))
            .map(|at| first + at)?;
        let end = if LAST_PARTS.contains(&form.stem()) {
            self.index
        } else {
            named_to
        };
        let form_end = form.start + form.stem().len();
        Some(self.candidate(first, end, form_end, true))
    }

    /// The first word of the capitals that end right before this one.
    fn name_before(&self) -> Option<usize> {
        let words = &self.paragraph.words;
        let mut first = self.index;
        while first > 0 && self.index - first < LONGEST {
            let word = &words[first - 1];
            let joins =
                word.after.is_empty() || word.after == "," && first == self.index && is_form(&words[first]);
            let is_name =
                word.is_capital() && joins && !words[first].before.contains(['(', '“', '"', '—', '–']);
            if !is_name {
                break;
            }
            first -= 1;
        }
        // A sentence may begin with a word that is no part of the name.
        while first < self.index && NO_NAMES.contains(&words[first].text) {
            first += 1;
        }
        (first < self.index).then_some(first)
    }

    /// `(NASDAQ: ACME)`, `$ACME`: the name in front of it, or else the symbol.
    fn symbol(&self) -> Option<Candidate> {
        let word = self.word(0)?;
        let is_listed = EXCHANGES.contains(&word.text)
            && word.after.starts_with(':')
            && self.word(1).is_some_and(is_symbol)
            || word.text.split_once(':').is_some_and(|(exchange, symbol)| {
                EXCHANGES.contains(&exchange)
                    && (2..=5).contains(&symbol.len())
                    && symbol.bytes().all(|byte| byte.is_ascii_uppercase())
            });
        if is_listed {
            let first = self.before_bracket().unwrap_or(self.index);
            if first < self.index {
                let last = self.paragraph.words[..self.index]
                    .iter()
                    .rposition(|word| !is_form(word))?;
                let end = self.paragraph.words[self.index - 1].end();
                return Some(self.candidate(first, last.max(first), end, true));
            }
            let symbol = if word.text.contains(':') {
                word
            } else {
                self.word(1)?
            };
            let name = symbol.text.rsplit(':').next().unwrap_or(symbol.text).to_owned();
            return Some(Candidate {
                name,
                range: word.start..symbol.end(),
                is_sure: true,
            });
        }
        let symbol = word.text.strip_prefix('$')?;
        let is_symbol =
            (3..=5).contains(&symbol.len()) && symbol.bytes().all(|byte| byte.is_ascii_uppercase());
        // $CAD 20 is money.
        let is_money = ["USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD"].contains(&symbol);
        (is_symbol && !is_money).then(|| Candidate {
            name: word.text.to_owned(),
            range: word.start..word.end(),
            is_sure: true,
        })
    }

    fn before_bracket(&self) -> Option<usize> {
        let word = self.word(0)?;
        if !word.before.starts_with('(') {
            return None;
        }
        let words = &self.paragraph.words;
        let mut first = self.index;
        while first > 0 && self.index - first < LONGEST {
            let word = &words[first - 1];
            let joins =
                matches!(word.after, "" | ".") && (first == self.index || !words[first].before.contains('('));
            if !(word.is_capital() && joins) {
                break;
            }
            first -= 1;
        }
        while first < self.index && NO_NAMES.contains(&words[first].text) {
            first += 1;
        }
        Some(first)
    }

    /// `chipmaker Acme`, `Acme CEO`: worth asking about once several articles say so.
    fn beside_cue(&self) -> Option<Candidate> {
        let word = self.word(0)?;
        let words = &self.paragraph.words;
        if OFFICES.contains(&word.stem()) {
            let first = self.name_before()?;
            let is_name = !self.paragraph.begins_sentence(first)
                || self.index - first > 1
                || words[first].stem() != words[first].text;
            let is_plain = words[first].text.len() > 2 && is_name;
            return is_plain
                .then(|| self.candidate(first, self.index - 1, words[self.index - 1].end(), false));
        }
        let is_cue = DESCRIPTORS.contains(&word.text) && word.after.is_empty();
        let mut last = self.index;
        while is_cue && last + 1 < words.len() && last - self.index < 3 {
            let next = &words[last + 1];
            let is_name = next.is_capital()
                && next.before.is_empty()
                && words[last].after.is_empty()
                && next.text.len() > 2;
            if !is_name || last > self.index && OFFICES.contains(&next.stem()) {
                break;
            }
            last += 1;
        }
        (last > self.index).then(|| {
            let end = words[last].start + words[last].stem().len();
            self.candidate(self.index + 1, last, end, false)
        })
    }

    fn candidate(&self, first: usize, last: usize, end: usize, is_sure: bool) -> Candidate {
        let words = &self.paragraph.words[first..=last];
        let mut name = String::new();
        for word in words {
            if !name.is_empty() {
                name.push_str(if word.before.contains('&') { " & " } else { " " });
            }
            name.push_str(word.stem());
        }
        Candidate {
            name,
            range: words.first().map_or(end, |word| word.start)..end,
            is_sure,
        }
    }
}

fn is_form(word: &Word<'_>) -> bool {
    FORMS.contains(&word.stem()) || SHORT_FORMS.contains(&word.stem())
}

fn is_symbol(word: &Word<'_>) -> bool {
    (1..=5).contains(&word.text.len()) && word.text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// A name without its legal form, in the letters and digits that make it the same name in any spelling.
pub fn letters(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_last = |word: &&str| {
        let plain = word.trim_end_matches([',', '.']);
        FORMS
            .iter()
            .chain(SHORT_FORMS)
            .any(|form| form.eq_ignore_ascii_case(plain))
    };
    let kept = words
        .iter()
        .rposition(|word| !is_last(word))
        .map_or(words.len(), |last| last + 1);
    crate::ground::path::slug(&words[..kept].join(" ")).replace('-', "")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::markdown::{self, Options};

    fn found(text: &str) -> Vec<(String, bool)> {
        let visible = markdown::parse(text, 0, Options::default()).visible;
        let found = Paragraph::all(&visible);
        let found = found.iter().flat_map(candidates);
        found
            .map(|candidate| (candidate.name, candidate.is_sure))
            .collect()
    }

    #[test]
    fn names_that_look_like_companies() {
        let check = |text: &str, expected: &str| {
            assert_eq!(found(text), [(expected.to_owned(), true)], "{text}");
        };
        check("A deal with Acme Robotics Inc. was signed.", "Acme Robotics");
        check("A deal with Acme Robotics, Inc. was signed.", "Acme Robotics");
        check("Lumen Holdings grows.", "Lumen Holdings");
        check(
            "The plant of Orbit Semiconductor Ltd opened.",
            "Orbit Semiconductor",
        );
        check("A stake in Nordwind AG, the utility.", "Nordwind");
        check("Shares of Lumen (NASDAQ: LUMN) rose.", "Lumen");
        check("Shares of Lumen Tech Corp. (NYSE: LMN) rose.", "Lumen Tech");
        check("It fell (NYSE: LMN).", "LMN");
        check("Traders like $LUMN most.", "$LUMN");
        check("The Fjord Group bought it.", "Fjord Group");
        check("A suit against Smith & Lumen Inc. ended.", "Smith & Lumen");
    }

    #[test]
    fn names_beside_what_only_companies_have() {
        let check = |text: &str, expected: &str| {
            assert_eq!(found(text), [(expected.to_owned(), false)], "{text}");
        };
        check("It bought the chipmaker Cerebra for $2bn.", "Cerebra");
        check("A talk with Cerebra CEO Ann Lee.", "Cerebra");
        check("Cerebra’s CEO Ann Lee spoke.", "Cerebra");
    }

    #[test]
    fn ordinary_text() {
        for text in [
            "The Working Group met, and each Focus Group too; a group of Holdings.",
            "Texas AG Ken Paxton sued. The former CEO and a new CEO spoke; New CEO Ann Lee too.",
            "It cost $100 or $5bn, US$20, A$3 and $CAD 20. SA is far away.",
            "The Limited was a train. Limited stocks are left. Time is limited.",
            "Larry Ellison told the White House on Monday that Texas grows.",
            "## Emerging Technologies and Lumen Inc.",
            "New Technologies cost money. The London Corporation owns land. Lumen Limited Edition cars.",
            "A startup in Texas. The chipmaker said so. An airline of Paris.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn spellings_of_one_name() {
        for name in [
            "Hugging Face",
            "hugging-face",
            "huggingface",
            "HuggingFace, Inc.",
            "Hugging Face SA",
        ] {
            assert_eq!(letters(name), "huggingface", "{name}");
        }
        assert_eq!(letters("Nvidia Corp"), letters("Nvidia"));
        assert_ne!(letters("Meta Platforms"), letters("Meta Materials"));
        assert_eq!(letters("Limited"), "limited");
    }
}
