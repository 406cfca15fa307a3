//! `brief theme`: what the built-in look is made from, and files of it to edit.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

use super::output::Voice;
use crate::ground::nearest::Nearest;
use crate::ground::world::describe;
use crate::pages::templates::{builtin_templates, theme_files};

/// The files of the theme, by the path at which a site's own takes their place.
fn built_in() -> BTreeMap<String, Vec<u8>> {
    let templates = builtin_templates().into_iter();
    let templates = templates.map(|(name, text)| (format!("templates/{name}"), text.as_bytes().to_vec()));
    let files = theme_files().into_iter();
    let files = files.map(|(name, bytes)| (format!("static/{name}"), bytes.to_vec()));
    templates.chain(files).collect()
}

/// Lists the files of the theme, and which of them the site has itself.
pub fn list(site: &Path) -> io::Result<u8> {
    let mut out = String::new();
    for (path, bytes) in built_in() {
        let own = match fs::read(site.join(&path)) {
            Err(_) => "",
            Ok(own) if own == bytes => "  the site's own, the same",
            Ok(_) => "  the site's own",
        };
        out.push_str(format!("{path:<28}{own}").trim_end());
        out.push('\n');
    }
    // A closed pipe is nobody's problem.
    let _ = io::stdout().lock().write_all(out.as_bytes());
    Ok(0)
}

/// Writes files of the theme into the site. With `all` these are all of them; with `force` the site's own are
/// replaced. Nothing is written where one of them cannot be. The error is in words.
pub fn eject(site: &Path, names: &[String], all: bool, force: bool, voice: Voice) -> Result<u8, String> {
    let built_in = built_in();
    let mut chosen: Vec<(&str, &[u8])> = Vec::new();
    if all {
        chosen.extend(
            built_in
                .iter()
                .map(|(path, bytes)| (path.as_str(), bytes.as_slice())),
        );
    }
    for name in names {
        let (path, bytes) = find(&built_in, name)?;
        if !chosen.iter().any(|(other, _)| *other == path) {
            chosen.push((path, bytes));
        }
    }
    let is_other = |path: &str, bytes: &[u8]| fs::read(site.join(path)).is_ok_and(|own| own != bytes);
    let there: Vec<&str> = chosen
        .iter()
        .filter(|(path, bytes)| !force && is_other(path, bytes))
        .map(|(path, _)| *path)
        .collect();
    if !there.is_empty() {
        return Err(format!(
            "the site has its own {}\nhelp: `--force` replaces what is there; nothing was written",
            there.join(", ")
        ));
    }
    for (path, bytes) in chosen {
        let place = site.join(path);
        let unwritable = |error: io::Error| format!("`{path}` cannot be written: {}", describe(&error));
        place
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .map_err(unwritable)?;
        fs::write(&place, bytes).map_err(unwritable)?;
        // A closed pipe is nobody's problem: the file is written.
        let _ = writeln!(io::stdout().lock(), "{path}");
    }
    if voice.talks() {
        let _ = writeln!(
            io::stderr().lock(),
            "edit them as you like: later versions of brief leave them as they are; without them the built-in ones stand again"
        );
    }
    Ok(0)
}

/// A file by its path, or by its name where only one has it.
fn find<'b>(built_in: &'b BTreeMap<String, Vec<u8>>, name: &str) -> Result<(&'b str, &'b [u8]), String> {
    let wanted = name.trim_start_matches("./");
    let is_it = |path: &str| {
        let below = path.split_once('/').map_or(path, |(_, below)| below);
        path == wanted || below == wanted || below.strip_suffix(".html") == Some(wanted)
    };
    if let Some((path, bytes)) = built_in.iter().find(|(path, _)| is_it(path)) {
        return Ok((path, bytes));
    }
    let nearest = Nearest::to(wanted);
    let alike = built_in
        .keys()
        .filter_map(|path| {
            let below = path.split_once('/').map_or(path.as_str(), |(_, below)| below);
            let short = below.strip_suffix(".html").unwrap_or(below);
            let distance = [short, below, path]
                .iter()
                .filter_map(|other| nearest.distance(other, 3))
                .min();
            Some((distance?, path))
        })
        .min();
    let guess = alike.map_or_else(String::new, |(_, path)| format!("did you mean `{path}`? "));
    Err(format!(
        "the theme has no file `{name}`\nhelp: {guess}`brief theme list` names them all"
    ))
}
