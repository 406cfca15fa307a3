//! Floor 3, pages: which pages there are, and their bytes.

pub mod plan;
pub mod trace;
pub mod templates;
pub mod page;
pub mod feed;
pub mod sitemap;
