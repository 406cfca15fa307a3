//! Texts that are Markdown already: they are cut into blocks and otherwise stay as they were written.
//!
//! Only what no plain text holds is evidence: links with addresses, code between fences, emphasis with
//! two signs. Headings, lists and quotations look the same in plain texts, which are read as such.

use super::block::{Block, Shape};
use super::line::physical;
use super::phrase::{beginning, squeeze};
use super::trailer::trailer;

/// How much evidence makes a text Markdown.
const ENOUGH: usize = 2;

/// How many links of a line are looked at, and how long an address may be.
const LOOKED_AT: usize = 200;
const LONGEST_ADDRESS: usize = 2000;

/// Whether a text is Markdown.
pub fn is_markdown(text: &str) -> bool {
    let mut evidence = 0;
    let mut fences = 0;
    for line in physical(text) {
        let bare = line.trim_start();
        fences += usize::from(bare.starts_with("```"));
        evidence += links(line) * 2;
        evidence += usize::from(has_pair(line, "**") || has_pair(line, "__"));
        let is_definition = bare.starts_with('[') && (bare.contains("]: http") || bare.contains("]: <http"));
        evidence += usize::from(is_definition) * 2;
        if evidence >= ENOUGH {
            return true;
        }
    }
    fences > 1 && fences % 2 == 0
}

/// How many links and pictures with an address a line has, counted to one.
fn links(line: &str) -> usize {
    let is_address = |behind: &str| {
        let behind = behind.trim_start_matches('<');
        let starts = ["http://", "https://", "mailto:", "/", "./", "../", "#"];
        let end = behind.find([')', ' ']);
        starts.iter().any(|start| behind.starts_with(start))
            && end.is_some_and(|end| behind[end..].starts_with([')', ' ']))
    };
    // The first of them are enough, and what follows is looked at only so far: a line may be the whole text.
    let first = line.find('[').unwrap_or(line.len());
    let found = line.match_indices("](").take(LOOKED_AT).any(|(at, _)| {
        let is_escaped = line[..at].ends_with('\\');
        !is_escaped && first < at && is_address(beginning(&line[at + 2..], LONGEST_ADDRESS))
    });
    usize::from(found)
}

/// Whether a line has a sign in front of a word and again behind one.
fn has_pair(line: &str, sign: &str) -> bool {
    if !line.contains(sign) {
        return false;
    }
    let mut pieces = line.split(sign);
    let mut before = pieces.next().unwrap_or_default();
    let mut is_open = false;
    for piece in pieces {
        let opens = (before.is_empty() || before.ends_with([' ', '(', '“', '"']))
            && piece.starts_with(|next: char| !next.is_whitespace());
        let closes = is_open
            && before.ends_with(|last: char| !last.is_whitespace())
            && !piece.starts_with(char::is_alphanumeric);
        if closes {
            return !before.contains('*') && before.contains(char::is_alphabetic);
        }
        is_open = opens && !before.ends_with('\\');
        before = piece;
    }
    false
}

/// The blocks of a text: what blank lines divide, code between fences as one.
pub fn blocks(text: &str) -> Vec<Block> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut blocks: Vec<Block> = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut start = 0;
    let mut fence: Option<&str> = None;
    for (index, line) in physical(text).enumerate() {
        let bare = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark && bare.trim_matches(['`', '~', ' ']).is_empty() => {
                fence = None
            }
            _ => {}
        }
        if fence.is_none() && bare.is_empty() {
            close(&mut blocks, &mut open, start);
            continue;
        }
        if open.is_empty() {
            start = index + 1;
        }
        open.push(line);
    }
    // Code that no fence closes goes to the end of the text, and not beyond its last line.
    while open.last().is_some_and(|line| line.trim().is_empty()) {
        open.pop();
    }
    close(&mut blocks, &mut open, start);
    blocks
}

