//! Files that lie beside a text and that it shows or leads to: they come along.
//!
//! Nothing outside the folder of the text is opened, whatever its references say, and only what is there to be seen
//! or heard comes along: whatever else lies there may be meant for nobody.

use std::collections::BTreeSet;
use std::path::Path;

use super::clip::Clip;
use super::foreign::rewrite::{Fate, rewrite};
use super::post::{Attachment, Contents, Note};
use crate::ground::path::{SourcePath, check_portable_name, decode_path};
use crate::ground::world::is_litter;

/// Texts are sources of their own.
const TEXTS: [&str; 6] = ["md", "markdown", "txt", "text", "html", "htm"];

/// What comes along, by the ends of names.
const SHOWN: [&str; 27] = [
    "png", "jpg", "jpeg", "jfif", "gif", "webp", "avif", "svg", "bmp", "ico", "tif", "tiff", "heic", "mp3",
    "m4a", "aac", "ogg", "oga", "opus", "wav", "flac", "mp4", "m4v", "webm", "ogv", "mov", "pdf",
];

/// Adds the files of a folder to which a clip refers to what comes along with it.
pub fn bring_along(clip: &mut Clip, name: &str, folder: &Path) {
    let mut wanted = BTreeSet::new();
    let body = std::mem::take(&mut clip.body);
    clip.body = rewrite(&body, |_, address, _| {
        wanted.insert(address.to_owned());
        Fate::Stay
    });
    wanted.extend(clip.image.iter().map(|picture| picture.src.clone()));
    let known: BTreeSet<String> = clip.attachments.iter().map(|file| file.to.clone()).collect();
    let files: BTreeSet<String> = wanted
        .iter()
        .filter_map(|address| file(address, folder))
        .collect();
    for to in files.into_iter().filter(|to| !known.contains(to)) {
        let extension = to.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
        if !extension.is_some_and(|extension| SHOWN.contains(&extension.as_str())) {
            let became = "left out: only pictures, sound, films and PDF come along with a text";
            clip.notes
                .push(Note::whole(name, "file beside a text", became).about(&to));
            continue;
        }
        clip.attachments.push(Attachment {
            from: Contents::File(folder.join(&to)),
            to,
        });
    }
}

/// The file of a folder that an address means.
fn file(address: &str, folder: &Path) -> Option<String> {
    let decoded = decode_path(address)?;
    if decoded.starts_with(['/', '#']) || decoded.contains([':', '\\', '\0']) {
        return None;
    }
    let path = SourcePath::new(&decoded)?;
    // Written otherwise, the reference would not be found again.
    if path.as_str() != decoded || TEXTS.contains(&path.extension().as_str()) {
        return None;
    }
    let is_plain = |segment: &str| check_portable_name(segment).is_ok() && !is_litter(segment);
    if !decoded.split('/').all(is_plain) {
        return None;
    }
    let place = folder.join(&decoded);
    let inside = place.canonicalize().ok()?.starts_with(folder_of(folder)?);
    (inside && place.symlink_metadata().ok()?.is_file()).then_some(decoded)
}

fn folder_of(folder: &Path) -> Option<std::path::PathBuf> {
    let folder = if folder.as_os_str().is_empty() {
        Path::new(".")
    } else {
        folder
    };
    folder.canonicalize().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_lies_beside_comes_along() {
        let outside = tempfile::tempdir().expect("a folder");
        let folder = outside.path().join("in");
        std::fs::create_dir_all(folder.join("a b")).expect("a folder");
        for name in [
            "in/pic.png",
            "in/a b/c.pdf",
            "in/.secret",
            "in/other.md",
            "in/key.pem",
            "secret.txt",
        ] {
            std::fs::write(outside.path().join(name), "x").expect("a file");
        }
        let mut clip = Clip {
            body:
                "![a](pic.png) [b](a%20b/c.pdf) [c](other.md) [d](../secret.txt) [e](.secret) [f](gone.png) \
                   [g](https://example.org/pic.png) [h](./pic.png) [i](key.pem)"
                    .to_owned(),
            ..Clip::default()
        };
        let before = clip.body.clone();
        bring_along(&mut clip, "a.md", &folder);
        let names: Vec<&str> = clip.attachments.iter().map(|file| file.to.as_str()).collect();
        assert_eq!(names, ["a b/c.pdf", "pic.png"]);
        assert_eq!(clip.body, before);
        let notes: Vec<&str> = clip.notes.iter().map(|note| note.detail.as_str()).collect();
        assert_eq!(notes, ["key.pem"]);
    }
}
