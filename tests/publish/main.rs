//! `brief publish` to folders and branches: what is sent, what is refused, and what is there afterwards, whatever
//! happens in between.

#![cfg(unix)]

#[path = "../support/mod.rs"]
mod support;

mod folder;
mod git;
mod guards;
mod site;
