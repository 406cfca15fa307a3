//! Why a publish failed, in words, with what helps next.

use super::lease::LEASE;
use super::trouble::{Kind, Trouble};
use crate::commands::publish::changes::{TooManyDeletions, named};
use crate::commands::publish::shipment::Failure;
use crate::reading::config::Store;

/// What a store refused or did not answer, while `doing`.
pub(super) fn of_trouble(store: &Store, doing: &str, trouble: &Trouble) -> Failure {
    let name = store.name();
    let what = match trouble.kind {
        Kind::Credentials => "does not take the credentials, or got none",
        Kind::Rights => "does not allow this",
        Kind::NoPlace => "is not there",
        Kind::NoHost | Kind::Unreachable => "cannot be reached",
        Kind::Certificate => "has no certificate that can be trusted",
        Kind::HostKey => "is a server whose key `ssh` does not know",
        Kind::Full => "has no room left",
        Kind::Overtaken => "was written by somebody else meanwhile",
        Kind::Unsupported => "cannot do what is needed",
        Kind::Altered | Kind::Local => {
            let help = match trouble.kind {
                Kind::Altered => "let nothing write to the output while it is published, then publish again",
                _ => "see that the file can be read and the program be started",
            };
            return failed(format!("{doing}: {}", trouble.said), help);
        }
        Kind::Other => "failed",
    };
    failed(
        format!("`{name}` {what} ({doing}): {}", trouble.said),
        help(store, trouble.kind),
    )
}

/// Another publish holds the lock.
pub(super) fn held(store: &Store, age: Option<i64>) -> Failure {
    let since = match age {
        Some(age) => format!(
            ", and gave its last sign of life {} seconds ago",
            age.clamp(0, LEASE)
        ),
        None => String::new(),
    };
    failed(
        format!("another publish to `{}` is going on{since}", store.name()),
        format!(
            "wait until it is through; if it was cut, publish with `--unlock`, or wait {} minutes and publish again",
            LEASE / 60
        ),
    )
}

/// Something stands where nothing of ours was published yet.
pub(super) fn not_empty(store: &Store, first: &[String], count: usize) -> Failure {
    obstacle(
        format!(
            "`{}` is not empty, and nothing was published there yet: {}",
            store.name(),
            named(first, count)
        ),
        "choose an empty place, or publish with `--adopt`: files of the site then replace those of the same path, \
         and all others stay",
    )
}

/// Files of somebody else stand where new ones are to go.
pub(super) fn collisions(store: &Store, first: &[String], count: usize) -> Failure {
    let (stand, them) = if count == 1 {
        ("file stands", "it")
    } else {
        ("files stand", "them")
    };
    obstacle(
        format!(
            "{count} {stand} in `{}` where new ones are to go, and no publish put {them} there: {}",
            store.name(),
            named(first, count)
        ),
        format!("move {them} away, or publish with `--adopt` to replace {them}"),
    )
}

/// The record is no record.
pub(super) fn damaged(store: &Store) -> Failure {
    refused(
        format!(
            "`.brief-manifest` in `{}` is damaged, so that nobody knows what is published there",
            store.name()
        ),
        "publish with `--adopt` to send all files anew; files of earlier publishes that are no longer part of the \
         site then stay there",
    )
}

/// More deletions than anybody probably means.
pub(super) fn deletions(store: &Store, many: &TooManyDeletions) -> Failure {
    refused(
        format!("in `{}` {many}", store.name()),
        "if that is meant, publish with `--delete-many`",
    )
}

fn failed(message: String, help: impl Into<String>) -> Failure {
    Failure::usage(message).help(help)
}

fn obstacle(message: String, help: impl Into<String>) -> Failure {
    Failure {
        is_obstacle: true,
        ..refused(message, help)
    }
}

fn refused(message: String, help: impl Into<String>) -> Failure {
    Failure::refused(message).help(help)
}

/// What helps.
fn help(store: &Store, kind: Kind) -> &'static str {
    match (kind, store) {
        (Kind::Credentials, Store::S3 { .. }) => {
            "set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`, or choose a profile of `~/.aws` by `AWS_PROFILE`"
        }
        (Kind::Credentials, Store::Google { .. }) => {
            "set `GOOGLE_APPLICATION_CREDENTIALS` to the file of a service account, or run \
             `gcloud auth application-default login`"
        }
        (Kind::Credentials, Store::Azure { .. }) => {
            "set `AZURE_STORAGE_ACCOUNT_NAME` and `AZURE_STORAGE_ACCOUNT_KEY`, or `AZURE_STORAGE_SAS_TOKEN`"
        }
        (Kind::Credentials, Store::WebDav { .. }) => {
            "set `BRIEF_WEBDAV_USER` and `BRIEF_WEBDAV_PASSWORD`, or `BRIEF_WEBDAV_TOKEN`"
        }
        (Kind::Credentials, Store::Sftp { .. }) => {
            "see that `ssh` to this server works without a question: add your key with `ssh-add`, and to the server"
        }
        (Kind::HostKey, _) => {
            "connect once by hand with `ssh` and compare the key, or add it to `~/.ssh/known_hosts`"
        }
        (Kind::Rights, Store::Sftp { .. }) => "see that this user may write to the folder and to all in it",
        (Kind::Rights, Store::S3 { .. }) => {
            "allow these credentials `s3:GetObject`, `s3:PutObject`, `s3:DeleteObject` and `s3:ListBucket` here"
        }
        (Kind::Rights, _) => "allow these credentials to read, write, delete and list here",
        (Kind::NoPlace, Store::Sftp { .. } | Store::WebDav { .. }) => {
            "see that the path is right; the folder above the one of the site has to be there"
        }
        (Kind::NoPlace, _) => "make it first, or see that its name, region and endpoint are right",
        (Kind::NoHost, _) => "see that the address is right and the network is up",
        (Kind::Unreachable, _) => "publish again when it can be reached; what was sent is not sent twice",
        (Kind::Certificate, _) => {
            "see that the address is right; the certificate has to be from an issuer that browsers trust"
        }
        (Kind::Full, _) => "make room there, then publish again; what was sent is not sent twice",
        (Kind::Overtaken, _) => "publish again, with one publisher at a time",
        (Kind::Unsupported, Store::WebDav { .. }) => {
            "the server has to know PUT, MOVE, MKCOL, DELETE and PROPFIND; where it lists no folders, publish with `--adopt`"
        }
        (Kind::Unsupported, Store::Sftp { .. }) => "see that SFTP is switched on at the server",
        _ => "publish again; what was sent is not sent twice",
    }
}
