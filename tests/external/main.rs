//! Links out of the site, against servers of this machine: what each answer means, how often and how
//! politely hosts are asked, and what is remembered.

#[path = "../support/mod.rs"]
mod support;

mod against;
mod hooks;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use brief::building::external::{Asked, Asker, Fault, Guard, Kind, Pace, Trouble, address};
use brief::building::inspection::inspect;
use brief::building::pipeline::Options;
use brief::ground::world::DiskWorld;
use jiff::Timestamp;
use support::{brief, write};
use tempfile::TempDir;
use url::Url;

/// What a server heard and how busy it was.
#[derive(Default)]
struct Heard {
    /// Methods and targets, in order.
    requests: Mutex<Vec<String>>,
    open: AtomicUsize,
    most_open: AtomicUsize,
}

/// A server of this machine.
struct Server {
    base: Url,
    heard: Arc<Heard>,
}

/// What a server does with a request: the whole answer, in bytes. Nothing: it says nothing and waits.
type Answer = fn(method: &str, target: &str, count: usize) -> Vec<u8>;

impl Server {
    fn start(machine: &str, answer: Answer) -> Server {
        let listener = TcpListener::bind((machine, 0)).expect("a port");
        let port = listener.local_addr().expect("its address").port();
        let heard = Arc::new(Heard::default());
        let hearing = heard.clone();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let heard = hearing.clone();
                thread::spawn(move || serve(stream, &heard, answer));
            }
        });
        let base = Url::parse(&format!("http://{machine}:{port}/")).expect("an address");
        Server { base, heard }
    }

    fn at(&self, target: &str) -> Url {
        self.base.join(target).expect("an address")
    }

    fn requests(&self) -> Vec<String> {
        self.heard.requests.lock().expect("requests").clone()
    }
}

