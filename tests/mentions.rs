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
    assert!(article("companies: {min_articles: 2}\n", "", body).contains("In May Nvidia and OpenAI rose"));
}
