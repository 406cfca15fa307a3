//! What was found as a table: a line or two for each company, with the words that show it.

use std::io::{self, Write};

use unicode_width::UnicodeWidthStr;

use super::evidence::evidence;
use super::{Screen, Tagged, Tagging};
use crate::ground::diagnostic::clean;
use crate::reading::company::{Matching, Register};
use crate::reading::front_matter::CompaniesKey;
use crate::reading::tagging::{Found, TAGGED};

/// Below this width of the screen, evidence has a line of its own.
const BROAD: usize = 90;

/// The least room that is left for evidence, however narrow the terminal.
const LEAST_EVIDENCE: usize = 24;

/// Below this confidence, in thousandths, nobody needs to look.
const LEAST_DOUBT: u16 = 200;

/// Prints an article's companies: first what the site shows, then what else was found.
pub fn print(
    article: &Tagged,
    request: &Tagging,
    register: &Register,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (bold, plain) = match request.screen.has_styles {
        true => ("\u{1b}[1m", "\u{1b}[0m"),
        false => ("", ""),
    };
    writeln!(out, "{bold}{}{plain}", clean(article.file.path.as_str()))?;
    if !article.naming.title.is_empty() {
        writeln!(out, "{}", clean(&article.naming.title))?;
    }
    let sections = sections(article, request.least.unwrap_or_default(), register);
    let rows = sections.iter().flat_map(|section| &section.rows);
    let columns = Columns::of(rows, request.screen);
    for section in &sections {
        writeln!(out, "  {}", section.heading)?;
        for row in &section.rows {
            columns.print(row, article, out)?;
        }
    }
    writeln!(out)
}

/// Companies of which the same is to be said.
struct Section<'f> {
    heading: &'static str,
    rows: Vec<Row<'f>>,
}

/// A company, and what shows it.
struct Row<'f> {
    name: String,
    salience: &'static str,
    found: Option<&'f Found>,
    /// What is said instead of evidence.
    note: &'static str,
}

/// What the site shows, what the front matter takes away, and what is found besides.
fn sections<'f>(article: &'f Tagged, least: u16, register: &Register) -> Vec<Section<'f>> {
    let key = &article.naming.companies;
    let found_of = |company: Option<usize>| {
        let company = company?;
        article.found.iter().find(|found| found.company == company)
    };
    let unseen = |company: Option<usize>| match company {
        None => "not in the register, so not looked for",
        Some(company) if register.companies()[company].matching == Matching::Never => {
            "not looked for: the register says `match: never`"
        }
        Some(_) => "named nowhere in the text",
    };
    // The front matter's own list is shown as it is, however sure its companies are.
    let is_list = matches!(key, CompaniesKey::Exactly(_));
    let shown = article.tags.iter().filter_map(|tag| {
        let company = register.position(&tag.slug);
        let found = found_of(company);
        let is_sure = is_list || found.is_some_and(|found| found.confidence >= least);
        is_sure.then(|| Row {
            name: clean(&tag.name),
            salience: tag.salience.name(),
            found,
            note: unseen(company),
        })
    });
    let vetoes = match key {
        CompaniesKey::Detected { vetoes } => vetoes.as_slice(),
        CompaniesKey::Exactly(_) => &[],
    };
    let vetoed: Vec<Option<usize>> = vetoes.iter().map(|veto| register.position(&veto.text)).collect();
    let taken_away = vetoes.iter().zip(&vetoed).map(|(veto, &company)| Row {
        name: clean(company.map_or(&veto.text, |company| &register.companies()[company].name)),
        salience: "",
        found: found_of(company),
        note: unseen(company),
    });
    // What the site does not show is worth a look where it is likely.
    let others = |is_likely: bool| -> Vec<Row<'f>> {
        let is_other = |found: &&Found| {
            (found.confidence >= TAGGED) == is_likely
                && found.confidence >= least.max(LEAST_DOUBT)
                && !vetoed.contains(&Some(found.company))
                && !article
                    .tags
                    .iter()
                    .any(|tag| *tag.slug == *register.companies()[found.company].slug)
        };
        let others = article.found.iter().filter(is_other);
        others
            .map(|found| Row {
                name: clean(&register.companies()[found.company].name),
                salience: "",
                found: Some(found),
                note: "",
            })
            .collect()
    };
    let (shown, kept_out): (Vec<Row<'f>>, Vec<Row<'f>>) = (shown.collect(), others(true));
    let heading = match (is_list, shown.is_empty()) {
        (true, true) => "no company (given in the front matter)",
        (true, false) => "companies, given in the front matter:",
        (false, true) if kept_out.is_empty() => "no company (detected)",
        (false, true) => "no company (the settings switch detection off)",
        (false, false) => "companies, detected:",
    };
    let kept_out_by = match is_list {
        true => "found, but not in the list of the front matter:",
        false => "found, but not shown:",
    };
    let section = |heading, rows| Section { heading, rows };
    let mut sections = vec![
        section("vetoed in the front matter:", taken_away.collect()),
        section(kept_out_by, kept_out),
        section("in doubt, and not tagged:", others(false)),
    ];
    sections.retain(|section| !section.rows.is_empty());
    sections.insert(0, section(heading, shown));
    sections
}

