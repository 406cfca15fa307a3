//! `brief new`: files to start from.
//!
//! What is written can be built as it is, and says in comments what else may stand there. Nothing that
//! exists is ever overwritten.

mod article;
mod company;
mod edition;
mod site;
mod workflow;

use std::borrow::Cow;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;
use crate::ground::world::describe;

pub use article::{NewArticle, new_article};
pub use company::{NewCompany, new_company};
pub use edition::{NewEdition, new_edition};
pub use site::new_site;
pub use workflow::{Host, Workflow, new_workflow};

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

/// How long a name may be to which something is added.
const MAX_NAME: usize = 240;

/// Writes a file beside the old one and puts it in its place, with its rights: whoever reads it meanwhile sees
/// the old one or the new one.
pub(super) fn replace(place: &Path, bytes: &[u8]) -> io::Result<()> {
    // A link stays a link.
    let real = place.canonicalize();
    let place = real.as_deref().unwrap_or(place);
    let folder = place.parent().unwrap_or(Path::new("."));
    // Hidden, so that nobody takes it for a source.
    let name = place.file_name().unwrap_or_default().to_string_lossy();
    // A name may be as long as it can be already.
    let name = match name.len() > MAX_NAME {
        true => Cow::from(Fingerprint::of(name.as_bytes()).short(16)),
        false => name,
    };
    let beside = folder.join(format!(".{name}.new"));
    // What a run that was cut short has left, or a link that somebody has put there.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let write = || {
        let mut file = fs::File::options().write(true).create_new(true).open(&beside)?;
        file.write_all(bytes)?;
        if let Ok(metadata) = fs::metadata(place) {
            file.set_permissions(metadata.permissions())?;
        }
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, place)
    };
    write().inspect_err(|_| drop(fs::remove_file(&beside)))
}
