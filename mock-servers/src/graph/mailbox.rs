//! What a mailbox has beside events and contacts, as far as calendar clients ask for it: settings and
//! time zones to be read, the one group of calendars, attachments of events, of which there are
//! none.

use http::{Method, StatusCode};
use serde_json::{Map, Value, json};

use super::call::{self, Call};
use super::containers::{Container, chosen};
use super::failure::Failure;
use super::odata::{Expand, Page, Paths, Select};
use super::route::{InCalendar, Names};
use super::{calendars, render, schema};
use crate::account::derive;
use crate::native::{Host, Reply};
use crate::operation::{Op, Target};
use crate::spliced::List;
use crate::turn::{Turn, Verdict};
use crate::world::Zone;

const SETTINGS: &str = "me/mailboxSettings";
const GROUPS: &str = "me/calendarGroups";

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
    let select = Select::parse(&call.query, &schema::MAILBOX_SETTINGS)?;
    let mut settings = all_settings(turn.host());
    settings.retain(|name, _| select.takes(name));
    Ok(call.singleton(SETTINGS, settings))
}

/// `GET /me/mailboxSettings/{name}`: one of them, as a property is answered ("OData JSON Format" section 11).
pub(super) fn setting(call: &Call, turn: &Turn<'_>, name: &str) -> Result<Reply, Failure> {
    let mut all = all_settings(turn.host()).into_iter();
    let found = all.find(|(known, _)| known.eq_ignore_ascii_case(name));
    let (name, setting) = found.ok_or_else(|| call.no_segment())?;
    if call.method() != Method::GET {
        return Err(call.no_method());
    }
    let members = match setting {
        Value::Object(members) => members,
        plain => Map::from_iter([("value".to_owned(), plain)]),
    };
    Ok(call.singleton(&format!("{SETTINGS}/{name}"), members))
}

fn all_settings(host: &Host) -> Map<String, Value> {
    let never = json!({ "dateTime": "0001-01-01T00:00:00.0000000", "timeZone": "UTC" });
    let settings = [
        ("archiveFolder", json!(derive(host.seed, "archive", &host.owner, 0))),
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
    settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
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
    let (select, expand) = shape(call)?;
    let found = chosen(&call.query, Paths::Groups, vec![()], |()| Container {
        members: group(turn, &Select::default(), &Expand::default()),
        stored: None,
    })?;
    let rows = found.iter().skip(page.skip).take(page.size);
    let rows = rows.map(|()| Value::Object(group(turn, &select, &expand))).collect();
    Ok(call.page(GROUPS, rows, page, found.len(), true))
}

/// `GET /me/calendarGroups/{id}`.
pub(super) fn one_group(call: &Call, turn: &Turn<'_>, id: &str) -> Result<Reply, Failure> {
    is_group(turn, id)?;
    let (select, expand) = shape(call)?;
    Ok(call.entity(StatusCode::OK, GROUPS, group(turn, &select, &expand)))
}

/// Refuses if there is no such group. All calendars are in the one that there is.
pub(super) fn is_group(turn: &Turn<'_>, id: &str) -> Result<(), Failure> {
    if id == group_id(turn.host()) { Ok(()) } else { Err(Failure::not_found()) }
}

fn shape(call: &Call) -> Result<(Select, Expand), Failure> {
    let select = Select::parse(&call.query, &schema::CALENDAR_GROUP)?;
    Ok((select, Expand::parse(&call.query, "calendarGroup")?))
}

fn group(turn: &Turn<'_>, select: &Select, expand: &Expand) -> Map<String, Value> {
    let host = turn.host();
    let key = derive(host.seed, "group-key", &host.owner, 0);
    let mut group = Map::from_iter([("id".to_owned(), json!(group_id(host)))]);
    // The class of the first group is the same in every mailbox ("calendarGroup resource type").
    let properties = [
        ("name", json!("My Calendars")),
        ("classId", json!("0006f0b7-0000-0000-c000-000000000046")),
        ("changeKey", json!(key)),
    ];
    let taken = properties.into_iter().filter(|(name, _)| select.takes(name));
    group.extend(taken.map(|(name, value)| (name.to_owned(), value)));
    if expand.calendars {
        let (all, none) = (Select::default(), Expand::default());
        let calendars = calendars::in_order(turn.account()).into_iter();
        let shown = calendars.map(|one| Value::Object(render::calendar(one, host, &all, &none)));
        group.insert("calendars".to_owned(), shown.collect());
    }
    group
}

/// The id of the mailbox's group.
fn group_id(host: &Host) -> String {
    derive(host.seed, "group", &host.owner, 0)
}

/// `GET .../events/{id}/calendar`: the calendar in which an event lies.
pub(super) fn calendar_of(
    call: &Call,
    turn: &mut Turn<'_>,
    which: Option<&InCalendar>,
    id: &str,
) -> Result<Reply, Failure> {
    let (item, _) = call::item(turn, which, id)?;
    let calendar = item.calendars.first().cloned().ok_or_else(Failure::not_found)?;
    calendars::get(call, turn, &InCalendar::Id(calendar))
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
