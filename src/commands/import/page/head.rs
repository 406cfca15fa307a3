//! What stands between the headline of an article and its first sentence: the headline once more, the standfirst, who
//! wrote it and when, the main picture.
//!
//! All of it has a place of its own in an article of brief, and would be said twice if it stayed in the text.

use dom_query::{Document, NodeRef};

use super::byline::Authors;
use super::dom::{all, attribute, bare, has_sentence, is_block, name, text, words};
use super::facts::Facts;
use super::figure::words_of;
use super::headline::is_alike;
use crate::commands::import::foreign::moment;
use crate::commands::import::foreign::post::{LeftOut, Picture};

/// How many blocks are looked at before the text must have started.
const MAX_HEAD: usize = 12;

/// Names of a standfirst, by the news desks that use them.
const STANDFIRSTS: [&str; 12] = [
    "standfirst",
    "dek",
    "deck",
    "subtitle",
    "subhead",
    "subheading",
    "subheadline",
    "strapline",
    "abstract",
    "vorspann",
    "chapo",
    "summary",
];

/// Names of the label over a headline.
const KICKERS: [&str; 6] = ["kicker", "eyebrow", "overline", "rubric", "dachzeile", "category"];

/// Takes the head off an article, and completes what is known of it.
pub fn take(article: &Document, facts: &mut Facts, left_out: &mut LeftOut) -> Option<Picture> {
    drop_headlines(article, facts);
    let picture = lead_picture(article, facts);
    let mut count = 0;
    for block in blocks(article) {
        let line = text(&block);
        if line.is_empty() {
            continue;
        }
        count += 1;
        if count > MAX_HEAD {
            break;
        }
        let names = named(&block);
        let is = |wanted: &[&str]| names.iter().any(|word| wanted.contains(&word.as_str()));
        // Headings are called `summary` too.
        let is_full = line.split_whitespace().count() >= 4;
        if is(&STANDFIRSTS) && is_full || is_standfirst(&block, &line, facts) {
            facts.summary = Some(line);
            block.remove_from_parent();
        } else if is(&KICKERS) && line.chars().count() <= 40 && !has_sentence(&line) {
            block.remove_from_parent();
            *left_out.entry("labels over the headline".to_owned()).or_default() += 1;
        } else if is_credit_line(&line, facts)
            || is(&["author", "autor", "byline"]) && starts_with_author(&line, facts)
        {
            block.remove_from_parent();
            *left_out
                .entry("lines with date and author".to_owned())
                .or_default() += 1;
        } else if has_sentence(&line) && line.chars().count() >= 60 {
            break;
        }
    }
    forget_copied_summary(article, facts);
    picture.or_else(|| facts.image.clone())
}

/// Blocks without others in them, in their order; pictures and tables are none.
fn blocks(article: &Document) -> Vec<NodeRef<'_>> {
    let root = article.html_root();
    root.descendants()
        .into_iter()
        .filter(|node| {
            is_block(node)
                && !matches!(
                    name(node).as_str(),
                    "img" | "br" | "hr" | "table" | "head" | "figcaption"
                )
        })
        .filter(is_leaf)
        .filter(|node| !node.ancestors(None).iter().any(|above| name(above) == "table"))
        .take(MAX_HEAD * 4)
        .collect()
}

fn is_leaf(node: &NodeRef<'_>) -> bool {
    !node
        .descendants()
        .iter()
        .any(|below| is_block(below) && name(below) != "br")
}

/// The words in the names of a block and of what wraps it alone.
fn named(block: &NodeRef<'_>) -> Vec<String> {
    let mut names = words(block);
    let mut inner = *block;
    for above in block.ancestors(Some(3)).into_iter() {
        let is_alone = above
            .children()
            .into_iter()
            .filter(|child| child.id != inner.id)
            .all(|child| text(&child).is_empty());
        if !is_alone || matches!(name(&above).as_str(), "body" | "html" | "article" | "main") {
            break;
        }
        names.extend(words(&above));
        inner = above;
    }
    names
}

