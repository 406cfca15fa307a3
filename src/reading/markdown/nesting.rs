//! What is open in the HTML at a point: Markdown containers, and in each the raw elements.
//!
//! A raw end tag closes only a raw start tag of the same container, and a container that ends
//! closes what is open in it, so the output is balanced whatever the input is.

use super::element::Element;

/// How deep elements may lie in each other. Browsers stop at 512; what is deeper loses its tags and
/// keeps its content.
const MAX_DEPTH: usize = 100;

/// One open element.
#[derive(Clone, Copy)]
pub(super) enum Open {
    /// A Markdown container; `written` is false where it lies too deep.
    Container { event: usize, written: bool },
    /// An element of raw HTML.
    Raw(&'static Element),
}

/// The open elements, outermost first.
pub(super) struct Nesting {
    open: Vec<Open>,
    written: usize,
    containers: usize,
}

impl Nesting {
    /// A document with nothing open.
    pub fn new() -> Nesting {
        Nesting {
            open: Vec::new(),
            written: 0,
            containers: 0,
        }
    }

    /// Whether one more element may be written.
    pub fn has_room(&self) -> bool {
        self.written < MAX_DEPTH
    }

    /// Opens a container that began with that event.
    pub fn enter(&mut self, event: usize, written: bool) {
        self.open.push(Open::Container { event, written });
        self.written += usize::from(written);
        self.containers += 1;
    }

    /// Opens a raw element.
    pub fn open(&mut self, element: &'static Element) {
        self.open.push(Open::Raw(element));
        self.written += 1;
    }

    /// Takes the innermost raw element of the current container.
    pub fn pop_raw(&mut self) -> Option<&'static Element> {
        let element = self.innermost_raw()?;
        self.open.pop();
        self.written -= 1;
        Some(element)
    }

    /// Leaves the current container, whose raw elements were taken before; whether it was written.
    pub fn leave(&mut self) -> bool {
        match self.open.pop() {
            Some(Open::Container { written, .. }) => {
                self.written -= usize::from(written);
                self.containers -= 1;
                written
            }
            _ => false,
        }
    }

    /// The innermost raw element of the current container.
    pub fn innermost_raw(&self) -> Option<&'static Element> {
        match self.open.last() {
            Some(Open::Raw(element)) => Some(element),
            _ => None,
        }
    }

    /// The raw elements of the current container, innermost first; at most [`MAX_DEPTH`].
    pub fn raw(&self) -> impl Iterator<Item = &'static Element> {
        self.open.iter().rev().map_while(|open| match open {
            Open::Raw(element) => Some(*element),
            Open::Container { .. } => None,
        })
    }

    /// The event that began the current container; `None` in the document itself.
    pub fn container(&self) -> Option<usize> {
        self.open.iter().rev().find_map(|open| match open {
            Open::Container { event, .. } => Some(*event),
            Open::Raw(_) => None,
        })
    }

    /// How many containers lie in each other here.
    pub fn containers(&self) -> usize {
        self.containers
    }

    /// Whether the container that a new one would lie in was written.
    pub fn parent_is_written(&self) -> bool {
        !matches!(self.open.last(), Some(Open::Container { written: false, .. }))
    }
}
