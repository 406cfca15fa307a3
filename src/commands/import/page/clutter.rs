//! What stands on a page beside its article: menus, share bars, boxes, advertisements, notices.
//!
//! Designers name such things much alike, and the lines in them read much alike. Whatever goes is counted. What
//! holds the headline or a large part of the page's text never goes by its name alone.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use dom_query::{Document, NodeRef};

use super::dom::{attribute, has_sentence, is_block, link_share, name, text, words};
use super::headline::is_alike;
use super::lines::kind_of_line;
use crate::commands::import::foreign::post::LeftOut;

/// Kinds of clutter, with the words in the names of their elements. A text of two words stands for both in a row.
const NAMES: [(&str, &str); 11] = [
    (
        "share bars",
        "share, sharing, social, sharedaddy, addtoany, addthis, a2a, shareaholic, sharebar, sharebuttons, \
         socials, socialmedia, follow us, feedflare, article tools, story tools, claps",
    ),
    (
        "newsletter boxes",
        "newsletter, newsletters, subscribe, subscription, signup, sign up, mailchimp, mc4wp, mc embed, \
         optin, email capture, convertkit, hellobar",
    ),
    (
        "comments",
        "comments, comment, respond, disqus, commentlist, livefyre, utterances, kommentare, webmentions",
    ),
    (
        "links to other articles",
        "related, recommended, recommendations, recommendation, recirc, recirculation, read next, read more, \
         readmore, more stories, more from, more on, also like, trending, most read, most popular, popular, \
         outbrain, taboola, yarpp, relatedposts, up next, next up, sidebar, rightrail, right rail, \
         storylinks, teaser list, teasers, mostread, in other news, linkbox",
    ),
    (
        "advertisements",
        "ad, ads, adv, advert, adverts, advertisement, advertising, adsbygoogle, adsense, adslot, adbox, \
         adunit, adwrapper, sponsor, sponsored, sponsors, promo, promotion, promobox, dfp, gpt, doubleclick, \
         anzeige, anzeigen, werbung, mpu, affiliate",
    ),
    (
        "cookie notices",
        "cookie, cookies, consent, gdpr, ccpa, onetrust, didomi, cmp, usercentrics, cookiebot, cookiebanner, \
         cookieconsent",
    ),
    (
        "paywall notes",
        "paywall, regwall, piano, barrier, gateway, upsell, meter, metering, subscriber wall, \
         registration wall, bezahlschranke",
    ),
    (
        "menus",
        "nav, navbar, navigation, menu, menus, breadcrumb, breadcrumbs, pagination, pager, skip link, \
         skiplink, skip links, toolbar, site header, site footer, masthead, topbar, toc, table of contents, \
         sitemap, search form, searchform, back to top, scroll top",
    ),
    (
        "boxes about the author",
        "author bio, author box, authorbox, author card, about author, about the author, bio, author info, \
         author profile, author description",
    ),
    (
        "lists of topics",
        "tags, tag list, taglist, tag links, cat links, post tags, entry tags, article tags, topics list, \
         entry footer, post categories, entry categories",
    ),
    (
        "lines with date and author",
        "byline, bylines, post meta, entry meta, article meta, meta info, post info, article info, \
         story meta, post date, posted on, entry date, publish date, published date, timestamp, \
         reading time, read time, readtime, article byline, article date",
    ),
];

/// Names of what only other programs read.
const UNSEEN: &str =
    "sr only, visually hidden, visuallyhidden, screen reader, screenreader, assistive text, noprint";

const ROLES: [&str; 6] = [
    "navigation",
    "banner",
    "contentinfo",
    "search",
    "dialog",
    "alertdialog",
];

/// Takes clutter out of a page.
pub struct Sweep<'s> {
    /// Headlines, which are no clutter.
    pub titles: &'s [String],
    /// What went, by its kind.
    pub left_out: LeftOut,
    /// Whether a note says that the article goes on for those who pay.
    pub is_closed: bool,
    /// How long all paragraphs are, together.
    paragraphs: usize,
}

