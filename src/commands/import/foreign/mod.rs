//! `brief import` of what other generators made: their sites and their exports.
//!
//! A site is read by the rules of its generator: what each file's address was, which keys mean what, and
//! which markup is no Markdown. What has no equal in brief is told with its place and never dropped
//! silently. Nothing outside the folder that is named is ever opened.

mod book;
mod call;
pub mod carry;
mod common;
mod desk;
mod head;
mod hugo;
mod moment;
pub mod post;
mod rewrite;
pub mod site;
mod text;
mod tree;
mod value;

use std::path::Path;

use crate::reading::article::Reading;

use hugo::Hugo;
use post::{LeftOut, Note};
use site::{Generator, Outcome};
use tree::Tree;

/// What made a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is named like the program")]
pub enum Origin {
    Hugo,
}

impl Origin {
    /// The name as in `--from`.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Hugo => "hugo",
        }
    }
}

/// What was brought over as a whole.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What was left out, counted by what it is and why.
    pub left_out: LeftOut,
    /// What concerns the source as a whole.
    pub notes: Vec<Note>,
}

/// Says what made a source, by what lies there; `None` where nothing tells.
pub fn detect(source: &Path) -> Option<Origin> {
    let has = |name: &&str| source.join(name).is_file();
    let has_folder = |name: &str| source.join(name).is_dir();
    if hugo::SETTINGS.iter().any(has) {
        return Some(Origin::Hugo);
    }
    let has_old_settings = ["config.toml", "config.yaml", "config.yml", "config.json"]
        .iter()
        .any(has);
    if has_old_settings && has_folder("content") && (has_folder("archetypes") || has_folder("layouts")) {
        return Some(Origin::Hugo);
    }
    None
}

/// Brings everything over that a source holds, one article at a time. The error is in words.
pub fn bring(
    source: &Path,
    origin: Origin,
    reading: Reading<'_>,
    hand_on: &mut dyn FnMut(Outcome) -> Result<(), String>,
) -> Result<Report, String> {
    let mut report = Report::default();
    let tree = Tree::walk(source)?;
    let generator: Box<dyn Generator> = match origin {
        Origin::Hugo => Box::new(Hugo::open(&tree, &mut report.notes)),
    };
    report.left_out = site::bring(&tree, &*generator, reading, hand_on)?;
    Ok(report)
}
