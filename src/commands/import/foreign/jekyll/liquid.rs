//! Liquid in articles: what only looks something up becomes what it would have shown; what runs a program
//! is kept as a comment and told of.

use super::super::book::{self, Book, TARGET};
use super::super::call;
use super::super::post::Note;
use super::super::rewrite::comment;
use super::super::site::Head;
use super::super::text::{Body, Code, fenced, link};
use super::super::value::text_of;
use super::Jekyll;

/// Turns the Liquid of a text into Markdown, and what only kramdown knows.
pub fn convert(jekyll: &Jekyll, body: &Body<'_>, head: &Head, book: &Book, notes: &mut Vec<Note>) -> String {
    let mut converter = Converter {
        jekyll,
        body,
        head,
        book,
        code: Code::of(body.text),
        notes,
    };
    let text = match body.text.contains("{%") || body.text.contains("{{") {
        true => converter.all(),
        false => body.text.to_owned(),
    };
    converter.without_attributes(text)
}

struct Converter<'c> {
    jekyll: &'c Jekyll,
    body: &'c Body<'c>,
    head: &'c Head,
    book: &'c Book,
    code: Code,
    notes: &'c mut Vec<Note>,
}

/// A tag or an output: where it starts, where it ends, and what stands in it.
struct Found<'t> {
    start: usize,
    end: usize,
    is_tag: bool,
    inner: &'t str,
}

fn next(text: &str, from: usize, last_ends: (usize, usize)) -> Option<Found<'_>> {
    let mut at = from;
    loop {
        let start = at
            + text[at..]
                .find("{%")
                .into_iter()
                .chain(text[at..].find("{{"))
                .min()?;
        let is_tag = text[start..].starts_with("{%");
        let (mark, last) = if is_tag {
            ("%}", last_ends.0)
        } else {
            ("}}", last_ends.1)
        };
        at = start + 2;
        if at > last {
            // No such end comes any more.
            if at > last_ends.0.max(last_ends.1) {
                return None;
            }
            continue;
        }
        let length = text[at..].find(mark)?;
        let inner = text[at..at + length].trim_matches('-').trim();
        return Some(Found {
            start,
            end: at + length + 2,
            is_tag,
            inner,
        });
    }
}

