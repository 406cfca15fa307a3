//! Link previews: which picture stands for a page where a link to it is shown.
//!
//! A card costs more than the page it stands for, in time and above all on the disk, and hardly anybody passes on
//! what is old. So only what appears in the newest articles has a card of its own; all other pages have the one of
//! the site.

use std::collections::BTreeSet;

use tera::{Map, Value};

use super::answer::{edition_url, term_url};
use super::card::{Card, SIZE};
use super::edition::{self, Cadence};
use super::site::{ArticleIndex, COMPANIES, Site};
use super::target::{self, has_company_page};
use crate::ground::date::Period;
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::reading::article::Summary;
use crate::reading::asset::{Dimensions, Format};

/// The narrowest picture of an article's own that stands for it. Source: X shows no large picture that is
/// narrower, and Facebook none.
const NARROWEST: u32 = 300;

/// The picture that stands for a page.
struct Image {
    src: String,
    size: Option<(u32, u32)>,
    alt: String,
}

impl Site {
    /// All cards that are drawn beside the one of the site.
    pub fn cards(&self) -> Vec<Card> {
        let mut cards = BTreeSet::new();
        for index in self.all().take(self.config.cards) {
            let summary = self.summary(index);
            cards.insert(Card::Article(summary.path.clone()));
            cards.extend(
                summary
                    .companies
                    .iter()
                    .map(|tag| Card::Company(tag.slug.to_string())),
            );
            let day = summary.date.day;
            cards.extend([Cadence::Daily, Cadence::Weekly].map(|cadence| Card::Edition(cadence.period(day))));
        }
        cards.into_iter().filter(|card| self.has_card(card)).collect()
    }

    /// The address of a card, if it is drawn.
    pub fn card_url(&self, card: &Card) -> Option<Url> {
        if !self.has_card(card) {
            return None;
        }
        let page = match card {
            Card::Site => return file("card.png"),
            Card::Article(path) => self.summary(self.article(path)?).url.clone(),
            Card::Company(slug) => term_url(COMPANIES, slug)?,
            Card::Edition(period) => edition_url(*period)?,
        };
        let page = page.as_str().trim_end_matches('/');
        file(&format!("cards{page}.png"))
    }

    fn has_card(&self, card: &Card) -> bool {
        let config = &self.config;
        if config.base_url.is_none() || config.cards == 0 {
            return false;
        }
        let is_new = |index: ArticleIndex| (index as usize) < config.cards;
        match card {
            Card::Site => true,
            Card::Article(path) => self.article(path).is_some_and(|index| {
                let summary = self.summary(index);
                is_new(index) && !summary.noindex && self.own_image(summary).is_none()
            }),
            Card::Company(slug) => {
                let term = self
                    .taxonomy(COMPANIES)
                    .and_then(|companies| companies.term(slug));
                let newest = term.and_then(|term| term.articles.first());
                newest.is_some_and(|&index| is_new(index)) && has_company_page(self, slug)
            }
            Card::Edition(period) => {
                let is_on = edition::cadence_of(*period).is_some_and(|cadence| edition::is_on(self, cadence));
                let articles = self.articles_in(*period);
                is_on && !articles.is_empty() && is_new(articles.start)
            }
        }
    }

    /// The picture that stands for a page: an article's own, else its card, else the one of the site; null
    /// without `base_url`, and where cards are switched off.
    pub fn image_value(&self, card: &Card) -> Value {
        let Some(image) = self.image(card) else {
            return Value::none();
        };
        let mut map = Map::default();
        map.insert("src".into(), Value::normal_string(&image.src));
        map.insert("width".into(), image.size.map(|(width, _)| width).into());
        map.insert("height".into(), image.size.map(|(_, height)| height).into());
        map.insert("alt".into(), Value::normal_string(&image.alt));
        Value::from(map)
    }

