//! `brief import`: articles from elsewhere.
//!
//! Sources are sorted out (`gather`), read into clips or, of whole sites, into posts (`foreign`), and land in
//! the site (`landing`), all in one way. What came over goes to the output, as data does; what is wrong and
//! what is to be thought of goes to the error stream.

mod article;
mod beside;
pub mod clip;
pub mod feed;
pub mod foreign;
mod front;
mod gather;
pub mod given;
mod headed;
pub mod kind;
mod known;
pub mod landing;
mod ledger;
pub mod page;
pub mod post;
mod proofs;
pub mod report;
mod standing;
pub mod text;

use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::output::{Progress, Voice};
use super::tag::Screen;
use crate::building::inputs::{self, read_config};
use crate::building::inspection::proof::Names;
use crate::ground::diagnostic::Diagnostics;
use crate::ground::world::DiskWorld;
use crate::reading::article::Reading;
use crate::reading::tagging::Tagger;

use clip::Clip;
use foreign::site::{Outcome, Problem};
use foreign::{Origin, bring};
use gather::{Read, Source, gather, problem};
use given::Given;
use kind::Kind;
use known::Known;
use landing::{Landing, Manner, Naming};
use proofs::{Proofread, Proofs};
use report::Carried;

/// What to import.
#[derive(Clone, Debug, Default)]
pub struct Import {
    /// Texts, pages, feeds, folders of them, sites and exports; `-` is standard input.
    pub sources: Vec<PathBuf>,
    /// What they are, where that is not to be found out.
    pub from: Option<Kind>,
    /// What is said of them.
    pub given: Given,
    /// How they are written.
    pub manner: Manner,
    /// Where tables are shown.
    pub screen: Screen,
}

/// How many files are read together, so that their texts are not in memory all at once.
const BATCH: usize = 64;

/// How many texts of a feed are turned into articles together.
const ENTRIES: usize = 512;

/// Imports and says what came of it. The result is the exit code; the error is in words.
pub fn run(site: &Path, request: &Import, voice: Voice) -> Result<u8, String> {
    let world = DiskWorld::new(site)?;
    let mut problems = Diagnostics::new();
    let (config, _) = read_config(&world, &mut problems);
    request.given.check(&config.zone)?;
    let mut gathered = gather(site, &request.sources, request.from);
    for source in &gathered.sources {
        check(source, request)?;
    }
    let inputs = inputs::discover(&world, &mut Diagnostics::new());
    let (register, _) = inputs.read_companies(&world, &config, &mut problems);
    let tagger = Tagger::new(&register);
    let reading = Reading {
        config: &config,
        register: &register,
        tagger: &tagger,
    };
    let is_only = matches!(gathered.sources[..], [Source::File(_) | Source::Input]);
    let given = request.given.of_one();
    if !is_only && !given.is_empty() && gathered.sources.len() > 1 {
        return Err(of_one(
            &given,
            &format!("there are {} sources", gathered.sources.len()),
        ));
    }
    let paths = inputs.article_paths();
    let mut progress = Progress::new(voice, "reading the site", paths.len());
    let known = Known::read(&world, &config, &paths, &mut |count| progress.tick(count));
    drop(progress);
    let mut session = Session {
        request,
        reading,
        landing: Landing::new(site, known, request.manner),
        progress: Progress::new(voice, "importing", 0),
        names: Names::of(&register),
        proofs: Proofs::new(voice.verbose),
        is_only,
    };
    session.landing.carried.problems.append(&mut gathered.problems);
    session.landing.carried.leave_out(gathered.left_out);
    if voice.talks() && gathered.sources.contains(&Source::Input) && io::stdin().is_terminal() {
        let _ = writeln!(
            io::stderr(),
            "paste the text, then end it with Ctrl-D on a line of its own"
        );
    }
    let done = session.all(&gathered.sources);
    let Session {
        landing,
        progress,
        mut proofs,
        names,
        ..
    } = session;
    drop(progress);
    let (mut carried, saved) = landing.finish();
    proofs.settle(&mut carried);
    let said = Said {
        proofs: &proofs,
        reading,
        names: &names,
    };
    say(&carried, said, request, voice);
    done.and(saved)?;
    Ok(match (carried.problems.is_empty(), carried.holds_anything()) {
        (true, _) => 0,
        (false, true) => 1,
        (false, false) => 2,
    })
}

