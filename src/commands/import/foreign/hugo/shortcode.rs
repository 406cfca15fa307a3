//! Hugo's shortcodes: those with an honest equal in Markdown become it, the others are kept as comments
//! and told of.

use super::super::book::{self, Book, TARGET};
use super::super::call::{self, Call, MAX_DEPTH};
use super::super::post::Note;
use super::super::rewrite::comment;
use super::super::site::Head;
use super::super::text::{Body, Code, fenced, link, picture};
use super::super::value::{at, text_of};
use super::settings::Settings;
use crate::ground::path::SourcePath;

/// Turns the shortcodes of a text into Markdown.
pub fn convert(
    body: &Body<'_>,
    head: &Head,
    settings: &Settings,
    book: &Book,
    notes: &mut Vec<Note>,
) -> String {
    if !body.text.contains("{{") {
        return body.text.to_owned();
    }
    let mut calls = find(body.text);
    call::pair(&mut calls);
    let mut converter = Converter {
        body,
        head,
        settings,
        book,
        code: Code::of(body.text),
        calls: &calls,
        notes,
    };
    let all = converter.convert(0..calls.len(), 0..body.text.len(), 0);
    // What was written so as not to be called is shown as it was meant.
    all.replace("{{</*", "{{<")
        .replace("*/>}}", ">}}")
        .replace("{{%/*", "{{%")
        .replace("*/%}}", "%}}")
}

/// Finds all tags.
fn find(text: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut at = 0;
    // Where there is no end any more, nobody looks for it again.
    let last_end = |mark: &str| text.rfind(mark).unwrap_or_default();
    let (last_angle, last_percent) = (last_end(">}}"), last_end("%}}"));
    while let Some(found) = text[at..].find("{{") {
        let start = at + found;
        at = start + 2;
        let (end_mark, last) = match text[at..].chars().next() {
            Some('<') => (">}}", last_angle),
            Some('%') => ("%}}", last_percent),
            _ => continue,
        };
        if at > last {
            continue;
        }
        let inner_start = at + 1;
        let Some(length) = text[inner_start..].find(end_mark) else {
            continue;
        };
        let inner = text[inner_start..inner_start + length].trim();
        at = inner_start + length + end_mark.len();
        if inner.starts_with("/*") {
            continue;
        }
        let (inner, closes) = match inner.strip_prefix('/') {
            Some(inner) => (inner.trim_start(), true),
            None => (inner, false),
        };
        let (inner, is_whole) = match inner.strip_suffix('/') {
            // `url=https://x/` ends with a slash of its own.
            Some(inner) if inner.ends_with([' ', '"', '`']) || !inner.contains(' ') => {
                (inner.trim_end(), true)
            }
            _ => (inner, false),
        };
        let (name, rest) = inner.split_at(inner.find(char::is_whitespace).unwrap_or(inner.len()));
        if name.is_empty() {
            continue;
        }
        calls.push(Call {
            range: start..at,
            name: name.to_owned(),
            arguments: call::arguments(rest),
            closes,
            is_whole,
            closed_by: None,
        });
    }
    calls
}

struct Converter<'c> {
    body: &'c Body<'c>,
    head: &'c Head,
    settings: &'c Settings,
    book: &'c Book,
    code: Code,
    calls: &'c [Call],
    notes: &'c mut Vec<Note>,
}

