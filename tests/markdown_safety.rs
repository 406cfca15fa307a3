//! Whatever a Markdown text holds, its HTML is well formed, safe, and knows where it comes from.

#[path = "../src/reading/markdown/tests/strict.rs"]
mod strict;

use brief::ground::text::{escape_attribute, escape_text};
use brief::reading::company::Register;
use brief::reading::markdown::{Fill, Markdown, Options, RawHtml, parse, parse_inline};
use brief::reading::mentions;
use proptest::prelude::*;

/// Where the text starts in its file.
const OFFSET: usize = 1000;

/// Pieces that mean something to Markdown, to HTML or to this program, alone or together; divided
/// by `¦`, with `⏎` for a line end.
const PIECES: &str = "word¦Acme & Co¦日本¦é¦ ¦ ¦ ¦⏎¦⏎¦⏎⏎¦⏎⏎¦⏎⏎¦  ⏎¦\r⏎¦\t¦    ¦# ¦## ¦⏎===⏎¦⏎---⏎¦{#id}¦> ¦> [!NOTE]⏎> ¦- ¦1. ¦- [ ] \
¦- [x] ¦*¦**¦_¦~~¦`¦``¦```⏎¦```rust⏎¦\\¦\\*¦&¦&amp;¦&lt;¦&#106;¦&Tab;¦&colon;¦&nbsp;¦\"¦'¦--¦...¦[¦]¦(¦)¦](¦](x.md)¦](x.md \"t\")\
¦](#a)¦](https://a.b/?c=d&e)¦](<a b>)¦[a](b)¦[a]: /u 'v'⏎¦[a]¦![¦![a](b.png)¦![a](b.png \"t\")¦![a](https://a.b/c.png)\
¦![a](data:image/png;base64,AA)¦](javascript:alert(1))¦](java\\script:x)¦[^1]¦[^1]: ¦⏎⏎[^1]: note ¦[^2]¦⏎⏎[^2]: other [^1]¦|\
¦|a|b|⏎|:-|-:|⏎¦| x | y |⏎¦https://a.b/c_d¦www.a.b/(c)¦<https://a.b>¦<a@b.c>¦<¦>¦<!--¦-->¦<!-- c -->¦<![CDATA[¦]]>¦<?¦?>¦<!X>¦<b>¦</b>\
¦<i title='\"<'>¦</i>¦<p>¦</p>¦<div>¦</div>¦<div id=a>¦<div id=fn-1>¦<section style='x' class=y>¦</section>¦<details open>¦<summary>\
¦</summary>¦</details>¦<a href='x.md'>¦<a href=\"javascript:x\">¦<a href=\"https://a.b\" onclick=\"x\">¦<a>¦</a>¦<img src=x.png>\
¦<img src='https://a.b/c' onerror=x alt=\"q\">¦<img src=`x`>¦<br>¦<br/>¦<hr>¦<table>¦<tr>¦<td>¦</td>¦</tr>¦</table>¦<caption>¦<col>¦<ul>\
¦<ol start=3>¦<li>¦</li>¦</ul>¦<dl>¦<dt>¦<dd>¦<pre>¦</pre>¦<code>¦</code>¦<h1>¦</h1>¦<h6>¦<blockquote cite='https://a.b'>¦</blockquote>\
¦<script>¦</script>¦<style>¦</style>¦<svg>¦</svg>¦<svg/onload=x>¦<math>¦<title>¦</title>¦<textarea>¦</textarea>¦<iframe src=x>¦</iframe>\
¦<noscript>¦<template>¦<object>¦<embed>¦<form>¦<input>¦<center>¦</center>¦<ruby>¦<rt>¦<x-y>¦{{ 1 }}¦{% x %}¦\u{1}¦\u{fffe}¦\u{a0}¦\u{200b}\
¦\u{2028}¦\u{feff}¦😀";

