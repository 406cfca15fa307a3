//! SFTP, as OpenSSH serves it, over the system's `ssh`.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::process::Command;

use super::proxy::Line;
use super::scenarios::{EDITED, FIRST};
use super::servers::{Running, free_port, start};
use super::*;

pub(super) struct Sftp {
    _server: Running,
    folder: TempDir,
    /// What stands for `ssh`.
    program: String,
    user: Option<String>,
    line: Line,
}

impl Sftp {
    fn new() -> Sftp {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("rights");
        let path = |name: &str| folder.path().join(name).display().to_string();
        for key in ["host_key", "key", "other_key"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f", &path(key)])
                .status();
            assert!(made.expect("ssh-keygen").success());
        }
        let port = free_port();
        fs::copy(path("key.pub"), path("authorized")).expect("a key");
        let host = fs::read_to_string(path("host_key.pub")).expect("a key");
        fs::write(path("known"), format!("news {host}")).expect("a file");
        fs::write(path("none"), "").expect("a file");
        fs::write(
            path("server"),
            format!(
                "Port {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nStrictModes no\n\
                 PidFile none\nPasswordAuthentication no\nPermitRootLogin yes\nUsePAM no\nSubsystem sftp internal-sftp\n",
                path("host_key"),
                path("authorized")
            ),
        )
        .expect("a file");
        let server = start(
            Command::new("/usr/sbin/sshd").args(["-D", "-f", &path("server")]),
            port,
        );
        let line = Line::to(port);
        let port = line.port;
        let settings = |name: &str, key: &str, known: &str| {
            let text = format!(
                "Host news\n  HostName 127.0.0.1\n  Port {port}\n  IdentityFile {}\n  IdentitiesOnly yes\n  \
                 IdentityAgent none\n  HostKeyAlias news\n  UserKnownHostsFile {}\n  GlobalKnownHostsFile none\n",
                path(key),
                path(known)
            );
            fs::write(path(&format!("{name}.config")), text).expect("a file");
            let script = format!(
                "#!/bin/sh\nexec ssh -F '{}' \"$@\"\n",
                path(&format!("{name}.config"))
            );
            fs::write(path(name), script).expect("a file");
            fs::set_permissions(path(name), fs::Permissions::from_mode(0o755)).expect("a program");
        };
        settings("ssh", "key", "known");
        settings("stranger", "other_key", "known");
        settings("newcomer", "key", "none");
        Sftp {
            _server: server,
            program: path("ssh"),
            line,
            user: None,
            folder,
        }
    }

    fn site(&self) -> std::path::PathBuf {
        self.folder.path().join("the site")
    }

    fn with_program(mut self, name: &str) -> Sftp {
        self.program = self.folder.path().join(name).display().to_string();
        self
    }
}

impl Remote for Sftp {
    fn store(&self) -> Store {
        Store::Sftp {
            user: self.user.clone(),
            host: "news".to_owned(),
            port: None,
            path: self.site().display().to_string(),
        }
    }

    fn secret(&self, name: &str) -> Option<String> {
        (name == "BRIEF_SSH").then(|| self.program.clone())
    }

    fn files(&self) -> Files {
        files_below(&self.site())
    }

    fn put_foreign(&self, path: &str, text: &str) {
        let file = self.site().join(path);
        fs::create_dir_all(file.parent().expect("a folder")).expect("folders");
        fs::write(file, text).expect("a file");
    }

    fn words(&self) -> Vec<String> {
        let path = self.site().display().to_string();
        vec!["sftp".to_owned(), "news".to_owned(), path]
    }
}

#[test]
#[ignore = "needs sshd"]
fn sftp_life_of_a_site() {
    let remote = Sftp::new();
    scenarios::life_of_a_site(&remote);
    assert!(
        !remote.site().join("old").exists(),
        "folders that became empty go"
    );
    assert!(!remote.site().join(".brief-parts").exists());
}

#[test]
#[ignore = "needs sshd"]
fn sftp_files_of_others() {
    scenarios::files_of_others(&Sftp::new());
}

#[test]
#[ignore = "needs sshd"]
fn sftp_killed_and_resumed() {
    scenarios::killed_and_resumed(&Sftp::new());
}

#[test]
#[ignore = "needs sshd"]
fn sftp_two_at_once() {
    scenarios::two_at_once(&Sftp::new());
}

#[test]
#[ignore = "needs sshd"]
fn sftp_touches_only_what_changed() {
    let remote = Sftp::new();
    publish_site(&remote, &Site::new(FIRST)).expect("a first publish");
    let numbers = || -> BTreeMap<String, u64> {
        let paths = remote.files().into_keys();
        let number = |path: &str| fs::metadata(remote.site().join(path)).expect("a file").ino();
        paths.map(|path| (path.clone(), number(&path))).collect()
    };
    let before = numbers();
    publish_site(&remote, &Site::new(EDITED)).expect("an edit");
    let after = numbers();
    let changed: Vec<&String> = after
        .iter()
        .filter(|(path, number)| before.get(*path) != Some(number) && !path.starts_with(".brief"))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(changed, ["2025/one/index.html", "feed.xml", "index.html"]);
}

