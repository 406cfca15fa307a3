//! Floor 3, pages: which pages there are, and their bytes.

pub mod subject;
pub mod trace;
pub mod templates;
pub mod feed;
pub mod plan;
pub mod sitemap;
pub mod page;
