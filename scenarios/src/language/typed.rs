//! From a document to the types of the language: a serde deserializer over [`Node`].
//!
//! It is strict: an unknown key, a second key beside a tag, a number where a text belongs is an
//! error at its place, with the nearest name that exists. serde's own words reach nobody.

use std::fmt;

use serde::de::{
    self, DeserializeSeed, Deserializer, EnumAccess, Expected, MapAccess, SeqAccess, Unexpected,
    VariantAccess, Visitor, value::StrDeserializer,
};

use super::diagnostic::{Diagnostic, Place};
use super::document::{Entry, Node, Value};
use super::near::nearest;
use super::placed::{MARK, PlacedAccess};

/// Reads a value of the language from a document.
pub(crate) fn read<T: de::DeserializeOwned>(node: &Node) -> Result<T, Diagnostic> {
    T::deserialize(Typed { node }).map_err(|problem| problem.diagnose(node.place))
}

/// A mistake whose place the caller may know better.
#[derive(Debug)]
pub(crate) struct Problem {
    place: Option<Place>,
    message: String,
    label: String,
    help: Vec<String>,
}

impl Problem {
    fn new(place: Option<Place>, message: impl Into<String>, label: impl Into<String>) -> Problem {
        Problem { place, message: message.into(), label: label.into(), help: Vec::new() }
    }

    fn help(mut self, help: impl Into<String>) -> Problem {
        self.help.push(help.into());
        self
    }

    fn or_at(mut self, place: Place) -> Problem {
        self.place.get_or_insert(place);
        self
    }