impl<'s> Sweep<'s> {
    /// One that knows the headline by its wordings.
    pub fn new(titles: &'s [String]) -> Sweep<'s> {
        Sweep {
            titles,
            left_out: LeftOut::new(),
            is_closed: false,
            paragraphs: 0,
        }
    }

    /// Takes clutter out by the names of elements and by what their lines say.
    pub fn page(&mut self, document: &Document) {
        let root = document.html_root();
        self.paragraphs = paragraphs(&root);
        self.by_name(root);
        self.by_wording(document);
    }

    /// The same for a text without a page round it: an entry of a feed.
    pub fn entry(&mut self, document: &Document) {
        self.paragraphs = paragraphs(&document.html_root());
        document
            .select("script, style, link, meta, template, form, input, button, select, textarea, dialog, nav, svg, canvas")
            .remove();
        for element in super::dom::all(document, "div, p, ul, section, aside") {
            let found = kind_by_name(&element)
                .filter(|kind| *kind == "share bars" || *kind == "links to other articles");
            if let Some(kind) = found.filter(|_| is_attached(&element) && !self.is_precious(&element, "")) {
                self.remove(&element, kind);
            }
        }
        self.by_wording(document);
    }

    fn count(&mut self, kind: &str) {
        *self.left_out.entry(kind.to_owned()).or_default() += 1;
    }

    fn remove(&mut self, element: &NodeRef<'_>, kind: &str) {
        // What holds nothing to be seen is no loss to tell of.
        let is_seen = !text(element).is_empty()
            || element
                .descendants()
                .into_iter()
                .any(|below| name(&below) == "img");
        element.remove_from_parent();
        if is_seen {
            self.count(kind);
        }
    }

    fn by_name(&mut self, root: NodeRef<'_>) {
        let mut open = vec![root];
        while let Some(element) = open.pop() {
            if let Some(kind) = self.kind(&element) {
                if kind == "paywall notes" {
                    self.is_closed = true;
                }
                if kind.is_empty() {
                    element.remove_from_parent();
                } else {
                    self.remove(&element, kind);
                }
                continue;
            }
            // In reverse, so that they come in their order.
            open.extend(element.children().into_iter().rev().filter(NodeRef::is_element));
        }
    }

    /// What kind of clutter an element is; empty where nobody sees it anyway.
    fn kind(&self, element: &NodeRef<'_>) -> Option<&'static str> {
        let tag = name(element);
        match tag.as_str() {
            "html" | "body" => return None,
            "head" | "script" | "style" | "template" | "link" | "meta" | "svg" | "canvas" | "input"
            | "select" | "textarea" | "button" | "noscript" | "object" | "embed" | "map" => return Some(""),
            "amp-ad" | "amp-embed" => return Some("advertisements"),
            "amp-sidebar" | "amp-consent" | "amp-analytics" | "amp-social-share" | "amp-auto-ads" => {
                return Some("");
            }
            "form" => return self.form(element),
            "nav" => return Some("menus").filter(|_| !self.is_precious(element, "menus")),
            "dialog" => return Some("notices").filter(|_| !self.is_precious(element, "")),
            "iframe" => return (!is_shown(element)).then_some("embedded pages"),
            "header" if !is_inside(element, &["article", "main"]) && !self.is_precious(element, "") => {
                let has_headline = element
                    .descendants()
                    .into_iter()
                    .any(|below| name(&below) == "h1");
                return (!has_headline).then_some("menus");
            }
            "footer" if !is_inside(element, &["blockquote", "figure"]) && !self.is_precious(element, "") => {
                // Corrections and credits stand at the foot of articles.
                let is_of_article = is_inside(element, &["article", "main"]);
                let reads_on = is_of_article && has_sentence(&text(element)) && link_share(element) < 0.2;
                return (!reads_on).then_some("menus");
            }
            _ => {}
        }
        if is_hidden(element) && text(element).chars().count() <= 300 {
            return Some("");
        }
        let names = words(element);
        if UNSEEN.split(", ").any(|phrase| has_phrase(&names, phrase)) && text(element).chars().count() < 200
        {
            return Some("");
        }
        if !is_block(element) && !stands_alone(element) {
            return None;
        }
        let role = attribute(element, "role").unwrap_or_default();
        let by_role = ROLES.contains(&role.as_str()).then_some("menus");
        let kind = kind_by_words(&names).or(by_role)?;
        (!self.is_precious(element, kind)).then_some(kind)
    }

    /// Some systems put their whole page into one form.
    fn form(&self, element: &NodeRef<'_>) -> Option<&'static str> {
        if self.is_precious(element, "") || text(element).chars().count() > 600 {
            return None;
        }
        Some("forms")
    }

    /// Whether an element holds what a page is about, whatever its name says.
    fn is_precious(&self, element: &NodeRef<'_>, kind: &str) -> bool {
        let is_title = |below: &NodeRef<'_>| {
            name(below) == "h1" && {
                let own = text(below);
                self.titles.iter().any(|title| is_alike(title, &own))
            }
        };
        let holds_article = std::iter::once(*element)
            .chain(element.descendants())
            .any(|below| is_title(&below) || attribute(&below, "itemprop").as_deref() == Some("articleBody"));
        // Comments are often longer than what they are about.
        let is_most =
            kind != "comments" && paragraphs(element) * 10 > self.paragraphs * 4 && self.paragraphs > 200;
        holds_article && kind != "lines with date and author" || is_most
    }

    /// Lines that say by themselves what they are.
    fn by_wording(&mut self, document: &Document) {
        for element in super::dom::all(
            document,
            "p, div, li, span, a, h2, h3, h4, h5, h6, strong, em, small, td, section, aside",
        ) {
            if !is_attached(&element) || !is_block(&element) && !stands_alone(&element) {
                continue;
            }
            if !is_leaf(&element) {
                continue;
            }
            let line = text(&element);
            if line.is_empty() || line.chars().count() > 240 {
                continue;
            }
            let Some(kind) = kind_of_line(&line, &element) else {
                continue;
            };
            if kind == "paywall notes" {
                self.is_closed = true;
            }
            // A heading goes with the list below it.
            if name(&element).starts_with('h')
                && kind == "links to other articles"
                && let Some(next) = element.next_element_sibling()
                && link_share(&next) > 0.5
            {
                next.remove_from_parent();
            }
            self.remove(&element, kind);
        }
    }
}

/// Kinds by their names, for parts of the page that are read one by one.
fn kind_by_name(element: &NodeRef<'_>) -> Option<&'static str> {
    kind_by_words(&words(element))
}

/// A name without its first word: the place of its kind, and the words that follow.
type Rest = (usize, Vec<&'static str>);

/// The names by their first words.
static BY_WORD: LazyLock<BTreeMap<&str, Vec<Rest>>> = LazyLock::new(|| {
    let mut by_word: BTreeMap<&str, Vec<Rest>> = BTreeMap::new();
    for (at, (_, phrases)) in NAMES.iter().enumerate() {
        for phrase in phrases.split(", ") {
            let mut words = phrase.split(' ');
            let first = words.next().unwrap_or_default();
            by_word.entry(first).or_default().push((at, words.collect()));
        }
    }
    by_word
});

fn kind_by_words(names: &[String]) -> Option<&'static str> {
    let mut best: Option<usize> = None;
    for (at, name) in names.iter().enumerate() {
        for (kind, rest) in BY_WORD.get(name.as_str()).into_iter().flatten() {
            let follows = names.get(at + 1..at + 1 + rest.len());
            let is_it = follows.is_some_and(|follows| follows.iter().eq(rest.iter()));
            if is_it && best.is_none_or(|best| *kind < best) {
                best = Some(*kind);
            }
        }
    }
    best.and_then(|best| NAMES.get(best)).map(|(kind, _)| *kind)
}

fn has_phrase(names: &[String], phrase: &str) -> bool {
    let count = phrase.split(' ').count();
    names
        .windows(count)
        .any(|window| window.iter().map(String::as_str).eq(phrase.split(' ')))
}

/// Whether an element holds no other blocks.
fn is_leaf(element: &NodeRef<'_>) -> bool {
    !element
        .descendants()
        .into_iter()
        .any(|below| is_block(&below) && name(&below) != "br")
}

/// Whether an element in a line is all that its block says.
fn stands_alone(element: &NodeRef<'_>) -> bool {
    let Some(parent) = element.parent() else {
        return false;
    };
    if !is_block(&parent)
        || matches!(
            name(&parent).as_str(),
            "p" | "li" | "td" | "h1" | "h2" | "h3" | "h4" | "blockquote"
        )
    {
        return false;
    }
    // Of many, one says something; nobody looks at all of them for each of them.
    says_nothing(element.prev_sibling(), |other| other.prev_sibling())
        && says_nothing(element.next_sibling(), |other| other.next_sibling())
}

/// Whether what stands on one side in a line says nothing. Blocks say theirs by themselves.
fn says_nothing<'d>(first: Option<NodeRef<'d>>, next: impl Fn(&NodeRef<'d>) -> Option<NodeRef<'d>>) -> bool {
    let mut at = first;
    for _ in 0..16 {
        let Some(other) = at else { return true };
        if !is_block(&other) && !text(&other).is_empty() {
            return false;
        }
        at = next(&other);
    }
    false
}

fn is_attached(element: &NodeRef<'_>) -> bool {
    element
        .ancestors(None)
        .into_iter()
        .any(|above| matches!(name(&above).as_str(), "html"))
}

fn is_inside(element: &NodeRef<'_>, names: &[&str]) -> bool {
    element
        .ancestors(None)
        .into_iter()
        .any(|above| names.contains(&name(&above).as_str()))
}

fn is_hidden(element: &NodeRef<'_>) -> bool {
    if element.has_attr("hidden") {
        return true;
    }
    let style = attribute(element, "style")
        .unwrap_or_default()
        .to_ascii_lowercase()
        .replace(' ', "");
    let has_picture = || {
        element
            .descendants()
            .into_iter()
            .any(|below| name(&below) == "img")
    };
    style.contains("display:none")
        || style.contains("visibility:hidden")
        || attribute(element, "aria-hidden").as_deref() == Some("true")
            && name(element) != "img"
            && !has_picture()
}

/// Pages of others that articles show: films, maps and charts, which become links.
fn is_shown(element: &NodeRef<'_>) -> bool {
    const HOSTS: [&str; 12] = [
        "youtube.com",
        "youtube-nocookie.com",
        "vimeo.com",
        "dailymotion.com",
        "datawrapper",
        "dwcdn.net",
        "flourish",
        "soundcloud.com",
        "spotify.com",
        "google.com/maps",
        "openstreetmap.org",
        "archive.org",
    ];
    let src = attribute(element, "src")
        .or_else(|| attribute(element, "data-src"))
        .unwrap_or_default();
    HOSTS.iter().any(|host| src.contains(host))
}

/// How long the paragraphs below an element are, together, in bytes.
fn paragraphs(element: &NodeRef<'_>) -> usize {
    let own = std::iter::once(*element).chain(element.descendants());
    own.filter(|below| name(below) == "p")
        .map(|paragraph| paragraph.text().trim().len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str, kinds: &[(&str, usize)]) {
        let document = Document::from(format!("<body>{html}</body>"));
        let titles = ["The plant opens in May".to_owned()];
        let mut sweep = Sweep::new(&titles);
        sweep.page(&document);
        assert_eq!(text(&document.html_root()), expected, "{html}");
        let found: Vec<(&str, usize)> = sweep
            .left_out
            .iter()
            .map(|(kind, count)| (kind.as_str(), *count))
            .collect();
        assert_eq!(found, kinds, "{html}");
    }

    #[test]
    fn clutter_goes_by_its_name_and_is_counted() {
        check(
            "<div class='share-bar'><a>x</a></div><p>Text stays here.</p>",
            "Text stays here.",
            &[("share bars", 1)],
        );
        check(
            "<div id=comments><p>First!</p></div><aside class=NewsletterBox>Join</aside>a",
            "a",
            &[("comments", 1), ("newsletter boxes", 1)],
        );
        check(
            "<nav>Home</nav><ul class=breadcrumbs><li>Home</ul>a<footer>Imprint</footer>",
            "a",
            &[("menus", 3)],
        );
        check("<div class='shared-header loaded'>a</div>", "a", &[]);
    }

    #[test]
    fn the_article_stays_whatever_it_is_called() {
        check(
            "<div class='newsletter-post'><h1>The plant opens in May</h1><p>a</p></div>",
            "The plant opens in May a",
            &[],
        );
        let long = format!(
            "<div class='related-story'><p>{}</p></div>",
            "Long text. ".repeat(30).trim()
        );
        check(&long, "Long text. ".repeat(30).trim(), &[]);
        check(
            "<p>He shared <a class='social-link' href=x>a post</a> of hers.</p>",
            "He shared a post of hers.",
            &[],
        );
        check(
            "<form><p>a</p><h1>The plant opens in May</h1></form>",
            "a The plant opens in May",
            &[],
        );
    }

    #[test]
    fn lines_tell_what_they_are() {
        check(
            "<p>Advertisement</p><p>Ads pay for roads.</p>",
            "Ads pay for roads.",
            &[("advertisements", 1)],
        );
        check(
            "<p>Read more: <a>The other story of the day</a></p><p>Read more books, he said.</p>",
            "Read more books, he said.",
            &[("links to other articles", 1)],
        );
        check(
            "<p>Subscribe to continue reading.</p>",
            "",
            &[("paywall notes", 1)],
        );
        check(
            "<p>The post <a>X</a> appeared first on <a>Y</a>.</p>",
            "",
            &[("trailers", 1)],
        );
        check(
            "<h3>Related articles</h3><ul><li><a>One</a></ul><p>a</p>",
            "a",
            &[("links to other articles", 1)],
        );
        check(
            "<p>Sign up for our newsletter.</p><p>Sign up for the course.</p>",
            "Sign up for the course.",
            &[("newsletter boxes", 1)],
        );
    }
}
