//! Contacts: RFC 9610 with cards of RFC 9553. A file a verb, as in the rest of the protocol.

mod address_book;
mod card;
mod copy;
mod filter;
mod get;
mod media;
mod query;
mod set;
mod shapes;
mod validate;

pub(super) use address_book::ADDRESS_BOOK;
pub(super) use card::{brief, is_card, new_item, title};
pub(super) use copy::run as copy;
pub(super) use get::run as get;
pub(super) use media::{Pictures, octets_in};
pub(super) use query::{run as query, run_changes as query_changes};
pub(super) use set::run as set;
