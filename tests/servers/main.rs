//! A built site on real servers: every file as it was built, old addresses that lead on, the page for what is not
//! there, and the headers, as docs/hosting/ promises for each kind of host.
//!
//! ```sh
//! cargo test --test servers -- --ignored
//! ```
//!
//! Needs nginx, Caddy and Python. What GitHub Pages does is done by a server of our own after its documentation.

#![expect(clippy::panic, reason = "the helpers of a test fail as the test does")]

#[path = "../serve/client.rs"]
#[expect(dead_code, reason = "the tests of the preview use all of it")]
mod client;
mod pages;
#[path = "../support/mod.rs"]
mod support;

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use brief::ground::path::{OutputPath, Url};
use client::{Answer, Client};
use tempfile::TempDir;

/// Old addresses, with all that means something to some server.
const ALIASES: [&str; 10] = [
    "/z/",
    "/a b/",
    "/Übung/",
    "/old.html",
    "/100%/",
    "/do$lar/",
    "/semi;colon/",
    "/{brace}/",
    "/(round)/",
    "/it's~ok/",
];

/// A site that was built into the folder of a server.
struct Built {
    folder: TempDir,
    base: &'static str,
}

impl Built {
    fn new(base: &'static str) -> Built {
        let site = Built {
            folder: tempfile::tempdir().expect("a folder"),
            base,
        };
        let write =
            |path: &str, text: &str| support::write(&site.folder.path().join("site").join(path), text);
        write(
            "brief.yaml",
            &format!(
                "title: A\nbase_url: https://example.org{base}\ncsp: {{script: [\"https://s.example\"]}}\n\
                 hosting: {{servers: [nginx, caddy], hashed_names: on, compress: [gzip, brotli]}}\n"
            ),
        );
        let aliases = ALIASES.map(|alias| format!("\"{alias}\"")).join(", ");
        write(
            "content/articles/2025-01-02-one.md",
            &format!(
                "---\ntitle: One\nsource: {{name: Wire, url: \"https://wire.example/1\"}}\naliases: [{aliases}]\n---\nText.\n"
            ),
        );
        write("static/pic $1.avif", "no picture");
        let output = support::brief(&site.folder.path().join("site"))
            .args(["build", "--output"])
            .arg(site.files())
            .output()
            .expect("brief runs");
        assert!(output.status.success(), "{output:?}");
        site
    }

    /// The folder that the server calls its root.
    fn root(&self) -> PathBuf {
        self.folder.path().join("www")
    }

    /// The folder of the site.
    fn files(&self) -> PathBuf {
        self.root().join(self.base.trim_matches('/'))
    }
}

/// What a kind of host promises beside the files themselves.
struct Promises {
    /// Old addresses answer with 301.
    redirects: bool,
    /// The headers are sent, and files for hosts are not.
    headers: bool,
    /// The site's own page stands where there is none.
    not_found: bool,
}

