//! The canonical encoding of values: what fingerprints are taken of and what the cache holds.
//!
//! Equal values have equal bytes, and different values have different ones: every text and list
//! carries its length, every choice its number. Decoding trusts nothing. Whatever the bytes are it
//! gives a value or `None`, and it takes no more memory than a small multiple of their length.

use std::collections::HashMap;
use std::sync::Arc;

/// How deep values may be nested in each other: lists of free data in lists of free data.
const MAX_DEPTH: usize = 256;

/// A value with a canonical encoding.
pub trait Encode {
    /// Appends the value.
    fn encode(&self, to: &mut Encoder);
}

/// A value that can be read back.
pub trait Decode: Sized {
    /// Reads what `encode` wrote; `None` for bytes that are no such value.
    fn decode(from: &mut Decoder<'_>) -> Option<Self>;
}

/// Collects encoded values.
#[derive(Debug)]
pub struct Encoder {
    bytes: Vec<u8>,
    places: bool,
}

impl Encoder {
    /// An encoder of everything, for values that are to be read back.
    pub fn new() -> Encoder {
        Encoder {
            bytes: Vec::new(),
            places: true,
        }
    }

    /// An encoder that leaves out where in a source file a value stands: moving a line must not
    /// make a page look different.
    /// It begins with a buffer that has been used before.
    pub fn of_content(mut buffer: Vec<u8>) -> Encoder {
        buffer.clear();
        Encoder {
            bytes: buffer,
            places: false,
        }
    }

    /// Whether places in source files are part of the encoding.
    pub fn has_places(&self) -> bool {
        self.places
    }

    /// Appends bytes as they are; the reader must know how many.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// Appends a number in as few bytes as it needs: seven bits each, the lowest first.
    pub fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }

    /// Appends bytes behind their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u64);
        self.raw(bytes);
    }

    /// What has been written so far.
    pub fn written(&self) -> &[u8] {
        &self.bytes
    }

    /// Everything that has been written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl Default for Encoder {
    fn default() -> Encoder {
        Encoder::new()
    }
}

/// Reads encoded values one after the other.
#[derive(Debug)]
pub struct Decoder<'b> {
    rest: &'b [u8],
    depth: usize,
    /// Names that occur again and again are kept once.
    names: HashMap<&'b str, Arc<str>>,
}

impl<'b> Decoder<'b> {
    /// A decoder of these bytes.
    pub fn new(bytes: &'b [u8]) -> Decoder<'b> {
        Decoder {
            rest: bytes,
            depth: 0,
            names: HashMap::new(),
        }
    }

    /// The bytes that have not been read.
    pub fn rest(&self) -> &'b [u8] {
        self.rest
    }

    /// Whether everything has been read.
    pub fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// The next `count` bytes as they are.
    pub fn raw(&mut self, count: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.rest.split_at_checked(count)?;
        self.rest = rest;
        Some(taken)
    }

