//! `hooks:` of a target of `publish:`, who is told of what was published.
//!
//! Secrets are no part of it: they are read from the environment when they are needed, under the names of the hosts'
//! own programs.

use url::Url;

use crate::ground::diagnostic::Code;
use crate::reading::yaml::{Fields, Node, Value};

/// Who is told of what was published; nobody, unless the settings say so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hooks {
    /// Hubs that pass news of feeds on, by address.
    pub websub: Vec<String>,
    /// Search engines that take part in IndexNow.
    pub indexnow: Option<IndexNow>,
    /// A cache in front of the site.
    pub purge: Option<Purge>,
}

/// What IndexNow needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexNow {
    /// The key, which a file of the site holds, too.
    pub key: String,
    /// The address of one search engine, which tells the others.
    pub endpoint: Option<String>,
}

impl IndexNow {
    /// The file of the site that holds the key.
    pub fn file(&self) -> String {
        format!("{}.txt", self.key)
    }
}

/// How a cache is told to forget what has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Purge {
    /// Cloudflare's, by the identifier of the zone.
    Cloudflare {
        /// The identifier.
        zone: String,
        /// The address of the interface; Cloudflare's own where there is none.
        endpoint: Option<String>,
    },
    /// One that takes requests with the method PURGE: Varnish, nginx with a module, Fastly.
    Method {
        /// Where these go, if not to the addresses of the pages themselves.
        at: Option<String>,
    },
}

impl Hooks {
    /// Reads the setting `hooks` of a target. `hubs` are those that the feeds of the site name.
    pub fn read(fields: &mut Fields<'_>, hubs: &[String]) -> Hooks {
        let mut hooks = Hooks::default();
        if let Some(mut map) = fields.map(&["hooks"], "the setting `hooks`") {
            hooks.websub = read_websub(&mut map, hubs);
            hooks.indexnow = read_indexnow(&mut map);
            hooks.purge = read_purge(&mut map);
            fields.absorb(map);
        }
        hooks
    }

    /// Whether nobody is told anything.
    pub fn is_empty(&self) -> bool {
        *self == Hooks::default()
    }
}

/// `on` means the hubs that the feeds name, since nobody learns anything from others.
fn read_websub(map: &mut Fields<'_>, hubs: &[String]) -> Vec<String> {
    let Some(node) = map.node(&["websub"]) else {
        return Vec::new();
    };
    let is_switch = match &node.value {
        Value::Bool(_) => true,
        Value::Text(word) => matches!(
            word.to_ascii_lowercase().as_str(),
            "on" | "off" | "yes" | "no" | "true" | "false"
        ),
        _ => false,
    };
    if !is_switch {
        return read_hubs(map, "websub");
    }
    let is_on = map.boolean(&["websub"]).is_some_and(|chosen| chosen.value);
    if is_on && hubs.is_empty() {
        map.report(
            Code::BadValue,
            node,
            "the feeds name no hub that could be told",
            "name one: `feeds: {hubs: [https://hub.example/]}`",
        );
    }
    match is_on {
        true => hubs.to_vec(),
        false => Vec::new(),
    }
}

/// Reads addresses of hubs.
pub(super) fn read_hubs(map: &mut Fields<'_>, name: &'static str) -> Vec<String> {
    let mut hubs = Vec::new();
    for hub in map.texts(&[name]).unwrap_or_default() {
        if let Some(address) = address(map, "the address of a hub", &hub.value, hub.node)
            && !hubs.contains(&address)
        {
            hubs.push(address);
        }
    }
    hubs
}

fn read_indexnow(map: &mut Fields<'_>) -> Option<IndexNow> {
    let node = map.node(&["indexnow"])?;
    if node.as_map().is_none() {
        let key = map.text(&["indexnow"])?;
        let key = key_of(map, &key.value, key.node)?;
        return Some(IndexNow { key, endpoint: None });
    }
    let mut inner = map.map(&["indexnow"], "the setting `indexnow`")?;
    let key = match inner.text(&["key"]) {
        Some(key) => key_of(&mut inner, &key.value, key.node),
        None => {
            inner.report(Code::BadValue, node, "`indexnow` has no `key`", KEY_HELP);
            None
        }
    };
    let endpoint = optional_address(&mut inner, "endpoint");
    map.absorb(inner);
    Some(IndexNow { key: key?, endpoint })
}

const KEY_HELP: &str = "make one up, of 8 to 128 English letters, figures and hyphens, and write it into a file of that name: `static/KEY.txt`";

/// Source: the documentation of IndexNow, "Generate an API key".
fn key_of(map: &mut Fields<'_>, text: &str, node: &Node) -> Option<String> {
    let is_sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    let is_key = (8..=128).contains(&text.len()) && text.bytes().all(is_sign);
    if !is_key {
        map.report(Code::BadValue, node, "this is no key of IndexNow", KEY_HELP);
    }
    is_key.then(|| text.to_owned())
}

fn read_purge(map: &mut Fields<'_>) -> Option<Purge> {
    let node = map.node(&["purge"])?;
    let mut inner = map.map(&["purge"], "the setting `purge`")?;
    let zone = inner.text(&["cloudflare"]);
    let method = inner.choice(&["method"], &[("PURGE", ())]);
    let at = optional_address(&mut inner, "at");
    let purge = match (&zone, &method) {
        (Some(_), Some(method)) => {
            let message = "`purge` names two kinds of caches";
            let help = "keep `cloudflare` or `method`; another target can have the other";
            inner.report(Code::BadValue, method.node, message, help);
            None
        }
        (Some(zone), None) if is_zone(&zone.value) => Some(Purge::Cloudflare {
            zone: zone.value.to_ascii_lowercase(),
            endpoint: None,
        }),
        (Some(zone), None) => {
            let message = "this is no identifier of a zone at Cloudflare";
            let help = "copy the Zone ID from the overview of the domain: 32 figures and letters from a to f";
            inner.report(Code::BadValue, zone.node, message, help);
            None
        }
        (None, Some(_)) => Some(Purge::Method { at }),
        (None, None) => {
            let help = "write `purge: {cloudflare: ZONE}` or `purge: {method: PURGE}`";
            if !inner.is_present("cloudflare") && !inner.is_present("method") {
                inner.report(Code::BadValue, node, "`purge` names no cache", help);
            }
            None
        }
    };
    map.absorb(inner);
    purge
}