/// The same for names, whole and in parts; none of them is a common word.
const NAMES: &str = "Nvidia¦Nvidia ¦ Nvidia¦Nvi¦dia¦Goldman Sachs¦Goldman¦ Sachs¦AT&amp;T¦AT&T¦AT¦&T¦OpenAI¦OpenAI's¦Zeta Nine¦Zeta¦ Nine¦Nvidia Nine¦ Zeta Nine Nvidia ¦> Nvidia said.⏎> — OpenAI⏎¦> — ¦ — ¦日本電気¦日本電気ホールディングス";

fn text() -> impl Strategy<Value = String> {
    text_of(PIECES)
}

fn text_of(pieces: &str) -> impl Strategy<Value = String> + use<> {
    let pieces: Vec<String> = pieces.split('¦').map(|piece| piece.replace('⏎', "\n")).collect();
    let piece = prop_oneof![12 => prop::sample::select(pieces), 1 => ".{0,6}"];
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().replace('\0', ""))
}

fn filled(markdown: &Markdown) -> String {
    let mut html = String::new();
    markdown.body.fill(&mut html, |fill, out| match fill {
        Fill::MentionStart { .. } => out.push_str("<a href=\"https://x.example\">"),
        Fill::MentionEnd => out.push_str("</a>"),
        Fill::Word { word, number } => out.push_str(&format!("{word:?} {number}")),
        Fill::Href { reference } => escape_attribute(out, &markdown.references[*reference as usize].target),
        Fill::Fragment { id } => {
            out.push('#');
            escape_attribute(out, id);
        }
        Fill::Image {
            reference,
            alt,
            title,
        } => {
            let source = &markdown.references[*reference as usize].target;
            for (name, value) in [
                ("<img src", source),
                ("alt", alt),
                ("title", title.as_ref().unwrap_or(alt)),
            ] {
                out.push_str(name);
                out.push_str("=\"");
                escape_attribute(out, value);
                out.push_str("\" ");
            }
            out.pop();
            out.push('>');
        }
    });
    html
}

fn check(source: &str, markdown: &Markdown) -> Result<(), TestCaseError> {
    let html = filled(markdown);
    if let Err(problem) = strict::examine(&html) {
        return Err(TestCaseError::fail(format!("{problem}\n{html}")));
    }
    let body = &markdown.body;
    prop_assert!(body.places.is_sorted_by_key(|place| place.at));
    prop_assert!(
        body.places
            .iter()
            .all(|place| body.html.is_char_boundary(place.at as usize))
    );
    let headings = markdown.headings.iter().map(|heading| heading.span);
    for span in markdown
        .references
        .iter()
        .map(|reference| reference.span)
        .chain(headings)
    {
        let written = source.get(span.start as usize - OFFSET..span.end as usize - OFFSET);
        prop_assert!(written.is_some(), "{span:?}");
    }
    prop_assert!(
        markdown
            .headings
            .iter()
            .all(|heading| markdown.anchors.contains(&heading.id))
    );
    check_visible(source, markdown)
}

fn check_visible(source: &str, markdown: &Markdown) -> Result<(), TestCaseError> {
    let visible = &markdown.visible;
    let mut end = 0;
    for run in &visible.runs {
        let gap = visible.text.get(end..run.text.start as usize);
        prop_assert!(matches!(gap, Some("" | " " | "\n")), "{gap:?} before {run:?}");
        end = run.text.end as usize;
        let text = visible.text.get(run.text.start as usize..end).unwrap_or_default();
        prop_assert!(!text.is_empty(), "{run:?}");
        let (from, to) = (run.source.start as usize, run.source.end as usize);
        prop_assert!(
            from >= OFFSET && to <= OFFSET + source.len(),
            "{run:?} of {}",
            source.len()
        );
        let written = source.get(from - OFFSET..to - OFFSET);
        prop_assert!(written.is_some(), "{run:?}");
        // Three full stops are as long as the ellipsis they become, three hyphens as the dash.
        if run.is_literal() && !text.chars().all(|c| matches!(c, '…' | '—')) {
            let written = written.unwrap_or_default().replace(['\r', '\n'], " ");
            prop_assert_eq!(written, text.replace(['\r', '\n'], " "), "{:?}", run);
        }
        prop_assert_eq!(visible.source_of(run.text.start as usize..end), run.source);
        let mut escaped = String::new();
        escape_text(&mut escaped, text);
        prop_assert!(
            markdown.body.html[run.html as usize..].starts_with(&escaped),
            "{run:?} {text:?}"
        );
        prop_assert_eq!(visible.html_of(run.text.start as usize), Some(run.html));
    }
    prop_assert_eq!(end, visible.text.len());
    Ok(())
}

