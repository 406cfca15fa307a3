//! Filters: what templates do to values.

use std::collections::BTreeMap;

use serde::Serialize;
use tera::{Error, Kwargs, Map, State, Tera, TeraResult, Value};

use jiff::civil::DateTime;

use crate::ground::date::{Period, Zone, parse_moment};
use crate::ground::path::slug;
use crate::ground::text::{escape_text, is_right_to_left};
use crate::pages::drawing::{self, Bar, Node, Tie, Words};
use crate::reading::config::Config;
use crate::reading::wording::{Style, Wording, fill};

/// Adds the filters to an engine.
pub fn register(tera: &mut Tera, config: &Config) {
    let (zone, wording) = (config.zone.clone(), config.wording.clone());
    tera.register_filter("date", move |text: &str, kwargs: Kwargs, _: &State| {
        date(text, &kwargs, &zone, &wording)
    });
    let wording = config.wording.clone();
    tera.register_filter("word", move |key: &str, kwargs: Kwargs, _: &State| {
        word(key, &kwargs, &wording)
    });
    let wording = config.wording.clone();
    tera.register_filter("number", move |number: u64, _: Kwargs, _: &State| {
        wording.number(number)
    });
    let base = config.base_url.clone();
    tera.register_filter("absolute", move |url: &str, _: Kwargs, _: &State| match &base {
        Some(base) if url.starts_with('/') && !url.starts_with("//") => format!("{}{url}", base.origin()),
        _ => url.to_owned(),
    });
    tera.register_filter(
        "json",
        |value: Value, _: Kwargs, _: &State| -> TeraResult<Value> {
            json(&value)
                .map(|text| Value::safe_string(&text))
                .map_err(Error::message)
        },
    );
    tera.register_filter(
        "direction",
        |language: &str, _: Kwargs, _: &State| match is_right_to_left(language) {
            true => "rtl",
            false => "ltr",
        },
    );
    tera.register_filter("slug", |text: &str, _: Kwargs, _: &State| slug(text));
    tera.register_filter("group_by", group_by);
    tera.register_filter("initial", |text: &str, _: Kwargs, _: &State| initial(text));
    tera.register_filter("bars", bars);
    tera.register_filter("sparkline", sparkline);
    tera.register_filter("share", share);
    tera.register_filter("map", map);
}

/// JSON that may stand in a script element and in an attribute: the signs that could end either,
/// and the two line ends that old scripts do not allow, are written as escapes.
pub fn json(value: &impl Serialize) -> Result<String, String> {
    let text = serde_json::to_string(value).map_err(|error| error.to_string())?;
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            '\'' => safe.push_str("\\u0027"),
            '\u{2028}' => safe.push_str("\\u2028"),
            '\u{2029}' => safe.push_str("\\u2029"),
            other => safe.push(other),
        }
    }
    Ok(safe)
}

/// The words under a key. `count` chooses the form and is filled in with its digits in groups; all other
/// arguments fill the places of their names. Where one of them is HTML, so is the result.
fn word(key: &str, kwargs: &Kwargs, wording: &Wording) -> TeraResult<Value> {
    let fallback: Option<&str> = kwargs.get("default")?;
    if let Some(near) = wording.missing(key) {
        return match (fallback, near) {
            (Some(fallback), _) => Ok(Value::normal_string(fallback)),
            (None, Some(near)) => Err(Error::message(format!(
                "there is no word `{key}`; did you mean `{near}`?"
            ))),
            (None, None) => Err(Error::message(format!("there is no word `{key}`"))),
        };
    }
    let count: Option<u64> = kwargs.get("count")?;
    let words = count.map_or(wording.get(key), |count| wording.counted(key, count));
    let arguments = kwargs
        .iter()
        .filter_map(|(name, value)| Some((name.as_str()?, value)));
    let arguments: Vec<(&str, &Value)> = arguments.filter(|(name, _)| *name != "default").collect();
    let is_html = arguments.iter().any(|(_, value)| value.is_safe());
    let escaped = |text: &str| {
        let mut html = String::with_capacity(text.len());
        escape_text(&mut html, text);
        html
    };
    let filled = |(name, value): &(&str, &Value)| {
        let text = match (*name, count) {
            ("count", Some(count)) => wording.number(count),
            _ => value.as_str().map_or_else(|| value.to_string(), str::to_owned),
        };
        let text = if is_html && !value.is_safe() {
            escaped(&text)
        } else {
            text
        };
        ((*name).to_owned(), text)
    };
    let values: Vec<(String, String)> = arguments.iter().map(filled).collect();
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (&**name, &**value)).collect();
    Ok(match is_html {
        true => Value::safe_string(&fill(&escaped(words), &values)),
        false => Value::normal_string(&fill(words, &values)),
    })
}

