//! Which places are mentions: what each has around it, then what the article as a whole says.

use std::collections::{BTreeMap, BTreeSet};

use super::evidence::{Evidence, Found, Weights};
use super::names::{Class, Kind, Name};
use super::search::{Candidate, Search};
use super::surroundings::{Block, Position, Style, Word};
use crate::reading::company::Company;
use crate::reading::words::{
    Cue, Meaning, Trades, is_common, is_place, is_plural_or_verb, is_verb_form, meaning,
};

/// A part of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The headline.
    Title,
    /// The standfirst.
    Standfirst,
    /// The body.
    Body,
}

/// A place, and what is known of it.
#[derive(Clone, Debug)]
pub struct Place {
    /// The part it stands in.
    pub part: Part,
    /// Where, and what of.
    pub candidate: Candidate,
    /// Whether its block is the first of the body.
    pub is_in_first_block: bool,
    /// What is true of it.
    pub found: Found,
    /// In hundredths of a logit: above zero it is rather a mention.
    pub score: i32,
    /// Whether its name could not be anything else.
    pub is_sure: bool,
    /// Whether its block is the name and nothing else.
    is_alone: bool,
    /// The places before and behind it in a list, by index.
    beside: [Option<usize>; 2],
}

/// What companies do, as the judge needs it.
#[derive(Debug)]
pub struct Profile {
    /// The trades it is in.
    pub trades: Trades,
    /// The words that the register asks for, folded and in lower case.
    pub context: Vec<String>,
}

impl Profile {
    /// What the register says of a company.
    pub fn new(company: &Company) -> Profile {
        let sector = company.sector.as_deref().unwrap_or_default();
        Profile {
            trades: crate::reading::words::trades(sector),
            context: company.context.iter().map(|word| word.to_lowercase()).collect(),
        }
    }
}

/// The register's part in judging.
#[derive(Clone, Copy, Debug)]
pub struct Judge<'r> {
    /// The names.
    pub search: &'r Search,
    /// The companies, by index in the register.
    pub profiles: &'r [Profile],
    /// How much each thing weighs.
    pub weights: &'r Weights,
}

/// The texts of an article.
#[derive(Clone, Copy, Debug)]
pub struct Texts<'t> {
    /// The headline.
    pub title: &'t str,
    /// The standfirst.
    pub standfirst: &'t str,
    /// The visible text of the body, blocks divided by `\n`.
    pub body: &'t str,
}

impl<'t> Texts<'t> {
    fn parts(&self) -> [(Part, &'t str); 3] {
        [
            (Part::Title, self.title),
            (Part::Standfirst, self.standfirst),
            (Part::Body, self.body),
        ]
    }
}

impl Judge<'_> {
    /// All places in an article, in order, judged.
    pub fn places(&self, texts: Texts<'_>) -> Vec<Place> {
        let mut places = Vec::new();
        for (part, text) in texts.parts() {
            self.look_around(part, text, &self.search.find(text), &mut places);
        }
        Self::look_along_lists(&mut places);
        self.score(&mut places);
        let is_doubtful = |place: &Place| !place.is_sure || place.found.has(Evidence::Small);
        if places.iter().any(is_doubtful) {
            let article = Article::read(texts, &places, self.profiles);
            // A list's companies support one another, so what was found in one round is heard in the next.
            for _ in 0..2 {
                self.look_elsewhere(&mut places, &article);
                self.score(&mut places);
            }
        }
        places
    }

    fn score(&self, places: &mut [Place]) {
        for place in places {
            place.score = self.weights.sum(place.found);
        }
    }

