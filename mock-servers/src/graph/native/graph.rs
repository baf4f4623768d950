//! The protocol as the core knows it.

use std::collections::BTreeSet;

use calamity_base::http::Incoming;
use calamity_evidence::Lineage;
use jiff::Timestamp;
use serde_json::Value;

use super::{edit, facts, schedule, source, write};
use crate::account::{Item, NewItem};
use crate::facts::Facts;
use crate::graph::call::Call;
use crate::graph::stored::{address_of, attendees};
use crate::native::{Brief, Dialect, Exchange, Host, Native};
use crate::scheduling::Draft;
use crate::users::{Edit, NoSuchItem};
use crate::world::{SourceEvent, Unwritable};

/// Microsoft Graph.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Graph;

impl Native for Graph {
    fn facts(&self, item: &Item) -> Facts {
        facts::of(item)
    }

    fn brief(&self, item: &Item, host: &Host) -> Brief {
        let title = item.body.get("subject").and_then(Value::as_str).unwrap_or_default();
        let own = item.exceptions.values().flat_map(attendees);
        let invited: BTreeSet<String> = attendees(&item.body)
            .chain(own)
            .filter_map(address_of)
            .filter(|address| *address != host.owner)
            .collect();
        Brief { title: title.to_owned(), attendees: invited }
    }

    fn write(
        &self,
        event: &SourceEvent,
        lineage: &Lineage,
        host: &Host,
        _now: Timestamp,
    ) -> Result<NewItem, Unwritable> {
        write::write(event, lineage, host)
    }

    fn edit(
        &self,
        item: &mut Item,
        edit: &Edit,
        _host: &Host,
        _now: Timestamp,
    ) -> Result<(), NoSuchItem> {
        edit::edit(item, edit)
    }

    fn schedule(
        &self,
        before: Option<&Item>,
        after: Option<&Item>,
        host: &Host,
        _now: Timestamp,
    ) -> Vec<Draft> {
        schedule::drafts(before, after, host)
    }

    fn source(&self, item: &Item, _host: &Host) -> Option<SourceEvent> {
        source::source(item)
    }

    fn tells_by_default(&self) -> bool {
        true
    }
}

impl Dialect for Graph {
    fn open(&self, request: Incoming, host: &Host) -> Box<dyn Exchange> {
        Box::new(Call::open(&request, host))
    }
}
