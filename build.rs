//! Tells cargo to compile again when a file of the built-in theme changes: `include_dir!` reads
//! them, and cargo does not see that by itself.

fn main() {
    println!("cargo::rerun-if-changed=templates");
    println!("cargo::rerun-if-changed=static");
}
