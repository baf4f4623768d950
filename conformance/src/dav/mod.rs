//! The checks of CalDAV and CardDAV servers.

mod calendar_data;
mod changes;
mod collection;
mod conditions;
mod contacts;
mod context;
mod copies;
mod discovery;
mod filters;
mod freebusy;
mod guard;
mod href;
mod makes;
mod multiget;
mod multistatus;
mod names;
mod objects;
mod places;
mod preconditions;
mod principals;
mod properties;
mod proppatch;
mod ranges;
mod reports;
mod samples;
mod scheduling;
mod select;
mod sync;

pub(crate) use context::{Dav, Kind};

use crate::check::Check;

/// Every check of a kind of server, in the order in which they are run.
pub(crate) fn checks(kind: Kind) -> Vec<Check<Dav>> {
    let mut checks = discovery::checks(kind);
    checks.extend(makes::checks(kind));
    checks.extend(collection::checks(kind));
    checks.extend(properties::checks());
    checks.extend(proppatch::checks());
    checks.extend(objects::checks(kind));
    checks.extend(conditions::checks());
    checks.extend(names::checks());
    checks.extend(copies::checks());
    checks.extend(preconditions::checks(kind));
    checks.extend(reports::checks(kind));
    match kind {
        Kind::Calendar => {
            checks.extend(filters::checks());
            checks.extend(ranges::checks());
            checks.extend(calendar_data::checks());
            checks.extend(freebusy::checks());
        }
        Kind::Contacts => checks.extend(contacts::checks()),
    }
    checks.extend(multiget::checks(kind));
    checks.extend(sync::checks());
    checks.extend(changes::checks());
    checks.extend(principals::checks());
    if kind == Kind::Calendar {
        checks.extend(scheduling::checks());
    }
    if kind == Kind::Contacts {
        checks.iter_mut().for_each(|check| check.source = carddav(check.source));
    }
    checks
}

/// Where CardDAV asks for what CalDAV asks for too.
fn carddav(source: &'static str) -> &'static str {
    match source {
        "RFC 4791 4.1" => "RFC 6352 5.1",
        "RFC 4791 5.2.5" => "RFC 6352 6.2.3",
        "RFC 4791 5.3.2" => "RFC 6352 6.3.2",
        "RFC 4791 5.3.3" => "RFC 6352 6.3.2.2",
        "RFC 4791 5.3.4" => "RFC 6352 6.3.2.3",
        "RFC 5545 3.1" => "RFC 6350 3.2",
        other => other,
    }
}
