//! A site of more articles and pages than are read and written at a time.

use brief::building::output::Output;
use brief::building::pipeline::{Options, build, build_in_memory};
use brief::ground::world::MemoryWorld;

use crate::runner::temporary;
use crate::support;

/// Of more than 2048 articles and 4096 pages not all are in the first frame of a cache.
const ARTICLES: usize = 2100;

fn path(number: usize) -> String {
    format!("content/articles/n{number:04}.md")
}

fn text(number: usize, words: &str) -> String {
    format!(
        "---\ntitle: T{number}\ndate: 2025-01-20\naliases: [/a/{number:04}/, /z/{number:04}/]\n---\n{words}\n"
    )
}

#[test]
fn every_frame_of_the_cache_counts() {
    let mut world = MemoryWorld::new("2025-03-01T00:00:00Z".parse().expect("an instant"));
    let settings = "base_url: https://example.org/\nfeeds: {of: [editions]}\npermalink: /n/{slug}/\n\
                    editions: {daily: off, weekly: off}\npages: {archive: off}\nsearch: off\ncards: off\n";
    world.write("brief.yaml", settings);
    world.write("templates/article.html", "{{ body(path=article.path) }}");
    world.write("templates/index.html", "{{ site.title }}");
    for number in 0..ARTICLES {
        world.write(&path(number), text(number, "Words."));
    }
    let folder = temporary();
    let (output, state) = (folder.path().join("public"), folder.path().join("state"));
    let build = |world: &MemoryWorld| {
        let outcome = build(world, &Options::default(), |_| {
            Output::open(&output, &state, false)
        });
        let report = outcome.report.expect("a site without errors");
        let mut urls: Vec<String> = outcome.rendered.iter().map(|(url, _)| url.to_string()).collect();
        urls.sort();
        (urls, report.written, report.removed)
    };
    let urls = |urls: &[&str]| urls.iter().map(|url| (*url).to_owned()).collect::<Vec<_>>();
    let nothing = (Vec::new(), 0, 0);
    assert!(build(&world).0.len() > 6300);
    assert_eq!(build(&world), nothing);
    // Files of the output, in the first frame of pages and in the second.
    for url in [
        "a/0000", "a/2099", "n/n0000", "n/n1995", "n/n1996", "n/n2099", "z/0000", "z/2099",
    ] {
        std::fs::remove_file(output.join(url).join("index.html")).expect("a file of the output");
        assert_eq!(build(&world), (urls(&[&format!("/{url}/")]), 1, 0));
        assert_eq!(build(&world), nothing);
    }
    // Articles in the first frame and in the second.
    for number in [0, 2047, 2048, 2099] {
        world.write(&path(number), text(number, "Other words."));
        assert_eq!(build(&world), (urls(&[&format!("/n/n{number:04}/")]), 1, 0));
    }
    // One more and one fewer, so that all behind it lie in other frames than before.
    world.write("content/articles/n0000b.md", text(3000, "Words."));
    assert_eq!(
        build(&world),
        (
            urls(&[
                "/_redirects",
                "/a/3000/",
                "/n/n0000b/",
                "/sitemap.xml",
                "/z/3000/",
            ]),
            5,
            0
        )
    );
    world.remove(&path(1));
    world.remove(&path(2048));
    assert_eq!(build(&world), (urls(&["/_redirects", "/sitemap.xml"]), 2, 6));
    assert_eq!(build(&world), nothing);
    let clean = build_in_memory(&world, &Options::default())
        .0
        .expect("a site without errors");
    let tree = support::tree(&output);
    assert_eq!(tree.len(), clean.len() + 1);
    for (path, bytes) in clean {
        assert!(tree.get(path.as_str()) == Some(&bytes), "{path}");
    }
}
