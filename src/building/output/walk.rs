//! Looking at many paths in their order, without looking at the same folders again and again.
//!
//! A path leads through its folders, and none of them may be a link. Of the folders of a hundred
//! thousand articles most are shared with the path before; only those that differ are looked at.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::io;

use super::folder::{Folder, Standing};
use super::plan::ancestors;

/// Where the last path led. Good for as long as nobody changes the folders of the output.
#[derive(Default)]
pub(super) struct Walk {
    /// A folder that is known to be one, not a link, as are all it lies in.
    known: String,
    /// A path in whose place no folder stands, and what is to be said of all below it.
    end: Option<(String, Standing)>,
    siblings: Siblings,
}

/// The folders in one folder. Each article has a folder of its own: to read the list of all that a
/// day or a month has is several times as fast as to look at each.
#[derive(Default)]
struct Siblings {
    /// The folder they lie in.
    parent: String,
    /// How many of them have been looked at.
    looked_at: u64,
    /// About how many there are; `None` where the disk does not tell.
    count: Option<u64>,
    /// The names of those that are folders, and not links, once they are read.
    names: Option<HashSet<OsString>>,
}

impl Walk {
    /// What stands at a path.
    pub(super) fn look(&mut self, folder: &Folder, path: &str) -> io::Result<Standing> {
        if let Some((end, standing)) = &self.end
            && lies_in(path, end)
        {
            return Ok(standing.clone());
        }
        for part in ancestors(path) {
            if self.known == part || lies_in(&self.known, part) {
                continue;
            }
            if self.siblings.is_known(folder, part) {
                part.clone_into(&mut self.known);
                continue;
            }
            let standing = match folder.look(part)? {
                Standing::Folder => {
                    part.clone_into(&mut self.known);
                    continue;
                }
                Standing::Nothing => Standing::Nothing,
                Standing::Link => Standing::BehindLink(part.to_owned()),
                _ => Standing::BehindFile(part.to_owned()),
            };
            self.end = Some((part.to_owned(), standing.clone()));
            return Ok(standing);
        }
        folder.look(path)
    }

    /// The outermost folder of a path that is known to be missing.
    pub(super) fn missing<'p>(&self, path: &'p str) -> Option<&'p str> {
        match &self.end {
            Some((end, Standing::Nothing)) if lies_in(path, end) => Some(&path[..end.len()]),
            _ => None,
        }
    }
}

impl Siblings {
    /// Whether a path is known for a folder without being looked at. Asked before each look.
    fn is_known(&mut self, folder: &Folder, path: &str) -> bool {
        let (parent, name) = path.rsplit_once('/').unwrap_or(("", path));
        if self.parent != parent {
            self.looked_at = 0;
            self.count = folder.count_folders(parent);
            self.names = None;
            parent.clone_into(&mut self.parent);
        }
        self.looked_at += 1;
        // So many names are read in the time of one look. That the list is read when as much time
        // has been spent on looks keeps it from costing more than it can save, also where many
        // threads walk through one large folder.
        const NAMES_PER_LOOK: u64 = 8;
        if self.names.is_none()
            && self.looked_at > 1
            && self
                .count
                .is_some_and(|count| count <= self.looked_at * NAMES_PER_LOOK)
        {
            // What cannot be read is looked at one by one.
            self.names = Some(read_folders(folder, parent).unwrap_or_default());
        }
        self.names
            .as_ref()
            .is_some_and(|names| names.contains(OsStr::new(name)))
    }
}

/// The names of the folders in a folder.
fn read_folders(folder: &Folder, parent: &str) -> io::Result<HashSet<OsString>> {
    let mut names = HashSet::new();
    for entry in fs::read_dir(folder.at(parent))? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            names.insert(entry.file_name());
        }
    }
    Ok(names)
}

/// Whether a path lies in a folder, at whatever depth.
fn lies_in(path: &str, folder: &str) -> bool {
    path.len() > folder.len() && path.as_bytes()[folder.len()] == b'/' && path.starts_with(folder)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_walk_tells_the_same_as_one_look() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(temporary.path());
        for made in ["a/b/c", "a/bb", "d/e/f"] {
            fs::create_dir_all(folder.at(made)).expect("folders");
        }
        for file in ["a/b/x", "a/b/c/x", "a/x", "d/e/f/x", "y"] {
            fs::write(folder.at(file), file).expect("a file");
        }
        let paths = [
            "a", "a/b", "a/b/c/x", "a/b/x", "a/bb/x", "a/bb", "a/x", "a/x/y/z", "a/x/z", "d/e/f/x", "d/g/h",
            "d/g", "d/g/i/j", "y/x", "y", "z/x", "z",
        ];
        let mut forth = Walk::default();
        let mut back = Walk::default();
        let check = |walk: &mut Walk, path: &str| {
            let expected = folder.standing(path).expect("readable");
            assert_eq!(walk.look(&folder, path).expect("readable"), expected, "{path}");
        };
        paths.iter().for_each(|path| check(&mut forth, path));
        paths.iter().rev().for_each(|path| check(&mut back, path));
    }

    #[cfg(unix)]
    #[test]
    fn a_walk_through_many_folders_sees_links_among_them() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(temporary.path());
        for number in 100..200 {
            let file = format!("a/{number}/x");
            match number % 10 {
                7 => fs::write(folder.at(&format!("a/{number}")), "").expect("a file"),
                8 => {}
                9 => std::os::unix::fs::symlink("100", folder.at(&format!("a/{number}"))).expect("a link"),
                _ => {
                    fs::create_dir_all(folder.at(&format!("a/{number}"))).expect("folders");
                    fs::write(folder.at(&file), "x").expect("a file");
                }
            }
        }
        let mut walk = Walk::default();
        for number in 100..200 {
            let path = format!("a/{number}/x");
            let expected = folder.standing(&path).expect("readable");
            assert_eq!(walk.look(&folder, &path).expect("readable"), expected, "{path}");
        }
        assert!(walk.siblings.names.is_some(), "the list was used");
    }

    #[test]
    fn what_is_missing_is_told_from_the_outermost_folder() {
        let temporary = tempfile::tempdir().expect("a folder");
        let folder = Folder::new(temporary.path());
        fs::create_dir(folder.at("a")).expect("a folder");
        let mut walk = Walk::default();
        walk.look(&folder, "a/b/c/d").expect("readable");
        assert_eq!(walk.missing("a/b/x"), Some("a/b"));
        assert_eq!(walk.missing("a/bc"), None);
        walk.look(&folder, "a/x").expect("readable");
        assert_eq!(walk.missing("a/x"), None);
    }
}
