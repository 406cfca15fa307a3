//! Where Hugo put a page.

use super::super::book;
use super::super::moment::When;
use super::settings::Settings;
use crate::ground::date::{Day, MONTHS, WEEKDAYS};

/// What an address is made from.
#[derive(Clone, Copy, Debug)]
pub struct Page<'p> {
    /// The file below the content folder, without extension, language and `index`.
    pub name: &'p str,
    /// The headline.
    pub title: &'p str,
    /// The slug, of the front matter or of a dated file name.
    pub slug: Option<&'p str>,
    /// The date.
    pub when: Option<&'p When>,
    /// The language that the file's name gives.
    pub language: Option<&'p str>,
}

/// The day that a file's name starts with, and the rest of the name.
pub fn day_of_name(name: &str) -> Option<(Day, &str)> {
    let name = book::last(name);
    let day = Day::parse(name.get(..10)?)?;
    Some((day, name[10..].trim_start_matches(['-', '_', ' '])))
}

/// The address by the rules.
pub fn of_page(settings: &Settings, page: &Page<'_>) -> String {
    let section = page.name.split_once('/').map_or("", |(section, _)| section);
    let path = match settings.permalinks.get(section) {
        Some(pattern) => expand(settings, page, pattern),
        None => {
            let folder = book::folder(page.name);
            let own = page.slug.unwrap_or_else(|| book::last(page.name));
            format!("/{folder}/{own}")
        }
    };
    let path = sanitized(settings, &path);
    let is_ugly = settings
        .ugly_sections
        .get(section)
        .copied()
        .unwrap_or(settings.ugly);
    let path = path.trim_matches('/');
    let prefix = prefix(settings, page.language);
    if path.is_empty() {
        return format!("{prefix}/");
    }
    match is_ugly && !path.ends_with(".html") {
        true => format!("{prefix}/{path}.html"),
        false if path.ends_with(".html") => format!("{prefix}/{path}"),
        false => format!("{prefix}/{path}/"),
    }
}

/// The address that the key `url` asks for.
pub fn of_url(settings: &Settings, page: &Page<'_>, url: &str) -> String {
    let url = match url.contains(':') && !url.contains("://") {
        true => expand(settings, page, url),
        false => url.to_owned(),
    };
    let has_file = book::last(&url).contains('.');
    let path = match url.starts_with('/') {
        true => url.clone(),
        false => format!("{}/{url}", prefix(settings, page.language)),
    };
    match has_file || path.ends_with('/') {
        true => path,
        false => format!("{path}/"),
    }
}

/// The address of an alias: from the root, or else from the folder that the page stands in.
pub fn of_alias(alias: &str, own: &str) -> String {
    if alias.starts_with('/') || alias.contains("://") {
        return alias.to_owned();
    }
    let trimmed = own.trim_end_matches('/');
    let folder = &trimmed[..trimmed.rfind('/').map_or(0, |at| at + 1)];
    let joined = crate::ground::path::SourcePath::new(folder).and_then(|folder| folder.join(alias));
    let slash = if alias.ends_with('/') { "/" } else { "" };
    match joined {
        Some(path) => format!("/{path}{slash}"),
        None => format!("/{alias}"),
    }
}

fn prefix(settings: &Settings, language: Option<&str>) -> String {
    let language = language.unwrap_or(&settings.language);
    match language != settings.language || settings.default_in_subdir && !settings.languages.is_empty() {
        true => format!("/{}", language.to_lowercase()),
        false => String::new(),
    }
}

/// Fills a pattern such as `/:year/:month/:slug/`.
fn expand(settings: &Settings, page: &Page<'_>, pattern: &str) -> String {
    let folders: Vec<&str> = match book::folder(page.name) {
        "" => Vec::new(),
        folder => folder.split('/').collect(),
    };
    let mut path = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find([':', '\\']) {
        path.push_str(&rest[..at]);
        if rest[at..].starts_with('\\') {
            let next = rest[at + 1..].chars().next();
            path.extend(next);
            rest = &rest[at + 1 + next.map_or(0, char::len_utf8)..];
            continue;
        }
        let name = &rest[at + 1..];
        let length = name
            .find(|letter: char| !letter.is_ascii_alphanumeric())
            .unwrap_or(name.len());
        let (name, mut behind) = name.split_at(length);
        let own = page.slug.unwrap_or_else(|| book::last(page.name));
        let by_title = || page.slug.map_or_else(|| urlize(page.title), str::to_owned);
        let value = match name {
            "section" => folders.first().copied().unwrap_or_default().to_owned(),
            "sections" => {
                let (parts, after) = slice(&folders, behind);
                behind = after;
                parts.join("/")
            }
            "title" => urlize(page.title),
            "slug" => by_title(),
            "slugorfilename" | "slugorcontentbasename" => own.to_owned(),
            "filename" | "contentbasename" => book::last(page.name).to_owned(),
            other => page.when.map_or(String::new(), |when| of_day(when, other)),
        };
        path.push_str(&sanitized(settings, &value));
        rest = behind;
    }
    path.push_str(rest);
    path
}

