//! What any protocol can say of an event, in one normal form, so that a JMAP and a Graph server can
//! be compared: the harness's own judgement, made by the mocks' own readers.

mod form;
mod rule;
#[cfg(test)]
mod tests;
mod text;

pub use form::Facts;
pub(crate) use form::{exception, local_of, place, point};
pub(crate) use rule::{rule_text, settle_skip};
pub(crate) use text::{plain_text, squash};
