//! An article: one source file understood, from its own bytes, the settings and the register alone.
//!
//! What lists and other pages may show (`Summary`) is kept apart from what only the article's own
//! page and the feeds print (`Story`), so that typing in a body leaves the site's lists alone. A
//! site keeps the summaries of all its articles in memory and fetches one story at a time.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::checks::Checks;
use super::company::Register;
use super::config::{Config, PermalinkFields};
use super::figure::figure;
use super::front_matter::{self, CompaniesKey, Head, Kind, Picture, Source, Split, Spot, Spotted};
use super::markdown::{self, Body, Heading, Markdown, ReferenceKind, Visible};
use super::mentions;
use super::tagging::{Found, Salience, TAGGED, Tagger};
use super::yaml::Value;
use crate::ground::date::Moment;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding::{self, Decode, Decoder, Encode, Encoder, encoded};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{OutputPath, SourcePath, Url, slug};
use crate::ground::span::Span;
use crate::ground::text::{escape_text, one_line};

/// One article.
#[derive(Clone, Debug)]
pub struct Article {
    /// What lists may show.
    pub summary: Summary,
    /// What the story refers to and can be referred to by.
    pub outline: Outline,
    /// How many words the body has.
    pub words: u32,
    /// What summary and story look like.
    pub marks: Marks,
    /// Old addresses that lead here, and where they are written.
    pub aliases: Vec<(Url, Spot)>,
    /// When it is shown.
    pub hold: Hold,
    /// Where the title, the slug and the id stand.
    pub spots: Spots,
    /// Companies that the register does not hold, as they are spelled.
    pub unknown_companies: Vec<Spotted>,
    /// How severe it takes kinds of problems.
    pub checks: Checks,
}

/// What tells whether an article looks the same as before. Where in the file something stands is no
/// part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    /// Of the summary.
    pub summary: Fingerprint,
    /// Of the story.
    pub story: Fingerprint,
}

/// What checks and the plan need to know of a story without fetching it. Encoded, because there is
/// one for every article of the site and each is looked at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline(Box<[u8]>);

impl Outline {
    /// The outline of an article's references and anchors.
    pub fn new(references: &[&Reference], anchors: &[String]) -> Outline {
        let mut encoder = Encoder::new();
        references.encode(&mut encoder);
        anchors.encode(&mut encoder);
        Outline(encoder.into_bytes().into())
    }

    /// Every link and image of the article that leads to something of the site.
    pub fn references(&self) -> Vec<Reference> {
        // Only bytes that were encoded or checked get in.
        Vec::decode(&mut Decoder::new(&self.0)).unwrap_or_default()
    }

    /// Every id in the body that a link can point to.
    pub fn anchors(&self) -> Vec<String> {
        let mut decoder = Decoder::new(&self.0);
        let references: Option<Vec<Reference>> = Vec::decode(&mut decoder);
        references
            .and_then(|_| Vec::decode(&mut decoder))
            .unwrap_or_default()
    }
}

/// Where an article's own values stand, for diagnostics about them.
#[derive(Clone, Copy, Debug)]
#[expect(missing_docs, reason = "each is named like its value")]
pub struct Spots {
    pub title: Spot,
    pub slug: Option<Spot>,
    pub id: Option<Spot>,
}

/// When an article is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    /// Whether it is a draft.
    pub draft: bool,
    /// From when it is shown, if the author said so.
    pub publish: Option<Moment>,
    /// Until when it is shown.
    pub expires: Option<Moment>,
}

/// What lists and other pages may know about an article.
#[derive(Clone, Debug)]
#[expect(missing_docs, reason = "each field is named like its front matter key")]
pub struct Summary {
    pub path: SourcePath,
    pub id: Box<str>,
    pub url: Url,
    pub title: Box<str>,
    pub date: Moment,
    pub updated: Option<Moment>,
    /// The summary's inline Markdown; `None` where it has no markup and is the plain text below.
    pub standfirst: Option<Box<Prose>>,
    /// Whether the standfirst was written as such, and does not repeat the text.
    pub has_summary: bool,
    /// The summary, or else the start of the first paragraph, as plain text.
    pub description: Box<str>,
    /// Most salient first.
    pub companies: Vec<Tag>,
    pub topics: Vec<Arc<str>>,
    pub authors: Vec<Arc<str>>,
    /// The values of the site's further taxonomies, in the order of the settings.
    pub terms: Vec<Vec<Arc<str>>>,
    pub kind: Kind,
    pub importance: u8,
    pub source: Option<Box<Source>>,
    pub image: Option<Box<Picture>>,
    pub corrections: Vec<Correction>,
    /// The first number among the takeaways, with its takeaway.
    pub figure: Option<Box<KeyFigure>>,
    pub noindex: bool,
    pub lang: Option<String>,
}

