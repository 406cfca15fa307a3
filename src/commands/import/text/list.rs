//! Lists in plain text: bullets of every kind, numbers that count up, letters with a bracket.

use super::escape;
use super::layout::Layout;
use super::line::Line;
use super::phrase::{ends_sentence, squeeze, starts_lower};

/// A list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// Its items, in order.
    pub items: Vec<Item>,
}

/// An item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// How deep it lies, from 0.
    pub level: usize,
    /// What marks it.
    pub mark: Mark,
    /// What it says.
    pub text: String,
}

/// What marks an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// A sign.
    Bullet,
    /// A number and what stands behind it.
    Number(u32, char),
}

/// The deepest level.
const DEEPEST: usize = 3;

/// Signs that mark nothing but items.
const BULLETS: &str = "👉🔹🔸•◦‣▪▫●○■□◆◇➤►▶✓✔✅⁃∙➢❖";
/// Signs that mark items if a space stands behind them.
const SIGNS: &str = "-*+–·o";

/// How a line begins that may be an item.
struct Start<'l> {
    mark: Mark,
    /// What stands behind the mark; the whole line where Markdown has no lists of its kind.
    text: &'l str,
    /// Whether word processors write it for items within items.
    is_inner: bool,
}

fn start(line: &str) -> Option<Start<'_>> {
    let first = line.chars().next()?;
    let behind = &line[first.len_utf8()..];
    let is_apart = behind.is_empty() || behind.starts_with([' ', '\t', '\u{a0}']);
    if BULLETS.contains(first) {
        return Some(Start {
            mark: Mark::Bullet,
            text: behind.trim(),
            is_inner: false,
        });
    }
    if SIGNS.contains(first) && is_apart {
        let is_inner = first == 'o';
        // "o", a letter, only as word processors write it.
        if is_inner && !behind.starts_with('\t') {
            return None;
        }
        return Some(Start {
            mark: Mark::Bullet,
            text: behind.trim(),
            is_inner,
        });
    }
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if (1..=4).contains(&digits) {
        let behind = &line[digits..];
        let sign = behind.chars().next().filter(|sign| matches!(sign, '.' | ')'))?;
        let text = behind[1..].strip_prefix([' ', '\t', '\u{a0}'])?;
        let mark = Mark::Number(line[..digits].parse().ok()?, sign);
        let is_plain = !line.starts_with('0') || digits == 1;
        return is_plain.then_some(Start {
            mark,
            text: text.trim(),
            is_inner: false,
        });
    }
    // a) and (a) and (1): the label stays, behind a bullet.
    let inner = line.strip_prefix('(').unwrap_or(line);
    let label = inner.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let is_label = (1..=4).contains(&label)
        && inner[label..].starts_with(") ")
        && is_letter_label(&inner[..label], inner.len() < line.len());
    is_label.then_some(Start {
        mark: Mark::Bullet,
        text: line,
        is_inner: false,
    })
}

