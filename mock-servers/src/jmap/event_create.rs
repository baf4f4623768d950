//! One create of a `CalendarEvent/set`.

use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde_json::{Map, Value, json};

use super::check::below;
use super::dispatch::Run;
use super::errors::SetError;
use super::event_set::Events;
use super::set::Object;
use super::{event, privacy, times, validate};
use crate::account::{Account, NewItem, derive};
use crate::faults::PatchEffect;
use crate::profiles::EventNames;
use crate::world::{When, Zone};

/// Makes an event; returns its id and every property that the client did not send as it is stored.
pub(super) fn create(
    events: &Events,
    run: &mut Run<'_, '_>,
    object: Object,
    rewrite: Option<&PatchEffect>,
) -> Result<(String, Object), SetError> {
    let sent = object.clone();
    // A null at the top is as good as nothing (section 5.9).
    let mut body: Object = object.into_iter().filter(|(_, value)| !value.is_null()).collect();
    let names = run.limits().names;
    names.read(&mut body)?;
    let calendars = take_calendars(run, &mut body)?;
    let claimed_origin = body.remove("isOrigin");
    refuse_server_set(&body)?;
    resolve_utc(&mut body, calendar_zone(run.turn.account(), &calendars).as_ref())?;
    fill_in(run, &mut body);
    if claimed_origin.is_some_and(|claim| claim != event::is_origin(&body, owner(run))) {
        return Err(SetError::invalid_properties(["isOrigin".to_owned()], "the server sets it"));
    }
    validate::event(&body).map_err(|error| names.blame(error))?;
    privacy::check_result(run, &body)?;
    blobs(run, &body)?;
    check_uid(run.turn.account(), &body)?;
    events.check_reachable(run, &body)?;
    rewrite_as_profile(run, &mut body);
    if let Some(rewrite) = rewrite {
        rewrite.apply_to(&mut body);
    }
    let uid = body.get("uid").and_then(Value::as_str).unwrap_or_default().to_owned();
    let sequence = event::sequence(&body);
    let new = NewItem { uid, body, sequence, ..NewItem::default() };
    let item = run.turn.create(new, calendars, events.marker);
    let mut shown = event::full(&item, owner(run));
    names.show(&mut shown);
    shown.retain(|name, value| sent.get(name) != Some(value) && name != "calendarIds");
    Ok((item.id.clone(), shown))
}

fn owner<'a>(run: &Run<'_, 'a>) -> &'a str {
    &run.turn.host().owner
}

/// Takes `calendarIds` out of the object; creation ids in it become real ones.
pub(super) fn take_calendars(
    run: &Run<'_, '_>,
    body: &mut Object,
) -> Result<BTreeSet<String>, SetError> {
    let invalid =
        |reason: &str| SetError::invalid_properties(["calendarIds".to_owned()], reason.to_owned());
    let Some(Value::Object(given)) = body.remove("calendarIds") else {
        return Err(invalid("an event is in at least one calendar"));
    };
    let mut calendars = BTreeSet::new();
    for (id, value) in given {
        if value != Value::Bool(true) {
            return Err(invalid("every value is true"));
        }
        let id = run.real_id(&id);
        if run.turn.account().calendar(&id).is_none() {
            return Err(invalid(&format!("there is no calendar `{id}`")));
        }
        calendars.insert(id);
    }
    let limit = run.limits().max_calendars_per_event;
    if calendars.is_empty() || limit.is_some_and(|most| calendars.len() > most) {
        return Err(invalid("an event is in at least one calendar and not in too many"));
    }
    Ok(calendars)
}

/// Data that an event links to is there, and stays (section 5.4).
pub(super) fn blobs(run: &mut Run<'_, '_>, body: &Object) -> Result<(), SetError> {
    let links = body.get("links").and_then(Value::as_object);
    for (id, link) in links.into_iter().flatten() {
        let Some(blob) = link.get("blobId").and_then(Value::as_str) else { continue };
        match run.turn.blobs_mut().keep(blob) {
            Ok(true) => {}
            Ok(false) => {
                let wrong = [below(&below("links", id), "blobId")];
                return Err(SetError::invalid_properties(wrong, "there is no such data"));
            }
            Err(full) => return Err(SetError::new("overQuota", full.to_string())),
        }
    }
    Ok(())
}

fn refuse_server_set(body: &Object) -> Result<(), SetError> {
    let only_server = ["id", "baseEventId", "method"];
    let given: Vec<String> = only_server
        .iter()
        .filter(|name| body.contains_key(**name))
        .map(|n| (*n).to_owned())
        .collect();
    if given.is_empty() {
        return Ok(());
    }
    Err(SetError::invalid_properties(given, "a client does not set these"))
}

/// The time zone that all of the calendars agree on.
pub(super) fn calendar_zone(account: &Account, calendars: &BTreeSet<String>) -> Option<Zone> {
    let zone =
        |id: &String| account.calendar(id)?.body.get("timeZone")?.as_str().map(str::to_owned);
    let mut zones = calendars.iter().map(zone);
    let first = zones.next()??;
    zones.all(|zone| zone.as_ref() == Some(&first)).then(|| Zone::iana(&first))?
}

