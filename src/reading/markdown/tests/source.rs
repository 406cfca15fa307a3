//! Where things stand in the file, and what a tagger sees.

use super::{Options, RawHtml, check_inline, check_with, parse, parse_inline};

const OPTIONS: Options = Options {
    outward: false,
    smart: true,
    raw_html: RawHtml::Sanitise,
};

fn visible(source: &str, expected: &str) {
    assert_eq!(parse(source, 0, OPTIONS).visible.text, expected, "{source:?}");
}

#[test]
fn visible_text_is_what_a_reader_reads() {
    visible("# A\n\nb\nc  \nd\n\n- e\n- f", "A\nb c d\ne\nf");
    visible("AT&amp;T *Mic*ro**soft** \\*x\\* it's", "AT&T Microsoft *x* it’s");
    visible("a `code` b\n\n```\ncode\n```\n\nc", "a  b\nc");
    visible(
        "[text](b.md) ![alt](c.png \"t\") <https://d.e> <f@g.h> https://i.j k",
        "text     k",
    );
    visible("[https://a.b](https://a.b)c", "c");
    visible("| a | b |\n|---|---|\n| c | d |", "a\nb\nc\nd");
    visible("a[^1]b\n\n[^1]: note", "a b\nnote");
    visible("> [!TIP]\n> a\n\n> b", "a\nb");
    visible("- [ ] a\n- [x] b", "a\nb");
    visible("a<b>b</b><!-- c --> <script>d</script>e<br>f", "ab e f");
    visible(
        "<div title=x>AT&amp;T\n<p>a<p>b\n<code>c</code></div>",
        "AT&T\na\nb",
    );
    visible("a\u{1}b", "ab");
    visible("![alt](a.png \"caption\")\n\nb", "b");
}

#[test]
fn runs_lead_back_to_the_file() {
    let source = "See *AT&amp;T* in\n> “x” [its \\& report](r.md)\n";
    let markdown = parse(source, 100, OPTIONS);
    for (needle, written) in [
        ("AT&T", "AT&amp;T"),
        ("&", "&amp;"),
        ("See AT", "See *AT"),
        ("its & report", "its \\& report"),
    ] {
        let at = markdown.visible.text.find(needle).expect("visible");
        let span = markdown.visible.source_of(at..at + needle.len());
        assert_eq!(
            &source[span.start as usize - 100..span.end as usize - 100],
            written,
            "{needle}"
        );
        let html = markdown.visible.html_of(at).expect("in a run") as usize;
        assert!(markdown.body.html[html..].starts_with(needle.split(['&', ' ']).next().unwrap_or_default()));
    }
}

#[test]
fn runs_know_what_they_stand_in() {
    let source = "## h [l](a.md)\n\n> q\n\n|t|\n|-|\n\nf[^1]\n\n<h1>r</h1>\n\n<a href=x>b</a>\n\n> [!NOTE]\n> n\n\n[^1]: o";
    let markdown = parse(source, 0, OPTIONS);
    let seen: Vec<String> = markdown
        .visible
        .runs
        .iter()
        .map(|run| {
            let context = run.context;
            let flags = [
                (context.in_link, 'l'),
                (context.in_quote, 'q'),
                (context.in_table, 't'),
                (context.in_footnote, 'f'),
            ];
            let flags: String = flags
                .iter()
                .filter(|(set, _)| *set)
                .map(|(_, flag)| *flag)
                .collect();
            let text = &markdown.visible.text[run.text.start as usize..run.text.end as usize];
            format!("{}:{}{flags}", text.trim(), context.heading)
        })
        .collect();
    assert_eq!(
        seen,
        ["h:3", "l:3l", "q:0q", "t:0t", "f:0", "r:2", "b:0l", "n:0", "o:0f"]
    );
}

