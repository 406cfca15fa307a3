//! Feeds as clips: RSS of all versions, Atom and JSON Feed, one clip for each entry.
//!
//! Feeds are read with the XML reader that writes this program's own: crates for feeds turn every date into UTC, tell no
//! line where a feed is broken, and give nothing of one that is. Entries before a break are taken over.

mod entry;
mod json;
mod xml;

use rayon::prelude::*;

use self::entry::{Channel, Entry};
use super::clip::Clip;
use super::foreign::post::Note;
use super::page::decode;

/// The largest feed, in bytes.
const MAX_FEED: usize = 256 << 20;

/// How many entries are turned into clips at once, on all cores.
const BATCH: usize = 512;

/// What is called at fault in notes: a feed has no name of its own here.
const FEED: &str = "feed";

/// Whether bytes are a feed.
pub fn is_feed(bytes: &[u8]) -> bool {
    let (head, _) = decode(&bytes[..bytes.len().min(4096)]);
    let head = head.trim_start();
    if head.starts_with('{') {
        return head.contains("jsonfeed.org/version");
    }
    xml::root(head).is_some_and(|root| matches!(root.as_str(), "rss" | "feed" | "RDF"))
}

/// Reads a feed. The error is in words, with line and column.
///
/// A feed that breaks off gives the entries before that; the last of them has the note.
pub fn read(bytes: &[u8]) -> Result<Vec<Clip>, String> {
    let mut clips = Vec::new();
    let broken = each(bytes, &mut |clip| {
        clips.push(clip);
        Ok(())
    })?;
    if let (Some(broken), Some(last)) = (broken, clips.last_mut()) {
        let note = Note::whole(
            FEED,
            "broken feed",
            "the entries before that came over, what follows did not",
        );
        last.notes.push(note.about(broken));
    }
    Ok(clips)
}

/// The same, one clip at a time, in the order of the feed. Of one that breaks off after some entries the result says
/// where and why.
pub fn each(
    bytes: &[u8],
    hand_on: &mut dyn FnMut(Clip) -> Result<(), String>,
) -> Result<Option<String>, String> {
    if bytes.len() > MAX_FEED {
        return Err(format!(
            "the feed is larger than {} MiB\nhelp: divide it, and import its parts",
            MAX_FEED >> 20
        ));
    }
    let (text, _) = decode(bytes);
    let mut desk = Desk {
        waiting: Vec::with_capacity(BATCH),
        count: 0,
        hand_on,
    };
    let broken = if text.trim_start().starts_with('{') {
        json::read(&text, &mut desk)?
    } else {
        xml::read(&text, &mut desk)?
    };
    desk.finish(broken)
}

/// Where entries become clips.
pub struct Desk<'d> {
    waiting: Vec<(Entry, Channel)>,
    count: usize,
    hand_on: &'d mut dyn FnMut(Clip) -> Result<(), String>,
}

impl Desk<'_> {
    /// Takes an entry.
    pub fn take(&mut self, entry: Entry, channel: &Channel) -> Result<(), String> {
        self.count += 1;
        self.waiting.push((entry, channel.clone()));
        if self.waiting.len() >= BATCH {
            self.flush()?;
        }
        Ok(())
    }

    /// How many entries there were.
    pub fn count(&self) -> usize {
        self.count
    }

    fn flush(&mut self) -> Result<(), String> {
        let waiting = std::mem::take(&mut self.waiting);
        let clips: Vec<Clip> = waiting
            .par_iter()
            .map(|(entry, channel)| entry.clip(channel))
            .collect();
        for clip in clips {
            (self.hand_on)(clip)?;
        }
        Ok(())
    }

    fn finish(mut self, broken: Option<String>) -> Result<Option<String>, String> {
        self.flush()?;
        match (self.count, broken) {
            (0, Some(broken)) => Err(format!(
                "{broken}\nhelp: save the feed once more; it may have been cut"
            )),
            (0, None) => Err("the feed has no entries".to_owned()),
            (_, broken) => Ok(broken),
        }
    }
}

#[cfg(test)]
mod tests;
