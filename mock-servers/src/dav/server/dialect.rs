//! CalDAV and CardDAV as the core sees them.

use std::collections::BTreeSet;

use calamity_base::http::Incoming;
use calamity_evidence::Lineage;
use jiff::Timestamp;
use serde_json::{Map, json};

use super::exchange::DavExchange;
use super::resource::SCHEDULE_TAG;
use super::{bodies, facts, receive, scheduling, users};
use crate::account::{Item, NewItem, Text, short_hash};
use crate::dav::calendar::CalendarObject;
use crate::dav::calendar::schedule::attendees;
use crate::facts::Facts;
use crate::native::{Brief, Dialect, Exchange, Host, Native};
use crate::scheduling::Draft;
use crate::users::{Edit, NoSuchItem};
use crate::world::contacts::content::Version;
use crate::world::contacts::{SourceContact, vcard};
use crate::world::{self, SourceEvent, Unwritable};

/// The protocol.
#[derive(Debug)]
pub(crate) struct Dav;

impl Native for Dav {
    fn facts(&self, item: &Item) -> Facts {
        facts::facts(item)
    }

    fn brief(&self, item: &Item, host: &Host) -> Brief {
        if let Some(object) = bodies::object(item) {
            let component = object.master().or_else(|| object.components().next());
            let title = component.and_then(|it| it.property("SUMMARY")).map(|it| it.text());
            let people = object.components().flat_map(attendees).map(|person| person.address);
            let attendees: BTreeSet<String> = people.filter(|it| *it != host.owner).collect();
            return Brief { title: title.unwrap_or_default(), attendees };
        }
        let title = bodies::card(item).map(|card| card.full_name()).unwrap_or_default();
        Brief { title, attendees: BTreeSet::new() }
    }

    fn write(
        &self,
        event: &SourceEvent,
        lineage: &Lineage,
        host: &Host,
        now: Timestamp,
    ) -> Result<NewItem, Unwritable> {
        let text = world::icalendar(event, lineage, &host.owner, now)?;
        let unfit = |reason: String| Unwritable { property: "VCALENDAR".to_owned(), reason };
        let object = CalendarObject::read(text).map_err(|invalid| unfit(invalid.to_string()))?;
        let mut body = Map::new();
        if scheduling::is_scheduling(&object, host) {
            body.insert(SCHEDULE_TAG.to_owned(), json!(short_hash(object.octets())));
        }
        let text = Text { octets: object.octets().clone(), media_type: "text/calendar" };
        Ok(NewItem {
            uid: object.uid().to_owned(),
            body,
            text: Some(text),
            sequence: event.sequence,
            ..NewItem::default()
        })
    }

    fn write_contact(
        &self,
        contact: &SourceContact,
        lineage: &Lineage,
        _host: &Host,
        _now: Timestamp,
    ) -> Option<Result<NewItem, Unwritable>> {
        // Version 3.0 is what address book servers must take (RFC 6352 section 3).
        let card = vcard(contact, lineage, Version::V3);
        let card = card.or_else(|_| vcard(contact, lineage, Version::V4));
        Some(card.map(|text| NewItem {
            uid: contact.uid.clone(),
            text: Some(Text { octets: text.into(), media_type: "text/vcard" }),
            ..NewItem::default()
        }))
    }

    fn edit(
        &self,
        item: &mut Item,
        edit: &Edit,
        host: &Host,
        now: Timestamp,
    ) -> Result<(), NoSuchItem> {
        users::edit(item, edit, host, now)
    }

    fn schedule(
        &self,
        before: Option<&Item>,
        after: Option<&Item>,
        host: &Host,
        now: Timestamp,
    ) -> Vec<Draft> {
        let (old, new) = (before.and_then(bodies::object), after.and_then(bodies::object));
        scheduling::drafts(old.as_ref(), new.as_ref(), host, now)
    }

    fn tells_by_default(&self) -> bool {
        // RFC 6638: implicitly, and no request can say otherwise for all.
        true
    }

    fn receive(
        &self,
        draft: &Draft,
        stored: Option<&Item>,
        host: &Host,
        _now: Timestamp,
    ) -> Option<NewItem> {
        receive::receive(draft, stored, &host.profile.dav)
    }
}

impl Dialect for Dav {
    fn open(&self, request: Incoming, _host: &Host) -> Box<dyn Exchange> {
        Box::new(DavExchange::open(request))
    }
}
