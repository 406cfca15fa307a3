//! Floor 2, meaning: all articles together, ordered and indexed, and what may be asked of them.

pub mod answer;
pub mod calendar;
pub mod card;
pub mod edition;
pub mod graph;
pub mod identity;
pub mod link_preview;
pub mod network;
pub mod organization;
pub mod question;
pub mod rendition;
mod searched;
pub mod segment;
pub mod shared;
pub mod site;
pub mod target;
