//! What can be said of an address once it was asked for.

use std::fmt;

use crate::ground::encoding::encoded;

/// What came of asking: nothing to say against the address, or what is wrong.
pub type Verdict = Result<(), Fault>;

/// What is wrong with an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What it is.
    pub trouble: Trouble,
    /// Of which address it is true, if the one asked for leads on.
    pub behind: Option<String>,
}

/// Why an address does not answer as it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The server answers with this status.
    Status(u16),
    /// It is no address that anybody could ask for.
    NoAddress,
    /// It names this machine or one of a private network, in numbers or as `localhost`.
    Private,
    /// It names a host that is one of a private network from here.
    PrivateName,
    /// There is no host of that name.
    NoHost,
    /// The host's name cannot be looked up now.
    NoLookup,
    /// The host refuses connections.
    Refused,
    /// The host cannot be reached.
    NoWay,
    /// Nobody answers to a connection in time.
    NoConnection,
    /// The host's certificate is not valid, for this reason.
    Certificate(String),
    /// The host's certificate is from an issuer that brief does not know.
    Issuer,
    /// No encryption could be agreed upon.
    Encryption,
    /// There is no answer in time.
    Silence,
    /// The connection ended before an answer.
    Cut,
    /// The answer is not HTTP.
    Nonsense,
    /// It leads on in a circle, or without end.
    Circle,
    /// It leads on to nowhere, or out of the web.
    Nowhere,
}

/// What a trouble means to those who keep the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Readers get nothing there.
    Broken,
    /// It may be back later.
    Unreachable,
    /// A person with a browser may well get there.
    Unverifiable,
}

impl Trouble {
    /// What it means.
    pub fn kind(&self) -> Kind {
        match self {
            Trouble::Status(status) => kind_of_status(*status),
            Trouble::NoAddress
            | Trouble::Private
            | Trouble::NoHost
            | Trouble::Refused
            | Trouble::Certificate(_) => Kind::Broken,
            Trouble::NoLookup
            | Trouble::NoWay
            | Trouble::NoConnection
            | Trouble::Silence
            | Trouble::Cut
            | Trouble::Nonsense => Kind::Unreachable,
            // Browsers fetch certificates that a server forgot to send, know older encryption, and keep
            // the cookies that many a circle of redirects waits for.
            Trouble::PrivateName
            | Trouble::Issuer
            | Trouble::Encryption
            | Trouble::Circle
            | Trouble::Nowhere => Kind::Unverifiable,
        }
    }

    /// Whether it is what happens without a network.
    pub fn is_of_network(&self) -> bool {
        matches!(
            self,
            Trouble::NoHost | Trouble::NoLookup | Trouble::NoWay | Trouble::NoConnection
        )
    }

    /// Whether it is the same for every address of the host.
    pub fn is_of_host(&self) -> bool {
        matches!(
            self,
            Trouble::Private
                | Trouble::PrivateName
                | Trouble::NoHost
                | Trouble::NoLookup
                | Trouble::Refused
                | Trouble::NoWay
                | Trouble::NoConnection
                | Trouble::Certificate(_)
                | Trouble::Issuer
                | Trouble::Encryption
        )
    }
}

/// Sites that want no programs answer 401, 403, 406, 418, 429 or 999 to what a browser gets without further
/// ado; 402 and 451 depend on who asks from where. Nobody can tell from here.
fn kind_of_status(status: u16) -> Kind {
    match status {
        401..=403 | 406 | 407 | 418 | 421 | 425 | 426 | 428 | 429 | 431 | 451 => Kind::Unverifiable,
        408 | 500..=599 => Kind::Unreachable,
        400..=499 => Kind::Broken,
        _ => Kind::Unverifiable,
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Trouble::Status(404) => f.write_str("answers 404: there is no such page"),
            Trouble::Status(410) => f.write_str("answers 410: the page is gone for good"),
            Trouble::Status(status) => write!(f, "answers {status}"),
            Trouble::NoAddress => f.write_str("is no address that can be asked for"),
            Trouble::Private => f.write_str("is in a private network, where readers cannot follow"),
            Trouble::PrivateName => f.write_str("is in a private network and was not asked"),
            Trouble::NoHost => f.write_str("does not exist"),
            Trouble::NoLookup => f.write_str("could not be looked up"),
            Trouble::Refused => f.write_str("refuses connections"),
            Trouble::NoWay => f.write_str("could not be reached"),
            Trouble::NoConnection => f.write_str("could not be reached in time"),
            Trouble::Certificate(why) => write!(f, "has a certificate that {why}"),
            Trouble::Issuer => f.write_str("has a certificate from an unknown issuer"),
            Trouble::Encryption => f.write_str("knows no encryption that brief knows"),
            Trouble::Silence => f.write_str("did not answer in time"),
            Trouble::Cut => f.write_str("ended the connection without an answer"),
            Trouble::Nonsense => f.write_str("does not answer in HTTP"),
            Trouble::Circle => f.write_str("leads on without end"),
            Trouble::Nowhere => f.write_str("leads on to nowhere"),
        }
    }
}

encoded!(struct Fault { trouble, behind });
encoded!(enum Trouble {
    0 => Status(status),
    1 => NoAddress,
    2 => Private,
    3 => PrivateName,
    4 => NoHost,
    5 => NoLookup,
    6 => Refused,
    7 => NoWay,
    8 => NoConnection,
    9 => Certificate(why),
    10 => Issuer,
    11 => Encryption,
    12 => Silence,
    13 => Cut,
    14 => Nonsense,
    15 => Circle,
    16 => Nowhere,
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_mean_what_readers_would_see() {
        let check = |statuses: &[u16], expected: Kind| {
            for status in statuses {
                assert_eq!(Trouble::Status(*status).kind(), expected, "{status}");
            }
        };
        check(&[400, 404, 405, 410, 414], Kind::Broken);
        check(&[408, 500, 503, 522], Kind::Unreachable);
        check(&[401, 402, 403, 406, 429, 451, 600, 999], Kind::Unverifiable);
    }
}
