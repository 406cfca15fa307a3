//! How the site of any generator is brought over: two looks at its files.
//!
//! The first reads heads alone and settles where everything will stand; the second reads one file at a
//! time, turns its text into Markdown and leads its links to the new places. So a site of any size needs
//! no more memory than its heads.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::book::{self, Book, Entry, TARGET};
use super::desk::{self, Taken};
use super::head;
use super::moment::When;
use super::post::{Attachment, Contents, Front, LeftOut, Note, Picture, Post};
use super::rewrite::{self, Fate, Kind};
use super::text::{Body, Code, note_markup};
use super::tree::Tree;
use super::value::{Keys, line_and_column};
use crate::building::inspection::twin::{self, Sketch};
use crate::ground::path::{SourcePath, Url, check_portable_name, decode_path, slug};
use crate::reading::article::{Reading, alias_url};
use crate::reading::markdown;

/// What a file of the old site is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Something with a date.
    Article,
    /// Something without.
    Page,
}

/// What the head of a file says, by the rules of its generator.
#[derive(Clone, Debug)]
pub struct Head {
    /// What it is for.
    pub role: Role,
    /// Its front matter in brief's form, without companies, aliases and address.
    pub front: Front,
    /// Its date.
    pub when: Option<When>,
    /// Its part of the old address, which the new one keeps.
    pub slug: String,
    /// Its old addresses: its own first, then those that led there.
    pub old: Vec<String>,
    /// Further addresses by which its own texts may link to it.
    pub known_as: Vec<String>,
    /// What became of keys.
    pub notes: Vec<Note>,
}

/// What to do with a file.
#[derive(Clone, Debug)]
pub enum Understood {
    /// It comes along.
    Take(Box<Head>),
    /// It does not, for this reason.
    Leave(String),
}

/// A generator with what its settings say.
pub trait Generator: Sync {
    /// The files that may be articles or pages.
    fn sources(&self, tree: &Tree) -> Vec<String>;

    /// Understands the head of a file.
    fn head(&self, file: &str, keys: Keys, body: &str) -> Understood;

    /// Turns the markup of the generator in a text into Markdown.
    fn body(&self, body: &Body<'_>, head: &Head, book: &Book, notes: &mut Vec<Note>) -> String;

    /// The folders whose files stand at the root of the old site.
    fn roots(&self) -> Vec<String>;

    /// Adds what is known of the site as a whole.
    fn fill(&self, book: &mut Book);

    /// Lists of terms, by the term: the old address of the list.
    fn term_addresses(&self, _topic: &str) -> Vec<String> {
        Vec::new()
    }

    /// Whether these lists stand where the generator says, and not where a template or a plug-in may have put them.
    fn has_lists(&self) -> bool {
        true
    }

    /// Whether pictures and files that did not come along still stand where they are.
    fn keeps_files_elsewhere(&self) -> bool {
        false
    }

    /// Whether the files of a site's root may be published: not sources and settings.
    fn publishes(&self, _file: &str) -> bool {
        true
    }
}

/// A file that could not be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// What is wrong.
    pub message: String,
}

/// What came of one file.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// So many files are known to come from here on.
    Expected(usize),
    /// An article or a page.
    Came(Box<Post>),
    /// It could not be understood.
    Failed(Problem),
}

/// What is known of a file after the first look.
#[derive(Debug)]
pub struct Planned {
    file: String,
    role: Role,
    path: SourcePath,
    own: Option<Url>,
    slug: String,
    old: Vec<String>,
    aliases: Vec<String>,
    moved_pages: Vec<Attachment>,
    notes: Vec<Note>,
}

