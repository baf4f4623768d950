//! iCalendar resources as a CalDAV server sees them (RFC 4791, RFC 6638).
//!
//! A stored body stays byte for byte what the client sent. What is here reads it, judges it,
//! answers queries over it, and rewrites single lines of it where a server or a user has to.
//! Nothing here panics whatever a client stored, and every expansion is bounded.
//!
//! - [`CalendarObject`] is a body that RFC 4791 section 5.3.2.1 lets into a calendar.
//! - [`filter`] answers the filters of section 9.7, [`expand`], [`limit`] and [`select`] make the
//!   body that a report returns, [`freebusy`] the answer of section 7.10.
//! - [`edit`] and [`acts`] change a body and leave alone what they do not mean.
//! - [`schedule`] knows who has to be told of a change, and writes the message.

pub mod acts;
pub mod edit;
pub mod expand;
pub mod filter;
mod fold;
pub mod freebusy;
mod instances;
pub mod limit;
mod object;
pub mod schedule;
pub mod select;
mod series;
mod stamp;
mod starts;
mod times;
mod tree;
mod validate;
mod zones;

pub use instances::{Clock, End, Instance, TooMany, Window, instances, visit};
pub use object::{Breach, CalendarObject, Invalid, Kind};
pub use stamp::Stamp;
pub use tree::{Broken, Component, Property, calendars};
pub use zones::Zone;

#[cfg(test)]
mod tests;
