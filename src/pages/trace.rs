//! Traces: what a page asks while it is rendered, and whether it would be answered the same today.
//!
//! A template function cannot see which page it works for (a component sees its arguments only), so
//! the page stands in a thread-local frame while it is rendered. A render must therefore stay on
//! its thread: no parallel work inside a template function.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

use tera::Value;

use crate::ground::encoding::{Decode, Decoder, Encode, Encoder};
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;
use crate::meaning::question::Question;
use crate::meaning::site::Site;

/// Every question a page asked, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trace {
    /// The questions, sorted.
    pub questions: Vec<Question>,
}

struct Frame {
    site: Arc<Site>,
    /// The questions so far. One asked twice on a page is answered once; of those that Rust code asks
    /// and answers itself only the asking is kept.
    answers: BTreeMap<Question, Option<Value>>,
}

thread_local! {
    static FRAMES: RefCell<Vec<Frame>> = const { RefCell::new(Vec::new()) };
}

/// Takes the frame off again, also when rendering unwinds.
struct Guard;

impl Drop for Guard {
    fn drop(&mut self) {
        FRAMES.with_borrow_mut(Vec::pop);
    }
}

/// Runs `render` as the rendering of one page and returns what it asked.
pub fn record<T>(site: &Arc<Site>, render: impl FnOnce() -> T) -> (T, Trace) {
    FRAMES.with_borrow_mut(|frames| {
        frames.push(Frame {
            site: site.clone(),
            answers: BTreeMap::new(),
        })
    });
    let guard = Guard;
    let rendered = render();
    let questions = FRAMES.with_borrow_mut(|frames| {
        frames
            .last_mut()
            .map(|frame| std::mem::take(&mut frame.answers).into_keys().collect())
    });
    drop(guard);
    (
        rendered,
        Trace {
            questions: questions.unwrap_or_default(),
        },
    )
}

/// Asks the site of the page that is being rendered; `None` outside of a rendering.
pub fn ask(question: Question) -> Option<Value> {
    FRAMES.with_borrow_mut(|frames| {
        let frame = frames.last_mut()?;
        let Frame { site, answers } = frame;
        if let Some(Some(answer)) = answers.get(&question) {
            return Some(answer.clone());
        }
        let answer = site.answer(&question);
        answers.insert(question, Some(answer.clone()));
        Some(answer)
    })
}

/// Records a question that Rust code asks and answers itself, as feeds do.
pub fn note(question: Question) {
    FRAMES.with_borrow_mut(|frames| {
        if let Some(frame) = frames.last_mut() {
            frame.answers.entry(question).or_insert(None);
        }
    });
}

/// A trace and the fingerprints of the answers, encoded: there is one for every page.
///
/// Questions about the page's own source file, which are most, are written without its path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SealedTrace(Box<[u8]>);

impl SealedTrace {
    /// The questions and the fingerprints of their answers, one after the other; `None` for bytes
    /// that are no trace. `own` is the page's own source file.
    pub fn answers<'t>(
        &'t self,
        own: Option<&'t SourcePath>,
    ) -> impl Iterator<Item = Option<(Question, Fingerprint)>> + 't {
        let mut decoder = Decoder::new(&self.0);
        std::iter::from_fn(move || {
            if decoder.is_done() {
                return None;
            }
            let answer = SealedTrace::answer(&mut decoder, own);
            if answer.is_none() {
                // What follows cannot be told from this.
                decoder = Decoder::new(&[]);
            }
            Some(answer)
        })
    }

    fn answer(decoder: &mut Decoder<'_>, own: Option<&SourcePath>) -> Option<(Question, Fingerprint)> {
        let question = Question::decode(decoder)?;
        let is_own = question.path().is_some_and(|path| path.as_str().is_empty());
        let question = if is_own { question.about(own?) } else { question };
        Some((question, Fingerprint::decode(decoder)?))
    }
}

impl Encode for SealedTrace {
    fn encode(&self, to: &mut Encoder) {
        to.bytes(&self.0);
    }
}

impl Decode for SealedTrace {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        from.bytes().map(|bytes| SealedTrace(bytes.into()))
    }
}

/// What a site answers today, by fingerprint.
#[derive(Debug)]
pub struct Today<'s> {
    site: &'s Site,
    known: Arc<Known>,
    /// A kind of question that is left out of traces.
    unsealed: Option<&'static str>,
}

/// Answers that several pages ask for, by fingerprint, each found once. They hold for one state of one
/// site.
pub type Known = RwLock<HashMap<Question, Fingerprint>>;

impl Today<'_> {
    /// What this site answers.
    pub fn new(site: &Site) -> Today<'_> {
        Today::with(site, Arc::default())
    }

    /// What this site answers, and what of that was found already while it was as it is.
    pub fn with(site: &Site, known: Arc<Known>) -> Today<'_> {
        Today {
            site,
            known,
            unsealed: None,
        }
    }

    /// Leaves a kind of question out of traces, for a test of what that breaks.
    #[doc(hidden)]
    pub fn without(self, unsealed: Option<&'static str>) -> Self {
        Today { unsealed, ..self }
    }

    /// Adds today's fingerprints to a trace.
    pub fn seal(&self, trace: &Trace, own: Option<&SourcePath>) -> SealedTrace {
        let mut encoder = Encoder::new();
        let root = SourcePath::root();
        let is_sealed = |question: &&Question| self.unsealed != Some(question.name());
        for question in trace.questions.iter().filter(is_sealed) {
            let is_own = own.is_some() && question.path() == own;
            match is_own {
                true => question.about(&root).encode(&mut encoder),
                false => question.encode(&mut encoder),
            }
            self.fingerprint(question, is_own).encode(&mut encoder);
        }
        SealedTrace(encoder.into_bytes().into())
    }

    /// The first question of a trace that has another answer today; `Ok` where every one has the
    /// same.
    pub fn verify(&self, trace: &SealedTrace, own: Option<&SourcePath>) -> Result<(), Changed> {
        for answer in trace.answers(own) {
            let (question, fingerprint) = answer.ok_or(Changed::Unknown)?;
            let is_own = own.is_some() && question.path() == own;
            if self.fingerprint(&question, is_own) != fingerprint {
                return Err(Changed::Answer(question));
            }
        }
        Ok(())
    }

    fn fingerprint(&self, question: &Question, is_own: bool) -> Fingerprint {
        if is_own {
            // Nobody else is likely to ask.
            return self.site.fingerprint(question);
        }
        let known = || self.known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(fingerprint) = known().get(question) {
            return *fingerprint;
        }
        let fingerprint = self.site.fingerprint(question);
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(question.clone(), fingerprint);
        fingerprint
    }
}

/// Why a trace does not hold any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// This question has another answer.
    Answer(Question),
    /// The trace cannot be read.
    Unknown,
}
