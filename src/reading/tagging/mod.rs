//! Tagging: finds the register's companies in an article's visible text.
//!
//! Texts in, companies with mentions, confidence and salience out, from that article, the register and the
//! embedded word lists alone. In four steps, each in a file of its own: `search` finds where names stand,
//! `surroundings` takes the text around them apart, `judge` weighs what speaks for and against each
//! place (`evidence` has the weights), and this file sums up for each company. Why the evidence is what it
//! is, and what each piece is worth, stands in docs/TAGGING.md.

mod evidence;
mod fold;
mod judge;
mod names;
mod search;
mod surroundings;

use std::collections::BTreeMap;

use super::company::Register;
use super::markdown::Visible;
use crate::ground::encoding::encoded;
use crate::ground::span::Span;
use judge::{Judge, Place, Profile, Texts};
use search::Search;

pub use evidence::{Evidence, Found as Evidences, GUESSES, WEIGHTS, Weights};
pub use fold::fold;
pub use judge::Part;
pub use names::{Class, class_of};

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
    /// The mention that says most.
    pub best: (Part, Span),
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

    fn add(&mut self, place: &Place) {
        let span = Span::new(place.candidate.start, place.candidate.end);
        match place.part {
            Part::Title => self.title.push(span),
            Part::Standfirst => self.standfirst.push(span),
            Part::Body => self.body.push(span),
        }
    }
}

/// The register made ready for finding its names. Built once a build.
#[derive(Debug)]
pub struct Tagger {
    search: Search,
    profiles: Vec<Profile>,
    weights: Weights,
}

/// One place and what was made of it, for those who set weights.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Trial {
    /// The company's index in the register.
    pub company: usize,
    /// 0 for the headline, 1 for the standfirst, 2 for the body.
    pub part: u8,
    /// The place in that text.
    pub span: Span,
    /// What is true of it.
    pub evidence: Evidences,
    /// Hundredths of a logit.
    pub score: i32,
}

impl Tagger {
    /// Prepares the names of a register.
    pub fn new(register: &Register) -> Tagger {
        Tagger::with_weights(register, WEIGHTS)
    }

    /// Prepares the names of a register, with weights that are being tried.
    #[doc(hidden)]
    pub fn with_weights(register: &Register, weights: Weights) -> Tagger {
        Tagger {
            search: Search::new(register),
            profiles: register.companies().iter().map(Profile::new).collect(),
            weights,
        }
    }

    /// The companies of an article, most salient first.
    pub fn find(&self, title: &str, standfirst: &str, body: &Visible) -> Vec<Found> {
        let places = self.places(title, standfirst, body);
        if places.is_empty() {
            return Vec::new();
        }
        let mut companies: BTreeMap<usize, Sum> = BTreeMap::new();
        for place in &places {
            companies.entry(place.candidate.company).or_default().add(place);
        }
        let has_headline = companies
            .values()
            .any(|sum| sum.is_tagged() && !sum.mentions.title.is_empty());
        let mut found: Vec<(Found, u32)> = companies
            .into_iter()
            .map(|(company, sum)| {
                let points = sum.points();
                let found = Found {
                    company,
                    confidence: sum.confidence(),
                    salience: sum.salience(has_headline),
                    mentions: sum.mentions,
                    best: sum.best.map_or((Part::Body, Span::new(0, 0)), |(_, place)| place),
                };
                (found, points)
            })
            .collect();
        found.sort_by_key(|(found, points)| {
            let first = found.mentions.title.first().or(found.mentions.body.first());
            (
                found.confidence < TAGGED,
                found.salience,
                std::cmp::Reverse(*points),
                first.map_or(u32::MAX, |span| span.start),
                found.company,
            )
        });
        found.into_iter().map(|(found, _)| found).collect()
    }

    fn places(&self, title: &str, standfirst: &str, body: &Visible) -> Vec<Place> {
        let judge = Judge {
            search: &self.search,
            profiles: &self.profiles,
            weights: &self.weights,
        };
        judge.places(Texts {
            title,
            standfirst,
            body: &body.text,
        })
    }

    /// How many places of a text may be mentions, before they are judged: for measuring.
    #[doc(hidden)]
    pub fn candidates(&self, text: &str) -> usize {
        self.search.find(text).len()
    }

