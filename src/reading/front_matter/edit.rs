//! Changing one key of a front matter and no other byte.
//!
//! Comments, order, quoting, line endings and odd spacing belong to the person who wrote them. So nothing is
//! written anew but the value asked for, at its own place, and the outcome is read again before it is
//! given out: every other key must be as it was. What cannot be changed safely is refused in words.

use std::ops::Range;

use super::split;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics, Severity};
use crate::ground::path::SourcePath;
use crate::ground::span::Span;
use crate::reading::yaml::{self, Document, Key, Node, Value, flow_list, plain_or_quoted};

/// A value for a key.
#[derive(Clone, Copy, Debug)]
pub enum Wanted<'w> {
    /// A text.
    Text(&'w str),
    /// A list of texts.
    List(&'w [String]),
}

/// A change of a file: these bytes of it become that text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The bytes that go; empty where something is only put in.
    pub range: Range<usize>,
    /// What comes instead.
    pub text: String,
}

impl Change {
    /// The file as it is then.
    pub fn apply(&self, text: &str) -> String {
        let (before, behind) = (&text[..self.range.start], &text[self.range.end..]);
        format!("{before}{}{behind}", self.text)
    }
}

/// How a key is set in a file that has a front matter; `None` where it has the value already. A new key is put behind the
/// first of `neighbours` that is there, else at the end.
pub fn set(
    file: &SourcePath,
    text: &str,
    key: &str,
    wanted: Wanted<'_>,
    neighbours: &[&str],
) -> Result<Option<Change>, Diagnostic> {
    let mut found = Diagnostics::new();
    let split = split(file, text, &mut found);
    let refuse = |why: &str, at: Option<Span>| {
        let diagnostic = Diagnostic::new(Code::NotEdited, format!("`{key}` cannot be written here: {why}"));
        let diagnostic = match at {
            Some(span) => diagnostic.at(file, span),
            None => diagnostic.in_file(file),
        };
        diagnostic.help(format!("write it by hand: `{key}: {}`", wanted.flow()))
    };
    let Some((yaml, start)) = split.yaml.filter(|_| !found.has_errors()) else {
        return Err(refuse("the file has no front matter", None));
    };
    let document = yaml::parse(file, yaml, start, &mut found);
    let Some(document) = document.filter(|_| !found.has_errors()) else {
        let error = found
            .iter()
            .find(|diagnostic| diagnostic.severity == Severity::Error);
        return Err(error
            .cloned()
            .unwrap_or_else(|| refuse("the front matter cannot be read", None)));
    };
    let empty = Vec::new();
    let keys = match &document.root().value {
        Value::Map(keys) => keys,
        Value::Null => &empty,
        _ => return Err(refuse("the front matter is no list of keys", None)),
    };
    let first = keys.first().map(|(key, _)| document.place_of_key(key));
    if first.is_some_and(|first| line_before(text, first.start as usize).trim() != "") {
        return Err(refuse("the front matter is written in braces", first));
    }
    let known = keys.iter().find(|(own, _)| own.name == key);
    if let Some((_, node)) = known
        && wanted.is_met(node)
    {
        return Ok(None);
    }
    let editor = Editor {
        text,
        yaml: start..start + yaml.len(),
        document: &document,
        keys,
        key,
        wanted,
    };
    let changes = match known {
        Some((own, node)) => editor
            .replacement(own, node)
            .map_err(|(why, at)| refuse(why, Some(at)))
            .map(|change| vec![change])?,
        None => editor.additions(neighbours),
    };
    let is_sound = |change: &Change| editor.is_sound(file, change);
    changes.into_iter().find(is_sound).map(Some).ok_or_else(|| {
        refuse(
            "other keys would change with it",
            known.map(|(own, _)| document.place_of_key(own)),
        )
    })
}

impl Wanted<'_> {
    /// The value in one line of YAML.
    fn flow(self) -> String {
        match self {
            Wanted::Text(text) => plain_or_quoted(text),
            Wanted::List(texts) => flow_list(texts),
        }
    }

    fn is_met(self, node: &Node) -> bool {
        match self {
            Wanted::Text(text) => node.as_text() == Some(text),
            Wanted::List(texts) => node.as_list().is_some_and(|list| {
                list.iter()
                    .map(Node::as_text)
                    .eq(texts.iter().map(|text| Some(text.as_str())))
            }),
        }
    }
}

struct Editor<'e> {
    text: &'e str,
    /// The bytes of the YAML.
    yaml: Range<usize>,
    document: &'e Document,
    keys: &'e [(Key, Node)],
    key: &'e str,
    wanted: Wanted<'e>,
}

