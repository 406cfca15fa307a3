//! A site's output and state in a folder of their own.

use std::fs;
use std::path::{Path, PathBuf};

use brief::building::output::{Output, Report};
use brief::ground::diagnostic::{Code, Diagnostic};
use brief::ground::path::OutputPath;

pub struct Site {
    temporary: tempfile::TempDir,
}

/// A diagnostic without the name of the temporary folder.
pub type Problem = (Code, String, Vec<String>);

impl Site {
    pub fn new() -> Site {
        Site {
            temporary: tempfile::tempdir().expect("a temporary folder"),
        }
    }

    pub fn root(&self) -> &Path {
        self.temporary.path()
    }

    pub fn output(&self) -> PathBuf {
        self.root().join("public")
    }

    pub fn state(&self) -> PathBuf {
        self.root().join(".brief/0123")
    }

    pub fn open(&self, adopt: bool) -> Result<Output, Diagnostic> {
        Output::open(&self.output(), &self.state(), adopt).map_err(|problem| self.without_root(problem))
    }

    pub fn build(&self, files: &[(&str, &str)]) -> Result<Report, Vec<Problem>> {
        self.build_with(files, false)
    }

    pub fn build_with(&self, files: &[(&str, &str)], adopt: bool) -> Result<Report, Vec<Problem>> {
        let output = self.open(adopt).map_err(|problem| vec![parts(problem)])?;
        for (file, bytes) in files {
            let put = output.put(&path(file), bytes.as_bytes());
            put.map_err(|problem| vec![parts(self.without_root(problem))])?;
        }
        output.commit().map_err(|problems| {
            problems
                .iter()
                .map(|problem| parts(self.without_root(problem.clone())))
                .collect()
        })
    }

    /// Writes a file into the output as somebody else would.
    pub fn write(&self, file: &str, text: &str) {
        let file = self.output().join(file);
        fs::create_dir_all(file.parent().expect("a parent")).expect("folders");
        fs::write(file, text).expect("a file");
    }

    pub fn manifest(&self) -> String {
        fs::read_to_string(self.output().join(".brief-manifest")).expect("a manifest")
    }

    /// Compares the whole output: `path=text` a file, `path/` an empty folder, `path->` a link;
    /// without the manifest, which every build but the refused ones leaves.
    pub fn check_tree(&self, expected: &[&str]) {
        assert_eq!(self.tree(), expected);
    }

    pub fn tree(&self) -> Vec<String> {
        let mut tree = Vec::new();
        collect(&self.output(), "", &mut tree);
        tree.retain(|line| !line.starts_with(".brief-manifest="));
        tree.sort();
        tree
    }

    fn without_root(&self, mut problem: Diagnostic) -> Diagnostic {
        problem.message = problem
            .message
            .replace(&format!("{}/", self.root().display()), "");
        problem
    }
}

pub fn path(path: &str) -> OutputPath {
    OutputPath::new(path).expect("portable")
}

/// Written, unchanged, removed.
pub fn counts(report: &Report) -> (usize, usize, usize) {
    (report.written, report.unchanged, report.removed)
}

fn parts(problem: Diagnostic) -> Problem {
    (problem.code, problem.message, problem.help)
}

fn collect(folder: &Path, prefix: &str, tree: &mut Vec<String>) {
    let mut empty = true;
    for entry in fs::read_dir(folder).expect("a folder") {
        empty = false;
        let entry = entry.expect("an entry");
        let name = format!("{prefix}{}", entry.file_name().display());
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            collect(&entry.path(), &format!("{name}/"), tree);
        } else if kind.is_symlink() {
            tree.push(format!("{name}->"));
        } else {
            tree.push(format!(
                "{name}={}",
                fs::read_to_string(entry.path()).expect("text")
            ));
        }
    }
    if empty && !prefix.is_empty() {
        tree.push(prefix.to_owned());
    }
}