/// A number that an article is about.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyFigure {
    /// The number, with its currency and its unit.
    pub value: Box<str>,
    /// The takeaway in which it stands.
    pub text: Prose,
}

/// A company an article is tagged with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// The name: the register's, or as the article spells it.
    pub name: Arc<str>,
    /// Its part of addresses.
    pub slug: Arc<str>,
    /// How much the article is about it.
    pub salience: Salience,
}

/// One correction, ready to be shown.
#[derive(Clone, Debug, PartialEq)]
pub struct Correction {
    /// When it was made.
    pub date: Moment,
    /// What was wrong.
    pub text: Prose,
}

/// What only an article's own page and the feeds print.
#[derive(Clone, Debug)]
pub struct Story {
    /// The text.
    pub body: Prose,
    /// Its headings, for a table of contents.
    pub headings: Vec<Heading>,
    /// The points in a box.
    pub takeaways: Vec<Prose>,
    /// The words under the picture.
    pub caption: Option<Prose>,
    /// The free map.
    pub extra: Value,
}

/// HTML with open places, and where the links in it lead.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prose {
    /// The HTML.
    pub body: Body,
    /// What the open places refer to.
    pub references: Vec<Reference>,
}

/// A link or an image that leads to something of the site.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// Whether the browser follows it or shows it.
    pub kind: ReferenceKind,
    /// The address as it is written.
    pub target: String,
    /// Where it is written.
    pub place: Place,
}

/// A place in a source file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// These bytes.
    Bytes(Span),
    /// This value of the front matter.
    Value(Spot),
}

impl Place {
    /// The bytes, given the file's text.
    pub fn span(self, file: &SourcePath, text: &str) -> Option<Span> {
        match self {
            Place::Bytes(span) => Some(span),
            Place::Value(spot) => spot.place(file, text),
        }
    }
}

impl Prose {
    /// The prose of a file's body.
    fn of_body(markdown: Markdown) -> Prose {
        let reference = |reference: markdown::Reference| Reference {
            kind: reference.kind,
            target: reference.target,
            place: Place::Bytes(reference.span),
        };
        Prose {
            body: markdown.body,
            references: markdown.references.into_iter().map(reference).collect(),
        }
    }

    /// The prose of one value of the front matter, and its plain text.
    pub fn of_value(value: &Spotted, options: markdown::Options) -> (Prose, String) {
        let markdown = markdown::parse_inline(&value.text, 0, options);
        let plain = one_line(&markdown.visible.text);
        let mut prose = Prose::of_body(markdown);
        // Standfirsts of all articles are in memory at once.
        prose.body.html.shrink_to_fit();
        for reference in &mut prose.references {
            reference.place = Place::Value(value.spot);
        }
        (prose, plain)
    }

    /// Plain text as prose.
    pub fn of_text(text: &str) -> Prose {
        let mut html = String::with_capacity(text.len());
        escape_text(&mut html, text);
        Prose {
            body: Body {
                html,
                places: Vec::new(),
            },
            references: Vec::new(),
        }
    }
}

/// Markdown without a headline of its own: a company's profile, a page, an edition's introduction.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The text.
    pub body: Prose,
    /// Every id in it that a link can point to.
    pub anchors: Vec<String>,
    /// The start of its first paragraph, plain.
    pub description: String,
}

impl Text {
    /// Reads the Markdown part of a file.
    pub fn parse(split: &Split<'_>, config: &Config) -> Text {
        let mut markdown = markdown::parse(split.body, split.body_start, config.markdown);
        let description = markdown
            .first_paragraph
            .take()
            .map_or(String::new(), |text| cut_at_sentence(&text));
        let anchors = std::mem::take(&mut markdown.anchors);
        Text {
            body: Prose::of_body(markdown),
            anchors,
            description,
        }
    }
}

/// What articles are read with.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'r> {
    /// The settings.
    pub config: &'r Config,
    /// The register.
    pub register: &'r Register,
    /// The register made ready.
    pub tagger: &'r Tagger,
}