/// The headline stands over the text, wherever it stood before.
fn drop_headlines(article: &Document, facts: &Facts) {
    if facts.title.is_empty() {
        return;
    }
    let is_own = |line: &str| {
        let known = std::iter::once(&facts.title).chain(&facts.other_titles);
        let own = bare(line);
        known.into_iter().any(|title| bare(title) == own)
    };
    for (at, heading) in all(article, "h1, h2, h3, h4").into_iter().enumerate() {
        let line = text(&heading);
        let is_first = name(&heading) == "h1" && is_alike(&line, &facts.title);
        if is_first || at < 3 && is_own(&line) {
            heading.remove_from_parent();
        }
    }
    // Old pages have no headings, only a line in bold.
    if let Some(first) = blocks(article).into_iter().find(|block| !text(block).is_empty())
        && is_own(&text(&first))
    {
        first.remove_from_parent();
    }
}

/// Whether a block is the standfirst though it is not called so: the summary word for word in a place of its own, or
/// a heading that is a sentence.
fn is_standfirst(block: &NodeRef<'_>, line: &str, facts: &Facts) -> bool {
    let is_heading = matches!(name(block).as_str(), "h2" | "h3" | "h4");
    let is_summary = facts
        .summary
        .as_deref()
        .is_some_and(|summary| bare(summary) == bare(line));
    let names = named(block);
    let has_place = is_heading
        || names.iter().any(|word| {
            matches!(
                word.as_str(),
                "lead" | "lede" | "intro" | "teaser" | "excerpt" | "description"
            )
        })
        || block
            .ancestors(None)
            .into_iter()
            .any(|above| name(&above) == "header");
    is_summary && has_place || is_heading && has_sentence(line) && line.chars().count() >= 60
}

/// "By Jane Doe", "21 January 2025, 9:30", "Published: …".
fn is_credit_line(line: &str, facts: &mut Facts) -> bool {
    if line.chars().count() > 140 || has_sentence(line) && line.split_whitespace().count() > 14 {
        return false;
    }
    let known: Vec<String> = facts.authors.iter().map(|author| bare(author)).collect();
    let own = bare(line);
    let by = [
        "By ",
        "BY ",
        "by ",
        "Von ",
        "Par ",
        "Por ",
        "Words by ",
        "Written by ",
        "Story by ",
    ]
    .iter()
    .find_map(|start| line.strip_prefix(start));
    if let Some(names) = by {
        let is_name =
            names.chars().next().is_some_and(char::is_uppercase) && line.split_whitespace().count() <= 16;
        if !is_name || has_sentence(line) {
            return false;
        }
        if facts.authors.is_empty() {
            let mut authors = Authors::default();
            // What follows the names is a place, a post or a date.
            let names = names
                .split([',', '|', '·', '•', '–', '('])
                .next()
                .unwrap_or_default();
            authors.add_all(names);
            facts.authors = authors.0;
        }
        return true;
    }
    let is_author = known.iter().any(|author| {
        !author.is_empty()
            && (own == *author || own.starts_with(author.as_str()) && own.len() < author.len() + 30)
    });
    let lower = line.to_lowercase();
    let says_when = [
        "published",
        "updated",
        "posted",
        "last updated",
        "last modified",
        "veröffentlicht",
        "aktualisiert",
        "stand:",
        "publié",
        "date:",
    ]
    .iter()
    .any(|start| lower.starts_with(start));
    let has_digit = line.chars().any(|c| c.is_ascii_digit());
    is_author || says_when && has_digit && line.chars().count() < 90 || is_date(line)
}

/// Whether a line that is marked as that of the author starts with a name that is known.
fn starts_with_author(line: &str, facts: &Facts) -> bool {
    let own = bare(line);
    let is_known = facts.authors.iter().any(|author| own.starts_with(&bare(author)));
    is_known && line.chars().count() <= 140 && !has_sentence(line)
}

