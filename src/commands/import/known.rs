//! The articles that the site has before an import: what tells that something is one of them.

use std::collections::HashMap;

use rayon::prelude::*;

use super::standing::Standing;
use crate::building::inspection::twin::{self, Sketch};
use crate::ground::diagnostic::Diagnostics;
use crate::ground::path::SourcePath;
use crate::ground::text::one_line;
use crate::ground::world::{World, read_text};
use crate::reading::config::Config;
use crate::reading::front_matter;
use crate::reading::markdown;

/// An article of the site, or one that came before in the same run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Article {
    /// Its file.
    pub path: SourcePath,
    /// Its `id`, if it has one of its own.
    pub id: Option<String>,
    /// The address of its source.
    pub url: Option<String>,
    /// Its headline.
    pub title: Option<String>,
    /// Its date, as it is written.
    pub date: Option<String>,
}

impl Article {
    /// Whether it has a headline, but for case and spaces.
    pub fn is_called(&self, title: &str) -> bool {
        let own = self.title.as_deref().unwrap_or_default();
        one_line(own).to_lowercase() == one_line(title).to_lowercase()
    }

    /// Whether it may be of a day: another one is known of neither of the two.
    pub fn may_be_of(&self, date: Option<&str>) -> bool {
        let day = |date: &str| date.get(..10).unwrap_or(date).to_owned();
        match (&self.date, date) {
            (Some(own), Some(date)) => day(own) == day(date),
            _ => true,
        }
    }
}

/// All of them.
#[derive(Debug, Default)]
pub struct Known {
    articles: Vec<Article>,
    by_path: HashMap<SourcePath, usize>,
    by_id: HashMap<String, usize>,
    by_url: HashMap<String, usize>,
    twins: twin::Known,
    /// Whose a sketch is.
    of_sketch: Vec<usize>,
}

/// How many articles are read together, so that their texts are not in memory all at once.
const BATCH: usize = 1024;

impl Known {
    /// Reads the articles of a site; each of them is told to `tick`.
    pub fn read(
        world: &dyn World,
        config: &Config,
        paths: &[SourcePath],
        tick: &mut dyn FnMut(usize),
    ) -> Known {
        let mut known = Known::default();
        for batch in paths.chunks(BATCH) {
            let read: Vec<Option<(Article, Option<Sketch>)>> =
                batch.par_iter().map(|path| read(world, config, path)).collect();
            for (article, sketch) in read.into_iter().flatten() {
                known.add(article, sketch);
            }
            tick(batch.len());
        }
        known
    }

    /// Takes an article in; one at the same path takes its place.
    pub fn add(&mut self, article: Article, sketch: Option<Sketch>) {
        let number = self.articles.len();
        self.by_path.insert(article.path.clone(), number);
        if let Some(id) = &article.id {
            self.by_id.insert(id.clone(), number);
        }
        if let Some(url) = &article.url {
            self.by_url.insert(comparable(url), number);
        }
        if let Some(sketch) = sketch {
            self.twins.add(sketch);
            self.of_sketch.push(number);
        }
        self.articles.push(article);
    }

    /// The article of a path.
    pub fn at(&self, path: &SourcePath) -> Option<&Article> {
        self.articles.get(*self.by_path.get(path)?)
    }

    /// The article with an id.
    pub fn with_id(&self, id: &str) -> Option<&Article> {
        self.articles.get(*self.by_id.get(id)?)
    }

    /// The article whose source has an address.
    pub fn with_url(&self, url: &str) -> Option<&Article> {
        self.articles.get(*self.by_url.get(&comparable(url))?)
    }

    /// Articles that are much like a text, the most alike first, with the share that they likely have in common.
    pub fn like(&self, sketch: &Sketch) -> Vec<(&Article, f64)> {
        let like = self.twins.like(sketch).into_iter();
        like.filter_map(|(number, share)| {
            let article = self.articles.get(*self.of_sketch.get(number)?)?;
            // What stands at its path now may be another one.
            (self.at(&article.path) == Some(article)).then_some((article, share))
        })
        .collect()
    }
}

/// An address without what never tells two pages apart. Behind a `#` another text may stand.
fn comparable(url: &str) -> String {
    let (url, fragment) = url.split_at(url.find('#').unwrap_or(url.len()));
    let url = url.trim_end_matches('/');
    let url = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .unwrap_or(url);
    format!("{}{fragment}", url.strip_prefix("www.").unwrap_or(url))
}

fn read(world: &dyn World, config: &Config, path: &SourcePath) -> Option<(Article, Option<Sketch>)> {
    // What cannot be read is for the build to say.
    let text = read_text(world, path).ok()?;
    let mut ignored = Diagnostics::new();
    let split = front_matter::split(path, &text, &mut ignored);
    let visible = markdown::parse(split.body, split.body_start, config.markdown).visible;
    let standing = Standing::of(path, &text);
    let article = Article {
        path: path.clone(),
        id: standing.id,
        url: standing.source_url,
        title: standing.title,
        date: standing.date,
    };
    Some((article, twin::sketch(&visible.text)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::world::MemoryWorld;

    #[test]
    fn articles_are_found_by_what_they_say() {
        let words: String = (0..60).map(|number| format!("word{number} ")).collect();
        let mut world = MemoryWorld::new(jiff::Timestamp::UNIX_EPOCH);
        for (name, text) in [
            (
                "a",
                format!("---\nid: 12\nsource: https://www.example.org/a/\n---\n{words}"),
            ),
            (
                "b",
                "---\nid: \"b c\"\nsource: {name: B, url: \"http://example.org/b\"}\n---\n".to_owned(),
            ),
            ("c", "no front matter, [\n".to_owned()),
            ("d", "---\nid: [\n".to_owned()),
        ] {
            world.write(&format!("content/articles/{name}.md"), text);
        }
        let paths = ["a", "b", "c", "d"].map(|name| format!("content/articles/{name}.md"));
        let paths: Vec<SourcePath> = paths.iter().filter_map(|path| SourcePath::new(path)).collect();
        let known = Known::read(&world, &Config::default_settings(), &paths, &mut |_| {});
        let path = |article: Option<&Article>| article.map(|article| article.path.as_str().to_owned());
        let a = Some("content/articles/a.md".to_owned());
        assert_eq!(path(known.with_id("12")), a);
        assert_eq!(path(known.with_url("https://example.org/a")), a);
        assert_eq!(path(known.with_url("https://example.org/a#part")), None);
        assert_eq!(
            path(known.with_id("b c")),
            Some("content/articles/b.md".to_owned())
        );
        assert_eq!(
            path(known.with_url("https://example.org/b/")),
            Some("content/articles/b.md".to_owned())
        );
        assert_eq!(path(known.with_url("https://example.org/c")), None);
        let like = known.like(&twin::sketch(&words).expect("enough words"));
        assert_eq!(
            like.first().map(|(article, _)| article.path.as_str().to_owned()),
            a
        );
    }
}
