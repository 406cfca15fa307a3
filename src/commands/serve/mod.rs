//! `brief serve`: the site in a browser, as it is while it is written.

pub mod pages;
