//! A seeded event or contact as the mailbox holds it.

use std::collections::BTreeMap;

use calamity_evidence::Lineage;
use serde_json::{Map, Value};

use crate::account::{NewItem, derive};
use crate::graph::failure::Failure;
use crate::graph::moment::Moment;
use crate::graph::recurrence::Recurrence;
use crate::graph::{contacts, ids, stored};
use crate::native::Host;
use crate::world::contacts::SourceContact;
use crate::world::{self, GraphEvent, SourceEvent, Unwritable};

/// What is computed when an event is answered.
const COMPUTED: [&str; 3] = ["originalStart", "originalStartTimeZone", "originalEndTimeZone"];

/// The event with its exceptions and cancellations.
pub(super) fn write(
    event: &SourceEvent,
    lineage: &Lineage,
    host: &Host,
) -> Result<NewItem, Unwritable> {
    let GraphEvent { mut body, exceptions, cancelled } = world::graph(event, lineage, &host.owner)?;
    settle(&mut body)?;
    let exceptions = exceptions.into_iter().map(|(key, own)| (key, differing(own, &body)));
    let exceptions: BTreeMap<String, Map<String, Value>> = exceptions.collect();
    Ok(NewItem {
        uid: ids::ical_uid(host.seed, &format!("{} {lineage}", event.uid)),
        body,
        exceptions,
        cancelled: cancelled.into_iter().collect(),
        sequence: event.sequence,
        ..NewItem::default()
    })
}

/// The contact as the mailbox holds it.
pub(super) fn contact(
    contact: &SourceContact,
    lineage: &Lineage,
    host: &Host,
) -> Result<NewItem, Unwritable> {
    let written = world::contacts::graph(contact, lineage)?;
    let unfit = |failure: Failure| Unwritable {
        property: "VCARD".to_owned(),
        reason: failure.message.into_owned(),
    };
    let body = contacts::stored(&written).map_err(unfit)?;
    let uid = derive(host.seed, "seeded-contact", &format!("{} {lineage}", contact.uid), 0);
    Ok(NewItem { uid, body, ..NewItem::default() })
}

/// What an exception has of its own: its times, and what its master says otherwise.
fn differing(own: Map<String, Value>, master: &Map<String, Value>) -> Map<String, Value> {
    let mut settled = own.clone();
    stored::align_places(&mut settled, &own);
    settled.retain(|name, value| {
        let times = ["start", "end", "isAllDay"].contains(&name.as_str());
        !COMPUTED.contains(&name.as_str()) && (times || master.get(name) != Some(value))
    });
    settled
}

/// Puts what the world wrote into the stored form, which a request body gets as well.
fn settle(body: &mut Map<String, Value>) -> Result<(), Unwritable> {
    body.retain(|name, _| !COMPUTED.contains(&name.as_str()));
    let given = body.clone();
    stored::complete(body);
    stored::align_places(body, &given);
    let unfit = |property: &str, reason: &str| Unwritable {
        property: property.to_owned(),
        reason: reason.to_owned(),
    };
    let start = Moment::stored(body.get("start"))
        .ok_or_else(|| unfit("DTSTART", "no start that Graph can hold"))?;
    let end = Moment::stored(body.get("end"))
        .ok_or_else(|| unfit("DTEND", "no end that Graph can hold"))?;
    body.insert("start".to_owned(), start.to_value());
    body.insert("end".to_owned(), end.to_value());
    if body.get("recurrence").is_some_and(|value| !value.is_null()) {
        let recurrence = Recurrence::stored(body.get("recurrence"), &start)
            .ok_or_else(|| unfit("RRULE", "no recurrence that Graph can hold"))?;
        body.insert("recurrence".to_owned(), recurrence.to_value());
    }
    Ok(())
}
