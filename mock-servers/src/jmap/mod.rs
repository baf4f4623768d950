//! The mock JMAP server: RFC 8620, draft-ietf-jmap-calendars-27 with the names of jscalendarbis-15
//! (those of RFC 8984 are a trait of a profile), and RFC 9610 with cards of RFC 9553.
//!
//! Not served: `Principal/*`, `CalendarEvent/parse`, alerts as push events, encrypted pushes. Users
//! see each other's accounts only where the profile says so.
//!
//! A file a verb. Objects are kept as the client sent them; what the server sets or computes is
//! added when they are read.

mod arguments;
mod blob;
mod blob_copy;
mod calendar;
mod changes;
mod check;
mod color;
mod contacts;
mod container;
mod container_get;
mod container_set;
mod copy;
mod dialect;
mod dispatch;
mod edit;
mod errors;
mod event;
mod event_copy;
mod event_create;
mod event_destroy;
mod event_get;
mod event_query;
mod event_set;
mod event_update;
mod exchange;
mod expansion;
mod facts;
mod filter;
mod identities;
mod json;
mod kept;
mod methods;
mod names;
mod notifications;
mod operations;
mod overrides;
mod patch;
mod privacy;
mod push;
mod query;
mod receive;
mod references;
mod request;
mod rule;
mod schedule;
mod session;
mod set;
mod shapes;
mod source;
#[cfg(test)]
mod tests;
mod times;
mod validate;

pub(crate) use dialect::Jmap;
pub(crate) use push::{Pushes, Watch};
