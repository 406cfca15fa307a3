//! A small site as data: what an edit changes is a field, and the files are written from the fields.
//!
//! Everything is chosen by single bytes, 0 being the plainest, so that a failure shrinks to it.

use std::collections::BTreeMap;

/// The days of articles; the last two lie behind the first clock.
const DAYS: [&str; 9] = [
    "2025-02-03",
    "2025-02-04",
    "2025-02-28",
    "2025-01-20",
    "2025-01-21",
    "2025-02-03T23:30:00+01:00",
    "2025-02-03T08:00:00+01:00",
    "2025-03-02",
    "2025-03-10",
];

/// The first day of those that may lie ahead.
const FUTURE: u8 = 7;

/// The companies that texts may name.
const COMPANIES: [&str; 5] = ["Oracle", "OpenAI", "Acme", "Nvidia", "Zeta"];

const ALIASES: [&str; 5] = ["Big Red", "The Lab", "Road Runner", "Green Team", "Last One"];

const TOPICS: [&str; 4] = ["", "[Cloud]", "[Chips, Cloud]", "[cloud, Power]"];

const AUTHORS: [&str; 4] = ["", "Ann", "[Ann, Bob]", "[Bob]"];

/// A random site and what has become of it.
#[derive(Clone, Debug)]
pub struct Model {
    pub articles: Vec<Article>,
    pub companies: Vec<Company>,
    pub pages: [Page; 3],
    pub editions: [Option<Edition>; 3],
    /// Whether each probe is there.
    pub probes: Vec<bool>,
    /// The variant of each template of the site's own; 0 is none.
    pub templates: [u8; 5],
    pub settings: Settings,
    pub data: [u8; 2],
    /// Pictures beside articles, by folder and number; 0 is none.
    pub pictures: [[u8; 2]; 3],
    /// Files of static/; 0 is none.
    pub statics: [u8; 4],
    /// What is broken at the moment.
    pub broken: Option<u8>,
    next: u8,
}

#[derive(Clone, Debug)]
pub struct Article {
    pub key: u8,
    pub folder: u8,
    /// 0: a plain name, 1: the date in the name, 2 and 3: other names.
    pub name: u8,
    pub day: u8,
    pub title: u8,
    pub version: u8,
    pub pieces: Vec<(u8, u8)>,
    pub companies: (u8, u8),
    pub topics: u8,
    pub authors: u8,
    pub summary: u8,
    pub slug: u8,
    pub correction: u8,
    pub draft: bool,
    pub noindex: bool,
    pub publish: u8,
    pub expires: u8,
    pub importance: u8,
    pub image: u8,
    /// One of the keys that stand for themselves.
    pub extra: u8,
    pub alias: u8,
    pub models: u8,
}

#[derive(Clone, Debug, Default)]
pub struct Company {
    pub is_registered: bool,
    /// 0: not, 1: with the address of the new name, 2: with the address of the old one.
    pub renamed: u8,
    pub alias: u8,
    pub sector: u8,
    pub ticker: bool,
    pub parent: u8,
    pub never: bool,
    pub profile: u8,
}

