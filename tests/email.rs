//! Newsletters: `brief email`, and the pages that `editions: {email: on}` adds.

mod support;

use std::fs;
use std::path::Path;
use std::process::Output;

use support::{brief, write};
use tempfile::TempDir;

const SETTINGS: &str = "title: The Wire\nbase_url: https://example.org/news/\neditions: {email: on}\n\
    email: {from: 'The Wire <desk@example.org>', address: '1 Main Street', provider: mailchimp}\n";

/// A picture of 1400 by 700 pixels.
fn png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 1400, 700);
    encoder.set_color(png::ColorType::Grayscale);
    let mut writer = encoder.write_header().expect("a head");
    writer.write_image_data(&vec![200; 1400 * 700]).expect("pixels");
    writer.finish().expect("an end");
    bytes
}

fn site() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(&root.join("brief.yaml"), SETTINGS);
    write(
        &root.join("content/companies.yaml"),
        "- name: Acme\n- name: Bolt\n",
    );
    let article = |name: &str, head: &str, text: &str| {
        let path = root.join("content/articles").join(name);
        write(&path, format!("---\n{head}\n---\n{text}\n"));
    };
    article(
        "2025-01-21-lead.md",
        "title: \"Acme & Bolt: <ten> plants\"\nimportance: 5\nsummary: See [the rules](../pages/rules.md).\n\
         image: {src: plant.png, alt: A plant}\ntakeaways: [Ten plants by 2030.]\nsource: {name: A paper}",
        "Text.",
    );
    article(
        "2025-01-21-second.md",
        "title: Bolt hires\nimportance: 4",
        "Bolt hires 200.",
    );
    article(
        "2025-01-21-small.md",
        "title: Acme moves\nkind: brief",
        "Acme moves.",
    );
    article(
        "2025-01-21-secret.md",
        "title: Not for robots\nnoindex: true\nimportance: 5\ntakeaways: [There were 77 of them.]\ncorrections: [{date: 2025-01-21, text: Wrong.}]",
        "Acme.",
    );
    article("2025-01-21-draft.md", "title: Not ready\ndraft: true", "Acme.");
    article(
        "2025-01-21-later.md",
        "title: Not yet\npublish: 2999-01-01",
        "Acme.",
    );
    write(&root.join("content/articles/plant.png"), png());
    write(
        &root.join("content/pages/rules.md"),
        "---\ntitle: Rules\n---\nRules.\n",
    );
    folder
}

fn run(site: &Path, arguments: &[&str]) -> Output {
    brief(site).args(arguments).output().expect("brief runs")
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("text")
}

/// Writes the newsletter of the day and reads its files: HTML, plain text, message.
fn newsletter(site: &Path) -> [String; 3] {
    let done = run(site, &["email", "2025-01-21"]);
    assert!(done.status.success(), "{}", text_of(&done.stderr));
    read(&site.join("mail/2025-01-21"))
}

fn read(folder: &Path) -> [String; 3] {
    ["index.html", "plain.txt", "message.eml"].map(|name| fs::read_to_string(folder.join(name)).expect(name))
}

/// What stands in an e-mail that some program does not show.
/// Source: the lists of Gmail, of Outlook for Windows, and of Apple Mail.
fn unsupported(html: &str) -> Vec<String> {
    let lower = html.to_lowercase();
    let marks = [
        "<script",
        "<svg",
        "<form",
        "<input",
        "<link",
        "<video",
        "<iframe",
        "<picture",
        "<source",
        "<object",
        "srcset",
        "position:",
        "display:flex",
        "display: flex",
        "display:grid",
        "display: grid",
        "float:",
        "var(",
        "calc(",
        "url(",
        "background-image",
        "@import",
        "@font-face",
        "javascript:",
        "rem;",
        "rem\"",
        "vw;",
        "vh;",
    ];
    let mut found: Vec<String> = marks
        .iter()
        .filter(|mark| lower.contains(**mark))
        .map(|mark| (*mark).to_owned())
        .collect();
    for style in lower.split("style=\"").skip(1) {
        let style = style.split('"').next().unwrap_or_default();
        for declaration in style.split(';') {
            let (name, value) = declaration.split_once(':').unwrap_or((declaration, ""));
            let is_negative = value.split_whitespace().any(|word| word.starts_with('-'));
            if name.starts_with("margin") && is_negative || name.starts_with("--") {
                found.push(declaration.to_owned());
            }
        }
    }
    for tag in lower.split("<img ").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let has = |what: &str| tag.contains(what);
        let has_format = has(".png\"") || has(".jpg\"");
        if !(has_format && has("src=\"https://") && has("alt=\"") && has("width=\"") && has("height=\"")) {
            found.push(format!("<img {tag}>"));
        }
    }
    for tag in lower.split("<table").skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        if !tag.contains("role=\"presentation\"") {
            found.push(format!("<table{tag}>"));
        }
    }
    for attribute in ["href=\"", "src=\""] {
        for value in html.split(attribute).skip(1) {
            let value = value.split('"').next().unwrap_or_default();
            let is_absolute =
                value.starts_with("https://") || value.starts_with("mailto:") || value == "*|UNSUB|*";
            if !is_absolute {
                found.push(format!("{attribute}{value}"));
            }
        }
    }
    found
}

