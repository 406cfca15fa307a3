//! Exports: one large file with all articles in it, read twice as a stream so that it is never held whole.

use rayon::prelude::*;

use super::book::Book;
use super::desk::Taken;
use super::post::{LeftOut, Note};
use super::site::{self, Generator, Head, Outcome, Planned, Problem, Understood};
use super::text::Body;
use super::tree::Tree;
use super::value::Keys;
use crate::reading::article::Reading;

/// One thing of an export.
#[derive(Debug)]
pub struct Item {
    /// What it is called in reports: its name in the export.
    pub name: String,
    /// What it is, or what is wrong with it.
    pub understood: Result<Understood, Problem>,
    /// Its text, as the export has it.
    pub text: Text,
}

/// A text in one of the forms that exports have.
#[derive(Debug)]
pub enum Text {
    /// HTML.
    Html(String),
    /// What this function makes HTML of.
    Raw(String, fn(&str) -> (String, super::html::Turned)),
    /// Markdown already, with what was turned on the way.
    Markdown(String, super::html::Turned),
}

/// An export that can be read again and again.
pub trait Export: Sync {
    /// Hands on every item in its order. The error is in words.
    fn read(&self, each: &mut dyn FnMut(Item) -> Result<(), String>) -> Result<(), String>;

    /// The address of the old site.
    fn base_url(&self) -> Option<&str>;

    /// The address of its feed.
    fn feed(&self) -> &'static str;

    /// Addresses of lists of a term.
    fn term_addresses(&self, topic: &str) -> Vec<String>;

    /// What is left out as a whole.
    fn left_out(&self) -> LeftOut {
        LeftOut::new()
    }
}

/// An export seen as a site without files.
struct Site<'e> {
    export: &'e dyn Export,
}

impl Generator for Site<'_> {
    fn sources(&self, _: &Tree) -> Vec<String> {
        Vec::new()
    }

    fn head(&self, _: &str, _: Keys, _: &str) -> Understood {
        Understood::Leave(String::new())
    }

    fn body(&self, body: &Body<'_>, _: &Head, _: &Book, _: &mut Vec<Note>) -> String {
        body.text.to_owned()
    }

    fn roots(&self) -> Vec<String> {
        Vec::new()
    }

    fn fill(&self, book: &mut Book) {
        if let Some(address) = self.export.base_url() {
            book.lives_at(address);
        }
        book.rename_feed(self.export.feed(), "/feed.xml");
        for (old, new) in [("/tag/", "/topics/"), ("/category/", "/topics/")] {
            book.rename(old, new);
        }
    }

    fn term_addresses(&self, topic: &str) -> Vec<String> {
        self.export.term_addresses(topic)
    }

    fn keeps_files_elsewhere(&self) -> bool {
        true
    }
}

/// Brings an export over.
pub fn bring(
    export: &dyn Export,
    reading: Reading<'_>,
    hand_on: &mut dyn FnMut(Outcome) -> Result<(), String>,
) -> Result<LeftOut, String> {
    let generator = Site { export };
    let mut left_out = export.left_out();
    let mut book = Book::default();
    generator.fill(&mut book);
    let mut settled = site::Settled::default();
    let mut taken = Taken::default();
    export.read(&mut |item| {
        match item.understood {
            Ok(Understood::Take(head)) => settled.add(item.name, *head, reading, &mut book, &mut taken),
            Ok(Understood::Leave(why)) => *left_out.entry(why).or_default() += 1,
            Err(problem) => hand_on(Outcome::Failed(problem))?,
        }
        Ok(())
    })?;
    let planned = settled.finish(&generator, reading, &mut book, &mut taken);
    hand_on(Outcome::Expected(planned.len()))?;
    let mut next = 0;
    let mut waiting: Vec<(&Planned, Head, Text)> = Vec::new();
    let tree = Tree::default();
    let convert_all = |waiting: &mut Vec<(&Planned, Head, Text)>| -> Vec<Outcome> {
        std::mem::take(waiting)
            .into_par_iter()
            .map(|(planned, head, text)| convert(&tree, &generator, reading, &book, planned, head, text))
            .collect()
    };
    export.read(&mut |item| {
        let Ok(Understood::Take(head)) = item.understood else {
            return Ok(());
        };
        let planned = planned
            .get(next)
            .ok_or_else(|| "the export was changed while it was imported".to_owned())?;
        next += 1;
        waiting.push((planned, *head, item.text));
        if waiting.len() >= 256 {
            for outcome in convert_all(&mut waiting) {
                hand_on(outcome)?;
            }
        }
        Ok(())
    })?;
    for outcome in convert_all(&mut waiting) {
        hand_on(outcome)?;
    }
    Ok(left_out)
}

fn convert(
    tree: &Tree,
    generator: &Site<'_>,
    reading: Reading<'_>,
    book: &Book,
    planned: &Planned,
    head: Head,
    text: Text,
) -> Outcome {
    let (markdown, turned) = match text {
        Text::Html(html) => super::html::to_markdown(&html),
        Text::Raw(raw, prepare) => {
            let (html, turned) = prepare(&raw);
            let (markdown, further) = super::html::to_markdown(&html);
            (markdown, turned.into_iter().chain(further).collect())
        }
        Text::Markdown(markdown, turned) => (markdown, turned),
    };
    let body = Body::new(planned.file(), &markdown, 0);
    let notes = turned
        .into_iter()
        .map(|(what, became)| Note::whole(planned.file(), what, became))
        .collect();
    site::finish(
        tree,
        generator,
        reading,
        book,
        planned,
        head,
        &body,
        markdown.clone(),
        notes,
    )
}
