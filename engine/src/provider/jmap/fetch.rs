//! `CalendarEvent/get`: every id asked for is accounted for.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::model::{ContainerId, Fetched, Item, ItemId, Uid};
use crate::provider::Error;

use super::session::Session;
use super::{Jmap, body};

const WHAT: &str = "event.get";

/// What a server says about ids.
#[derive(Debug, Default)]
pub(super) struct Got {
    pub(super) found: BTreeMap<ItemId, Map<String, Value>>,
    pub(super) missing: BTreeSet<ItemId>,
    /// The account's state at the last answer.
    pub(super) state: Option<String>,
}

impl Jmap {
    /// Reads objects, a chunk at a time. Ids in neither list of an answer are in neither here.
    pub(super) async fn get(
        &self,
        session: &Session,
        ids: &[ItemId],
        properties: Option<&[&str]>,
    ) -> Result<Got, Error> {
        let mut got = Got::default();
        for chunk in ids.chunks(session.objects_in_get_max.clamp(1, 500)) {
            let wanted: Vec<&str> = chunk.iter().map(ItemId::as_str).collect();
            let mut arguments = json!({"ids": wanted});
            if let Some(properties) = properties {
                arguments["properties"] = json!(properties);
            }
            let answer = self.read(session, WHAT, "CalendarEvent/get", arguments).await?;
            let list = answer.get("list").and_then(Value::as_array);
            let list =
                list.ok_or_else(|| self.http.malformed(WHAT, "the answer has no list".to_owned()))?;
            for object in list.iter().filter_map(Value::as_object) {
                if let Some(id) = object.get("id").and_then(Value::as_str) {
                    got.found.insert(id.into(), object.clone());
                }
            }
            let missing = answer.get("notFound").and_then(Value::as_array).into_iter().flatten();
            got.missing.extend(missing.filter_map(Value::as_str).map(ItemId::from));
            got.state = answer.get("state").and_then(Value::as_str).map(str::to_owned);
        }
        Ok(got)
    }

    /// The account's state: a get of nothing.
    pub(super) async fn read_state(&self, session: &Session) -> Result<String, Error> {
        let arguments = json!({"ids": []});
        let answer = self.read(session, WHAT, "CalendarEvent/get", arguments).await?;
        let state = answer.get("state").and_then(Value::as_str);
        let state =
            state.ok_or_else(|| self.http.malformed(WHAT, "the answer has no state".to_owned()))?;
        Ok(state.to_owned())
    }

    pub(super) async fn fetch_items(
        &self,
        container: &ContainerId,
        ids: &[ItemId],
    ) -> Result<Fetched, Error> {
        let session = self.session().await?;
        let mut got = self.get(&session, ids, None).await?;
        let mut fetched = Fetched::default();
        let mut asked = BTreeSet::new();
        for id in ids {
            if !asked.insert(id) {
                continue;
            }
            match got.found.remove(id) {
                // One that has moved to another calendar is not here any more.
                Some(raw) if !body::is_in(&raw, container) => fetched.missing.push(id.clone()),
                Some(raw) => match body::item(id.clone(), container, raw) {
                    Ok(item) => fetched.found.push(item),
                    Err(error) => {
                        let error = self.http.malformed(WHAT, error.to_string());
                        fetched.failed.push((id.clone(), error));
                    }
                },
                None if got.missing.contains(id) => fetched.missing.push(id.clone()),
                None => {
                    let problem = "the answer does not mention the item".to_owned();
                    fetched.failed.push((id.clone(), self.http.incomplete(WHAT, problem)));
                }
            }
        }
        Ok(fetched)
    }

    pub(super) async fn find_items(
        &self,
        container: &ContainerId,
        uid: &Uid,
    ) -> Result<Vec<Item>, Error> {
        let session = self.session().await?;
        let arguments = json!({"filter": {"uid": uid.as_str()}});
        let what = "feed.query";
        let answer = self.read(&session, what, "CalendarEvent/query", arguments).await?;
        let ids = answer.get("ids").and_then(Value::as_array);
        let ids =
            ids.ok_or_else(|| self.http.malformed(what, "the answer has no ids".to_owned()))?;
        let ids: Vec<ItemId> = ids.iter().filter_map(Value::as_str).map(ItemId::from).collect();
        let fetched = self.fetch_items(container, &ids).await?;
        if let Some((_, error)) = fetched.failed.into_iter().next() {
            return Err(error);
        }
        // A server without this filter answers with everything.
        Ok(fetched.found.into_iter().filter(|item| item.uid == *uid).collect())
    }
}
