//! Delta queries: what changed since a token, in pages.
//!
//! `calendarView/delta` is bound to a window: what changed and does not stand in the window is told
//! as removed, whether it was deleted, moved away, or never was in it. `events/delta` has no window
//! and tells of ids only.

mod feed;
mod serve;
mod token;

pub(super) use serve::{of_events, of_view};
