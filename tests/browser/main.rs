//! What `brief serve` does in a real browser.
//!
//! The tests need Chromium and its driver, in Debian the packages `chromium` and `chromium-driver`. So they
//! run only when they are asked for:
//!
//! ```sh
//! cargo test --test browser -- --ignored
//! ```

mod browser;
mod search;
#[path = "../support/server.rs"]
mod server;

use std::time::{Duration, Instant};

use browser::{Browser, LIMIT};
use serde_json::json;
use server::{Server, article};

const ONE: &str = "/2025/01/02/one/";
const FILE: &str = "content/articles/2025-01-02-one.md";

/// The overlay, from the page.
const PANEL: &str = "document.querySelector('brief-live').shadowRoot.querySelector('.panel')";

/// A template with everything that a reader may have changed in a page.
const TEMPLATE: &str = "{% extends \"builtin/article.html\" %}\n{% block main %}{{ super() }}\n\
    <details><summary>More</summary><p>Inside.</p></details>\n<input id=\"note\">\n{% endblock %}\n";

/// A text of so many paragraphs.
fn paragraphs(count: usize, first: &str) -> String {
    let rest =
        (1..count).map(|number| format!("Paragraph number {number} of the text, which goes on for a while."));
    let all: Vec<String> = std::iter::once(first.to_owned()).chain(rest).collect();
    all.join("\n\n")
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_page_changes_in_place() {
    let server = Server::start(
        &[
            (FILE, &article("One", &paragraphs(80, "At first."))),
            ("templates/article.html", TEMPLATE),
        ],
        &[],
    );
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.wait_for("At first.");
    browser.run("window.marker = 1");
    browser.run("document.querySelector('details').open = true");
    browser.click("#note");
    for key in "note".chars() {
        browser.press(key);
    }
    browser.run(
        "const paragraph = [...document.querySelectorAll('main p')].find((p) => p.textContent.includes('number 40 '));
         window.kept = paragraph;
         paragraph.scrollIntoView({ block: 'start' });
         document.querySelector('#note').setSelectionRange(1, 3);
         window.top_ = paragraph.getBoundingClientRect().top;",
    );
    // Something above what is read grows, and something further up is new.
    let first = "At last, and with a good many words more than before. ".repeat(40);
    let text = paragraphs(80, &format!("{first}\n\nA paragraph more."));
    server.write(FILE, &article("One", &text));
    browser.wait_for("A paragraph more.");
    assert_eq!(
        browser.value("window.marker"),
        json!(1),
        "the page was loaded anew"
    );
    assert_eq!(
        browser.value("window.kept.isConnected"),
        json!(true),
        "a paragraph was replaced"
    );
    assert_eq!(
        browser.value("Math.abs(window.kept.getBoundingClientRect().top - window.top_) < 2"),
        json!(true),
        "what is read has moved: {} to {}",
        browser.value("window.top_"),
        browser.value("window.kept.getBoundingClientRect().top"),
    );
    assert_eq!(
        browser.value("document.querySelector('details').open"),
        json!(true)
    );
    assert_eq!(browser.value("document.activeElement.id"), json!("note"));
    assert_eq!(browser.value("document.activeElement.value"), json!("note"));
    assert_eq!(
        browser.value("[document.activeElement.selectionStart, document.activeElement.selectionEnd]"),
        json!([1, 3])
    );
    // The other way: what was added goes again.
    server.write(FILE, &article("One", &paragraphs(80, "At first.")));
    browser.wait("document.body.innerText.includes('A paragraph more.')", false);
    assert_eq!(browser.value("window.kept.isConnected"), json!(true));
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_selection_in_a_text_survives_an_edit_of_that_text() {
    let server = Server::start(&[(FILE, &article("One", "Before these words after."))], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.run(
        "const text = [...document.querySelectorAll('main p')].find((p) => p.textContent.startsWith('Before')).firstChild;
         getSelection().setBaseAndExtent(text, 7, text, 18);",
    );
    assert_eq!(browser.value("getSelection().toString()"), json!("these words"));
    server.write(
        FILE,
        &article("One", "Before these words there is more than after."),
    );
    browser.wait_for("there is more");
    assert_eq!(browser.value("getSelection().toString()"), json!("these words"));
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn other_pages_are_left_alone() {
    let server = Server::start(&[], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    let one = browser.tab();
    browser.run(
        "window.changes = 0;
         new MutationObserver((all) => { window.changes += all.length }).observe(document.documentElement,
           { attributes: true, childList: true, characterData: true, subtree: true });
         window.heard = 0;
         new BroadcastChannel('brief /').onmessage = (event) => { window.heard += 'state' in event.data ? 1 : 0 };",
    );
    browser.open_tab(&server.url("/2025/01/02/two/"));
    server.write(
        "content/articles/2025-01-01-two.md",
        &article("Two", "Another text of two."),
    );
    browser.wait_for("Another text of two.");
    browser.turn_to(&one);
    browser.wait("window.heard > 0", true);
    assert_eq!(browser.value("window.changes"), json!(0));
    // What is counted would be seen.
    server.write(FILE, &article("One", "Another text of one."));
    browser.wait_for("Another text of one.");
    assert_ne!(browser.value("window.changes"), json!(0));
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_headline_changes_wherever_it_is_shown() {
    let server = Server::start(&[], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url("/"));
    let front = browser.tab();
    browser.run("window.marker = 1");
    browser.open_tab(&server.url(ONE));
    server.write(FILE, &article("\"The first: of all\"", "The text of one."));
    browser.wait("document.title.startsWith('The first: of all')", true);
    browser.turn_to(&front);
    browser.wait_for("The first: of all");
    assert_eq!(browser.value("window.marker"), json!(1));
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_style_is_exchanged_in_place() {
    let template = "{% extends \"builtin/article.html\" %}{% block meta %}{{ super() }}\
        <link rel=\"stylesheet\" href=\"/own.css\">{% endblock %}";
    let server = Server::start(
        &[
            ("templates/article.html", template),
            ("static/own.css", "h1 { color: rgb(1, 2, 3) }"),
        ],
        &[],
    );
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    let colour = "getComputedStyle(document.querySelector('h1')).color";
    browser.wait(colour, "rgb(1, 2, 3)");
    browser.run("window.marker = 1");
    for number in 4..7 {
        server.write("static/own.css", &format!("h1 {{ color: rgb({number}, 2, 3) }}"));
        browser.wait(colour, format!("rgb({number}, 2, 3)"));
    }
    server.write(FILE, &article("One", "Text after the style."));
    browser.wait_for("Text after the style.");
    browser.wait("document.querySelectorAll('link[href*=own]').length", 1);
    browser.wait(colour, "rgb(6, 2, 3)");
    assert_eq!(browser.value("window.marker"), json!(1));
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn ten_tabs_follow_and_leave_room_for_another() {
    let server = Server::start(&[], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    let mut tabs = vec![browser.tab()];
    tabs.extend((0..9).map(|_| browser.open_tab(&server.url(ONE))));
    server.write(FILE, &article("One", "Text for ten tabs."));
    for tab in &tabs {
        browser.turn_to(tab);
        browser.wait_for("Text for ten tabs.");
    }
    // The one that listens for all is closed.
    browser.turn_to(&tabs[0]);
    browser.run("setTimeout(close, 0)");
    browser.turn_to(&tabs[5]);
    browser.open_tab(&server.url("/"));
    browser.wait_for("One");
    server.write(FILE, &article("One", "Text for nine tabs."));
    for tab in &tabs[1..] {
        browser.turn_to(tab);
        browser.wait_for("Text for nine tabs.");
    }
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_server_that_comes_back_is_believed() {
    let mut server = Server::start(&[], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.run("window.marker = 1");
    server.end();
    server.write(FILE, &article("One", "Written while nobody served."));
    let note = "document.querySelector('brief-live').shadowRoot.querySelector('.note:not(.held)').hidden";
    browser.wait(note, false);
    server.run();
    browser.wait_for("Written while nobody served.");
    browser.wait(note, true);
    assert_eq!(browser.value("window.marker"), json!(1));
    server.write(FILE, &article("One", "Written afterwards."));
    browser.wait_for("Written afterwards.");
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_change_while_a_page_is_loading_is_not_missed() {
    let server = Server::start(&[], &[]);
    let browser = Browser::start(false);
    for round in 0..5 {
        // Loading and writing begin at the same time.
        let text = article("One", &format!("Text of round {round}."));
        std::thread::scope(|scope| {
            scope.spawn(|| {
                std::thread::sleep(Duration::from_millis(round * 7));
                server.write(FILE, &text);
            });
            browser.open(&server.url(ONE));
        });
        browser.wait_for(&format!("Text of round {round}."));
    }
}

/// Breaks something, sees it said over the last good page, and mends it.
fn check_mistake(path: &str, good: &str, bad: &str, message: &str, source_line: &str) {
    let server = Server::start(&[(path, good)], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.run("window.marker = 1");
    server.write(path, bad);
    browser.wait(&format!("{PANEL}.hidden"), false);
    let text = browser.value(&format!("{PANEL}.textContent"));
    let text = text.as_str().unwrap_or_default();
    for expected in [message, path, source_line, "^"] {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
    assert!(
        browser.value("document.querySelector('h1').textContent") == json!("One"),
        "the last good page is gone"
    );
    let alert = "document.querySelector('brief-live').shadowRoot.querySelector('[role=alert]').textContent";
    assert!(
        browser
            .value(alert)
            .as_str()
            .is_some_and(|said| said.contains("error"))
    );
    browser.press('\u{e00c}');
    browser.wait(&format!("{PANEL}.hidden"), true);
    server.write(path, good);
    let counter = "document.querySelector('brief-live').shadowRoot.querySelector('.counter').hidden";
    browser.wait(counter, true);
    // The same mistake again is news again.
    server.write(path, bad);
    browser.wait(&format!("{PANEL}.hidden"), false);
    server.write(path, good);
    browser.wait(&format!("{PANEL}.hidden"), true);
    assert_eq!(
        browser.value("window.marker"),
        json!(1),
        "the page was loaded anew"
    );
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_mistake_in_an_article_is_shown_over_the_last_good_page() {
    let good = article("One", "The text of one.");
    let bad = good.replace("title: One", "title: [One");
    check_mistake(FILE, &good, &bad, "title", "title: [One");
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_mistake_in_a_template_is_shown_over_the_last_good_page() {
    let bad = TEMPLATE.replace("{{ super() }}", "{{ no_such_function() }}");
    check_mistake(
        "templates/article.html",
        TEMPLATE,
        &bad,
        "no_such_function",
        "no_such_function()",
    );
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_template_that_fails_on_a_page_is_shown_over_the_last_good_page() {
    let bad = TEMPLATE.replace("{{ super() }}", "{{ super() }}{{ article.no_such_field }}");
    check_mistake(
        "templates/article.html",
        TEMPLATE,
        &bad,
        "no_such_field",
        "article.no_such_field",
    );
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_mistake_in_the_settings_is_shown_over_the_last_good_page() {
    let good = "title: The Test\nbase_url: https://example.org/\ntimezone: UTC\n";
    let bad = good.replace("UTC", "Atlantis");
    check_mistake("brief.yaml", good, &bad, "Atlantis", "timezone: Atlantis");
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_mistake_in_the_register_is_shown_over_the_last_good_page() {
    let good = "- name: Acme\n- name: Oracle\n";
    let bad = "- name: Acme\n- nam: Oracle\n  name: [1]\n";
    check_mistake("content/companies.yaml", good, bad, "name", "[1]");
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_page_that_never_could_be_made_says_why_and_appears_when_it_can() {
    let bad = TEMPLATE.replace("{{ super() }}", "{{ article.no_such_field }}");
    let server = Server::start(&[("templates/article.html", &bad)], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.wait_for("This page cannot be made");
    browser.wait_for("no_such_field");
    server.write("templates/article.html", TEMPLATE);
    browser.wait_for("The text of one.");
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_draft_says_that_readers_do_not_see_it_and_can_be_edited() {
    let draft = article("One", "The text of one.").replace("date:", "draft: true\ndate:");
    let editor = "printf '%s' \"$*\" > \"$0.heard.new\"; mv \"$0.heard.new\" \"$0.heard\"\n";
    let server = Server::start(&[(FILE, &draft), ("editor.sh", editor)], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    let held = "document.querySelector('brief-live').shadowRoot.querySelector('.held')";
    browser.wait(&format!("{held}.hidden"), false);
    browser.wait(&format!("{held}.textContent.includes('Draft')"), true);
    browser.run("document.querySelector('brief-live').shadowRoot.querySelector('.edit').click()");
    let heard = server.path("editor.sh.heard");
    let start = Instant::now();
    while !heard.exists() {
        assert!(start.elapsed() < LIMIT, "no editor was started");
        std::thread::sleep(Duration::from_millis(20));
    }
    let heard = std::fs::read_to_string(heard).expect("what the editor was told");
    assert!(heard.ends_with(FILE), "{heard}");
    server.write(FILE, &article("One", "The text of one."));
    browser.wait(&format!("{held}.hidden"), true);
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn what_is_published_later_is_hidden_as_published() {
    let draft = article("One", "The text of one.").replace("date:", "draft: true\ndate:");
    let server = Server::start(&[(FILE, &draft)], &["--as-published"]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.wait("document.body.innerText.includes('The text of one.')", false);
    server.write(FILE, &article("One", "The text of one."));
    browser.wait_for("The text of one.");
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_strict_policy_is_kept() {
    let policy = "/*\n  Content-Security-Policy: default-src 'self'; script-src 'self'; style-src 'self'; \
        img-src 'self' https: data:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'\n";
    let server = Server::start(&[("static/_headers", policy)], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.run(
        "window.violations = [];
         new ReportingObserver((all) => window.violations.push(...all.map((one) => JSON.stringify(one.body))),
           { buffered: true }).observe();
         addEventListener('securitypolicyviolation', (event) => window.violations.push(event.violatedDirective));",
    );
    server.write(FILE, &article("One", "Text under a policy."));
    browser.wait_for("Text under a policy.");
    server.write(FILE, "---\ntitle: [\n---\n");
    browser.wait(&format!("{PANEL}.hidden"), false);
    // Its style is there.
    browser.wait(&format!("getComputedStyle({PANEL}).position"), "fixed");
    // The policy is in force: an inline style is refused and noticed.
    assert_eq!(browser.value("window.violations"), json!([]));
    browser.run("document.body.setAttribute('style', 'color: red')");
    browser.wait("window.violations.length > 0", true);
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_page_that_is_gone_says_so_and_comes_back() {
    let server = Server::start(&[], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.wait_for("The text of one.");
    let text = article("One", "The text of one, again.");
    server.remove(FILE);
    browser.wait("document.body.innerText.includes('The text of one.')", false);
    server.write(FILE, &text);
    browser.wait_for("The text of one, again.");
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_site_under_a_path_changes_in_place() {
    let settings = "title: The Test\nbase_url: https://example.org/b%C3%BCro/news/\ntimezone: UTC\n";
    let server = Server::start(&[("brief.yaml", settings)], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(&format!("/b%C3%BCro/news{ONE}")));
    browser.wait_for("The text of one.");
    browser.run("window.marker = 1");
    server.write(FILE, &article("Ünö", "Another text."));
    browser.wait_for("Another text.");
    server.write(FILE, "---\ntitle: [\n---\n");
    browser.wait(&format!("{PANEL}.hidden"), false);
    server.write(FILE, &article("Ünö", "A third text."));
    browser.wait_for("A third text.");
    browser.wait(&format!("{PANEL}.hidden"), true);
    assert_eq!(browser.value("window.marker"), json!(1));
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_page_that_is_gone_back_to_is_current() {
    let server = Server::start(&[], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.wait_for("The text of one.");
    // A click, as people do it: a page that nobody touched may be passed over on the way back.
    browser.click(".masthead .name a");
    browser.wait("location.pathname", "/");
    server.write(FILE, &article("One", "Written meanwhile."));
    // The front page has it: the news has come.
    browser.wait_for("Written meanwhile.");
    browser.back();
    browser.wait_for("Written meanwhile.");
    browser.wait("location.pathname", ONE);
    server.write(FILE, &article("One", "Written afterwards."));
    browser.wait_for("Written afterwards.");
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_picture_is_exchanged_in_place() {
    let svg = |size: u32| {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{size}\" height=\"{size}\"></svg>")
    };
    let text = article("One", "![A square](square.svg)");
    let path = "content/articles/square.svg";
    let server = Server::start(&[(FILE, &text), (path, &svg(20))], &[]);
    let browser = Browser::start(false);
    browser.open(&server.url(ONE));
    browser.run("window.marker = 1");
    let width = "document.querySelector('main img').naturalWidth";
    browser.wait(width, 20);
    server.write(path, &svg(40));
    browser.wait(width, 40);
    assert_eq!(browser.value("window.marker"), json!(1));
}

/// Pictures for a person to look at; they lie in the folder for temporary files of the tests.
#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn what_is_shown_beside_a_page_fits_a_small_screen_in_the_dark() {
    let server = Server::start(&[], &[]);
    let browser = Browser::start(true);
    browser.size(500, 800);
    browser.open(&server.url(ONE));
    server.write(
        FILE,
        "---\ntitle: A headline that is: not quoted and goes on for quite a while, far beyond the edge\ndate: yesterday\n---\n",
    );
    browser.wait(&format!("{PANEL}.hidden"), false);
    assert_eq!(
        browser.value("matchMedia('(prefers-color-scheme: dark)').matches"),
        json!(true)
    );
    browser.wait(&format!("getComputedStyle({PANEL}).position"), "fixed");
    let inside = format!(
        "{PANEL}.getBoundingClientRect().right <= innerWidth && {PANEL}.getBoundingClientRect().left >= 0"
    );
    assert_eq!(browser.value(&inside), json!(true));
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    browser.picture(&folder.join("overlay-dark.png"));
}