impl Editor<'_> {
    /// The key's value becomes another one.
    fn replacement(&self, own: &Key, node: &Node) -> Result<Change, (&'static str, Span)> {
        let place = self.document.place_of_key(own);
        let region = self.region(own);
        let line = &self.text[place.end as usize..region.end];
        let colon = line.find(|sign: char| !matches!(sign, ' ' | '\t' | '"' | '\''));
        let Some(colon) = colon.filter(|at| line[*at..].starts_with(':')) else {
            return Err(("its key is written in an unusual way", place));
        };
        let value = place.end as usize + colon + 1;
        let first_line = self.text[value..region.end].lines().next().unwrap_or_default();
        let written = first_line.trim_start();
        let has_more = !own_lines(&self.text[value + first_line.len()..region.end]).is_empty();
        match written.chars().next() {
            Some('&' | '*' | '!' | '|' | '>') => Err(("its value has a mark of YAML's own", place)),
            None | Some('#') if !has_more => Ok(Change {
                range: value..value,
                text: format!(" {}", self.wanted.flow()),
            }),
            None | Some('#') => self.block_list(node, value, value + first_line.len()..region.end),
            Some(_) => {
                let span = self.document.place_written(node);
                let start = span.start as usize;
                let raw = self.text.get(start..span.end as usize).unwrap_or_default();
                // The parser's place of a quoted text goes on over the comment behind it.
                let raw = &raw[..quoted_length(raw).unwrap_or(raw.len())];
                let end = start + raw.len();
                if start < value || has_comment(raw) {
                    return Err(("there are comments within its value", place));
                }
                Ok(Change {
                    range: start..end,
                    text: self.wanted.flow(),
                })
            }
        }
    }

    /// A list with a line for each item stays one, and lines that stay keep their comments.
    fn block_list(
        &self,
        node: &Node,
        value: usize,
        lines: Range<usize>,
    ) -> Result<Change, (&'static str, Span)> {
        let place = self.document.place(node);
        let unusual = Err(("its list is written in an unusual way", place));
        let (Some(items), Wanted::List(texts)) = (node.as_list(), self.wanted) else {
            return unusual;
        };
        // A comment on lines of its own belongs to the item below it, and to the list above the first one.
        let mut starts: Vec<usize> = Vec::with_capacity(items.len());
        for item in items {
            let at = self.document.place(item).start as usize;
            let line = at - line_before(self.text, at).len();
            let dash = line_before(self.text, at).trim_start();
            if !dash.starts_with('-')
                || !dash[1..].trim_matches(['"', '\'', ' ', '\t']).is_empty()
                || line < lines.start
            {
                return unusual;
            }
            let above = starts.last().map(|&before| before..line);
            starts.push(above.map_or(line, |above| above.start + last_own_line_end(&self.text[above])));
        }
        let Some(&first) = starts.first() else {
            return unusual;
        };
        let end = lines.start + last_own_line_end(&self.text[lines.clone()]);
        let indent = &self.text[first..][..self.text[first..].find('-').unwrap_or_default()];
        let line_of = |text: &String| {
            let known = items.iter().position(|item| item.as_text() == Some(text));
            known.map_or_else(
                || format!("{indent}- {}{}", plain_or_quoted(text), self.line_ending()),
                |index| {
                    let until = starts.get(index + 1).copied().unwrap_or(end);
                    let line = &self.text[starts[index]..until];
                    match line.ends_with('\n') {
                        true => line.to_owned(),
                        false => format!("{line}{}", self.line_ending()),
                    }
                },
            )
        };
        if texts.is_empty() {
            // What stands between the key and the first item stays: it may be a comment.
            return Ok(Change {
                range: value..end,
                text: format!(" []{}", &self.text[value..first]),
            });
        }
        Ok(Change {
            range: first..end,
            text: texts.iter().map(line_of).collect(),
        })
    }

    /// Where the key could be put in, the best place first.
    fn additions(&self, neighbours: &[&str]) -> Vec<Change> {
        let indent = self.keys.first().map_or("", |(first, _)| {
            line_before(self.text, self.document.place_of_key(first).start as usize)
        });
        let line = format!(
            "{indent}{}: {}{}",
            self.key,
            self.wanted.flow(),
            self.line_ending()
        );
        let behind = neighbours
            .iter()
            .filter_map(|neighbour| self.keys.iter().find(|(own, _)| own.name == *neighbour))
            .map(|(own, _)| self.region(own));
        let last = self.keys.last().map(|(own, _)| self.region(own));
        let places = behind
            .chain(last)
            .map(|region| region.start + last_own_line_end(&self.text[region]));
        places
            .chain([self.yaml.end])
            .map(|at| Change {
                range: at..at,
                text: match self.text[..at].ends_with('\n') {
                    true => line.clone(),
                    false => format!("{}{line}", self.line_ending()),
                },
            })
            .collect()
    }

    /// The lines of a key, up to the next one, comments and empty lines behind it counted.
    fn region(&self, own: &Key) -> Range<usize> {
        let at = |key: &Key| {
            let at = self.document.place_of_key(key).start as usize;
            at - line_before(self.text, at).len()
        };
        let start = at(own);
        let next = self
            .keys
            .iter()
            .map(|(key, _)| at(key))
            .filter(|other| *other > start);
        start..next.min().unwrap_or(self.yaml.end)
    }

    fn line_ending(&self) -> &'static str {
        // The line above the YAML is the opening one.
        match self.text[..self.yaml.start].ends_with("\r\n") {
            true => "\r\n",
            false => "\n",
        }
    }

    /// Whether a change sets the key and nothing else.
    fn is_sound(&self, file: &SourcePath, change: &Change) -> bool {
        let text = change.apply(self.text);
        let mut found = Diagnostics::new();
        let split = split(file, &text, &mut found);
        let body = &self.text[self.yaml.end..];
        let Some((yaml, start)) = split
            .yaml
            .filter(|(yaml, start)| text[start + yaml.len()..] == *body)
        else {
            return false;
        };
        let Some(document) = yaml::parse(file, yaml, start, &mut found) else {
            return false;
        };
        let Value::Map(keys) = &document.root().value else {
            return false;
        };
        let others = |keys: &[(Key, Node)]| -> Vec<(String, Value)> {
            keys.iter()
                .filter(|(key, _)| key.name != self.key)
                .map(|(key, node)| (key.name.clone(), node.plain()))
                .collect()
        };
        let own = keys.iter().find(|(key, _)| key.name == self.key);
        !found.has_errors()
            && others(keys) == others(self.keys)
            && own.is_some_and(|(_, node)| self.wanted.is_met(node))
    }
}

