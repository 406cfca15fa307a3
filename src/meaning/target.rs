//! Targets: what a link or an image in a source file leads to, and the addresses of files.

use super::rendition::{Renditions, sizes_in_text};
use super::site::{Asset, COMPANIES, Site};
use crate::ground::path::{OutputPath, SourcePath, Url, decode_path};
use crate::ground::text::escape_attribute;
use crate::reading::article::Prose;
use crate::reading::markdown::Fill;

/// What a reference leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target<'t> {
    /// The page of a source file.
    Page {
        /// Its address.
        url: Url,
        /// The file.
        path: SourcePath,
        /// The part behind `#`.
        fragment: Option<&'t str>,
    },
    /// A file that is copied.
    File {
        /// Its address.
        url: Url,
        /// The file.
        path: SourcePath,
    },
    /// An address of the site; whether something stands there is known once all pages are planned.
    Address {
        /// The address, decoded.
        url: Url,
        /// What follows the path: `?query` and `#fragment`, as written.
        suffix: &'t str,
    },
    /// A place on the same page.
    Fragment(&'t str),
    /// Nothing.
    Missing(Missing),
}

/// Why a reference leads nowhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missing {
    /// There is no such file.
    NoFile,
    /// The file is an article that is held back.
    Held,
    /// The file is there and has no page.
    NoPage,
    /// The file could not be read, which has been reported.
    Failed,
    /// The path leads out of the site folder.
    Outside,
}

/// The address of a source file's page, if it has one.
pub fn page_url(site: &Site, path: &SourcePath) -> Option<Url> {
    if let Some(index) = site.article(path) {
        return Some(site.summary(index).url.clone());
    }
    if let Some(page) = site.pages.iter().find(|page| page.path == *path) {
        return Some(page.url.clone());
    }
    if let Some(edition) = site.hand_made.values().find(|edition| edition.path == *path) {
        return Url::page(&format!("editions/{}", edition.period)).ok();
    }
    let (slug, _) = site.profiles.iter().find(|(_, (profile, _))| profile == path)?;
    Url::page(&format!("{COMPANIES}/{slug}")).ok()
}

/// The address of a company's page, if it has one.
pub fn company_url(site: &Site, slug: &str) -> Option<Url> {
    match has_company_page(site, slug) {
        true => Url::page(&format!("{COMPANIES}/{slug}")).ok(),
        false => None,
    }
}

/// Whether a company has a page. Asked for every company of every article in every build.
pub fn has_company_page(site: &Site, slug: &str) -> bool {
    let companies = site.taxonomy(COMPANIES).filter(|companies| companies.has_pages);
    let term = companies.and_then(|companies| companies.term(slug));
    term.is_some_and(|term| term.has_page)
}

/// What a reference in a file leads to.
pub fn resolve<'t>(site: &Site, from: &SourcePath, target: &'t str) -> Target<'t> {
    if let Some(fragment) = target.strip_prefix('#') {
        return Target::Fragment(fragment);
    }
    let path_end = target.find(['?', '#']).unwrap_or(target.len());
    let (path, suffix) = target.split_at(path_end);
    let Some(decoded) = decode_path(path) else {
        return Target::Missing(Missing::NoFile);
    };
    if path.is_empty() {
        return Target::Fragment("");
    }
    let file = match decoded.strip_prefix('/') {
        Some(rooted) => root_file(site, rooted),
        None => match from.relative_text(&decoded) {
            Some(path) => site.file_at(&path),
            None => return Target::Missing(Missing::Outside),
        },
    };
    if let Some(file) = file {
        return file_target(site, from, file, suffix);
    }
    if decoded.starts_with('/') {
        return address(&decoded, suffix).unwrap_or(Target::Missing(Missing::NoFile));
    }
    // An address relative to the page, as other generators' articles have them.
    let relative_address = || {
        let base = page_url(site, from)?;
        let folder = base
            .as_str()
            .rfind('/')
            .map_or("", |slash| &base.as_str()[1..=slash]);
        let joined = SourcePath::new(folder)?.join(&decoded)?;
        let slash = if decoded.ends_with('/') { "/" } else { "" };
        address(&format!("/{joined}{slash}"), suffix)
    };
    if decoded.ends_with('/') {
        return relative_address().unwrap_or(Target::Missing(Missing::NoFile));
    }
    Target::Missing(Missing::NoFile)
}

