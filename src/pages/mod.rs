//! Floor 3, pages: which pages there are, and their bytes.

pub mod card;
pub mod drawing;
pub mod feed;
pub mod hosts;
pub mod mail;
pub mod page;
pub mod parts;
pub mod plan;
pub mod search;
pub mod sitemap;
pub mod structured;
pub mod subject;
pub mod templates;
pub mod theme;
pub mod trace;
