//! vCard text taken apart and put together again (RFC 6350, section 3; RFC 2426, section 2).
//!
//! The line level is the one of the calendars; what differs is here: groups before names, repeated
//! parameters, structured values, and where in the file each property stands, so that everything
//! that nobody touched can be kept octet for octet.

mod card;
mod property;
#[cfg(test)]
mod tests;
mod value;
mod write;

pub use card::{Card, Version, cards};
pub use property::{Fault, Params, Place, Property};
pub use value::{components, escape, list, unescape};
pub use write::{content_line, fold};