/// Brings a site over: every article and page is handed on in the order of the files. What was left out
/// as a whole is counted.
pub fn bring(
    tree: &Tree,
    generator: &dyn Generator,
    reading: Reading<'_>,
    hand_on: &mut dyn FnMut(Outcome) -> Result<(), String>,
) -> Result<LeftOut, String> {
    let mut left_out = LeftOut::new();
    for (path, why) in &tree.passed_over {
        *left_out.entry(format!("`{path}`: {why}")).or_default() += 1;
    }
    let mut book = Book::default();
    generator.fill(&mut book);
    let planned = plan(tree, generator, reading, &mut book, &mut left_out, hand_on)?;
    hand_on(Outcome::Expected(planned.len()))?;
    for chunk in planned.chunks(512) {
        let outcomes: Vec<Outcome> = chunk
            .par_iter()
            .map(|planned| convert(tree, generator, reading, &book, planned))
            .collect();
        for outcome in outcomes {
            hand_on(outcome)?;
        }
    }
    Ok(left_out)
}

impl Planned {
    /// The file, or its name in an export.
    pub fn file(&self) -> &str {
        &self.file
    }
}

/// What the first look has settled so far.
#[derive(Debug, Default)]
pub struct Settled {
    planned: Vec<Planned>,
    topics: BTreeSet<String>,
}

impl Settled {
    /// Decides where something will stand.
    pub fn add(
        &mut self,
        file: String,
        head: Head,
        reading: Reading<'_>,
        book: &mut Book,
        taken: &mut Taken,
    ) {
        if !head.front.draft {
            self.topics.extend(head.front.topics.iter().cloned());
        }
        self.planned.push(settle(file, head, reading, book, taken));
    }

    /// Decides which old addresses lead where, once all is known.
    pub fn finish(
        mut self,
        generator: &dyn Generator,
        reading: Reading<'_>,
        book: &mut Book,
        taken: &mut Taken,
    ) -> Vec<Planned> {
        for topic in &self.topics {
            let to = match reading.register.find(topic) {
                Some(company) => format!("/companies/{}/", company.slug),
                None => format!("/topics/{}/", slug(topic)),
            };
            for address in generator.term_addresses(topic) {
                match generator.has_lists() {
                    true => book.move_list(&address, &to),
                    false => book.rename(&address, &to),
                }
            }
        }
        // Own addresses first: no old one may stand where an article will.
        for own in self.planned.iter().filter_map(|planned| planned.own.as_ref()) {
            taken.address(own);
        }
        if let Some(first) = self.planned.first_mut() {
            let feeds = book.moved_feeds().iter().filter(|(old, new)| old != new);
            first.notes.extend(feeds.map(|(old, new)| {
                let became = format!("stands at `{new}` here: have the host lead its readers there");
                Note::whole("", "feed", became).about(old)
            }));
        }
        let moved = desk::moved(reading, book.base());
        if let (Err(became), Some(first)) = (&moved, self.planned.first_mut()) {
            first
                .notes
                .push(Note::whole("brief.yaml", "old addresses", became.clone()));
        }
        let moved = moved.unwrap_or_default();
        for planned in &mut self.planned {
            let Planned { file, notes, old, .. } = planned;
            let old: Vec<String> = old.iter().map(|old| below(&moved, old)).collect();
            let aliases = desk::aliases(&old, planned.own.as_ref(), taken, file, notes);
            match planned.role {
                Role::Article => planned.aliases = aliases,
                // Pages have no aliases; a page that leads on stands at the old address instead.
                Role::Page => {
                    let moved = aliases
                        .iter()
                        .filter_map(|alias| moved_page(alias, planned.own.as_ref()?));
                    planned.moved_pages = moved.collect();
                }
            }
        }
        // Lists come last: where an article has been, it is what its readers look for.
        let (mut lists, mut led) = (Vec::new(), Vec::new());
        for (old, new) in book.moved_lists() {
            let old = below(&moved, old);
            let (Ok(url), Ok(to)) = (alias_url(&old), Url::page(new.trim_matches('/'))) else {
                continue;
            };
            // What brief has folders for itself may stand there one day.
            let first = url.as_str().trim_start_matches('/').split('/').next();
            let is_own = first.is_none_or(|first| desk::OWN.contains(&format!("/{first}/").as_str()));
            if !is_own && taken.address(&url) {
                lists.extend(moved_page(url.as_str(), &to));
                let became = "a page in static/ leads on from its old address";
                led.push(Note::whole("", "list of a section or a term", became).about(url.as_str()));
            }
        }
        if let Some(first) = self.planned.first_mut() {
            first.moved_pages.extend(lists);
            first.notes.extend(led);
        }
        self.planned
    }
}

