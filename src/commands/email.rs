//! `brief email`: an edition as a newsletter, in the files that services for newsletters take.
//!
//! Nothing is sent. What is written is what `editions: {email: on}` puts on the site, with a plain text and a message
//! made of both.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::build::{absolute, lies_in_sources};
use super::output::Voice;
use super::scaffold::replace;
use crate::building::pipeline::{Options, SiteSources, output_folder, prepare};
use crate::ground::date::Period;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics, Severity, print};
use crate::ground::world::{DiskWorld, describe};
use crate::meaning::edition::{self, Cadence};
use crate::meaning::site::Site;
use crate::pages::mail::{self, Parts};
use crate::pages::page::Renderer;

/// What `brief email` was asked for.
#[derive(Clone, Debug)]
pub struct Email {
    /// The edition.
    pub edition: Which,
    /// The folder, instead of `mail/EDITION/`.
    pub out: Option<PathBuf>,
    /// How the site is looked at.
    pub options: Options,
}

/// An edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The newest.
    Latest,
    /// That of a day or a week.
    Of(Period),
}

/// The files of a newsletter.
const FILES: [&str; 3] = ["index.html", "plain.txt", "message.eml"];

/// From how many bytes on an e-mail is in danger: what services add comes on top.
const WARN: usize = 90_000;

/// From how many bytes on an e-mail is not written. Gmail cuts at about 102 kB.
const REFUSE: usize = 100_000;

/// Writes a newsletter and says what came of it. The result is the exit code.
pub fn run(folder: &Path, request: &Email, voice: Voice) -> io::Result<u8> {
    let world = DiskWorld::new(folder).map_err(io::Error::other)?;
    let prepared = prepare(&world, &request.options);
    let sources = SiteSources {
        world: &world,
        templates: prepared.template_sources.clone(),
    };
    let say = |found: Diagnostics| {
        let found = found.sorted();
        print(
            &found,
            voice.format,
            &sources,
            voice.colour,
            &mut io::stderr().lock(),
        )?;
        Ok::<u8, io::Error>(voice.exit_code(&found))
    };
    let mut found = Diagnostics::new();
    if prepared.found.has_errors() {
        found.extend(prepared.found);
        say(found)?;
        return Ok(1);
    }
    let site = &prepared.site;
    let period = match chosen(site, request.edition) {
        Ok(period) => period,
        Err(problem) => {
            found.push(problem);
            return say(found);
        }
    };
    let Some(engine) = &prepared.engine else {
        return Ok(1);
    };
    let renderer = Renderer {
        site,
        engine,
        plan: &prepared.plan,
    };
    let cleaned = match renderer.newsletter(period) {
        Ok(cleaned) => cleaned,
        Err(problem) => {
            found.push(problem);
            return say(found);
        }
    };
    let text = mail::plain_text(site, period).unwrap_or_default();
    let message = mail::message(site, period, &cleaned.html, &text).unwrap_or_default();
    if let Some(problem) = weighed(&cleaned.html, period) {
        found.push(problem);
    }
    if !cleaned.left_out.is_empty() {
        found.push(left_out(&cleaned.left_out));
    }
    if found.has_errors() {
        return say(found);
    }
    let out = match &request.out {
        Some(out) => out.clone(),
        None => folder.join("mail").join(period.to_string()),
    };
    let output = output_folder(folder, &prepared.config, None);
    if let Err(why) = check_folder(&world, &out, &output) {
        return Err(io::Error::other(why));
    }
    let files = [cleaned.html.as_bytes(), text.as_bytes(), &message];
    write(&out, &files).map_err(|error| io::Error::other(cannot_write(&out, &error)))?;
    let code = say(found)?;
    if !voice.quiet {
        tell(site, &out, cleaned.html.len())?;
    }
    Ok(code)
}

/// The edition that is meant, if it can be sent.
fn chosen(site: &Site, which: Which) -> Result<Period, Diagnostic> {
    if site.config.base_url.is_none() {
        let message = "there is no newsletter without `base_url`: its links lead to the site from elsewhere";
        let mut problem = Diagnostic::new(Code::MissingBaseUrl, message);
        problem.severity = Severity::Error;
        return Err(
            problem.help("set `base_url: https://example.org/` in brief.yaml, or name it with `--base-url`")
        );
    }
    let has_stories =
        |period: &Period| mail::edition(site, *period).is_some_and(|edition| !edition.stories.is_empty());
    let newest = |cadence: Cadence| edition::periods(site, cadence).iter().copied().find(has_stories);
    let period = match which {
        Which::Latest => newest(Cadence::Daily).or_else(|| newest(Cadence::Weekly)),
        Which::Of(period) => Some(period).filter(has_stories),
    };
    period.ok_or_else(|| {
        let message = match which {
            Which::Latest => "there is no edition yet".to_owned(),
            Which::Of(period) => format!("there is nothing to send in the edition {period}"),
        };
        Diagnostic::new(Code::EmptyEdition, message).help(
            "an edition has the articles of its day or week; those that are held back and those with `noindex` are not in its e-mail",
        )
    })
}