#[test]
fn the_list_of_what_is_not_shown_finds_it() {
    for html in [
        "<p style=\"margin:0 -1px\">",
        "<svg>",
        "<img src=\"https://e.org/a.png\" alt=\"\">",
        "<img src=\"https://e.org/a.webp\" alt=\"\" width=\"1\" height=\"1\">",
        "<table>",
        "<a href=\"/x\">",
        "<p style=\"position:absolute\">",
        "<p style=\"width:1rem\">",
    ] {
        assert!(!unsupported(html).is_empty(), "{html}");
    }
    assert!(unsupported("<p style=\"margin:0 1px\"><a href=\"https://e.org/\">x</a></p>").is_empty());
}

#[test]
fn an_e_mail_is_of_what_all_programs_show() {
    let site = site();
    let [html, ..] = newsletter(site.path());
    assert_eq!(unsupported(&html), Vec::<String>::new());
    assert!(
        html.starts_with("<!DOCTYPE html><html lang=\"en\" dir=\"ltr\">"),
        "{html}"
    );
    // The lead's picture in a size for the column, sharp on telephones.
    let picture = "<img src=\"https://example.org/news/2025/01/21/lead/plant-png-960.png\" alt=\"A plant\" width=\"552\" height=\"276\"";
    assert!(html.contains(picture), "{html}");
    assert!(
        html.contains(">Acme &amp; Bolt: &lt;ten&gt; plants</a>"),
        "{html}"
    );
    assert!(
        html.contains("href=\"https://example.org/news/rules/\""),
        "{html}"
    );
    assert!(html.contains(">Ten plants by 2030.</li>"), "{html}");
    assert!(
        html.contains("<a href=\"*|UNSUB|*\"") && html.contains(">1 Main Street</p>"),
        "{html}"
    );
    // Rules for the night and for telephones, in the head and behind the kind of signs.
    let (before, behind) = html.split_once("<style>").expect("a style sheet");
    assert!(before.contains("charset=\"utf-8\"") && !before.contains("</head>"));
    let sheet = behind.split("</style>").next().expect("an end");
    assert!(
        sheet.contains("prefers-color-scheme: dark") && sheet.starts_with("@media"),
        "{sheet}"
    );
    assert_eq!(html.matches("<style").count(), 1);
    // The hidden line behind the subject.
    let preheader = html.split("class=\"preheader\"").nth(1).expect("a preheader");
    assert!(
        preheader
            .split("</div>")
            .next()
            .expect("an end")
            .contains("Bolt hires · Acme moves"),
        "{preheader}"
    );
}

#[test]
fn whatever_a_text_or_a_template_brings_comes_out_plain() {
    let site = site();
    write(
        &site.path().join("brief.yaml"),
        format!("{SETTINGS}markdown: {{raw_html: allow}}\n"),
    );
    write(
        &site.path().join("content/editions/2025-01-21.md"),
        "---\ntitle: Today\n---\n<div style=\"display:flex;position:fixed;margin-top:-9px;color:#123456\"><script>alert(1)</script>\
         <form action=\"/x\"><input name=\"a\"></form><svg><circle r=\"1\"/></svg>Here</div>\n\n\
         | a | b |\n|---|:-:|\n| 1 | 2 |\n\n![Far](https://pictures.example/a.webp)\n\nA note.[^1]\n\n[^1]: Below.\n",
    );
    write(
        &site.path().join("templates/email.html"),
        "{% extends \"builtin/email.html\" %}{% block foot %}<tr><td><link rel=\"stylesheet\" href=\"/brief.css\">\
         <p style=\"width:3rem;background-image:url(/a.png);color:red\">Foot</p></td></tr>{% endblock %}",
    );
    let done = run(site.path(), &["email", "2025-01-21"]);
    assert!(done.status.success(), "{}", text_of(&done.stderr));
    let [html, plain, _] = read(&site.path().join("mail/2025-01-21"));
    // Tables of an author are tables of figures and stay so.
    let layout = html.replace("<table style", "<table role=\"presentation\" style");
    assert_eq!(unsupported(&layout), Vec::<String>::new(), "{html}");
    assert!(html.contains("color:#123456") && html.contains("Here"), "{html}");
    assert!(html.contains(">Far</a>") && html.contains(">Foot</p>"), "{html}");
    assert!(
        html.contains("https://example.org/news/editions/2025-01-21/#"),
        "{html}"
    );
    assert!(plain.contains("A note."), "{plain}");
    let said = text_of(&done.stderr);
    for what in ["<form>", "<script>", "<svg>", "[email-left-out]"] {
        assert!(said.contains(what), "{said}");
    }
}

