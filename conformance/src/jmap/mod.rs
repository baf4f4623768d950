//! The checks of JMAP servers: the core (RFC 8620), with a data type that the server has. Nothing is
//! written.

mod api;
mod context;
mod guard;
mod methods;
mod session;

pub(crate) use context::Jmap;

use crate::check::Check;

/// Every check, in the order in which they are run.
pub(crate) fn checks() -> Vec<Check<Jmap>> {
    let mut checks = session::checks();
    checks.extend(api::checks());
    checks.extend(methods::checks());
    checks
}