    /// The first pass: each place by its surroundings.
    fn look_around(&self, part: Part, text: &str, candidates: &[Candidate], places: &mut Vec<Place>) {
        let mut rest = candidates;
        let mut block_start = 0;
        let first_block_end = text.find('\n').unwrap_or(text.len());
        while let Some(first) = rest.first() {
            block_start = text[block_start..first.start]
                .rfind('\n')
                .map_or(block_start, |at| block_start + at + 1);
            let block_end = text[first.start..]
                .find('\n')
                .map_or(text.len(), |at| first.start + at);
            let count = rest.partition_point(|candidate| candidate.start < block_end);
            let (here, behind) = rest.split_at(count);
            rest = behind;
            let is_name = |at: usize| {
                let at = at + block_start;
                let behind = here.partition_point(|name| name.start <= at);
                behind.checked_sub(1).is_some_and(|last| at < here[last].end)
            };
            let block = Block::new(&text[block_start..block_end], is_name);
            let from = places.len();
            for candidate in here {
                let within = Candidate {
                    start: candidate.start - block_start,
                    end: candidate.end - block_start,
                    ..*candidate
                };
                let looked = Look {
                    judge: self,
                    block: &block,
                    here,
                    block_start,
                    place: within,
                    is_headline: part == Part::Title,
                };
                let found = looked.all();
                places.push(Place {
                    part,
                    candidate: *candidate,
                    is_in_first_block: part == Part::Body && block_end <= first_block_end,
                    found,
                    score: 0,
                    is_sure: found.has(Evidence::Sure) || found.has(Evidence::Symbol),
                    is_alone: looked.is_alone(),
                    beside: [None, None],
                });
            }
            // Neighbours in a list: a comma, "and" or a slash alone between them, or each alone in its line.
            for index in from.max(1)..places.len() {
                let (one, other) = (&places[index - 1], &places[index]);
                if one.part != part {
                    continue;
                }
                let are_alone = one.is_alone && other.is_alone;
                let (one, other) = (one.candidate, other.candidate);
                let between = text.get(one.end..other.start).unwrap_or_default();
                let is_gap = is_list_gap(between) || are_alone && between.matches('\n').count() == 1;
                if one.company != other.company && is_gap {
                    places[index].beside[0] = Some(index - 1);
                    places[index - 1].beside[1] = Some(index);
                }
            }
        }
    }

    /// Marks places that stand in a row of three or more.
    fn look_along_lists(places: &mut [Place]) {
        let mut start = 0;
        for index in 0..places.len() {
            if places[index].beside[0].is_none() {
                start = index;
            }
            if places[index].beside[1].is_none() && index - start >= 2 {
                for place in &mut places[start..=index] {
                    place.found.add(Evidence::ListOfNames);
                }
            }
        }
    }

    /// The second pass: each place by the rest of the article.
    fn look_elsewhere(&self, places: &mut [Place], article: &Article) {
        let known = Known::of(places, self.profiles);
        let before: Vec<(i32, bool)> = places.iter().map(|place| (place.score, place.is_sure)).collect();
        let mut contexts: BTreeMap<usize, bool> = BTreeMap::new();
        for place in places.iter_mut() {
            let company = place.candidate.company;
            if place.is_sure {
                let is_large = place
                    .candidate
                    .name
                    .is_some_and(|name| known.large.contains(&name));
                if place.found.has(Evidence::Small) && is_large {
                    place.found.add(Evidence::SmallBesideLarge);
                }
                continue;
            }
            let mut found = place.found.without_article();
            if found.is_decided() {
                place.found = found;
                continue;
            }
            // In a list one after the other, as far as it goes.
            let mut neighbours = [false, false];
            for neighbour in place.beside.into_iter().flatten() {
                let (score, is_sure) = before.get(neighbour).copied().unwrap_or_default();
                neighbours[0] |= is_sure && score > 0;
                neighbours[1] |= !is_sure && score > -150;
            }
            found.add_if(neighbours[0], Evidence::WithSure);
            found.add_if(!neighbours[0] && neighbours[1], Evidence::WithLikely);
            found.add_if(known.sure.contains(&company), Evidence::ElsewhereSure);
            let count = |counts: &BTreeMap<usize, usize>, key: Option<usize>| {
                key.and_then(|key| counts.get(&key)).copied().unwrap_or_default()
            };
            let likely = count(&known.likely, Some(company)) - usize::from(place.is_likely());
            found.add_if(likely > 0, Evidence::ElsewhereLikely);
            let people = count(&known.people, place.candidate.name) - usize::from(place.found.is_of_person());
            found.add_if(people > 0, Evidence::ElsewherePerson);
            let others = known.sure.len() - usize::from(known.sure.contains(&company));
            found.add_if(others == 0, Evidence::NoOther);
            found.add_if(others >= 3, Evidence::ManyOthers);
            let trades = self.profiles.get(company).map_or(0, |profile| profile.trades);
            found.add_if(known.has_other_in(trades, company), Evidence::TradeOther);
            found.add_if(article.speaks_of(trades), Evidence::TradeArticle);
            let share = article.business * 100 / article.words.max(1);
            found.add_if(share >= 7, Evidence::Business);
            // A few words prove nothing.
            found.add_if(share < 3 && article.words >= 40, Evidence::NoBusiness);
            if let Some(profile) = self
                .profiles
                .get(company)
                .filter(|profile| !profile.context.is_empty())
            {
                let is_given = *contexts
                    .entry(company)
                    .or_insert_with(|| profile.context.iter().any(|word| article.has(word)));
                found.add(match is_given {
                    true => Evidence::Context,
                    false => Evidence::NoContext,
                });
            }
            place.found = found;
        }
    }
}