/// What is wrong with the size of an e-mail.
fn weighed(html: &str, period: Period) -> Option<Diagnostic> {
    let size = html.len();
    if size <= WARN {
        return None;
    }
    let Parts {
        text,
        styles,
        addresses,
        tags,
    } = mail::weigh(html);
    let message = format!(
        "the e-mail has {}, and Gmail cuts off what goes beyond 102 kB, the way to unsubscribe first: \
         {} are text, {} styles, {} addresses, {} other HTML",
        kilobytes(size),
        kilobytes(text),
        kilobytes(styles),
        kilobytes(addresses),
        kilobytes(tags)
    );
    let mut problem = Diagnostic::new(Code::EmailSize, message).help(format!(
        "leave stories out with `exclude` in content/editions/{period}.md, make its introduction shorter, or show less in a templates/email.html of your own"
    ));
    if size > REFUSE {
        problem.severity = Severity::Error;
    }
    Some(problem)
}

/// 91.2 kB.
fn kilobytes(bytes: usize) -> String {
    format!("{}.{} kB", bytes / 1000, bytes % 1000 / 100)
}

fn left_out(what: &[String]) -> Diagnostic {
    let first: Vec<&str> = what.iter().take(5).map(String::as_str).collect();
    let more = match what.len() - first.len() {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "programs for e-mail do not show this, so it was left out: {}{more}",
        first.join(", ")
    );
    Diagnostic::new(Code::EmailLeftOut, message)
        .help("a picture is shown if it is a PNG or a JPEG under `https://` whose size is known")
}

/// Whether newsletters may be written into a folder: one without anything else, outside of the sources and the output.
fn check_folder(world: &DiskWorld, out: &Path, output: &Path) -> Result<(), String> {
    let (place, published) = (absolute(out), absolute(output));
    let shown = out.display();
    if place.starts_with(&published) {
        return Err(format!(
            "`{shown}` lies in the output of the site, where a build would take it away\nhelp: name another folder with `--out`"
        ));
    }
    if lies_in_sources(world, &place) {
        return Err(format!(
            "`{shown}` lies in the sources of the site\nhelp: name another folder with `--out`"
        ));
    }
    let entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(cannot_write(out, &error)),
    };
    let names = entries.filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()));
    let mut foreign: Vec<String> = names.filter(|name| !FILES.contains(&name.as_str())).collect();
    foreign.sort();
    match foreign.first() {
        None => Ok(()),
        Some(name) => Err(format!(
            "`{shown}` holds other files, such as `{name}`\nhelp: name a folder of its own with `--out`"
        )),
    }
}

fn write(out: &Path, files: &[&[u8]; 3]) -> io::Result<()> {
    fs::create_dir_all(out)?;
    for (name, bytes) in FILES.iter().zip(files) {
        replace(&out.join(name), bytes)?;
    }
    Ok(())
}

fn cannot_write(out: &Path, error: &io::Error) -> String {
    format!("`{}` cannot be written: {}", out.display(), describe(error))
}

/// Says which files were written, and what is left to do.
fn tell(site: &Site, out: &Path, size: usize) -> io::Result<()> {
    let shown = out.strip_prefix(".").unwrap_or(out);
    let mut data = io::stdout().lock();
    for name in FILES {
        writeln!(data, "{}", shown.join(name).display())?;
    }
    let mut err = io::stderr().lock();
    writeln!(err, "{} of HTML", kilobytes(size))?;
    let email = &site.config.email;
    if email.from.is_none() {
        writeln!(
            err,
            "it is from {}: set `from` under `email` in brief.yaml",
            mail::PLACEHOLDER
        )?;
    }
    if email.address == "{{address}}" {
        writeln!(
            err,
            "the law asks for your postal address in the foot: set `address` under `email`"
        )?;
    }
    if email.unsubscribe == "{{unsubscribe}}" {
        writeln!(
            err,
            "who sends it puts the address for unsubscribing in the place of {}: set `provider` or `unsubscribe` under `email`",
            email.unsubscribe
        )?;
    }
    Ok(())
}
