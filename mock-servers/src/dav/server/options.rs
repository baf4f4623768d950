//! OPTIONS, and which methods a place has.

use http::{StatusCode, header};

use super::answer::{empty, with, with_named};
use super::place::Place;
use crate::directory::Realm;
use crate::native::Reply;
use crate::profiles::DavQuirks;

/// What the server can do (RFC 4918 section 10.1 and the specifications of each).
pub(super) fn compliance(quirks: &DavQuirks) -> String {
    let locks = quirks.locks.it().then_some("2");
    let mut classes = vec!["1"];
    classes.extend(locks);
    classes.extend(["3", "access-control", "extended-mkcol"]);
    classes.extend(["calendar-access", "addressbook"]);
    if quirks.scheduling.it() {
        classes.push("calendar-auto-schedule");
    }
    classes.join(", ")
}

/// The methods of a place.
pub(super) fn allowed(place: &Place, quirks: &DavQuirks) -> String {
    let read = "OPTIONS, PROPFIND, REPORT";
    let locks = if quirks.locks.it() { ", LOCK, UNLOCK" } else { "" };
    match place {
        Place::WellKnown => "OPTIONS, GET, HEAD, PROPFIND".to_owned(),
        Place::Object(at, _) if at.realm == Realm::Inbox => {
            format!("{read}, GET, HEAD, DELETE")
        }
        Place::Object(..) => {
            let copy = if quirks.copy.it() { ", COPY" } else { "" };
            let moves = if quirks.moves.it() { ", MOVE" } else { "" };
            format!("{read}, GET, HEAD, PUT, DELETE{copy}{moves}, PROPPATCH{locks}")
        }
        Place::Collection(at) if at.realm == Realm::Inbox => format!("{read}, PROPPATCH"),
        Place::Collection(at) => {
            let calendars = at.realm == Realm::Calendars && quirks.mkcalendar.it();
            let make = if calendars { "MKCALENDAR, MKCOL" } else { "MKCOL" };
            format!("{read}, DELETE, PROPPATCH, {make}{locks}")
        }
        Place::Outbox(_) => format!("{read}, POST"),
        _ => format!("{read}, PROPPATCH"),
    }
}

/// The answer to OPTIONS.
pub(super) fn options(place: &Place, quirks: &DavQuirks) -> Reply {
    let reply = with(empty(StatusCode::OK), header::ALLOW, &allowed(place, quirks));
    let reply =
        if quirks.tells_classes.it() { with_named(reply, "ms-author-via", "DAV") } else { reply };
    with_named(reply, "dav", &compliance(quirks))
}

/// The answer to a method that a place has not.
pub(super) fn not_allowed(place: &Place, quirks: &DavQuirks) -> Reply {
    with(empty(StatusCode::METHOD_NOT_ALLOWED), header::ALLOW, &allowed(place, quirks))
}
