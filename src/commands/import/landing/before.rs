//! What a post was before: the article of the site that it is, or that it is like.

use std::fs;

use super::{Landing, Naming};
use crate::building::inspection::twin;
use crate::commands::import::article::OF_WORDS;
use crate::commands::import::known::Article;
use crate::commands::import::ledger::Entry;
use crate::commands::import::post::Post;
use crate::ground::diagnostic::Diagnostics;
use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::SourcePath;
use crate::reading::front_matter;

/// From which share of common words on a text is the one that came before, and not only like it.
const SAME_TEXT: f64 = 0.9;

/// What a post was found to be.
pub(super) struct Before {
    /// Its file.
    pub(super) path: SourcePath,
    /// Its `id`.
    pub(super) id: Option<String>,
    /// What the ledger says of it.
    pub(super) entry: Option<Entry>,
    /// Whether it came of the very same words.
    pub(super) has_words: bool,
}

impl Landing<'_> {
    /// What a post was before: by what the ledger says, by its `id`, by its words.
    pub(super) fn find(&self, post: &Post, planned: &SourcePath, naming: Naming) -> Option<Before> {
        if let Some((entry, path)) = self.by_origin(post) {
            let words = post.origins.iter().filter(|origin| origin.starts_with(OF_WORDS));
            let words: Vec<String> = words.cloned().collect();
            let of_words = self.ledger.find(&words);
            return Some(Before {
                path,
                has_words: of_words.is_some_and(|of_words| of_words.path == entry.path),
                id: Some(entry.id.clone()).filter(|id| !id.is_empty()),
                entry: Some(entry.clone()),
            });
        }
        let of_article = |article: &Article| Before {
            path: article.path.clone(),
            id: article.id.clone(),
            entry: None,
            has_words: false,
        };
        let by_id = post.front.id.as_deref().and_then(|id| self.known.with_id(id));
        // Articles of sites have ids from their names, which another one may have had.
        let is_other = |article: &Article| {
            naming == Naming::Settled
                && (self.ledger.has(&article.path)
                    || article.id.as_deref().is_some_and(|id| self.ledger.has_id(id)))
        };
        if let Some(article) = by_id.filter(|article| !is_other(article) && self.may_be(post, &article.path))
        {
            return Some(of_article(article));
        }
        match naming {
            // What came of something else is not this one, although it has its name.
            Naming::Settled => (self.exists(planned) && !self.ledger.has(planned)).then(|| Before {
                path: planned.clone(),
                id: None,
                entry: None,
                has_words: false,
            }),
            Naming::Free => self.by_words(post),
        }
    }

    /// What the ledger has of a post. An address that it shares with others tells of it only where nothing better
    /// does: entries of a feed may all lead to one page.
    fn by_origin(&self, post: &Post) -> Option<(&Entry, SourcePath)> {
        let ids: Vec<String> = post
            .origins
            .iter()
            .map(|origin| Fingerprint::of(origin).short(16))
            .collect();
        post.origins.iter().enumerate().find_map(|(number, origin)| {
            let entry = self.ledger.find(std::slice::from_ref(origin))?;
            let path = self.place_of(entry)?;
            let is_shared = number > 0 && !origin.starts_with(OF_WORDS) && !ids.contains(&entry.id);
            let is_other = number > 0 && self.came.contains_key(&path);
            let is_ours = origin.starts_with(OF_WORDS) || self.may_be(post, &path);
            (!is_shared && !is_other && is_ours).then_some((entry, path))
        })
    }

    /// Whether a text may be an article that came from its address. A pasted one has that from a person, who may have
    /// given it to another one too: it has the headline or most of the words.
    fn may_be(&self, post: &Post, path: &SourcePath) -> bool {
        let is_pasted = post.origins.iter().any(|origin| origin.starts_with(OF_WORDS));
        let Some(article) = self.known.at(path).filter(|_| is_pasted) else {
            return true;
        };
        let sketch = post.sketch.as_ref();
        let mut like = sketch.map(|sketch| self.known.like(sketch)).into_iter().flatten();
        article.is_called(&post.front.title)
            || like.any(|(other, likeness)| other.path == *path && likeness >= twin::SHARE)
    }

    /// Where an entry of the ledger lies now: where it was written, unless another article stands there. One whose
    /// front matter tells nothing any more is still the one that was written there.
    pub(super) fn place_of(&self, entry: &Entry) -> Option<SourcePath> {
        let is_there = |article: Option<&Article>| match article {
            Some(article) => entry.id.is_empty() || article.id.as_ref() == Some(&entry.id),
            None => self.exists(&entry.path),
        };
        let article = self.known.at(&entry.path);
        if is_there(article) {
            return Some(entry.path.clone());
        }
        if let Some(article) = self.known.with_id(&entry.id) {
            return Some(article.path.clone());
        }
        let tells_nothing = article.is_some_and(|article| article.id.is_none());
        tells_nothing.then(|| entry.path.clone())
    }

    /// A text that has no address is the one before if it is nearly the same, of the same headline and day, and nobody
    /// has touched that since. Reports that are written by a pattern differ in few words.
    pub(super) fn by_words(&self, post: &Post) -> Option<Before> {
        if !post.origins.iter().all(|origin| origin.starts_with(OF_WORDS)) {
            return None;
        }
        let like = self.known.like(post.sketch.as_ref()?).into_iter();
        let mut like = like.filter(|(article, likeness)| {
            *likeness >= SAME_TEXT
                && article.url.is_none()
                && article.is_called(&post.front.title)
                && article.may_be_of(post.front.date.as_deref())
                && !self.came.contains_key(&article.path)
        });
        like.find_map(|(article, _)| {
            let bytes = fs::read(self.place(&article.path)).ok()?;
            let wrote = Fingerprint::of(&bytes);
            self.ledger.holds(&article.path, wrote).then(|| Before {
                path: article.path.clone(),
                id: article.id.clone(),
                has_words: false,
                entry: Some(Entry {
                    wrote,
                    path: article.path.clone(),
                    planned: article.path.clone(),
                    id: article.id.clone().unwrap_or_default(),
                }),
            })
        })
    }

    /// The article that is most like a post and another one, with the share of their text that is the same.
    pub(super) fn twin(&self, post: &Post, before: Option<&Before>) -> Option<(SourcePath, f64)> {
        let like = self.known.like(post.sketch.as_ref()?).into_iter();
        let others = like.filter(|(article, _)| before.is_none_or(|before| before.path != article.path));
        let others: Vec<(&Article, f64)> = others.collect();
        let most = others.first()?;
        // Of those that are equally like it, the one of its headline.
        let is_called = |(article, likeness): &&(&Article, f64)| {
            *likeness >= most.1 && article.is_called(&post.front.title)
        };
        let (other, likeness) = *others.iter().find(is_called).unwrap_or(most);
        // In a dry run the other one may be nowhere but in this run.
        let share = match fs::read_to_string(self.place(&other.path)) {
            Ok(text) => {
                let split = front_matter::split(&other.path, &text, &mut Diagnostics::new());
                twin::share(&post.body, split.body)
            }
            Err(_) => likeness,
        };
        (share >= twin::SHARE).then(|| (other.path.clone(), share))
    }
}
