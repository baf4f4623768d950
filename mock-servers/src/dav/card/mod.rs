//! Address object resources (RFC 6352): what a CardDAV server must know of the cards that its
//! clients store. Bodies stay octet for octet what the client sent.

pub(crate) mod convert;
pub(crate) mod edit;
pub(crate) mod filter;
pub(crate) mod object;
pub(crate) mod repair;
pub(crate) mod select;

#[cfg(test)]
mod tests;