impl Reading<'_> {
    /// The companies that an article names, whatever its front matter says.
    pub fn detect(&self, title: &str, standfirst: &str, body: &Visible) -> Vec<Found> {
        match self.register.is_empty() {
            true => Vec::new(),
            false => self.tagger.find(title, standfirst, body),
        }
    }

    /// The companies by PRODUCT's rule: exactly those given, else those detected without those vetoed; and
    /// the given ones that the register does not hold.
    ///
    /// The front matter says which companies, the text how much it is about each: so a key that holds what is
    /// detected anyway changes nothing.
    pub fn tags(&self, key: &CompaniesKey, detected: &[Found]) -> (Vec<Tag>, Vec<Spotted>) {
        // Without a register every company is unknown, and none is worth a word; nor need the forms be
        // made in which names are compared.
        let has_register = !self.register.is_empty();
        let position = |name: &Spotted| match has_register {
            true => self.register.position(&name.text),
            false => None,
        };
        let tag = |index: usize, salience: Salience| {
            let company = &self.register.companies()[index];
            Tag {
                name: company.name.as_str().into(),
                slug: company.slug.as_str().into(),
                salience,
            }
        };
        let tagged = || detected.iter().filter(|found| found.confidence >= TAGGED);
        let unknown = |names: &[Spotted]| -> Vec<Spotted> {
            let is_unknown = |name: &&Spotted| has_register && position(name).is_none();
            names.iter().filter(is_unknown).cloned().collect()
        };
        match key {
            CompaniesKey::Detected { .. } if !self.config.companies.detect => (Vec::new(), Vec::new()),
            CompaniesKey::Detected { vetoes } => {
                let vetoed: Vec<usize> = vetoes.iter().filter_map(&position).collect();
                let kept = tagged().filter(|found| !vetoed.contains(&found.company));
                let tags = kept.map(|found| tag(found.company, found.salience));
                (tags.collect(), unknown(vetoes))
            }
            CompaniesKey::Exactly(given) => {
                let mut tags: Vec<Tag> = Vec::with_capacity(given.len());
                let mut slugs = BTreeSet::new();
                for name in given {
                    let new = match position(name) {
                        Some(index) => {
                            let found = tagged().find(|found| found.company == index);
                            tag(index, found.map_or(Salience::Secondary, |found| found.salience))
                        }
                        None => {
                            let own = one_line(&name.text);
                            Tag {
                                slug: slug(&own).into(),
                                name: own.into(),
                                salience: Salience::Secondary,
                            }
                        }
                    };
                    if !new.slug.is_empty() && slugs.insert(new.slug.clone()) {
                        tags.push(new);
                    }
                }
                tags.sort_by_key(|tag| tag.salience);
                (tags, unknown(given))
            }
        }
    }
}

/// What came of reading a file.
#[derive(Debug, Default)]
pub struct Read {
    /// The article, unless something it needs is missing.
    pub article: Option<Article>,
    /// Its story.
    pub story: Option<Story>,
    /// Whether the file says that it is a draft.
    pub is_draft: bool,
    /// What is wrong with it.
    pub found: Diagnostics,
}

/// Reads one article.
pub fn read(path: &SourcePath, text: &str, with: Reading<'_>) -> Read {
    let mut found = Diagnostics::new();
    let split = front_matter::split(path, text, &mut found);
    let decoded = front_matter::decode(path, &split, with.config, &mut found);
    let read = decoded.head.and_then(|head| {
        Builder {
            path,
            text,
            with,
            found: &mut found,
        }
        .article(head, &split)
    });
    let (article, story) = read.unzip();
    Read {
        article,
        story,
        is_draft: decoded.is_draft,
        found,
    }
}

/// The outline of an article: every link and image that leads to something of the site, and the ids.
fn outline(summary: &Summary, story: &Story, anchors: &[String]) -> Outline {
    let corrections = summary.corrections.iter().map(|correction| &correction.text);
    let texts = summary
        .standfirst
        .as_deref()
        .into_iter()
        .chain([&story.body])
        .chain(&story.takeaways)
        .chain(&story.caption)
        .chain(corrections);
    let own_picture = summary.image.as_ref().filter(|image| !image.is_external());
    let own_picture = own_picture.map(|image| Reference {
        kind: ReferenceKind::Image,
        target: image.src.text.clone(),
        place: Place::Value(image.src.spot),
    });
    let references: Vec<&Reference> = texts
        .flat_map(|prose| &prose.references)
        .chain(&own_picture)
        .collect();
    Outline::new(&references, anchors)
}

