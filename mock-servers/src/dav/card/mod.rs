//! Address object resources (RFC 6352): what a CardDAV server must know of the cards that its
//! clients store. Bodies stay octet for octet what the client sent.

pub mod convert;
pub mod edit;
pub mod filter;
pub mod object;
pub mod repair;
pub mod select;

#[cfg(test)]
mod tests;
