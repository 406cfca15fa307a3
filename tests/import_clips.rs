//! Where texts, pages and feeds land: `brief import` of single ones, again and again, and what is said of it.

mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use support::{brief, files, write};

/// A site with a register, and a folder for what is imported beside it.
struct Desk {
    folder: tempfile::TempDir,
}

/// What a command said and how it ended.
#[derive(Debug)]
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        let desk = Desk { folder };
        write(
            &desk.site().join("brief.yaml"),
            "title: News\nbase_url: https://example.org/\n",
        );
        write(
            &desk.site().join("content/companies.yaml"),
            "companies:\n  - name: Acme\n  - name: Bolt\n",
        );
        desk
    }

    fn site(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn place(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The text of an article.
    fn article(&self, name: &str) -> String {
        let file = self.site().join("content/articles").join(name);
        fs::read_to_string(&file).unwrap_or_else(|error| format!("{}: {error}", file.display()))
    }

    /// The articles of the site.
    fn articles(&self) -> Vec<String> {
        let folder = self.site().join("content/articles");
        if folder.exists() {
            files(&folder)
        } else {
            Vec::new()
        }
    }

    /// Imports files that lie beside the site.
    fn import(&self, arguments: &[&str]) -> Said {
        said(
            brief(&self.site())
                .current_dir(self.folder.path())
                .args(["import", "--site", "site"])
                .args(arguments),
        )
    }
}

fn said(command: &mut Command) -> Said {
    let output = command.output().expect("brief runs");
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    Said {
        code: output.status.code(),
        out: text(output.stdout),
        err: text(output.stderr),
    }
}

/// A text of its own: a headline and so many paragraphs.
fn text(headline: &str, paragraphs: usize) -> String {
    let paragraph = |number: usize| {
        format!(
            "\n\nIn paragraph {number} of {headline}, Acme said on Tuesday that the plant number {number} makes \
             {number} more machines for {headline} than any plant number {number} before it did."
        )
    };
    let paragraphs: String = (1..=paragraphs).map(paragraph).collect();
    format!("{headline}{paragraphs}\n")
}

#[test]
fn a_text_becomes_an_article_with_blanks() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    let said = desk.import(&["a.txt"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    let article = desk.article("acme-opens-a-plant.md");
    assert!(
        article.starts_with("---\ntitle: \"Acme opens a plant\"\ndate: # fill in: "),
        "{article}"
    );
    assert!(article.contains("\nsource: # fill in: "), "{article}");
    assert!(
        !article.contains("companies:"),
        "what the text names is found by every build: {article}"
    );
    // The companies with the words that show them, the blanks with their places, the rights.
    assert!(
        said.out.contains("  companies, detected:\n    Acme  primary "),
        "{}",
        said.out
    );
    assert!(
        said.out
            .contains("    content/articles/acme-opens-a-plant.md:3:7 `date`: the day"),
        "{}",
        said.out
    );
    assert!(
        said.err.contains("warning[relative-date]: 3 dates"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains("warning: the text is copied whole"),
        "{}",
        said.err
    );
    // The build says where the blank is, and how to fill it.
    let built = said_by_build(&desk);
    assert_eq!(built.code, Some(1));
    assert!(
        built.err.contains(
            "error[missing-date]: `date` is left blank\n --> content/articles/acme-opens-a-plant.md:3:6"
        ),
        "{}",
        built.err
    );
}

fn said_by_build(desk: &Desk) -> Said {
    said(brief(&desk.site()).arg("build"))
}

#[test]
fn what_is_given_fills_the_blanks() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    assert_eq!(desk.import(&["a.txt"]).code, Some(0));
    let given = [
        "a.txt",
        "--date",
        "2025-01-23",
        "--source-url",
        "https://paper.example/plant?a=1&b=2",
        "--source-name",
        "The \"Paper\"",
        "--topic",
        "Plants",
        "--topic",
        "Bolt",
        "--author",
        "Ada",
    ];
    let again = desk.import(&given);
    assert_eq!(again.code, Some(0), "{again:?}");
    assert!(
        again.out.ends_with("came in: nothing new; 1 updated\n"),
        "{}",
        again.out
    );
    assert_eq!(desk.articles(), ["acme-opens-a-plant.md"], "it is the same one");
    let article = desk.article("acme-opens-a-plant.md");
    for line in [
        "date: 2025-01-23\n",
        "companies: [Bolt, Acme]\n",
        "topics: [Plants]\n",
        "authors: [Ada]\n",
        "source:\n  name: \"The \\\"Paper\\\"\"\n  url: \"https://paper.example/plant?a=1&b=2\"\n",
    ] {
        assert!(article.contains(line), "{line}: {article}");
    }
    // Now that the day is known, so is Tuesday.
    assert!(
        again.err.contains("21 January 2025, if it was the last one"),
        "{}",
        again.err
    );
    assert_eq!(said_by_build(&desk).code, Some(0));
    // The same once more, and without what was given: its words tell that it is the same.
    assert!(
        desk.import(&given)
            .out
            .ends_with("nothing new came in; 1 there already\n")
    );
    assert_eq!(desk.import(&["a.txt"]).code, Some(0));
    assert_eq!(desk.articles(), ["acme-opens-a-plant.md"]);
}

#[test]
fn names_come_from_headlines_and_never_from_paths() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("../../Etc / passwd: a “story”?", 2));
    write(&desk.place("b.txt"), text("!!!", 2));
    assert_eq!(desk.import(&["a.txt", "--date", "2025-01-21"]).code, Some(0));
    assert_eq!(
        desk.import(&[
            "b.txt",
            "--slug",
            "A name",
            "--date",
            "2025-01-21T10:30",
            "--draft"
        ])
        .code,
        Some(0)
    );
    assert_eq!(
        desk.articles(),
        ["2025-01-21-a-name.md", "2025-01-21-etc-passwd-a-story.md"]
    );
    assert!(desk.article("2025-01-21-a-name.md").contains("\ndraft: true\n"));
    // Another text of the same headline and day gets a number.
    write(
        &desk.place("c.txt"),
        format!("../../Etc / passwd: a “story”?\n\n{}", text("Something else", 4)),
    );
    assert_eq!(desk.import(&["c.txt", "--date", "2025-01-21"]).code, Some(0));
    assert!(
        desk.articles()
            .contains(&"2025-01-21-etc-passwd-a-story-2.md".to_owned()),
        "{:?}",
        desk.articles()
    );
}

