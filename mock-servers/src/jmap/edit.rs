//! What a user does to an event in the server's own interface.

use calamity_evidence::Lineage;
use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use super::{event, rule, times};
use crate::account::Item;
use crate::recurrence;
use crate::scheduling::address;
use crate::users::{Edit, NoSuchItem};
use crate::world::When;

/// Carries the edit out; sequence and time of the change follow as for a client's update.
pub(super) fn edit(
    item: &mut Item,
    edit: &Edit,
    owner: &str,
    now: Timestamp,
) -> Result<(), NoSuchItem> {
    let before = item.body.clone();
    let body = &mut item.body;
    match edit {
        Edit::Title(title) => {
            let title = marked(&before, title);
            body.insert("title".to_owned(), json!(title));
        }
        Edit::Shift { minutes } => shift(body, *minutes)?,
        Edit::Description(text) => {
            body.insert("description".to_owned(), json!(text));
            body.remove("descriptionContentType");
        }
        Edit::Location(name) => {
            let place = json!({ "1": { "@type": "Location", "name": name } });
            body.insert("locations".to_owned(), place);
            body.remove("mainLocationId");
        }
        Edit::Invite(addresses) => invite(body, addresses, owner),
        Edit::CancelOccurrence { nth } => {
            set_override(body, *nth, |_| Map::from_iter([("excluded".to_owned(), json!(true))]))?;
        }
        Edit::RetitleOccurrence { nth, title } => {
            let title = marked(&before, title);
            set_override(body, *nth, |mut changes| {
                changes.remove("excluded");
                changes.insert("title".to_owned(), json!(title));
                changes
            })?;
        }
    }
    if event::is_origin(body, owner) {
        body.insert("updated".to_owned(), json!(times::stamp(now)));
        if event::is_substantial(&event::differences(&before, body)) {
            item.sequence = event::sequence(&before) + 1;
            body.insert("sequence".to_owned(), json!(item.sequence));
        }
    }
    Ok(())
}

fn marked(event: &Map<String, Value>, title: &str) -> String {
    match Lineage::find(event::title(event)) {
        Some(token) => token.mark(title),
        None => title.to_owned(),
    }
}

fn unfit(reason: &str) -> NoSuchItem {
    NoSuchItem::Unfit { reason: reason.to_owned() }
}

/// Moves start, rule's end and every recurrence identifier by the same local span.
fn shift(body: &mut Map<String, Value>, minutes: i64) -> Result<(), NoSuchItem> {
    let start = times::start(body).ok_or_else(|| unfit("it has no start"))?;
    let minutes = match start {
        When::Date(_) => whole_days(minutes),
        _ => minutes,
    };
    let moved = |text: &Value| -> Option<String> {
        let local = times::local(text.as_str()?)?;
        times::shifted(local, minutes).map(times::text)
    };
    let out_of_range = || unfit("the time is beyond the calendar");
    let new_start = body.get("start").and_then(moved).ok_or_else(out_of_range)?;
    body.insert("start".to_owned(), json!(new_start));
    if let Some(Value::Object(rule)) = body.get_mut("recurrenceRule")
        && let Some(until) = rule.get("until").and_then(moved)
    {
        rule.insert("until".to_owned(), json!(until));
    }
    if let Some(Value::Object(overrides)) = body.get_mut("recurrenceOverrides") {
        let mut shifted = Map::new();
        for (key, mut changes) in std::mem::take(overrides) {
            let key = moved(&Value::String(key)).ok_or_else(out_of_range)?;
            if let Some(start) = changes.get("start").and_then(moved) {
                changes["start"] = json!(start);
            }
            shifted.insert(key, changes);
        }
        *overrides = shifted;
    }
    Ok(())
}

/// Minutes rounded to days, away from zero.
fn whole_days(minutes: i64) -> i64 {
    const DAY: i64 = 24 * 60;
    let days = minutes.unsigned_abs().div_ceil(DAY.unsigned_abs());
    minutes.signum() * DAY * i64::try_from(days).unwrap_or(0)
}

fn invite(body: &mut Map<String, Value>, addresses: &[String], owner: &str) {
    let known = event::attendees(body, "");
    let guests: Vec<String> =
        addresses.iter().map(|text| address(text)).filter(|new| !known.contains(new)).collect();
    body.entry("organizerCalendarAddress").or_insert_with(|| json!(format!("mailto:{owner}")));
    let people = body.entry("participants").or_insert_with(|| json!({}));
    let Value::Object(people) = people else { return };
    for guest in guests {
        let mut id = crate::account::short_hash(guest.as_bytes());
        id.insert(0, 'p');
        people.insert(
            id,
            json!({
                "@type": "Participant",
                "calendarAddress": format!("mailto:{guest}"),
                "roles": { "attendee": true },
                "participationStatus": "needs-action",
                "expectReply": true,
            }),
        );
    }
}

fn set_override(
    body: &mut Map<String, Value>,
    nth: usize,
    change: impl FnOnce(Map<String, Value>) -> Map<String, Value>,
) -> Result<(), NoSuchItem> {
    let local = nth_occurrence(body, nth).ok_or(NoSuchItem::Occurrence { nth })?;
    let overrides = body.entry("recurrenceOverrides").or_insert_with(|| json!({}));
    let Value::Object(overrides) = overrides else {
        return Err(unfit("its overrides are unreadable"));
    };
    let key = times::text(local);
    let before = match overrides.remove(&key) {
        Some(Value::Object(before)) => before,
        _ => Map::new(),
    };
    overrides.insert(key, Value::Object(change(before)));
    Ok(())
}

fn nth_occurrence(body: &Map<String, Value>, nth: usize) -> Option<DateTime> {
    let (rule, start) = (rule::of(body)?, times::start(body)?);
    recurrence::occurrences(&rule, &start).nth(nth)
}
