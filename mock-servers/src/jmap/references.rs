//! References to results of earlier calls in the same request (RFC 8620 section 3.7).

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::dispatch::Response;
use super::errors::MethodError;

/// Replaces every `#name` argument by what it refers to.
pub(super) fn resolve<'a>(
    arguments: &'a Map<String, Value>,
    responses: &[Response],
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
        let found = reference(value, responses)
            .map_err(|reason| MethodError::because("invalidResultReference", reason))?;
        resolved.insert(real.to_owned(), found);
    }
    Ok(Cow::Owned(resolved))
}

fn reference(value: &Value, responses: &[Response]) -> Result<Value, String> {
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
    walk(&response.value(), &tokens).ok_or_else(|| format!("`{path}` leads nowhere"))
}

fn walk(value: &Value, tokens: &[String]) -> Option<Value> {
    let Some((token, rest)) = tokens.split_first() else { return Some(value.clone()) };
    match value {
        Value::Object(members) => walk(members.get(token)?, rest),
        Value::Array(elements) if token == "*" => {
            let mut flat = Vec::new();
            for element in elements {
                match walk(element, rest)? {
                    Value::Array(inner) => flat.extend(inner),
                    other => flat.push(other),
                }
            }
            Some(Value::Array(flat))
        }
        Value::Array(elements) => {
            let plain = token == "0" || !token.starts_with('0');
            let index: usize = token.parse().ok().filter(|_| plain)?;
            walk(elements.get(index)?, rest)
        }
        _ => None,
    }
}
