//! Addresses: what a request's path means below the path of the site.

use crate::ground::path::{OutputPath, Url, decode_path};

/// The longest path that is looked at, in bytes as it was sent.
const MAX_PATH: usize = 4096;

/// What a path means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// An address of the site.
    Site(Url),
    /// Something for the script, behind `_brief/`.
    Own(String),
    /// The root of the host, where the site lies deeper.
    Above,
    /// Nothing of the site.
    Outside,
    /// Nothing that can be the name of a file.
    Nonsense,
}

/// The meaning of a path as it was sent. `mount` is the path of the site, with slashes at both ends.
pub fn place(sent: &str, mount: &str) -> Place {
    let encoded = sent.to_ascii_lowercase();
    // A separator that is written as no separator is one: no host treats both alike.
    let is_hidden = ["%2f", "%5c", "%00"]
        .iter()
        .any(|hidden| encoded.contains(hidden));
    if is_hidden || sent.len() > MAX_PATH {
        return Place::Nonsense;
    }
    let (Some(path), Some(mount)) = (decode_path(sent), decode_path(mount)) else {
        return Place::Nonsense;
    };
    if path.contains(['\\', '\0']) || !path.starts_with('/') {
        return Place::Nonsense;
    }
    // `/briefings` leads to `/briefings/`.
    if mount != "/" && (path == "/" || path == mount.trim_end_matches('/')) {
        return Place::Above;
    }
    let Some(inside) = path.strip_prefix(mount.as_str()) else {
        return Place::Outside;
    };
    if let Some(own) = inside.strip_prefix("_brief/") {
        return Place::Own(own.to_owned());
    }
    let url = match inside {
        "" => Ok(Url::root()),
        _ if inside.ends_with('/') => match inside.ends_with("//") || inside.starts_with('/') {
            true => Err(String::new()),
            false => Url::page(inside),
        },
        _ => OutputPath::new(inside).map(|file| Url::file(&file)),
    };
    url.map_or(Place::Nonsense, Place::Site)
}

#[cfg(test)]
mod tests {
    use super::{Place, place};

    fn check(sent: &str, mount: &str, expected: &str) {
        let shown = match place(sent, mount) {
            Place::Site(url) => url.to_string(),
            Place::Own(own) => format!("own {own}"),
            other => format!("{other:?}"),
        };
        assert_eq!(shown, expected, "{sent}");
    }

    #[test]
    fn a_path_means_a_page_or_a_file_of_the_site() {
        check("/", "/", "/");
        check("/a/", "/", "/a/");
        check("/a", "/", "/a");
        check("/a/index.html", "/", "/a/");
        check("/index.html", "/", "/");
        check("/caf%C3%A9/", "/", "/café/");
        check("/cafe%CC%81/", "/", "/café/");
        check("/a%20b.png", "/", "/a b.png");
    }

    #[test]
    fn a_site_below_the_root_has_nothing_beside_it() {
        check("/briefings/", "/briefings/", "/");
        check("/briefings/a.css", "/briefings/", "/a.css");
        check("/briefings/_brief/events", "/briefings/", "own events");
        check("/", "/briefings/", "Above");
        check("/briefings", "/briefings/", "Above");
        check("/other/", "/briefings/", "Outside");
        check("/briefingsx/", "/briefings/", "Outside");
        check("/b%C3%BCro/x", "/b%C3%BCro/", "/x");
    }

    #[test]
    fn no_path_leads_out_of_the_site() {
        for sent in [
            "/../etc/passwd",
            "/a/../../etc/passwd",
            "/%2e%2e/etc/passwd",
            "/..%2fetc/passwd",
            "/a%5c..%5cb",
            "/a\\b",
            "/%00",
            "/a%00.md",
            "/C:/x",
            "/C:%5cx",
            "//etc/passwd",
            "/a//b/",
            "/a//",
            "/./a",
            "/con",
            "/%ff",
            "/a?b",
            "*",
            "",
        ] {
            check(sent, "/", "Nonsense");
        }
        check(&format!("/{}", "a/".repeat(3000)), "/", "Nonsense");
    }
}
