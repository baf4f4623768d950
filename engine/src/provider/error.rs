//! What can go wrong between the engine and a provider.

use std::fmt;

use jiff::Timestamp;
use thiserror::Error;

/// A provider could not be asked, or its answer cannot be used.
#[derive(Debug, Error)]
pub enum Error {
    /// No answer arrived: refused, reset, cut, timed out.
    #[error("{provider}: {what} got no answer")]
    Transport {
        /// The provider's short name.
        provider: String,
        /// What was asked, in the words of the fault model.
        what: String,
        /// Why.
        #[source]
        source: calamity_base::http::Error,
    },
    /// An HTTP status that is not a success.
    #[error("{provider}: {what}: HTTP {status} {code} — {message}")]
    Status {
        /// The provider's short name.
        provider: String,
        /// What was asked.
        what: String,
        /// The status.
        status: u16,
        /// The protocol's code, or empty.
        code: String,
        /// The server's text, or empty.
        message: String,
        /// When it may be asked again, where the answer said so.
        retry_at: Option<Timestamp>,
    },
    /// A method of a JMAP request answered with an error (RFC 8620 section 3.6.2).
    #[error("{provider}: {what}: {kind} — {description}")]
    Method {
        /// The provider's short name.
        provider: String,
        /// What was asked.
        what: String,
        /// The error's type.
        kind: String,
        /// The server's text, or empty.
        description: String,
    },
    /// The answer breaks its protocol, or contradicts itself.
    #[error("{provider}: {what}: {problem}")]
    Malformed {
        /// The provider's short name.
        provider: String,
        /// What was asked.
        what: String,
        /// What is wrong with the answer.
        problem: String,
    },
    /// The answer is not everything: a short page, fewer items than announced.
    #[error("{provider}: {what} is incomplete: {problem}")]
    Incomplete {
        /// The provider's short name.
        provider: String,
        /// What was asked.
        what: String,
        /// What shows it.
        problem: String,
    },
}

/// A write that the provider refused, by its own part of the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// What was asked: `JMAP create calendar event`, `Graph delete event`.
    pub what: String,
    /// The protocol's code: `invalidProperties`, `HTTP 412 ErrorIrresolvableConflict`.
    pub kind: String,
    /// The server's text, or empty.
    pub description: String,
    /// Properties that the server named.
    pub properties: Vec<String>,
    /// What the engine may do about it.
    pub meaning: Meaning,
}

/// What a refusal means for the engine, whatever the protocol calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// The content, the account or the server says no.
    No,
    /// The item is not there.
    NotFound,
    /// The item was changed since it was read.
    Conflict,
    /// A create met an item of the same identity or number: look it up.
    Exists,
    /// Not now.
    Busy {
        /// When it may be asked again, where the answer said so.
        retry_at: Option<Timestamp>,
    },
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} failed: {} — {}", self.what, self.kind, self.description)?;
        if !self.properties.is_empty() {
            let quoted: Vec<String> =
                self.properties.iter().map(|name| format!("'{name}'")).collect();
            write!(f, " (properties: [{}])", quoted.join(", "))?;
        }
        Ok(())
    }
}
