//! A small site in memory that shows every key of every record at least once.

use brief::ground::world::MemoryWorld;

/// The article that has everything.
pub const ARTICLE: &str = "content/articles/2025-01-21-full.md";

/// The site: two companies, five articles, an edition made by hand, a page, a profile, free data.
pub fn rich_site() -> MemoryWorld {
    let mut world = MemoryWorld::new("2025-02-01T00:00:00Z".parse().expect("an instant"));
    for (path, text) in FILES {
        world.write(path, *text);
    }
    world.write("content/articles/plan.png", wide_picture());
    world.write("static/logo.png", PICTURE);
    world
}

/// The head of a picture that is 4 pixels wide and 3 high.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x04\0\0\0\x03\x08\x02\0\0\0\0\0\0\0";

/// A picture that is wider than the widths of the settings.
fn wide_picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 40, 30);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a head");
    writer.write_image_data(&[200; 1200]).expect("pixels");
    writer.finish().expect("an end");
    bytes
}

const FILES: &[(&str, &str)] = &[
    (
        "brief.yaml",
        "
title: The Wire
images: {widths: [16, 32]}
tagline: What happened
base_url: https://example.org/wire/
timezone: Europe/Paris
author: The desk
authors:
  Ada Long: {about: Writes about power., url: 'https://example.org/ada'}
taxonomies: [people]
editions: {email: on}
companies: {pair_min: 1}
extra: {analytics: none}
",
    ),
    (
        "content/companies.yaml",
        "
- name: Acme
  aliases: [Acme plc]
  products: [Anvil]
  people: [Wile Coyote]
  tickers: ['LSE:ACME']
  website: https://acme.example/
  sector: Industry
  country: France
  wikidata: Q1
  about: Maker of anvils.
  parent: Bolt
- name: Bolt
",
    ),
    ("content/companies/acme.md", "Acme has a *profile*.\n"),
    (
        "content/articles/2025-01-21-full.md",
        "---
title: Acme and Bolt agree
date: 2025-01-21T09:30:00+01:00
updated: 2025-01-23
expires: 2030-01-01
summary: The *two* agree.
topics: [Power]
authors: [Ada Long]
people: [Jo Smith]
kind: analysis
importance: 5
takeaways: [It is *agreed*., It costs $2bn.]
source: {name: The Post, url: 'https://post.example/1', author: B. Bold, date: 2025-01-20}
image: {src: plan.png, alt: A plan, caption: The *plan*, credit: The desk}
corrections: [{date: 2025-01-24, text: 'It was *one* day earlier.'}]
lang: en-GB
extra: {mood: calm}
---
Acme and Bolt have agreed, [as before](2025-01-20-before.md).

## What follows

More text.
",
    ),
    (
        "content/articles/2025-01-20-before.md",
        "---\ntitle: Acme plans\ncorrections: [{date: 2025-01-20, text: None.}]\n---\nActs of Acme.\n\nIts rival Bolt is named.\n",
    ),
    (
        "content/articles/2025-01-22-after.md",
        "---\ntitle: Bolt grows\nnoindex: true\n---\nMore of Bolt.\n",
    ),
    (
        "content/articles/2025-01-21-second.md",
        "---\ntitle: Nothing else\n---\nA quiet day.\n",
    ),
    (
        "content/articles/2024-12-01-winter.md",
        "---\ntitle: Acme in winter\n---\nCold.\n",
    ),
    (
        "content/editions/2025-01-21.md",
        "---
title: The day of the agreement
summary: One *story*.
articles:
  - {path: ../articles/2025-01-21-full.md, headline: They agree, note: 'Read *this*.'}
---
A word before.
",
    ),
    (
        "content/editions/2025-01-20.md",
        "---\ntitle: The day before\n---\n",
    ),
    (
        "content/editions/2025-01-22.md",
        "---\ntitle: The day after\n---\n",
    ),
    (
        "content/pages/about.md",
        "---\ntitle: About\nnav: header\n---\nWho we are.\n",
    ),
    (
        "data/prices.yaml",
        "- {name: Power, price: 71}\n- {name: Gas, price: 32}\n",
    ),
    ("static/note.txt", "A note.\n"),
];
