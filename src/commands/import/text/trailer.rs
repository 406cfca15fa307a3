//! Lines that are no part of an article: what they are, by their words alone.
//!
//! A rule looks at a whole line, and a line with anything else in it is none: a sentence that begins like a
//! trailer stays. Lines that could be a sub-head as well are weak; where they stand decides over them.

use super::phrase::{beginning, fold, is_name, word_count};
use super::topic;
use super::vocabulary::{self as words, Phrase};

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Words under which one shares an article.
    Share,
    /// What a text is about, by its source.
    Topics,
    /// Whose a text is.
    Rights,
    /// Calls to subscribe, to follow, to install.
    Call,
    /// What stands over links to other articles.
    RelatedHead,
    /// A link to another article.
    Related,
    /// What stands over, under or for an advertisement.
    Advertisement,
    /// A notice on cookies.
    Cookies,
    /// Signing in.
    SignIn,
    /// What belongs to the comments of readers.
    Comments,
    /// Whose a picture is.
    Credit,
    /// How long reading takes.
    ReadingTime,
    /// Words of navigation.
    Navigation,
    /// What frames a press release.
    Release,
    /// Whom to ask about a press release.
    Contact,
    /// What stands over statements on the future.
    OutlookHead,
    /// Statements on the future, as lawyers want them.
    Outlook,
    /// What a source does not answer for.
    Disclaimer,
    /// A name with a colon behind it.
    NameAlone,
    /// How shares stand.
    Shares,
}

impl Kind {
    /// What it is, for the person who imports.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Share => "share words",
            Kind::Topics => "a line of topics",
            Kind::Rights => "a rights line",
            Kind::Call => "a call to subscribe or follow",
            Kind::RelatedHead | Kind::Related => "links to other articles",
            Kind::Advertisement => "an advertisement",
            Kind::Cookies => "a notice on cookies",
            Kind::SignIn => "a call to sign in",
            Kind::Comments => "comments of readers",
            Kind::Credit => "a picture credit",
            Kind::ReadingTime => "a reading time",
            Kind::Navigation => "words of navigation",
            Kind::Release => "the frame of a press release",
            Kind::Contact => "contacts for the press",
            Kind::OutlookHead | Kind::Outlook => "statements on the future",
            Kind::Disclaimer => "a disclaimer",
            Kind::NameAlone => "a name alone",
            Kind::Shares => "share prices",
        }
    }
}

/// A line that is none of the article.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trailer {
    /// What it is.
    pub kind: Kind,
    /// Whether it is that wherever it stands.
    pub is_sure: bool,
}

/// The longest line that is looked at, in bytes.
const LONGEST: usize = 1500;

/// What a line is, if it is no part of an article.
pub fn trailer(line: &str) -> Option<Trailer> {
    if line.is_empty() || line.len() > LONGEST {
        return None;
    }
    // Rules for long lines look at how they begin.
    let folded = fold(beginning(line, 500));
    if folded.is_empty() {
        return release_mark(line).then_some(sure(Kind::Release));
    }
    exact(line, &folded)
        .or_else(|| share_words(&folded))
        .or_else(|| short(line, &folded))
        .or_else(|| long(line, &folded))
}

fn sure(kind: Kind) -> Trailer {
    Trailer { kind, is_sure: true }
}

fn weak(kind: Kind) -> Trailer {
    Trailer { kind, is_sure: false }
}

/// The signs that end a press release.
fn release_mark(line: &str) -> bool {
    let hashes: String = line.split_whitespace().collect();
    hashes.len() == 3 && hashes == "###"
}

/// Lines that say these words and nothing else.
fn exact(line: &str, folded: &str) -> Option<Trailer> {
    if folded.len() > 60 {
        return None;
    }
    let phrase = words::find(folded)?;
    let is_weak = matches!(phrase, Phrase::Weak(_));
    let is_sentence = line.ends_with('.') && (folded.contains(' ') && !phrase.may_end_with_stop() || is_weak);
    if is_sentence {
        return None;
    }
    Some(match phrase {
        Phrase::Sure(kind) => sure(kind),
        Phrase::Weak(kind) => weak(kind),
    })
}

