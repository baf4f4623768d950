//! Implicit scheduling (RFC 6638): who organizes an object and who attends, who has to be told of a
//! change, and the iTIP message (RFC 5546) that tells it.
//!
//! Nothing here sends or stores: a server asks for the messages of a change, delivers them as it is
//! set up to, and stores the body that [`stored`] gives.

mod allowed;
mod attendee;
mod message;
mod organizer;
mod people;
mod reschedule;
mod stored;
mod tag;
mod view;

pub use allowed::attendee_may;
pub use attendee::reply;
pub use message::{Message, Method, Sender};
pub use organizer::{call_off, invite, messages};
pub use people::{Agent, Force, Person, Role, SeveralOrganizers, attendees, organizer, role};
pub use reschedule::rescheduled;
pub use stored::{asked_again, merged, stored};
pub use tag::{Author, tag_changes};