    /// One byte.
    pub fn byte(&mut self) -> Option<u8> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(first)
    }

    /// A number; only the shortest form counts, so that there is one encoding of each.
    pub fn number(&mut self) -> Option<u64> {
        let mut number = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            number |= bits << shift;
            if byte & 0x80 == 0 {
                return (byte != 0 || shift == 0).then_some(number);
            }
        }
        None
    }

    /// A number of things of which each takes at least a byte, so that no more are made room for
    /// than there can be.
    pub fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.number()?).ok()?;
        (count <= self.rest.len()).then_some(count)
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self) -> Option<&'b [u8]> {
        let count = self.count()?;
        self.raw(count)
    }

    /// A text.
    pub fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// Reads a value that may hold others of its kind.
    pub fn nested<T>(&mut self, read: impl FnOnce(&mut Decoder<'b>) -> Option<T>) -> Option<T> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }
}

/// Reads a value that the bytes hold alone.
pub fn decode<T: Decode>(bytes: &[u8]) -> Option<T> {
    let mut decoder = Decoder::new(bytes);
    let value = T::decode(&mut decoder)?;
    decoder.is_done().then_some(value)
}

/// The bytes of a value.
pub fn encode(value: &(impl Encode + ?Sized)) -> Vec<u8> {
    let mut encoder = Encoder::new();
    value.encode(&mut encoder);
    encoder.into_bytes()
}

/// Gives a type its encoding: `encoded!(struct Type { field, … })` with all fields in order, or
/// `encoded!(enum Type { 0 => Variant, 1 => Other(a), … })`.
macro_rules! encoded {
    (struct $type:ty { $($field:ident),* $(,)? }) => {
        impl $crate::ground::encoding::Encode for $type {
            fn encode(&self, to: &mut $crate::ground::encoding::Encoder) {
                $($crate::ground::encoding::Encode::encode(&self.$field, to);)*
            }
        }
        impl $crate::ground::encoding::Decode for $type {
            fn decode(from: &mut $crate::ground::encoding::Decoder<'_>) -> Option<Self> {
                Some(Self { $($field: $crate::ground::encoding::Decode::decode(from)?,)* })
            }
        }
    };
    (enum $type:ident {
        $($number:literal => $variant:ident $(( $($item:ident),* ))? $({ $($field:ident),* })?),* $(,)?
    }) => {
        impl $crate::ground::encoding::Encode for $type {
            fn encode(&self, to: &mut $crate::ground::encoding::Encoder) {
                match self {
                    $($type::$variant $(( $($item),* ))? $({ $($field),* })? => {
                        to.raw(&[$number]);
                        $($($crate::ground::encoding::Encode::encode($item, to);)*)?
                        $($($crate::ground::encoding::Encode::encode($field, to);)*)?
                    })*
                }
            }
        }
        impl $crate::ground::encoding::Decode for $type {
            fn decode(from: &mut $crate::ground::encoding::Decoder<'_>) -> Option<Self> {
                from.nested(|from| match from.byte()? {
                    $($number => {
                        $($(let $item = $crate::ground::encoding::Decode::decode(from)?;)*)?
                        $($(let $field = $crate::ground::encoding::Decode::decode(from)?;)*)?
                        Some($type::$variant $(( $($item),* ))? $({ $($field),* })?)
                    })*
                    _ => None,
                })
            }
        }
    };
}
pub(crate) use encoded;

macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl Encode for $type {
            fn encode(&self, to: &mut Encoder) {
                // `usize` is never wider than 64 bits.
                to.number(*self as u64);
            }
        }
        impl Decode for $type {
            fn decode(from: &mut Decoder<'_>) -> Option<Self> {
                from.number()?.try_into().ok()
            }
        }
    )*};
}
numbers!(u8, u16, u32, u64, usize);

macro_rules! signed_numbers {
    ($($type:ty),*) => {$(
        impl Encode for $type {
            fn encode(&self, to: &mut Encoder) {
                // The sign goes into the lowest bit, so that small negative numbers are short too.
                let wide = i64::from(*self);
                to.number(((wide << 1) ^ (wide >> 63)) as u64);
            }
        }
        impl Decode for $type {
            fn decode(from: &mut Decoder<'_>) -> Option<Self> {
                let number = from.number()?;
                let wide = (number >> 1) as i64 ^ -((number & 1) as i64);
                wide.try_into().ok()
            }
        }
    )*};
}
signed_numbers!(i8, i16, i32, i64);

impl Encode for bool {
    fn encode(&self, to: &mut Encoder) {
        to.raw(&[u8::from(*self)]);
    }
}

impl Decode for bool {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        match from.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Encode for f64 {
    fn encode(&self, to: &mut Encoder) {
        to.raw(&self.to_bits().to_le_bytes());
    }
}

impl Decode for f64 {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let bits = from.raw(8)?.try_into().ok()?;
        Some(f64::from_bits(u64::from_le_bytes(bits)))
    }
}

impl Encode for str {
    fn encode(&self, to: &mut Encoder) {
        to.bytes(self.as_bytes());
    }
}

impl Encode for String {
    fn encode(&self, to: &mut Encoder) {
        self.as_str().encode(to);
    }
}

impl Decode for String {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        from.text().map(str::to_owned)
    }
}

