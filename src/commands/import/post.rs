//! What comes from elsewhere, ready to be written: articles and pages in brief's form, and what was changed on
//! the way.
//!
//! Whatever it was, a site of another generator or a text that somebody pasted, it becomes a post, so that
//! writing and updating are done once.

use std::collections::BTreeMap;
use std::path::PathBuf;

pub use super::front::Front;
use crate::building::inspection::twin::Sketch;

/// Something the person who imports should know, at its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// The file it stands in.
    pub file: String,
    /// The line, from 1; 0 where the whole file is meant.
    pub line: usize,
    /// The column, from 1; 0 where the whole line is meant.
    pub column: usize,
    /// What it is: "shortcode `gallery`".
    pub what: String,
    /// Which one it is, where several are told of together: an address.
    pub detail: String,
    /// What became of it: "kept as a comment".
    pub became: String,
}

impl Note {
    /// A note about a file as a whole.
    pub fn whole(file: &str, what: impl Into<String>, became: impl Into<String>) -> Note {
        Note {
            file: file.to_owned(),
            line: 0,
            column: 0,
            what: what.into(),
            detail: String::new(),
            became: became.into(),
        }
    }

    /// Says which one it is about.
    pub fn about(mut self, detail: impl Into<String>) -> Note {
        self.detail = detail.into();
        self
    }
}

/// A file that comes along.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its path in the site folder.
    pub to: String,
    /// What it holds.
    pub from: Contents,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Contents {
    /// The bytes of another file.
    File(PathBuf),
    /// This text.
    Text(String),
}

/// An article or a page, ready to be written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Post {
    /// Its file in the site folder: `content/articles/2024-05-01-acme.md`.
    pub path: String,
    /// What it is called in reports: its file or its number in the source.
    pub name: String,
    /// What tells it from all others, the same at every import; the first is the best. One it has from its
    /// address, say, and one from its words.
    pub origins: Vec<String>,
    /// Its front matter.
    pub front: Front,
    /// Its text, as Markdown.
    pub body: String,
    /// Pictures and other files that it refers to.
    pub attachments: Vec<Attachment>,
    /// What was changed, in the order of the text.
    pub notes: Vec<Note>,
    /// What tells whether its text is like another one's; `None` for pages, and where there is too little of it.
    pub sketch: Option<Sketch>,
    /// Whether a person has said what it is called.
    pub is_titled: bool,
}

impl Post {
    /// Its file, from the first line to the last.
    pub fn text(&self) -> String {
        format!("{}\n{}\n", self.front.to_yaml(), self.body.trim())
    }
}

/// The picture of an article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Where it is.
    pub src: String,
    /// What it shows.
    pub alt: Option<String>,
    /// The words under it.
    pub caption: Option<String>,
    /// Whose it is.
    pub credit: Option<String>,
}

/// What was left out as a whole, counted by what it is and why.
pub type LeftOut = BTreeMap<String, usize>;
