//! `brief import`: articles from elsewhere.

pub mod foreign;
