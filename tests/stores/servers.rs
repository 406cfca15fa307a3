//! Servers that end with the test.

use std::io::Write;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(super) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

pub(super) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Starts a server and waits until it listens.
pub(super) fn start(command: &mut Command, port: u16) -> Running {
    let child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut running = Running(child);
    let limit = Instant::now() + Duration::from_secs(60);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = running.0.try_wait().expect("a process");
        assert!(
            ended.is_none() && Instant::now() < limit,
            "{command:?} does not listen"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
    running
}

/// A program of the virtual environment.
pub(super) fn python_program(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target/stores-venv/bin")
        .join(name)
}

/// Runs a program in Python; what it prints.
pub(super) fn python(script: &str, arguments: &[&str]) -> String {
    python_with(script, arguments, "")
}

/// The same, with something to read.
pub(super) fn python_with(script: &str, arguments: &[&str], input: &str) -> String {
    let mut running = Command::new(python_program("python"))
        .args(["-c", script])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("python in target/stores-venv");
    let mut stdin = running.stdin.take().expect("its input");
    // One that ends before it has read all says why.
    let _ = stdin.write_all(input.as_bytes());
    drop(stdin);
    let output = running.wait_with_output().expect("its end");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}
