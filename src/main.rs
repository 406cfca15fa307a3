//! The program: everything it does is in the library.

use std::process::ExitCode;

/// Rendering makes and drops millions of small values on all threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    ExitCode::from(brief::cli::run(std::env::args_os()))
}
