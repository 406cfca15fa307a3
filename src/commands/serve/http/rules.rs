//! Rules of the host: what a site's own `_headers` and `_redirects` ask of Netlify and Cloudflare Pages.
//!
//! Their paths are those of the output folder, since that is what such a host is given: a site under
//! `/briefings/` writes `/old/`, not `/briefings/old/`. Rules that depend on more than the path (query,
//! country, language, role, domain) are left out; so is everything that is no rule.

use hyper::header::{HeaderName, HeaderValue};

/// How many rules of each kind are read. Hosts take fewer.
const MOST: usize = 10_000;

/// What both files say.
#[derive(Debug, Default)]
pub struct Rules {
    headers: Vec<(Pattern, Vec<Header>)>,
    redirects: Vec<Redirect>,
}

/// A header and its value; without one it is taken away.
pub type Header = (HeaderName, Option<HeaderValue>);

#[derive(Debug)]
struct Redirect {
    from: Pattern,
    to: String,
    status: u16,
    /// Whether it holds although there is a file.
    is_forced: bool,
}

/// Where a request is led.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Led {
    /// A path of the site, or an address elsewhere.
    pub to: String,
    /// 200 shows another page, 3xx sends the browser there, 404 and 410 say that it is gone.
    pub status: u16,
}

impl Rules {
    /// Reads both files.
    pub fn parse(headers: &str, redirects: &str) -> Rules {
        Rules {
            headers: parse_headers(headers),
            redirects: redirects.lines().filter_map(Redirect::parse).take(MOST).collect(),
        }
    }

    /// The headers for a path, in the order in which they are set.
    pub fn headers(&self, path: &str) -> impl Iterator<Item = &Header> {
        let rules = self
            .headers
            .iter()
            .filter(move |(pattern, _)| pattern.matches(path).is_some());
        rules.flat_map(|(_, headers)| headers)
    }

    /// Where a path leads by the first rule that holds for it.
    pub fn redirect(&self, path: &str, is_file: bool) -> Option<Led> {
        let rules = self.redirects.iter().filter(|rule| rule.is_forced || !is_file);
        rules
            .filter_map(|rule| {
                let found = rule.from.matches(path)?;
                Some(Led {
                    to: fill(&rule.to, &found),
                    status: rule.status,
                })
            })
            .next()
    }
}

fn parse_headers(text: &str) -> Vec<(Pattern, Vec<Header>)> {
    let mut rules: Vec<(Pattern, Vec<Header>)> = Vec::new();
    for line in text.lines() {
        let is_indented = line.starts_with([' ', '\t']);
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if !is_indented && line.starts_with('/') {
            if rules.len() == MOST {
                break;
            }
            rules.push((Pattern::new(line), Vec::new()));
        } else if let Some((_, headers)) = rules.last_mut() {
            headers.extend(parse_header(line));
        }
    }
    rules
}

fn parse_header(line: &str) -> Option<Header> {
    if let Some(name) = line.strip_prefix('!') {
        return Some((name.trim().parse().ok()?, None));
    }
    let (name, value) = line.split_once(':')?;
    let value = HeaderValue::from_str(value.trim()).ok()?;
    Some((name.trim().parse().ok()?, Some(value)))
}

impl Redirect {
    fn parse(line: &str) -> Option<Redirect> {
        let line = line.trim();
        let mut words = line.split_whitespace();
        let from = words.next().filter(|from| from.starts_with('/'))?;
        let to = words
            .next()
            .filter(|to| to.starts_with('/') || to.contains("://"))?;
        let (status, is_forced) = match words.next() {
            None => (301, false),
            Some(word) => {
                let number = word.trim_end_matches('!');
                (number.parse().ok()?, word.ends_with('!'))
            }
        };
        let is_plain = words.next().is_none_or(|word| word.starts_with('#'));
        let is_known = matches!(status, 200 | 301 | 302 | 303 | 307 | 308 | 404 | 410);
        (is_plain && is_known).then(|| Redirect {
            from: Pattern::new(from),
            to: to.to_owned(),
            status,
            is_forced,
        })
    }
}

/// A path with `:names` for one segment and `*` for the rest.
#[derive(Debug)]
struct Pattern {
    segments: Vec<String>,
}

/// What names of a pattern stand for.
type Found = Vec<(String, String)>;

