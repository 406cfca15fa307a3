//! Where Jekyll put a page.

use super::super::book;
use super::super::moment::When;
use crate::ground::date::{Day, MONTHS, WEEKDAYS, Zone};

/// What an address is made from.
#[derive(Clone, Copy, Debug)]
pub struct Fields<'f> {
    pub categories: &'f [String],
    pub when: Option<&'f When>,
    pub zone: &'f Zone,
    pub slug: &'f str,
    /// The path in the collection or the site, without extension.
    pub path: &'f str,
    /// The file's name, without extension.
    pub name: &'f str,
    pub collection: &'f str,
}

/// The pattern behind the name of a style; other patterns are themselves.
pub fn style(name: &str) -> &str {
    match name {
        "date" => "/:categories/:year/:month/:day/:title:output_ext",
        "pretty" => "/:categories/:year/:month/:day/:title/",
        "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
        "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
        "none" => "/:categories/:title:output_ext",
        pattern => pattern,
    }
}

/// The address of a page that names none: by its path, as the style of the site ends it.
pub fn of_page(site_wide: Option<&str>, fields: &Fields<'_>) -> String {
    let is_pretty = site_wide.is_some_and(|pattern| pattern == "pretty" || style(pattern).ends_with('/'));
    let path = fields.path.strip_suffix("/index").unwrap_or(fields.path);
    match is_pretty || path.len() != fields.path.len() {
        true => format!("/{path}/"),
        false => format!("/{path}.html"),
    }
}

/// All placeholders; of two that start alike the longer one comes first.
const NAMES: [&str; 26] = [
    "slugified_categories",
    "categories",
    "collection",
    "output_ext",
    "short_month",
    "short_year",
    "long_month",
    "short_day",
    "long_day",
    "i_month",
    "minute",
    "second",
    "w_year",
    "i_day",
    "month",
    "y_day",
    "w_day",
    "title",
    "year",
    "hour",
    "week",
    "slug",
    "path",
    "name",
    "day",
    "num",
];

/// Fills a pattern.
pub fn expand(pattern: &str, fields: &Fields<'_>) -> String {
    let mut path = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(':') {
        path.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        match NAMES.iter().find(|name| behind.starts_with(**name)) {
            Some(name) => {
                path.push_str(&value(name, fields));
                rest = &behind[name.len()..];
            }
            None => {
                path.push(':');
                rest = behind;
            }
        }
    }
    path.push_str(rest);
    // Parts that are empty leave no slashes behind.
    let ends_in_slash = path.ends_with('/');
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let joined = parts.join("/");
    match ends_in_slash && !joined.is_empty() {
        true => format!("/{joined}/"),
        false => format!("/{joined}"),
    }
}

fn value(name: &str, fields: &Fields<'_>) -> String {
    match name {
        "categories" => {
            let lower: Vec<String> = fields.categories.iter().map(|name| name.to_lowercase()).collect();
            lower.join("/")
        }
        "slugified_categories" => {
            let slugs: Vec<String> = fields.categories.iter().map(|name| slugified(name)).collect();
            slugs.join("/")
        }
        "collection" => fields.collection.to_owned(),
        "output_ext" => ".html".to_owned(),
        "title" => pretty(fields.slug),
        "slug" => slugified(fields.slug),
        "path" => match fields.path.rsplit_once('/') {
            Some((folder, _)) => format!("{folder}/{}", book::last(fields.path)),
            None => fields.path.to_owned(),
        },
        "name" => slugified(fields.name),
        other => fields
            .when
            .map_or(String::new(), |when| of_time(when, fields.zone, other)),
    }
}

