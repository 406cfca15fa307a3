//! Where a text stood: lines of an address alone, `Source: …`, agencies in datelines.

use super::phrase::{fold, word_count};
use super::stamp;

/// What a line tells about where the text stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// The name of the publication.
    pub name: Option<String>,
    /// The address of the text.
    pub url: Option<String>,
    /// Whether it says that this is the source.
    pub is_labelled: bool,
}

/// Agencies and wires, folded, and how they write themselves.
const AGENCIES: &[(&str, &str)] = &[
    ("reuters", "Reuters"),
    ("thomson reuters", "Reuters"),
    ("ap", "AP"),
    ("associated press", "Associated Press"),
    ("the associated press", "Associated Press"),
    ("afp", "AFP"),
    ("agence france-presse", "AFP"),
    ("dpa", "dpa"),
    ("dpa-afx", "dpa-AFX"),
    ("pti", "PTI"),
    ("press trust of india", "PTI"),
    ("ani", "ANI"),
    ("ians", "IANS"),
    ("bloomberg", "Bloomberg"),
    ("bloomberg news", "Bloomberg"),
    ("pr newswire", "PR Newswire"),
    ("prnewswire", "PR Newswire"),
    ("business wire", "Business Wire"),
    ("businesswire", "Business Wire"),
    ("globenewswire", "GlobeNewswire"),
    ("globe newswire", "GlobeNewswire"),
    ("accesswire", "ACCESSWIRE"),
    ("newsfile corp", "Newsfile Corp."),
    ("ein presswire", "EIN Presswire"),
    ("xinhua", "Xinhua"),
    ("kyodo", "Kyodo"),
    ("upi", "UPI"),
    ("efe", "EFE"),
    ("ansa", "ANSA"),
    ("apa", "APA"),
    ("sda", "SDA"),
    ("tass", "TASS"),
    ("dow jones newswires", "Dow Jones Newswires"),
    ("cnw", "CNW"),
];

/// The name of an agency, if a text is one.
pub fn agency(text: &str) -> Option<&'static str> {
    if text.len() > 40 {
        return None;
    }
    let folded = fold(text);
    let found = AGENCIES.iter().find(|(known, _)| *known == folded);
    found.map(|(_, name)| *name)
}

/// Labels of sources.
const LABELS: &[&str] = &[
    "source",
    "sources",
    "via",
    "quelle",
    "source url",
    "url",
    "link",
    "original",
    "original article",
    "original source",
    "originally published at",
    "originally published on",
    "originally published in",
    "read the original",
    "published by",
    "read the original article",
    "first published on",
    "permalink",
    "view original content",
];

/// What a line tells, if it does nothing else.
pub fn told(line: &str) -> Option<Told> {
    if line.len() > 2000 {
        return None;
    }
    if let Some(url) = address(line) {
        return Some(Told {
            url: Some(url),
            ..Told::default()
        });
    }
    let version = [
        "View source version on ",
        "View original content: ",
        "View original content to download multimedia: ",
    ];
    if version.iter().any(|start| line.starts_with(start)) {
        let url = line.split(' ').find_map(address)?;
        return Some(Told {
            url: Some(url),
            is_labelled: true,
            ..Told::default()
        });
    }
    let (label, value) = line.split_once(':')?;
    let (label, value) = (fold(label), value.trim());
    if !LABELS.contains(&label.as_str()) || value.is_empty() {
        return None;
    }
    let mut told = Told {
        is_labelled: true,
        ..Told::default()
    };
    let mut rest: Vec<&str> = Vec::new();
    for word in value.split_whitespace().take(20) {
        match address(word.trim_matches(['(', ')', ',', '<', '>'])) {
            Some(url) if told.url.is_none() => told.url = Some(url),
            _ => rest.push(word),
        }
    }
    let name = rest
        .join(" ")
        .trim_matches(['(', ')', ',', '|', '-', '–', ' '])
        .to_owned();
    let is_capital = name.starts_with(|first: char| first.is_alphanumeric() && !first.is_lowercase());
    let is_name = word_count(&name) <= 5 && name.len() <= 60 && (is_capital || agency(&name).is_some());
    if !name.is_empty() {
        // "Sources: three people who know of the talks" is the article speaking.
        if !is_name || name.ends_with('.') && !name.ends_with("Inc.") {
            return None;
        }
        told.name = Some(agency(&name).map_or(name, str::to_owned));
    }
    Some(told)
}

