//! The opener: starts the program that shows an address or edits a file.

use std::path::Path;
use std::process::{Command, Stdio};

/// Opens a file for editing: with the given editor, else with the program that the system has for it.
///
/// An editor is a command and its arguments, split at spaces. `{file}` and `{line}` stand for what is
/// opened, as in `code --goto {file}:{line}`; without `{file}` the file comes last. The error is in
/// words.
pub fn edit(editor: Option<&str>, file: &Path, line: Option<u32>) -> Result<(), String> {
    let mut words = editor.unwrap_or_default().split_whitespace();
    let Some(program) = words.next() else {
        return open(file.as_os_str());
    };
    let file = file.to_string_lossy();
    let line = line.unwrap_or(1).to_string();
    let mut arguments: Vec<String> = words
        .map(|word| word.replace("{line}", &line).replace("{file}", &file))
        .collect();
    if !editor.is_some_and(|editor| editor.contains("{file}")) {
        arguments.push(file.into_owned());
    }
    start(Command::new(program).args(arguments))
}

/// Opens a file or an address with the program that the system has for it. The error is in words.
pub fn open(what: &std::ffi::OsStr) -> Result<(), String> {
    let mut command = if cfg!(target_os = "macos") {
        Command::new("open")
    } else if cfg!(windows) {
        // `start` is a word of the shell; its first argument in quotes is a title.
        let mut command = Command::new("cmd");
        command.args(["/c", "start", ""]);
        command
    } else {
        Command::new("xdg-open")
    };
    start(command.arg(what))
}

/// Starts a program and does not wait for its end.
fn start(command: &mut Command) -> Result<(), String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let mut child = child.map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    // Somebody has to take note of its end.
    std::thread::spawn(move || child.wait());
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use super::edit;

    /// What an editor of ours is called with: it writes its arguments into a file.
    fn arguments(template: &str, line: Option<u32>) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let script = folder.path().join("editor");
        let heard = folder.path().join("heard");
        let text = format!("printf '%s|' \"$@\" > {0}.new; mv {0}.new {0}\n", heard.display());
        std::fs::write(&script, text).expect("a script");
        let editor = format!("sh {} {template}", script.display());
        edit(Some(&editor), Path::new("/a b/x.md"), line).expect("a shell");
        for _ in 0..1000 {
            if let Ok(heard) = std::fs::read_to_string(&heard) {
                return heard;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        String::from("nothing")
    }

    #[test]
    #[cfg(unix)]
    fn an_editor_gets_the_file_last_or_where_it_wants_it() {
        assert_eq!(arguments("-n", None), "-n|/a b/x.md|");
        assert_eq!(arguments("--goto {file}:{line}", Some(7)), "--goto|/a b/x.md:7|");
    }

    #[test]
    fn an_editor_that_is_not_there_is_named() {
        let why = edit(Some("no-such-editor-here -n"), Path::new("x.md"), None);
        assert!(why.is_err_and(|why| why.contains("no-such-editor-here")));
    }
}
