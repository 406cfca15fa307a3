//! The pictures of a saved page: the real address behind what loads them late, and the copies that a browser
//! saved beside the page.
//!
//! No file outside the folder of the page is ever opened, and of those inside only the first bytes are read.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use dom_query::{Document, NodeRef};

use super::address::Addresses;
use super::bound::INLINE_PICTURE;
use super::dom::{all, attribute, name, text, unwrap};
use crate::commands::import::foreign::post::{Attachment, Contents};
use crate::ground::path::{decode_path, slug};

/// Attributes that hold the picture while `src` holds a blank one.
const LATE: [&str; 12] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-orig-file",
    "data-large-file",
    "data-hi-res-src",
    "data-image",
    "data-url",
    "data-full-src",
    "data-img-src",
    "data-echo",
];

const LATE_SETS: [&str; 4] = ["srcset", "data-srcset", "data-lazy-srcset", "data-sizes-srcset"];

/// Words in the names of files that stand for pictures yet to come.
const BLANKS: [&str; 9] = [
    "placeholder",
    "blank.",
    "spacer.",
    "pixel.",
    "1x1",
    "transparent.",
    "lazy_placeholder",
    "grey-placeholder",
    "loading.",
];

/// The widest picture of a set that is taken, in pixels, if there are narrower ones.
const WIDEST: u32 = 2400;

/// The pictures of one page.
#[derive(Debug)]
pub struct Pictures<'p> {
    addresses: &'p Addresses,
    /// The folder of the page, without links.
    folder: Option<PathBuf>,
    /// The folder beside the article where copies go.
    beside: String,
    /// Copies, by the paths under which the article names them.
    copies: BTreeMap<String, PathBuf>,
    /// How many pictures have no address that works elsewhere.
    pub lost: usize,
    /// How many are held within the page's own file.
    pub inline: usize,
}

