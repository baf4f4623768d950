//! What a mailbox has beside events and contacts, as far as calendar clients ask for it: settings and
//! time zones to be read, the one group of calendars, attachments of events, of which there are
//! none.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::call::{self, Call};
use super::failure::Failure;
use super::odata::Page;
use super::route::{InCalendar, Names};
use crate::account::derive;
use crate::native::{Host, Reply};
use crate::operation::{Op, Target};
use crate::spliced::List;
use crate::turn::{Turn, Verdict};
use crate::world::Zone;

/// The hours that a mailbox has from the beginning ("Get user mailbox settings").
pub(super) fn working_hours() -> Value {
    json!({
        "daysOfWeek": ["monday", "tuesday", "wednesday", "thursday", "friday"],
        "startTime": "08:00:00.0000000",
        "endTime": "17:00:00.0000000",
        "timeZone": { "name": "UTC" },
    })
}

/// `GET /me/mailboxSettings`: those of a new mailbox.
pub(super) fn settings(call: &Call, turn: &Turn<'_>) -> Result<Reply, Failure> {
    if call.method() != Method::GET {
        return Err(call.no_method());
    }
    let never = json!({ "dateTime": "0001-01-01T00:00:00.0000000", "timeZone": "UTC" });
    let settings = [
        ("archiveFolder", json!(derive(turn.host().seed, "archive", &turn.host().owner, 0))),
        ("timeZone", json!("UTC")),
        ("delegateMeetingMessageDeliveryOptions", json!("sendToDelegateOnly")),
        ("dateFormat", json!("")),
        ("timeFormat", json!("")),
        ("userPurpose", json!("user")),
        (
            "automaticRepliesSetting",
            json!({
                "status": "disabled", "externalAudience": "none", "internalReplyMessage": "",
                "externalReplyMessage": "", "scheduledStartDateTime": never,
                "scheduledEndDateTime": never,
            }),
        ),
        ("language", json!({ "locale": "en-US", "displayName": "English (United States)" })),
        ("workingHours", working_hours()),
    ];
    let wanted = call.query.get("$select").filter(|text| *text != "*");
    let takes = |name: &str| {
        wanted.is_none_or(|names| names.split(',').any(|one| one.trim().eq_ignore_ascii_case(name)))
    };
    let settings = settings.into_iter().filter(|(name, _)| takes(name));
    let settings: Map<String, Value> =
        settings.map(|(name, value)| (name.to_owned(), value)).collect();
    Ok(call.singleton("me/mailboxSettings", settings))
}

/// `GET /me/outlook/supportedTimeZones`, by Windows' names or by IANA's.
pub(super) fn zones(call: &Call, names: Names) -> Result<Reply, Failure> {
    if call.method() != Method::GET {
        return Err(call.no_method());
    }
    let rows = Zone::windows_all().map(|(windows, iana, shown)| {
        let alias = if names == Names::Windows { windows } else { iana };
        json!({ "alias": alias, "displayName": shown })
    });
    Ok(call.collection("Collection(microsoft.graph.timeZoneInformation)", rows.collect(), None))
}

/// `GET /me/calendarGroups`: the group that a mailbox has from the beginning, with all calendars.
pub(super) fn groups(call: &Call, turn: &Turn<'_>) -> Result<Reply, Failure> {
    let page = Page::read(&call.query, &call.prefer)?;
    let group = Value::Object(group(turn.host()));
    let rows = if page.skip == 0 { vec![group] } else { Vec::new() };
    Ok(call.page("me/calendarGroups", rows.into_iter().collect(), page, 1, true))
}

/// `GET /me/calendarGroups/{id}`.
pub(super) fn one_group(call: &Call, turn: &Turn<'_>, id: &str) -> Result<Reply, Failure> {
    if id != group_id(turn.host()) {
        return Err(Failure::not_found());
    }
    Ok(call.entity(StatusCode::OK, "me/calendarGroups", group(turn.host())))
}

fn group(host: &Host) -> Map<String, Value> {
    let key = derive(host.seed, "group-key", &host.owner, 0);
    // The class of the first group is the same in every mailbox ("calendarGroup resource type").
    let members = [
        ("id", json!(group_id(host))),
        ("name", json!("My Calendars")),
        ("classId", json!("0006f0b7-0000-0000-c000-000000000046")),
        ("changeKey", json!(key)),
    ];
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The id of the mailbox's group.
pub(super) fn group_id(host: &Host) -> String {
    derive(host.seed, "group", &host.owner, 0)
}

/// `GET .../events/{id}/attachments`: an empty list of an event that is there.
pub(super) fn attachments(
    call: &Call,
    turn: &mut Turn<'_>,
    which: Option<&InCalendar>,
    id: &str,
) -> Result<Reply, Failure> {
    if call.method() != Method::GET {
        return Err(call.no_method());
    }
    let (item, _) = call::item(turn, which, id)?;
    let target = Target { id: item.id.clone(), ..Target::default() };
    if let Verdict::Error(error) = turn.fault_item(Op::EventGet, &target) {
        return Err(Failure::armed(&error));
    }
    Ok(call.collection(&format!("me/events('{id}')/attachments"), List::default(), None))
}
