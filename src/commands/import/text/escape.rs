//! Plain text as Markdown: what Markdown would take for markup gets a backslash, and nothing else does.
//!
//! As little as possible is escaped, since people go on to edit the text. A text that is escaped
//! already, all of it and no more than needed, is Markdown, and its backslashes are taken off when it is read.

/// Text of a paragraph or an item of a list, as Markdown.
pub fn paragraph(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let rest = escape_start(text, &mut out);
    escape_inline(rest, &mut out, is_definition(text), &[]);
    out
}

/// Text of a heading, as Markdown.
pub fn heading(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    escape_inline(text, &mut out, false, &['{']);
    // Hashes behind a heading are no part of it.
    let bare = out.trim_end_matches('#').len();
    if bare < out.len() && (bare == 0 || out[..bare].ends_with(' ')) {
        out.insert(bare, '\\');
    }
    out
}

/// Text of a cell of a table, as Markdown.
pub fn cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    escape_inline(text, &mut out, false, &['|']);
    out
}

/// What a paragraph says that is escaped already; any other as it is.
pub fn bare_paragraph(text: String) -> String {
    escaped(&text, paragraph).unwrap_or(text)
}

/// The same for a heading.
pub fn bare_heading(text: String) -> String {
    escaped(&text, heading).unwrap_or(text)
}

/// What a text says that is escaped already: one from which its backslashes can be taken and put back.
fn escaped(text: &str, escape: impl Fn(&str) -> String) -> Option<String> {
    if !text.contains('\\') {
        return None;
    }
    let bare = unescape(text);
    (bare.len() < text.len() && escape(&bare) == text).then_some(bare)
}

/// A text without the backslashes that Markdown takes for escapes.
pub fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escaped = characters.next_if(|next| character == '\\' && next.is_ascii_punctuation());
        out.push(escaped.unwrap_or(character));
    }
    out
}

/// Escapes the sign that would open a block, and gives back what stands behind it.
fn escape_start<'t>(text: &'t str, out: &mut String) -> &'t str {
    let hashes = text.bytes().take_while(|byte| *byte == b'#').count();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let ends_at = |at: usize| text[at..].chars().next().is_none_or(|next| next.is_whitespace());
    if (1..=6).contains(&hashes) && ends_at(hashes)
        || text.starts_with('>')
        || text.starts_with(['-', '+']) && (ends_at(1) || is_line(text))
        || text.starts_with("~~~")
        || text.starts_with('=') && is_line(text)
    {
        out.push('\\');
        out.push_str(&text[..1]);
        return &text[1..];
    }
    if (1..=9).contains(&digits) && text[digits..].starts_with(['.', ')']) && ends_at(digits + 1) {
        out.push_str(&text[..digits]);
        out.push('\\');
        out.push_str(&text[digits..digits + 1]);
        return &text[digits + 1..];
    }
    text
}

/// Whether a text is a line that divides, or that underlines.
fn is_line(text: &str) -> bool {
    text.chars()
        .all(|character| matches!(character, '-' | '=' | '+' | ' '))
}

/// Whether Markdown would take a text for the address behind a label, or for a footnote.
fn is_definition(text: &str) -> bool {
    text.starts_with('[') && text.contains("]:")
}

fn escape_inline(text: &str, out: &mut String, is_definition: bool, also: &[char]) {
    let strikes = text.bytes().filter(|byte| *byte == b'~').count() > 1;
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        if let Some(length) = address_at(text, at) {
            push_address(&text[at..at + length], out_before(text, at) == Some('<'), out);
            at += length;
            continue;
        }
        let before = out_before(text, at);
        let behind = text[at + character.len_utf8()..].chars().next();
        let is_markup = match character {
            '\\' => {
                behind.is_some_and(|next| next.is_ascii_punctuation()) || address_at(text, at + 1).is_some()
            }
            '*' => !(is_space(before) && is_space(behind)) || at == 0,
            '_' => {
                let is_within_word =
                    is_letter(before) && is_letter(behind) && address_at(text, at + 1).is_none();
                !(is_space(before) && is_space(behind) || is_within_word)
            }
            '~' => strikes && !(is_space(before) && is_space(behind)),
            '`' => true,
            ']' => behind == Some('(') || is_definition && behind == Some(':'),
            '[' => is_task(&text[at..]) && at == 0,
            '<' => behind.is_some_and(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?')),
            '&' => is_entity(&text[at + 1..]),
            other => also.contains(&other),
        };
        if is_markup {
            out.push('\\');
        }
        out.push(character);
        at += character.len_utf8();
    }
}

