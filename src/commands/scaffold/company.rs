//! `brief new company`: one company more in the register, of which every other byte stays.

use std::path::Path;

use super::{Written, replace, write_new};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::{SourcePath, slug};
use crate::ground::text::one_line;
use crate::ground::world::{World, describe, read_text};
use crate::reading::company::{FILE, Register};
use crate::reading::yaml::{flow_list, plain_or_quoted};

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct NewCompany {
    /// Its name.
    pub name: String,
    /// Other names.
    pub aliases: Vec<String>,
    /// Symbols with their exchange: `NASDAQ:MSFT`.
    pub tickers: Vec<String>,
    /// Its address.
    pub website: Option<String>,
    /// What it does.
    pub sector: Option<String>,
    /// Where it sits.
    pub country: Option<String>,
}

/// The head of a register that did not exist.
const HEAD: &str = "# The companies you follow. Only `name` is needed; the README says what else may stand here.\ncompanies:\n";

/// Adds a company to the register. The error is in words.
pub fn new_company(world: &dyn World, site: &Path, asked: &NewCompany) -> Result<Written, String> {
    let name = one_line(&asked.name);
    if slug(&name).is_empty() {
        return Err(format!(
            "`{name}` cannot be the name of a company\nhelp: brief new company \"Acme\""
        ));
    }
    let path = [FILE, "content/companies.yml"]
        .iter()
        .filter_map(|path| SourcePath::new(path))
        .find(|path| world.stamp(path).is_some());
    let Some(path) = path else {
        let path = SourcePath::new(FILE).ok_or("there is no place for a register")?;
        write_new(site, &path, &format!("{HEAD}{}", entry(asked, &name, "  ", "\n")))?;
        return Ok(Written {
            path,
            advice: Vec::new(),
        });
    };
    let text = read_text(world, &path).map_err(|problem| problem.message)?;
    let before = parse(&path, &text)?;
    for given in std::iter::once(&name).chain(&asked.aliases) {
        if let Some(known) = before.find(given) {
            let place = line_of(&text, &known.name);
            return Err(format!("`{given}` is {} in {path}{place}", known.name));
        }
    }
    let line_end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let added = entry(asked, &name, &indentation(&text), line_end);
    let mut new = text.clone();
    if !new.is_empty() && !new.ends_with('\n') {
        new.push_str(line_end);
    }
    new.push_str(&added);
    // What was added must be read as it was meant, and all else as before.
    let after = parse(&path, &new).ok();
    let is_right = after.as_ref().is_some_and(|after| {
        let (last, others) = after
            .companies()
            .split_last()
            .map_or((None, &[][..]), |(last, others)| (Some(last), others));
        others == before.companies()
            && last.is_some_and(|last| last.name == name && last.aliases == asked.aliases)
    });
    if !is_right {
        return Err(format!(
            "brief does not see where a company goes in {path}\nhelp: add it yourself:\n{added}"
        ));
    }
    replace(&site.join(path.as_str()), new.as_bytes())
        .map_err(|error| format!("`{path}` cannot be written: {}", describe(&error)))?;
    let near = before.nearest(&name);
    let advice = near
        .first()
        .map(|near| format!("the register holds `{near}`, too: make sure that it is another company"));
    Ok(Written {
        path,
        advice: advice.into_iter().collect(),
    })
}

fn parse(path: &SourcePath, text: &str) -> Result<Register, String> {
    let mut found = Diagnostics::new();
    let register = Register::parse(path, text, &mut found);
    match found.has_errors() {
        true => Err(format!(
            "there are mistakes in {path}\nhelp: `brief build` shows them"
        )),
        false => Ok(register),
    }
}

/// The lines of an entry.
fn entry(asked: &NewCompany, name: &str, indentation: &str, line_end: &str) -> String {
    let mut lines = vec![format!("{indentation}- name: {}", plain_or_quoted(name))];
    let mut add = |key: &str, value: String| lines.push(format!("{indentation}  {key}: {value}"));
    if !asked.aliases.is_empty() {
        add("aliases", flow_list(&asked.aliases));
    }
    if !asked.tickers.is_empty() {
        add("tickers", flow_list(&asked.tickers));
    }
    for (key, text) in [
        ("website", &asked.website),
        ("sector", &asked.sector),
        ("country", &asked.country),
    ] {
        if let Some(text) = text {
            add(key, plain_or_quoted(text));
        }
    }
    lines.join(line_end) + line_end
}

/// How far the entries of a register stand to the right.
fn indentation(text: &str) -> String {
    let entry = text.lines().find(|line| line.trim_start().starts_with("- "));
    let is_bare = !text.lines().any(|line| line.starts_with("companies:"));
    match entry {
        Some(entry) => entry[..entry.len() - entry.trim_start().len()].to_owned(),
        None if is_bare => String::new(),
        None => "  ".to_owned(),
    }
}

/// ":3" for what stands in the third line, or nothing.
fn line_of(text: &str, name: &str) -> String {
    let line = text.lines().position(|line| line.contains(name));
    line.map_or(String::new(), |line| format!(":{}", line + 1))
}