#[test]
#[ignore = "needs sshd"]
fn sftp_large_files_go_in_pieces() {
    let remote = Sftp::new();
    let large = "0123456789abcdef".repeat(1024 * 1280);
    let site = Site::new(&[("film.mp4", &large), ("index.html", "film")]);
    publish_site(&remote, &site).expect("a publish");
    check_equal(&remote, &site, "large");
}

/// Cuts the line when so many files are through.
struct Cutting<'l>(&'l Line, std::sync::atomic::AtomicUsize);

impl Progress for Cutting<'_> {
    fn planned(&self, _: usize, _: u64) {}

    fn done(&self, _: &str, _: u64) {
        if self.1.fetch_sub(1, std::sync::atomic::Ordering::SeqCst) == 1 {
            assert!(self.0.cut() >= 2, "there was a line");
        }
    }
}

#[test]
#[ignore = "needs sshd"]
fn sftp_a_line_that_is_cut_is_laid_again() {
    let remote = Sftp::new();
    publish_site(&remote, &Site::new(FIRST)).expect("a first publish");
    let names: Vec<String> = (0..60)
        .map(|number| format!("2026/{number:02}/index.html"))
        .collect();
    let mut files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "new")).collect();
    files.extend(EDITED);
    let second = Site::new(&files);
    let cutting = Cutting(&remote.line, 20.into());
    let manner = Manner::default();
    let folder = second.folder.path();
    let outcome = send(&remote, folder, &second.manifest(), &manner, &cutting).expect("a publish");
    assert_eq!((outcome.sent(), outcome.remark), (63, None));
    check_equal(&remote, &second, "over a line that was cut");
}

#[test]
#[ignore = "needs sshd"]
fn sftp_what_is_wrong_is_said() {
    let first = Site::new(FIRST);
    let stranger = Sftp::new().with_program("stranger");
    check_refused(
        publish_site(&stranger, &first),
        &["does not take the credentials", "Permission denied (publickey"],
        "ssh-add",
    );
    let newcomer = Sftp::new().with_program("newcomer");
    check_refused(
        publish_site(&newcomer, &first),
        &[
            "a server whose key `ssh` does not know",
            "Host key verification failed",
        ],
        "known_hosts",
    );
    let missing = Sftp::new().with_program("not there");
    check_refused(publish_site(&missing, &first), &["does not start"], "");
}

/// A disk of its own that is soon full. Only the administrator of a machine can make one, and not on every machine.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn at(path: std::path::PathBuf) -> Option<SmallDisk> {
        fs::create_dir_all(&path).expect("a folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=256k", "none"])
            .arg(&path)
            .status();
        mounted
            .is_ok_and(|status| status.success())
            .then_some(SmallDisk(path))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
#[ignore = "needs sshd, and to be the administrator"]
fn sftp_a_full_disk_is_named() {
    let remote = Sftp::new();
    let Some(_disk) = SmallDisk::at(remote.site()) else {
        eprintln!("left out: no disk can be mounted here");
        return;
    };
    let first = Site::new(FIRST);
    publish_site(&remote, &first).expect("a first publish");
    let large = "x".repeat(300 * 1024);
    let mut files = FIRST.to_vec();
    files.push(("pic.png", &large));
    let second = Site::new(&files);
    check_refused(publish_site(&remote, &second), &["has no room left"], "make room");
    let mut there = remote.files();
    there.remove(".brief-manifest").expect("the record");
    assert!(
        there == first.files,
        "what was there is there: {:?}",
        there.keys()
    );
    let outcome = publish_site(&remote, &first).expect("without the picture");
    assert_eq!(outcome.resumed, 1);
    check_equal(&remote, &first, "without the picture");
}

#[test]
#[ignore = "needs sshd"]
fn sftp_who_may_not_write_is_told_so() {
    let mut remote = Sftp::new();
    fs::create_dir(remote.site()).expect("a folder");
    fs::set_permissions(remote.site(), fs::Permissions::from_mode(0o555)).expect("rights");
    // The administrator may write everywhere, so somebody else has to try.
    if fs::write(remote.site().join("x"), "").is_ok() {
        fs::remove_file(remote.site().join("x")).expect("a file");
        remote.user = Some("nobody".to_owned());
    }
    check_refused(
        publish_site(&remote, &Site::new(FIRST)),
        &["does not allow this", "permission denied"],
        "may write",
    );
    fs::set_permissions(remote.site(), fs::Permissions::from_mode(0o755)).expect("rights");
    assert_eq!(remote.files().len(), 0);
}
