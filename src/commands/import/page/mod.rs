//! Saved HTML pages as clips: what the page says of its article, and the article without the page round it.
//!
//! A page is never fetched, and nothing is opened but pictures saved beside it. What the page does not say stays
//! empty. What is left out is counted; a page that shows no article is an error that says why.

mod address;
mod body;
mod bound;
mod breaks;
mod byline;
mod clutter;
mod decode;
mod dom;
mod facts;
mod figure;
mod head;
mod headline;
mod lines;
mod linked;
mod meta;
mod mhtml;
mod picture;
mod prose;
mod table;
mod trailer;

use std::path::Path;

use dom_query::Document;

use self::address::{Addresses, saved_from};
use self::bound::bound;
use self::clutter::Sweep;
use self::dom::{all, has_sentence, link_share, name, text, unwrap};
use self::facts::Facts;
use self::picture::Pictures;
use super::clip::Clip;
use super::foreign::post::{LeftOut, Note, Picture};
use crate::ground::text::one_line;

pub use self::address::{canonical, without_tracking};
pub use self::byline::Authors;
pub use self::decode::decode;
pub use self::dom::{bare, plain};
pub use self::facts::is_after;

/// The largest file that is read, in bytes: pages hold their pictures within themselves sometimes.
const MAX_FILE: usize = 128 << 20;

/// The shortest article, in characters: of a page that says it is one, and of any other.
const SHORT: usize = 60;
const SHORT_UNSAID: usize = 140;

/// Whether bytes are a page: HTML, whole or in part, or a page saved as one file (.mhtml).
pub fn is_page(bytes: &[u8]) -> bool {
    if mhtml::is_mhtml(bytes) {
        return true;
    }
    let (head, _) = decode(&bytes[..bytes.len().min(4096)]);
    let head = head.trim_start().to_ascii_lowercase();
    // Comments and declarations stand before anything else.
    let mut rest = head.as_str();
    while let Some(inner) = rest.strip_prefix("<!--") {
        rest = inner.split_once("-->").map_or("", |(_, rest)| rest).trim_start();
    }
    if rest.starts_with("<?xml") {
        return rest.contains("<html");
    }
    if rest.starts_with("<!doctype html") {
        return true;
    }
    let starts = [
        "<html",
        "<head",
        "<body",
        "<title",
        "<meta",
        "<article",
        "<main",
        "<section",
        "<div",
        "<p>",
        "<p ",
        "<h1",
        "<h2",
        "<header",
        "<table",
        "<figure",
        "<script",
        "<link",
        "<style",
        "<blockquote",
        "<ul",
        "<ol",
        "<center",
        "<font",
        "<span",
    ];
    starts.iter().any(|start| rest.starts_with(start))
}

