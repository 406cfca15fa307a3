//! Tagging: finds the register's companies in an article's visible text.
//!
//! The interface is the lasting part: texts in, companies with mentions, confidence and salience
//! out, from that article and the register alone. What stands behind it is plain matching of whole
//! words in the register's spelling; judging ambiguous names is work still to come.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, MatchKind};

use super::company::{Matching, Register};
use super::markdown::Visible;
use crate::ground::encoding::encoded;
use crate::ground::span::Span;

/// From which confidence a company counts as tagged, in thousandths.
pub const TAGGED: u16 = 500;

/// How much an article is about a company.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Salience {
    /// What the article is about.
    Primary,
    /// Part of the story.
    Secondary,
    /// Named once, late.
    Passing,
}

impl Salience {
    /// The name used in templates.
    pub fn name(self) -> &'static str {
        match self {
            Salience::Primary => "primary",
            Salience::Secondary => "secondary",
            Salience::Passing => "passing",
        }
    }
}

/// A company found in an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its index in the register.
    pub company: usize,
    /// How sure this is, in thousandths.
    pub confidence: u16,
    /// How much the article is about it.
    pub salience: Salience,
    /// Where it is named: in the headline, and by place in the body's visible text.
    pub mentions: Mentions,
}

/// Where a company is named in an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// The places in the headline.
    pub title: Vec<Span>,
    /// The places in the standfirst.
    pub standfirst: Vec<Span>,
    /// The places in the body's visible text.
    pub body: Vec<Span>,
}

impl Mentions {
    /// How often in all.
    pub fn count(&self) -> usize {
        self.title.len() + self.standfirst.len() + self.body.len()
    }
}

/// The register made ready for finding its names. Built once a build.
#[derive(Debug)]
pub struct Tagger {
    /// `None` for an empty register.
    names: Option<AhoCorasick>,
    patterns: Vec<Pattern>,
}

#[derive(Debug)]
struct Pattern {
    company: usize,
    /// A symbol counts only behind `$` or an exchange: `$MSFT`, `NASDAQ: MSFT`.
    exchange: Option<String>,
    /// Names in scripts without spaces have no word boundaries.
    bounded: bool,
}

impl Tagger {
    /// Prepares the names of a register.
    pub fn new(register: &Register) -> Tagger {
        let mut texts: Vec<String> = Vec::new();
        let mut patterns = Vec::new();
        for (company, entry) in register.companies().iter().enumerate() {
            if entry.matching == Matching::Never {
                continue;
            }
            let names = std::iter::once(&entry.name)
                .chain(&entry.aliases)
                .chain(&entry.products)
                .chain(&entry.people);
            for name in names.filter(|name| !name.is_empty()) {
                texts.push(name.clone());
                patterns.push(Pattern {
                    company,
                    exchange: None,
                    bounded: !name.chars().any(is_unspaced),
                });
            }
            for ticker in &entry.tickers {
                if let Some((exchange, symbol)) =
                    ticker.split_once(':').filter(|(_, symbol)| !symbol.is_empty())
                {
                    texts.push(symbol.to_owned());
                    patterns.push(Pattern {
                        company,
                        exchange: Some(exchange.to_owned()),
                        bounded: true,
                    });
                }
            }
        }
        let names = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(&texts)
            .ok();
        Tagger {
            names: names.filter(|_| !texts.is_empty()),
            patterns,
        }
    }

    /// The companies of an article, most salient first.
    pub fn find(&self, title: &str, standfirst: &str, body: &Visible) -> Vec<Found> {
        let mut mentions: BTreeMap<usize, Mentions> = BTreeMap::new();
        self.search(title, |company, span| {
            mentions.entry(company).or_default().title.push(span);
        });
        self.search(standfirst, |company, span| {
            mentions.entry(company).or_default().standfirst.push(span);
        });
        self.search(&body.text, |company, span| {
            mentions.entry(company).or_default().body.push(span);
        });
        let mut found: Vec<Found> = mentions
            .into_iter()
            .map(|(company, mentions)| Found {
                company,
                confidence: 900,
                salience: salience(&mentions),
                mentions,
            })
            .collect();
        found.sort_by_key(|found| {
            let first = found.mentions.body.first().map_or(u32::MAX, |span| span.start);
            (
                found.salience,
                std::cmp::Reverse(found.mentions.count()),
                first,
                found.company,
            )
        });
        found
    }

