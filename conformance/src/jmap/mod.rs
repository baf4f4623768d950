//! The checks of JMAP servers: the core (RFC 8620), with a data type that the server has, then
//! calendars (draft-ietf-jmap-calendars-27) and contacts (RFC 9610) where they are there.

mod api;
mod contacts;
mod context;
mod events;
mod feeds;
mod guard;
mod methods;
mod queries;
mod samples;
mod session;
mod sets;

pub(crate) use context::Jmap;

use crate::check::Check;

/// Every check, in the order in which they are run.
pub(crate) fn checks() -> Vec<Check<Jmap>> {
    let mut checks = session::checks();
    checks.extend(api::checks());
    checks.extend(methods::checks());
    checks.extend(sets::checks());
    checks.extend(feeds::checks());
    checks.extend(queries::checks());
    checks.extend(events::checks());
    checks.extend(contacts::checks());
    checks
}
