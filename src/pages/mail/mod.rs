//! Newsletters: an edition as an e-mail, in HTML and as plain text.
//!
//! The HTML is made by a template like every page. Programs for e-mail know little of HTML and less of styles, so
//! what comes out is made plain afterwards: styles move from the style sheet into elements, addresses become
//! absolute, and what such programs do not show is left out. It is the same for a page of the site and for the
//! command `brief email`.

mod clean;
mod message;
mod plain;
mod tokens;

use css_inline::{CSSInliner, InlineOptions};
use tera::{Map, Value};

use crate::ground::date::{Moment, Period};
use crate::ground::path::Url;
use crate::ground::text::one_line;
use crate::meaning::answer::edition_url;
use crate::meaning::edition::{self, Edition};
use crate::meaning::site::Site;
use crate::reading::wording::Style;

pub use clean::{Cleaned, clean};
pub use message::{PLACEHOLDER, message};
pub use plain::plain_text;
pub use tokens::{Parts, weigh};

/// The template of newsletters.
pub const TEMPLATE: &str = "email.html";

/// The address of the page that shows an edition as the e-mail it is sent as.
pub fn url(period: Period) -> Option<Url> {
    let edition = edition_url(period)?;
    let file = crate::ground::path::OutputPath::new(&format!("{}email.html", &edition.as_str()[1..])).ok()?;
    Some(Url::file(&file))
}

/// Whether the site shows an edition as an e-mail.
pub fn is_planned(site: &Site, period: Period) -> bool {
    let has_page = edition::cadence_of(period).is_some_and(|cadence| edition::is_on(site, cadence));
    site.config.editions.email && site.config.base_url.is_some() && has_page
}

/// The edition of a newsletter: without what search engines are asked to pass over.
pub fn edition(site: &Site, period: Period) -> Option<Edition<'_>> {
    let mut edition = edition::edition(site, period)?;
    let is_public = |index| !site.summary(index).noindex;
    edition.stories.retain(|story| is_public(story.article));
    edition.since.retain(|&index| is_public(index));
    edition.corrected.retain(|&index| is_public(index));
    Some(edition)
}

/// Takes out of the answer about an edition what search engines are asked to pass over.
pub fn without_noindex(edition: &Value) -> Value {
    let Some(record) = edition.as_map() else {
        return edition.clone();
    };
    let is_public = |card: Option<&Value>| {
        !card
            .and_then(|card| card.get_from_path("noindex"))
            .is_some_and(Value::is_truthy)
    };
    let kept = |list: &Value, is_kept: &dyn Fn(&Value) -> bool| -> Value {
        let list = list.as_array().unwrap_or_default();
        Value::from(
            list.iter()
                .filter(|item| is_kept(item))
                .cloned()
                .collect::<Vec<Value>>(),
        )
    };
    let of_article = |item: &Value| is_public(item.get_from_path("article"));
    let mut filtered: Map = record.clone();
    for (key, value) in &mut filtered {
        match key.as_str() {
            Some("stories" | "numbers" | "corrected") => *value = kept(value, &of_article),
            Some("since") => *value = kept(value, &|card| is_public(Some(card))),
            Some("companies") => {
                let entries = value.as_array().unwrap_or_default().iter().filter_map(|entry| {
                    let mut entry = entry.as_map()?.clone();
                    for (key, value) in &mut entry {
                        if key.as_str() == Some("articles") {
                            *value = kept(value, &|card| is_public(Some(card)));
                        }
                    }
                    let entry = Value::from(entry);
                    let articles = entry.get_from_path("articles")?;
                    articles.is_truthy().then_some(entry)
                });
                *value = Value::from(entries.collect::<Vec<Value>>());
            }
            _ => {}
        }
    }
    Value::from(filtered)
}

/// The line that mailboxes show first: the edition's own headline, else that of its lead.
pub fn subject(site: &Site, edition: &Edition<'_>) -> String {
    let own = edition.hand_made.and_then(|hand_made| hand_made.title.as_deref());
    let lead = edition.stories.first().map(|story| headline(site, story));
    one_line(
        &own.map(ToOwned::to_owned)
            .or(lead)
            .unwrap_or_else(|| name(site, edition.period)),
    )
}

/// What a story is called in an edition.
pub fn headline(site: &Site, story: &edition::Story<'_>) -> String {
    let own = story.entry.and_then(|entry| entry.headline.clone());
    own.unwrap_or_else(|| site.summary(story.article).title.to_string())
}