/// An old address as this site sees it, which lies above the old one.
fn below(moved: &str, old: &str) -> String {
    match moved.is_empty() {
        true => old.to_owned(),
        false => format!("{moved}/{}", old.trim_start_matches('/')),
    }
}

/// A head as it was read, with what a file needs of it.
type Looked = Result<(String, Understood), Problem>;

fn look(tree: &Tree, generator: &dyn Generator, file: &str) -> Looked {
    let text = tree.read(file).map_err(|(at, message)| {
        let bytes = std::fs::read(tree.place(file)).unwrap_or_default();
        let before = String::from_utf8_lossy(bytes.get(..at).unwrap_or_default()).into_owned();
        let (line, column) = line_and_column(&before, before.len());
        problem(file, line, column, message)
    })?;
    let parts = head::split(&text).map_err(|fault| {
        let (line, column) = line_and_column(&text, fault.at);
        problem(file, line, column, fault.message)
    })?;
    let reading = match parts.keys {
        Some(keys) => generator.head(file, keys, parts.body),
        None => Understood::Leave("files without front matter".to_owned()),
    };
    Ok((text, reading))
}

fn problem(file: &str, line: usize, column: usize, message: String) -> Problem {
    Problem {
        file: file.to_owned(),
        line,
        column,
        message,
    }
}

fn plan(
    tree: &Tree,
    generator: &dyn Generator,
    reading: Reading<'_>,
    book: &mut Book,
    left_out: &mut LeftOut,
    hand_on: &mut dyn FnMut(Outcome) -> Result<(), String>,
) -> Result<Vec<Planned>, String> {
    let mut taken = Taken::default();
    let mut settled = Settled::default();
    for chunk in generator.sources(tree).chunks(2048) {
        let looked: Vec<Looked> = chunk
            .par_iter()
            .map(|file| look(tree, generator, file).map(|(_, reading)| (file.clone(), reading)))
            .collect();
        for looked in looked {
            match looked {
                Err(problem) => hand_on(Outcome::Failed(problem))?,
                Ok((_, Understood::Leave(why))) => *left_out.entry(why).or_default() += 1,
                Ok((file, Understood::Take(head))) => settled.add(file, *head, reading, book, &mut taken),
            }
        }
    }
    Ok(settled.finish(generator, reading, book, &mut taken))
}

