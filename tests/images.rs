//! Pictures of articles in several sizes: what is written, what it no longer tells, what is kept from
//! build to build.

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use brief::reading::{asset, metadata, raster};
use proptest::prelude::*;
use support::{brief, files, tree, write};

/// What readers are not to learn.
const SECRET: &str = "48.8584N 2.2945E";

/// A coloured picture as a JPEG file: as wide and as high as it is in the file.
fn jpeg(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    let pixels: Vec<u8> = (0..u32::from(height))
        .flat_map(|y| (0..u32::from(width)).flat_map(move |x| [x as u8, (y * 2) as u8, (x * y / 50) as u8]))
        .collect();
    encoder
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)
        .expect("a JPEG");
    bytes
}

/// The same with Exif data that says which way is up and where the picture was taken.
fn jpeg_of_a_camera(width: u16, height: u16, orientation: u8) -> Vec<u8> {
    let mut exif = b"Exif\0\0II\x2a\0\x08\0\0\0\x02\0".to_vec();
    exif.extend([0x0f, 1, 2, 0, 17, 0, 0, 0, 38, 0, 0, 0]);
    exif.extend([0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    exif.extend([0, 0, 0, 0]);
    exif.extend(SECRET.as_bytes());
    let plain = jpeg(width, height);
    let mut bytes = plain[..2].to_vec();
    bytes.extend([0xff, 0xe1]);
    bytes.extend(u16::try_from(exif.len() + 2).expect("short").to_be_bytes());
    bytes.extend(exif);
    bytes.extend(&plain[2..]);
    bytes.extend(SECRET.as_bytes());
    bytes
}

/// A drawing as a PNG file, with a text in it.
fn png(width: u32, height: u32, is_transparent: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder
        .add_text_chunk("Location".to_owned(), SECRET.to_owned())
        .expect("a text");
    let pixels: Vec<u8> = (0..width * height)
        .flat_map(|at| {
            let noise = (at.wrapping_mul(2_654_435_761) >> 24) as u8;
            let alpha = if is_transparent && at % width < width / 2 {
                0
            } else {
                255
            };
            [noise, noise / 2, 200, alpha]
        })
        .collect();
    let mut writer = encoder.write_header().expect("a head");
    writer.write_image_data(&pixels).expect("pixels");
    writer.finish().expect("an end");
    bytes
}

/// A picture as a WebP file with Exif data.
fn webp(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels: Vec<u8> = (0..width * height)
        .flat_map(|at| [(at % width) as u8, (at / width) as u8, 9])
        .collect();
    let mut encoder = image_webp::WebPEncoder::new(&mut bytes);
    encoder.set_exif_metadata(SECRET.as_bytes().to_vec());
    encoder
        .encode(&pixels, width, height, image_webp::ColorType::Rgb8)
        .expect("a WebP");
    bytes
}

struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// A site with one article, which shows these pictures. The narrow widths keep encoding short.
    fn new(pictures: &[(&str, Vec<u8>)]) -> Site {
        let site = Site {
            folder: tempfile::tempdir().expect("a folder"),
        };
        site.write(
            "brief.yaml",
            "title: T\nbase_url: https://example.org/\ncards: off\nimages: {widths: [40, 20]}\n",
        );
        site.article(pictures.iter().map(|(name, _)| *name));
        for (name, bytes) in pictures {
            site.write(&format!("content/articles/a/{name}"), bytes);
        }
        site
    }

    fn article<'n>(&self, pictures: impl Iterator<Item = &'n str>) {
        let shown: String = pictures
            .map(|name| format!("![What {name} shows]({name})\n\n"))
            .collect();
        self.write(
            "content/articles/a/index.md",
            format!("---\ntitle: A\ndate: 2025-01-20\n---\nText.\n\n{shown}"),
        );
    }

    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        write(&self.folder.path().join(path), bytes);
    }

    fn run(&self, arguments: &[&str], threads: &str) -> Output {
        let mut command = brief(self.folder.path());
        command.env("RAYON_NUM_THREADS", threads).args(arguments);
        command.output().expect("brief runs")
    }

    /// Builds the site and gives what was written beside the article.
    fn build(&self, arguments: &[&str]) -> BTreeMap<String, Vec<u8>> {
        let arguments: Vec<&str> = ["build"].into_iter().chain(arguments.iter().copied()).collect();
        let output = self.run(&arguments, "2");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{said}");
        tree(&self.folder.path().join("public/2025/01/20/a"))
    }

    fn kept(&self) -> PathBuf {
        self.folder.path().join(".brief/images")
    }
}

