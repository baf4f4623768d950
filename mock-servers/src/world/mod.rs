//! World data: events read from iCalendar files, written as iCalendar, JSCalendar or Microsoft Graph
//! resources, and multiplied to size.
//!
//! The reader and the writers are the mock servers' own and share no code with the engine's, so
//! that one bug cannot hide in both. Nothing here knows of servers, accounts or the network.

mod calendars;
pub mod contacts;
mod error;
mod event;
mod graph;
mod icalendar;
mod jscalendar;
pub(crate) mod lines;
mod multiply;
mod occurrences;
pub(crate) mod properties;
pub(crate) mod reader;
mod rule;
mod when;
mod windows_zones;

pub use calendars::{calendars, embedded_events};
pub use error::{Read, Skipped, Unreadable, Unwritable};
pub use event::{
    Alarm, AlarmAction, Attachment, Attendee, AttendeeStatus, Class, Conference, Exception, Extra,
    Geo, Organizer, RecurrenceDate, Relation, SourceEvent, Status, Trigger,
};
pub use graph::{GraphEvent, graph};
pub use icalendar::icalendar;
pub(crate) use icalendar::written as written_icalendar;
pub use jscalendar::jscalendar;
pub use multiply::multiply;
pub use reader::read;
pub(crate) use rule::parse as parse_rule;
pub use rule::{Frequency, Month, NthDay, Rule, Skip, Until};
pub use when::{Span, UnknownZone, When, Zone};