    /// Every place with its evidence.
    #[doc(hidden)]
    pub fn trials(&self, title: &str, standfirst: &str, body: &Visible) -> Vec<Trial> {
        let places = self.places(title, standfirst, body);
        let trial = |place: Place| Trial {
            company: place.candidate.company,
            part: place.part as u8,
            span: Span::new(place.candidate.start, place.candidate.end),
            evidence: place.found,
            score: place.score,
        };
        places.into_iter().map(trial).collect()
    }
}

/// What speaks for one company.
#[derive(Default)]
struct Sum {
    /// The best place's score, in hundredths of a logit, and where it is.
    best: Option<(i32, (Part, Span))>,
    /// How many places hold.
    count: usize,
    is_in_first_block: bool,
    /// The places that hold; those that do not where none does.
    mentions: Mentions,
}

impl Sum {
    fn add(&mut self, place: &Place) {
        let holds = place.score > 0;
        if holds && self.count == 0 {
            // What was gathered as doubtful gives way to what holds.
            self.mentions = Mentions::default();
        }
        if holds || self.count == 0 {
            self.mentions.add(place);
        }
        self.count += usize::from(holds);
        if self.best.is_none_or(|(best, _)| place.score > best) {
            let span = Span::new(place.candidate.start, place.candidate.end);
            self.best = Some((place.score, (place.part, span)));
        }
        self.is_in_first_block |= holds && place.is_in_first_block;
    }

    fn is_tagged(&self) -> bool {
        self.best.is_some_and(|(best, _)| best > 0)
    }

    /// The logistic of the best place, and a little more for each further one.
    fn confidence(&self) -> u16 {
        let further = i32::try_from(self.count.saturating_sub(1).min(4)).unwrap_or_default();
        let score =
            self.best.map_or(i32::MIN / 2, |(best, _)| best) + 40 * further * i32::from(self.is_tagged());
        match self.is_tagged() {
            true => logistic(score),
            false => logistic(score).min(TAGGED - 1),
        }
    }

    /// How much of the article is about the company: the headline first, then the beginning, then how often.
    fn points(&self) -> u32 {
        let count = u32::try_from(self.count.min(8)).unwrap_or(8);
        let mut points = 2 * count;
        points += if self.mentions.title.is_empty() { 0 } else { 8 };
        points += if self.is_early() { 4 } else { 0 };
        points
    }

    fn is_early(&self) -> bool {
        self.is_in_first_block || !self.mentions.standfirst.is_empty()
    }

    fn salience(&self, has_headline: bool) -> Salience {
        let is_main = !self.mentions.title.is_empty()
            || self.is_early() && self.count >= 3
            || !has_headline && (self.is_early() && self.count >= 2 || self.count >= 3);
        if is_main {
            Salience::Primary
        } else if self.is_early() || self.count > 1 {
            Salience::Secondary
        } else {
            Salience::Passing
        }
    }
}

/// The logistic function of hundredths of a logit, in thousandths: a table of its values at whole steps, so that
/// every machine gives the same.
fn logistic(score: i32) -> u16 {
    /// The logistic of 0, 0.25, 0.5 … 6, in thousandths.
    const VALUES: [u16; 25] = [
        500, 562, 622, 679, 731, 777, 818, 852, 881, 905, 924, 940, 953, 963, 971, 977, 982, 986, 989, 991,
        993, 995, 996, 997, 998,
    ];
    let size = score.unsigned_abs() as usize;
    let step = (size / 25).min(VALUES.len() - 2);
    let (low, high) = (VALUES[step], VALUES[step + 1]);
    let part = u16::try_from((size - step * 25).min(25)).unwrap_or(25);
    let value = low + (high - low) * part / 25;
    match score < 0 {
        true => 1000 - value,
        false => value,
    }
}

