//! `brief new`: files to start from.
//!
//! What is written can be built as it is, and says in comments what else may stand there. Nothing that
//! exists is ever overwritten.

mod article;
mod company;
mod edition;
mod site;

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::ground::path::SourcePath;
use crate::ground::world::describe;
use crate::reading::yaml::quoted;

pub use article::{NewArticle, new_article};
pub use company::{NewCompany, new_company};
pub use edition::{NewEdition, new_edition};
pub use site::new_site;

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The file that was written.
    pub path: SourcePath,
    /// What to do next and what to look at, one line each.
    pub advice: Vec<String>,
}

/// Writes a file that must not exist yet, with the folders it needs. The error is in words.
fn write_new(site: &Path, path: &SourcePath, text: &str) -> Result<(), String> {
    let place = site.join(path.as_str());
    let unwritable = |error: io::Error| format!("`{path}` cannot be written: {}", describe(&error));
    place
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .map_err(unwritable)?;
    let file = fs::File::options().write(true).create_new(true).open(&place);
    match file {
        Ok(mut file) => file.write_all(text.as_bytes()).map_err(unwritable),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(format!(
            "`{path}` is there already\nhelp: edit it, or choose another name"
        )),
        Err(error) => Err(unwritable(error)),
    }
}

/// A text as a YAML value: as it is where that is safe beyond doubt, else in quotes.
fn value(text: &str) -> String {
    let is_word = |character: char| character.is_alphanumeric() || " .&'’()/+_-".contains(character);
    let is_plain = text.chars().all(is_word)
        && text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_lowercase().as_str());
    if is_plain { text.to_owned() } else { quoted(text) }
}

/// Texts as a YAML list in one line.
fn list(texts: &[String]) -> String {
    let values: Vec<String> = texts.iter().map(|text| value(text)).collect();
    format!("[{}]", values.join(", "))
}
