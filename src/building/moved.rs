//! Moved: articles that are not at the address any more which the last build gave them, without anything
//! that leads on from there.
//!
//! Told once, by the build that takes the old page away: the next one knows nothing of it. What happened long
//! ago is found by `brief check --against`, which asks what readers and search engines have.

use crate::ground::diagnostic::{Code, Diagnostic};
use crate::ground::path::{SourcePath, Url};
use crate::meaning::site::Site;
use crate::reading::front_matter::Spot;

/// How many articles are named.
const NAMED: usize = 5;

/// Warns of articles that were at these addresses, of which none is an address any more. `locate` finds the
/// place of a front matter value.
pub fn warning(
    site: &Site,
    gone: &[(Url, SourcePath)],
    locate: &dyn Fn(&SourcePath, Spot) -> Diagnostic,
) -> Option<Diagnostic> {
    // One that is held back is gone on purpose. One that could not be read has an error of its own.
    let is_meant = |path: &SourcePath| site.held.contains_key(path) || site.failed.contains(path);
    let gone: Vec<_> = gone.iter().filter(|(_, path)| !is_meant(path)).collect();
    let count = gone.len();
    let place = gone.iter().find_map(|(_, path)| {
        let article = site.kept(path)?;
        let spot = article.spots.slug.unwrap_or(article.spots.title);
        Some(locate(path, spot))
    });
    let message = match count {
        0 => return None,
        1 => "nothing leads to an article from its old address".to_owned(),
        _ => format!("nothing leads to {count} articles from their old addresses"),
    };
    let mut warning = Diagnostic::new(Code::MovedAddress, message);
    warning.labels = place.map(|place| place.labels).unwrap_or_default();
    for (url, path) in gone.iter().take(NAMED) {
        let line = format!("`aliases: [\"{url}\"]`");
        warning = warning.help(match (site.kept(path), heir(site, url)) {
            (Some(_), _) => format!("write {line} into {path}"),
            (None, Some(heir)) => format!("{path} is gone: if {heir} took its place, write {line} into it"),
            (None, None) => {
                format!("{path} is gone: write {line} into the article that readers should find instead")
            }
        });
    }
    if count > NAMED {
        warning = warning.help(format!("and {} more", count - NAMED));
    }
    Some(warning.help("this is told once; `brief check --against` compares with a sitemap at any time"))
}

/// The article that most likely took the place of one that is gone: its address ends alike.
fn heir<'s>(site: &'s Site, gone: &Url) -> Option<&'s SourcePath> {
    let name = |url: &Url| {
        url.as_str()
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .map(str::to_owned)
    };
    let wanted = name(gone)?;
    let heir = site
        .all()
        .find(|index| name(&site.summary(*index).url).as_ref() == Some(&wanted))?;
    Some(&site.summary(heir).path)
}
