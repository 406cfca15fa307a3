//! Which machines are asked: those of the internet, and no others unless somebody said so.
//!
//! An article may come from strangers, and the machine that checks it may stand where a request alone does
//! harm: beside the metadata service of a cloud, or the router of an office. So it is the address which a
//! name leads to that decides, and the connection goes to that very address: a name that leads elsewhere
//! when it is looked up a second time gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::net::{TcpStream, lookup_host};
use tokio::time::{Instant, timeout};

use url::{Host, Url};

use super::verdict::Trouble;

/// The most machines of a name that are tried.
const MAX_MACHINES: usize = 6;

/// How long one of several machines may take.
const ONE_OF_SEVERAL: Duration = Duration::from_secs(3);

/// Who may be asked beside the internet.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    /// Hosts and ports.
    allowed: Vec<(String, u16)>,
}

impl Guard {
    /// A guard that lets the hosts of these addresses pass too.
    pub fn allowing<'a>(addresses: impl IntoIterator<Item = &'a Url>) -> Guard {
        Guard {
            allowed: addresses.into_iter().filter_map(authority).collect(),
        }
    }

    fn allows(&self, address: &Url) -> bool {
        authority(address).is_some_and(|authority| self.allowed.contains(&authority))
    }

    /// Whether an address names this machine or a private one by itself, without any lookup.
    fn refuses(&self, address: &Url) -> bool {
        let is_private = match address.host() {
            Some(Host::Ipv4(machine)) => !is_public_v4(machine),
            Some(Host::Ipv6(machine)) => !is_public_v6(machine),
            Some(Host::Domain(name)) => {
                let name = name.trim_end_matches('.');
                name == "localhost" || name.ends_with(".localhost")
            }
            None => true,
        };
        is_private && !self.allows(address)
    }

    /// The machines of a host that may be asked.
    async fn machines(&self, address: &Url) -> Result<Vec<SocketAddr>, Trouble> {
        let (host, port) = authority(address).ok_or(Trouble::NoAddress)?;
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found = lookup_host((bare, port)).await;
        let found: Vec<SocketAddr> = found.map_err(|error| of_lookup(&error))?.collect();
        if found.is_empty() {
            return Err(Trouble::NoHost);
        }
        let may_be_asked = |machine: &SocketAddr| is_public(machine.ip()) || self.allows(address);
        let machines: Vec<SocketAddr> = found
            .into_iter()
            .filter(may_be_asked)
            .take(MAX_MACHINES)
            .collect();
        match machines.is_empty() {
            true => Err(Trouble::PrivateName),
            false => Ok(machines),
        }
    }

    /// A connection to a host.
    pub async fn connect(&self, address: &Url, limit: Duration) -> Result<TcpStream, Trouble> {
        if self.refuses(address) {
            return Err(Trouble::Private);
        }
        let start = Instant::now();
        let machines = timeout(limit, self.machines(address))
            .await
            .map_err(|_| Trouble::NoLookup)??;
        let mut trouble = Trouble::NoConnection;
        for (number, machine) in machines.iter().enumerate() {
            let rest = limit.saturating_sub(start.elapsed());
            let is_last = number + 1 == machines.len();
            let limit = if is_last { rest } else { rest.min(ONE_OF_SEVERAL) };
            match timeout(limit, TcpStream::connect(machine)).await {
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => trouble = of_connection(&error),
                Err(_) => trouble = Trouble::NoConnection,
            }
        }
        Err(trouble)
    }
}

/// Whether a failure to look a name up is the network's and not the name's. The system says so in words
/// alone.
fn of_lookup(error: &std::io::Error) -> Trouble {
    let said = error.to_string().to_ascii_lowercase();
    let is_passing = ["temporary failure", "try again", "timed out", "no internet"];
    match is_passing.iter().any(|words| said.contains(words)) {
        true => Trouble::NoLookup,
        false => Trouble::NoHost,
    }
}

fn of_connection(error: &std::io::Error) -> Trouble {
    match error.kind() {
        std::io::ErrorKind::ConnectionRefused => Trouble::Refused,
        std::io::ErrorKind::TimedOut => Trouble::NoConnection,
        _ => Trouble::NoWay,
    }
}

fn authority(address: &Url) -> Option<(String, u16)> {
    Some((address.host_str()?.to_owned(), address.port_or_known_default()?))
}

/// Whether an address is one of the internet.
/// Source: the IANA registries of special-purpose addresses, for IPv4 and IPv6.
fn is_public(machine: IpAddr) -> bool {
    match machine {
        IpAddr::V4(machine) => is_public_v4(machine),
        IpAddr::V6(machine) => is_public_v6(machine),
    }
}

fn is_public_v4(machine: Ipv4Addr) -> bool {
    let [a, b, c, _] = machine.octets();
    let is_special = a == 0
        || machine.is_private()
        || machine.is_loopback()
        || machine.is_link_local()
        || machine.is_documentation()
        // Shared between customers of a provider.
        || (a == 100 && (64..128).contains(&b))
        || (a, b, c) == (192, 0, 0)
        // Benchmarks.
        || (a == 198 && (b == 18 || b == 19))
        // Multicast, what is reserved, and broadcast.
        || a >= 224;
    !is_special
}

fn is_public_v6(machine: Ipv6Addr) -> bool {
    let segments = machine.segments();
    let embedded = |high: u16, low: u16| {
        let [a, b] = high.to_be_bytes();
        let [c, d] = low.to_be_bytes();
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match segments {
        // An address of IPv4 in one of IPv6: mapped, translated, or tunnelled.
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => embedded(high, low),
        [0x2002, high, low, ..] => embedded(high, low),
        // Teredo, benchmarks, documentation.
        [0x2001, second, ..] if second < 0x200 || second == 0xdb8 => false,
        [0x3fff, second, ..] if second < 0x1000 => false,
        // All that is given out to anybody.
        [first, ..] => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_of_the_internet_are_told_from_all_others() {
        let public = [
            "1.1.1.1",
            "93.184.215.14",
            "100.63.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "2606:4700::1111",
            "2002:101:101::",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ];
        let special = [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "192.0.0.1",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "203.0.113.7",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:a00:1::",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "ff02::1",
            "100::1",
            "5f00::1",
        ];
        for machine in public {
            assert!(is_public(machine.parse().expect("a number")), "{machine}");
        }
        for machine in special {
            assert!(!is_public(machine.parse().expect("a number")), "{machine}");
        }
    }

    #[test]
    fn private_hosts_are_refused_unless_they_are_allowed() {
        let address = |text: &str| Url::parse(text).expect("an address");
        let allowed = [
            "http://127.0.0.1:8080",
            "https://wiki.localhost/",
            "http://[::1]:7",
        ]
        .map(address);
        let guard = Guard::allowing(&allowed);
        let check = |text: &str, expected: bool| {
            assert_eq!(guard.refuses(&address(text)), expected, "{text}");
        };
        check("http://127.0.0.1:8080/a", false);
        check("http://127.0.0.1/a", true);
        check("http://2130706433/a", true);
        check("http://0x7f.1/a", true);
        check("https://wiki.localhost/b", false);
        check("http://wiki.localhost/b", true);
        check("http://localhost/", true);
        check("http://a.LOCALHOST./", true);
        check("http://[::1]:7/", false);
        check("http://[::ffff:127.0.0.1]/", true);
        check("https://example.org/", false);
    }
}