/// `utcStart` and `utcEnd` become `start`, `timeZone` and `duration` (section 5.1).
pub(super) fn resolve_utc(body: &mut Object, default: Option<&Zone>) -> Result<(), SetError> {
    let mut wrong = Vec::new();
    let mut instant = |body: &mut Object, name: &str, instead_of: &str| {
        let given = body.remove(name)?;
        let parsed = given.as_str().and_then(times::utc);
        if parsed.is_none() || body.contains_key(instead_of) {
            wrong.push(name.to_owned());
        }
        parsed
    };
    let start = instant(body, "utcStart", "start");
    let end = instant(body, "utcEnd", "duration");
    if !wrong.is_empty() {
        return Err(SetError::invalid_properties(
            wrong,
            "it is no instant, or stands beside its twin",
        ));
    }
    if start.is_none() && end.is_none() {
        return Ok(());
    }
    let zone = body.get("timeZone").and_then(Value::as_str).and_then(Zone::iana);
    let zone = zone.unwrap_or_else(|| default.cloned().unwrap_or_else(Zone::utc));
    body.insert("timeZone".to_owned(), json!(zone.name()));
    if let Some(start) = start {
        let local = start.to_zoned(zone.rules()).datetime();
        body.insert("start".to_owned(), json!(times::text(local)));
    }
    if let Some(end) = end {
        let start = times::start(body).as_ref().and_then(When::instant);
        let length = start.map(|start| end.duration_since(start).as_secs());
        match length.filter(|seconds| *seconds >= 0) {
            Some(seconds) => body.insert(
                "duration".to_owned(),
                json!(SignedDuration::from_secs(seconds).to_string()),
            ),
            None => {
                let wrong = ["utcEnd".to_owned()];
                return Err(SetError::invalid_properties(wrong, "it is before the start"));
            }
        };
    }
    Ok(())
}

/// What the server adds to a new event.
fn fill_in(run: &mut Run<'_, '_>, body: &mut Object) {
    let now = times::stamp(run.turn.now());
    body.entry("@type").or_insert_with(|| json!("Event"));
    if run.limits().names == EventNames::Bis {
        // An event that stands by itself has it (jscalendarbis-15, `version`).
        body.entry("version").or_insert_with(|| json!("2.0"));
    }
    if !body.contains_key("uid") {
        let uid = new_uid(run, body);
        body.insert("uid".to_owned(), json!(uid));
    }
    set_organizer(body, owner(run));
    let created = body.get("created").and_then(Value::as_str).and_then(times::utc);
    if event::is_origin(body, owner(run)) {
        body.insert("updated".to_owned(), json!(now));
        if created.is_some_and(|created| created > run.turn.now()) {
            body.insert("created".to_owned(), json!(now));
        }
    }
    body.entry("created").or_insert_with(|| json!(now));
    if body.get("isDraft") == Some(&Value::Bool(false)) {
        body.remove("isDraft");
    }
}

/// A uid for an object that came without one.
pub(super) fn new_uid(run: &mut Run<'_, '_>, body: &Object) -> String {
    let basis = Value::Object(body.clone()).to_string();
    let nth = run.turn.new_id("uid", &basis);
    let digits = format!("{nth}{}", derive(run.turn.host().seed, "uid", &nth, 0));
    format!(
        "{}-{}-4{}-8{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[12..15],
        &digits[15..18],
        &digits[18..30]
    )
}

/// An event with participants has an organizer.
pub(super) fn set_organizer(body: &mut Object, owner: &str) {
    let has_participants =
        body.get("participants").and_then(Value::as_object).is_some_and(|map| !map.is_empty());
    if has_participants && !body.contains_key("organizerCalendarAddress") {
        body.insert("organizerCalendarAddress".to_owned(), json!(format!("mailto:{owner}")));
    }
}

/// An account holds a uid once, but for single occurrences of a series to which the user was
/// invited one by one (section 1.4.1).
fn check_uid(account: &Account, body: &Object) -> Result<(), SetError> {
    let uid = body.get("uid").and_then(Value::as_str).unwrap_or_default();
    let occurrence = body.get("recurrenceId");
    let twin = account.items_with_uid(uid).find(|other| {
        let theirs = other.body.get("recurrenceId");
        occurrence.is_none() || theirs.is_none() || occurrence == theirs
    });
    match twin {
        None => Ok(()),
        Some(twin) => Err(SetError::invalid_properties(
            ["uid".to_owned()],
            format!("the account already holds an event with the uid `{uid}`"),
        )
        .with("existingId", twin.id.clone())),
    }
}

/// What this kind of server changes in everything that it stores.
pub(super) fn rewrite_as_profile(run: &Run<'_, '_>, body: &mut Object) {
    if !run.limits().drops_zero_alerts {
        return;
    }
    let Some(Value::Object(alerts)) = body.get_mut("alerts") else { return };
    alerts.retain(|_, alert| {
        let offset = alert.pointer("/trigger/offset").and_then(Value::as_str);
        let span = offset.and_then(|text| times::duration(text, true));
        span.is_none_or(|span| span.days != 0 || span.seconds != 0)
    });
    if alerts.is_empty() {
        body.remove("alerts");
    }
}

/// The members of an object that are not in another, or differ.
pub(super) fn beyond(shown: Map<String, Value>, known: &Map<String, Value>) -> Map<String, Value> {
    shown.into_iter().filter(|(name, value)| known.get(name) != Some(value)).collect()
}
