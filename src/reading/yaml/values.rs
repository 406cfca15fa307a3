//! One pass from text to [`Node`]s: of serde_yaml, unless the text is a simple one.
//!
//! The nodes are built straight from the visitor, without a `serde_yaml::Value` between: a site may
//! have a hundred thousand front matters. They are numbered on the way, and nothing is known here of
//! where they stand; [`super::places`] numbers the same nodes again when somebody asks.

use std::collections::HashMap;
use std::fmt;

use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, MapAccess, SeqAccess, VariantAccess,
    Visitor,
};

use super::{Key, Node, Value, simple};

/// What one pass found.
pub(super) struct Read {
    /// The whole document.
    pub root: Node,
    /// How many numbers were given out: nodes and keys, those of dropped values too.
    pub count: u32,
    /// Keys given twice in one mapping: the first and the later one.
    pub twice: Vec<(Key, Key)>,
}

/// Why a text could not be read.
pub(super) struct Failure {
    /// Where, in bytes of the text; `None` where serde_yaml does not say.
    pub at: Option<usize>,
    /// Where the construct that fails begins, if that is another place.
    pub since: Option<usize>,
    /// What serde_yaml says, without its positions.
    pub problem: String,
}

/// What [`Failure::problem`] says of a text whose aliases multiply beyond [`budget`].
pub(super) const TOO_MUCH: &str = "too much";

/// What [`Failure::problem`] says of brackets in brackets in brackets.
pub(super) const TOO_DEEP: &str = "recursion limit exceeded";

/// How many brackets may be open at once. serde_yaml refuses more than 128 levels, but only after
/// libyaml has scanned the whole text in a time that grows with the square of this number.
const MAX_OPEN_BRACKETS: usize = 1000;

/// Reads a text that holds one YAML document.
pub(super) fn read(text: &str) -> Result<Read, Failure> {
    simple::read(text).map_or_else(|| read_with_serde(text), Ok)
}

/// Reads whatever YAML there is.
pub(super) fn read_with_serde(text: &str) -> Result<Read, Failure> {
    if let Some(at) = too_many_brackets(text) {
        return Err(Failure {
            at: Some(at),
            since: None,
            problem: TOO_DEEP.to_owned(),
        });
    }
    let mut builder = Builder {
        next: 0,
        left: budget(text),
        twice: Vec::new(),
    };
    let root = NodeSeed(&mut builder).deserialize(serde_yaml::Deserializer::from_str(text));
    match root {
        Ok(root) => Ok(Read {
            root,
            count: builder.next,
            twice: builder.twice,
        }),
        Err(error) => Err(failure(&error, text)),
    }
}

/// How much may be built: each node costs one, each byte of its text another.
///
/// Without aliases no text can cost more than this, for an escape of two bytes (`\L`) stands for at
/// most three. serde_yaml limits how often an alias is used, but not how large a thing it repeats.
fn budget(text: &str) -> usize {
    text.len() * 4 + 1_000_000
}

/// The first bracket beyond those that may be open. Brackets in quotes are counted too: what is
/// looked for is an attack, and no honest text comes near the limit.
fn too_many_brackets(text: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' => open += 1,
            b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        if open > MAX_OPEN_BRACKETS {
            return Some(at);
        }
    }
    None
}

/// Takes serde_yaml's error apart.
fn failure(error: &serde_yaml::Error, text: &str) -> Failure {
    let whole = error.to_string();
    // "PROBLEM at line 1 column 2, while scanning a quoted scalar at line 1 column 1"
    let (problem, context) = match whole.split_once(", while ") {
        Some((problem, context)) => (problem, Some(context)),
        None => (whole.as_str(), None),
    };
    let bare = [" at line ", " at position "]
        .iter()
        .find_map(|mark| problem.rfind(mark));
    let problem = &problem[..bare.unwrap_or(problem.len())];
    // Our own complaint comes back behind the path to the value: "a.b[0]: too much".
    let problem = if problem.ends_with(TOO_MUCH) {
        TOO_MUCH
    } else {
        problem
    };
    Failure {
        // The index is documented as bytes and counts characters.
        at: error
            .location()
            .map(|location| byte_of_character(text, location.index())),
        since: context
            .and_then(line_and_column)
            .map(|(line, column)| byte_of_line_and_column(text, line, column)),
        problem: problem.to_owned(),
    }
}

