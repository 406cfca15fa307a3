//! What goes wrong at a store, sorted by what a person can do about it.

use std::error::Error;
use std::fmt;

/// How much of what a store says is passed on, in bytes.
const MAX_SAID: usize = 300;

/// What a person could do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// There are no credentials, or the store does not take them.
    Credentials,
    /// The credentials are taken but do not allow this.
    Rights,
    /// There is no such bucket, container or folder.
    NoPlace,
    /// No machine has this name.
    NoHost,
    /// The machine does not answer.
    Unreachable,
    /// The certificate of the machine is not one that we trust.
    Certificate,
    /// The key of the machine is not one that `ssh` knows.
    #[cfg_attr(not(unix), expect(dead_code, reason = "only SFTP has such keys"))]
    HostKey,
    /// There is no room left.
    Full,
    /// Somebody else wrote meanwhile.
    Overtaken,
    /// The store cannot do this.
    Unsupported,
    /// The file in the output is not the one that was built.
    Altered,
    /// A program or file of this machine.
    Local,
    /// All else.
    Other,
}

/// Something that went wrong.
#[derive(Clone, Debug)]
pub(super) struct Trouble {
    pub(super) kind: Kind,
    /// What the store said, in one line, or what was seen of it.
    pub(super) said: String,
    /// Whether to try again may help.
    pub(super) is_passing: bool,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl Error for Trouble {}

impl Trouble {
    /// Something that will be so next time too.
    pub(super) fn lasting(kind: Kind, said: impl AsRef<str>) -> Trouble {
        Trouble {
            kind,
            said: one_line(said.as_ref()),
            is_passing: false,
        }
    }

    /// Something that may be otherwise in a moment.
    pub(super) fn passing(kind: Kind, said: impl AsRef<str>) -> Trouble {
        Trouble {
            is_passing: true,
            ..Trouble::lasting(kind, said)
        }
    }

    /// What an HTTP status means by itself.
    pub(super) fn of_status(status: u16, said: &str) -> Trouble {
        let words = match said.trim() {
            "" => format!("the server answered with status {status}"),
            said => format!("the server answered with status {status}: {}", one_line(said)),
        };
        let kind = match status {
            401 => Kind::Credentials,
            403 => Kind::Rights,
            404 | 409 | 410 => Kind::NoPlace,
            412 => Kind::Overtaken,
            405 | 501 => Kind::Unsupported,
            413 | 507 => Kind::Full,
            _ => Kind::Other,
        };
        match status {
            408 | 423 | 425 | 429 | 500 | 502 | 503 | 504 => Trouble::passing(kind, words),
            _ => Trouble::lasting(kind, words),
        }
    }

    /// What an error of the library for object stores means.
    pub(super) fn of_library(error: &opendal::Error) -> Trouble {
        if let Some(own) = own(error) {
            return own;
        }
        let said = said(error);
        let status = status(&error.to_string());
        // Not the whole text, in which the path stands too: a file may have any name.
        let text = format!("{} {}", error.message(), causes(error));
        let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
        let kind = if has(&[
            "SignatureDoesNotMatch",
            "InvalidAccessKeyId",
            "AuthenticationFailed",
            "AuthFailure",
            "ExpiredToken",
            "InvalidToken",
            "InvalidClientTokenId",
            "RequestTimeTooSkewed",
            "failed to authenticate",
            "credential",
        ]) || status == Some(401)
        {
            Kind::Credentials
        } else if has(&[
            "NoSuchBucket",
            "ContainerNotFound",
            "The specified bucket does not exist",
        ]) {
            Kind::NoPlace
        } else if has(&["QuotaExceeded", "EntityTooLarge", "StorageFull"]) || status == Some(507) {
            Kind::Full
        } else {
            match error.kind() {
                opendal::ErrorKind::PermissionDenied => Kind::Rights,
                opendal::ErrorKind::NotFound => Kind::NoPlace,
                opendal::ErrorKind::ConditionNotMatch | opendal::ErrorKind::AlreadyExists => Kind::Overtaken,
                opendal::ErrorKind::Unsupported => Kind::Unsupported,
                _ if status == Some(501) => Kind::Unsupported,
                _ => Kind::Other,
            }
        };
        let is_passing = error.is_temporary()
            || error.kind() == opendal::ErrorKind::RateLimited
            || matches!(status, Some(408 | 425 | 429));
        match is_passing && kind != Kind::Full {
            true => Trouble::passing(kind, said),
            false => Trouble::lasting(kind, said),
        }
    }

