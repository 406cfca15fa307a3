//! The plainest client that speaks HTTP/1.1, so that a test sends exactly what it means to.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A connection that is kept.
pub struct Client {
    stream: BufReader<TcpStream>,
    port: u16,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// The body without the script tag.
    pub fn page(&self) -> Vec<u8> {
        if self.header("content-type").starts_with("image/") {
            return self.body.clone();
        }
        let text = String::from_utf8(self.body.clone()).expect("a page in UTF-8");
        match text.split_once("<script src=\"") {
            Some((before, rest)) if rest.contains("_brief/live.js") => {
                let (tag, behind) = rest.split_once("></script>").expect("the end of the tag");
                assert!(tag.contains("_brief/live.js"), "{tag}");
                format!("{before}{behind}").into_bytes()
            }
            _ => self.body.clone(),
        }
    }
}

impl Client {
    pub fn new(port: u16) -> Client {
        Client::patient(port, Duration::from_secs(20))
    }

    /// A client that does not wait for a server which waits for it.
    pub fn hasty(port: u16) -> Client {
        Client::patient(port, Duration::from_millis(500))
    }

    fn patient(port: u16, limit: Duration) -> Client {
        let stream = TcpStream::connect(("127.0.0.1", port)).expect("a server");
        stream.set_read_timeout(Some(limit)).expect("a limit");
        Client {
            stream: BufReader::new(stream),
            port,
        }
    }

    /// Sends these bytes and reads one answer; `None` where the server ends the connection.
    pub fn send(&mut self, request: &[u8]) -> Option<Answer> {
        // The server may have closed its side already.
        let _ = self.stream.get_mut().write_all(request);
        let mut line = String::new();
        self.stream.read_line(&mut line).ok().filter(|read| *read > 0)?;
        let status = line.split(' ').nth(1)?.parse().ok()?;
        let mut headers = BTreeMap::new();
        loop {
            line.clear();
            self.stream.read_line(&mut line).ok()?;
            match line.trim_end().split_once(": ") {
                Some((name, value)) => headers.insert(name.to_lowercase(), value.to_owned()),
                None => break,
            };
        }
        let is_head = request.starts_with(b"HEAD ");
        let length = headers
            .get("content-length")
            .and_then(|length| length.parse().ok());
        let mut body = vec![0; if is_head { 0 } else { length.unwrap_or(0) }];
        self.stream.read_exact(&mut body).ok()?;
        Some(Answer {
            status,
            headers,
            body,
        })
    }

    /// Asks for a path with further header lines.
    pub fn ask(&mut self, method: &str, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = format!("{method} {path} HTTP/1.1\r\n");
        if !headers.iter().any(|(name, _)| *name == "Host") {
            request.push_str(&format!("Host: localhost:{}\r\n", self.port));
        }
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        self.send(request.as_bytes()).expect("an answer")
    }

    pub fn get(&mut self, path: &str) -> Answer {
        self.ask("GET", path, &[])
    }

    /// Sends a form.
    pub fn post(&mut self, path: &str, headers: &[(&str, &str)], body: &str) -> Answer {
        let head: String = headers
            .iter()
            .map(|(name, value)| format!("{name}: {value}\r\n"))
            .collect();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{}\r\nContent-Length: {}\r\n{head}\r\n{body}",
            self.port,
            body.len()
        );
        self.send(request.as_bytes()).expect("an answer")
    }

    /// Asks for events and reads the lines that come, without an end.
    pub fn events(mut self, path: &str) -> impl Iterator<Item = String> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        self.stream
            .get_mut()
            .write_all(request.as_bytes())
            .expect("a request");
        self.stream.lines().map_while(Result::ok)
    }
}