fn is_letter_label(label: &str, is_bracketed: bool) -> bool {
    let is_roman = label.bytes().all(|byte| matches!(byte, b'i' | b'v' | b'x'));
    label.len() == 1 && label.bytes().all(|byte| byte.is_ascii_lowercase())
        || is_roman
        || is_bracketed && label.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a line begins as items do.
pub fn may_start(line: &Line) -> bool {
    start(&line.text).is_some()
}

/// The list that begins with the first of the lines, and how many lines it takes.
pub fn take(
    lines: &[Line],
    layout: &Layout,
    width: Option<usize>,
    is_apart: impl Fn(usize) -> bool,
) -> Option<(List, usize)> {
    let mut items: Vec<Item> = Vec::new();
    let mut indents: Vec<usize> = Vec::new();
    let mut at = 0;
    let mut end = 0;
    let mut labels = 0;
    while let Some(line) = lines.get(at) {
        if line.is_blank() {
            at += 1;
            continue;
        }
        let has_gap = at > end;
        let found = start(&line.text).filter(|_| !is_apart(at));
        if let Some(found) = found.filter(|found| follows(&items, found.mark)) {
            let level = level(&mut indents, line.indent, found.is_inner);
            labels += usize::from(found.text.len() == line.text.len());
            items.push(Item {
                level,
                mark: found.mark,
                text: squeeze(found.text),
            });
        } else {
            let Some(item) = items
                .last_mut()
                .filter(|item| !is_apart(at) && (!has_gap || item.text.is_empty()))
            else {
                break;
            };
            let before = &lines[at - 1];
            let goes_on = item.text.is_empty()
                || line.indent > before.indent && !ends_sentence(&before.text)
                || line.indent > indents.last().copied().unwrap_or_default()
                || layout.joins(before, line, width, false)
                || !ends_sentence(&before.text) && starts_lower(&line.text);
            if !goes_on || may_start(line) {
                break;
            }
            if item.text.is_empty() {
                item.text = squeeze(&line.text);
            } else {
                layout.join(&mut item.text, &squeeze(&line.text));
            }
        }
        at += 1;
        end = at;
    }
    items.retain(|item| !item.text.is_empty());
    for item in &mut items {
        item.text = escape::bare_paragraph(std::mem::take(&mut item.text));
    }
    let are_labels = labels == items.len() && labels > 0;
    // One sign alone, or one number, is how a sentence may begin.
    let is_list = items.len() >= 2 && (labels == 0 || are_labels);
    is_list.then(|| {
        base(&mut items);
        (List { items }, end)
    })
}

/// Whether an item can follow those before: bullets follow bullets, numbers count up.
fn follows(items: &[Item], mark: Mark) -> bool {
    match (items.last().map(|item| item.mark), mark) {
        (None, _) => true,
        (Some(Mark::Bullet), Mark::Bullet) => true,
        (Some(Mark::Number(last, sign)), Mark::Number(next, other)) => next == last + 1 && sign == other,
        _ => false,
    }
}

/// The level of an item by how far it is indented.
fn level(indents: &mut Vec<usize>, indent: usize, is_inner: bool) -> usize {
    while indents.len() > 1 && indents.last().is_some_and(|last| indent + 2 <= *last) {
        indents.pop();
    }
    match indents.last() {
        None => indents.push(indent),
        Some(last) if indent >= last + 2 && indents.len() <= DEEPEST => indents.push(indent),
        Some(_) => {}
    }
    (indents.len() - 1).max(usize::from(is_inner && indents.len() == 1))
}

/// Levels begin at 0 and rise by one.
fn base(items: &mut [Item]) {
    let mut before: Option<usize> = None;
    for item in items {
        let highest = before.map_or(0, |before| before + 1);
        item.level = item.level.min(highest);
        before = Some(item.level);
    }
}

impl List {
    /// As Markdown; `is_again` behind another list of numbers, from which another sign divides it.
    pub fn markdown(&self, is_again: bool) -> String {
        let mut out = String::new();
        let mut widths = [0_usize; DEEPEST + 2];
        for item in &self.items {
            let mark = match item.mark {
                Mark::Bullet => "- ".to_owned(),
                Mark::Number(number, sign) => {
                    let sign = if is_again && sign == '.' { ')' } else { sign };
                    format!("{number}{sign} ")
                }
            };
            let level = item.level.min(DEEPEST);
            let indent: usize = widths[..level].iter().sum();
            widths[level] = mark.len();
            if !out.is_empty() {
                out.push('\n');
            }
            out.push_str(&" ".repeat(indent));
            out.push_str(&mark);
            out.push_str(&escape::paragraph(&item.text));
        }
        out
    }

    /// Whether another list behind this one is the rest of it, as Markdown reads them.
    pub fn goes_on_in(&self, next: &List) -> bool {
        next.items
            .first()
            .is_some_and(|first| follows(&self.items, first.mark))
    }

    /// The sign behind its numbers, if it has numbers.
    pub fn sign(&self) -> Option<char> {
        match self.items.first()?.mark {
            Mark::Bullet => None,
            Mark::Number(_, sign) => Some(sign),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::line::lines;
    use super::*;

    fn check(text: &str, expected: Option<&str>) {
        let (lines, _) = lines(text);
        let layout = Layout::of(&lines);
        let found = take(&lines, &layout, layout.of_stanza(&lines), |_| false);
        assert_eq!(
            found.map(|(list, _)| list.markdown(false)).as_deref(),
            expected,
            "{text}"
        );
    }

    #[test]
    fn lists_of_all_kinds() {
        check("• Acme\n• Bolt", Some("- Acme\n- Bolt"));
        check("•\tAcme\n\n•\tBolt", Some("- Acme\n- Bolt"));
        check("•\nAcme\n•\nBolt", Some("- Acme\n- Bolt"));
        check("- Acme\n  - Bolt\n- Coil", Some("- Acme\n  - Bolt\n- Coil"));
        check("• Acme\no\tBolt\n• Coil", Some("- Acme\n  - Bolt\n- Coil"));
        check("3. Acme\n4. Bolt", Some("3. Acme\n4. Bolt"));
        check("a) Acme\nb) Bolt", Some("- a) Acme\n- b) Bolt"));
        check(
            "* Acme makes anvils and\n  sells them\n* Bolt",
            Some("- Acme makes anvils and sells them\n- Bolt"),
        );
    }

    #[test]
    fn what_is_no_list() {
        check("1986. It was the year.", None);
        check("- said nobody", None);
        check("Acme\nBolt", None);
        check("3. Acme\n7. Bolt", None);
    }
}