/// What an edition is called: its day with the name of the day, or its week.
pub fn name(site: &Site, period: Period) -> String {
    let wording = &site.config.wording;
    match period {
        Period::Week(week) => wording.filled("week_of", &[("week", &wording.week(week))]),
        Period::Day(_) | Period::Month(_) => {
            let midnight = jiff::civil::Time::midnight();
            wording.date(period.days().0.date().to_datetime(midnight), Style::Weekday)
        }
    }
}

/// When an edition came about: with its newest story.
pub fn date(site: &Site, edition: &Edition<'_>) -> Moment {
    let newest = edition.stories.iter().map(|story| story.article).min();
    newest.map_or_else(
        || Moment::on(edition.period.days().1, &site.config.zone),
        |index| site.summary(index).date,
    )
}

/// What mailboxes show behind the subject.
fn preheader(site: &Site, edition: &Edition<'_>) -> String {
    let summary = edition.hand_made.and_then(|hand_made| {
        let summary = hand_made.summary.as_ref()?;
        Some(crate::reading::article::Prose::of_value(summary, site.config.markdown).1)
    });
    let first = usize::from(
        edition
            .hand_made
            .is_none_or(|hand_made| hand_made.title.is_none()),
    );
    let headlines = || {
        let others = edition.stories.iter().skip(first).take(3);
        let headlines: Vec<String> = others.map(|story| headline(site, story)).collect();
        headlines.join(" · ")
    };
    one_line(&summary.unwrap_or_else(headlines))
}

/// Where a newsletter can be read on the web.
pub fn on_the_web(site: &Site, period: Period) -> Option<String> {
    let has_page = edition::cadence_of(period).is_some_and(|cadence| edition::is_on(site, cadence));
    let url = match is_planned(site, period) {
        true => url(period),
        false => edition_url(period).filter(|_| has_page),
    };
    site.absolute(&url?)
}

/// What the template knows of the newsletter beside its edition, whose answer it has already.
pub fn value(site: &Site, period: Period, answer: &Value) -> Value {
    let edition = edition(site, period);
    let about = |of: fn(&Site, &Edition<'_>) -> String| edition.as_ref().map(|edition| of(site, edition));
    let (day, night) = match site.config.theme.accent {
        Some((day, night)) => (day.to_string(), night.to_string()),
        None => (ACCENT.to_owned(), NIGHT_ACCENT.to_owned()),
    };
    let email = &site.config.email;
    let mut map = Map::default();
    let mut insert = |key: &'static str, value: Value| {
        map.insert(key.into(), value);
    };
    insert("subject", about(subject).unwrap_or_default().into());
    insert("preheader", about(preheader).unwrap_or_default().into());
    insert("web", on_the_web(site, period).into());
    insert("has_picture", has_picture(site, answer).into());
    insert("address", email.address.clone().into());
    insert("unsubscribe", email.unsubscribe.clone().into());
    insert("accent", day.into());
    insert("night_accent", night.into());
    Value::from(map)
}

/// Whether every program shows the picture of an edition's lead.
fn has_picture(site: &Site, edition: &Value) -> bool {
    let stories = edition.get_from_path("stories").and_then(Value::as_array);
    let lead = stories.and_then(<[Value]>::first);
    let Some(image) = lead.and_then(|lead| lead.get_from_path("article.image")) else {
        return false;
    };
    let (src, srcset) = (image.get_from_path("src"), image.get_from_path("srcset"));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let has_size = image.get_from_path("width").is_some_and(Value::is_truthy);
    let picture = clean::shown_picture(&text(src), &text(srcset), origin(site));
    has_size && picture.is_some()
}

/// What stands in front of addresses from the root of the host.
fn origin(site: &Site) -> &str {
    site.config.base_url.as_ref().map_or("", |base| base.origin())
}

/// The accent of the theme by day and by night, which static/brief.css repeats.
const ACCENT: &str = "#8c1d18";
const NIGHT_ACCENT: &str = "#f0a39b";

/// Makes of what the template gave an e-mail: styles in the elements, absolute addresses, and nothing that programs
/// for e-mail do not show. The error is in words.
pub fn finish(site: &Site, period: Period, html: &str) -> Result<Cleaned, String> {
    // Where there are no elements there are no styles, and a document would only be put around a text.
    if !html.contains('<') {
        return Ok(Cleaned {
            html: html.to_owned(),
            left_out: Vec::new(),
        });
    }
    let options = InlineOptions {
        load_remote_stylesheets: false,
        keep_at_rules: true,
        minify_css: true,
        ..InlineOptions::default()
    };
    let inlined = CSSInliner::new(options)
        .inline(html)
        .map_err(|error| format!("the styles of the e-mail cannot be read: {error}"))?;
    let page = edition_url(period)
        .and_then(|url| site.absolute(&url))
        .unwrap_or_default();
    Ok(clean(&inlined, origin(site), &page))
}
