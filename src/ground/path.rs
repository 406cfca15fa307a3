//! Paths that cannot escape: files of the site, files of the output, and addresses on the web.
//!
//! All three are relative to their root, divided by forward slashes on every system, and checked
//! when they are made; a function that takes one of them need not check again.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::{Arc, LazyLock};

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization;

use super::encoding::{Decode, Decoder, Encode, Encoder};

/// A file of the site, relative to the site folder: `content/articles/x.md`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourcePath(Arc<str>);

impl SourcePath {
    /// A path written with forward slashes; `.` and empty segments are dropped, `..` is resolved.
    /// `None` where it would leave the site folder.
    pub fn new(path: &str) -> Option<SourcePath> {
        resolve("", path).map(|path| SourcePath(path.into()))
    }

    /// The site folder itself.
    pub fn root() -> SourcePath {
        static ROOT: LazyLock<Arc<str>> = LazyLock::new(|| "".into());
        SourcePath(ROOT.clone())
    }

    /// A path relative to the folder this file lies in, as a link in it would be written.
    pub fn relative(&self, path: &str) -> Option<SourcePath> {
        resolve(self.folder(), path).map(|path| SourcePath(path.into()))
    }

    /// The same, as text: most are only looked up.
    pub fn relative_text(&self, path: &str) -> Option<String> {
        resolve(self.folder(), path)
    }

    /// The way from this file to another, as a link in it is written.
    pub fn path_to(&self, to: &SourcePath) -> String {
        let from: Vec<&str> = self
            .folder()
            .split('/')
            .filter(|segment| !segment.is_empty())
            .collect();
        let to: Vec<&str> = to.as_str().split('/').collect();
        let folders = &to[..to.len() - 1];
        let shared = from.iter().zip(folders).take_while(|(a, b)| a == b).count();
        let mut segments = vec![".."; from.len() - shared];
        segments.extend(&to[shared..]);
        segments.join("/")
    }

    /// This folder's child of that name or relative path.
    pub fn join(&self, path: &str) -> Option<SourcePath> {
        resolve(&self.0, path).map(|path| SourcePath(path.into()))
    }

    /// The whole path, with forward slashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path of the folder this file lies in; empty for a file in the site folder.
    pub fn folder(&self) -> &str {
        self.0.rfind('/').map_or("", |slash| &self.0[..slash])
    }

    /// The last segment.
    pub fn file_name(&self) -> &str {
        self.0.rfind('/').map_or(&self.0, |slash| &self.0[slash + 1..])
    }

    /// The last segment without its extension.
    pub fn stem(&self) -> &str {
        let name = self.file_name();
        name.rfind('.')
            .filter(|&dot| dot > 0)
            .map_or(name, |dot| &name[..dot])
    }

    /// The extension in lower case, without the dot; empty where there is none.
    pub fn extension(&self) -> String {
        let name = self.file_name();
        name.rfind('.')
            .filter(|&dot| dot > 0)
            .map_or(String::new(), |dot| name[dot + 1..].to_lowercase())
    }

    /// The path in NFC, by which files are found whatever the Unicode form of a link to them.
    pub fn composed(&self) -> Arc<str> {
        match composed(&self.0) {
            Cow::Borrowed(_) => self.0.clone(),
            Cow::Owned(path) => path.into(),
        }
    }

    /// What follows `folder/`, if this lies in it.
    pub fn below(&self, folder: &str) -> Option<&str> {
        self.0.strip_prefix(folder)?.strip_prefix('/')
    }
}

impl fmt::Display for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SourcePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl Borrow<str> for SourcePath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Joins `path` to `folder` and resolves its dots; `None` if that leaves the root.
fn resolve(folder: &str, path: &str) -> Option<String> {
    let mut resolved = String::with_capacity(folder.len() + 1 + path.len());
    for part in [folder, path] {
        for segment in part.split('/') {
            match segment {
                "" | "." => {}
                ".." if resolved.is_empty() => return None,
                ".." => resolved.truncate(resolved.rfind('/').unwrap_or(0)),
                name => {
                    if !resolved.is_empty() {
                        resolved.push('/');
                    }
                    resolved.push_str(name);
                }
            }
        }
    }
    Some(resolved)
}

