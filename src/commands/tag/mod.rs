//! `brief tag`: which companies an article names, with the sentence that shows it; and writing them down.

mod evidence;
mod json;
mod table;
mod write;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;

use super::output::Voice;
use crate::building::inputs::{self, read_config};
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics, Sources, print};
use crate::ground::path::SourcePath;
use crate::ground::world::{DiskWorld, describe, is_litter};
use crate::reading::article::{Prose, Reading, Tag};
use crate::reading::company::Register;
use crate::reading::config::{Config, FILE_NAME};
use crate::reading::front_matter::{self, Naming};
use crate::reading::markdown::{self, Visible};
use crate::reading::tagging::{Found, Tagger};

/// What `brief tag` was asked for.
#[derive(Clone, Debug, Default)]
pub struct Tagging {
    /// Articles and folders of articles; all of the site where there are none.
    pub paths: Vec<PathBuf>,
    /// A register of its own, so that no site is needed.
    pub companies: Option<PathBuf>,
    /// Whether a line of JSON is printed for each article.
    pub json: bool,
    /// Whether the companies are written into the front matter.
    pub write: bool,
    /// Whether it is only shown what would be written.
    pub dry_run: bool,
    /// Whether a key that is there already is written anew.
    pub replace: bool,
    /// From which confidence a company counts, in thousandths.
    pub least: Option<u16>,
    /// How wide the terminal is, and whether it takes bold letters.
    pub screen: Screen,
}

/// Where tables are shown.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// In columns.
    pub width: usize,
    /// Whether it takes bold letters.
    pub has_styles: bool,
    /// Whether it is a terminal, which would obey what a text tells it.
    pub is_terminal: bool,
}

impl Default for Screen {
    fn default() -> Screen {
        Screen {
            width: 100,
            has_styles: false,
            is_terminal: false,
        }
    }
}

/// A file to look at.
#[derive(Clone)]
struct File {
    /// As it is named to people and in diagnostics.
    path: SourcePath,
    /// On the disk.
    place: PathBuf,
}

/// An article with what was found in it.
struct Tagged {
    file: File,
    text: String,
    naming: Naming,
    standfirst: String,
    visible: Visible,
    /// Everything that was found, whatever the confidence.
    found: Vec<Found>,
    /// What the site shows.
    tags: Vec<Tag>,
    problems: Diagnostics,
}

/// Looks at articles and says, or writes, what is found. The result is the exit code.
pub fn run(site: &Path, request: &Tagging, voice: Voice) -> io::Result<u8> {
    let mut problems = Diagnostics::new();
    let (config, register, files) = match &request.companies {
        Some(register) => {
            let register = read_register(register, &mut problems)?;
            (Config::default_settings(), register, of_folders(&request.paths)?)
        }
        None => {
            let world = DiskWorld::new(site).map_err(io::Error::other)?;
            let (config, _) = read_config(&world, &mut problems);
            let inputs = inputs::discover(&world, &mut Diagnostics::new());
            let (register, _) = inputs.read_companies(&world, &config, &mut problems);
            let files = of_site(&world, &inputs.article_paths(), &request.paths)?;
            (config, register, files)
        }
    };
    let mut shown = Shown::default();
    if register.is_empty() && !problems.has_errors() {
        let problem = Diagnostic::new(Code::EmptyRegister, "there is no company to look for");
        problems.push(
            problem.help("add one with `brief new company NAME`, or name a register with `--companies`"),
        );
    }
    // What is wrong with one entry keeps nobody from seeing what the others find; but nothing is written then.
    let writes = request.write || request.dry_run;
    if register.is_empty() || writes && problems.has_errors() {
        return report(problems, &shown, voice);
    }
    let tagger = Tagger::new(&register);
    let with = Reading {
        config: &config,
        register: &register,
        tagger: &tagger,
    };
    if writes && !config.companies.detect {
        let message = "this site does not show the companies that are found, so there are none to write down";
        let problem = Diagnostic::new(Code::NotEdited, message);
        let problem = match SourcePath::new(FILE_NAME) {
            Some(settings) => problem.in_file(&settings),
            None => problem,
        };
        problems.push(problem.help("write `companies: {detect: on}` in brief.yaml"));
        return report(problems, &shown, voice);
    }
    let mut out = io::stdout().lock();
    let mut written = write::Written::default();
    let mut handle = |file: io::Result<Tagged>| -> io::Result<()> {
        let mut article = file?;
        if !article.problems.has_errors() {
            if writes {
                match write::write(&article, request, &register, &mut out)? {
                    Ok(did) => written.add(did),
                    Err(problem) => article.problems.push(problem),
                }
            } else if request.json {
                json::print(&article, request, &register, &mut out)?;
            } else {
                table::print(&article, request, &register, &mut out)?;
            }
        }
        if !article.problems.is_empty() {
            shown.0.push((article.file.path, article.text.into()));
            problems.extend(article.problems);
        }
        Ok(())
    };
    // A batch after the other, so that the texts of a large site are not in memory all at once.
    let mut done = Ok(());
    for batch in files.chunks(BATCH) {
        let articles: Vec<io::Result<Tagged>> = batch.par_iter().map(|file| tagged(file, with)).collect();
        done = articles.into_iter().try_for_each(&mut handle);
        if done.is_err() {
            break;
        }
    }
    // What was written is said even where the disk then refused more.
    if writes && voice.talks() {
        written.tell(request.dry_run)?;
    }
    let code = report(problems, &shown, voice)?;
    done.map(|()| code)
}