/// Lines of nothing but the words of a bar to share with: `Share on Facebook Tweet WhatsApp`.
fn share_words(folded: &str) -> Option<Trailer> {
    if folded.len() > 160 {
        return None;
    }
    let (mut actions, mut networks, mut others) = (0, 0, 0);
    let mut joins = false;
    for word in folded.split(|character: char| !character.is_alphanumeric() && character != '-') {
        match word {
            "" => {}
            word if words::SHARE_ACTIONS.contains(&word) => actions += 1,
            word if words::NETWORKS.contains(&word) => networks += 1,
            "and" | "or" | "und" | "et" => joins = true,
            word if words::BETWEEN.contains(&word) || is_count(word) => others += 1,
            word => actions += glued_share_words(word)?,
        }
    }
    match (actions, networks) {
        (0, 0) => None,
        (0, 1) if others == 0 => Some(weak(Kind::Share)),
        (0, 1) => None,
        (0, networks) => Some(if networks > 2 && !joins {
            sure(Kind::Share)
        } else {
            weak(Kind::Share)
        }),
        (1, 0) if others == 0 => Some(weak(Kind::Share)),
        (_, 0) if joins => None,
        _ => Some(sure(Kind::Share)),
    }
}

/// How many share words a word is that they are glued to: `sharetweetshare`.
fn glued_share_words(word: &str) -> Option<usize> {
    let mut rest = word;
    let mut count = 0;
    while !rest.is_empty() {
        let known = words::SHARE_ACTIONS.iter().chain(words::NETWORKS.iter());
        let longest = known
            .filter(|known| known.len() > 2 && rest.starts_with(*known))
            .max_by_key(|known| known.len())?;
        rest = &rest[longest.len()..];
        count += 1;
    }
    (count > 1).then_some(count)
}

/// 12, 1.2k.
fn is_count(word: &str) -> bool {
    let digits = word.trim_end_matches(['k', 'm']);
    word.len() <= 6 && !digits.is_empty() && digits.chars().all(|character| character.is_ascii_digit())
}

/// Rules for lines of some words.
fn short(line: &str, folded: &str) -> Option<Trailer> {
    if folded.len() > 240 {
        return None;
    }
    if topic::topics(line).is_some() {
        return Some(sure(Kind::Topics));
    }
    if is_reading_time(folded) {
        return Some(sure(Kind::ReadingTime));
    }
    if is_crumbs(line) {
        return Some(sure(Kind::Navigation));
    }
    if is_comments(folded) {
        return Some(sure(Kind::Comments));
    }
    if is_credit(line) {
        return Some(sure(Kind::Credit));
    }
    if is_related_head(line, folded) {
        return Some(sure(Kind::RelatedHead));
    }
    if is_navigation(line, folded) {
        return Some(sure(Kind::Navigation));
    }
    if line.starts_with('@') && !line.contains(' ') {
        return Some(weak(Kind::Share));
    }
    if is_related(line, folded) {
        return Some(sure(Kind::Related));
    }
    if is_release(line, folded) {
        return Some(sure(Kind::Release));
    }
    if is_share_price(line) {
        return Some(if line.contains("Price") || line.contains("Quote") {
            sure(Kind::Shares)
        } else {
            weak(Kind::Shares)
        });
    }
    if is_contact(line) {
        return Some(sure(Kind::Contact));
    }
    let name = line.strip_suffix(':').map(str::trim_end);
    name.is_some_and(is_name).then_some(weak(Kind::NameAlone))
}

/// Rules for what may take a sentence or two.
fn long(line: &str, folded: &str) -> Option<Trailer> {
    let is_quoted = line.contains(['“', '"', '«', '„']);
    if is_rights(line, folded) {
        return Some(sure(Kind::Rights));
    }
    if is_quoted {
        return None;
    }
    let count = word_count(line);
    if count <= 30 && is_call(folded) {
        return Some(sure(Kind::Call));
    }
    if count <= 70 && words::COOKIES.iter().any(|start| folded.starts_with(start)) {
        return Some(sure(Kind::Cookies));
    }
    if count <= 30 && words::SIGN_IN.iter().any(|start| folded.starts_with(start)) {
        return Some(sure(Kind::SignIn));
    }
    if words::DISCLAIMERS.iter().any(|start| folded.starts_with(start)) {
        return Some(sure(Kind::Disclaimer));
    }
    let outlook = words::OUTLOOKS.iter().any(|start| folded.starts_with(start));
    outlook.then(|| {
        if count <= 14 && !line.ends_with('.') {
            sure(Kind::OutlookHead)
        } else {
            sure(Kind::Outlook)
        }
    })
}

/// 3 min read, Reading time: 3 minutes, Lesezeit 3 Min.
fn is_reading_time(folded: &str) -> bool {
    let mut number = 0;
    let mut says_so = 0;
    let mut minutes = 0;
    for word in folded.split(|character: char| !character.is_alphanumeric()) {
        match word {
            "" | "time" | "de" | "a" | "est" | "estimated" | "about" | "approx" | "ca" | "temps"
            | "listen" => {}
            "min" | "mins" | "minute" | "minutes" | "minuten" => minutes += 1,
            "read" | "reading" | "lesezeit" | "lesedauer" | "lecture" => says_so += 1,
            word if word.len() <= 3 && word.bytes().all(|byte| byte.is_ascii_digit()) => number += 1,
            _ => return false,
        }
    }
    number == 1 && minutes == 1 && says_so >= 1
}

