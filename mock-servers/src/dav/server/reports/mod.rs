//! REPORT (RFC 3253 section 3.6), one report a file.

mod dispatch;
mod expand_property;
mod free_busy;
mod multiget;
mod principals;
mod query;
mod sync;

pub(super) use dispatch::report;
pub(super) use free_busy::busy;
pub(super) use sync::sync_token;
