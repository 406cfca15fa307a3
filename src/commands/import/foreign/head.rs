//! The front matter of other generators, in the forms they take, and the text behind it.

use super::value::{self, Fault, Keys};

/// A file in its two parts.
#[derive(Clone, Debug, Default)]
pub struct Parts<'t> {
    /// What the front matter says; `None` where there is none.
    pub keys: Option<Keys>,
    /// The text behind it.
    pub body: &'t str,
    /// The line on which it starts, from 1.
    pub line: usize,
}

/// Takes a file apart. The place of a fault counts from the start of the file.
pub fn split(text: &str) -> Result<Parts<'_>, Fault> {
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let rest = &text[start..];
    let first = rest.lines().next().unwrap_or_default().trim_end();
    let (head, body_start) = match first {
        "---" | "---yaml" | "---yml" => {
            let (head, end) = fenced(text, start, &["---", "..."])?;
            (
                value::of_yaml(&text[head.clone()]).map_err(|fault| moved(fault, head.start))?,
                end,
            )
        }
        "+++" | "---toml" => {
            let (head, end) = fenced(text, start, &[&first[..3]])?;
            (
                value::of_toml(&text[head.clone()]).map_err(|fault| moved(fault, head.start))?,
                end,
            )
        }
        "---json" => {
            let (head, end) = fenced(text, start, &["---"])?;
            (
                value::of_json(&text[head.clone()]).map_err(|fault| moved(fault, head.start))?,
                end,
            )
        }
        "---js" | "---javascript" => {
            return Err(Fault::new(
                start,
                "the front matter is a program, which brief does not run",
            ));
        }
        _ if rest.starts_with('{') && rest[1..].trim_start().starts_with(['"', '}']) => {
            let (value, end) = value::leading_json(rest).map_err(|fault| moved(fault, start))?;
            let end = start + end;
            let line_end = text[end..].find('\n').map_or(text.len(), |at| end + at + 1);
            (value, line_end)
        }
        _ => {
            return Ok(Parts {
                keys: None,
                body: rest,
                line: 1,
            });
        }
    };
    if !head.is_object() && !head.is_null() {
        return Err(Fault::new(start, "the front matter has no keys"));
    }
    Ok(Parts {
        keys: Some(Keys::of(head)),
        body: &text[body_start..],
        line: text[..body_start].matches('\n').count() + 1,
    })
}

fn moved(fault: Fault, by: usize) -> Fault {
    Fault::new(fault.at + by, fault.message)
}

/// The bytes between two dividing lines, and where the text behind the second starts.
fn fenced(text: &str, start: usize, closing: &[&str]) -> Result<(std::ops::Range<usize>, usize), Fault> {
    let mut lines = text[start..].split_inclusive('\n');
    let head = start + lines.next().map_or(0, str::len);
    let mut at = head;
    for line in lines {
        let end = at + line.len();
        if closing.contains(&line.trim_end()) {
            return Ok((head..at, end));
        }
        at = end;
    }
    Err(Fault::new(
        start,
        "the front matter is opened here and never closed",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn title(text: &str) -> (Option<String>, String, usize) {
        let parts = split(text).expect(text);
        let title = parts.keys.and_then(|mut keys| keys.take_text(&["title"]));
        (title, parts.body.to_owned(), parts.line)
    }

    #[test]
    fn every_form_is_read() {
        for (text, line) in [
            ("---\ntitle: A\n---\nText\n", 4),
            ("\u{feff}---\r\ntitle: A\r\n---\r\nText\n", 4),
            ("+++\ntitle = \"A\"\n+++\nText\n", 4),
            ("{\n \"title\": \"A\"\n}\nText\n", 4),
            ("---json\n{\"title\": \"A\"}\n---\nText\n", 4),
            ("---toml\ntitle = \"A\"\n---\nText\n", 4),
        ] {
            assert_eq!(
                title(text),
                (Some("A".to_owned()), "Text\n".to_owned(), line),
                "{text}"
            );
        }
        assert_eq!(title("Text"), (None, "Text".to_owned(), 1));
        assert_eq!(title("---\n---\nText"), (None, "Text".to_owned(), 3));
        // A list of links is no front matter.
        assert_eq!(title("{{< note >}}\n").0, None);
    }

    #[test]
    fn faults_are_placed_in_the_file() {
        let text = "+++\ntitle = \"A\"\nb = = 2\n+++\n";
        let fault = split(text).expect_err("no TOML");
        assert_eq!(value::line_and_column(text, fault.at).0, 3);
        assert!(split("---\ntitle: A\n").is_err());
        assert!(split("{\n\"a\": }").is_err());
        assert!(split("---js\nmodule.exports = {}\n---\n").is_err());
    }
}