#[derive(Clone, Debug, Default)]
pub struct Page {
    pub is_there: bool,
    pub title: u8,
    pub nav: u8,
    pub order: u8,
    pub text: u8,
    pub noindex: bool,
    pub slug: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Edition {
    pub title: u8,
    pub summary: u8,
    pub lead: u8,
    pub entry: u8,
    pub exclude: u8,
    pub text: u8,
}

/// Settings, as bytes of which each has a few meanings.
#[derive(Clone, Debug, Default)]
pub struct Settings(pub [u8; SETTINGS]);

pub const SETTINGS: usize = 17;

/// What a probe asks, by the kind of question: a page that asks nothing else.
pub const PROBES: [(&str, &str); 27] = [
    ("article", r#"article(path="content/articles/n0.md")"#),
    ("body", r#"body(path="content/articles/n0.md")"#),
    ("text", r#"text(path="content/pages/about.md")"#),
    ("stats", r#"stats(path="content/articles/n0.md")"#),
    ("neighbours", r#"neighbours(path="content/articles/n0.md")"#),
    ("related", r#"related(path="content/articles/n0.md", limit=3)"#),
    ("articles", r#"articles(topic="cloud", limit=3)"#),
    ("count", r#"count(month="2025-02")"#),
    ("term", r#"company(slug="oracle")"#),
    ("terms", r#"terms(taxonomy="topics", order="count")"#),
    ("months", r#"months(taxonomy="companies", slug="oracle")"#),
    (
        "months_around",
        r#"months_around(taxonomy="companies", slug="oracle", month="2025-02")"#,
    ),
    ("co_mentions", r#"co_mentions(slug="oracle")"#),
    ("coverage", r#"coverage(slug="oracle", months=3)"#),
    ("weeks", r#"weeks(slug="oracle", weeks=3)"#),
    ("pair", r#"pair(first="oracle", second="openai")"#),
    ("network", "network(limit=3)"),
    ("search_index", "search_index()"),
    ("in_the_news", "in_the_news(days=14, limit=2)"),
    ("edition", r#"edition(period="2025-02-03")"#),
    ("editions", r#"editions(limit=3)"#),
    ("periods", r#"periods(unit="day", limit=5)"#),
    ("corrections", "corrections()"),
    ("pages", "pages()"),
    ("url", r#"url(path="content/articles/n0.md")"#),
    ("asset", r#"asset(path="logo.png")"#),
    ("data", r#"data(path="numbers")"#),
];

impl Article {
    pub fn new(key: u8, seed: &[u8; 24]) -> Article {
        let holds = seed[8];
        Article {
            key,
            // The first article stays where the probes look for it, until it is renamed.
            folder: if key == 0 { 0 } else { seed[0] % 3 },
            name: if key == 0 { 0 } else { seed[1] % 2 },
            day: if seed[2] > 200 {
                seed[2] % 9
            } else {
                seed[2] % FUTURE
            },
            title: seed[3],
            version: 0,
            pieces: (0..usize::from(seed[4] % 4))
                .map(|piece| (seed[12 + 2 * piece], seed[13 + 2 * piece]))
                .collect(),
            companies: (seed[5] % 6, seed[6]),
            topics: seed[7] % 4,
            authors: seed[7] / 4 % 4,
            summary: seed[9] % 4,
            slug: 0,
            correction: if seed[10] > 170 { seed[10] % 4 } else { 0 },
            draft: holds > 240,
            noindex: holds > 220 && holds < 232,
            publish: if holds > 200 && holds < 210 {
                1 + holds % 2
            } else {
                0
            },
            expires: if holds > 190 && holds < 200 {
                1 + holds % 2
            } else {
                0
            },
            importance: seed[11] % 3,
            image: if seed[11] > 180 { seed[11] % 3 } else { 0 },
            extra: seed[18] % 7,
            alias: if seed[19] > 200 { 1 + seed[19] % 2 } else { 0 },
            models: seed[20] % 3,
        }
    }

    fn folder_path(&self) -> &'static str {
        folder_path(self.folder)
    }

    fn day(&self) -> &'static str {
        DAYS[usize::from(self.day) % DAYS.len()]
    }

    fn path(&self) -> String {
        let folder = self.folder_path();
        let key = self.key;
        match self.name % 4 {
            0 => format!("{folder}n{key}.md"),
            1 => format!("{folder}{}-n{key}.md", &self.day()[..10]),
            2 => format!("{folder}renamed-{key}.md"),
            _ => format!("{folder}é {key}.md"),
        }
    }

    /// Whether it may be held back at one of the clocks.
    fn may_be_held(&self) -> bool {
        self.draft
            || !self.publish.is_multiple_of(3)
            || !self.expires.is_multiple_of(3)
            || self.day % 9 >= FUTURE
    }

    fn has_heading(&self) -> bool {
        self.pieces.iter().any(|(kind, _)| kind % 18 == 8)
    }
}

fn folder_path(folder: u8) -> &'static str {
    [
        "content/articles/",
        "content/articles/a/",
        "content/articles/b c/",
    ][usize::from(folder % 3)]
}

/// A picture; some differ in their sizes and some only in their pixels. One is cut off.
fn picture(variant: u8) -> Vec<u8> {
    let width = 16 + u32::from(variant / 2 % 4) * 8;
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, 5);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a head");
    let pixels: Vec<u8> = (0..5 * width).map(|at| variant ^ at as u8).collect();
    writer.write_image_data(&pixels).expect("pixels");
    writer.finish().expect("an end");
    bytes.truncate(if variant % 8 == 7 { 50 } else { usize::MAX });
    bytes
}

impl Model {
    pub fn new(seed: &Seed) -> Model {
        let bytes = &seed.bytes;
        let articles: Vec<Article> = (0u8..)
            .zip(&seed.articles)
            .map(|(key, seed)| Article::new(key, seed))
            .collect();
        let companies = (0..COMPANIES.len()).map(|index| {
            let byte = bytes[index];
            Company {
                is_registered: byte < 220,
                alias: byte / 2 % 3,
                sector: byte / 8 % 3,
                ticker: byte / 32 % 2 == 1,
                parent: if byte % 16 == 7 { 1 } else { 0 },
                profile: if byte % 5 == 1 { 1 + byte % 3 } else { 0 },
                ..Company::default()
            }
        });
        let page = |index: usize| Page {
            is_there: bytes[8 + index] < 160,
            title: bytes[8 + index] % 3,
            nav: bytes[11 + index] % 3,
            text: bytes[11 + index] / 4 % 4,
            ..Page::default()
        };
        let edition = |index: usize| {
            let byte = bytes[14 + index];
            (byte > 127).then_some(Edition {
                title: byte % 3,
                summary: byte / 2 % 3,
                lead: byte / 4 % 4,
                entry: byte / 8 % 4,
                exclude: byte / 16 % 2,
                text: byte / 32 % 3,
            })
        };
        let mut settings = Settings::default();
        for (setting, byte) in settings.0.iter_mut().zip(&bytes[20..]) {
            *setting = if *byte > 200 { *byte } else { 0 };
        }
        Model {
            next: u8::try_from(articles.len()).unwrap_or(u8::MAX),
            articles,
            companies: companies.collect(),
            pages: [page(0), page(1), page(2)],
            editions: [edition(0), edition(1), edition(2)],
            probes: seed.probes.clone(),
            templates: [bytes[36] % 4, bytes[37] % 3, bytes[38] % 3, 1, bytes[39] % 2],
            settings,
            data: [bytes[17] % 4, bytes[18] % 3],
            pictures: [[1, 2], [3, 0], [4, 5]],
            statics: [bytes[19] % 5, bytes[40] % 3, 0, 0],
            broken: None,
        }
    }

    pub fn article(&mut self, choice: u8) -> Option<&mut Article> {
        let count = self.articles.len();
        self.articles.get_mut(usize::from(choice) % count.max(1))
    }

    pub fn company(&mut self, choice: u8) -> &mut Company {
        &mut self.companies[usize::from(choice) % COMPANIES.len()]
    }

    pub fn create(&mut self, seed: &[u8; 24]) {
        if self.next < u8::MAX {
            self.articles.push(Article::new(self.next, seed));
            self.next += 1;
        }
    }

    /// The files of the site.
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut text = |path: String, text: String| {
            files.insert(path, text.into_bytes());
        };
        text("brief.yaml".to_owned(), self.brief_yaml());
        for article in &self.articles {
            text(article.path(), self.article_text(article));
        }
        text("content/companies.yaml".to_owned(), self.register());
        for (index, company) in self.companies.iter().enumerate() {
            if !company.profile.is_multiple_of(4) {
                let slug = COMPANIES[index].to_lowercase();
                let path = format!("content/companies/{slug}.md");
                text(path, self.profile(company.profile % 4));
            }
        }
        for (index, page) in self.pages.iter().enumerate() {
            if page.is_there {
                let name = ["about", "terms", "more/contact"][index];
                text(format!("content/pages/{name}.md"), self.page(page));
            }
        }
        for (index, edition) in self.editions.iter().enumerate() {
            if let Some(edition) = edition {
                let name = ["2025-02-03", "2025-W06", "2025-02-10"][index];
                text(format!("content/editions/{name}.md"), self.edition(edition));
            }
        }
        for ((name, _), is_there) in PROBES.iter().zip(&self.probes) {
            if *is_there {
                let path = format!("content/pages/probe-{name}.md");
                text(path, format!("---\ntitle: Probe {name}\n---\n"));
            }
        }
        for (index, variant) in self.templates.iter().enumerate() {
            if let Some((name, template)) = self.template(index, *variant) {
                text(format!("templates/{name}.html"), template);
            }
        }
        if !self.data[0].is_multiple_of(4) {
            text(
                "data/numbers.yaml".to_owned(),
                format!("value: {}\n", self.data[0]),
            );
        }
        if !self.data[1].is_multiple_of(3) {
            text("data/more.yaml".to_owned(), format!("- {}\n", self.data[1]));
        }
        if let Some(kind) = self.broken {
            self.break_something(kind, &mut files);
        }
        for (folder, pictures) in (0u8..).zip(&self.pictures) {
            for (number, variant) in pictures.iter().enumerate() {
                if *variant != 0 {
                    let path = format!("{}p{number}.png", folder_path(folder));
                    files.insert(path, picture(*variant));
                }
            }
        }
        let statics = ["logo.png", "notes/file.txt", "brief.css", "robots.txt"];
        for (name, variant) in statics.iter().zip(&self.statics) {
            if *variant != 0 {
                let bytes = match *name {
                    "logo.png" => picture(*variant),
                    _ => format!("/* {variant} */\n").into_bytes(),
                };
                files.insert(format!("static/{name}"), bytes);
            }
        }
        files
    }

    fn brief_yaml(&self) -> String {
        let setting = &self.settings.0;
        let mut yaml = format!(
            "title: Brief {}\nbase_url: https://example.org/\n",
            setting[0] % 2
        );
        let mut line = |index: usize, lines: &[&str]| {
            yaml.push_str(lines[usize::from(setting[index]) % lines.len()]);
        };
        line(1, &["", "tagline: One line\n"]);
        line(
            2,
            &[
                "",
                "editions: {daily: off}\n",
                "editions: {weekly: off}\n",
                "editions: {email: on}\n",
                "editions: {daily: off, email: on}\n",
                "editions: {weekly: off, email: on}\n",
            ],
        );
        line(
            3,
            &[
                "",
                "feeds: {items: 2}\n",
                "feeds: {full_text: off}\n",
                "feeds: {of: [site]}\n",
            ],
        );
        line(
            4,
            &[
                "companies: {pair_min: 1}\n",
                "companies: {count_passing: on, pair_min: 2}\n",
                "companies: {min_articles: 2}\n",
                "companies: {min_articles: 2, pair_min: 2}\n",
            ],
        );
        line(5, &["", "permalink: /news/{slug}/\n"]);
        line(6, &["", "timezone: America/New_York\n"]);
        line(
            7,
            &["", "markdown: {smart: off}\n", "markdown: {raw_html: escape}\n"],
        );
        line(8, &["taxonomies: [models]\n", ""]);
        line(9, &["", "author: The desk\n"]);
        line(10, &["", "authors: {Ann: {about: Writes}}\n"]);
        line(
            11,
            &[
                "",
                "pages: {topics: off}\n",
                "pages: {corrections: off, authors: off}\n",
                "pages: {pairs: off}\n",
                "pages: {map: off}\n",
            ],
        );
        line(12, &["", "language: fr\n", "words: {in_brief: Short}\n"]);
        line(
            13,
            &[
                "",
                "extra: {a: 1}\n",
                "theme: {accent: \"#036\"}\n",
                "checks: {unknown-company: off}\n",
            ],
        );
        line(
            14,
            &["", "images: {widths: [20]}\n", "", "images: {widths: [16, 24]}\n"],
        );
        // Few, so that any edit may move the line between the old and the new.
        line(15, &["cards: off\n", "cards: 2\n", "cards: 4\n"]);
        line(
            16,
            &[
                "",
                "hosting: {hashed_names: on}\n",
                "hosting: {servers: [nginx, caddy], hashed_names: on}\n",
                "hosting: {compress: gzip}\n",
            ],
        );
        yaml
    }

    fn article_text(&self, article: &Article) -> String {
        let name = COMPANIES[usize::from(article.title) / 4 % COMPANIES.len()];
        let title = match article.title % 4 {
            0 => format!("Story {}", article.key),
            1 => format!("{name} grows"),
            2 => format!("{name}: a \\\"quoted\\\" story & more"),
            _ => "The same title".to_owned(),
        };
        let mut text = format!("---\ntitle: \"{title}\"\n");
        let mut line = |line: String| {
            text.push_str(&line);
            text.push('\n');
        };
        if article.name % 4 != 1 {
            line(format!("date: {}", article.day()));
        }
        let company = |byte: u8| COMPANIES[usize::from(byte) % COMPANIES.len()];
        let (way, which) = article.companies;
        match way % 6 {
            1 => line(format!("companies: [{}]", company(which))),
            2 => line("companies: []".to_owned()),
            3 => line(format!("companies: [-{}]", company(which))),
            4 => line(format!("companies: [{}, {}]", company(which), company(which / 8))),
            5 if which > 200 => line("companies: [Unheard, Oracel]".to_owned()),
            _ => {}
        }
        if !article.topics.is_multiple_of(4) {
            line(format!("topics: {}", TOPICS[usize::from(article.topics % 4)]));
        }
        if !article.authors.is_multiple_of(4) {
            line(format!("authors: {}", AUTHORS[usize::from(article.authors % 4)]));
        }
        match article.summary % 4 {
            0 => {}
            1 => line("summary: In short.".to_owned()),
            2 => line(format!("summary: In short, {} did *it*.", company(article.title))),
            _ => {
                let link = self.link(article, article.key.wrapping_mul(7), "");
                line(format!("summary: \"Short, {link}\""));
            }
        }
        if !article.slug.is_multiple_of(3) {
            line(format!("slug: s{}-{}", article.slug % 3, article.key));
        }
        match article.correction % 4 {
            0 => {}
            1 => line("corrections: [{date: 2025-02-05, text: Wrong.}]".to_owned()),
            2 => line("corrections: [{date: 2025-02-03, text: Wrong *today*.}]".to_owned()),
            _ => {
                let link = self.link(article, article.key.wrapping_add(1), "");
                line(format!(
                    "corrections: [{{date: 2025-02-20, text: \"See {link}\"}}]"
                ));
            }
        }
        if article.draft {
            line("draft: true".to_owned());
        }
        if article.noindex {
            line("noindex: true".to_owned());
        }
        if !article.publish.is_multiple_of(3) {
            line(format!("publish: 2025-03-0{}", article.publish % 3 * 2));
        }
        if !article.expires.is_multiple_of(3) {
            line(format!("expires: 2025-03-0{}", article.expires % 3 * 3));
        }
        if !article.importance.is_multiple_of(3) {
            line(format!("importance: {}", article.importance % 3 * 2 + 1));
        }
        if !article.image.is_multiple_of(3)
            && let Some(picture) = self.picture_beside(article, article.image)
        {
            line(format!("image: {{src: {picture}, alt: A, caption: Under it}}"));
        }
        match article.extra % 7 {
            1 => {
                let link = self.link(article, article.key.wrapping_add(1), "");
                line(format!(
                    "takeaways: [One, \"Up {}%, see {link}\"]",
                    article.key % 9
                ));
            }
            2 => line("source: {name: Paper, url: https://example.com/}".to_owned()),
            3 => line("updated: 2025-02-21".to_owned()),
            4 => line("kind: analysis".to_owned()),
            5 => line(format!("id: own-{}", article.key)),
            6 => line("lang: de".to_owned()),
            _ => {}
        }
        if !article.alias.is_multiple_of(3) {
            line(format!("aliases: [/old/{}/{}/]", article.alias % 3, article.key));
        }
        if !article.models.is_multiple_of(3) && self.settings.0[8].is_multiple_of(2) {
            line(format!("models: [M{}]", article.models % 3));
        }
        line("---".to_owned());
        line(format!("First paragraph, version {}.", article.version % 10));
        for piece in &article.pieces {
            let words = self.piece(article, *piece);
            line(format!("\n{words}"));
        }
        text
    }

    /// A paragraph of an article.
    fn piece(&self, article: &Article, (kind, which): (u8, u8)) -> String {
        let company = usize::from(which) % COMPANIES.len();
        match kind % 18 {
            1..=3 => format!("Also {}.", COMPANIES[company]),
            4 => format!("Also {}.", ALIASES[company]),
            5 => format!("Up: ${}.", COMPANIES[company][..3].to_uppercase()),
            6 => format!("See {}.", self.link(article, which, "")),
            7 => format!("See {}.", self.link(article, which, "#part")),
            8 => "## Part\n\nOf it.".to_owned(),
            9 => match self.picture_beside(article, which) {
                Some(picture) => format!("![A]({picture})"),
                None => "No picture.".to_owned(),
            },
            10 if self.pages[0].is_there => "Read [about](/content/pages/about.md#us).".to_owned(),
            11 => format!("Note[^1].\n\n[^1]: About {}.", COMPANIES[company]),
            12 if !self.companies[company].profile.is_multiple_of(4) => {
                let slug = COMPANIES[company].to_lowercase();
                format!("Read [profile](/content/companies/{slug}.md).")
            }
            13 if self.editions[0].is_some() && self.settings.0[2].is_multiple_of(3) => {
                "Read [edition](/content/editions/2025-02-03.md).".to_owned()
            }
            14 if self.statics[0] != 0 => "![Logo](/logo.png) and [it](/static/logo.png).".to_owned(),
            15 => "Go [back](/archive/).".to_owned(),
            16 => "<b>Raw</b> -- \"text\".".to_owned(),
            17 => "Go [up](#part \"t\").\n\n## Part".to_owned(),
            _ => "Words and words.".to_owned(),
        }
    }

    /// A link to another article that is there; as a rule to one that is never held back.
    fn link(&self, from: &Article, which: u8, anchor: &str) -> String {
        let is_risky = which > 250;
        let others: Vec<&Article> = self
            .articles
            .iter()
            .filter(|other| is_risky || !other.may_be_held())
            .filter(|other| anchor.is_empty() || other.has_heading())
            .collect();
        let Some(to) = others.get(usize::from(which) % others.len().max(1)) else {
            return "nothing".to_owned();
        };
        let path = to.path().replace(' ', "%20");
        let relative = match (from.folder_path(), to.folder_path()) {
            (from, to) if from == to => path[to.replace(' ', "%20").len()..].to_owned(),
            _ => format!("/{path}"),
        };
        format!("[other]({relative}{anchor})")
    }

    fn picture_beside(&self, article: &Article, which: u8) -> Option<String> {
        let folder = usize::from(article.folder % 3);
        let number = usize::from(which % 2);
        (self.pictures[folder][number] != 0).then(|| format!("p{number}.png"))
    }

    fn register(&self) -> String {
        let mut yaml = String::from("companies:\n");
        for (index, company) in self.companies.iter().enumerate() {
            if !company.is_registered {
                continue;
            }
            let name = COMPANIES[index];
            yaml.push_str(&format!("- name: {name}"));
            match company.renamed % 3 {
                0 => yaml.push('\n'),
                1 => yaml.push_str(" Group\n"),
                _ => yaml.push_str(&format!(" Holding\n  slug: {}\n", name.to_lowercase())),
            }
            match company.alias % 3 {
                0 => {}
                1 => yaml.push_str(&format!("  aliases: [{}]\n", ALIASES[index])),
                _ => yaml.push_str(&format!("  aliases: [{}, {name} Inc]\n", ALIASES[index])),
            }
            if !company.sector.is_multiple_of(3) {
                yaml.push_str(&format!("  sector: S{}\n", company.sector % 3));
                yaml.push_str(&format!("  website: https://s{}.example/\n", company.sector % 3));
            }
            if company.ticker {
                yaml.push_str(&format!("  tickers: [\"NYSE:{}\"]\n", name[..3].to_uppercase()));
            }
            if !company.parent.is_multiple_of(3) {
                let parent = COMPANIES[(index + usize::from(company.parent % 3)) % COMPANIES.len()];
                yaml.push_str(&format!("  parent: {parent}\n"));
            }
            if company.never {
                yaml.push_str("  match: never\n");
            }
        }
        // An empty list is no list to YAML.
        yaml.push_str("- name: Always There\n");
        yaml
    }

    fn profile(&self, variant: u8) -> String {
        match variant {
            1 => "A profile.\n".to_owned(),
            2 => "---\ncountry: US\nabout: One line\n---\nA *longer* profile.\n".to_owned(),
            _ => {
                let seen = self.articles.iter().find(|article| !article.may_be_held());
                let link = seen.map_or(String::new(), |to| to.path().replace(' ', "%20"));
                format!("A profile that [leads](/{link}) on.\n")
            }
        }
    }

    fn page(&self, page: &Page) -> String {
        let mut text = format!("---\ntitle: Page {}\n", page.title % 4);
        match page.nav % 3 {
            1 => text.push_str("nav: header\n"),
            2 => text.push_str("nav: footer\n"),
            _ => {}
        }
        if !page.order.is_multiple_of(3) {
            text.push_str(&format!("order: {}\n", page.order % 3));
        }
        if page.noindex {
            text.push_str("noindex: true\n");
        }
        if page.slug {
            text.push_str(&format!("slug: page-{}\n", page.title % 4));
        }
        text.push_str("---\n# Us\n\n");
        let seen = self.articles.iter().find(|article| !article.may_be_held());
        let text_of_page = match (page.text % 5, seen) {
            (1, Some(to)) => format!("See [it](/{}).\n", to.path().replace(' ', "%20")),
            (2, _) if self.statics[0] != 0 => "![Logo](/logo.png)\n".to_owned(),
            (3, _) => "Other words.\n".to_owned(),
            _ => "Words.\n".to_owned(),
        };
        text.push_str(&text_of_page);
        text
    }

    fn edition(&self, edition: &Edition) -> String {
        let seen: Vec<&Article> = self
            .articles
            .iter()
            .filter(|article| !article.may_be_held())
            .collect();
        let path = |which: u8| {
            let article = seen.get(usize::from(which) % seen.len().max(1));
            article.map_or("content/articles/n0.md".to_owned(), |article| article.path())
        };
        let mut text = String::from("---\n");
        if !edition.title.is_multiple_of(3) {
            text.push_str(&format!("title: Issue {}\n", edition.title % 3));
        }
        match edition.summary % 3 {
            1 => text.push_str("summary: All of *it*.\n"),
            2 if self.pages[0].is_there => text.push_str("summary: \"See [us](/content/pages/about.md).\"\n"),
            _ => {}
        }
        if !edition.lead.is_multiple_of(4) && !seen.is_empty() {
            text.push_str(&format!("lead: \"{}\"\n", path(edition.lead)));
        }
        if !edition.entry.is_multiple_of(4) && !seen.is_empty() {
            let path = path(edition.entry + 1);
            text.push_str(&format!("articles:\n- path: \"{path}\"\n"));
            if edition.entry % 4 > 1 {
                text.push_str(&format!("  headline: Another {}\n", edition.entry % 4));
                text.push_str("  note: A *note*\n");
            }
        }
        if !edition.exclude.is_multiple_of(2) && !seen.is_empty() {
            text.push_str(&format!("exclude: [\"{}\"]\n", path(edition.exclude + 2)));
        }
        text.push_str("---\n");
        if !edition.text.is_multiple_of(3) {
            text.push_str(&format!("An introduction, {}.\n", edition.text % 3));
        }
        text
    }

    fn template(&self, index: usize, variant: u8) -> Option<(&'static str, String)> {
        let template = match (index, variant % 4) {
            (_, 0) => return None,
            (0, 1) => "<meta name=\"own\" content=\"1\">\n".to_owned(),
            (0, 2) => {
                "{% set n = data(path=\"numbers\") %}{% if n %}<meta content=\"{{ n.value }}\">{% endif %}"
                    .to_owned()
            }
            (0, _) => "{% set n = asset(path=\"logo.png\") %}{{ n | json }}".to_owned(),
            (1, 1) => extended("article", "<p>{{ page.kind }} {{ article.description }}</p>"),
            (1, _) => extended("article", "{% set n = count(company=\"oracle\") %}{{ n }}"),
            (2, 1) => "{{ site.title }} {{ data(path=\"more\") | json }}{{ editions() | json }}".to_owned(),
            (2, _) => extended("index", "{{ corrections() | json }}"),
            (3, variant) => probe_template(variant),
            (_, variant) => extended("term", &format!("{variant} {{{{ term | json }}}}")),
        };
        let name = ["head-extra", "article", "index", "page", "term"][index];
        Some((name, template))
    }

    fn break_something(&self, kind: u8, files: &mut BTreeMap<String, Vec<u8>>) {
        let path = self
            .articles
            .first()
            .map_or("content/articles/x.md".to_owned(), Article::path);
        let (path, text) = match kind % 7 {
            0 => (path, "---\ntitle: \"never closed\n---\n"),
            1 => ("brief.yaml".to_owned(), "title: [\n"),
            2 => (path, "---\ntitle: X\ndate: 2025-02-03\n---\n[x](nowhere.md)\n"),
            3 => ("templates/term-month.html".to_owned(), "{% if %}"),
            4 => ("content/companies.yaml".to_owned(), "- {name: A}\n- {name: A}\n"),
            5 => ("data/numbers.yaml".to_owned(), "a: [\n"),
            _ => ("templates/archive.html".to_owned(), "{{ site.nothing }}"),
        };
        files.insert(path, text.as_bytes().to_vec());
    }
}

fn extended(name: &str, more: &str) -> String {
    format!(
        "{{% extends \"builtin/{name}.html\" %}}\n{{% block main %}}{{{{ super() }}}}\n{more}{{% endblock %}}\n"
    )
}

/// A page that asks one kind of question, by its path; other pages show their text.
fn probe_template(variant: u8) -> String {
    let mut template = format!("<!-- {variant} -->");
    for (name, question) in PROBES {
        let word = if template.contains("{%") { "elif" } else { "if" };
        template.push_str(&format!(
            "{{% {word} path == \"content/pages/probe-{name}.md\" %}}{{% set x = {question} %}}{{{{ x | json }}}}"
        ));
    }
    template.push_str("{% else %}{{ title }} {{ description }} {{ text(path=path) or \"\" }}{% endif %}\n");
    template
}

/// The bytes that a site is made from.
#[derive(Clone, Debug)]
pub struct Seed {
    pub bytes: [u8; 48],
    pub articles: Vec<[u8; 24]>,
    pub probes: Vec<bool>,
}
