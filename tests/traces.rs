//! What each kind of page asks of the site: everything a page shows must be in its trace, or a later
//! build could keep a page that has changed.

use std::collections::{BTreeMap, BTreeSet};

use brief::building::pipeline::{Options, prepare};
use brief::ground::world::MemoryWorld;
use brief::pages::page::Renderer;
use brief::pages::subject::Subject;
use jiff::Timestamp;

fn kind(subject: &Subject) -> &'static str {
    match subject {
        Subject::Front => "front",
        Subject::Article(_) => "article",
        Subject::Redirect(_) => "redirect",
        Subject::Terms(_) => "terms",
        Subject::Term(..) => "term",
        Subject::Pair(..) => "pair",
        Subject::Map => "map",
        Subject::TermMonth(..) => "term-month",
        Subject::Editions => "editions",
        Subject::Edition(_) => "edition",
        Subject::Mail(_) => "email",
        Subject::Archive => "archive",
        Subject::ArchiveMonth(_) => "archive-month",
        Subject::Corrections => "corrections",
        Subject::NotFound => "not-found",
        Subject::Page(_) => "page",
        Subject::Feed(..) => "feed",
        Subject::Opml => "feeds",
        Subject::Sitemap => "sitemap",
        Subject::SitemapPart(..) | Subject::News(_) => "sitemap",
        Subject::Robots => "robots",
        Subject::Host(_) => "host",
        Subject::Search => "search",
        Subject::SearchFile(_) => "search-file",
        Subject::Copy(_) | Subject::Rendition(..) | Subject::Theme(_) | Subject::Card(_) => "copy",
    }
}

/// The names of the questions that each kind of page asks, joined by spaces.
fn asked(world: &MemoryWorld) -> BTreeMap<&'static str, String> {
    let prepared = prepare(world, &Options::default());
    assert!(!prepared.found.has_errors(), "{:?}", prepared.found);
    let engine = prepared.engine.as_ref().expect("the built-in theme");
    let renderer = Renderer {
        site: &prepared.site,
        engine,
        plan: &prepared.plan,
    };
    let mut asked: BTreeMap<&'static str, BTreeSet<&'static str>> = BTreeMap::new();
    for planned in prepared.plan.pages() {
        if let Some(rendered) = renderer.render(planned) {
            let trace = rendered.expect("a page without errors").trace;
            let names = trace.questions.iter().map(|question| question.name());
            asked.entry(kind(&planned.subject)).or_default().extend(names);
        }
    }
    let joined = |names: BTreeSet<&'static str>| names.into_iter().collect::<Vec<_>>().join(" ");
    asked
        .into_iter()
        .map(|(kind, names)| (kind, joined(names)))
        .collect()
}

fn site() -> MemoryWorld {
    let mut world = MemoryWorld::new("2025-02-01T00:00:00Z".parse::<Timestamp>().expect("an instant"));
    world.write(
        "brief.yaml",
        "base_url: https://example.org/\ncompanies: {pair_min: 1}\neditions: {email: on}\n",
    );
    world.write("content/companies.yaml", "- {name: Oracle}\n- {name: OpenAI}\n");
    world.write("content/companies/oracle.md", "A profile.\n");
    world.write(
        "content/pages/about.md",
        "---\ntitle: About\nnav: header\n---\nText.\n",
    );
    world.write(
        "content/articles/2025-01-20-a.md",
        "---\ntitle: Oracle and OpenAI\ntopics: [Cloud]\nauthors: [Ann]\naliases: [/old/]\n---\nOracle, OpenAI.\n",
    );
    world.write(
        "content/articles/2025-01-21-b.md",
        "---\ntitle: Oracle again\ncorrections: [{date: 2025-01-22, text: x}]\n---\nSee [a](2025-01-20-a.md).\n",
    );
    world.write(
        "content/editions/2025-01-21.md",
        "---\ntitle: The day\n---\nAn introduction.\n",
    );
    world
}

#[test]
fn every_page_records_what_it_asks() {
    let expected = [
        ("archive", "image pages periods"),
        ("archive-month", "articles image pages periods"),
        (
            "article",
            "article body image neighbours organization pages related stats",
        ),
        ("corrections", "corrections image pages"),
        ("edition", "edition image pages text"),
        ("editions", "editions image pages"),
        ("email", "article edition text"),
        ("feed", "articles body corrections edition editions term_link"),
        ("feeds", ""),
        ("front", "articles edition image in_the_news pages periods"),
        ("not-found", "pages"),
        ("page", "image pages text"),
        ("host", ""),
        ("map", "image network pages"),
        ("pair", "image organization pages pair"),
        ("redirect", ""),
        ("robots", ""),
        ("search", "image pages search_index"),
        ("search-file", "periods search_records search_texts search_titles"),
        ("sitemap", ""),
        (
            "term",
            "articles co_mentions coverage image months organization pages term text",
        ),
        ("term-month", "articles image months_around pages term_link"),
        ("terms", "image pages terms"),
    ];
    let expected: BTreeMap<&str, String> = expected
        .into_iter()
        .map(|(kind, names)| (kind, names.to_owned()))
        .collect();
    assert_eq!(asked(&site()), expected);
}

#[test]
fn traces_are_the_same_in_every_build() {
    assert_eq!(asked(&site()), asked(&site()));
}
