//! The checks of Microsoft Graph v1.0 servers: calendars, events, their feeds, and contacts. The
//! sources are pages of the Graph documentation, by their names below `api-reference/v1.0`.

mod batch;
mod calendars;
mod contacts;
mod context;
mod delta;
mod errors;
mod events;
mod extended;
mod guard;
mod lists;
mod series;
mod times;

pub(crate) use context::Graph;

use crate::check::Check;

/// Every check, in the order in which they are run.
pub(crate) fn checks() -> Vec<Check<Graph>> {
    let mut checks = errors::checks();
    checks.extend(calendars::checks());
    checks.extend(events::checks());
    checks.extend(times::checks());
    checks.extend(lists::checks());
    checks.extend(series::checks());
    checks.extend(extended::checks());
    checks.extend(delta::checks());
    checks.extend(batch::checks());
    checks.extend(contacts::checks());
    checks
}