fn is_zone(text: &str) -> bool {
    text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

pub(super) fn optional_address(map: &mut Fields<'_>, name: &'static str) -> Option<String> {
    let text = map.text(&[name])?;
    address(map, "an address", &text.value, text.node)
}

/// An address of the web, in the one form that it is asked for in.
fn address(map: &mut Fields<'_>, what: &str, text: &str, node: &Node) -> Option<String> {
    let help = "write it like `https://hub.example/`";
    let parsed = Url::parse(text.trim()).ok();
    let parsed = parsed.filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let Some(url) = parsed else {
        map.report(Code::BadValue, node, format!("this is not {what}"), help);
        return None;
    };
    if !url.username().is_empty() || url.password().is_some() {
        let message = "an address in brief.yaml must not hold a name or a password";
        map.report(Code::BadValue, node, message, help);
        return None;
    }
    if url.fragment().is_some() {
        map.report(Code::BadValue, node, format!("{what} has no `#` in it"), help);
        return None;
    }
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::diagnostic::Diagnostics;
    use crate::ground::path::SourcePath;
    use crate::reading::yaml;

    /// Reads `hooks:` and gives it with the problems: what is under the caret, and the message.
    fn read(text: &str) -> (Hooks, Vec<String>) {
        let text = format!("hooks: {text}\n");
        let file = SourcePath::new("brief.yaml").expect("a path");
        let mut found = Diagnostics::new();
        let document = yaml::parse(&file, &text, 0, &mut found).expect("YAML");
        let mut fields = Fields::new(&document, document.root(), "a target");
        let hooks = Hooks::read(&mut fields, &["https://hub.example/".to_owned()]);
        found.extend(fields.finish());
        let problem = |problem: &crate::ground::diagnostic::Diagnostic| {
            let span = problem.labels[0].span.expect("a place");
            format!(
                "{}: {}",
                &text[span.start as usize..span.end as usize],
                problem.message
            )
        };
        let problems = found.sorted().iter().map(problem).collect();
        (hooks, problems)
    }

    fn refused(text: &str, expected: &[&str]) {
        let (_, problems) = read(text);
        assert_eq!(problems, expected, "{text}");
    }

    #[test]
    fn nobody_is_told_unless_somebody_says_so() {
        let (hooks, problems) = read("{}");
        assert!(hooks.is_empty() && problems.is_empty());
        let (hooks, problems) = read("{websub: off}");
        assert!(hooks.is_empty() && problems.is_empty());
    }

    #[test]
    fn all_of_it() {
        let zone = "0123456789abcdef0123456789ABCDEF";
        let (hooks, problems) = read(&format!(
            "{{websub: on, indexnow: abcd-1234, purge: {{cloudflare: {zone}}}}}"
        ));
        assert_eq!(problems, [""; 0]);
        assert_eq!(hooks.websub, ["https://hub.example/"]);
        let indexnow = hooks.indexnow.expect("a key");
        assert_eq!(
            (indexnow.file().as_str(), indexnow.endpoint),
            ("abcd-1234.txt", None)
        );
        let zone = zone.to_ascii_lowercase();
        assert_eq!(hooks.purge, Some(Purge::Cloudflare { zone, endpoint: None }));

        let (hooks, problems) = read(
            "{websub: [https://a.example, 'http://127.0.0.1:1/b', https://a.example/], \
             indexnow: {key: 12345678, endpoint: 'https://c.example/indexnow'}, \
             purge: {method: PURGE, at: 'http://127.0.0.1:6081'}}",
        );
        assert_eq!(problems, [""; 0]);
        assert_eq!(hooks.websub, ["https://a.example/", "http://127.0.0.1:1/b"]);
        let endpoint = hooks.indexnow.and_then(|indexnow| indexnow.endpoint);
        assert_eq!(endpoint.as_deref(), Some("https://c.example/indexnow"));
        let at = Some("http://127.0.0.1:6081/".to_owned());
        assert_eq!(hooks.purge, Some(Purge::Method { at }));
    }

    #[test]
    fn what_is_wrong_is_said_at_its_place() {
        refused("{websub: hub}", &["hub: this is not the address of a hub"]);
        refused(
            "{websub: [ftp://a.example/, https://me:secret@a.example/]}",
            &[
                "ftp://a.example/: this is not the address of a hub",
                "https://me:secret@a.example/: an address in brief.yaml must not hold a name or a password",
            ],
        );
        refused("{indexnow: short}", &["short: this is no key of IndexNow"]);
        refused(
            "{indexnow: ../../../etc}",
            &["../../../etc: this is no key of IndexNow"],
        );
        refused("{indexnow: {}}", &["{}: `indexnow` has no `key`"]);
        refused("{purge: {}}", &["{}: `purge` names no cache"]);
        refused(
            "{purge: {cloudflare: ../zones}}",
            &["../zones: this is no identifier of a zone at Cloudflare"],
        );
        refused("{purge: {method: BAN}}", &["BAN: `method` cannot be `BAN`"]);
        refused("{ping: on}", &["ping: unknown key `ping` in the setting `hooks`"]);
    }
}
