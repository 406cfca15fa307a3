//! A line to an HTTP server that writes down what goes over it, and breaks when it is told to.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What becomes of a request.
#[derive(Clone, Debug)]
pub(super) enum Verdict {
    Pass,
    /// The connection is closed in front of the server.
    Drop,
    /// It is passed on, and the answer is not.
    Lose,
    /// This answer is given, and the server never sees the request.
    Answer(&'static str),
}

type Rule = Box<dyn FnMut(&str, &str) -> Verdict + Send>;

/// The line.
pub(super) struct Proxy {
    pub(super) port: u16,
    log: Arc<Mutex<Vec<(String, String)>>>,
    /// The heads of all requests.
    heads: Arc<Mutex<Vec<String>>>,
    rule: Arc<Mutex<Rule>>,
}

impl Proxy {
    /// To a server on this machine.
    pub(super) fn to(port: u16) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let own = listener.local_addr().expect("an address").port();
        let proxy = Proxy {
            port: own,
            log: Arc::default(),
            heads: Arc::default(),
            rule: Arc::new(Mutex::new(Box::new(|_, _| Verdict::Pass))),
        };
        let (log, heads, rule) = (proxy.log.clone(), proxy.heads.clone(), proxy.rule.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (log, heads, rule) = (log.clone(), heads.clone(), rule.clone());
                // A broken line is what this is for.
                std::thread::spawn(move || serve(stream, port, &log, &heads, &rule).ok());
            }
        });
        proxy
    }

    pub(super) fn rule(&self, rule: impl FnMut(&str, &str) -> Verdict + Send + 'static) {
        *self.rule.lock().expect("a rule") = Box::new(rule);
    }

    pub(super) fn pass_all(&self) {
        self.rule(|_, _| Verdict::Pass);
    }

    /// The heads of all requests so far.
    pub(super) fn heads(&self) -> Vec<String> {
        self.heads.lock().expect("heads").clone()
    }

    /// The requests with a method, and forgets all.
    pub(super) fn take(&self, method: &str) -> Vec<String> {
        let all = std::mem::take(&mut *self.log.lock().expect("a log"));
        let with = all.into_iter().filter(|(other, _)| other == method);
        with.map(|(_, path)| path).collect()
    }
}

fn serve(
    stream: TcpStream,
    port: u16,
    log: &Mutex<Vec<(String, String)>>,
    heads: &Mutex<Vec<String>>,
    rule: &Mutex<Rule>,
) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 {
            return Ok(());
        }
        let lower = line.to_ascii_lowercase();
        if let Some(value) = lower.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
        if line.trim().is_empty() {
            head.push_str("Connection: close\r\n\r\n");
            break;
        }
        if !lower.starts_with("connection:") {
            head.push_str(&line);
        }
    }
    heads.lock().expect("heads").push(head.clone());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let mut words = head.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let path = words.next().unwrap_or_default().to_owned();
    let verdict = (rule.lock().expect("a rule"))(&method, &path);
    log.lock().expect("a log").push((method, path));
    match verdict {
        Verdict::Drop => return Ok(()),
        Verdict::Answer(answer) => return stream.write_all(answer.as_bytes()),
        Verdict::Pass | Verdict::Lose => {}
    }
    let mut server = TcpStream::connect(("127.0.0.1", port))?;
    server.write_all(head.as_bytes())?;
    server.write_all(&body)?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer)?;
    match verdict {
        Verdict::Lose => Ok(()),
        _ => stream.write_all(&answer),
    }
}

/// A line to any server that can be cut.
pub(super) struct Line {
    pub(super) port: u16,
    ends: Arc<Mutex<Vec<TcpStream>>>,
}

impl Line {
    pub(super) fn to(port: u16) -> Line {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let line = Line {
            port: listener.local_addr().expect("an address").port(),
            ends: Arc::default(),
        };
        let ends = line.ends.clone();
        std::thread::spawn(move || {
            for here in listener.incoming().flatten() {
                let there = TcpStream::connect(("127.0.0.1", port)).expect("a server");
                for end in [&here, &there] {
                    end.set_nodelay(true).expect("a line without pauses");
                }
                for (from, to) in [(&here, &there), (&there, &here)] {
                    let (mut from, mut to) = (copy(from), copy(to));
                    std::thread::spawn(move || {
                        let _ = std::io::copy(&mut from, &mut to);
                        let _ = to.shutdown(Shutdown::Both);
                    });
                }
                ends.lock().expect("the ends").extend([here, there]);
            }
        });
        line
    }

    /// Cuts what goes over it now. How many ends there were.
    pub(super) fn cut(&self) -> usize {
        let ends = std::mem::take(&mut *self.ends.lock().expect("the ends"));
        for end in &ends {
            let _ = end.shutdown(Shutdown::Both);
        }
        ends.len()
    }
}

fn copy(stream: &TcpStream) -> TcpStream {
    stream.try_clone().expect("the same stream")
}