fn size(bytes: &[u8]) -> (usize, usize) {
    let size = imagesize::blob_size(bytes).expect("a picture");
    (size.width, size.height)
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

fn page(files: &BTreeMap<String, Vec<u8>>) -> String {
    String::from_utf8(files["index.html"].clone()).expect("text")
}

#[test]
fn a_photograph_is_offered_in_avif_and_jpeg() {
    let site = Site::new(&[("halls.JPG", jpeg(50, 30))]);
    let files = site.build(&[]);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "halls-jpg-20.avif",
            "halls-jpg-20.jpg",
            "halls-jpg-40.avif",
            "halls-jpg-40.jpg",
            "halls.JPG",
            "index.html"
        ]
    );
    for (name, wanted) in [("halls-jpg-20", (20, 12)), ("halls-jpg-40", (40, 24))] {
        assert_eq!(size(&files[&format!("{name}.avif")]), wanted, "{name}");
        assert_eq!(size(&files[&format!("{name}.jpg")]), wanted, "{name}");
    }
    let at = "/2025/01/20/a/halls";
    let sizes = "(min-width: 39rem) 36rem, calc(100vw - 2rem)";
    let expected = format!(
        "<picture><source type=\"image/avif\" srcset=\"{at}-jpg-20.avif 20w, {at}-jpg-40.avif 40w\" sizes=\"{sizes}\">\
         <img src=\"{at}.JPG\" srcset=\"{at}-jpg-20.jpg 20w, {at}-jpg-40.jpg 40w\" sizes=\"{sizes}\" \
         alt=\"What halls.JPG shows\" width=\"50\" height=\"30\" loading=\"lazy\" decoding=\"async\"></picture>"
    );
    assert!(page(&files).contains(&expected), "{}", page(&files));
    // Who reads a feed has one width for everything.
    let feed = fs::read_to_string(site.folder.path().join("public/feed.xml")).expect("a feed");
    assert!(feed.contains("halls.JPG") && !feed.contains("srcset"), "{feed}");
}

#[test]
fn a_drawing_is_offered_in_avif_and_png_and_only_once_a_width() {
    let site = Site::new(&[("chart.png", png(30, 10, true)), ("chart.jpg", jpeg(30, 10))]);
    let files = site.build(&[]);
    // As wide as it is: in AVIF, and as the very file.
    let page = page(&files);
    let at = "/2025/01/20/a/chart";
    assert!(
        page.contains(&format!("{at}-png-20.avif 20w, {at}-png-30.avif 30w")),
        "{page}"
    );
    assert!(
        page.contains(&format!("{at}-png-20.png 20w, {at}.png 30w")),
        "{page}"
    );
    assert_eq!(size(&files["chart-png-30.avif"]), (30, 10));
    assert!(!files.contains_key("chart-png-30.png"));
    assert!(!files.contains_key("chart-png-40.avif"), "it is not made larger");
    let decoder = png::Decoder::new(std::io::Cursor::new(&files["chart-png-20.png"]));
    let mut reader = decoder.read_info().expect("a PNG");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("pixels");
    assert_eq!(reader.info().color_type, png::ColorType::Rgba);
    assert_eq!(
        (pixels[3], pixels[19 * 4 + 3]),
        (0, 255),
        "it is still transparent"
    );
}

