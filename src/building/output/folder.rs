//! The output folder on disk, looked at without ever following a symbolic link in it.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::plan::ancestors;
use crate::ground::path::{OutputPath, fold};

/// Our names in the output. No page may go there.
pub(super) const MANIFEST: &str = ".brief-manifest";
pub(super) const STAGING: &str = ".brief-staging";

/// The folder of an output's own where it is not built but published: whoever publishes there next must find what is
/// known of it, and knows nothing of the site folder it came from.
pub const PUBLISHING: &str = ".brief-publish";

const OWN: [&str; 3] = [MANIFEST, STAGING, PUBLISHING];

/// What stands at a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Nothing,
    /// A file of that many bytes, written at that time, in nanoseconds since 1970.
    File {
        size: u64,
        modified: i64,
    },
    Folder,
    Link,
    /// A device, a pipe or the like.
    Other,
    /// A folder on the way is a file (or the like).
    BehindFile(String),
    /// A folder on the way is a symbolic link.
    BehindLink(String),
}

/// When a file was written, in nanoseconds since 1970; 0 where the system does not tell.
pub(super) fn modified(metadata: &fs::Metadata) -> i64 {
    let time = metadata
        .modified()
        .ok()
        .and_then(|time| Timestamp::try_from(time).ok());
    time.map_or(0, |time| i64::try_from(time.as_nanosecond()).unwrap_or(0))
}

/// The output folder.
pub(super) struct Folder {
    root: PathBuf,
}

impl Folder {
    pub(super) fn new(root: &Path) -> Folder {
        Folder {
            root: root.to_owned(),
        }
    }

    /// Where a path of the output lies on disk.
    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Where it waits until the commit.
    pub(super) fn staged(&self, path: &str) -> PathBuf {
        self.root.join(STAGING).join(path)
    }

    /// The path as messages name it.
    pub(super) fn shown(&self, path: &str) -> String {
        shown(&if path.is_empty() {
            self.root.clone()
        } else {
            self.at(path)
        })
    }

    /// Makes the folder; gives those that had to be made, the innermost first.
    pub(super) fn create(&self) -> io::Result<Vec<PathBuf>> {
        let missing = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
        let missing = self
            .root
            .ancestors()
            .take_while(missing)
            .map(Path::to_owned)
            .collect();
        fs::create_dir_all(&self.root)?;
        if self.root.is_dir() {
            Ok(missing)
        } else {
            Err(ErrorKind::NotADirectory.into())
        }
    }

    /// Whether nothing but our own bookkeeping is in it.
    pub(super) fn is_empty(&self) -> io::Result<bool> {
        for entry in fs::read_dir(&self.root)? {
            let name = entry?.file_name();
            if !OWN.iter().any(|own| name == *own) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// What stands at a path.
    pub(super) fn standing(&self, path: &str) -> io::Result<Standing> {
        for folder in ancestors(path) {
            match self.look(folder)? {
                Standing::Folder => {}
                Standing::Nothing => return Ok(Standing::Nothing),
                Standing::Link => return Ok(Standing::BehindLink(folder.to_owned())),
                _ => return Ok(Standing::BehindFile(folder.to_owned())),
            }
        }
        self.look(path)
    }

    /// What stands at a path whose folders are known to be folders.
    pub(super) fn look(&self, path: &str) -> io::Result<Standing> {
        let metadata = match fs::symlink_metadata(self.at(path)) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Standing::Nothing),
            Err(error) => return Err(error),
        };
        Ok(match metadata.file_type() {
            kind if kind.is_symlink() => Standing::Link,
            kind if kind.is_dir() => Standing::Folder,
            kind if kind.is_file() => Standing::File {
                size: metadata.len(),
                modified: modified(&metadata),
            },
            _ => Standing::Other,
        })
    }

    /// How many folders are in a folder, where the disk keeps count of them.
    pub(super) fn count_folders(&self, path: &str) -> Option<u64> {
        let links = links(&fs::symlink_metadata(self.at(path)).ok()?)?;
        // Its own name and the `.` in it are links to a folder, as is the `..` in each folder in it.
        // A file system that does not count them says 1.
        links.checked_sub(2)
    }

    /// Whether every part of a path is spelled so on disk, letter case included. A disk that folds
    /// case finds `Foo` under `foo`, but lists it as `Foo`.
    pub(super) fn is_spelled(&self, path: &str) -> bool {
        self.spelling(path).is_some_and(|spelling| spelling == path)
    }

    /// A path as the disk spells it, the nearest spelling first; `None` where it is not there.
    fn spelling(&self, path: &str) -> Option<String> {
        let mut spelling = String::new();
        for segment in path.split('/') {
            let names = fs::read_dir(self.at(&spelling))
                .ok()?
                .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
            let alike: Vec<String> = names.filter(|name| fold(name) == fold(segment)).collect();
            let name = alike
                .iter()
                .find(|name| *name == segment)
                .or_else(|| alike.iter().min())?;
            spelling = if spelling.is_empty() {
                name.clone()
            } else {
                format!("{spelling}/{name}")
            };
        }
        Some(spelling)
    }