/// A server that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Starts a server and waits until it listens.
fn start(command: &mut Command, port: u16) -> Running {
    let child = command
        .stdout(Stdio::null())
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let mut running = Running(child);
    let limit = Instant::now() + Duration::from_secs(30);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = running.0.try_wait().expect("a process");
        assert!(
            ended.is_none() && Instant::now() < limit,
            "{command:?} does not listen"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    running
}

fn get(port: u16, path: &str) -> Answer {
    Client::new(port).ask("GET", path, &[("Connection", "close")])
}

/// Where an answer leads, without scheme and host.
fn location(answer: &Answer) -> &str {
    let location = answer.header("location");
    match location.split_once("://") {
        Some((_, rest)) => rest.find('/').map_or("", |slash| &rest[slash..]),
        None => location,
    }
}

fn check(site: &Built, port: u16, promises: &Promises) {
    let for_hosts = [
        "_headers",
        "_redirects",
        "_nginx.conf",
        "_caddy.conf",
        ".nojekyll",
        ".brief-manifest",
    ];
    let href = |file: &str| Url::file(&OutputPath::new(file).expect("a path")).href(site.base);
    let old: Vec<String> = ALIASES.map(|alias| format!("{alias}index.html")).to_vec();
    let (mut pages, mut hashed) = (0, 0);
    for (file, bytes) in support::tree(&site.files()) {
        let is_old = old.iter().any(|old| **old == format!("/{file}")) || file == "old.html";
        if for_hosts.contains(&file.as_str()) || (is_old && promises.redirects) {
            continue;
        }
        pages += 1;
        let path = href(&file);
        let answer = get(port, &path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.body == bytes, "{path} has other bytes");
        let kind = answer.header("content-type");
        if file.ends_with(".html") {
            assert!(kind.starts_with("text/html"), "{path}: {kind}");
        }
        if promises.headers {
            let kinds = [
                ("feed.json", "application/feed+json"),
                (".avif", "image/avif"),
                (".opml", "text/x-opml"),
                (".css", "text/css"),
                (".html", "text/html; charset=utf-8"),
            ];
            for (_, expected) in kinds.into_iter().filter(|(ending, _)| file.ends_with(ending)) {
                assert!(kind.starts_with(expected), "{path}: {kind}");
            }
            check_headers(&answer, &path);
            let is_hashed = is_hashed(&file);
            hashed += usize::from(is_hashed);
            let kept = if is_hashed {
                "public, max-age=31536000, immutable"
            } else {
                "no-cache"
            };
            assert_eq!(answer.header("cache-control"), kept, "{path}");
        }
    }
    assert!(pages > 60, "{pages}");
    if promises.headers {
        let accept = [("Connection", "close"), ("Accept-Encoding", "gzip")];
        let answer = Client::new(port).ask("GET", &article_path(site), &accept);
        let packed = fs::read(site.files().join("2025/01/02/one/index.html.gz")).expect("a file");
        assert_eq!(answer.header("content-encoding"), "gzip");
        assert!(answer.body == packed, "{answer:?}");
        check_headers(&answer, "packed");
    }
    assert!(!promises.headers || hashed == 5, "{hashed}");

    let article = article_path(site);
    let folder = get(port, article.trim_end_matches('/'));
    assert!([301, 302, 307, 308].contains(&folder.status), "{folder:?}");
    assert_eq!(location(&folder), article);

    for alias in ALIASES {
        let url = match alias.strip_suffix('/') {
            Some(_) => Url::page(alias).expect("an address"),
            None => Url::file(&OutputPath::new(&alias[1..]).expect("a path")),
        };
        let path = url.href(site.base);
        let answer = get(port, &path);
        if promises.redirects {
            assert_eq!((answer.status, location(&answer)), (301, &*article), "{path}");
        } else {
            let text = String::from_utf8_lossy(&answer.body);
            assert_eq!(answer.status, 200, "{path}");
            assert!(text.contains(&format!("url={article}\"")), "{path}: {text}");
        }
    }

    for missing in ["nothing", "2025/01/02/nothing/", "companies/none/at/all.html"] {
        let answer = get(port, &format!("{}{missing}", site.base));
        assert_eq!(answer.status, 404, "{missing}");
        if promises.not_found {
            let own = fs::read(site.files().join("404.html")).expect("a page");
            assert!(
                answer.body == own,
                "{missing}: {:?}",
                String::from_utf8_lossy(&answer.body)
            );
        }
        if promises.headers {
            check_headers(&answer, missing);
        }
    }
    for hidden in for_hosts.iter().filter(|_| promises.headers) {
        assert_eq!(
            get(port, &format!("{}{hidden}", site.base)).status,
            404,
            "{hidden}"
        );
    }
}

fn article_path(site: &Built) -> String {
    format!("{}2025/01/02/one/", site.base)
}

/// Whether what a file holds stands in its name.
fn is_hashed(file: &str) -> bool {
    let hash = file.rsplit('.').nth(1).unwrap_or_default();
    hash.len() == 16 && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn check_headers(answer: &Answer, path: &str) {
    let policy = answer.header("content-security-policy");
    assert!(
        policy.contains("script-src 'self' https://s.example;"),
        "{path}: {policy}"
    );
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
    assert!(
        answer.header("permissions-policy").contains("camera=()"),
        "{path}"
    );
    assert_eq!(
        answer.header("referrer-policy"),
        "strict-origin-when-cross-origin"
    );
}

fn nginx(site: &Built) -> (Running, u16) {
    let folder = site.folder.path().join("nginx");
    fs::create_dir_all(&folder).expect("a folder");
    let port = free_port();
    let name = |option: &str| {
        let output = Command::new("id").arg(option).output().expect("id runs");
        String::from_utf8(output.stdout)
            .expect("a name")
            .trim()
            .to_owned()
    };
    let at = |name: &str| folder.join(name).display().to_string();
    let settings = format!(
        "user {} {};\nworker_processes 1;\ndaemon off;\npid {};\nerror_log {};\nevents {{ }}\nhttp {{\n  include /etc/nginx/mime.types;\n  \
         default_type application/octet-stream;\n  access_log off;\n  client_body_temp_path {};\n  proxy_temp_path {};\n  \
         fastcgi_temp_path {};\n  uwsgi_temp_path {};\n  scgi_temp_path {};\n  server {{\n    listen 127.0.0.1:{port};\n    \
         root {};\n    include {};\n  }}\n}}\n",
        name("-un"),
        name("-gn"),
        at("pid"),
        at("error.log"),
        at("b"),
        at("p"),
        at("f"),
        at("u"),
        at("s"),
        site.root().display(),
        site.files().join("_nginx.conf").display(),
    );
    let file = folder.join("nginx.conf");
    support::write(&file, settings);
    let mut command = Command::new("nginx");
    command
        .arg("-e")
        .arg(at("error.log"))
        .arg("-c")
        .arg(file)
        .arg("-p")
        .arg(&folder);
    (start(&mut command, port), port)
}

fn caddy(site: &Built) -> (Running, u16) {
    let port = free_port();
    let file = site.folder.path().join("Caddyfile");
    let settings = format!(
        "{{\n\tadmin off\n\tauto_https off\n\tlog {{\n\t\tlevel ERROR\n\t}}\n}}\nhttp://127.0.0.1:{port}, http://localhost:{port} {{\n\troot * {}\n\timport {}\n}}\n",
        site.root().display(),
        site.files().join("_caddy.conf").display()
    );
    support::write(&file, settings);
    let mut command = Command::new("caddy");
    command
        .args(["run", "--adapter", "caddyfile", "--config"])
        .arg(file)
        .env("HOME", site.folder.path())
        .env("XDG_DATA_HOME", site.folder.path())
        .env("XDG_CONFIG_HOME", site.folder.path());
    (start(&mut command, port), port)
}

fn plain(root: &Path) -> (Running, u16) {
    let port = free_port();
    let mut command = Command::new("python3");
    command
        .args(["-m", "http.server", "--bind", "127.0.0.1", "--directory"])
        .arg(root)
        .arg(port.to_string())
        .stderr(Stdio::null());
    (start(&mut command, port), port)
}

const ALL: Promises = Promises {
    redirects: true,
    headers: true,
    not_found: true,
};

#[test]
#[ignore = "needs nginx"]
fn nginx_with_the_file_for_it() {
    for base in ["/", "/the/news/"] {
        let site = Built::new(base);
        let (_running, port) = nginx(&site);
        check(&site, port, &ALL);
    }
}

#[test]
#[ignore = "needs Caddy"]
fn caddy_with_the_file_for_it() {
    for base in ["/", "/the/news/"] {
        let site = Built::new(base);
        let (_running, port) = caddy(&site);
        check(&site, port, &ALL);
    }
}

#[test]
#[ignore = "needs Python"]
fn a_plain_file_server() {
    for base in ["/", "/the/news/"] {
        let site = Built::new(base);
        let (_running, port) = plain(&site.root());
        let promises = Promises {
            redirects: false,
            headers: false,
            not_found: false,
        };
        check(&site, port, &promises);
    }
}

#[test]
#[ignore = "stands with those that need a server"]
fn a_host_that_knows_pages_alone() {
    for base in ["/", "/the-repository/"] {
        let site = Built::new(base);
        let port = pages::serve(&site.files(), base);
        let promises = Promises {
            redirects: false,
            headers: false,
            not_found: true,
        };
        check(&site, port, &promises);
    }
}