/// Decides where a file will stand.
fn settle(file: String, head: Head, reading: Reading<'_>, book: &mut Book, taken: &mut Taken) -> Planned {
    let mut notes = Vec::new();
    let mut role = head.role;
    if role == Role::Article && head.when.is_none() && !head.front.draft {
        role = Role::Page;
        notes.push(Note::whole(
            &file,
            "article without a date",
            "came over as a page",
        ));
    }
    let (path, own, own_slug) = match role {
        Role::Article => {
            let own_slug = Some(slug(&head.slug))
                .filter(|slug| !slug.is_empty())
                .unwrap_or_else(|| slug(&head.front.title));
            let own_slug = if own_slug.is_empty() {
                "article".to_owned()
            } else {
                own_slug
            };
            let day = head
                .when
                .as_ref()
                .and_then(|when| when.moment(&reading.config.zone))
                .map(|moment| moment.day);
            let wanted = match day {
                Some(day) => format!("{day}-{own_slug}"),
                None => own_slug.clone(),
            };
            let name = taken.name(&wanted);
            // Two of the same day and name are told apart by a number.
            let own_slug = format!("{own_slug}{}", &name[wanted.len().min(name.len())..]);
            let own = day.and_then(|day| desk::address(reading, day, &own_slug));
            (format!("content/articles/{name}.md"), own, own_slug)
        }
        Role::Page => {
            let address = head.old.first().map_or(head.slug.as_str(), String::as_str);
            let decoded = decode_path(address).unwrap_or_else(|| address.to_owned());
            let below = decoded.strip_suffix("index.html").unwrap_or(&decoded);
            let below = below.strip_suffix(".html").unwrap_or(below);
            let segments: Vec<String> = below
                .split('/')
                .map(slug)
                .filter(|segment| !segment.is_empty())
                .collect();
            let segments = match segments.is_empty() {
                true => "page".to_owned(),
                false => segments.join("/"),
            };
            let name = taken.name(&format!("pages/{segments}"));
            let own = Url::page(&name["pages/".len()..]).ok();
            (format!("content/{name}.md"), own, segments)
        }
    };
    let path = SourcePath::new(&path).unwrap_or_else(SourcePath::root);
    let entry = Entry {
        path: path.clone(),
        is_held: head.front.draft || (role == Role::Article && own.is_none()),
        title: head.front.title.clone(),
    };
    let addresses = head.old.iter().chain(&head.known_as).map(String::as_str);
    book.add(entry, &file, addresses);
    Planned {
        role,
        path,
        own,
        slug: own_slug,
        old: head.old,
        aliases: Vec::new(),
        moved_pages: Vec::new(),
        notes,
        file,
    }
}

/// A page at an old address that leads to the new one, by a way that works under any path.
fn moved_page(old: &str, new: &Url) -> Option<Attachment> {
    let file = match old.ends_with('/') {
        true => format!("{}index.html", old.trim_start_matches('/')),
        false => old.trim_start_matches('/').to_owned(),
    };
    let up = "../".repeat(file.matches('/').count());
    let to = format!("{up}{}", new.href("").trim_start_matches('/'));
    SourcePath::new(&format!("static/{file}")).map(|path| Attachment {
        to: path.as_str().to_owned(),
        from: Contents::Text(format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Moved</title>\n\
             <meta name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"refresh\" content=\"0; url={to}\">\n\
             <p><a href=\"{to}\">This page has moved.</a></p>\n</html>\n"
        )),
    })
}

fn convert(
    tree: &Tree,
    generator: &dyn Generator,
    reading: Reading<'_>,
    book: &Book,
    planned: &Planned,
) -> Outcome {
    let (text, head) = match look(tree, generator, &planned.file) {
        Ok((text, Understood::Take(head))) => (text, *head),
        Ok((_, Understood::Leave(_))) => {
            let message = "it was changed while it was imported".to_owned();
            return Outcome::Failed(problem(&planned.file, 1, 1, message));
        }
        Err(problem) => return Outcome::Failed(problem),
    };
    let Ok(parts) = head::split(&text) else {
        let message = "it was changed while it was imported".to_owned();
        return Outcome::Failed(problem(&planned.file, 1, 1, message));
    };
    let mut notes = Vec::new();
    let unix = parts.body.replace("\r\n", "\n");
    let body = Body::new(&planned.file, &unix, parts.line);
    note_markup(&body, &Code::of(&unix), &mut notes);
    let markdown = generator.body(&body, &head, book, &mut notes);
    finish(
        tree, generator, reading, book, planned, head, &body, markdown, notes,
    )
}

