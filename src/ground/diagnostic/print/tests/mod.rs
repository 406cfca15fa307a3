mod human;
mod machines;

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::span::Span;

struct Files(BTreeMap<&'static str, String>);

impl Sources for Files {
    fn source(&self, file: &SourcePath) -> Option<Arc<str>> {
        self.0.get(file.as_str()).map(|text| text.as_str().into())
    }
}

fn path(path: &str) -> SourcePath {
    SourcePath::new(path).expect("inside the site")
}

fn printed(
    diagnostics: Vec<Diagnostic>,
    format: Format,
    files: &[(&'static str, &str)],
    colour: bool,
) -> String {
    let files = Files(
        files
            .iter()
            .map(|&(file, text)| (file, text.to_owned()))
            .collect(),
    );
    let mut all = Diagnostics::new();
    diagnostics
        .into_iter()
        .for_each(|diagnostic| all.push(diagnostic));
    let mut out = Vec::new();
    print(&all, format, &files, colour, &mut out).expect("a Vec takes everything");
    String::from_utf8(out).expect("UTF-8")
}

fn bad_date() -> Diagnostic {
    Diagnostic::new(Code::BadDate, "no such day")
}

fn check(format: Format, diagnostic: Diagnostic, expected: &str) {
    let files = [("x.md", "abc\ndef\n"), ("content/a,b:c%.md", "ab")];
    assert_eq!(printed(vec![diagnostic], format, &files, false), expected);
}

#[test]
fn the_closing_count_is_in_words() {
    let check = |errors: usize, warnings: usize, expected: Option<&str>| {
        let mut all = Diagnostics::new();
        (0..errors).for_each(|_| all.push(bad_date()));
        (0..warnings).for_each(|_| all.push(Diagnostic::new(Code::UnknownKey, "x")));
        assert_eq!(summary_line(&all).as_deref(), expected);
    };
    check(0, 0, None);
    check(1, 0, Some("1 error"));
    check(0, 2, Some("2 warnings"));
    check(2, 1, Some("2 errors and 1 warning"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn no_text_and_no_span_stops_a_format(
        text in "[ab\\t\\r\\n日\u{301}\u{feff}\u{200d}\u{1b}]{0,40}",
        spans in prop::collection::vec((0usize..130, 0usize..130), 0..4),
    ) {
        let diagnostic = spans.iter().fold(Diagnostic::new(Code::BadDate, text.clone()), |diagnostic, &(start, end)| {
            diagnostic.at_with(&path("x.md"), Span::new(start, end), text.clone())
        });
        for format in [Format::Human, Format::Short, Format::Json, Format::Github] {
            let shown = printed(vec![diagnostic.clone()], format, &[("x.md", &text)], false);
            prop_assert!(!shown.contains(['\u{1b}', '\r', '\t']), "{:?}", shown);
            prop_assert!(format == Format::Human || shown.lines().count() == 1, "{:?}", shown);
        }
    }
}
