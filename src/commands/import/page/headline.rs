//! The headline of a page, out of all the wordings in which pages say it.
//!
//! Readers see one on the page; search engines get one that is cut or carries the name of the site. The one on the page
//! counts where it says what the others say.

use dom_query::{Document, NodeRef};

use super::dom::{all, bare, name, text, words};

/// The headline, and the other wordings, by which it is known when it comes again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headline {
    /// The one that readers see.
    pub title: String,
    /// Those that say the same.
    pub others: Vec<String>,
}

/// Chooses among what a page says in its data, `said`, and what stands on it.
pub fn choose(document: &Document, said: Vec<String>, site: Option<&str>) -> Headline {
    let full = |elements: &str| -> Vec<String> {
        all(document, elements)
            .iter()
            .map(text)
            .filter(|title| !title.is_empty())
            .collect()
    };
    let mut others = said;
    others.extend(full("head title").into_iter().next());
    let headings: Vec<String> = all(document, "h1")
        .iter()
        .filter(|heading| !is_of_site(heading))
        .map(text)
        .filter(|title| !title.is_empty())
        .collect();
    let on_page = if headings.is_empty() {
        bold_lines(document)
    } else {
        headings.clone()
    };
    let shortened: Vec<String> = others
        .iter()
        .map(|title| without_site(title, site, &on_page))
        .collect();
    let seen = on_page
        .iter()
        .find(|title| shortened.iter().any(|other| is_alike(title, other)));
    // A label over the headline may stand within its element.
    let without_label = seen.and_then(|title| shortened.iter().find(|other| is_end_of(title, other)));
    let title = without_label.or(seen).or(shortened.first()).or(headings.first());
    let title = title.cloned().unwrap_or_default();
    let mut others: Vec<String> = others.into_iter().chain(shortened).collect();
    others.retain(|other| *other != title);
    others.dedup();
    Headline { title, others }
}

/// Whether a heading names the site: many put their name into one at the top of every page.
fn is_of_site(heading: &NodeRef<'_>) -> bool {
    let mut names = words(heading);
    names.extend(heading.parent().iter().flat_map(words));
    let is_named = ["site", "logo", "menu", "navbar", "masthead", "brand", "blogname"]
        .iter()
        .any(|name| names.iter().any(|word| word == name));
    is_named || heading.ancestors(None).iter().any(|above| name(above) == "nav")
}

/// Whether a headline is another with a label before it.
fn is_end_of(whole: &str, end: &str) -> bool {
    let words = end.split_whitespace().count();
    let (whole, end) = (bare(whole), bare(end));
    words >= 3 && whole.len() > end.len() && whole.len() - end.len() <= 30 && whole.ends_with(&end)
}

/// Lines that old pages have for headings.
fn bold_lines(document: &Document) -> Vec<String> {
    let found = all(document, "h2, h3, b, strong");
    found
        .iter()
        .take(8)
        .map(text)
        .filter(|line| line.chars().count() >= 4)
        .collect()
}

/// A title without the name of the site, where one is put before or behind it.
fn without_site(title: &str, site: Option<&str>, on_page: &[String]) -> String {
    for divider in [" | ", " – ", " — ", " - ", " :: ", " » ", " · ", " • ", ": "] {
        if let Some((start, end)) = title.rsplit_once(divider) {
            let is_site = site.is_some_and(|site| bare(site) == bare(end));
            let is_on_page = on_page.iter().any(|own| bare(own) == bare(start));
            if is_site || is_on_page {
                return without_site(start, site, on_page);
            }
        }
        if let Some((start, end)) = title.split_once(divider) {
            let is_site = site.is_some_and(|site| bare(site) == bare(start));
            let is_on_page = on_page.iter().any(|own| bare(own) == bare(end));
            if is_site || is_on_page {
                return end.to_owned();
            }
        }
    }
    // The name of a site that is said nowhere else stands behind a bar.
    match title.rsplit_once(" | ") {
        Some((start, end)) if start.chars().count() >= 15 && end.chars().count() <= 40 => start.to_owned(),
        _ => title.to_owned(),
    }
}

/// Whether two headlines are one: most words of the shorter stand in the other.
pub fn is_alike(one: &str, other: &str) -> bool {
    let (one_bare, other_bare) = (bare(one), bare(other));
    if one_bare.is_empty() || other_bare.is_empty() {
        return false;
    }
    if one_bare == other_bare {
        return true;
    }
    let words = |text: &str| -> Vec<String> {
        text.split_whitespace()
            .map(bare)
            .filter(|word| !word.is_empty())
            .collect()
    };
    let (one, other) = (words(one), words(other));
    let (short, long) = if one.len() <= other.len() {
        (&one, &other)
    } else {
        (&other, &one)
    };
    if short.len() < 3 {
        return false;
    }
    let shared = short.iter().filter(|word| long.contains(word)).count();
    shared * 10 >= short.len() * 7
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        let found = choose(&Document::from(html), Vec::new(), None);
        assert_eq!(found.title, expected, "{html}");
    }

    #[test]
    fn the_name_of_the_site_is_no_headline() {
        check(
            "<title>Data Types - The Book</title><h1 class=menu-title>The Book</h1><h2>Data Types</h2>",
            "Data Types",
        );
        check(
            "<title>Plant opens: Daily Post</title><p><b>Plant opens</b></p>",
            "Plant opens",
        );
    }

    #[test]
    fn a_label_before_the_headline_is_none_of_it() {
        check(
            "<title>Plant opens in May</title><h1><span>Steel</span> Plant opens in May</h1>",
            "Plant opens in May",
        );
    }
}
