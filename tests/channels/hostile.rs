//! A site whose every text tries to be something else.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Texts that mean something to some format, or to some reader of one.
pub const TEXTS: [&str; 28] = [
    "straight \"double\" and 'single'",
    "curly “double” and ‘single’ «and» „others‟",
    "]]> and <![CDATA[ and ]]]]><![CDATA[>",
    "</script><script>alert(1)</script>",
    "</title></style></textarea></noscript>",
    "<!-- a comment --!> --> <!doctype html> <?xml version=\"1.0\"?>",
    "<img src=https://example.com/x onerror=alert(1)> <svg onload=alert(1)>",
    "{{ 7 * 7 }} {% if true %} {# gone? #} {% raw %}",
    "&amp; &lt; &#0; &#x41; &copy; &nosuch; & alone",
    "emoji 👩‍👩‍👧‍👦 👨🏽‍🚀 🏳️‍🌈 🇸🇪🇩🇰 1️⃣",
    "שלום עולם and مرحبا بالعالم",
    "unbalanced \u{202e}override and \u{2066}isolate",
    "marks e\u{301}\u{323} Z\u{352}\u{35b}\u{322}a\u{310}lgo \u{5d0}\u{5b0}",
    "漢字とかな、한국어",
    "controls \u{1}\u{8}\u{b}\u{c}\u{1b}[31m\u{7f}\u{85}\u{9f}",
    "separators \u{2028}\u{2029} and \u{fffe}\u{ffff}",
    "a carriage\rreturn and a tab\there",
    "Subject: other\r\nBcc: everybody@example.com\r\n\r\nbody",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftssitzungssaalverwaltungsordnung",
    "javascript:alert(1) data:text/html,<script>",
    "back\\slash \\u003c/script> \\\" end",
    "`code` *emphasis* _again_ [link](javascript:alert(2)) ![x](https://example.com/y)",
    "100% of $1 #hash ?query +plus;semicolon,comma=equals@at|pipe~tilde",
    "  leading and trailing  ",
    "=cmd|' /C calc'!A0",
    "\u{feff}a mark first and \u{200b}\u{200d} in between",
    "../../etc/passwd and C:\\Windows\\system32",
    "NULL nil undefined true 0",
];

/// Addresses that are none, or other ones than they seem. Where one is needed, it stands in a link of a text.
const ADDRESSES: [&str; 9] = [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "https://example.com/?a=1&b=\"'<>`{}|\\^",
    "https://example.com/a b#c%zz",
    "//example.com/x",
    "mailto:a@example.com?subject=x&body=y",
    "https://ex\u{e4}mple.com/\u{202e}gpj.exe",
];