/// `[1:]` and the like behind `:sections`: the folders meant, and what follows.
fn slice<'f, 'r>(folders: &[&'f str], rest: &'r str) -> (Vec<&'f str>, &'r str) {
    let inner = rest
        .strip_prefix('[')
        .and_then(|inner| Some((&inner[..inner.find(']')?], inner)));
    let Some((inner, all)) = inner else {
        return (folders.to_vec(), rest);
    };
    let behind = &all[inner.len() + 1..];
    let count = folders.len();
    let index = |text: &str, default: usize| match text {
        "" => default,
        "last" => count.saturating_sub(1),
        number => number.parse().unwrap_or(default).min(count),
    };
    let (from, to) = match inner.split_once(':') {
        Some((from, to)) => (index(from, 0), index(to, count)),
        None => {
            let from = index(inner, 0);
            (from, (from + 1).min(count))
        }
    };
    (
        folders.get(from..to.max(from)).unwrap_or_default().to_vec(),
        behind,
    )
}

/// A part of the date: by Hugo's names, or by Go's model date.
fn of_day(when: &When, name: &str) -> String {
    let day = when.day;
    let (year, month, number) = (day.year(), day.month().month, day.day_of_month());
    let of_year = day.date().day_of_year();
    let month_name = MONTHS
        .get(usize::from(month.unsigned_abs()).saturating_sub(1))
        .map(|name| name.to_lowercase())
        .unwrap_or_default();
    let weekday = usize::from(day.weekday().unsigned_abs());
    match name {
        "year" | "2006" => format!("{year:04}"),
        "06" => format!("{:02}", year % 100),
        "month" | "01" => format!("{month:02}"),
        "1" => month.to_string(),
        "monthname" | "January" => month_name,
        "Jan" => month_name.chars().take(3).collect(),
        "day" | "02" => format!("{number:02}"),
        "2" => number.to_string(),
        "yearday" | "002" => of_year.to_string(),
        "weekday" => (weekday % 7).to_string(),
        "weekdayname" | "Monday" => WEEKDAYS
            .get((weekday + 6) % 7)
            .map(|name| name.to_lowercase())
            .unwrap_or_default(),
        _ => String::new(),
    }
}

fn sanitized(settings: &Settings, path: &str) -> String {
    let path: String = match settings.removes_accents {
        true => without_accents(path),
        false => path.to_owned(),
    };
    let clean = sanitize(&path);
    match settings.keeps_case {
        true => clean,
        false => clean.to_lowercase(),
    }
}

/// A name as a part of an address.
pub fn urlize(name: &str) -> String {
    sanitize(name).to_lowercase()
}

fn without_accents(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfd()
        .filter(|character| !unicode_normalization::char::is_combining_mark(*character))
        .nfc()
        .collect()
}

/// Keeps what Hugo keeps in paths; runs of space become one hyphen.
fn sanitize(path: &str) -> String {
    let mut clean = String::with_capacity(path.len());
    let mut owes_hyphen = false;
    for character in path.chars() {
        let is_kept = character.is_alphanumeric()
            || unicode_normalization::char::is_combining_mark(character)
            || "./\\_#+~-@%".contains(character);
        if is_kept {
            if owes_hyphen && character != '-' {
                clean.push('-');
            }
            owes_hyphen = false;
            clean.push(character);
        } else if character.is_whitespace() && !clean.is_empty() && !clean.ends_with('-') {
            owes_hyphen = true;
        }
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_parts_of_addresses() {
        for (name, expected) in [
            ("Big Tech & Chips", "big-tech-chips"),
            ("What's new?", "whats-new"),
            ("C++", "c++"),
            ("Über  uns", "über-uns"),
            ("a - b", "a-b"),
        ] {
            assert_eq!(urlize(name), expected, "{name}");
        }
    }

    #[test]
    fn aliases_are_from_the_root_or_from_the_folder() {
        assert_eq!(of_alias("/old/", "/posts/a/"), "/old/");
        assert_eq!(of_alias("old", "/posts/a/"), "/posts/old");
        assert_eq!(of_alias("../old/", "/posts/a/"), "/old/");
    }
}
