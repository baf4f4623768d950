//! What must not be printed, and how things that carry it are printed without it.

use std::fmt;

use ::http::{HeaderMap, HeaderName, Uri, header};
use serde::Deserialize;

/// What stands in the place of a secret.
pub const REDACTED: &str = "[REDACTED]";

/// Headers whose values are secrets.
const SECRET_HEADERS: [HeaderName; 4] =
    [header::AUTHORIZATION, header::PROXY_AUTHORIZATION, header::COOKIE, header::SET_COOKIE];

/// Parts of header names that mark a secret value, whatever the header.
const SECRET_WORDS: [&str; 6] = ["token", "secret", "api-key", "apikey", "password", "signature"];

/// A password, token or key. Prints as `[REDACTED]`; cannot be serialised.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// Wraps a secret.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Secret {
        Secret(value.into())
    }

    /// The secret itself, for the place that must send it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Secret {
        Secret(value)
    }
}

impl From<&str> for Secret {
    fn from(value: &str) -> Secret {
        Secret(value.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(REDACTED)
    }
}

/// A URI for people: without user, password, query and fragment.
#[must_use]
pub fn uri(uri: &Uri) -> String {
    let path = uri.path();
    match (uri.scheme_str(), uri.authority()) {
        (Some(scheme), Some(authority)) => {
            let host = authority.as_str().rsplit('@').next().unwrap_or_default();
            format!("{scheme}://{host}{path}")
        }
        _ => path.to_owned(),
    }
}

/// [`uri`] for text that may be no URI at all.
#[must_use]
pub fn url(text: &str) -> String {
    match text.parse() {
        Ok(parsed) => uri(&parsed),
        Err(_) => "[unreadable URL]".to_owned(),
    }
}

/// Whether the values of this header are secrets.
#[must_use]
pub fn is_secret_header(name: &HeaderName) -> bool {
    SECRET_HEADERS.contains(name) || SECRET_WORDS.iter().any(|word| name.as_str().contains(word))
}

/// Headers for people: names and values in order, secrets replaced.
#[must_use]
pub fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = |(name, value): (&HeaderName, &::http::HeaderValue)| {
        let value = if is_secret_header(name) || value.is_sensitive() {
            REDACTED.to_owned()
        } else {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        (name.as_str().to_owned(), value)
    };
    headers.iter().map(shown).collect()
}

#[cfg(test)]
mod tests;
