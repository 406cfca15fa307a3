//! The first mention of a company in an article leads to its page.

use brief::building::pipeline::{Options, build_in_memory};
use brief::ground::path::OutputPath;
use brief::ground::world::MemoryWorld;

const REGISTER: &str = "
- {name: Oracle}
- {name: Goldman Sachs}
- {name: AT&T}
- {name: Nvidia}
- {name: OpenAI}
- {name: Apple}
- {name: Kite, match: never}
";

/// The paragraphs of an article's page, from a site of this article and one more.
fn article(settings: &str, head: &str, body: &str) -> String {
    let mut world = MemoryWorld::new("2025-03-01T00:00:00Z".parse().expect("an instant"));
    world.write(
        "brief.yaml",
        format!("base_url: https://example.org/news/\n{settings}"),
    );
    world.write("content/companies.yaml", REGISTER);
    world.write(
        "content/articles/2025-01-02-a.md",
        format!("---\ntitle: One\n{head}---\n{body}\n"),
    );
    // All have pages, however they are named in the first one.
    world.write(
        "content/articles/2025-01-01-b.md",
        "---\ntitle: Nvidia, OpenAI and Apple\n---\nWords.\n",
    );
    let (files, found) = build_in_memory(&world, &Options::default());
    assert!(files.is_some(), "{found:?}");
    let files = files.unwrap_or_default();
    let page = OutputPath::new("2025/01/02/a/index.html").expect("a path");
    let page = String::from_utf8(files[&page].clone()).expect("text");
    let (_, text) = page.split_once("</header>").expect("a header");
    // The header of the article is the second one of the page.
    let (_, text) = text.split_once("</header>").expect("a header");
    text.replace("<a class=\"mention\" href=\"/news/companies/", "⟦")
        .replace("/\">", ":")
        .replace("</a>", "⟧")
}

fn check(body: &str, expected: &[&str]) {
    let page = article("", "", body);
    for expected in expected {
        assert!(page.contains(expected), "{expected} in\n{page}");
    }
}

#[test]
fn the_first_mention_leads_to_the_company() {
    check(
        "Nvidia and OpenAI said so.\n\nNvidia again.",
        &[
            "<p>⟦nvidia:Nvidia⟧ and ⟦openai:OpenAI⟧ said so.</p>",
            "<p>Nvidia again.</p>",
        ],
    );
    check(
        "**Nvidia** said AT&amp;T's is up.",
        &["<strong>⟦nvidia:Nvidia⟧</strong> said ⟦at-t:AT&amp;T⟧’s is up"],
    );
    check(
        "| a | b |\n|---|---|\n| Nvidia | 1 |\n| Nvidia | 2 |",
        &["<td>⟦nvidia:Nvidia⟧</td>"],
    );
    check(
        "> Nvidia is up, said Ann.\n> — Ben, OpenAI\n\nOpenAI too.",
        &[
            "⟦nvidia:Nvidia⟧ is up",
            "— Ben, OpenAI</p>",
            "<p>⟦openai:OpenAI⟧ too",
        ],
    );
    check(
        "Gold**man** Sachs rose. Then Goldman Sachs fell.",
        &["<p>Gold<strong>man</strong> Sachs rose. Then ⟦goldman-sachs:Goldman Sachs⟧ fell.</p>"],
    );
}

#[test]
fn where_a_link_does_not_belong_there_is_none() {
    check(
        "## Nvidia\n\n[Nvidia](https://nvidia.example) `Nvidia` <https://nvidia.example/Nvidia>\n\n<a href=\"https://x.example\">Nvidia</a> \
         ![Nvidia](https://x.example/n.png)[^1]\n\n[^1]: Nvidia said so.\n\nIn the end Nvidia rose.",
        &[
            ">Nvidia</h2>",
            "<a href=\"https://nvidia.example\">Nvidia⟧",
            "<code>Nvidia</code>",
            "<p>In the end ⟦nvidia:Nvidia⟧ rose.</p>",
        ],
    );
}

#[test]
fn settings_and_front_matter_say_which() {
    let body = "In May Nvidia and OpenAI rose.\n\nNvidia and OpenAI did so again.";
    assert!(article("", "companies: [OpenAI]\n", body).contains("In May Nvidia and ⟦openai:OpenAI⟧ rose"));
    assert!(article("", "companies: []\n", body).contains("In May Nvidia and OpenAI rose"));
    assert!(article("companies: {link_mentions: off}\n", "", body).contains("In May Nvidia and OpenAI rose"));
    // Without pages there is nothing to lead to.
    assert!(article("companies: {min_articles: 3}\n", "", body).contains("In May Nvidia and OpenAI rose"));
}

