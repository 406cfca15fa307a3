//! The HTML of an article as Markdown: headings from the second level on, links that work from elsewhere, tables and
//! figures in the forms that Markdown has.

use dom_query::{Document, NodeRef};

use super::address::{Addresses, Led};
use super::dom::{all, attribute, bare, is_block, name, text, unwrap};
use super::{figure, table};
use crate::commands::import::foreign::html::{Turned, to_markdown};

/// Markdown and what was turned on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose {
    /// The text.
    pub markdown: String,
    /// What was turned into something else, and what became of it.
    pub turned: Turned,
    /// How many links lost their address.
    pub unlinked: usize,
}

/// Makes the HTML of an article simple enough that nothing of it is lost as Markdown.
pub fn simplify(article: &Document, addresses: &Addresses) -> usize {
    let unlinked = links(article, addresses);
    raised(article);
    figure::settle(article);
    table::square(article);
    headings(article);
    quotations(article);
    code(article);
    lists(article);
    empty(article);
    unlinked
}

/// The Markdown of a simplified article.
pub fn write(article: &Document) -> Prose {
    let html = article
        .body()
        .map(|body| body.inner_html().to_string())
        .unwrap_or_default();
    let (markdown, turned) = to_markdown(&html);
    Prose {
        markdown: tidy(&markdown),
        turned,
        unlinked: 0,
    }
}

/// Leads links to where they lead from anywhere; those that lead nowhere keep their text.
fn links(article: &Document, addresses: &Addresses) -> usize {
    let mut unlinked = 0;
    for link in all(article, "a") {
        let is_seen =
            !text(&link).is_empty() || link.descendants().into_iter().any(|below| name(&below) == "img");
        if !is_seen {
            // Anchors and icons.
            unwrap(&link);
            continue;
        }
        let href = attribute(&link, "href");
        let led = href.as_deref().map_or(Led::Nowhere, |href| addresses.link(href));
        let holds_blocks = link.descendants().into_iter().any(|below| is_block(&below));
        match led {
            Led::To(address) if !holds_blocks => {
                link.remove_all_attrs();
                link.set_attr("href", &address);
            }
            Led::To(_) => unwrap(&link),
            Led::Nowhere => {
                let is_place = href.as_deref().is_none_or(|href| href.contains('#'));
                unlinked += usize::from(!is_place);
                if is_place && is_number(&text(&link)) {
                    link.set_text(format!("[{}]", text(&link).trim_matches(['[', ']'])));
                }
                unwrap(&link);
            }
        }
    }
    unlinked
}

