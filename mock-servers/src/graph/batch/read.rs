//! The body of a batch, read into requests.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE};
use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header};
use serde_json::{Map, Value};

use super::order;
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::native::Host;
use crate::wire;

/// How many requests a batch has at most.
const STEPS_MAX: usize = 20;

/// One request of a batch.
#[derive(Debug)]
pub(super) struct Step {
    /// What the client calls it.
    pub(super) id: String,
    /// The request.
    pub(super) call: Call,
    /// What it asks for, as if it had come by itself.
    pub(super) target: Uri,
    /// The places of those that it depends on.
    pub(super) depends: Vec<usize>,
}

/// The requests of a batch, and the order in which they are carried out.
#[derive(Debug)]
pub(super) struct Steps {
    pub(super) all: Vec<Step>,
    pub(super) order: Vec<usize>,
}

/// Reads a batch. What is wrong with one of its requests as part of a batch is wrong with the batch.
pub(super) fn read(request: &Incoming, host: &Host) -> Result<Steps, Failure> {
    if request.method != Method::POST {
        let failure = Failure { status: 405, allow: Some("POST"), ..Failure::of("BadRequest") };
        return Err(failure.saying("Specified HTTP method is not allowed for the request target."));
    }
    if wire::is_coded(&request.headers) {
        return Err(Failure::coded());
    }
    let body: Value = serde_json::from_slice(&request.body)
        .map_err(|_| invalid("Invalid batch payload format."))?;
    let given = body.get("requests").and_then(Value::as_array);
    let given = given.ok_or_else(|| invalid("Invalid batch payload format."))?;
    if given.len() > STEPS_MAX {
        return Err(Failure::of("MaximumValueExceeded"));
    }
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for (place, one) in given.iter().enumerate() {
        let id = text(one, "id").ok_or_else(|| invalid("Every request of a batch needs an id."))?;
        // "Not case-sensitive. Must be unique in the batch."
        if places.insert(id.to_lowercase(), place).is_some() {
            return Err(invalid(format!("Request Id: {id} has to be unique in a batch.")));
        }
    }
    let mut all = Vec::with_capacity(given.len());
    for one in given {
        let id = text(one, "id").unwrap_or_default().to_owned();
        let depends = depends(one, &id, &places)?;
        let incoming = incoming(one, &id, request)?;
        let (call, target) = (Call::open(&incoming, host), incoming.uri);
        all.push(Step { id, call, target, depends });
    }
    let depends: Vec<&[usize]> = all.iter().map(|step| step.depends.as_slice()).collect();
    let order = order::sequence(&depends)
        .ok_or_else(|| invalid("The requests of a batch depend on each other in a circle."))?;
    Ok(Steps { all, order })
}

fn depends(one: &Value, id: &str, places: &BTreeMap<String, usize>) -> Result<Vec<usize>, Failure> {
    let named = match one.get("dependsOn") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(named)) => named,
        Some(_) => return Err(invalid(format!("Request Id: {id} has an invalid dependsOn."))),
    };
    let place = |name: &Value| places.get(&name.as_str()?.to_lowercase()).copied();
    let found: Option<Vec<usize>> = named.iter().map(place).collect();
    found.ok_or_else(|| {
        invalid(format!("Request Id: {id} depends on a request that is not in the batch."))
    })
}

/// A request as it would have come by itself, under the credential of the batch.
fn incoming(one: &Value, id: &str, outer: &Incoming) -> Result<Incoming, Failure> {
    let method = text(one, "method").map(str::to_ascii_uppercase).unwrap_or_default();
    if !["GET", "POST", "PATCH", "PUT", "DELETE"].contains(&method.as_str()) {
        return Err(invalid(format!("Request Id: {id} has an invalid method.")));
    }
    let method = Method::from_bytes(method.as_bytes()).unwrap_or_default();
    let url = text(one, "url").unwrap_or_default();
    let path = format!("/v1.0/{}", escaped(url.trim_start_matches('/')));
    let absolute = url.split_once("://").is_some_and(|(scheme, _)| !scheme.contains(['/', '?']));
    let uri: Option<Uri> = path.parse().ok().filter(|_| !url.is_empty() && !absolute);
    let uri = uri.ok_or_else(|| invalid(format!("Request Id: {id} has an invalid url.")))?;
    let empty = Map::new();
    let given = one.get("headers").and_then(Value::as_object).unwrap_or(&empty);
    let mut headers = HeaderMap::new();
    for (name, value) in given {
        let pair = (HeaderName::try_from(name), value.as_str().map(HeaderValue::try_from));
        let (Ok(name), Some(Ok(value))) = pair else {
            return Err(invalid(format!("Request Id: {id} has an invalid header.")));
        };
        headers.append(name, value);
    }
    for name in [header::AUTHORIZATION, header::HOST] {
        if let Some(value) = outer.headers.get(&name) {
            headers.insert(name, value.clone());
        }
    }
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let given = one.get("body").filter(|body| !body.is_null());
    let writes = matches!(method, Method::POST | Method::PATCH | Method::PUT);
    let body = match (given, kind) {
        (Some(Value::String(text)), Some(kind)) if !kind.contains("json") => {
            let bytes = BASE64_STANDARD.decode(text).or_else(|_| BASE64_URL_SAFE.decode(text));
            let bytes =
                bytes.map_err(|_| invalid(format!("Request Id: {id} has an invalid body.")))?;
            Bytes::from(bytes)
        }
        (Some(body), Some(_)) => Bytes::from(body.to_string()),
        (None, _) if !writes => Bytes::new(),
        _ => {
            return Err(invalid(format!(
                "Write request id : {id} does not contain Content-Type header or body."
            )));
        }
    };
    // The scheme of the outer request is that of the links in the answers.
    let uri = match (outer.uri.scheme(), outer.uri.authority()) {
        (Some(scheme), Some(authority)) => {
            let stated = Uri::builder().scheme(scheme.clone()).authority(authority.clone());
            stated.path_and_query(path).build().unwrap_or(uri)
        }
        _ => uri,
    };
    Ok(Incoming { method, uri, headers, body, connection: outer.connection })
}

/// A URL as it can stand in a request line: clients write spaces and quotes into the JSON as they are.
fn escaped(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

fn text<'a>(one: &'a Value, name: &str) -> Option<&'a str> {
    one.get(name).and_then(Value::as_str)
}

fn invalid(message: impl Into<std::borrow::Cow<'static, str>>) -> Failure {
    Failure::of("BadRequest").saying(message)
}
