//! A server that does what GitHub Pages does: files and folders, `404.html`, and neither headers nor redirects.
//!
//! Source: GitHub Docs, "Creating a custom 404 page for your GitHub Pages site". That a folder without its slash is led
//! to with 301, and that `/a` is answered by `a.html`, is known of it and documented nowhere.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use brief::ground::path::decode_path;

/// Serves a folder below a path until the process ends; gives the port.
pub fn serve(folder: &Path, base: &str) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (folder, base) = (folder.to_owned(), base.to_owned());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _ = answer(stream, &folder, &base);
        }
    });
    port
}

fn answer(stream: TcpStream, folder: &Path, base: &str) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut request = String::new();
    stream.read_line(&mut request)?;
    let mut line = String::new();
    while stream.read_line(&mut line)? > 2 {
        line.clear();
    }
    let path = request.split(' ').nth(1).unwrap_or("/");
    let (status, head, body) = match place(path, folder, base) {
        Place::File(file) => ("200 OK", kind(&file), fs::read(file)?),
        Place::Folder => ("301 Moved Permanently", format!("Location: {path}/"), Vec::new()),
        Place::Nothing => (
            "404 Not Found",
            "Content-Type: text/html; charset=utf-8".to_owned(),
            fs::read(folder.join("404.html"))?,
        ),
    };
    let stream = stream.get_mut();
    write!(
        stream,
        "HTTP/1.1 {status}\r\n{head}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    stream.write_all(&body)
}

enum Place {
    File(PathBuf),
    Folder,
    Nothing,
}

fn place(path: &str, folder: &Path, base: &str) -> Place {
    let Some(below) = decode_path(path).and_then(|path| path.strip_prefix(base).map(str::to_owned)) else {
        return Place::Nothing;
    };
    let file = folder.join(&below);
    if below.is_empty() || below.ends_with('/') {
        return match file.join("index.html") {
            index if index.is_file() => Place::File(index),
            _ => Place::Nothing,
        };
    }
    let with_extension = folder.join(format!("{below}.html"));
    match (file.is_file(), with_extension.is_file(), file.is_dir()) {
        (true, _, _) => Place::File(file),
        (_, true, _) => Place::File(with_extension),
        (_, _, true) => Place::Folder,
        _ => Place::Nothing,
    }
}

fn kind(file: &Path) -> String {
    let kind = match file.extension().and_then(|extension| extension.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    };
    format!("Content-Type: {kind}")
}
