//! What a method call asks for, in the words of the fault model.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::{contacts, event};
use crate::operation::{Op, Operation, Target};

/// The operations of a call; references in its arguments may still stand unresolved.
pub(super) fn of(name: &str, arguments: &Map<String, Value>) -> Vec<Operation> {
    match name {
        "Calendar/get" => {
            vec![Operation { targets: ids(arguments), ..Operation::new(Op::CalendarList) }]
        }
        "Calendar/changes" => vec![Operation::new(Op::CalendarList)],
        "Calendar/set" => {
            set(arguments, [Op::CalendarCreate, Op::CalendarUpdate, Op::CalendarDelete], &calendar)
        }
        "CalendarEvent/get" => {
            vec![Operation { targets: ids(arguments), ..Operation::new(Op::EventGet) }]
        }
        "CalendarEvent/set" => {
            set(arguments, [Op::EventCreate, Op::EventUpdate, Op::EventDelete], &event)
        }
        "CalendarEvent/query" | "CalendarEvent/queryChanges" => {
            let calendars = arguments.get("filter").map(in_calendar).unwrap_or_default();
            vec![Operation { calendars, ..Operation::new(Op::FeedQuery) }]
        }
        "CalendarEvent/copy" => copy(arguments, Op::EventCreate, &event),
        "AddressBook/get" => {
            vec![Operation { targets: ids(arguments), ..Operation::new(Op::AddressBookList) }]
        }
        "AddressBook/changes" => vec![Operation::new(Op::AddressBookList)],
        "AddressBook/set" => set(
            arguments,
            [Op::AddressBookCreate, Op::AddressBookUpdate, Op::AddressBookDelete],
            &calendar,
        ),
        "ContactCard/get" => {
            vec![Operation { targets: ids(arguments), ..Operation::new(Op::ContactGet) }]
        }
        "ContactCard/set" => {
            set(arguments, [Op::ContactCreate, Op::ContactUpdate, Op::ContactDelete], &card)
        }
        "ContactCard/copy" => copy(arguments, Op::ContactCreate, &card),
        "ContactCard/query"
        | "ContactCard/queryChanges"
        | "CalendarEventNotification/query"
        | "CalendarEventNotification/queryChanges" => vec![Operation::new(Op::FeedQuery)],
        "CalendarEvent/changes"
        | "ContactCard/changes"
        | "CalendarEventNotification/changes"
        | "ParticipantIdentity/changes" => vec![Operation::new(Op::FeedChanges)],
        "PushSubscription/get" | "PushSubscription/set" => vec![Operation::new(Op::Subscribe)],
        _ => vec![Operation::new(Op::Other)],
    }
}

/// The calendar that a filter limits a query to.
pub(super) fn in_calendar(filter: &Value) -> BTreeSet<String> {
    filter.get("inCalendar").and_then(Value::as_str).map(str::to_owned).into_iter().collect()
}

fn ids(arguments: &Map<String, Value>) -> Vec<Target> {
    let ids = arguments.get("ids").and_then(Value::as_array).into_iter().flatten();
    ids.filter_map(Value::as_str).map(by_id).collect()
}

fn by_id(id: &str) -> Target {
    Target { id: id.to_owned(), ..Target::default() }
}

fn set(
    arguments: &Map<String, Value>,
    [create, update, destroy]: [Op; 3],
    target: &dyn Fn(&str, &Map<String, Value>) -> Target,
) -> Vec<Operation> {
    let members = |name: &str| arguments.get(name).and_then(Value::as_object).into_iter().flatten();
    let creates = members("create").filter_map(|(id, value)| Some(target(id, value.as_object()?)));
    let updates = members("update").map(|(id, _)| by_id(id));
    let destroys = arguments.get("destroy").and_then(Value::as_array).into_iter().flatten();
    let destroys = destroys.filter_map(Value::as_str).map(by_id);
    let parts =
        [(create, creates.collect()), (update, updates.collect()), (destroy, destroys.collect())];
    let operation = |(op, targets): (Op, Vec<Target>)| {
        // A destroy by reference has no targets yet, but is one.
        let referenced = op == destroy && arguments.contains_key("#destroy");
        let asked = referenced || !targets.is_empty();
        asked.then(|| Operation { targets, ..Operation::new(op) })
    };
    let found: Vec<Operation> = parts.into_iter().filter_map(operation).collect();
    if found.is_empty() { vec![Operation::new(Op::Other)] } else { found }
}

fn copy(
    arguments: &Map<String, Value>,
    create: Op,
    target: &dyn Fn(&str, &Map<String, Value>) -> Target,
) -> Vec<Operation> {
    let creates = arguments.get("create").and_then(Value::as_object).into_iter().flatten();
    let targets = creates.filter_map(|(id, value)| Some(target(id, value.as_object()?)));
    vec![Operation { targets: targets.collect(), ..Operation::new(create) }]
}

/// An event that is to be made.
pub(super) fn event(creation: &str, object: &Map<String, Value>) -> Target {
    let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let calendars = object.get("calendarIds").and_then(Value::as_object);
    Target {
        id: creation.to_owned(),
        uid: text("uid"),
        title: text("title"),
        calendars: calendars.map(|map| map.keys().cloned().collect()).unwrap_or_default(),
        attendees: event::attendees(object, "").into_iter().collect(),
    }
}

/// A card that is to be made.
pub(super) fn card(creation: &str, object: &Map<String, Value>) -> Target {
    let books = object.get("addressBookIds").and_then(Value::as_object);
    Target {
        id: creation.to_owned(),
        uid: object.get("uid").and_then(Value::as_str).unwrap_or_default().to_owned(),
        title: contacts::title(object),
        calendars: books.map(|map| map.keys().cloned().collect()).unwrap_or_default(),
        ..Target::default()
    }
}

/// A calendar, or an address book, that is to be made.
pub(super) fn calendar(creation: &str, object: &Map<String, Value>) -> Target {
    let name = object.get("name").and_then(Value::as_str).unwrap_or_default();
    Target { id: creation.to_owned(), title: name.to_owned(), ..Target::default() }
}