/// Whether a line is a date and nothing else.
fn is_date(line: &str) -> bool {
    const MONTHS: [&str; 30] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "januar",
        "februar",
        "märz",
        "mai",
        "oktober",
        "dezember",
    ];
    const OTHERS: [&str; 26] = [
        "am", "pm", "a", "m", "p", "at", "um", "uhr", "et", "est", "edt", "gmt", "utc", "cet", "cest", "bst",
        "pst", "pdt", "ist", "on", "the", "of", "st", "nd", "rd", "th",
    ];
    if moment::read_as_written(line).is_some() {
        return true;
    }
    let lower = line.to_lowercase();
    let found: Vec<&str> = lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    let has_year = found
        .iter()
        .any(|word| word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit()));
    let is_day = |word: &str| {
        word.ends_with("day")
            || [
                "montag",
                "dienstag",
                "mittwoch",
                "donnerstag",
                "freitag",
                "samstag",
                "sonntag",
                "mon",
                "tue",
                "wed",
                "thu",
                "fri",
                "sat",
                "sun",
            ]
            .contains(&word)
    };
    has_year
        && (2..=12).contains(&found.len())
        && found.iter().all(|word| {
            let letters = word.trim_start_matches(|c: char| c.is_ascii_digit());
            letters.is_empty() || MONTHS.contains(&letters) || OTHERS.contains(&letters) || is_day(letters)
        })
}

/// The picture before the first paragraph, taken out of the text.
fn lead_picture(article: &Document, facts: &Facts) -> Option<Picture> {
    let root = article.html_root();
    for node in root.descendants().into_iter() {
        match name(&node).as_str() {
            "img" => {
                let figure = node
                    .ancestors(None)
                    .into_iter()
                    .find(|above| name(above) == "figure");
                let own = figure.map(|figure| words_of(&figure)).unwrap_or_default();
                let src = node.attr("src")?.to_string();
                let main = facts
                    .image
                    .clone()
                    .filter(|main| is_same_picture(&main.src, &src))
                    .unwrap_or_default();
                // The picture for previews is the larger one; a copy beside the page lasts.
                let src = if src.contains("://") && !main.src.is_empty() {
                    main.src
                } else {
                    src
                };
                let picture = Picture {
                    src,
                    alt: attribute(&node, "alt").or(main.alt),
                    caption: own.caption.or(main.caption),
                    credit: own.credit.or(main.credit),
                };
                figure.unwrap_or(node).remove_from_parent();
                return Some(picture);
            }
            "p" | "ul" | "ol" | "table" | "blockquote" | "div"
                if (name(&node) != "div" || is_leaf(&node))
                    && has_sentence(&text(&node))
                    && !is_of_head(&node, facts) =>
            {
                return None;
            }
            _ => {}
        }
    }
    None
}

/// Whether a paragraph is the standfirst.
fn is_of_head(node: &NodeRef<'_>, facts: &Facts) -> bool {
    let line = text(node);
    named(node)
        .iter()
        .any(|word| STANDFIRSTS.contains(&word.as_str()))
        || facts
            .summary
            .as_deref()
            .is_some_and(|summary| bare(summary) == bare(&line))
        || line.chars().count() < 60
}

/// Completes the main picture from where the page shows it outside of the article's text.
pub fn complete_picture(document: &Document, facts: &mut Facts) {
    let Some(main) = &mut facts.image else { return };
    let twin = all(document, "img").into_iter().take(500).find(|image| {
        let own = image.attr("src").unwrap_or_default();
        is_same_picture(&main.src, &own)
    });
    let Some(twin) = twin else { return };
    let figure = twin
        .ancestors(None)
        .into_iter()
        .find(|above| name(above) == "figure");
    let own = figure.map(|figure| words_of(&figure)).unwrap_or_default();
    // A copy beside the page lasts; of two addresses, the one for previews is the larger picture.
    if let Some(copy) = twin.attr("src").filter(|src| !src.contains("://")) {
        main.src = copy.to_string();
    }
    main.alt = attribute(&twin, "alt").or(main.alt.take());
    main.caption = own.caption.or(main.caption.take());
    main.credit = own.credit.or(main.credit.take());
}