/// What the places of an article tell of one another, counted once a round: an article may name a company
/// thousands of times.
struct Known {
    /// The companies with a sure mention.
    sure: BTreeSet<usize>,
    /// How many of them are in each trade.
    trades: [usize; 32],
    /// How many likely mentions a company has.
    likely: BTreeMap<usize, usize>,
    /// How many places of a name are somebody's name.
    people: BTreeMap<usize, usize>,
    /// Names that stand somewhere with their capitals.
    large: BTreeSet<usize>,
    /// The trades of each sure company.
    trades_of: BTreeMap<usize, Trades>,
}

impl Known {
    fn of(places: &[Place], profiles: &[Profile]) -> Known {
        let mut known = Known {
            sure: BTreeSet::new(),
            trades: [0; 32],
            likely: BTreeMap::new(),
            people: BTreeMap::new(),
            large: BTreeSet::new(),
            trades_of: BTreeMap::new(),
        };
        for place in places {
            let Candidate { company, name, .. } = place.candidate;
            if place.is_sure && place.score > 0 && known.sure.insert(company) {
                let trades = profiles.get(company).map_or(0, |profile| profile.trades);
                known.trades_of.insert(company, trades);
                for (trade, count) in known.trades.iter_mut().enumerate() {
                    *count += usize::from(trades & (1 << trade) != 0);
                }
            }
            if place.is_likely() {
                *known.likely.entry(company).or_default() += 1;
            }
            if let Some(name) = name {
                if place.found.is_of_person() {
                    *known.people.entry(name).or_default() += 1;
                }
                if !place.found.has(Evidence::Small) {
                    known.large.insert(name);
                }
            }
        }
        known
    }

    /// Whether a sure company other than this one is in one of these trades.
    fn has_other_in(&self, trades: Trades, company: usize) -> bool {
        let own = self.trades_of.get(&company).copied().unwrap_or_default();
        self.trades.iter().enumerate().any(|(trade, count)| {
            let is_asked = trades & (1 << trade) != 0;
            is_asked && *count > usize::from(own & (1 << trade) != 0)
        })
    }
}

impl Place {
    fn is_likely(&self) -> bool {
        !self.is_sure && self.score > 100
    }
}

impl Found {
    /// Whether the place is rather somebody's name.
    fn is_of_person(self) -> bool {
        self.has(Evidence::AfterPerson) || self.has(Evidence::ThenSurname)
    }

    /// Whether it is part of another name, whatever the rest of the article says.
    fn is_decided(self) -> bool {
        [
            Evidence::AfterPerson,
            Evidence::ThenSurname,
            Evidence::ThenBody,
            Evidence::ThenItself,
            Evidence::Quoted,
        ]
        .iter()
        .any(|evidence| self.has(*evidence))
    }

    /// Without what the second pass found.
    fn without_article(self) -> Found {
        let mut found = Found::default();
        let is_of_article = |evidence: Evidence| {
            evidence >= Evidence::ElsewhereSure
                || matches!(
                    evidence,
                    Evidence::WithSure | Evidence::WithLikely | Evidence::Context | Evidence::NoContext
                )
        };
        for evidence in self.iter().filter(|evidence| !is_of_article(*evidence)) {
            found.add(evidence);
        }
        found
    }
}

/// What an article says as a whole.
struct Article {
    /// How many words of business it has.
    business: usize,
    /// How many words it has.
    words: usize,
    /// How many words of each trade.
    trades: [u16; 32],
    /// Its words in lower case, where the register asks for words.
    text: Option<String>,
}

