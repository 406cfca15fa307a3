//! Floor 0, the ground: what every other floor stands on and nothing that knows of articles.

pub mod colour;
pub mod date;
pub mod diagnostic;
pub mod encoding;
pub mod fingerprint;
pub mod nearest;
pub mod path;
pub mod span;
pub mod text;
pub mod token;
pub mod world;
