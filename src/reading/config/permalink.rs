//! `permalink`: the pattern of article addresses.

use crate::ground::date::{Day, Month};
use crate::ground::path::{OutputPath, Url};

/// A pattern such as `/{year}/{month}/{day}/{slug}/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Permalink {
    parts: Vec<Part>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Year,
    Month,
    Day,
    Slug,
    Id,
    Kind,
}

/// What a pattern is filled with.
#[derive(Clone, Copy, Debug)]
pub struct PermalinkFields<'a> {
    /// The article's day in the site's zone.
    pub day: Day,
    /// The article's slug.
    pub slug: &'a str,
    /// The article's id, as a slug.
    pub id: &'a str,
    /// The article's kind.
    pub kind: &'a str,
}

const FIELDS: [(&str, Part); 6] = [
    ("year", Part::Year),
    ("month", Part::Month),
    ("day", Part::Day),
    ("slug", Part::Slug),
    ("id", Part::Id),
    ("kind", Part::Kind),
];

impl Default for Permalink {
    fn default() -> Permalink {
        let slash = || Part::Text("/".to_owned());
        Permalink {
            parts: vec![
                slash(),
                Part::Year,
                slash(),
                Part::Month,
                slash(),
                Part::Day,
                slash(),
                Part::Slug,
                slash(),
            ],
        }
    }
}

impl Permalink {
    /// Checks a pattern; the error is a message and a remedy.
    pub fn parse(pattern: &str) -> Result<Permalink, (String, String)> {
        let fields = "the fields are {year}, {month}, {day}, {slug}, {id} and {kind}";
        let mut parts = Vec::new();
        let mut rest = pattern;
        while let Some(open) = rest.find('{') {
            let close = rest[open..].find('}').ok_or_else(|| {
                (
                    "`permalink` has a `{` without its `}`".to_owned(),
                    fields.to_owned(),
                )
            })?;
            let name = &rest[open + 1..open + close];
            let field = FIELDS.iter().find(|(field, _)| *field == name).ok_or_else(|| {
                (
                    format!("`permalink` has no field `{{{name}}}`"),
                    fields.to_owned(),
                )
            })?;
            if open > 0 {
                parts.push(Part::Text(rest[..open].to_owned()));
            }
            parts.push(field.1.clone());
            rest = &rest[open + close + 1..];
        }
        if !rest.is_empty() {
            parts.push(Part::Text(rest.to_owned()));
        }
        let permalink = Permalink { parts };
        if !pattern.starts_with('/') || !(pattern.ends_with('/') || pattern.ends_with(".html")) {
            return Err((
                "`permalink` must start with `/` and end with `/` or `.html`".to_owned(),
                "the default is `/{year}/{month}/{day}/{slug}/`".to_owned(),
            ));
        }
        if !permalink
            .parts
            .iter()
            .any(|part| matches!(part, Part::Slug | Part::Id))
        {
            return Err((
                "`permalink` gives many articles the same address".to_owned(),
                "add the field {slug} or {id}".to_owned(),
            ));
        }
        let day = Month { year: 2025, month: 1 }.first_day();
        let sample = PermalinkFields {
            day,
            slug: "a",
            id: "b",
            kind: "news",
        };
        permalink.url(sample).map(|_| permalink.clone()).map_err(|why| {
            (
                format!("`permalink` cannot be an address: {why}"),
                "use letters, digits, hyphens and slashes".to_owned(),
            )
        })
    }

    /// The address of an article; the error says why there can be none.
    pub fn url(&self, fields: PermalinkFields<'_>) -> Result<Url, String> {
        let mut path = String::with_capacity(64);
        for part in &self.parts {
            match part {
                Part::Text(text) => path.push_str(text),
                Part::Year => path.push_str(&format!("{:04}", fields.day.year())),
                Part::Month => path.push_str(&format!("{:02}", fields.day.month().month)),
                Part::Day => path.push_str(&format!("{:02}", fields.day.day_of_month())),
                Part::Slug => path.push_str(fields.slug),
                Part::Id => path.push_str(fields.id),
                Part::Kind => path.push_str(fields.kind),
            }
        }
        if path.ends_with('/') {
            Url::page(&path)
        } else {
            OutputPath::new(path.trim_start_matches('/')).map(|file| Url::file(&file))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expected: &str) {
        let day = Day::parse("2025-01-21").expect("a day");
        let fields = PermalinkFields {
            day,
            slug: "oracle-cloud",
            id: "1f",
            kind: "brief",
        };
        let shown = match Permalink::parse(pattern) {
            Ok(permalink) => permalink.url(fields).expect("a checked pattern").to_string(),
            Err((message, _)) => format!("no: {message}"),
        };
        assert_eq!(shown, expected, "{pattern}");
    }

    #[test]
    fn patterns() {
        check("/{year}/{month}/{day}/{slug}/", "/2025/01/21/oracle-cloud/");
        check("/{kind}/{id}-{slug}.html", "/brief/1f-oracle-cloud.html");
        check("/a/{slug}/", "/a/oracle-cloud/");
        check("/{title}/", "no: `permalink` has no field `{title}`");
        check("/{year/", "no: `permalink` has a `{` without its `}`");
        check(
            "{slug}/",
            "no: `permalink` must start with `/` and end with `/` or `.html`",
        );
        check(
            "/{slug}",
            "no: `permalink` must start with `/` and end with `/` or `.html`",
        );
        check("/{year}/", "no: `permalink` gives many articles the same address");
        check(
            "/a:b/{slug}/",
            "no: `permalink` cannot be an address: Windows cannot hold the character `:` in a name",
        );
    }

    #[test]
    fn the_default_is_the_pattern_of_the_documentation() {
        assert_eq!(
            Permalink::parse("/{year}/{month}/{day}/{slug}/"),
            Ok(Permalink::default())
        );
    }
}
