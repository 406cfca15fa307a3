//! What a server shows: the files of a site as a build would write them, and what the browser is told
//! beside them.

use std::path::PathBuf;
use std::sync::Arc;

use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{SourcePath, Url};

/// The files of a site, to be had one at a time. Asked from several threads at once; an answer may take
/// as long as a page takes to render.
pub trait Pages: Send + Sync + 'static {
    /// The path of the site's address, with slashes at both ends: `/`, or `/briefings/`.
    fn mount(&self) -> String;

    /// Whether a file stands at an address, without making it.
    fn has(&self, url: &Url) -> bool;

    /// The file at an address; `None` where there is none.
    fn file(&self, url: &Url) -> Option<Answer>;

    /// What tabs are told when they ask for the state of things, and after each change.
    fn state(&self) -> State;

    /// All problems, as JSON for the overlay: see `live.js`.
    fn problems(&self) -> String;

    /// The file on the disk of a source that may be edited; `None` for what is no source of the site.
    fn source(&self, path: &SourcePath) -> Option<PathBuf>;
}

/// A file that is served.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its bytes.
    pub bytes: Bytes,
    /// What tells that they are the same: of the bytes a build would write, without the script tag.
    pub mark: Fingerprint,
    /// What the script is told about an HTML page; `None` for all other files, which get no script.
    pub page: Option<About>,
    /// Whether this stands in for a page that cannot be made: status 500.
    pub is_failure: bool,
}

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub enum Bytes {
    /// Here.
    Here(Arc<[u8]>),
    /// In a file on the disk, which has this size.
    Disk(PathBuf, u64),
}

/// What the script is told about a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The source file that it is about.
    pub source: Option<SourcePath>,
    /// Why readers would not see it yet: "draft", "held until 2026-12-01 09:00 (Europe/Paris)".
    pub held: Option<String>,
}

/// How things stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The number of the change, different after each and in every run of the server: "6f1c2-17".
    pub build: String,
    /// Pages that browsers are likely to show, with the marks of their bytes now; `None` for a page
    /// that is gone.
    pub open: Vec<(Url, Option<Fingerprint>)>,
    /// Files that are no pages and that the last change touched: stylesheets, pictures, scripts.
    pub assets: Vec<Url>,
    /// How many errors and warnings there are.
    pub problems: (usize, usize),
}
