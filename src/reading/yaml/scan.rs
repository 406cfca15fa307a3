//! From serde_yaml's events to numbered nodes.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::{Key, Node, Value};

/// A text that was read.
pub struct Scanned {
    /// The outermost value.
    pub root: Node,
    /// Keys given twice in one mapping: the numbers of the first and the second, and the name.
    pub duplicates: Vec<(u32, u32, String)>,
}

/// Why a text could not be read.
#[derive(Debug, PartialEq, Eq)]
pub struct ScanError {
    /// The parser's own words.
    pub message: String,
    /// Where, as a byte offset in the text, if the parser says so.
    pub at: Option<usize>,
}

/// The deepest nesting; serde_yaml refuses deeper ones with an error, and this is below its limit
/// so that the error is ours. Every level costs stack.
const MAX_DEPTH: usize = 64;

/// The longest run of opening brackets that is worth handing to a recursive parser.
fn too_deep(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        // Brackets in quoted texts count too, but nobody writes a thousand of them unclosed.
        if depth > 1000 {
            return Some(at);
        }
    }
    None
}

/// Reads one YAML document.
pub fn scan(text: &str) -> Result<Scanned, ScanError> {
    if let Some(at) = too_deep(text) {
        return Err(ScanError {
            message: "recursion limit exceeded".to_owned(),
            at: Some(at),
        });
    }
    let counter = Counter {
        next: Cell::new(0),
        duplicates: RefCell::new(Vec::new()),
    };
    let seed = NodeSeed {
        counter: &counter,
        depth: 0,
    };
    let root = seed
        .deserialize(serde_yaml::Deserializer::from_str(text))
        .map_err(|error| {
            let at = error.location().map(|location| location.index());
            ScanError {
                message: error.to_string(),
                at,
            }
        })?;
    Ok(Scanned {
        root,
        duplicates: counter.duplicates.into_inner(),
    })
}

struct Counter {
    next: Cell<u32>,
    duplicates: RefCell<Vec<(u32, u32, String)>>,
}

impl Counter {
    fn number(&self) -> u32 {
        let id = self.next.get();
        self.next.set(id.saturating_add(1));
        id
    }
}

#[derive(Clone, Copy)]
struct NodeSeed<'c> {
    counter: &'c Counter,
    depth: usize,
}

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        if self.depth > MAX_DEPTH {
            return Err(D::Error::custom("recursion limit exceeded"));
        }
        let id = self.counter.number();
        let visitor = NodeVisitor {
            seed: NodeSeed {
                depth: self.depth + 1,
                ..self
            },
        };
        deserializer
            .deserialize_any(visitor)
            .map(|value| Node { value, id })
    }
}

struct NodeVisitor<'c> {
    seed: NodeSeed<'c>,
}

impl<'de> Visitor<'de> for NodeVisitor<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a YAML value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Int(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        // Larger ones keep their size and lose their last digits; a text is read from the source.
        Ok(i64::try_from(value).map_or(Value::Float(value as f64), Value::Int))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        Ok(Value::Float(value as f64))
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        Ok(Value::Float(value as f64))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Float(value))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        Ok(Value::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = access.next_element_seed(self.seed)? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        while let Some(key) = access.next_key_seed(self.seed)? {
            let key = Key {
                name: key_name(&key.value),
                id: key.id,
            };
            let value = access.next_value_seed(self.seed)?;
            match entries.iter().find(|(earlier, _)| earlier.name == key.name) {
                Some((earlier, _)) => self
                    .seed
                    .counter
                    .duplicates
                    .borrow_mut()
                    .push((earlier.id, key.id, key.name)),
                None => entries.push((key, value)),
            }
        }
        Ok(Value::Map(entries))
    }

    /// A tag (`!draft x`) means nothing to brief: the value behind it counts.
    fn visit_enum<A: EnumAccess<'de>>(self, access: A) -> Result<Value, A::Error> {
        let (Ignored, contents) = access.variant_seed(IgnoredTag)?;
        // The value stands in the tag's place, so it takes no number of its own.
        contents.newtype_variant_seed(Tagged { visitor: self })
    }
}

struct Ignored;
struct IgnoredTag;

impl<'de> DeserializeSeed<'de> for IgnoredTag {
    type Value = Ignored;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Ignored, D::Error> {
        deserializer
            .deserialize_ignored_any(serde::de::IgnoredAny)
            .map(|_| Ignored)
    }
}

struct Tagged<'c> {
    visitor: NodeVisitor<'c>,
}

impl<'de> DeserializeSeed<'de> for Tagged<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self.visitor)
    }
}

/// A key as text; a list or a mapping as a key has no name and so is unknown everywhere.
fn key_name(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(text) => text.clone(),
        Value::List(_) | Value::Map(_) => "?".to_owned(),
    }
}