    fn diagnose(self, place: Place) -> Diagnostic {
        let mut diagnostic =
            Diagnostic::new(self.place.unwrap_or(place), self.message).label(self.label);
        for help in self.help {
            diagnostic = diagnostic.help(help);
        }
        diagnostic
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl de::Error for Problem {
    fn custom<T: fmt::Display>(message: T) -> Problem {
        Problem::new(None, message.to_string(), "")
    }

    fn missing_field(field: &'static str) -> Problem {
        Problem::new(None, format!("missing key `{field}`"), format!("needs the key `{field}`"))
    }

    fn duplicate_field(field: &'static str) -> Problem {
        Problem::new(None, format!("duplicate key `{field}`"), "")
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Problem {
        Problem::new(
            None,
            format!("wrong type: expected {expected}, found {found}"),
            format!("expected {expected}"),
        )
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Problem {
        let found = match found {
            Unexpected::Unsigned(value) => value.to_string(),
            Unexpected::Signed(value) => value.to_string(),
            other => other.to_string(),
        };
        let expected = match expected.to_string().as_str() {
            "u8" => "a whole number from 0 to 255".to_owned(),
            "u16" => "a whole number from 0 to 65535".to_owned(),
            "u32" => "a whole number from 0 to 4294967295".to_owned(),
            "u64" => "a whole number that is not negative".to_owned(),
            other => other.to_owned(),
        };
        Problem::new(
            None,
            format!("wrong value: expected {expected}, found {found}"),
            format!("expected {expected}"),
        )
    }
}

/// The names of a type that is written in words, as people write them: `DriftIds` is `drift-ids`.
fn words(name: &str) -> String {
    let mut words = String::new();
    for character in name.chars() {
        if character.is_uppercase() && !words.is_empty() {
            words.push('-');
        }
        words.extend(character.to_lowercase());
    }
    words
}

fn list(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn meant(name: &str, known: &[&'static str]) -> Vec<String> {
    let near = nearest(name, known.iter().copied());
    near.map(|near| format!("did you mean `{near}`?"))
        .into_iter()
        .chain([format!("known here: {}", list(known))])
        .collect()
}

/// A deserializer at one node.
#[derive(Clone, Copy)]
struct Typed<'n> {
    node: &'n Node,
}

impl Typed<'_> {
    fn wrong(&self, expected: &str) -> Problem {
        Problem::new(
            Some(self.node.place),
            format!("wrong type: expected {expected}, found {}", self.node.kind()),
            format!("expected {expected}"),
        )
    }
}

macro_rules! whole {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
            match self.node.value {
                Value::Whole(value) => match (u64::try_from(value), i64::try_from(value)) {
                    (Ok(value), _) => visitor.visit_u64(value),
                    (_, Ok(value)) => visitor.visit_i64(value),
                    _ => Err(self.wrong("a number of at most 64 bits")),
                },
                _ => Err(self.wrong("a whole number")),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Typed<'_> {
    type Error = Problem;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match &self.node.value {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Whole(_) => self.deserialize_u64(visitor),
            Value::Fraction(value) => visitor.visit_f64(*value),
            Value::Text(value) => visitor.visit_str(value),
            Value::List(items) => visitor.visit_seq(Items { items: items.iter() }),
            Value::Map(entries) => visitor.visit_map(Entries::over(entries)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.node.value {
            Value::Bool(value) => visitor.visit_bool(value),
            _ => Err(self.wrong("`true` or `false`")),
        }
    }

    whole! { deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.node.value {
            Value::Whole(value) => visitor.visit_f64(value as f64),
            Value::Fraction(value) => visitor.visit_f64(value),
            _ => Err(self.wrong("a number")),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match &self.node.value {
            Value::Text(value) => visitor.visit_str(value),
            _ => Err(self.wrong("a text")),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.node.value {
            Value::Null => Err(self.wrong("a value; leave the key out where there is none")),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match &self.node.value {
            Value::List(items) => visitor.visit_seq(Items { items: items.iter() }),
            _ => Err(self.wrong("a list")),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match &self.node.value {
            Value::Map(entries) => visitor.visit_map(Entries::over(entries)),
            _ => Err(self.wrong("a mapping")),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let Value::Map(entries) = &self.node.value else {
            return Err(self.wrong("a mapping").help(format!("its keys: {}", list(fields))));
        };
        if let Some(entry) = entries.iter().find(|entry| !fields.contains(&entry.key.as_str())) {
            let mut problem = Problem::new(
                Some(entry.place),
                format!("unknown key `{}`", entry.key),
                format!("`{}` has no such key", words(name)),
            );
            problem.help = meant(&entry.key, fields);
            return Err(problem);
        }
        visitor.visit_map(Entries::over(entries))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Problem> {
        if name == MARK {
            return visitor.visit_seq(PlacedAccess::new(self.node.place, self));
        }
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        let name = words(name);
        let (tag, place, value) = match &self.node.value {
            Value::Text(tag) => (tag.as_str(), self.node.place, None),
            Value::Map(entries) => match entries.as_slice() {
                [only] => (only.key.as_str(), only.place, Some(&only.value)),
                [first, second, ..] => {
                    return Err(Problem::new(
                        Some(second.place),
                        format!("`{}` has no place beside `{}`", second.key, first.key),
                        format!("a {name} has one key"),
                    )
                    .help(format!("indent it under `{}`, or begin a new entry", first.key)));
                }
                [] => return Err(self.wrong(&format!("one of {}", list(variants)))),
            },
            _ => return Err(self.wrong(&format!("one of {}", list(variants)))),
        };
        let Some(tag) = variants.iter().find(|known| **known == tag) else {
            let mut problem =
                Problem::new(Some(place), format!("unknown {name} `{tag}`"), "no such name");
            problem.help = meant(tag, variants);
            return Err(problem);
        };
        visitor.visit_enum(Tagged { tag, value }).map_err(|problem| problem.or_at(place))
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        match self.node.value {
            Value::Null => visitor.visit_unit(),
            _ => Err(self.wrong("nothing")),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Problem> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit_struct tuple tuple_struct identifier
    }
}

/// The elements of a list.
struct Items<'n> {
    items: std::slice::Iter<'n, Node>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Problem;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Problem> {
        let Some(node) = self.items.next() else { return Ok(None) };
        seed.deserialize(Typed { node }).map(Some).map_err(|problem| problem.or_at(node.place))
    }
}

/// The entries of a mapping.
struct Entries<'n> {
    entries: std::slice::Iter<'n, Entry>,
    value: Option<&'n Entry>,
}

impl<'n> Entries<'n> {
    fn over(entries: &'n [Entry]) -> Entries<'n> {
        Entries { entries: entries.iter(), value: None }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Problem;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Problem> {
        let Some(entry) = self.entries.next() else { return Ok(None) };
        self.value = Some(entry);
        let key: StrDeserializer<'_, Problem> = StrDeserializer::new(&entry.key);
        seed.deserialize(key).map(Some).map_err(|problem| problem.or_at(entry.place))
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, Problem> {
        let entry = self.value.take().expect("serde asks for a key before its value");
        // What is missing inside a mapping is best shown at the key that holds the mapping.
        let place = match entry.value.value {
            Value::Map(_) | Value::List(_) => entry.place,
            _ => entry.value.place,
        };
        seed.deserialize(Typed { node: &entry.value }).map_err(|problem| problem.or_at(place))
    }
}

/// One of several things, by its name.
struct Tagged<'n> {
    tag: &'static str,
    value: Option<&'n Node>,
}

impl<'de, 'n> EnumAccess<'de> for Tagged<'n> {
    type Error = Problem;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Self), Problem> {
        let tag: StrDeserializer<'_, Problem> = StrDeserializer::new(self.tag);
        Ok((seed.deserialize(tag)?, self))
    }
}

impl Tagged<'_> {
    fn needs_value(&self) -> Problem {
        Problem::new(None, format!("`{}` needs a value", self.tag), "nothing follows it")
            .help(format!("write `{}: ...`", self.tag))
    }
}

impl<'de> VariantAccess<'de> for Tagged<'_> {
    type Error = Problem;

    fn unit_variant(self) -> Result<(), Problem> {
        match self.value {
            None => Ok(()),
            Some(node) => Err(Problem::new(
                Some(node.place),
                format!("`{}` takes no value", self.tag),
                format!("write `{}` alone", self.tag),
            )),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Problem> {
        match self.value {
            Some(node) => seed.deserialize(Typed { node }),
            None => Err(self.needs_value()),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Problem> {
        match self.value {
            Some(node) => Typed { node }.deserialize_seq(visitor),
            None => Err(self.needs_value()),
        }
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Problem> {
        match self.value {
            Some(node) => Typed { node }.deserialize_struct(self.tag, fields, visitor),
            None => Err(self.needs_value()),
        }
    }
}