fn serve(mut stream: TcpStream, heard: &Heard, answer: Answer) {
    let open = heard.open.fetch_add(1, Ordering::SeqCst) + 1;
    heard.most_open.fetch_max(open, Ordering::SeqCst);
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && stream.read_exact(&mut byte).is_ok() {
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut words = head.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let asked = format!("{method} {target}");
    let count = {
        let mut requests = heard.requests.lock().expect("requests");
        requests.push(asked.clone());
        requests.iter().filter(|request| **request == asked).count()
    };
    let bytes = answer(method, target, count);
    // Long enough for a second request at the same time to be seen.
    thread::sleep(Duration::from_millis(5));
    heard.open.fetch_sub(1, Ordering::SeqCst);
    if bytes.is_empty() {
        // Until the other side goes.
        let _ = stream.read(&mut byte);
    }
    // The other side may have gone.
    let _ = stream.write_all(&bytes);
}

fn reply(head: &str) -> Vec<u8> {
    format!("HTTP/1.1 {head}\r\ncontent-length: 0\r\n\r\n").into_bytes()
}

fn redirect(to: &str) -> Vec<u8> {
    reply(&format!("301 Moved Permanently\r\nlocation: {to}"))
}

const NOW: &str = "2026-01-10T00:00:00Z";

fn asker(folder: &TempDir, servers: &[&Server]) -> Asker {
    Asker {
        file: folder.path().join(".brief/links"),
        guard: Guard::allowing(servers.iter().map(|server| &server.base)),
        pace: Pace {
            limit: Duration::from_secs(20),
            pause: Duration::from_millis(1),
            second_try: Duration::from_millis(2),
            longest_wait: Duration::from_secs(2),
            in_all: 8,
        },
        now: NOW.parse().expect("an instant"),
    }
}

fn ask(asker: &Asker, addresses: impl IntoIterator<Item = Url>) -> BTreeMap<Url, Asked> {
    let addresses: BTreeSet<Url> = addresses.into_iter().collect();
    let mut last = None;
    let asked = asker
        .ask(&addresses, |progress| last = Some(progress))
        .expect("answers");
    assert_eq!(
        asked.keys().collect::<Vec<_>>(),
        addresses.iter().collect::<Vec<_>>()
    );
    assert!(last.is_none_or(|last| last.done == last.all), "{last:?}");
    asker.remember(&asked).expect("a written file");
    asked
}

/// What is wrong with each address, in the order in which they are given.
fn troubles(asker: &Asker, addresses: &[Url]) -> Vec<Option<Trouble>> {
    let asked = ask(asker, addresses.iter().cloned());
    let trouble = |address| asked[address].verdict.clone().err().map(|fault| fault.trouble);
    addresses.iter().map(trouble).collect()
}

fn every_answer(method: &str, target: &str, count: usize) -> Vec<u8> {
    match (target, method, count) {
        ("/sound", ..) => reply("200 OK"),
        ("/no-head", "HEAD", _) => reply("405 Method Not Allowed"),
        ("/no-head", ..) => b"HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\nand so on".to_vec(),
        ("/gone", ..) => reply("410 Gone"),
        ("/closed", ..) => reply("403 Forbidden"),
        ("/later", "GET", 2) => reply("200 OK"),
        ("/later" | "/never", ..) => reply("500 Internal Server Error"),
        ("/moved", ..) => redirect("/sound?x=1#y"),
        ("/sound?x=1", ..) => reply("200 OK"),
        ("/moved-to-nothing", ..) => redirect("nothing"),
        ("/circle", ..) => redirect("/circle"),
        ("/mail", ..) => redirect("mailto:a@b.example"),
        ("/without-end", ..) => redirect("/without-end/a"),
        ("/no-place", ..) => reply("302 Found"),
        ("/nonsense", ..) => b"SSH-2.0-OpenSSH_9.9\r\n\r\n".to_vec(),
        ("/cut", ..) => b"HTTP/1.1 20".to_vec(),
        ("/endless-head", ..) => {
            let mut bytes = b"HTTP/1.1 200 OK\r\n".to_vec();
            bytes.extend((0..100_000).flat_map(|number| format!("x-{number}: y\r\n").into_bytes()));
            bytes
        }
        (deeper, ..) if deeper.starts_with("/without-end/") => redirect(&format!("{deeper}a")),
        _ => reply("404 Not Found"),
    }
}

#[test]
fn every_answer_has_its_meaning() {
    let server = Server::start("127.0.0.1", every_answer);
    let folder = tempfile::tempdir().expect("a folder");
    let expected = [
        ("/sound", None),
        ("/no-head", None),
        ("/missing", Some(Trouble::Status(404))),
        ("/gone", Some(Trouble::Status(410))),
        ("/closed", Some(Trouble::Status(403))),
        ("/later", None),
        ("/never", Some(Trouble::Status(500))),
        ("/moved", None),
        ("/moved-to-nothing", Some(Trouble::Status(404))),
        ("/circle", Some(Trouble::Circle)),
        ("/without-end", Some(Trouble::Circle)),
        ("/mail", Some(Trouble::Nowhere)),
        ("/no-place", Some(Trouble::Nowhere)),
        ("/nonsense", Some(Trouble::Nonsense)),
        ("/cut", Some(Trouble::Cut)),
        ("/endless-head", Some(Trouble::Nonsense)),
    ];
    let asker = asker(&folder, &[&server]);
    for (target, trouble) in expected {
        assert_eq!(troubles(&asker, &[server.at(target)]), [trouble], "{target}");
    }
    let asked = ask(&asker, [server.at("/moved-to-nothing")]);
    let behind = Some(server.at("/nothing").to_string());
    let fault = Fault {
        trouble: Trouble::Status(404),
        behind,
    };
    assert_eq!(asked[&server.at("/moved-to-nothing")].verdict, Err(fault));
    let requests = server.requests();
    let count = |request: &str| requests.iter().filter(|heard| *heard == request).count();
    assert_eq!((count("HEAD /sound"), count("GET /sound")), (1, 0));
    assert_eq!((count("HEAD /closed"), count("GET /closed")), (1, 1));
    // A third question would not be kind.
    assert_eq!((count("HEAD /never"), count("GET /never")), (1, 2));
    assert_eq!(
        requests
            .iter()
            .filter(|heard| heard.contains("/without-end"))
            .count(),
        11
    );
}

#[test]
fn hosts_that_are_not_there_or_say_nothing_are_given_up() {
    let silent = Server::start("127.0.0.1", |_, _, _| Vec::new());
    let folder = tempfile::tempdir().expect("a folder");
    let addresses: Vec<Url> = (0..6).map(|number| silent.at(&format!("/{number}"))).collect();
    let mut asker = asker(&folder, &[&silent]);
    asker.pace.limit = Duration::from_millis(200);
    let found = troubles(&asker, &addresses);
    assert_eq!(found, vec![Some(Trouble::Silence); 6]);
    // Each once more, and after three nobody asks again.
    assert_eq!(silent.requests().len(), 6);

    let closed = TcpListener::bind("127.0.0.3:0")
        .expect("a port")
        .local_addr()
        .expect("its address");
    let closed = Url::parse(&format!("http://{closed}/a")).expect("an address");
    asker.guard = Guard::allowing([&closed]);
    asker.pace.limit = Duration::from_secs(20);
    assert_eq!(troubles(&asker, &[closed]), [Some(Trouble::Refused)]);
    let plain = TcpListener::bind("127.0.0.1:0").expect("a port");
    let secure = Url::parse(&format!("https://{}/", plain.local_addr().expect("its address")));
    let secure = secure.expect("an address");
    thread::spawn(move || {
        for mut stream in plain.incoming().flatten() {
            // The other side may have gone.
            let _ = stream.write_all(&reply("400 Bad Request"));
        }
    });
    asker.guard = Guard::allowing([&secure]);
    let found = troubles(&asker, &[secure]);
    assert_eq!(found, [Some(Trouble::Encryption)], "no TLS");
}

#[test]
fn nobody_is_asked_in_private_networks() {
    let server = Server::start("127.0.0.1", |_, _, _| reply("200 OK"));
    let folder = tempfile::tempdir().expect("a folder");
    let asker = asker(&folder, &[]);
    assert_eq!(troubles(&asker, &[server.at("/a")]), [Some(Trouble::Private)]);
    let by_name = Url::parse(&format!("http://localhost:{}/a", server.base.port().unwrap_or(0)));
    assert_eq!(
        troubles(&asker, &[by_name.expect("an address")]),
        [Some(Trouble::Private)]
    );
    assert_eq!(server.requests(), Vec::<String>::new());

    // Nor when somebody from outside leads there.
    let guide = Server::start("127.0.0.2", |_, _, _| redirect("http://127.0.0.1:9/admin"));
    let asker = self::asker(&folder, &[&guide]);
    let asked = ask(&asker, [guide.at("/")]);
    let behind = Some("http://127.0.0.1:9/admin".to_owned());
    let trouble = Trouble::Private;
    assert_eq!(asked[&guide.at("/")].verdict, Err(Fault { trouble, behind }));
}

#[test]
fn a_host_is_asked_for_one_thing_at_a_time_and_hosts_beside_each_other() {
    let slow: Answer = |_, _, _| {
        thread::sleep(Duration::from_millis(20));
        reply("200 OK")
    };
    let servers = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].map(|machine| Server::start(machine, slow));
    let folder = tempfile::tempdir().expect("a folder");
    let asker = asker(&folder, &servers.each_ref());
    let addresses = |server: &Server| {
        (0..10)
            .map(|number| server.at(&number.to_string()))
            .collect::<Vec<_>>()
    };
    let asked = ask(&asker, servers.iter().flat_map(addresses));
    assert!(asked.values().all(|asked| asked.verdict.is_ok()), "{asked:?}");
    for server in &servers {
        assert_eq!(server.heard.most_open.load(Ordering::SeqCst), 1);
        assert_eq!(server.requests().len(), 10);
    }
}

