//! A build for which there is nothing to do still sees what happened to the output.

use std::fs;
use std::path::PathBuf;

use brief::building::outlook::outlook;
use brief::building::output::{Output, Report};
use brief::building::pipeline::{Clock, Options, build};
use brief::ground::world::MemoryWorld;

#[test]
fn a_file_of_the_output_that_somebody_changed_is_made_again() {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let (output, state) = (temporary.path().join("public"), temporary.path().join("state"));
    let mut world = MemoryWorld::new("2025-02-01T00:00:00Z".parse().expect("an instant"));
    world.write("brief.yaml", "base_url: https://example.org/\n");
    world.write("content/articles/2025-01-20-a.md", "---\ntitle: A\n---\nText.\n");
    let build = || {
        let open = |_: &_| Output::open(&output, &state, false);
        let outcome = build(&world, &Options::default(), open);
        let Report { written, removed, .. } = outcome.report.expect("a site without errors");
        (outcome.rendered.len(), written, removed)
    };
    build();
    assert_eq!(build(), (0, 0, 0));

    let page = output.join("2025/01/20/a/index.html");
    let text = fs::read(&page).expect("a page");
    fs::write(&page, "somebody else's").expect("written");
    assert_eq!(build(), (1, 1, 0));
    assert_eq!(fs::read(&page).expect("a page"), text);

    fs::remove_file(&page).expect("removed");
    assert_eq!(build(), (1, 1, 0));
    assert_eq!(fs::read(&page).expect("a page"), text);

    // A file that is copied is no page that is rendered.
    fs::remove_file(output.join("brief.css")).expect("removed");
    assert_eq!(build(), (0, 1, 0));
    assert_eq!(build(), (0, 0, 0));
}

/// A small picture in one colour, with a comment that no copy keeps.
fn jpeg() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 80);
    encoder
        .add_app_segment(1, b"Exif\0\0somewhere".to_vec())
        .expect("a segment");
    encoder
        .encode(&[128; 8 * 8 * 3], 8, 8, jpeg_encoder::ColorType::Rgb)
        .expect("a picture");
    bytes
}

/// A site that `brief plan` looks at, and its last build.
struct Watched {
    temporary: tempfile::TempDir,
    world: MemoryWorld,
}

impl Watched {
    fn state(&self) -> PathBuf {
        self.temporary.path().join("state")
    }

    fn options(at: &str) -> Options {
        Options {
            clock: Clock::At(at.parse().expect("an instant")),
            ..Options::default()
        }
    }

    /// Whether a build is due, and that one which is not would write nothing. Then it is built.
    fn check(&mut self, at: &str, expected: bool, what: &str) {
        let options = Watched::options(at);
        let outlook = outlook(&self.world, &options, &self.state());
        assert!(!outlook.found.has_errors(), "{what}: {:?}", outlook.found);
        assert_eq!(outlook.is_due(), expected, "{what}: {:?}", outlook.last);
        let (output, state) = (self.temporary.path().join("public"), self.state());
        let open = |_: &_| Output::open(&output, &state, false);
        let report = build(&self.world, &options, open).report.expect("a site");
        assert_eq!(
            report.written + report.removed > 0,
            expected,
            "{what}: {report:?}"
        );
    }
}

#[test]
fn the_outlook_knows_when_a_build_has_something_to_do() {
    let article = |title: &str, lines: &str| {
        format!("---\ntitle: {title}\ndate: 2025-01-20\n{lines}---\nText on Acme.\n")
    };
    let picture = jpeg();
    let files: Vec<(&str, Vec<u8>)> = vec![
        ("brief.yaml", "base_url: https://example.org/\ntitle: A\n".into()),
        (
            "content/articles/2025-01-20-a.md",
            article("A", "image: a.jpg\n").into(),
        ),
        ("content/articles/a.jpg", picture),
        (
            "content/articles/b.md",
            article("B", "publish: 2025-03-01\n").into(),
        ),
        (
            "content/articles/c.md",
            article("C", "expires: 2025-02-10\n").into(),
        ),
        ("content/articles/unused.txt", "Nobody refers to it.".into()),
        (
            "content/companies.yaml",
            "companies: [{name: Acme, about: One}]\n".into(),
        ),
        ("content/pages/about.md", "---\ntitle: About\n---\nUs.\n".into()),
        ("data/a.yaml", "number: 1\n".into()),
        ("static/logo.svg", "<svg/>".into()),
        ("templates/head-extra.html", "<!-- 1 -->".into()),
    ];
    let mut watched = Watched {
        temporary: tempfile::tempdir().expect("a temporary folder"),
        world: MemoryWorld::new("2025-02-01T00:00:00Z".parse().expect("an instant")),
    };
    for (path, bytes) in &files {
        watched.world.write(path, bytes.clone());
    }
    const FIRST: &str = "2025-02-01T00:00:00Z";
    watched.check(FIRST, true, "the first build");
    watched.check(FIRST, false, "nothing");
    for (path, bytes) in &files {
        watched.world.write(path, bytes.clone());
    }
    watched.check(FIRST, false, "the same files anew, as of a fresh copy");
    // Each of the same length, so that no size tells.
    let changes = [
        ("brief.yaml", "base_url: https://example.org/\ntitle: Z\n"),
        (
            "content/articles/c.md",
            "---\ntitle: Z\ndate: 2025-01-20\nexpires: 2025-02-10\n---\nText on Acme.\n",
        ),
        (
            "content/companies.yaml",
            "companies: [{name: Acne, about: One}]\n",
        ),
        ("content/pages/about.md", "---\ntitle: About\n---\nMe.\n"),
        ("static/logo.svg", "<svG/>"),
        ("templates/head-extra.html", "<!-- 2 -->"),
    ];
    for (path, text) in changes {
        watched.world.write(path, text);
        watched.check(FIRST, true, path);
        watched.check(FIRST, false, &format!("{path} again"));
    }
    watched.world.remove("content/pages/about.md");
    watched.check(FIRST, true, "a page that is gone");
    watched.check("2025-02-10T23:59:59Z", false, "just before an article expires");
    watched.check("2025-02-11T00:00:00Z", true, "when an article expires");
    watched.check("2025-02-28T23:59:59Z", false, "just before an article appears");
    watched.check("2025-03-01T00:00:00Z", true, "when an article appears");
    watched.check("2025-12-01T00:00:00Z", false, "when nothing is to come");
    watched.check("2025-02-12T00:00:00Z", true, "back in time");
}
