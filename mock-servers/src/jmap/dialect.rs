//! JMAP as the core sees it.

use calamity_base::http::Incoming;
use calamity_evidence::Lineage;
use jiff::Timestamp;
use serde_json::json;

use super::exchange::JmapExchange;
use super::{edit, event as events, facts, schedule, source, times};
use crate::account::{Item, NewItem};
use crate::facts::Facts;
use crate::native::{Brief, Dialect, Exchange, Host, Native};
use crate::scheduling::Draft;
use crate::users::{Edit, NoSuchItem};
use crate::world::{self, SourceEvent, Unwritable};

/// The protocol.
#[derive(Debug)]
pub(crate) struct Jmap;

impl Native for Jmap {
    fn facts(&self, item: &Item) -> Facts {
        facts::facts(item)
    }

    fn brief(&self, item: &Item, host: &Host) -> Brief {
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
        body.entry("created").or_insert_with(|| json!(times::stamp(now)));
        body.entry("updated").or_insert_with(|| json!(times::stamp(now)));
        let uid = uid.as_str().unwrap_or(&event.uid).to_owned();
        let sequence = events::sequence(&body);
        Ok(NewItem { uid, body, sequence, ..NewItem::default() })
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