/// How many articles are looked at together.
const BATCH: usize = 1024;

/// The texts that diagnostics show lines of.
#[derive(Default)]
struct Shown(Vec<(SourcePath, Arc<str>)>);

impl Sources for Shown {
    fn source(&self, path: &SourcePath) -> Option<Arc<str>> {
        let known = self.0.iter().find(|(own, _)| own == path);
        known.map(|(_, text)| text.clone())
    }
}

fn report(problems: Diagnostics, shown: &Shown, voice: Voice) -> io::Result<u8> {
    let problems = problems.sorted();
    print(
        &problems,
        voice.format,
        shown,
        voice.colour,
        &mut io::stderr().lock(),
    )?;
    Ok(voice.exit_code(&problems))
}

/// A text that is no article of the site yet, and the companies in it.
pub struct Looked(Tagged);

impl Looked {
    /// Looks at the text of a file that is to be an article.
    pub fn at(path: SourcePath, text: String, with: Reading<'_>) -> Looked {
        let file = File {
            place: PathBuf::new(),
            path,
        };
        Looked(understood(file, text, with, Diagnostics::new()))
    }

    /// The text that readers see.
    pub fn visible(&self) -> &Visible {
        &self.0.visible
    }

    /// The names of the companies that the site will show, the most important first.
    pub fn companies(&self) -> impl Iterator<Item = &str> {
        self.0.tags.iter().map(|tag| &*tag.name)
    }

    /// The table that `brief tag` prints.
    pub fn table(&self, register: &Register, screen: Screen) -> String {
        let request = Tagging {
            screen,
            ..Tagging::default()
        };
        let mut table = Vec::new();
        // Nothing refuses to be written to memory.
        let _ = table::print(&self.0, &request, register, &mut table);
        String::from_utf8_lossy(&table).into_owned()
    }
}

fn tagged(file: &File, with: Reading<'_>) -> io::Result<Tagged> {
    let mut problems = Diagnostics::new();
    let bytes = fs::read(&file.place).map_err(|error| unreadable(&file.place, &error))?;
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            problems.push(
                Diagnostic::new(Code::InvalidUtf8, "the file is not valid UTF-8")
                    .in_file(&file.path)
                    .help("save it as UTF-8 in your editor"),
            );
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        }
    };
    Ok(understood(file.clone(), text, with, problems))
}

