//! JMAP: RFC 8620 and draft-ietf-jmap-calendars-27, with the names of
//! draft-ietf-calext-jscalendarbis.
//!
//! Wire types stay in here. What the rest of the engine sees is [`Jmap`].

mod adapter;
mod answers;
mod body;
mod call;
mod changes;
mod containers;
mod fetch;
mod listing;
mod observe;
mod prepare;
mod session;
mod set;

#[cfg(test)]
mod tests;

pub use adapter::{Config, Jmap};
