//! `calendarView/delta`: what changed in a window.
//!
//! A tombstone of this feed proves nothing: an event that left the window arrives as one, whether
//! it ever was inside or not. Occurrences stand for their series.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::model::{ContainerId, ItemId, Revision};
use crate::provider::Error;

use super::Graph;
use super::token::{Mark, Span};

const WHAT: &str = "feed.delta";
const PAGE: &str = "odata.maxpagesize=200";
const DELTA: &str = "@odata.deltaLink";

/// One round of the feed.
#[derive(Debug, Default)]
pub(super) struct Round {
    /// Single instances and masters that are there. A master's revision is not told: that of an
    /// exception is its own.
    pub(super) there: BTreeMap<ItemId, Option<Revision>>,
    /// Ids that are gone from the window, or altogether.
    pub(super) removed: BTreeSet<ItemId>,
    /// The latest change among them.
    pub(super) latest: Option<Timestamp>,
    /// Where the feed goes on.
    pub(super) link: String,
}

/// What asking for changes came to.
#[derive(Debug)]
pub(super) enum Changes {
    Round(Round),
    /// The token is lost: everything has to be listed.
    Lost,
}

impl Graph {
    /// The first round of a window: everything that is in it.
    pub(super) async fn first_round(
        &self,
        container: &ContainerId,
        span: Span,
    ) -> Result<Round, Error> {
        let segments = ["me", "calendars", container.as_str(), "calendarView", "delta"];
        let (from, to) = (span.from.to_string(), span.to.to_string());
        let query = [("startDateTime", from.as_str()), ("endDateTime", to.as_str())];
        self.round(self.address(&segments, &query)?).await
    }

    /// What changed since a token.
    pub(super) async fn next_round(&self, mark: &Mark) -> Result<Changes, Error> {
        let first = self.http.link(WHAT, &mark.delta_link)?;
        match self.round(first).await {
            Ok(round) => Ok(Changes::Round(round)),
            // A lost token answers in several shapes; what follows is a listing in any case.
            Err(Error::Status { status: 400 | 404 | 410, .. }) => Ok(Changes::Lost),
            Err(error) => Err(error),
        }
    }

    async fn round(&self, first: http::Uri) -> Result<Round, Error> {
        let mut round = Round::default();
        let mut unreadable = false;
        let take = |entry: Map<String, Value>| unreadable |= round.take(&entry).is_none();
        let end = self.pages(WHAT, first, &[PAGE], take).await?;
        if unreadable {
            return Err(self.http.malformed(WHAT, "an entry has no id".to_owned()));
        }
        let link = end.last.get(DELTA).and_then(Value::as_str);
        let link = link.ok_or_else(|| {
            self.http.incomplete(WHAT, "the last page has no deltaLink".to_owned())
        })?;
        link.clone_into(&mut round.link);
        Ok(round)
    }
}

impl Round {
    fn take(&mut self, entry: &Map<String, Value>) -> Option<()> {
        let text = |name: &str| entry.get(name).and_then(Value::as_str);
        let id = ItemId::from(text("id")?);
        if entry.contains_key("@removed") {
            self.there.remove(&id);
            self.removed.insert(id);
            return Some(());
        }
        let changed = text("lastModifiedDateTime").and_then(|time| time.parse().ok());
        self.latest = self.latest.max(changed);
        let (id, revision) = match text("type") {
            Some("occurrence" | "exception") => (ItemId::from(text("seriesMasterId")?), None),
            Some("seriesMaster") => (id, None),
            _ => (id, text("changeKey").map(Revision::from)),
        };
        self.removed.remove(&id);
        let known = self.there.entry(id).or_insert_with(|| revision.clone());
        if *known != revision {
            *known = None;
        }
        Some(())
    }
}