impl Article {
    fn read(texts: Texts<'_>, places: &[Place], profiles: &[Profile]) -> Article {
        let mut article = Article {
            business: 0,
            words: 0,
            trades: [0; 32],
            text: None,
        };
        for (_, text) in texts.parts() {
            for word in text.split(|sign: char| !sign.is_alphanumeric()) {
                if word.is_empty() {
                    continue;
                }
                article.words += 1;
                let Meaning { cues, trades } = meaning(word);
                article.business += usize::from(cues.has(Cue::Corporate));
                let mut rest = trades;
                while rest != 0 {
                    let trade = rest.trailing_zeros() as usize;
                    article.trades[trade] = article.trades[trade].saturating_add(1);
                    rest &= rest - 1;
                }
            }
        }
        let asks = |place: &Place| {
            !place.is_sure
                && profiles
                    .get(place.candidate.company)
                    .is_some_and(|profile| !profile.context.is_empty())
        };
        if places.iter().any(asks) {
            let all = texts.parts().map(|(_, text)| text.to_lowercase());
            article.text = Some(all.join("\n"));
        }
        article
    }

    fn speaks_of(&self, trades: Trades) -> bool {
        let count = |(trade, count): (usize, &u16)| match trades & (1 << trade) {
            0 => 0,
            _ => usize::from(*count),
        };
        self.trades
            .iter()
            .enumerate()
            .map(count)
            .max()
            .unwrap_or_default()
            >= 3 + self.words / 100
    }

    fn has(&self, word: &str) -> bool {
        let Some(text) = &self.text else { return false };
        text.match_indices(word).any(|(at, found)| {
            let is_open = |sign: Option<char>| !sign.is_some_and(char::is_alphanumeric);
            is_open(text[..at].chars().next_back()) && is_open(text[at + found.len()..].chars().next())
        })
    }
}

/// What may stand between two companies of a list.
fn is_list_gap(between: &str) -> bool {
    let between = between.trim_start_matches(['’', '\'']);
    let between = between
        .strip_prefix("s ")
        .map_or(between, |_| &between[1..])
        .trim();
    matches!(
        between,
        "," | ";"
            | "and"
            | "&"
            | "or"
            | "/"
            | ", and"
            | ", or"
            | "–"
            | "-"
            | "nor"
            | "und"
            | "et"
            | "y"
            | "、"
    )
}

/// One place in its block.
struct Look<'a> {
    judge: &'a Judge<'a>,
    block: &'a Block<'a>,
    /// All places of the block, as places of the text.
    here: &'a [Candidate],
    block_start: usize,
    place: Candidate,
    is_headline: bool,
}

