//! Lines that say by themselves that they are no part of an article: calls to subscribe, to share, to read something else.
//!
//! Only whole short lines are judged, and most by how they start, so that no sentence of an article goes for a word in it.

use dom_query::NodeRef;

use super::dom::{has_sentence, link_share, name};

const ADVERTISEMENTS: &str = "advertisement, advertisment, anzeige, werbung, publicité, story continues below, article continues below, \
    continues after advertisement, scroll to continue";

const RELATED: &str = "related:, related :, related article, related stor, related coverage, related post, related news, \
    related content, read more, read also, also read, read next, see also, more:, more on this, more from, \
    more stories, you may also like, you might also like, recommended for you, recommended, don't miss, \
    don’t miss, lesen sie auch, mehr zum thema, das könnte sie auch, lire aussi, lea también";

const SHARING: &str = "share, share this, share this article, share this story, share this post, share on, share via, tweet, \
    tweet this, print, print this, email this, copy link, teilen, artikel teilen, drucken, partager, follow us on";

const NEWSLETTERS: &str = "sign up for, sign up to, sign up here, subscribe to our, subscribe to the, subscribe now, subscribe for free, \
    get the best of, get our, join our newsletter, join our mailing, newsletter abonnieren, abonnieren sie, \
    thanks for reading";

const PAYWALLS: &str = "subscribe to continue, to continue reading, continue reading with, to read the full, \
    this article is for subscribers, this article is only, this post is for paid, this post is for paying, \
    already a subscriber, log in to continue, sign in to continue, create a free account, \
    you have reached your limit, jetzt weiterlesen, weiterlesen mit, dieser artikel ist nur";

const TRIFLES: &str = "skip to, back to top, listen to this, listen to article, loading, click to enlarge, view comments, \
    leave a comment, leave a reply, our standards:, nach oben, zum inhalt springen, was this article helpful";

/// What a short line says of itself.
pub fn kind_of_line(line: &str, element: &NodeRef<'_>) -> Option<&'static str> {
    let lower = line.to_lowercase();
    let lower = lower
        .trim_start_matches(|c: char| !c.is_alphanumeric())
        .trim_end();
    let starts = |phrases: &str| phrases.split(", ").any(|phrase| lower.starts_with(phrase));
    let length = line.chars().count();
    let links = link_share(element);
    if starts(ADVERTISEMENTS) && length < 80 {
        return Some("advertisements");
    }
    let is_heading = name(element).starts_with('h');
    if starts(RELATED) && (links > 0.3 || is_heading && length < 40) {
        return Some("links to other articles");
    }
    let bare = lower.trim_end_matches(|c: char| !c.is_alphanumeric());
    if SHARING.split(", ").any(|phrase| phrase == bare)
        || starts("share on , share via , follow us on , share this ") && length < 80 && !has_sentence(line)
    {
        return Some("share bars");
    }
    if starts(NEWSLETTERS)
        && [
            "newsletter",
            "inbox",
            "e-mail",
            "email",
            "subscri",
            "mailing list",
            "abonn",
        ]
        .iter()
        .any(|word| lower.contains(word))
    {
        return Some("newsletter boxes");
    }
    if PAYWALLS.split(", ").any(|phrase| lower.contains(phrase)) && length < 200 {
        return Some("paywall notes");
    }
    if starts(TRIFLES) && length < 80 || is_reading_time(lower) {
        return Some("labels of buttons");
    }
    let has_year = line.chars().filter(char::is_ascii_digit).count() >= 4;
    if (starts("copyright ©, copyright (c), ©") && has_year || lower.contains("all rights reserved"))
        && length < 120
        || line.starts_with('©') && has_year && length < 120
    {
        return Some("lines about rights");
    }
    let is_trailer = lower.starts_with("the post ") && lower.contains(" appeared first on ")
        || lower.starts_with("der beitrag ") && lower.contains(" erschien zuerst ");
    is_trailer.then_some("trailers")
}

/// "5 min read" and the like.
fn is_reading_time(lower: &str) -> bool {
    lower.len() < 30
        && [
            "min read",
            "minute read",
            "min. read",
            "minutes read",
            "min lesezeit",
            "minuten lesezeit",
        ]
        .iter()
        .any(|end| lower.contains(end))
}
