//! Places: the files of a plan by address, and which places are taken.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::ops::Bound;

use crate::ground::path::Url;
use crate::pages::subject::Planned;

/// The files of a plan, each at a place of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    pages: BTreeSet<ByUrl>,
    /// The places, folded, of files whose names are written in another way.
    folded: BTreeSet<String>,
    /// Places that more than one claimed.
    shared: BTreeSet<String>,
}

/// A file, compared by its address.
#[derive(Clone, Debug, PartialEq, Eq)]
struct ByUrl(Planned);

impl Ord for ByUrl {
    fn cmp(&self, other: &ByUrl) -> Ordering {
        self.0.url.cmp(&other.0.url)
    }
}

impl PartialOrd for ByUrl {
    fn partial_cmp(&self, other: &ByUrl) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Borrow<str> for ByUrl {
    fn borrow(&self) -> &str {
        self.0.url.as_str()
    }
}

impl Places {
    /// Files with their folded places, and the places that more than one claimed.
    pub fn new(pages: impl Iterator<Item = (String, Planned)>, shared: BTreeSet<String>) -> Places {
        let mut folded = BTreeSet::new();
        let pages = pages.map(|(place, planned)| {
            if !is_own_name(&place, &planned.url) {
                folded.insert(place);
            }
            ByUrl(planned)
        });
        let pages = pages.collect();
        Places {
            pages,
            folded,
            shared,
        }
    }

    /// The files in the order of their addresses.
    pub fn pages(&self) -> impl Iterator<Item = &Planned> + Clone {
        self.pages.iter().map(|page| &page.0)
    }

    /// How many files there are.
    pub fn len(&self) -> usize {
        self.pages.len()
    }

    /// The file at an address.
    pub fn page(&self, url: &Url) -> Option<&Planned> {
        self.pages.get(url.as_str()).map(|page| &page.0)
    }

    /// The files at an address and below it.
    pub fn below(&self, folder: &Url) -> impl Iterator<Item = &Planned> {
        let pages = self.pages.range::<str, _>(from(folder.as_str()));
        pages
            .map(|page| &page.0)
            .take_while(|page| page.url.as_str().starts_with(folder.as_str()))
    }

    /// Takes out a file; `None` where that is not all there is to it.
    pub fn remove(&mut self, planned: &Planned) -> Option<()> {
        let place = planned.output().folded();
        if self.shared.contains(&place) || self.page(&planned.url) != Some(planned) {
            return None;
        }
        self.folded.remove(&place);
        self.pages.remove(planned.url.as_str());
        Some(())
    }

    /// Puts in a file; `None` where something else stands in the way, or may do so.
    pub fn insert(&mut self, place: String, planned: Planned) -> Option<()> {
        let mut slashes = place.match_indices('/');
        let is_free = !self.is_taken(&place)
            && !slashes.any(|(slash, _)| self.is_taken(&place[..slash]))
            && !self.is_folder(&place);
        if !is_free {
            return None;
        }
        if !is_own_name(&place, &planned.url) {
            self.folded.insert(place);
        }
        self.pages.insert(ByUrl(planned));
        Some(())
    }

    /// Whether a file stands at a folded place.
    fn is_taken(&self, place: &str) -> bool {
        self.pages.contains(address(place).as_str()) || self.folded.contains(place)
    }

    /// Whether files stand below a folded place.
    fn is_folder(&self, place: &str) -> bool {
        let folder = format!("{place}/");
        let address = format!("/{folder}");
        let mut pages = self.pages.range::<str, _>(from(&address));
        let mut folded = self.folded.range::<str, _>(from(&folder));
        pages
            .next()
            .is_some_and(|page| page.0.url.as_str().starts_with(&address))
            || folded.next().is_some_and(|place| place.starts_with(&folder))
    }
}

/// All from a name on.
fn from(name: &str) -> (Bound<&str>, Bound<&str>) {
    (Bound::Included(name), Bound::Unbounded)
}

/// Whether an address names its file as it is compared. Nearly all do.
fn is_own_name(place: &str, url: &Url) -> bool {
    let file = &url.as_str()[1..];
    match place.strip_prefix(file) {
        Some("") => true,
        Some(rest) => rest == "index.html" && (file.is_empty() || file.ends_with('/')),
        None => false,
    }
}

/// The address of the file whose name is this.
fn address(place: &str) -> String {
    let folder = place.strip_suffix("index.html");
    let folder = folder.filter(|folder| folder.is_empty() || folder.ends_with('/'));
    format!("/{}", folder.unwrap_or(place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::path::OutputPath;
    use crate::pages::subject::Subject;

    fn file(name: &str) -> (String, Planned) {
        let path = OutputPath::new(name).expect("a path");
        let planned = Planned {
            url: Url::file(&path),
            subject: Subject::Front,
        };
        (path.folded(), planned)
    }

    /// Whether a file finds room beside others.
    fn fits(others: &[&str], name: &str) -> bool {
        let before = others.iter().map(|name| file(name));
        let mut places = Places::new(before, BTreeSet::new());
        let (place, planned) = file(name);
        let fits = places.insert(place, planned.clone()).is_some();
        if fits {
            assert_eq!(places.page(&planned.url), Some(&planned));
            places.remove(&planned).expect("it was put in");
        }
        assert_eq!(places.len(), others.len());
        fits
    }

    #[test]
    fn a_place_is_for_one() {
        assert!(fits(&["a/index.html", "b"], "a/b.html"));
        assert!(!fits(&["a/index.html"], "a/index.html"));
        assert!(!fits(&["a/index.html"], "A/index.html"));
        assert!(!fits(&["A/Index.html"], "a/index.html"));
        assert!(!fits(&["index.html"], "INDEX.html"));
    }

    #[test]
    fn a_file_is_no_folder() {
        assert!(!fits(&["a/b.html"], "a/b.html/index.html"));
        assert!(!fits(&["a/B.html"], "a/b.html/c/d.png"));
        assert!(!fits(&["a/b.html"], "A/B.html/c"));
        assert!(!fits(&["a/b.html/index.html"], "a/b.html"));
        assert!(!fits(&["a/B.html/c"], "a/b.html"));
        assert!(!fits(&["a/b.html/c"], "A"));
        assert!(fits(&["a/b.html", "a/bc/index.html"], "a/b"));
    }

    #[test]
    fn a_place_in_dispute_is_not_given_up() {
        let (place, planned) = file("a.png");
        let pages = [(place.clone(), planned.clone())];
        let mut places = Places::new(pages.into_iter(), BTreeSet::from([place]));
        assert_eq!(places.remove(&planned), None);
        assert_eq!(places.remove(&file("b.png").1), None);
    }
}