/// A file of the output, relative to the output folder: `companies/acme/index.html`.
///
/// Its name can be held by Linux, macOS and Windows alike.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OutputPath(Arc<str>);

impl OutputPath {
    /// Checks a path written with forward slashes; the error says what is wrong with it.
    pub fn new(path: &str) -> Result<OutputPath, String> {
        if path.is_empty() {
            return Err("the name is empty".to_owned());
        }
        let path = composed(path);
        check_segments(&path)?;
        Ok(OutputPath(path.into()))
    }

    /// The whole path, with forward slashes.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What the path is compared by: systems that fold case and Unicode forms see one file where
    /// these are equal.
    pub fn folded(&self) -> String {
        fold(&self.0)
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for OutputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// A name in NFC. Most are ASCII, which is in that form already.
fn composed(name: &str) -> Cow<'_, str> {
    if name.is_ascii() {
        name.into()
    } else {
        name.nfc().collect::<String>().into()
    }
}

/// Checks a path as it will be written: some characters grow when they are composed.
fn check_segments(composed: &str) -> Result<(), String> {
    composed.split('/').try_for_each(check_portable_name)
}

/// The form in which two names are the same to every file system: NFC, lower case, NFC again.
pub fn fold(name: &str) -> String {
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    // Upper case first: it maps ſ and ς, which have no lower-case form of their own, to S and Σ.
    name.nfc()
        .collect::<String>()
        .to_uppercase()
        .to_lowercase()
        .nfc()
        .collect()
}

/// The longest name that common file systems hold, in bytes.
const MAX_NAME_BYTES: usize = 255;

/// Names that Windows reserves, with or without an extension.
/// Source: "Naming Files, Paths, and Namespaces" in the Windows developer documentation.
const RESERVED_NAMES: &[&str] = &["con", "prn", "aux", "nul", "conin$", "conout$"];

/// The longest of them, and of the names of ports, in bytes.
const MAX_RESERVED_BYTES: usize = 7;

/// Checks one segment of a path; the error says what is wrong with it.
pub fn check_portable_name(name: &str) -> Result<(), String> {
    if name.is_empty() || name == "." || name == ".." {
        return Err("a part of the path is empty or made of dots".to_owned());
    }
    if name.len() > MAX_NAME_BYTES {
        return Err(format!(
            "the name is {} bytes long; file systems hold {MAX_NAME_BYTES}",
            name.len()
        ));
    }
    // Most names are made of these alone, and only short ones can be reserved.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let stem_length = name.bytes().position(|byte| byte == b'.').unwrap_or(name.len());
    if stem_length > MAX_RESERVED_BYTES && !name.ends_with('.') && name.bytes().all(is_plain) {
        return Ok(());
    }
    if let Some(character) = name
        .chars()
        .find(|&c| c.is_control() || "<>:\"/\\|?*".contains(c))
    {
        return Err(format!(
            "Windows cannot hold the character `{}` in a name",
            character.escape_default()
        ));
    }
    if name.ends_with(['.', ' ']) {
        return Err("Windows cannot hold a name that ends with a dot or a space".to_owned());
    }
    let stem = name.split('.').next().unwrap_or(name).trim_end();
    let is_reserved = |reserved: &&str| reserved.eq_ignore_ascii_case(stem);
    if RESERVED_NAMES.iter().any(is_reserved) || is_port(stem) {
        return Err(format!(
            "Windows reserves the name `{}`",
            stem.to_ascii_lowercase()
        ));
    }
    Ok(())
}

/// Whether a name in any case is `com1`, `lpt9` and the like.
fn is_port(name: &str) -> bool {
    let Some((device, number)) = name.split_at_checked(3) else {
        return false;
    };
    let mut digits = number.chars();
    let first_and_second = (digits.next(), digits.next());
    (device.eq_ignore_ascii_case("com") || device.eq_ignore_ascii_case("lpt"))
        && matches!(first_and_second, (Some('0'..='9' | '¹' | '²' | '³'), None))
}

/// An address on the site, without the path of `base_url`: `/companies/acme/`, always with a
/// leading slash and not percent-encoded.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Url(Arc<str>);

/// What is percent-encoded in a path: everything outside `pchar` and `/`.
/// Source: RFC 3986, section 3.3 and appendix A; `'` is encoded too, so that the address may
/// stand in any kind of quotes.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'\'');

impl Url {
    /// The front page.
    pub fn root() -> Url {
        Url("/".into())
    }