/// A date in words. `style` is `long` (the default), `short`, `weekday`, `month` or `time`;
/// `format` is a pattern of strftime.
fn date(text: &str, kwargs: &Kwargs, zone: &Zone, wording: &Wording) -> TeraResult<String> {
    let is_known = |name: &&str| matches!(*name, "style" | "format");
    if let Some(name) = kwargs
        .iter()
        .filter_map(|(key, _)| key.as_str())
        .find(|name| !is_known(name))
    {
        return Err(Error::message(format!(
            "`date` has no argument `{name}`; it takes style, format"
        )));
    }
    let midnight = jiff::civil::Time::midnight();
    let (local, usual) = match Period::parse(text) {
        Some(Period::Week(week)) => return Ok(wording.week(week)),
        Some(Period::Month(month)) => (month.first_day().date().to_datetime(midnight), Style::Month),
        Some(Period::Day(day)) => (day.date().to_datetime(midnight), Style::Long),
        None => {
            let moment = parse_moment(text, zone)
                .map_err(|why| Error::message(format!("`{text}` is not a date: {why}")))?;
            (moment.local(), Style::Long)
        }
    };
    if let Some(pattern) = kwargs.get::<&str>("format")? {
        return formatted(pattern, local, wording);
    }
    let style = match kwargs.get::<&str>("style")? {
        // A month has no days to name.
        _ if usual == Style::Month => usual,
        None => usual,
        Some(name) => Style::NAMES
            .into_iter()
            .find_map(|(known, style)| (known == name).then_some(style))
            .ok_or_else(|| {
                Error::message(format!(
                    "there is no style `{name}`; there are long, short, weekday, month and time"
                ))
            })?,
    };
    Ok(wording.date(local, style))
}

/// A date by a pattern of strftime, with the names of the site's language.
fn formatted(pattern: &str, local: DateTime, wording: &Wording) -> TeraResult<String> {
    let mut own = String::with_capacity(pattern.len());
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('%') {
        own.push_str(before);
        let sign = behind.chars().next().unwrap_or('%');
        let name = match sign {
            'A' => wording.weekday(local),
            'B' => wording.month(local.month()),
            'b' | 'h' => wording.month_short(local.month()),
            _ => "",
        };
        match name {
            "" => own.extend(['%', sign]),
            name => own.push_str(&name.replace('%', "%%")),
        }
        rest = behind.get(sign.len_utf8()..).unwrap_or_default();
    }
    own.push_str(rest);
    jiff::fmt::strtime::format(&own, local)
        .map_err(|error| Error::message(format!("the pattern `{pattern}` cannot be used: {error}")))
}

/// The values of a list by one of their keys, in the order in which the keys first appear. Tera's
/// own filter of this name goes through a randomly seeded map.
fn group_by(values: &[Value], kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let attribute = kwargs.must_get::<&str>("attribute")?;
    let mut groups: Map = Map::default();
    let mut lists: Vec<Vec<Value>> = Vec::new();
    for value in values {
        let key = value
            .get_from_path(attribute)
            .ok_or_else(|| Error::message(format!("a value of the list has no `{attribute}`")))?;
        let name = match key.as_str() {
            Some(text) => text.to_owned(),
            None if key.is_none() => continue,
            None => key.to_string(),
        };
        let next = lists.len();
        let index = groups
            .entry(name.into())
            .or_insert_with(|| next.into())
            .as_u64()
            .map_or(next, |index| index as usize);
        if index == lists.len() {
            lists.push(Vec::new());
        }
        lists[index].push(value.clone());
    }
    for (slot, list) in groups.values_mut().zip(lists) {
        *slot = Value::from(list);
    }
    Ok(Value::from(groups))
}