/// Home > Business > AI.
fn is_crumbs(line: &str) -> bool {
    let steps: Vec<&str> = line
        .split(['>', '›', '»', '→', '/'])
        .map(|step| step.trim())
        .collect();
    let starts = steps.first().map(|step| fold(step)).unwrap_or_default();
    let is_start = words::STARTS.contains(&starts.as_str());
    let are_short = steps.iter().all(|step| !step.is_empty() && word_count(step) <= 4);
    let is_path = line.contains(" > ") || line.contains(" › ") || line.contains(" » ") || is_start;
    // The last step may be the headline of the article.
    let (last, before) = steps.split_last().unwrap_or((&"", &[]));
    let ends_with_headline = !last.is_empty()
        && before
            .iter()
            .all(|step| !step.is_empty() && word_count(step) <= 4);
    let is_any = steps.len() >= 3 && are_short && !line.contains("://");
    is_path && steps.len() >= 2 && (is_start && ends_with_headline || is_any) && !line.ends_with('.')
}

/// 12 comments, Comments (12), View all 3 comments.
fn is_comments(folded: &str) -> bool {
    let mut counts = 0;
    let mut names = 0;
    for word in folded.split(|character: char| !character.is_alphanumeric()) {
        match word {
            "" | "view" | "all" | "show" | "see" | "read" | "the" | "add" | "post" | "your" | "hide" => {}
            "comment" | "comments" | "kommentar" | "kommentare" | "commentaire" | "commentaires" => {
                names += 1
            }
            word if is_count(word) => counts += 1,
            _ => return false,
        }
    }
    names == 1
        && counts <= 1
        && folded.len() <= 40
        && (counts == 1 || folded.starts_with(['v', 's', 'a', 'p', 'h']))
}

/// Photo: Reuters; (Image credit: Acme); Jane Doe/Getty Images; REUTERS/Jane Doe.
fn is_credit(line: &str) -> bool {
    let bare = line.trim_matches(['(', ')', '[', ']', '*', '_', ' ', '|', '.']);
    let folded = fold(bare);
    let stated = bare
        .split_once(':')
        .filter(|(label, _)| words::CREDITS.contains(&fold(label).as_str()));
    if let Some((_, whose)) = stated {
        return word_count(whose) <= 10 && !whose.trim_end().ends_with('.') && !whose.trim().is_empty();
    }
    let count = word_count(bare);
    let by = [
        "photo by ",
        "image by ",
        "photograph by ",
        "picture by ",
        "photos by ",
        "foto von ",
        "credit ",
    ];
    let is_agency = words::PICTURE_AGENCIES.iter().any(|agency| {
        folded == *agency
            || folded.strip_suffix(agency).is_some_and(|before| {
                before.trim_end().ends_with(['/', '|', '©']) || before.ends_with(" via ")
            })
            || folded
                .strip_prefix(agency)
                .is_some_and(|behind| behind.starts_with('/') && !behind.contains("//"))
    });
    count <= 8
        && (is_agency
            || by.iter().any(|start| folded.starts_with(start)) && !line.ends_with('.') && count <= 7)
}

/// Read more technology news, Don't miss these stories.
fn is_related_head(line: &str, folded: &str) -> bool {
    let is_short = word_count(line) <= 8 && !line.ends_with(['.', ',']);
    let is_more = folded.starts_with("read more ")
        || folded.starts_with("more from ")
        || folded.starts_with("more on ");
    let is_of_news = ["news", "stories", "coverage", "articles"]
        .iter()
        .any(|end| folded.ends_with(end));
    is_short
        && (is_more && is_of_news
            || (folded.starts_with("don't miss these ") || folded.starts_with("most read from ")))
}

/// View all posts by Jane Doe.
fn is_navigation(line: &str, folded: &str) -> bool {
    let starts = [
        "view all posts by ",
        "view all articles by ",
        "more posts by ",
        "see all posts by ",
        "more articles by ",
        "view all stories by ",
    ];
    starts.iter().any(|start| folded.starts_with(start)) && word_count(line) <= 9 && !line.ends_with('.')
}

