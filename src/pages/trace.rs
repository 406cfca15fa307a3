//! Traces: what a page asks while it is rendered.
//!
//! A template function cannot see which page it works for (a component sees its arguments only), so
//! the page stands in a thread-local frame while it is rendered. A render must therefore stay on
//! its thread: no parallel work inside a template function.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use tera::Value;

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