/// The file that a path from the root means: `/content/articles/x.md`, `/articles/x.md` or a file
/// of static/.
fn root_file<'s>(site: &'s Site, rooted: &str) -> Option<&'s SourcePath> {
    let in_folder = |folder: &str| site.file(&SourcePath::new(folder)?.join(rooted)?);
    in_folder("static")
        .or_else(|| in_folder(""))
        .or_else(|| in_folder("content"))
}

fn address<'t>(path: &str, suffix: &'t str) -> Option<Target<'t>> {
    let trimmed = path.trim_start_matches('/');
    let last = trimmed.rsplit('/').next().unwrap_or(trimmed);
    let url = if last.contains('.') {
        Url::file(&OutputPath::new(trimmed).ok()?)
    } else {
        Url::page(trimmed).ok()?
    };
    Some(Target::Address { url, suffix })
}

fn file_target<'t>(site: &Site, from: &SourcePath, file: &SourcePath, suffix: &'t str) -> Target<'t> {
    if site.failed.contains(file) {
        return Target::Missing(Missing::Failed);
    }
    if site.held.contains_key(file) {
        return Target::Missing(Missing::Held);
    }
    if site.assets.contains_key(file) {
        return match asset_url(site, from, file) {
            Some(url) => Target::File {
                url,
                path: file.clone(),
            },
            None => Target::Missing(Missing::NoPage),
        };
    }
    match page_url(site, file) {
        Some(url) => Target::Page {
            url,
            path: file.clone(),
            fragment: suffix.strip_prefix('#'),
        },
        None => Target::Missing(Missing::NoPage),
    }
}

/// The file that a reference on a page means, where that file travels into the folder of the page,
/// and its address there.
pub fn travelling(site: &Site, from: &SourcePath, page: &Url, target: &str) -> Option<(Url, SourcePath)> {
    let path = target.split(['?', '#']).next()?;
    let decoded = decode_path(path)?;
    let file = match decoded.strip_prefix('/') {
        Some(rooted) => root_file(site, rooted),
        None => site.file_at(&from.relative_text(&decoded)?),
    }?;
    if !site.assets.contains_key(file) || file.below("static").is_some() {
        return None;
    }
    Some((address_beside(page, file)?, file.clone()))
}

/// The address of a copied file: static/ is the root of the site; a file elsewhere travels into the
/// folder of the page that refers to it.
pub fn asset_url(site: &Site, from: &SourcePath, asset: &SourcePath) -> Option<Url> {
    if let Some(rest) = asset.below("static") {
        return OutputPath::new(rest).ok().map(|file| Url::file(&file));
    }
    address_beside(&page_url(site, from)?, asset)
}

/// The address of a file that has travelled into the folder of a page.
fn address_beside(page: &Url, asset: &SourcePath) -> Option<Url> {
    let folder = &page.as_str()[1..page.as_str().rfind('/')? + 1];
    OutputPath::new(&format!("{folder}{}", asset.file_name()))
        .ok()
        .map(|file| Url::file(&file))
}

/// How addresses are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Links<'l> {
    /// From the root of the host, as pages need them: they work on any host.
    Rooted,
    /// With scheme and host, as feeds need them, for a page at this address.
    Absolute {
        /// The page whose text this is.
        page: &'l Url,
    },
}

impl Site {
    /// An address as it stands in a link.
    pub fn href(&self, url: &Url) -> String {
        url.href(self.config.base_path())
    }

    /// Files that stand, beside their own name, at one that tells what they hold.
    pub fn hashed(&self) -> impl Iterator<Item = (&SourcePath, &Url)> {
        let is_other =
            |path: &SourcePath, url: &Url| asset_url(self, path, path).is_some_and(|own| own != *url);
        self.addresses
            .iter()
            .filter(move |(path, url)| is_other(path, url))
    }

    /// An address with scheme and host; `None` where the site has no `base_url`.
    pub fn absolute(&self, url: &Url) -> Option<String> {
        let base = self.config.base_url.as_ref()?;
        Some(format!("{}{}", base.origin(), self.href(url)))
    }

    fn written(&self, url: &Url, links: Links<'_>) -> String {
        match links {
            Links::Rooted => self.href(url),
            Links::Absolute { .. } => self.absolute(url).unwrap_or_else(|| self.href(url)),
        }
    }
}

/// The address a reference is written with; `None` where it leads nowhere.
pub fn href(site: &Site, from: &SourcePath, target: &str, links: Links<'_>) -> Option<String> {
    let on_page = |fragment: &str| match links {
        Links::Rooted => format!("#{fragment}"),
        Links::Absolute { page } => format!("{}#{fragment}", site.written(page, links)),
    };
    match resolve(site, from, target) {
        Target::Page {
            url,
            fragment: Some(fragment),
            ..
        } => Some(format!("{}#{fragment}", site.written(&url, links))),
        Target::Page { url, .. } | Target::File { url, .. } => Some(site.written(&url, links)),
        Target::Address { url, suffix } => Some(format!("{}{suffix}", site.written(&url, links))),
        Target::Fragment(fragment) => Some(on_page(fragment)),
        Target::Missing(_) => None,
    }
}

