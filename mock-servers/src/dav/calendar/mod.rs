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

pub(crate) mod acts;
pub(crate) mod edit;
pub(crate) mod expand;
pub(crate) mod filter;
mod fold;
pub(crate) mod freebusy;
mod instances;
pub(crate) mod limit;
mod object;
mod overrides;
pub(crate) mod schedule;
pub(crate) mod select;
mod series;
mod sound;
mod stamp;
mod starts;
mod times;
mod tree;
mod validate;
mod zones;

#[cfg(test)]
pub(crate) use instances::{TooMany, Window, instances};
#[cfg(test)]
pub(crate) use object::{Breach, Kind};
pub(crate) use object::{CalendarObject, Invalid};
pub(crate) use overrides::Overrides;
pub(crate) use sound::sound;
pub(crate) use stamp::Stamp;
#[cfg(test)]
pub(crate) use tree::Property;
pub(crate) use tree::{Component, calendars};
pub(crate) use zones::Zone;

#[cfg(test)]
mod tests;