#[test]
fn who_wants_to_be_left_alone_is() {
    let patient: Answer = |method, target, _| match (target, method) {
        ("/one", "HEAD") => reply("429 Too Many Requests\r\nretry-after: 1"),
        ("/long", _) => reply("503 Service Unavailable\r\nretry-after: 3600"),
        _ => reply("200 OK"),
    };
    let server = Server::start("127.0.0.1", patient);
    let folder = tempfile::tempdir().expect("a folder");
    let asker = asker(&folder, &[&server]);
    assert_eq!(troubles(&asker, &[server.at("/one")]), [None]);
    assert_eq!(server.requests(), ["HEAD /one", "GET /one"]);
    assert_eq!(
        troubles(&asker, &[server.at("/long")]),
        [Some(Trouble::Status(503))]
    );
    assert_eq!(server.requests().len(), 3);

    let busy = Server::start("127.0.0.1", |_, _, _| reply("429 Too Many Requests"));
    let asker = self::asker(&folder, &[&busy]);
    let all = ["/a", "/b", "/c"].map(|target| busy.at(target));
    assert_eq!(troubles(&asker, &all), vec![Some(Trouble::Status(429)); 3]);
    assert_eq!(busy.requests(), ["HEAD /a", "GET /a"]);
}

#[test]
fn answers_are_remembered_for_as_long_as_they_are_worth() {
    let server = Server::start("127.0.0.1", every_answer);
    let folder = tempfile::tempdir().expect("a folder");
    let all = ["/sound", "/closed", "/missing"].map(|target| server.at(target));
    let mut asker = asker(&folder, &[&server]);
    let asks = |asker: &Asker| {
        let before = server.requests().len();
        ask(asker, all.clone());
        let mut new: Vec<String> = server.requests().split_off(before);
        new.retain(|request| request.starts_with("HEAD"));
        new
    };
    assert_eq!(asks(&asker), ["HEAD /closed", "HEAD /missing", "HEAD /sound"]);
    assert_eq!(asks(&asker), ["HEAD /missing"]);
    let later = |hours: i64| {
        let now: Timestamp = NOW.parse().expect("an instant");
        now + Duration::from_secs(hours.unsigned_abs() * 3600)
    };
    asker.now = later(25);
    assert_eq!(asks(&asker), ["HEAD /closed", "HEAD /missing"]);
    asker.now = later(7 * 24);
    assert_eq!(asks(&asker), ["HEAD /closed", "HEAD /missing", "HEAD /sound"]);
    fs::write(&asker.file, b"brief links 1\r\n\x1aand more").expect("a damaged file");
    assert_eq!(asks(&asker), ["HEAD /closed", "HEAD /missing", "HEAD /sound"]);
    // What the site no longer leads to is forgotten.
    ask(&asker, [server.at("/sound")]);
    assert_eq!(asks(&asker), ["HEAD /closed", "HEAD /missing"]);
}