/// How wide the columns of an article's table are.
struct Columns {
    names: usize,
    saliences: usize,
    /// How much room evidence has.
    room: usize,
    /// Whether it has a line of its own.
    is_below: bool,
    has_styles: bool,
}

impl Columns {
    fn of<'r>(rows: impl Iterator<Item = &'r Row<'r>> + Clone, screen: Screen) -> Columns {
        let names = rows.clone().map(|row| row.name.width()).max();
        let saliences = rows.map(|row| row.salience.len()).max();
        let (names, saliences) = (names.unwrap_or_default(), saliences.unwrap_or_default());
        let before = 4 + names + 2 + if saliences > 0 { saliences + 2 } else { 0 } + "100%  12×  ".width();
        let beside = screen.width.saturating_sub(before);
        let is_below = screen.width < BROAD || beside < LEAST_EVIDENCE;
        Columns {
            names,
            saliences,
            room: match is_below {
                true => screen.width.saturating_sub(6).max(LEAST_EVIDENCE),
                false => beside,
            },
            is_below,
            has_styles: screen.has_styles,
        }
    }

    fn print(&self, row: &Row<'_>, article: &Tagged, out: &mut dyn Write) -> io::Result<()> {
        let mut line = format!("    {}{}", row.name, " ".repeat(self.names - row.name.width()));
        if self.saliences > 0 {
            line.push_str(&format!("  {:1$}", row.salience, self.saliences));
        }
        let shown = match row.found {
            Some(found) => {
                // Nothing that is read from words alone is beyond doubt.
                let percent = ((u32::from(found.confidence) + 5) / 10).min(99);
                line.push_str(&format!("  {percent:>3}%  {:>2}×", found.mentions.count()));
                evidence(article, found, self.room, self.has_styles)
            }
            None => {
                line.push_str(&" ".repeat("  100%  12×".width()));
                row.note.to_owned()
            }
        };
        match self.is_below {
            true => writeln!(out, "{}\n      {shown}", line.trim_end()),
            false => writeln!(out, "{line}  {shown}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{File, tagged};
    use super::*;
    use crate::ground::diagnostic::Diagnostics;
    use crate::ground::path::SourcePath;
    use crate::reading::article::Reading;
    use crate::reading::config::Config;
    use crate::reading::tagging::Tagger;

    /// The table of an article, with a screen of so many columns.
    fn shown(front_matter: &str, body: &str, width: usize) -> String {
        let folder = tempfile::tempdir().expect("a folder");
        let path = SourcePath::new("a.md").expect("a path");
        let place = folder.path().join("a.md");
        std::fs::write(&place, format!("---\n{front_matter}---\n{body}\n")).expect("a file");
        let names =
            "- name: Nvidia\n- name: ソフトバンク\n- name: Unnamed Ltd\n  match: never\n- name: SAP\n";
        let register = Register::parse(&path, names, &mut Diagnostics::new());
        let with = Reading {
            config: &Config::default_settings(),
            register: &register,
            tagger: &Tagger::new(&register),
        };
        let article = tagged(&File { path, place }, with).expect("an article");
        let request = Tagging {
            screen: Screen {
                width,
                ..Screen::default()
            },
            ..Tagging::default()
        };
        let mut out = Vec::new();
        print(&article, &request, &register, &mut out).expect("no trouble");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn columns_stand_under_each_other_in_all_scripts() {
        let body = "今日、ソフトバンクはNvidiaと提携した。";
        let broad = "a.md\nソフトバンクが上昇\n  companies, detected:\n    \
             ソフトバンク  primary     99%   2×  «ソフトバンク»が上昇\n    \
             Nvidia        secondary   98%   1×  今日、ソフトバンクは«Nvidia»と提携した。\n\n";
        assert_eq!(shown("title: ソフトバンクが上昇\n", body, 90), broad);
        let narrow = "a.md\nソフトバンクが上昇\n  companies, detected:\n    \
             ソフトバンク  primary     99%   2×\n      «ソフトバンク»が上昇\n    \
             Nvidia        secondary   98%   1×\n      …クは«Nvidia»と提携した。\n\n";
        assert_eq!(shown("title: ソフトバンクが上昇\n", body, 32), narrow);
    }

    #[test]
    fn whatever_the_front_matter_says_is_told_apart() {
        let table = |companies: &str| {
            let table = shown(
                &format!("title: Nvidia grows\ncompanies: {companies}\n"),
                "Unnamed Ltd and Other Inc.",
                120,
            );
            let lines = table.lines().skip(2).map(|line| line.trim().to_owned());
            lines.filter(|line| !line.is_empty()).collect::<Vec<_>>()
        };
        assert_eq!(
            table("[SAP, Unnamed Ltd, Other Inc]"),
            [
                "companies, given in the front matter:",
                "SAP          secondary             named nowhere in the text",
                "Unnamed Ltd  secondary             not looked for: the register says `match: never`",
                "Other Inc    secondary             not in the register, so not looked for",
                "found, but not in the list of the front matter:",
                "Nvidia                   98%   1×  «Nvidia» grows",
            ]
        );
        assert_eq!(
            table("[-Nvidia, -SAP]"),
            [
                "no company (detected)",
                "vetoed in the front matter:",
                "Nvidia   98%   1×  «Nvidia» grows",
                "SAP                named nowhere in the text",
            ]
        );
    }
}
