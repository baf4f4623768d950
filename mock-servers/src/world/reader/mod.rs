//! An iCalendar reader of our own: components to events (RFC 5545, with 6868, 7529, 7986, 9073 and
//! 9074 as far as an event can say it).
//!
//! It is tolerant: what is broken is passed over and reported with its line, the rest is read. It
//! never panics and everything that it loops over or keeps is bounded. What it normalises:
//!
//! - Every zone becomes one of the IANA database; see `zones`.
//! - Exceptions are joined with their series wherever they stand in the file, and their original
//!   start, `EXDATE` and `RDATE` are stated in the zone of the series. An exception with
//!   `STATUS:CANCELLED` becomes an excluded date. One whose series is not in the file becomes an
//!   event of its own; its `RECURRENCE-ID` stays in [`extra`](super::SourceEvent::extra).
//! - `RANGE=THISANDFUTURE` splits the series in two, as JSCalendar (jscalendarbis-15, `relatedTo`)
//!   recommends; see `split`.
//! - `X-MICROSOFT-CDO-ALLDAYEVENT:TRUE` from midnight to midnight is an all-day event.
//!
//! Not read: `VTODO`, `VJOURNAL` and `VFREEBUSY` (reported as passed over), alarm repetition.

mod alarms;
pub(crate) mod component;
mod event;
mod people;
mod read;
mod series;
mod split;
mod texts;
mod times;
pub(crate) mod values;
pub(crate) mod vtimezone;
pub(crate) mod zones;

pub use read::read;
pub(super) use values::{parse_date, parse_date_time};

#[cfg(test)]
mod tests;
