//! The Request object (RFC 8620 section 3.3).

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::{Map, Value};

use super::errors::RequestError;
use super::json;
use super::methods::CAPABILITIES;
use crate::account::Form;
use crate::profiles::JmapQuirks;

/// One method call.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) name: String,
    pub(super) arguments: Map<String, Value>,
    pub(super) id: String,
}

/// A request to the API.
#[derive(Clone, Debug)]
pub(super) struct Api {
    pub(super) using: Vec<String>,
    pub(super) calls: Vec<Call>,
    pub(super) created_ids: Option<BTreeMap<String, String>>,
    /// What it asks, down to the octet.
    pub(super) form: Form,
}

/// Reads a request, within its limits.
pub(super) fn parse(
    headers: &HeaderMap,
    body: &Bytes,
    limits: &JmapQuirks,
) -> Result<Api, RequestError> {
    if body.len() > limits.max_size_request {
        return Err(RequestError::limit("maxSizeRequest"));
    }
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next()).unwrap_or_default();
    if !media_type.trim().eq_ignore_ascii_case("application/json") {
        return Err(RequestError::not_json("the content type is not application/json"));
    }
    let request = json::read(body)
        .map_err(|error| RequestError::not_json(&format!("the body is no I-JSON: {error}")))?;
    let api = api(request, Form::over("request", body))?;
    if let Some(unknown) = api.using.iter().find(|name| !CAPABILITIES.contains(&name.as_str())) {
        return Err(RequestError::unknown_capability(unknown));
    }
    if api.calls.len() > limits.max_calls_in_request {
        return Err(RequestError::limit("maxCallsInRequest"));
    }
    Ok(api)
}

fn api(mut request: Value, form: Form) -> Result<Api, RequestError> {
    let wrong = |what: &str| RequestError::not_request(what);
    let using =
        request.get("using").and_then(Value::as_array).ok_or_else(|| wrong("no `using`"))?;
    let using: Option<Vec<String>> =
        using.iter().map(|name| name.as_str().map(str::to_owned)).collect();
    let calls = request.get_mut("methodCalls").and_then(Value::as_array_mut);
    let calls = std::mem::take(calls.ok_or_else(|| wrong("no `methodCalls`"))?);
    let calls: Option<Vec<Call>> = calls.into_iter().map(call).collect();
    let created_ids = match request.get("createdIds") {
        None | Some(Value::Null) => None,
        Some(value) => {
            Some(created_ids(value).ok_or_else(|| wrong("`createdIds` is no map of ids"))?)
        }
    };
    Ok(Api {
        using: using.ok_or_else(|| wrong("`using` is no list of strings"))?,
        calls: calls.ok_or_else(|| wrong("`methodCalls` is no list of invocations"))?,
        created_ids,
        form,
    })
}

fn call(value: Value) -> Option<Call> {
    let Value::Array(parts) = value else { return None };
    let [Value::String(name), Value::Object(arguments), Value::String(id)] =
        <[Value; 3]>::try_from(parts).ok()?
    else {
        return None;
    };
    Some(Call { name, arguments, id })
}

fn created_ids(value: &Value) -> Option<BTreeMap<String, String>> {
    let id = |(creation, id): (&String, &Value)| Some((creation.clone(), id.as_str()?.to_owned()));
    value.as_object()?.iter().map(id).collect()
}