fn out_before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

fn is_space(character: Option<char>) -> bool {
    character.is_none_or(char::is_whitespace)
}

fn is_letter(character: Option<char>) -> bool {
    character.is_some_and(char::is_alphanumeric)
}

/// Whether a text begins as a task of a list or as the sign of an alert.
fn is_task(text: &str) -> bool {
    ["[ ] ", "[x] ", "[X] ", "[!"]
        .iter()
        .any(|start| text.starts_with(start))
}

fn is_entity(behind: &str) -> bool {
    let name = behind
        .bytes()
        .take(40)
        .take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
        .count();
    name > 0 && behind.as_bytes().get(name) == Some(&b';')
}

/// How long the address is that begins here: within angle brackets, or bare.
fn address_at(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let bare = rest.strip_prefix('<').unwrap_or(rest);
    if !bare.starts_with("http://") && !bare.starts_with("https://") {
        return None;
    }
    if bare.len() < rest.len() {
        let end = bare.find(|next: char| next.is_whitespace() || matches!(next, '<' | '>' | '\\'))?;
        return bare[end..].starts_with('>').then_some(end + 2);
    }
    if is_letter(out_before(text, at)) {
        return None;
    }
    let end = rest
        .find(|next: char| next.is_whitespace() || next.is_control() || "<>\"“”»|\\".contains(next))
        .unwrap_or(rest.len());
    // What stands for a sign is text, and not part of an address.
    let signs = rest[..end].match_indices('&').map(|(sign, _)| sign);
    let end = signs
        .take(20)
        .find(|sign| is_entity(&rest[sign + 1..]))
        .unwrap_or(end);
    let length = rest[..end]
        .trim_end_matches(['.', ',', ';', ':', '!', '?', '\'', ')', ']', '*', '’'])
        .len();
    (length > "https://".len()).then_some(length)
}

/// Writes an address so that nothing in it is markup. What a bare one must not hold stands in angle brackets.
fn push_address(address: &str, is_in_brackets: bool, out: &mut String) {
    let is_bare = !address.starts_with('<') && !is_in_brackets;
    if is_bare && address.contains(['*', '_', '~', '`', '[', ']', '&', '\\']) {
        out.push('<');
        out.push_str(address);
        out.push('>');
    } else {
        out.push_str(address);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let escaped = paragraph(text);
        assert_eq!(escaped, expected);
        assert_eq!(
            paragraph(&bare_paragraph(escaped.clone())),
            escaped,
            "once is enough"
        );
    }

    #[test]
    fn what_opens_a_block_is_text() {
        check("# 1 in its market", "\\# 1 in its market");
        check("#1 in its market", "#1 in its market");
        check("1986. That was the year.", "1986\\. That was the year.");
        check("- said nobody", "\\- said nobody");
        check("-5% on the day", "-5% on the day");
        check("+ more", "\\+ more");
        check("* Terms apply", "\\* Terms apply");
        check(">50% of users", "\\>50% of users");
        check("[1]: a source", "[1\\]: a source");
    }

    #[test]
    fn what_is_markup_within_a_line_is_text() {
        check("5 * 3 * 2 and a*b*c", "5 * 3 * 2 and a\\*b\\*c");
        check("snake_case_name and _this_", "snake_case_name and \\_this\\_");
        check("[x](y) and [sic]", "[x\\](y) and [sic]");
        check(
            "<tag> but <5% & AT&T &amp; co",
            "\\<tag> but <5% & AT&T \\&amp; co",
        );
        check("`code` for $5 ~ $6", "\\`code\\` for $5 ~ $6");
        check("C:\\*.txt", "C:\\\\\\*.txt");
        check("“He said: ‘[It] works’”", "“He said: ‘[It] works’”");
    }

    #[test]
    fn addresses_stay_addresses() {
        check(
            "See https://a.example/b_c_d/_e_ now.",
            "See <https://a.example/b_c_d/_e_> now.",
        );
        check("See https://a.example/b.", "See https://a.example/b.");
        check("See <https://a.example/b>.", "See <https://a.example/b>.");
    }

    #[test]
    fn headings_and_cells_have_signs_of_their_own() {
        assert_eq!(heading("In C #"), "In C \\#");
        assert_eq!(heading(&bare_heading(heading("In C # {#id}"))), "In C # \\{#id}");
        assert_eq!(cell("a|b"), "a\\|b");
    }
}
