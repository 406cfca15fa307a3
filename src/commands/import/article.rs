//! From a clip to an article: its front matter, its name, and what tells it from all others.
//!
//! Nothing is made up. What the source does not say and nobody has given stays a marked blank.

use super::clip::Clip;
use super::foreign::desk;
use super::foreign::rewrite::{Fate, rewrite};
use super::given::Given;
use super::post::{Front, Note, Post};
use crate::ground::date::parse_moment;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{check_portable_name, decode_path, slug};
use crate::ground::text::{is_language_tag, one_line};
use crate::reading::article::Reading;

/// What stands in front of what a text without an address is told by: its words.
pub const OF_WORDS: &str = "text ";

/// What an article is called that has no letter in its headline.
const NAMELESS: &str = "article";

/// How long names are, at most, that a system keeps for itself.
const MAX_RESERVED: usize = 8;

/// Makes an article of a clip. `name` is what its source is called in reports.
pub fn article(mut clip: Clip, name: &str, given: &Given, is_only: bool, reading: Reading<'_>) -> Post {
    let own_date = clip.date.take();
    // What a person calls a text does not make it another one.
    let own_title = one_line(&clip.title);
    given.apply(&mut clip, is_only);
    let mut notes = clip.notes;
    for note in &mut notes {
        // Texts and feeds have no names of their own.
        if note.file.is_empty() || note.file == "feed" {
            name.clone_into(&mut note.file);
        }
    }
    let zone = &reading.config.zone;
    let mut readable = |key: &str, date: Option<String>| {
        let date = date.map(|date| date.trim().to_owned())?;
        let is_one = parse_moment(&date, zone).is_ok();
        if !is_one {
            let note = Note::whole(name, key, "left out: it cannot be read as a date");
            notes.push(note.about(one_line(&date)));
        }
        is_one.then_some(date)
    };
    let own_date = readable("date", own_date);
    let updated = readable("updated", clip.updated);
    let date = match is_only {
        true => given.date.clone().or_else(|| own_date.clone()),
        false => own_date.clone().or_else(|| given.date.clone()),
    };
    let title = one_line(&clip.title);
    let origins = origins(&clip.origin, clip.source.url.as_deref(), &own_title, &clip.body);
    let has_source = clip.source.url.is_some() || clip.source.name.is_some();
    let mut front = Front {
        updated: updated.filter(|updated| date.as_ref() != Some(updated)),
        summary: clip
            .summary
            .map(|summary| one_line(&summary))
            .filter(|summary| !summary.is_empty()),
        topics: clip.topics,
        authors: clip.authors,
        image: clip.image,
        source_name: clip.source.name,
        source_url: clip.source.url,
        source_date: own_date.filter(|_| has_source),
        lang: clip
            .language
            .filter(|tag| is_language_tag(tag) && !is_same_language(tag, &reading.config.language)),
        draft: given.draft || clip.is_draft,
        id: origins.first().map(|origin| Fingerprint::of(origin).short(16)),
        asks: true,
        title,
        date,
        ..Front::default()
    };
    desk::companies(reading, &mut front, &clip.body, name, &mut notes);
    let day = front.date.as_ref().and_then(|date| parse_moment(date, zone).ok());
    let own_slug = [given.slug.as_deref(), Some(&front.title)];
    let own_slug = own_slug
        .into_iter()
        .flatten()
        .map(slug)
        .find(|slug| !slug.is_empty());
    let own_slug = own_slug.unwrap_or_else(|| NAMELESS.to_owned());
    let stem = match day {
        Some(moment) => format!("{}-{own_slug}", moment.day),
        None => own_slug,
    };
    // Windows has no file `con.md`.
    let stem = match check_portable_name(&format!("{stem}.md")) {
        Err(_) if stem.len() <= MAX_RESERVED => format!("{NAMELESS}-{stem}"),
        _ => stem,
    };
    let mut post = Post {
        path: format!("content/articles/{stem}.md"),
        name: name.to_owned(),
        origins,
        sketch: None,
        is_titled: given.title.is_some(),
        front,
        // No text has one, and the build refuses it.
        body: clip.body.replace('\0', ""),
        attachments: clip.attachments,
        notes,
    };
    lay_beside(&mut post, &stem);
    post
}

/// What tells a text from all others: what its source calls it, else its address. What has neither is told by its
/// words, and so is a text that was given an address: it may have come without one before.
fn origins(origin: &str, url: Option<&str>, title: &str, body: &str) -> Vec<String> {
    let mut origins = Vec::new();
    if !origin.is_empty() && !is_front_page(origin) {
        origins.push(format!("clip {origin}"));
    }
    if let Some(url) = url.filter(|url| !is_front_page(url)) {
        origins.push(format!("clip {url}"));
    }
    if origin.is_empty() || origins.is_empty() {
        let letters = |text: &str| -> String {
            let words = text.split(|sign: char| !sign.is_alphanumeric());
            let words: Vec<String> = words
                .filter(|word| !word.is_empty())
                .map(str::to_lowercase)
                .collect();
            words.join(" ")
        };
        origins.push(format!("{OF_WORDS}{}\n{}", letters(title), letters(body)));
    }
    origins.dedup();
    origins
}

/// Whether an address is that of a whole site: it tells no text from the others there.
pub fn is_front_page(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| {
        let is_page = matches!(url.scheme(), "http" | "https");
        is_page && url.path() == "/" && url.query().is_none() && url.fragment().is_none()
    })
}

/// Files that come along lie in a folder of the article's name, as their text refers to them below it.
fn lay_beside(post: &mut Post, stem: &str) {
    let files: Vec<String> = post.attachments.iter().map(|file| file.to.clone()).collect();
    if files.is_empty() {
        return;
    }
    for file in &mut post.attachments {
        file.to = format!("content/articles/{stem}/{}", file.to);
    }
    lead(post, |address| {
        let decoded = decode_path(address).unwrap_or_else(|| address.to_owned());
        files.contains(&decoded).then(|| format!("{stem}/{address}"))
    });
}

/// Leads a post's references to files elsewhere.
pub fn lead(post: &mut Post, to: impl Fn(&str) -> Option<String>) {
    post.body = rewrite(&post.body, |_, address, _| {
        to(address).map_or(Fate::Stay, Fate::Become)
    });
    if let Some(picture) = &mut post.front.image
        && let Some(src) = to(&picture.src)
    {
        picture.src = src;
    }
}

fn is_same_language(one: &str, other: &str) -> bool {
    let primary = |tag: &str| tag.split('-').next().unwrap_or_default().to_ascii_lowercase();
    primary(one) == primary(other)
}
