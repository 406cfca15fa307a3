//! Where names of the register stand in a text, before anybody asks what they mean there.

use std::collections::BTreeMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use unicode_normalization::char::is_combining_mark;

use super::fold::Folded;
use super::names::{Kind, Name, names_of};
use crate::reading::company::{Matching, Register};

/// The names of a register, ready to be found.
#[derive(Debug)]
pub struct Search {
    /// `None` where there is nothing to look for.
    automaton: Option<AhoCorasick>,
    names: Vec<Name>,
    /// The companies of each symbol, with the exchange: symbols count only where they are marked.
    symbols: BTreeMap<String, Vec<(String, usize)>>,
}

/// A place that may be a mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// First byte.
    pub start: usize,
    /// Byte behind the last.
    pub end: usize,
    /// The company's index in the register.
    pub company: usize,
    /// The name's index; `None` for a symbol of an exchange.
    pub name: Option<usize>,
}

impl Search {
    /// Prepares the names of a register.
    pub fn new(register: &Register) -> Search {
        let mut names = Vec::new();
        let mut symbols: BTreeMap<String, Vec<(String, usize)>> = BTreeMap::new();
        for (index, company) in register.companies().iter().enumerate() {
            names.extend(names_of(index, company));
            if company.matching == Matching::Never {
                continue;
            }
            for ticker in &company.tickers {
                if let Some((exchange, symbol)) = ticker.split_once(':') {
                    let (exchange, symbol) = (exchange.trim().to_uppercase(), symbol.trim());
                    if !symbol.is_empty() {
                        let companies = symbols.entry(symbol.to_owned()).or_default();
                        companies.push((exchange, index));
                    }
                }
            }
        }
        // The table that is fastest to read has a row for each letter of each name: some megabytes for a large
        // register, and out of proportion for a directory.
        let kind = (names.len() <= MOST_IN_TABLE).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .ascii_case_insensitive(true)
            .kind(kind)
            .build(names.iter().map(|name| &name.folded))
            .ok();
        Search {
            automaton: automaton.filter(|_| !names.is_empty()),
            names,
            symbols,
        }
    }

    /// A name by its index.
    pub fn name(&self, index: usize) -> Option<&Name> {
        self.names.get(index)
    }

    /// The places in a text that may be mentions, in order, none within another.
    pub fn find(&self, text: &str) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        let mut vetoes: Vec<Candidate> = Vec::new();
        if let Some(automaton) = &self.automaton {
            let folded = Folded::new(text);
            for hit in automaton.find_overlapping_iter(folded.text.as_ref()) {
                let index = hit.pattern().as_usize();
                let (Some(start), Some(end)) = (folded.start(hit.start()), folded.end(hit.end())) else {
                    continue;
                };
                let (Some(name), Some(surface)) = (self.names.get(index), text.get(start..end)) else {
                    continue;
                };
                if !stands_alone(text, start, end, name)
                    || !name.allows(surface)
                    || is_in_address(text, start, end)
                {
                    continue;
                }
                let list = match name.kind {
                    Kind::Not => &mut vetoes,
                    _ => &mut found,
                };
                list.push(Candidate {
                    start,
                    end,
                    company: name.company,
                    name: Some(index),
                });
            }
        }
        if !self.symbols.is_empty() {
            self.find_symbols(text, &mut found);
        }
        if !vetoes.is_empty() {
            vetoes.sort_by_key(|veto| veto.start);
            let longest = vetoes
                .iter()
                .map(|veto| veto.end - veto.start)
                .max()
                .unwrap_or_default();
            found.retain(|candidate| {
                let from = vetoes.partition_point(|veto| veto.start + longest <= candidate.start);
                let near = vetoes[from..]
                    .iter()
                    .take_while(|veto| veto.start < candidate.end);
                !near
                    .filter(|veto| veto.company == candidate.company)
                    .any(|veto| candidate.start < veto.end)
            });
        }
        keep_longest(&mut found, &self.names);
        self.find_bracketed_symbols(text, &mut found);
        found
    }

    /// `$MSFT` and `NASDAQ: MSFT`.
    fn find_symbols(&self, text: &str, found: &mut Vec<Candidate>) {
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(offset) = bytes[at..].iter().position(|byte| matches!(byte, b'$' | b':')) {
            let mark = at + offset;
            at = mark + 1;
            let rest = &text[at..];
            let spaces = rest.len() - rest.trim_start_matches([' ', '\u{a0}']).len();
            let is_dollar = bytes[mark] == b'$';
            let before = text[..mark].chars().next_back();
            if is_dollar && (spaces > 0 || before.is_some_and(is_word_sign)) {
                continue;
            }
            let start = at + spaces;
            let Some((symbol, companies)) = self.symbol_at(text, start) else {
                continue;
            };
            let company = if is_dollar {
                let is_number = symbol.bytes().all(|byte| byte.is_ascii_digit());
                (!is_number)
                    .then(|| only(companies).or_else(|| american(companies)))
                    .flatten()
            } else {
                let word_start = text[..mark]
                    .rfind(|character: char| !character.is_ascii_alphabetic())
                    .map_or(0, |at| at + 1);
                let exchange = text
                    .get(word_start..mark)
                    .unwrap_or_default()
                    .to_ascii_uppercase();
                let named = companies.iter().find(|(own, _)| *own == exchange);
                named.map(|(_, company)| *company).or_else(|| {
                    // The same share is traded at more than one place.
                    EXCHANGES
                        .contains(&exchange.as_str())
                        .then(|| only(companies))
                        .flatten()
                })
            };
            found.extend(company.map(|company| Candidate {
                start,
                end: start + symbol.len(),
                company,
                name: None,
            }));
        }
    }

    /// `Microsoft (MSFT)`: in brackets right behind a name of the same company.
    fn find_bracketed_symbols(&self, text: &str, found: &mut Vec<Candidate>) {
        let mut more = Vec::new();
        for candidate in found.iter() {
            let rest = text.get(candidate.end..).unwrap_or_default();
            let Some(inside) = rest.strip_prefix(" (").or_else(|| rest.strip_prefix("\u{a0}(")) else {
                continue;
            };
            let start = text.len() - inside.len();
            let Some((symbol, companies)) = self.symbol_at(text, start) else {
                continue;
            };
            let is_own = companies.iter().any(|(_, company)| *company == candidate.company);
            if is_own && symbol.len() > 1 && inside[symbol.len()..].starts_with([')', '.', ',']) {
                more.push(Candidate {
                    start,
                    end: start + symbol.len(),
                    company: candidate.company,
                    name: None,
                });
            }
        }
        if !more.is_empty() {
            found.extend(more);
            keep_longest(found, &self.names);
        }
    }

    /// The symbol that begins at a place, and whose it may be.
    fn symbol_at<'t>(&self, text: &'t str, start: usize) -> Option<(&'t str, &[(String, usize)])> {
        let rest = text.get(start..)?;
        let length = rest
            .find(|character: char| !(character.is_ascii_alphanumeric() || matches!(character, '.' | '-')))
            .unwrap_or(rest.len());
        let symbol = rest[..length].trim_end_matches(['.', '-']);
        let is_ended = !rest[symbol.len()..].starts_with(is_word_sign);
        let known = |symbol: &'t str| Some((symbol, self.symbols.get(symbol)?.as_slice()));
        let plain = || known(symbol.split(['.', '-']).next().unwrap_or_default());
        known(symbol).or_else(plain).filter(|_| is_ended)
    }
}