/// Also read: Acme buys Bolt; READ MORE | Acme buys Bolt.
fn is_related(line: &str, folded: &str) -> bool {
    if !words::RELATED.iter().any(|start| folded.starts_with(start)) {
        return false;
    }
    let behind = line
        .find([':', '|', '–', '—', '►', '▶', '>'])
        .filter(|at| words::RELATED.contains(&fold(&line[..*at]).as_str()))
        .map(|at| &line[at..]);
    behind.is_some_and(|behind| word_count(behind) <= 25 && !(behind.ends_with('.') && behind.contains(". ")))
}

/// FOR IMMEDIATE RELEASE, -ENDS-, SOURCE Acme Inc.
fn is_release(line: &str, folded: &str) -> bool {
    let is_frame = words::RELEASE.contains(&folded)
        || ["embargoed until", "under embargo until", "for release "]
            .iter()
            .any(|start| folded.starts_with(start))
            && word_count(folded) <= 14
        || ["view original content", "view source version on"]
            .iter()
            .any(|start| folded.starts_with(start));
    let is_end = matches!(folded, "end" | "ends" | "ende" | "fin")
        && !line.starts_with(char::is_lowercase)
        && line.chars().next().is_some_and(|first| !first.is_alphanumeric())
        || line == "ENDS"
        || line == "END";
    let is_source = line.strip_prefix("SOURCE ").is_some_and(|who| {
        word_count(who) <= 8 && who.starts_with(char::is_uppercase) && !who.contains(": ")
    });
    let is_picture = [
        "logo - http",
        "photo - http",
        "video - http",
        "logo – http",
        "photo – http",
    ]
    .iter()
    .any(|start| folded.starts_with(start));
    // What the register of the stock exchange writes over what companies file.
    let is_filing = line.starts_with("EX-") && line.contains(".htm")
        || folded.strip_prefix("exhibit ").is_some_and(|number| {
            number.len() <= 6 && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        });
    is_frame || is_end || is_source || is_picture || is_filing
}

/// Media Contact: Jane Doe, press@acme.example.
fn is_contact(line: &str) -> bool {
    let Some((label, behind)) = line.split_once(':') else {
        return false;
    };
    let is_label = matches!(words::find(&fold(label)), Some(Phrase::Sure(Kind::Contact)));
    is_label
        && (behind.contains('@') || behind.chars().filter(char::is_ascii_digit).count() >= 7)
        && word_count(behind) <= 20
}

/// ACME 123.45 +1.2 (+1.0%).
fn is_share_price(line: &str) -> bool {
    if line.contains("Real Time Price") || line.contains("Delayed Quote") {
        return word_count(line) <= 12 && !line.ends_with('.');
    }
    let mut words = line
        .split([' ', '\t', '(', ')', ','])
        .filter(|word| !word.is_empty());
    let is_ticker = words.next().is_some_and(|first| {
        first.len() <= 12
            && first
                .chars()
                .all(|character| character.is_ascii_uppercase() || "^.-:=$".contains(character))
            && first.contains(|character: char| character.is_ascii_uppercase())
    });
    let mut has_change = false;
    for word in words {
        let number = word
            .trim_start_matches(['+', '-', '−', '▲', '▼', '$', '€'])
            .trim_end_matches('%');
        if number.is_empty()
            || !number
                .chars()
                .all(|character| character.is_ascii_digit() || character == '.')
        {
            return false;
        }
        has_change |= word.ends_with('%') || word.starts_with(['+', '-', '−', '▲', '▼']);
    }
    is_ticker && has_change
}

/// All rights reserved, © 2025 Acme, Copyright 2025 Acme.
fn is_rights(line: &str, folded: &str) -> bool {
    let count = word_count(line);
    if count > 40 {
        return false;
    }
    if words::RESERVED.contains(&folded) {
        return true;
    }
    let reserves = words::RESERVED.iter().any(|phrase| folded.contains(phrase));
    let is_marked = ["©", "(c)", "copyright", "℗"]
        .iter()
        .filter_map(|mark| {
            line.trim_start_matches(['*', '_', '(', ' '])
                .to_lowercase()
                .strip_prefix(mark)
                .map(str::to_owned)
        })
        .any(|behind| {
            let behind = behind.trim_start_matches([' ', '©', '(', ')', 'c', ':']);
            behind.starts_with(|next: char| next.is_ascii_digit()) || reserves
        });
    let is_notice = words::RIGHTS.iter().any(|start| folded.starts_with(start)) && count <= 40;
    // Acme © 2025: a name before the sign.
    let is_behind_name = line.contains('©') && count <= 8 && !line.ends_with('.');
    is_marked || is_notice || is_behind_name || reserves && count <= 12 && starts_reserved(folded)
}

