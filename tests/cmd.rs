//! Command transcripts: the console blocks of `tests/cmd/*.md`, and those of README.md, are run and
//! what is printed is compared. `BRIEF_ACCEPT=1` writes what they print anew.
//!
//! A line `Site: NAME` says which site of `tests/sites/` the transcript starts in, in a copy of its
//! own; without one it starts in an empty folder. A block is made of commands, each behind `$ `, and
//! what they print, standard output and error together, as on a terminal; `[exit 1]` follows where
//! a command ends so. Beside `brief` there are `cd`, `rm`, `mkdir`, `cat`, `ls` and
//! `echo TEXT > FILE`, and `NAME=value` in front of a command is its environment.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

mod support;

use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;

use support::{brief, difference, files, repository, write};

#[test]
fn transcripts_of_tests_cmd() {
    let folder = repository().join("tests/cmd");
    let names = files(&folder);
    assert!(!names.is_empty());
    let mut problems = Vec::new();
    for name in names {
        let text = fs::read_to_string(folder.join(&name)).expect("a transcript");
        let actual = Transcript::start(&text).run(&text, Strictness::Everything);
        if support::accepting() {
            fs::write(folder.join(&name), &actual).expect("the transcript");
        } else if actual != text {
            problems.push(format!("{name}, {}", difference(&text, &actual)));
        }
    }
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn console_blocks_of_the_readme() {
    let Ok(text) = fs::read_to_string(repository().join("README.md")) else {
        return;
    };
    let actual = Transcript::start(&text).run(&text, Strictness::WhatIsShown);
    if support::accepting() {
        fs::write(repository().join("README.md"), actual).expect("README.md");
    } else {
        assert!(actual == text, "\nREADME.md, {}\n", difference(&text, &actual));
    }
}

/// What has to be as it is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Strictness {
    /// All that commands print.
    Everything,
    /// What is printed by commands that show something; the others must succeed. Commands of cargo
    /// and git are passed over.
    WhatIsShown,
}

/// A transcript that is being run.
struct Transcript {
    temporary: tempfile::TempDir,
    folder: PathBuf,
}

impl Transcript {
    /// Prepares the folder that a transcript names.
    fn start(text: &str) -> Transcript {
        let temporary = tempfile::tempdir().expect("a temporary folder");
        let folder = temporary.path().join("work");
        fs::create_dir(&folder).expect("a folder");
        if let Some(site) = text.lines().find_map(|line| line.strip_prefix("Site: ")) {
            let site = repository().join("tests/sites").join(site.trim());
            assert!(site.is_dir(), "there is no {}", site.display());
            for path in files(&site).iter().filter(|path| !path.starts_with("expected")) {
                write(&folder.join(path), fs::read(site.join(path)).expect("a file"));
            }
        }
        Transcript { temporary, folder }
    }

    /// Runs the console blocks of a text, and gives the text with what they print.
    fn run(mut self, text: &str, strictness: Strictness) -> String {
        let mut out = String::new();
        let mut lines = text.split_inclusive('\n').peekable();
        while let Some(line) = lines.next() {
            out.push_str(line);
            if line.trim_end() != "```console" {
                continue;
            }
            while let Some(line) = lines.next_if(|line| line.trim_end() != "```") {
                out.push_str(line);
                let Some(command) = line.strip_prefix("$ ") else {
                    panic!("{line:?} stands in front of the first command of its block");
                };
                let mut shown = String::new();
                while let Some(line) =
                    lines.next_if(|line| !line.starts_with("$ ") && line.trim_end() != "```")
                {
                    shown.push_str(line);
                }
                let is_other = ["cargo ", "git "].iter().any(|name| command.starts_with(name));
                if strictness == Strictness::WhatIsShown && is_other {
                    out.push_str(&shown);
                    continue;
                }
                let printed = self.command(command.trim_end());
                if strictness == Strictness::WhatIsShown && shown.is_empty() {
                    assert!(!printed.contains("[exit "), "$ {command}{printed}");
                } else {
                    out.push_str(&printed);
                }
            }
        }
        out
    }

