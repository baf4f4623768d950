//! What an event says, whichever provider says it: one canonical form, its hash, the three-way
//! merge and the two identities that are not a UID.
//!
//! Everything here is pure. Protocols do not appear: an adapter converts to and from [`Event`].

mod canonical;
mod defaults;
mod event;
mod identity;
mod inexpressible;
mod merge;
mod occurrences;
mod overrides;
mod rekey;
mod rule;
mod time;

#[cfg(test)]
pub(crate) mod generate;
#[cfg(test)]
mod tests;

pub use event::{Event, Malformed};
pub use identity::{identity_fallback, unwrap_goid};
pub use inexpressible::Inexpressible;
pub use merge::{Merged, Sides, merge};

pub(crate) use occurrences::{Membership, membership};
pub(crate) use time::{Length, local, local_text, zone};
