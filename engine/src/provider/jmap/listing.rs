//! `CalendarEvent/query`: everything in a container, and what proves that it is everything.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::model::{ContainerId, ItemId, Listing, Seen, Token};
use crate::provider::Error;

use super::session::Session;
use super::{Jmap, body};

const WHAT: &str = "feed.query";
const PAGE: usize = 1_000;
/// How often a listing begins again because the container changed under it.
const ATTEMPTS_MAX: usize = 3;

/// One page.
#[derive(Debug)]
struct Page {
    ids: Vec<ItemId>,
    total: usize,
    state: String,
}

/// What stopped a listing.
#[derive(Debug)]
enum Stop {
    /// The container changed while it was read: begin again.
    Moved(Error),
    /// The server has no filter by calendar.
    NoFilter,
    Failed(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Jmap {
    /// Lists a container. The state is read first: what changes meanwhile comes with the next
    /// changes. What was read before a failure is left in `seen`.
    pub(super) async fn listing(
        &self,
        session: &Session,
        container: &ContainerId,
        seen: &mut BTreeSet<ItemId>,
    ) -> Result<Listing, Error> {
        let before = self.read_state(session).await?;
        let (mut ids, total) = self.all_ids(session, container, seen).await?;
        let after = self.read_state(session).await?;
        let mut state = before;
        let mut proof = format!("query total {total} equals {} distinct ids", ids.len());
        if after != state {
            let changes = self.changes(session, &state).await?.ok_or_else(|| {
                let problem =
                    "the account changed during the listing, and the server cannot tell what";
                self.http.incomplete(WHAT, problem.to_owned())
            })?;
            let moves = self.moves(session, container, changes).await?;
            ids.retain(|id| !moves.destroyed.contains(id) && !moves.elsewhere.contains(id));
            ids.extend(moves.here);
            state = moves.state;
            proof.push_str(", changes during the listing applied");
        } else {
            proof.push_str(", state unchanged");
        }
        self.remember(container, &state);
        let seen = ids.into_iter().map(|id| Seen { id, revision: None }).collect();
        Ok(Listing::proven(seen, Some(Token(state)), proof))
    }

    async fn all_ids(
        &self,
        session: &Session,
        container: &ContainerId,
        seen: &mut BTreeSet<ItemId>,
    ) -> Result<(BTreeSet<ItemId>, usize), Error> {
        let mut last = None;
        for _ in 0..ATTEMPTS_MAX {
            match self.query(session, Some(container), seen).await {
                Ok(ids) => return Ok((ids.clone(), ids.len())),
                Err(Stop::Moved(error)) => last = Some(error),
                Err(Stop::NoFilter) => return self.bucketed(session, container).await,
                Err(Stop::Failed(error)) => return Err(error),
            }
        }
        Err(last.unwrap_or_else(|| self.http.incomplete(WHAT, "no attempt was made".to_owned())))
    }

    /// All of the account, each item asked where it is: for servers without the filter.
    async fn bucketed(
        &self,
        session: &Session,
        container: &ContainerId,
    ) -> Result<(BTreeSet<ItemId>, usize), Error> {
        let all = match self.query(session, None, &mut BTreeSet::new()).await {
            Ok(all) => all,
            Err(Stop::Moved(error) | Stop::Failed(error)) => return Err(error),
            Err(Stop::NoFilter) => {
                return Err(self.http.malformed(WHAT, "refuses a query without filter".to_owned()));
            }
        };
        let ids: Vec<ItemId> = all.into_iter().collect();
        let got = self.get(session, &ids, Some(&["id", "calendarIds"])).await?;
        if got.found.len() != ids.len() {
            let problem = format!("{} of {} listed items were given", got.found.len(), ids.len());
            return Err(self.http.incomplete("event.get", problem));
        }
        let here = got.found.into_iter().filter(|(_, raw)| body::is_in(raw, container));
        Ok((here.map(|(id, _)| id).collect(), ids.len()))
    }

    /// All pages of a query, and the checks that make a proof of them.
    async fn query(
        &self,
        session: &Session,
        container: Option<&ContainerId>,
        seen: &mut BTreeSet<ItemId>,
    ) -> Result<BTreeSet<ItemId>, Stop> {
        let mut ids = BTreeSet::new();
        let mut first: Option<(usize, String)> = None;
        let mut read = 0;
        loop {
            let page = self.page(session, container, read).await?;
            let (total, state) = first.get_or_insert((page.total, page.state.clone()));
            if *total != page.total || *state != page.state {
                let problem = "the result changed between two pages".to_owned();
                return Err(Stop::Moved(self.http.incomplete(WHAT, problem)));
            }
            read += page.ids.len();
            let empty = page.ids.is_empty();
            for id in page.ids {
                seen.insert(id.clone());
                if !ids.insert(id) {
                    let problem = "an id is listed twice".to_owned();
                    return Err(Stop::Moved(self.http.incomplete(WHAT, problem)));
                }
            }
            if read == *total {
                return Ok(ids);
            }
            if empty || read > *total {
                let problem = format!("{read} ids were given of a total of {total}");
                return Err(Stop::Failed(self.http.incomplete(WHAT, problem)));
            }
        }
    }

    async fn page(
        &self,
        session: &Session,
        container: Option<&ContainerId>,
        position: usize,
    ) -> Result<Page, Stop> {
        let limit = session.objects_in_get_max.clamp(1, PAGE);
        let mut arguments = json!({"position": position, "limit": limit, "calculateTotal": true});
        if let Some(container) = container {
            arguments["filter"] = json!({"inCalendar": container.as_str()});
        }
        let answer = match self.read(session, WHAT, "CalendarEvent/query", arguments).await {
            Err(Error::Method { kind, .. }) if kind == "unsupportedFilter" => {
                return Err(Stop::NoFilter);
            }
            answer => answer?,
        };
        let count = |member: &str| {
            let count = answer.get(member).and_then(Value::as_u64);
            count.and_then(|count| usize::try_from(count).ok())
        };
        let missing =
            |member: &str| self.http.incomplete(WHAT, format!("the answer has no {member}"));
        let ids = answer.get("ids").and_then(Value::as_array).ok_or_else(|| missing("ids"))?;
        let given = count("position").unwrap_or(position);
        if given != position {
            let problem = format!("position {given} was given for {position}");
            return Err(Stop::Failed(self.http.incomplete(WHAT, problem)));
        }
        let state = answer.get("queryState").and_then(Value::as_str);
        Ok(Page {
            ids: ids.iter().filter_map(Value::as_str).map(ItemId::from).collect(),
            total: count("total").ok_or_else(|| missing("total"))?,
            state: state.ok_or_else(|| missing("queryState"))?.to_owned(),
        })
    }
}
