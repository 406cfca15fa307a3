//! The files of an import: names that are free, pictures beside articles, and writing.

use std::fs;
use std::io;
use std::path::PathBuf;

use super::Landing;
use crate::commands::import::article::lead;
use crate::commands::import::ledger::Entry;
use crate::commands::import::post::{Attachment, Contents, Post};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, fold};
use crate::ground::world::describe;

impl Landing<'_> {
    pub(super) fn attach(&mut self, attachments: Vec<Attachment>) -> Result<(), String> {
        for Attachment { to, from } in attachments {
            let path = SourcePath::new(&to).filter(|path| !path.as_str().is_empty());
            let path = path.ok_or_else(|| format!("`{to}` cannot be a file"))?;
            if !self.attached.insert(to) {
                continue;
            }
            let bytes = match from {
                Contents::Text(text) => text.into_bytes(),
                Contents::File(from) => fs::read(&from)
                    .map_err(|error| format!("`{}` cannot be read: {}", from.display(), describe(&error)))?,
            };
            self.put(&path, &bytes)?;
        }
        Ok(())
    }

    /// Writes a file beside an article, by the same rule as articles.
    pub(super) fn put(&mut self, path: &SourcePath, bytes: &[u8]) -> Result<(), String> {
        let origins = [format!("file {path}")];
        let entry = Entry {
            wrote: Fingerprint::of(bytes),
            path: path.clone(),
            planned: path.clone(),
            id: String::new(),
        };
        match fs::read(self.place(path)) {
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
            Err(error) => return Err(format!("`{path}` cannot be read: {}", describe(&error))),
        }
        self.ledger.note(&origins, &entry);
        Ok(())
    }

    /// The first name that nothing has: the one that is wanted, or with a number behind it.
    pub(super) fn free(&self, planned: &SourcePath) -> SourcePath {
        let (folder, stem) = (planned.folder(), planned.stem());
        let numbered =
            (2_u64..).filter_map(|number| SourcePath::new(&format!("{folder}/{stem}-{number}.md")));
        let mut names = std::iter::once(planned.clone()).chain(numbered);
        let is_free = |path: &SourcePath| !self.taken.contains(&fold(path.as_str())) && !self.exists(path);
        // Numbers do not run out before the disk does.
        names.find(is_free).unwrap_or_else(|| planned.clone())
    }

    pub(super) fn place(&self, path: &SourcePath) -> PathBuf {
        self.site.join(path.as_str())
    }

    pub(super) fn exists(&self, path: &SourcePath) -> bool {
        self.place(path).symlink_metadata().is_ok()
    }

    pub(super) fn write(&self, path: &SourcePath, bytes: &[u8]) -> Result<(), String> {
        if self.manner.dry_run {
            return Ok(());
        }
        let place = self.place(path);
        let folder = place.parent().map_or(Ok(()), fs::create_dir_all);
        folder
            .and_then(|()| fs::write(&place, bytes))
            .map_err(|error| format!("`{path}` cannot be written: {}", describe(&error)))
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
