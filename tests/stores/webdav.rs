//! WebDAV, as rclone serves it.

use std::process::Command;

use super::proxy::{Proxy, Verdict};
use super::scenarios::{EDITED, FIRST};
use super::servers::{Running, free_port, start};
use super::*;

pub(super) struct WebDav {
    _server: Running,
    proxy: Proxy,
    folder: TempDir,
    password: &'static str,
}

impl WebDav {
    fn new(further: &[&str]) -> WebDav {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("a b")).expect("a folder");
        let port = free_port();
        let address = format!("127.0.0.1:{port}");
        let server = start(
            Command::new("rclone")
                .args([
                    "serve", "webdav", "--addr", &address, "--user", "u", "--pass", "hunter2",
                ])
                .args(["--config", "/dev/null", "--dir-cache-time", "0"])
                .args(further)
                .arg(folder.path()),
            port,
        );
        WebDav {
            _server: server,
            proxy: Proxy::to(port),
            folder,
            password: "hunter2",
        }
    }
}

impl Remote for WebDav {
    fn store(&self) -> Store {
        Store::WebDav {
            url: format!("http://127.0.0.1:{}/a%20b/site", self.proxy.port),
        }
    }

    fn secret(&self, name: &str) -> Option<String> {
        match name {
            "BRIEF_WEBDAV_USER" => Some("u".to_owned()),
            "BRIEF_WEBDAV_PASSWORD" => Some(self.password.to_owned()),
            _ => None,
        }
    }

    fn files(&self) -> Files {
        files_below(&self.folder.path().join("a b/site"))
    }

    fn put_foreign(&self, path: &str, text: &str) {
        let file = self.folder.path().join("a b/site").join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(file, text).expect("a file");
    }

    fn words(&self) -> Vec<String> {
        let Store::WebDav { url } = self.store() else {
            unreachable!("it is one");
        };
        vec!["webdav".to_owned(), url]
    }
}

#[test]
#[ignore = "needs rclone"]
fn webdav_life_of_a_site() {
    let remote = WebDav::new(&[]);
    scenarios::life_of_a_site(&remote);
    let site = remote.folder.path().join("a b/site");
    assert!(!site.join("old").exists(), "folders that became empty go");
    assert!(!site.join(".brief-parts").exists());
}

#[test]
#[ignore = "needs rclone"]
fn webdav_files_of_others() {
    scenarios::files_of_others(&WebDav::new(&[]));
}

#[test]
#[ignore = "needs rclone"]
fn webdav_killed_and_resumed() {
    scenarios::killed_and_resumed(&WebDav::new(&[]));
}

#[test]
#[ignore = "needs rclone"]
fn webdav_two_at_once() {
    scenarios::two_at_once(&WebDav::new(&[]));
}

#[test]
#[ignore = "needs rclone"]
fn webdav_moves_as_many_files_as_changed() {
    let remote = WebDav::new(&[]);
    publish_site(&remote, &Site::new(FIRST)).expect("a first publish");
    remote.proxy.take("MOVE");
    publish_site(&remote, &Site::new(EDITED)).expect("an edit");
    // Three files and the record, before and after.
    assert_eq!(remote.proxy.take("MOVE").len(), 5);
    publish_site(&remote, &Site::new(EDITED)).expect("nothing to do");
    assert_eq!(remote.proxy.take("MOVE").len(), 0);
}

#[test]
#[ignore = "needs rclone"]
fn webdav_large_files_go_in_pieces() {
    let remote = WebDav::new(&[]);
    let large = "0123456789abcdef".repeat(1024 * 1280);
    let site = Site::new(&[("film.mp4", &large), ("index.html", "film")]);
    publish_site(&remote, &site).expect("a publish");
    check_equal(&remote, &site, "large");
}

#[test]
#[ignore = "needs rclone"]
fn webdav_a_line_that_breaks_now_and_then_is_enough() {
    let remote = WebDav::new(&[]);
    publish_site(&remote, &Site::new(FIRST)).expect("a first publish");
    let mut count = 0;
    remote.proxy.rule(move |_, _| {
        count += 1;
        match count % 7 {
            2 => Verdict::Drop,
            4 => Verdict::Lose,
            6 => {
                Verdict::Answer("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            }
            _ => Verdict::Pass,
        }
    });
    let edited = Site::new(EDITED);
    let outcome = publish_site(&remote, &edited).expect("an edit");
    assert_eq!((outcome.sent(), outcome.remark), (3, None));
    remote.proxy.pass_all();
    check_equal(&remote, &edited, "over a bad line");
}

#[test]
#[ignore = "needs rclone"]
fn webdav_what_is_wrong_is_said() {
    let mut remote = WebDav::new(&[]);
    let first = Site::new(FIRST);
    remote.password = "wrong";
    check_refused(
        publish_site(&remote, &first),
        &["does not take the credentials", "status 401"],
        "BRIEF_WEBDAV_PASSWORD",
    );
    remote.password = "hunter2";
    publish_site(&remote, &first).expect("a first publish");
    remote.proxy.rule(
        |method, path| match method == "PUT" && path.contains(".brief-parts") {
            true => Verdict::Answer(
                "HTTP/1.1 507 Insufficient Storage\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            ),
            false => Verdict::Pass,
        },
    );
    let failure = check_refused(
        publish_site(&remote, &Site::new(EDITED)),
        &["has no room left", "status 507"],
        "make room",
    );
    assert!(!failure.half);
    remote.proxy.pass_all();
    check_equal(&remote, &first, "nothing was changed");
    let reading = WebDav::new(&["--read-only"]);
    check_refused(publish_site(&reading, &first), &["locking it"], "");
    assert_eq!(reading.files().len(), 0);
}
