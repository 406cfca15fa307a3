//! The darkroom: where pictures get their other sizes and formats, and where those are kept.
//!
//! To encode a picture takes longer than all pages of a small site. What came of it is kept in
//! `.brief/images/`, under a name made of the picture's content and of all that decides what comes of it, so
//! that nothing in it is ever out of date: other content has another name. Builds and servers share it,
//! whatever their output; `--clean` keeps it, since it holds nothing that is known of the last build. The
//! folder may be deleted at any time.
//!
//! An entry is written beside its place and renamed. It begins with the fingerprint of what follows; one
//! that does not match is made again. Every output has a list of what it uses, and what stands in no list
//! is removed.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::fs;
use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};

use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::encoding::{Encode, encoded};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;
use crate::ground::world::{Stamp, World};
use crate::meaning::rendition::Rendition;
use crate::meaning::site::Site;
use crate::pages::card::{self, CardText};
use crate::pages::plan::Plan;
use crate::pages::subject::Subject;
use crate::reading::asset::{self, Format, MAX_PIXELS};
use crate::reading::metadata;
use crate::reading::raster::{self, Pixels};

/// What pictures are made with: the crates and the code that decode, shrink and encode them.
const ENCODERS: &str = env!("BRIEF_ENCODERS");

/// The largest file that is read to decode it or to strip it of what it tells beside the picture.
const MAX_FILE_BYTES: u64 = 256 * 1024 * 1024;

/// Pictures with more pixels than this are decoded one after the other, for the sake of memory.
const MANY_PIXELS: u64 = 16_000_000;

/// How many decoded pictures are kept for their next size. The sizes of one are asked for together.
const DECODED: usize = 4;

/// The list of what an output uses, in the folder for what is known of it.
const LIST: &str = "images";

/// Where pictures get their other sizes.
#[derive(Debug)]
pub struct Darkroom {
    /// Where what was made is kept; nowhere for those who keep nothing.
    folder: Option<PathBuf>,
    /// The contents of pictures, as long as their files have these stamps.
    contents: Mutex<HashMap<SourcePath, (Stamp, Fingerprint)>>,
    decoded: Mutex<VecDeque<(Key, Arc<Decoded>)>>,
    /// Held while a very large picture is decoded.
    large: Mutex<()>,
    /// How many more pictures may be worked on now.
    free: (Mutex<usize>, Condvar),
    /// What is wrong with pictures, in words.
    problems: Mutex<BTreeMap<SourcePath, (Stamp, String)>>,
}

/// A picture at its widest: its content and its width.
type Key = (Fingerprint, u32);

/// What came of decoding, for all who wait for it.
type Decoded = OnceLock<Result<Pixels, String>>;

/// What decides the bytes of a rendition.
struct Recipe {
    content: Fingerprint,
    rendition: Rendition,
    encoders: String,
}

encoded!(struct Recipe { content, rendition, encoders });

/// The file of a rendition.
#[derive(Clone, Debug)]
pub struct Made {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether the picture itself stands in, because it could not be decoded.
    pub is_stand_in: bool,
}

impl Darkroom {
    /// One that keeps what it makes in the folder of a site for what is known of it.
    pub fn at(state: &Path) -> Darkroom {
        Darkroom::new(Some(state.join("images")), rayon::current_num_threads())
    }

    /// The same for a server, which leaves half of the machine to the pages.
    pub fn of_server(state: &Path) -> Darkroom {
        Darkroom::new(Some(state.join("images")), rayon::current_num_threads() / 2)
    }

    /// One that keeps nothing.
    pub fn without_shelves() -> Darkroom {
        Darkroom::new(None, rayon::current_num_threads())
    }

    fn new(folder: Option<PathBuf>, places: usize) -> Darkroom {
        Darkroom {
            folder,
            contents: Mutex::default(),
            decoded: Mutex::default(),
            large: Mutex::default(),
            free: (Mutex::new(places.max(1)), Condvar::new()),
            problems: Mutex::default(),
        }
    }

    /// The file of a rendition, from where it is kept or made just now. Where the picture cannot be
    /// decoded it stands in itself, which browsers make the best of, and the problem is noted.
    pub fn rendition(
        &self,
        world: &dyn World,
        path: &SourcePath,
        stamp: Stamp,
        rendition: Rendition,
    ) -> Result<Made, Diagnostic> {
        if let Some(content) = self.known_content(path, stamp)
            && let Some(bytes) = self.kept(&name(content, rendition))
        {
            return Ok(Made {
                bytes,
                is_stand_in: false,
            });
        }
        let file = read(world, path)?;
        let content = Fingerprint::of(&file);
        lock(&self.contents).insert(path.clone(), (stamp, content));
        if let Some(bytes) = self.kept(&name(content, rendition)) {
            return Ok(Made {
                bytes,
                is_stand_in: false,
            });
        }
        match self.develop(&file, content, rendition) {
            Ok(bytes) => {
                // Without room for it the next build is a slow one, and that is all.
                let _ = self.keep(&name(content, rendition), &bytes);
                Ok(Made {
                    bytes,
                    is_stand_in: false,
                })
            }
            Err(problem) => {
                self.note(path, stamp, problem);
                Ok(Made {
                    bytes: metadata::without(&file).into_owned(),
                    is_stand_in: true,
                })
            }
        }
    }

