//! Floor 0, the ground: what every other floor stands on and nothing that knows of articles.

pub mod span;
pub mod text;
pub mod path;
pub mod diagnostic;
pub mod fingerprint;
pub mod date;
pub mod world;