/// Builds one article from its decoded head and its Markdown.
struct Builder<'b> {
    path: &'b SourcePath,
    text: &'b str,
    with: Reading<'b>,
    found: &'b mut Diagnostics,
}

impl Builder<'_> {
    fn article(mut self, head: Head, split: &Split<'_>) -> Option<(Article, Story)> {
        let config = self.with.config;
        let options = config.markdown;
        let mut markdown = markdown::parse(split.body, split.body_start, options);
        let (standfirst, description) = match &head.summary {
            Some(summary) => {
                let (prose, text) = Prose::of_value(summary, options);
                let has_markup = prose != Prose::of_text(&text);
                (has_markup.then(|| Box::new(prose)), text)
            }
            None => {
                let paragraph = markdown.first_paragraph.take();
                (
                    None,
                    paragraph.map_or(String::new(), |text| cut_at_sentence(&text)),
                )
            }
        };
        let standfirst_text = if head.summary.is_some() {
            description.as_str()
        } else {
            ""
        };
        let detected = self.with.detect(&head.title, standfirst_text, &markdown.visible);
        let (companies, unknown_companies) = self.with.tags(&head.companies, &detected);
        if config.companies.link_mentions {
            let Markdown { body, visible, .. } = &mut markdown;
            let named = companies.iter().map(|tag| (&*tag.slug, &*tag.name));
            mentions::open(body, visible, named, &detected, self.with.register);
        }
        let id: Box<str> = match &head.id {
            Some(id) => one_line(&id.text).into(),
            // A hash of the path: it does not change when the article is edited.
            None => Fingerprint::of(self.path.as_str()).short(16).into(),
        };
        let own_slug = match &head.slug {
            Some(slug) => slug.text.clone(),
            None => front_matter::slug_of_file(self.path),
        };
        let own_slug = if own_slug.is_empty() {
            slug_of_id(&id)
        } else {
            own_slug
        };
        let url = self.url(&head, &own_slug, &id)?;
        let aliases = head
            .aliases
            .iter()
            .filter_map(|alias| self.alias(alias))
            .collect();
        let words = u32::try_from(markdown.visible.words()).unwrap_or(u32::MAX);
        let anchors = std::mem::take(&mut markdown.anchors);
        let of_value = |value: &Spotted| Prose::of_value(value, options);
        let takeaways: Vec<(Prose, String)> = head.takeaways.iter().map(of_value).collect();
        let story = Story {
            headings: std::mem::take(&mut markdown.headings),
            body: Prose::of_body(markdown),
            takeaways: takeaways.iter().map(|(prose, _)| prose.clone()).collect(),
            caption: head
                .image
                .as_ref()
                .and_then(|image| image.caption.as_ref())
                .map(|caption| Prose::of_value(caption, options).0),
            extra: head.extra,
        };
        let authors = if head.authors.is_empty() {
            config.default_authors.clone()
        } else {
            names(&head.authors)
        };
        let corrections = head.corrections.iter().map(|correction| Correction {
            date: correction.date,
            text: Prose::of_value(&correction.text, options).0,
        });
        let summary = Summary {
            path: self.path.clone(),
            id,
            url,
            title: head.title.into(),
            date: head.date,
            updated: head.updated,
            standfirst,
            has_summary: head.summary.is_some(),
            description: description.into(),
            companies,
            topics: names(&head.topics),
            authors,
            terms: head.terms.iter().map(|terms| names(terms)).collect(),
            kind: head.kind,
            importance: head.importance,
            source: head.source.map(Box::new),
            image: head.image.map(Box::new),
            corrections: corrections.collect(),
            figure: takeaways.into_iter().find_map(|(text, plain)| {
                let value = figure(&plain)?.into();
                Some(Box::new(KeyFigure { value, text }))
            }),
            noindex: head.noindex,
            lang: head.lang,
        };
        let hold = Hold {
            draft: head.draft,
            publish: head.publish,
            expires: head.expires,
        };
        let spots = Spots {
            title: head.title_spot,
            slug: head.slug.map(|slug| slug.spot),
            id: head.id.map(|id| id.spot),
        };
        let marks = Marks {
            summary: Fingerprint::of_encoded(|encoder| summary.encode(encoder)),
            story: Fingerprint::of_encoded(|encoder| story.encode(encoder)),
        };
        let article = Article {
            outline: outline(&summary, &story, &anchors),
            summary,
            words,
            marks,
            aliases,
            hold,
            spots,
            unknown_companies,
            checks: head.checks,
        };
        Some((article, story))
    }

    fn url(&mut self, head: &Head, own_slug: &str, id: &str) -> Option<Url> {
        let id_slug = slug(id);
        let fields = PermalinkFields {
            day: head.date.day,
            slug: own_slug,
            id: &id_slug,
            kind: head.kind.name(),
        };
        match self.with.config.permalink.url(fields) {
            Ok(url) => Some(url),
            Err(why) => {
                let spot = head.slug.as_ref().map_or(head.title_spot, |slug| slug.spot);
                let diagnostic = Diagnostic::new(
                    Code::BadSlug,
                    format!("`{own_slug}` cannot be part of an address: {why}"),
                );
                self.report(diagnostic.help("add a line such as `slug: another-name`"), spot);
                None
            }
        }
    }

    fn alias(&mut self, alias: &Spotted) -> Option<(Url, Spot)> {
        match alias_url(&alias.text) {
            Ok(url) => Some((url, alias.spot)),
            Err(why) => {
                let shown = one_line(&alias.text);
                let diagnostic = Diagnostic::new(
                    Code::BadAlias,
                    format!("the alias `{shown}` cannot be an address of this site: {why}"),
                );
                self.report(
                    diagnostic.help("write the old path from the root of the site: `/2024/old-name/`"),
                    alias.spot,
                );
                None
            }
        }
    }

    fn report(&mut self, diagnostic: Diagnostic, spot: Spot) {
        self.found.push(match spot.place(self.path, self.text) {
            Some(span) => diagnostic.at(self.path, span),
            None => diagnostic.in_file(self.path),
        });
    }
}