/// The letter under which a name stands in an index: its first, in upper case without diacritics;
/// `#` for digits and signs.
fn initial(name: &str) -> String {
    let folded = slug(name);
    match folded.chars().next() {
        Some(first) if first.is_alphabetic() => first.to_uppercase().collect(),
        _ => "#".to_owned(),
    }
}

/// A chart of bars of a list of records that have a `count`. Under a bar stands its `label`, or the year
/// with which a list of months goes on; `title` is what a bar says of itself.
fn bars(values: &[Value], kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let counts = counts(values, "bars")?;
    let mut bars = Vec::with_capacity(values.len());
    let mut last_year = "";
    for (value, &count) in values.iter().zip(&counts) {
        let text = |key: &'static str| value.get_from_path(key).and_then(Value::as_str);
        let year = text("month").and_then(|month| month.get(..4)).unwrap_or_default();
        let is_new = year != std::mem::replace(&mut last_year, year);
        bars.push(Bar {
            count,
            label: text("label").unwrap_or(if is_new { year } else { "" }),
            title: text("title").unwrap_or_default(),
        });
    }
    let words = Words {
        id: kwargs.get::<&str>("id")?.unwrap_or_default(),
        title: kwargs.must_get::<&str>("title")?,
        description: kwargs.get::<&str>("description")?.unwrap_or_default(),
    };
    Ok(Value::safe_string(&drawing::bars(&bars, &words)))
}

/// A sparkline of a list of records that have a `count`.
fn sparkline(values: &[Value], kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let title = kwargs.get::<&str>("title")?.unwrap_or_default();
    let sparkline = drawing::sparkline(&counts(values, "sparkline")?, title);
    Ok(Value::safe_string(&sparkline))
}

/// A bar that shows which part of `of` a number is.
fn share(part: u64, kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let whole = kwargs.must_get::<u64>("of")?;
    Ok(Value::safe_string(&drawing::share(part, whole)))
}

/// A map of a list of companies as `network` answers it.
fn map(values: &[Value], kwargs: Kwargs, _: &State) -> TeraResult<Value> {
    let wrong = || Error::message("`map` draws what `network` answers");
    let text = |value: &'_ Value, key: &str| {
        value
            .get_from_path(key)
            .and_then(Value::as_str)
            .map(str::to_owned)
    };
    let places: BTreeMap<String, usize> = values
        .iter()
        .zip(0..)
        .filter_map(|(value, place)| Some((text(value, "slug")?, place)))
        .collect();
    let counts = counts(values, "map")?;
    let mut nodes = Vec::with_capacity(values.len());
    let mut ties = Vec::new();
    for ((value, &count), place) in values.iter().zip(&counts).zip(0..) {
        let name = value
            .get_from_path("name")
            .and_then(Value::as_str)
            .ok_or_else(wrong)?;
        let url = value.get_from_path("url").and_then(Value::as_str);
        nodes.push(Node { name, url, count });
        let with = value
            .get_from_path("with")
            .and_then(Value::as_array)
            .ok_or_else(wrong)?;
        for (other, &count) in with.iter().zip(&self::counts(with, "map")?) {
            let other = text(other, "slug").and_then(|slug| places.get(&slug).copied());
            // Each tie stands at both of its ends.
            if let Some(other) = other.filter(|&other| other > place) {
                let ends = [place, other];
                ties.push(Tie { ends, count });
            }
        }
    }
    let words = Words {
        id: kwargs.get::<&str>("id")?.unwrap_or_default(),
        title: kwargs.must_get::<&str>("title")?,
        description: kwargs.get::<&str>("description")?.unwrap_or_default(),
    };
    Ok(Value::safe_string(&drawing::map(&nodes, &ties, &words)))
}