#[test]
fn references_and_headings_have_places() {
    let check = |source: &str, expected: &[&str]| {
        let markdown = parse(source, 7, OPTIONS);
        let spans = markdown.references.iter().map(|reference| reference.span);
        let spans = spans.chain(markdown.headings.iter().map(|heading| heading.span));
        let written: Vec<&str> = spans
            .map(|span| &source[span.start as usize - 7..span.end as usize - 7])
            .collect();
        assert_eq!(written, expected);
    };
    check("[a *b*](c.md \"d\") ![](e.png)", &["c.md", "e.png"]);
    check("[a](<b c.md>) [d](  e.md  ) [f]()", &["b c.md", "e.md", ""]);
    check("[a][r] [r]\n\n[r]: b.md", &["[a][r]", "[r]"]);
    check("[![a](b.png)](c.md)", &["c.md", "b.png"]);
    check("<img src=\"a.png\"> <a href='b.md'>c</a>", &["a.png", "b.md"]);
    check("## A b ##\n\nc\n===\n", &["## A b ##", "c\n==="]);
}

#[test]
fn links_that_lead_out_are_noted_where_they_are_asked_for() {
    let check = |source: &str, expected: &[(&str, &str)]| {
        let options = Options {
            outward: true,
            ..OPTIONS
        };
        let markdown = parse(source, 7, options);
        let outward: Vec<(&str, &str)> = markdown
            .outward
            .iter()
            .map(|reference| {
                let span = reference.span.start as usize - 7..reference.span.end as usize - 7;
                (reference.target.as_str(), &source[span])
            })
            .collect();
        assert_eq!(outward, expected, "{source}");
        let unasked = parse(source, 7, OPTIONS);
        assert_eq!(unasked.outward, [], "{source}");
        assert_eq!(unasked.body, markdown.body, "{source}");
    };
    check(
        "[a *b*](https://c.d/e \"f\") [g](h.md) ![](http://i.j)",
        &[("https://c.d/e", "https://c.d/e"), ("http://i.j", "http://i.j")],
    );
    check(
        "[![a](https://b.c/d)](https://e.f) [g][r]\n\n[r]: //h.i\n",
        &[
            ("https://e.f", "https://e.f"),
            ("https://b.c/d", "https://b.c/d"),
            ("https://h.i", "[g][r]"),
        ],
    );
    check(
        "<https://a.b> www.c.d, https://e.f?g&amp;h.",
        &[
            ("https://a.b", "<https://a.b>"),
            ("https://www.c.d", "www.c.d"),
            ("https://e.f?g&h", "https://e.f?g&amp;h"),
        ],
    );
    check(
        "<img src=\"https://a.b/c\"> <a href='https://d.e?f&amp;g'>c</a>",
        &[
            ("https://a.b/c", "https://a.b/c"),
            ("https://d.e?f&g", "https://d.e?f&amp;g"),
        ],
    );
    check(
        "`https://a.b`\n\n    https://c.d\n\n<script>https://e.f</script>",
        &[],
    );
}

#[test]
fn headings_and_anchors_are_listed() {
    let markdown = parse(
        "# A `b`\n\n<div id=x>y</div>\n\n## A b[^1]\n\n[^1]: z",
        0,
        OPTIONS,
    );
    let headings: Vec<(u8, &str, &str)> = markdown
        .headings
        .iter()
        .map(|heading| (heading.level, heading.id.as_str(), heading.text.as_str()))
        .collect();
    assert_eq!(headings, [(2, "a-b", "A b"), (3, "a-b-1", "A b")]);
    assert_eq!(markdown.anchors, ["a-b", "x", "fnref-1", "a-b-1", "fn-1"]);
}

#[test]
fn the_first_paragraph_with_text_is_kept() {
    let check = |source: &str, expected: Option<&str>| {
        assert_eq!(
            parse(source, 0, OPTIONS).first_paragraph.as_deref(),
            expected,
            "{source:?}"
        );
    };
    check(
        "# h\n\n![a](b.png)\n\n- c\n\n> d\n\ne *f* `g`\n[h](i.md) &amp; j\n\nk",
        Some("e f g h & j"),
    );
    check("# h\n\n- c", None);
    check("<p>a <b>b</b></p>\n\nc", Some("a b"));
    check("<script>a</script>\n\n[^1]: b\n\nc", Some("c"));
    check("- a\n\n  b\n\nc", Some("c"));
}