impl<'p> Pictures<'p> {
    /// Those of the page in a file; `None` for a text that stands in no file.
    pub fn of(file: Option<&Path>, addresses: &'p Addresses) -> Pictures<'p> {
        let parent = file.and_then(Path::parent);
        let parent = parent.map(|parent| {
            if parent.as_os_str().is_empty() {
                Path::new(".")
            } else {
                parent
            }
        });
        let stem = file.and_then(Path::file_stem).map(|stem| stem.to_string_lossy());
        let beside = slug(stem.as_deref().unwrap_or_default());
        Pictures {
            addresses,
            folder: parent.and_then(|parent| parent.canonicalize().ok()),
            beside: if beside.is_empty() {
                "pictures".to_owned()
            } else {
                beside
            },
            copies: BTreeMap::new(),
            lost: 0,
            inline: 0,
        }
    }

    /// Gives every picture of a document the one address that shows it, and takes out those without.
    pub fn settle(&mut self, document: &Document) {
        document.select("amp-img, amp-anim").rename("img");
        for player in all(document, "amp-youtube[data-videoid]") {
            let film = attribute(&player, "data-videoid").unwrap_or_default();
            if film
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
            {
                player.replace_with_html(format!(
                    "<iframe src=\"https://www.youtube.com/embed/{film}\"></iframe>"
                ));
            }
        }
        unwrap_noscript(document);
        for image in all(document, "img") {
            self.image(&image);
        }
        for picture in all(document, "picture") {
            for source in all_below(&picture, "source") {
                source.remove_from_parent();
            }
            unwrap(&picture);
        }
    }

    fn image(&mut self, image: &NodeRef<'_>) {
        let alt = attribute(image, "alt");
        let is_of_text = super::dom::words(image)
            .iter()
            .any(|word| word == "emoji" || word == "wp-smiley");
        if is_of_text && let Some(alt) = &alt {
            image.replace_with_html(escaped(alt));
            return;
        }
        if is_pixel(image) {
            image.remove_from_parent();
            return;
        }
        let Some(src) = self.choose(image) else {
            let is_inline = attribute(image, "src").is_some_and(|src| src.starts_with("data:"));
            match is_inline {
                true => {
                    self.inline += usize::from(attribute(image, "src").as_deref() == Some(INLINE_PICTURE))
                }
                false => self.lost += usize::from(image.has_attr("src")),
            }
            image.remove_from_parent();
            return;
        };
        image.remove_all_attrs();
        image.set_attr("src", &src);
        // The name of a file describes nothing.
        let alt = alt.filter(|alt| !is_file_name(alt));
        // Brackets would end the description in Markdown.
        let alt = alt.unwrap_or_default().replace('[', "(").replace(']', ")");
        image.set_attr("alt", &alt);
    }

    /// The best address of a picture: a copy beside the page, the one that comes late, the one of a fitting size.
    fn choose(&mut self, image: &NodeRef<'_>) -> Option<String> {
        let src = attribute(image, "src").filter(|src| !src.starts_with("data:"));
        if let Some(copy) = src.as_deref().and_then(|src| self.copy(src)) {
            return Some(copy);
        }
        let mut found = src
            .filter(|src| !is_blank(src))
            .and_then(|src| self.addresses.absolute(&src));
        let late = LATE.iter().find_map(|key| {
            let value = attribute(image, key)
                .filter(|value| !value.starts_with("data:") && !value.starts_with('{'))?;
            self.copy(&value).or_else(|| self.addresses.absolute(&value))
        });
        found = found.or(late);
        if found.is_some() {
            return found;
        }
        let mut sets: Vec<String> = LATE_SETS.iter().filter_map(|key| attribute(image, key)).collect();
        if let Some(picture) = image.parent().filter(|parent| name(parent) == "picture") {
            for source in all_below(&picture, "source") {
                sets.extend(LATE_SETS.iter().filter_map(|key| attribute(&source, key)));
            }
        }
        let widest = sets.iter().find_map(|set| widest(set))?;
        self.copy(&widest).or_else(|| self.addresses.absolute(&widest))
    }

    /// The path of a saved copy beside the article, where an address names a file beside the page.
    pub fn copy(&mut self, address: &str) -> Option<String> {
        let folder = self.folder.clone()?;
        if address.contains(':') || address.starts_with('/') || address.len() > 1024 {
            return None;
        }
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let decoded = decode_path(path).unwrap_or_else(|| path.to_owned());
        let found = [decoded.as_str(), path, address].into_iter().find_map(|path| {
            let whole = folder.join(path).canonicalize().ok()?;
            // Links that lead out of the folder are not followed.
            (whole.starts_with(&folder) && whole.is_file()).then_some(whole)
        })?;
        let ending = ending(&found)?;
        let stem = found
            .file_stem()
            .map(|stem| slug(&stem.to_string_lossy()))
            .unwrap_or_default();
        let stem = if stem.is_empty() {
            "picture".to_owned()
        } else {
            stem
        };
        let mut number = 1;
        loop {
            let end = if number == 1 {
                String::new()
            } else {
                format!("-{number}")
            };
            let path = format!("{}/{stem}{end}.{ending}", self.beside);
            match self.copies.get(&path) {
                Some(other) if *other != found => number += 1,
                _ => {
                    self.copies.insert(path.clone(), found);
                    return Some(path);
                }
            }
        }
    }

    /// The copies that an article names.
    pub fn attachments(&self, is_named: impl Fn(&str) -> bool) -> Vec<Attachment> {
        self.copies
            .iter()
            .filter(|(path, _)| is_named(path))
            .map(|(path, file)| Attachment {
                to: path.clone(),
                from: Contents::File(file.clone()),
            })
            .collect()
    }
}

fn all_below<'d>(element: &NodeRef<'d>, wanted: &str) -> Vec<NodeRef<'d>> {
    element
        .descendants()
        .into_iter()
        .filter(|below| name(below) == wanted)
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

/// Pages that load pictures late hold them once more for browsers without scripts.
fn unwrap_noscript(document: &Document) {
    for noscript in all(document, "noscript") {
        let own = all_below(&noscript, "img");
        let has_text = !text(&noscript).is_empty();
        if own.is_empty() || has_text {
            noscript.remove_from_parent();
            continue;
        }
        let before = noscript.prev_element_sibling();
        let twin = before.filter(|before| name(before) == "img" || !all_below(before, "img").is_empty());
        let twins = twin.map_or(Vec::new(), |twin| match name(&twin).as_str() {
            "img" => vec![twin],
            _ => all_below(&twin, "img"),
        });
        match twins.as_slice() {
            // The one for browsers without scripts has a real address; words about the picture may be on either.
            [one] => {
                if let (Some(alt), Some(real)) = (attribute(one, "alt"), own.first())
                    && attribute(real, "alt").is_none()
                {
                    real.set_attr("alt", &alt);
                }
                one.remove_from_parent();
                unwrap(&noscript);
            }
            [] => unwrap(&noscript),
            _ => noscript.remove_from_parent(),
        }
    }
}

/// Pictures of one pixel count readers.
fn is_pixel(image: &NodeRef<'_>) -> bool {
    let size =
        |key: &str| attribute(image, key).and_then(|value| value.trim_end_matches("px").parse::<u32>().ok());
    match (size("width"), size("height")) {
        (Some(width), Some(height)) => width <= 2 && height <= 2,
        (Some(one), None) | (None, Some(one)) => one <= 1,
        (None, None) => false,
    }
}

fn is_blank(src: &str) -> bool {
    let file = src
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let file = file.to_ascii_lowercase();
    BLANKS.iter().any(|blank| file.contains(blank))
}

