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
}

impl Landing<'_> {
    /// What a post was before: by what the ledger says, by its `id`, by its words.
    pub(super) fn find(&self, post: &Post, planned: &SourcePath, naming: Naming) -> Option<Before> {
        let entry = self.ledger.find(&post.origins);
        if let Some(entry) = entry
            && let Some(path) = self.place_of(entry)
        {
            return Some(Before {
                path,
                id: Some(entry.id.clone()).filter(|id| !id.is_empty()),
                entry: Some(entry.clone()),
            });
        }
        let of_article = |article: &Article| Before {
            path: article.path.clone(),
            id: article.id.clone(),
            entry: None,
        };
        let by_id = post.front.id.as_deref().and_then(|id| self.known.with_id(id));
        if let Some(article) = by_id {
            return Some(of_article(article));
        }
        match naming {
            Naming::Settled => self.exists(planned).then(|| Before {
                path: planned.clone(),
                id: None,
                entry: None,
            }),
            Naming::Free => self.by_words(post),
        }
    }

    /// Where an entry of the ledger lies now: where it was written, unless another article stands there.
    pub(super) fn place_of(&self, entry: &Entry) -> Option<SourcePath> {
        let is_there = match self.known.at(&entry.path) {
            Some(article) => entry.id.is_empty() || article.id.as_ref() == Some(&entry.id),
            None => self.exists(&entry.path),
        };
        if is_there {
            return Some(entry.path.clone());
        }
        self.known.with_id(&entry.id).map(|article| article.path.clone())
    }

    /// A text that has no address is the one before if it is nearly the same, and nobody has touched that since.
    pub(super) fn by_words(&self, post: &Post) -> Option<Before> {
        if !post.origins.iter().all(|origin| origin.starts_with(OF_WORDS)) {
            return None;
        }
        let like = self.known.like(post.sketch.as_ref()?).into_iter();
        let mut like = like.filter(|(article, likeness)| *likeness >= SAME_TEXT && article.url.is_none());
        like.find_map(|(article, _)| {
            let bytes = fs::read(self.place(&article.path)).ok()?;
            let wrote = Fingerprint::of(&bytes);
            self.ledger.holds(&article.path, wrote).then(|| Before {
                path: article.path.clone(),
                id: article.id.clone(),
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
        let mut others = like.filter(|(article, _)| before.is_none_or(|before| before.path != article.path));
        let (other, likeness) = others.next()?;
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
