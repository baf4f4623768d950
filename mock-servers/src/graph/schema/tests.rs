//! The server's types against the metadata's.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::kind::{Kind, Type};
use super::table::Table;
use super::{
    CALENDAR, CALENDAR_GROUP, CONTACT, CONTACT_FOLDER, EVENT, MAILBOX_SETTINGS, SUBSCRIPTION, USER,
};

/// What the server's table says otherwise than the metadata's.
fn differences(table: &Table, kind: &Type, seen: &mut BTreeSet<&'static str>) -> Vec<String> {
    if !seen.insert(kind.name) {
        return Vec::new();
    }
    let declared = table.structures.get(kind.name).expect("a type of the metadata");
    let mut wrong = Vec::new();
    for property in kind.properties {
        let at = format!("{}/{}", kind.name, property.name);
        let Some(known) = declared.get(property.name) else {
            wrong.push(format!("{at}: not in the metadata"));
            continue;
        };
        if property.never_null() && known.nullable {
            wrong.push(format!("{at}: may be null"));
        }
        let (inner, many) = match property.kind {
            Kind::List(inner) => (*inner, true),
            other => (other, false),
        };
        if many != known.many {
            wrong.push(format!("{at}: a collection or not"));
        }
        match inner {
            Kind::Enum(names) => {
                let members = table.enums.get(&known.kind);
                if members.is_none_or(|members| members != names) {
                    wrong.push(format!("{at}: {names:?} is not {members:?}"));
                }
            }
            Kind::Complex(inner) => {
                if inner.name != known.kind {
                    wrong.push(format!("{at}: {} is not {}", inner.name, known.kind));
                }
                wrong.extend(differences(table, inner, seen));
            }
            Kind::Open => assert_eq!(known.kind, "extension", "{at}"),
            simple => {
                if simple.name() != known.kind {
                    wrong.push(format!("{at}: {} is not {}", simple.name(), known.kind));
                }
            }
        }
    }
    // Of users only a part is known: they are the directory's.
    if kind.name != "user" {
        let names: BTreeSet<&str> = kind.properties.iter().map(|known| known.name).collect();
        let missing = declared.keys().filter(|name| !names.contains(name.as_str()));
        wrong.extend(missing.map(|name| format!("{}/{name}: is missing", kind.name)));
    }
    wrong
}

#[test]
fn the_servers_types_are_those_of_the_metadata() {
    let table = Table::read();
    let mut seen = BTreeSet::new();
    let served = [
        &EVENT,
        &CALENDAR,
        &CALENDAR_GROUP,
        &CONTACT,
        &CONTACT_FOLDER,
        &MAILBOX_SETTINGS,
        &USER,
        &SUBSCRIPTION,
    ];
    for kind in served {
        assert_eq!(differences(&table, kind, &mut seen), Vec::<String>::new());
    }
    assert_eq!(seen.len(), 29);
}

#[test]
fn the_table_finds_what_does_not_fit() {
    let table = Table::read();
    let wrong = |value: Value| table.wrong("event", &value, "");
    assert_eq!(wrong(json!({ "@odata.etag": "x", "subject": null, "isAllDay": true })), [""; 0]);
    for (value, expected) in [
        (json!({ "summary": "x" }), "/summary: event has no such property"),
        (json!({ "isAllDay": "x" }), "/isAllDay: \"x\" is no Boolean"),
        (json!({ "attendees": null }), "/attendees: cannot be null"),
        (json!({ "id": null }), "/id: cannot be null"),
        (json!({ "start": { "dateTime": null } }), "/start/dateTime: cannot be null"),
        (json!({ "showAs": "asleep" }), "/showAs: \"asleep\" is no freeBusyStatus"),
        (json!({ "categories": "x" }), "/categories: is no collection"),
        (json!({ "createdDateTime": "soon" }), "/createdDateTime: \"soon\" is no DateTimeOffset"),
    ] {
        assert_eq!(wrong(value), [expected]);
    }
}