#[test]
fn what_stays_as_it_is() {
    let gif = b"GIF89a\x64\0\x64\0\x80\0\0\xff\xff\xff\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;".to_vec();
    let svg = b"<svg xmlns='http://www.w3.org/2000/svg' width='900' height='90'/>".to_vec();
    let site = Site::new(&[
        ("a.gif", gif.clone()),
        ("b.svg", svg.clone()),
        ("c.jpg", jpeg(20, 9)),
    ]);
    site.write("static/d.jpg", jpeg_of_a_camera(90, 90, 1));
    site.write(
        "content/articles/b.md",
        "---\ntitle: B\ndate: 2025-01-20\n---\n![D](/d.jpg) [only a link](a/e.jpg)\n",
    );
    site.write("content/articles/a/e.jpg", jpeg(90, 90));
    let files = site.build(&[]);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["a.gif", "b.svg", "c.jpg", "index.html"]);
    assert_eq!((&files["a.gif"], &files["b.svg"]), (&gif, &svg));
    assert!(!page(&files).contains("srcset"));
    let public = site.folder.path().join("public");
    let published = support::files(&public);
    let made: Vec<&String> = published.iter().filter(|path| path.contains("-jpg-")).collect();
    assert!(made.is_empty(), "{made:?}");
    // static/ is published to the byte.
    let kept = fs::read(public.join("d.jpg")).expect("a file");
    assert_eq!(kept, jpeg_of_a_camera(90, 90, 1));
}

#[test]
fn readers_learn_nothing_beside_the_picture() {
    let pictures = [
        ("a.jpg", jpeg_of_a_camera(50, 30, 1)),
        ("b.jpg", jpeg_of_a_camera(10, 8, 1)),
        ("c.png", png(50, 30, false)),
        ("d.webp", webp(50, 30)),
    ];
    for (name, bytes) in &pictures {
        assert!(holds(bytes, SECRET), "{name}");
    }
    let site = Site::new(&pictures);
    site.build(&[]);
    for (path, bytes) in tree(&site.folder.path().join("public")) {
        assert!(!holds(&bytes, SECRET), "{path} tells");
    }
    let published = site.folder.path().join("public/2025/01/20/a");
    // No pixel is written anew for that.
    assert_eq!(fs::read(published.join("b.jpg")).expect("a file"), jpeg(10, 8));
    assert_eq!(
        size(&fs::read(published.join("d.webp")).expect("a file")),
        (50, 30)
    );
}

#[test]
fn a_picture_that_lies_on_its_side_stands_up() {
    let site = Site::new(&[("a.jpg", jpeg_of_a_camera(50, 30, 6))]);
    let files = site.build(&[]);
    assert!(
        page(&files).contains("width=\"30\" height=\"50\""),
        "{}",
        page(&files)
    );
    assert_eq!(size(&files["a-jpg-20.avif"]), (20, 33));
    assert_eq!(size(&files["a-jpg-20.jpg"]), (20, 33));
    assert!(!holds(&files["a.jpg"], SECRET) && holds(&files["a.jpg"], "Exif"));
    let orientation = metadata::orientation(&files["a.jpg"]);
    assert_eq!(orientation, metadata::orientation(&jpeg_of_a_camera(9, 9, 6)));
    assert_ne!(orientation, metadata::Orientation::UPRIGHT);
    // Red grows from left to right in the file, so from top to bottom once it stands.
    let mut decoder = zune_jpeg::JpegDecoder::new(std::io::Cursor::new(&files["a-jpg-20.jpg"]));
    let pixels = decoder.decode().expect("a picture");
    let red = |x: usize, y: usize| pixels[(y * 20 + x) * 3];
    assert!(red(10, 2) + 20 < red(10, 30), "{} {}", red(10, 2), red(10, 30));
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let pictures = [
        ("a.jpg", jpeg_of_a_camera(300, 200, 1)),
        ("b.png", png(200, 120, true)),
        ("c.webp", webp(120, 90)),
    ];
    let built = |threads: &str| {
        let site = Site::new(&pictures);
        site.write(
            "brief.yaml",
            "title: T\nbase_url: https://example.org/\nimages: {widths: [20, 100, 160, 256]}\n",
        );
        let output = site.run(&["build"], threads);
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        tree(&site.folder.path().join("public"))
    };
    let one = built("1");
    assert!(one.keys().filter(|name| name.ends_with(".avif")).count() >= 8);
    let four = built("4");
    for (path, bytes) in &one {
        assert!(four.get(path) == Some(bytes), "{path} differs");
    }
    assert_eq!(one.len(), four.len());
}

