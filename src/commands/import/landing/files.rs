//! The files of an import: names that are free, pictures beside articles, and writing.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::{Landing, Stop};
use crate::commands::import::article::lead;
use crate::commands::import::gather::problem;
use crate::commands::import::ledger::Entry;
use crate::commands::import::post::{Attachment, Contents, Post};
use crate::commands::scaffold::replace;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, fold};

impl Landing<'_> {
    /// Brings files along with an article. One that cannot be keeps no other out.
    pub(super) fn attach(&mut self, name: &str, attachments: Vec<Attachment>) -> Result<(), Stop> {
        for attachment in attachments {
            match self.attach_one(attachment) {
                Err(Stop::Here(why)) => self.carried.problems.push(problem(name, why)),
                other => other?,
            }
        }
        Ok(())
    }

    fn attach_one(&mut self, Attachment { to, from }: Attachment) -> Result<(), Stop> {
        let path = SourcePath::new(&to).filter(|path| !path.as_str().is_empty());
        let path = path.ok_or_else(|| Stop::Here(format!("`{to}` cannot be a file")))?;
        if !self.attached.insert(to) {
            return Ok(());
        }
        let bytes = match from {
            Contents::Text(text) => text.into_bytes(),
            Contents::File(from) => fs::read(&from)
                .map_err(|error| Stop::of(&error, &format!("`{}` cannot be read", from.display())))?,
        };
        self.put(&path, &bytes)
    }

    /// Writes a file beside an article, by the same rule as articles.
    pub(super) fn put(&mut self, path: &SourcePath, bytes: &[u8]) -> Result<(), Stop> {
        let origins = [format!("file {path}")];
        let entry = Entry {
            wrote: Fingerprint::of(bytes),
            path: path.clone(),
            planned: path.clone(),
            id: String::new(),
        };
        match fs::read(self.secure(path)?) {
            Ok(there) if there == bytes => self.carried.unchanged += 1,
            Ok(there) => {
                let last = self.ledger.find(&origins).map(|entry| entry.wrote);
                if last != Some(Fingerprint::of(&there)) && !self.manner.force {
                    self.carried.kept.push(path.to_string());
                    return Ok(());
                }
                self.write(path, bytes)?;
                self.carried.updated += 1;
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                self.write(path, bytes)?;
                self.carried.files += 1;
            }
            Err(error) => return Err(Stop::of(&error, &format!("`{path}` cannot be read"))),
        }
        self.ledger.note(&origins, &entry);
        Ok(())
    }

    /// The first name that nothing has: the one that is wanted, or with a number behind it.
    pub(super) fn free(&mut self, planned: &SourcePath) -> SourcePath {
        let is_free = |path: &SourcePath| self.is_free(path);
        if is_free(planned) {
            return planned.clone();
        }
        let (folder, stem) = (planned.folder(), planned.stem());
        // Thousands of one name would be counted through from the start each time.
        let first = self.numbers.get(planned).copied().unwrap_or(2);
        let mut numbered = (first..).filter_map(|number| {
            let path = SourcePath::new(&format!("{folder}/{stem}-{number}.md"))?;
            is_free(&path).then_some((number, path))
        });
        // Numbers do not run out before the disk does.
        let Some((number, path)) = numbered.next() else {
            return planned.clone();
        };
        self.numbers.insert(planned.clone(), number + 1);
        path
    }

    /// Whether nothing has a name, and nothing had it that a person has moved since: that is still told by it.
    pub(super) fn is_free(&self, path: &SourcePath) -> bool {
        let mut ids = self.ledger.ids_at(path);
        !self.taken.contains(&fold(path.as_str()))
            && !self.exists(path)
            && !ids.any(|id| self.known.with_id(id).is_some())
    }

    pub(super) fn place(&self, path: &SourcePath) -> PathBuf {
        self.site.join(path.as_str())
    }

    pub(super) fn exists(&self, path: &SourcePath) -> bool {
        self.place(path).symlink_metadata().is_ok()
    }

    /// A place in the site, unless links lead out of it from there.
    pub(super) fn secure(&self, path: &SourcePath) -> Result<PathBuf, Stop> {
        let place = self.root.join(path.as_str());
        if place.is_symlink() {
            return Err(Stop::Here(format!(
                "`{path}` is a symbolic link, and nothing is written through links\nhelp: remove it, or put what it leads \
                 to in its place"
            )));
        }
        let mut folders = place.ancestors().skip(1);
        let nearest = folders.find(|folder| folder.symlink_metadata().is_ok());
        let real = nearest.and_then(|folder| folder.canonicalize().ok());
        match real.is_some_and(|real| real.starts_with(&self.root)) {
            true => Ok(place),
            false => Err(Stop::Here(format!(
                "`{path}` lies behind a symbolic link that leads out of the site\nhelp: put a folder in the place of the \
                 link, or import into the site that it leads to"
            ))),
        }
    }

    /// Writes a file whole or not at all.
    pub(super) fn write(&self, path: &SourcePath, bytes: &[u8]) -> Result<(), Stop> {
        let place = self.secure(path)?;
        if self.manner.dry_run {
            return Ok(());
        }
        let folder = place.parent().map_or(Ok(()), fs::create_dir_all);
        folder
            .and_then(|()| replace(&place, bytes))
            .map_err(|error| Stop::of(&error, &format!("`{path}` cannot be written")))
    }
}

/// Files that lie beside an article lie beside its new name.
pub(super) fn move_attachments(post: &mut Post, planned: &SourcePath, path: &SourcePath) {
    let (old, new) = (planned.stem(), path.stem());
    let folder = format!("{}/{old}/", planned.folder());
    if post.attachments.is_empty() {
        return;
    }
    for attachment in &mut post.attachments {
        if let Some(below) = attachment.to.strip_prefix(&folder) {
            attachment.to = format!("{}/{new}/{below}", planned.folder());
        }
    }
    let prefix = format!("{old}/");
    lead(post, |address| {
        let below = address.strip_prefix(&prefix)?;
        Some(format!("{new}/{below}"))
    });
}

/// References that are meant from one folder, as they are written in another.
pub(super) fn relink(post: &mut Post, planned: &SourcePath, path: &SourcePath) {
    if planned.folder() == path.folder() {
        return;
    }
    let Some(folder) = SourcePath::new(planned.folder()) else {
        return;
    };
    lead(post, |address| {
        let end = address.find(['?', '#']).unwrap_or(address.len());
        let (file, suffix) = address.split_at(end);
        let is_relative = !file.is_empty() && !file.starts_with('/') && !file.contains(':');
        let to = folder.join(file).filter(|_| is_relative)?;
        Some(format!("{}{suffix}", path.path_to(&to)))
    });
}
