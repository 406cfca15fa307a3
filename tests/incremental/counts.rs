//! Which pages an edit renders: all those that show what was edited, and no others.

use std::collections::BTreeMap;

use brief::building::output::Output;
use brief::building::pipeline::{Options, build, build_in_memory};
use brief::ground::diagnostic::Code;
use brief::ground::world::MemoryWorld;

use crate::runner::temporary;
use crate::support;

const REGISTER: &str = "
- name: Oracle
  sector: Software
- name: OpenAI
- name: Acme
";

fn article(title: &str, more: &str, text: &str) -> String {
    format!("---\ntitle: {title}\n{more}---\n{text}\n")
}

/// Four articles of three days in two months, on three companies.
fn site() -> MemoryWorld {
    let mut world = MemoryWorld::new("2025-03-01T00:00:00Z".parse().expect("an instant"));
    let mut write = |path: &str, text: &str| world.write(path, text);
    write(
        "brief.yaml",
        "base_url: https://example.org/\nfeeds: {items: 3, formats: [rss]}\n",
    );
    write("content/companies.yaml", REGISTER);
    write("content/companies/oracle.md", "A profile.\n");
    write(
        "content/pages/about.md",
        "---\ntitle: About\nnav: header\n---\nText.\n",
    );
    write("content/pages/imprint.md", "---\ntitle: Imprint\n---\nText.\n");
    write("static/notes.txt", "Notes.\n");
    write("content/articles/p.png", "no picture yet");
    write(
        "content/articles/2025-01-20-a.md",
        &article(
            "Oracle grows",
            "topics: [Cloud]\nauthors: [Ann]\n",
            "Words. ![A](p.png)\n\n## Part",
        ),
    );
    write(
        "content/articles/2025-02-03-b.md",
        &article("OpenAI and Acme", "summary: Short.\ntopics: [Chips]\n", "Words."),
    );
    write(
        "content/articles/2025-02-03-c.md",
        &article(
            "Oracle says it again",
            "topics: [Cloud]\n",
            "See [a](2025-01-20-a.md#part).",
        ),
    );
    write(
        "content/articles/2025-02-04-d.md",
        &article("No company", "", "Nobody did it.\n\nBig Red did it."),
    );
    world
}

/// The addresses that are rendered after an edit of the site; of all of them and of all that are
/// made from templates only that.
fn rendered(edit: impl FnOnce(&mut MemoryWorld)) -> Vec<String> {
    rendered_from(|_| {}, edit)
}

/// The same with another beginning.
fn rendered_from(start: impl FnOnce(&mut MemoryWorld), edit: impl FnOnce(&mut MemoryWorld)) -> Vec<String> {
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let (output, state) = (temporary.path().join("public"), temporary.path().join("state"));
    let mut world = site();
    start(&mut world);
    let made = |world: &MemoryWorld| {
        let outcome = build(world, &Options::default(), |_| {
            Output::open(&output, &state, false)
        });
        assert!(outcome.report.is_some(), "{:?}", outcome.diagnostics);
        let mut urls: Vec<String> = outcome.rendered.iter().map(|(url, _)| url.to_string()).collect();
        urls.sort();
        urls
    };
    let all = made(&world);
    assert_eq!(made(&world), Vec::<String>::new(), "nothing has changed");
    edit(&mut world);
    let urls = made(&world);
    let (clean, _) = build_in_memory(&world, &Options::default());
    let clean = clean.expect("a site without errors").into_iter();
    let clean: BTreeMap<String, Vec<u8>> = clean.map(|(path, bytes)| (path.to_string(), bytes)).collect();
    let mut tree = support::tree(&output);
    tree.remove(".brief-manifest");
    assert_eq!(tree, clean);
    let is_page = |url: &&String| url.ends_with('/') || url.ends_with(".html");
    if urls == all {
        vec!["all".to_owned()]
    } else if urls.iter().eq(all.iter().filter(is_page)) {
        vec!["every page".to_owned()]
    } else {
        urls
    }
}

