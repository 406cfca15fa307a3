//! Mounts: whether a folder lies on a file system that does not tell what others write to it.

use std::path::Path;

/// Advice for people whose site lies where changes made elsewhere are not told of.
#[cfg(target_os = "linux")]
pub fn advice(site: &Path) -> Option<String> {
    let mounts = std::fs::read("/proc/self/mountinfo").ok()?;
    let kind = file_system(&String::from_utf8_lossy(&mounts), site)?;
    is_silent(&kind).then(|| {
        format!(
            "the site lies on a shared file system ({kind}), where the system does not tell what is \
             written elsewhere; if saves go unnoticed, run `brief serve --poll`"
        )
    })
}

/// Advice for people whose site lies where changes made elsewhere are not told of.
#[cfg(not(target_os = "linux"))]
pub fn advice(_: &Path) -> Option<String> {
    None
}

/// Whether a file system of this kind is written by other machines, or by a host around this one.
fn is_silent(kind: &str) -> bool {
    const SHARED: [&str; 13] = [
        "9p", "afs", "ceph", "cifs", "drvfs", "fuse", "nfs", "nfs4", "prl_fs", "smb3", "smbfs", "vboxsf",
        "virtiofs",
    ];
    SHARED.contains(&kind) || kind.starts_with("fuse.")
}

/// The kind of the file system that a folder lies on, from the text of /proc/self/mountinfo as
/// proc_pid_mountinfo(5) describes it. The folder is absolute and without links.
fn file_system(mounts: &str, folder: &Path) -> Option<String> {
    let mut found: Option<(usize, &str)> = None;
    for (point, kind) in mounts.lines().filter_map(mount) {
        let point = Path::new(&point);
        let depth = point.components().count();
        // A mount over another one at the same place comes after it and hides it.
        if folder.starts_with(point) && found.is_none_or(|(deepest, _)| depth >= deepest) {
            found = Some((depth, kind));
        }
    }
    found.map(|(_, kind)| kind.to_owned())
}

/// The place and the kind in a line: the fifth field, and the first one after a lone hyphen.
fn mount(line: &str) -> Option<(String, &str)> {
    let (before, after) = line.split_once(" - ")?;
    let point = before.split(' ').nth(4)?;
    let kind = after.split(' ').next().filter(|kind| !kind.is_empty())?;
    Some((unescaped(point), kind))
}

/// Blanks, tabs, line ends and backslashes in a place are written as three octal digits.
fn unescaped(field: &str) -> String {
    let mut pieces = field.split('\\');
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let digits = piece.get(..3);
        match digits
            .and_then(|digits| u8::from_str_radix(digits, 8).ok())
            .filter(u8::is_ascii)
        {
            Some(byte) => {
                text.push(char::from(byte));
                text.push_str(&piece[3..]);
            }
            None => {
                text.push('\\');
                text.push_str(piece);
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "\
22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,relatime shared:1 master:2 - ext4 /dev/vda rw
30 27 0:40 / /home/ann/desk rw - nfs4 server:/desk rw,vers=4.2
31 27 0:41 / /mnt/my\\040briefings\\134old rw - fuse.sshfs ann@server:/ rw
32 27 0:42 / /mnt/c rw - 9p drvfs rw
33 32 254:1 / /mnt/c rw - ext4 /dev/vdb rw
";

    #[track_caller]
    fn check(folder: &str, expected: Option<&str>) {
        assert_eq!(file_system(MOUNTS, Path::new(folder)).as_deref(), expected);
    }

    #[test]
    fn the_deepest_mount_counts_and_the_last_of_several() {
        check("/home/ann/desk/site", Some("nfs4"));
        check("/home/ann/desk", Some("nfs4"));
        check("/home/ann/desktop", Some("ext4"));
        check("/mnt/c/site", Some("ext4"));
        check("/mnt/my briefings\\old/site", Some("fuse.sshfs"));
        check("relative", None);
    }

    #[test]
    fn damaged_lines_are_left_out() {
        let damaged = "\n - \n1 2 3 4 /home - \n1 2 3 4 5\n1 2 3 4 /home\\9 rw - x\n\\\u{e4}\\777 - -\n";
        assert_eq!(file_system(damaged, Path::new("/home")), None);
        assert_eq!(
            file_system(damaged, Path::new("/home\\9/x")).as_deref(),
            Some("x")
        );
    }

    #[test]
    fn shared_file_systems_are_silent() {
        for kind in ["nfs", "nfs4", "cifs", "9p", "vboxsf", "fuse.sshfs"] {
            assert!(is_silent(kind), "{kind}");
        }
        for kind in ["ext4", "btrfs", "tmpfs", "overlay", "fuseblk", "xfs"] {
            assert!(!is_silent(kind), "{kind}");
        }
    }
}