impl Encode for Box<str> {
    fn encode(&self, to: &mut Encoder) {
        (**self).encode(to);
    }
}

impl Decode for Box<str> {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        from.text().map(Box::from)
    }
}

/// A name: the same one is read many times and kept once.
impl Encode for Arc<str> {
    fn encode(&self, to: &mut Encoder) {
        (**self).encode(to);
    }
}

impl Decode for Arc<str> {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        let name = from.text()?;
        Some(from.names.entry(name).or_insert_with(|| name.into()).clone())
    }
}

impl<T: Encode> Encode for Option<T> {
    fn encode(&self, to: &mut Encoder) {
        self.is_some().encode(to);
        if let Some(value) = self {
            value.encode(to);
        }
    }
}

impl<T: Decode> Decode for Option<T> {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        match bool::decode(from)? {
            true => T::decode(from).map(Some),
            false => Some(None),
        }
    }
}

impl<T: Encode> Encode for [T] {
    fn encode(&self, to: &mut Encoder) {
        to.number(self.len() as u64);
        for value in self {
            value.encode(to);
        }
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn encode(&self, to: &mut Encoder) {
        self.as_slice().encode(to);
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        // Room is made while values arrive: each may be much larger than the byte it is known to take.
        let count = from.count()?;
        let mut values = Vec::with_capacity(count.min(64));
        for _ in 0..count {
            values.push(T::decode(from)?);
        }
        Some(values)
    }
}

impl<T: Encode> Encode for Box<[T]> {
    fn encode(&self, to: &mut Encoder) {
        (**self).encode(to);
    }
}

impl<T: Decode> Decode for Box<[T]> {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Vec::decode(from).map(Vec::into_boxed_slice)
    }
}

impl<T: Encode> Encode for Box<T> {
    fn encode(&self, to: &mut Encoder) {
        (**self).encode(to);
    }
}

impl<T: Decode> Decode for Box<T> {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        T::decode(from).map(Box::new)
    }
}

impl<T: Encode> Encode for &T {
    fn encode(&self, to: &mut Encoder) {
        (**self).encode(to);
    }
}

impl<A: Encode, B: Encode> Encode for (A, B) {
    fn encode(&self, to: &mut Encoder) {
        self.0.encode(to);
        self.1.encode(to);
    }
}

impl<A: Decode, B: Decode> Decode for (A, B) {
    fn decode(from: &mut Decoder<'_>) -> Option<Self> {
        Some((A::decode(from)?, B::decode(from)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check<T: Encode + Decode + PartialEq + std::fmt::Debug>(value: T, expected: &[u8]) {
        let bytes = encode(&value);
        assert_eq!(bytes, expected, "{value:?}");
        assert_eq!(decode::<T>(&bytes), Some(value));
        for end in 0..bytes.len() {
            assert_eq!(decode::<T>(&bytes[..end]), None, "cut at {end}");
        }
    }

    #[test]
    fn values_are_read_back_and_cut_ones_refused() {
        check(0u32, &[0]);
        check(300u64, &[0xac, 2]);
        check(
            u64::MAX,
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        );
        check(-1i32, &[1]);
        check(
            i64::MIN,
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
        );
        check("né".to_owned(), &[3, b'n', 0xc3, 0xa9]);
        check(vec![Some(true), None], &[2, 1, 1, 0]);
        check(("a".to_owned(), 7u8), &[1, b'a', 7]);
    }

    #[test]
    fn bytes_that_nobody_wrote_are_refused() {
        fn refused<T: Decode + PartialEq + std::fmt::Debug>(bytes: &[u8]) {
            assert_eq!(decode::<T>(bytes), None, "{bytes:?}");
        }
        refused::<u64>(&[0x80, 0]);
        refused::<u8>(&[0x80, 2]);
        refused::<u64>(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]);
        refused::<bool>(&[2]);
        refused::<String>(&[1, 0xff]);
        // A length that no memory could hold.
        refused::<Vec<u64>>(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1, 0]);
        refused::<u8>(&[1, 1]);
    }
}