#[test]
fn one_line_of_markdown() {
    check_inline(
        "a *b* [c](d.md) `e` \"f\" https://g.h",
        "a <em>b</em> <a href=\"⟦href:d.md⟧\">c</a> <code>e</code> “f” <a href=\"https://g.h\">https://g.h</a>",
    );
    check_inline("# a", "# a");
    check_inline("- a\n- b", "- a - b");
    check_inline("1. a", "1. a");
    check_inline("> a", "&gt; a");
    check_inline("    a", "a");
    check_inline("***", "***");
    check_inline("a\n---", "a —");
    check_inline("a\n===\n", "a ===");
    check_inline("```x", "```x");
    check_inline("_a_ **b**", "<em>a</em> <strong>b</strong>");
    check_inline("<div>a</div> <b>c</b>", "a <b>c</b>");
    check_inline("[a]: b.md", "[a]: b.md");
    check_inline("| a |\n|---|", "| a | |—|");
    check_inline("a[^1]", "a[^1]");
    check_inline("", "");
    check_inline("<!-- a", "&lt;!– a");
    let source = "  Standfirst & *more*";
    let markdown = parse_inline(source, 50, OPTIONS);
    assert_eq!(markdown.visible.text, "Standfirst & more");
    assert_eq!(markdown.first_paragraph.as_deref(), Some("Standfirst & more"));
    let span = markdown.visible.source_of(13..17);
    assert_eq!(&source[span.start as usize - 50..span.end as usize - 50], "more");
}

#[test]
fn raw_html_may_be_shown_or_passed_through() {
    let escape = Options {
        outward: false,
        smart: false,
        raw_html: RawHtml::Escape,
    };
    check_with("a <b>c</b>", escape, "<p>a &lt;b&gt;c&lt;/b&gt;</p>");
    check_with(
        "<div onclick=x>\na\n</div>\n\nb",
        escape,
        "<p>&lt;div onclick=x&gt;\na\n&lt;/div&gt;</p>\n<p>b</p>",
    );
    let allow = Options {
        outward: false,
        smart: false,
        raw_html: RawHtml::Allow,
    };
    check_with("a <b onclick=x>c</b>", allow, "<p>a <b onclick=x>c</b></p>");
    check_with(
        "<video src=x>\n<script>\"<b>&\"</script> a &amp; b\n</video>\n\nb",
        allow,
        "<video src=x>\n<script>\"<b>&\"</script> a &amp; b\n</video>\n<p>b</p>",
    );
    check_with(
        "x ![a](data:image/png;base64,AA==)",
        allow,
        "<p>x <img src=\"data:image/png;base64,AA==\" alt=\"a\" loading=\"lazy\"></p>",
    );
    check_with(
        "x ![a](data:image/svg+xml;base64,AA==) [b](javascript:c)",
        allow,
        "<p>x  b</p>",
    );
    assert_eq!(
        parse("<div>a &amp; <script>b</script> <i>c</i></div>", 0, allow)
            .visible
            .text,
        "a & c"
    );
}

#[test]
fn plain_punctuation_stays_where_smart_is_off() {
    let plain = Options {
        outward: false,
        smart: false,
        raw_html: RawHtml::Sanitise,
    };
    check_with("\"a\" -- b's...", plain, "<p>&quot;a&quot; -- b's...</p>");
    check_with(
        "\"a\" -- b's... `\"c\"`",
        OPTIONS,
        "<p>“a” – b’s… <code>&quot;c&quot;</code></p>",
    );
}

#[test]
fn depth_is_bounded() {
    for deep in [
        ">".repeat(10_000),
        "> ".repeat(10_000),
        "*a ".repeat(10_000),
        "<div>".repeat(10_000),
        "<b>".repeat(10_000),
    ] {
        let closing = format!("{deep}x{}", " b*".repeat(10_000));
        for source in [&deep, &closing] {
            let html = parse(source, 0, OPTIONS).body.html;
            assert!(super::strict::examine(&html).is_ok());
            assert!(html.matches("<blockquote>").count() <= 100);
        }
    }
}