/// What is to be refused of a source before anything is read. The error is in words.
fn check(source: &Source, request: &Import) -> Result<(), String> {
    let Source::Site(place, origin) = source else {
        return Ok(());
    };
    let flags = request.given.flags();
    let shown = place.display();
    if let Some(flag) = flags.first() {
        return Err(format!(
            "`{flag}` goes with texts, pages and feeds, and `{shown}` is a whole site of {}\n\
             help: import it without, and the rest in a run of its own",
            origin.name()
        ));
    }
    Ok(())
}

/// Flags that go with one article, where there are others.
fn of_one(flags: &[&str], what: &str) -> String {
    let names: Vec<String> = flags.iter().map(|flag| format!("`{flag}`")).collect();
    let verb = if flags.len() == 1 { "goes" } else { "go" };
    format!(
        "{} {verb} with one article, and {what}\nhelp: import that one by itself; `--date`, `--source-name`, `--author`, \
         `--topic` and `--draft` go with many",
        names.join(" and ")
    )
}

/// An import that is under way.
struct Session<'s> {
    request: &'s Import,
    reading: Reading<'s>,
    landing: Landing<'s>,
    progress: Progress,
    names: Names,
    proofs: Proofs,
    /// Whether one file is all that was named.
    is_only: bool,
}

impl Session<'_> {
    /// Takes all sources in, in their order. The error is in words.
    fn all(&mut self, sources: &[Source]) -> Result<(), String> {
        let files = sources
            .iter()
            .filter(|source| !matches!(source, Source::Site(..)));
        self.progress.expect(files.count());
        for batch in sources
            .chunk_by(|one, other| !matches!((one, other), (Source::Site(..), _) | (_, Source::Site(..))))
        {
            match batch {
                [Source::Site(place, origin)] => self.site(place, *origin)?,
                files => {
                    for files in files.chunks(BATCH) {
                        self.files(files)?;
                    }
                }
            }
        }
        Ok(())
    }

    /// A whole site of another generator.
    fn site(&mut self, place: &Path, origin: Origin) -> Result<(), String> {
        let home = place.canonicalize().unwrap_or_else(|_| place.to_owned());
        let (landing, progress) = (&mut self.landing, &mut self.progress);
        // What cannot be written is another matter than what cannot be read.
        let mut unwritten = None;
        let brought = bring(place, origin, self.reading, &mut |outcome| {
            match outcome {
                Outcome::Expected(count) => progress.expect(count),
                Outcome::Failed(problem) => landing.carried.problems.push(problem),
                Outcome::Came(mut post) => {
                    for origin in &mut post.origins {
                        // Without an address of its own a site is told by where it lies.
                        if origin.starts_with(' ') {
                            origin.insert_str(0, &home.to_string_lossy());
                        }
                    }
                    if let Err(why) = landing.land(*post, Naming::Settled) {
                        unwritten = Some(why);
                        return Err(String::new());
                    }
                    progress.tick(1);
                }
            }
            Ok(())
        });
        match brought {
            Ok(report) => {
                for note in report.notes {
                    self.landing.carried.notes.add(note);
                }
                self.landing.carried.leave_out(report.left_out);
                Ok(())
            }
            Err(message) => match unwritten {
                Some(why) => Err(why),
                // Whoever names several sources gets what there is in the others.
                None => {
                    self.landing.carried.problems.push(problem("", message));
                    Ok(())
                }
            },
        }
    }

    /// Files with texts, read side by side and taken in one after the other.
    fn files(&mut self, files: &[Source]) -> Result<(), String> {
        let (from, zone) = (self.request.from, &self.reading.config.zone);
        let read = |source: &Source| (source.name(), source.read(from, zone));
        let read: Vec<(String, Result<Read, Problem>)> = files.par_iter().map(read).collect();
        let mut waiting = Vec::new();
        for (name, read) in read {
            match read {
                Ok(Read::Clip(clip)) => waiting.push((name, *clip)),
                Ok(Read::Feed(bytes)) => {
                    self.clips(std::mem::take(&mut waiting), self.is_only)?;
                    self.feed(&name, &bytes)?;
                }
                Err(problem) => {
                    self.progress.tick(1);
                    self.landing.carried.problems.push(problem);
                }
            }
        }
        self.clips(waiting, self.is_only)
    }

    /// The entries of a feed, some at a time.
    fn feed(&mut self, name: &str, bytes: &[u8]) -> Result<(), String> {
        let flags = self.request.given.of_one();
        let count = match flags.is_empty() {
            true => count_entries(bytes),
            false => feed::read(bytes).map_or(1, |clips| clips.len()),
        };
        if !flags.is_empty() && count != 1 {
            return Err(of_one(&flags, &format!("`{name}` holds {count}")));
        }
        // The file itself is counted already.
        self.progress.expect(count.saturating_sub(1));
        let mut waiting: Vec<(String, Clip)> = Vec::new();
        let mut seen = 0;
        let mut unwritten = None;
        let read = feed::each(bytes, &mut |clip| {
            seen += 1;
            waiting.push((format!("{name} `{}`", clip.title), clip));
            if waiting.len() < ENTRIES {
                return Ok(());
            }
            self.clips(std::mem::take(&mut waiting), false).map_err(|why| {
                unwritten = Some(why);
                String::new()
            })
        });
        match (read, unwritten) {
            (_, Some(why)) => Err(why),
            (Err(why), None) => {
                self.landing.carried.problems.push(problem(name, why));
                self.clips(waiting, false)
            }
            (Ok(broken), None) => {
                if let Some(broken) = broken {
                    let why = format!(
                        "{broken}\nhelp: the entries before that came over, what follows did not; save the feed once more"
                    );
                    self.landing.carried.problems.push(problem(name, why));
                }
                if seen == 0 {
                    self.landing
                        .carried
                        .problems
                        .push(problem(name, "there is no entry in it"));
                }
                self.clips(waiting, self.is_only && seen == 1)
            }
        }
    }

    /// Texts, made articles side by side and taken in one after the other.
    fn clips(&mut self, clips: Vec<(String, Clip)>, is_only: bool) -> Result<(), String> {
        let (given, reading, names) = (&self.request.given, self.reading, &self.names);
        let proofread = clips.into_par_iter().map(|(name, mut clip)| {
            let left_out = std::mem::take(&mut clip.left_out);
            let post = article::article(clip, &name, given, is_only, reading);
            Proofread::of(post, left_out, reading, names)
        });
        let proofread: Vec<Proofread> = proofread.collect();
        for proofread in proofread {
            self.proofs.land(proofread, reading, &mut self.landing)?;
            self.progress.tick(1);
        }
        Ok(())
    }
}