#[test]
fn colours_mean_what_they_meant() {
    let (red, width, height) = ([200, 60, 60], 48, 24);
    let profile = moxcms::ColorProfile::new_display_p3()
        .encode()
        .expect("a profile");
    let pixels = red.repeat(width * height);
    let mut of_a_telephone = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut of_a_telephone, 95);
    encoder.add_icc_profile(&profile).expect("room");
    let (width, height) = (width as u16, height as u16);
    encoder
        .encode(&pixels, width, height, jpeg_encoder::ColorType::Rgb)
        .expect("a JPEG");
    let site = Site::new(&[("a.jpg", of_a_telephone)]);
    let files = site.build(&[]);
    let mut decoder = zune_jpeg::JpegDecoder::new(std::io::Cursor::new(&files["a-jpg-20.jpg"]));
    let found = decoder.decode().expect("a picture");
    // The same red has larger numbers in sRGB: 217, 42, 52 by the definitions of both.
    for (channel, expected) in found[..3].iter().zip([217, 42, 52]) {
        assert!(channel.abs_diff(expected) <= 4, "{:?}", &found[..3]);
    }
    assert!(holds(&files["a.jpg"], "ICC_PROFILE") && !holds(&files["a-jpg-20.jpg"], "ICC_PROFILE"));
}

/// The entries of the darkroom, with their times: what was written again has another.
fn entries(kept: &Path) -> BTreeMap<String, (std::time::SystemTime, Vec<u8>)> {
    let names = files(kept).into_iter();
    names
        .map(|name| {
            let path = kept.join(&name);
            let modified = fs::metadata(&path).and_then(|metadata| metadata.modified());
            let bytes = fs::read(&path).expect("an entry");
            (name, (modified.expect("a time"), bytes))
        })
        .collect()
}

#[test]
fn what_was_made_is_kept_and_what_nobody_uses_goes() {
    let site = Site::new(&[("a.jpg", jpeg(50, 30)), ("b.jpg", jpeg(60, 30))]);
    let first = site.build(&[]);
    let kept = entries(&site.kept());
    assert_eq!(kept.len(), 8);
    // Even where all is made anew.
    assert_eq!(site.build(&["--clean"]), first);
    assert_eq!(entries(&site.kept()), kept);
    // Another output uses the same, and holds on to it.
    let other = site.run(&["build", "--output", "other"], "2");
    assert!(other.status.success());
    assert_eq!(entries(&site.kept()), kept);
    site.article(["a.jpg"].into_iter());
    let second = site.build(&[]);
    assert!(!second.contains_key("b.jpg") && !second.contains_key("b-jpg-20.avif"));
    assert_eq!(entries(&site.kept()).len(), 8, "the other output still uses them");
    assert!(site.run(&["build", "--output", "other"], "2").status.success());
    let left = entries(&site.kept());
    assert_eq!(left.len(), 4);
    assert!(left.iter().all(|(name, entry)| kept.get(name) == Some(entry)));
    // A picture that is another one under the same name.
    site.write("content/articles/a/a.jpg", jpeg(54, 30));
    let third = site.build(&["--verify"]);
    assert_ne!(third["a-jpg-20.avif"], second["a-jpg-20.avif"]);
}

#[test]
fn a_damaged_entry_is_made_again() {
    let site = Site::new(&[("a.jpg", jpeg(50, 30))]);
    let first = site.build(&[]);
    let names = files(&site.kept());
    for (number, name) in names.iter().enumerate() {
        let path = site.kept().join(name);
        let mut bytes = fs::read(&path).expect("an entry");
        match number {
            0 => bytes.truncate(bytes.len() - 1),
            1 => bytes.clear(),
            2 => bytes.push(0),
            _ => bytes[60] ^= 1,
        }
        fs::write(&path, bytes).expect("damage");
    }
    // The output goes too, or nothing would ask for them.
    fs::remove_dir_all(site.folder.path().join("public")).expect("an output");
    assert_eq!(site.build(&[]), first);
    fs::remove_dir_all(site.folder.path().join("public")).expect("an output");
    assert_eq!(site.build(&["--verify"]), first);
}