fn check(edit: impl FnOnce(&mut MemoryWorld), expected: &[&str]) {
    assert_eq!(rendered(edit), expected);
}

#[test]
fn a_body_renders_its_page_and_the_feeds_that_print_it() {
    check(
        |world| {
            world.write(
                "content/articles/2025-02-03-b.md",
                article(
                    "OpenAI and Acme",
                    "summary: Short.\ntopics: [Chips]\n",
                    "Words and others.",
                ),
            );
        },
        &[
            "/2025/02/03/b/",
            "/companies/acme/feed.xml",
            "/companies/openai/feed.xml",
            "/feed.xml",
            "/search/texts/2025/0.txt",
            "/topics/chips/feed.xml",
        ],
    );
}

#[test]
fn a_body_far_back_is_in_fewer_feeds() {
    check(
        |world| {
            let text = "Words. ![A](p.png)\n\nMore.\n\n## Part";
            let keys = "topics: [Cloud]\nauthors: [Ann]\n";
            world.write(
                "content/articles/2025-01-20-a.md",
                article("Oracle grows", keys, text),
            );
        },
        &[
            "/2025/01/20/a/",
            "/authors/ann/feed.xml",
            "/companies/oracle/feed.xml",
            "/search/texts/2025/0.txt",
            "/topics/cloud/feed.xml",
        ],
    );
}

#[test]
fn a_company_that_gets_its_page_is_led_to_from_texts() {
    // One that is named in passing has no page until another article is about it.
    let passing = |world: &mut MemoryWorld| {
        let register = format!("{REGISTER}- name: Nvidia\n");
        world.write("content/companies.yaml", register);
        world.write(
            "content/articles/2025-02-04-d.md",
            article(
                "No company",
                "companies: [Nvidia]\n",
                "Nobody did it.\n\nSo says Nvidia.",
            ),
        );
    };
    let mut world = site();
    passing(&mut world);
    let page = |world: &MemoryWorld| {
        let (files, _) = build_in_memory(world, &Options::default());
        let files = files.expect("a site without errors");
        let page = files
            .iter()
            .find(|(path, _)| path.to_string() == "2025/02/04/d/index.html");
        String::from_utf8(page.expect("the page").1.clone()).expect("text")
    };
    assert!(page(&world).contains("<p>So says Nvidia.</p>"));
    let about = |world: &mut MemoryWorld| {
        world.write(
            "content/articles/2025-02-03-c.md",
            article("Nvidia again", "", "Words."),
        );
    };
    about(&mut world);
    assert!(page(&world).contains("href=\"/companies/nvidia/\">Nvidia</a>.</p>"));
    let urls = rendered_from(passing, about);
    assert!(urls.contains(&"/2025/02/04/d/".to_owned()), "{urls:?}");
    assert!(!urls.contains(&"/topics/chips/".to_owned()), "{urls:?}");
}

#[test]
fn a_title_renders_what_names_the_article() {
    check(
        |world| {
            world.write(
                "content/articles/2025-02-03-b.md",
                article("OpenAI with Acme", "summary: Short.\ntopics: [Chips]\n", "Words."),
            );
        },
        &[
            "/",
            "/2025/02/03/b/",
            "/2025/02/03/c/",
            "/2025/02/04/d/",
            "/archive/2025/02/",
            "/companies/acme/",
            "/companies/acme/2025-02/",
            "/companies/acme/feed.xml",
            "/companies/openai/",
            "/companies/openai/2025-02/",
            "/companies/openai/feed.xml",
            "/editions/",
            "/editions/2025-02-03/",
            "/editions/2025-W06/",
            "/editions/feed.xml",
            "/feed.xml",
            "/search/records/2025/0.txt",
            "/search/titles/0.txt",
            "/topics/chips/",
            "/topics/chips/2025-02/",
            "/topics/chips/feed.xml",
        ],
    );
}