    /// A card, from where it is kept or drawn just now.
    pub fn card(&self, text: &CardText) -> Result<Vec<u8>, Diagnostic> {
        let name = card_name(text);
        if let Some(bytes) = self.kept(&name) {
            return Ok(bytes);
        }
        let drawn = {
            let _place = self.enter();
            card::draw(text)
        };
        let bytes = drawn.map_err(|why| {
            let message = format!("the card of \"{}\" cannot be drawn: {why}", text.headline);
            Diagnostic::new(Code::BrokenPicture, message)
        })?;
        // Without room for it the next build draws it again, and that is all.
        let _ = self.keep(&name, &bytes);
        Ok(bytes)
    }

    /// Finds out whether a rendition could be made, without making it.
    pub fn examine(
        &self,
        world: &dyn World,
        path: &SourcePath,
        stamp: Stamp,
        rendition: Rendition,
    ) -> Result<(), Diagnostic> {
        if self.is_known(path, stamp) {
            return Ok(());
        }
        let file = read(world, path)?;
        let content = Fingerprint::of(&file);
        if self.kept(&name(content, rendition)).is_none()
            && let Err(problem) = ready(&self.decoded(&file, content, rendition.widest))
        {
            self.note(path, stamp, problem);
        }
        lock(&self.contents).insert(path.clone(), (stamp, content));
        Ok(())
    }

    /// Whether a picture was looked at already, for a rendition or to examine it.
    pub fn is_known(&self, path: &SourcePath, stamp: Stamp) -> bool {
        self.known_content(path, stamp).is_some()
    }

    /// What is wrong with the pictures of a site as they are now.
    pub fn problems(&self, site: &Site, plan: &Plan) -> Diagnostics {
        let mut found = Diagnostics::new();
        let problems = lock(&self.problems);
        if problems.is_empty() {
            return found;
        }
        let shown: BTreeSet<&SourcePath> = shown(plan).map(|(path, _)| path).collect();
        for (path, (stamp, why)) in problems.iter() {
            let is_same = site.assets.get(path).is_some_and(|asset| asset.stamp == *stamp);
            if is_same && shown.contains(path) {
                found.push(broken(path, why));
            }
        }
        found
    }

    fn note(&self, path: &SourcePath, stamp: Stamp, problem: String) {
        lock(&self.problems).insert(path.clone(), (stamp, problem));
    }

    /// Makes a rendition.
    fn develop(&self, file: &[u8], content: Fingerprint, rendition: Rendition) -> Result<Vec<u8>, String> {
        let _place = self.enter();
        let decoded = self.decoded(file, content, rendition.widest);
        let widest = ready(&decoded)?;
        let bytes = unharmed(|| {
            let pixels = match rendition.width == rendition.widest {
                true => widest,
                false => &widest.resized(rendition.width),
            };
            pixels.encoded(rendition.format)
        })?;
        // A drawing of few colours has many once it is made smaller. Then it is the smaller file as it is, and
        // the sharper picture too.
        if rendition.format == Format::Avif || bytes.len() < file.len() {
            return Ok(bytes);
        }
        let own = metadata::without(file);
        Ok(if own.len() <= bytes.len() {
            own.into_owned()
        } else {
            bytes
        })
    }

    /// A picture at its widest, decoded once for all who ask for it at about the same time.
    fn decoded(&self, file: &[u8], content: Fingerprint, width: u32) -> Arc<Decoded> {
        let key = (content, width);
        let decoded = {
            let mut known = lock(&self.decoded);
            match known.iter().find(|(other, _)| *other == key) {
                Some((_, decoded)) => decoded.clone(),
                None => {
                    let decoded = Arc::new(Decoded::new());
                    known.push_front((key, decoded.clone()));
                    known.truncate(DECODED);
                    decoded
                }
            }
        };
        decoded.get_or_init(|| {
            let head = &file[..file.len().min(metadata::HEAD_BYTES)];
            let size = asset::shape("", head).dimensions;
            let is_large = size.is_some_and(|size| size.pixels() > MANY_PIXELS);
            let _alone = is_large.then(|| lock(&self.large));
            unharmed(|| raster::picture(file, width))
        });
        decoded
    }

