//! Cards: what the pictures are about that stand for pages in link previews.

use crate::ground::date::Period;
use crate::ground::encoding::encoded;
use crate::ground::path::SourcePath;

/// The width and height of a card. Source: the size that Facebook, LinkedIn and X show whole.
pub const SIZE: (u32, u32) = (1200, 630);

/// What a card is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Card {
    /// The site.
    Site,
    /// An article.
    Article(SourcePath),
    /// A company, by its slug.
    Company(String),
    /// An edition.
    Edition(Period),
}

encoded!(enum Card { 0 => Site, 1 => Article(path), 2 => Company(slug), 3 => Edition(period) });