fn byte_of_character(text: &str, index: usize) -> usize {
    text.char_indices().nth(index).map_or(text.len(), |(at, _)| at)
}

/// The numbers of "… at line 3 column 7".
fn line_and_column(context: &str) -> Option<(usize, usize)> {
    let (_, place) = context.rsplit_once(" at line ")?;
    let (line, column) = place.split_once(" column ")?;
    Some((line.parse().ok()?, column.parse().ok()?))
}

fn byte_of_line_and_column(text: &str, line: usize, column: usize) -> usize {
    let start = line.checked_sub(2).map_or(0, |breaks| {
        text.match_indices('\n')
            .nth(breaks)
            .map_or(text.len(), |(at, _)| at + 1)
    });
    start + byte_of_character(&text[start..], column.saturating_sub(1))
}

/// Gives out numbers and keeps to the budget.
struct Builder {
    next: u32,
    left: usize,
    twice: Vec<(Key, Key)>,
}

impl Builder {
    fn number<E: Error>(&mut self) -> Result<u32, E> {
        let number = self.next;
        self.next += 1;
        self.pay(1)?;
        Ok(number)
    }

    fn pay<E: Error>(&mut self, cost: usize) -> Result<(), E> {
        self.left = self.left.checked_sub(cost).ok_or_else(|| E::custom(TOO_MUCH))?;
        Ok(())
    }
}

/// Reads one node and numbers it before what it holds.
struct NodeSeed<'b>(&'b mut Builder);

impl<'de> DeserializeSeed<'de> for NodeSeed<'_> {
    type Value = Node;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Node, D::Error> {
        let index = self.0.number()?;
        let value = ValueSeed(self.0).deserialize(deserializer)?;
        Ok(Node { value, index })
    }
}

/// Reads the value of a node that has its number.
struct ValueSeed<'b>(&'b mut Builder);

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
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
        self.0.pay(value.len())?;
        Ok(Value::Text(value.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(NodeSeed(self.0))? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Value, A::Error> {
        let mut map: Vec<(Key, Node)> = Vec::new();
        let mut names = Names::default();
        while let Some(key) = pairs.next_key_seed(KeySeed(self.0))? {
            let node = pairs.next_value_seed(NodeSeed(self.0))?;
            match names.find(&map, &key.name) {
                Some(first) => self.0.twice.push((map[first].0.clone(), key)),
                None => map.push((key, node)),
            }
        }
        Ok(Value::Map(map))
    }

    /// A tag, `!word value`: the value counts, the tag does not.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (IgnoredAny, value) = tagged.variant()?;
        value.newtype_variant_seed(self)
    }
}

/// Reads a key. Asking for a string gives the raw text of any scalar, so that `1.10: x` has the key
/// `1.10` and not `1.1`.
struct KeySeed<'b>(&'b mut Builder);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed<'_> {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        let index = self.0.number()?;
        self.0.pay(name.len())?;
        Ok(Key {
            name: name.to_owned(),
            index,
        })
    }
}

/// Finds a key among those before it; by a table once a mapping is too long to be looked through.
#[derive(Default)]
pub(super) struct Names {
    table: HashMap<String, usize>,
}

impl Names {
    pub fn find(&mut self, map: &[(Key, Node)], name: &str) -> Option<usize> {
        const SHORT: usize = 16;
        if map.len() < SHORT {
            return map.iter().position(|(key, _)| key.name == name);
        }
        for (index, (key, _)) in map.iter().enumerate().skip(self.table.len()) {
            self.table.insert(key.name.clone(), index);
        }
        self.table.get(name).copied()
    }
}
