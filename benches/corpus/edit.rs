//! Edits of the corpus: what is done to a site before it is built again.
//!
//! Articles are edited among the newest, as in a newsroom: they stand on the front page, in the feeds
//! and first in every list.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use super::{Article, BY_NAME, COMPANIES, MEANT, NEWCOMER, REGISTER, company, register, write};

/// A file of the site and its text.
pub struct Edited {
    path: String,
    text: String,
}

impl From<Article> for Edited {
    fn from(article: Article) -> Edited {
        Edited {
            text: article.text(),
            path: article.path,
        }
    }
}

/// Writes an edited file.
pub fn edit(site: &Path, edited: &Edited) {
    write(&site.join(&edited.path), &edited.text);
}

/// A sentence more at the end of the newest of so many articles.
pub fn body(of: usize) -> Edited {
    let mut article = Article::new(of - 1, of);
    article.body.push_str("\nA sentence more.\n");
    article.into()
}

/// Another headline for the newest but one.
pub fn title(of: usize) -> Edited {
    let mut article = Article::new(of - 2, of);
    article.title.push_str(", once again");
    article.into()
}

/// A company more and a topic less for the newest of the others that names its companies.
pub fn retagged(of: usize) -> Edited {
    let (_, mut article) = newest_tagged(of);
    article.companies.push(company(COMPANIES - 1).name);
    article.topics.pop();
    article.into()
}

fn newest_tagged(of: usize) -> (usize, Article) {
    (0..of - 2)
        .rev()
        .map(|number| (number, Article::new(number, of)))
        .find(|(_, article)| !article.companies.is_empty())
        .expect("three in four articles name their companies")
}

/// An article that is newer than all others.
pub fn added(of: usize) -> Edited {
    Article::new(of, of).into()
}

/// The register with an alias more.
pub fn alias() -> Edited {
    let short = company(MEANT).short;
    let known = format!("aliases: [{short}, ");
    Edited {
        path: REGISTER.to_owned(),
        text: register().replace(&known, &format!("{known}{BY_NAME}, ")),
    }
}

/// The register with that alias and a company more.
pub fn newcomer() -> Edited {
    let Edited { path, text } = alias();
    let text = format!("{text}  - name: {NEWCOMER}\n");
    Edited { path, text }
}

/// The template that all others extend, with a word more.
pub fn template() -> Edited {
    let Edited { path, text } = original_template();
    let text = text.replace("<footer>", "<footer>Edited: ");
    Edited { path, text }
}

fn original_template() -> Edited {
    const TEMPLATE: &str = "templates/frame.html";
    let original = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("benches/site")
        .join(TEMPLATE);
    Edited {
        path: TEMPLATE.to_owned(),
        text: fs::read_to_string(original).expect("the site of the benchmarks"),
    }
}

/// Takes all edits back.
pub fn restore(site: &Path, of: usize) {
    for number in newest_tagged(of).0..of {
        edit(site, &Article::new(number, of).into());
    }
    // Before the first edit there is none.
    let _ = fs::remove_file(site.join(added(of).path));
    write(&site.join(REGISTER), &register());
    edit(site, &original_template());
}

/// Waits until a build can tell by their times that files were left alone. Of a file just written it
/// cannot: clocks of file systems tick every two seconds at worst. The sources of a site are older.
pub fn settle() {
    thread::sleep(Duration::from_millis(2500));
}