#[test]
fn a_page_of_two_companies_is_rendered_with_the_articles_on_both() {
    let start = |world: &mut MemoryWorld| {
        let settings =
            "base_url: https://example.org/\nfeeds: {items: 3, formats: [rss]}\ncompanies: {pair_min: 1}\n";
        world.write("brief.yaml", settings);
    };
    let pair = "/companies/acme--openai/".to_owned();
    let other = rendered_from(start, |world| {
        let text = article(
            "Oracle and no other",
            "topics: [Cloud]\n",
            "See [a](2025-01-20-a.md#part).",
        );
        world.write("content/articles/2025-02-03-c.md", text);
    });
    assert!(!other.contains(&pair), "{other:?}");
    let own = rendered_from(start, |world| {
        let text = article("OpenAI with Acme", "summary: Short.\ntopics: [Chips]\n", "Words.");
        world.write("content/articles/2025-02-03-b.md", text);
    });
    assert!(own.contains(&pair), "{own:?}");
    let new = rendered_from(start, |world| {
        let text = article("Oracle and Acme", "", "Words.");
        world.write("content/articles/2025-02-01-e.md", text);
    });
    assert!(
        new.contains(&"/companies/acme--oracle/".to_owned()) && !new.contains(&pair),
        "{new:?}"
    );
}

#[test]
fn an_article_more_renders_its_lists() {
    check(
        |world| {
            world.write(
                "content/articles/2025-01-21-e.md",
                article("Acme alone", "topics: [Chips]\n", "Words."),
            );
        },
        &[
            "/",
            "/2025/01/20/a/",
            "/2025/01/21/e/",
            "/2025/02/03/b/",
            "/2025/02/03/c/",
            "/archive/",
            "/archive/2025/01/",
            "/companies/",
            "/companies/acme/",
            "/companies/acme/2025-01/",
            "/companies/acme/2025-02/",
            "/companies/acme/feed.xml",
            "/companies/map/",
            "/editions/",
            "/editions/2025-01-20/",
            "/editions/2025-01-21/",
            "/editions/2025-02-03/",
            "/editions/2025-W04/",
            "/editions/feed.xml",
            "/search/",
            "/search/days.txt",
            "/search/records/2025/0.txt",
            "/search/texts/2025/0.txt",
            "/search/titles/0.txt",
            "/sitemap.xml",
            "/topics/",
            "/topics/chips/",
            "/topics/chips/2025-01/",
            "/topics/chips/2025-02/",
            "/topics/chips/feed.xml",
        ],
    );
}

#[test]
fn an_article_fewer_renders_its_lists() {
    check(
        |world| world.remove("content/articles/2025-02-04-d.md"),
        &[
            "/",
            "/2025/02/03/b/",
            "/archive/",
            "/archive/2025/02/",
            "/editions/",
            "/editions/2025-02-03/",
            "/editions/2025-W06/",
            "/editions/feed.xml",
            "/feed.xml",
            "/search/",
            "/search/days.txt",
            "/search/records/2025/0.txt",
            "/search/texts/2025/0.txt",
            "/search/titles/0.txt",
            "/sitemap.xml",
        ],
    );
}

#[test]
fn an_alias_renders_what_the_articles_found_with_it_are_in() {
    check(
        |world| {
            let register = REGISTER.replace("- name: Acme", "- name: Acme\n  aliases: [Big Red]");
            world.write("content/companies.yaml", register);
        },
        &[
            "/",
            "/2025/02/03/b/",
            "/2025/02/04/d/",
            "/archive/2025/02/",
            "/companies/acme/",
            "/companies/acme/2025-02/",
            "/editions/2025-02-04/",
            "/editions/2025-W06/",
            "/editions/feed.xml",
            "/feed.xml",
            "/search/records/2025/0.txt",
            "/search/texts/2025/0.txt",
            "/search/titles/0.txt",
        ],
    );
}

