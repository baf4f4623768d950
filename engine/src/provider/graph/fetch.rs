//! Events with their content: single instances, and masters with their changed and left-out
//! occurrences.

use serde_json::{Map, Value};

use crate::content::Malformed;
use crate::model::{ContainerId, Fetched, Item, ItemId, Revision, Uid};
use crate::provider::Error;

use super::Graph;
use super::convert::{self, Stored, UID_PROPERTY};

const WHAT: &str = "event.get";
const SELECT: &str = "id,changeKey,lastModifiedDateTime,type,iCalUId,subject,body,start,end,\
    originalStartTimeZone,originalEndTimeZone,originalStart,isAllDay,location,locations,\
    recurrence,isReminderOn,reminderMinutesBeforeStart,sensitivity,showAs,importance,categories,\
    attendees,organizer,isOrganizer,isCancelled,onlineMeeting,onlineMeetingUrl,hideAttendees,\
    seriesMasterId,cancelledOccurrences,exceptionOccurrences";

impl Graph {
    pub(super) async fn fetch_items(
        &self,
        container: &ContainerId,
        ids: &[ItemId],
    ) -> Result<Fetched, Error> {
        let mut fetched = Fetched::default();
        for id in ids {
            match self.read(container, id).await {
                Ok(Some(raw)) => match item(container, self.owner.as_deref(), raw) {
                    Ok(item) => fetched.found.push(item),
                    Err(error) => {
                        let error = self.http.malformed(WHAT, error.to_string());
                        fetched.failed.push((id.clone(), error));
                    }
                },
                Ok(None) => fetched.missing.push(id.clone()),
                Err(error) => fetched.failed.push((id.clone(), error)),
            }
        }
        Ok(fetched)
    }

    /// One event as the server tells it; none when the calendar does not hold it.
    pub(super) async fn read(
        &self,
        container: &ContainerId,
        id: &ItemId,
    ) -> Result<Option<Map<String, Value>>, Error> {
        let segments = ["me", "calendars", container.as_str(), "events", id.as_str()];
        let expand = format!(
            "exceptionOccurrences,singleValueExtendedProperties($filter=id eq '{UID_PROPERTY}')"
        );
        let query = [("$select", SELECT), ("$expand", expand.as_str())];
        let reply = self.get(WHAT, self.address(&segments, &query)?, &[]).await?;
        match reply.status {
            200 => self.object(&reply).map(Some),
            404 => Ok(None),
            _ => Err(self.refused(&reply)),
        }
    }

    /// Events that bear a UID: ours in the extended property, or their own.
    pub(super) async fn find_items(
        &self,
        container: &ContainerId,
        uid: &Uid,
    ) -> Result<Vec<Item>, Error> {
        let text = uid.as_str().replace('\'', "''");
        let filters = [
            format!(
                "singleValueExtendedProperties/Any(ep: ep/id eq '{UID_PROPERTY}' and \
                 ep/value eq '{text}')"
            ),
            format!("iCalUId eq '{text}'"),
        ];
        for filter in filters {
            let query = [("$select", "id"), ("$top", "50"), ("$filter", filter.as_str())];
            let first = self.address(&["me", "calendars", container.as_str(), "events"], &query)?;
            let mut ids = std::collections::BTreeSet::new();
            let take = |row: Map<String, Value>| {
                ids.extend(row.get("id").and_then(Value::as_str).map(ItemId::from));
            };
            self.pages("feed.query", first, &[], take).await?;
            let ids: Vec<ItemId> = ids.into_iter().collect();
            let fetched = self.fetch_items(container, &ids).await?;
            if let Some((_, error)) = fetched.failed.into_iter().next() {
                return Err(error);
            }
            // The filter is said to disregard case; identities do not.
            let found: Vec<Item> =
                fetched.found.into_iter().filter(|item| item.uid == *uid).collect();
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }
}

/// An event as it was read, with what belongs to its occurrences taken apart.
pub(super) fn stored(mut raw: Map<String, Value>) -> Stored {
    let mut list = |name: &str| match raw.remove(name) {
        Some(Value::Array(all)) => all,
        _ => Vec::new(),
    };
    let exceptions = list("exceptionOccurrences");
    let cancelled = list("cancelledOccurrences");
    Stored {
        master: raw,
        exceptions: exceptions.into_iter().filter_map(|one| one.as_object().cloned()).collect(),
        cancelled: cancelled.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}

/// The item that an event comes to.
fn item(
    container: &ContainerId,
    owner: Option<&str>,
    raw: Map<String, Value>,
) -> Result<Item, Malformed> {
    let stored = stored(raw);
    let text = |name: &str| {
        let text = stored.master.get(name).and_then(Value::as_str);
        text.ok_or_else(|| Malformed { property: name.to_owned(), problem: "is missing" })
    };
    let (id, key) = (ItemId::from(text("id")?), Revision::from(text("changeKey")?));
    let organizer =
        stored.master.get("organizer").and_then(|who| who.pointer("/emailAddress/address"));
    let organizer = organizer.and_then(Value::as_str);
    let by_owner = owner.zip(organizer).is_some_and(|(owner, who)| owner.eq_ignore_ascii_case(who));
    let read = convert::read(&stored)?;
    Ok(Item {
        id,
        container: container.clone(),
        uid: read.uid,
        revision: key,
        raw: read.raw,
        event: read.event,
        own: read.own || by_owner,
        updated: read.updated,
    })
}
