//! Sites of Zola.
//!
//! Facts from Zola's documentation: pages, sections, internal links, shortcodes, slugs of paths.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value;

use super::book::{self, Book, TARGET};
use super::call::{self, Call, MAX_DEPTH};
use super::common::{self, push};
use super::moment::{self, When};
use super::post::Note;
use super::rewrite::comment;
use super::site::{Generator, Head, Role, Understood};
use super::text::{Body, Code, link};
use super::tree::Tree;
use super::value::{self, Keys, at, line_and_column, text_of, texts_of};
use crate::ground::date::{Day, Zone};
use crate::ground::path::slug;

/// A site of Zola.
#[derive(Debug)]
pub struct Zola {
    base_url: Option<String>,
    language: String,
    languages: BTreeSet<String>,
    taxonomies: Vec<String>,
    /// How names become parts of addresses: `on`, `safe` or `off`.
    slugify: String,
    keeps_dates: bool,
    sections: BTreeSet<String>,
}

impl Zola {
    /// Reads the settings of a site. What is wrong with them is noted.
    pub fn open(tree: &Tree, notes: &mut Vec<Note>) -> Zola {
        let file = ["zola.toml", "config.toml"]
            .into_iter()
            .find(|file| tree.has(file));
        let settings = file.and_then(|file| {
            let text = tree.read(file).ok()?;
            value::of_toml(&text)
                .map_err(|fault| {
                    let (line, column) = line_and_column(&text, fault.at);
                    let became = format!("passed over: {}", fault.message);
                    let note = Note::whole(file, "settings that cannot be read", became);
                    notes.push(Note { line, column, ..note });
                })
                .ok()
        });
        let settings = settings.unwrap_or(Value::Null);
        let text = |path: &[&str]| at(&settings, path).and_then(text_of);
        let languages = at(&settings, &["languages"]).and_then(Value::as_object);
        let taxonomies = at(&settings, &["taxonomies"]).and_then(Value::as_array);
        let sections = tree
            .below("content")
            .filter_map(|file| Some(file.strip_prefix("content/")?.split_once('/')?.0.to_owned()));
        Zola {
            base_url: text(&["base_url"]),
            language: text(&["default_language"]).unwrap_or_else(|| "en".to_owned()),
            languages: languages
                .into_iter()
                .flatten()
                .map(|(name, _)| name.clone())
                .collect(),
            taxonomies: taxonomies.into_iter().flatten().flat_map(texts_of).collect(),
            slugify: text(&["slugify", "paths"]).unwrap_or_else(|| "on".to_owned()),
            keeps_dates: at(&settings, &["slugify", "paths_keep_dates"]).and_then(Value::as_bool)
                == Some(true),
            sections: sections.collect(),
        }
    }

    /// A name as a part of an address.
    fn slugified(&self, name: &str) -> String {
        match self.slugify.as_str() {
            "off" => name.to_owned(),
            // What file systems cannot hold goes; the rest stays as it is.
            "safe" => name
                .chars()
                .filter(|character| !"<>:\"/|?*#\\()[]\n".contains(*character))
                .collect::<String>()
                .trim()
                .replace(' ', "_"),
            _ => slug(name),
        }
    }
}

/// The date that a name starts with and the rest: a day or a whole moment, then `-` or `_`.
fn dated(name: &str) -> Option<(When, &str)> {
    let day = Day::parse(name.get(..10)?)?;
    let rest = &name[10..];
    if let Some(rest) = rest.strip_prefix(['-', '_']) {
        return Some((When::on(day), rest)).filter(|_| !rest.is_empty());
    }
    let end = rest.find('_').or_else(|| rest.rfind("Z-").map(|at| at + 1))?;
    let when = moment::read_text(&name[..10 + end], &Zone::utc())?;
    Some((when, &rest[end + 1..])).filter(|(_, rest)| !rest.is_empty())
}

impl Generator for Zola {
    fn sources(&self, tree: &Tree) -> Vec<String> {
        let is_page = |file: &&str| {
            // What lies beside an `index.md` is an asset of it.
            let folder = book::folder(file);
            file.ends_with(".md")
                && (book::last(file).starts_with("index.") || !tree.has(&format!("{folder}/index.md")))
        };
        tree.below("content").filter(is_page).map(str::to_owned).collect()
    }