#[test]
fn drafts_waiting_articles_and_noindex_are_in_none() {
    let site = site();
    let texts = newsletter(site.path());
    for text in &texts[..2] {
        assert!(text.contains("Bolt hires"));
        for hidden in ["Not for robots", "Not ready", "Not yet", "77", "Wrong."] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
    }
    // The edition on the site has it: only search engines are asked to pass it over.
    assert!(run(site.path(), &["build", "--quiet"]).status.success());
    let page =
        fs::read_to_string(site.path().join("public/editions/2025-01-21/index.html")).expect("the edition");
    assert!(page.contains("Not for robots"));
}

#[test]
fn plain_text_has_lines_of_a_letter_and_full_addresses() {
    let site = site();
    let [_, plain, _] = newsletter(site.path());
    let expected = "\
THE WIRE
Tuesday, 21 January 2025
https://example.org/news/editions/2025-01-21/email.html

------------------------------------------------------------------------

Acme & Bolt: <ten> plants
See the rules.
Acme, Bolt · A paper
https://example.org/news/2025/01/21/lead/


ALSO TODAY

Bolt hires
Bolt hires 200.
Bolt
https://example.org/news/2025/01/21/second/


IN BRIEF

Acme moves
https://example.org/news/2025/01/21/small/

------------------------------------------------------------------------

You get this e-mail because you have signed up for The Wire.
1 Main Street

Unsubscribe:
*|UNSUB|*
";
    assert_eq!(plain, expected);
}

#[test]
fn the_message_has_both_texts_and_no_recipient_and_is_the_same_each_time() {
    let site = site();
    let [html, plain, message] = newsletter(site.path());
    let (head, body) = message.split_once("\r\n\r\n").expect("a head");
    let unfolded = head.replace("\r\n ", " ");
    let header = |name: &str| {
        let line = unfolded
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        line.map(ToOwned::to_owned)
    };
    assert_eq!(header("From").as_deref(), Some("\"The Wire\" <desk@example.org>"));
    assert_eq!(header("Subject").as_deref(), Some("Acme & Bolt: <ten> plants"));
    assert_eq!(header("Date").as_deref(), Some("Tue, 21 Jan 2025 00:00:00 +0000"));
    assert!(
        header("Message-ID")
            .is_some_and(|id| id.starts_with("<2025-01-21.") && id.ends_with("@example.org>"))
    );
    for name in ["To", "Cc", "Bcc", "List-Unsubscribe", "List-Unsubscribe-Post"] {
        assert_eq!(header(name), None);
    }
    let kind = header("Content-Type").expect("a kind");
    let boundary = kind
        .strip_prefix("multipart/alternative; boundary=\"")
        .expect("a boundary")
        .trim_end_matches('"')
        .to_owned();
    let parts: Vec<&str> = body.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.len(), 4, "{message}");
    // The last part is the one that programs prefer.
    for (part, kind, text) in [(parts[1], "text/plain", plain), (parts[2], "text/html", html)] {
        let (head, encoded) = part.trim_start().split_once("\r\n\r\n").expect("a head");
        assert!(
            head.contains(kind) && head.contains("utf-8") && head.contains("quoted-printable"),
            "{head}"
        );
        assert_eq!(
            unquoted(encoded.trim_end()).trim_end().replace("\r\n", "\n"),
            text.trim_end()
        );
    }
    assert!(message.lines().all(|line| line.len() <= 998));
    fs::remove_dir_all(site.path().join("mail")).expect("the folder");
    assert_eq!(newsletter(site.path())[2], message);
}

