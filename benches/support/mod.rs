//! What measuring needs beside the corpus: a program run once, and figures put into a table.

#![allow(
    dead_code,
    reason = "every benchmark compiles this module and uses its own part of it"
)]

pub mod machine;
pub mod measure;
pub mod table;
