//! Looking at many paths in their order, without looking at the same folders again and again.
//!
//! A path leads through its folders, and none of them may be a link. Of the folders of a hundred
//! thousand articles most are shared with the path before; only those that differ are looked at.

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
