//! `publish:`, where the finished site is sent: a name for each place, and what that place is.
//!
//! A place is written as people know it from other programs: a folder, `git@host:me/site.git`,
//! `s3://bucket/folder`. Secrets have no place here, so an address with a password in it is refused.

use percent_encoding::percent_decode_str;

use super::{BaseUrl, Hooks, publish_hooks};
use crate::ground::diagnostic::{Code, Diagnostic};
use crate::reading::yaml::{Fields, Node};

/// Somewhere the site is published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What it is called on the command line.
    pub name: String,
    /// Where it is.
    pub place: Place,
    /// The address of the site there, where it is another than that of the settings.
    pub base_url: Option<BaseUrl>,
    /// How many files one run may delete unasked; `None` leaves that to the share of the site.
    pub max_deletions: Option<usize>,
    /// For how many seconds readers and caches may keep files without asking again, but for those whose
    /// names tell what they hold.
    pub max_age: u32,
    /// Who is told of what was published.
    pub hooks: Hooks,
}

/// What holds the files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A folder; one that is not absolute lies in the site folder.
    Folder(String),
    /// A branch of a repository.
    Git(Git),
    /// Something on the network with files or objects.
    Store(Store),
}

/// A branch of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Git {
    /// The repository, as `git push` takes it; a path that is not absolute lies in the site folder.
    pub repository: String,
    /// The branch.
    pub branch: String,
    /// Whether earlier states stay in it.
    pub history: bool,
}

/// Something on the network with files or objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Store {
    /// Amazon S3, or what speaks like it.
    S3 {
        /// The bucket.
        bucket: String,
        /// The folder in it, without slashes at its ends; empty for all of it.
        prefix: String,
        /// The region; `None` leaves it to the platform's own settings.
        region: Option<String>,
        /// The address of the service, where it is not Amazon's.
        endpoint: Option<String>,
    },
    /// Google Cloud Storage.
    Google {
        /// The bucket.
        bucket: String,
        /// The folder in it, without slashes at its ends; empty for all of it.
        prefix: String,
        /// The address of the service, where it is not Google's.
        endpoint: Option<String>,
    },
    /// Azure Blob Storage.
    Azure {
        /// The container.
        container: String,
        /// The folder in it, without slashes at its ends; empty for all of it.
        prefix: String,
        /// The storage account; `None` leaves it to the environment.
        account: Option<String>,
        /// The address of the service, where it is not that of the account.
        endpoint: Option<String>,
    },
    /// WebDAV.
    WebDav {
        /// The folder's address, `http://` or `https://`.
        url: String,
    },
    /// SFTP.
    Sftp {
        /// Who logs in; `None` leaves it to the settings of SSH.
        user: Option<String>,
        /// The machine, or its name in the settings of SSH.
        host: String,
        /// The port; `None` leaves it to the settings of SSH.
        port: Option<u16>,
        /// The folder; one that is not absolute lies where the login leads.
        path: String,
    },
}

impl Store {
    /// What people know it by.
    pub fn name(&self) -> String {
        let below = |scheme: &str, place: &str, prefix: &str| {
            let prefix = prefix.trim_matches('/');
            let slash = if prefix.is_empty() { "" } else { "/" };
            format!("{scheme}://{place}{slash}{prefix}")
        };
        match self {
            Store::S3 { bucket, prefix, .. } => below("s3", bucket, prefix),
            Store::Google { bucket, prefix, .. } => below("gs", bucket, prefix),
            Store::Azure {
                container, prefix, ..
            } => below("az", container, prefix),
            Store::WebDav { url } => url.clone(),
            Store::Sftp {
                user,
                host,
                port,
                path,
                ..
            } => {
                let user = user.as_ref().map_or(String::new(), |user| format!("{user}@"));
                let port = port.map_or(String::new(), |port| format!(":{port}"));
                let slash = if path.starts_with('/') { "" } else { "/" };
                format!("sftp://{user}{host}{port}{slash}{path}")
            }
        }
    }
}

/// The branch that is written unless another is named: the one that GitHub calls so.
const BRANCH: &str = "gh-pages";

