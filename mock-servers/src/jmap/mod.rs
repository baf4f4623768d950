//! The mock JMAP server: RFC 8620 and draft-ietf-jmap-calendars-27, with the names of
//! jscalendarbis-15 (those of RFC 8984 are refused).
//!
//! Not served: `Principal/*`, `CalendarEventNotification/*`, `CalendarEvent/copy` and `/parse`,
//! changes of identities, blobs, push. Every other client of the account is the same user.
//!
//! A file a verb. Objects are kept as the client sent them; what the server sets or computes is
//! added when they are read.

mod arguments;
mod calendar;
mod calendar_changes;
mod calendar_get;
mod calendar_set;
mod changes;
mod dialect;
mod dispatch;
mod edit;
mod errors;
mod event;
mod event_changes;
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
mod identity_get;
mod operations;
mod overrides;
mod patch;
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