/// Whether a value holds a comment: a `#` behind space, and not in quotation marks.
fn has_comment(raw: &str) -> bool {
    let mut at = 0;
    let mut before = ' ';
    // Quotation marks are such only where a value begins.
    let mut begins = true;
    while let Some(sign) = raw[at..].chars().next() {
        let quoted = quoted_length(&raw[at..]).filter(|_| begins);
        if sign == '#' && before.is_whitespace() {
            return true;
        }
        at += quoted.unwrap_or(sign.len_utf8());
        begins = quoted.is_none() && (matches!(sign, '[' | ',') || begins && sign.is_whitespace());
        before = sign;
    }
    false
}

/// The length of a text in quotation marks of either kind, the marks counted.
fn quoted_length(raw: &str) -> Option<usize> {
    let mark = raw.chars().next().filter(|mark| matches!(mark, '"' | '\''))?;
    let mut signs = raw.char_indices().skip(1).peekable();
    while let Some((at, sign)) = signs.next() {
        match sign {
            '\\' if mark == '"' => {
                signs.next();
            }
            _ if sign != mark => {}
            _ if mark == '\'' && signs.next_if(|(_, next)| *next == mark).is_some() => {}
            _ => return Some(at + 1),
        }
    }
    None
}

/// What stands before a place in its line.
fn line_before(text: &str, at: usize) -> &str {
    let before = text.get(..at).unwrap_or_default();
    &before[before.rfind('\n').map_or(0, |at| at + 1)..]
}

/// The lines that are more than space and comment.
fn own_lines(text: &str) -> Vec<&str> {
    let is_own = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
    text.lines().filter(is_own).collect()
}

