//! A clip: one text from elsewhere, read and cleaned, on its way to become an article.
//!
//! Pasted texts, saved pages and entries of feeds all become clips; what is done with a clip is done
//! once. A clip holds what its source says and nothing else: what the source does not say stays empty.

use super::foreign::post::{Attachment, LeftOut, Note, Picture};

/// One text from elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clip {
    /// What tells it from all others, the same at every import: the canonical address of a page, the id of a
    /// feed's entry. Empty where the source has nothing of the kind, as pasted texts.
    pub origin: String,
    /// The headline, in one line of plain text.
    pub title: String,
    /// What the source says in a sentence or two, in plain text.
    pub summary: Option<String>,
    /// The text as Markdown, without the headline.
    pub body: String,
    /// When it appeared, as front matter takes it: `2025-01-21`, or RFC 3339.
    pub date: Option<String>,
    /// When it last changed, in the same forms.
    pub updated: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// What it is about, by the categories of its source.
    pub topics: Vec<String>,
    /// Its language, as a BCP 47 tag.
    pub language: Option<String>,
    /// Where it stood.
    pub source: Source,
    /// Its main picture.
    pub image: Option<Picture>,
    /// Files that come along, each with its path as the text and the picture refer to it.
    pub attachments: Vec<Attachment>,
    /// Whether its source says that it is a draft.
    pub is_draft: bool,
    /// What the person who imports should know, at its place in the source.
    pub notes: Vec<Note>,
    /// What was left out, counted by what it is.
    pub left_out: LeftOut,
}

/// Where a text stood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// The name of the publication.
    pub name: Option<String>,
    /// The address of the text.
    pub url: Option<String>,
}
