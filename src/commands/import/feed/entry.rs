//! One entry of a feed, of any kind of feed, as a clip.

use super::FEED;
use crate::commands::import::clip::{Clip, Source};
use crate::commands::import::foreign::moment;
use crate::commands::import::foreign::post::{Note, Picture};
use crate::commands::import::page::{self, Authors, Part, plain, without_tracking};
use crate::ground::text::{is_language_tag, one_line};

/// The most topics of an entry; some feeds list every word.
const MAX_TOPICS: usize = 12;

/// What a feed says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Channel {
    /// Its name.
    pub title: Option<String>,
    /// The page it belongs to.
    pub link: Option<String>,
    /// Its language.
    pub language: Option<String>,
    /// Whoever writes what names nobody.
    pub authors: Vec<String>,
}

/// A text of an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// As the feed has it.
    pub text: String,
    /// Whether it is plain text and no HTML.
    pub is_plain: bool,
    /// What its links start from.
    pub base: Option<String>,
}

/// What lies beside an entry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Enclosure {
    /// Where it is.
    pub url: String,
    /// Its kind: `audio`, `video`, `image`, or something else.
    pub kind: String,
}

/// An entry as its feed has it; each field is named like what it holds in feeds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    pub id: Option<String>,
    pub link: Option<String>,
    pub title: Option<Text>,
    pub content: Option<Text>,
    pub summary: Option<Text>,
    pub published: Option<String>,
    pub updated: Option<String>,
    pub authors: Vec<String>,
    pub topics: Vec<String>,
    pub language: Option<String>,
    pub source: Option<String>,
    pub image: Option<Picture>,
    pub enclosures: Vec<Enclosure>,
}

impl Entry {
    /// The entry as a clip.
    pub fn clip(&self, channel: &Channel) -> Clip {
        let mut clip = Clip {
            title: self.title.as_ref().map(Text::line).unwrap_or_default(),
            source: Source {
                name: self.source.clone().or_else(|| channel.title.clone()),
                url: self.link.as_deref().map(without_tracking),
            },
            ..Clip::default()
        };
        clip.origin = self.origin(channel, clip.source.url.as_deref());
        let shown = if clip.origin.is_empty() {
            FEED.to_owned()
        } else {
            clip.origin.clone()
        };
        self.dates(&mut clip, &shown);
        self.people_and_topics(&mut clip, channel);
        let tag = self.language.as_ref().or(channel.language.as_ref());
        clip.language = tag.and_then(|tag| language(tag));
        self.text(&mut clip, channel, &shown);
        if clip.image.is_none() {
            clip.image = self.image.clone();
        }
        self.films(&mut clip, &shown);
        if clip.title.is_empty() {
            clip.notes.push(Note::whole(
                &shown,
                "entry without a title",
                "its headline is left blank",
            ));
        }
        clip
    }

    /// What tells the entry from all others, also of other feeds.
    fn origin(&self, channel: &Channel, url: Option<&str>) -> String {
        let id = self.id.as_deref().map(str::trim).filter(|id| !id.is_empty());
        match id {
            // Numbers and the like are unique within their feed only.
            Some(id) if !id.contains(':') => match &channel.link {
                Some(link) => format!("{link}#{id}"),
                None => id.to_owned(),
            },
            Some(id) => without_tracking(id),
            None => url.unwrap_or_default().to_owned(),
        }
    }

    fn dates(&self, clip: &mut Clip, shown: &str) {
        let mut read = |said: &Option<String>, what: &str| {
            let text = said.as_deref().map(str::trim).filter(|text| !text.is_empty())?;
            let when = moment::read_as_written(text);
            if when.is_none() {
                let note = Note::whole(
                    shown,
                    format!("{what} that is not understood or can be read in two ways"),
                    "left out",
                );
                clip.notes
                    .push(note.about(text.chars().take(60).collect::<String>()));
            }
            when.map(|when| when.text)
        };
        let published = read(&self.published, "date");
        let updated = read(&self.updated, "date of a change");
        // Atom asks for the date of the last change alone.
        clip.date = published.clone().or_else(|| updated.clone());
        clip.updated = updated.filter(|updated| {
            published
                .as_ref()
                .is_some_and(|published| page::is_after(updated, published))
        });
    }