/// Up to how many names the search is a table.
const MOST_IN_TABLE: usize = 2000;

/// Places where shares are traded, as texts name them.
const EXCHANGES: [&str; 36] = [
    "NYSE", "NASDAQ", "AMEX", "LSE", "LON", "AIM", "ETR", "FRA", "XETRA", "EPA", "EURONEXT", "AMS", "BRU",
    "SWX", "SIX", "VTX", "BIT", "BME", "MIL", "STO", "HEL", "CPH", "OSL", "TSE", "TYO", "TSX", "ASX", "HKEX",
    "HKG", "SSE", "SHA", "SHE", "KRX", "NSE", "BSE", "SGX",
];

fn only(companies: &[(String, usize)]) -> Option<usize> {
    let (_, first) = companies.first()?;
    companies
        .iter()
        .all(|(_, other)| other == first)
        .then_some(*first)
}

/// A dollar sign stands for a share that is traded in America, where others have the symbol elsewhere.
fn american(companies: &[(String, usize)]) -> Option<usize> {
    let is_american = |exchange: &str| matches!(exchange, "NYSE" | "NASDAQ" | "AMEX");
    let mut traded = companies.iter().filter(|(exchange, _)| is_american(exchange));
    let first = traded.next().map(|(_, company)| *company);
    first.filter(|_| traded.next().is_none())
}

/// Of places that overlap the one that begins first stays, of these the longest, of these an own
/// name before a product.
fn keep_longest(candidates: &mut Vec<Candidate>, names: &[Name]) {
    let rank = |candidate: &Candidate| match candidate.name.and_then(|name| names.get(name)) {
        Some(name) => name.kind as usize + 1,
        None => 0,
    };
    candidates.sort_by_key(|candidate| {
        (
            candidate.start,
            std::cmp::Reverse(candidate.end),
            rank(candidate),
            candidate.company,
        )
    });
    let mut free_from = 0;
    candidates.retain(|candidate| {
        let is_free = candidate.start >= free_from;
        if is_free {
            free_from = candidate.end;
        }
        is_free
    });
}

/// Whether a name is a whole word where it stands.
fn stands_alone(text: &str, start: usize, end: usize, name: &Name) -> bool {
    let (Some(before), Some(after)) = (text.get(..start), text.get(end..)) else {
        return false;
    };
    let (first, last) = (name.text.chars().next(), name.text.chars().next_back());
    let before = before.chars().next_back().filter(|&sign| is_word_sign(sign));
    let starts = match (before, first.map(script)) {
        (None, _) => true,
        (Some(sign), Some(own @ (Script::Ideographs | Script::Katakana | Script::Unspaced))) => {
            own != Script::Katakana || script(sign) != Script::Katakana
        }
        (Some(sign), Some(own)) => own == Script::Spaced && is_unspaced(sign),
        (Some(_), None) => false,
    };
    starts && is_ended(text.get(start..end).unwrap_or_default(), after, last, name)
}

