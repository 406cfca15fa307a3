use super::*;

#[test]
fn short_is_one_line() {
    check(
        Format::Short,
        bad_date().help("do this"),
        "error[bad-date]: no such day\n",
    );
    check(
        Format::Short,
        bad_date().in_file(&path("x.md")),
        "x.md: error[bad-date]: no such day\n",
    );
    let placed = bad_date().at(&path("x.md"), Span::new(5, 6));
    check(Format::Short, placed, "x.md:2:2: error[bad-date]: no such day\n");
    let gone = bad_date().at(&path("gone.md"), Span::new(5, 6));
    check(Format::Short, gone, "gone.md: error[bad-date]: no such day\n");
    let lines = Diagnostic::new(Code::BadDate, "a\nb\u{1b}").at(&path("x.md"), Span::new(0, 1));
    check(Format::Short, lines, "x.md:1:1: error[bad-date]: a b␛\n");
}

#[test]
fn json_of_the_whole_site_has_null_for_a_place() {
    let expected = concat!(
        r#"{"severity":"error","code":"bad-date","message":"no such day","file":null,"line":null,"column":null,"#,
        r#""end_line":null,"end_column":null,"labels":[],"help":["do this","or that"]}"#,
        "\n"
    );
    check(Format::Json, bad_date().help("do this").help("or that"), expected);
}

#[test]
fn json_holds_every_place() {
    let diagnostic = bad_date()
        .at_with(&path("x.md"), Span::new(1, 6), "note")
        .in_file(&path("gone.md"));
    let expected = concat!(
        r#"{"severity":"error","code":"bad-date","message":"no such day","file":"x.md","line":1,"column":2,"#,
        r#""end_line":2,"end_column":3,"labels":[{"file":"x.md","line":1,"column":2,"end_line":2,"end_column":3,"#,
        r#""note":"note"},{"file":"gone.md","line":null,"column":null,"end_line":null,"end_column":null,"#,
        r#""note":""}],"help":[]}"#,
        "\n"
    );
    check(Format::Json, diagnostic, expected);
}

#[test]
fn json_escapes_what_steers_a_terminal_and_keeps_its_meaning() {
    let message = "a\"\\\r\n\u{1b}[0m\u{7f}\u{9b}\u{202e}\u{2028}é日";
    let line = printed(
        vec![Diagnostic::new(Code::BadDate, message)],
        Format::Json,
        &[],
        false,
    );
    let escaped = r#""message":"a\"\\\r\n\u001b[0m\u007f\u009b\u202e\u2028é日""#;
    assert!(line.contains(escaped), "{line}");
    let value: serde_json::Value = serde_json::from_str(&line).expect("JSON");
    assert_eq!(value["message"], message);
}

#[test]
fn github_names_the_place_in_properties() {
    check(
        Format::Github,
        bad_date().help("do this"),
        "::error title=bad-date::no such day%0Ahelp: do this\n",
    );
    let whole = bad_date().in_file(&path("x.md"));
    check(
        Format::Github,
        whole,
        "::error file=x.md,title=bad-date::no such day\n",
    );
    let mut placed = bad_date()
        .at_with(&path("x.md"), Span::new(5, 6), "note")
        .in_file(&path("b.md"));
    placed.severity = Severity::Warning;
    let expected = "::warning file=x.md,line=2,col=2,endColumn=3,title=bad-date::no such day%0Anote%0Ab.md\n";
    check(Format::Github, placed, expected);
    let lines = bad_date().at(&path("x.md"), Span::new(1, 6));
    check(
        Format::Github,
        lines,
        "::error file=x.md,line=1,endLine=2,title=bad-date::no such day\n",
    );
}

#[test]
fn github_escapes_what_would_end_a_property_or_the_command() {
    let diagnostic = Diagnostic::new(Code::BadDate, "50%: a,\r\n::error::b\u{1b}")
        .at(&path("content/a,b:c%.md"), Span::new(0, 1))
        .help("100%");
    let expected = "::error file=content/a%2Cb%3Ac%25.md,line=1,col=1,endColumn=2,title=bad-date\
                    ::50%25: a, ::error::b␛%0Ahelp: 100%25\n";
    check(Format::Github, diagnostic, expected);
}
