//! References to results of earlier calls in the same request (RFC 8620 section 3.7), as many as there is
//! room for.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::dispatch::Response;
use super::errors::MethodError;

/// How many times the size of the largest request what references bring in may be, in all calls of one
/// request. A reference can name a result that references have made, so that each call could hold a
/// multiple of the one before.
const REQUESTS: usize = 4;

/// About what an object takes that has any member: its members stand in nodes of eleven.
const NODE: usize = 11 * (size_of::<String>() + size_of::<Value>());

/// How much references may still look at and bring in, in bytes of memory.
#[derive(Debug)]
pub(super) struct Room(usize);

/// Why a reference is not followed.
enum Stop {
    /// It refers to nothing.
    Wrong(String),
    /// There is no room left.
    Full,
}

impl Room {
    /// The room of a request, by the most that a request itself may have.
    pub(super) fn of(max_size_request: usize) -> Self {
        Self(max_size_request.saturating_mul(REQUESTS))
    }

    /// Takes the room of a value that is looked at, and of so many bytes.
    fn take(&mut self, bytes: usize) -> Result<(), Stop> {
        let left = self.0.checked_sub(bytes.saturating_add(size_of::<Value>()));
        self.0 = left.unwrap_or(0);
        left.map(drop).ok_or(Stop::Full)
    }

    /// A copy of a value, if there is room for all that is in it.
    fn copy(&mut self, value: &Value) -> Result<Value, Stop> {
        self.hold(value)?;
        Ok(value.clone())
    }

    fn hold(&mut self, value: &Value) -> Result<(), Stop> {
        match value {
            Value::String(text) => self.take(text.len()),
            Value::Array(elements) => {
                self.take(0)?;
                elements.iter().try_for_each(|element| self.hold(element))
            }
            Value::Object(members) => {
                self.take(if members.is_empty() { 0 } else { NODE })?;
                members.iter().try_for_each(|(name, value)| {
                    self.take(name.len())?;
                    self.hold(value)
                })
            }
            _ => self.take(0),
        }
    }
}

/// Replaces every `#name` argument by what it refers to.
pub(super) fn resolve<'a>(
    arguments: &'a Map<String, Value>,
    responses: &[Response],
    room: &mut Room,
) -> Result<Cow<'a, Map<String, Value>>, MethodError> {
    if !arguments.keys().any(|name| name.starts_with('#')) {
        return Ok(Cow::Borrowed(arguments));
    }
    let mut resolved = Map::new();
    for (name, value) in arguments {
        let Some(real) = name.strip_prefix('#') else {
            resolved.insert(name.clone(), value.clone());
            continue;
        };
        if arguments.contains_key(real) {
            let text = format!("`{real}` is given both plainly and as a reference");
            return Err(MethodError::invalid_arguments(text));
        }
        let found = reference(value, responses, room).map_err(|stop| match stop {
            Stop::Wrong(reason) => MethodError::because("invalidResultReference", reason),
            Stop::Full => MethodError::because("requestTooLarge", "references bring in too much"),
        })?;
        resolved.insert(real.to_owned(), found);
    }
    Ok(Cow::Owned(resolved))
}

fn reference(value: &Value, responses: &[Response], room: &mut Room) -> Result<Value, Stop> {
    let (response, tokens) = read(value, responses).map_err(Stop::Wrong)?;
    walk(response.value(), &tokens, room)
}

/// The response that a reference names, and the parts of its path.
fn read<'a>(
    value: &Value,
    responses: &'a [Response],
) -> Result<(&'a Response, Vec<String>), String> {
    let member = |name: &str| {
        value.get(name).and_then(Value::as_str).ok_or(format!("the reference has no `{name}`"))
    };
    let (result_of, name, path) = (member("resultOf")?, member("name")?, member("path")?);
    let response = responses
        .iter()
        .find(|response| response.call_id == result_of)
        .ok_or_else(|| format!("no earlier call has the id `{result_of}`"))?;
    if response.name != name {
        return Err(format!("the response to `{result_of}` is a `{}`", response.name));
    }
    let tokens = match path.strip_prefix('/') {
        Some(rest) => super::patch::segments(rest).ok_or("the path is no JSON pointer")?,
        None if path.is_empty() => Vec::new(),
        None => return Err("the path does not begin with a slash".to_owned()),
    };
    Ok((response, tokens))
}

fn walk(value: &Value, tokens: &[String], room: &mut Room) -> Result<Value, Stop> {
    let Some((token, rest)) = tokens.split_first() else { return room.copy(value) };
    room.take(0)?;
    let nowhere = || Stop::Wrong(format!("there is no `{token}`"));
    match value {
        Value::Object(members) => walk(members.get(token).ok_or_else(nowhere)?, rest, room),
        Value::Array(elements) if token == "*" => {
            let mut flat = Vec::new();
            for element in elements {
                match walk(element, rest, room)? {
                    Value::Array(inner) => flat.extend(inner),
                    other => flat.push(other),
                }
            }
            Ok(Value::Array(flat))
        }
        Value::Array(elements) => {
            let plain = token == "0" || !token.starts_with('0');
            let index = token.parse::<usize>().ok().filter(|_| plain);
            let element = index.and_then(|index| elements.get(index));
            walk(element.ok_or_else(nowhere)?, rest, room)
        }
        _ => Err(nowhere()),
    }
}
