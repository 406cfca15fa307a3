//! Tells the program what it is made of. A cache holds only for the very program that wrote it, so
//! the sources, the theme, the dependencies and the compiler are hashed into `BRIEF_ENGINE`.
//!
//! cargo does not see by itself that `include_dir!` reads the theme; naming the folders here makes
//! it compile again when a file in them changes.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const MADE_OF: [&str; 5] = ["Cargo.toml", "Cargo.lock", "src", "static", "templates"];

#[expect(
    clippy::disallowed_methods,
    reason = "cargo talks to a build script by the environment"
)]
fn main() {
    let mut files = Vec::new();
    for name in MADE_OF {
        println!("cargo::rerun-if-changed={name}");
        collect(Path::new(name), &mut files);
    }
    files.sort();
    let mut hash = Hash::new();
    for file in files {
        hash.add(file.to_string_lossy().as_bytes());
        hash.add(&fs::read(&file).unwrap_or_default());
    }
    for name in ["TARGET", "PROFILE", "OPT_LEVEL", "CARGO_CFG_FEATURE"] {
        hash.add(std::env::var(name).unwrap_or_default().as_bytes());
    }
    let compiler = std::env::var_os("RUSTC").and_then(|rustc| Command::new(rustc).arg("-vV").output().ok());
    hash.add(&compiler.map_or(Vec::new(), |version| version.stdout));
    println!("cargo::rustc-env=BRIEF_ENGINE={:032x}", hash.0);
    println!("cargo::rustc-env=BRIEF_ENCODERS={:032x}", encoders().0);
}

/// What decides the bytes of pictures: our own code for them, and the crates below it. Pictures are kept
/// for much longer than pages, as long as this is the same.
fn encoders() -> Hash {
    const CODE: [&str; 4] = [
        "src/ground/colour.rs",
        "src/pages/card",
        "src/reading/metadata.rs",
        "src/reading/raster",
    ];
    const CRATES: [&str; 15] = [
        "avif-serialize",
        "fdeflate",
        "flate2",
        "image-webp",
        "jpeg-encoder",
        "miniz_oxide",
        "moxcms",
        "png",
        "pxfm",
        "rav1e",
        "ravif",
        "ttf-parser",
        "unicode-normalization",
        "zune-core",
        "zune-jpeg",
    ];
    let mut hash = Hash::new();
    let mut files = Vec::new();
    for name in CODE {
        collect(Path::new(name), &mut files);
    }
    files.sort();
    for file in files {
        hash.add(&fs::read(&file).unwrap_or_default());
    }
    let lock = fs::read_to_string("Cargo.lock").unwrap_or_default();
    for package in lock.split("[[package]]") {
        let is_meant = |name: &str| package.contains(&format!("name = \"{name}\"\n"));
        if CRATES.iter().any(|name| is_meant(name)) {
            hash.add(package.as_bytes());
        }
    }
    hash
}

/// The files below a path; a missing one has none, as Cargo.lock in a published package.
fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_file() {
        files.push(path.to_owned());
    }
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        collect(&entry.path(), files);
    }
}

/// FNV-1a with 128 bits: enough against accident, and nobody gains by a collision of sources.
/// Source: Fowler, Noll, Vo, Eastlake, "The FNV Non-Cryptographic Hash Algorithm".
struct Hash(u128);

impl Hash {
    fn new() -> Hash {
        Hash(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }

    fn add(&mut self, bytes: &[u8]) {
        // The length keeps two neighbours from running into each other.
        for byte in (bytes.len() as u64).to_le_bytes().iter().chain(bytes) {
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
        }
    }
}