#[test]
fn where_no_host_can_be_reached_it_is_not_the_links() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut asker = asker(&folder, &[]);
    asker.pace.limit = Duration::from_millis(50);
    // Source: RFC 6761: no such name leads anywhere.
    let nowhere = ["a", "b", "c"].map(|name| Url::parse(&format!("https://{name}.invalid/")));
    let nowhere: Vec<Url> = nowhere.map(|address| address.expect("an address")).to_vec();
    let all: BTreeSet<Url> = nowhere.iter().cloned().collect();
    let error = asker.ask(&all, |_| ()).expect_err("no network").to_string();
    assert!(error.contains("none of 3 hosts"), "{error}");
    let found = troubles(&asker, &nowhere[..1]);
    assert!(found[0].as_ref().is_some_and(Trouble::is_of_network), "{found:?}");
    let server = Server::start("127.0.0.1", |_, _, _| reply("200 OK"));
    asker.guard = Guard::allowing([&server.base]);
    asker.pace.limit = Duration::from_secs(20);
    let mixed = all.into_iter().chain([server.base.clone()]);
    assert!(ask(&asker, mixed)[&server.base].verdict.is_ok());
}

/// A site that leads out of itself in every way.
fn site(folder: &Path) {
    write(&folder.join("brief.yaml"), "base_url: https://example.org/\n");
    write(
        &folder.join("content/companies.yaml"),
        "- {name: Acme, website: acme.example}\n- {name: Burns, website: 'https://burns.example/x'}\n",
    );
    write(
        &folder.join("content/articles/2026-01-02-one.md"),
        "---\ntitle: Acme and Burns\nid: one\nsummary: 'As [told](https://told.example/s).'\n\
         takeaways: ['[So](https://told.example/t)']\nsource: {name: Told, url: 'https://told.example/u'}\n\
         corrections: [{date: 2026-01-03, text: '[No](https://told.example/c)'}]\n\
         image: {src: 'https://told.example/i.png', alt: A, caption: '[By](https://told.example/p)'}\n---\n\
         Acme and Burns met, [they say](https://told.example/b#part) and [again](https://told.example/b).\n\n\
         ![A chart](https://told.example/chart.png) and https://bare.example/x.\n",
    );
    write(
        &folder.join("content/articles/2026-01-02-two.md"),
        "---\ntitle: Acme and Burns part\nid: two\nchecks: {broken-external-link: off}\n---\n\
         Acme left Burns, [they say](https://silenced.example/).\n",
    );
    write(
        &folder.join("content/pages/about.md"),
        "---\ntitle: About\n---\nSee [us](https://told.example/page).\n",
    );
    write(
        &folder.join("content/companies/acme.md"),
        "See [Acme](https://told.example/profile).\n",
    );
    write(
        &folder.join("content/editions/2026-01-02.md"),
        "See [all](https://told.example/edition).\n",
    );
}

