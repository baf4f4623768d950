//! What faults do to an answer when the protocol has made it: the same for every protocol.

use http::header;

use super::asker::Asker;
use super::effect::{ErrorEffect, PatchEffect, Sequence, TokenEffect};
use super::patch::set_header;
use super::rows::{self, Page};
use super::tokens;
use crate::native::Reply;
use crate::operation::Op;
use crate::server::Protocol;

/// One damage that is still to be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Damage {
    /// Headers of an error.
    Headers(ErrorEffect),
    /// Status, headers, entity tags and texts.
    Patch(PatchEffect),
    /// Rows of the page that is the nth of its operation.
    Rows(Op, usize, Sequence),
    /// The parts of an envelope.
    Parts(Sequence),
    /// The token of that page.
    Token(Op, usize, TokenEffect),
}

impl Damage {
    /// Does it.
    pub(crate) fn apply(
        &self,
        reply: &mut Reply,
        protocol: Protocol,
        asker: Option<&Asker>,
        seed: u64,
    ) {
        let body = match self {
            Self::Headers(error) => {
                error.sign(reply);
                None
            }
            Self::Patch(patch) => {
                patch.apply_to_answer(reply);
                None
            }
            Self::Rows(op, nth, sequence) => {
                let page = Page { op: *op, nth: *nth };
                rows::apply(protocol, page, reply.body(), &mut |rows| sequence.apply(rows, seed))
            }
            Self::Parts(sequence) => rows::apply_to_parts(protocol, reply.body(), &mut |parts| {
                sequence.apply(parts, seed)
            }),
            Self::Token(op, nth, effect) => {
                let page = Page { op: *op, nth: *nth };
                tokens::apply(protocol, *effect, page, reply.body(), asker)
            }
        };
        if let Some(body) = body {
            *reply.body_mut() = body.into();
        }
    }
}

impl ErrorEffect {
    /// Whether it says anything in headers.
    pub(crate) fn has_headers(&self) -> bool {
        self.retry_after_s.is_some() || !self.headers.is_empty()
    }

    /// Puts its headers on the answer that carries it.
    pub(crate) fn sign(&self, reply: &mut Reply) {
        if let Some(seconds) = self.retry_after_s {
            set_header(reply.headers_mut(), header::RETRY_AFTER.as_str(), &seconds.to_string());
        }
        for (name, value) in &self.headers {
            set_header(reply.headers_mut(), name, value);
        }
    }
}