/// A part of the date, in the zone of the site.
fn of_time(when: &When, zone: &Zone, name: &str) -> String {
    let (day, (hour, minute, second)) = local(when, zone);
    let date = day.date();
    let (year, month, number) = (day.year(), day.month().month, day.day_of_month());
    let nth = |names: &[&'static str], index: i8| -> &'static str {
        let index = usize::from(index.unsigned_abs()).saturating_sub(1);
        names.get(index).copied().unwrap_or_default()
    };
    let week = day.week();
    match name {
        "year" => format!("{year:04}"),
        "short_year" => format!("{:02}", year % 100),
        "month" => format!("{month:02}"),
        "i_month" => month.to_string(),
        "short_month" => nth(&MONTHS, month).chars().take(3).collect(),
        "long_month" => nth(&MONTHS, month).to_owned(),
        "day" => format!("{number:02}"),
        "i_day" => number.to_string(),
        "y_day" => format!("{:03}", date.day_of_year()),
        "w_year" => format!("{:04}", week.year),
        "week" => format!("{:02}", week.week),
        "w_day" => day.weekday().to_string(),
        "short_day" => nth(&WEEKDAYS, day.weekday()).chars().take(3).collect(),
        "long_day" => nth(&WEEKDAYS, day.weekday()).to_owned(),
        "hour" => format!("{hour:02}"),
        "minute" => format!("{minute:02}"),
        "second" => format!("{second:02}"),
        _ => String::new(),
    }
}

/// Day and time where the site is.
fn local(when: &When, zone: &Zone) -> (Day, (u8, u8, u8)) {
    let has_time = when.text.contains('T');
    match when.moment(zone).filter(|_| has_time) {
        Some(moment) => {
            let local = moment.local();
            let part = |number: i8| number.unsigned_abs();
            let time = (part(local.hour()), part(local.minute()), part(local.second()));
            (zone.day(moment.instant), time)
        }
        None => (when.day, when.time),
    }
}

/// Jekyll's slugs: letters and digits in lower case, runs of the rest one hyphen.
pub fn slugified(text: &str) -> String {
    hyphenated(text, |character| {
        character.is_alphanumeric() || unicode_normalization::char::is_combining_mark(character)
    })
    .to_lowercase()
}

/// The mode in which titles keep their case and what addresses may hold.
fn pretty(text: &str) -> String {
    hyphenated(text, |character| {
        character.is_alphanumeric() || "._~!$&'()+,;=@".contains(character)
    })
}

fn hyphenated(text: &str, keeps: impl Fn(char) -> bool) -> String {
    let mut slug = String::with_capacity(text.len());
    for character in text.chars() {
        match keeps(character) {
            true => slug.push(character),
            false if slug.is_empty() || slug.ends_with('-') => {}
            false => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::super::moment::read_text;
    use super::*;

    #[test]
    fn every_style() {
        let zone = Zone::named("America/New_York").expect("a zone of the database");
        // Two in the morning in UTC is the evening before in New York.
        let when = read_text("2024-03-06 02:05:07 +0000", &zone).expect("a date");
        let categories = ["World News".to_owned(), "Chips".to_owned()];
        let fields = Fields {
            categories: &categories,
            when: Some(&when),
            zone: &zone,
            slug: "Acme-opens_v1.2",
            path: "deep/Acme",
            name: "Acme",
            collection: "reports",
        };
        let check = |pattern: &str, expected: &str| {
            assert_eq!(expand(style(pattern), &fields), expected, "{pattern}")
        };
        check("date", "/world news/chips/2024/03/05/Acme-opens_v1.2.html");
        check("pretty", "/world news/chips/2024/03/05/Acme-opens_v1.2/");
        check("ordinal", "/world news/chips/2024/065/Acme-opens_v1.2.html");
        check("weekdate", "/world news/chips/2024/W10/Tue/Acme-opens_v1.2.html");
        check("none", "/world news/chips/Acme-opens_v1.2.html");
        check(
            "/:slugified_categories/:short_year/:i_month/:i_day/:slug",
            "/world-news/chips/24/3/5/acme-opens-v1-2",
        );
        check(
            "/:long_month/:short_month/:hour:minute:second/:name/",
            "/March/Mar/210507/acme/",
        );
        check("/:collection/:path:output_ext", "/reports/deep/Acme.html");
        check("/about/", "/about/");
    }
}