#[test]
fn what_a_person_has_edited_stays() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    assert_eq!(desk.import(&["a.txt", "--date", "2025-01-21"]).code, Some(0));
    let name = "2025-01-21-acme-opens-a-plant.md";
    let edited = desk.article(name).replace("Acme said", "Acme told us");
    write(&desk.site().join("content/articles").join(name), &edited);
    let again = desk.import(&["a.txt", "--date", "2025-01-21"]);
    assert_eq!(again.code, Some(0));
    assert!(again.out.contains(&format!("edited here since they came, so they stay; their source says nothing new, and `--force` replaces them:\n    content/articles/{name}\n")), "{}", again.out);
    let other = desk.import(&["a.txt", "--date", "2025-01-22"]);
    assert!(
        other
            .out
            .contains("there already, and saying something else; `--force` replaces them:"),
        "{}",
        other.out
    );
    assert_eq!(desk.article(name), edited);
    let forced = desk.import(&["a.txt", "--date", "2025-01-22", "--force"]);
    assert!(forced.out.ends_with("1 updated\n"), "{}", forced.out);
    assert!(desk.article(name).contains("date: 2025-01-22\n"));
}

#[test]
fn a_moved_article_is_found_by_its_id() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    assert_eq!(desk.import(&["a.txt"]).code, Some(0));
    let articles = desk.site().join("content/articles");
    fs::create_dir(articles.join("plants")).expect("a folder");
    fs::rename(
        articles.join("acme-opens-a-plant.md"),
        articles.join("plants/opening.md"),
    )
    .expect("a move");
    assert!(
        desk.import(&["a.txt"])
            .out
            .ends_with("nothing new came in; 1 there already\n")
    );
    assert!(
        desk.import(&["a.txt", "--date", "2025-01-21"])
            .out
            .ends_with("1 updated\n")
    );
    assert_eq!(desk.articles(), ["plants/opening.md"]);
    // Without the ledger nobody knows what was edited, and nothing is overwritten.
    fs::remove_file(desk.site().join(".brief/imports")).expect("the ledger");
    let again = desk.import(&["a.txt", "--date", "2025-01-22"]);
    assert!(
        again.out.ends_with("nothing new came in; 1 kept as it is\n"),
        "{}",
        again.out
    );
    assert_eq!(desk.articles(), ["plants/opening.md"]);
}

#[test]
fn a_corrected_text_updates_and_a_like_one_is_named() {
    let desk = Desk::new();
    let first = text("Acme opens a plant", 8);
    write(&desk.place("a.txt"), &first);
    assert_eq!(desk.import(&["a.txt"]).code, Some(0));
    // Scraped once more, with a word corrected.
    write(&desk.place("b.txt"), first.replacen("machines", "engines", 1));
    let again = desk.import(&["b.txt"]);
    assert!(again.out.ends_with("1 updated\n"), "{}", again.out);
    assert_eq!(desk.articles(), ["acme-opens-a-plant.md"]);
    // A story that takes over most of the text is another one, and is named.
    let most: String = first
        .replace("paragraph 1 of", "a paragraph of")
        .replace("the plant number 2", "that plant");
    write(
        &desk.place("c.txt"),
        most.replacen("Acme opens a plant", "Acme runs it", 1),
    );
    let like = desk.import(&["c.txt", "--source-url", "https://other.example/"]);
    assert_eq!(like.code, Some(0));
    assert!(
        like.out
            .contains("nearly the same text as another article:\n    c.txt: "),
        "{}",
        like.out
    );
    assert!(
        like.out.contains("% of content/articles/acme-opens-a-plant.md\n"),
        "{}",
        like.out
    );
    assert_eq!(desk.articles(), ["acme-opens-a-plant.md", "acme-runs-it.md"]);
}