/// Leads the links of a text to where their targets will be, and puts the article together.
#[expect(
    clippy::too_many_arguments,
    reason = "the site as a whole, and what one file has become so far"
)]
pub fn finish(
    tree: &Tree,
    generator: &dyn Generator,
    reading: Reading<'_>,
    book: &Book,
    planned: &Planned,
    head: Head,
    body: &Body<'_>,
    markdown: String,
    turned: Vec<Note>,
) -> Outcome {
    let mut notes = planned.notes.clone();
    notes.extend(head.notes.iter().cloned());
    notes.extend(turned);
    let unix = body.text;
    let mut links = Links {
        tree,
        generator,
        book,
        planned,
        attachments: BTreeMap::new(),
        elsewhere: Vec::new(),
    };
    let mut gone = Vec::new();
    let markdown = rewrite::name_bare(&markdown, |target| links.words(target));
    let markdown = rewrite::rewrite(&markdown, |kind, address, _| {
        let fate = links.fate(kind, address);
        if let Fate::Go(why) = &fate {
            let address = address.strip_prefix(TARGET).unwrap_or(address);
            let at = unix.find(address).unwrap_or_default();
            let what = match kind {
                Kind::Link => "link",
                Kind::Picture => "picture",
            };
            let became = format!("taken out, its address kept in a comment: {why}");
            gone.push(body.note(at, what, became).about(address));
        }
        fate
    });
    notes.extend(gone);
    let mut front = head.front;
    front.image = front.image.and_then(|picture| links.picture(picture, &mut notes));
    front.date = head.when.map(|when| when.text);
    front.aliases.clone_from(&planned.aliases);
    if planned.role == Role::Article {
        let by_name = crate::reading::front_matter::slug_of_file(&planned.path);
        front.slug = (by_name != planned.slug).then(|| planned.slug.clone());
        front.order = None;
        front.nav = None;
        front.id = Some(planned.path.stem().to_owned());
        desk::companies(reading, &mut front, &markdown, &planned.file, &mut notes);
    } else {
        front = of_page(front, &planned.file, &mut notes);
    }
    for address in &links.elsewhere {
        let became = "still shown from the old site: copy it into static/ before that goes";
        notes.push(Note::whole(&planned.file, "picture or file", became).about(address));
    }
    let mut attachments = links.into_attachments();
    attachments.extend(planned.moved_pages.iter().cloned());
    Outcome::Came(Box::new(Post {
        path: planned.path.as_str().to_owned(),
        name: planned.file.clone(),
        origins: vec![origin(generator, book, planned)],
        sketch: match planned.role {
            Role::Article => sketch(&markdown, reading),
            Role::Page => None,
        },
        front,
        body: markdown.replace('\0', ""),
        attachments,
        is_titled: false,
        notes,
    }))
}

/// What tells whether a text is like another one's.
pub fn sketch(markdown: &str, reading: Reading<'_>) -> Option<Sketch> {
    let visible = markdown::parse(markdown, 0, reading.config.markdown).visible;
    twin::sketch(&visible.text)
}

/// What tells a file from all others at every import: the address of its site, and its path there. In an export
/// the line on which something stands changes, and its own address does not.
fn origin(generator: &dyn Generator, book: &Book, planned: &Planned) -> String {
    let own = match (generator.keeps_files_elsewhere(), planned.old.first()) {
        (true, Some(address)) => address.as_str(),
        (true, None) => planned.file.rsplit(' ').next().unwrap_or_default(),
        (false, _) => planned.file.as_str(),
    };
    format!("{} {own}", book.site().unwrap_or_default())
}

/// What of a front matter pages have; the rest is noted.
fn of_page(front: Front, file: &str, notes: &mut Vec<Note>) -> Front {
    let mut lost = Vec::new();
    for (name, is_there) in [
        ("summary", front.summary.is_some()),
        ("topics", !front.topics.is_empty()),
        ("authors", !front.authors.is_empty()),
        ("image", front.image.is_some()),
    ] {
        if is_there {
            lost.push(name);
        }
    }
    lost.extend(front.extra.keys().map(String::as_str));
    if !lost.is_empty() {
        let became = "left out: pages of brief do not have them";
        notes.push(Note::whole(file, "keys of a page", became).about(lost.join(", ")));
    }
    Front {
        title: front.title,
        noindex: front.noindex,
        nav: front.nav,
        order: front.order,
        ..Front::default()
    }
}

/// Leads the links of one file.
struct Links<'l> {
    tree: &'l Tree,
    generator: &'l dyn Generator,
    book: &'l Book,
    planned: &'l Planned,
    /// Files that come along, by where they will lie.
    attachments: BTreeMap<String, String>,
    /// Files that stay at the old site.
    elsewhere: Vec<String>,
}