/// Whether a text keeps all rights.
pub fn is_reserved(text: &str) -> bool {
    let folded = fold(text);
    words::RESERVED.iter().any(|phrase| folded.contains(phrase))
}

fn starts_reserved(folded: &str) -> bool {
    words::RESERVED
        .iter()
        .any(|phrase| folded.starts_with(phrase) || folded.ends_with(phrase))
}

/// Calls, which begin with what the reader is to do and name where.
fn is_call(folded: &str) -> bool {
    let begins = words::CALLS.iter().any(|start| {
        folded.strip_prefix(start).is_some_and(|behind| {
            behind.is_empty() || behind.starts_with(|next: char| !next.is_alphanumeric())
        })
    });
    let names_it = words::CALLED_FOR.iter().any(|what| folded.contains(what)) || folded.ends_with(" app");
    let is_coverage = folded.starts_with("follow ") && folded.contains("coverage") && folded.contains("http");
    is_coverage || begins && names_it || words::CALLS_WHOLE.iter().any(|start| folded.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_are_no_part_of_an_article() {
        let check = |line: &str, kind: Kind| {
            assert_eq!(trailer(line).map(|found| found.kind), Some(kind), "{line}");
        };
        for line in [
            "whatsapp",
            "Share on Facebook",
            "Facebook Twitter LinkedIn Copy link",
            "Share this article",
            "Share 12",
            "Print",
        ] {
            check(line, Kind::Share);
        }
        for line in [
            "All rights received",
            "All rights reserved.",
            "© 2025 Acme News",
            "Copyright 2025 Acme. All rights reserved.",
            "Copyright © 2025 The Acme Times. This material may not be published, broadcast, rewritten or redistributed.",
            "Alle Rechte vorbehalten",
            "Tous droits réservés.",
        ] {
            check(line, Kind::Rights);
        }
        for line in [
            "Subscribe to our newsletter",
            "Sign up for our daily newsletter",
            "Get the latest news in your inbox.",
            "Follow us on Twitter and Facebook",
            "Join our WhatsApp channel",
            "Download the Acme app",
        ] {
            check(line, Kind::Call);
        }
        for line in [
            "Also read: Acme buys Bolt",
            "READ MORE | Why Bolt sold itself to Acme",
            "Lesen Sie auch: Acme kauft Bolt",
        ] {
            check(line, Kind::Related);
        }
        check("Related articles", Kind::RelatedHead);
        check("Advertisement", Kind::Advertisement);
        check("We use cookies to give you the best experience.", Kind::Cookies);
        check("Home > Business > AI", Kind::Navigation);
        check("3 min read", Kind::ReadingTime);
        check("Lesezeit: 3 Min.", Kind::ReadingTime);
        check("12 Comments", Kind::Comments);
        check("Comments (3)", Kind::Comments);
        for line in [
            "Photo: Reuters",
            "(Image credit: Acme Labs)",
            "Jane Doe/Getty Images",
            "REUTERS/Jane Doe",
            "Photo by Jane Doe on Unsplash",
        ] {
            check(line, Kind::Credit);
        }
        for line in [
            "FOR IMMEDIATE RELEASE",
            "###",
            "# # #",
            "-ENDS-",
            "SOURCE Acme Inc.",
        ] {
            check(line, Kind::Release);
        }
        check("Forward-Looking Statements", Kind::OutlookHead);
        check("Categories: Business", Kind::Topics);
        check("Archana Suryawanshi:", Kind::NameAlone);
        check("ACME +2.35%", Kind::Shares);
    }

    #[test]
    fn sentences_that_begin_like_them() {
        for line in [
            "Share prices rose.",
            "Photo sharing app Acme was sold.",
            "Related companies were not affected.",
            "All rights to the song were sold.",
            "Copyright law changed in 2025.",
            "Print sales fell by 3%.",
            "Follow the money, he said.",
            "Sign up numbers rose for newsletters.",
            "Subscribe numbers grew at Acme.",
            "Comments by readers are welcome, Acme said.",
            "Home prices rose / fell.",
            "Home prices rose in May.",
            "Photo: the first picture shows how the plant was built. It is large.",
            "Read more books.",
            "Tags are sewn into every coat.",
            "Advertisement sales rose by 4%.",
            "About Acme",
            "Cookies are small files.",
            "Topics: the meeting was about chips, and about power.",
            "“Subscribe to our newsletter,” he said.",
            "Get the latest chips, and you pay more.",
            "Microsoft and Facebook",
            "Email is old.",
            "Source code leaked",
            "The end",
            "What it means",
            "Reuters reported the talks first.",
            "Forward-looking firms invest.",
        ] {
            assert_eq!(trailer(line), None, "{line}");
        }
    }
}