#[test]
fn a_dry_run_prints_the_article_and_writes_nothing() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    let dry = desk.import(&["a.txt", "--dry-run", "--date", "2025-01-21"]);
    assert_eq!(dry.code, Some(0));
    assert!(dry.err.contains("would come in: 1 article\n"), "{}", dry.err);
    assert_eq!(files(&desk.site()), ["brief.yaml", "content/companies.yaml"]);
    assert_eq!(desk.import(&["a.txt", "--date", "2025-01-21"]).code, Some(0));
    assert_eq!(
        desk.article("2025-01-21-acme-opens-a-plant.md"),
        dry.out,
        "the very article"
    );
}

#[test]
fn standard_input_is_read() {
    let desk = Desk::new();
    let mut child = brief(&desk.site())
        .args(["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("brief runs");
    let mut input = child.stdin.take().expect("its input");
    input
        .write_all(text("Acme opens a plant", 3).as_bytes())
        .expect("it is read");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(desk.articles(), ["acme-opens-a-plant.md"]);
}

#[test]
fn a_folder_of_texts_comes_in_at_once() {
    let desk = Desk::new();
    for name in ["one", "two", "three", "four"] {
        write(
            &desk.place(&format!("in/{name}.txt")),
            text(&format!("Story {name}"), 3),
        );
    }
    write(
        &desk.place("in/below/five.md"),
        "---\ntitle: Story five\ndate: 2024-05-01\ntags: [Acme, Plants]\ndraft: true\n---\n\nText of **five**.\n",
    );
    write(&desk.place("in/picture.png"), "not a text");
    write(&desk.place("in/.hidden.txt"), "hidden");
    let said = desk.import(&["in", "--date", "2025-01-21", "--source-name", "The Paper"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(
        desk.articles(),
        [
            "2024-05-01-story-five.md",
            "2025-01-21-story-four.md",
            "2025-01-21-story-one.md",
            "2025-01-21-story-three.md",
            "2025-01-21-story-two.md",
        ],
        "what a text says of itself counts"
    );
    assert!(
        said.out
            .contains("left out:\n  1 × files that are neither .txt, .md nor .html\n"),
        "{}",
        said.out
    );
    assert!(said.out.contains("companies: Acme (5)\n"), "{}", said.out);
    assert!(
        said.out
            .contains("dates that depend on the day they are read, in 4 texts"),
        "{}",
        said.out
    );
    assert!(
        said.err.contains("warning: 5 texts are copied whole"),
        "{}",
        said.err
    );
    let five = desk.article("2024-05-01-story-five.md");
    assert!(
        five.contains("\ncompanies: [Acme]\ntopics: [Plants]\n") && five.contains("\ndraft: true\n"),
        "{five}"
    );
    assert!(five.ends_with("---\n\nText of **five**.\n"), "{five}");
}

#[test]
fn names_like_companies_are_asked_about() {
    let desk = Desk::new();
    write(
        &desk.place("a.txt"),
        "Acme buys\n\nIt is said that Acme buys Cobalt Robotics Inc, and that Cobalt Robotics Inc agrees to that.\n",
    );
    let said = desk.import(&["a.txt"]);
    let line =
        "like companies, and not in the register (`brief new company NAME` adds one): Cobalt Robotics\n";
    assert!(said.out.contains(line), "{}", said.out);
}

/// Whoever wrote about a report that comes in now does not want to have it twice.
#[test]
fn an_article_on_the_same_source_is_left_alone() {
    let desk = Desk::new();
    let own = "---\ntitle: In our words\ndate: 2025-01-21\nsource: {name: P, url: \"https://www.paper.example/a/\"}\n---\nOurs.\n";
    write(&desk.site().join("content/articles/own.md"), own);
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    let given = [
        "a.txt",
        "--date",
        "2025-01-21",
        "--source-url",
        "https://paper.example/a",
    ];
    let said = desk.import(&given);
    let words = "an article names the same source already; `--force` brings it in all the same:\n    a.txt: content/articles/own.md\n";
    assert!(said.out.contains(words), "{}", said.out);
    assert_eq!(desk.articles(), ["own.md"]);
    assert_eq!(desk.import(&[&given[..], &["--force"]].concat()).code, Some(0));
    assert_eq!(desk.articles(), ["2025-01-21-acme-opens-a-plant.md", "own.md"]);
    assert_eq!(desk.article("own.md"), own);
}

#[test]
fn files_beside_a_text_come_along() {
    let desk = Desk::new();
    write(&desk.place("in/pics/a b.png"), "a picture");
    write(&desk.place("secret.png"), "a secret");
    write(
        &desk.place("in/a.md"),
        "---\ntitle: A\ndate: 2025-01-21\nimage: pics/a b.png\n---\n![A](pics/a%20b.png) [B](https://example.org/) ![C](../secret.png)\n",
    );
    assert_eq!(desk.import(&["in"]).code, Some(0));
    assert_eq!(desk.articles(), ["2025-01-21-a.md", "2025-01-21-a/pics/a b.png"]);
    let article = desk.article("2025-01-21-a.md");
    assert!(
        article.contains("![A](2025-01-21-a/pics/a%20b.png) [B]"),
        "{article}"
    );
    assert!(
        article.contains("image:\n  src: \"2025-01-21-a/pics/a b.png\"\n"),
        "{article}"
    );
    // A second one of the same name has a folder of its own.
    write(
        &desk.place("in/b.md"),
        "---\ntitle: A\ndate: 2025-01-21\n---\nOther. ![A](pics/a%20b.png)\n",
    );
    assert_eq!(desk.import(&["in/b.md"]).code, Some(0));
    assert!(
        desk.article("2025-01-21-a-2.md")
            .contains("(2025-01-21-a-2/pics/a%20b.png)")
    );
    assert_eq!(desk.article("2025-01-21-a-2/pics/a b.png"), "a picture");
}

/// Entries of a feed are told by the ids that it gives them.
#[test]
fn a_feed_comes_in_and_is_brought_up_to_date() {
    let desk = Desk::new();
    let entry = |id: usize, title: &str, words: &str| {
        format!(
            "<item><title>{title}</title><link>https://paper.example/{id}/</link><guid isPermaLink=\"false\">id-{id}</guid>\
             <pubDate>Tue, 21 Jan 2025 1{id}:00:00 GMT</pubDate><category>Acme</category><category>Plants</category>\
             <description>&lt;p&gt;Acme opens plant {id}. {words}&lt;/p&gt;</description></item>"
        )
    };
    let feed = |entries: &[String]| {
        format!(
            "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>The Paper</title>\
             <link>https://paper.example/</link><description>News</description>{}</channel></rss>",
            entries.concat()
        )
    };
    let first = [entry(1, "One", "It is large."), entry(2, "Two", "It is small.")];
    write(&desk.place("feed.xml"), feed(&first));
    let said = desk.import(&["feed.xml", "--topic", "Industry"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert!(said.out.ends_with("came in: 2 articles\n"), "{}", said.out);
    assert_eq!(desk.articles(), ["2025-01-21-one.md", "2025-01-21-two.md"]);
    let one = desk.article("2025-01-21-one.md");
    assert!(
        one.contains("\ntopics: [Plants, Industry]\n") && one.contains("https://paper.example/1/"),
        "{one}"
    );
    assert!(
        !one.contains("# fill in"),
        "a feed says all that is needed: {one}"
    );
    // One entry has another headline and another text, and one is new; the oldest has left the feed.
    let next = [
        entry(2, "Two, corrected", "It is larger."),
        entry(3, "Three", "It is new."),
    ];
    write(&desk.place("feed.xml"), feed(&next));
    let said = desk.import(&["feed.xml", "--topic", "Industry"]);
    assert!(
        said.out.ends_with("came in: 1 article; 1 updated\n"),
        "{}",
        said.out
    );
    assert_eq!(
        desk.articles(),
        ["2025-01-21-one.md", "2025-01-21-three.md", "2025-01-21-two.md"]
    );
    assert!(desk.article("2025-01-21-two.md").contains("Two, corrected"));
    // What goes with one article does not go with a feed.
    let said = desk.import(&["feed.xml", "--title", "T"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err
            .contains("`--title` goes with one article, and `feed.xml` holds 2"),
        "{}",
        said.err
    );
    assert_eq!(said_by_build(&desk).code, Some(0));
}

#[test]
fn a_saved_page_comes_in_whatever_its_name() {
    let desk = Desk::new();
    let paragraphs: String = (1..6)
        .map(|number| {
            format!("<p>Paragraph {number}: Acme opens a plant in Springfield, and says that it is the largest of its kind so far.</p>")
        })
        .collect();
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><title>Acme opens a plant | The Paper</title>\
         <link rel=\"canonical\" href=\"https://paper.example/plant\"><meta property=\"og:site_name\" content=\"The Paper\">\
         <meta property=\"article:published_time\" content=\"2025-01-21T10:00:00Z\"></head>\
         <body><nav>Home</nav><article><h1>Acme opens a plant</h1>{paragraphs}</article></body></html>"
    );
    write(&desk.place("saved.txt"), page);
    let said = desk.import(&["saved.txt"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(desk.articles(), ["2025-01-21-acme-opens-a-plant.md"]);
    let article = desk.article("2025-01-21-acme-opens-a-plant.md");
    assert!(
        article.contains("url: \"https://paper.example/plant\"") && article.contains("Paragraph 5: Acme"),
        "{article}"
    );
    assert!(
        desk.import(&["saved.txt"])
            .out
            .ends_with("nothing new came in; 1 there already\n")
    );
    assert_eq!(said_by_build(&desk).code, Some(0));
    write(&desk.place("empty.html"), "<html><body></body></html>");
    let said = desk.import(&["empty.html"]);
    assert_eq!(said.code, Some(2));
    assert!(
        said.err
            .starts_with("error: no article was found in `empty.html`\n"),
        "{}",
        said.err
    );
}

/// The articles of a site are not imported into it once more.
#[test]
fn a_site_does_not_take_itself_in() {
    let desk = Desk::new();
    write(&desk.site().join("inbox/a.txt"), text("Acme opens a plant", 3));
    assert_eq!(desk.import(&["site/inbox"]).code, Some(0));
    for place in [
        "site",
        ".",
        "site/content",
        "site/content/articles/acme-opens-a-plant.md",
    ] {
        let said = desk.import(&[place]);
        assert_eq!(said.code, Some(2), "{place}: {said:?}");
        assert!(said.err.contains("this site"), "{place}: {}", said.err);
    }
    assert_eq!(desk.articles(), ["acme-opens-a-plant.md"]);
}

/// Everything that is wrong is said at once, and the rest comes in.
#[test]
fn one_bad_source_keeps_no_other_out() {
    let desk = Desk::new();
    write(&desk.place("good.txt"), text("Acme opens a plant", 3));
    write(&desk.place("latin.txt"), b"Caf\xe9\n\nText.\n");
    write(&desk.place("empty.txt"), "\n \n");
    write(&desk.place("bad.md"), "---\ntitle: [\n---\nText\n");
    fs::create_dir(desk.place("nothing")).expect("a folder");
    let said = desk.import(&[
        "latin.txt",
        "nowhere.txt",
        "good.txt",
        "empty.txt",
        "bad.md",
        "nothing",
    ]);
    assert_eq!(said.code, Some(1), "{said:?}");
    for line in [
        "error: latin.txt:1:4: ",
        "error: there is nothing at `nowhere.txt`\n",
        "error: empty.txt: there is no text in it\n",
        "error: bad.md:",
        "error: `nothing` holds no .txt, .md or .html, and nothing tells what made it\nhelp: ",
    ] {
        assert!(said.err.contains(line), "{line}: {}", said.err);
    }
    assert!(
        said.out.ends_with("came in: 1 article; 5 not understood\n"),
        "{}",
        said.out
    );
    assert_eq!(
        desk.import(&["nowhere.txt", "empty.txt"]).code,
        Some(2),
        "nothing could be read"
    );
}

#[test]
fn wrong_use_is_said_before_anything_is_written() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("One", 2));
    write(&desk.place("b.txt"), text("Two", 2));
    write(
        &desk.place("hugo/hugo.toml"),
        "baseURL = \"https://example.org/\"\n",
    );
    let refused = |arguments: &[&str], words: &str| {
        let said = desk.import(arguments);
        assert_eq!(said.code, Some(2), "{arguments:?}: {said:?}");
        assert!(said.err.contains(words), "{arguments:?}: {}", said.err);
    };
    refused(
        &["a.txt", "b.txt", "--title", "T", "--slug", "s"],
        "`--title` and `--slug` go with one article, and there are 2 sources",
    );
    refused(&["a.txt", "--date", "soon"], "`soon` for --date cannot be used");
    refused(
        &["a.txt", "--source-url", "example.org"],
        "`example.org` for --source-url is no address of a page",
    );
    refused(&["a.txt", "--slug", "?!"], "`?!` has no letter or digit");
    refused(
        &["hugo", "--date", "2025-01-21"],
        "`--date` goes with texts, pages and feeds, and `hugo` is a whole site of hugo",
    );
    refused(
        &["-", "--from", "ghost"],
        "standard input cannot be a site of ghost",
    );
    assert_eq!(desk.articles(), [""; 0]);
}

/// A ledger is what a program wrote, and may be what anybody wrote.
#[test]
fn a_ledger_leads_nowhere_else() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    assert_eq!(desk.import(&["a.txt"]).code, Some(0));
    let ledger = desk.site().join(".brief/imports");
    let text = fs::read_to_string(&ledger).expect("the ledger");
    write(&desk.place("outside.md"), "mine");
    write(
        &ledger,
        text.replace("content/articles/acme-opens-a-plant.md", "../outside.md"),
    );
    assert_eq!(
        desk.import(&["a.txt", "--force", "--date", "2025-01-21"]).code,
        Some(0)
    );
    assert_eq!(
        fs::read_to_string(desk.place("outside.md")).expect("a file"),
        "mine"
    );
    assert!(Path::new(&ledger).is_file());
}

/// A folder imported after one of its texts does not undo what was said of that.
#[test]
fn what_was_given_once_stays() {
    let desk = Desk::new();
    write(&desk.place("inbox/a.txt"), text("Acme opens a plant", 3));
    let given = [
        "inbox/a.txt",
        "--date",
        "2025-01-21",
        "--draft",
        "--source-name",
        "The Paper",
        "--source-url",
        "https://paper.example/a",
        "--topic",
        "Plants",
        "--author",
        "Ada",
        "--title",
        "A plant of our own",
    ];
    assert_eq!(desk.import(&given).code, Some(0));
    let name = "2025-01-21-a-plant-of-our-own.md";
    let first = desk.article(name);
    assert!(first.contains("\ndraft: true\n"), "{first}");
    let again = desk.import(&["inbox"]);
    assert!(
        again.out.ends_with("nothing new came in; 1 there already\n"),
        "{}",
        again.out
    );
    assert_eq!(desk.articles(), [name]);
    assert_eq!(desk.article(name), first);
    // What is said anew counts.
    assert_eq!(
        desk.import(&["inbox/a.txt", "--title", "Another", "--topic", "Steel"])
            .code,
        Some(0)
    );
    let article = desk.article(name);
    assert!(
        article.contains("title: \"Another\"\n") && article.contains("topics: [Plants, Steel]\n"),
        "{article}"
    );
    assert!(article.contains("\ndraft: true\n"), "{article}");
}

/// Reports that are written by a pattern have nearly all words in common.
#[test]
fn a_like_text_of_another_day_or_headline_is_another_article() {
    let desk = Desk::new();
    let report = |headline: &str, index: &str| {
        text("The market", 12).replacen("The market", headline, 1)
            + &format!("\nAt the end of trading the index of all shares stood at {index} points.\n")
    };
    write(&desk.place("monday.txt"), report("Markets today", "4,011"));
    write(&desk.place("tuesday.txt"), report("Markets today", "4,022"));
    write(
        &desk.place("wednesday.txt"),
        report("Markets on Wednesday", "4,033"),
    );
    for (name, day) in [("monday.txt", "2025-01-20"), ("tuesday.txt", "2025-01-21")] {
        let said = desk.import(&[name, "--date", day]);
        assert!(said.out.contains("came in: 1 article"), "{}", said.out);
    }
    let said = desk.import(&["wednesday.txt"]);
    assert!(said.out.contains("came in: 1 article"), "{}", said.out);
    assert!(
        said.out.contains("nearly the same text as another article:"),
        "{}",
        said.out
    );
    assert_eq!(
        desk.articles(),
        [
            "2025-01-20-markets-today.md",
            "2025-01-21-markets-today.md",
            "markets-on-wednesday.md"
        ]
    );
    assert!(desk.article("2025-01-20-markets-today.md").contains("4,011"));
    // Nor is it one that came in the same run.
    let desk = Desk::new();
    write(&desk.place("in/a.txt"), report("Markets today", "4,011"));
    write(&desk.place("in/b.txt"), report("Markets today", "4,022"));
    assert_eq!(desk.import(&["in"]).code, Some(0));
    assert_eq!(desk.articles(), ["markets-today-2.md", "markets-today.md"]);
}

/// A feed with entries as they are given: title, link, guid and text.
fn feed_of(entries: &[(&str, &str, &str, &str)]) -> String {
    let entries: String = entries
        .iter()
        .map(|(title, link, guid, text)| {
            format!(
                "<item><title>{title}</title><link>{link}</link><guid isPermaLink=\"false\">{guid}</guid>\
                 <pubDate>Tue, 21 Jan 2025 10:00:00 GMT</pubDate><description>&lt;p&gt;{text}&lt;/p&gt;</description></item>"
            )
        })
        .collect();
    format!(
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>The Paper</title>\
         <link>https://paper.example/</link><description>News</description>{entries}</channel></rss>"
    )
}

#[test]
fn of_two_texts_with_one_origin_the_first_comes_in() {
    let desk = Desk::new();
    let link = "https://paper.example/1";
    let feed = feed_of(&[
        ("One", link, "same", "Acme opens a plant."),
        ("Two", link, "same", "Bolt closes a plant."),
    ]);
    write(&desk.place("feed.xml"), feed);
    for closing in [
        "came in: 1 article; 1 left out\n",
        "nothing new came in; 1 there already; 1 left out\n",
    ] {
        let said = desk.import(&["feed.xml"]);
        assert!(said.out.ends_with(closing), "{}", said.out);
        assert!(
            said.out
                .contains("    feed.xml `Two`: feed.xml `One`, content/articles/2025-01-21-one.md\n"),
            "{}",
            said.out
        );
    }
    assert_eq!(desk.articles(), ["2025-01-21-one.md"]);
    assert!(desk.article("2025-01-21-one.md").contains("Acme opens"));
}

#[test]
fn the_address_of_a_whole_site_tells_no_page() {
    let desk = Desk::new();
    for (name, headline) in [("a", "Acme opens a plant"), ("b", "Bolt closes a mine")] {
        let paragraphs: String = (1..6)
            .map(|number| {
                format!("<p>Paragraph {number}: {headline} in Springfield, and says that it is the largest of its kind so far.</p>")
            })
            .collect();
        write(
            &desk.place(&format!("in/{name}.html")),
            format!(
                "<!doctype html><html lang=\"en\"><head><title>{headline}</title>\
                 <link rel=\"canonical\" href=\"https://site.example/\"></head>\
                 <body><article><h1>{headline}</h1>{paragraphs}</article></body></html>"
            ),
        );
    }
    for closing in ["came in: 2 articles\n", "nothing new came in; 2 there already\n"] {
        let said = desk.import(&["in"]);
        assert!(said.out.ends_with(closing), "{}", said.out);
    }
    assert_eq!(
        desk.articles(),
        ["acme-opens-a-plant.md", "bolt-closes-a-mine.md"]
    );
}

#[test]
fn entries_that_lead_to_one_page_are_told_apart() {
    let desk = Desk::new();
    let page = "https://paper.example/live";
    let parts = [1, 2].map(|part| format!("{page}#part-{part}"));
    let feed = feed_of(&[
        ("One", &parts[0], "tag:1", "Acme opens a plant."),
        ("Two", &parts[1], "tag:2", "Bolt closes a plant."),
        ("Three", page, "tag:3", "A third one opens."),
        ("Four", page, "tag:4", "A fourth one closes."),
    ]);
    write(&desk.place("feed.xml"), feed);
    let said = desk.import(&["feed.xml"]);
    assert!(said.out.ends_with("came in: 4 articles\n"), "{}", said.out);
    let said = desk.import(&["feed.xml"]);
    assert!(
        said.out.ends_with("nothing new came in; 4 there already\n"),
        "{}",
        said.out
    );
    assert_eq!(desk.articles().len(), 4);
}

#[test]
fn a_teaser_under_another_headline_is_another_article() {
    let desk = Desk::new();
    let teaser = "Readers of the printed paper find the whole report in it; the others may order it from the desk that \
                  sells subscriptions, by telephone or by letter, on every working day from nine in the morning until five.";
    let feed = feed_of(&[
        ("One", "https://paper.example/1", "tag:1", teaser),
        ("Two", "https://paper.example/2", "tag:2", teaser),
        ("Two", "https://paper.example/3", "tag:3", teaser),
    ]);
    write(&desk.place("feed.xml"), feed);
    let said = desk.import(&["feed.xml"]);
    assert!(
        said.out.contains("came in: 2 articles; 1 there already\n"),
        "{}",
        said.out
    );
    let said = desk.import(&["feed.xml", "--force"]);
    assert!(said.out.contains("came in: 1 article"), "{}", said.out);
    assert_eq!(desk.articles().len(), 3);
}

#[cfg(unix)]
#[test]
fn links_lead_no_import_out_of_the_site() {
    use std::os::unix::fs::symlink;
    let desk = Desk::new();
    write(&desk.place("in/a.txt"), text("Acme opens a plant", 3));
    fs::create_dir(desk.place("elsewhere")).expect("a folder");
    symlink(desk.place("elsewhere"), desk.site().join("content/articles")).expect("a link");
    let said = desk.import(&["in"]);
    assert_eq!(said.code, Some(2), "{said:?}");
    assert!(
        said.err.contains(
            "error: in/a.txt: `content/articles/acme-opens-a-plant.md` lies behind a symbolic link that leads out of the site\nhelp: "
        ),
        "{}",
        said.err
    );
    assert_eq!(files(&desk.place("elsewhere")), [""; 0]);
    // The folder of what comes along is one too.
    let desk = Desk::new();
    write(&desk.place("in/pic.png"), "a picture");
    write(
        &desk.place("in/a.md"),
        "---\ntitle: A\ndate: 2025-01-21\n---\n![A](pic.png)\n",
    );
    fs::create_dir(desk.place("elsewhere")).expect("a folder");
    fs::create_dir_all(desk.site().join("content/articles")).expect("a folder");
    symlink(
        desk.place("elsewhere"),
        desk.site().join("content/articles/2025-01-21-a"),
    )
    .expect("a link");
    let said = desk.import(&["in"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(files(&desk.place("elsewhere")), [""; 0]);
}

#[cfg(unix)]
#[test]
fn what_is_in_the_way_keeps_no_other_out() {
    let desk = Desk::new();
    write(&desk.place("in/pics/a.png"), "a picture");
    write(
        &desk.place("in/a.md"),
        "---\ntitle: A\ndate: 2025-01-21\n---\n![A](pics/a.png)\n",
    );
    write(&desk.place("in/b.txt"), text("Bolt closes a mine", 3));
    // A file stands where the folder of its picture goes.
    write(&desk.site().join("content/articles/2025-01-21-a"), "a file");
    let said = desk.import(&["in"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(
        said.err
            .contains("error: in/a.md: `content/articles/2025-01-21-a/pics/a.png` cannot be "),
        "{}",
        said.err
    );
    assert_eq!(
        desk.articles(),
        ["2025-01-21-a", "2025-01-21-a.md", "bolt-closes-a-mine.md"]
    );
}

#[test]
fn an_article_whose_front_matter_broke_is_not_doubled() {
    for change in [("date: ", "date: [\nx: "), ("id: ", "x: ")] {
        let desk = Desk::new();
        write(&desk.place("a.txt"), text("Acme opens a plant", 3));
        assert_eq!(desk.import(&["a.txt", "--date", "2025-01-21"]).code, Some(0));
        let name = "2025-01-21-acme-opens-a-plant.md";
        let edited = desk.article(name).replacen(change.0, change.1, 1);
        write(&desk.site().join("content/articles").join(name), &edited);
        let said = desk.import(&["a.txt", "--date", "2025-01-21"]);
        assert!(
            said.out.ends_with("nothing new came in; 1 kept as it is\n"),
            "{}",
            said.out
        );
        assert_eq!(desk.articles(), [name]);
        assert_eq!(desk.article(name), edited);
    }
}

#[test]
fn a_feed_that_was_cut_is_a_problem() {
    let desk = Desk::new();
    let whole = feed_of(&[
        ("One", "https://paper.example/1", "tag:1", "Acme opens a plant."),
        ("Two", "https://paper.example/2", "tag:2", "Bolt closes a plant."),
    ]);
    let cut = whole.rfind("</description>").expect("an end");
    write(&desk.place("feed.xml"), &whole[..cut]);
    let said = desk.import(&["-q", "feed.xml"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert!(said.err.starts_with("error: feed.xml: feed:1:"), "{}", said.err);
    assert!(
        said.err.contains("\nhelp: the entries before that came over"),
        "{}",
        said.err
    );
    assert_eq!(desk.articles()[..1], ["2025-01-21-one.md"]);
}

#[test]
fn only_what_is_shown_comes_along() {
    let desk = Desk::new();
    write(&desk.place("in/key.pem"), "a secret");
    write(&desk.place("in/a.png"), "a picture");
    let words = "---\ntitle: A\ndate: 2025-01-21\n---\n![A](a.png) [x](key.pem) [y](brief.yaml)\n";
    write(&desk.place("in/a.md"), words);
    let said = desk.import(&["in/a.md"]);
    assert_eq!(desk.articles(), ["2025-01-21-a.md", "2025-01-21-a/a.png"]);
    assert!(
        said.out.contains(
            "file beside a text (1): left out: only pictures, sound, films and PDF come along with a text\n    in/a.md `key.pem`\n"
        ),
        "{}",
        said.out
    );
    // Beside what is pasted lies nothing.
    let desk = Desk::new();
    write(&desk.site().join("own.png"), "a picture");
    let mut child = brief(&desk.site())
        .args(["import", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("brief runs");
    let mut input = child.stdin.take().expect("its input");
    let pasted = "---\ntitle: A\n---\nSee [x](brief.yaml) and ![y](own.png)\n";
    input.write_all(pasted.as_bytes()).expect("it is read");
    drop(input);
    assert!(child.wait_with_output().expect("it ends").status.success());
    assert_eq!(desk.articles(), ["a.md"]);
}

#[test]
fn names_that_windows_reserves_are_not_given() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    assert_eq!(desk.import(&["a.txt", "--title", "con"]).code, Some(0));
    assert_eq!(desk.articles(), ["article-con.md"]);
}

#[test]
fn a_dry_run_tells_a_text_that_comes_twice() {
    let desk = Desk::new();
    write(&desk.place("in/a.txt"), text("Acme opens a plant", 3));
    write(&desk.place("in/b.txt"), text("Acme opens a plant", 3));
    let said = desk.import(&["in", "--dry-run"]);
    assert!(
        said.out.ends_with("would come in: 1 article; 1 there already\n"),
        "{}",
        said.out
    );
}

/// Two texts may be given one address: the second is not the first one corrected.
#[test]
fn two_texts_of_one_address_are_two_articles() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    write(
        &desk.place("b.txt"),
        "Bolt closes a mine\n\nThe mine of Bolt in the hills was closed for good, as its owners told all who work there.\n",
    );
    let import = |name: &str| {
        desk.import(&[name, "--source-url", "https://paper.example/live"])
            .out
    };
    for name in ["a.txt", "b.txt"] {
        let said = import(name);
        assert!(said.ends_with("came in: 1 article\n"), "{said}");
    }
    for name in ["a.txt", "b.txt"] {
        let said = import(name);
        assert!(said.ends_with("nothing new came in; 1 there already\n"), "{said}");
    }
    assert_eq!(
        desk.articles(),
        ["acme-opens-a-plant.md", "bolt-closes-a-mine.md"]
    );
}

/// An article is written beside its place first; what lies there is of a run that was cut short, or a trap.
#[cfg(unix)]
#[test]
fn articles_are_written_whole() {
    let desk = Desk::new();
    write(&desk.place("a.txt"), text("Acme opens a plant", 3));
    write(&desk.place("outside.md"), "mine");
    let articles = desk.site().join("content/articles");
    fs::create_dir_all(&articles).expect("a folder");
    let beside = articles.join(".acme-opens-a-plant.md.new");
    std::os::unix::fs::symlink(desk.place("outside.md"), &beside).expect("a link");
    assert_eq!(desk.import(&["a.txt"]).code, Some(0));
    assert_eq!(
        fs::read_to_string(desk.place("outside.md")).expect("a file"),
        "mine"
    );
    assert!(desk.article("acme-opens-a-plant.md").contains("Acme said"));
    assert!(!beside.is_symlink() && !beside.exists());
}
