//! Floor 1, reading: files understood one by one. Nothing here knows of another article.

pub mod yaml;
pub mod markdown;
pub mod config;
pub mod front_matter;
pub mod company;
pub mod tagging;
pub mod article;
pub mod asset;