/// Reads a page. `file` is where it was saved, so that pictures beside it come along. The error is in words.
///
/// Attachments are named by their path beside the article: whoever writes the article puts its folder before them.
pub fn read(html: &[u8], file: &Path) -> Result<Clip, String> {
    let shown = file.display();
    if html.len() > MAX_FILE {
        return Err(format!(
            "`{shown}` is larger than {} MiB\nhelp: save the page once more as “Web page, HTML only”",
            MAX_FILE >> 20
        ));
    }
    let mut notes = Vec::new();
    let (text, address) = text_of(html, file, &mut notes)?;
    let bounded = bound(&text).map_err(|why| {
        format!("`{shown}` is more than an article: {why}\nhelp: save the page of one article, or copy its text and import that")
    })?;
    drop(text);
    let document = Document::from(bounded);
    let mut facts = facts::read(&document, address, file);
    notes.append(&mut facts.notes);
    let page = Page {
        file: shown.to_string(),
        has_password: !document.select(r#"input[type="password"]"#).is_empty(),
        has_scripts: !document.select("script").is_empty(),
    };
    let addresses = Addresses::of(&document, facts.source.url.as_deref());
    let mut pictures = Pictures::of(Some(file), &addresses);
    pictures.settle(&document);
    all(&document, "font").iter().for_each(unwrap);
    table::unfold_layout(&document);
    breaks::into_paragraphs(&document);
    let mut titles = facts.other_titles.clone();
    titles.push(facts.title.clone());
    let mut sweep = Sweep::new(&titles);
    sweep.page(&document);
    figure::settle(&document);
    head::complete_picture(&document, &mut facts);
    let mut left_out = std::mem::take(&mut sweep.left_out);
    let is_closed = sweep.is_closed || facts.is_closed;
    let found = body::cut(&document, &mut left_out).map(|article| {
        let links = link_share(&article);
        (article.html().to_string(), links)
    });
    let mut article = Document::from(found.as_ref().map_or("", |(html, _)| html));
    let mut share = found.as_ref().map_or(0.0, |(_, links)| *links);
    let mut length = dom::text(&article.html_root()).chars().count();
    // Pages made by scripts often hold their text in their data.
    if let Some(data) = facts.text.clone()
        && data.chars().count() > length * 2 + SHORT
    {
        let kind = if length < SHORT {
            "no text on the page itself"
        } else {
            "more text in the page's data than on the page"
        };
        notes.push(Note::whole(
            &page.file,
            kind,
            "the text in its data was taken: check its paragraphs",
        ));
        article = Document::from(of_data(&data));
        share = 0.0;
        length = data.chars().count();
    }
    page.judge(&document, &facts, &dom::text(&article.html_root()), share)?;
    let image = head::take(&article, &mut facts, &mut left_out);
    let repeated = prose::drop_repeated(&article);
    left_out.insert("quotations of the text itself".to_owned(), repeated);
    let unlinked = prose::simplify(&article, &addresses);
    let mut prose = prose::write(&article);
    prose.unlinked = unlinked;
    if length >= SHORT && prose.markdown.is_empty() {
        return Err(page.nothing());
    }
    note_all(&page.file, &mut prose, &pictures, is_closed, &mut notes);
    let attachments = pictures.attachments(|path| {
        prose.markdown.contains(path) || image.as_ref().is_some_and(|image| image.src == path)
    });
    left_out.retain(|_, count| *count > 0);
    Ok(Clip {
        origin: facts.source.url.clone().unwrap_or_default(),
        title: one_line(&facts.title),
        summary: facts
            .summary
            .filter(|summary| bare(summary) != bare(&facts.title)),
        body: prose.markdown,
        date: facts.date,
        updated: facts.updated,
        authors: facts.authors,
        topics: facts.topics,
        language: facts.language,
        source: facts.source,
        image,
        attachments,
        is_draft: false,
        notes,
        left_out,
    })
}

/// The text of a page's file, and its address where the file says it.
fn text_of(html: &[u8], file: &Path, notes: &mut Vec<Note>) -> Result<(String, Option<String>), String> {
    let shown = file.display().to_string();
    if mhtml::is_mhtml(html) {
        let saved = mhtml::read(html).ok_or_else(|| {
            format!("`{shown}` holds no page\nhelp: save the page once more, as “Web page, complete” or as HTML alone")
        })?;
        if saved.others > 0 {
            let note = Note::whole(
                &shown,
                "pictures within the file",
                "shown from where the page has them",
            );
            notes.push(note.about(saved.others.to_string()));
        }
        let address = saved.address.as_deref().and_then(canonical);
        return Ok((saved.html, address));
    }
    let (text, is_damaged) = decode(html);
    if is_damaged {
        notes.push(Note::whole(
            &shown,
            "bytes that are no text in the encoding of the page",
            "shown as `\u{fffd}`",
        ));
    }
    let address = saved_from(&text);
    Ok((text, address))
}

/// The text in a page's data, whose paragraphs are lines.
fn of_data(text: &str) -> String {
    if text.contains("<p") {
        return bound(text).unwrap_or_default();
    }
    let paragraphs = text.lines().map(str::trim).filter(|line| !line.is_empty());
    paragraphs
        .map(|line| {
            format!(
                "<p>{}</p>",
                line.replace('&', "&amp;")
                    .replace('<', "&lt;")
                    .replace("&amp;amp;", "&amp;")
            )
        })
        .collect()
}

fn note_all(
    file: &str,
    prose: &mut prose::Prose,
    pictures: &Pictures<'_>,
    is_closed: bool,
    notes: &mut Vec<Note>,
) {
    for (what, became) in std::mem::take(&mut prose.turned) {
        notes.push(Note::whole(file, what, became));
    }
    let mut tell = |count: usize, what: &str, became: &str| {
        if count > 0 {
            notes.push(Note::whole(file, what, became).about(count.to_string()));
        }
    };
    tell(
        prose.unlinked,
        "links that lead nowhere from elsewhere",
        "their text stays",
    );
    tell(pictures.lost, "pictures whose address cannot be told", "left out");
    tell(
        pictures.inline,
        "pictures within the page's own code",
        "left out: save the page as “Web page, complete”",
    );
    if is_closed {
        notes.push(Note::whole(
            file,
            "an article for subscribers, by its own words",
            "check that its end is there",
        ));
    }
}

/// What is known of a page as a whole, to say why it has no article.
struct Page {
    file: String,
    has_password: bool,
    has_scripts: bool,
}

impl Page {
    /// Says why a page is no article, if it is none.
    fn judge(&self, document: &Document, facts: &Facts, found: &str, links: f64) -> Result<(), String> {
        let length = found.chars().count();
        let least = if facts.is_article { SHORT } else { SHORT_UNSAID };
        let is_text = length >= least && has_sentence(found);
        if is_text && (links < 0.5 || facts.is_article && links < 0.8) {
            return Ok(());
        }
        let whole = document.body().map(|body| text(&body)).unwrap_or_default();
        let all_links = all(document, "a").iter().filter(|link| name(link) == "a").count();
        if self.has_password {
            return Err(format!(
                "`{}` asks for a password where its article should be\nhelp: sign in with your browser, then save the page again",
                self.file
            ));
        }
        if all_links >= 8 && length >= SHORT {
            return Err(format!(
                "`{}` leads to articles and is none itself\nhelp: open the article that you mean and save its page",
                self.file
            ));
        }
        if self.has_scripts && whole.chars().count() < 400 {
            return Err(format!(
                "`{}` holds no text: scripts fetch it when the page is shown\nhelp: copy the text from your browser and import that",
                self.file
            ));
        }
        Err(self.nothing())
    }

    fn nothing(&self) -> String {
        format!(
            "no article was found in `{}`\nhelp: copy its text from your browser and import that",
            self.file
        )
    }
}

/// A text in HTML without a page round it, as feeds have it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Part {
    /// The text as Markdown.
    pub markdown: String,
    /// The picture before it.
    pub image: Option<Picture>,
    /// What was left out.
    pub left_out: LeftOut,
    /// What was turned into something else, and what became of it.
    pub turned: Vec<(String, String)>,
    /// Whether it says that it goes on elsewhere.
    pub is_cut: bool,
}

