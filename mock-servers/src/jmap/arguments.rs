//! Arguments of a method call, typed. Anything unknown or of the wrong type is `invalidArguments`
//! (RFC 8620 section 3.8).

use serde_json::{Map, Value};

use super::errors::MethodError;
use super::set::Object;

/// Arguments whose references have been resolved.
#[derive(Clone, Debug)]
pub(super) struct Arguments(Map<String, Value>);

impl Arguments {
    /// Takes them over if there are no others than these (and `accountId`).
    pub(super) fn new(arguments: Map<String, Value>, known: &[&str]) -> Result<Self, MethodError> {
        let unknown =
            arguments.keys().find(|name| *name != "accountId" && !known.contains(&name.as_str()));
        match unknown {
            Some(name) => Err(MethodError::invalid_arguments(format!("unknown argument `{name}`"))),
            None => Ok(Self(arguments)),
        }
    }

    fn given(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// Whether it is there and not null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.given(name).is_some()
    }

    /// A text that must be there.
    pub(super) fn text(&self, name: &str) -> Result<&str, MethodError> {
        self.optional_text(name)?.ok_or_else(|| wrong(name, "missing"))
    }

    /// A text or null.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<&str>, MethodError> {
        match self.given(name) {
            None => Ok(None),
            Some(value) => value.as_str().map(Some).ok_or_else(|| wrong(name, "not a string")),
        }
    }

    /// A boolean; false when it is missing.
    pub(super) fn flag(&self, name: &str) -> Result<bool, MethodError> {
        match self.given(name) {
            None => Ok(false),
            Some(value) => value.as_bool().ok_or_else(|| wrong(name, "not a boolean")),
        }
    }

    /// A number that is not negative, or null.
    pub(super) fn count(&self, name: &str) -> Result<Option<usize>, MethodError> {
        match self.given(name) {
            None => Ok(None),
            Some(value) => {
                let number = value.as_u64().and_then(|number| usize::try_from(number).ok());
                number.map(Some).ok_or_else(|| wrong(name, "not an unsigned integer"))
            }
        }
    }

    /// An integer; 0 when it is missing.
    pub(super) fn integer(&self, name: &str) -> Result<i64, MethodError> {
        match self.given(name) {
            None => Ok(0),
            Some(value) => value.as_i64().ok_or_else(|| wrong(name, "not an integer")),
        }
    }

    /// A list of strings, or null. Each once, in the order in which they first stand.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, MethodError> {
        let Some(value) = self.given(name) else { return Ok(None) };
        let elements = value.as_array().ok_or_else(|| wrong(name, "not an array"))?;
        let texts: Option<Vec<String>> =
            elements.iter().map(|element| element.as_str().map(str::to_owned)).collect();
        texts.map(once).map(Some).ok_or_else(|| wrong(name, "not an array of strings"))
    }

    /// The same of what may be long and is looked at once.
    pub(super) fn take_texts(&mut self, name: &str) -> Result<Option<Vec<String>>, MethodError> {
        let Some(Value::Array(elements)) = self.0.get_mut(name) else { return self.texts(name) };
        let texts: Option<Vec<String>> = std::mem::take(elements)
            .into_iter()
            .map(|element| if let Value::String(text) = element { Some(text) } else { None })
            .collect();
        texts.map(once).map(Some).ok_or_else(|| wrong(name, "not an array of strings"))
    }

    /// A map of objects; empty when it is missing.
    pub(super) fn objects(&self, name: &str) -> Result<Vec<(String, Object)>, MethodError> {
        let Some(value) = self.given(name) else { return Ok(Vec::new()) };
        let members = value.as_object().ok_or_else(|| wrong(name, "not an object"))?;
        let object = |(key, value): (&String, &Value)| match value {
            Value::Object(members) => Ok((key.clone(), members.clone())),
            _ => Err(wrong(name, "not a map of objects")),
        };
        members.iter().map(object).collect()
    }

    /// Whatever it is.
    pub(super) fn value(&self, name: &str) -> Option<&Value> {
        self.given(name)
    }
}

/// Each text once, in the order in which they first stand.
fn once(mut texts: Vec<String>) -> Vec<String> {
    let mut sorted: Vec<&str> = texts.iter().map(String::as_str).collect();
    sorted.sort_unstable();
    if sorted.windows(2).any(|pair| pair[0] == pair[1]) {
        let mut seen = std::collections::BTreeSet::new();
        texts.retain(|text| seen.insert(text.clone()));
    }
    texts
}

fn wrong(name: &str, reason: &str) -> MethodError {
    MethodError::invalid_arguments(format!("`{name}` is {reason}"))
}