/// Reads the setting, in the order of the file. `hubs` are those that the feeds of the site name.
pub fn read(fields: &mut Fields<'_>, hubs: &[String]) -> Vec<Target> {
    let mut targets = Vec::new();
    let Some(mut map) = fields.map(&["publish"], "the setting `publish`") else {
        return targets;
    };
    map.accept_all();
    let entries: Vec<_> = map.entries().collect();
    for (key, node) in entries {
        let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
        if key.name.is_empty() || !key.name.chars().all(is_word) || key.name.starts_with('-') {
            map.report_at_key(
                Code::BadValue,
                &key.name,
                format!("`{}` cannot be the name of a target", key.name),
                "use letters, digits, `-` and `_`, as in `live`",
            );
            continue;
        }
        targets.extend(read_target(&mut map, &key.name, node, hubs));
    }
    fields.absorb(map);
    targets
}

fn read_target<'d>(map: &mut Fields<'d>, name: &str, node: &'d Node, hubs: &[String]) -> Option<Target> {
    // `live: s3://bucket` is short for `live: {to: s3://bucket}`.
    if let Some(address) = node.as_text() {
        let place = place(address, &Further::default());
        let place = place.map_err(|wrong| report(map, name, node, wrong));
        return Some(Target::new(name, place.ok()?));
    }
    let mut own = Fields::new(map.document(), node, "a target");
    let Some(address) = own.text(&["to"]) else {
        let message = format!("the target `{name}` does not say where it is");
        own.report(
            Code::BadValue,
            node,
            message,
            "write it as `to: /srv/www/site` or `to: \"s3://bucket/folder\"`",
        );
        // What else it says is read for nothing, so that it is not told of as unknown.
        own.accept_all();
        map.absorb(own);
        return None;
    };
    let mut text = |key: &'static str| own.text(&[key]).map(|read| read.value);
    let further = Further {
        branch: text("branch"),
        region: text("region"),
        account: text("account"),
        endpoint: publish_hooks::optional_address(&mut own, "endpoint"),
        history: own.boolean(&["history"]).map(|read| read.value),
    };
    let mut target = match place(&address.value, &further) {
        Ok(place) => Some(Target::new(name, place)),
        Err(wrong) => {
            report(&mut own, name, address.node, wrong);
            None
        }
    };
    let base_url = own.text(&["base_url"]).and_then(|text| {
        let read = BaseUrl::parse(&text.value);
        let wrong = |why| {
            let message = format!("`base_url` is not the address of a site: {why}");
            own.report(
                Code::BadValue,
                text.node,
                message,
                "write it like `https://example.org/`",
            );
        };
        read.map_err(wrong).ok()
    });
    let max_deletions = own.number(&["max_deletions"], 0..=1_000_000_000);
    let cache = own.number(&["cache"], 0..=31_536_000);
    let hooks = Hooks::read(&mut own, hubs);
    if let Some(target) = &mut target {
        target.base_url = base_url;
        target.hooks = hooks;
        // The ranges make them fit.
        target.max_deletions = max_deletions.and_then(|read| usize::try_from(read.value).ok());
        target.max_age = cache.and_then(|read| u32::try_from(read.value).ok()).unwrap_or(0);
        for key in further.beside(&target.place) {
            let message = format!("`{key}` means nothing for {}", target.place.kind());
            own.report_at_key(Code::BadValue, key, message, "delete it, or correct `to`");
        }
    }
    map.absorb(own);
    target
}

/// What may be said of a place beside its address.
#[derive(Default)]
struct Further {
    branch: Option<String>,
    region: Option<String>,
    endpoint: Option<String>,
    account: Option<String>,
    history: Option<bool>,
}

impl Further {
    /// The keys that are given and say nothing about such a place.
    fn beside(&self, place: &Place) -> Vec<&'static str> {
        let fitting: &[&str] = match place {
            Place::Folder(_) | Place::Store(Store::WebDav { .. } | Store::Sftp { .. }) => &[],
            Place::Git(_) => &["branch", "history"],
            Place::Store(Store::S3 { .. }) => &["region", "endpoint"],
            Place::Store(Store::Google { .. }) => &["endpoint"],
            Place::Store(Store::Azure { .. }) => &["account", "endpoint"],
        };
        let given = [
            ("branch", self.branch.is_some()),
            ("history", self.history.is_some()),
            ("region", self.region.is_some()),
            ("endpoint", self.endpoint.is_some()),
            ("account", self.account.is_some()),
        ];
        let given = given
            .into_iter()
            .filter(|&(key, is_given)| is_given && !fitting.contains(&key));
        given.map(|(key, _)| key).collect()
    }
}

