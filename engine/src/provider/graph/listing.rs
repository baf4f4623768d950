//! Listing a calendar, and looking at single ids where a list proves too little.
//!
//! Pages count rows, so that a row that vanishes between two pages makes another slip through. An
//! id that is missing in a list is therefore asked for before it counts as gone.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::{ContainerId, ItemId, Revision};
use crate::provider::Error;

use super::Graph;

const WHAT: &str = "feed.page";
const SELECT: &str = "id,changeKey,lastModifiedDateTime,type";
/// Up to here a missing id is asked for by itself; beyond it a second list must agree.
const ASKED_MAX: usize = 100;

/// The rows of a list.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) there: BTreeMap<ItemId, Option<Revision>>,
    pub(super) latest: Option<Timestamp>,
    pub(super) pages: usize,
    unreadable: bool,
}

impl Graph {
    /// Lists a calendar, or what changed in it at or after an instant. What was read before a
    /// failure is left in `rows`.
    pub(super) async fn list(
        &self,
        container: &ContainerId,
        since: Option<Timestamp>,
        rows: &mut Rows,
    ) -> Result<(), Error> {
        let filter = since.map(|since| format!("lastModifiedDateTime ge {since}"));
        let mut query = vec![("$select", SELECT), ("$top", "100")];
        query.extend(filter.as_deref().map(|filter| ("$filter", filter)));
        let first = self.address(&["me", "calendars", container.as_str(), "events"], &query)?;
        let end = self.pages(WHAT, first, &[], |row| rows.take(&row)).await?;
        rows.pages = end.pages;
        if rows.unreadable {
            return Err(self.http.malformed(WHAT, "a row has no id".to_owned()));
        }
        Ok(())
    }

    /// Which of the missing ids are gone from a calendar; the others are there after all.
    pub(super) async fn gone(
        &self,
        container: &ContainerId,
        missing: BTreeSet<ItemId>,
    ) -> Result<(BTreeSet<ItemId>, BTreeMap<ItemId, Option<Revision>>), Error> {
        let (mut gone, mut there) = (BTreeSet::new(), BTreeMap::new());
        if missing.len() > ASKED_MAX {
            let mut again = Rows::default();
            self.list(container, None, &mut again).await?;
            for id in missing {
                match again.there.remove(&id) {
                    Some(revision) => {
                        there.insert(id, revision);
                    }
                    None => {
                        gone.insert(id);
                    }
                }
            }
            return Ok((gone, there));
        }
        for id in missing {
            match self.look(container, &id).await? {
                Some((id, revision)) => {
                    there.insert(id, revision);
                }
                None => {
                    gone.insert(id);
                }
            }
        }
        Ok((gone, there))
    }

    /// One id: the item that it stands for, or none when the calendar does not hold it.
    async fn look(
        &self,
        container: &ContainerId,
        id: &ItemId,
    ) -> Result<Option<(ItemId, Option<Revision>)>, Error> {
        const LOOK: &str = "event.get";
        let segments = ["me", "calendars", container.as_str(), "events", id.as_str()];
        let query = [("$select", "id,changeKey,type,seriesMasterId")];
        let reply = self.get(LOOK, self.address(&segments, &query)?, &[]).await?;
        if reply.status == 404 {
            return Ok(None);
        }
        if reply.status != 200 {
            return Err(self.refused(&reply));
        }
        let event = self.object(&reply)?;
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        if let Some(master) = text("seriesMasterId").filter(|master| !master.is_empty()) {
            return Ok(Some((master.into(), None)));
        }
        Ok(Some((id.clone(), revision(&event))))
    }
}

impl Rows {
    fn take(&mut self, row: &Map<String, Value>) {
        let Some(id) = row.get("id").and_then(Value::as_str) else {
            self.unreadable = true;
            return;
        };
        let changed = row.get("lastModifiedDateTime").and_then(Value::as_str);
        self.latest = self.latest.max(changed.and_then(|time| time.parse().ok()));
        self.there.insert(id.into(), revision(row));
    }
}

/// The revision that a row tells. That of a master may stay when an occurrence changes.
fn revision(row: &Map<String, Value>) -> Option<Revision> {
    row.get("changeKey").and_then(Value::as_str).map(Revision::from)
}
