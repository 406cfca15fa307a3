//! `brief import` of what other generators made: their sites and their exports.
//!
//! A site is read by the rules of its generator: what each file's address was, which keys mean what, and
//! which markup is no Markdown. What has no equal in brief is told with its place and never dropped
//! silently. Nothing outside the folder that is named is ever opened.

mod astro;
mod book;
mod call;
pub mod common;
pub mod desk;
mod eleventy;
mod export;
mod ghost;
pub mod head;
pub mod html;
mod hugo;
mod javascript;
mod jekyll;
mod markup;
pub mod moment;
pub mod rewrite;
pub mod site;
mod text;
pub mod tree;
pub mod value;
mod wordpress;
mod zola;

use std::path::Path;

pub use super::post;

use crate::reading::article::Reading;

use astro::Astro;
use eleventy::Eleventy;
use ghost::Ghost;
use hugo::Hugo;
use jekyll::Jekyll;
use post::{LeftOut, Note};
use site::{Generator, Outcome};
use tree::Tree;
use wordpress::WordPress;
use zola::Zola;

/// What made a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is named like the program")]
pub enum Origin {
    Hugo,
    Jekyll,
    Zola,
    Eleventy,
    Astro,
    Ghost,
    WordPress,
}

impl Origin {
    /// All of them.
    pub const ALL: [Origin; 7] = [
        Origin::Hugo,
        Origin::Jekyll,
        Origin::Zola,
        Origin::Eleventy,
        Origin::Astro,
        Origin::Ghost,
        Origin::WordPress,
    ];

    /// The name as in `--from`.
    pub fn name(self) -> &'static str {
        match self {
            Origin::Hugo => "hugo",
            Origin::Jekyll => "jekyll",
            Origin::Zola => "zola",
            Origin::Eleventy => "eleventy",
            Origin::Astro => "astro",
            Origin::Ghost => "ghost",
            Origin::WordPress => "wordpress",
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
    if source.is_file() {
        if wordpress::is_export(source) {
            return Some(Origin::WordPress);
        }
        return ghost::is_export(source).then_some(Origin::Ghost);
    }
    let has = |name: &&str| source.join(name).is_file();
    let has_folder = |name: &str| source.join(name).is_dir();
    if hugo::SETTINGS.iter().any(&has) {
        return Some(Origin::Hugo);
    }
    if has(&"_config.yml") || has(&"_config.yaml") || has_folder("_posts") {
        return Some(Origin::Jekyll);
    }
    if astro::SETTINGS.iter().any(&has) {
        return Some(Origin::Astro);
    }
    if eleventy::SETTINGS.iter().any(&has) {
        return Some(Origin::Eleventy);
    }
    if has(&"zola.toml") {
        return Some(Origin::Zola);
    }
    // Hugo of old and Zola call their settings alike; only one of them writes `base_url`.
    if has(&"config.toml") && has_folder("content") {
        let text = std::fs::read_to_string(source.join("config.toml")).unwrap_or_default();
        let is_zola = text.lines().any(|line| line.trim_start().starts_with("base_url"));
        return Some(if is_zola { Origin::Zola } else { Origin::Hugo });
    }
    let has_old_settings = ["config.yaml", "config.yml", "config.json"].iter().any(&has);
    if has_old_settings && has_folder("content") {
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
    match origin {
        Origin::Ghost => {
            report.left_out = export::bring(&Ghost::open(source)?, reading, hand_on)?;
            return Ok(report);
        }
        Origin::WordPress => {
            report.left_out = export::bring(&WordPress::open(source)?, reading, hand_on)?;
            return Ok(report);
        }
        _ => {}
    }
    let tree = Tree::walk(source)?;
    let generator: Box<dyn Generator> = match origin {
        Origin::Jekyll => Box::new(Jekyll::open(&tree, &mut report.notes)),
        Origin::Zola => Box::new(Zola::open(&tree, &mut report.notes)),
        Origin::Eleventy => Box::new(Eleventy::open(&tree, &mut report.notes)),
        Origin::Astro => Box::new(Astro::open(&tree, &mut report.notes)),
        _ => Box::new(Hugo::open(&tree, &mut report.notes)),
    };
    report.left_out = site::bring(&tree, &*generator, reading, hand_on)?;
    Ok(report)
}