    /// What went wrong with a file of this machine.
    pub(super) fn of_file(path: &std::path::Path, error: &std::io::Error) -> Trouble {
        let said = format!("`{}`: {}", path.display(), crate::ground::world::describe(error));
        match error.kind() {
            std::io::ErrorKind::NotFound => Trouble::lasting(Kind::Altered, said),
            _ => Trouble::lasting(Kind::Local, said),
        }
    }
}

/// What lies below an error.
fn causes(error: &opendal::Error) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(&error.to_string());
        text.push(' ');
        cause = error.source();
    }
    text
}

/// What our own client found, below what the library made of it.
fn own(error: &opendal::Error) -> Option<Trouble> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(trouble) = error.downcast_ref::<Trouble>() {
            return Some(trouble.clone());
        }
        cause = error.source();
    }
    None
}

/// What a store said, out of the library's words around it.
fn said(error: &opendal::Error) -> String {
    let message = error.message();
    let field = |name: &str| {
        let (_, rest) = message.split_once(&format!("{name}: \""))?;
        let (value, _) = rest.split_once('"')?;
        (!value.is_empty()).then_some(value)
    };
    match (field("code"), field("message")) {
        (Some(code), Some(message)) => format!("{code}: {message}"),
        (Some(code), None) => code.to_owned(),
        _ => {
            let source = error.source().map(|source| source.to_string());
            let status = status(&error.to_string()).map(|status| format!("status {status}"));
            let told = [Some(message.to_owned()), source, status].into_iter().flatten();
            told.filter(|text| !text.trim().is_empty())
                .collect::<Vec<_>>()
                .join(", ")
        }
    }
}

/// The HTTP status, which the library tells within a text.
fn status(text: &str) -> Option<u16> {
    let (_, rest) = text.split_once("Parts { status: ")?;
    rest.get(..3)?.parse().ok()
}

/// A text as one line that can be printed anywhere, cut where it is long.
pub(super) fn one_line(text: &str) -> String {
    let mut line = String::new();
    for word in text.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        if word.is_empty() {
            continue;
        }
        if line.len() + word.len() > MAX_SAID {
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_sorted_by_what_helps() {
        let check = |status: u16, kind: Kind, is_passing: bool| {
            let trouble = Trouble::of_status(status, "x\n\u{1b}[31my");
            assert_eq!((trouble.kind, trouble.is_passing), (kind, is_passing), "{status}");
            assert_eq!(
                trouble.said,
                format!("the server answered with status {status}: x [31my")
            );
        };
        check(401, Kind::Credentials, false);
        check(403, Kind::Rights, false);
        check(412, Kind::Overtaken, false);
        check(429, Kind::Other, true);
        check(503, Kind::Other, true);
        check(507, Kind::Full, false);
    }

    #[test]
    fn what_a_store_says_is_found_in_the_words_of_the_library() {
        let error = opendal::Error::new(
            opendal::ErrorKind::PermissionDenied,
            "S3Error { code: \"SignatureDoesNotMatch\", message: \"The signature is wrong\", resource: \"\" }",
        );
        let trouble = Trouble::of_library(&error);
        assert_eq!(trouble.kind, Kind::Credentials);
        assert_eq!(trouble.said, "SignatureDoesNotMatch: The signature is wrong");
        let error = opendal::Error::new(opendal::ErrorKind::Unexpected, "")
            .with_context("path", "NoSuchBucket-credential.html");
        assert_eq!(Trouble::of_library(&error).kind, Kind::Other);
        let error = opendal::Error::new(opendal::ErrorKind::Unexpected, "")
            .with_context("response", "Parts { status: 507, version: HTTP/1.1 }");
        assert_eq!(Trouble::of_library(&error).kind, Kind::Full);
        let own = Trouble::passing(Kind::Unreachable, "nobody there");
        let error = opendal::Error::new(opendal::ErrorKind::Unexpected, "x").set_source(own);
        let trouble = Trouble::of_library(&error);
        assert_eq!(
            (trouble.kind, trouble.is_passing, trouble.said.as_str()),
            (Kind::Unreachable, true, "nobody there")
        );
    }

    #[test]
    fn long_texts_are_cut() {
        assert!(one_line(&"word ".repeat(1_000)).len() < 310);
        assert_eq!(one_line("\0"), "");
    }
}