    /// Runs one command and gives what it prints, and how it ends unless well.
    fn command(&mut self, line: &str) -> String {
        let mut words = words(line);
        let mut environment = Vec::new();
        while let Some((name, value)) = words.first().and_then(|word| word.split_once('=')) {
            environment.push((name.to_owned(), value.to_owned()));
            words.remove(0);
        }
        let place = |name: &String| self.folder.join(name);
        let words: Vec<String> = words;
        match words.split_first().map(|(name, rest)| (name.as_str(), rest)) {
            Some(("brief", arguments)) => self.brief(arguments, &environment),
            Some(("cd", [name])) => {
                self.folder = place(name);
                assert!(self.folder.is_dir(), "$ {line}");
                String::new()
            }
            Some(("rm", [name])) => {
                fs::remove_file(place(name)).unwrap_or_else(|error| panic!("$ {line}: {error}"));
                String::new()
            }
            Some(("rm", [flag, name])) if flag == "-r" => {
                fs::remove_dir_all(place(name)).unwrap_or_else(|error| panic!("$ {line}: {error}"));
                String::new()
            }
            Some(("mkdir", [name])) => {
                fs::create_dir_all(place(name)).expect("a folder");
                String::new()
            }
            Some(("cat", [name])) => {
                fs::read_to_string(place(name)).unwrap_or_else(|error| panic!("$ {line}: {error}"))
            }
            Some(("ls", [name])) => files(&place(name))
                .iter()
                .map(|path| format!("{path}\n"))
                .collect(),
            Some(("echo", [text, arrow, name])) if arrow == ">" => {
                write(&place(name), format!("{text}\n"));
                String::new()
            }
            Some(("echo", [text, arrow, name])) if arrow == ">>" => {
                let before = fs::read_to_string(place(name)).unwrap_or_default();
                write(&place(name), format!("{before}{text}\n"));
                String::new()
            }
            _ => panic!("`{line}` is no command of transcripts"),
        }
    }

    fn brief(&self, arguments: &[String], environment: &[(String, String)]) -> String {
        let (mut reader, writer) = io::pipe().expect("a pipe");
        let mut command = brief(&self.folder);
        command.args(arguments).envs(environment.iter().cloned());
        command
            .stdout(writer.try_clone().expect("a second end"))
            .stderr(writer);
        let mut child = command.spawn().expect("brief runs");
        // The pipe ends when the last writer is gone, and the command holds two.
        drop(command);
        let mut printed = String::new();
        reader.read_to_string(&mut printed).expect("text");
        let status = child.wait().expect("brief ends");
        let root = self.temporary.path().display().to_string();
        let mut printed = printed.replace(&root, "TEMPORARY");
        if !printed.is_empty() && !printed.ends_with('\n') {
            printed.push('\n');
        }
        match status.code() {
            Some(0) => printed,
            Some(code) => format!("{printed}[exit {code}]\n"),
            None => panic!("brief was killed: {status}"),
        }
    }
}

/// The words of a line; single and double quotes hold spaces together.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for sign in line.chars() {
        match (quote, sign) {
            (None, '"' | '\'') => quote = Some(sign),
            (Some(open), sign) if sign == open => quote = None,
            (None, ' ') => words.push(String::new()),
            (_, sign) => words.last_mut().expect("never empty").push(sign),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[test]
fn words_of_a_line() {
    assert_eq!(
        words("A=1 brief  build --date '2025 01' \"x y\""),
        ["A=1", "brief", "build", "--date", "2025 01", "x y"]
    );
}

#[test]
fn a_transcript_shows_what_is_printed() {
    let text = "Prose.\n\n```console\n$ echo one > a\n$ cat a\ntwo\n$ brief build --site nowhere\n```\n\n```sh\n$ x\n```\n";
    let expected = "Prose.\n\n```console\n$ echo one > a\n$ cat a\none\n$ brief build --site nowhere\n\
                    error[no-site]: there is no folder `nowhere`\n\
                    help: run brief inside a briefing, or name its folder with `--site`\n[exit 2]\n```\n\n```sh\n$ x\n```\n";
    assert_eq!(
        Transcript::start(text).run(text, Strictness::Everything),
        expected
    );
    let readme =
        "```console\n$ cargo install brief\n$ brief new site a\n$ cd a\n$ brief build --quiet\n```\n";
    assert_eq!(
        Transcript::start(readme).run(readme, Strictness::WhatIsShown),
        readme
    );
}
