//! The program `git`, held to what publishing needs: whatever a person has set up for repositories of their own, the
//! bytes that are sent are those of the site, and no hook runs.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use super::super::shipment::Failure;
use super::{unwritable, words};

/// `git` with a bare repository of its own, and the output as its files.
pub struct Program {
    repository: PathBuf,
    files: PathBuf,
}

/// What is taken out of the environment: it would name another repository, as it does where brief runs in a hook.
const FOREIGN: [&str; 9] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_PREFIX",
    "GIT_LITERAL_PATHSPECS",
];

/// Settings that hold for each call: bytes and names are taken as they are.
const SETTINGS: [&str; 12] = [
    "core.autocrlf=false",
    "core.safecrlf=false",
    "core.fileMode=false",
    "core.precomposeUnicode=false",
    "core.ignoreCase=false",
    "core.hooksPath=.no-hooks",
    "core.fsmonitor=false",
    "core.untrackedCache=false",
    "core.sparseCheckout=false",
    "core.logAllRefUpdates=false",
    "push.gpgSign=false",
    "advice.detachedHead=false",
];

/// No file is turned into something else on its way, whatever `.gitattributes` a site publishes.
const ATTRIBUTES: &str = "* -text -eol -ident -filter -working-tree-encoding\n";

impl Program {
    /// Takes the repository, making it where it is missing.
    pub fn open(repository: &Path, files: &Path) -> Result<Program, Failure> {
        let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let program = Program {
            repository: absolute(repository),
            files: absolute(files),
        };
        let is_there = program.repository.join("HEAD").is_file();
        if !is_there {
            fs::create_dir_all(repository).map_err(|error| unwritable(repository, &error))?;
            // A bare repository and files to go with it are not both taken at once.
            program.finish(
                program
                    .command(["init", "--quiet", "--bare"])
                    .env_remove("GIT_WORK_TREE"),
            )?;
        }
        program.break_locks();
        let attributes = program.repository.join("info/attributes");
        let write = fs::create_dir_all(program.repository.join("info"))
            .and_then(|()| fs::write(&attributes, ATTRIBUTES));
        write.map_err(|error| unwritable(&attributes, &error))?;
        Ok(program)
    }

    /// Takes away what a run that was killed has locked. Nobody else uses this repository: whoever publishes has taken
    /// the output of the build before.
    fn break_locks(&self) {
        for folder in ["", "refs/brief", "info", "objects/info"] {
            let Ok(entries) = fs::read_dir(self.repository.join(folder)) else {
                continue;
            };
            let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
            for lock in paths.filter(|path| path.extension().is_some_and(|end| end == "lock")) {
                // What cannot be taken away is told of by the command that it stops.
                let _ = fs::remove_file(lock);
            }
        }
    }

    /// Runs a command and gives what it printed, without the end of the last line.
    pub fn run<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Result<String, Failure> {
        self.finish(&mut self.command(arguments))
    }

    /// The same, with a name for the commit where the person has set none.
    pub fn run_as_somebody<A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<String, Failure> {
        let mut command = self.command(arguments);
        if self.run(["var", "GIT_COMMITTER_IDENT"]).is_err() {
            for who in ["AUTHOR", "COMMITTER"] {
                command.env(format!("GIT_{who}_NAME"), "brief");
                // A name that can never be anybody's. Source: RFC 2606, section 2.
                command.env(format!("GIT_{who}_EMAIL"), "brief@publish.invalid");
            }
        }
        self.finish(&mut command)
    }

    /// Runs a command that reads paths, each ended by a NUL.
    pub fn feed<'p, A: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = A>,
        paths: impl Iterator<Item = &'p str>,
    ) -> Result<(), Failure> {
        let mut command = self.command(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .spawn()
            .map_err(|error| missing(&error))?;
        if let Some(input) = child.stdin.take() {
            let mut input = io::BufWriter::new(input);
            for path in paths {
                // A program that has ended early says why on its error stream, which is read below.
                if input
                    .write_all(path.as_bytes())
                    .and_then(|()| input.write_all(b"\0"))
                    .is_err()
                {
                    break;
                }
            }
        }
        let output = child.wait_with_output().map_err(|error| missing(&error))?;
        text_of(output).map(drop)
    }

    fn command<A: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = A>) -> Command {
        let mut command = Command::new("git");
        for name in FOREIGN {
            command.env_remove(name);
        }
        for setting in SETTINGS {
            command.args(["-c", setting]);
        }
        command
            .args(arguments)
            .current_dir(&self.files)
            .env("GIT_DIR", &self.repository)
            .env("GIT_WORK_TREE", &self.files)
            .env("GIT_INDEX_FILE", self.repository.join("brief-index"))
            // Its words are looked at to tell what went wrong.
            .env("LC_ALL", "C")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        // Where nobody sits, a question for a password would wait for ever.
        if !io::stdin().is_terminal() {
            command.env("GIT_TERMINAL_PROMPT", "0");
        }
        command
    }

    fn finish(&self, command: &mut Command) -> Result<String, Failure> {
        text_of(command.output().map_err(|error| missing(&error))?)
    }
}

/// The commit that a folder's files are at; `None` where it is in no repository or there is no `git`.
pub fn commit_of(folder: &Path) -> Option<String> {
    let mut command = Command::new("git");
    for name in FOREIGN {
        command.env_remove(name);
    }
    let output = command
        .arg("-C")
        .arg(folder)
        .args(["rev-parse", "--quiet", "--verify", "HEAD"])
        .stderr(Stdio::null())
        .output();
    let output = output.ok().filter(|output| output.status.success())?;
    let commit = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    commit
        .bytes()
        .all(|byte| byte.is_ascii_hexdigit())
        .then_some(commit)
}

fn text_of(output: Output) -> Result<String, Failure> {
    if !output.status.success() {
        return Err(words::failure(&String::from_utf8_lossy(&output.stderr)));
    }
    let text = String::from_utf8(output.stdout)
        .map_err(|_| Failure::usage("the repository holds file names that are not UTF-8"))?;
    Ok(text.strip_suffix('\n').unwrap_or(&text).to_owned())
}

fn missing(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::NotFound => Failure::usage("the program `git` was not found")
            .help("install it, or publish to another kind of target"),
        _ => Failure::usage(format!("the program `git` could not be started: {error}")),
    }
}
