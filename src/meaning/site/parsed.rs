//! What was read from a site folder, before it is ordered and indexed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use crate::ground::date::Period;
use crate::ground::encoding::encoded;
use crate::ground::path::{SourcePath, Url};
use crate::ground::world::Stamp;
use crate::reading::article::{Article, Story, Text};
use crate::reading::asset::Shape;
use crate::reading::company::Register;
use crate::reading::front_matter::Spotted;
use crate::reading::yaml;

/// Everything that was read from a site folder.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The articles that could be read.
    pub articles: Vec<Arc<Article>>,
    /// Their stories.
    pub stories: Arc<dyn Stories>,
    /// Files that could not: nothing more is said about links to them.
    pub failed: BTreeSet<SourcePath>,
    /// The register.
    pub register: Arc<Register>,
    /// Profiles of companies, by slug.
    pub profiles: BTreeMap<String, (SourcePath, Text)>,
    /// Plain pages.
    pub pages: Vec<Page>,
    /// Editions made by hand.
    pub editions: Vec<HandMade>,
    /// Files that are not text: beside articles, in content/, and in static/.
    pub assets: BTreeMap<SourcePath, Asset>,
    /// Where files of static/ and of the theme stand whose address does not follow from their path.
    pub addresses: BTreeMap<SourcePath, Url>,
    /// Free data, by its path below data/ without the ending.
    pub data: BTreeMap<String, yaml::Value>,
}

/// Where stories are fetched from. A site of a hundred thousand articles cannot hold them all.
pub trait Stories: fmt::Debug + Send + Sync {
    /// The story of an article; `None` where there is none or it cannot be had any more, which the
    /// keeper of the stories reports.
    fn story(&self, path: &SourcePath) -> Option<Arc<Story>>;
}

/// A file that is copied as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// What tells that it is the same file.
    pub stamp: Stamp,
    /// Its size and its kind, if it is a picture that tells.
    pub shape: Shape,
}

encoded!(struct Asset { stamp, shape });

/// A plain page, such as "About".
#[derive(Clone, Debug)]
pub struct Page {
    /// Its file.
    pub path: SourcePath,
    /// Where it stands.
    pub url: Url,
    /// Its headline.
    pub title: String,
    /// Where it is named in the navigation.
    pub nav: Nav,
    /// Its place among others there.
    pub order: i64,
    /// Whether it stays out of the sitemap and of search engines.
    pub noindex: bool,
    /// The text.
    pub text: Text,
}

/// Where a plain page is named in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is named like its value")]
pub enum Nav {
    Header,
    Footer,
    None,
}

/// An edition that an editor arranged.
#[derive(Clone, Debug)]
pub struct HandMade {
    /// Its file.
    pub path: SourcePath,
    /// The day or week it covers.
    pub period: Period,
    /// Its own headline.
    pub title: Option<String>,
    /// One or two sentences.
    pub summary: Option<Spotted>,
    /// The lead story.
    pub lead: Option<Spotted>,
    /// The stories in their order.
    pub entries: Vec<HandMadeEntry>,
    /// Stories left out.
    pub exclude: Vec<Spotted>,
    /// The introduction.
    pub text: Text,
}

/// One story of an edition that an editor arranged.
#[derive(Clone, Debug)]
pub struct HandMadeEntry {
    /// The article's path, as written.
    pub path: Spotted,
    /// Another headline.
    pub headline: Option<String>,
    /// A remark, inline Markdown.
    pub note: Option<Spotted>,
}
