//! Delta queries: what changed since a token, in pages.
//!
//! `calendarView/delta` is bound to a window: what changed and does not stand in the window is told
//! as removed, whether it was deleted, moved away, or never was in it. `events/delta` has no window
//! and tells of ids only. Contacts are tracked in one folder, their folders in the whole mailbox;
//! both keep the `$select` of the first request.

mod contacts;
mod feed;
mod folders;
mod serve;
mod token;

pub(super) use contacts::of_contacts;
pub(super) use folders::of_folders;
pub(super) use serve::{of_events, of_view};
