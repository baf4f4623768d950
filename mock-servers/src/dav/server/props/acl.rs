//! Who may do what (RFC 3744), and what holds for every resource. Everything of a user is theirs
//! alone; principals can be read by everybody with an account.

use super::super::place::Place;
use super::super::resource::Resource;
use crate::dav::xml::names::{caldav, dav};
use crate::dav::xml::request::Report;
use crate::dav::xml::{Element, Name, Value};
use crate::directory::Realm;
use crate::profiles::Answers;
use crate::turn::Turn;

/// The value of a property that every resource can have.
pub(super) fn value(
    turn: &Turn<'_>,
    resource: &Resource,
    key: (&str, &str),
) -> Option<Value<'static>> {
    let ("DAV:", local) = key else { return None };
    let own = Place::Principal(turn.host().owner.clone()).href();
    Some(match local {
        "current-user-principal" => Value::Elements(vec![Element::new(dav::HREF).with_text(own)]),
        "owner" => match resource.place(turn).owner() {
            Some(owner) => Value::href(Place::Principal(owner.to_owned()).href()),
            None => return None,
        },
        "principal-collection-set" => Value::Hrefs(vec![Place::Principals.href().into()]),
        "current-user-privilege-set" => {
            let held = privileges(resource);
            Value::Elements(held.into_iter().map(privilege).collect())
        }
        "supported-privilege-set" => Value::Elements(supported()),
        "acl" => {
            let who =
                Element::new(dav::PRINCIPAL).with_child(Element::new(dav::HREF).with_text(own));
            let granted = privileges(resource).into_iter().map(privilege);
            let grant = Element::new(dav::GRANT).with_children(granted);
            let ace = Element::new(dav::ACE)
                .with_child(who)
                .with_child(grant)
                .with_child(Element::new(dav::PROTECTED));
            Value::Elements(vec![ace])
        }
        "acl-restrictions" => Value::Names(vec![dav::GRANT_ONLY, dav::NO_INVERT]),
        // No locks (RFC 4918 sections 15.8 and 15.10).
        "supportedlock" | "lockdiscovery" => Value::Empty,
        "supported-report-set" => {
            let report = |name: Name| {
                let report = Element::new(dav::REPORT).with_child(Element::new(name));
                Element::new(dav::SUPPORTED_REPORT).with_child(report)
            };
            Value::Elements(reports(turn, resource).into_iter().map(report).collect())
        }
        _ => return None,
    })
}

/// What the user may do with a resource.
fn privileges(resource: &Resource) -> Vec<Name> {
    let read = vec![dav::READ, dav::READ_CURRENT_USER_PRIVILEGE_SET];
    let mut own = vec![
        dav::READ,
        dav::READ_ACL,
        dav::READ_CURRENT_USER_PRIVILEGE_SET,
        dav::WRITE,
        dav::WRITE_PROPERTIES,
        dav::WRITE_CONTENT,
    ];
    match resource {
        Resource::Collection(focus, _) if focus.realm == Realm::Inbox => inbox(read),
        Resource::EmptyInbox(_) => inbox(read),
        Resource::Outbox(_) => {
            let mut held = read;
            held.extend([
                caldav::SCHEDULE_SEND,
                caldav::SCHEDULE_SEND_INVITE,
                caldav::SCHEDULE_SEND_REPLY,
                caldav::SCHEDULE_SEND_FREEBUSY,
            ]);
            held
        }
        Resource::Home(..) | Resource::Collection(..) => {
            own.extend([dav::BIND, dav::UNBIND]);
            if matches!(resource, Resource::Collection(focus, _) if focus.realm == Realm::Calendars)
            {
                own.push(caldav::READ_FREE_BUSY);
            }
            own
        }
        Resource::Object(..) => own,
        _ => read,
    }
}

fn inbox(mut held: Vec<Name>) -> Vec<Name> {
    held.extend([
        dav::UNBIND,
        caldav::SCHEDULE_DELIVER,
        caldav::SCHEDULE_DELIVER_INVITE,
        caldav::SCHEDULE_DELIVER_REPLY,
        caldav::SCHEDULE_QUERY_FREEBUSY,
    ]);
    held
}

fn privilege(name: Name) -> Element {
    Element::new(dav::PRIVILEGE).with_child(Element::new(name))
}

/// The tree of privileges (RFC 3744 section 3.12, RFC 4791 section 6.1.1).
fn supported() -> Vec<Element> {
    let one = |name: Name, text: &str| {
        Element::new(dav::SUPPORTED_PRIVILEGE)
            .with_child(privilege(name))
            .with_child(Element::new(dav::DESCRIPTION).with_text(text))
    };
    let read = one(dav::READ, "Read")
        .with_child(one(caldav::READ_FREE_BUSY, "Read when somebody is busy"))
        .with_child(one(dav::READ_ACL, "Read who may do what"))
        .with_child(one(dav::READ_CURRENT_USER_PRIVILEGE_SET, "Read what oneself may do"));
    let write = one(dav::WRITE, "Write")
        .with_child(one(dav::WRITE_PROPERTIES, "Write properties"))
        .with_child(one(dav::WRITE_CONTENT, "Write content"))
        .with_child(one(dav::BIND, "Make resources"))
        .with_child(one(dav::UNBIND, "Delete resources"));
    vec![one(dav::ALL, "Everything").with_child(read).with_child(write)]
}

/// The reports that a resource answers.
pub(in super::super) fn reports(turn: &Turn<'_>, resource: &Resource) -> Vec<Name> {
    let quirks = &turn.host().profile.dav;
    Report::names()
        .into_iter()
        .filter(|name| {
            let local = name.local();
            match local {
                "acl-principal-prop-set" => false,
                "expand-property" => quirks.expand_property == Answers::Truly,
                "principal-match"
                | "principal-property-search"
                | "principal-search-property-set" => quirks.principal_searches == Answers::Truly,
                "sync-collection" => matches!(resource, Resource::Collection(..)),
                "free-busy-query" => matches!(resource, Resource::Collection(focus, _)
                if focus.realm == Realm::Calendars),
                _ => {
                    let realm = match resource {
                        Resource::Collection(focus, _) | Resource::Object(focus, _) => focus.realm,
                        Resource::Home(_, realm) => *realm,
                        Resource::EmptyInbox(_) => Realm::Inbox,
                        _ => return false,
                    };
                    let cards = *name.namespace() == crate::dav::xml::Namespace::CARDDAV;
                    cards == (realm == Realm::Contacts)
                }
            }
        })
        .collect()
}
