//! What the operating system refused, in plain words.

use std::io::{self, ErrorKind};

use crate::ground::diagnostic::{Code, Diagnostic};

/// The diagnostic for a file or folder of the output that cannot be `done` with: `written`, say.
pub(super) fn unwritable(shown: &str, done: &str, error: &io::Error) -> Diagnostic {
    trouble(Code::OutputUnwritable, shown, done, error)
}

/// The diagnostic for a source that cannot be copied.
pub(super) fn unreadable(shown: &str, error: &io::Error) -> Diagnostic {
    trouble(Code::UnreadableFile, shown, "read", error)
}

fn trouble(code: Code, shown: &str, done: &str, error: &io::Error) -> Diagnostic {
    let (reason, remedy) = explain(error);
    Diagnostic::new(code, format!("`{shown}` cannot be {done}: {reason}")).help(remedy)
}

/// Why, and what to do about it.
fn explain(error: &io::Error) -> (String, &'static str) {
    let (reason, remedy) = match error.kind() {
        ErrorKind::PermissionDenied => (
            "permission denied",
            "give yourself the right to it, or choose another `--output`",
        ),
        ErrorKind::ReadOnlyFilesystem => ("the disk is read-only", "choose an `--output` on another disk"),
        ErrorKind::StorageFull => ("the disk is full", "make room, then build again"),
        ErrorKind::QuotaExceeded => ("your share of the disk is used up", "make room, then build again"),
        ErrorKind::NotFound => (
            "it is no longer there",
            "see what else works in this folder, then build again",
        ),
        ErrorKind::NotADirectory => (
            "a file stands where a folder is needed",
            "move that file away, then build again",
        ),
        ErrorKind::IsADirectory => (
            "a folder stands in its place",
            "move that folder away, then build again",
        ),
        ErrorKind::AlreadyExists => (
            "something else stands in its place",
            "move it away, or choose another `--output`",
        ),
        ErrorKind::DirectoryNotEmpty => (
            "something else stands in its place",
            "see what else works in this folder, then build again",
        ),
        ErrorKind::InvalidFilename => ("the name is too long for this disk", "shorten it with `slug:`"),
        ErrorKind::FileTooLarge => (
            "the file is too large for this disk",
            "make it smaller, or leave it out",
        ),
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy | ErrorKind::Deadlock => (
            "another program is using it",
            "close that program, then build again",
        ),
        _ => return (system_words(error), "mend that, then build again"),
    };
    (reason.to_owned(), remedy)
}

/// The system's own text without its error number, in our lower case.
fn system_words(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text
        .split(" (os error")
        .next()
        .unwrap_or(&text)
        .trim_end_matches('.');
    let mut characters = text.chars();
    characters.next().map_or(String::new(), |first| {
        first.to_lowercase().chain(characters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_of_the_system_are_put_in_plain_words() {
        let check = |error: io::Error, message: &str, help: &str| {
            let diagnostic = unwritable("public/a", "written", &error);
            assert_eq!(
                (diagnostic.message.as_str(), diagnostic.help[0].as_str()),
                (message, help)
            );
        };
        check(
            ErrorKind::StorageFull.into(),
            "`public/a` cannot be written: the disk is full",
            "make room, then build again",
        );
        check(
            io::Error::other("Something Odd. (os error 99)"),
            "`public/a` cannot be written: something Odd",
            "mend that, then build again",
        );
    }
}
