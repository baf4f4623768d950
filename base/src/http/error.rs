//! What goes wrong with a request.

use std::{io, time::Duration};

use ::http::{Method, Uri};

use super::client::BEFORE_SEND;
use crate::{net::DialError, points::PointError, redact};

const RESET: io::ErrorKind = io::ErrorKind::ConnectionReset;

/// Why a request got no answer. Every variant names method and URI, the latter without user,
/// password, query and fragment.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There was no connection; the request was not sent.
    #[error("{method} {uri}: {source}")]
    Dial {
        /// The request's method.
        method: Method,
        /// The request's URI, redacted.
        uri: String,
        /// Why not.
        #[source]
        source: DialError,
    },
    /// The connection failed before the answer's head was there.
    #[error("{method} {uri}: the connection was reset")]
    Reset {
        /// The request's method.
        method: Method,
        /// The request's URI, redacted.
        uri: String,
    },
    /// The stream ended before the answer did.
    #[error("{method} {uri}: the connection closed before the answer was complete")]
    Truncated {
        /// The request's method.
        method: Method,
        /// The request's URI, redacted.
        uri: String,
    },
    /// The answer was not complete within the transport deadline.
    #[error("{method} {uri}: no complete answer within {after_ms} ms")]
    Timeout {
        /// The request's method.
        method: Method,
        /// The request's URI, redacted.
        uri: String,
        /// The deadline, in milliseconds.
        after_ms: u64,
    },
    /// The answer's body is larger than the client takes.
    #[error("{method} {uri}: the answer is larger than {max_bytes} bytes")]
    TooLarge {
        /// The request's method.
        method: Method,
        /// The request's URI, redacted.
        uri: String,
        /// The bound.
        max_bytes: usize,
    },
    /// What came back is no HTTP, or the request was none.
    #[error("{method} {uri}: not HTTP: {message}")]
    Protocol {
        /// The request's method.
        method: Method,
        /// The request's URI, redacted.
        uri: String,
        /// What hyper said.
        message: String,
    },
    /// A scenario put an error here.
    #[error("{method} {uri}: {source}")]
    Injected {
        /// The request's method.
        method: Method,
        /// The request's URI, redacted.
        uri: String,
        /// What the scenario put.
        #[source]
        source: PointError,
    },
}

impl Error {
    /// Whether the server may have carried the request out. False only when it surely was not sent.
    #[must_use]
    pub fn is_in_doubt(&self) -> bool {
        match self {
            Error::Dial { .. } => false,
            Error::Injected { source, .. } => source.place.site != BEFORE_SEND,
            Error::Reset { .. }
            | Error::Truncated { .. }
            | Error::Timeout { .. }
            | Error::TooLarge { .. }
            | Error::Protocol { .. } => true,
        }
    }
}

/// What was waited for when an error came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// The head of the answer.
    Head,
    /// The rest of it.
    Body,
}

/// The request that an error is about.
#[derive(Clone, Debug)]
pub(super) struct About {
    method: Method,
    uri: String,
}

impl About {
    pub(super) fn new(method: &Method, uri: &Uri) -> About {
        About { method: method.clone(), uri: redact::uri(uri) }
    }

    pub(super) fn injected(self, source: PointError) -> Error {
        Error::Injected { method: self.method, uri: self.uri, source }
    }

    pub(super) fn timeout(self, after: Duration) -> Error {
        let after_ms = u64::try_from(after.as_millis()).unwrap_or(u64::MAX);
        Error::Timeout { method: self.method, uri: self.uri, after_ms }
    }

    pub(super) fn too_large(self, max_bytes: usize) -> Error {
        Error::TooLarge { method: self.method, uri: self.uri, max_bytes }
    }

    pub(super) fn protocol(self, message: impl Into<String>) -> Error {
        Error::Protocol { method: self.method, uri: self.uri, message: message.into() }
    }

    /// Finds in hyper's chain of errors what happened to the connection.
    pub(super) fn classify(self, error: &(dyn std::error::Error + 'static), stage: Stage) -> Error {
        let About { method, uri } = self;
        let mut message = error.to_string();
        let mut link = Some(error);
        while let Some(error) = link {
            if let Some(source) = error.downcast_ref::<DialError>() {
                return Error::Dial { method, uri, source: *source };
            }
            if let Some(error) = error.downcast_ref::<io::Error>() {
                match error.kind() {
                    io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
                    | io::ErrorKind::NotConnected => return Error::Reset { method, uri },
                    io::ErrorKind::UnexpectedEof => return Error::Truncated { method, uri },
                    _ => {}
                }
            }
            if let Some(error) = error.downcast_ref::<h2::Error>() {
                // HTTP/2 reports the end of the connection in the same way as that of a stream.
                let reset = error.get_io().is_some_and(|error| error.kind() == RESET);
                if error.is_io() || error.is_reset() && error.is_remote() || error.is_go_away() {
                    return match stage {
                        Stage::Body if !reset => Error::Truncated { method, uri },
                        Stage::Body | Stage::Head => Error::Reset { method, uri },
                    };
                }
            }
            if let Some(error) = error.downcast_ref::<hyper::Error>() {
                if error.is_incomplete_message() {
                    return Error::Truncated { method, uri };
                }
                // The connection ended while the request waited for its turn on it.
                if error.is_canceled() || error.is_closed() {
                    return Error::Reset { method, uri };
                }
            }
            message = error.to_string();
            link = error.source();
        }
        Error::Protocol { method, uri, message }
    }
}
