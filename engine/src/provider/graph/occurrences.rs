//! Single occurrences of a series: finding them, changing them, leaving them out.

use std::collections::BTreeMap;

use http::Method;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value};

use crate::model::{ItemId, Revision};
use crate::provider::Error;
use crate::provider::http::Reply;

use super::Graph;
use super::prepare::Occurrence;

const WHAT: &str = "event.instances";

/// The ids of a series' occurrences by their original start, and the series' revision.
#[derive(Debug, Default)]
pub(super) struct Instances {
    pub(super) revision: Option<Revision>,
    by_start: BTreeMap<Timestamp, String>,
}

/// What became of one occurrence.
#[derive(Debug)]
pub(super) enum Done {
    /// It is as wanted.
    Yes,
    /// There is no such occurrence.
    Missing,
    /// The server said no.
    Refused(Reply),
}

impl Graph {
    /// Finds the occurrences that some steps are about.
    pub(super) async fn instances(
        &self,
        master: &ItemId,
        steps: &[Occurrence],
    ) -> Result<Instances, Error> {
        let mut instances = Instances::default();
        // A changed occurrence is found whatever its present time is.
        let query = [
            ("$select", "id,changeKey,originalStart,exceptionOccurrences,cancelledOccurrences"),
            ("$expand", "exceptionOccurrences"),
        ];
        let uri = self.address(&["me", "events", master.as_str()], &query)?;
        let event = self.get_object("event.get", uri, &[]).await?;
        instances.revision = event.get("changeKey").and_then(Value::as_str).map(Revision::from);
        let changed = event.get("exceptionOccurrences").and_then(Value::as_array);
        for one in changed.into_iter().flatten().filter_map(Value::as_object) {
            instances.take(one);
        }
        let starts = steps.iter().map(|step| &step.original);
        let missing = starts.filter(|start| !instances.by_start.contains_key(*start));
        let (first, last) = missing.fold((None, None), |(first, last), start| {
            (Some(first.map_or(*start, |f: Timestamp| f.min(*start))), last.max(Some(*start)))
        });
        let (Some(first), Some(last)) = (first, last) else { return Ok(instances) };
        let day = SignedDuration::from_hours(24);
        let from = first.checked_sub(day).unwrap_or(first).to_string();
        let to = last.checked_add(day).unwrap_or(last).to_string();
        let query = [
            ("startDateTime", from.as_str()),
            ("endDateTime", to.as_str()),
            ("$select", "id,originalStart,type"),
            ("$top", "500"),
        ];
        let uri = self.address(&["me", "events", master.as_str(), "instances"], &query)?;
        self.pages(WHAT, uri, &[], |one| instances.take(&one)).await?;
        Ok(instances)
    }

    /// Takes one step. Leaving out what is not there is done already.
    pub(super) async fn occurrence(
        &self,
        instances: &Instances,
        step: &Occurrence,
    ) -> Result<Done, Error> {
        let (Some(id), patch) = (instances.by_start.get(&step.original), &step.patch) else {
            return Ok(if step.patch.is_some() { Done::Missing } else { Done::Yes });
        };
        let uri = self.address(&["me", "events", id], &[])?;
        let (what, method) = match patch {
            Some(_) => ("event.update", Method::PATCH),
            None => ("event.delete", Method::DELETE),
        };
        let reply = self.write(what, method, uri, patch.as_ref(), None).await?;
        Ok(match (reply.status, patch) {
            (200..=299, _) | (404, None) => Done::Yes,
            (404, Some(_)) => Done::Missing,
            _ => Done::Refused(reply),
        })
    }
}

impl Instances {
    fn take(&mut self, one: &Map<String, Value>) {
        let text = |name: &str| one.get(name).and_then(Value::as_str);
        let start = text("originalStart").and_then(|start| start.parse().ok());
        if let (Some(id), Some(start)) = (text("id"), start) {
            self.by_start.insert(start, id.to_owned());
        }
    }
}
