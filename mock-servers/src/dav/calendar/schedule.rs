//! Implicit scheduling (RFC 6638): who organizes an object and who attends, who has to be told of a
//! change, and the iTIP message (RFC 5546) that tells it.
//!
//! Nothing here sends or stores: a server asks for the messages of a change, delivers them as it is
//! set up to, and stores the body that [`stored`] gives.

mod allowed;
mod attendee;
mod cancel;
mod message;
mod organizer;
mod own;
mod page;
mod people;
mod reschedule;
mod stored;
mod tag;
mod version;
mod view;

pub(crate) use allowed::attendee_may;
pub(crate) use attendee::reply;
pub(crate) use message::{Message, Method, Sender};
pub(crate) use organizer::{TooMuch, call_off, invite, messages};
pub(crate) use own::with_own;
#[cfg(test)]
pub(crate) use people::Force;
pub(crate) use people::{Agent, Role, attendees, crowd, organizer, role};
#[cfg(test)]
pub(crate) use reschedule::rescheduled;
pub(crate) use stored::{asked_again, counted, merged, stored};
pub(crate) use tag::{Author, tag_changes};
