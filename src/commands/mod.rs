//! Floor 5, commands: what a person asks for, one module each.

pub mod build;
pub mod check;
pub mod email;
pub mod import;
pub mod manual;
pub mod media_type;
pub mod output;
pub mod plan;
pub mod publish;
pub mod scaffold;
pub mod serve;
pub mod tag;
pub mod theme;
pub mod why;