fn is_file_name(alt: &str) -> bool {
    let lower = alt.to_ascii_lowercase();
    !alt.contains(' ')
        && [".jpg", ".jpeg", ".png", ".gif", ".webp"]
            .iter()
            .any(|end| lower.ends_with(end))
}

/// The widest picture of a set that is not too wide.
fn widest(set: &str) -> Option<String> {
    let mut best: Option<(u32, &str)> = None;
    for candidate in set.split(", ").flat_map(|part| part.split(",\n")).take(50) {
        let mut parts = candidate.split_whitespace();
        let address = parts.next()?.trim_matches(',');
        if address.starts_with("data:") || address.is_empty() {
            continue;
        }
        let size = parts.next().unwrap_or("1x");
        let size = match (size.strip_suffix('w'), size.strip_suffix('x')) {
            (Some(width), _) => width.parse().unwrap_or(1),
            (_, Some(times)) => times
                .parse::<f32>()
                .map_or(1, |times| if times > 1.0 { 2 } else { 1 }),
            _ => 1,
        };
        let is_better = best.is_none_or(|(known, _)| {
            if known > WIDEST {
                size < known
            } else {
                size > known && size <= WIDEST
            }
        });
        if is_better {
            best = Some((size, address));
        }
    }
    best.map(|(_, address)| address.to_owned())
}

/// The ending by what a file holds; `None` for what is no picture.
fn ending(file: &Path) -> Option<&'static str> {
    let mut head = [0; 64];
    let length = File::open(file).ok()?.read(&mut head).ok()?;
    let head = &head[..length];
    match head {
        [0xff, 0xd8, 0xff, ..] => Some("jpg"),
        [0x89, b'P', b'N', b'G', ..] => Some("png"),
        [b'G', b'I', b'F', b'8', ..] => Some("gif"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("webp"),
        [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => Some("avif"),
        _ => {
            let is_svg = file
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("svg"));
            (is_svg && head.contains(&b'<')).then_some("svg")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        let addresses = Addresses::from(Some("https://a.example/n/"));
        let document = Document::from(html);
        Pictures::of(None, &addresses).settle(&document);
        let body = document.select("body");
        assert_eq!(body.inner_html().to_string(), expected, "{html}");
    }

    #[test]
    fn late_pictures_get_their_address() {
        let expected = r#"<img src="https://a.example/n/b.jpg" alt="B">"#;
        check(
            "<img src='data:image/gif;base64,R0' data-src='b.jpg' alt=B class=lazy>",
            expected,
        );
        check(
            "<img src='/placeholder.png' srcset='c.jpg 300w, b.jpg 1200w, d.jpg 9000w' alt=B>",
            expected,
        );
        check(
            "<img src='blank.gif' alt=B><noscript><img src='b.jpg'></noscript>",
            expected,
        );
        check(
            "<picture><source srcset='b.jpg 2x'><img alt=B></picture>",
            expected,
        );
        check("<amp-img src='b.jpg' alt=B></amp-img>", expected);
    }

    #[test]
    fn what_shows_nothing_goes() {
        check(
            "a<img src='t.gif' width=1 height=1><img><img src='data:,'><noscript>Enable scripts</noscript>",
            "a",
        );
        check("<img class=emoji alt='&lt;3' src=x.svg>", "&lt;3");
        check(
            "<img src=x.jpg alt=IMG_2.JPG>",
            r#"<img src="https://a.example/n/x.jpg" alt="">"#,
        );
    }

    #[test]
    fn copies_beside_the_page_come_along_and_others_do_not() {
        let folder = tempfile::tempdir().expect("a folder");
        let page = folder.path().join("in/My page.html");
        let files = folder.path().join("in/My page_files");
        std::fs::create_dir_all(&files).expect("folders");
        std::fs::write(files.join("Plant 1.jpg"), [0xff, 0xd8, 0xff, 0]).expect("a picture");
        std::fs::write(files.join("x.jpg"), "no picture").expect("a file");
        std::fs::write(folder.path().join("secret.jpg"), [0xff, 0xd8, 0xff, 0]).expect("a picture");
        let addresses = Addresses::default();
        let mut pictures = Pictures::of(Some(&page), &addresses);
        let expected = Some("my-page/plant-1.jpg".to_owned());
        assert_eq!(pictures.copy("./My%20page_files/Plant%201.jpg"), expected);
        assert_eq!(pictures.copy("My page_files/Plant 1.jpg?x=1"), expected);
        for address in [
            "../secret.jpg",
            "My page_files/../../secret.jpg",
            "My page_files/x.jpg",
            "/etc/passwd",
            "file:///etc/passwd",
            "My page_files",
        ] {
            assert_eq!(pictures.copy(address), None, "{address}");
        }
        assert_eq!(pictures.attachments(|_| true).len(), 1);
    }
}