encoded!(enum Salience { 0 => Primary, 1 => Secondary, 2 => Passing });
#[cfg(test)]
mod tests {
    use proptest::strategy::Strategy;

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
            "In Texas\nOracle grew, and Oracle's shares with it, said Microsoft.",
            &[("Oracle", 2, Secondary), ("Microsoft", 1, Passing)],
        );
        check("", "Oracles, Microsofty, oracle", &[]);
        check(
            "",
            "$ORCL and (NYSE: ORCL) but not ORCL",
            &[("Oracle", 2, Primary)],
        );
        check("", "It is so.\nSatya Nadella spoke", &[("Microsoft", 1, Passing)]);
        check("", "今日ソフトバンクは", &[("SoftBank", 1, Secondary)]);
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

    /// Comparing each mention with all others, or looking from each through its whole block, would take hours.
    #[test]
    fn many_mentions_take_no_longer_each() {
        let file = SourcePath::new("content/companies.yaml").expect("a path");
        let register = Register::parse(&file, TRICKY, &mut Diagnostics::new());
        let tagger = Tagger::new(&register);
        let count = 20_000;
        for unit in [
            "Oracle and so on, ",
            "Oracle/",
            "“Next, ",
            "oracle bone ",
            "$ORCL ",
            "Best Buy\n",
            "A:Chase ",
        ] {
            let text = unit.repeat(count);
            let visible = Visible {
                text,
                runs: Vec::new(),
            };
            let found = tagger.find("", "", &visible);
            let mentions: usize = found.iter().map(|found| found.mentions.count()).sum();
            assert!(mentions == count || unit == "oracle bone ", "{unit}: {mentions}");
        }
    }

    const TRICKY: &str = "
- {name: Oracle, aliases: [Ørsted, 'L’Oréal'], products: [OCI, iPhone], tickers: ['NYSE:ORCL', 'TYO:9984'], not: ['oracle bone']}
- {name: Best Buy, aliases: [Next, The Gap], people: [Ann Long], sector: Retail}
- {name: ソフトバンク, aliases: [삼성전자, 汇丰, Яндекс, May], context: [bank]}
- {name: 3M, aliases: [AT&T, X, Amazon], match: exact}
- {name: Boots, aliases: [Amazon.com, Chase, Claude]}
";

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig::with_cases(600))]

        /// Whatever a text holds: no panic, places on whole characters and within the text, in order and none
        /// within another, and the same answer each time.
        #[test]
        fn any_text_can_be_tagged(
            parts in proptest::collection::vec(
                proptest::prop_oneof![
                    proptest::sample::select(vec![
                        "Oracle", "oracle bone", "ORACLE", "Ørsted", "Orsted", "L'Ore\u{301}al", "iPhones", "$ORCL", "NYSE: ORCL",
                        "(ORCL)", "TYO:9984", "Best Buy", "Next", "next", "The Gap", "Ann Long", "ソフトバンクの", "삼성전자는",
                        "汇丰", "Яндекса", "May", "3M", "AT&T", "X", "Amazon", "amazon.com/x", "@boots", "Boots’", "Boots'", "Chase",
                        "Claude", "Mr.", "’", "’s", "'s ", "“", "”", "\u{a0}", "\n", " ", ". ", ", ", "-", "—", "–", ":", "(", "$",
                        "said ", "and ", "the ", "of ", "Foundation ", "e\u{301}", "\u{ad}", "É", "한", "7% ", "shares ",
                    ]).prop_map(str::to_owned),
                    "\\PC{0,3}",
                ],
                0..24
            ),
            at in 0..24usize,
        ) {
            use proptest::prelude::*;
            let file = SourcePath::new("content/companies.yaml").expect("a path");
            let register = Register::parse(&file, TRICKY, &mut Diagnostics::new());
            let tagger = Tagger::new(&register);
            let (title, body) = parts.split_at(at.min(parts.len()));
            let (title, body) = (title.concat().replace('\n', " "), body.concat());
            let visible = Visible { text: body.clone(), runs: Vec::new() };
            let found = tagger.find(&title, "", &visible);
            prop_assert_eq!(&found, &tagger.find(&title, "", &visible));
            let mut places: Vec<(bool, Span)> = Vec::new();
            for company in &found {
                prop_assert!(company.confidence <= 1000);
                let mentions = &company.mentions;
                prop_assert!(mentions.count() > 0);
                for (text, spans) in [(&title, &mentions.title), (&body, &mentions.body)] {
                    for span in spans {
                        let shown = text.get(span.start as usize..span.end as usize);
                        prop_assert!(shown.is_some_and(|shown| !shown.trim().is_empty()), "{:?}", span);
                        places.push((std::ptr::eq(text, &title), *span));
                    }
                }
            }
            places.sort();
            let is_apart = |pair: &[(bool, Span)]| pair[0].0 != pair[1].0 || pair[0].1.end <= pair[1].1.start;
            prop_assert!(places.windows(2).all(is_apart), "{:?}", places);
        }
    }
}