#[test]
fn a_broken_picture_is_named_each_time_and_stands_in_for_itself() {
    let mut broken = png(50, 30, false);
    broken.truncate(200);
    let site = Site::new(&[("a.png", broken.clone()), ("b.jpg", jpeg(50, 30))]);
    let said = |arguments: &[&str]| {
        let output = site.run(arguments, "2");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stderr).expect("text")
    };
    let count = |said: &str| said.matches("warning[broken-picture]").count();
    let first = said(&["build"]);
    assert_eq!(count(&first), 1, "{first}");
    assert!(first.contains("content/articles/a/a.png"), "{first}");
    let published = tree(&site.folder.path().join("public/2025/01/20/a"));
    assert_eq!(published["a-png-20.avif"], published["a.png"]);
    assert_eq!(count(&said(&["build"])), 1, "nothing changed");
    assert_eq!(count(&said(&["check"])), 1);
    site.article(["a.png"].into_iter());
    assert_eq!(count(&said(&["build", "--verify"])), 1, "something else changed");
    site.write("content/articles/a/a.png", png(50, 30, false));
    assert_eq!(count(&said(&["build"])), 0, "it was mended");
}

/// A piece of a JPEG in front of its pixels.
fn segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0xff, marker];
    bytes.extend(u16::try_from(body.len() + 2).expect("short").to_be_bytes());
    bytes.extend(body);
    bytes
}

#[test]
fn of_a_jpeg_what_it_looks_like_stays() {
    let plain = jpeg(20, 10);
    let with = |segments: &[(u8, &str)]| {
        let mut bytes = plain[..2].to_vec();
        for (marker, body) in segments {
            bytes.extend(segment(*marker, body.as_bytes()));
        }
        bytes.extend(&plain[2..]);
        bytes
    };
    let needed: [(u8, &str); 2] = [
        (0xe2, "ICC_PROFILE\0\u{1}\u{1}colours"),
        (0xee, "Adobe\0d\0\0\0\0\u{1}"),
    ];
    let told: [(u8, &str); 6] = [
        (0xe1, "http://ns.adobe.com/xap/1.0/\0<x:xmpmeta/>"),
        (0xe2, "MPF\0more pictures"),
        (0xed, "Photoshop 3.0\0caption"),
        (0xe0, "JFXX\0\u{10}thumbnail"),
        (0xe5, "anything"),
        (0xfe, "by a program"),
    ];
    let mut all = needed.to_vec();
    all.extend(told);
    assert_eq!(metadata::without(&with(&all)).as_ref(), with(&needed));
    // Behind the end lie second pictures, as of telephones, with data of their own.
    let mut longer = with(&all);
    longer.extend(jpeg_of_a_camera(9, 9, 1));
    assert_eq!(metadata::without(&longer).as_ref(), with(&needed));
    assert_eq!(metadata::without(&plain).as_ref(), plain);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is in a file that claims to be a picture, it is read without a panic, and stripping a
    /// file that is stripped changes nothing.
    #[test]
    fn damaged_pictures_do_no_harm(
        kind in 0usize..4,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
        end in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
    ) {
        let mut bytes = match kind {
            0 => jpeg_of_a_camera(24, 16, 6),
            1 => png(24, 16, true),
            2 => webp(24, 16),
            _ => b"RIFF\x40\0\0\0WEBPVP8X\x0a\0\0\0\x0c\0\0\0\0\0\0\0\0\0EXIF\x04\0\0\0II\x2a\0".to_vec(),
        };
        for (at, byte) in &changes {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        if is_cut {
            bytes.truncate(end.index(bytes.len()));
        }
        let stripped = metadata::without(&bytes).into_owned();
        prop_assert!(stripped.len() <= bytes.len() + 64);
        prop_assert_eq!(&metadata::without(&stripped).into_owned(), &stripped);
        let shape = asset::shape("", &bytes);
        if shape.fallback.is_some() {
            // What is left out may be what was wrong with it.
            if let Ok(own) = raster::picture(&bytes, 12) {
                prop_assert_eq!(raster::picture(&stripped, 12), Ok(own));
            }
        }
    }
}
