//! free-busy-query (RFC 4791 section 7.10): when the owner of a calendar is busy.

use http::StatusCode;

use super::super::answer::{Outcome, body};
use super::super::call::{Call, Depth};
use super::super::resource::Resource;
use super::super::{bodies, scheduling};
use crate::dav::calendar::filter::TimeRange;
use crate::dav::calendar::freebusy::{Answer, free_busy};
use crate::dav::calendar::{CalendarObject, Zone};
use crate::dav::xml::Refusal;
use crate::dav::xml::names::{caldav, dav};
use crate::dav::xml::request::FreeBusyQuery;
use crate::directory::{Focus, Realm, UserId};
use crate::turn::Turn;

/// Answers.
pub(super) fn query(
    turn: &Turn<'_>,
    call: &Call,
    resource: &Resource,
    asked: &FreeBusyQuery,
) -> Outcome {
    let Resource::Collection(focus, calendar) = resource else {
        return Err(Refusal::forbidden(&dav::SUPPORTED_REPORT));
    };
    if focus.realm != Realm::Calendars {
        return Err(Refusal::forbidden(&dav::SUPPORTED_REPORT));
    }
    let inside = call.depth()?.unwrap_or(Depth::Zero) != Depth::Zero;
    let items = turn.account_of(*focus).items_in(&calendar.id).filter(|_| inside);
    let objects: Vec<CalendarObject> = items.filter_map(|item| bodies::object(item)).collect();
    let stamp = scheduling::stamp(turn.now());
    let answer = Answer { product: scheduling::PRODUCT, stamp: &stamp, method: None, lines: &[] };
    let text = free_busy(&objects, &asked.time_range, &bodies::zone(calendar), &answer)
        .map_err(|_| Refusal::forbidden(&caldav::MAX_INSTANCES))?;
    Ok(body(StatusCode::OK, "text/calendar; charset=utf-8", text.into()))
}

/// The busy time of a user in all calendars that count (RFC 6638 sections 5 and 9.1); none where a
/// rule goes on for too long.
pub(in super::super) fn busy(
    turn: &Turn<'_>,
    user: UserId,
    range: &TimeRange,
    lines: &[&str],
) -> Option<String> {
    let account = turn.account_of(Focus::calendars(user));
    let counted = account.calendars().filter(|calendar| !bodies::is_transparent(calendar));
    let items = counted.flat_map(|calendar| account.items_in(&calendar.id));
    let objects: Vec<CalendarObject> = items.filter_map(|item| bodies::object(item)).collect();
    let zone = account.default_calendar().map_or_else(Zone::utc, bodies::zone);
    let stamp = scheduling::stamp(turn.now());
    let answer =
        Answer { product: scheduling::PRODUCT, stamp: &stamp, method: Some("REPLY"), lines };
    free_busy(&objects, range, &zone, &answer).ok()
}
