//! Patches carried out: on JSON values, on whole answers and on requests before the server reads them.

use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode};
use serde_json::Value;

use super::effect::{PatchEffect, Replace};
use super::etag;
use crate::native::Reply;

impl PatchEffect {
    /// Whether it changes more of an answer than members of what is stored or read.
    pub(crate) fn is_of_answer(&self) -> bool {
        self.status.is_some()
            || self.etag.is_some()
            || !(self.headers.is_empty() && self.drop_headers.is_empty() && self.replace.is_empty())
    }

    /// Applies to an answer all that is not a member.
    pub(crate) fn apply_to_answer(&self, reply: &mut Reply) {
        if let Some(status) = self.status.and_then(|status| StatusCode::from_u16(status).ok()) {
            *reply.status_mut() = status;
        }
        if let Some(form) = self.etag {
            etag::apply(form, reply);
        }
        self.apply_to_headers(reply.headers_mut());
        if let Some(text) = self.replaced(reply.body()) {
            *reply.body_mut() = text.into();
        }
    }

    /// Applies it to a whole answer.
    pub(crate) fn apply_to_reply(&self, reply: &mut Reply) {
        if !(self.set.is_empty() && self.drop.is_empty())
            && let Ok(mut body) = serde_json::from_slice::<Value>(reply.body())
        {
            self.apply(&mut body);
            *reply.body_mut() = body.to_string().into();
        }
        self.apply_to_answer(reply);
    }

    /// Applies it to a request that the server has not looked at.
    pub(crate) fn apply_to_request(&self, request: &mut Incoming) {
        if !(self.set.is_empty() && self.drop.is_empty())
            && let Ok(mut body) = serde_json::from_slice::<Value>(&request.body)
        {
            self.apply(&mut body);
            request.body = body.to_string().into();
        }
        self.apply_to_headers(&mut request.headers);
        if let Some(text) = self.replaced(&request.body) {
            request.body = text.into();
        }
    }

    /// Applies to a request that the server itself sends what is no member of its notifications.
    pub(crate) fn apply_to_message(&self, request: &mut Request<Bytes>) {
        self.apply_to_headers(request.headers_mut());
        if let Some(text) = self.replaced(request.body()) {
            *request.body_mut() = text.into();
        }
    }

    /// Replaces texts in a text.
    pub(crate) fn apply_to_text(&self, text: &str) -> String {
        self.replaced(text.as_bytes()).unwrap_or_else(|| text.to_owned())
    }

    fn apply_to_headers(&self, headers: &mut HeaderMap) {
        for name in &self.drop_headers {
            headers.remove(name.as_str());
        }
        for (name, value) in &self.headers {
            set_header(headers, name, value);
        }
    }

    fn replaced(&self, body: &[u8]) -> Option<String> {
        if self.replace.is_empty() {
            return None;
        }
        let mut text = String::from_utf8(body.to_vec()).ok()?;
        for replace in &self.replace {
            text = replace.apply(&text);
        }
        Some(text)
    }
}

/// Sets a header; a name or value that is none is left out.
pub(crate) fn set_header(headers: &mut HeaderMap, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) =
        (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value))
    {
        headers.insert(name, value);
    }
}

impl Replace {
    fn apply(&self, text: &str) -> String {
        if self.find.is_empty() {
            return text.to_owned();
        }
        let mut done = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(&self.find) {
            let behind = at + self.find.len();
            let end = match &self.upto {
                None => Some(behind),
                Some(upto) => rest[behind..].find(upto).map(|found| behind + found + upto.len()),
            };
            let Some(end) = end else { break };
            done.push_str(&rest[..at]);
            done.push_str(&self.with);
            rest = &rest[end..];
        }
        done.push_str(rest);
        done
    }
}

impl PatchEffect {
    /// Applies it to a JSON value. A pointer into nothing changes nothing, except that the last
    /// member of a `set` is made.
    pub fn apply(&self, value: &mut Value) {
        for (key, new) in &self.set {
            if let Some((parent, last)) = parent_of(value, key) {
                set_member(parent, &last, new);
            }
        }
        for key in &self.drop {
            if let Some((parent, last)) = parent_of(value, key) {
                drop_member(parent, &last);
            }
        }
    }

    /// Applies it to the members of an object.
    pub(crate) fn apply_to(&self, object: &mut serde_json::Map<String, Value>) {
        let mut value = Value::Object(std::mem::take(object));
        self.apply(&mut value);
        if let Value::Object(members) = value {
            *object = members;
        }
    }
}

fn parent_of<'a>(value: &'a mut Value, key: &str) -> Option<(&'a mut Value, String)> {
    let Some(pointer) = key.strip_prefix('/') else { return Some((value, key.to_owned())) };
    let (parent, last) = match pointer.rsplit_once('/') {
        Some((parent, last)) => (value.pointer_mut(&format!("/{parent}"))?, last),
        None => (value, pointer),
    };
    Some((parent, last.replace("~1", "/").replace("~0", "~")))
}

fn set_member(parent: &mut Value, last: &str, new: &Value) {
    match parent {
        Value::Object(members) => {
            members.insert(last.to_owned(), new.clone());
        }
        Value::Array(elements) => {
            if let Some(slot) = last.parse().ok().and_then(|at: usize| elements.get_mut(at)) {
                *slot = new.clone();
            }
        }
        _ => {}
    }
}

fn drop_member(parent: &mut Value, last: &str) {
    match parent {
        Value::Object(members) => {
            members.remove(last);
        }
        Value::Array(elements) => {
            if let Ok(at) = last.parse::<usize>()
                && at < elements.len()
            {
                elements.remove(at);
            }
        }
        _ => {}
    }
}
