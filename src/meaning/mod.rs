//! Floor 2, meaning: all articles together, ordered and indexed, and what may be asked of them.

pub mod site;
pub mod edition;
pub mod graph;
pub mod question;
pub mod target;
pub mod answer;
