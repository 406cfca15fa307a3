//! `email:`, who sends the newsletter and what the service that sends it fills in.
//!
//! Nothing here sends anything: services for newsletters put the address of each reader's way out in the place
//! of a token, and each service has a token of its own.

use super::super::yaml::{Fields, Node};
use crate::ground::diagnostic::Code;

/// Who sends the newsletter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// Whom it is from.
    pub from: Option<Mailbox>,
    /// Where answers go, if not there.
    pub reply_to: Option<Mailbox>,
    /// The postal address of the sender, or a token for it.
    pub address: String,
    /// What the address for unsubscribing is put in place of.
    pub unsubscribe: String,
}

/// A name and an address of e-mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mailbox {
    /// The name of a person or a paper.
    pub name: Option<String>,
    /// The address: `desk@example.org`.
    pub address: String,
}

/// A service that sends newsletters.
#[derive(Clone, Copy)]
struct Provider {
    unsubscribe: &'static str,
    address: &'static str,
}

/// The tokens of services, as their own documents give them.
const PROVIDERS: [(&str, Provider); 6] = [
    (
        "none",
        Provider {
            unsubscribe: "{{unsubscribe}}",
            address: "{{address}}",
        },
    ),
    (
        "mailchimp",
        Provider {
            unsubscribe: "*|UNSUB|*",
            address: "*|LIST:ADDRESSLINE|*",
        },
    ),
    (
        "buttondown",
        Provider {
            unsubscribe: "{{ unsubscribe_url }}",
            address: "{{address}}",
        },
    ),
    (
        "mailerlite",
        Provider {
            unsubscribe: "{$unsubscribe}",
            address: "{{address}}",
        },
    ),
    (
        "brevo",
        Provider {
            unsubscribe: "{{ unsubscribe }}",
            address: "{{address}}",
        },
    ),
    (
        "postmark",
        Provider {
            unsubscribe: "{{{ pm:unsubscribe }}}",
            address: "{{address}}",
        },
    ),
];

impl Default for Email {
    fn default() -> Email {
        let (_, none) = &PROVIDERS[0];
        Email {
            from: None,
            reply_to: None,
            address: none.address.to_owned(),
            unsubscribe: none.unsubscribe.to_owned(),
        }
    }
}

impl Email {
    /// Reads the setting.
    pub fn read(fields: &mut Fields<'_>) -> Email {
        let mut email = Email::default();
        let Some(mut map) = fields.map(&["email"], "the setting `email`") else {
            return email;
        };
        email.from = mailbox(&mut map, "from");
        email.reply_to = mailbox(&mut map, "reply_to");
        if let Some(chosen) = map.choice(&["provider"], &PROVIDERS) {
            email.unsubscribe = chosen.value.unsubscribe.to_owned();
            email.address = chosen.value.address.to_owned();
        }
        if let Some(address) = map.text(&["address"]) {
            email.address = address.value;
        }
        if let Some(unsubscribe) = map.text(&["unsubscribe"]) {
            match is_way_out(&unsubscribe.value) {
                true => email.unsubscribe = unsubscribe.value,
                false => map.report(
                    Code::BadValue,
                    unsubscribe.node,
                    "`unsubscribe` is neither a token of a service nor an address".to_owned(),
                    "write what the service puts the address in place of, such as `\"{{unsubscribe}}\"`, or an address with `https://` or `mailto:`",
                ),
            }
        }
        fields.absorb(map);
        email
    }
}

/// A token stands in signs that no address has; what has none must be an address.
fn is_way_out(text: &str) -> bool {
    let is_token = ['{', '*', '%', '[', '#']
        .iter()
        .any(|sign| text.starts_with(*sign));
    is_token || text.starts_with("https://") || text.starts_with("mailto:")
}

fn mailbox(map: &mut Fields<'_>, name: &'static str) -> Option<Mailbox> {
    let text = map.text(&[name])?;
    let mailbox = Mailbox::parse(&text.value);
    if mailbox.is_none() {
        refuse(map, name, text.node);
    }
    mailbox
}

fn refuse(map: &mut Fields<'_>, name: &str, node: &Node) {
    let help = "write it like `The Morning Brief <desk@example.org>` or `desk@example.org`";
    map.report(
        Code::BadValue,
        node,
        format!("`{name}` is not an address of e-mail"),
        help,
    );
}

impl Mailbox {
    /// Reads `Name <name@host>` or `name@host`.
    pub fn parse(text: &str) -> Option<Mailbox> {
        let text = text.trim();
        let (name, address) = match text.strip_suffix('>') {
            Some(rest) => rest.rsplit_once('<')?,
            None => ("", text),
        };
        let name = name.trim().trim_matches('"').trim();
        let address = address.trim();
        let (local, host) = address.rsplit_once('@')?;
        let is_sign = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"@".contains(c);
        let is_fine = !local.is_empty()
            && local.chars().all(is_sign)
            && host.split('.').all(|label| !label.is_empty())
            && host
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
        (is_fine && !name.chars().any(char::is_control)).then(|| Mailbox {
            name: Some(name.to_owned()).filter(|name| !name.is_empty()),
            address: address.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<(&str, &str)>) {
        let read = Mailbox::parse(text);
        let read = read
            .as_ref()
            .map(|read| (read.name.as_deref().unwrap_or(""), read.address.as_str()));
        assert_eq!(read, expected, "{text}");
    }

    #[test]
    fn mailboxes() {
        check("desk@example.org", Some(("", "desk@example.org")));
        check(
            " The Brief <desk@example.org> ",
            Some(("The Brief", "desk@example.org")),
        );
        check("\"Brief, the\" <a@b.c>", Some(("Brief, the", "a@b.c")));
        check("<a@b>", Some(("", "a@b")));
        for wrong in [
            "",
            "desk",
            "@example.org",
            "desk@",
            "a b@c.d",
            "a@b..c",
            "Name a@b.c",
            "a@b.c, d@e.f",
            "A\nBcc: x@y.z <a@b.c>",
            "a\r\nBcc:@b.c",
        ] {
            check(wrong, None);
        }
    }
}
