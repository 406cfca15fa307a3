//! `brief completions` and `brief man`: what shells and manuals know of the command line.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::ground::world::describe;

/// Prints the script by which a shell completes commands and options.
pub fn completions(mut command: Command, shell: Shell) -> Result<u8, String> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "brief", &mut script);
    // A closed pipe is nobody's problem.
    let _ = io::stdout().lock().write_all(&script);
    Ok(0)
}

/// Writes a manual page for the program and for each of its commands into a folder. The error is in words.
pub fn pages(mut command: Command, folder: &Path) -> Result<u8, String> {
    command.build();
    let shown = folder.display();
    let unwritable = |error: io::Error| format!("`{shown}` cannot be written to: {}", describe(&error));
    fs::create_dir_all(folder).map_err(unwritable)?;
    write(&command, folder).map_err(unwritable)?;
    Ok(0)
}

fn write(command: &Command, folder: &Path) -> io::Result<()> {
    let page = Man::new(command.clone());
    let mut text = Vec::new();
    page.render(&mut text)?;
    let name = page.get_filename();
    fs::write(folder.join(&name), text)?;
    // A closed pipe is nobody's problem: the file is written.
    let _ = writeln!(io::stdout().lock(), "{}", folder.join(name).display());
    command
        .get_subcommands()
        .filter(|command| command.get_name() != "help" && !command.is_hide_set())
        .try_for_each(|command| write(command, folder))
}
