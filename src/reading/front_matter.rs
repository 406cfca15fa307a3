//! Front matter: the YAML in front of a Markdown file, split off and decoded.
//!
//! Nothing here decides what a value means for the site; that an article is held, or what its
//! address is, follows later from these fields.

mod edit;

use super::checks::Checks;
use super::config::Config;
use super::yaml::{self, Document, Fields, Read, Value, cut_by_comment, cut_by_mark};
use crate::ground::date::{Day, Moment, parse_moment};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::ground::encoding::{Decode, Decoder, Encode, Encoder, encoded};
use crate::ground::path::{SourcePath, slug};
use crate::ground::span::Span;
use crate::ground::text::{is_language_tag, one_line, web_address};

pub use edit::{Change, Wanted, set};

/// A Markdown file in its two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split<'t> {
    /// The YAML between the dividers and where it starts; `None` where there is no front matter.
    pub yaml: Option<(&'t str, usize)>,
    /// The Markdown behind it.
    pub body: &'t str,
    /// Where the Markdown starts in the file.
    pub body_start: usize,
}

/// Splits a file. The front matter is opened by `---` alone on the first line and closed by `---`
/// or `...` alone on a line; a byte-order mark before it is passed over.
pub fn split<'t>(file: &SourcePath, text: &'t str, found: &mut Diagnostics) -> Split<'t> {
    let start = if text.starts_with('\u{feff}') {
        '\u{feff}'.len_utf8()
    } else {
        0
    };
    let plain = Split {
        yaml: None,
        body: &text[start..],
        body_start: start,
    };
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if first.trim_end() == "+++" {
        found.push(
            Diagnostic::new(
                Code::UnclosedFrontMatter,
                "the front matter is TOML (`+++`); brief reads YAML (`---`)",
            )
            .at(file, Span::new(start, start + 3))
            .help("write it as YAML: `---` above and below, and `title: …` instead of `title = …`"),
        );
        return plain;
    }
    if first.trim_end() != "---" {
        return plain;
    }
    let yaml_start = start + first.len();
    let mut at = yaml_start;
    for line in lines {
        let end = at + line.len();
        if matches!(line.trim_end(), "---" | "...") {
            return Split {
                yaml: Some((&text[yaml_start..at], yaml_start)),
                body: &text[end..],
                body_start: end,
            };
        }
        at = end;
    }
    found.push(
        Diagnostic::new(
            Code::UnclosedFrontMatter,
            "the front matter is opened here and never closed",
        )
        .at(file, Span::new(start, start + 3))
        .help("write a line with `---` alone below the last key"),
    );
    // What stands behind the first empty line is most likely the article: read as keys it would only
    // give further errors.
    let keys = &text[yaml_start..];
    let keys_end = ["\n\n", "\n\r\n"]
        .iter()
        .filter_map(|gap| keys.find(gap).map(|at| at + 1))
        .min()
        .unwrap_or(keys.len());
    Split {
        yaml: Some((&keys[..keys_end], yaml_start)),
        body: "",
        body_start: text.len(),
    }
}

/// Where a value stands: the number of its node in the front matter. A place is needed only when
/// something is wrong with the value; it is then found by reading the file again, which keeps the
/// places of a hundred thousand articles out of memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Spot(pub u32);

impl Spot {
    /// The bytes of the value in its file, given the file's text.
    pub fn place(self, file: &SourcePath, text: &str) -> Option<Span> {
        let mut ignored = Diagnostics::new();
        let (yaml, start) = split(file, text, &mut ignored).yaml?;
        let document = yaml::parse(file, yaml, start, &mut ignored)?;
        Some(document.place_of(self.0))
    }
}

/// A text and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spotted {
    /// The text.
    pub text: String,
    /// Its node.
    pub spot: Spot,
}

/// What `companies:` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CompaniesKey {
    /// Nothing: companies are detected, except those vetoed (`-Oracle`).
    Detected {
        /// Names that must not be tagged.
        vetoes: Vec<Spotted>,
    },
    /// Exactly these.
    Exactly(Vec<Spotted>),
}