impl Look<'_> {
    fn all(&self) -> Found {
        let mut found = Found::default();
        let name = self.place.name.and_then(|index| self.judge.search.name(index));
        let Some(name) = name else {
            found.add(Evidence::Symbol);
            return found;
        };
        let surface = self
            .block
            .text
            .get(self.place.start..self.place.end)
            .unwrap_or_default();
        self.name(name, surface, &mut found);
        let is_weak = name.class != Class::Sure;
        let after = self.after(name, surface, is_weak, &mut found);
        self.before(is_weak, after, &mut found);
        found.add_if(self.is_quoted(), Evidence::Quoted);
        let is_label = || {
            let before = self.block.text.get(..self.place.start).unwrap_or_default();
            let is_last = self.block.behind(self.place.end).is_none();
            self.is_alone() || is_last && before.trim_end().ends_with(':')
        };
        found.add_if(found.has(Evidence::Small) && is_label(), Evidence::SmallAlone);
        if is_weak {
            found.add_if(self.is_headline, Evidence::Headline);
            self.position(&mut found);
            self.near(name, &mut found);
        }
        found
    }

    fn name(&self, name: &Name, surface: &str, found: &mut Found) {
        found.add(match name.class {
            Class::Sure => Evidence::Sure,
            Class::Phrase => Evidence::Phrase,
            Class::Word => Evidence::Word,
            Class::Place => Evidence::Place,
            Class::People => Evidence::People,
            Class::Acronym => Evidence::Acronym,
        });
        found.add_if(
            name.class == Class::Word && name.is_of_people,
            Evidence::AlsoPeople,
        );
        let is_calendar = meaning(&name.folded).cues.has(Cue::Calendar);
        found.add_if(name.class != Class::Sure && is_calendar, Evidence::Calendar);
        let cues = meaning(&name.folded).cues;
        let is_small = [Cue::Function, Cue::Determiner, Cue::Pronoun, Cue::Auxiliary]
            .iter()
            .any(|cue| cues.has(*cue));
        found.add_if(name.class == Class::Word && is_small, Evidence::FunctionWord);
        found.add_if(name.kind == Kind::Product, Evidence::Product);
        found.add_if(name.kind == Kind::Person, Evidence::Person);
        let is_all_capitals =
            |text: &str| text.chars().any(char::is_uppercase) && !text.chars().any(char::is_lowercase);
        found.add_if(
            self.block.style != Style::Capitals && is_all_capitals(surface) && !is_all_capitals(&name.text),
            Evidence::Capitals,
        );
        found.add_if(
            name.text.chars().any(char::is_uppercase) && !surface.chars().any(char::is_uppercase),
            Evidence::Small,
        );
    }

    fn position(&self, found: &mut Found) {
        found.add(match (self.block.style, self.block.position(self.place.start)) {
            (Style::Title, _) => Evidence::TitleLine,
            (Style::Capitals, _) => Evidence::CapitalLine,
            // The capital of the second word says something wherever the first one stands.
            (Style::Sentence, _) if found.has(Evidence::Phrase) => Evidence::Middle,
            (_, Position::Beginning) => Evidence::Beginning,
            (_, Position::Maybe) => Evidence::BehindColon,
            (_, Position::Middle) => Evidence::Middle,
        });
        found.add_if(self.is_alone(), Evidence::Alone);
    }

    /// Whether the block is the name and nothing else.
    fn is_alone(&self) -> bool {
        self.here.len() == 1 && {
            let own = self.block.text.get(self.place.start..self.place.end);
            self.block.text.trim_matches(|sign: char| !sign.is_alphanumeric()) == own.unwrap_or_default()
        }
    }

    /// Whether another name of the register begins at, or ends at, a place of the block.
    fn begins_name(&self, at: usize) -> bool {
        let at = at + self.block_start;
        self.here.binary_search_by_key(&at, |other| other.start).is_ok()
    }

    fn ends_name(&self, at: usize) -> bool {
        let at = at + self.block_start;
        self.here.binary_search_by_key(&at, |other| other.end).is_ok()
    }

    /// What stands behind the name; whether it is what companies have or do.
    fn after(&self, name: &Name, surface: &str, is_weak: bool, found: &mut Found) -> bool {
        let text = self.block.text;
        let mut end = self.place.end;
        let tail = &text[end..];
        let is_possessive =
            ["'s", "’s"].iter().any(|ending| {
                tail.strip_prefix(ending)
                    .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            }) || (surface.ends_with('s') && tail.starts_with(['\'', '’']) && tail.contains(' '));
        if is_possessive {
            end = text[end..]
                .find(|sign: char| !matches!(sign, '\'' | '’' | 's'))
                .map_or(text.len(), |length| end + length);
        }
        let Some((index, next)) = self
            .block
            .behind(end)
            .and_then(|index| Some((index, self.block.words.get(index)?)))
        else {
            return false;
        };
        let gap = text.get(end..next.start).unwrap_or_default();
        let second = self.block.words.get(index + 1);
        let is_title = self.block.style != Style::Sentence;
        if gap.starts_with(['-', '‑', '‐']) && gap.chars().count() == 1 {
            let is_known = next.cues().has(Cue::Compound);
            // Anglo-American is a word of its own, however sure the name is.
            if is_known {
                found.add_if(is_weak, Evidence::ThenCompound);
            } else if next.is_capital && !is_title && !self.begins_name(next.start) {
                found.add(Evidence::ThenBody);
            } else if is_weak {
                found.add(Evidence::ThenHyphen);
            }
            return is_known;
        }
        if gap.trim_start().starts_with('(') {
            let is_ticker = second.is_some_and(|second| self.begins_name(second.start))
                || self.begins_name(next.start) && next.end - next.start <= 5;
            found.add_if(is_ticker && is_weak, Evidence::ThenTicker);
            return is_ticker;
        }
        if gap.trim_end() == "," && is_weak {
            // Acme, a maker of pumps; but "AMD, the eye disease".
            let opens = next.cues().has(Cue::Determiner) || is_participle(next);
            let is_plain = matches!(next.text, "a" | "an" | "the");
            let clause = self.block.words.iter().skip(index).take(7);
            let is_business = |word: &Word| cues_of_business(word) || word.cues().has(Cue::Descriptor);
            let is_known = !is_plain || clause.into_iter().any(is_business);
            found.add_if(opens && is_known, Evidence::ThenApposition);
            found.add_if(opens && !is_known, Evidence::ThenOtherApposition);
            return false;
        }
        if !gap.chars().all(|sign| matches!(sign, ' ' | '\u{a0}' | '*' | '_')) {
            return false;
        }
        let cues = next.cues();
        // A further part of a proper name: what it is decides, however sure the name is.
        if next.is_capital && self.block.style != Style::Capitals && !self.begins_name(next.start) {
            // Goldman's Bakery: somebody else's; but "Oracle's Park" may be the company's own.
            if cues.has(Cue::Body) && (!is_title || !is_common(&next.lower())) {
                found.add(Evidence::ThenBody);
                return false;
            }
            if cues.has(Cue::Body) {
                found.add_if(is_weak, Evidence::ThenBody);
                return false;
            }
        }
        if !is_weak {
            return false;
        }
        if is_possessive {
            let is_own = |word: &Word| cues_of_business(word);
            let near = self.block.words.iter().skip(index).take(3).any(is_own);
            found.add(match near {
                true => Evidence::ThenOwn,
                false => Evidence::ThenPossessive,
            });
            return near;
        }
        if next.is_number {
            found.add(Evidence::ThenNumber);
            return false;
        }
        if self.begins_name(next.start) {
            return false;
        }
        if cues.has(Cue::Legal) && (next.is_capital || self.block.style == Style::Capitals) {
            found.add(Evidence::ThenLegal);
            return true;
        }
        if next.is_capital && !is_title {
            return self.after_capital(name, next, second, found);
        }
        let lower = next.lower();
        if lower == "by" && second.is_some_and(|second| second.lower() == surface.to_lowercase()) {
            found.add(Evidence::ThenItself);
            return false;
        }
        // Rio de Janeiro.
        let is_particle = matches!(
            lower.as_str(),
            "de" | "da" | "do" | "del" | "di" | "von" | "van" | "la"
        );
        if is_particle && second.is_some_and(|second| second.is_capital) {
            found.add(Evidence::ThenBody);
            return false;
        }
        let (evidence, is_business) = self.kind_of_next(next, second, &lower);
        found.add(evidence);
        let is_first = self.block.position(self.place.start) == Position::Beginning;
        found.add_if(
            evidence == Evidence::ThenPlain && is_first && !is_title,
            Evidence::BeginningThenPlain,
        );
        found.add_if(
            evidence == Evidence::ThenFunction && is_first && !is_title,
            Evidence::BeginningThenFunction,
        );
        is_business
    }

    fn after_capital(&self, name: &Name, next: &Word, second: Option<&Word>, found: &mut Found) -> bool {
        let cues = next.cues();
        if cues.has(Cue::Follow) {
            found.add(Evidence::ThenFollow);
            return true;
        }
        if cues.has(Cue::Calendar) {
            return false;
        }
        if cues.has(Cue::Firm) {
            found.add(Evidence::ThenFirm);
            return false;
        }
        // A given name, then something that may be a surname; but not "Claude Code said".
        let is_person = name.is_of_people
            && crate::reading::words::is_given_name(&name.folded.to_lowercase())
            && !is_common(&next.lower())
            && !second.is_some_and(|second| second.is_capital && !second.cues().has(Cue::Function));
        found.add(match is_person {
            true => Evidence::ThenSurname,
            false => Evidence::ThenCapital,
        });
        false
    }

    /// What the next word is, where it is no further name, and whether that is business.
    fn kind_of_next(&self, next: &Word, second: Option<&Word>, lower: &str) -> (Evidence, bool) {
        let cues = next.cues();
        match () {
            () if is_plural_or_verb(lower)
                && !cues.has(Cue::Follow)
                && !second.is_some_and(begins_object) =>
            {
                (Evidence::ThenEither, false)
            }
            () if cues.has(Cue::Speech) => (Evidence::ThenSpeech, true),
            () if cues.has(Cue::Auxiliary) => (Evidence::ThenAuxiliary, true),
            () if cues.has(Cue::Follow) => (Evidence::ThenFollow, true),
            () if cues.has(Cue::Verb) || cues.has(Cue::Past) => (Evidence::ThenVerb, true),
            () if cues.has(Cue::Determiner) || cues.has(Cue::Pronoun) => (Evidence::ThenDeterminer, false),
            () if lower == "of" => (Evidence::ThenOf, false),
            () if cues.has(Cue::Function) => (Evidence::ThenFunction, false),
            () if lower.len() > 4 && lower.ends_with("ly") => {
                let is_verb = |word: &Word| {
                    word.cues().has(Cue::Verb) || word.cues().has(Cue::Speech) || word.lower().ends_with("ed")
                };
                match second.is_some_and(is_verb) {
                    true => (Evidence::ThenVerb, true),
                    false => (Evidence::ThenFunction, false),
                }
            }
            () if is_verb_form(lower) || lower.len() > 4 && lower.ends_with("ed") => {
                (Evidence::ThenOtherVerb, true)
            }
            // Narrows its loss: a plural would not have an article behind it.
            () if lower.len() > 3
                && lower.ends_with('s')
                && second.is_some_and(|second| second.cues().has(Cue::Determiner)) =>
            {
                (Evidence::ThenOtherVerb, true)
            }
            () => (Evidence::ThenPlain, false),
        }
    }

    fn before(&self, is_weak: bool, is_followed: bool, found: &mut Found) {
        let text = self.block.text;
        let start = self.place.start;
        let Some((index, last)) = self
            .block
            .before(start)
            .and_then(|index| Some((index, self.block.words.get(index)?)))
        else {
            return;
        };
        let mut gap_start = last.end;
        if last.is_possessive {
            gap_start = text[last.end..start]
                .find(' ')
                .map_or(last.end, |length| last.end + length);
        }
        let gap = text.get(gap_start..start).unwrap_or_default();
        if gap.ends_with(['-', '‑', '‐']) && gap.chars().count() == 1 {
            let is_known = last.cues().has(Cue::Prefix);
            match (is_known, is_weak) {
                (true, true) => found.add(Evidence::AfterPrefix),
                // Minas-Rio is a name of its own.
                (false, true) if last.is_capital && !self.ends_name(last.end) => {
                    found.add(Evidence::AfterPerson)
                }
                (false, true) => found.add(Evidence::AfterHyphen),
                _ => {}
            }
            return;
        }
        let written = last.text;
        let is_initial = written.chars().count() == 1 && last.is_capital && gap.trim() == ".";
        let is_capitals = self.block.style == Style::Capitals;
        let is_honorific = last.cues().has(Cue::Honorific) && last.is_capital && !is_capitals;
        let is_plain_gap = gap.chars().all(|sign| matches!(sign, ' ' | '\u{a0}' | '*' | '_'));
        if is_honorific
            && (is_plain_gap || gap.trim() == ".")
            && self.block.position(last.start) == Position::Middle
            || is_honorific && gap.trim() == "."
            || is_initial && !self.ends_name(last.end)
        {
            found.add(Evidence::AfterPerson);
            return;
        }
        if !is_plain_gap || self.ends_name(last.end) {
            return;
        }
        // Paris is a place before a company, and somebody before Hilton.
        let may_be_given =
            found.has(Evidence::People) || found.has(Evidence::AlsoPeople) || !is_place(&last.lower());
        let is_given = !last.is_possessive && !is_capitals && may_be_given && self.block.is_given_name(last);
        if is_given && (is_weak || self.block.style == Style::Sentence) {
            found.add(Evidence::AfterPerson);
            return;
        }
        if !is_weak {
            return;
        }
        if last.is_possessive {
            found.add(Evidence::AfterPossessive);
        } else if last.cues().has(Cue::Descriptor) {
            found.add(Evidence::AfterDescriptor);
        } else if last.cues().has(Cue::Determiner) {
            found.add(Evidence::AfterDeterminer);
            found.add_if(
                found.has(Evidence::Place) && last.text.eq_ignore_ascii_case("the"),
                Evidence::AfterThe,
            );
            found.add_if(is_followed, Evidence::AfterDeterminerButFollowed);
        } else if last.cues().has(Cue::Function) {
            found.add(Evidence::AfterPreposition);
        } else if last.is_capital
            && self.block.style == Style::Sentence
            && !last.cues().has(Cue::Calendar)
            && !(self.block.position(last.start) != Position::Middle && is_common(&last.lower()))
        {
            found.add(Evidence::AfterCapital);
        } else if let Some(before) = index.checked_sub(1).and_then(|index| self.block.words.get(index)) {
            // The embattled Gap.
            let is_adjective =
                !last.is_capital && last.cues().is_empty() && before.cues().has(Cue::Determiner);
            found.add_if(
                is_adjective && text.get(before.end..last.start) == Some(" "),
                Evidence::AfterDeterminer,
            );
            found.add_if(
                is_adjective && is_followed && text.get(before.end..last.start) == Some(" "),
                Evidence::AfterDeterminerButFollowed,
            );
        }
    }

    /// Whether the name stands in a title in quotation marks, which is a work rather than speech.
    fn is_quoted(&self) -> bool {
        let text = self.block.text;
        let before = near_end(text.get(..self.place.start).unwrap_or_default());
        let after = near_start(text.get(self.place.end..).unwrap_or_default());
        let Some(open) = before.rfind(['“', '"', '«', '„', '‘']) else {
            return false;
        };
        let Some(close) = after.find(['”', '"', '»', '“']) else {
            return false;
        };
        let inside_before = before[open..].trim_start_matches(['“', '"', '«', '„', '‘']);
        let inside_after = &after[..close];
        let words = inside_before.split_whitespace().count() + inside_after.split_whitespace().count();
        let has_end = |part: &str| part.contains(['.', ',', '!', '?', '”', ';']);
        let is_small = |word: &str| word.chars().next().is_some_and(char::is_lowercase);
        // A title has its capitals; one word alone in quotation marks is a word that is spoken of.
        words <= 3
            && !has_end(inside_before)
            && !has_end(inside_after)
            && !inside_before
                .split_whitespace()
                .chain(inside_after.split_whitespace())
                .any(|word| is_small(word) && !meaning(word).cues.has(Cue::Function))
    }

    /// How many words to either side are near.
    const NEAR: usize = 9;

    fn near(&self, name: &Name, found: &mut Found) {
        let words = &self.block.words;
        let from = self.block.before(self.place.start).map_or(0, |index| index + 1);
        let to = self.block.behind(self.place.end).unwrap_or(words.len());
        let around = || {
            words
                .iter()
                .take(from)
                .skip(from.saturating_sub(Self::NEAR))
                .chain(words.iter().skip(to).take(Self::NEAR))
        };
        let business = around().filter(|word| word.cues().has(Cue::Corporate)).count();
        found.add_if(business > 0, Evidence::NearBusiness);
        found.add_if(business > 2, Evidence::NearMoreBusiness);
        let is_money = |word: &Word| {
            let before = self.block.text.get(..word.start).unwrap_or_default();
            let behind = self.block.text.get(word.end..).unwrap_or_default();
            word.is_number
                && (before.ends_with(['$', '€', '£', '¥'])
                    || behind.starts_with('%')
                    || behind.starts_with(" per cent"))
        };
        found.add_if(around().any(is_money), Evidence::NearMoney);
        let trades = self
            .judge
            .profiles
            .get(name.company)
            .map_or(0, |profile| profile.trades);
        found.add_if(
            around().any(|word| word.trades() & trades != 0),
            Evidence::NearTrade,
        );
    }
}

