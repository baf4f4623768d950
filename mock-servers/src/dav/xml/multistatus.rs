//! The body of a 207 (RFC 4918 section 13, RFC 6578 section 6.4).
//!
//! Responses are written as they come, so that a listing of a whole collection is in memory once.

use http::StatusCode;

use super::names::dav;
use super::refusal::Refusal;
use super::response::Response;
use super::tree::Element;
use super::write::Writer;

/// How long an answer may be, in bytes.
const ANSWER_OCTETS_MAX: usize = 256 << 20;

/// How much is said of each resource.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Detail {
    /// All that was asked for.
    #[default]
    Full,
    /// Nothing of properties that it has not (RFC 8144 section 2.1).
    Minimal,
}

/// A `DAV:multistatus` that grows.
#[derive(Clone, Debug)]
pub(crate) struct Multistatus {
    writer: Writer,
    detail: Detail,
    sync_token: Option<String>,
}

impl Default for Multistatus {
    fn default() -> Self {
        Self::new()
    }
}

impl Multistatus {
    /// An empty one: a valid answer when nothing matches.
    #[must_use]
    pub(crate) fn new() -> Self {
        Self::of(Detail::Full)
    }

    /// An empty one of responses that say so much.
    #[must_use]
    pub(crate) fn of(detail: Detail) -> Self {
        let writer = Writer::new(&dav::MULTISTATUS);
        Self { writer, detail, sync_token: None }
    }

    /// Adds a response.
    pub(crate) fn respond(&mut self, response: &Response<'_>) {
        response.write(&mut self.writer, self.detail);
    }

    /// The same, and how it reads: in every multistatus alike that says so much.
    pub(crate) fn written(&mut self, response: &Response<'_>) -> &str {
        let from = self.writer.ready();
        response.write(&mut self.writer, self.detail);
        self.writer.since(from)
    }

    /// Adds a response that was [written](Self::written) before.
    pub(crate) fn respond_again(&mut self, text: &str) {
        self.writer.ready();
        self.writer.again(text);
    }

    /// Adds what says that the result is cut off: 507 for the request's own URL, with
    /// `DAV:number-of-matches-within-limits` (RFC 6578 section 3.6, RFC 6352 section 8.6.2).
    pub(crate) fn truncated(&mut self, request_href: &str) {
        let condition = Element::new(dav::NUMBER_OF_MATCHES_WITHIN_LIMITS);
        let status = StatusCode::INSUFFICIENT_STORAGE;
        self.respond(&Response::status(request_href, status).with_error(condition));
    }

    /// The token of the state that this answer leads to; it stands behind everything else.
    pub(crate) fn sync_token(&mut self, token: impl Into<String>) {
        self.sync_token = Some(token.into());
    }

    /// Whether the document is still of a size that a server sends: whoever asks for the same body a
    /// hundred thousand times is refused.
    ///
    /// # Errors
    /// 507 with `DAV:number-of-matches-within-limits` (RFC 4791 section 7.8).
    pub(crate) fn check_size(&self) -> Result<(), Refusal> {
        if self.writer.written_bytes() <= ANSWER_OCTETS_MAX {
            return Ok(());
        }
        let condition = Element::new(dav::NUMBER_OF_MATCHES_WITHIN_LIMITS);
        Err(Refusal::with(StatusCode::INSUFFICIENT_STORAGE, condition))
    }

    /// The document.
    #[must_use]
    pub(crate) fn finish(mut self) -> String {
        if let Some(token) = &self.sync_token {
            self.writer.leaf(&dav::SYNC_TOKEN, token);
        }
        self.writer.finish()
    }
}
