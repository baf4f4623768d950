//! The body of a 207 (RFC 4918 section 13, RFC 6578 section 6.4).
//!
//! Responses are written as they come, so that a listing of a whole collection is in memory once.

use http::StatusCode;

use super::names::dav;
use super::response::Response;
use super::tree::Element;
use super::write::Writer;

/// A `DAV:multistatus` that grows.
#[derive(Clone, Debug)]
pub struct Multistatus {
    writer: Writer,
    description: Option<String>,
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
    pub fn new() -> Self {
        let writer = Writer::new(&dav::MULTISTATUS);
        Self { writer, description: None, sync_token: None }
    }

    /// Adds a response.
    pub fn respond(&mut self, response: &Response<'_>) {
        response.write(&mut self.writer);
    }

    /// The same, and how it reads: in every multistatus alike.
    pub fn written(&mut self, response: &Response<'_>) -> &str {
        let from = self.writer.ready();
        response.write(&mut self.writer);
        self.writer.since(from)
    }

    /// Adds a response that was [written](Self::written) before.
    pub fn respond_again(&mut self, text: &str) {
        self.writer.ready();
        self.writer.again(text);
    }

    /// Adds what says that the result is cut off: 507 for the request's own URL, with
    /// `DAV:number-of-matches-within-limits` (RFC 6578 section 3.6, RFC 6352 section 8.6.2).
    pub fn truncated(&mut self, request_href: &str) {
        let condition = Element::new(dav::NUMBER_OF_MATCHES_WITHIN_LIMITS);
        let status = StatusCode::INSUFFICIENT_STORAGE;
        self.respond(&Response::status(request_href, status).with_error(condition));
    }

    /// A text for people about the whole.
    pub fn describe(&mut self, description: impl Into<String>) {
        self.description = Some(description.into());
    }

    /// The token of the state that this answer leads to; it stands behind everything else.
    pub fn sync_token(&mut self, token: impl Into<String>) {
        self.sync_token = Some(token.into());
    }

    /// How long the document is so far, in bytes: a server that limits its answers looks here.
    #[must_use]
    pub fn written_bytes(&self) -> usize {
        self.writer.written_bytes()
    }

    /// The document.
    #[must_use]
    pub fn finish(mut self) -> String {
        if let Some(description) = &self.description {
            self.writer.leaf(&dav::RESPONSEDESCRIPTION, description);
        }
        if let Some(token) = &self.sync_token {
            self.writer.leaf(&dav::SYNC_TOKEN, token);
        }
        self.writer.finish()
    }
}
