//! `brief serve` on a small site in a temporary folder.

#![allow(
    dead_code,
    reason = "every test target compiles this file and uses its own part of it"
)]

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

/// A port that nobody listened on a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// A site, and a server at work on it.
pub struct Server {
    folder: TempDir,
    /// Where it listens.
    pub port: u16,
    arguments: Vec<String>,
    process: Option<Child>,
    /// What it said.
    pub said: Arc<Mutex<String>>,
}

const SETTINGS: &str = "title: The Test\nbase_url: https://example.org/\ntimezone: UTC\n";
const REGISTER: &str = "- name: Acme\n- name: Oracle\n";

impl Server {
    /// A site with two articles and these files, and a server with these arguments.
    pub fn start(files: &[(&str, &str)], arguments: &[&str]) -> Server {
        Server::start_at(Some(free_port()), files, arguments)
    }

    /// A server that finds a port itself.
    pub fn start_anywhere() -> Server {
        Server::start_at(None, &[], &[])
    }

    fn start_at(port: Option<u16>, files: &[(&str, &str)], arguments: &[&str]) -> Server {
        let mut server = Server {
            folder: tempfile::tempdir().expect("a folder"),
            port: port.unwrap_or(0),
            arguments: arguments.iter().map(|argument| (*argument).to_owned()).collect(),
            process: None,
            said: Arc::default(),
        };
        server.write("brief.yaml", SETTINGS);
        server.write("content/companies.yaml", REGISTER);
        server.write(
            "content/articles/2025-01-02-one.md",
            &article("One", "The text of one."),
        );
        server.write(
            "content/articles/2025-01-01-two.md",
            &article("Two", "The text of two."),
        );
        for (path, text) in files {
            server.write(path, text);
        }
        server.run();
        server
    }

    /// Starts the server, on the same port as before.
    pub fn run(&mut self) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_brief"));
        command.args(["serve", "--site"]).arg(self.folder.path());
        if self.port != 0 {
            command.args(["--port", &self.port.to_string()]);
        }
        let mut process = command
            .args(&self.arguments)
            .env("BRIEF_EDITOR", format!("sh {}", self.path("editor.sh").display()))
            .stderr(Stdio::piped())
            .spawn()
            .expect("brief");
        let mut lines = BufReader::new(process.stderr.take().expect("a pipe"))
            .lines()
            .map_while(Result::ok);
        let first = lines.next().unwrap_or_default();
        let port = first
            .split("http://127.0.0.1:")
            .nth(1)
            .and_then(|rest| rest.split('/').next());
        self.port = port
            .and_then(|port| port.parse().ok())
            .expect("the address of the server");
        let said = self.said.clone();
        std::thread::spawn(move || {
            for line in lines {
                said.lock()
                    .expect("no thread panics")
                    .push_str(&format!("{line}\n"));
            }
        });
        self.process = Some(process);
    }

    /// Ends the server.
    pub fn end(&mut self) {
        if let Some(mut process) = self.process.take() {
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// The address of a page.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// A file of the site.
    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file of the site.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Deletes a file of the site.
    pub fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).expect("a file");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// An article.
pub fn article(title: &str, text: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2025-01-02\ncompanies: [Acme]\n---\n\n{text}\n")
}