    /// Waits until few enough pictures are worked on. In a build that is at once, since there are no more
    /// threads than places.
    fn enter(&self) -> Place<'_> {
        let (free, freed) = &self.free;
        let mut places = lock(free);
        while *places == 0 {
            places = freed.wait(places).unwrap_or_else(PoisonError::into_inner);
        }
        *places -= 1;
        Place(self)
    }

    fn known_content(&self, path: &SourcePath, stamp: Stamp) -> Option<Fingerprint> {
        let contents = lock(&self.contents);
        let (seen, content) = contents.get(path)?;
        (*seen == stamp).then_some(*content)
    }

    fn kept(&self, name: &str) -> Option<Vec<u8>> {
        let place = self.folder.as_ref()?.join(name);
        let mut bytes = fs::read(place).ok()?;
        let (seal, rest) = bytes.split_first_chunk::<SEAL>()?;
        if *seal != seal_of(rest) {
            return None;
        }
        bytes.drain(..SEAL);
        Some(bytes)
    }

    fn keep(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        fs::create_dir_all(folder)?;
        let place = folder.join(name);
        // Whoever else writes there at the same time writes the same.
        let beside = place.with_added_extension("new");
        let written = fs::File::create(&beside).and_then(|mut file| {
            file.write_all(&seal_of(bytes))?;
            file.write_all(bytes)
        });
        let placed = written.and_then(|()| fs::rename(&beside, &place));
        if placed.is_err() {
            let _ = fs::remove_file(&beside);
        }
        placed
    }

    /// Writes down what an output uses and removes what no output does. `state` is the folder for what is
    /// known of the output.
    pub fn sweep(&self, site: &Site, plan: &Plan, state: &Path) {
        let Some(folder) = &self.folder else {
            return;
        };
        // What could not be removed now can be after the next build.
        let _ = self.sweep_folder(folder, site, plan, state);
    }

    fn sweep_folder(&self, folder: &Path, site: &Site, plan: &Plan, state: &Path) -> io::Result<()> {
        let list = state.join(LIST);
        let before = fs::read_to_string(&list).unwrap_or_default();
        let after = self.list(site, plan, &before);
        if after != before {
            fs::create_dir_all(state)?;
            fs::write(&list, &after)?;
        }
        if !folder.is_dir() {
            return Ok(());
        }
        let mut used: BTreeSet<String> = names(&after);
        let outputs = state
            .parent()
            .into_iter()
            .flat_map(fs::read_dir)
            .flatten()
            .flatten();
        for output in outputs {
            used.extend(names(
                &fs::read_to_string(output.path().join(LIST)).unwrap_or_default(),
            ));
        }
        for entry in fs::read_dir(folder)?.flatten() {
            let name = entry.file_name();
            let is_ours = name.to_str().is_some_and(is_name);
            if is_ours && !name.to_str().is_some_and(|name| used.contains(name)) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// A line for every rendition and card of a plan: its name here, and its picture. Of pictures that were not
    /// looked at in this build the content is known from the list before.
    fn list(&self, site: &Site, plan: &Plan, before: &str) -> String {
        let mut contents: HashMap<&str, Fingerprint> = HashMap::new();
        for line in before.lines() {
            if let Some((name, path)) = line.split_once(' ')
                && let Some(content) = name.get(..32).and_then(Fingerprint::parse)
            {
                contents.insert(path, content);
            }
        }
        let looked_at = lock(&self.contents);
        let mut list = String::new();
        for (path, rendition) in shown(plan) {
            let content = looked_at.get(path).map(|(_, content)| *content);
            if let Some(content) = content.or_else(|| contents.get(path.as_str()).copied()) {
                list.push_str(&format!("{} {path}\n", name(content, rendition)));
            }
        }
        for planned in plan.pages() {
            if let Subject::Card(card) = &planned.subject {
                list.push_str(&format!(
                    "{} {}\n",
                    card_name(&CardText::of(site, card)),
                    planned.url
                ));
            }
        }
        list
    }
}

/// How many bytes tell that the rest of an entry is whole.
const SEAL: usize = 32;

fn seal_of(bytes: &[u8]) -> [u8; SEAL] {
    let mut seal = [0; SEAL];
    seal.copy_from_slice(Fingerprint::of(bytes).to_string().as_bytes());
    seal
}

/// The name of an entry: the picture's content, then what it was made with.
fn name(content: Fingerprint, rendition: Rendition) -> String {
    let recipe = Recipe {
        content,
        rendition,
        encoders: ENCODERS.to_owned(),
    };
    let recipe = Fingerprint::of_encoded(|encoder| recipe.encode(encoder));
    format!("{content}-{}.{}", recipe.short(16), rendition.format.extension())
}

/// The name of a card's entry: what stands on the card, then what it is drawn with.
fn card_name(text: &CardText) -> String {
    let content = Fingerprint::of_encoded(|encoder| text.encode(encoder));
    format!("{content}-{}.png", Fingerprint::of(ENCODERS).short(16))
}

/// Whether a file here is an entry.
fn is_name(name: &str) -> bool {
    let is_digits =
        |text: Option<&str>| text.is_some_and(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_digits(name.get(..32)) && name.get(32..33) == Some("-") && is_digits(name.get(33..49))
}

fn names(list: &str) -> BTreeSet<String> {
    let lines = list.lines();
    lines
        .filter_map(|line| line.split_once(' '))
        .map(|(name, _)| name.to_owned())
        .collect()
}

/// A place at work, given back at the end.
struct Place<'d>(&'d Darkroom);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let (free, freed) = &self.0.free;
        *lock(free) += 1;
        freed.notify_one();
    }
}