/// Where the last line ends that is more than space and comment, its line break counted.
fn last_own_line_end(text: &str) -> usize {
    let (mut at, mut end) = (0, 0);
    for line in text.split_inclusive('\n') {
        at += line.len();
        if !own_lines(line).is_empty() {
            end = at;
        }
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edited(text: &str, companies: &[&str]) -> Result<Option<String>, Diagnostic> {
        let file = SourcePath::new("content/articles/a.md").expect("a path");
        let companies: Vec<String> = companies.iter().map(|&name| name.to_owned()).collect();
        let neighbours = ["topics", "date"];
        let change = set(&file, text, "companies", Wanted::List(&companies), &neighbours)?;
        Ok(change.map(|change| change.apply(text)))
    }

    fn check(text: &str, companies: &[&str], expected: &str) {
        let edited = edited(text, companies)
            .unwrap_or_else(|problem| panic!("{text}: {}", problem.message))
            .expect("a change");
        assert_eq!(edited, expected);
        assert_eq!(
            self::edited(&edited, companies).expect("no error"),
            None,
            "the second time nothing is left"
        );
    }

    #[test]
    fn a_value_is_replaced_where_it_stands() {
        let check_value = |before: &str, after: &str| {
            check(
                &format!("---\ntitle: A # x\ncompanies:{before}\n# end\n\ntopics: [b]\n---\nText.\n"),
                &["Oracle", "AT&T"],
                &format!("---\ntitle: A # x\ncompanies:{after}\n# end\n\ntopics: [b]\n---\nText.\n"),
            );
        };
        check_value("", " [Oracle, AT&T]");
        check_value("   # none yet", " [Oracle, AT&T]   # none yet");
        check_value(" ~ # c", " [Oracle, AT&T] # c");
        check_value("  []", "  [Oracle, AT&T]");
        check_value(" Arm", " [Oracle, AT&T]");
        check_value(" \"Arm\"  # c", " [Oracle, AT&T]  # c");
        check_value(" [Arm, 'Intel', ] # c", " [Oracle, AT&T] # c");
        check_value(" [Arm,\n  Intel\n  ]", " [Oracle, AT&T]");
        check_value(
            " # those\n  - Arm # gone\n  - Oracle   # stays\n",
            " # those\n  - Oracle   # stays\n  - AT&T\n",
        );
        check_value("\n- \"Oracle\"\n- Intel", "\n- \"Oracle\"\n- AT&T");
        check_value(
            "\n  # the list\n  - Arm\n\n  # those of the database\n  - Oracle\n  # the phones\n  - AT&T\n  - Intel",
            "\n  # the list\n\n  # those of the database\n  - Oracle\n  # the phones\n  - AT&T",
        );
        check_value(" [\"Shop #1\", It's, 'it''s #2']", " [Oracle, AT&T]");
    }

    #[test]
    fn an_emptied_list_keeps_the_comments_above_its_items() {
        check(
            "---\ncompanies: # a\n  # b\n  - Arm # c\n  - Intel\n# d\nid: x\n---\n",
            &[],
            "---\ncompanies: [] # a\n  # b\n# d\nid: x\n---\n",
        );
    }

    #[test]
    fn a_new_key_stands_behind_its_neighbour() {
        let list = &["Oracle"];
        check(
            "---\ntitle: A\ntopics:\n  - b # c\n# d\nid: 1\n---\n",
            list,
            "---\ntitle: A\ntopics:\n  - b # c\ncompanies: [Oracle]\n# d\nid: 1\n---\n",
        );
        check(
            "---\r\ntitle: A\r\n...\r\nB",
            list,
            "---\r\ntitle: A\r\ncompanies: [Oracle]\r\n...\r\nB",
        );
        check(
            "\u{feff}---\n  title: A\n---",
            list,
            "\u{feff}---\n  title: A\n  companies: [Oracle]\n---",
        );
        check("---\n---\n", list, "---\ncompanies: [Oracle]\n---\n");
        check(
            "---\n# only this\n---\n",
            list,
            "---\n# only this\ncompanies: [Oracle]\n---\n",
        );
        // Put in before the empty lines the text would lose them.
        check(
            "---\nsummary: |+\n  Text\n\n\n---\n",
            list,
            "---\nsummary: |+\n  Text\n\n\ncompanies: [Oracle]\n---\n",
        );
    }

    #[test]
    fn names_are_quoted_where_yaml_needs_it() {
        let names = [
            "Yahoo!",
            "- dash",
            "true",
            "A, B",
            "a: b",
            "#1",
            "L'Oréal",
            "ソフトバンク",
        ];
        let edited = edited("---\ntitle: A\n---\n", &names)
            .expect("a change")
            .expect("a change");
        assert!(
            edited.contains("companies: [\"Yahoo!\", \"- dash\", \"true\", \"A, B\", \"a: b\", \"#1\", L'Oréal, ソフトバンク]"),
            "{edited}"
        );
    }

    #[test]
    fn what_cannot_be_changed_safely_is_refused() {
        let refused = |text: &str, why: &str| {
            let problem = edited(text, &["Oracle"]).expect_err("a refusal");
            assert!(problem.message.contains(why), "{}", problem.message);
            assert!(!problem.help.is_empty());
        };
        refused("Text.\n", "no front matter");
        refused("---\n{title: A, date: 2025-01-01}\n---\n", "braces");
        refused("---\ncompanies: &a [Arm]\nx: *a\n---\n", "mark of YAML's own");
        refused(
            "---\ncompanies: [Arm, # the chip designer\n  Intel]\n---\n",
            "comments",
        );
        refused(
            "---\ncompanies: [Arm,\t# the chip designer\n  Intel]\n---\n",
            "comments",
        );
        refused("---\ncompanies: [It's, # that's\n  Intel]\n---\n", "comments");
        refused("---\n- a\n---\n", "no list of keys");
    }
}
