//! POST to the outbox: when other users are busy (RFC 6638 section 5).

use http::StatusCode;

use super::answer::{Outcome, xml};
use super::call::Call;
use super::options;
use super::reports::busy;
use super::resource::{self, Resource};
use crate::dav::calendar::filter::TimeRange;
use crate::dav::calendar::{Component, calendars};
use crate::dav::xml::names::{caldav, dav};
use crate::dav::xml::{Element, Refusal, document};
use crate::scheduling::address;
use crate::turn::Turn;

/// Recipients of one request; more are refused.
const RECIPIENTS_MAX: usize = 1_000;

/// Answers.
pub(super) fn post(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let Resource::Outbox(_) = resource::find(turn, call.place())? else {
        return Ok(options::not_allowed(call.place(), &turn.host().profile.dav));
    };
    if call.media_type().is_some_and(|given| given != "text/calendar") {
        return Err(Refusal::forbidden(&caldav::SUPPORTED_CALENDAR_DATA));
    }
    let roots =
        calendars(&call.body).map_err(|_| Refusal::forbidden(&caldav::VALID_CALENDAR_DATA))?;
    let invalid = || Refusal::forbidden(&caldav::VALID_SCHEDULING_MESSAGE);
    let [root] = roots.as_slice() else { return Err(invalid()) };
    // One request at a time (RFC 6638 section 5).
    let mut asked = root.components.iter().filter(|inner| inner.name != "VTIMEZONE");
    let request = asked.next().filter(|asked| asked.name == "VFREEBUSY").ok_or_else(invalid)?;
    if asked.next().is_some() {
        return Err(invalid());
    }
    let is_request =
        root.property("METHOD").is_some_and(|it| it.value.trim().eq_ignore_ascii_case("REQUEST"));
    if !is_request || request.property("UID").is_none() {
        return Err(invalid());
    }
    let organizer = request.property("ORGANIZER").map(|it| address(&it.value));
    if organizer.as_deref() != Some(turn.host().owner.as_str()) {
        return Err(Refusal::forbidden(&caldav::VALID_ORGANIZER));
    }
    let (start, end) = (request.value("DTSTART"), request.value("DTEND"));
    let range = TimeRange::read(start, end).map_err(|_| invalid())?;
    let mut answer = Element::new(caldav::SCHEDULE_RESPONSE);
    if request.all("ATTENDEE").nth(RECIPIENTS_MAX).is_some() {
        return Err(invalid());
    }
    for attendee in request.all("ATTENDEE") {
        let response = one(turn, request, &attendee.value, &range);
        answer = answer.with_child(response);
    }
    Ok(xml(StatusCode::OK, document(&answer)))
}

fn one(turn: &Turn<'_>, request: &Component, whom: &str, range: &TimeRange) -> Element {
    let recipient =
        Element::new(caldav::RECIPIENT).with_child(Element::new(dav::HREF).with_text(whom));
    let status = |text: &str| Element::new(caldav::REQUEST_STATUS).with_text(text);
    let response = Element::new(caldav::RESPONSE).with_child(recipient);
    let Some(user) = turn.directory().find(whom) else {
        return response.with_child(status("3.7;Invalid calendar user"));
    };
    let organizer = format!("ORGANIZER:mailto:{}", turn.host().owner);
    let attendee = format!("ATTENDEE:{whom}");
    let uid = format!("UID:{}", request.value("UID").unwrap_or_default());
    match busy(turn, user, range, &[&uid, &organizer, &attendee]) {
        Some(text) => response
            .with_child(status("2.0;Success"))
            .with_child(Element::new(caldav::CALENDAR_DATA).with_text(text)),
        None => response.with_child(status("5.1;Service unavailable")),
    }
}