/// A picture of the site.
#[derive(Clone, Debug)]
pub struct Shown<'s> {
    /// Its address.
    pub url: Url,
    /// What is known of its file.
    pub asset: &'s Asset,
    /// The sizes and formats in which it is offered beside its own.
    pub renditions: Option<Renditions>,
}

/// The picture behind an image's address, if it is one of the site's.
pub fn picture<'s>(site: &'s Site, from: &SourcePath, target: &str) -> Option<Shown<'s>> {
    let Target::File { url, path } = resolve(site, from, target) else {
        return None;
    };
    let asset = site.assets.get(&path)?;
    Some(Shown {
        url,
        asset,
        renditions: Renditions::of(&path, asset, &site.config.image_widths),
    })
}

/// Writes an image. Feeds get the picture itself: who reads them there has one width for all.
fn write_image(
    site: &Site,
    from: &SourcePath,
    (target, alt, title): (&str, &str, Option<&str>),
    links: Links<'_>,
    out: &mut String,
) {
    let attribute = |name: &str, value: &str, out: &mut String| {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        escape_attribute(out, value);
        out.push('"');
    };
    let picture = picture(site, from, target);
    let offered = picture
        .as_ref()
        .filter(|_| links == Links::Rooted)
        .and_then(|picture| Some((&picture.url, picture.renditions.as_ref()?)));
    let sizes = offered
        .map(|_| sizes_in_text(&site.config.theme))
        .unwrap_or_default();
    if let Some((url, renditions)) = offered {
        out.push_str("<picture><source type=\"image/avif\"");
        attribute("srcset", &renditions.avif_set(url, |url| site.href(url)), out);
        attribute("sizes", &sizes, out);
        out.push('>');
    }
    out.push_str("<img");
    attribute("src", &href(site, from, target, links).unwrap_or_default(), out);
    if let Some((url, renditions)) = offered {
        attribute("srcset", &renditions.fallback_set(url, |url| site.href(url)), out);
        attribute("sizes", &sizes, out);
    }
    attribute("alt", alt, out);
    if let Some(title) = title {
        attribute("title", title, out);
    }
    if let Some(size) = picture
        .as_ref()
        .and_then(|picture| picture.asset.shape.dimensions)
    {
        out.push_str(&format!(" width=\"{}\" height=\"{}\"", size.width, size.height));
    }
    out.push_str(" loading=\"lazy\" decoding=\"async\">");
    if offered.is_some() {
        out.push_str("</picture>");
    }
}

/// The HTML of a text with its open places filled.
pub fn fill(site: &Site, from: &SourcePath, prose: &Prose, links: Links<'_>) -> String {
    let mut html = String::with_capacity(prose.body.html.len() + prose.body.places.len() * 64);
    let mut leads_to_company = false;
    prose.body.fill(&mut html, |place, out| match place {
        Fill::Href { reference } => {
            let target = prose
                .references
                .get(*reference as usize)
                .map_or("", |reference| reference.target.as_str());
            // What leads nowhere has been reported as an error, and the page is not written.
            escape_attribute(out, &href(site, from, target, links).unwrap_or_default());
        }
        Fill::Image {
            reference,
            alt,
            title,
        } => {
            let target = prose
                .references
                .get(*reference as usize)
                .map_or("", |reference| reference.target.as_str());
            write_image(site, from, (target, alt, title.as_deref()), links, out);
        }
        Fill::MentionStart { slug } => {
            if let Some(url) = company_url(site, slug) {
                out.push_str("<a class=\"mention\" href=\"");
                escape_attribute(out, &site.written(&url, links));
                out.push_str("\">");
                leads_to_company = true;
            }
        }
        Fill::MentionEnd => {
            if std::mem::take(&mut leads_to_company) {
                out.push_str("</a>");
            }
        }
        Fill::Word { word, number } => {
            let words = site.config.wording.filled(word.key(), &[("number", number)]);
            escape_attribute(out, &words);
        }
        Fill::Fragment { id } => {
            if let Links::Absolute { page } = links {
                escape_attribute(out, &site.written(page, links));
            }
            out.push('#');
            escape_attribute(out, id);
        }
    });
    html
}
