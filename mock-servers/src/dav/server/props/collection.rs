//! Properties of collections: calendars, address books, homes, inbox and outbox.

use jiff::Timestamp;

use super::super::bodies;
use super::super::place::{Member, Place};
use super::super::put::ATTENDEES_MAX;
use super::super::reports::sync_token;
use super::super::resource::{Resource, state};
use crate::account::Calendar;
use crate::dav::calendar::filter as of_calendars;
use crate::dav::card::filter as of_cards;
use crate::dav::xml::names::{caldav, carddav, dav};
use crate::dav::xml::{Element, Name, Namespace, Value};
use crate::directory::{Focus, Realm, UserId};
use crate::turn::Turn;

const C: &str = "urn:ietf:params:xml:ns:caldav";
const A: &str = "urn:ietf:params:xml:ns:carddav";

/// The value of a property of a collection that is no principal.
pub(super) fn value(
    turn: &Turn<'_>,
    resource: &Resource,
    key: (&str, &str),
) -> Option<Value<'static>> {
    if let ("DAV:", "resourcetype") = key {
        return Some(Value::Names(types(resource)));
    }
    let (focus, calendar) = match resource {
        Resource::Collection(focus, calendar) => (*focus, Some(&**calendar)),
        Resource::EmptyInbox(user) => (Focus { user: *user, realm: Realm::Inbox }, None),
        Resource::Home(user, realm) => return home(turn, *user, *realm, key),
        Resource::Outbox(_) => {
            let shown = ("DAV:", "displayname") == key;
            return shown.then(|| Value::text("Outbox")).or_else(|| calendars(turn, key));
        }
        _ => return None,
    };
    match key {
        ("DAV:", "displayname") => {
            return Some(Value::text(calendar.map_or("Inbox", |found| &found.name).to_owned()));
        }
        ("DAV:", "sync-token") => {
            let calendar = calendar?;
            return Some(Value::text(sync_token(turn, focus, calendar, None)));
        }
        (ns, "getctag") if ns == Namespace::CALENDAR_SERVER.as_str() => {
            let account = turn.account_of(focus);
            let newest = calendar.map_or(0, |calendar| state(account, calendar));
            return Some(Value::text(format!("\"{newest}\"")));
        }
        ("DAV:", "getetag") => {
            let account = turn.account_of(focus);
            let newest = calendar.map_or(0, |calendar| state(account, calendar));
            return Some(Value::text(format!("\"c{newest}\"")));
        }
        _ => {}
    }
    match focus.realm {
        Realm::Contacts => cards(turn, key),
        Realm::Inbox => inbox(turn, focus.user, key).or_else(|| calendars(turn, key)),
        _ => calendar_value(calendar?, key).or_else(|| calendars(turn, key)),
    }
}

fn types(resource: &Resource) -> Vec<Name> {
    let mut types = vec![dav::COLLECTION];
    match resource {
        Resource::Outbox(_) => types.push(caldav::SCHEDULE_OUTBOX),
        Resource::EmptyInbox(_) => types.push(caldav::SCHEDULE_INBOX),
        Resource::Collection(focus, _) => types.push(match focus.realm {
            Realm::Contacts => carddav::ADDRESSBOOK,
            Realm::Inbox => caldav::SCHEDULE_INBOX,
            _ => caldav::CALENDAR,
        }),
        _ => {}
    }
    types
}

fn home(turn: &Turn<'_>, user: UserId, realm: Realm, key: (&str, &str)) -> Option<Value<'static>> {
    match key {
        ("DAV:", "displayname") => Some(Value::text(turn.directory().host(user).owner.clone())),
        (C, "supported-calendar-component-sets") if realm == Realm::Calendars => {
            let comps = bodies::ALL_COMPONENTS.map(component);
            let set = Element::new(caldav::SUPPORTED_CALENDAR_COMPONENT_SET).with_children(comps);
            Some(Value::Elements(vec![set]))
        }
        _ => None,
    }
}

fn component(name: impl Into<String>) -> Element {
    let attribute = Name::new("", "name");
    let comp = Element::new(caldav::COMP);
    match attribute {
        Ok(attribute) => comp.with_attribute(attribute, name),
        Err(_) => comp,
    }
}

fn calendar_value(calendar: &Calendar, key: (&str, &str)) -> Option<Value<'static>> {
    match key {
        (C, "supported-calendar-component-set") => {
            let names = bodies::components(calendar).into_iter();
            Some(Value::Elements(names.map(component).collect()))
        }
        (C, "schedule-calendar-transp") => Some(Value::Names(vec![caldav::OPAQUE])),
        _ => None,
    }
}

/// What holds for all that has calendar objects in it.
fn calendars(turn: &Turn<'_>, key: (&str, &str)) -> Option<Value<'static>> {
    let (C, local) = key else { return None };
    Some(match local {
        "supported-calendar-data" => {
            let attributes = [("content-type", "text/calendar"), ("version", "2.0")];
            Value::Elements(vec![with(Element::new(caldav::CALENDAR_DATA), attributes)])
        }
        "supported-calendar-component-set" => {
            Value::Elements(bodies::ALL_COMPONENTS.map(component).to_vec())
        }
        "supported-collation-set" => {
            let one = |name: &str| Element::new(caldav::SUPPORTED_COLLATION).with_text(name);
            Value::Elements(of_calendars::Collation::NAMES.map(one).to_vec())
        }
        "max-attendees-per-instance" => Value::text(ATTENDEES_MAX.to_string()),
        "max-resource-size" => Value::text(turn.host().profile.dav.resource_octets_max.to_string()),
        _ => return None,
    })
}

fn inbox(turn: &Turn<'_>, user: UserId, key: (&str, &str)) -> Option<Value<'static>> {
    let (C, "schedule-default-calendar-URL") = key else { return None };
    let account = turn.account_of(Focus::calendars(user));
    let at = Member {
        owner: turn.directory().host(user).owner.clone(),
        realm: Realm::Calendars,
        id: account.default_calendar()?.id.clone(),
    };
    Some(Value::href(Place::Collection(at).href()))
}

fn cards(turn: &Turn<'_>, key: (&str, &str)) -> Option<Value<'static>> {
    let (A, local) = key else { return None };
    Some(match local {
        "supported-address-data" => {
            let one = |version: &'static str| {
                let attributes = [("content-type", "text/vcard"), ("version", version)];
                with(Element::new(carddav::ADDRESS_DATA_TYPE), attributes)
            };
            Value::Elements(["3.0", "4.0"].map(one).to_vec())
        }
        "supported-collation-set" => {
            let one = |name: &str| Element::new(carddav::SUPPORTED_COLLATION).with_text(name);
            Value::Elements(of_cards::Collation::NAMES.map(one).to_vec())
        }
        "max-resource-size" => Value::text(turn.host().profile.dav.resource_octets_max.to_string()),
        _ => return None,
    })
}

fn with(element: Element, attributes: [(&str, &str); 2]) -> Element {
    attributes.into_iter().fold(element, |element, (name, value)| match Name::new("", name) {
        Ok(name) => element.with_attribute(name, value),
        Err(_) => element,
    })
}

/// A date of HTTP (RFC 9110 section 5.6.7).
pub(in super::super) fn http_date(at: Timestamp) -> String {
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    printer.timestamp_to_rfc9110_string(&at).unwrap_or_default()
}