impl Target {
    fn new(name: &str, place: Place) -> Target {
        Target {
            name: name.to_owned(),
            place,
            base_url: None,
            max_deletions: None,
            max_age: 0,
            hooks: Hooks::default(),
        }
    }
}

impl Place {
    /// What kind of place it is, in words.
    pub fn kind(&self) -> &'static str {
        match self {
            Place::Folder(_) => "a folder",
            Place::Git(_) => "a branch",
            Place::Store(Store::S3 { .. }) => "a bucket",
            Place::Store(Store::Google { .. }) => "a bucket of Google Cloud Storage",
            Place::Store(Store::Azure { .. }) => "a container of Azure",
            Place::Store(Store::WebDav { .. }) => "a folder of WebDAV",
            Place::Store(Store::Sftp { .. }) => "a folder of SFTP",
        }
    }
}

/// What is said of addresses with passwords.
const SECRET: &str =
    "the address holds a password or a token, which everybody who reads brief.yaml would know";

/// A message and the next step.
type Wrong = (String, String);

/// What an address names.
fn place(address: &str, further: &Further) -> Result<Place, Wrong> {
    let address = address.trim();
    if address.is_empty() || address.contains(char::is_control) {
        return Err((
            "this is not where a site can be published".to_owned(),
            "write a folder or an address, such as `/srv/www/site` or `s3://bucket/folder`".to_owned(),
        ));
    }
    if address == "~" || address.starts_with("~/") {
        return Err((
            "`~` is not replaced in brief.yaml".to_owned(),
            "write the whole path, as in `/home/me/www`".to_owned(),
        ));
    }
    let Some((scheme, rest)) = address.split_once("://") else {
        return Ok(local_or_git(address, further));
    };
    if has_secret(scheme, rest) {
        return Err((
            SECRET.to_owned(),
            "take it out; docs/publishing.md says where passwords are looked for".to_owned(),
        ));
    }
    let prefix = |path: &str| decoded(path.trim_matches('/'));
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let nameless = |what: &str, example: &str| {
        let message = format!("`{address}` names no {what}");
        Err((message, format!("write it as `{example}`")))
    };
    match scheme.to_ascii_lowercase().as_str() {
        "s3" if host.is_empty() => nameless("bucket", "s3://bucket/folder"),
        "s3" => Ok(Place::Store(Store::S3 {
            bucket: host.to_owned(),
            prefix: prefix(path),
            region: further.region.clone(),
            endpoint: further.endpoint.clone(),
        })),
        "gs" | "gcs" if host.is_empty() => nameless("bucket", "gs://bucket/folder"),
        "gs" | "gcs" => Ok(Place::Store(Store::Google {
            bucket: host.to_owned(),
            prefix: prefix(path),
            endpoint: further.endpoint.clone(),
        })),
        "az" | "azure" if host.is_empty() => nameless("container", "az://container/folder"),
        "az" | "azure" => Ok(Place::Store(Store::Azure {
            container: host.to_owned(),
            prefix: prefix(path),
            account: further.account.clone(),
            endpoint: further.endpoint.clone(),
        })),
        "webdav" | "webdavs" if host.is_empty() => nameless("host", "webdavs://dav.example.org/site"),
        "webdav" => Ok(Place::Store(Store::WebDav {
            url: format!("http://{rest}"),
        })),
        "webdavs" => Ok(Place::Store(Store::WebDav {
            url: format!("https://{rest}"),
        })),
        "sftp" => sftp(address, host, path),
        "file" => Ok(local_or_git(rest, further)),
        "git" | "ssh" => Ok(git(address, further)),
        "http" | "https" if is_git(rest, further) => Ok(git(address, further)),
        "http" | "https" => Err((
            format!("`{address}` is an address that readers have, and not where files can be sent"),
            "for WebDAV write `webdavs://`; for a repository end it with `.git` or name its `branch`"
                .to_owned(),
        )),
        other => Err((
            format!("`{other}` is no kind of place that brief knows"),
            "it knows folders, repositories of Git, s3://, gs://, az://, webdavs:// and sftp://".to_owned(),
        )),
    }
}