fn understood(file: File, text: String, with: Reading<'_>, mut problems: Diagnostics) -> Tagged {
    let split = front_matter::split(&file.path, &text, &mut problems);
    let naming = front_matter::decode_naming(&file.path, &split, with.config, &mut problems);
    let options = with.config.markdown;
    let standfirst = naming
        .summary
        .as_ref()
        .map_or(String::new(), |summary| Prose::of_value(summary, options).1);
    let visible = markdown::parse(split.body, split.body_start, options).visible;
    let found = with.detect(&naming.title, &standfirst, &visible);
    let (tags, _) = with.tags(&naming.companies, &found);
    Tagged {
        file,
        text,
        naming,
        standfirst,
        visible,
        found,
        tags,
        problems,
    }
}

fn read_register(file: &Path, problems: &mut Diagnostics) -> io::Result<Register> {
    let text = fs::read_to_string(file).map_err(|error| unreadable(file, &error))?;
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    let path = SourcePath::new(&name).ok_or_else(|| io::Error::other(format!("`{name}` is no file name")))?;
    Ok(Register::parse(&path, &text, problems))
}

/// The Markdown files of folders that are no site, by their paths below the folder.
fn of_folders(paths: &[PathBuf]) -> io::Result<Vec<File>> {
    let mut files = Vec::new();
    let here = [PathBuf::from(".")];
    for folder in if paths.is_empty() { &here[..] } else { paths } {
        if folder.is_file() {
            files.extend(File::below(folder.parent().unwrap_or(folder), folder));
            continue;
        }
        // What is hidden belongs to programs, and the folder asked for may well be hidden itself.
        let is_shown = |entry: &walkdir::DirEntry| {
            entry.depth() == 0 || !is_litter(&entry.file_name().to_string_lossy())
        };
        let found = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter();
        for entry in found.filter_entry(is_shown) {
            let entry = entry.map_err(|error| {
                let place = error.path().unwrap_or(folder).to_owned();
                unreadable(&place, &error.into())
            })?;
            let is_article = |file: &File| matches!(file.path.extension().as_str(), "md" | "markdown");
            if entry.file_type().is_file() {
                files.extend(File::below(folder, entry.path()).filter(is_article));
            }
        }
    }
    Ok(files)
}

impl File {
    fn below(folder: &Path, place: &Path) -> Option<File> {
        let below = place.strip_prefix(folder).ok()?;
        let path = below.to_string_lossy().replace('\\', "/");
        Some(File {
            path: SourcePath::new(&path)?,
            place: place.to_owned(),
        })
    }
}

/// The articles of a site that are asked for: by their paths from here, or from the site's folder.
fn of_site(world: &DiskWorld, articles: &[SourcePath], paths: &[PathBuf]) -> io::Result<Vec<File>> {
    let root = world.canonical_root();
    let mut wanted = Vec::new();
    for path in paths {
        let place = [path.clone(), root.join(path)]
            .iter()
            .find_map(|path| path.canonicalize().ok());
        let place = place.ok_or_else(|| {
            io::Error::other(format!(
                "there is no `{}`\nhelp: name an article or a folder of articles, such as content/articles",
                path.display()
            ))
        })?;
        let before = wanted.len();
        let of_site = articles
            .iter()
            .filter(|article| root.join(article.as_str()).starts_with(&place));
        wanted.extend(of_site.cloned());
        if wanted.len() == before {
            return Err(io::Error::other(format!(
                "`{}` is no article of this site\nhelp: articles lie in content/articles; for other folders name a register with `--companies`",
                path.display()
            )));
        }
    }
    if paths.is_empty() {
        wanted = articles.to_vec();
    }
    wanted.sort();
    wanted.dedup();
    let file = |path: SourcePath| File {
        place: root.join(path.as_str()),
        path,
    };
    Ok(wanted.into_iter().map(file).collect())
}

fn unreadable(file: &Path, error: &io::Error) -> io::Error {
    io::Error::other(format!(
        "`{}` cannot be read: {}",
        file.display(),
        describe(error)
    ))
}
