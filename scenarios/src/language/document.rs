//! A YAML document as a tree in which every key and every value knows its place.
//!
//! Overrides change this tree before anything is read from it, so that a value of the command line
//! is checked like one of the file. Nothing here knows the language.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};

use super::diagnostic::{Diagnostic, Place, SourceId};

/// How deep a document may nest.
const DEPTH_MAX: usize = 64;

/// One value with its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) place: Place,
    pub(crate) value: Value,
}

/// What a node holds.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Bool(bool),
    Whole(i128),
    Fraction(f64),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) place: Place,
    pub(crate) value: Node,
}

impl Node {
    /// Reads one document; `source` is noted in every place.
    pub(crate) fn read(text: &str, source: SourceId) -> Result<Node, Diagnostic> {
        let options = serde_saphyr::options! {
            strict_booleans: true,
            // Told apart below, where both places are known.
            duplicate_keys: serde_saphyr::DuplicateKeyPolicy::PassThrough,
            with_snippet: false,
            budget: serde_saphyr::budget! { max_depth: DEPTH_MAX },
        };
        let raw: Spanned<Raw> = serde_saphyr::from_str_with_options(text, options)
            .map_err(|error| syntax(&error, text, source))?;
        let node = build(raw, text, source);
        match node.doubled() {
            Some(diagnostic) => Err(diagnostic),
            None => Ok(node),
        }
    }

    /// The first key that stands twice in one mapping.
    fn doubled(&self) -> Option<Diagnostic> {
        match &self.value {
            Value::List(items) => items.iter().find_map(Node::doubled),
            Value::Map(entries) => entries.iter().enumerate().find_map(|(number, entry)| {
                let first = entries[..number].iter().find(|earlier| earlier.key == entry.key);
                let twice = first.map(|first| {
                    Diagnostic::new(entry.place, format!("duplicate key `{}`", entry.key))
                        .label("the same key again")
                        .also(first.place, "first used here")
                });
                twice.or_else(|| entry.value.doubled())
            }),
            _ => None,
        }
    }

    /// The value of a key.
    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        match &self.value {
            Value::Map(entries) => entries.iter().find(|entry| entry.key == key),
            _ => None,
        }
    }

    /// What kind of value it is, for messages.
    pub(crate) fn kind(&self) -> String {
        match &self.value {
            Value::Null => "nothing".to_owned(),
            Value::Bool(value) => format!("`{value}`"),
            Value::Whole(value) => format!("the number {value}"),
            Value::Fraction(value) => format!("the number {value}"),
            Value::Text(value) => format!("the text \"{value}\""),
            Value::List(_) => "a list".to_owned(),
            Value::Map(_) => "a mapping".to_owned(),
        }
    }
}

/// What the YAML reader hands over, with its own kind of places.
enum Raw {
    Null,
    Bool(bool),
    Whole(i128),
    Fraction(f64),
    Text(String),
    List(Vec<Spanned<Raw>>),
    Map(Vec<(Spanned<String>, Spanned<Raw>)>),
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RawVisitor)
    }
}

struct RawVisitor;

impl<'de> Visitor<'de> for RawVisitor {
    type Value = Raw;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_none<E>(self) -> Result<Raw, E> {
        Ok(Raw::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Raw, E> {
        Ok(Raw::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Raw, E> {
        Ok(Raw::Whole(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Raw, E> {
        Ok(Raw::Whole(value.into()))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Raw, E> {
        Ok(Raw::Whole(value))
    }

    fn visit_u128<E: serde::de::Error>(self, value: u128) -> Result<Raw, E> {
        i128::try_from(value).map(Raw::Whole).map_err(|_| E::custom("the number is too large"))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Raw, E> {
        Ok(Raw::Fraction(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Raw, E> {
        Ok(Raw::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Raw, E> {
        Ok(Raw::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Raw, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Raw::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Raw, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Raw::Map(entries))
    }
}

fn build(raw: Spanned<Raw>, text: &str, source: SourceId) -> Node {
    let place = place(raw.referenced, text, source);
    let value = match raw.value {
        Raw::Null => Value::Null,
        Raw::Bool(value) => Value::Bool(value),
        Raw::Whole(value) => Value::Whole(value),
        Raw::Fraction(value) => Value::Fraction(value),
        Raw::Text(value) => Value::Text(value),
        Raw::List(items) => {
            Value::List(items.into_iter().map(|item| build(item, text, source)).collect())
        }
        Raw::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|(key, value)| Entry {
                    place: self::place(key.referenced, text, source),
                    key: key.value,
                    value: build(value, text, source),
                })
                .collect(),
        ),
    };
    Node { place, value }
}

/// A place of ours for one of the reader's; the whole first character where it knows no length.
fn place(location: Location, text: &str, source: SourceId) -> Place {
    let span = location.span();
    let start = span
        .byte_offset()
        .and_then(|offset| usize::try_from(offset).ok())
        .unwrap_or_else(|| offset_of(text, location.line(), location.column()));
    let length = span.byte_len().and_then(|length| usize::try_from(length).ok()).unwrap_or(0);
    Place::new(source, text, start, start.saturating_add(length))
}

/// The byte at which a line and column begin, both counted from 1.
fn offset_of(text: &str, line: u64, column: u64) -> usize {
    let before = usize::try_from(line.saturating_sub(1)).unwrap_or(usize::MAX);
    let start: usize = text.split_inclusive('\n').take(before).map(str::len).sum();
    let rest = text.get(start..).unwrap_or("");
    let characters = usize::try_from(column.saturating_sub(1)).unwrap_or(usize::MAX);
    start + rest.chars().take(characters).map(char::len_utf8).sum::<usize>()
}

/// What is wrong with a text that is no document.
fn syntax(error: &serde_saphyr::Error, text: &str, source: SourceId) -> Diagnostic {
    let message = error.without_snippet().to_string();
    // The reader's own words end in its own form of the place, which the snippet shows already.
    let message = message.split(" at line ").next().unwrap_or(&message).trim().to_owned();
    let place = match error.location() {
        Some(location) => place(location, text, source),
        None => Place::new(source, text, 0, 0),
    };
    Diagnostic::new(place, format!("not readable as YAML: {message}"))
}