    fn head(&self, file: &str, mut keys: Keys, body: &str) -> Understood {
        let below = file.strip_prefix("content/").unwrap_or(file);
        let stem = book::without_extension(below);
        let (stem, language) = match stem.rsplit_once('.') {
            Some((plain, language)) if self.languages.contains(language) => (plain, Some(language)),
            _ => (stem, None),
        };
        if book::last(stem) == "_index" {
            return Understood::Leave("list pages (`_index.md`): brief makes its own".to_owned());
        }
        if keys.get("render").and_then(Value::as_bool) == Some(false) {
            return Understood::Leave("pages that Zola does not render".to_owned());
        }
        let name = stem.strip_suffix("/index").unwrap_or(stem);
        let mut taken = common::take(&mut keys, file, &Zone::utc(), &["date"]);
        let own_name = book::last(name);
        let by_name = dated(own_name);
        if taken.when.is_none() {
            taken.when = by_name.as_ref().map(|(when, _)| when.clone());
        }
        let terms = keys.take("taxonomies");
        for (taxonomy, values) in terms.as_ref().and_then(Value::as_object).into_iter().flatten() {
            for term in texts_of(values) {
                match taxonomy.as_str() {
                    "authors" | "author" => push(&mut taken.front.authors, term),
                    "companies" | "company" => push(&mut taken.front.companies, term),
                    _ => push(&mut taken.front.topics, term),
                }
            }
        }
        common::take_topics(
            &mut keys,
            &["tags", "categories", "topics"],
            &mut taken.front.topics,
        );
        let plain_name = match &by_name {
            Some((_, rest)) if !self.keeps_dates => rest,
            _ => own_name,
        };
        common::headline(&mut taken.front, file, body, plain_name, &mut taken.notes);
        let given = keys.take_text(&["slug"]);
        let own_slug = match &given {
            Some(given) => self.slugified(given),
            None => self.slugified(plain_name),
        };
        let prefix = match language {
            Some(language) if language != self.language => format!("/{language}"),
            _ => String::new(),
        };
        taken.front.lang = taken.front.lang.take().or_else(|| language.map(str::to_owned));
        let own = match keys.take_text(&["path"]) {
            Some(path) => format!("{prefix}/{}/", path.trim_matches('/')),
            None => match book::folder(name) {
                "" => format!("{prefix}/{own_slug}/"),
                folder => format!("{prefix}/{folder}/{own_slug}/"),
            },
        };
        let mut old = vec![own];
        for alias in keys.take_texts("aliases") {
            let alias = alias.trim_start_matches('/');
            let is_file = book::last(alias).contains('.');
            let slash = if is_file || alias.ends_with('/') { "" } else { "/" };
            push(&mut old, format!("/{alias}{slash}"));
        }
        let extra = keys.take("extra");
        if keys.take_flag("in_search_index") == Some(false) {
            taken.notes.push(Note::whole(
                file,
                "key `in_search_index: false`",
                "left out: write `noindex: true` to keep it from the search",
            ));
        }
        if let Some(template) = keys.take_text(&["template"]) {
            let note = Note::whole(file, "key `template`", "left out: brief has its own");
            taken.notes.push(note.about(template));
        }
        taken.front.extra = keys.rest();
        if let Some(Value::Object(mut extra)) = extra {
            let mut keys = Keys::of(Value::Object(std::mem::take(&mut extra)));
            // Themes keep what Zola has no key for in `extra`.
            let of_theme = common::take(&mut keys, file, &Zone::utc(), &[]);
            let front = &mut taken.front;
            front.image = front.image.take().or(of_theme.front.image);
            front.summary = front.summary.take().or(of_theme.front.summary);
            if front.authors.is_empty() {
                front.authors = of_theme.front.authors;
            }
            for (key, value) in keys.rest() {
                front.extra.entry(key).or_insert(value);
            }
        }
        let is_top = !name.contains('/');
        let role = match taken.when.is_none() && (is_top || !taken.front.draft) {
            true => Role::Page,
            false => Role::Article,
        };
        let rest = by_name.map_or(own_name, |(_, rest)| rest);
        Understood::Take(Box::new(Head {
            role,
            slug: given.unwrap_or_else(|| rest.to_owned()),
            front: taken.front,
            when: taken.when,
            old,
            known_as: Vec::new(),
            notes: taken.notes,
        }))
    }