/// How much of a block is looked at for quotation marks, in bytes: a title is no longer.
const NEAR_BYTES: usize = 120;

/// The last bytes of a text.
fn near_end(text: &str) -> &str {
    let mut from = text.len().saturating_sub(NEAR_BYTES);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    &text[from..]
}

/// The first bytes of a text.
fn near_start(text: &str) -> &str {
    let mut to = text.len().min(NEAR_BYTES);
    while !text.is_char_boundary(to) {
        to -= 1;
    }
    &text[..to]
}

/// Whether a word begins a remark on the name before it: Acme, based in Ohio.
fn is_participle(word: &Word) -> bool {
    !word.is_capital
        && (word.cues().has(Cue::Compound)
            || matches!(
                word.text,
                "now"
                    | "once"
                    | "formerly"
                    | "long"
                    | "known"
                    | "maker"
                    | "owner"
                    | "founded"
                    | "headquartered"
            ))
}

/// Whether a word begins what a verb is about: plans to, names a, prices it. A plural has none behind it.
fn begins_object(word: &Word) -> bool {
    let cues = word.cues();
    cues.has(Cue::Determiner)
        || cues.has(Cue::Pronoun)
        || word.is_number
        || matches!(word.text, "to" | "that")
}

fn cues_of_business(word: &Word) -> bool {
    word.cues().has(Cue::Corporate) || word.cues().has(Cue::Follow)
}
