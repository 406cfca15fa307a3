//! What is remembered of addresses from one check to the next: a file that may be deleted at any time.
//! Whatever is not exactly as it was written counts as nothing remembered.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;

use jiff::{SignedDuration, Timestamp};
use url::Url;

use super::verdict::{Fault, Kind, Verdict};
use crate::ground::encoding::{self, encoded};
use crate::ground::fingerprint::Fingerprint;

/// The first bytes.
const HEADING: &[u8; 16] = b"brief links 1\r\n\x1a";

/// The largest file that is read, in bytes. A hundred thousand addresses take a tenth of it.
const MAX_BYTES: u64 = 100_000_000;

/// How long an address that answered is not asked for again.
const SOUND: SignedDuration = SignedDuration::from_hours(7 * 24);

/// How long one that nothing can be said of is not asked for again.
const UNVERIFIABLE: SignedDuration = SignedDuration::from_hours(24);

/// What came of asking for an address, and when that was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// What came of it.
    pub verdict: Verdict,
    /// When, in seconds since 1970.
    pub at: i64,
}

impl Asked {
    /// How long ago that was.
    pub fn age(&self, now: Timestamp) -> SignedDuration {
        SignedDuration::from_secs(now.as_second().saturating_sub(self.at))
    }

    /// Whether it is worth no further question for now. What is broken is asked for each time: somebody may
    /// be mending it.
    pub fn holds(&self, now: Timestamp) -> bool {
        let lasts = match &self.verdict {
            Ok(()) => SOUND,
            Err(fault) if fault.trouble.kind() == Kind::Unverifiable => UNVERIFIABLE,
            Err(_) => return false,
        };
        // What was asked in the future was asked by another clock.
        (SignedDuration::ZERO..lasts).contains(&self.age(now))
    }
}

/// How it stands in the file.
struct Line {
    address: String,
    fault: Option<Fault>,
    at: i64,
}

encoded!(struct Line { address, fault, at });

/// Reads what is remembered; nothing where there is no sound file.
pub fn read(file: &Path) -> BTreeMap<String, Asked> {
    let is_small = fs::metadata(file).is_ok_and(|metadata| metadata.len() <= MAX_BYTES);
    let bytes = fs::read(file).ok().filter(|_| is_small);
    let lines = bytes.as_deref().and_then(decode).unwrap_or_default();
    let asked = |line: Line| {
        let verdict = line.fault.map_or(Ok(()), Err);
        (line.address, Asked { verdict, at: line.at })
    };
    lines.into_iter().map(asked).collect()
}

fn decode(bytes: &[u8]) -> Option<Vec<Line>> {
    let rest = bytes.strip_prefix(HEADING)?;
    let (checksum, lines) = rest.split_at_checked(16)?;
    let is_whole = encoding::encode(&Fingerprint::of(lines)) == checksum;
    is_whole.then(|| encoding::decode(lines)).flatten()
}

/// Writes what is to be remembered. The file takes the old one's place when it is whole, and not before.
pub fn write(file: &Path, asked: &BTreeMap<Url, Asked>) -> io::Result<()> {
    let line = |(address, asked): (&Url, &Asked)| Line {
        address: address.to_string(),
        fault: asked.verdict.clone().err(),
        at: asked.at,
    };
    let lines = encoding::encode(&asked.iter().map(line).collect::<Vec<Line>>());
    let mut bytes = HEADING.to_vec();
    bytes.extend(encoding::encode(&Fingerprint::of(&lines)));
    bytes.extend(lines);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let new = file.with_extension("new");
    fs::write(&new, bytes)?;
    fs::rename(new, file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::building::external::verdict::Trouble;

    fn asked(verdict: Verdict, at: i64) -> Asked {
        Asked { verdict, at }
    }

    fn fault(trouble: Trouble) -> Verdict {
        let behind = Some("https://b.example/".to_owned());
        Err(Fault { trouble, behind })
    }

    #[test]
    fn what_is_written_is_read_and_damage_is_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join(".brief/links");
        assert_eq!(read(&file), BTreeMap::new());
        let expired = Trouble::Certificate("has expired".to_owned());
        let all = [
            ("https://a.example/", asked(Ok(()), 7)),
            ("https://c.example/?d", asked(fault(Trouble::Status(404)), -1)),
            ("https://e.example/", asked(fault(expired), 1_763_900_000)),
        ];
        let by_url = all
            .clone()
            .map(|(address, asked)| (Url::parse(address).expect(address), asked));
        write(&file, &BTreeMap::from(by_url)).expect("a written file");
        let by_text = all.map(|(address, asked)| (address.to_owned(), asked));
        assert_eq!(read(&file), BTreeMap::from(by_text));
        let bytes = fs::read(&file).expect("bytes");
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            fs::write(&file, &damaged).expect("a damaged file");
            assert_eq!(read(&file), BTreeMap::new(), "byte {at}");
            fs::write(&file, &bytes[..at]).expect("a cut file");
            assert_eq!(read(&file), BTreeMap::new(), "cut at {at}");
        }
    }

    #[test]
    fn what_answered_is_left_alone_for_a_week_and_what_is_broken_never() {
        let now: Timestamp = "2026-01-10T00:00:00Z".parse().expect("an instant");
        let check = |verdict: Verdict, hours: i64, expected: bool| {
            let asked = asked(verdict, now.as_second() - hours * 3600);
            assert_eq!(asked.holds(now), expected, "{asked:?}");
        };
        check(Ok(()), 0, true);
        check(Ok(()), 7 * 24 - 1, true);
        check(Ok(()), 7 * 24, false);
        check(Ok(()), -1, false);
        check(fault(Trouble::Status(403)), 23, true);
        check(fault(Trouble::Status(403)), 24, false);
        check(fault(Trouble::Status(404)), 0, false);
        check(fault(Trouble::Status(500)), 0, false);
    }
}