/// The slug of an article without letters in its name: the first 8 hexadecimal digits of its id, or
/// of the id's hash where it is none of ours.
fn slug_of_id(id: &str) -> String {
    match id.get(..8) {
        Some(digits) if digits.bytes().all(|byte| byte.is_ascii_hexdigit()) => digits.to_lowercase(),
        _ => Fingerprint::of(id.as_bytes()).short(8),
    }
}

/// The distinct names of a list, on one line each, in their order.
fn names(list: &[Spotted]) -> Vec<Arc<str>> {
    let mut names: Vec<Arc<str>> = Vec::with_capacity(list.len());
    let mut slugs = BTreeSet::new();
    for entry in list {
        let name = one_line(&entry.text);
        let slug = slug(&name);
        if !slug.is_empty() && slugs.insert(slug) {
            names.push(name.into());
        }
    }
    names
}

/// The address an alias stands for; the error says why there is none.
pub fn alias_url(alias: &str) -> Result<Url, String> {
    let path = alias.trim();
    if path.contains("://") || path.starts_with("//") {
        return Err("it names another host".to_owned());
    }
    if path.contains(['?', '#']) {
        return Err("a static site cannot tell addresses apart by `?` or `#`".to_owned());
    }
    let path = crate::ground::path::decode_path(path).ok_or("it is not valid UTF-8 once decoded")?;
    if path.split('/').any(|segment| segment == "..") {
        return Err("it leaves the site".to_owned());
    }
    let trimmed = path.trim_start_matches('/');
    let last = trimmed.rsplit('/').next().unwrap_or(trimmed);
    if trimmed.is_empty() {
        return Err("it is the front page".to_owned());
    }
    if last.contains('.') && !path.ends_with('/') {
        OutputPath::new(trimmed).map(|file| Url::file(&file))
    } else {
        Url::page(&path)
    }
}

/// The longest standfirst made from a paragraph, in characters.
const STANDFIRST_CHARACTERS: usize = 280;

/// The start of a paragraph, cut behind a sentence where one ends in time, else behind a word.
pub fn cut_at_sentence(text: &str) -> String {
    let text = one_line(text);
    let Some((limit, _)) = text.char_indices().nth(STANDFIRST_CHARACTERS) else {
        return text;
    };
    let head = &text[..limit];
    let mut ends = head.char_indices().filter(|&(at, c)| {
        let next = at + c.len_utf8();
        matches!(c, '。' | '！' | '？')
            || (matches!(c, '.' | '!' | '?' | '…') && head[next..].starts_with([' ', '”', '"', '’']))
    });
    if let Some((at, c)) = ends.next_back().filter(|&(at, _)| at > limit / 3) {
        let end = at + c.len_utf8();
        let closing: usize = head[end..]
            .chars()
            .take_while(|c| matches!(c, '”' | '"' | '’'))
            .map(char::len_utf8)
            .sum();
        return head[..end + closing].to_owned();
    }
    let word_end = head.rfind(' ').unwrap_or(head.len());
    format!("{}…", head[..word_end].trim_end_matches([',', ';', ':', ' ']))
}

