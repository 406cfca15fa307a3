//! Addresses of an older sitemap that nothing answers any more.

use url::Url as Address;

use crate::building::pipeline::Prepared;
use crate::ground::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::ground::path::{OutputPath, Url, decode_path};
use crate::meaning::site::Reason;
use crate::reading::article::Article;

/// Reports the addresses that the site as it is now would not answer. What counts is the path, so that a preview on
/// another host can be held against what readers have; paths that are not below that of `base_url` are of another site.
pub fn report(prepared: &Prepared, addresses: &[String], found: &mut Diagnostics) {
    let base = prepared.site.config.base_path().trim_end_matches('/');
    let mut paths: Vec<String> = addresses
        .iter()
        .filter_map(|address| {
            let address = Address::parse(address).ok()?;
            let below = address.path().strip_prefix(base)?;
            below.starts_with('/').then(|| decode_path(below)).flatten()
        })
        .collect();
    if paths.is_empty() && !addresses.is_empty() {
        let count = addresses.len();
        let message = format!(
            "none of the {count} addresses of the sitemap lies below `{base}/`, the path of `base_url`"
        );
        let problem = Diagnostic::new(Code::VanishedAddress, message);
        found.push(problem.help("name the sitemap of this site, or correct `base_url`"));
    }
    paths.sort();
    paths.dedup();
    for path in paths.iter().filter(|path| !is_answered(prepared, path)) {
        found.push(vanished(prepared, path));
    }
}

/// Whether a host has something at a path. Hosts lead from the name of a folder to its page.
fn is_answered(prepared: &Prepared, path: &str) -> bool {
    let page = Url::page(path).ok();
    let is_file = !path.ends_with('/');
    let file = OutputPath::new(path.trim_start_matches('/')).ok();
    let file = file.filter(|_| is_file).map(|file| Url::file(&file));
    let mut places = page.into_iter().chain(file);
    places.any(|url| prepared.plan.page(&url).is_some())
}

fn vanished(prepared: &Prepared, path: &str) -> Diagnostic {
    let message = format!("nothing answers `{path}` any more, which the sitemap lists");
    let diagnostic = Diagnostic::new(Code::VanishedAddress, message);
    let site = &prepared.site;
    let name = |path: &str| path.trim_end_matches('/').rsplit('/').next().map(str::to_owned);
    let mut alike: Vec<&Article> = site
        .all_kept()
        .map(|article| &**article)
        .filter(|article| name(article.summary.url.as_str()) == name(path))
        .collect();
    alike.sort_by(|a, b| a.summary.path.cmp(&b.summary.path));
    let is_there = |article: &&&Article| article.summary.url.as_str() == path;
    let source = |article: &Article| article.summary.path.clone();
    if let Some(article) = alike.iter().find(is_there) {
        let why = match site.held.get(&article.summary.path).map(|held| &held.reason) {
            Some(Reason::Draft) => "is a draft",
            Some(Reason::Until(_)) => "waits for its time",
            Some(Reason::Expired(_)) => "has expired",
            None => "cannot be published",
        };
        let help = format!("{} stood there and {why}", source(article));
        return diagnostic.help(help);
    }
    diagnostic.help(match alike.first() {
        Some(article) => format!(
            "if {} stood there, write `aliases: [\"{path}\"]` into it",
            source(article)
        ),
        None => format!("write `aliases: [\"{path}\"]` into the article that readers should find there"),
    })
}
