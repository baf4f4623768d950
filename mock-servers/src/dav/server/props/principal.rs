//! Properties of principals: where everything of a user is.

use super::super::place::{Member, OUTBOX, Place};
use super::super::resource::Resource;
use crate::dav::xml::names::{calendar_server, dav};
use crate::dav::xml::{Element, Namespace, Value};
use crate::directory::{Realm, UserId};
use crate::turn::{INBOX, Turn};

const C: &str = "urn:ietf:params:xml:ns:caldav";
const A: &str = "urn:ietf:params:xml:ns:carddav";

/// The value of a property of a principal.
pub(super) fn value(
    turn: &Turn<'_>,
    resource: &Resource,
    user: UserId,
    key: (&str, &str),
) -> Option<Value<'static>> {
    let address = turn.directory().host(user).owner.clone();
    let scheduling = turn.host().profile.dav.scheduling.it();
    Some(match key {
        ("DAV:", "resourcetype") => Value::Names(vec![dav::COLLECTION, dav::PRINCIPAL]),
        ("DAV:", "displayname") => Value::text(address),
        ("DAV:", "principal-URL") => Value::href(resource.place(turn).href()),
        ("DAV:", "alternate-URI-set" | "group-member-set" | "group-membership") => Value::Empty,
        (C, "calendar-home-set") => Value::href(Place::Home(address, Realm::Calendars).href()),
        (A, "addressbook-home-set") => Value::href(Place::Home(address, Realm::Contacts).href()),
        (C, "calendar-user-address-set") => {
            let mail = format!("mailto:{address}");
            Value::Hrefs(vec![mail.into(), resource.place(turn).href().into()])
        }
        (C, "calendar-user-type") => Value::text("INDIVIDUAL"),
        (C, "schedule-inbox-URL") if scheduling => {
            let at = Member { owner: address, realm: Realm::Inbox, id: INBOX.to_owned() };
            Value::href(Place::Collection(at).href())
        }
        (C, "schedule-outbox-URL") if scheduling => {
            debug_assert_eq!(OUTBOX, "outbox");
            Value::href(Place::Outbox(address).href())
        }
        (ns, "email-address-set") if ns == Namespace::CALENDAR_SERVER.as_str() => {
            let name = crate::dav::xml::Name::new(
                calendar_server::GETCTAG.namespace().as_str(),
                "email-address",
            );
            Value::Elements(
                name.ok().map(|name| Element::new(name).with_text(address)).into_iter().collect(),
            )
        }
        _ => return None,
    })
}