    fn image(&self, card: &Card) -> Option<Image> {
        let article = match card {
            Card::Article(path) => self.article(path).map(|index| self.summary(index)),
            _ => None,
        };
        if let Some(own) = article.and_then(|summary| self.own_image(summary)) {
            return Some(own);
        }
        let drawn = |card: &Card| {
            let url = self.card_url(card)?;
            Some(Image {
                src: self.absolute(&url)?,
                size: Some(self.replaced_size(card).unwrap_or(SIZE)),
                alt: self.words(card),
            })
        };
        drawn(card).or_else(|| drawn(&Card::Site))
    }

    /// The size of the picture that a site has put in the place of its card.
    fn replaced_size(&self, card: &Card) -> Option<(u32, u32)> {
        let path = SourcePath::new("static/card.png").filter(|_| *card == Card::Site)?;
        let size = self.assets.get(&path)?.shape.dimensions?;
        Some((size.width, size.height))
    }

    /// What a card says, for those who do not see it.
    fn words(&self, card: &Card) -> String {
        let own = match card {
            Card::Site => None,
            Card::Article(path) => self
                .article(path)
                .map(|index| self.summary(index).title.to_string()),
            Card::Company(slug) => self.organization(slug).map(|company| company.name.to_owned()),
            Card::Edition(period) => Some(self.edition_headline(*period)),
        };
        own.unwrap_or_else(|| self.config.title.clone())
    }

    /// What an edition is headed with: its title, else its first headline.
    pub fn edition_headline(&self, period: Period) -> String {
        let edition = edition::edition(self, period);
        let title = edition
            .as_ref()
            .and_then(|edition| edition.hand_made?.title.clone());
        let lead = || {
            let lead = edition.as_ref()?.stories.first()?;
            let own = lead.entry.and_then(|entry| entry.headline.clone());
            Some(own.unwrap_or_else(|| self.summary(lead.article).title.to_string()))
        };
        title.or_else(lead).unwrap_or_else(|| period.to_string())
    }

    /// An article's own picture, in the largest size that everybody can show.
    fn own_image(&self, summary: &Summary) -> Option<Image> {
        self.config.base_url.as_ref()?;
        let picture = summary.image.as_deref()?;
        let alt = match picture.alt.is_empty() {
            true => summary.title.to_string(),
            false => picture.alt.clone(),
        };
        if picture.is_external() {
            return Some(Image {
                src: picture.src.text.clone(),
                size: None,
                alt,
            });
        }
        let shown = target::picture(self, &summary.path, &picture.src.text)?;
        let own = shown.asset.shape.dimensions?;
        let widest = shown
            .renditions
            .as_ref()
            .filter(|renditions| renditions.own_width.is_none())
            .and_then(|renditions| {
                // A smaller PNG may turn out to be the picture itself, and then has its size.
                let widest = *renditions
                    .fallback
                    .last()
                    .filter(|widest| widest.format == Format::Jpeg)?;
                Some((widest.url(&shown.url)?, widest.width))
            });
        let (url, width) = match widest {
            Some(widest) => widest,
            None if is_shown_everywhere(&shown.url) => (shown.url.clone(), own.width),
            None => return None,
        };
        if width < NARROWEST {
            return None;
        }
        Some(Image {
            src: self.absolute(&url)?,
            size: Some((width, proportional(own, width))),
            alt,
        })
    }
}

/// Whether every place that shows links can show a picture, by the ending of its name.
fn is_shown_everywhere(picture: &Url) -> bool {
    let name = picture.as_str().to_ascii_lowercase();
    ["jpg", "jpeg", "png", "gif", "webp"]
        .iter()
        .any(|ending| name.rsplit('.').next() == Some(ending))
}

/// The height of a picture once it has another width, as `reading::raster` rounds it.
fn proportional(own: Dimensions, width: u32) -> u32 {
    let own_width = u64::from(own.width.max(1));
    let height = (u64::from(own.height) * u64::from(width) + own_width / 2) / own_width;
    u32::try_from(height.max(1)).unwrap_or(u32::MAX)
}

fn file(path: &str) -> Option<Url> {
    OutputPath::new(path).ok().map(|path| Url::file(&path))
}