#[test]
fn an_alias_that_no_text_names_renders_its_company() {
    check(
        |world| {
            let register = REGISTER.replace("- name: Acme", "- name: Acme\n  aliases: [Somebody Else]");
            world.write("content/companies.yaml", register);
        },
        &["/companies/acme/", "/search/titles/0.txt"],
    );
}

#[test]
fn a_correction_renders_the_article_and_the_corrections() {
    check(
        |world| {
            let keys = "summary: Short.\ntopics: [Chips]\ncorrections: [{date: 2025-02-03, text: Wrong.}]\n";
            world.write(
                "content/articles/2025-02-03-b.md",
                article("OpenAI and Acme", keys, "Words."),
            );
        },
        &[
            "/",
            "/2025/02/03/b/",
            "/2025/02/03/c/",
            "/2025/02/04/d/",
            "/archive/2025/02/",
            "/companies/acme/",
            "/companies/acme/2025-02/",
            "/companies/acme/feed.xml",
            "/companies/openai/",
            "/companies/openai/2025-02/",
            "/companies/openai/feed.xml",
            "/corrections/",
            "/corrections/feed.xml",
            "/editions/2025-02-03/",
            "/editions/2025-W06/",
            "/editions/feed.xml",
            "/feed.xml",
            "/search/records/2025/0.txt",
            "/search/titles/0.txt",
            "/sitemap.xml",
            "/topics/chips/",
            "/topics/chips/2025-02/",
            "/topics/chips/feed.xml",
        ],
    );
}

#[test]
fn a_fact_of_the_register_renders_its_company_and_the_lists_that_tell_it() {
    check(
        |world| {
            world.write(
                "content/companies.yaml",
                REGISTER.replace("Software", "Databases"),
            )
        },
        &["/companies/", "/companies/oracle/"],
    );
}

#[test]
fn a_profile_renders_its_company() {
    check(
        |world| world.write("content/companies/oracle.md", "Another profile.\n"),
        &["/companies/oracle/"],
    );
}

#[test]
fn a_page_of_the_navigation_renders_everything_once_its_title_changes() {
    check(
        |world| {
            world.write(
                "content/pages/about.md",
                "---\ntitle: About\nnav: header\n---\nOther text.\n",
            )
        },
        &["/about/"],
    );
    check(
        |world| {
            world.write(
                "content/pages/about.md",
                "---\ntitle: About us\nnav: header\n---\nText.\n",
            )
        },
        &["every page"],
    );
    check(
        |world| world.write("content/pages/imprint.md", "---\ntitle: Legal\n---\nText.\n"),
        &["/imprint/"],
    );
}

#[test]
fn a_template_renders_everything() {
    check(
        |world| world.write("templates/head-extra.html", "<meta name=\"x\">"),
        &["all"],
    );
    check(
        |world| {
            world.write(
                "brief.yaml",
                "base_url: https://example.org/\nfeeds: {formats: [rss]}\ntagline: X\n",
            )
        },
        &["all"],
    );
}

#[test]
fn files_that_are_copied_render_nothing() {
    check(|world| world.write("static/notes.txt", "Other notes.\n"), &[]);
    check(|world| world.write("static/more.txt", "More.\n"), &[]);
    check(|world| world.remove("static/notes.txt"), &[]);
}

#[test]
fn a_touched_file_renders_nothing() {
    check(
        |world| {
            world.write(
                "content/articles/2025-02-03-b.md",
                article("OpenAI and Acme", "summary: Short.\ntopics: [Chips]\n", "Words."),
            )
        },
        &[],
    );
    check(|world| world.write("content/companies.yaml", REGISTER), &[]);
    check(|world| world.write("static/notes.txt", "Notes.\n"), &[]);
}