/// The kind of an article.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each is named like its value")]
pub enum Kind {
    News,
    Brief,
    Analysis,
    Opinion,
    Interview,
}

/// The names of the kinds.
pub const KINDS: [(&str, Kind); 5] = [
    ("news", Kind::News),
    ("brief", Kind::Brief),
    ("analysis", Kind::Analysis),
    ("opinion", Kind::Opinion),
    ("interview", Kind::Interview),
];

impl Kind {
    /// The name as in front matter.
    pub fn name(self) -> &'static str {
        KINDS
            .iter()
            .find(|(_, kind)| *kind == self)
            .map_or("news", |(name, _)| name)
    }
}

/// The report an article rests on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Source {
    /// Who published it.
    pub name: Option<String>,
    /// Where.
    pub url: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When.
    pub date: Option<Moment>,
}

/// The picture of an article.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// A path beside the article, a path on the site, or an absolute address.
    pub src: Spotted,
    /// What it shows, for those who do not see it.
    pub alt: String,
    /// The words under it, inline Markdown.
    pub caption: Option<Spotted>,
    /// Whose it is.
    pub credit: Option<String>,
}

impl Picture {
    /// Whether it lies on another site.
    pub fn is_external(&self) -> bool {
        is_web(&self.src.text)
    }
}

/// One correction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    /// When it was made.
    pub date: Moment,
    /// What was wrong, inline Markdown.
    pub text: Spotted,
}

/// The decoded front matter of an article.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    missing_docs,
    reason = "each field is named like its key; PRODUCT's table explains them"
)]
pub struct Head {
    pub title: String,
    pub date: Moment,
    pub updated: Option<Moment>,
    pub summary: Option<Spotted>,
    pub companies: CompaniesKey,
    pub topics: Vec<Spotted>,
    pub authors: Vec<Spotted>,
    /// The values of the site's further taxonomies, in the order of the settings.
    pub terms: Vec<Vec<Spotted>>,
    pub kind: Kind,
    pub importance: u8,
    pub takeaways: Vec<Spotted>,
    pub source: Option<Source>,
    pub image: Option<Picture>,
    pub corrections: Vec<Correction>,
    pub draft: bool,
    pub publish: Option<Moment>,
    pub expires: Option<Moment>,
    pub noindex: bool,
    pub slug: Option<Spotted>,
    pub aliases: Vec<Spotted>,
    pub id: Option<Spotted>,
    pub lang: Option<String>,
    pub checks: Checks,
    pub extra: Value,
    /// Where the title stands, for what concerns the article as a whole.
    pub title_spot: Spot,
}

/// The most takeaways of an article.
const MAX_TAKEAWAYS: usize = 5;

/// The longest headline, in bytes; anything longer is a mistake in the file.
const MAX_TITLE_BYTES: usize = 20_000;

/// What there is to know about an article even if it cannot be published.
#[derive(Debug, Default)]
pub struct Decoded {
    /// The head, if nothing that an article must have is missing.
    pub head: Option<Head>,
    /// Whether the file says `draft: true`.
    pub is_draft: bool,
}

/// Decodes the front matter of an article; everything wrong with it goes to `found`.
pub fn decode(file: &SourcePath, split: &Split<'_>, config: &Config, found: &mut Diagnostics) -> Decoded {
    let Some((yaml, start)) = split.yaml else {
        if !found.has_errors() {
            found.push(
                Diagnostic::new(
                    Code::MissingTitle,
                    "the article has no front matter, so it has no headline",
                )
                .at(file, Span::new(split.body_start, split.body_start))
                .help("put four lines above it: `---`, `title: \"The headline\"`, `date: 2025-01-21`, `---`"),
            );
        }
        return Decoded::default();
    };
    let Some(document) = yaml::parse(file, yaml, start, found) else {
        return Decoded::default();
    };
    let mut reader = Reader {
        fields: Fields::new(&document, document.root(), "an article"),
        document: &document,
        config,
        file,
    };
    let is_draft = reader.fields.boolean(&["draft"]).is_some_and(|draft| draft.value);
    let head = reader.head(is_draft);
    found.extend(reader.fields.finish());
    Decoded { head, is_draft }
}