fn is_number(text: &str) -> bool {
    let digits = text.trim_matches(['[', ']']);
    !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Raised and lowered digits, for which Markdown has no marks.
fn raised(article: &Document) {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    const LOWERED: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
    for (tag, digits) in [("sup", RAISED), ("sub", LOWERED)] {
        for element in all(article, tag) {
            let own = element.text().trim().to_owned();
            if own.is_empty() || own.len() > 3 || !own.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            let turned: String = own
                .bytes()
                .filter_map(|byte| digits.get(usize::from(byte - b'0')))
                .collect();
            element.set_text(turned);
        }
    }
}

/// Headings start below the headline, and are marked once.
fn headings(article: &Document) {
    let found = all(article, "h1, h2, h3, h4, h5, h6");
    let level = |heading: &NodeRef<'_>| name(heading)[1..].parse::<usize>().unwrap_or(2);
    for heading in &found {
        if text(heading).is_empty() {
            unwrap(heading);
            continue;
        }
        for inner in heading.descendants() {
            if matches!(name(&inner).as_str(), "strong" | "b" | "br") {
                if name(&inner) == "br" {
                    inner.replace_with_html(" ")
                } else {
                    unwrap(&inner)
                }
            }
        }
    }
    let found = all(article, "h1, h2, h3, h4, h5, h6");
    let Some(highest) = found.iter().map(level).min() else {
        return;
    };
    for heading in found {
        let new = (level(&heading) + 2 - highest).min(6);
        heading.rename(&format!("h{new}"));
    }
}

/// Marks that Markdown has other signs for.
fn quotations(article: &Document) {
    for quote in all(article, "q") {
        quote.prepend_html("“");
        quote.append_html("”");
        unwrap(&quote);
    }
    for foot in all(article, "blockquote footer") {
        foot.rename("p");
    }
    article
        .select("time, address, center, main, article, header, footer, section")
        .rename("div");
    for time in all(article, "div") {
        // Renamed from what stood in a line.
        if time.has_attr("datetime") {
            unwrap(&time);
        }
    }
}

/// Lines as they stand, which Markdown knows as code alone.
fn code(article: &Document) {
    for block in all(article, "pre") {
        let own = block.children();
        let is_code = own
            .iter()
            .filter(|child| !text(child).is_empty())
            .all(|child| name(child) == "code");
        if is_code && !text(&block).is_empty() {
            continue;
        }
        for line in block.descendants() {
            if name(&line) == "br" {
                line.replace_with_html("\n");
            }
        }
        let lines = block.text().replace('&', "&amp;").replace('<', "&lt;");
        block.set_html(format!("<code>{lines}</code>"));
    }
}

/// Items of one paragraph each are lines, and terms stand out from what is said of them.
fn lists(article: &Document) {
    for item in all(article, "li") {
        let own: Vec<NodeRef<'_>> = item
            .children()
            .into_iter()
            .filter(|child| !text(child).is_empty())
            .collect();
        let mut paragraphs = own.iter().filter(|child| name(child) == "p");
        if let (Some(paragraph), None) = (paragraphs.next(), paragraphs.next()) {
            unwrap(paragraph);
        }
    }
    for term in all(article, "dt") {
        let inner = term.inner_html().to_string();
        term.set_html(format!("<strong>{inner}</strong>"));
    }
    article.select("dt, dd").rename("p");
    article.select("dl").rename("div");
}

/// Sentences of the article that its designers set out of the text once more.
pub fn drop_repeated(article: &Document) -> usize {
    let whole = bare(&text(&article.html_root()));
    let mut dropped = 0;
    for quote in all(article, "blockquote, aside, figure") {
        let own = bare(&text(&quote));
        let has_picture = quote
            .descendants()
            .iter()
            .any(|below| matches!(name(below).as_str(), "img" | "table" | "iframe"));
        if own.len() >= 25 && !has_picture && whole.matches(&own).count() >= 2 {
            quote.remove_from_parent();
            dropped += 1;
        }
    }
    dropped
}

/// Elements that show nothing, and what nobody sees in texts.
fn empty(article: &Document) {
    for element in all(
        article,
        "p, div, span, strong, b, em, i, li, ul, ol, blockquote, figcaption",
    )
    .into_iter()
    .rev()
    {
        let shows = element.descendants().into_iter().any(|below| {
            below.is_text() && !below.text().trim().is_empty()
                || matches!(
                    name(&below).as_str(),
                    "img" | "iframe" | "video" | "audio" | "table" | "hr"
                )
        });
        if !shows {
            let is_gap = !is_block(&element) && !element.text().is_empty();
            if is_gap {
                element.replace_with_html(" ")
            } else {
                element.remove_from_parent()
            }
        }
    }
}

/// A line across the page, as the library writes it.
const RULE: &str = "- - -";

/// A heading needs no mark before the point of its number.
fn heading(line: &str) -> String {
    match line.strip_prefix('#') {
        Some(rest) => {
            let number = rest.trim_start_matches('#').trim_start();
            let digits = number.len() - number.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            if digits > 0 && number[digits..].starts_with("\\.") {
                line.replacen("\\.", ".", 1)
            } else {
                line.to_owned()
            }
        }
        None => line.to_owned(),
    }
}

/// The number of a note stands in the line that it numbers.
fn with_numbers(lines: Vec<String>) -> Vec<String> {
    let mut joined: Vec<String> = Vec::with_capacity(lines.len());
    for line in lines {
        let number = joined.iter().rev().take(2).position(|before| {
            let digits = before
                .strip_prefix("\\[")
                .and_then(|rest| rest.strip_suffix("\\]"));
            digits
                .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
        });
        match number {
            Some(1) if line.starts_with(char::is_alphanumeric) => {
                joined.pop();
                if let Some(number) = joined.last_mut() {
                    number.push(' ');
                    number.push_str(&line);
                }
            }
            _ => joined.push(line),
        }
    }
    joined
}

/// What pages say of their links to those who do not see them.
const UNSEEN: [&str; 5] = [
    ", opens new tab",
    " (opens in a new tab)",
    " (opens in new tab)",
    " (opens in a new window)",
    " (opens in new window)",
];

/// Markdown without what only HTML needs: lines of spaces, rows of empty lines, characters that nobody sees.
pub fn tidy(markdown: &str) -> String {
    let seen: String = markdown
        .chars()
        .filter(|c| !matches!(c, '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\r'))
        .filter(|&c| !crate::ground::text::is_forbidden(c))
        .collect();
    let seen = UNSEEN.iter().fold(seen, |seen, phrase| {
        if seen.contains(phrase) {
            seen.replace(phrase, "")
        } else {
            seen
        }
    });
    let mut lines: Vec<&str> = Vec::new();
    let mut fence = "";
    for line in seen.lines() {
        let start = line.trim_start();
        let mark = &start[..start.len() - start.trim_start_matches('`').len()];
        if mark.len() >= 3 && (fence.is_empty() || mark.len() >= fence.len()) {
            fence = if fence.is_empty() { mark } else { "" };
        }
        let is_code = !fence.is_empty();
        let line = if is_code || !line.trim().is_empty() {
            line
        } else {
            ""
        };
        if line.is_empty() && !is_code {
            // A break before an empty line breaks nothing.
            if let Some(last) = lines.last_mut() {
                *last = last.trim_end();
            }
            if lines.last().is_none_or(|last| last.is_empty()) {
                continue;
            }
        }
        lines.push(line);
    }
    let lines = with_numbers(lines.into_iter().map(heading).collect());
    let joined = lines.join("\n");
    let mut rest = joined.trim();
    // A line across the page parts nothing at an end.
    while let Some(less) = rest
        .strip_suffix(RULE)
        .or_else(|| rest.strip_prefix(RULE))
        .filter(|less| less.starts_with('\n') || less.ends_with('\n'))
    {
        rest = less.trim();
    }
    rest.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        let document = Document::from(html);
        simplify(&document, &Addresses::from(Some("https://a.example/n/")));
        assert_eq!(write(&document).markdown, expected, "{html}");
    }

    #[test]
    fn headings_start_below_the_headline() {
        check(
            "<h1>A</h1><h2><strong>B</strong></h2><h6>C</h6>",
            "## A\n\n### B\n\n###### C",
        );
        check("<h4>A</h4><h5>B</h5><h3></h3>", "## A\n\n### B");
    }

    #[test]
    fn links_work_from_elsewhere() {
        check(
            "<p><a href='b?utm_source=x' title=t class=y>b</a> <a href='javascript:x()'>c</a> <a name=d></a>e<sup><a href='#f'>1</a></sup></p>",
            "[b](https://a.example/n/b) c e\\[1\\]",
        );
        check("<p>m<sup>2</sup> of CO<sub>2</sub></p>", "m² of CO₂");
    }

    #[test]
    fn gaps_are_closed() {
        check(
            "<p>a<br><br>b<br>c</p><p>&nbsp;</p><div><span> </span></div><p>d<span> </span>e&shy;f</p>",
            "a\n\nb  \nc\n\nd ef",
        );
        check(
            "<blockquote><p>a</p><footer>Jane</footer></blockquote><p>b <q>c</q></p>",
            "> a\n> \n> Jane\n\nb “c”",
        );
    }

    #[test]
    fn code_keeps_its_lines() {
        check(
            "<pre><code>a\n\n\nb</code></pre><p>c</p>",
            "```\na\n\n\nb\n```\n\nc",
        );
    }
}
