//! Checks of the properties that a collection of the kind has.

use super::context::{Dav, Kind};
use super::makes::component_names;
use crate::check::{Check, Stop, Verdict, expect, fail, not_applicable, row};
use crate::xml::{CALDAV, CARDDAV, DAV, Element, Name};

pub(super) fn checks(kind: Kind) -> Vec<Check<Dav>> {
    let mut checks = match kind {
        Kind::Calendar => vec![
            row! {
                Must, "collection.reports", "a calendar announces the reports of CalDAV",
                "RFC 4791 7", reports
            },
            row! {
                May, "collection.components", "a calendar says which components it takes",
                "RFC 4791 5.2.3", components
            },
            row! {
                Must, "collection.collations",
                "a calendar names both collations that it has to know", "RFC 4791 7.5.1",
                collations
            },
            row! {
                Must, "collection.max-size", "the largest object is a number of bytes",
                "RFC 4791 5.2.5", max_size
            },
        ],
        Kind::Contacts => vec![
            row! {
                Must, "collection.reports", "an address book announces the reports of CardDAV",
                "RFC 6352 3", reports
            },
            row! {
                Must, "collection.collations",
                "an address book names the collations that it has to know", "RFC 6352 8.3.1",
                collations
            },
            row! {
                May, "collection.versions",
                "an address book says which versions of vCard it takes", "RFC 6352 6.2.2",
                versions
            },
            row! {
                Must, "collection.max-size", "the largest object is a number of bytes",
                "RFC 6352 6.2.3", max_size
            },
        ],
    };
    checks.extend([
        row! {
            Must, "collection.privileges", "the user's privileges are named, and allow to write",
            "RFC 3744 5.4", privileges
        },
        row! { Must, "collection.owner", "the owner is named", "RFC 3744 5.1", owner },
    ]);
    checks
}

/// The names in DAV:supported-report-set (RFC 3253, section 3.1.5).
pub(super) async fn supported_reports(dav: &Dav, at: &str) -> Result<Vec<String>, Stop> {
    let set = dav.property(at, (DAV, "supported-report-set")).await?;
    let reports = set.iter().flat_map(|set| set.all((DAV, "supported-report")));
    let reports = reports.flat_map(|report| report.all((DAV, "report")));
    Ok(reports.flat_map(|report| &report.children).map(|report| report.name.clone()).collect())
}

/// Ends the check unless a collection announces a report.
pub(super) async fn needs_report(dav: &Dav, at: &str, report: &str) -> Verdict {
    let found = supported_reports(dav, at).await?;
    if found.iter().any(|found| found == report) {
        return Ok(());
    }
    not_applicable(format!("no `{report}` in DAV:supported-report-set"))
}

async fn reports(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    let found = supported_reports(dav, &at).await?;
    let wanted: &[&str] = match dav.kind {
        Kind::Calendar => &["calendar-query", "calendar-multiget", "free-busy-query"],
        Kind::Contacts => &["addressbook-query", "addressbook-multiget"],
    };
    let missing: Vec<&&str> =
        wanted.iter().filter(|wanted| !found.iter().any(|found| found == *wanted)).collect();
    expect(
        missing.is_empty(),
        format!("{missing:?} in DAV:supported-report-set"),
        format!("{found:?}"),
    )
}

async fn needed(dav: &Dav, name: Name) -> Result<Element, Stop> {
    let at = dav.collection().await?;
    match dav.property(&at, name).await? {
        Some(found) => Ok(found),
        None => fail(format!("a property {}", name.1), "none"),
    }
}

async fn components(dav: &Dav) -> Verdict {
    let found = needed(dav, (CALDAV, "supported-calendar-component-set")).await?;
    let names = component_names(&found);
    expect(names.iter().any(|name| name == "VEVENT"), "VEVENT in it", format!("{names:?}"))
}

async fn collations(dav: &Dav) -> Verdict {
    let (namespace, wanted) = match dav.kind {
        Kind::Calendar => (CALDAV, ["i;ascii-casemap", "i;octet"]),
        Kind::Contacts => (CARDDAV, ["i;ascii-casemap", "i;unicode-casemap"]),
    };
    let found = needed(dav, (namespace, "supported-collation-set")).await?;
    let found: Vec<&str> =
        found.all((namespace, "supported-collation")).map(Element::trimmed).collect();
    let holds = wanted.iter().all(|wanted| found.contains(wanted));
    expect(holds, format!("{wanted:?}"), format!("{found:?}"))
}

async fn versions(dav: &Dav) -> Verdict {
    let found = needed(dav, (CARDDAV, "supported-address-data")).await?;
    let types = found.all((CARDDAV, "address-data-type"));
    let found: Vec<String> =
        types.filter_map(|kind| kind.attribute("version")).map(str::to_owned).collect();
    expect(found.iter().any(|version| version == "3.0"), "version 3.0", format!("{found:?}"))
}

/// The bound of an object's size, if the server names one.
pub(super) async fn max_resource_size(dav: &Dav, at: &str) -> Result<Option<usize>, Stop> {
    let found = dav.property(at, (dav.kind.namespace(), "max-resource-size")).await?;
    let Some(found) = found else { return Ok(None) };
    match found.trimmed().parse() {
        Ok(0) | Err(_) => fail("a positive number in max-resource-size", found.text),
        Ok(size) => Ok(Some(size)),
    }
}

async fn max_size(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    match max_resource_size(dav, &at).await? {
        Some(_) => Ok(()),
        None => not_applicable("no property max-resource-size"),
    }
}

async fn privileges(dav: &Dav) -> Verdict {
    let found = needed(dav, (DAV, "current-user-privilege-set")).await?;
    let privileges = found.all((DAV, "privilege")).flat_map(|privilege| &privilege.children);
    let names: Vec<&str> = privileges.map(|privilege| privilege.name.as_str()).collect();
    let writes = names.iter().any(|name| ["all", "write", "write-content"].contains(name));
    expect(writes, "write, write-content or all", format!("{names:?}"))
}

async fn owner(dav: &Dav) -> Verdict {
    let found = needed(dav, (DAV, "owner")).await?;
    let href = found.child((DAV, "href")).map(|href| href.trimmed().to_owned());
    // RFC 3744, section 5.1: empty where nobody owns it.
    let holds = href.as_ref().is_none_or(|href| !href.is_empty());
    expect(holds, "an href in DAV:owner, or nothing", format!("{href:?}"))
}
