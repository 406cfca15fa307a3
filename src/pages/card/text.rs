//! What stands on a card.

use crate::ground::colour::Colour;
use crate::ground::date::Period;
use crate::ground::encoding::encoded;
use crate::meaning::card::Card;
use crate::meaning::edition;
use crate::meaning::site::{COMPANIES, Site, TOPICS};
use crate::reading::article::{Summary, Tag};
use crate::reading::front_matter::Kind;
use crate::reading::tagging::Salience;
use crate::reading::wording::Style;

/// The accent of the theme, which static/brief.css repeats.
const ACCENT: Colour = Colour::new(0x8c, 0x1d, 0x18);

/// What stands on a card. Nothing else decides what it looks like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CardText {
    /// The name of the site.
    pub site: String,
    /// The line at the top, on the right: a date.
    pub date: String,
    /// The line above the headline: a topic.
    pub kicker: String,
    /// The headline.
    pub headline: String,
    /// The companies, with their symbols.
    pub companies: Vec<(String, String)>,
    /// The line at the bottom where there are no companies.
    pub note: String,
    /// The accent of the site.
    pub accent: Colour,
}

encoded!(struct CardText { site, date, kicker, headline, companies, note, accent });

impl CardText {
    /// What a site's card says today.
    pub fn of(site: &Site, card: &Card) -> CardText {
        let blank = CardText {
            site: site.config.title.clone(),
            date: String::new(),
            kicker: String::new(),
            headline: String::new(),
            companies: Vec::new(),
            note: String::new(),
            accent: site.config.theme.accent.map_or(ACCENT, |(day, _)| day),
        };
        match card {
            Card::Site => CardText {
                site: String::new(),
                headline: site.config.title.clone(),
                note: site.config.tagline.clone().unwrap_or_default(),
                ..blank
            },
            Card::Article(path) => match site.article(path) {
                Some(index) => of_article(site, site.summary(index), blank),
                None => blank,
            },
            Card::Company(slug) => of_company(site, slug, blank),
            Card::Edition(period) => of_edition(site, *period, blank),
        }
    }
}

fn of_article(site: &Site, summary: &Summary, blank: CardText) -> CardText {
    let wording = &site.config.wording;
    let tags = summary.companies.iter();
    let kind = match summary.kind {
        Kind::News => "",
        kind => wording.get(&format!("kind_{}", kind.name())),
    };
    let topic = summary.topics.first().map_or("", |name| {
        let topics = site.taxonomy(TOPICS);
        let term = topics.and_then(|topics| Some(&topics.terms()[topics.position_of_name(name)?]));
        term.map_or(name, |term| &term.name)
    });
    CardText {
        date: wording.date(summary.date.local(), Style::Long),
        kicker: joined(&[kind, topic]),
        headline: summary.title.to_string(),
        companies: tags
            .filter(|tag| tag.salience != Salience::Passing)
            .filter_map(|tag| company(site, tag))
            .collect(),
        ..blank
    }
}

fn of_company(site: &Site, slug: &str, blank: CardText) -> CardText {
    let known = site.register.find_slug(slug);
    let tickers = known.map_or(&[][..], |company| &company.tickers);
    let sector = known.and_then(|company| company.sector.as_deref());
    let lines: Vec<&str> = tickers.iter().map(String::as_str).chain(sector).collect();
    CardText {
        kicker: joined(&lines),
        headline: site
            .organization(slug)
            .map_or_else(|| slug.to_owned(), |company| company.name.to_owned()),
        note: known
            .and_then(|company| company.about.clone())
            .unwrap_or_default(),
        ..blank
    }
}

fn of_edition(site: &Site, period: Period, blank: CardText) -> CardText {
    let wording = &site.config.wording;
    let midnight = jiff::civil::Time::midnight();
    let kicker = match period {
        Period::Day(day) => wording.date(day.date().to_datetime(midnight), Style::Weekday),
        Period::Week(week) => wording.filled("week_of", &[("week", &wording.week(week))]),
        Period::Month(month) => wording.date(month.first_day().date().to_datetime(midnight), Style::Month),
    };
    let edition = edition::edition(site, period);
    let tags = edition
        .map(|edition| edition::by_company(site, &edition))
        .unwrap_or_default();
    CardText {
        kicker,
        headline: site.edition_headline(period),
        companies: tags.iter().filter_map(|(tag, _)| company(site, tag)).collect(),
        ..blank
    }
}

/// A company's name and the symbol of its shares.
fn company(site: &Site, tag: &Tag) -> Option<(String, String)> {
    let term = site.taxonomy(COMPANIES)?.term(&tag.slug)?;
    let known = site.register.find_slug(&tag.slug);
    let ticker = known.and_then(|company| company.tickers.first());
    let symbol = ticker
        .and_then(|ticker| ticker.rsplit(':').next())
        .unwrap_or_default();
    Some((term.name.to_string(), symbol.trim().to_owned()))
}

fn joined(parts: &[&str]) -> String {
    let parts: Vec<&str> = parts.iter().copied().filter(|part| !part.is_empty()).collect();
    parts.join(" · ")
}