impl Converter<'_> {
    fn all(&mut self) -> String {
        let text = self.body.text;
        let ends = (
            text.rfind("%}").unwrap_or_default(),
            text.rfind("}}").unwrap_or_default(),
        );
        let closings = ["endraw", "endhighlight", "endcomment"];
        let last_closings = closings.map(|name| text.rfind(name).unwrap_or_default());
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(found) = next(text, at, ends) {
            out.push_str(&text[at..found.start]);
            at = found.end;
            if !found.is_tag {
                out.push_str(&self.output(&found));
                continue;
            }
            let (name, arguments) = found
                .inner
                .split_at(found.inner.find(char::is_whitespace).unwrap_or(found.inner.len()));
            let block = match name {
                "raw" if at < last_closings[0] => closing(text, at, name),
                "highlight" if at < last_closings[1] => closing(text, at, name),
                "comment" if at < last_closings[2] => closing(text, at, name),
                _ => None,
            };
            match block {
                Some((inner_end, end)) => {
                    out.push_str(&self.block(&found, name, arguments.trim(), &text[at..inner_end]));
                    at = end;
                }
                None => out.push_str(&self.tag(&found, name, arguments.trim())),
            }
        }
        out.push_str(&text[at..]);
        out
    }

    fn became(&mut self, at: usize, what: String, became: &str) {
        self.notes.push(self.body.note(at, what, became));
    }

    fn block(&mut self, found: &Found<'_>, name: &str, arguments: &str, inner: &str) -> String {
        let what = format!("Liquid `{name}`");
        match name {
            "highlight" => {
                self.became(found.start, what, "a code block");
                let language = arguments.split_whitespace().next().unwrap_or_default();
                let starts_line = found.start == 0 || self.body.text[..found.start].ends_with('\n');
                let break_before = if starts_line { "" } else { "\n\n" };
                format!("{break_before}{}\n", fenced(language, inner))
            }
            "comment" => {
                self.became(found.start, what, "a comment");
                comment(inner)
            }
            _ => {
                self.became(found.start, what, "its text, as it is");
                inner.to_owned()
            }
        }
    }

    fn tag(&mut self, found: &Found<'_>, name: &str, arguments: &str) -> String {
        let what = format!("Liquid `{name}`");
        match name {
            "post_url" => {
                let number = self.post(arguments);
                self.target(found, what, arguments, number)
            }
            "link" => {
                let path = arguments.trim_matches(['"', '\'']).trim_start_matches('/');
                let rooted = match self.jekyll.source.as_str() {
                    "" => path.to_owned(),
                    source => format!("{source}/{path}"),
                };
                match self.book.of_file(&rooted) {
                    Some(number) => self.target(found, what, arguments, Some(number)),
                    None => {
                        self.became(found.start, what, "the address of the file");
                        format!("/{path}")
                    }
                }
            }
            "gist" => {
                let id = arguments.split_whitespace().next().unwrap_or_default();
                self.became(found.start, what, "a plain link");
                link("Gist on GitHub", &format!("https://gist.github.com/{id}"))
            }
            "youtube" => {
                let id = arguments.trim_matches(['"', '\'']);
                self.became(found.start, what, "a plain link");
                link(
                    "Video on YouTube",
                    &format!("https://www.youtube.com/watch?v={id}"),
                )
            }
            "include" | "include_relative" => {
                let mut arguments = call::arguments(arguments).into_iter();
                let file = arguments.next().map(|(_, value)| value).unwrap_or_default();
                let id = arguments
                    .find(|(key, _)| key.as_deref() == Some("id"))
                    .map(|(_, value)| value);
                match (file.contains("youtube"), id) {
                    (true, Some(id)) => {
                        self.became(found.start, format!("Liquid `include {file}`"), "a plain link");
                        link(
                            "Video on YouTube",
                            &format!("https://www.youtube.com/watch?v={id}"),
                        )
                    }
                    _ => self.unknown(found, format!("Liquid `include {file}`")),
                }
            }
            _ => self.unknown(found, what),
        }
    }

    fn target(&mut self, found: &Found<'_>, what: String, wanted: &str, number: Option<usize>) -> String {
        match number {
            Some(number) => {
                self.became(found.start, what, "a link to the article's file");
                format!("{TARGET}{number}")
            }
            None => {
                self.became(
                    found.start,
                    what,
                    "nothing of that name came along: its link is taken out",
                );
                format!("{TARGET}{}", wanted.replace([' ', '(', ')'], "-"))
            }
        }
    }

    /// The post of that name, with the folders above `_posts` or in it before it or without.
    fn post(&self, name: &str) -> Option<usize> {
        let name = name.trim_matches(['"', '\'']).trim_matches('/');
        let in_source = |path: String| match self.jekyll.source.as_str() {
            "" => path,
            source => format!("{source}/{path}"),
        };
        let direct = self.book.of_file(&in_source(format!("_posts/{name}")));
        let above = || {
            let (folder, last) = name.rsplit_once('/')?;
            self.book.of_file(&in_source(format!("{folder}/_posts/{last}")))
        };
        direct
            .or_else(above)
            .or_else(|| self.book.of_name(book::last(name)))
    }

    /// `{{ … }}`: what can be looked up becomes its value.
    fn output(&mut self, found: &Found<'_>) -> String {
        let mut filters = found.inner.split('|').map(str::trim);
        let value = filters.next().unwrap_or_default();
        let is_address = |filter: &str| {
            matches!(
                filter,
                "relative_url" | "absolute_url" | "prepend: site.baseurl" | "prepend: site.url"
            )
        };
        let filters: Vec<&str> = filters.collect();
        let first = value.chars().next();
        let literal = first
            .filter(|quote| matches!(quote, '"' | '\''))
            .and_then(|quote| value[1..].strip_suffix(quote));
        let looked_up = match (literal, value) {
            (Some(literal), _) => Some(literal.to_owned()),
            (None, "site.baseurl" | "site.url") => Some(String::new()),
            (None, "page.title") => Some(self.head.front.title.clone()),
            (None, value) => match value.split_once('.') {
                Some(("site", name)) => self.jekyll.setting(name),
                Some(("page", name)) => self.head.front.extra.get(name).and_then(text_of),
                _ => None,
            },
        };
        match looked_up.filter(|_| filters.iter().all(|filter| is_address(filter))) {
            Some(text) => {
                let became = match text.is_empty() {
                    true => "left out: links lead from the root of the site",
                    false => "the value that it stood for",
                };
                self.became(found.start, "Liquid `{{ }}`".to_owned(), became);
                text
            }
            None => self.unknown(found, "Liquid `{{ }}`".to_owned()),
        }
    }

    fn unknown(&mut self, found: &Found<'_>, what: String) -> String {
        let tag = &self.body.text[found.start..found.end];
        let (became, shown) = match self.code.holds(found.start) {
            true => ("left as it is, in code", tag.to_owned()),
            false => ("kept as a comment, which readers do not see", comment(tag)),
        };
        self.notes
            .push(self.body.note(found.start, what, became).about(found.inner));
        shown
    }

    /// Takes kramdown's lists of attributes, such as `{: .wide}`, and its table of contents out.
    fn without_attributes(&mut self, text: String) -> String {
        if !text.contains("{:") && !text.contains("{::") {
            return text;
        }
        let code = Code::of(&text);
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(found) = text[at..].find("{:") {
            let start = at + found;
            let end = text[start..].find('}').map(|length| start + length + 1);
            let end = end.filter(|&end| !text[start..end].contains('\n') && !code.holds(start));
            let Some(end) = end else {
                out.push_str(&text[at..start + 2]);
                at = start + 2;
                continue;
            };
            let list = &text[start..end];
            let place = self.body.text.find(list).unwrap_or_default();
            let note = self.body.note(
                place,
                "attributes of kramdown",
                "left out: brief has no classes in Markdown",
            );
            self.notes.push(note.about(list));
            let mut before = &text[at..start];
            if list.contains("toc") {
                // The item that stands for the table of contents.
                let line = before.trim_end().rfind('\n').map_or(0, |at| at + 1);
                if before[line..].trim_start().starts_with(['*', '-', '1']) {
                    before = &before[..line];
                }
            }
            out.push_str(before);
            at = end;
        }
        out.push_str(&text[at..]);
        out
    }
}

/// Where the block of a name that was opened ends: the end of what stands in it, and of its closing tag.
fn closing(text: &str, from: usize, name: &str) -> Option<(usize, usize)> {
    let end_name = format!("end{name}");
    let mut at = from;
    while let Some(found) = text[at..].find("{%") {
        let start = at + found;
        let length = text[start..].find("%}")?;
        let inner = text[start + 2..start + length].trim_matches('-').trim();
        if inner == end_name {
            return Some((start, start + length + 2));
        }
        at = start + 2;
    }
    None
}
