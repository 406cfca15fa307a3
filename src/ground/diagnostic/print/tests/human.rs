use super::*;

/// Shows a diagnostic at `start..end` of `text`, all in a file `x.md`.
fn check_place(text: &str, (start, end): (usize, usize), expected: &str) {
    let diagnostic = bad_date().at_with(&path("x.md"), Span::new(start, end), "note");
    assert_eq!(
        printed(vec![diagnostic], Format::Human, &[("x.md", text)], false),
        expected,
        "{text:?}"
    );
}

#[test]
fn human_shows_the_line_the_caret_and_the_next_step() {
    let text = "---\ntitle: A\n---\nSee [b](bb.md).\n";
    let diagnostic = Diagnostic::new(Code::BrokenLink, "no article at `bb.md`")
        .at_with(&path("content/articles/x.md"), Span::new(25, 30), "linked here")
        .help("did you mean `b.md`?")
        .help("articles lie in `content/articles/`");
    let expected = "\
error[broken-link]: no article at `bb.md`
 --> content/articles/x.md:4:9
  |
4 | See [b](bb.md).
  |         ^^^^^ linked here
help: did you mean `b.md`?
help: articles lie in `content/articles/`
";
    assert_eq!(
        printed(
            vec![diagnostic],
            Format::Human,
            &[("content/articles/x.md", text)],
            false
        ),
        expected
    );
}

#[test]
fn human_without_a_place_a_span_or_a_source_shows_what_there_is() {
    check(
        Format::Human,
        bad_date().help("do this"),
        "error[bad-date]: no such day\nhelp: do this\n",
    );
    let whole = bad_date().in_file(&path("x.md"));
    check(Format::Human, whole, "error[bad-date]: no such day\n--> x.md\n");
    let gone = bad_date().at_with(&path("gone/y.md"), Span::new(1, 2), "was here");
    let expected = "error[bad-date]: no such day\n--> gone/y.md\n = note: was here\n";
    check(Format::Human, gone, expected);
}

#[test]
fn human_divides_diagnostics_by_a_blank_line() {
    let mut warning = bad_date();
    warning.severity = Severity::Warning;
    let expected = "error[bad-date]: no such day\n\nwarning[bad-date]: no such day\n";
    assert_eq!(
        printed(vec![bad_date(), warning], Format::Human, &[], false),
        expected
    );
}

#[test]
fn human_shows_further_places_in_the_same_and_in_other_files() {
    let diagnostic = bad_date()
        .at(&path("x.md"), Span::new(8, 9))
        .at_with(&path("x.md"), Span::new(0, 1), "first")
        .at_with(&path("content/b.md"), Span::new(4, 7), "other")
        .in_file(&path("z.md"))
        .help("do this");
    let expected = "\
error[bad-date]: no such day
 --> x.md:5:1
  |
1 | a
  | - first
...
5 | e
  | ^
  |
 ::: content/b.md:2:1
  |
2 | two
  | --- other
 ::: z.md
help: do this
";
    let files = [("x.md", "a\nb\nc\nd\ne\nf\n"), ("content/b.md", "one\ntwo\n")];
    assert_eq!(printed(vec![diagnostic], Format::Human, &files, false), expected);
}

#[test]
fn human_expands_tabs() {
    let expected = "\
error[bad-date]: no such day
 --> x.md:1:4
  |
1 |     x    y
  |          ^ note
";
    check_place("\tx\ty", (3, 4), expected);
}

#[test]
fn human_ignores_carriage_returns_and_byte_order_marks() {
    let expected = "\
error[bad-date]: no such day
 --> x.md:2:1
  |
2 | bc
  | ^^ note
";
    check_place("a\r\nbc\r\n", (3, 7), expected);
    let expected = "\
error[bad-date]: no such day
 --> x.md:1:1
  |
1 | abc
  | ^^ note
";
    check_place("\u{feff}abc", (0, 5), expected);
}

/// Such a carriage return once was lost in front of the caret but not from the line.
#[test]
fn human_keeps_a_carriage_return_inside_a_line() {
    let expected = "\
error[bad-date]: no such day
 --> x.md:1:3
  |
1 | a␍␛b
  |   ^ note
";
    check_place("a\r\u{1b}b\r\n", (2, 3), expected);
}

#[test]
fn human_gives_wide_characters_two_carets() {
    let expected = "\
error[bad-date]: no such day
 --> x.md:1:2
  |
1 | 日本語 é x
  |   ^^^^ note
";
    check_place("日本語 é x", (3, 9), expected);
}

#[test]
fn human_points_behind_the_last_character() {
    let expected = "\
error[bad-date]: no such day
 --> x.md:1:4
  |
1 | abc
  |    ^ note
";
    check_place("abc", (3, 3), expected);
    let expected = "\
error[bad-date]: no such day
 --> x.md:2:1
  |
2 |
  | ^ note
";
    check_place("abc\n", (4, 4), expected);
    check_place("abc\n", (400, 500), expected);
    check_place("", (0, 0), &expected.replace('2', "1"));
}

#[test]
fn human_underlines_the_first_line_of_a_longer_span() {
    let expected = "\
error[bad-date]: no such day
 --> x.md:1:5
  |
1 | one two
  |     ^^^ note
";
    check_place("one two  \nthree\nfour\n", (4, 17), expected);
}

#[test]
fn human_cuts_long_lines_and_long_spans() {
    let words = format!("{}link {}", "word ".repeat(200), "word ".repeat(90));
    let expected = "\
error[bad-date]: no such day
 --> x.md:1:1001
  |
1 | ...word word word word word word word word link word word word word word word word word word ...
  |                                            ^^^^ note
";
    check_place(&words, (1000, 1004), expected);
    let expected = format!(
        "\
error[bad-date]: no such day
 --> x.md:1:1001
  |
1 | ...{}...
  |                {} note
",
        "x".repeat(90),
        "^".repeat(60)
    );
    check_place(&"x".repeat(5000), (1000, 3000), &expected);
}

#[test]
fn human_shows_control_characters_instead_of_obeying_them() {
    let expected = "\
error[bad-date]: no such day
 --> x.md:1:7
  |
1 | a␛[31mb�2J�c
  |       ^ note
";
    check_place("a\u{1b}[31mb\u{9b}2J\u{202e}c", (6, 7), expected);
    let hostile = Diagnostic::new(Code::BadDate, "no `\u{1b}[2J`\r\n\tday").help("try\u{7}\u{7f}\n`x`");
    check(
        Format::Human,
        hostile,
        "error[bad-date]: no `␛[2J` day\nhelp: try␇␡ `x`\n",
    );
}

#[test]
fn human_is_coloured_only_when_asked() {
    let diagnostic = || bad_date().at(&path("x.md"), Span::new(0, 1)).help("do this");
    let coloured = printed(vec![diagnostic()], Format::Human, &[("x.md", "abc")], true);
    let plain = printed(vec![diagnostic()], Format::Human, &[("x.md", "abc")], false);
    assert!(
        coloured.contains("\u{1b}[1m\u{1b}[91merror[bad-date]\u{1b}[0m"),
        "{coloured:?}"
    );
    assert!(
        coloured.ends_with("\u{1b}[1m\u{1b}[96mhelp\u{1b}[0m: do this\n"),
        "{coloured:?}"
    );
    assert!(!plain.contains('\u{1b}'), "{plain:?}");
}
