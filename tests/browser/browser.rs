//! A real browser, driven over WebDriver.

#![allow(
    dead_code,
    reason = "every target that compiles this file uses its own part of it"
)]

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::wd::{Capabilities, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::server::free_port;

/// How long a browser may take for anything.
pub const LIMIT: Duration = Duration::from_secs(20);

/// A browser and what drives it.
pub struct Browser {
    runtime: Runtime,
    client: Option<Client>,
    driver: Child,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Starts Chromium without a window on the screen. `dark` asks pages for dark colours.
    pub fn start(dark: bool) -> Browser {
        let port = free_port();
        let mut driver = Command::new("chromedriver")
            .arg(format!("--port={port}"))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("these tests need Chromium: install the packages chromium and chromium-driver");
        let said = BufReader::new(driver.stdout.take().expect("a pipe"));
        // It says so when it listens.
        let mut lines = said.lines().map_while(Result::ok);
        let is_there = lines.any(|line| line.contains("started successfully"));
        assert!(is_there, "chromedriver did not start");
        std::thread::spawn(move || lines.for_each(drop));
        let profile = tempfile::tempdir().expect("a folder");
        let mut arguments: Vec<String> = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--window-size=1000,800",
        ]
        .map(str::to_owned)
        .into();
        arguments.push(format!("--user-data-dir={}", profile.path().display()));
        if dark {
            arguments.push("--force-dark-mode".to_owned());
            arguments.push("--blink-settings=preferredColorScheme=0".to_owned());
        }
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), json!({ "args": arguments }));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let client = runtime.block_on(
            ClientBuilder::new(fantoccini_connector())
                .capabilities(capabilities)
                .connect(&format!("http://localhost:{port}")),
        );
        Browser {
            client: Some(client.expect("a session with Chromium")),
            runtime,
            driver,
            _profile: profile,
        }
    }

    fn client(&self) -> &Client {
        self.client.as_ref().expect("the session lasts as long as this")
    }

    /// Opens an address.
    pub fn open(&self, url: &str) {
        self.runtime.block_on(self.client().goto(url)).expect("a page");
    }

    /// Opens an address in a tab of its own.
    pub fn open_tab(&self, url: &str) -> WindowHandle {
        let tab = self
            .runtime
            .block_on(self.client().new_window(true))
            .expect("a tab");
        self.turn_to(&tab.handle);
        self.open(url);
        tab.handle
    }

    /// The tab that is looked at.
    pub fn tab(&self) -> WindowHandle {
        self.runtime.block_on(self.client().window()).expect("a tab")
    }

    /// Looks at another tab.
    pub fn turn_to(&self, tab: &WindowHandle) {
        self.runtime
            .block_on(self.client().switch_to_window(tab.clone()))
            .expect("the tab");
    }

    /// What a script returns in the page.
    pub fn run(&self, script: &str) -> Value {
        let done = self.runtime.block_on(self.client().execute(script, Vec::new()));
        done.unwrap_or_else(|error| Value::String(format!("{error}")))
    }

    /// The value of an expression in the page.
    pub fn value(&self, expression: &str) -> Value {
        self.run(&format!("return ({expression})"))
    }

    /// Waits until an expression has this value.
    pub fn wait(&self, expression: &str, expected: impl Into<Value>) {
        let expected = expected.into();
        let start = Instant::now();
        loop {
            let value = self.value(expression);
            if value == expected {
                return;
            }
            assert!(
                start.elapsed() < LIMIT,
                "{expression} is {value} instead of {expected} in\n{}",
                self.value("document.documentElement.outerHTML")
            );
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits until the text of the page has some words.
    pub fn wait_for(&self, words: &str) {
        self.wait(
            &format!("document.body.innerText.includes({})", json!(words)),
            true,
        );
    }

    /// Presses a key.
    pub fn press(&self, key: char) {
        let keys = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key })
            .then(KeyAction::Up { value: key });
        self.runtime
            .block_on(self.client().perform_actions(keys))
            .expect("a key");
    }

    /// Clicks on what a selector finds in the page.
    pub fn click(&self, selector: &str) {
        let found = self.runtime.block_on(self.client().find(Locator::Css(selector)));
        let element = found.expect("an element");
        self.runtime.block_on(element.click()).expect("a click");
    }

    /// Goes back to the page before.
    pub fn back(&self) {
        self.runtime
            .block_on(self.client().back())
            .expect("a page before");
    }

    /// Makes the window so large.
    pub fn size(&self, width: u32, height: u32) {
        self.runtime
            .block_on(self.client().set_window_size(width, height))
            .expect("a window");
    }

    /// Takes a picture, to be looked at by a person.
    pub fn picture(&self, path: &Path) {
        let picture = self
            .runtime
            .block_on(self.client().screenshot())
            .expect("a picture");
        std::fs::write(path, picture).expect("a file");
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            let _ = self.runtime.block_on(client.close());
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn fantoccini_connector() -> hyper_util::client::legacy::connect::HttpConnector {
    hyper_util::client::legacy::connect::HttpConnector::new()
}
