//! Carrying changes out, one after the other.
//!
//! A change of a series is done when every step of it is. Whatever stops it is the answer; what was
//! done before stays, and taking the steps again is harmless.

use http::Method;
use serde_json::{Map, Value, json};

use crate::model::{Change, ContainerId, ItemId, Revision};
use crate::provider::http::Reply;
use crate::provider::{Answer, Error, Meaning, Outgoing, Rejection};

use super::occurrences::Done;
use super::prepare::{Occurrence, Step, Steps};
use super::refusal::{in_doubt, rejection};
use super::{Graph, convert, fetch};

/// The id and the revision after the step for the event itself.
type Written = (ItemId, Option<Revision>);

impl Graph {
    pub(super) async fn send_changes(&self, changes: &[Outgoing]) -> Vec<Answer> {
        let mut answers = Vec::with_capacity(changes.len());
        for outgoing in changes {
            answers.push(match self.send_one(outgoing).await {
                Ok((id, revision)) => Answer::Done { id, revision },
                Err(answer) => answer,
            });
        }
        answers
    }

    async fn send_one(&self, outgoing: &Outgoing) -> Result<Written, Answer> {
        let change = &outgoing.change;
        let steps = Steps::read(&outgoing.payload).ok_or_else(|| {
            Answer::Unsent(self.http.malformed(what(change), "unreadable bytes".to_owned()))
        })?;
        let written = self.send_event(change, &steps).await?;
        if steps.occurrences.is_empty() {
            return Ok(written);
        }
        self.send_occurrences(change, &written.0, &steps.occurrences).await?;
        // Each step has moved the series on.
        Ok((written.0, None))
    }

    async fn send_event(&self, change: &Change, steps: &Steps) -> Result<Written, Answer> {
        match (change, &steps.event) {
            (Change::Create { container, .. }, Step::Post(body)) => {
                self.post(change, container, body).await
            }
            (Change::Update { container, id, revision, .. }, Step::Patch(body)) => {
                if body.is_empty() {
                    return self.unpatched(change, id, revision, steps).await;
                }
                self.patch(change, (container, id, revision), body, body).await
            }
            (Change::Update { container, id, revision, .. }, Step::Restart(body)) => {
                let other = self.other_week(change, container, id, body).await?;
                self.patch(change, (container, id, revision), &other, body).await
            }
            (Change::Delete { id, revision, .. }, Step::Delete) => {
                let uri = self.event_address(id)?;
                let reply = self
                    .write("event.delete", Method::DELETE, uri, None, Some(revision))
                    .await
                    .map_err(lost)?;
                self.judge(change, &reply).map(|()| (id.clone(), None))
            }
            _ => {
                let problem = "the bytes are those of another kind of change".to_owned();
                Err(Answer::Unsent(self.http.malformed(what(change), problem)))
            }
        }
    }

    async fn post(
        &self,
        change: &Change,
        container: &ContainerId,
        body: &Map<String, Value>,
    ) -> Result<Written, Answer> {
        let segments = ["me", "calendars", container.as_str(), "events"];
        let uri = self.address(&segments, &[]).map_err(Answer::Unsent)?;
        let reply =
            self.write("event.create", Method::POST, uri, Some(body), None).await.map_err(lost)?;
        self.judge(change, &reply)?;
        let event = self.object(&reply).map_err(Answer::Unknown)?;
        let text = |name: &str| event.get(name).and_then(Value::as_str);
        let id = text("id").ok_or_else(|| {
            let problem = "the answer has no id".to_owned();
            Answer::Unknown(self.http.malformed("event.create", problem))
        })?;
        Ok((id.into(), text("changeKey").map(Revision::from)))
    }

    /// Sends a PATCH; `meant` is what the event says once it is done.
    async fn patch(
        &self,
        change: &Change,
        (container, id, revision): (&ContainerId, &ItemId, &Revision),
        body: &Map<String, Value>,
        meant: &Map<String, Value>,
    ) -> Result<Written, Answer> {
        let uri = self.event_address(id)?;
        let reply = self
            .write("event.update", Method::PATCH, uri, Some(body), Some(revision))
            .await
            .map_err(lost)?;
        // After a lost answer the same bytes come again: then the item was changed by them.
        if reply.status == 412 && self.is_done(container, id, meant).await {
            return Ok((id.clone(), None));
        }
        self.judge(change, &reply)?;
        let event = self.object(&reply).map_err(Answer::Unknown)?;
        let key = event.get("changeKey").and_then(Value::as_str).map(Revision::from);
        Ok((id.clone(), key))
    }