/// A name in a heading, in who is quoted and the like is passed over for the next one.
fn check_second(first: &str) {
    let page = article(
        "",
        "companies: [Apple]\n",
        &format!("{first}\n\nShares of Apple rose."),
    );
    assert!(
        page.contains("<p>Shares of ⟦apple:Apple⟧ rose.</p>"),
        "{first}\n{page}"
    );
}

#[test]
fn who_is_quoted_is_no_link() {
    check_second("> We build ten halls\n> — Wei-Lin Hsu, consultant at Apple");
    check_second("> We build ten halls\\\n> *– Wei-Lin Hsu*, consultant\n> at Apple");
    check_second("> “We build ten halls.” — Wei-Lin Hsu, Apple");
    check_second("> “*We build.*” — **Wei-Lin Hsu**, Apple");
    check_second("> We build ten halls\n> -- Wei-Lin Hsu, Apple");
    check_second("> We build.\n>\n> — Wei-Lin Hsu, Apple");
    check_second("> We build.\n\n— Wei-Lin Hsu, Apple");
    check_second("<blockquote>We build.\n<footer>— Wei-Lin Hsu, Apple</footer></blockquote>");
    check_second("<blockquote>We build, <cite>Wei-Lin Hsu of Apple</cite></blockquote>");
}

#[test]
fn what_is_quoted_is_a_link() {
    check(
        "> If it rises — and Nvidia will — we sell.",
        &["and ⟦nvidia:Nvidia⟧ will"],
    );
    check(
        "> We build.\n> — Ann Long\n\nNvidia — it says — builds.",
        &["<p>⟦nvidia:Nvidia⟧ — it says"],
    );
    check(
        "> One\n> — Ann Long\n\n> Nvidia too.",
        &["<p>⟦nvidia:Nvidia⟧ too."],
    );
    check("— Nvidia begins its line.", &["<p>— ⟦nvidia:Nvidia⟧ begins"]);
    check(
        "<blockquote><cite>The Times</cite> says Nvidia rose.</blockquote>",
        &["says ⟦nvidia:Nvidia⟧ rose"],
    );
}

#[test]
fn html_that_is_passed_through_keeps_its_own_links() {
    let allow = "markdown: {raw_html: allow}\n";
    for first in [
        "It is <a href=\"https://x.example\">Apple</a> again.",
        "<div><a href=\"https://x.example\">It is Apple</a></div>",
        "<a href=\"https://x.example\">\n\nIt is Apple.\n\n</a>",
        "<H2>On Apple</H2>",
        "<p>Say <code>Apple</code> to it.</p>",
        "<button>Buy Apple</button>",
        "It is <script>let Apple = 1;</script> here.",
        "<svg><text>Apple</text></svg>",
    ] {
        let body = format!("{first}\n\nShares of <b>Apple</b> rose.");
        let page = article(allow, "companies: [Apple]\n", &body);
        assert!(
            page.contains("<p>Shares of <b>⟦apple:Apple⟧</b> rose.</p>"),
            "{first}\n{page}"
        );
        assert_eq!(page.matches('⟦').count(), 1, "{page}");
    }
}

#[test]
fn companies_that_the_register_does_not_hold_are_led_to_by_their_spelling() {
    let head = "companies: [Stargate LLC, Moody's, 日本電気, Kite, Apple]\n";
    let body = "A stargate llc, Stargate LLCs, the kite and Kite, or Kite.\n\nStargate LLC and Moody's and 今日日本電気は.";
    let page = article("", head, body);
    for expected in [
        "<p>A stargate llc, Stargate LLCs, the kite and Kite, or Kite.</p>",
        "<p>⟦stargate-llc:Stargate LLC⟧ and ⟦moodys:Moody’s⟧ and 今日⟦%E6%97%A5%E6%9C%AC%E9%9B%BB%E6%B0%97:日本電気⟧は.</p>",
    ] {
        assert!(page.contains(expected), "{expected}\n{page}");
    }
    // Links do not lie in each other: what is longer and comes later waits for its next mention.
    let page = article(
        "",
        "companies: [OpenAI, OpenAI Holdings]\n",
        "OpenAI Holdings and OpenAI Holdings.",
    );
    assert_eq!(page.matches('⟦').count(), 2, "{page}");
}

#[test]
fn pictures_at_a_name_stay_where_they_are() {
    let picture = "![A](https://x.example/n.png)";
    check(
        &format!("Up {picture}Nvidia{picture} it went."),
        &["loading=\"lazy\">⟦nvidia:Nvidia⟧<img"],
    );
}