/// About how many entries a feed has, for the bar alone.
fn count_entries(bytes: &[u8]) -> usize {
    let starts = bytes.windows(6);
    starts
        .filter(|start| *start == b"<entry" || start.starts_with(b"<item"))
        .count()
}

/// Says what came of it: for people on the output, and what is wrong on the error stream.
fn say(carried: &Carried, said: Said<'_>, request: &Import, voice: Voice) {
    // Nobody is left to tell where a stream is closed; everything has been written by then.
    let (mut out, mut err) = (io::stdout(), io::stderr());
    let _ = write!(err, "{}", carried.failures());
    let article = said.proofs.only().filter(|_| request.manner.dry_run);
    let tell = |text: &str| {
        let _ = match article {
            // The output is the article and nothing else.
            Some(_) => write!(io::stderr(), "{text}"),
            None => write!(io::stdout(), "{text}"),
        };
        let _ = io::stdout().flush();
    };
    if let Some(article) = article {
        let _ = write!(out, "{article}");
        let _ = out.flush();
        tell("\n");
    }
    let looked = said.proofs.looked(said.reading);
    if voice.talks() {
        for looked in &looked {
            tell(&looked.table(said.reading.register, request.screen));
        }
    }
    if !voice.quiet {
        let printed = said.proofs.print_dates(&looked, said.names, voice, &mut err);
        if voice.talks() && printed.unwrap_or_default() {
            let _ = writeln!(err);
        }
    }
    if voice.talks() {
        let _ = write!(err, "{}", carried.warnings());
        tell(&carried.report(request.manner, voice.verbose));
    }
}

/// What is told beside the numbers.
struct Said<'s> {
    proofs: &'s Proofs,
    reading: Reading<'s>,
    names: &'s Names,
}