impl Links<'_> {
    fn fate(&mut self, kind: Kind, address: &str) -> Fate {
        let address = address.trim();
        if let Some(target) = address.strip_prefix(TARGET) {
            let (number, suffix) = target.split_at(target.find('#').unwrap_or(target.len()));
            return match number.parse().ok() {
                Some(number) => self.to_entry(number, suffix),
                None => Fate::Go("nothing of that name came along".to_owned()),
            };
        }
        let own = self.book.own_path(address);
        let path = own.unwrap_or(address);
        if path.is_empty() || path.starts_with('#') || path.starts_with("//") {
            return Fate::Stay;
        }
        if own.is_none() && has_scheme(path) {
            return Fate::Stay;
        }
        let (path, suffix) = path.split_at(path.find(['?', '#']).unwrap_or(path.len()));
        let Some(decoded) = decode_path(path) else {
            return Fate::Go("it is no address".to_owned());
        };
        if decoded.contains('\0') {
            return Fate::Go("it is no address".to_owned());
        }
        if path.is_empty() {
            return Fate::Stay;
        }
        let fate = match decoded.starts_with('/') {
            true => self.rooted(kind, self.book.without_base(&decoded), suffix),
            false => self.relative(kind, &decoded, suffix),
        };
        let is_file = kind == Kind::Picture || book::last(&decoded).contains('.');
        if fate.is_none()
            && is_file
            && self.generator.keeps_files_elsewhere()
            && let Some(site) = self.book.site()
        {
            let whole = match own {
                Some(_) => address.to_owned(),
                None => format!("{site}/{}{suffix}", path.trim_start_matches('/')),
            };
            self.elsewhere.push(whole.clone());
            return Fate::Become(whole);
        }
        fate.unwrap_or_else(|| Fate::Go("nothing of that name came along".to_owned()))
    }

    /// The words for a link that has none of its own: the headline of what it leads to.
    fn words(&self, target: &str) -> String {
        let target = target.strip_prefix(TARGET).unwrap_or(target);
        let number = target.split('#').next().and_then(|number| number.parse().ok());
        let entry = number.and_then(|number| self.book.entry(number));
        entry.map_or_else(|| target.to_owned(), |entry| entry.title.clone())
    }

    /// The way to something that came along.
    fn to_entry(&self, number: usize, suffix: &str) -> Fate {
        match self.book.entry(number) {
            Some(entry) if entry.is_held => Fate::Go(format!("`{}` is not published", entry.path)),
            Some(entry) => {
                let fragment = suffix.find('#').map_or("", |at| &suffix[at..]);
                Fate::Become(format!("{}{fragment}", self.planned.path.path_to(&entry.path)))
            }
            None => Fate::Go("nothing of that name came along".to_owned()),
        }
    }

    fn rooted(&mut self, kind: Kind, path: &str, suffix: &str) -> Option<Fate> {
        if kind == Kind::Link {
            if let Some(number) = self.book.of_address(path) {
                return Some(self.to_entry(number, suffix));
            }
            if let Some(address) = self.book.renamed(path) {
                return Some(Fate::Become(format!("{address}{suffix}")));
            }
            if desk::OWN.contains(&path) {
                return Some(Fate::Become(format!("{path}{suffix}")));
            }
        }
        for root in self.generator.roots() {
            let found = self.tree.find(&root, path.trim_start_matches('/'));
            if let Some(file) = found.filter(|file| self.generator.publishes(file)) {
                let below = match root.is_empty() {
                    true => file.as_str(),
                    false => file.strip_prefix(&root)?.trim_start_matches('/'),
                };
                let to = format!("static/{below}");
                if let Err(why) = below.split('/').try_for_each(check_portable_name) {
                    return Some(Fate::Go(why));
                }
                self.attachments.insert(to, file.clone());
                return Some(Fate::Become(format!("/{}{suffix}", encoded(below))));
            }
        }
        let number = self.book.of_file(path.trim_start_matches('/'))?;
        Some(self.to_entry(number, suffix))
    }

    fn relative(&mut self, kind: Kind, path: &str, suffix: &str) -> Option<Fate> {
        let folder = book::folder(&self.planned.file);
        if let Some(file) = self.tree.find(folder, path) {
            if let Some(number) = self.book.of_file(&file) {
                return Some(self.to_entry(number, suffix));
            }
            if self.generator.publishes(&file) {
                return Some(self.beside(&file, suffix));
            }
        }
        let by_stem = SourcePath::new(folder).and_then(|folder| folder.join(path));
        if kind == Kind::Link
            && let Some(number) = by_stem.and_then(|path| self.book.of_file(path.as_str()))
        {
            return Some(self.to_entry(number, suffix));
        }
        // As browsers read it: from the old address of the page.
        let old = self.planned.old.first()?;
        let base = &old[..old.rfind('/').map_or(0, |at| at + 1)];
        let joined = SourcePath::new(base.trim_matches('/'))?.join(path)?;
        self.rooted(kind, &format!("/{joined}"), suffix)
    }

    /// A file that lies beside an article, and will again.
    fn beside(&mut self, file: &str, suffix: &str) -> Fate {
        let own_folder = book::folder(&self.planned.file);
        let below = file
            .strip_prefix(own_folder)
            .map(|below| below.trim_start_matches('/'))
            .filter(|_| !own_folder.is_empty())
            .unwrap_or_else(|| book::last(file));
        let mut name = below.to_owned();
        let own_name = self.planned.path.stem();
        let folder = self.planned.path.folder();
        if let Err(why) = name.split('/').try_for_each(check_portable_name) {
            return Fate::Go(why);
        }
        let place = |name: &str| format!("{folder}/{own_name}/{name}");
        // Two files of one name from two folders.
        let mut number = 2;
        while self
            .attachments
            .get(&place(&name))
            .is_some_and(|other| other != file)
        {
            name = format!("{number}-{}", book::last(file));
            number += 1;
        }
        self.attachments.insert(place(&name), file.to_owned());
        Fate::Become(format!("{own_name}/{}{suffix}", encoded(&name)))
    }

    /// The picture of an article, whose address may be meant from the file or from the root.
    fn picture(&mut self, mut picture: Picture, notes: &mut Vec<Note>) -> Option<Picture> {
        let mut fate = self.fate(Kind::Picture, &picture.src);
        if matches!(fate, Fate::Go(_)) && !picture.src.starts_with('/') && !has_scheme(&picture.src) {
            fate = self.fate(Kind::Picture, &format!("/{}", picture.src));
        }
        match fate {
            Fate::Stay => {}
            Fate::Become(src) => picture.src = decode_path(&src).unwrap_or(src),
            Fate::Go(why) => {
                let became = format!("left out: {why}");
                notes.push(
                    Note::whole(&self.planned.file, "picture of the front matter", became)
                        .about(&picture.src),
                );
                return None;
            }
        }
        Some(picture)
    }

    fn into_attachments(self) -> Vec<Attachment> {
        let tree = self.tree;
        let attach = |(to, file): (String, String)| Attachment {
            to,
            from: Contents::File(tree.place(&file)),
        };
        self.attachments.into_iter().map(attach).collect()
    }
}

/// Whether an address starts with `https:`, `mailto:` or the like.
fn has_scheme(address: &str) -> bool {
    let scheme = address.split([':', '/', '?', '#']).next().unwrap_or_default();
    address[scheme.len()..].starts_with(':')
        && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// A path as a link has it.
fn encoded(path: &str) -> String {
    let mut encoded = String::with_capacity(path.len());
    for character in path.chars() {
        match character {
            ' ' | '%' | '#' | '?' | '(' | ')' | '<' | '>' | '"' | '\'' | '\\' => {
                encoded.push_str(&format!("%{:02X}", u32::from(character)));
            }
            other => encoded.push(other),
        }
    }
    encoded
}
