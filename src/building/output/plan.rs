//! The files handed over so far in this build.

use std::collections::BTreeMap;

use super::manifest::Content;
use crate::ground::path::OutputPath;

/// How far a file has come.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Its path is taken, its bytes are under way.
    Claimed,
    /// The output holds the same bytes already.
    InPlace(Content),
    /// Its bytes stand in the staging folder.
    Staged(Content),
}

/// A file of this build.
#[derive(Clone)]
pub(super) struct Planned {
    pub(super) path: OutputPath,
    pub(super) progress: Progress,
}

/// All files handed over, by folded path: two that some disk takes for one cannot both be here, nor
/// can a file and another one below it.
#[derive(Default)]
pub(super) struct Plan {
    files: BTreeMap<String, Planned>,
}

impl Plan {
    /// Takes a path; the error is the file that stands in its way.
    pub(super) fn claim(&mut self, path: &OutputPath) -> Result<(), OutputPath> {
        let folded = path.folded();
        let above = ancestors(&folded).find_map(|folder| self.files.get(folder));
        let below = || {
            let inside = format!("{folded}/");
            self.files
                .range(inside.clone()..)
                .next()
                .filter(|(other, _)| other.starts_with(&inside))
        };
        let other = above
            .or_else(|| self.files.get(&folded))
            .or_else(|| below().map(|(_, planned)| planned));
        if let Some(other) = other {
            return Err(other.path.clone());
        }
        self.files.insert(
            folded,
            Planned {
                path: path.clone(),
                progress: Progress::Claimed,
            },
        );
        Ok(())
    }

    /// Notes how far a claimed file has come.
    pub(super) fn record(&mut self, path: &OutputPath, progress: Progress) {
        self.files.insert(
            path.folded(),
            Planned {
                path: path.clone(),
                progress,
            },
        );
    }

    /// The file planned under this folded name.
    pub(super) fn folded(&self, folded: &str) -> Option<&Planned> {
        self.files.get(folded)
    }

    /// All files, by folded path.
    pub(super) fn files(&self) -> impl Iterator<Item = &Planned> {
        self.files.values()
    }
}

/// The folders a path lies in, the outermost first.
pub(super) fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(slash, _)| &path[..slash])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_that_cannot_stand_side_by_side_are_refused() {
        let check = |first: &str, second: &str, fits: bool| {
            let path = |path| OutputPath::new(path).expect("portable");
            let mut plan = Plan::default();
            assert_eq!(plan.claim(&path(first)), Ok(()));
            let expected = if fits { Ok(()) } else { Err(path(first)) };
            assert_eq!(plan.claim(&path(second)), expected, "{first} then {second}");
        };
        check("a/b", "a/c", true);
        check("a", "a-b/c", true);
        check("a.b", "a/b", true);
        check("a/b", "A/B", false);
        check("a", "a/b", false);
        check("a/b/c", "A", false);
    }

    #[test]
    fn ancestors_stand_from_the_outermost_inward() {
        assert_eq!(ancestors("a/b/c").collect::<Vec<_>>(), ["a", "a/b"]);
        assert_eq!(ancestors("a").count(), 0);
    }
}
