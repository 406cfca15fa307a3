//! Fingerprints: 128 bits that stand for a content.
//!
//! BLAKE3 rather than a faster hash without keys: article text is hostile input, and reusing a page
//! rests on "equal fingerprint, equal content".

use std::cell::RefCell;
use std::fmt;
use std::io;

use super::encoding::{Decode, Decoder, Encode, Encoder};

/// The identity of a content: the first 16 bytes of its BLAKE3 hash.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 16]);

impl Fingerprint {
    /// The fingerprint of some bytes.
    pub fn of(bytes: impl AsRef<[u8]>) -> Fingerprint {
        Fingerprint::of_hash(&blake3::hash(bytes.as_ref()))
    }

    /// The fingerprint of everything a reader gives, without holding it in memory.
    pub fn of_reader(reader: impl io::Read) -> io::Result<Fingerprint> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(reader)?;
        Ok(Fingerprint::of_hash(&hasher.finalize()))
    }

    /// A fingerprint of bytes that come one part after the other.
    pub fn in_parts() -> Parts {
        Parts(blake3::Hasher::new())
    }

    /// The fingerprint of what `write` encodes, without places in source files.
    pub fn of_encoded(write: impl FnOnce(&mut Encoder)) -> Fingerprint {
        thread_local! {
            /// The buffer of the last fingerprint on this thread.
            static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
        }
        // Taken out, not borrowed: what is encoded may ask for a fingerprint itself.
        let mut encoder = Encoder::of_content(BUFFER.take());
        write(&mut encoder);
        let fingerprint = Fingerprint::of(encoder.written());
        BUFFER.set(encoder.into_bytes());
        fingerprint
    }

    fn of_hash(hash: &blake3::Hash) -> Fingerprint {
        let mut first = [0; 16];
        first.copy_from_slice(&hash.as_bytes()[..16]);
        Fingerprint(first)
    }

    /// Reads what `Display` writes: 32 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Option<Fingerprint> {
        if text.len() != 32 || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
            return None;
        }
        let mut bytes = [0; 16];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[index * 2..index * 2 + 2], 16).ok()?;
        }
        Some(Fingerprint(bytes))
    }

    /// Which of up to 256 parts it falls into, so that they become about as large.
    pub fn part(&self, of: usize) -> usize {
        usize::from(self.0[0]) % of.max(1)
    }

    /// The first `digits` hexadecimal digits, for names that people see.
    pub fn short(&self, digits: usize) -> String {
        self.to_string().chars().take(digits).collect()
    }
}

/// The parts seen so far of what will have a [`Fingerprint`].
pub struct Parts(blake3::Hasher);

impl Parts {
    /// Takes the next part.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The fingerprint of all parts together.
    pub fn finish(&self) -> Fingerprint {
        Fingerprint::of_hash(&self.0.finalize())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Encode for Fingerprint {
    fn encode(&self, to: &mut Encoder) {
        to.raw(&self.0);
    }
}

impl Decode for Fingerprint {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        from.raw(16)?.try_into().ok().map(Fingerprint)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_printed_form_is_read_back() {
        let fingerprint = Fingerprint::of("brief");
        assert_eq!(Fingerprint::parse(&fingerprint.to_string()), Some(fingerprint));
        assert_eq!(Fingerprint::parse("xyz"), None);
        assert_eq!(Fingerprint::parse(&"G".repeat(32)), None);
        assert_ne!(Fingerprint::of("a"), Fingerprint::of("b"));
        assert_eq!(
            Fingerprint::of_reader("brief".as_bytes()).expect("memory"),
            fingerprint
        );
    }
}