/// A path, or a repository by its path or in the short form that SSH has.
fn local_or_git(address: &str, further: &Further) -> Place {
    // `C:\site` is a path, `host:site` a repository.
    let before_slash = address.split(['/', '\\']).next().unwrap_or_default();
    let is_remote = before_slash.find(':').is_some_and(|at| at > 1);
    match is_remote || is_git(address, further) {
        true => git(address, further),
        false => Place::Folder(address.to_owned()),
    }
}

fn is_git(address: &str, further: &Further) -> bool {
    address.trim_end_matches('/').ends_with(".git") || further.branch.is_some()
}

fn git(address: &str, further: &Further) -> Place {
    Place::Git(Git {
        repository: address.to_owned(),
        branch: further.branch.clone().unwrap_or_else(|| BRANCH.to_owned()),
        history: further.history.unwrap_or(true),
    })
}

fn sftp(address: &str, host: &str, path: &str) -> Result<Place, Wrong> {
    let example = "write it as `sftp://me@example.org/srv/www/site`";
    let (user, machine) = match host.rsplit_once('@') {
        Some((user, machine)) => (Some(decoded(user)), machine),
        None => (None, host),
    };
    let (machine, port) = match machine.rsplit_once(':') {
        Some((name, digits)) if !name.ends_with(':') && !digits.ends_with(']') => match digits.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => return Err((format!("`{digits}` is no port"), example.to_owned())),
        },
        _ => (machine, None),
    };
    let machine = machine.trim_start_matches('[').trim_end_matches(']');
    // Both go to the program `ssh` as words of their own, where what begins with a hyphen is an option.
    let is_bad = |word: &str| word.is_empty() || word.starts_with('-') || word.contains(char::is_whitespace);
    if is_bad(machine) || user.as_deref().is_some_and(is_bad) {
        return Err((format!("`{address}` names no machine"), example.to_owned()));
    }
    Ok(Place::Store(Store::Sftp {
        user,
        host: machine.to_owned(),
        port,
        // `/~/site` lies where the login leads, as other programs write it.
        path: match path.strip_prefix('~') {
            Some("") => String::new(),
            Some(below) if below.starts_with('/') => decoded(below.trim_start_matches('/')),
            _ => format!("/{}", decoded(path)),
        },
    }))
}

/// Whether an address holds a password: behind a colon in front of the machine's name, or, for the web, in the place of
/// the name, where hosts take tokens.
fn has_secret(scheme: &str, rest: &str) -> bool {
    let authority = rest.split('/').next().unwrap_or_default();
    let is_web = matches!(
        scheme.to_ascii_lowercase().as_str(),
        "http" | "https" | "webdav" | "webdavs"
    );
    authority
        .rsplit_once('@')
        .is_some_and(|(user, _)| is_web || user.contains(':'))
}

