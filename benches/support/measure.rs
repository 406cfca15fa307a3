//! One run of the program, as the operating system accounts for it.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use wait4::Wait4;

/// What a run took, and what it said of its work.
#[derive(Clone, Debug)]
pub struct Measured {
    /// From start to end.
    pub wall: Duration,
    /// Of all cores together, in the program and in the system on its behalf.
    pub cpu: Duration,
    /// The most memory it held at a time, in bytes.
    pub peak: u64,
    /// How many files it wrote.
    pub written: Option<usize>,
    /// How many pages it rendered.
    pub rendered: Option<usize>,
}

/// Runs `brief build` on a site. `explain` has it say which pages it rendered, which costs time.
pub fn build(site: &Path, explain: bool) -> Measured {
    let mut command = program();
    command.args(["build", "--site"]).arg(site);
    if explain {
        command.arg("--explain");
    }
    let (measured, [out, err]) = run(command, site);
    Measured {
        written: number_before(&err, " written"),
        rendered: number_before(&err, " rendered").or_else(|| explain.then(|| explained(&out))),
        ..measured
    }
}

/// The program, without what the environment would tell it.
pub fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_brief"));
    command
        .env_remove("BRIEF_BASE_URL")
        .env_remove("SOURCE_DATE_EPOCH");
    command
}

/// Runs a command that works on a site, and gives what it took and what it said on both streams.
pub fn run(mut command: Command, site: &Path) -> (Measured, [String; 2]) {
    // Files, not pipes: nobody has to read them while the command runs. They stand beside the site.
    let said = [site.with_extension("out"), site.with_extension("err")];
    let [out, err] = said
        .each_ref()
        .map(|path| Stdio::from(File::create(path).expect("files can be written where the benchmark works")));
    command.stdin(Stdio::null()).stdout(out).stderr(err);
    let start = Instant::now();
    let child = command.spawn().expect("cargo has built the program");
    let used = child.wait4().expect("the child is ours to wait for");
    let wall = start.elapsed();
    let said = said.map(|path| fs::read_to_string(path).expect("what the command said"));
    assert!(used.status.success(), "{command:?} failed:\n{}", said[1]);
    let measured = Measured {
        wall,
        cpu: used.rusage.utime + used.rusage.stime,
        peak: used.rusage.maxrss,
        written: None,
        rendered: None,
    };
    (measured, said)
}

/// The number in front of a word in the closing line: "213 files from 32 articles in public/: 213
/// written, 0 unchanged".
fn number_before(said: &str, word: &str) -> Option<usize> {
    let line = said.lines().rev().find(|line| line.contains(" unchanged"))?;
    let (before, _) = line.split_once(word)?;
    before.rsplit([' ', '(']).next()?.parse().ok()
}

/// How many pages an explanation names: one line each, up to the first empty line.
fn explained(out: &str) -> usize {
    out.lines().take_while(|line| !line.is_empty()).count()
}
