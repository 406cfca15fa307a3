//! `brief check`: everything that would embarrass, said before anybody reads it. Writes nothing, unless it
//! is asked to mend what is safe to mend, or to ask other sites, whose answers it remembers.

mod against;
mod external;
mod fix;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use url::Url;

use super::output::{Voice, counted};
use crate::building::inspection::{self, Inspection};
use crate::building::pipeline::{Options, SiteSources};
use crate::ground::diagnostic::{Code, Format, print, summary_line};
use crate::ground::path::SourcePath;
use crate::ground::world::{DiskWorld, World};
use crate::meaning::site::Reason;

/// What `brief check` was asked for.
#[derive(Clone, Debug, Default)]
pub struct Check {
    /// Whether what is safe to mend is mended.
    pub fix: bool,
    /// Whether other sites are asked about the links that lead to them.
    pub external: bool,
    /// A sitemap whose addresses must be answered: a file, or an address.
    pub against: Option<String>,
    /// Whether a person watches and may be told how far things are.
    pub is_watched: bool,
    /// What the pipeline is asked for.
    pub options: Options,
}

/// How many warnings of a kind are shown to people who do not ask for all.
const SHOWN: usize = 20;

/// Checks a site and says what is wrong with it. The result is the exit code.
pub fn run(site: &Path, request: &Check, voice: Voice) -> io::Result<u8> {
    let world = DiskWorld::new(site).map_err(io::Error::other)?;
    let against = match request.against.as_deref().map(against::listed).transpose() {
        Ok(against) => against.unwrap_or_default(),
        Err(why) => {
            writeln!(io::stderr(), "error: {why}")?;
            return Ok(2);
        }
    };
    let mut has_failed = false;
    if request.fix {
        let before = inspection::inspect(&world, &request.options, None, &[]);
        let fixed = fix::write_ids(&world, site, &before.without_id);
        say_fixed(voice, &fixed)?;
        has_failed = !fixed.unwritable.is_empty();
    }
    let mut links = external::Links::new(site, &world, request.is_watched);
    let mut ask = |addresses: &BTreeSet<Url>| links.ask(addresses);
    let ask: Option<inspection::Ask<'_>> = if request.external { Some(&mut ask) } else { None };
    let inspection = inspection::inspect(&world, &request.options, ask, &against);
    links.say_failure()?;
    report(voice, &world, &inspection)?;
    let is_unreadable = |code: Code| code == Code::UnreadableFile;
    let found = &inspection.diagnostics;
    has_failed |= links.has_failed() || found.iter().any(|problem| is_unreadable(problem.code));
    let code = if has_failed { 2 } else { voice.exit_code(found) };
    // As after a build: taking a large site apart takes time that nobody needs to wait for.
    std::mem::forget(inspection);
    Ok(code)
}

/// Checks a site that is about to be published: errors are said, warnings are counted. The result is the exit code.
pub fn before_publishing(world: &DiskWorld, options: &Options, voice: Voice) -> io::Result<u8> {
    let inspection = inspection::inspect(world, options, None, &[]);
    let code = voice.exit_code(&inspection.diagnostics);
    if code != 0 {
        report(voice, world, &inspection)?;
    } else if voice.talks() {
        // The build has told its own.
        let found = inspection.diagnostics.iter();
        let count = found.filter(|problem| problem.code.is_of_check()).count();
        if count > 0 {
            let warnings = counted(count, "warning");
            writeln!(io::stderr(), "`brief check` has {warnings} on what is published")?;
        }
    }
    std::mem::forget(inspection);
    Ok(code)
}

fn say_fixed(voice: Voice, fixed: &fix::Fixed) -> io::Result<()> {
    let mut err = io::stderr().lock();
    for why in &fixed.unwritable {
        writeln!(err, "error: {why}")?;
    }
    if !voice.talks() || fixed.written.is_empty() {
        return Ok(());
    }
    if voice.verbose {
        for (path, id) in &fixed.written {
            writeln!(err, "fixed: {path} has the id `{id}`")?;
        }
    }
    let articles = counted(fixed.written.len(), "article");
    writeln!(err, "fixed: wrote `id` into {articles}, as it was")
}

fn report(voice: Voice, world: &dyn World, inspection: &Inspection) -> io::Result<()> {
    let mut err = io::stderr().lock();
    let sources = SiteSources {
        world,
        templates: inspection.template_sources.clone(),
    };
    let found = &inspection.diagnostics;
    // Nobody reads a thousand warnings of a kind; machines get all of them.
    let is_short = voice.format == Format::Human && !voice.verbose;
    let shown = is_short.then(|| {
        found.shortened(SHOWN, |rest| {
            format!("the same is the matter in {rest} more places (--verbose shows them)")
        })
    });
    print(
        shown.as_ref().unwrap_or(found),
        voice.format,
        &sources,
        voice.colour,
        &mut err,
    )?;
    if !voice.talks() {
        return Ok(());
    }
    if !found.is_empty() {
        writeln!(err)?;
    }
    held(voice, inspection, &mut err)?;
    external::say_unverifiable(voice, inspection, world.now(), &mut err)?;
    let articles = counted(inspection.articles, "article");
    let files: BTreeSet<&SourcePath> = found
        .iter()
        .filter_map(|problem| problem.labels.first())
        .map(|label| &label.file)
        .collect();
    match (summary_line(found), files.len()) {
        (None, _) => writeln!(err, "{articles} checked: nothing to mend"),
        (Some(summary), 0) => writeln!(err, "{articles} checked: {summary}"),
        (Some(summary), count) => {
            writeln!(err, "{articles} checked: {summary} in {}", counted(count, "file"))
        }
    }
}

/// What is held until later has a warning of its own. Drafts and what has expired are not looked at, which
/// is said.
fn held(voice: Voice, inspection: &Inspection, err: &mut dyn Write) -> io::Result<()> {
    let (mut drafts, mut expired) = (0, 0);
    for (path, held) in &inspection.held {
        let kind = match held.reason {
            Reason::Until(_) => continue,
            Reason::Draft => {
                drafts += 1;
                "draft"
            }
            Reason::Expired(_) => {
                expired += 1;
                "expired"
            }
        };
        if voice.verbose {
            writeln!(err, "not checked ({kind}): {} ({path})", held.title)?;
        }
    }
    let counts: Vec<String> = [(drafts, "draft"), (expired, "expired article")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| counted(count, what))
        .collect();
    if counts.is_empty() || voice.verbose {
        return Ok(());
    }
    writeln!(
        err,
        "not checked: {} (--verbose names them)",
        counts.join(" and ")
    )
}