    /// The condition of an update whose first request is for an occurrence.
    async fn unpatched(
        &self,
        change: &Change,
        id: &ItemId,
        revision: &Revision,
        steps: &Steps,
    ) -> Result<Written, Answer> {
        if steps.occurrences.is_empty() {
            return Ok((id.clone(), None));
        }
        let instances = self.instances(id, &[]).await.map_err(Answer::Unsent)?;
        if instances.revision.as_ref() == Some(revision) {
            return Ok((id.clone(), None));
        }
        Err(Answer::Refused(Rejection {
            what: what(change).to_owned(),
            kind: "HTTP 412".to_owned(),
            description: "the series changed since it was read".to_owned(),
            properties: Vec::new(),
            meaning: Meaning::Conflict,
        }))
    }

    /// Whether an event already says what a PATCH of it says.
    async fn is_done(
        &self,
        container: &ContainerId,
        id: &ItemId,
        body: &Map<String, Value>,
    ) -> bool {
        let Ok(Some(raw)) = self.read(container, id).await else { return false };
        let Ok(read) = convert::read(&fetch::stored(raw)) else { return false };
        let Ok(held) = convert::write(&read.event) else { return false };
        let says = |(name, value): (&String, &Value)| {
            let held = held.master.get(name);
            held == Some(value) || (value.is_null() && held.is_none())
        };
        body.iter().all(says)
    }

    /// The body of a PATCH that makes a series start afresh: its week begins on another day, which
    /// means nothing in the pattern and is a new pattern all the same.
    async fn other_week(
        &self,
        change: &Change,
        container: &ContainerId,
        id: &ItemId,
        body: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Answer> {
        let raw = self.read(container, id).await.map_err(Answer::Unsent)?;
        let Some(raw) = raw else {
            return Err(Answer::Refused(Rejection {
                what: what(change).to_owned(),
                kind: "HTTP 404".to_owned(),
                description: "the series is not there".to_owned(),
                properties: Vec::new(),
                meaning: Meaning::NotFound,
            }));
        };
        let first = raw.get("recurrence").and_then(|rule| rule.pointer("/pattern/firstDayOfWeek"));
        let other = if first == Some(&json!("monday")) { "sunday" } else { "monday" };
        let mut body = body.clone();
        if let Some(pattern) = body.get_mut("recurrence").and_then(|rule| rule.get_mut("pattern")) {
            pattern["firstDayOfWeek"] = json!(other);
        }
        Ok(body)
    }

    /// Writes single occurrences, after the series. By then part of the change is done, so that
    /// whatever stops it is a doubt: what is there has to be looked at before anything is planned.
    async fn send_occurrences(
        &self,
        change: &Change,
        master: &ItemId,
        steps: &[Occurrence],
    ) -> Result<(), Answer> {
        let instances = self.instances(master, steps).await.map_err(Answer::Unknown)?;
        for step in steps {
            match self.occurrence(&instances, step).await.map_err(Answer::Unknown)? {
                Done::Yes => {}
                Done::Missing => {
                    let problem = format!("the series has no occurrence {}", step.at);
                    return Err(Answer::Unknown(self.http.incomplete(what(change), problem)));
                }
                Done::Refused(reply) => {
                    let why = self.refused(&reply);
                    let problem = format!("occurrence {}: {why}", step.at);
                    return Err(Answer::Unknown(self.http.incomplete(what(change), problem)));
                }
            }
        }
        Ok(())
    }

    fn judge(&self, change: &Change, reply: &Reply) -> Result<(), Answer> {
        if (200..300).contains(&reply.status) {
            return Ok(());
        }
        self.refusal(what(change), reply)
    }

    fn refusal(&self, what: &str, reply: &Reply) -> Result<(), Answer> {
        if in_doubt(reply.status) {
            return Err(Answer::Unknown(self.refused(reply)));
        }
        Err(Answer::Refused(rejection(what, reply)))
    }

    fn event_address(&self, id: &ItemId) -> Result<http::Uri, Answer> {
        self.address(&["me", "events", id.as_str()], &[]).map_err(Answer::Unsent)
    }
}

/// What a request without an answer means: a doubt, unless it surely was not sent.
fn lost(error: Error) -> Answer {
    match &error {
        Error::Transport { source, .. } if !source.is_in_doubt() => Answer::Unsent(error),
        Error::Transport { .. } => Answer::Unknown(error),
        _ => Answer::Unsent(error),
    }
}

/// What was asked, in the words of its error.
fn what(change: &Change) -> &'static str {
    match change {
        Change::Create { .. } => "Graph create calendar event",
        Change::Update { .. } => "Graph update calendar event",
        Change::Delete { .. } => "Graph delete calendar event",
    }
}