    fn body(&self, body: &Body<'_>, _: &Head, book: &Book, notes: &mut Vec<Note>) -> String {
        let calls = find(body.text);
        let mut converter = Converter {
            body,
            code: Code::of(body.text),
            calls: &calls,
            notes,
        };
        let text = converter.convert(0..calls.len(), 0..body.text.len(), 0);
        let text = text
            .replace("{{/*", "{{")
            .replace("*/}}", "}}")
            .replace("{%/*", "{%")
            .replace("*/%}", "%}");
        internal_links(&text, book)
    }

    fn roots(&self) -> Vec<String> {
        vec!["static".to_owned()]
    }

    fn publishes(&self, file: &str) -> bool {
        !file.ends_with(".md")
    }

    fn fill(&self, book: &mut Book) {
        if let Some(address) = &self.base_url {
            book.lives_at(address);
        }
        for feed in ["/rss.xml", "/feed.xml"] {
            book.rename_feed(feed, "/feed.xml");
        }
        for section in &self.sections {
            book.move_list(&format!("/{section}/"), "/archive/");
        }
        for taxonomy in &self.taxonomies {
            book.move_list(&format!("/{taxonomy}/"), "/topics/");
        }
    }

    fn term_addresses(&self, topic: &str) -> Vec<String> {
        let of = |taxonomy: &String| format!("/{taxonomy}/{}/", slug(topic));
        self.taxonomies.iter().map(of).collect()
    }
}

/// `@/blog/post.md` becomes what the book knows of it.
fn internal_links(text: &str, book: &Book) -> String {
    if !text.contains("@/") {
        return text.to_owned();
    }
    super::rewrite::rewrite(text, |_, address, _| {
        let Some(path) = address.strip_prefix("@/") else {
            return super::rewrite::Fate::Stay;
        };
        let (path, fragment) = path.split_at(path.find('#').unwrap_or(path.len()));
        let number = book.of_file(&format!("content/{path}"));
        let list = path
            .strip_suffix("_index.md")
            .and_then(|folder| book.renamed(&format!("/{folder}")));
        super::rewrite::Fate::Become(match (number, list) {
            (Some(number), _) => format!("{TARGET}{number}{fragment}"),
            (None, Some(list)) => list.to_owned(),
            (None, None) => format!("{TARGET}{path}"),
        })
    })
}

/// Finds `{{ name(…) }}`, `{% name(…) %}` and `{% end %}`, and pairs the latter.
fn find(text: &str) -> Vec<Call> {
    let mut calls: Vec<Call> = Vec::new();
    let mut open = Vec::new();
    let last_ends = (
        text.rfind("}}").unwrap_or_default(),
        text.rfind("%}").unwrap_or_default(),
    );
    let mut at = 0;
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        at = start + 1;
        let (mark, last, is_block) = match text[at..].chars().next() {
            Some('{') => ("}}", last_ends.0, false),
            Some('%') => ("%}", last_ends.1, true),
            _ => continue,
        };
        at += 1;
        if at > last {
            continue;
        }
        let Some(length) = text[at..].find(mark) else {
            continue;
        };
        let inner = text[at..at + length].trim();
        let end = at + length + 2;
        let closes = is_block && inner == "end";
        let (name, arguments) = match inner.split_once('(') {
            Some((name, rest)) => (name.trim(), rest.trim_end().strip_suffix(')')),
            None => (inner, None),
        };
        let is_name = !name.is_empty()
            && name
                .chars()
                .all(|letter| letter.is_alphanumeric() || "_:".contains(letter));
        if !(closes || is_name && arguments.is_some()) {
            continue;
        }
        at = end;
        if closes {
            if let Some(opener) = open.pop() {
                let opener: usize = opener;
                let number = calls.len();
                if let Some(opener) = calls.get_mut(opener) {
                    opener.closed_by = Some(number);
                }
            }
        } else if is_block {
            open.push(calls.len());
        }
        calls.push(Call {
            range: start..end,
            name: name.to_owned(),
            arguments: call::arguments(arguments.unwrap_or_default()),
            closes,
            is_whole: !is_block,
            closed_by: None,
        });
    }
    calls
}

