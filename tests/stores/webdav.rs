//! WebDAV, as rclone, Apache and nginx serve it.

use std::os::unix::fs::PermissionsExt;
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

/// A line of a file of passwords, for `u` and `hunter2`.
const PASSWORDS: &str = "u:{SHA}87u9ZqY9S/F0eUBXjsPQEDUw4h0=\n";

/// The modules of Apache that it takes.
const MODULES: [&str; 8] = [
    "mpm_event",
    "authn_core",
    "authn_file",
    "authz_core",
    "authz_user",
    "auth_basic",
    "dav",
    "dav_fs",
];

impl WebDav {
    fn new(further: &[&str]) -> WebDav {
        WebDav::served(|folder, port| {
            let mut command = Command::new("rclone");
            command
                .args([
                    "serve",
                    "webdav",
                    "--config",
                    "/dev/null",
                    "--dir-cache-time",
                    "0",
                ])
                .args(["--user", "u", "--pass", "hunter2", "--addr"])
                .arg(format!("127.0.0.1:{port}"))
                .args(further)
                .arg(folder.join("www"));
            command
        })
    }

    fn apache() -> WebDav {
        WebDav::served(|folder, port| {
            let here = folder.display();
            let mut settings: String = MODULES
                .map(|name| format!("LoadModule {name}_module /usr/lib/apache2/modules/mod_{name}.so\n"))
                .concat();
            settings.push_str(&format!(
                "ServerRoot {here}\nServerName localhost\nListen 127.0.0.1:{port}\nPidFile {here}/pid\n\
                 ErrorLog {here}/errors\nUser nobody\nGroup nogroup\nDefaultRuntimeDir {here}\n\
                 DavLockDB {here}/locks/db\nDocumentRoot {here}/www\n<Directory {here}/www>\nDav On\n\
                 AuthType Basic\nAuthName x\nAuthUserFile {here}/passwords\nRequire valid-user\n</Directory>\n"
            ));
            fs::write(folder.join("settings"), settings).expect("a file");
            let mut command = Command::new("/usr/sbin/apache2");
            command
                .args(["-D", "FOREGROUND", "-f"])
                .arg(folder.join("settings"));
            command
        })
    }

    fn nginx() -> WebDav {
        WebDav::served(|folder, port| {
            let here = folder.display();
            let settings = format!(
                "user root;\npid {here}/pid;\nerror_log {here}/errors;\ndaemon off;\nevents {{}}\nhttp {{\n\
                 access_log off;\nclient_body_temp_path {here}/locks;\nclient_max_body_size 0;\nserver {{\n\
                 listen 127.0.0.1:{port};\nroot {here}/www;\ndav_methods PUT DELETE MKCOL MOVE;\n\
                 auth_basic x;\nauth_basic_user_file {here}/passwords;\n}}\n}}\n"
            );
            fs::write(folder.join("settings"), settings).expect("a file");
            let mut command = Command::new("nginx");
            command.arg("-p").arg(folder);
            command.arg("-e").arg(folder.join("errors"));
            command.arg("-c").arg(folder.join("settings"));
            command
        })
    }

    fn served(command: impl FnOnce(&Path, u16) -> Command) -> WebDav {
        let folder = tempfile::tempdir().expect("a folder");
        open_to_all(folder.path());
        for name in ["www", "www/a b", "locks"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
            open_to_all(&folder.path().join(name));
        }
        fs::write(folder.path().join("passwords"), PASSWORDS).expect("a file");
        let port = free_port();
        let server = start(&mut command(folder.path(), port), port);
        WebDav {
            _server: server,
            proxy: Proxy::to(port),
            folder,
            password: "hunter2",
        }
    }

    fn site(&self) -> std::path::PathBuf {
        self.folder.path().join("www/a b/site")
    }
}

/// Lets the server's own user write.
fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).expect("rights");
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
        files_below(&self.site())
    }

    fn put_foreign(&self, path: &str, text: &str) {
        let file = self.site().join(path);
        let folders: Vec<&Path> = file.ancestors().skip(1).collect();
        for folder in folders.into_iter().rev() {
            if fs::create_dir(folder).is_ok() {
                open_to_all(folder);
            }
        }
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
    assert!(
        !remote.site().join("old").exists(),
        "folders that became empty go"
    );
    assert!(!remote.site().join(".brief-parts").exists());
}

#[test]
#[ignore = "needs Apache"]
fn apache_life_of_a_site() {
    let remote = WebDav::apache();
    scenarios::life_of_a_site(&remote);
    assert!(
        !remote.site().join("old").exists(),
        "folders that became empty go"
    );
    assert!(!remote.site().join(".brief-parts").exists());
    scenarios::files_of_others(&WebDav::apache());
}

/// A publish that was cut between the folder of the lock and its holder is no obstacle.
#[test]
#[ignore = "needs Apache"]
fn apache_a_lock_without_a_holder_is_taken() {
    let remote = WebDav::apache();
    let first = Site::new(FIRST);
    publish_site(&remote, &first).expect("a first publish");
    let folder = remote.site().join(".brief-lock");
    fs::create_dir(&folder).expect("a folder");
    open_to_all(&folder);
    let edited = Site::new(EDITED);
    publish_site(&remote, &edited).expect("an edit");
    check_equal(&remote, &edited, "edited");
    assert!(!folder.exists());
}

#[test]
#[ignore = "needs Apache"]
fn apache_killed_and_resumed() {
    scenarios::killed_and_resumed(&WebDav::apache());
    scenarios::two_at_once(&WebDav::apache());
}

/// It lists no folders, so whoever publishes first has to say that the place may be taken.
#[test]
#[ignore = "needs nginx"]
fn nginx_life_of_a_site() {
    let remote = WebDav::nginx();
    let first = Site::new(FIRST);
    check_refused(
        publish_site(&remote, &first),
        &[
            "cannot do what is needed",
            "looking whether it is empty",
            "status 405",
        ],
        "`--adopt`",
    );
    let adopt = Manner {
        adopt: true,
        ..Manner::default()
    };
    publish_with(&remote, &first, &adopt).expect("a first publish");
    check_equal(&remote, &first, "first");
    let moved = Site::new(scenarios::MOVED);
    let outcome = publish_site(&remote, &moved).expect("a move");
    assert_eq!((outcome.sent(), outcome.deleted(), outcome.remark), (3, 2, None));
    check_equal(&remote, &moved, "moved");
    scenarios::killed_and_resumed_from(&remote, FIRST, &adopt);
    let hostile = Site::new(scenarios::HOSTILE);
    let many = Manner {
        delete_many: true,
        ..Manner::default()
    };
    publish_with(&remote, &hostile, &many).expect("hostile names");
    check_equal(&remote, &hostile, "hostile names");
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
    let moved = remote.proxy.take("MOVE").into_iter();
    let moved = moved.filter(|path| path.contains(".brief-parts")).count();
    assert_eq!(moved, 5, "three files, and the record before and after");
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
        match count % 11 {
            2 => Verdict::Drop,
            5 => Verdict::Lose,
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
