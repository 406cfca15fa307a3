//! Renditions: the sizes and formats in which a picture of the site is offered.
//!
//! Which there are follows from the settings and from what the head of the picture's file tells, so
//! that pages and the plan know them without a look at a single pixel.

use super::site::Asset;
use crate::ground::encoding::encoded;
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::reading::asset::Format;
use crate::reading::config::Theme;

/// What `sizes` says of pictures in a text: as wide as the text, which leaves a margin on small screens.
/// Browsers choose among renditions by that before they know the style sheet.
pub fn sizes_in_text(theme: &Theme) -> String {
    let rem = |thousandths: u32| match thousandths % 1000 {
        0 => format!("{}rem", thousandths / 1000),
        rest => format!("{}.{rest:03}rem", thousandths / 1000),
    };
    let width = theme.text_width();
    format!(
        "(min-width: {}) {}, calc(100vw - 2rem)",
        rem(width + 3000),
        rem(width)
    )
}

/// One size of a picture in one format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rendition {
    /// Its width in pixels.
    pub width: u32,
    /// How its file is written.
    pub format: Format,
    /// The width of the widest one, of which the others are made.
    pub widest: u32,
}

encoded!(struct Rendition { width, format, widest });

/// The renditions of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renditions {
    /// In AVIF, the narrowest first.
    pub avif: Vec<Rendition>,
    /// In a format that every browser shows, the narrowest first.
    pub fallback: Vec<Rendition>,
    /// The width of the picture itself, where it stands in for the widest fallback.
    pub own_width: Option<u32>,
}

impl Renditions {
    /// The renditions of a file in some widths; `None` where it is offered only as it is. Files of
    /// static/ are: what lies there is published untouched.
    pub fn of(path: &SourcePath, asset: &Asset, widths: &[u32]) -> Option<Renditions> {
        let fallback = asset.shape.fallback.filter(|_| path.below("static").is_none())?;
        let own = asset.shape.dimensions?.width;
        let mut smaller: Vec<u32> = widths.iter().copied().filter(|width| *width < own).collect();
        smaller.sort_unstable();
        smaller.dedup();
        // Its own width is one of them, unless a wider one was not asked for, or it is hardly wider.
        let &last = smaller.last()?;
        let is_wanted = widths.iter().any(|width| *width >= own) && own - last > own / 10;
        let own_width = is_wanted.then_some(own);
        let widest = own_width.unwrap_or(last);
        let in_format = |format: Format| {
            move |width: u32| Rendition {
                width,
                format,
                widest,
            }
        };
        let avif = smaller.iter().copied().chain(own_width);
        Some(Renditions {
            avif: avif.map(in_format(Format::Avif)).collect(),
            fallback: smaller.into_iter().map(in_format(fallback)).collect(),
            own_width,
        })
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = Rendition> {
        self.avif.iter().chain(&self.fallback).copied()
    }

    /// What `srcset` says of those in AVIF, for a picture at an address. `written` writes addresses.
    pub fn avif_set(&self, picture: &Url, written: impl Fn(&Url) -> String) -> String {
        set(picture, &self.avif, None, written)
    }

    /// What `srcset` says of those for every browser.
    pub fn fallback_set(&self, picture: &Url, written: impl Fn(&Url) -> String) -> String {
        set(picture, &self.fallback, self.own_width, written)
    }
}

fn set(
    picture: &Url,
    renditions: &[Rendition],
    own_width: Option<u32>,
    written: impl Fn(&Url) -> String,
) -> String {
    let places = renditions
        .iter()
        .filter_map(|rendition| Some((rendition.url(picture)?, rendition.width)));
    let own = own_width.map(|width| (picture.clone(), width));
    let entries: Vec<String> = places
        .chain(own)
        .map(|(url, width)| format!("{} {width}w", entry(&written(&url))))
        .collect();
    entries.join(", ")
}

/// An address as an entry of `srcset`, where a comma at either end would be read as one between entries.
fn entry(address: &str) -> String {
    address.replace(',', "%2C")
}

impl Rendition {
    /// Where it stands, beside the picture: `halls-jpg-960.avif` of `halls.jpg`. The extension is part of
    /// the name, so that `halls.jpg` and `halls.png` have each their own.
    pub fn url(&self, picture: &Url) -> Option<Url> {
        let path = picture.output();
        let path = path.as_str();
        let (name, extension) = path.rsplit_once('.')?;
        let extension = extension.to_ascii_lowercase();
        let file = format!("{name}-{extension}-{}.{}", self.width, self.format.extension());
        OutputPath::new(&file).ok().map(|file| Url::file(&file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::world::Stamp;
    use crate::reading::asset::{Dimensions, Shape};

    fn picture(width: u32) -> Asset {
        Asset {
            stamp: Stamp::default(),
            shape: Shape {
                dimensions: Some(Dimensions { width, height: 900 }),
                fallback: Some(Format::Jpeg),
            },
        }
    }

    fn check(own: u32, widths: &[u32], avif: &[u32], fallback: &[u32], own_width: Option<u32>) {
        let path = SourcePath::new("content/articles/a.jpg").expect("a path");
        let found = Renditions::of(&path, &picture(own), widths);
        let found = found.map_or((vec![], vec![], None), |found| {
            let widths = |list: &[Rendition]| list.iter().map(|one| one.width).collect::<Vec<u32>>();
            (widths(&found.avif), widths(&found.fallback), found.own_width)
        });
        assert_eq!(
            found,
            (avif.to_vec(), fallback.to_vec(), own_width),
            "{own} in {widths:?}"
        );
    }

    #[test]
    fn never_wider_than_the_picture() {
        let usual = [480, 960, 1600];
        check(4000, &usual, &usual, &usual, None);
        check(1600, &usual, &[480, 960, 1600], &[480, 960], Some(1600));
        check(1200, &usual, &[480, 960, 1200], &[480, 960], Some(1200));
        // Nobody sees the difference between 960 and 1000.
        check(1000, &usual, &[480, 960], &[480, 960], None);
        check(500, &usual, &[480], &[480], None);
        check(480, &usual, &[], &[], None);
        check(320, &usual, &[], &[], None);
        check(2000, &[960, 480, 960], &[480, 960], &[480, 960], None);
        check(2000, &[], &[], &[], None);
    }

    #[test]
    fn what_lies_in_static_is_published_untouched() {
        let path = SourcePath::new("static/a.jpg").expect("a path");
        assert_eq!(Renditions::of(&path, &picture(4000), &[480]), None);
    }

    #[test]
    fn as_wide_as_the_text() {
        let sizes = |measure| {
            sizes_in_text(&Theme {
                measure,
                ..Theme::default()
            })
        };
        assert_eq!(sizes(None), "(min-width: 39rem) 36rem, calc(100vw - 2rem)");
        assert_eq!(
            sizes(Some(60)),
            "(min-width: 35.700rem) 32.700rem, calc(100vw - 2rem)"
        );
    }

    #[test]
    fn a_place_beside_the_picture() {
        let url = |name: &str| Url::file(&OutputPath::new(name).expect("a path"));
        let rendition = Rendition {
            width: 960,
            format: Format::Avif,
            widest: 1600,
        };
        let place = |name: &str| rendition.url(&url(name)).map(|url| url.to_string());
        assert_eq!(place("a/halls.jpg").as_deref(), Some("/a/halls-jpg-960.avif"));
        assert_eq!(place("a/halls.b.PNG").as_deref(), Some("/a/halls.b-png-960.avif"));
    }
}