const BLOCKS: &[&str] = &[
    "<p>",
    "<div",
    "<h1",
    "<h2",
    "<ul",
    "<ol",
    "<li",
    "<table",
    "<blockquote",
    "<pre",
    "<hr",
    "<section",
    "<figure",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 8000,
        max_shrink_iters: 20_000,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn any_text_becomes_sound_html(source in text(), smart in any::<bool>(), escape in any::<bool>()) {
        let raw_html = if escape { RawHtml::Escape } else { RawHtml::Sanitise };
        let options = Options { smart, raw_html, outward: true };
        let document = parse(&source, OFFSET, options);
        check(&source, &document)?;
        let line = parse_inline(&source, OFFSET, options);
        check(&source, &line)?;
        prop_assert!(!BLOCKS.iter().any(|block| line.body.html.contains(block)), "{}", line.body.html);
        prop_assert_eq!(document, parse(&source, OFFSET, options));
        // Passing raw HTML through promises nothing but an end.
        parse(&source, OFFSET, Options { smart, raw_html: RawHtml::Allow, outward: true });
    }

    #[test]
    fn companies_are_led_to_from_any_text(
        source in text_of(&format!("{NAMES}¦{NAMES}¦{NAMES}¦{PIECES}")),
        smart in any::<bool>(),
        raw_html in prop::sample::select(vec![RawHtml::Sanitise, RawHtml::Escape, RawHtml::Allow]),
    ) {
        let mut document = parse(&source, OFFSET, Options { smart, raw_html, outward: true });
        let plain = document.clone();
        open_mentions(&mut document);
        // The text is as it was, but for the links.
        let starts = document.body.places.iter().filter(|place| matches!(place.fill, Fill::MentionStart { .. }));
        let starts = starts.count();
        document.body.places.retain(|place| matches!(place.fill, Fill::MentionStart { .. } | Fill::MentionEnd));
        prop_assert_eq!(document.body.places.len(), 2 * starts);
        let mut linked = String::new();
        document.body.fill(&mut linked, |fill, out| {
            out.push_str(if *fill == Fill::MentionEnd { "⟧" } else { "⟦" });
        });
        prop_assert!(!linked.split('⟦').skip(1).any(|link| {
            link.split_once('⟧').is_none_or(|(name, _)| name.is_empty() || name.contains('<'))
        }), "{linked}");
        prop_assert_eq!(linked.replace(['⟦', '⟧'], ""), plain.body.html.replace(['⟦', '⟧'], ""));

        let mut document = plain;
        open_mentions(&mut document);
        match raw_html {
            // Passing raw HTML through promises nothing but an end.
            RawHtml::Allow => drop(filled(&document)),
            RawHtml::Sanitise | RawHtml::Escape => check(&source, &document)?,
        }
    }
}

/// Leads to companies that the register does not hold, so that their names may overlap.
fn open_mentions(document: &mut Markdown) {
    let companies = [
        ("nvidia", "Nvidia"),
        ("goldman-sachs", "Goldman Sachs"),
        ("at-t", "AT&T"),
        ("openai", "OpenAI"),
        ("日本電気", "日本電気"),
        ("zeta-nine", "Zeta Nine"),
        ("nvidia-nine", "Nvidia Nine"),
        ("nine-nvidia", "Nine Nvidia"),
    ];
    mentions::open(
        &mut document.body,
        &document.visible,
        companies.into_iter(),
        &[],
        &Register::default(),
    );
}