impl Converter<'_> {
    /// Converts a part of the text with the tags in it.
    fn convert(
        &mut self,
        calls: std::ops::Range<usize>,
        part: std::ops::Range<usize>,
        depth: usize,
    ) -> String {
        let text = self.body.text;
        let mut out = String::with_capacity(part.len());
        let mut at = part.start;
        let mut index = calls.start;
        while index < calls.end {
            let all = self.calls;
            let call = &all[index];
            out.push_str(&text[at..call.range.start]);
            let closing = call
                .closed_by
                .filter(|&closing| closing < calls.end && depth < MAX_DEPTH);
            let closed = closing.and_then(|closing| Some((closing, all.get(closing)?)));
            match closed {
                Some((closing, end)) => {
                    let inner = call.range.end..end.range.start;
                    out.push_str(&self.paired(call, end, index + 1..closing, inner, depth));
                    at = end.range.end;
                    index = closing + 1;
                }
                None => {
                    out.push_str(&self.single(call));
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

    fn paired(
        &mut self,
        call: &Call,
        end: &Call,
        calls: std::ops::Range<usize>,
        part: std::ops::Range<usize>,
        depth: usize,
    ) -> String {
        let raw = &self.body.text[part.clone()];
        match call.name.as_str() {
            "highlight" => {
                self.became(call, "a code block");
                let language = call.first(&["lang", "language"]).unwrap_or_default();
                let starts_line = self.starts_line(call.range.start);
                let break_before = if starts_line { "" } else { "\n\n" };
                format!("{break_before}{}\n", fenced(language, raw))
            }
            "comment" => {
                self.became(call, "a comment");
                comment(raw)
            }
            "details" => {
                let inner = self.convert(calls, part, depth + 1);
                self.became(call, "a paragraph in bold and the text below it");
                let summary = call.first(&["summary", "title"]).unwrap_or("Details");
                format!("**{summary}**\n\n{}\n", inner.trim())
            }
            "figure" => {
                let caption = raw.trim();
                let figure = self.figure(call, caption);
                figure.unwrap_or_else(|| self.unknown(call))
            }
            "rawhtml" | "raw" | "html" => {
                self.became(call, "its HTML");
                raw.to_owned()
            }
            _ => {
                let opening = self.unknown(call);
                let inner = self.convert(calls, part, depth + 1);
                let closing = self.shown(end);
                format!("{opening}{inner}{closing}")
            }
        }
    }

    fn starts_line(&self, at: usize) -> bool {
        at == 0 || self.body.text[..at].ends_with('\n')
    }

    fn single(&mut self, call: &Call) -> String {
        if call.closes {
            return self.unknown(call);
        }
        match self.known(call) {
            Some(markdown) => markdown,
            None => self.unknown(call),
        }
    }

    fn known(&mut self, call: &Call) -> Option<String> {
        match call.name.as_str() {
            "ref" | "relref" => Some(self.reference(call)),
            "figure" => self.figure(call, ""),
            "youtube" => {
                let id = call.first(&["id"])?;
                let address = format!("https://www.youtube.com/watch?v={id}");
                Some(self.plain_link(call, call.named("title").unwrap_or("Video on YouTube"), &address))
            }
            "vimeo" => {
                let id = call.first(&["id"])?;
                let address = format!("https://vimeo.com/{id}");
                Some(self.plain_link(call, call.named("title").unwrap_or("Video on Vimeo"), &address))
            }
            "tweet" | "twitter" | "x" | "twitter_simple" | "x_simple" => {
                let id = call.named("id").or_else(|| call.nth(1)).or_else(|| call.nth(0))?;
                let user = call.named("user").or_else(|| call.nth(1).and(call.nth(0)));
                let address = format!("https://x.com/{}/status/{id}", user.unwrap_or("i"));
                let label = user.map_or("Post on X".to_owned(), |user| format!("Post on X by @{user}"));
                Some(self.plain_link(call, &label, &address))
            }
            "instagram" | "instagram_simple" => {
                let id = call.first(&["id"])?;
                let address = format!("https://www.instagram.com/p/{id}/");
                Some(self.plain_link(call, "Post on Instagram", &address))
            }
            "gist" => {
                let user = call.named("user").or_else(|| call.nth(0))?;
                let id = call.named("id").or_else(|| call.nth(1))?;
                let address = format!("https://gist.github.com/{user}/{id}");
                Some(self.plain_link(call, "Gist on GitHub", &address))
            }
            "param" => {
                let name = call.nth(0)?;
                let path: Vec<&str> = name.split('.').collect();
                let extra = serde_json::Value::Object(self.head.front.extra.clone());
                let value = at(&extra, &path).or_else(|| at(&self.settings.params, &path));
                let value = value.and_then(text_of)?;
                self.became(call, "the value that it stood for");
                Some(value)
            }
            _ => None,
        }
    }

    fn plain_link(&mut self, call: &Call, label: &str, address: &str) -> String {
        self.became(call, "a plain link");
        link(label, address)
    }

    fn figure(&mut self, call: &Call, inner: &str) -> Option<String> {
        let src = call.first(&["src", "image"])?.to_owned();
        let parts = [
            call.named("title"),
            call.named("caption"),
            Some(inner),
            call.named("attr"),
        ];
        let parts: Vec<&str> = parts
            .into_iter()
            .flatten()
            .filter(|part| !part.is_empty())
            .collect();
        let alt = call
            .named("alt")
            .or_else(|| call.named("caption"))
            .unwrap_or_default();
        let image = picture(alt, &src, &parts.join(" – "));
        self.became(call, "a picture, its caption as its title");
        let target = call.named("link");
        let image = match target {
            Some(target) => format!("[{image}]({target})"),
            None => image,
        };
        Some(image)
    }

    /// The address of a page, which its links will be led to.
    fn reference(&mut self, call: &Call) -> String {
        let wanted = call.first(&["path"]).unwrap_or_default().to_owned();
        let (path, fragment) = wanted.split_at(wanted.find('#').unwrap_or(wanted.len()));
        if path.is_empty() {
            return fragment.to_owned();
        }
        match self.look_up(path) {
            Some(number) => {
                self.became(call, "a link to the article's file");
                format!("{TARGET}{number}{fragment}")
            }
            None => {
                self.became(call, "no page of that name came along: its link is taken out");
                format!("{TARGET}{}", wanted.replace([' ', '(', ')'], "-"))
            }
        }
    }

    fn look_up(&self, path: &str) -> Option<usize> {
        let content = &self.settings.content;
        let of = |folder: &str, path: &str| {
            let path = SourcePath::new(folder)?.join(path)?;
            let path = path.as_str();
            self.book
                .of_file(path)
                .or_else(|| self.book.of_file(&format!("{path}/index")))
                .or_else(|| self.book.of_file(path.strip_suffix("/index.md")?))
        };
        if let Some(rooted) = path.strip_prefix('/') {
            return of(content, rooted).or_else(|| self.book.of_address(path));
        }
        of(book::folder(self.body.file), path)
            .or_else(|| of(content, path))
            .or_else(|| self.book.of_name(path.trim_end_matches('/')))
    }

    /// A tag with no equal: a comment, or as it is where a comment would be shown.
    fn unknown(&mut self, call: &Call) -> String {
        if self.code.holds(call.range.start) {
            self.became(call, "left as it is, in code");
        } else {
            self.became(call, "kept as a comment, which readers do not see");
        }
        self.shown(call)
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
    fn tags_are_found_and_paired() {
        let mut calls =
            find("{{< a x=\"1\" >}}b{{% c %}}{{< /a >}} {{</* d */>}} {{< e />}} {{ f }} {{< open");
        call::pair(&mut calls);
        let names: Vec<&str> = calls.iter().map(|call| call.name.as_str()).collect();
        assert_eq!(names, ["a", "c", "a", "e"]);
        assert_eq!(calls[0].closed_by, Some(2));
        assert_eq!(calls[1].closed_by, None);
        assert!(calls[3].is_whole);
        assert_eq!(calls[0].named("x"), Some("1"));
    }
}