/// What of a front matter tagging asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct Naming {
    /// The headline; empty where there is none.
    pub title: String,
    /// Where the headline stands word for word in the file: not where it is written with escapes.
    pub title_place: Option<Span>,
    /// The standfirst as it is written.
    pub summary: Option<Spotted>,
    /// What `companies:` says.
    pub companies: CompaniesKey,
}

/// Decodes only what tagging asks for, so that an article is tagged whatever else is missing in it.
pub fn decode_naming(
    file: &SourcePath,
    split: &Split<'_>,
    config: &Config,
    found: &mut Diagnostics,
) -> Naming {
    let mut naming = Naming {
        title: String::new(),
        title_place: None,
        summary: None,
        companies: CompaniesKey::Detected { vetoes: Vec::new() },
    };
    let document = split
        .yaml
        .and_then(|(yaml, start)| yaml::parse(file, yaml, start, found));
    let Some(document) = document else {
        return naming;
    };
    let mut reader = Reader {
        fields: Fields::new(&document, document.root(), "an article"),
        document: &document,
        config,
        file,
    };
    if let Some(title) = reader.fields.text(&["title"]) {
        naming.title = one_line(&title.value);
        let start = document.place_written(title.node).start as usize;
        naming.title_place = document
            .raw(title.node)
            .find(&naming.title)
            .map(|at| Span::new(start + at, start + at + naming.title.len()));
    }
    naming.summary = reader
        .fields
        .text(&["summary", "description", "excerpt"])
        .map(spotted);
    naming.companies = reader.companies();
    naming
}

/// Reads the keys of one article.
struct Reader<'d> {
    fields: Fields<'d>,
    document: &'d Document,
    config: &'d Config,
    file: &'d SourcePath,
}

impl<'d> Reader<'d> {
    fn head(&mut self, draft: bool) -> Option<Head> {
        self.refuse_cut("title");
        let title = self.title();
        let date = self.date();
        let summary = self.fields.text(&["summary", "description", "excerpt"]);
        self.refuse_cut("summary");
        let updated = self.moment(&["updated", "lastmod", "modified"]);
        let companies = self.companies();
        // Other generators' articles often have both tags and categories.
        let topics = ["topics", "tags", "categories"]
            .into_iter()
            .flat_map(|name| self.spotted_list(&[name]));
        let topics = topics.collect();
        let authors = self.spotted_list(&["authors", "author"]);
        let terms = self.further_terms();
        let kind = self
            .fields
            .choice(&["kind"], &KINDS)
            .map_or(Kind::News, |kind| kind.value);
        let importance = self
            .fields
            .number(&["importance"], 1..=5)
            .map_or(3, |number| number.value);
        let takeaways = self.takeaways();
        let source = self.source();
        let image = self.image();
        let corrections = self.corrections();
        let publish = self.moment(&["publish", "publishDate", "publish_date"]);
        let expires = self.moment(&["expires", "expiryDate", "expiry_date"]);
        let noindex = self
            .fields
            .boolean(&["noindex"])
            .is_some_and(|noindex| noindex.value);
        let slug = self.slug();
        let aliases = self.spotted_list(&["aliases", "redirect_from"]);
        let id = self.fields.text(&["id"]).map(spotted);
        let lang = self.lang();
        let checks = Checks::read(&mut self.fields, "the key `checks`");
        let extra = self
            .fields
            .node(&["extra"])
            .map_or(Value::Map(Vec::new()), |extra| extra.value.clone());
        let (title, title_spot) = title?;
        Some(Head {
            title,
            date: date?,
            updated,
            summary: summary
                .map(spotted)
                .filter(|summary| !summary.text.trim().is_empty()),
            companies,
            topics,
            authors,
            terms,
            kind,
            importance: u8::try_from(importance).unwrap_or(3),
            takeaways,
            source,
            image,
            corrections,
            draft,
            publish,
            expires,
            noindex,
            slug,
            aliases,
            id,
            lang,
            checks,
            extra,
            title_spot,
        })
    }