    /// Reports every mention in a text; of matches that overlap, the first and longest counts.
    fn search(&self, text: &str, mut report: impl FnMut(usize, Span)) {
        let Some(names) = &self.names else { return };
        let mut hits: Vec<(usize, usize, usize)> = names
            .find_overlapping_iter(text)
            .map(|hit| (hit.start(), hit.end(), hit.pattern().as_usize()))
            .filter(|&(start, end, pattern)| self.patterns[pattern].counts(text, start, end))
            .collect();
        hits.sort_by_key(|&(start, end, pattern)| (start, std::cmp::Reverse(end), pattern));
        let mut free_from = 0;
        for (start, end, pattern) in hits {
            if start >= free_from {
                report(self.patterns[pattern].company, Span::new(start, end));
                free_from = end;
            }
        }
    }
}

impl Pattern {
    /// Whether a match is a whole word, and a symbol is marked as one.
    fn counts(&self, text: &str, start: usize, end: usize) -> bool {
        let before = text[..start].chars().next_back();
        let after = text[end..].chars().next();
        if self.bounded && (before.is_some_and(is_word_sign) || after.is_some_and(is_word_sign)) {
            return false;
        }
        match &self.exchange {
            None => true,
            Some(exchange) => {
                let lead = text[..start].trim_end();
                before == Some('$')
                    || lead
                        .strip_suffix(':')
                        .is_some_and(|lead| lead.trim_end().ends_with(exchange.as_str()))
            }
        }
    }
}

fn is_word_sign(character: char) -> bool {
    character.is_alphanumeric()
        || character == '_'
        || unicode_normalization::char::is_combining_mark(character)
}

/// Whether a script is written without spaces between words: kana, Han, Thai, Lao, Khmer, Burmese.
fn is_unspaced(character: char) -> bool {
    matches!(character,
        '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2fa1f}')
}

fn salience(mentions: &Mentions) -> Salience {
    if !mentions.title.is_empty() {
        Salience::Primary
    } else if !mentions.standfirst.is_empty() || mentions.body.len() > 1 {
        Salience::Secondary
    } else {
        Salience::Passing
    }
}

encoded!(enum Salience { 0 => Primary, 1 => Secondary, 2 => Passing });

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::diagnostic::Diagnostics;
    use crate::ground::path::SourcePath;

    const REGISTER: &str = "
- {name: Oracle, aliases: [Oracle Corp], tickers: ['NYSE:ORCL'], products: [OCI]}
- {name: Microsoft, people: [Satya Nadella]}
- {name: SoftBank, aliases: [ソフトバンク]}
- {name: Gap, match: never}
";

    fn check(title: &str, body: &str, expected: &[(&str, usize, Salience)]) {
        let file = SourcePath::new("content/companies.yaml").expect("a path");
        let mut problems = Diagnostics::new();
        let register = Register::parse(&file, REGISTER, &mut problems);
        assert!(problems.is_empty(), "{problems:?}");
        let visible = Visible {
            text: body.to_owned(),
            runs: Vec::new(),
        };
        let found = Tagger::new(&register).find(title, "", &visible);
        let shown: Vec<_> = found
            .iter()
            .map(|found| {
                (
                    register.companies()[found.company].name.as_str(),
                    found.mentions.count(),
                    found.salience,
                )
            })
            .collect();
        assert_eq!(shown, expected, "{title} / {body}");
    }

    #[test]
    fn whole_words_count() {
        use Salience::{Passing, Primary, Secondary};
        check(
            "Oracle grows",
            "Oracle Corp and Oracle's cloud",
            &[("Oracle", 3, Primary)],
        );
        check(
            "",
            "Microsoft. Oracle, Oracle",
            &[("Oracle", 2, Secondary), ("Microsoft", 1, Passing)],
        );
        check("", "Oracles, Microsofty, oracle", &[]);
        check(
            "",
            "$ORCL and (NYSE: ORCL) but not ORCL",
            &[("Oracle", 2, Secondary)],
        );
        check("", "Satya Nadella spoke", &[("Microsoft", 1, Passing)]);
        check("", "今日ソフトバンクは", &[("SoftBank", 1, Passing)]);
        check("", "Gap between the two", &[]);
    }

    #[test]
    fn an_empty_register_finds_nothing() {
        let tagger = Tagger::new(&Register::default());
        assert!(
            tagger
                .find(
                    "Oracle",
                    "",
                    &Visible {
                        text: "Oracle".into(),
                        runs: Vec::new()
                    }
                )
                .is_empty()
        );
    }
}