/// The files of the site, by path.
pub fn files() -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let quoted = |text: &str| serde_json::to_string(text).expect("JSON, and so YAML");
    let settings = json!({
        "title": "The </script> \"Wire\" & 'Co' ]]> <b>",
        "tagline": TEXTS[2],
        "timezone": "America/St_Johns",
        "author": TEXTS[3],
        "authors": { TEXTS[3]: { "about": TEXTS[8] } },
        "editions": { "email": true },
        "email": {
            "from": "\"O'Desk, </b> & Sons\" <desk@example.org>",
            "address": TEXTS[4],
        },
        "pages": { "archive": true },
        "taxonomies": ["people"],
        "hosting": { "servers": ["nginx", "caddy"], "hashed_names": true },
        "extra": { "evil": "</script><!--" },
    });
    files.insert("brief.yaml".to_owned(), document(&settings));
    let register: Vec<Value> = TEXTS
        .iter()
        .take(16)
        .enumerate()
        .map(|(number, text)| {
            json!({
                "name": format!("{number} {text}"),
                "slug": format!("company-{number}"),
                "aliases": [format!("Alias {number} {text}")],
                "tickers": [format!("NYSE:T{number}")],
                "website": "https://example.com/?a=1&b=%22",
                "sector": text,
                "country": text,
                "about": text,
            })
        })
        .collect();
    files.insert("content/companies.yaml".to_owned(), document(&json!(register)));
    files.insert(
        "content/companies/company-3.md".to_owned(),
        format!("# Profile\n\n{}\n\n<script>alert(3)</script>\n", TEXTS[3]),
    );
    files.insert(
        "content/pages/about.md".to_owned(),
        format!(
            "---\ntitle: {}\nnav: footer\n---\n{}\n",
            quoted(TEXTS[3]),
            TEXTS.join("\n\n")
        ),
    );
    for (number, text) in TEXTS.iter().enumerate() {
        let head = json!({
            "title": format!("{number}: {text}"),
            "date": format!("2025-01-{:02}T09:30", number % 28 + 1),
            "updated": "2025-02-03T10:00",
            "summary": text,
            "companies": [format!("{} {}", number % 16, TEXTS[number % 16]), format!("{} {}", (number + 1) % 16, TEXTS[(number + 1) % 16])],
            "topics": [text],
            "people": [text],
            "authors": [text, format!("Second {text}")],
            "source": { "name": text, "url": "https://example.com/?a=1&b=%22%3E" },
            "takeaways": [text, text],
            "corrections": [{ "date": "2025-02-02", "text": text }],
            "image": { "src": "https://example.com/\"onerror=\"alert(8).png", "alt": text, "caption": text, "credit": text },
            "aliases": [format!("/old {number}% (it's) + ü;/")],
            "id": format!("id {number} {text}"),
            "importance": number % 5 + 1,
            "extra": { "evil": text },
        });
        let link = ADDRESSES[number % ADDRESSES.len()];
        let body = format!(
            "{text}\n\n> {text}\n\n- {text}\n\n| {text} | b |\n|---|--:|\n| {} | {text} |\n\n[{text}](<{link}>) <{link}> ![{text}](<{link}>)\n\n\
             ```{text}\n{text}\n```\n\n## {text}\n\nA note.[^1]\n\n[^1]: {text}\n",
            text.replace('|', "\\|"),
        );
        files.insert(
            format!("content/articles/{number}.md"),
            format!("---\n{}---\n{body}", document(&head)),
        );
    }
    let long = json!({
        "title": "Ten thousand characters of headline ".repeat(278),
        "date": "2025-01-30",
        "summary": "s".repeat(10_000),
        "authors": ["a".repeat(500)],
        "topics": ["t".repeat(300)],
    });
    files.insert(
        "content/articles/long.md".to_owned(),
        format!("---\n{}---\n{}\n", document(&long), "w".repeat(10_000)),
    );
    for name in [
        "100% + #1 ü (it's) [a] {b}.md",
        "عنوان.md",
        "space  space.md",
        "'quote'.md",
        "a&b=c;d,e.md",
    ] {
        let head = json!({ "title": name, "date": "2025-01-31" });
        files.insert(
            format!("content/articles/{name}"),
            format!("---\n{}---\n[About](../pages/about.md)\n", document(&head)),
        );
    }
    let edition = json!({
        "title": TEXTS[3],
        "summary": TEXTS[2],
        "articles": [
            { "path": "../articles/3.md", "headline": TEXTS[17], "note": TEXTS[6] },
            { "path": "../articles/2.md", "note": TEXTS[14] },
        ],
    });
    files.insert(
        "content/editions/2025-01-04.md".to_owned(),
        format!("---\n{}---\n{}\n", document(&edition), TEXTS[4]),
    );
    files
}

/// JSON, which YAML reads as it is; what YAML allows in no text is written as an escape.
fn document(value: &Value) -> String {
    let mut text = String::new();
    for character in serde_json::to_string_pretty(value).expect("JSON").chars() {
        match character {
            '\u{7f}'..='\u{9f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2066}'..='\u{2069}'
            | '\u{feff}'
            | '\u{fffe}'..='\u{ffff}' => text.push_str(&format!("\\u{:04x}", u32::from(character))),
            other => text.push(other),
        }
    }
    text.push('\n');
    text
}