    fn title(&mut self) -> Option<(String, Spot)> {
        let present = self.fields.is_present("title");
        match self.fields.text(&["title"]) {
            Some(title) => {
                let text = one_line(&title.value);
                if text.is_empty() {
                    self.fields.report(
                        Code::MissingTitle,
                        title.node,
                        "the headline is empty",
                        "write the headline behind `title:`",
                    );
                    return None;
                }
                if text.len() > MAX_TITLE_BYTES {
                    let message = format!("the headline is {} bytes long", text.len());
                    self.fields.report(
                        Code::BadValue,
                        title.node,
                        message,
                        "a quotation mark may be missing at its end",
                    );
                    return None;
                }
                Some((text, Spot(title.node.id())))
            }
            None => {
                // A title of the wrong type has been reported already.
                if !present || self.fields.is_null("title") {
                    let message = if present {
                        "the headline is empty"
                    } else {
                        "the article has no `title`"
                    };
                    let help = "add a line such as `title: \"The headline\"`";
                    self.fields
                        .report_at_key(Code::MissingTitle, "title", message, help);
                }
                None
            }
        }
    }

    fn date(&mut self) -> Option<Moment> {
        match self.fields.text(&["date"]) {
            Some(date) => self.read_moment(&date),
            None if self.fields.is_present("date") && !self.fields.is_null("date") => None,
            None => {
                let by_name = date_prefix(self.file).map(|(day, _)| Moment::on(day, &self.config.zone));
                if by_name.is_none() && self.fields.is_present("date") {
                    // `brief import` leaves it so where a text does not say.
                    self.fields.report_blank(
                        Code::MissingDate,
                        "date",
                        "`date` is left blank",
                        &[
                            "write the day on which it appeared, such as `date: 2025-01-21`; until it is known, `draft: true` keeps the article off the site",
                            "an article that came by `brief import` and was not edited since takes it from another import with `--date 2025-01-21`",
                        ],
                    );
                } else if by_name.is_none() {
                    let help = "add a line such as `date: 2025-01-21`, or name the file `2025-01-21-slug.md`";
                    self.fields
                        .report_at_key(Code::MissingDate, "date", "the article has no `date`", help);
                }
                by_name
            }
        }
    }

