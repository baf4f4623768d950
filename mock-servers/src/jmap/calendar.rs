//! A calendar as the protocol shows it (draft-ietf-jmap-calendars-27 section 4).

use serde_json::{Map, Value, json};

use super::check::{Strangers, Wrong, is_id};
use super::color::is_color;
use super::container::Container;
use super::shapes::ALERT;
use crate::account::Calendar;
use crate::operation::Op;

/// Calendars as containers.
pub(super) static CALENDAR: Container = Container {
    properties: &PROPERTIES,
    server_set: &SERVER_SET,
    remove_contents: "onDestroyRemoveEvents",
    not_empty: "calendarHasEvent",
    list: Op::CalendarList,
    set: [Op::CalendarCreate, Op::CalendarUpdate, Op::CalendarDelete],
    full,
    invalid,
};

/// All properties, and what they are when nothing else was set.
const PROPERTIES: [&str; 14] = [
    "id",
    "name",
    "description",
    "color",
    "sortOrder",
    "isSubscribed",
    "isVisible",
    "isDefault",
    "includeInAvailability",
    "defaultAlertsWithTime",
    "defaultAlertsWithoutTime",
    "timeZone",
    "shareWith",
    "myRights",
];

/// Those that only the server sets.
const SERVER_SET: [&str; 3] = ["id", "isDefault", "myRights"];

/// The calendar with every property.
fn full(calendar: &Calendar) -> Map<String, Value> {
    let mut shown = Map::from_iter([
        ("description".to_owned(), Value::Null),
        ("color".to_owned(), Value::Null),
        ("sortOrder".to_owned(), json!(0)),
        ("isSubscribed".to_owned(), json!(true)),
        ("isVisible".to_owned(), json!(true)),
        ("includeInAvailability".to_owned(), json!("all")),
        ("defaultAlertsWithTime".to_owned(), Value::Null),
        ("defaultAlertsWithoutTime".to_owned(), Value::Null),
        ("timeZone".to_owned(), Value::Null),
        ("shareWith".to_owned(), Value::Null),
    ]);
    shown.extend(calendar.body.clone());
    shown.insert("id".to_owned(), json!(calendar.id));
    shown.insert("name".to_owned(), json!(calendar.name));
    shown.insert("isDefault".to_owned(), json!(calendar.is_default));
    shown.insert("myRights".to_owned(), rights());
    shown
}

fn rights() -> Value {
    let names = [
        "mayReadFreeBusy",
        "mayReadItems",
        "mayWriteAll",
        "mayWriteOwn",
        "mayUpdatePrivate",
        "mayRSVP",
        "mayDelete",
    ];
    let mut rights: Map<_, _> =
        names.iter().map(|name| ((*name).to_owned(), json!(true))).collect();
    // "The user may modify the "shareWith" property", which is refused.
    rights.insert("mayShare".to_owned(), json!(false));
    rights.into()
}

fn are_alerts(alerts: &Map<String, Value>) -> bool {
    let mut wrong = Wrong::new(Strangers::Refused);
    let known = alerts.iter().all(|(id, alert)| {
        let Value::Object(alert) = alert else { return false };
        wrong.object(alert, &ALERT, id);
        is_id(id)
    });
    known && wrong.properties.is_empty()
}

/// The properties whose values are not valid.
fn invalid(calendar: &Map<String, Value>) -> Vec<String> {
    let fits = |name: &str, value: &Value| match name {
        "name" => value.as_str().is_some_and(|name| !name.is_empty() && name.len() <= 255),
        "description" => value.is_null() || value.is_string(),
        "color" => value.is_null() || value.as_str().is_some_and(is_color),
        "timeZone" => {
            value.is_null()
                || value.as_str().is_some_and(|name| crate::world::Zone::iana(name).is_some())
        }
        "sortOrder" => value.as_u64().is_some_and(|order| order < 1 << 31),
        "isSubscribed" | "isVisible" | "isDefault" => value.is_boolean(),
        "includeInAvailability" => {
            value.as_str().is_some_and(|word| ["all", "attending", "none"].contains(&word))
        }
        "defaultAlertsWithTime" | "defaultAlertsWithoutTime" => {
            value.is_null() || value.as_object().is_some_and(are_alerts)
        }
        // There are no principals that it could be shared with.
        "shareWith" => value.is_null() || value.as_object().is_some_and(Map::is_empty),
        "id" => value.is_string(),
        "myRights" => value.is_object(),
        _ => false,
    };
    let mut wrong: Vec<String> = calendar
        .iter()
        .filter(|(name, value)| !fits(name, value))
        .map(|(name, _)| name.clone())
        .collect();
    if !calendar.contains_key("name") {
        wrong.push("name".to_owned());
    }
    wrong
}