/// Whether two addresses show one picture in two sizes: the names of their files, without sizes.
fn is_same_picture(one: &str, other: &str) -> bool {
    let key = |address: &str| {
        let path = address.split(['?', '#']).next().unwrap_or_default();
        let file = path.rsplit('/').next().unwrap_or_default();
        let stem = file
            .rsplit_once('.')
            .map_or(file, |(stem, _)| stem)
            .to_lowercase();
        let mut stem = stem.as_str();
        // `plant-1024x576`, `plant@2x`, `plant_large`.
        while let Some((start, end)) = stem.rsplit_once(['-', '_', '@']) {
            let is_size = end.chars().all(|c| c.is_ascii_digit() || c == 'x' || c == 'w')
                && end.contains(['x', 'w'])
                || matches!(
                    end,
                    "large"
                        | "small"
                        | "medium"
                        | "scaled"
                        | "xl"
                        | "l"
                        | "m"
                        | "s"
                        | "thumb"
                        | "original"
                        | "full"
                        | "hd"
                );
            if !is_size || start.is_empty() {
                break;
            }
            stem = start;
        }
        stem.replace(['-', '_', ' '], "")
    };
    let (one, other) = (key(one), key(other));
    one.len() >= 4 && one == other
}

/// A summary that was made from the first paragraph tells nothing of its own.
fn forget_copied_summary(article: &Document, facts: &mut Facts) {
    let Some(summary) = &facts.summary else { return };
    let first = blocks(article)
        .into_iter()
        .map(|block| text(&block))
        .find(|line| line.chars().count() >= 60);
    let Some(first) = first else { return };
    let shown = summary
        .trim_end_matches("[&hellip;]")
        .trim_end_matches("[…]")
        .trim_end_matches("[...]")
        .trim_end();
    let shown = shown.trim_end_matches(['…', '.']).trim_end();
    if bare(&first).starts_with(&bare(shown)) {
        facts.summary = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, facts: Facts, expected: &str, told: &str) {
        let mut facts = facts;
        let document = Document::from(html);
        let picture = take(&document, &mut facts, &mut LeftOut::new());
        assert_eq!(text(&document.html_root()), expected, "{html}");
        let picture = picture.map_or(String::new(), |picture| {
            format!(" {} {:?}", picture.src, picture.caption)
        });
        let summary = facts.summary.unwrap_or_default();
        assert_eq!(
            format!("{summary} [{}]{picture}", facts.authors.join(", ")),
            told,
            "{html}"
        );
    }

    fn known(title: &str) -> Facts {
        Facts {
            title: title.to_owned(),
            ..Facts::default()
        }
    }

    const TEXT: &str = "The plant in the north will open in May, the company said on a rainy Tuesday.";

    #[test]
    fn the_head_is_said_once() {
        check(
            &format!(
                "<h1>Plant opens</h1><p class=dek>It took two years.</p><p>By Jane Doe and John Roe</p><p>21 January 2025, 9:30 am</p><p>{TEXT}</p>"
            ),
            known("Plant opens"),
            TEXT,
            "It took two years. [Jane Doe, John Roe]",
        );
        check(
            &format!("<p><b>Plant opens</b></p><p>{TEXT}</p>"),
            known("Plant opens"),
            TEXT,
            " []",
        );
        check(
            &format!(
                "<figure><img src=a.jpg><figcaption>A hall</figcaption></figure><p>{TEXT}</p><img src=b.jpg>"
            ),
            known("Plant opens"),
            TEXT,
            " [] a.jpg Some(\"A hall\")",
        );
    }

    #[test]
    fn a_heading_called_summary_is_no_standfirst() {
        check(
            &format!("<h2 id=summary>Summary</h2><p>{TEXT}</p>"),
            known("Plant opens"),
            &format!("Summary {TEXT}"),
            " []",
        );
    }

    #[test]
    fn sentences_are_no_lines_about_the_author() {
        for line in [
            "By May the plant will be open.",
            "Von Braun was there.",
            "Published in 1990, the book is still read by many people in the town today.",
        ] {
            check(
                &format!("<p>{line}</p><p>{TEXT}</p>"),
                known("Plant opens"),
                &format!("{line} {TEXT}"),
                " []",
            );
        }
    }

    #[test]
    fn sizes_do_not_make_other_pictures() {
        assert!(is_same_picture(
            "https://a.example/plant-1024x576.jpg?x",
            "b/plant-scaled.webp"
        ));
        assert!(!is_same_picture(
            "https://a.example/plant-2.jpg",
            "https://a.example/plant-3.jpg"
        ));
        assert!(!is_same_picture("https://a.example/", "https://b.example/"));
    }
}
