//! A request and its answer as evidence: bounded, and without secrets.

use calamity_base::redact::{self, REDACTED};
use http::HeaderMap;
use serde::{Deserialize, Serialize};

/// The most of a body that is kept, in bytes.
const BODY_MAX: usize = 6 * 1024;
/// Query parameters whose values may let somebody in.
const SECRET_PARAMETERS: [&str; 5] = ["access_token", "token", "sig", "signature", "password"];

/// One request of a check, and what came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The headers that were sent; the values of secret ones are replaced.
    pub request_headers: Vec<(String, String)>,
    /// The body that was sent, shortened.
    pub request_body: String,
    /// The status, or why there is none.
    pub status: Result<u16, String>,
    /// The headers that came back.
    pub response_headers: Vec<(String, String)>,
    /// The body that came back, shortened.
    pub response_body: String,
}

/// Replaces what must not be shown.
#[derive(Clone, Debug)]
pub(crate) struct Veil(Vec<String>);

impl Veil {
    pub(crate) fn new(secrets: Vec<String>) -> Veil {
        Veil(secrets)
    }

    /// A text without secrets.
    pub(crate) fn text(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, REDACTED))
    }

    /// A body without secrets, and not all of it.
    pub(crate) fn body(&self, body: &[u8]) -> String {
        let shown = String::from_utf8_lossy(&body[..body.len().min(BODY_MAX)]).into_owned();
        let shown = self.text(&shown);
        if body.len() > BODY_MAX {
            format!("{shown}... ({} bytes in all)", body.len())
        } else {
            shown
        }
    }

    /// Headers without secrets.
    pub(crate) fn headers(&self, headers: &HeaderMap) -> Vec<(String, String)> {
        let lock = |(name, value): (String, String)| {
            // The header that names a DAV lock or a sync state is no secret of anybody.
            let value = self.text(&value);
            (name, value)
        };
        redact::headers(headers).into_iter().map(lock).collect()
    }

    /// Path and query without the values of parameters that let somebody in.
    pub(crate) fn target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else { return self.text(target) };
        let shown = |pair: &str| match pair.split_once('=') {
            Some((name, _)) if SECRET_PARAMETERS.contains(&name.to_ascii_lowercase().as_str()) => {
                format!("{name}={REDACTED}")
            }
            _ => pair.to_owned(),
        };
        let query: Vec<String> = query.split('&').map(shown).collect();
        self.text(&format!("{path}?{}", query.join("&")))
    }
}
