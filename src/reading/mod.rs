//! Floor 1, reading: files understood one by one. Nothing here knows of another article.

pub mod article;
pub mod asset;
pub mod checks;
pub mod company;
pub mod config;
pub mod figure;
pub mod front_matter;
pub mod markdown;
pub mod mentions;
pub mod metadata;
pub mod raster;
pub mod tagging;
pub mod wording;
pub mod words;
pub mod yaml;