fn counts(values: &[Value], filter: &str) -> TeraResult<Vec<u64>> {
    let count = |value: &Value| value.get_from_path("count")?.as_u64();
    let counts: Option<Vec<u64>> = values.iter().map(count).collect();
    counts.ok_or_else(|| {
        let message = format!("`{filter}` draws a list of records that have a `count`");
        Error::message(message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tera::Context;

    fn check(template: &str, value: Value, expected: &str) {
        let mut tera = Tera::new();
        register(&mut tera, &Config::default_settings());
        let mut context = Context::new();
        context.insert_value("v", value);
        let shown = tera
            .render_str(template, &context, true)
            .unwrap_or_else(|error| format!("no: {error}"));
        assert_eq!(shown.lines().next().unwrap_or_default(), expected, "{template}");
    }

    #[test]
    fn dates_in_words() {
        check("{{ v | date }}", "2025-01-21".into(), "21 January 2025");
        check(
            "{{ v | date(style='weekday') }}",
            "2025-01-21T23:30:00-05:00".into(),
            "Wednesday, 22 January 2025",
        );
        check(
            "{{ v | date(style='time') }}",
            "2025-01-21T09:05:00Z".into(),
            "09:05",
        );
        check("{{ v | date(format='%Y/%m') }}", "2025-01-21".into(), "2025/01");
        check("{{ v | date }}", "2025-01".into(), "January 2025");
        check("{{ v | date }}", "2025-W04".into(), "20–26 January 2025");
        check(
            "{{ v | date }}",
            "2025-W05".into(),
            "27 January – 2 February 2025",
        );
        check(
            "{{ v | date }}",
            "2025-W01".into(),
            "30 December 2024 – 5 January 2025",
        );
    }

    #[test]
    fn json_cannot_end_a_script() {
        check(
            "{{ v | json }}",
            "</script>&'\u{2028}\"".into(),
            "\"\\u003c/script\\u003e\\u0026\\u0027\\u2028\\\"\"",
        );
    }

    #[test]
    fn groups_keep_the_order_of_the_list() {
        let item = |letter: &str| {
            let mut map = Map::default();
            map.insert("k".into(), letter.into());
            Value::from(map)
        };
        let list: Vec<Value> = ["z", "a", "z", "m"].into_iter().map(item).collect();
        check(
            "{% for k, l in v | group_by(attribute='k') %}{{ k }}{{ l | length }}{% endfor %}",
            list.into(),
            "z2a1m1",
        );
    }

    #[test]
    fn charts_of_records() {
        let record = |month: &str, count: u64| {
            let mut map = Map::default();
            map.insert("month".into(), month.into());
            map.insert("count".into(), count.into());
            Value::from(map)
        };
        let months = ["2024-11", "2024-12", "2025-01", "2025-02"];
        let list: Vec<Value> = months
            .iter()
            .zip(1..)
            .map(|(month, count)| record(month, count))
            .collect();
        let mut tera = Tera::new();
        tera.autoescape_on(vec![""]);
        register(&mut tera, &Config::default_settings());
        let mut context = Context::new();
        context.insert_value("v", list.into());
        let bars = tera
            .render_str("{{ v | bars(title='A & B') }}", &context, true)
            .expect("a chart");
        // Each year once, where its months begin.
        assert!(
            bars.contains("<text x=\"2\" y=\"103\">2024</text><text x=\"30\" y=\"103\">2025</text></g>"),
            "{bars}"
        );
        assert!(
            bars.contains("<title id=\"chart-a-b-title\">A &amp; B</title>"),
            "{bars}"
        );
        let wrong = tera.render_str("{{ ['x'] | bars(title='A') }}", &context, true);
        let message = wrong.map_err(|error| error.to_string()).expect_err("no counts");
        assert!(message.contains("records that have a `count`"), "{message}");
        check(
            "{{ v | share(of=4) }}",
            1.into(),
            "<svg class=\"share\" aria-hidden=\"true\" viewBox=\"0 0 100 8\" preserveAspectRatio=\"none\" fill=\"currentColor\"><path d=\"M0 0h25v8H0z\"/></svg>",
        );
    }

    #[test]
    fn initials_of_an_index() {
        check("{{ v | initial }}", "Électricité".into(), "E");
        check("{{ v | initial }}", "3M".into(), "#");
        check("{{ v | initial }}", "ソフトバンク".into(), "ソ");
    }
}