    /// The address of a folder-like page, `/` + segments + `/`; the error says what is wrong.
    pub fn page(path: &str) -> Result<Url, String> {
        let trimmed = path.trim_matches('/');
        if trimmed.is_empty() {
            return Ok(Url::root());
        }
        let path = composed(trimmed);
        check_segments(&path)?;
        Ok(Url(format!("/{path}/").into()))
    }

    /// The address of a file.
    pub fn file(path: &OutputPath) -> Url {
        match path.as_str().strip_suffix("index.html") {
            Some("") => Url::root(),
            Some(folder) if folder.ends_with('/') => Url(format!("/{folder}").into()),
            _ => Url(format!("/{path}").into()),
        }
    }

    /// The path with its leading slash, not encoded.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file that answers this address.
    pub fn output(&self) -> OutputPath {
        let relative = &self.0[1..];
        let file = if relative.is_empty() || relative.ends_with('/') {
            format!("{relative}index.html")
        } else {
            relative.to_owned()
        };
        // An address is only made from a checked path.
        OutputPath(file.into())
    }

    /// The address as it stands in a link: percent-encoded, behind the path of `base_url`.
    pub fn href(&self, base_path: &str) -> String {
        let mut href = String::with_capacity(base_path.len() + self.0.len());
        href.push_str(base_path.trim_end_matches('/'));
        href.extend(utf8_percent_encode(&self.0, PATH));
        href
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Percent-decodes a path; `None` where the bytes are not UTF-8.
pub fn decode_path(path: &str) -> Option<String> {
    percent_decode_str(path).decode_utf8().ok().map(Cow::into_owned)
}

/// The longest slug, in bytes.
pub const MAX_SLUG_BYTES: usize = 80;

/// The part of an address made from a name: lower case, NFC, Latin diacritics folded, letters and
/// digits of other scripts kept, runs of anything else one hyphen, at most [`MAX_SLUG_BYTES`]
/// bytes cut at a hyphen. Empty where the name holds no letter and no digit.
pub fn slug(name: &str) -> String {
    let mut slug = if name.is_ascii() {
        ascii_slug(name)
    } else {
        unicode_slug(name)
    };
    slug.truncate(whole_words(&slug, MAX_SLUG_BYTES).len());
    slug
}

/// The slug of a name without diacritics and other scripts: the same rules, without the tables.
fn ascii_slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'\'' => {}
            _ if byte.is_ascii_alphanumeric() => slug.push(char::from(byte.to_ascii_lowercase())),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

fn unicode_slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    let mut latin = false;
    // Compatibility forms are taken apart (ﬁ → fi, Ａ → A) so that one name has one slug.
    for character in name.nfkd() {
        if unicode_normalization::char::is_combining_mark(character) {
            // An accent on a Latin letter is dropped; marks of other scripts spell the word.
            if !latin && !slug.is_empty() && !slug.ends_with('-') {
                slug.push(character);
            }
            continue;
        }
        if character == '\'' || character == '’' {
            // An apostrophe joins: "OpenAI's" is one word.
            continue;
        }
        // By its lower-case form, which is what the slug holds: Ƛ lies outside the Latin blocks, ƛ does not.
        latin = character.to_lowercase().next().is_some_and(is_latin);
        if character.is_alphanumeric() {
            for lower in character.to_lowercase() {
                match fold_latin(lower) {
                    Some(folded) => slug.push_str(folded),
                    None => slug.push(lower),
                }
            }
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    slug.trim_end_matches('-').nfc().collect()
}

/// Whether a base character belongs to the Latin script (its letters up to Latin Extended-B,
/// Latin Extended Additional, and the digits and signs of ASCII).
fn is_latin(character: char) -> bool {
    matches!(character, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

/// Latin letters that Unicode does not take apart into a letter and a mark.
fn fold_latin(character: char) -> Option<&'static str> {
    Some(match character {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'đ' | 'ð' => "d",
        'ħ' => "h",
        'ı' => "i",
        'ł' => "l",
        'ŋ' => "n",
        'þ' => "th",
        'ŧ' => "t",
        _ => return None,
    })
}

/// The longest prefix of whole words that fits; one long word is cut at a character.
fn whole_words(slug: &str, limit: usize) -> &str {
    if slug.len() <= limit {
        return slug;
    }
    let head = &slug[..slug.floor_char_boundary(limit)];
    let whole = slug[head.len()..].starts_with('-');
    let cut = if whole {
        head
    } else {
        head.rfind('-').map_or(head, |hyphen| &head[..hyphen])
    };
    cut.trim_end_matches('-')
}

impl Encode for SourcePath {
    fn encode(&self, to: &mut Encoder) {
        self.0.encode(to);
    }
}

impl Decode for SourcePath {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let text = from.text()?;
        if text.is_empty() {
            return Some(SourcePath::root());
        }
        // What leaves the site folder must not come in by a damaged cache either.
        let is_resolved = text.split('/').all(|part| !matches!(part, "" | "." | ".."));
        is_resolved.then(|| SourcePath(text.into()))
    }
}

impl Encode for OutputPath {
    fn encode(&self, to: &mut Encoder) {
        self.0.encode(to);
    }
}

impl Decode for OutputPath {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        OutputPath::new(from.text()?).ok()
    }
}

impl Encode for Url {
    fn encode(&self, to: &mut Encoder) {
        self.0.encode(to);
    }
}

impl Decode for Url {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let text = from.text()?;
        let path = text.strip_prefix('/')?;
        let page = path.strip_suffix('/').unwrap_or(path);
        let is_portable = page
            .split('/')
            .all(|segment| check_portable_name(segment).is_ok());
        (path.is_empty() || is_portable).then(|| Url(text.into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_from_file_to_file() {
        let check = |from: &str, to: &str, expected: &str| {
            let path = |text: &str| SourcePath::new(text).expect("a path");
            assert_eq!(path(from).path_to(&path(to)), expected);
        };
        check("content/articles/a.md", "content/articles/b.md", "b.md");
        check("content/articles/2025/a.md", "content/articles/b.md", "../b.md");
        check(
            "content/pages/a.md",
            "content/articles/2025/b.md",
            "../articles/2025/b.md",
        );
        check("a.md", "content/b.md", "content/b.md");
    }

    #[test]
    fn source_paths_resolve_dots_and_never_leave_the_site() {
        let check = |path: &str, expected: Option<&str>| {
            assert_eq!(
                SourcePath::new(path).as_ref().map(SourcePath::as_str),
                expected,
                "{path}"
            );
        };
        check("content/a.md", Some("content/a.md"));
        check("./content//b/../a.md", Some("content/a.md"));
        check("/etc/passwd", Some("etc/passwd"));
        check("../a", None);
        check("a/../../b", None);
        let file = SourcePath::new("content/articles/x.md").expect("inside");
        assert_eq!(
            file.relative("../pages/a.md"),
            SourcePath::new("content/pages/a.md")
        );
        assert_eq!(file.relative("../../../a.md"), None);
        assert_eq!(
            (file.folder(), file.file_name(), file.stem()),
            ("content/articles", "x.md", "x")
        );
    }

    #[test]
    fn names_that_some_system_cannot_hold_are_refused() {
        for bad in [
            "", "a//b", "..", "a/../b", "con", "Aux.txt", "com1", "lpt¹.md", "COM9 .x", "a:b", "a?", "a.",
            "a ", "x\u{7}",
        ] {
            assert!(OutputPath::new(bad).is_err(), "{bad:?}");
        }
        for good in [
            "index.html",
            "con-edison/index.html",
            "com10",
            "com",
            "coé1",
            "日本/index.html",
            ".well-known/x",
            "common",
        ] {
            assert!(OutputPath::new(good).is_ok(), "{good:?}");
        }
        // 255 bytes as written, twice that in NFC.
        assert!(OutputPath::new(&"\u{958}".repeat(85)).is_err());
    }

    #[test]
    fn addresses_and_files_belong_together() {
        let check = |url: Url, output: &str| {
            assert_eq!(url.output().as_str(), output);
            assert_eq!(Url::file(&url.output()), url);
        };
        check(Url::root(), "index.html");
        check(
            Url::page("companies/acme").expect("valid"),
            "companies/acme/index.html",
        );
        check(
            Url::file(&OutputPath::new("feed.xml").expect("valid")),
            "feed.xml",
        );
        check(
            Url::file(&OutputPath::new("a/my-index.html").expect("valid")),
            "a/my-index.html",
        );
    }

    #[test]
    fn links_are_encoded_behind_the_base_path() {
        let url = Url::page("2025/日本-50%").expect("valid");
        assert_eq!(
            url.href("/briefings/"),
            "/briefings/2025/%E6%97%A5%E6%9C%AC-50%25/"
        );
        assert_eq!(url.href("/"), "/2025/%E6%97%A5%E6%9C%AC-50%25/");
        assert_eq!(decode_path("%E6%97%A5%20x"), Some("日 x".to_owned()));
        assert_eq!(decode_path("%ff"), None);
    }

    #[test]
    fn slugs() {
        let check = |name: &str, expected: &str| assert_eq!(slug(name), expected, "{name}");
        check(
            "Microsoft Loses Exclusive Status",
            "microsoft-loses-exclusive-status",
        );
        check("OpenAI’s $40bn: what’s next?", "openais-40bn-whats-next");
        check(
            "Crédit Agricole & Société Générale",
            "credit-agricole-societe-generale",
        );
        check("Cre\u{301}dit", "credit");
        check("Straße, Ørsted, Łódź", "strasse-orsted-lodz");
        check("ソフトバンクグループ", "ソフトバンクグループ");
        check("Яндекс 2025 й", "яндекс-2025-й");
        check("हिन्दी", "हिन्दी");
        check("Ƛ\u{ec8}", "ƛ");
        check("🚀🚀", "");
        check("  --a--  ", "a");
        check("ﬁnance ＡＩ", "finance-ai");
        check(&"word ".repeat(40), "word-".repeat(16).trim_end_matches('-'));
        assert_eq!(slug(&"語".repeat(60)).len(), 78);
    }

    #[test]
    fn the_short_way_for_ascii_gives_the_same_slugs() {
        for name in [
            "A b",
            "--x--y--",
            "don't",
            "$40bn: up 7 %",
            "",
            "___",
            "a\u{7}b",
            &"w ".repeat(99),
        ] {
            assert_eq!(ascii_slug(name), unicode_slug(name), "{name:?}");
        }
    }

    #[test]
    fn folding_joins_what_a_file_system_may_join() {
        assert_eq!(fold("Cafe\u{301}"), fold("CAFÉ"));
        assert_ne!(fold("a"), fold("b"));
    }
}