#[test]
fn a_picture_renders_what_shows_it_once_its_size_changes() {
    check(
        |world| world.write("content/articles/p.png", "still no picture"),
        &[],
    );
    check(
        |world| {
            let mut picture = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
            picture.extend([0, 0, 0, 16, 0, 0, 0, 9, 8, 6, 0, 0, 0]);
            world.write("content/articles/p.png", picture);
        },
        &[
            "/2025/01/20/a/",
            "/authors/ann/feed.xml",
            "/companies/oracle/feed.xml",
            "/topics/cloud/feed.xml",
        ],
    );
}

#[test]
fn another_address_renders_what_leads_there() {
    check(
        |world| {
            let keys = "topics: [Cloud]\nauthors: [Ann]\nslug: other\n";
            let text = "Words. ![A](p.png)\n\n## Part";
            world.write(
                "content/articles/2025-01-20-a.md",
                article("Oracle grows", keys, text),
            );
        },
        &[
            "/",
            "/2025/01/20/other/",
            "/2025/02/03/c/",
            "/archive/2025/01/",
            "/authors/ann/",
            "/authors/ann/2025-01/",
            "/authors/ann/feed.xml",
            "/companies/oracle/",
            "/companies/oracle/2025-01/",
            "/companies/oracle/feed.xml",
            "/editions/2025-01-20/",
            "/editions/2025-W04/",
            "/feed.xml",
            "/search/records/2025/0.txt",
            "/search/titles/0.txt",
            "/sitemap.xml",
            "/topics/cloud/",
            "/topics/cloud/2025-01/",
            "/topics/cloud/feed.xml",
        ],
    );
}

/// What a build tells of addresses that are gone.
fn moved(settings: &str, edit: impl FnOnce(&mut MemoryWorld)) -> Vec<String> {
    let mut world = site();
    let folder = temporary();
    let (output, state) = (folder.path().join("public"), folder.path().join("state"));
    let told = |world: &MemoryWorld| -> Vec<String> {
        let outcome = build(world, &Options::default(), |_| {
            Output::open(&output, &state, false)
        });
        let moved = outcome
            .diagnostics
            .iter()
            .filter(|problem| problem.code == Code::MovedAddress);
        moved
            .map(|problem| format!("{} {:?}", problem.message, problem.help))
            .collect()
    };
    assert_eq!(told(&world), Vec::<String>::new());
    edit(&mut world);
    world.write(
        "brief.yaml",
        format!("base_url: https://example.org/\n{settings}"),
    );
    let first = told(&world);
    assert_eq!(told(&world), Vec::<String>::new(), "it is told once");
    first
}

#[test]
fn an_article_whose_old_address_leads_nowhere_is_told_once() {
    let text = |keys: &str| article("OpenAI and Acme", keys, "Words.");
    let path = "content/articles/2025-02-03-b.md";
    let other = moved("", |world| world.write(path, text("slug: other\n")));
    assert_eq!(other.len(), 1);
    assert!(
        other[0].contains("from its old address") && other[0].contains("aliases: [\\\"/2025/02/03/b/\\\"]"),
        "{other:?}"
    );
    let led = moved("", |world| {
        world.write(path, text("slug: other\naliases: [/2025/02/03/b/]\n"))
    });
    assert_eq!(led, Vec::<String>::new());
    let held = moved("", |world| world.write(path, text("draft: true\n")));
    assert_eq!(held, Vec::<String>::new());
    let gone = moved("", |world| world.remove(path));
    assert!(gone.len() == 1 && gone[0].contains("is gone"), "{gone:?}");
    let renamed = moved("", |world| {
        world.remove(path);
        world.write("content/articles/2025-02-04-b.md", text(""));
    });
    assert!(
        renamed[0].contains("if content/articles/2025-02-04-b.md took its place"),
        "{renamed:?}"
    );
    let all = moved("permalink: /news/{slug}/\n", |_| {});
    assert!(all.len() == 1 && all[0].contains("to 4 articles"), "{all:?}");
    let silenced = moved("checks: {moved-address: off}\n", |world| world.remove(path));
    assert_eq!(silenced, Vec::<String>::new());
}