/// Whether the word ends with the name, but for an ending that words of its script take.
fn is_ended(written: &str, after: &str, last: Option<char>, name: &Name) -> bool {
    let Some(next) = after.chars().next().filter(|&sign| is_word_sign(sign)) else {
        return true;
    };
    let letters = || {
        after
            .chars()
            .take_while(|&sign| is_word_sign(sign))
            .collect::<String>()
    };
    match last.map(script) {
        Some(Script::Ideographs | Script::Unspaced | Script::Hangul) => true,
        Some(Script::Katakana) => script(next) != Script::Katakana,
        Some(Script::Cyrillic) => CYRILLIC_ENDINGS.contains(&letters().to_lowercase().as_str()),
        _ if is_unspaced(next) => true,
        _ => {
            // Two iPhones, but 800 lumens are no company.
            let is_name = written.chars().any(char::is_uppercase);
            name.has_plural() && is_name && letters() == "s" && name.text.chars().count() > 2
        }
    }
}

/// Endings that a name takes in Russian and its neighbours.
const CYRILLIC_ENDINGS: [&str; 16] = [
    "а", "у", "ом", "е", "ы", "и", "ой", "ою", "ам", "ами", "ах", "я", "ю", "ем", "ём", "ів",
];

#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    /// Words stand apart: Latin and most others.
    Spaced,
    Cyrillic,
    Hangul,
    Katakana,
    Ideographs,
    /// Thai, Lao, Khmer, Burmese, hiragana.
    Unspaced,
}

fn script(character: char) -> Script {
    match character {
        '\u{400}'..='\u{52f}' => Script::Cyrillic,
        '\u{ac00}'..='\u{d7af}' | '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' => Script::Hangul,
        '\u{30a0}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => Script::Katakana,
        '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2fa1f}' => Script::Ideographs,
        '\u{e00}'..='\u{eff}'
        | '\u{1000}'..='\u{109f}'
        | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{309f}' => Script::Unspaced,
        _ => Script::Spaced,
    }
}

/// Whether a character's script is written without spaces, so that a name may touch it.
fn is_unspaced(character: char) -> bool {
    !matches!(script(character), Script::Spaced | Script::Cyrillic)
}

fn is_word_sign(character: char) -> bool {
    character.is_alphanumeric() || character == '_' || is_combining_mark(character)
}

/// How far an address is looked for to each side of a name, in characters.
const MOST_IN_ADDRESS: usize = 200;

/// Whether a place lies in an address: a domain, a path of one, a mailbox, an account.
fn is_in_address(text: &str, start: usize, end: usize) -> bool {
    let bytes = text.as_bytes();
    let before = start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let after = bytes.get(end).copied();
    let goes_on = after == Some(b'.') && bytes.get(end + 1).is_some_and(u8::is_ascii_alphanumeric);
    let is_suspect = matches!(
        before,
        Some(b'@' | b'.' | b'/' | b'#' | b'-' | b'=' | b'&' | b'?')
    ) || matches!(after, Some(b'@' | b'/' | b'-' | b'=' | b':'))
        || goes_on;
    if !is_suspect {
        return false;
    }
    if before == Some(b'@') {
        return true;
    }
    // No address is longer; a text without spaces may be.
    let least = start
        - text[..start]
            .chars()
            .rev()
            .take(MOST_IN_ADDRESS)
            .map(char::len_utf8)
            .sum::<usize>();
    let most = end
        + text[end..]
            .chars()
            .take(MOST_IN_ADDRESS)
            .map(char::len_utf8)
            .sum::<usize>();
    let token_start = text[least..start].rfind(char::is_whitespace).map_or(least, |at| {
        least + at + text[least + at..].chars().next().map_or(1, char::len_utf8)
    });
    let token_end = text[end..most]
        .find(char::is_whitespace)
        .map_or(most, |at| end + at);
    let is_edge = |sign: char| !sign.is_alphanumeric() && sign != '/';
    let token = &text[token_start..token_end];
    let token_end = token_start + token.trim_end_matches(is_edge).len();
    let token_start = token_end - text[token_start..token_end].trim_start_matches(is_edge).len();
    if start <= token_start && end >= token_end {
        return false;
    }
    let token = &text[token_start..token_end];
    if token.contains("://") || token.contains('@') || token.starts_with("www.") {
        return true;
    }
    // The first part, up to a slash, is a host if it ends with a domain: two letters or more, small, no other.
    let host_end = token.find('/').unwrap_or(token.len());
    let host = &token[..host_end];
    let Some((label, domain)) = host.rsplit_once('.') else {
        return false;
    };
    let is_host = domain.len() >= 2
        && domain.len() <= 12
        && domain.bytes().all(|byte| byte.is_ascii_lowercase())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    // A name that is a host itself, with more behind a hyphen: Booking.com-owned.
    is_host && !(start == token_start && end == token_start + host_end)
}