/// Reads quoted-printable.
/// Source: RFC 2045, section 6.7.
fn unquoted(text: &str) -> String {
    let text = text.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        if *first == b'=' {
            let digits = std::str::from_utf8(&behind[..2]).expect("digits");
            bytes.push(u8::from_str_radix(digits, 16).expect("a number"));
            rest = &behind[2..];
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(bytes).expect("text")
}

#[test]
fn nothing_gets_into_the_head_of_the_message_that_is_not_its_own() {
    let site = site();
    write(
        &site.path().join("content/editions/2025-01-21.md"),
        "---\ntitle: \"Grüße\\r\\nBcc: x@example.net 🎉\"\n---\n",
    );
    let [_, _, message] = newsletter(site.path());
    let head = message.split("\r\n\r\n").next().expect("a head");
    assert!(head.is_ascii(), "{head}");
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
}

#[test]
fn the_page_is_the_e_mail_and_is_in_no_list() {
    let site = site();
    let [html, ..] = newsletter(site.path());
    assert!(run(site.path(), &["build", "--quiet"]).status.success());
    let public = site.path().join("public");
    let page = |name: &str| fs::read_to_string(public.join(name)).expect(name);
    assert_eq!(page("editions/2025-01-21/email.html"), html);
    assert!(page("editions/2025-W04/email.html").contains("Also this week"));
    assert!(html.contains("<meta name=\"robots\" content=\"noindex\">"));
    for list in [
        "sitemap.xml",
        "feed.xml",
        "editions/feed.xml",
        "editions/index.html",
    ] {
        assert!(!page(list).contains("email.html"), "{list}");
    }
    write(
        &site.path().join("brief.yaml"),
        SETTINGS.replace("email: on", "email: off"),
    );
    assert!(run(site.path(), &["build", "--quiet"]).status.success());
    assert!(!public.join("editions/2025-01-21/email.html").exists());
    // The newsletter then leads to the edition itself.
    let [html, ..] = newsletter(site.path());
    assert!(
        html.contains("href=\"https://example.org/news/editions/2025-01-21/\""),
        "{html}"
    );
}

#[test]
fn the_newest_edition_with_something_to_send_is_the_latest() {
    let site = site();
    write(
        &site.path().join("content/articles/2025-01-22-hidden.md"),
        "---\ntitle: Hidden\nnoindex: true\n---\nText.\n",
    );
    let done = run(site.path(), &["email", "latest"]);
    assert_eq!(
        text_of(&done.stdout),
        "mail/2025-01-21/index.html\nmail/2025-01-21/plain.txt\nmail/2025-01-21/message.eml\n"
    );
    let done = run(site.path(), &["email", "2025-W04", "--out", "week"]);
    assert!(done.status.success() && site.path().join("week/message.eml").exists());
}

#[test]
fn only_a_folder_of_its_own_is_written_into() {
    let site = site();
    let refused = |out: &str, why: &str| {
        let done = run(site.path(), &["email", "latest", "--out", out]);
        assert_eq!(done.status.code(), Some(2), "{out}");
        assert!(text_of(&done.stderr).contains(why), "{}", text_of(&done.stderr));
    };
    let before = support::files(site.path());
    refused("public/mail", "lies in the output");
    refused("content", "lies in the sources");
    refused("static/mail", "lies in the sources");
    refused(".", "holds other files");
    assert_eq!(support::files(site.path()), before);
    write(&site.path().join("letters/plan.txt"), "mine");
    refused("letters", "holds other files, such as `plan.txt`");
    // Its own files are written anew.
    newsletter(site.path());
    newsletter(site.path());
}

#[test]
fn an_e_mail_that_would_be_cut_off_is_not_written() {
    let site = site();
    let edition = site.path().join("content/editions/2025-01-21.md");
    let long = |paragraphs: usize| {
        write(
            &edition,
            "It was a long day for everybody.\n\n".repeat(paragraphs),
        )
    };
    let said = |arguments: &[&str]| {
        let done = run(site.path(), arguments);
        (done.status.code(), text_of(&done.stderr))
    };
    long(1350);
    let (code, words) = said(&["email", "latest"]);
    assert_eq!(code, Some(0), "{words}");
    assert!(
        words.contains("warning[email-size]") && words.contains("`exclude`"),
        "{words}"
    );
    assert_eq!(said(&["email", "latest", "--deny-warnings"]).0, Some(1));
    fs::remove_dir_all(site.path().join("mail")).expect("the folder");
    long(1700);
    let (code, words) = said(&["email", "latest"]);
    assert_eq!(code, Some(1));
    assert!(words.contains("error[email-size]"), "{words}");
    assert!(!site.path().join("mail").exists());
}

#[test]
fn what_is_missing_or_wrong_is_said() {
    let site = site();
    let said = |arguments: &[&str]| {
        let done = run(site.path(), arguments);
        (done.status.code(), text_of(&done.stderr))
    };
    for (edition, code, why) in [
        ("2025-01", 2, "is no day and no week"),
        ("tomorrow", 2, "is no day and no week"),
        ("2024-12-31", 1, "error[empty-edition]"),
    ] {
        let (exit, words) = said(&["email", edition]);
        assert_eq!(exit, Some(code), "{words}");
        assert!(words.contains(why), "{words}");
    }
    write(&site.path().join("brief.yaml"), "title: The Wire\n");
    let (exit, words) = said(&["email", "latest"]);
    assert_eq!(exit, Some(1));
    assert!(words.contains("error[missing-base-url]"), "{words}");
    let (exit, words) = said(&["email", "latest", "--base-url", "https://example.org/"]);
    assert_eq!(exit, Some(0), "{words}");
    assert!(
        words.contains("sender@example.invalid") && words.contains("{{unsubscribe}}"),
        "{words}"
    );
    write(
        &site.path().join("brief.yaml"),
        "base_url: https://example.org/\nemail: {from: nobody, provider: mailchmp, sender: x, unsubscribe: click here}\n",
    );
    let (exit, words) = said(&["email", "latest"]);
    assert_eq!(exit, Some(1));
    for what in [
        "`from` is not an address",
        "did you mean `mailchimp`",
        "`unsubscribe` is neither",
    ] {
        assert!(words.contains(what), "{words}");
    }
}

#[test]
fn a_language_that_is_written_from_the_right_stands_on_the_right() {
    let site = site();
    write(
        &site.path().join("brief.yaml"),
        format!("{SETTINGS}language: ar\n"),
    );
    let [html, ..] = newsletter(site.path());
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\">"));
    assert!(html.contains("text-align:right") && !html.contains("text-align:left"));
}

