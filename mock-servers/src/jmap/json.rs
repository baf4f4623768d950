//! The body of a request is I-JSON (RFC 8620 section 1.5): no object of it has two members of one name
//! (RFC 7493 section 2.3).

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// Room for elements that is asked for on a guess.
const RESERVE_MAX: usize = 256;

/// Reads a body, or says what is wrong with it.
pub(super) fn read(body: &[u8]) -> Result<Value, serde_json::Error> {
    let mut text = serde_json::Deserializer::from_slice(body);
    let value = Strict.deserialize(&mut text)?;
    text.end()?;
    Ok(value)
}

/// Reads a value as `serde_json` does, which bounds its depth, and names no member twice.
struct Strict;

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, text: D) -> Result<Value, D::Error> {
        text.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(Value::String(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut elements = Vec::with_capacity(from.size_hint().unwrap_or(0).min(RESERVE_MAX));
        while let Some(element) = from.next_element_seed(Self)? {
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut from: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = from.next_key::<String>()? {
            if members.contains_key(&name) {
                return Err(de::Error::custom(format_args!("two members are named `{name}`")));
            }
            members.insert(name, from.next_value_seed(Self)?);
        }
        Ok(Value::Object(members))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn two_members_of_one_name_are_refused_wherever_they_stand() {
        for text in
            [r#"{"a":1,"a":1}"#, r#"{"a":1,"\u0061":2}"#, r#"[0,{"b":{"a":[],"c":1,"a":{}}}]"#]
        {
            let error = read(text.as_bytes()).unwrap_err().to_string();
            assert!(error.starts_with("two members are named `a`"), "{text}: {error}");
        }
        let siblings = r#"[{"a":1},{"a":{"a":2}}]"#;
        assert_eq!(read(siblings.as_bytes()).unwrap(), json!([{ "a": 1 }, { "a": { "a": 2 } }]));
    }

    #[test]
    fn what_is_no_json_or_too_deep_is_refused() {
        let deep = "[".repeat(100_000);
        for text in ["", "{", "[1,]", "{} {}", "\"\\ud800\"", "nul", "1e999", deep.as_str()] {
            assert!(read(text.as_bytes()).is_err());
        }
    }

    proptest! {
        #[test]
        fn the_rest_is_read_as_serde_json_reads_it(text in r#"([\[\]{},:]|"[ab]"|-?[0-9]{1,20}|[0-9]\.[0-9]e[0-9]|true|null| ){0,12}"#) {
            match (read(text.as_bytes()), serde_json::from_str::<Value>(&text)) {
                (Ok(strict), Ok(plain)) => prop_assert_eq!(strict, plain),
                (Ok(strict), Err(_)) => prop_assert!(false, "{strict}"),
                (Err(error), Ok(_)) => {
                    prop_assert!(error.to_string().starts_with("two members"), "{error}");
                }
                (Err(_), Err(_)) => {}
            }
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..80)) {
            let _ = read(&bytes);
        }
    }
}
