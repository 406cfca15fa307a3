//! The files handed over in this build.

use std::borrow::Cow;

use super::manifest::Content;
use crate::ground::path::OutputPath;

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// Its bytes are under way.
    Claimed,
    /// The output holds the same bytes already.
    InPlace(Content),
    /// Its bytes stand in the staging folder.
    Staged(Content),
}

/// A file of this build.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) path: OutputPath,
    pub(super) progress: Progress,
}

impl Planned {
    /// What the file holds, once that is known.
    pub(super) fn content(&self) -> Option<Content> {
        match self.progress {
            Progress::Claimed => None,
            Progress::InPlace(content) | Progress::Staged(content) => Some(content),
        }
    }

    /// Whether its bytes wait in the staging folder.
    pub(super) fn is_staged(&self) -> bool {
        matches!(self.progress, Progress::Staged(_))
    }
}

/// The files in the order in which they are handed over. Whether they fit together is asked once,
/// when all are there: for each file alone it would take longer than to look at it on the disk.
#[derive(Default)]
pub(super) struct Incoming {
    files: Vec<Planned>,
}

impl Incoming {
    /// Notes a file; gives its number.
    pub(super) fn add(&mut self, path: &OutputPath, progress: Progress) -> usize {
        self.files.push(Planned {
            path: path.clone(),
            progress,
        });
        self.files.len() - 1
    }

    /// Notes how far a file has come.
    pub(super) fn set(&mut self, number: usize, progress: Progress) {
        self.files[number].progress = progress;
    }

    /// A file that cannot be where this one is, if there is one. Looks at all files.
    pub(super) fn collision(&self, number: usize) -> Option<OutputPath> {
        let folded = self.files[number].path.folded();
        let collides = |other: &str| {
            let (short, long) = if other.len() < folded.len() {
                (other, &*folded)
            } else {
                (&*folded, other)
            };
            long.strip_prefix(short)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        self.files
            .iter()
            .enumerate()
            .find(|(other, file)| *other != number && collides(&file.path.folded()))
            .map(|(_, file)| file.path.clone())
    }

    /// All files, sorted; the error is every pair that cannot be side by side.
    pub(super) fn into_plan(self) -> Result<Plan, Vec<(OutputPath, OutputPath)>> {
        let mut files = self.files;
        // Stable sorting finds the long stretches that each thread hands over in order.
        files.sort_by(|a, b| a.path.cmp(&b.path));
        let collisions = collisions(&files);
        if !collisions.is_empty() {
            return Err(collisions);
        }
        let unusual = files
            .iter()
            .enumerate()
            .filter(|(_, file)| !is_folded(file.path.as_str()))
            .map(|(number, file)| (file.path.folded(), number));
        let mut unusual: Vec<(String, usize)> = unusual.collect();
        unusual.sort();
        Ok(Plan { files, unusual })
    }
}

/// All files of this build, sorted by path. Two that some disk takes for one cannot both be here,
/// nor can a file and another one below it.
pub(super) struct Plan {
    files: Vec<Planned>,
    /// The numbers of the files whose path is not its own folded form, by that form.
    unusual: Vec<(String, usize)>,
}

impl Plan {
    /// All files, by path.
    pub(super) fn files(&self) -> &[Planned] {
        &self.files
    }

    /// The file planned under this folded name.
    pub(super) fn folded(&self, folded: &str) -> Option<&Planned> {
        let number = match self
            .unusual
            .binary_search_by(|(other, _)| other.as_str().cmp(folded))
        {
            Ok(place) => self.unusual[place].1,
            Err(_) => self
                .files
                .binary_search_by(|file| file.path.as_str().cmp(folded))
                .ok()?,
        };
        Some(&self.files[number])
    }

    /// Whether a file lies in a folder, at whatever depth.
    pub(super) fn has_below(&self, folder: &str) -> bool {
        let inside = format!("{folder}/");
        let first = self
            .files
            .partition_point(|file| file.path.as_str() < inside.as_str());
        self.files
            .get(first)
            .is_some_and(|file| file.path.as_str().starts_with(&inside))
    }
}

/// The folders a path lies in, the outermost first.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(slash, _)| &path[..slash])
}

