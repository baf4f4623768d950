//! A request as a route sees it: variable segments, query and body, each read with its own refusal.

use std::collections::BTreeMap;

use bytes::Bytes;
use calamity_base::http::{Answer, Incoming, Problem};
use http::{HeaderValue, Response, StatusCode, header};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::fail;
use super::route::{Form, Need, Route};

/// The most parameters of a query.
const PARAMETERS_MAX: usize = 32;

/// One request.
#[derive(Debug)]
pub(super) struct Call {
    segments: Vec<(&'static str, String)>,
    query: BTreeMap<String, String>,
    body: Bytes,
}

impl Call {
    /// Reads the query and holds it against what the route takes.
    pub(super) fn new(
        route: &Route,
        segments: Vec<(&'static str, String)>,
        request: &Incoming,
    ) -> Result<Self, Problem> {
        let mut query = BTreeMap::new();
        let text = request.uri.query().unwrap_or_default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()).take(PARAMETERS_MAX + 1) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decode(name, Plus::IsSpace)?, decode(value, Plus::IsSpace)?);
            let known = route.query.iter().find(|known| known.name == name);
            let Some(known) = known else { return Err(fail::parameter(route, &name)) };
            known.form.check(&name, &value)?;
            if query.len() >= PARAMETERS_MAX || query.insert(name.clone(), value).is_some() {
                return Err(fail::bad(format!("the query names `{name}` twice")));
            }
        }
        let body = match route.body {
            None if !request.body.is_empty() => {
                return Err(fail::bad("this takes no body".to_owned()));
            }
            Some(body) if body.need == Need::Optional && request.body.is_empty() => {
                Bytes::from_static(b"{}")
            }
            _ => request.body.clone(),
        };
        Ok(Self { segments, query, body })
    }

    /// A variable segment of the path, decoded.
    pub(super) fn segment(&self, name: &str) -> &str {
        let found = self.segments.iter().find(|(known, _)| *known == name);
        found.map_or("", |(_, value)| value)
    }

    /// A parameter of the query.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.query.get(name).map(String::as_str)
    }

    /// A parameter of the query that is a number, which its form has checked.
    pub(super) fn number(&self, name: &str) -> Option<u64> {
        self.query.get(name).and_then(|text| text.parse().ok())
    }

    /// The body as it came.
    pub(super) fn octets(&self) -> &[u8] {
        &self.body
    }

    /// The body.
    pub(super) fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        if self.body.is_empty() {
            return Err(fail::bad("a JSON body is missing".to_owned()));
        }
        serde_json::from_slice(&self.body).map_err(|error| fail::body(&error))
    }
}

impl Form {
    fn check(self, name: &str, value: &str) -> Result<(), Problem> {
        match self {
            Self::Text => Ok(()),
            Self::Number if value.parse::<u64>().is_ok() => Ok(()),
            Self::Number => Err(fail::bad(format!("`{name}` is a whole number, not `{value}`"))),
            Self::OneOf(words) if words.contains(&value) => Ok(()),
            Self::OneOf(words) => {
                let words = words.join("`, `");
                Err(fail::bad(format!("`{name}` is one of `{words}`, not `{value}`")))
            }
        }
    }
}

/// What a plus sign stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plus {
    /// A space, as in what forms send.
    IsSpace,
    /// Itself, as in a path.
    IsPlus,
}

/// A percent-encoded text (RFC 3986, section 2.1).
pub(super) fn decode(text: &str, plus: Plus) -> Result<String, Problem> {
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(octet) = rest.next() {
        octets.push(match octet {
            b'+' if plus == Plus::IsSpace => b' ',
            b'%' => {
                let digit = |octet: Option<u8>| octet.and_then(|it| char::from(it).to_digit(16));
                match (digit(rest.next()), digit(rest.next())) {
                    // Two digits are at most 255.
                    (Some(high), Some(low)) => (high * 16 + low) as u8,
                    _ => return Err(fail::bad(format!("`{text}` ends inside of a percent sign"))),
                }
            }
            octet => octet,
        });
    }
    String::from_utf8(octets).map_err(|_| fail::bad(format!("`{text}` is no UTF-8")))
}

/// A JSON answer.
pub(super) fn reply<T: Serialize>(status: StatusCode, body: &T) -> Answer {
    let text = serde_json::to_vec(body).expect("what the API answers has texts for keys");
    let mut response = Response::new(Bytes::from(text));
    *response.status_mut() = status;
    let media_type = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    Answer::Full(response)
}

/// 200 with JSON.
pub(super) fn ok<T: Serialize>(body: &T) -> Answer {
    reply(StatusCode::OK, body)
}

/// 201 with JSON and the place of what was made.
pub(super) fn created<T: Serialize>(location: &str, body: &T) -> Answer {
    let mut answer = reply(StatusCode::CREATED, body);
    if let (Answer::Full(response), Ok(location)) = (&mut answer, HeaderValue::from_str(location)) {
        response.headers_mut().insert(header::LOCATION, location);
    }
    answer
}

/// 204.
pub(super) fn nothing() -> Answer {
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    Answer::Full(response)
}

/// A segment of a path, percent-encoded (RFC 3986, section 3.3).
pub(super) fn encode(segment: &str) -> String {
    let mut text = String::new();
    for octet in segment.bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~@".contains(&octet) {
            text.push(char::from(octet));
        } else {
            text.push_str(&format!("%{octet:02X}"));
        }
    }
    text
}