    /// Gives a file and its folders the spelling of `path` on a disk that folds case and kept an
    /// older one: addresses are compared exactly where the site is served.
    pub(super) fn respell(&self, path: &str) -> io::Result<()> {
        for part in ancestors(path).chain([path]) {
            let Some(spelling) = self.spelling(part).filter(|spelling| spelling != part) else {
                continue;
            };
            fs::rename(self.at(&spelling), self.at(part))?;
        }
        Ok(())
    }

    /// Makes a file in the staging folder. `made` is a folder that is known to be there: the one of
    /// the file before, since most files stand beside it or need a folder of their own.
    pub(super) fn stage(&self, path: &str, made: &mut String) -> io::Result<File> {
        let parent = path.rfind('/').map_or("", |slash| &path[..slash]);
        let staged = self.staged(path);
        if made != parent || made.is_empty() {
            let folder = self.staged(parent);
            match fs::create_dir(&folder) {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) if error.kind() == ErrorKind::NotFound => fs::create_dir_all(&folder)?,
                result => result?,
            }
            parent.clone_into(made);
        }
        File::create_new(staged)
    }

    /// Whether nothing stands where the staging folder would be.
    pub(super) fn has_no_staging(&self) -> bool {
        matches!(self.look(STAGING), Ok(Standing::Nothing))
    }

    /// Removes the staging folder, or whatever stands in its place; a link is not followed.
    pub(super) fn remove_staging(&self) -> io::Result<()> {
        let staging = self.at(STAGING);
        match self.look(STAGING)? {
            Standing::Nothing => Ok(()),
            Standing::Folder => fs::remove_dir_all(staging),
            _ => fs::remove_file(staging),
        }
    }
}

#[cfg(unix)]
fn links(metadata: &fs::Metadata) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    Some(metadata.nlink())
}

#[cfg(not(unix))]
fn links(_: &fs::Metadata) -> Option<u64> {
    None
}

/// Whether a path is one of our own names or lies below one.
pub(super) fn is_reserved(path: &OutputPath) -> bool {
    let first = path.as_str().split('/').next().unwrap_or_default();
    first.starts_with('.') && OWN.contains(&fold(first).as_str())
}

/// Whether a file, and not a link to one, holds exactly this text.
pub(super) fn holds(path: &Path, text: &str) -> io::Result<bool> {
    let metadata = fs::symlink_metadata(path)?;
    if !metadata.is_file() || metadata.len() != text.len() as u64 {
        return Ok(false);
    }
    let mut file = File::open(path)?;
    let mut chunk = vec![0; 1 << 16];
    let mut rest = text.as_bytes();
    loop {
        let count = file.read(&mut chunk)?;
        match rest.strip_prefix(&chunk[..count]) {
            Some(_) if count == 0 => return Ok(rest.is_empty()),
            Some(more) => rest = more,
            None => return Ok(false),
        }
    }
}

/// Replaces a file as a whole or not at all.
pub(super) fn write_whole(target: &Path, temporary: &Path, text: &str) -> io::Result<()> {
    fs::write(temporary, text)?;
    fs::rename(temporary, target)
}

/// The same, and the file is on the disk, under its name, before this returns.
pub(super) fn write_durably(target: &Path, temporary: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create(temporary)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(temporary, target)?;
    sync_folder(target.parent().unwrap_or(Path::new(".")))
}

/// Has the names in a folder on the disk. Windows does so by itself and refuses to be asked.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        // Some network disks cannot, and it is no reason not to build.
        Err(error) if matches!(error.kind(), ErrorKind::InvalidInput | ErrorKind::Unsupported) => Ok(()),
        result => result,
    }
}

/// A path of the disk with forward slashes.
pub(super) fn shown(path: &Path) -> String {
    path.display().to_string().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_folder(check: impl FnOnce(&Folder)) {
        let temporary = tempfile::tempdir().expect("a folder");
        check(&Folder::new(temporary.path()));
    }

    fn write(folder: &Folder, path: &str) {
        fs::create_dir_all(folder.at(path).parent().expect("a parent")).expect("folders");
        fs::write(folder.at(path), path).expect("a file");
    }

    #[test]
    fn what_stands_at_a_path_is_told_without_following_links() {
        with_folder(|folder| {
            write(folder, "a/b");
            let check = |path: &str, expected: Standing| {
                assert_eq!(folder.standing(path).expect("readable"), expected)
            };
            assert!(matches!(
                folder.standing("a/b").expect("readable"),
                Standing::File { size: 3, modified } if modified > 0
            ));
            check("a", Standing::Folder);
            check("a/c/d", Standing::Nothing);
            check("a/b/c", Standing::BehindFile("a/b".to_owned()));
        });
    }

    #[test]
    fn an_older_spelling_is_renamed_part_by_part() {
        with_folder(|folder| {
            write(folder, "News/Acme/Index.html");
            assert!(!folder.is_spelled("news/acme/index.html"));
            folder.respell("news/acme/index.html").expect("renamed");
            assert!(folder.is_spelled("news/acme/index.html"));
            assert!(!folder.is_spelled("News/Acme/Index.html"));
            assert!(!folder.is_spelled("news/acme/other.html"));
        });
    }
}
