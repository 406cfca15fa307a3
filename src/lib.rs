//! `brief`: a folder of Markdown articles, tagged by company, becomes a briefing site.
//!
//! The modules stand on floors; each may use the floors below it. docs/ARCHITECTURE.md is the plan
//! of the house, and `building::pipeline` the file to read first.

pub mod building;
pub mod cli;
pub mod commands;
pub mod ground;
pub mod meaning;
pub mod pages;
pub mod reading;
