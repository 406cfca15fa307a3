//! `brief check --against` with sitemaps on a server, packed and in parts.

use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{Server, redirect, reply, support};

fn body(bytes: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", bytes.len());
    [head.as_bytes(), bytes].concat()
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}

fn sitemap(paths: &[&str]) -> Vec<u8> {
    let mut text = String::from("<urlset>");
    for path in paths {
        text.push_str(&format!("<url><loc>https://example.org/news{path}</loc></url>"));
    }
    format!("{text}</urlset>").into_bytes()
}

fn index(parts: &[&str]) -> Vec<u8> {
    let mut text = String::from("<sitemapindex>");
    for part in parts {
        text.push_str(&format!("<sitemap><loc>{part}</loc></sitemap>"));
    }
    format!("{text}</sitemapindex>").into_bytes()
}

/// What the command says of a site with one article, and its exit code.
fn check(site: &Path, against: &str) -> (String, Option<i32>) {
    let output = support::brief(site)
        .args(["check", "--quiet", "--against", against])
        .output()
        .expect("brief runs");
    (
        String::from_utf8_lossy(&output.stderr).into_owned(),
        output.status.code(),
    )
}

fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| support::write(&folder.path().join(path), text);
    write("brief.yaml", "title: A\nbase_url: https://example.org/news/\n");
    write(
        "content/articles/2025-01-02-one.md",
        "---\ntitle: One\nid: one\nsource: {name: Wire, url: \"https://wire.example/\"}\n---\nText.\n",
    );
    folder
}

#[test]
fn a_sitemap_is_read_from_where_it_is() {
    let server = Server::start("127.0.0.1", |_, target, _| {
        let long = [b"<urlset><!--".as_slice(), &vec![b' '; 60 << 20], b"--></urlset>"].concat();
        let host = |parts: &[&str]| {
            let parts: Vec<String> = parts
                .iter()
                .map(|part| format!("http://127.0.0.1/{part}"))
                .collect();
            index(&parts.iter().map(String::as_str).collect::<Vec<_>>())
        };
        match target {
            "/whole.xml" | "/folder/sitemap.xml" => body(&sitemap(&["/2025/01/02/one/", "/gone/"])),
            "/packed.xml.gz" => body(&packed(&sitemap(&["/packed/"]))),
            "/cut.xml.gz" => body(&packed(&sitemap(&["/packed/"]))[..20]),
            "/bomb.xml.gz" => body(&packed(&long)),
            "/moved.xml" => redirect("/packed.xml.gz"),
            "/circle.xml" => redirect("/circle.xml"),
            "/lines.txt" => {
                body(b"https://example.org/news/2025/01/02/one\nhttps://example.org/news/line/\n")
            }
            "/page.xml" => body(b"<!doctype html><html></html>"),
            "/other.xml" => body(b"<urlset><url><loc>https://example.com/</loc></url></urlset>"),
            "/private.xml" => body(&host(&["a.xml"])),
            _ => reply("404 Not Found"),
        }
    });
    let site = site();
    let found = |target: &str| check(site.path(), server.at(target).as_str());
    for (target, expected, code) in [
        ("/whole.xml", "nothing answers `/gone/` any more", 1),
        ("/folder/", "nothing answers `/gone/` any more", 1),
        ("/packed.xml.gz", "nothing answers `/packed/` any more", 1),
        ("/moved.xml", "nothing answers `/packed/` any more", 1),
        ("/lines.txt", "nothing answers `/line/` any more", 1),
        (
            "/other.xml",
            "none of the 1 addresses of the sitemap lies below `/news/`",
            1,
        ),
        ("/cut.xml.gz", "cut.xml.gz cannot be used: it is not whole", 2),
        (
            "/bomb.xml.gz",
            "bomb.xml.gz cannot be used: it is longer than 50 MB",
            2,
        ),
        ("/circle.xml", "circle.xml leads on without end", 2),
        (
            "/page.xml",
            "page.xml cannot be used: it is no sitemap: its root is `html`",
            2,
        ),
        (
            "/nothing.xml",
            "nothing.xml answers 404: there is no such page",
            2,
        ),
        ("/private.xml", "is in a private network", 2),
    ] {
        let (said, exit) = found(target);
        assert!(
            said.contains(expected) && exit == Some(code),
            "{target}: {exit:?} {said}"
        );
        let count = said.matches("error").count();
        assert_eq!(count, 1, "{target}: {said}");
    }
}

#[test]
fn parts_of_a_sitemap_are_read_too() {
    let site = site();
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::start("127.0.0.1", |_, target, _| match target.split_once('?') {
        Some(("/list.xml", port)) => {
            let parts = ["one.xml", "two.xml.gz"].map(|name| format!("http://127.0.0.1:{port}/{name}"));
            body(&index(&[&parts[0], &parts[1]]))
        }
        Some(("/deep.xml", port)) => body(&index(&[&format!("http://127.0.0.1:{port}/list.xml?{port}")])),
        _ if target == "/one.xml" => body(&sitemap(&["/one/"])),
        _ if target == "/two.xml.gz" => body(&packed(&sitemap(&["/two/"]))),
        _ => reply("404 Not Found"),
    });
    let port = server.base.port().expect("a port");
    let both = |said: &str, code: Option<i32>| {
        assert!(said.contains("`/one/`") && said.contains("`/two/`"), "{said}");
        assert_eq!((said.matches("error[").count(), code), (2, Some(1)), "{said}");
    };
    let (said, code) = check(site.path(), server.at(&format!("/list.xml?{port}")).as_str());
    both(&said, code);
    let (said, code) = check(site.path(), server.at(&format!("/deep.xml?{port}")).as_str());
    assert!(
        code == Some(2) && said.contains("a part of a sitemap has parts itself"),
        "{said}"
    );

    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        support::write(&path, bytes);
        path.display().to_string()
    };
    let list = file(
        "list.xml",
        &index(&[
            "https://example.org/news/sitemap-1.xml",
            "https://example.org/news/sitemap-2.xml.gz",
        ]),
    );
    file("sitemap-1.xml", &sitemap(&["/one/", "/2025/01/02/one/"]));
    file("sitemap-2.xml.gz", &packed(&sitemap(&["/two/"])));
    let (said, code) = check(site.path(), &list);
    both(&said, code);
    // Whoever lists parts does not open private networks with that.
    let private = file("private.xml", &index(&[server.at("/one.xml").as_str()]));
    let (said, code) = check(site.path(), &private);
    assert!(
        code == Some(2) && said.contains("is in a private network"),
        "{said}"
    );
    let many: Vec<String> = (0..101)
        .map(|part| format!("https://example.org/{part}.xml"))
        .collect();
    let many = file(
        "many.xml",
        &index(&many.iter().map(String::as_str).collect::<Vec<_>>()),
    );
    let (said, code) = check(site.path(), &many);
    assert!(code == Some(2) && said.contains("more than 100 parts"), "{said}");
    let (said, code) = check(site.path(), "nowhere.xml");
    assert!(
        code == Some(2) && said.contains("nowhere.xml cannot be read"),
        "{said}"
    );
}
