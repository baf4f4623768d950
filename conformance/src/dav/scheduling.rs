//! Checks of what a server that schedules has to offer (RFC 6638). None sends a message: an object
//! with attendees makes a server write to people.

use super::context::Dav;
use crate::check::{Check, Stop, Verdict, expect, fail, not_applicable, row, skip};
use crate::xml::{CALDAV, DAV};

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! {
            Must, "schedule.inbox", "the principal names an inbox, which says that it is one",
            "RFC 6638 2.2", inbox
        },
        row! {
            Must, "schedule.outbox", "the principal names an outbox, which says that it is one",
            "RFC 6638 2.1", outbox
        },
        row! {
            Should, "schedule.addresses", "the principal names the user's addresses",
            "RFC 6638 2.4.1", addresses
        },
        row! {
            Should, "schedule.user-type", "the principal says what kind of user it is",
            "RFC 6638 2.4.2", user_type
        },
        row! {
            Should, "schedule.default", "the inbox names the calendar for new invitations",
            "RFC 6638 9.2", default_calendar
        },
        row! {
            Must, "schedule.transparent", "a calendar says whether it makes busy", "RFC 6638 9.1",
            transparent
        },
        row! {
            Must, "schedule.tag",
            "an object without attendees has no schedule tag of a foreign form",
            "RFC 6638 3.2.10", tag
        },
    ]
}

fn needed(dav: &Dav) -> Result<&str, Stop> {
    if !dav.can("calendar-auto-schedule") {
        return not_applicable("no `calendar-auto-schedule` in the DAV header");
    }
    match dav.places.principal.as_deref() {
        Some(path) => Ok(path),
        None => skip("no principal was found: discovery.principal tells why"),
    }
}

/// The href in a property of the principal.
async fn place(dav: &Dav, property: &'static str) -> Result<String, Stop> {
    let found = dav.property(needed(dav)?, (CALDAV, property)).await?;
    let href =
        found.and_then(|found| found.child((DAV, "href")).map(|href| href.trimmed().to_owned()));
    match href {
        Some(href) if !href.is_empty() => Ok(super::href::path(&href).to_owned()),
        _ => fail(format!("{property} with an href"), "none"),
    }
}

async fn is_a(dav: &Dav, property: &'static str, kind: &'static str) -> Verdict {
    let at = place(dav, property).await?;
    let found = dav.property(&at, (DAV, "resourcetype")).await?;
    let holds = found.as_ref().is_some_and(|found| found.child((CALDAV, kind)).is_some());
    expect(holds, format!("{kind} in DAV:resourcetype"), super::discovery::names(found.as_ref()))
}

async fn inbox(dav: &Dav) -> Verdict {
    is_a(dav, "schedule-inbox-URL", "schedule-inbox").await
}

async fn outbox(dav: &Dav) -> Verdict {
    is_a(dav, "schedule-outbox-URL", "schedule-outbox").await
}

async fn addresses(dav: &Dav) -> Verdict {
    let found = dav.property(needed(dav)?, (CALDAV, "calendar-user-address-set")).await?;
    let count = found.iter().flat_map(|found| found.all((DAV, "href"))).count();
    expect(count > 0, "calendar-user-address-set with an href", "none")
}

async fn user_type(dav: &Dav) -> Verdict {
    let found = dav.property(needed(dav)?, (CALDAV, "calendar-user-type")).await?;
    let text = found.map(|found| found.trimmed().to_owned()).unwrap_or_default();
    expect(!text.is_empty(), "calendar-user-type", "none")
}

async fn default_calendar(dav: &Dav) -> Verdict {
    let at = place(dav, "schedule-inbox-URL").await?;
    let found = dav.property(&at, (CALDAV, "schedule-default-calendar-URL")).await?;
    expect(found.is_some(), "schedule-default-calendar-URL", "none")
}

async fn transparent(dav: &Dav) -> Verdict {
    needed(dav)?;
    let at = dav.collection().await?;
    let found = dav.property(&at, (CALDAV, "schedule-calendar-transp")).await?;
    // RFC 6638, section 9.1: opaque where it is not there.
    let Some(found) = found else { return Ok(()) };
    let child = |name| found.child((CALDAV, name)).is_some();
    expect(child("opaque") || child("transparent"), "opaque or transparent", format!("{found:?}"))
}

async fn tag(dav: &Dav) -> Verdict {
    needed(dav)?;
    let at = dav.collection().await?;
    let path = dav.store_sample(&at, "one").await?;
    let reply = dav.get(&path).await?;
    let Some(tag) = reply.header("schedule-tag") else { return Ok(()) };
    expect(tag.starts_with('"') && tag.ends_with('"'), "a quoted Schedule-Tag", tag)
}
