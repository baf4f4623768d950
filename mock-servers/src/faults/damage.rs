//! What faults do to an answer when the protocol has made it: the same for every protocol.

use http::header;

use super::asker::Asker;
use super::effect::{ErrorEffect, PatchEffect, Sequence, TokenEffect};
use super::patch::set_header;
use super::rows;
use super::tokens;
use crate::native::Reply;
use crate::server::Protocol;

/// One damage that is still to be done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Damage {
    /// Headers of an error.
    Headers(ErrorEffect),
    /// Status, headers, entity tags and texts.
    Patch(PatchEffect),
    /// Rows of the page that the nth call of the request is answered with.
    Rows(usize, Sequence),
    /// The parts of an envelope.
    Parts(Sequence),
    /// The token of that page.
    Token(usize, TokenEffect),
}

impl Damage {
    /// Whether it is about the page that the nth call is answered with.
    pub(crate) fn is_of_page(&self, call: usize) -> bool {
        matches!(self, Self::Rows(nth, _) | Self::Token(nth, _) if *nth == call)
    }

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
            Self::Rows(nth, sequence) => {
                rows::apply(protocol, *nth, reply.body(), &mut |rows| sequence.apply(rows, seed))
            }
            Self::Parts(sequence) => rows::apply_to_parts(protocol, reply.body(), &mut |parts| {
                sequence.apply(parts, seed)
            }),
            Self::Token(nth, effect) => tokens::apply(protocol, *effect, *nth, reply.body(), asker),
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