/// What was read without the story, which is read again when it is needed.
impl Encode for Read {
    fn encode(&self, to: &mut Encoder) {
        self.article.encode(to);
        self.is_draft.encode(to);
        self.found.encode(to);
    }
}

impl Decode for Read {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some(Read {
            article: Option::decode(from)?,
            story: None,
            is_draft: bool::decode(from)?,
            found: Diagnostics::decode(from)?,
        })
    }
}

encoded!(struct Article {
    summary, outline, words, marks, aliases, hold, spots, unknown_companies,
    checks,
});
encoded!(struct Marks { summary, story });
encoded!(struct Spots { title, slug, id });
encoded!(struct Hold { draft, publish, expires });
encoded!(struct Summary {
    path, id, url, title, date, updated, standfirst, has_summary, description, companies, topics, authors,
    terms, kind, importance, source, image, corrections, figure, noindex, lang,
});
encoded!(struct KeyFigure { value, text });
encoded!(struct Tag { name, slug, salience });
encoded!(struct Correction { date, text });
encoded!(struct Story { body, headings, takeaways, caption, extra });
encoded!(struct Prose { body, references });
encoded!(struct Reference { kind, target, place });

impl Encode for Outline {
    fn encode(&self, to: &mut Encoder) {
        to.bytes(&self.0);
    }
}

impl Decode for Outline {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let bytes = from.bytes()?;
        let (references, anchors): (Vec<Reference>, Vec<String>) = encoding::decode(bytes)?;
        let references: Vec<&Reference> = references.iter().collect();
        Some(Outline::new(&references, &anchors))
    }
}

impl Encode for Place {
    fn encode(&self, to: &mut Encoder) {
        if !to.has_places() {
            return;
        }
        match self {
            Place::Bytes(span) => {
                to.raw(&[0]);
                span.encode(to);
            }
            Place::Value(spot) => {
                to.raw(&[1]);
                spot.encode(to);
            }
        }
    }
}

impl Decode for Place {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Span::decode(from).map(Place::Bytes),
            1 => Spot::decode(from).map(Place::Value),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aliases() {
        let check = |alias: &str, expected: Result<&str, &str>| {
            let shown = alias_url(alias).map(|url| url.to_string());
            assert_eq!(
                shown.as_ref().map(String::as_str).map_err(String::as_str),
                expected,
                "{alias}"
            );
        };
        check("/2024/old/", Ok("/2024/old/"));
        check("old", Ok("/old/"));
        check("/old.html", Ok("/old.html"));
        check("/caf%C3%A9/", Ok("/café/"));
        check("https://elsewhere.org/x", Err("it names another host"));
        check("//evil.org/x", Err("it names another host"));
        check("/../x", Err("it leaves the site"));
        check("/%2e%2e/x", Err("it leaves the site"));
        check("/", Err("it is the front page"));
        check(
            "/?p=12",
            Err("a static site cannot tell addresses apart by `?` or `#`"),
        );
    }

    #[test]
    fn terms_are_distinct_by_slug_however_many_there_are() {
        let spotted = |text: String| Spotted { text, spot: Spot(0) };
        let few = ["AI", "Chips", "a.i", "ai", "!", " Ch\tips "].map(|text| spotted(text.to_owned()));
        let kept: Vec<Arc<str>> = ["AI", "Chips", "a.i", "Ch ips"].map(Arc::from).to_vec();
        assert_eq!(names(&few), kept);
        // Comparing each with all others would take minutes.
        let many: Vec<Spotted> = (0..40_000).map(|number| spotted(format!("T {number}"))).collect();
        assert_eq!(names(&many).len(), many.len());
    }

    #[test]
    fn standfirsts_end_with_a_sentence_or_a_word() {
        assert_eq!(cut_at_sentence("Short.\nText"), "Short. Text");
        let sentence = "Oracle will build ten more halls in Texas. ";
        assert!(cut_at_sentence(&sentence.repeat(20)).ends_with("Texas."));
        let long = cut_at_sentence(&"word ".repeat(100));
        assert!(
            long.ends_with("word…") && long.chars().count() <= STANDFIRST_CHARACTERS + 1,
            "{long}"
        );
        assert_eq!(
            cut_at_sentence(&"語".repeat(300)).chars().count(),
            STANDFIRST_CHARACTERS + 1
        );
    }
}
