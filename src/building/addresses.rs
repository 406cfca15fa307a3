//! Addresses of the files that pages load: those of the theme, and, with `hashed_names`, names that tell what a file
//! holds. Such a file may be kept for ever: another one has another name.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::ground::fingerprint::Fingerprint;
use crate::ground::path::{OutputPath, SourcePath, Url};
use crate::ground::world::World;
use crate::meaning::site::Asset;
use crate::pages::templates::theme_files;
use crate::pages::theme;
use crate::reading::config::Config;

/// The kinds of files that pages load. What readers download keeps the name that they see.
const LOADED: [&str; 14] = [
    "css", "js", "mjs", "woff", "woff2", "ttf", "otf", "svg", "png", "jpg", "jpeg", "webp", "avif", "ico",
];

/// The largest file that is looked into, in bytes: it is read anew by every build that has something to do.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

/// How many hexadecimal digits of a fingerprint stand in a name: with 64 bits no two files of a site meet.
const DIGITS: usize = 16;

/// Where the files of the theme stand, by the path below static/ that they would have there, and with
/// `hashed_names` those of static/ that pages load.
pub fn addresses(
    world: &dyn World,
    config: &Config,
    assets: &BTreeMap<SourcePath, Asset>,
) -> BTreeMap<SourcePath, Url> {
    let theme: Vec<(SourcePath, String)> = theme_files()
        .into_keys()
        .filter_map(|name| Some((SourcePath::new(&format!("static/{name}"))?, name)))
        .collect();
    let mut addresses: BTreeMap<SourcePath, Url> = theme
        .iter()
        .filter_map(|(path, name)| Some((path.clone(), Url::file(&OutputPath::new(name).ok()?))))
        .collect();
    if !config.hosting.hashed_names {
        return addresses;
    }
    for (path, name) in theme {
        if let Some(url) = hashed(&name, Fingerprint::of(theme::file(&name, config))) {
            addresses.insert(path, url);
        }
    }
    let own: Vec<(SourcePath, Url)> = assets
        .par_iter()
        .filter(|(path, asset)| LOADED.contains(&path.extension().as_str()) && asset.stamp.size <= MAX_BYTES)
        .filter_map(|(path, _)| {
            let name = path.below("static")?;
            // A file that cannot be read is found when it is copied.
            let bytes = world.read(path, MAX_BYTES).ok()?;
            Some((path.clone(), hashed(name, Fingerprint::of(bytes))?))
        })
        .collect();
    addresses.extend(own);
    addresses
}

/// Whether the name of a file tells what it holds, and holds that.
pub fn is_hashed(path: &str, holds: Fingerprint) -> bool {
    let mut parts = path.rsplit('.');
    let _extension = parts.next();
    parts.next().is_some_and(|digits| digits == holds.short(DIGITS))
}

/// The address of a file with what it holds in its name.
fn hashed(name: &str, holds: Fingerprint) -> Option<Url> {
    let (stem, extension) = name.rsplit_once('.')?;
    let file = OutputPath::new(&format!("{stem}.{}.{extension}", holds.short(DIGITS))).ok()?;
    Some(Url::file(&file))
}
