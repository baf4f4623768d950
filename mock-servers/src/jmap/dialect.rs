//! JMAP as the core sees it.

use calamity_base::http::Incoming;
use calamity_evidence::Lineage;
use jiff::Timestamp;
use serde_json::json;

use super::exchange::JmapExchange;
use super::{
    contacts, edit, event as events, facts, identities, notifications, receive, schedule, source,
    times,
};
use crate::account::{Item, NewItem};
use crate::directory::Realm;
use crate::facts::Facts;
use crate::native::{Brief, Dialect, Exchange, Host, Letter, Native};
use crate::profiles::EventNames;
use crate::scheduling::Draft;
use crate::users::{Edit, NoSuchItem};
use crate::world::contacts::SourceContact;
use crate::world::{self, SourceEvent, Unwritable};

/// The protocol.
#[derive(Debug)]
pub(crate) struct Jmap;

impl Native for Jmap {
    fn facts(&self, item: &Item) -> Facts {
        facts::facts(item)
    }

    fn brief(&self, item: &Item, host: &Host) -> Brief {
        if contacts::is_card(&item.body) {
            return contacts::brief(item);
        }
        Brief {
            title: events::title(&item.body).to_owned(),
            attendees: events::attendees(&item.body, &host.owner),
        }
    }

    fn write(
        &self,
        event: &SourceEvent,
        lineage: &Lineage,
        host: &Host,
        now: Timestamp,
    ) -> Result<NewItem, Unwritable> {
        let mut body = world::jscalendar(event, lineage, &host.owner)?;
        let uid = body.entry("uid").or_insert_with(|| json!(event.uid)).clone();
        if host.profile.jmap.names == EventNames::Bis {
            body.entry("version").or_insert_with(|| json!("2.0"));
        }
        body.entry("created").or_insert_with(|| json!(times::stamp(now)));
        body.entry("updated").or_insert_with(|| json!(times::stamp(now)));
        let uid = uid.as_str().unwrap_or(&event.uid).to_owned();
        let sequence = events::sequence(&body);
        Ok(NewItem { uid, body, sequence, ..NewItem::default() })
    }

    fn write_contact(
        &self,
        contact: &SourceContact,
        lineage: &Lineage,
        _host: &Host,
        now: Timestamp,
    ) -> Option<Result<NewItem, Unwritable>> {
        Some(contacts::new_item(contact, lineage, now))
    }

    fn copy(&self, letter: &Letter<'_>, stored: Option<&Item>, host: &Host) -> Option<NewItem> {
        receive::receive(letter, stored, host)
    }

    fn notification(
        &self,
        before: Option<&Item>,
        after: Option<&Item>,
        by: &Host,
        host: &Host,
        now: Timestamp,
    ) -> Option<NewItem> {
        notifications::note(before, after, by, &host.owner, now)
    }

    fn furniture(&self, host: &Host) -> Vec<(Realm, NewItem)> {
        vec![(Realm::Identities, identities::first(host))]
    }

    fn edit(
        &self,
        item: &mut Item,
        edit: &Edit,
        host: &Host,
        now: Timestamp,
    ) -> Result<(), NoSuchItem> {
        edit::edit(item, edit, &host.owner, now)
    }

    fn schedule(
        &self,
        before: Option<&Item>,
        after: Option<&Item>,
        host: &Host,
        _now: Timestamp,
    ) -> Vec<Draft> {
        schedule::schedule(before, after, &host.owner)
    }

    fn source(&self, item: &Item, _host: &Host) -> Option<SourceEvent> {
        source::source(item)
    }

    fn tells_by_default(&self) -> bool {
        false
    }
}

impl Dialect for Jmap {
    fn open(&self, request: Incoming, host: &Host) -> Box<dyn Exchange> {
        Box::new(JmapExchange::open(&request, host))
    }
}
