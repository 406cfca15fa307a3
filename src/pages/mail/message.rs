//! A newsletter as a message: a file that programs for e-mail open and services for newsletters take.
//!
//! It names no reader, and it holds no `List-Unsubscribe`: only who sends it knows the address that takes one
//! reader off the list (RFC 8058).

use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::raw::Raw;
use mail_builder::mime::MimePart;

use super::{date, edition, subject};
use crate::ground::date::Period;
use crate::ground::fingerprint::Fingerprint;
use crate::meaning::site::Site;
use crate::reading::config::Mailbox;

/// Stands for the sender's address until the settings have one. Nobody can have it (RFC 2606).
pub const PLACEHOLDER: &str = "sender@example.invalid";

/// The message; `None` where there is nothing in the edition. The same edition gives the same bytes.
pub fn message(site: &Site, period: Period, html: &str, text: &str) -> Option<Vec<u8>> {
    let edition = edition(site, period)?;
    let mark = Fingerprint::of(html.as_bytes()).short(16);
    let host = site.config.base_url.as_ref().map_or("", |base| base.origin());
    let host = host.split_once("://").map_or("", |(_, host)| host);
    let host = host
        .split(':')
        .next()
        .filter(|host| is_host(host))
        .unwrap_or("example.invalid");
    let part = |kind: &'static str, text: &str| MimePart::new(kind, text.to_owned());
    // The boundary is made of what the message is made of, and cannot be in it by chance.
    let kind =
        ContentType::new("multipart/alternative").attribute("boundary", format!("brief-{period}-{mark}"));
    let parts = vec![part("text/plain", text), part("text/html", html)];
    let from = site.config.email.from.as_ref();
    let mut message = MessageBuilder::new().from(match from {
        Some(from) => mailbox(from, &site.config.title),
        None => Address::new_address(Some(site.config.title.clone()), PLACEHOLDER),
    });
    if let Some(reply_to) = &site.config.email.reply_to {
        message = message.reply_to(mailbox(reply_to, ""));
    }
    let message = message
        .subject(subject(site, &edition))
        .header("Date", Raw::new(date(site, &edition).rfc822()))
        .message_id(format!("{period}.{mark}@{host}"))
        .body(MimePart::new(kind, parts));
    let mut bytes = Vec::new();
    message.serialize(&mut bytes);
    Some(bytes)
}

/// A mailbox with its name, or with another where it has none.
fn mailbox<'m>(mailbox: &'m Mailbox, name: &'m str) -> Address<'m> {
    let name = mailbox.name.as_deref().unwrap_or(name);
    Address::new_address(
        Some(name).filter(|name| !name.is_empty()),
        mailbox.address.as_str(),
    )
}

/// Whether a host can stand in the name of a message, which is in ASCII.
fn is_host(host: &str) -> bool {
    !host.is_empty()
        && host
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.')
}
