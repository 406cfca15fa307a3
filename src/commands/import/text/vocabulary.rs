//! The words of trailers, folded: in English, and the commonest in German and French.
//!
//! They stand in a list beside the code, vocabulary.txt, so that whoever meets a new trailer adds a few words there and
//! nothing else. In it phrases are divided by dots, and a low line stands for a space at one of their ends.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use super::trailer::Kind;

/// Some phrases.
pub type Phrases = LazyLock<Vec<&'static str>>;

/// What a line of exactly these words is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phrase {
    /// It is, wherever it stands.
    Sure(Kind),
    /// It could be a sub-head.
    Weak(Kind),
}

impl Phrase {
    /// Whether it is still that with a full stop.
    pub fn may_end_with_stop(self) -> bool {
        let (Phrase::Sure(kind) | Phrase::Weak(kind)) = self;
        matches!(
            kind,
            Kind::Rights | Kind::Call | Kind::SignIn | Kind::Comments | Kind::Share
        )
    }
}

/// What a line says that is exactly one of the phrases.
pub fn find(folded: &str) -> Option<Phrase> {
    // A table, since the question is asked for every short line of a text.
    static TABLE: LazyLock<HashMap<&str, Phrase>> = LazyLock::new(|| {
        let sections = SECTIONS.iter();
        sections
            .flat_map(|(name, phrase)| section(name).into_iter().map(|words| (words, *phrase)))
            .collect()
    });
    TABLE.get(folded).copied()
}

/// The sections of whole lines, and what such lines are.
const SECTIONS: &[(&str, Phrase)] = &[
    ("share, sure", Phrase::Sure(Kind::Share)),
    ("share, weak", Phrase::Weak(Kind::Share)),
    ("related head, sure", Phrase::Sure(Kind::RelatedHead)),
    ("related head, weak", Phrase::Weak(Kind::RelatedHead)),
    ("advertisement, sure", Phrase::Sure(Kind::Advertisement)),
    ("advertisement, weak", Phrase::Weak(Kind::Advertisement)),
    ("cookies, sure", Phrase::Sure(Kind::Cookies)),
    ("sign in, sure", Phrase::Sure(Kind::SignIn)),
    ("sign in, weak", Phrase::Weak(Kind::SignIn)),
    ("comments, sure", Phrase::Sure(Kind::Comments)),
    ("comments, weak", Phrase::Weak(Kind::Comments)),
    ("credit, sure", Phrase::Sure(Kind::Credit)),
    ("navigation, sure", Phrase::Sure(Kind::Navigation)),
    ("navigation, weak", Phrase::Weak(Kind::Navigation)),
    ("release, sure", Phrase::Sure(Kind::Release)),
    ("contact, sure", Phrase::Sure(Kind::Contact)),
    ("call, sure", Phrase::Sure(Kind::Call)),
];

/// The phrases of a section.
fn section(name: &str) -> Vec<&'static str> {
    static ALL: LazyLock<BTreeMap<&str, Vec<&'static str>>> =
        LazyLock::new(|| read(include_str!("vocabulary.txt")));
    ALL.get(name).cloned().unwrap_or_default()
}

fn read(text: &'static str) -> BTreeMap<&'static str, Vec<&'static str>> {
    let sections = text
        .split("\n[")
        .filter_map(|section| section.trim_start_matches('[').split_once("]\n"));
    sections
        .map(|(name, phrases)| (name, phrases.split(['·', '\n']).filter_map(phrase).collect()))
        .collect()
}

/// A phrase as it is compared. The few with a space at an end are made once and kept for good.
fn phrase(written: &'static str) -> Option<&'static str> {
    let written = written.trim();
    if !written.contains('_') {
        return Some(written).filter(|phrase| !phrase.is_empty());
    }
    Some(Box::leak(written.replace('_', " ").into_boxed_str()))
}

/// What one does in a bar to share with.
pub static SHARE_ACTIONS: Phrases = LazyLock::new(|| section("share actions"));
/// Where one shares.
pub static NETWORKS: Phrases = LazyLock::new(|| section("networks"));
/// What stands between these words.
pub static BETWEEN: Phrases = LazyLock::new(|| section("between"));
/// Where the path to a page starts.
pub static STARTS: Phrases = LazyLock::new(|| section("starts"));
/// What stands before the name of who took or holds a picture.
pub static CREDITS: Phrases = LazyLock::new(|| section("credits"));
/// Agencies of pictures.
pub static PICTURE_AGENCIES: Phrases = LazyLock::new(|| section("picture agencies"));
/// What stands before a link to another article, with a colon or a bar behind it.
pub static RELATED: Phrases = LazyLock::new(|| section("related"));
/// Frames of press releases.
pub static RELEASE: Phrases = LazyLock::new(|| section("release"));
/// Words that keep rights.
pub static RESERVED: Phrases = LazyLock::new(|| section("reserved"));
/// How notices on rights begin.
pub static RIGHTS: Phrases = LazyLock::new(|| section("rights"));
/// How notices on cookies begin.
pub static COOKIES: Phrases = LazyLock::new(|| section("cookies"));
/// How calls to sign in begin.
pub static SIGN_IN: Phrases = LazyLock::new(|| section("sign in"));
/// How disclaimers begin, and notes on how a text was made.
pub static DISCLAIMERS: Phrases = LazyLock::new(|| section("disclaimers"));
/// How statements on the future begin, as press releases end with them.
pub static OUTLOOKS: Phrases = LazyLock::new(|| section("outlooks"));
/// What readers are called to do.
pub static CALLS: Phrases = LazyLock::new(|| section("calls"));
/// What they get for it.
pub static CALLED_FOR: Phrases = LazyLock::new(|| section("called for"));
/// Calls that are known by how they begin.
pub static CALLS_WHOLE: Phrases = LazyLock::new(|| section("calls whole"));

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_section_has_phrases() {
        for (name, _) in SECTIONS {
            assert!(!section(name).is_empty(), "{name}");
        }
        for list in [
            &SHARE_ACTIONS,
            &NETWORKS,
            &BETWEEN,
            &STARTS,
            &CREDITS,
            &PICTURE_AGENCIES,
            &RELATED,
            &RELEASE,
            &RESERVED,
            &RIGHTS,
            &COOKIES,
            &SIGN_IN,
            &DISCLAIMERS,
            &OUTLOOKS,
            &CALLS,
            &CALLED_FOR,
            &CALLS_WHOLE,
        ] {
            assert!(!list.is_empty() && list.iter().all(|phrase| !phrase.contains(['·', '[', ']'])));
        }
        assert!(CALLED_FOR.contains(&"us on "));
        assert_eq!(find("whatsapp"), None);
        assert_eq!(find("copy link"), Some(Phrase::Sure(Kind::Share)));
    }

    #[test]
    fn no_phrase_stands_in_two_sections() {
        let mut seen = BTreeMap::new();
        for (name, _) in SECTIONS {
            for phrase in section(name) {
                assert_eq!(seen.insert(phrase, name), None, "{phrase}");
            }
        }
    }
}
