//! What measuring needs beside the corpus: a program run once, and figures put into a table.

pub mod machine;
pub mod measure;
pub mod table;
