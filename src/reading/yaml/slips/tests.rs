//! One row for each slip: what a person wrote, and what they are told.

use crate::ground::diagnostic::{Code, Diagnostics};
use crate::ground::path::SourcePath;
use crate::ground::span::position;
use crate::reading::yaml::parse;

/// The text, line, column and text of the caret, the message, the help.
type Row = (
    &'static str,
    usize,
    usize,
    &'static str,
    &'static str,
    &'static [&'static str],
);

const COLON: &str = "a colon with a space behind it cannot stand in a value without quotes";
const UNCLOSED: &str = "the quote that opens here is never closed";
const COLUMN: &str = "this line begins in another column than the one above";

#[rustfmt::skip]
const ROWS: &[Row] = &[
    ("title: Oracle: a new cloud", 1, 14, ":", COLON, &[r#"write it in quotes: `title: "Oracle: a new cloud"`"#]),
    ("date: 2025-01-22\nsummary: Oracle: a new cloud\nkind: news", 2, 16, ":", COLON, &[r#"write it in quotes: `summary: "Oracle: a new cloud"`"#]),
    ("title: Foo: ", 1, 11, ":", COLON, &[r#"write it in quotes: `title: "Foo:"`"#]),
    (r#""title": x: y"#, 1, 11, ":", COLON, &[r#"write it in quotes: `"title": "x: y"`"#]),
    ("topics:\n  - name: AI: the end", 2, 13, ":", COLON, &[r#"write it in quotes: `- name: "AI: the end"`"#]),
    ("title: @OpenAI launches", 1, 8, "@", "a value cannot begin with `@` unless it is in quotes", &[r#"write it in quotes: `title: "@OpenAI launches"`"#]),
    ("title: *Foo* wins", 1, 8, "*", "a value cannot begin with `*` unless it is in quotes", &[r#"write it in quotes: `title: "*Foo* wins"`"#]),
    ("title: *Foo", 1, 8, "*", "a value cannot begin with `*` unless it is in quotes", &[r#"write it in quotes: `title: "*Foo"`"#]),
    ("title: [Breaking] News", 1, 8, "[", "a value that begins with `[` is read as a list", &[r#"write it in quotes: `title: "[Breaking] News"`"#]),
    ("title: {x} y", 1, 8, "{", "a value that begins with `{` is read as a group of keys", &[r#"write it in quotes: `title: "{x} y"`"#]),
    ("title: & co", 1, 8, "&", "a value cannot begin with `&` unless it is in quotes", &[r#"write it in quotes: `title: "& co"`"#]),
    ("title: !<foo bar", 1, 8, "!", "a value cannot begin with `!` unless it is in quotes", &[r#"write it in quotes: `title: "!<foo bar"`"#]),
    ("title: !foo!bar baz", 1, 8, "!", "a value cannot begin with `!` unless it is in quotes", &[r#"write it in quotes: `title: "!foo!bar baz"`"#]),
    ("title: !!int x", 1, 8, "!", "a value cannot begin with `!` unless it is in quotes", &[r#"write it in quotes: `title: "!!int x"`"#]),
    ("title: %5 growth", 1, 8, "%", "a value cannot begin with `%` unless it is in quotes", &[r#"write it in quotes: `title: "%5 growth"`"#]),
    ("title: | foo", 1, 8, "|", "a value cannot begin with `|` unless it is in quotes", &[r#"write it in quotes: `title: "| foo"`"#]),
    ("title: > 50% growth", 1, 8, ">", "a value cannot begin with `>` unless it is in quotes", &[r#"write it in quotes: `title: "> 50% growth"`"#]),
    ("title: `code` x", 1, 8, "`", "a value cannot begin with a backtick unless it is in quotes", &[r#"write it in quotes: `title: "`code` x"`"#]),
    ("title: - foo", 1, 8, "-", "a value cannot begin with `-` unless it is in quotes", &[r#"write it in quotes: `title: "- foo"`"#]),
    ("title: ? foo", 1, 8, "?", "a value cannot begin with `?` unless it is in quotes", &[r#"write it in quotes: `title: "? foo"`"#]),
    ("title: , foo", 1, 8, ",", "a value cannot begin with `,` unless it is in quotes", &[r#"write it in quotes: `title: ", foo"`"#]),
    ("title: ] foo", 1, 8, "]", "a value cannot begin with `]` unless it is in quotes", &[r#"write it in quotes: `title: "] foo"`"#]),
    ("topics:\n  - @foo\n  - b", 2, 5, "@", "a value cannot begin with `@` unless it is in quotes", &[r#"write it in quotes: `- "@foo"`"#]),
    ("topics: [a, b\ndate: x", 1, 9, "[", "the bracket that opens here is never closed", &["close it: `topics: [a, b]`"]),
    ("a: {b: 1\nc: 2", 1, 4, "{", "the bracket that opens here is never closed", &["close it: `a: {b: 1}`"]),
    ("companies: [A, \"B]\nx: y", 1, 16, r#"""#, UNCLOSED, &["put the same mark at the end of the text"]),
    ("topics: [@foo, b]", 1, 10, "@", "a value cannot begin with `@` unless it is in quotes", &["put the value in quotes"]),
    ("a: [b]]", 1, 7, "]", "this does not fit the lines above", &["begin every key in the same column, and put a text that holds `:`, `#` or quotes into quotes"]),
    ("title: 'Tis the season", 1, 8, "'", UNCLOSED, &["close it: `title: 'Tis the season'`", r#"or, if it is an apostrophe, write it in quotes: `title: "'Tis the season"`"#]),
    ("title: 'Tis the season\nsummary: It's here", 1, 8, "'", UNCLOSED, &["close it: `title: 'Tis the season'`", r#"or, if it is an apostrophe, write it in quotes: `title: "'Tis the season"`"#]),
    ("title: 'Tis the season\ndate: 2025-01-22\ntopics: [a, b]\nsummary: It's here", 1, 8, "'", UNCLOSED, &["close it: `title: 'Tis the season'`", r#"or, if it is an apostrophe, write it in quotes: `title: "'Tis the season"`"#]),
    ("title: \"Foo\nsummary: \"Bar\"", 1, 8, r#"""#, UNCLOSED, &[r#"close it: `title: "Foo"`"#]),
    ("title: \"Foo\ndate: 2025-01-22\ntopics: AI", 1, 8, r#"""#, UNCLOSED, &[r#"close it: `title: "Foo"`"#]),
    ("title: \"Big\" deal\nx: 1", 1, 14, "deal", "text stands behind the closing quote", &[r#"put all of it in quotes: `title: "\"Big\" deal"`"#]),
    ("title: Foo\nsummary: 'Don't do it'\nx: y", 2, 15, "t do it'", "text stands behind the closing quote", &[r#"put all of it in quotes: `summary: "Don't do it"`"#]),
    (r#"title: "C:\dir""#, 1, 11, r#"\"#, r#"a `\` in double quotes changes the meaning of the next character"#, &[r#"write it twice: `title: "C:\\dir"`"#]),
    ("title: \"a\n  \\d\"", 2, 3, r#"\"#, r#"a `\` in double quotes changes the meaning of the next character"#, &[r#"write the `\` twice, or use single quotes"#]),
    ("title: “Oracle: new”", 1, 8, "“", "curly quotes are not quotes to YAML", &[r#"use straight ones: `title: "Oracle: new"`"#]),
    ("title: „Oracle: neu“", 1, 8, "„", "curly quotes are not quotes to YAML", &[r#"use straight ones: `title: "Oracle: neu"`"#]),
    ("topics:\n\t- a", 2, 1, "\t", "a tab is used for indentation", &["indent with spaces: `  - a`"]),
    ("topics:\n  - a\n\t- b", 3, 1, "\t", "a tab is used for indentation", &["indent with spaces: `  - b`"]),
    ("\ttitle: x", 1, 1, "\t", "a tab is used for indentation", &["indent with spaces: `  title: x`"]),
    ("title:Foo\ndate: 2025-01-22", 1, 6, ":", "a space is missing behind the colon", &["write: `title: Foo`"]),
    ("date: 2025-01-22\ntitle:Foo", 2, 6, ":", "a space is missing behind the colon", &["write: `title: Foo`"]),
    ("- a\n-b\n- c", 2, 1, "-", "a space is missing behind the `-`", &["write: `- b`"]),
    ("title Foo\ndate: 2025-01-22", 1, 6, "", "a colon is missing behind the key", &["write: `title: Foo`"]),
    ("date: 2025-01-22\ntitle Foo", 2, 6, "", "a colon is missing behind the key", &["write: `title: Foo`"]),
    ("date: 2025-01-22\nThis is my article.", 2, 1, "T", "this line has no colon", &["write it as `key: value`; a line that goes on with the text above is indented"]),
    ("title: Foo\n  summary: Bar", 2, 3, "summary: Bar", COLUMN, &["begin it without spaces in front, like the one above"]),
    ("  title: Foo\ndate: 2025-01-22", 2, 1, "date: 2025-01-22", COLUMN, &["begin it with 2 spaces in front, like the one above"]),
    ("topics:\n  - a\n - b", 3, 2, "- b", COLUMN, &["begin it with 2 spaces in front, like the one above"]),
    ("a:\n  b: c\n d: e", 3, 2, "d: e", COLUMN, &["begin it with 2 spaces in front, like the one above"]),
    ("topics:\n  - a\n  b\nx: y", 3, 3, "b", "this line has no colon", &["write it as `key: value`; a line that goes on with the text above is indented"]),
    ("title: a\n  - b: c", 2, 6, ":", "this colon stands where there can be none", &["put a text that holds a colon into quotes, and begin every key in the same column"]),
    ("- a\nb: c", 2, 1, "b", "this line does not belong to the list above", &["begin it with `- `, or indent it so that it belongs to the item above"]),
    ("a: b\n- c", 2, 1, "-", "this does not fit the lines above", &["begin every key in the same column, and put a text that holds `:`, `#` or quotes into quotes"]),
    ("title: Foo\u{2028}bar\ndate: 2025-01-22", 1, 11, "\u{2028}", "an invisible line break (U+2028) stands here", &["put a space in its place: `title: Foo bar`"]),
    ("title: F\u{7}oo", 1, 9, "\u{7}", "an invisible character (U+0007) stands here", &["delete it"]),
    ("a: b\n---\nc: d", 2, 1, "-", "a second document begins here", &["keep one: `---` divides documents, and this file holds one"]),
    ("? [a]\n: b", 1, 3, "[", "a key must be a word, not a list or a group of keys", &["put it in quotes if the brackets belong to its name"]),
    ("[a, b]: c", 1, 1, "[", "a key must be a word, not a list or a group of keys", &["put it in quotes if the brackets belong to its name"]),
    ("***", 1, 2, "*", "a value cannot begin with `*` unless it is in quotes", &["put the value in quotes"]),
    ("%foo", 1, 5, "", "a line cannot begin with `%`", &["put the text in quotes, or delete the line"]),
    ("<<<<<<< HEAD\ntitle: a\n=======\ntitle: b\n>>>>>>> x", 1, 1, "<<<<<<< HEAD", "two versions of this file are not merged yet", &["keep one version and delete the lines that begin with `<<<<<<<`, `=======` and `>>>>>>>`"]),
    ("a: &a [*a]", 1, 4, "&", "values are nested too deeply", &["use fewer levels, 128 at most"]),
    ("date: 2025-01-22\r\ntitle: Oracle: neu\r\n", 2, 14, ":", COLON, &[r#"write it in quotes: `title: "Oracle: neu"`"#]),
    ("日本: Oracle: 日本", 1, 11, ":", COLON, &[r#"write it in quotes: `日本: "Oracle: 日本"`"#]),
    ("title: \"Foo\n", 1, 8, r#"""#, UNCLOSED, &[r#"close it: `title: "Foo"`"#]),
    ("title: a\nsummary: b: c # d", 2, 11, ":", COLON, &[r#"write it in quotes: `summary: "b: c # d"`"#]),
    (r#"title: "x" y: z"#, 1, 12, "y: z", "text stands behind the closing quote", &[r#"put all of it in quotes: `title: "\"x\" y: z"`"#]),
    (r#"a: "b" "c""#, 1, 8, r#""c""#, "text stands behind the closing quote", &[r#"put all of it in quotes: `a: "\"b\" \"c\""`"#]),
    ("title: http://x: y", 1, 16, ":", COLON, &[r#"write it in quotes: `title: "http://x: y"`"#]),
    (r#"title: "a \q b""#, 1, 11, r#"\"#, r#"a `\` in double quotes changes the meaning of the next character"#, &[r#"write it twice: `title: "a \\q b"`"#]),
];

#[test]
fn slips_are_named_where_they_stand_with_their_remedy() {
    let file = SourcePath::new("content/articles/a.md").expect("a path inside");
    for &(text, line, column, caret, message, help) in ROWS {
        let mut found = Diagnostics::new();
        assert!(parse(&file, text, 0, &mut found).is_none(), "{text:?} is read");
        let all: Vec<_> = found.iter().collect();
        let [only] = all.as_slice() else {
            panic!("{all:?} for {text:?}")
        };
        let span = only.labels[0].span.expect("a place");
        let place = position(text, span.start);
        let told = (
            place.line,
            place.column,
            &text[span.range_in(text)],
            only.message.as_str(),
        );
        assert_eq!(told, (line, column, caret, message), "{text:?}");
        assert_eq!(
            (
                only.code,
                only.help.iter().map(String::as_str).collect::<Vec<_>>()
            ),
            (Code::YamlSyntax, help.to_vec()),
            "{text:?}"
        );
    }
}