/// The address, if a text is one and nothing else.
pub fn address(text: &str) -> Option<String> {
    let bare = text.trim().trim_start_matches('<').trim_end_matches('>');
    let behind = bare
        .strip_prefix("https://")
        .or_else(|| bare.strip_prefix("http://"))?;
    let host = behind.split(['/', '?', '#']).next().unwrap_or_default();
    let is_fine = !bare.contains(|character: char| {
        character.is_whitespace() || character.is_control() || "<>\"\\^`{|}".contains(character)
    });
    let is_host = host.contains('.') && !host.starts_with('.') && !host.contains('@');
    (is_fine && is_host && bare.len() <= 1500).then(|| bare.to_owned())
}

/// What a dateline tells: `SAN FRANCISCO, Jan 21, 2025 (Reuters) - `.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dateline {
    /// The agency.
    pub agency: Option<String>,
    /// The day, if it has a year.
    pub date: Option<String>,
}

/// The dateline that a paragraph begins with. It stays in the text: the place stands nowhere else.
pub fn dateline(paragraph: &str) -> Option<Dateline> {
    const LONGEST: usize = 110;
    let head: String = paragraph.chars().take(LONGEST).collect();
    let open = head.find(['(', '/'])?;
    let closer = if head[open..].starts_with('(') { ')' } else { '/' };
    let inner = &head[open + 1..];
    let close = inner.find(closer)?;
    let behind = inner[close + 1..].trim_start();
    if !behind.starts_with(['-', '–', '—', '―']) {
        return None;
    }
    let who = agency(&inner[..close]);
    let place = head[..open].trim_end_matches([' ', '-', '–', '—', ',']);
    let is_place = place.is_empty()
        || place.starts_with(char::is_uppercase) && word_count(place) <= 9 && !place.contains(". ")
        || place.contains("., ")
        || place.contains(". 2");
    if !is_place || who.is_none() {
        return None;
    }
    // Behind a comma, wherever the place ends and the day begins; or behind the agency, between dashes.
    let commas = place.match_indices(',').map(|(at, _)| at + 1);
    let before = commas.filter_map(|at| stamp::day(&place[at..])).next();
    let behind = inner[close + 1..].trim_start_matches([' ', '-', '–', '—']);
    let date = before.or_else(|| stamp::day(behind.split(['–', '—']).next()?.split("--").next()?));
    Some(Dateline {
        agency: who.map(str::to_owned),
        date,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_tell_the_source() {
        let check = |line: &str, name: Option<&str>, url: Option<&str>| {
            let found = told(line).unwrap_or_default();
            assert_eq!(
                (found.name.as_deref(), found.url.as_deref()),
                (name, url),
                "{line}"
            );
        };
        check(
            "https://news.example/a?b=c",
            None,
            Some("https://news.example/a?b=c"),
        );
        check(
            "Source: https://news.example/a",
            None,
            Some("https://news.example/a"),
        );
        check(
            "Source: Acme News (https://news.example/a)",
            Some("Acme News"),
            Some("https://news.example/a"),
        );
        check("Source: three people", None, None);
        check("Source: Reuters", Some("Reuters"), None);
        check("Quelle: dpa-AFX", Some("dpa-AFX"), None);
        check("Sources: three people who know of the talks.", None, None);
        check("See https://news.example/a for more", None, None);
        check("https://", None, None);
    }

    #[test]
    fn datelines() {
        let check = |text: &str, agency: Option<&str>, date: Option<&str>| {
            let found = dateline(text).unwrap_or_default();
            assert_eq!(
                (found.agency.as_deref(), found.date.as_deref()),
                (agency, date),
                "{text}"
            );
        };
        check(
            "SAN FRANCISCO, Jan 21 (Reuters) - Acme said",
            Some("Reuters"),
            None,
        );
        check(
            "SAN FRANCISCO, Jan. 21, 2025 /PRNewswire/ -- Acme said",
            Some("PR Newswire"),
            Some("2025-01-21"),
        );
        check("(Reuters) — Acme said", Some("Reuters"), None);
        check("BOSTON--(BUSINESS WIRE)--Acme said", Some("Business Wire"), None);
        check(
            "BOULDER, Colo.--(BUSINESS WIRE)--January 23, 2025-- Acme said",
            Some("Business Wire"),
            Some("2025-01-23"),
        );
        check("Acme (NASDAQ: ACME) - the maker of anvils - said", None, None);
        check("Acme bought and/or sold Bolt", None, None);
    }
}