    fn people_and_topics(&self, clip: &mut Clip, channel: &Channel) {
        let mut authors = Authors::default();
        for author in &self.authors {
            authors.add_all(author);
        }
        if authors.0.is_empty() {
            channel.authors.iter().for_each(|author| authors.add_all(author));
        }
        clip.authors = authors.0;
        for topic in &self.topics {
            let topic = plain(topic);
            let is_known = clip
                .topics
                .iter()
                .any(|known| known.to_lowercase() == topic.to_lowercase());
            let is_none = topic.is_empty()
                || topic == "Uncategorized"
                || topic.chars().count() > 60
                || topic.contains("://");
            if !is_known && !is_none && clip.topics.len() < MAX_TOPICS {
                clip.topics.push(topic);
            }
        }
    }

    fn text(&self, clip: &mut Clip, channel: &Channel, shown: &str) {
        let base = self.link.as_deref().or(channel.link.as_deref());
        let mut read = |text: &Text| -> Part {
            let base = text.base.as_deref().or(base);
            page::part(&text.html(), base, &clip.title).unwrap_or_else(|why| {
                clip.notes.push(Note::whole(
                    shown,
                    format!("a text that is more than an article: {why}"),
                    "left out",
                ));
                Part::default()
            })
        };
        let content = self.content.as_ref().map(&mut read);
        let content = content.filter(|part| !part.markdown.is_empty());
        let has_content = content.is_some();
        let body = content
            .or_else(|| self.summary.as_ref().map(&mut read))
            .unwrap_or_default();
        if has_content {
            clip.summary = self.own_summary(&body.markdown, &clip.title);
        }
        if body.markdown.is_empty() {
            clip.notes.push(Note::whole(
                shown,
                "entry without a text",
                "its headline and its link came over",
            ));
        } else if body.is_cut {
            clip.notes.push(Note::whole(
                shown,
                "the feed has the beginning of the text alone",
                "import the page itself for the rest",
            ));
        }
        for (what, became) in body.turned {
            clip.notes.push(Note::whole(shown, what, became));
        }
        clip.left_out = body.left_out;
        clip.image = body.image;
        clip.body = body.markdown;
    }

    /// The summary beside a text, unless it is the beginning of that or the headline once more.
    fn own_summary(&self, body: &str, title: &str) -> Option<String> {
        let (line, is_cut) = page::line(&self.summary.as_ref()?.html()).ok()?;
        let start = page::bare(line.trim_end_matches(['…', '.', ']', '[', ' ']));
        let is_copied = page::bare(body).starts_with(&start) || start == page::bare(title);
        (!line.is_empty() && !is_cut && !is_copied && line.chars().count() <= 600).then_some(line)
    }

    /// Recordings become links below the text.
    fn films(&self, clip: &mut Clip, shown: &str) {
        for enclosure in &self.enclosures {
            let label = match enclosure.kind.as_str() {
                "audio" => "Audio",
                "video" => "Video",
                _ => "File",
            };
            if clip.body.contains(&enclosure.url) || enclosure.url.contains([' ', '<', '>', '(', ')', '\n']) {
                continue;
            }
            if !clip.body.is_empty() {
                clip.body.push_str("\n\n");
            }
            clip.body.push_str(&format!("[{label}]({})", enclosure.url));
            clip.notes.push(Note::whole(
                shown,
                format!("enclosed {}", label.to_lowercase()),
                "a link below the text",
            ));
        }
    }
}

impl Text {
    /// In one line of plain text.
    fn line(&self) -> String {
        if self.is_plain {
            one_line(&self.text)
        } else {
            plain(&self.text)
        }
    }

    /// As HTML.
    fn html(&self) -> String {
        if !self.is_plain && self.text.contains('<') {
            return self.text.clone();
        }
        // HTML without a tag is as good as text; but its entities count.
        let text = if self.is_plain {
            self.text.replace('&', "&amp;").replace('<', "&lt;")
        } else {
            self.text.clone()
        };
        let text = text.replace("\r\n", "\n");
        let paragraphs = text
            .split("\n\n")
            .map(str::trim)
            .filter(|paragraph| !paragraph.is_empty());
        paragraphs
            .map(|paragraph| format!("<p>{}</p>", paragraph.replace('\n', "<br>")))
            .collect()
    }
}

/// A tag as it is usually written: `en-us` is `en-US`.
fn language(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    if !is_language_tag(&tag) {
        return None;
    }
    let mut parts = tag.split('-');
    let mut written = parts.next().unwrap_or_default().to_ascii_lowercase();
    for part in parts {
        written.push('-');
        written.push_str(&if part.len() == 2 {
            part.to_ascii_uppercase()
        } else {
            part.to_owned()
        });
    }
    Some(written)
}