/// What came of decoding.
fn ready(decoded: &Decoded) -> Result<&Pixels, String> {
    match decoded.get() {
        Some(Ok(pixels)) => Ok(pixels),
        Some(Err(problem)) => Err(problem.clone()),
        None => Err("nobody decoded it".to_owned()),
    }
}

/// Does something with a file that may be made to make a decoder stumble.
fn unharmed<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|_| Err("brief stumbled over it".to_owned()))
}

/// The bytes of a picture that is copied, without what it tells beside the picture. `None` for a file that
/// is copied as it is.
pub fn stripped(world: &dyn World, path: &SourcePath, stamp: Stamp) -> Option<Result<Vec<u8>, Diagnostic>> {
    let is_own = path.below("static").is_none() && asset::has_metadata(&path.extension());
    if !is_own || stamp.size > MAX_FILE_BYTES {
        return None;
    }
    let file = match read(world, path) {
        Ok(file) => file,
        Err(problem) => return Some(Err(problem)),
    };
    let bytes = match metadata::without(&file) {
        std::borrow::Cow::Owned(bytes) => bytes,
        std::borrow::Cow::Borrowed(_) => file,
    };
    Some(Ok(bytes))
}

fn read(world: &dyn World, path: &SourcePath) -> Result<Vec<u8>, Diagnostic> {
    let file = world.read(path, MAX_FILE_BYTES).map_err(|why| {
        Diagnostic::new(Code::UnreadableFile, format!("`{path}` cannot be read: {why}")).in_file(path)
    })?;
    // One byte more is read where there are more.
    if u64::try_from(file.len()).is_ok_and(|length| length > MAX_FILE_BYTES) {
        let megabytes = MAX_FILE_BYTES / 1024 / 1024;
        let message = format!("the picture `{path}` is larger than {megabytes} MB");
        return Err(Diagnostic::new(Code::FileTooLarge, message).in_file(path));
    }
    Ok(file)
}

/// The renditions of a plan, with their pictures.
pub fn shown(plan: &Plan) -> impl Iterator<Item = (&SourcePath, Rendition)> {
    plan.pages().filter_map(|planned| match &planned.subject {
        Subject::Rendition(path, rendition) => Some((path, *rendition)),
        _ => None,
    })
}

/// Reports pictures that are shown and too large to be decoded.
pub fn check(site: &Site, plan: &Plan, found: &mut Diagnostics) {
    let mut reported = BTreeSet::new();
    for planned in plan.pages() {
        let Subject::Copy(path) = &planned.subject else {
            continue;
        };
        let is_own = path.below("static").is_none() && asset::has_metadata(&path.extension());
        let size = site.assets.get(path).and_then(|asset| asset.shape.dimensions);
        if let Some(size) = size.filter(|size| is_own && size.pixels() > MAX_PIXELS)
            && reported.insert(path)
        {
            let (width, height) = (size.width, size.height);
            let message = format!("the picture `{path}` is {width} by {height} pixels large");
            found.push(
                Diagnostic::new(Code::HugePicture, message)
                    .in_file(path)
                    .help("make it smaller: readers get it as it is, in no other size"),
            );
        }
    }
}

fn broken(path: &SourcePath, why: &str) -> Diagnostic {
    let message = format!(
        "the picture `{path}` cannot be decoded: {}",
        why.trim_end_matches('.')
    );
    Diagnostic::new(Code::BrokenPicture, message)
        .in_file(path)
        .help("readers get the file as it is, and their browsers make of it what they can")
}

/// What is locked here is whole at any moment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