impl Pattern {
    fn new(path: &str) -> Pattern {
        let segments = path.trim_matches('/').split('/').map(str::to_owned).collect();
        Pattern { segments }
    }

    /// What stands for the names if a path is meant. A slash at the end makes no difference.
    fn matches(&self, path: &str) -> Option<Found> {
        let mut found = Found::new();
        let mut rest = path.trim_matches('/');
        for (index, segment) in self.segments.iter().enumerate() {
            if let Some(start) = segment.strip_suffix('*') {
                let splat = rest.strip_prefix(start)?;
                found.push(("splat".to_owned(), splat.to_owned()));
                return Some(found);
            }
            let (here, behind) = rest.split_once('/').unwrap_or((rest, ""));
            match segment.strip_prefix(':') {
                Some(name) if !name.is_empty() && !here.is_empty() => {
                    found.push((name.to_owned(), here.to_owned()));
                }
                _ if segment == here => {}
                _ => return None,
            }
            let is_last = index + 1 == self.segments.len();
            if is_last && !behind.is_empty() {
                return None;
            }
            rest = behind;
        }
        Some(found)
    }
}

/// Puts what was found in the place of names, longer names first: `:id` is not the start of `:ident`.
fn fill(to: &str, found: &Found) -> String {
    let mut names: Vec<&(String, String)> = found.iter().collect();
    names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    names.iter().fold(to.to_owned(), |to, (name, value)| {
        to.replace(&format!(":{name}"), value)
    })
}

#[cfg(test)]
mod tests {
    use super::{Led, Rules};

    fn check_redirect(rules: &str, path: &str, is_file: bool, expected: Option<(&str, u16)>) {
        let led = Rules::parse("", rules).redirect(path, is_file);
        let expected = expected.map(|(to, status)| Led {
            to: to.to_owned(),
            status,
        });
        assert_eq!(led, expected, "{rules} for {path}");
    }

    #[test]
    fn the_first_rule_for_a_path_leads_on() {
        let rules =
            "# moved\n/old/ /new/\n/old/ /newer/ 302\n\n/a/* /b/:splat 308\n/y/:year/:id/ /:id/in/:year/ 302";
        check_redirect(rules, "/old/", false, Some(("/new/", 301)));
        check_redirect(rules, "/old", false, Some(("/new/", 301)));
        check_redirect(rules, "/old/", true, None);
        check_redirect(rules, "/a/x/y", false, Some(("/b/x/y", 308)));
        check_redirect(rules, "/y/2025/7/", false, Some(("/7/in/2025/", 302)));
        check_redirect(rules, "/y/2025/", false, None);
        check_redirect(rules, "/y/2025/7/8", false, None);
        check_redirect(rules, "/", false, None);
    }

    #[test]
    fn a_forced_rule_holds_although_there_is_a_file() {
        check_redirect("/a /b 301!", "/a", true, Some(("/b", 301)));
        check_redirect("/* /index.html 200", "/x", false, Some(("/index.html", 200)));
        check_redirect(
            "/x https://example.org/ 302",
            "/x",
            false,
            Some(("https://example.org/", 302)),
        );
    }

    #[test]
    fn what_depends_on_more_than_the_path_is_no_rule_here() {
        for rules in [
            "/a id=:id /b/:id 301",
            "/a /b 302 Country=fr",
            "https://old.example/a /b",
            "/a /b 299",
            "/a /b many",
            "/a",
            "\u{0}",
            "/a nowhere",
        ] {
            check_redirect(rules, "/a", false, None);
        }
    }

    #[test]
    fn headers_of_all_rules_for_a_path_are_set() {
        let text = "/*\n  X-One: 1\n# note\n  X-Two: a: b\n/a/:id\n\tX-One: 2\n  ! X-Two\n  no header\n  Bad\u{7f}: x\n";
        let rules = Rules::parse(text, "");
        let shown = |path: &str| -> Vec<String> {
            let headers = rules.headers(path);
            headers
                .map(|(name, value)| {
                    format!(
                        "{name}={}",
                        value.as_ref().map_or("-", |value| value.to_str().unwrap_or("?"))
                    )
                })
                .collect()
        };
        assert_eq!(shown("/"), ["x-one=1", "x-two=a: b"]);
        assert_eq!(shown("/a/7"), ["x-one=1", "x-two=a: b", "x-one=2", "x-two=-"]);
        assert_eq!(shown("/a/7/8"), ["x-one=1", "x-two=a: b"]);
    }
}
