//! A small site with places to publish it to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::support::{brief, tree, write};

/// What a run said and how it ended.
#[derive(Debug)]
pub struct Said {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Said {
    pub fn of(output: Output) -> Said {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Said {
            code: output.status.code(),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }

    /// The last line on the error stream.
    pub fn last(&self) -> &str {
        self.err.lines().last().unwrap_or_default()
    }

    /// The first line of the problem, without its code.
    pub fn problem(&self) -> &str {
        let line = self
            .err
            .lines()
            .find(|line| line.starts_with("error"))
            .unwrap_or_default();
        line.split_once("]: ").map_or(line, |(_, message)| message)
    }
}

/// A site, and a place beside it.
pub struct Site {
    folder: TempDir,
}

impl Site {
    /// A site of two articles that is published to the folder `www` as `live` and to the branch `pages` of `site.git`
    /// as `pages`; both lie beside it.
    pub fn new() -> Site {
        let site = Site {
            folder: tempfile::tempdir().expect("a folder"),
        };
        site.settings("");
        site.article("one", "The first");
        site.article("two", "The second");
        site
    }

    /// Writes the settings anew, with these at the end.
    pub fn settings(&self, further: &str) {
        let text = format!(
            "base_url: https://example.org/\ncards: off\npublish:\n  live: ../www\n  pages: {{to: ../site.git, branch: pages}}\n{further}"
        );
        write(&self.root().join("brief.yaml"), text);
    }

    pub fn article(&self, name: &str, text: &str) {
        let front = format!("---\ntitle: Article {name}\ndate: 2025-01-20\nid: {name}\n---\n{text}\n");
        write(&self.root().join(format!("content/articles/{name}.md")), front);
    }

    pub fn remove(&self, path: &str) {
        fs::remove_file(self.root().join(path)).expect("a file to remove");
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The command that publishes, not started yet.
    pub fn publishing(&self, arguments: &[&str]) -> Command {
        let mut command = brief(&self.root());
        command
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("HOME", self.folder.path())
            .arg("publish")
            .args(arguments);
        command
    }

    pub fn publish(&self, arguments: &[&str]) -> Said {
        Said::of(self.publishing(arguments).output().expect("brief runs"))
    }

    /// Publishes, which must work, and gives the last line.
    pub fn published(&self, arguments: &[&str]) -> String {
        let said = self.publish(arguments);
        assert_eq!(said.code, Some(0), "{}", said.err);
        said.last().to_owned()
    }

    /// The output with each file's bytes, as it must be at the target.
    pub fn built(&self) -> std::collections::BTreeMap<String, Vec<u8>> {
        without_notes(&self.root().join("public"))
    }
}

/// The files of a folder without brief's own notes.
pub fn without_notes(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut files = tree(folder);
    files.retain(|path, _| !path.starts_with(".brief-"));
    files
}
