//! LOCK and UNLOCK (RFC 4918 sections 6, 7, 9.10 and 9.11) on collections and on what is in them.
//!
//! What does not exist cannot be locked: a locked empty resource (section 7.3) would be neither a
//! calendar object nor a card.

mod answer;
mod condition;
mod guard;
mod property;
mod table;
#[cfg(test)]
mod tests;

pub(super) use answer::{lock, unlock};
pub(super) use condition::holds;
pub(super) use guard::{forget, permit};
pub(super) use property::value;
pub(crate) use table::Locks;
