//! The search, as a reader uses it.

use serde_json::{Value, json};

use crate::browser::Browser;
use crate::server::Server;

const REGISTER: &str = "- {name: Acme, aliases: [Société Rouge], tickers: ['NYSE:ACM']}\n- {name: Oracle, tickers: ['NYSE:ORCL']}\n";

/// The headlines of what is shown.
const FOUND: &str =
    "[...document.querySelectorAll('#brief-results > li > a')].map((link) => link.textContent)";

const TERMS: &str = "[...document.querySelectorAll('#brief-terms a')].map((link) => link.textContent)";

fn site() -> Server {
    let tagged = |title: &str, keys: &str, text: &str| format!("---\ntitle: {title}\n{keys}---\n\n{text}\n");
    Server::start(
        &[
            ("content/companies.yaml", REGISTER),
            (
                "content/articles/2025-01-02-one.md",
                &tagged("One", "companies: []\n", "The text."),
            ),
            (
                "content/articles/2025-01-01-two.md",
                &tagged("Two", "companies: []\n", "The text."),
            ),
            (
                "content/articles/2024-05-01-three.md",
                &tagged(
                    "Acme builds a foundry",
                    "companies: [Acme]\ntopics: [Steel]\n",
                    "Nobody quaxilated.",
                ),
            ),
            (
                "content/articles/2025-01-03-four.md",
                &tagged(
                    "Oracle and Acme",
                    "companies: [Acme, Oracle]\ntopics: [Clouds]\n",
                    "Words about a foundry.",
                ),
            ),
            (
                "content/articles/2025-01-04-five.md",
                &tagged("微软云 <b>bold</b> \"quoted\"", "companies: []\n", "Nothing."),
            ),
        ],
        &[],
    )
}

fn type_in(browser: &Browser, field: &str, text: &str) {
    browser.run(&format!(
        "const field = document.querySelector('{field}');
         field.value = {};
         field.dispatchEvent(new Event('input', {{ bubbles: true }}));",
        json!(text)
    ));
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn the_script_cuts_texts_as_the_index_was_cut() {
    let server = site();
    let browser = Browser::start(false);
    browser.open(&server.url("/search/"));
    let cases: Vec<Value> = serde_json::from_str(include_str!("../search/tokens.json")).expect("JSON");
    let texts: Vec<&Value> = cases.iter().map(|case| &case["text"]).collect();
    browser.run(&format!(
        "window.cut = null;
         import('/brief-search.js').then((script) => {{ window.cut = {}.map((text) => script.words(text)); }});",
        json!(texts)
    ));
    browser.wait("window.cut !== null", true);
    let cut = browser.value("window.cut");
    for (case, own) in cases.iter().zip(cut.as_array().expect("a list")) {
        assert_eq!(&case["tokens"], own, "{}", case["text"]);
    }
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn headlines_names_and_texts_are_found() {
    let server = site();
    let browser = Browser::start(false);
    browser.open(&server.url("/search/"));
    let search = |text: &str| type_in(&browser, "#brief-query", text);

    search("foundry");
    browser.wait(FOUND, json!(["Acme builds a foundry", "Oracle and Acme"]));
    browser.wait(
        "document.querySelectorAll('#brief-results mark').length > 0",
        true,
    );
    // The passage is shown in which the word stands.
    browser.wait(
        "document.querySelector('#brief-results li:nth-child(2) > p:last-child').textContent",
        "Words about a foundry.",
    );
    browser.wait(
        "document.querySelector('#brief-status').textContent",
        "Articles found: 2",
    );

    search("quaxi");
    browser.wait(FOUND, json!(["Acme builds a foundry"]));
    search("acm");
    browser.wait(TERMS, json!(["Acme"]));
    browser.wait(FOUND, json!(["Oracle and Acme", "Acme builds a foundry"]));
    search("societe rouge");
    browser.wait(TERMS, json!(["Acme"]));
    search("ORACLE foundry");
    browser.wait(FOUND, json!(["Oracle and Acme"]));
    search("微软");
    browser.wait(FOUND, json!(["微软云 <b>bold</b> \"quoted\""]));
    assert_eq!(
        browser.value("document.querySelectorAll('#brief-results b').length"),
        json!(0)
    );
    search("zzqxv <img src=x onerror=alert(1)>");
    browser.wait(
        "document.querySelector('#brief-status').textContent",
        "Nothing was found.",
    );
    assert_eq!(
        browser.value("document.querySelectorAll('main img').length"),
        json!(0)
    );
    search("f");
    browser.wait_for("Type at least two letters.");
    search("");
    browser.wait("document.querySelector('#brief-status').textContent", "");
}

#[test]
#[ignore = "needs Chromium and its driver: cargo test --test browser -- --ignored"]
fn a_search_can_be_narrowed_down_kept_and_used_by_keyboard() {
    let server = site();
    let browser = Browser::start(false);
    browser.open(&server.url("/search/?q=foundry&companies=Soci%C3%A9t%C3%A9+Rouge&until=2024-12-31"));
    browser.wait(FOUND, json!(["Acme builds a foundry"]));
    assert_eq!(
        browser.value("document.querySelector('details').open"),
        json!(true)
    );
    type_in(&browser, "#brief-until", "");
    browser.wait(FOUND, json!(["Acme builds a foundry", "Oracle and Acme"]));
    type_in(&browser, "#brief-from", "2024-05-02");
    browser.wait(FOUND, json!(["Oracle and Acme"]));
    browser.wait(
        "location.search",
        "?q=foundry&companies=Soci%C3%A9t%C3%A9+Rouge&from=2024-05-02",
    );
    type_in(&browser, "#brief-from", "");
    type_in(&browser, "#brief-topic", "clo");
    browser.wait(
        "[...document.querySelectorAll('#brief-topic-names option')].map((o) => o.value)",
        json!(["Clouds"]),
    );
    type_in(&browser, "#brief-topic", "Clouds");
    browser.wait(FOUND, json!(["Oracle and Acme"]));
    // All that is of a topic and of a company, without a word.
    type_in(&browser, "#brief-query", "");
    type_in(&browser, "#brief-topic", "");
    browser.wait(FOUND, json!(["Oracle and Acme", "Acme builds a foundry"]));

    // A ticker as it is quoted, with its exchange.
    type_in(&browser, "#brief-query", "nyse:ORCL");
    browser.wait(TERMS, json!(["Oracle"]));
    type_in(&browser, "#brief-query", "acme");
    browser.wait(TERMS, json!(["Acme"]));
    browser.wait("document.querySelectorAll('#brief-results > li').length", 2);
    browser.run("document.querySelector('#brief-query').focus()");
    let focused = "document.activeElement.textContent";
    for expected in ["Acme", "Oracle and Acme", "Acme builds a foundry"] {
        browser.press('\u{e015}');
        browser.wait(focused, expected);
    }
    browser.press('\u{e013}');
    browser.wait(focused, "Oracle and Acme");
}