struct Converter<'c> {
    body: &'c Body<'c>,
    code: Code,
    calls: &'c [Call],
    notes: &'c mut Vec<Note>,
}

impl Converter<'_> {
    fn convert(&mut self, calls: Range<usize>, part: Range<usize>, depth: usize) -> String {
        let text = self.body.text;
        let all = self.calls;
        let mut out = String::with_capacity(part.len());
        let mut at = part.start;
        let mut index = calls.start;
        while let Some(call) = all.get(index).filter(|_| index < calls.end) {
            out.push_str(&text[at..call.range.start]);
            let closing = call
                .closed_by
                .filter(|&closing| closing < calls.end && depth < MAX_DEPTH);
            match closing.and_then(|closing| Some((closing, all.get(closing)?))) {
                Some((closing, end)) => {
                    let inner = self.convert(index + 1..closing, call.range.end..end.range.start, depth + 1);
                    match call.name.as_str() {
                        "quote" | "blockquote" => out.push_str(&self.quotation(call, &inner)),
                        _ => {
                            self.unknown(call);
                            out.push_str(&format!("{}{inner}{}", self.shown(call), self.shown(end)));
                        }
                    }
                    at = end.range.end;
                    index = closing + 1;
                }
                None => {
                    let known = self.known(call);
                    out.push_str(&known.unwrap_or_else(|| {
                        self.unknown(call);
                        self.shown(call)
                    }));
                    at = call.range.end;
                    index += 1;
                }
            }
        }
        out.push_str(&text[at..part.end]);
        out
    }

    fn became(&mut self, call: &Call, became: &str) {
        let what = format!("shortcode `{}`", call.name);
        self.notes.push(self.body.note(call.range.start, what, became));
    }

    fn quotation(&mut self, call: &Call, inner: &str) -> String {
        self.became(call, "a quotation");
        let mut lines: Vec<String> = inner.trim().lines().map(|line| format!("> {line}")).collect();
        if let Some(author) = call.first(&["author", "by", "source"]) {
            lines.push(">".to_owned());
            lines.push(format!("> — {author}"));
        }
        lines.join("\n")
    }

    fn known(&mut self, call: &Call) -> Option<String> {
        let id = || call.first(&["id", "url"]);
        let (label, address) = match call.name.as_str() {
            "youtube" => (
                "Video on YouTube",
                format!("https://www.youtube.com/watch?v={}", id()?),
            ),
            "vimeo" => ("Video on Vimeo", format!("https://vimeo.com/{}", id()?)),
            "streamable" => ("Video on Streamable", format!("https://streamable.com/{}", id()?)),
            "gist" => ("Gist on GitHub", id()?.to_owned()),
            _ => return None,
        };
        self.became(call, "a plain link");
        Some(link(label, &address))
    }

    fn unknown(&mut self, call: &Call) {
        match self.code.holds(call.range.start) {
            true => self.became(call, "left as it is, in code"),
            false => self.became(call, "kept as a comment, which readers do not see"),
        }
    }

    fn shown(&self, call: &Call) -> String {
        let tag = &self.body.text[call.range.clone()];
        match self.code.holds(call.range.start) {
            true => tag.to_owned(),
            false => comment(tag),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_names() {
        let check = |name: &str, expected: Option<(&str, &str)>| {
            let found = dated(name);
            let found = found.as_ref().map(|(when, rest)| (when.text.as_str(), *rest));
            assert_eq!(found, expected, "{name}");
        };
        check("2018-10-10-hello", Some(("2018-10-10", "hello")));
        check("2018-10-10_hello", Some(("2018-10-10", "hello")));
        check(
            "2018-10-10T08:37:29Z_hello",
            Some(("2018-10-10T08:37:29Z", "hello")),
        );
        check("2018-10-10", None);
        check("hello", None);
    }

    #[test]
    fn calls_are_found_and_paired() {
        let calls = find("{{ a(x=1) }} {% b() %}{% c() %}i{% end %}{% end %} {{/* d() */}} {{ e }} {{ f(");
        let shown: Vec<(&str, Option<usize>)> = calls
            .iter()
            .map(|call| (call.name.as_str(), call.closed_by))
            .collect();
        assert_eq!(
            shown,
            [
                ("a", None),
                ("b", Some(4)),
                ("c", Some(3)),
                ("end", None),
                ("end", None)
            ]
        );
    }
}