    fn moment(&mut self, names: &[&'static str]) -> Option<Moment> {
        let read = self.fields.text(names)?;
        self.read_moment(&read)
    }

    fn read_moment(&mut self, read: &Read<'d, String>) -> Option<Moment> {
        match parse_moment(&read.value, &self.config.zone) {
            Ok(moment) => Some(moment),
            Err(why) => {
                self.fields.report(
                    Code::BadDate,
                    read.node,
                    why,
                    "dates are written year first: `2025-01-21` or `2025-01-21T09:30`",
                );
                None
            }
        }
    }

    fn companies(&mut self) -> CompaniesKey {
        if self.fields.node(&["companies"]).is_none() {
            return CompaniesKey::Detected { vetoes: Vec::new() };
        }
        let names = self.spotted_list(&["companies"]);
        let is_veto = |name: &Spotted| name.text.starts_with('-') && name.text.len() > 1;
        if names.is_empty() || !names.iter().all(is_veto) {
            for veto in names.iter().filter(|name| is_veto(name)) {
                let message = format!("`{}` means nothing beside names", veto.text);
                let mut diagnostic = Diagnostic::new(Code::BadValue, message)
                    .at(self.file, self.document.place_of(veto.spot.0))
                    .help("a list of names is exact already; a list of `-Name` takes away from what is detected");
                // What was meant is clear enough to publish.
                diagnostic.severity = Severity::Warning;
                self.fields.push(diagnostic);
            }
            let given = names.into_iter().filter(|name| !is_veto(name)).collect();
            return CompaniesKey::Exactly(given);
        }
        let veto = |name: Spotted| Spotted {
            text: name.text[1..].trim().to_owned(),
            spot: name.spot,
        };
        CompaniesKey::Detected {
            vetoes: names.into_iter().map(veto).collect(),
        }
    }

    fn further_terms(&mut self) -> Vec<Vec<Spotted>> {
        let config = self.config;
        let mut spotted_terms =
            |name: &String| self.fields.texts_named(name).into_iter().map(spotted).collect();
        config.taxonomies.iter().map(&mut spotted_terms).collect()
    }

    fn takeaways(&mut self) -> Vec<Spotted> {
        let mut takeaways = self.spotted_list(&["takeaways"]);
        if takeaways.len() > MAX_TAKEAWAYS
            && let Some(node) = self.fields.node(&["takeaways"])
        {
            let message = format!(
                "there are {} takeaways; {MAX_TAKEAWAYS} are shown at most",
                takeaways.len()
            );
            self.fields
                .report(Code::BadValue, node, message, "keep the five that matter most");
            takeaways.truncate(MAX_TAKEAWAYS);
        }
        takeaways
    }

    fn source(&mut self) -> Option<Source> {
        let node = self.fields.node(&["source"])?;
        if !matches!(node.value, Value::Map(_)) {
            // A name or an address alone is the short form.
            let text = self.fields.text(&["source"])?.value;
            return Some(if is_web(&text) {
                Source {
                    url: Some(web_address(&text).into_owned()),
                    ..Source::default()
                }
            } else {
                Source {
                    name: Some(text),
                    ..Source::default()
                }
            });
        }
        let mut map = self.fields.map(&["source"], "a source")?;
        let name = map.text(&["name"]).map(|name| one_line(&name.value));
        let url = map.text(&["url"]);
        let author = map.text(&["author"]).map(|author| one_line(&author.value));
        let date = map.text(&["date"]);
        let url = url.and_then(|url| {
            if is_web(&url.value) {
                return Some(web_address(&url.value).into_owned());
            }
            map.report(
                Code::BadValue,
                url.node,
                "the address of the source must start with `https://`",
                "give the full address of the report",
            );
            None
        });
        self.fields.absorb(map);
        let date = date.and_then(|date| self.read_moment(&date));
        Some(Source {
            name,
            url,
            author,
            date,
        })
    }

    fn image(&mut self) -> Option<Picture> {
        let node = self.fields.node(&["image", "cover"])?;
        if !matches!(node.value, Value::Map(_)) {
            let src = picture_source(self.fields.text(&["image", "cover"])?);
            return Some(Picture {
                src,
                alt: String::new(),
                caption: None,
                credit: None,
            });
        }
        let mut map = self.fields.map(&["image", "cover"], "an image")?;
        let src = map.text(&["src"]).map(picture_source);
        let alt = map
            .text(&["alt"])
            .map(|alt| one_line(&alt.value))
            .unwrap_or_default();
        let caption = map.text(&["caption"]).map(spotted);
        let credit = map.text(&["credit"]).map(|credit| one_line(&credit.value));
        if src.is_none() {
            map.report(
                Code::BadValue,
                node,
                "the image has no `src`",
                "add `src:` with the path of the picture",
            );
        }
        self.fields.absorb(map);
        src.map(|src| Picture {
            src,
            alt,
            caption,
            credit,
        })
    }

    fn corrections(&mut self) -> Vec<Correction> {
        let Some(list) = self.fields.list(&["corrections"]) else {
            return Vec::new();
        };
        let mut corrections = Vec::with_capacity(list.len());
        for item in list {
            let mut map = Fields::new(self.document, item, "a correction");
            let date = map.text(&["date"]);
            let text = map.text(&["text"]).map(spotted);
            if date.is_none() || text.is_none() {
                map.report(
                    Code::BadValue,
                    item,
                    "a correction has a `date` and a `text`",
                    "write `- {date: 2025-01-22, text: \"What was wrong\"}`",
                );
            }
            self.fields.absorb(map);
            if let (Some(date), Some(text)) = (date.and_then(|date| self.read_moment(&date)), text) {
                corrections.push(Correction { date, text });
            }
        }
        corrections
    }

    fn slug(&mut self) -> Option<Spotted> {
        let given = self.fields.text(&["slug"])?;
        let clean = slug(&given.value);
        if clean.is_empty() {
            let message = format!("the slug `{}` has no letter and no digit", one_line(&given.value));
            self.fields.report(
                Code::BadSlug,
                given.node,
                message,
                "write a slug such as `oracle-cloud`",
            );
            return None;
        }
        if given.value.contains(['/', '\\']) {
            let message = format!("the slug `{}` is a path", one_line(&given.value));
            let help = format!("a slug is one part of an address; write `slug: {clean}`");
            self.fields.report(Code::BadSlug, given.node, message, help);
            return None;
        }
        Some(Spotted {
            text: clean,
            spot: Spot(given.node.id()),
        })
    }

    fn lang(&mut self) -> Option<String> {
        let lang = self.fields.text(&["lang", "language"])?;
        if is_language_tag(&lang.value) {
            return Some(lang.value);
        }
        let message = format!("`{}` is not a language tag", one_line(&lang.value));
        self.fields.report(
            Code::BadValue,
            lang.node,
            message,
            "write it like `en`, `fr` or `pt-BR`",
        );
        None
    }

    fn spotted_list(&mut self, names: &[&'static str]) -> Vec<Spotted> {
        self.fields
            .texts(names)
            .unwrap_or_default()
            .into_iter()
            .map(spotted)
            .collect()
    }

    /// YAML takes ` #` for the start of a comment and `!` or `&` for marks of its own, which
    /// silently cuts a headline.
    fn refuse_cut(&mut self, key: &'static str) {
        let Some(node) = self.fields.written(&[key]) else {
            return;
        };
        let comment = cut_by_comment(self.document, node).map(|cut| (cut, "` #` for a comment"));
        let mark =
            || cut_by_mark(self.document, node).map(|cut| (cut, "the first word for a mark of its own"));
        if let Some(((span, quoted), what)) = comment.or_else(mark) {
            self.fields.push(
                Diagnostic::new(
                    Code::YamlSyntax,
                    format!("YAML takes {what}, which cuts the {key}"),
                )
                .at(self.file, span)
                .help(format!("write it in quotes: {key}: {quoted}")),
            );
        }
    }
}

/// Where a picture lies: a path as it is, or an address as it may be written.
fn picture_source(read: Read<'_, String>) -> Spotted {
    let mut src = spotted(read);
    if is_web(&src.text) {
        src.text = web_address(&src.text).into_owned();
    }
    src
}

fn is_web(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

fn spotted(read: Read<'_, String>) -> Spotted {
    let trimmed = read.value.trim();
    Spotted {
        spot: Spot(read.node.id()),
        text: if trimmed.len() == read.value.len() {
            read.value
        } else {
            trimmed.to_owned()
        },
    }
}

/// The day in front of a file's name and what follows it: `2025-01-21-oracle.md`; for `index.md`
/// the name is its folder's.
pub fn date_prefix(file: &SourcePath) -> Option<(Day, &str)> {
    let name = own_name(file);
    let day = Day::parse(name.get(..10)?)?;
    let rest = &name[10..];
    if rest.is_empty() {
        Some((day, rest))
    } else {
        rest.strip_prefix(['-', '_']).map(|rest| (day, rest))
    }
}

/// What a file is called: its name without `.md`, or its folder's for `index.md`.
pub fn own_name(file: &SourcePath) -> &str {
    if file.stem() == "index" || file.stem() == "_index" {
        let folder = file.folder();
        return folder.rfind('/').map_or(folder, |slash| &folder[slash + 1..]);
    }
    file.stem()
}

/// The slug that a file's name gives, without its date.
pub fn slug_of_file(file: &SourcePath) -> String {
    slug(date_prefix(file).map_or_else(|| own_name(file), |(_, rest)| rest))
}

impl Encode for Spot {
    fn encode(&self, to: &mut Encoder) {
        if to.has_places() {
            self.0.encode(to);
        }
    }
}

impl Decode for Spot {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        u32::decode(from).map(Spot)
    }
}

encoded!(struct Spotted { text, spot });
encoded!(enum Kind { 0 => News, 1 => Brief, 2 => Analysis, 3 => Opinion, 4 => Interview });
encoded!(struct Source { name, url, author, date });
encoded!(struct Picture { src, alt, caption, credit });