#[test]
fn a_site_is_asked_for_all_that_it_leads_to_and_told_what_is_wrong_once() {
    let folder = tempfile::tempdir().expect("a folder");
    site(folder.path());
    let world = DiskWorld::new(folder.path()).expect("a world");
    let mut heard = Vec::new();
    let mut answer = |addresses: &BTreeSet<Url>| {
        heard.extend(addresses.iter().map(Url::to_string));
        let asked = |address: &Url| {
            let (trouble, behind) = match (address.host_str(), address.path()) {
                (_, "/b") => (Trouble::Status(404), None),
                (_, "/s") => (Trouble::Status(410), Some("https://told.example/away".to_owned())),
                (_, "/u") => (Trouble::Status(403), None),
                (Some("acme.example" | "burns.example"), _) => (Trouble::NoHost, None),
                _ => {
                    return Asked {
                        verdict: Ok(()),
                        at: 0,
                    };
                }
            };
            Asked {
                verdict: Err(Fault { trouble, behind }),
                at: 0,
            }
        };
        addresses
            .iter()
            .map(|address| (address.clone(), asked(address)))
            .collect()
    };
    let inspection = inspect(&world, &Options::default(), Some(&mut answer), &[]);
    let told = [
        "b",
        "c",
        "chart.png",
        "edition",
        "i.png",
        "p",
        "page",
        "profile",
        "s",
        "t",
        "u",
    ];
    let mut expected: Vec<String> = told
        .iter()
        .map(|name| format!("https://told.example/{name}"))
        .collect();
    expected.extend(
        [
            "https://acme.example/",
            "https://bare.example/x",
            "https://burns.example/x",
        ]
        .map(str::to_owned),
    );
    expected.sort();
    assert_eq!(heard, expected);
    let links = inspection
        .diagnostics
        .iter()
        .filter(|problem| problem.code.name() == "broken-external-link");
    let said: Vec<(&str, usize)> = links
        .map(|problem| (&*problem.message, problem.labels.len()))
        .collect();
    assert_eq!(
        said,
        [
            (
                "`https://told.example/s` leads on to `https://told.example/away`, which answers 410: the page is gone for good",
                1
            ),
            ("`https://told.example/b` answers 404: there is no such page", 2),
            ("`acme.example` does not exist", 1),
            ("`burns.example` does not exist", 1),
        ]
    );
    let unverifiable: Vec<&str> = inspection
        .unverifiable
        .iter()
        .map(|(address, _)| address.as_str())
        .collect();
    assert_eq!(unverifiable, ["https://told.example/u"]);
    assert_eq!(Trouble::Status(403).kind(), Kind::Unverifiable);
    assert_eq!(
        address("//told.example/b#c").map(String::from).as_deref(),
        Some("https://told.example/b")
    );
}

#[test]
fn nobody_is_asked_unless_it_is_asked_for() {
    let server = Server::start("127.0.0.1", |_, _, _| reply("404 Not Found"));
    let folder = tempfile::tempdir().expect("a folder");
    write(
        &folder.path().join("brief.yaml"),
        "base_url: https://example.org/\n",
    );
    let text = format!(
        "---\ntitle: One\nid: one\ndate: 2026-01-02\n---\nSee [it]({}).\n",
        server.at("/x")
    );
    write(&folder.path().join("content/articles/one.md"), &text);
    let plain = brief(folder.path()).args(["check"]).output().expect("a run");
    assert!(
        plain.status.success(),
        "{}",
        String::from_utf8_lossy(&plain.stderr)
    );
    assert!(!folder.path().join(".brief").exists());
    let asking = brief(folder.path())
        .args(["check", "--external"])
        .output()
        .expect("a run");
    let said = String::from_utf8_lossy(&asking.stderr).into_owned();
    assert!(
        said.contains("is in a private network, where readers cannot follow"),
        "{said}"
    );
    assert!(!said.contains('\u{1b}'), "{said}");
    assert!(folder.path().join(".brief/links").is_file());
    assert_eq!(server.requests(), Vec::<String>::new());
}
