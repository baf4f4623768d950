//! `CalendarEvent/changes`: what changed in the account since a state.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::{ContainerId, ItemId};
use crate::provider::Error;

use super::session::Session;
use super::{Jmap, body};

const WHAT: &str = "feed.changes";
/// Pages of one answer that are followed.
const PAGES_MAX: usize = 2_000;
const PAGE: usize = 500;

/// What changed in the account, whichever calendar it is in.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) changed: BTreeSet<ItemId>,
    pub(super) destroyed: BTreeSet<ItemId>,
    pub(super) state: String,
}

/// What changed in one container.
#[derive(Debug)]
pub(super) struct Moves {
    /// Items that are in it, new or changed.
    pub(super) here: BTreeSet<ItemId>,
    /// Items that changed and are elsewhere now.
    pub(super) elsewhere: BTreeSet<ItemId>,
    pub(super) destroyed: BTreeSet<ItemId>,
    pub(super) state: String,
}

impl Jmap {
    /// What changed since a state; none when the server cannot tell.
    pub(super) async fn changes(
        &self,
        session: &Session,
        since: &str,
    ) -> Result<Option<Changes>, Error> {
        let mut changes = Changes { state: since.to_owned(), ..Changes::default() };
        let mut states = BTreeSet::from([since.to_owned()]);
        for _ in 0..PAGES_MAX {
            let arguments = json!({"sinceState": changes.state, "maxChanges": PAGE});
            let answer = match self.read(session, WHAT, "CalendarEvent/changes", arguments).await {
                Ok(answer) => answer,
                Err(Error::Method { kind, .. }) if kind == "cannotCalculateChanges" => {
                    return Ok(None);
                }
                Err(error) => return Err(error),
            };
            let more = self.take(&mut changes, &answer)?;
            if !more {
                return Ok(Some(changes));
            }
            if !states.insert(changes.state.clone()) {
                let problem = "more changes are announced, and the state does not move".to_owned();
                return Err(self.http.malformed(WHAT, problem));
            }
        }
        Err(self.http.incomplete(WHAT, format!("more than {PAGES_MAX} pages")))
    }

    /// Takes one page in; whether there are more.
    fn take(&self, changes: &mut Changes, answer: &Map<String, Value>) -> Result<bool, Error> {
        let missing =
            |member: &str| self.http.malformed(WHAT, format!("the answer has no {member}"));
        let ids = |member: &str| -> Result<BTreeSet<ItemId>, Error> {
            let list = answer.get(member).and_then(Value::as_array);
            let list = list.ok_or_else(|| missing(member))?;
            Ok(list.iter().filter_map(Value::as_str).map(ItemId::from).collect())
        };
        let (created, updated, destroyed) = (ids("created")?, ids("updated")?, ids("destroyed")?);
        for id in created.into_iter().chain(updated) {
            changes.destroyed.remove(&id);
            changes.changed.insert(id);
        }
        for id in destroyed {
            changes.changed.remove(&id);
            changes.destroyed.insert(id);
        }
        let state = answer.get("newState").and_then(Value::as_str);
        state.ok_or_else(|| missing("newState"))?.clone_into(&mut changes.state);
        Ok(answer.get("hasMoreChanges") == Some(&Value::Bool(true)))
    }

    /// What of the account's changes concerns a container. The feed is account-wide: each changed
    /// item is asked where it is.
    pub(super) async fn moves(
        &self,
        session: &Session,
        container: &ContainerId,
        changes: Changes,
    ) -> Result<Moves, Error> {
        let ids: Vec<ItemId> = changes.changed.iter().cloned().collect();
        let got = self.get(session, &ids, Some(&["id", "calendarIds"])).await?;
        let silent = ids
            .iter()
            .filter(|id| !got.found.contains_key(*id) && !got.missing.contains(*id))
            .count();
        if silent > 0 {
            let problem = format!("{silent} of {} changed items are not mentioned", ids.len());
            return Err(self.http.incomplete("event.get", problem));
        }
        let (here, elsewhere): (Vec<_>, Vec<_>) =
            got.found.into_iter().partition(|(_, raw)| body::is_in(raw, container));
        // An item that is gone by now comes as a tombstone next time.
        Ok(Moves {
            here: here.into_iter().map(|(id, _)| id).collect(),
            elsewhere: elsewhere.into_iter().map(|(id, _)| id).collect(),
            destroyed: changes.destroyed,
            state: changes.state,
        })
    }
}