fn close(blocks: &mut Vec<Block>, open: &mut Vec<&str>, start: usize) {
    if open.is_empty() {
        return;
    }
    let stanza = blocks.last().map_or(0, |last| last.stanza) + 1;
    let lines = std::mem::take(open);
    // Headings end with their line, and trailers stand one below the other.
    let are_trailers = lines.iter().all(|line| trailer(&plain(line)).is_some());
    let has_code = lines
        .iter()
        .any(|line| line.trim_start().starts_with("```") || line.trim_start().starts_with("~~~"));
    let mut rest: Vec<&str> = Vec::new();
    let mut from = start;
    for (index, line) in lines.iter().enumerate() {
        if !has_code && (are_trailers || is_heading(line)) {
            push(blocks, &rest, from, stanza);
            rest.clear();
            push(blocks, &[line], start + index, stanza);
            from = start + index + 1;
        } else {
            rest.push(line);
        }
    }
    push(blocks, &rest, from, stanza);
}

fn push(blocks: &mut Vec<Block>, lines: &[&str], line: usize, stanza: usize) {
    if lines.is_empty() {
        return;
    }
    let raw = lines.join("\n");
    let first = lines.first().copied().unwrap_or_default();
    let is_text = !first.starts_with(['>', '|', '<', '\t'])
        && !first.starts_with("    ")
        && !first.starts_with("```")
        && !first.starts_with("~~~")
        && !is_item(first)
        && !is_definition(first);
    let text = if is_text { plain(&raw) } else { String::new() };
    blocks.push(Block {
        line,
        stanza,
        shape: Shape::Raw(raw),
        text,
    });
}

fn is_heading(line: &str) -> bool {
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    (1..=6).contains(&hashes) && line[hashes..].starts_with(' ')
}

fn is_item(line: &str) -> bool {
    let bare = line.trim_start();
    let digits = bare.bytes().take_while(u8::is_ascii_digit).count();
    bare.starts_with("- ")
        || bare.starts_with("* ")
        || bare.starts_with("+ ")
        || digits > 0 && (bare[digits..].starts_with(". ") || bare[digits..].starts_with(") "))
}

fn is_definition(line: &str) -> bool {
    line.starts_with('[') && line.contains("]: ")
}

/// What a reader sees of Markdown, roughly: enough to tell what a line is. Pictures are nothing that is said.
fn plain(markdown: &str) -> String {
    let text = markdown.trim_start_matches('#').trim_start();
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, behind) = (&rest[..at], &rest[at + 2..]);
        let Some(end) = beginning(behind, LONGEST_ADDRESS).find(')').map(|end| end + 1) else {
            out.push_str(&rest[..at + 2]);
            rest = behind;
            continue;
        };
        match before.rfind('[') {
            Some(open) if before[..open].ends_with('!') => out.push_str(&before[..open - 1]),
            Some(open) => {
                out.push_str(&before[..open]);
                out.push_str(&before[open + 1..]);
            }
            None => out.push_str(before),
        }
        rest = &behind[end..];
    }
    out.push_str(rest);
    let bare: String = out
        .chars()
        .filter(|character| !matches!(character, '*' | '`' | '\\'))
        .collect();
    squeeze(&bare.replace(['\n', '\r'], " "))
        .trim_matches(|character: char| character == '_' || character == ' ')
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_evidence_makes_markdown() {
        for text in [
            "See [this](https://a.example/b).",
            "**Bold** words\nand **more** of them",
            "```\ncode\n```",
            "[1]: https://a.example/b",
        ] {
            assert!(is_markdown(text), "{text}");
        }
        for text in [
            "# Headline\n\nText.",
            "- a\n- b",
            "5 * 3 ** 2 ** 4",
            "[sic] (no link)",
            "See \\[this\\](https://a.example).",
            "*a* b",
            "a]( b",
        ] {
            assert!(!is_markdown(text), "{text}");
        }
    }

    #[test]
    fn blocks_stay_as_they_were_written() {
        let found = blocks("# A\nText **b**  \nmore.\n\n```\nx\n\ny\n```\n\n[Share](https://a.example)\n");
        let found: Vec<(usize, &Shape, &str)> = found
            .iter()
            .map(|block| (block.line, &block.shape, block.text.as_str()))
            .collect();
        let raw = |text: &str| Shape::Raw(text.to_owned());
        assert_eq!(
            found,
            [
                (1, &raw("# A"), "A"),
                (2, &raw("Text **b**  \nmore."), "Text b more."),
                (5, &raw("```\nx\n\ny\n```"), ""),
                (11, &raw("[Share](https://a.example)"), "Share"),
            ]
        );
    }
}
