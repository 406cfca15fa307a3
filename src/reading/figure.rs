//! The number that a sentence is about: a sum, a share, a quantity. Years, days and ordinals are none.

use std::ops::Range;

/// Words and signs that follow a number and say what it counts, in lower case: scales first, which may have
/// a unit behind them.
const SCALES: [&str; 23] = [
    "thousand",
    "million",
    "millions",
    "billion",
    "billions",
    "trillion",
    "trillions",
    "bn",
    "trn",
    "tn",
    "mn",
    "m",
    "k",
    "mio",
    "mrd",
    "millionen",
    "milliarden",
    "milliarde",
    "milliard",
    "milliards",
    "billionen",
    "tausend",
    "mille",
];

const UNITS: [&str; 26] = [
    "%",
    "percent",
    "per cent",
    "percentage points",
    "prozent",
    "pour cent",
    "dollars",
    "euros",
    "euro",
    "pounds",
    "yen",
    "€",
    "$",
    "£",
    "¥",
    "mw",
    "gw",
    "tw",
    "mwh",
    "gwh",
    "twh",
    "km",
    "tonnes",
    "tons",
    "tonnen",
    "gb",
];

/// What may stand in front of a number.
const CURRENCIES: [&str; 22] = [
    "us$", "a$", "c$", "hk$", "$", "€", "£", "¥", "₹", "₩", "usd", "eur", "gbp", "chf", "jpy", "cny", "inr",
    "sek", "nok", "dkk", "kr", "rs",
];

/// The longest number that anybody reads as one, in bytes.
const MAX_BYTES: usize = 20;

/// The first such number in a text, with its currency and its unit. A number without any of these counts
/// only from five digits on, where it can be no year.
pub fn figure(text: &str) -> Option<&str> {
    let mut from = 0;
    while let Some(start) = text[from..].find(|sign: char| sign.is_ascii_digit()) {
        let start = from + start;
        let end = end_of_number(text, start);
        if let Some(range) = around(text, start..end) {
            return Some(&text[range]);
        }
        from = end;
    }
    None
}

/// Where a number ends: digits with separators between them.
fn end_of_number(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut end = start;
    loop {
        while is_digit(end) {
            end += 1;
        }
        let rest = &text[end..];
        let separator = rest
            .chars()
            .next()
            .filter(|sign| matches!(sign, '.' | ',' | '\u{a0}' | '\u{202f}' | '’' | '\''));
        match separator {
            Some(sign) if is_digit(end + sign.len_utf8()) => end += sign.len_utf8(),
            _ => return end,
        }
    }
}

/// A number with what belongs to it, if it counts something.
fn around(text: &str, number: Range<usize>) -> Option<Range<usize>> {
    let before = &text[..number.start];
    // Part of a name, a date or a span: H100, 2025-01, Q4.
    if before.ends_with(|sign: char| sign.is_alphanumeric() && !ends_with_currency(before) || sign == '-') {
        return None;
    }
    let currency = currency_before(before);
    let start = number.start - currency.map_or(0, |(length, _)| length);
    let mut end = number.end;
    let mut is_counted = currency.is_some();
    for words in [&SCALES[..], &UNITS[..]] {
        if let Some(length) = word_after(&text[end..], words) {
            end += length;
            is_counted = true;
        }
    }
    let number_length = number.len();
    let digits = text[number].bytes().filter(u8::is_ascii_digit).count();
    // Ordinals, dates and names go on behind their number.
    let goes_on = text[end..].starts_with(|sign: char| sign.is_alphanumeric() || sign == '-' || sign == '/');
    let is_readable = number_length <= MAX_BYTES;
    (is_readable && (is_counted || digits >= 5) && !goes_on).then_some(start..end)
}

fn ends_with_currency(before: &str) -> bool {
    currency_before(before).is_some()
}

/// The length of the currency at the end, with a space behind it if there is one, and the currency.
fn currency_before(before: &str) -> Option<(usize, &'static str)> {
    let trimmed = before.strip_suffix([' ', '\u{a0}', '\u{202f}']).unwrap_or(before);
    CURRENCIES.into_iter().find_map(|currency| {
        let at = trimmed.len().checked_sub(currency.len())?;
        let found = trimmed.get(at..)?;
        // Letters must be a word of their own.
        let is_word = !currency.starts_with(|sign: char| sign.is_alphabetic())
            || !trimmed[..at].ends_with(char::is_alphanumeric);
        let is_code =
            found.eq_ignore_ascii_case(currency) && (found == currency || found.to_uppercase() == found);
        (is_word && is_code).then_some((before.len() - at, currency))
    })
}

/// The length of the longest of these words that follows, with the space in front of it.
fn word_after(rest: &str, words: &[&str]) -> Option<usize> {
    let gap = rest.len() - rest.trim_start_matches([' ', '\u{a0}', '\u{202f}']).len();
    let rest = &rest[gap..];
    let length = |word: &&str| {
        let found = rest.get(..word.len())?;
        // A lone `m` or `k` with a space in front of it is more likely a word or an initial.
        let is_apart = gap > 0 && word.len() == 1 && word.starts_with(|sign: char| sign.is_alphabetic());
        let ends = !word.ends_with(|sign: char| sign.is_alphabetic())
            || !rest[word.len()..].starts_with(char::is_alphanumeric);
        (found.eq_ignore_ascii_case(word) && !is_apart && ends).then_some(gap + word.len())
    };
    words.iter().filter_map(length).max()
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn the_number_that_counts_is_found() {
        let check =
            |text: &str, expected: &str| assert_eq!(figure(text).unwrap_or("none"), expected, "{text}");
        check("The venture starts with $100bn and may grow.", "$100bn");
        check("Shares rose 7% on 21 January 2025.", "7%");
        check("In 2025 sales were US$1.5 billion.", "US$1.5 billion");
        check("It will pay EUR 12,500 a month.", "EUR 12,500");
        check(
            "Am 3. März 2024 waren es 4,2 Milliarden Euro.",
            "4,2 Milliarden Euro",
        );
        check("Un contrat de 300 millions d’euros.", "300 millions");
        check("Le chiffre : 12\u{202f}500 € par an.", "12\u{202f}500 €");
        check("The site draws 1.2 GW at most.", "1.2 GW");
        check("It holds 64,000 chips.", "64,000");
        check("The share is 5 percentage points lower.", "5 percentage points");
        for none in [
            "Nothing is counted.",
            "It began in 2025.",
            "On 21 January 2025 and in Q4 2024.",
            "The H100 and the GB200 were sold.",
            "From 2025-01-21 on.",
            "The 21st of 5 plans.",
            "Ten buildings are in progress.",
            "It is the 2nd and the 3rd.",
            "",
        ] {
            check(none, "none");
        }
    }

    #[test]
    fn odd_texts_do_not_break_it() {
        for text in [
            "1",
            "$",
            "$1",
            "1.",
            "1,,2",
            "¥１",
            "é1%é",
            "9\u{202f}",
            "1 m",
            "$ 5 k",
            "1’0’0%",
        ] {
            // What is found is part of the text, which slicing checks.
            let _ = figure(text);
        }
        assert_eq!(figure(&"1.".repeat(50_000)), None);
    }
}