/// All pairs that cannot be side by side, of sorted files.
fn collisions(files: &[Planned]) -> Vec<(OutputPath, OutputPath)> {
    let mut folded: Vec<(Cow<str>, &OutputPath)> =
        files.iter().map(|file| (fold(&file.path), &file.path)).collect();
    folded.sort();
    let mut collisions = Vec::new();
    // The files that the next ones may lie below. Whatever is sorted between a file and one below
    // it begins with the name of that file too, so a name that no longer fits is done with.
    let mut above: Vec<&(Cow<str>, &OutputPath)> = Vec::new();
    for file in &folded {
        while above.pop_if(|other| !file.0.starts_with(&*other.0)).is_some() {}
        let is_other = |other: &&&(Cow<str>, &OutputPath)| {
            matches!(file.0.as_bytes().get(other.0.len()), None | Some(b'/'))
        };
        if let Some(other) = above.iter().find(is_other) {
            let (first, second) = (other.1.min(file.1), other.1.max(file.1));
            collisions.push((first.clone(), second.clone()));
        }
        above.push(file);
    }
    collisions
}

fn fold(path: &OutputPath) -> Cow<'_, str> {
    if is_folded(path.as_str()) {
        Cow::Borrowed(path.as_str())
    } else {
        Cow::Owned(path.folded())
    }
}

/// Whether a path is surely its own folded form.
fn is_folded(path: &str) -> bool {
    path.bytes()
        .all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(paths: &[&str]) -> Incoming {
        let mut incoming = Incoming::default();
        for path in paths {
            incoming.add(&OutputPath::new(path).expect("portable"), Progress::Claimed);
        }
        incoming
    }

    #[test]
    fn paths_that_cannot_stand_side_by_side_are_refused() {
        let check = |paths: &[&str], expected: &[(&str, &str)]| {
            for turned in [false, true] {
                let mut paths = paths.to_vec();
                if turned {
                    paths.reverse();
                }
                let found = incoming(&paths).into_plan().err().unwrap_or_default();
                let found: Vec<_> = found.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
                assert_eq!(found, expected, "{paths:?}");
                for (number, path) in paths.iter().enumerate() {
                    let collides = expected.iter().any(|(a, b)| a == path || b == path);
                    assert_eq!(
                        incoming(&paths).collision(number).is_some(),
                        collides,
                        "{path} of {paths:?}"
                    );
                }
            }
        };
        check(&["a/b", "a/c"], &[]);
        check(&["a", "a-b/c", "a.b"], &[]);
        check(&["a.b", "a/b", "ab"], &[]);
        check(&["a/b", "A/B"], &[("A/B", "a/b")]);
        check(&["a", "a"], &[("a", "a")]);
        check(&["a", "a/b"], &[("a", "a/b")]);
        check(&["a/b/c", "A"], &[("A", "a/b/c")]);
        check(&["a", "a-b", "a.b", "a/b", "ab"], &[("a", "a/b")]);
        check(&["É", "é/x"], &[("É", "é/x")]);
    }

    #[test]
    fn files_are_found_by_their_folded_names() {
        let plan = incoming(&["b", "A/x", "é", "c/d/e"]).into_plan().expect("apart");
        let found = |folded: &str| plan.folded(folded).map(|file| file.path.as_str());
        assert_eq!(found("a/x"), Some("A/x"));
        assert_eq!(found("b"), Some("b"));
        assert_eq!(found("é"), Some("é"));
        assert_eq!(found("a"), None);
        assert!(plan.has_below("c") && plan.has_below("c/d"));
        assert!(!plan.has_below("b") && !plan.has_below("c/d/e"));
    }

    #[test]
    fn ancestors_stand_from_the_outermost_inward() {
        assert_eq!(ancestors("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(ancestors("a").count(), 0);
    }
}