/// Reports what is wrong with an address. The line of one with a password in it is not shown, since reports stand in logs
/// that others read.
fn report(map: &mut Fields<'_>, name: &str, node: &Node, (message, help): Wrong) {
    if message == SECRET {
        let problem = Diagnostic::new(Code::BadValue, format!("target `{name}`: {message}"));
        map.push(problem.in_file(map.document().file()).help(help));
    } else {
        map.report(Code::BadValue, node, message, help);
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::diagnostic::Diagnostics;
    use crate::ground::path::SourcePath;
    use crate::reading::config::Config;

    fn parse(text: &str) -> (Vec<Target>, Vec<String>) {
        let file = SourcePath::new("brief.yaml").expect("a path");
        let mut found = Diagnostics::new();
        let config = Config::parse(&file, text, &mut found);
        let said = found.iter().map(|problem| problem.message.clone()).collect();
        (config.publish, said)
    }

    fn check(address: &str, expected: Place) {
        let (targets, said) = parse(&format!("publish:\n  live: {{to: \"{address}\"}}\n"));
        assert_eq!(said, Vec::<String>::new(), "{address}");
        assert_eq!(
            targets.first().map(|target| target.place.clone()),
            Some(expected),
            "{address}"
        );
        let (short, _) = parse(&format!("publish:\n  live: \"{address}\"\n"));
        assert_eq!(short, targets, "{address}");
    }

    fn refused(text: &str, expected: &[&str]) {
        let (_, said) = parse(text);
        assert_eq!(said, expected, "{text}");
    }

    #[test]
    fn places_are_told_by_how_they_are_written() {
        check("/srv/www/site", Place::Folder("/srv/www/site".to_owned()));
        check("../site", Place::Folder("../site".to_owned()));
        check("file:///srv/www", Place::Folder("/srv/www".to_owned()));
        let branch = |repository: &str| {
            Place::Git(Git {
                repository: repository.to_owned(),
                branch: "gh-pages".to_owned(),
                history: true,
            })
        };
        for repository in [
            "git@example.org:me/site.git",
            "example.org:site",
            "https://example.org/me/site.git",
            "ssh://git@example.org:2222/me/site",
            "../site.git",
        ] {
            check(repository, branch(repository));
        }
        let s3 = |bucket: &str, prefix: &str| {
            Place::Store(Store::S3 {
                bucket: bucket.to_owned(),
                prefix: prefix.to_owned(),
                region: None,
                endpoint: None,
            })
        };
        check("s3://news", s3("news", ""));
        check("s3://news/a/b%20c/", s3("news", "a/b c"));
        let dav = |url: &str| Place::Store(Store::WebDav { url: url.to_owned() });
        check(
            "webdavs://dav.example.org/site/",
            dav("https://dav.example.org/site/"),
        );
        check("webdav://127.0.0.1:80", dav("http://127.0.0.1:80"));
        let sftp = |user: Option<&str>, host: &str, port: Option<u16>, path: &str| {
            Place::Store(Store::Sftp {
                user: user.map(str::to_owned),
                host: host.to_owned(),
                port,
                path: path.to_owned(),
            })
        };
        check(
            "sftp://me@example.org:2222/srv/www",
            sftp(Some("me"), "example.org", Some(2222), "/srv/www"),
        );
        check("sftp://web/~/www", sftp(None, "web", None, "www"));
        check("sftp://web/~", sftp(None, "web", None, ""));
        check("sftp://[::1]:22/x", sftp(None, "::1", Some(22), "/x"));
        check("sftp://[::1]/x", sftp(None, "::1", None, "/x"));
    }

    #[test]
    fn what_belongs_to_a_place_is_read_with_it() {
        let text = "publish:\n  pages:\n    to: ../site\n    branch: pages\n    history: off\n    base_url: https://example.org/x\n    max_deletions: 5\n  eu:\n    to: s3://b\n    region: eu-west-1\n    endpoint: https://r2.example.org\n    cache: 300\n";
        let (targets, said) = parse(text);
        assert_eq!(said, Vec::<String>::new());
        let [pages, eu] = targets.as_slice() else {
            panic!("{targets:?}")
        };
        let git = Git {
            repository: "../site".to_owned(),
            branch: "pages".to_owned(),
            history: false,
        };
        assert_eq!(pages.place, Place::Git(git));
        assert_eq!(
            pages.base_url.as_ref().map(ToString::to_string).as_deref(),
            Some("https://example.org/x/")
        );
        assert_eq!((pages.max_deletions, pages.max_age), (Some(5), 0));
        assert_eq!((eu.name.as_str(), eu.max_age), ("eu", 300));
    }

    #[test]
    fn what_cannot_be_a_place_is_told() {
        refused(
            "publish: {a: https://example.org/}",
            &["`https://example.org/` is an address that readers have, and not where files can be sent"],
        );
        refused(
            "publish: {a: ftp://x/}",
            &["`ftp` is no kind of place that brief knows"],
        );
        refused("publish: {a: s3:///x}", &["`s3:///x` names no bucket"]);
        refused(
            "publish: {a: webdavs://me:secret@example.org/}",
            &[
                "target `a`: the address holds a password or a token, which everybody who reads brief.yaml would know",
            ],
        );
        refused(
            "publish: {a: sftp://-oProxyCommand=x/y}",
            &["`sftp://-oProxyCommand=x/y` names no machine"],
        );
        refused(
            "publish: {a: {branch: x}}",
            &["the target `a` does not say where it is"],
        );
        refused(
            "publish: {a: {to: /x, region: y}}",
            &["`region` means nothing for a folder"],
        );
        refused("publish: {a b: /x}", &["`a b` cannot be the name of a target"]);
        refused(
            "publish: {a: {to: /x, bucket: y}}",
            &["unknown key `bucket` in a target"],
        );
    }
}