#[test]
fn a_hostile_edition_is_a_sound_e_mail() {
    let site = site();
    let long = "Ünïcode 新しい工場 🎉 ".repeat(400);
    for (number, title) in [
        "]]></script><script>alert(1)</script>",
        "</style></table>\" onload=\"x",
        "\u{202e}سرية & <b>\u{7}\u{feff}",
        long.as_str(),
        "{{ site.title }} {% raw %}",
    ]
    .iter()
    .enumerate()
    {
        let title = serde_json::to_string(title).expect("a text");
        write(
            &site
                .path()
                .join(format!("content/articles/2025-01-21-h{number}.md")),
            format!(
                "---\ntitle: {title}\nsummary: {title}\nimportance: 5\n---\nAcme </td></table><b onclick=y>\n"
            ),
        );
    }
    let [html, plain, message] = newsletter(site.path());
    assert_eq!(unsupported(&html), Vec::<String>::new());
    for (start, end) in [
        ("<table", "</table>"),
        ("<tr", "</tr>"),
        ("<td", "</td>"),
        ("<a ", "</a>"),
        ("<h3", "</h3>"),
    ] {
        assert_eq!(html.matches(start).count(), html.matches(end).count(), "{start}");
    }
    // What an author may write as HTML is balanced; what is text stays text.
    assert_eq!(
        html.matches("<b").count(),
        html.matches("</b").count() + html.matches("<br").count()
    );
    let tags = html
        .split('<')
        .skip(1)
        .map(|rest| rest.split('>').next().unwrap_or_default());
    assert!(
        !tags
            .into_iter()
            .any(|tag| tag.contains(" onload") || tag.contains(" onclick"))
    );
    assert!(!html.contains('\u{7}') && !message.contains('\u{7}'));
    assert!(html.contains("{{ site.title }} {% raw %}") && plain.contains("{{ site.title }} {% raw %}"));
    let (head, body) = message.split_once("\r\n\r\n").expect("a head");
    assert!(head.is_ascii() && body.is_ascii());
    assert!(message.lines().all(|line| line.len() <= 998));
    assert!(
        plain
            .lines()
            .all(|line| line.chars().count() <= 78 || line.contains("://")),
        "{plain}"
    );
}

#[test]
fn each_service_finds_its_own_token() {
    let site = site();
    for (provider, token) in [
        ("none", "{{unsubscribe}}"),
        ("mailchimp", "*|UNSUB|*"),
        ("buttondown", "{{ unsubscribe_url }}"),
        ("mailerlite", "{$unsubscribe}"),
        ("brevo", "{{ unsubscribe }}"),
        ("postmark", "{{{ pm:unsubscribe }}}"),
    ] {
        let settings = SETTINGS.replace("mailchimp", provider);
        write(&site.path().join("brief.yaml"), settings);
        let [html, plain, _] = newsletter(site.path());
        assert!(
            html.contains(&format!("<a href=\"{token}\"")),
            "{provider}: {html}"
        );
        assert!(plain.ends_with(&format!("\n{token}\n")), "{provider}: {plain}");
    }
}