/// Such a text in one line without marks, and whether it says that it goes on elsewhere.
pub fn line(html: &str) -> Result<(String, bool), String> {
    let document = Document::from(bound(html)?);
    let mut is_cut = trailer::cut(&document);
    Sweep::new(&[]).entry(&document);
    is_cut |= trailer::cut(&document);
    Ok((text(&document.html_root()), is_cut))
}

/// Turns such a text into Markdown. Its links start from `base`; a headline that it repeats goes.
pub fn part(html: &str, base: Option<&str>, title: &str) -> Result<Part, String> {
    let bounded = bound(html)?;
    let document = Document::from(bounded);
    let addresses = Addresses::from(base);
    let mut pictures = Pictures::of(None, &addresses);
    pictures.settle(&document);
    let mut is_cut = trailer::cut(&document);
    let titles = [title.to_owned()];
    let mut sweep = Sweep::new(&titles);
    sweep.entry(&document);
    let mut left_out = std::mem::take(&mut sweep.left_out);
    // Once more, now that nothing follows.
    is_cut |= trailer::cut(&document);
    table::unfold_layout(&document);
    breaks::into_paragraphs(&document);
    figure::settle(&document);
    let mut facts = Facts {
        title: title.to_owned(),
        ..Facts::default()
    };
    let image = head::take(&document, &mut facts, &mut left_out);
    let unlinked = prose::simplify(&document, &addresses);
    let prose = prose::write(&document);
    if unlinked > 0 {
        left_out.insert(
            "addresses of links that lead nowhere from elsewhere".to_owned(),
            unlinked,
        );
    }
    Ok(Part {
        markdown: prose.markdown,
        image,
        left_out,
        turned: prose.turned,
        is_cut,
    })
}

#[cfg(test)]
mod tests;
