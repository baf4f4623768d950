//! `CalendarEvent/set`: several changes in one envelope.
//!
//! Every call asks for silence. Updates and deletes are conditional on the account's state at which
//! their container was read; a state that moved is looked into, since it is the whole account's.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::model::{Change, ContainerId, ItemId};
use crate::provider::{Answer, Error, Meaning, Outgoing, Rejection};

use super::Jmap;
use super::answers::{judge, what};
use super::call::{Failure, Response};
use super::prepare::Part;
use super::session::Session;

const METHOD: &str = "CalendarEvent/set";
/// How often an envelope is sent again because somebody else moved the account's state.
const ATTEMPTS_MAX: usize = 3;

/// One change with its place among the answers.
#[derive(Clone, Debug)]
struct One<'a> {
    place: usize,
    outgoing: &'a Outgoing,
    part: Part,
}

/// The answers so far, by place.
type Answers = Vec<(usize, Answer)>;

impl Jmap {
    pub(super) async fn send_changes(&self, changes: &[Outgoing]) -> Vec<Answer> {
        let mut answers: Answers = Vec::with_capacity(changes.len());
        let mut groups: Vec<(ContainerId, Vec<One<'_>>)> = Vec::new();
        for (place, outgoing) in changes.iter().enumerate() {
            let Ok(part) = serde_json::from_slice(&outgoing.payload.0) else {
                let error = self.http.malformed(wire(&outgoing.change), "unreadable bytes".into());
                answers.push((place, Answer::Unsent(error)));
                continue;
            };
            let one = One { place, outgoing, part };
            let container = container(&outgoing.change);
            match groups.iter_mut().find(|(id, _)| id == container) {
                Some((_, group)) => group.push(one),
                None => groups.push((container.clone(), vec![one])),
            }
        }
        match self.session().await {
            Ok(session) => {
                for (container, group) in groups {
                    self.send_group(&session, &container, group, &mut answers).await;
                }
            }
            Err(error) => {
                let why = error.to_string();
                for one in groups.into_iter().flat_map(|(_, group)| group) {
                    let error = self.http.malformed("session", why.clone());
                    answers.push((one.place, Answer::Unsent(error)));
                }
            }
        }
        answers.sort_by_key(|(place, _)| *place);
        answers.into_iter().map(|(_, answer)| answer).collect()
    }

    /// Sends the changes of one container, in as many envelopes as the server wants.
    async fn send_group(
        &self,
        session: &Session,
        container: &ContainerId,
        group: Vec<One<'_>>,
        answers: &mut Answers,
    ) {
        let mut due = vec![group];
        while let Some(mut envelope) = due.pop() {
            if envelope.len() > session.objects_in_set_max.max(1) {
                let rest = envelope.split_off(session.objects_in_set_max.max(1));
                due.push(rest);
            }
            if let Some(halves) = self.envelope(session, container, envelope, answers).await {
                due.extend(halves.into_iter().rev());
            }
        }
    }

    /// Sends one envelope, again while only others moved the state. Gives it back in halves when
    /// the server finds it too large.
    async fn envelope<'a>(
        &self,
        session: &Session,
        container: &ContainerId,
        mut envelope: Vec<One<'a>>,
        answers: &mut Answers,
    ) -> Option<[Vec<One<'a>>; 2]> {
        for attempt in 0..=ATTEMPTS_MAX {
            if envelope.is_empty() {
                return None;
            }
            let condition = match self.condition(session, container, &mut envelope, answers).await {
                Ok(condition) => condition,
                Err(failure) => {
                    self.all(&envelope, failure, answers);
                    return None;
                }
            };
            if envelope.is_empty() {
                return None;
            }
            let arguments = arguments(&envelope, condition.as_deref());
            let what = wire(&envelope[0].outgoing.change);
            match self.call(session, what, METHOD, arguments, false).await {
                Ok(Response::Method(answer)) => {
                    self.judge_all(&envelope, &answer, answers);
                    return None;
                }
                Ok(Response::Error { kind, .. }) if kind == "stateMismatch" => {
                    let last = attempt == ATTEMPTS_MAX;
                    let touched = self.touched(session, container, condition.as_deref()).await;
                    let failure = match touched {
                        Ok(touched) => {
                            refuse_touched(&mut envelope, &touched, last, answers);
                            continue;
                        }
                        Err(error) => Failure::Unsent(error),
                    };
                    self.all(&envelope, failure, answers);
                    return None;
                }
                Ok(Response::Error { kind, description }) => {
                    let too_large = kind == "requestTooLarge";
                    let partial = kind == "serverPartialFail";
                    let error = self.method(what, kind, description);
                    if too_large && envelope.len() > 1 {
                        return Some(halves(envelope));
                    }
                    // The only error after which the state may have changed (RFC 8620, 3.6.2).
                    let failure =
                        if partial { Failure::Unknown(error) } else { Failure::Unsent(error) };
                    self.all(&envelope, failure, answers);
                    return None;
                }
                Err(Failure::TooLarge(_)) if envelope.len() > 1 => return Some(halves(envelope)),
                Err(failure) => {
                    self.all(&envelope, failure, answers);
                    return None;
                }
            }
        }
        None
    }

    /// The state that the envelope is conditional on: none for creates alone. A container that was
    /// never read in this life of the process is compared by what its items say.
    async fn condition(
        &self,
        session: &Session,
        container: &ContainerId,
        envelope: &mut Vec<One<'_>>,
        answers: &mut Answers,
    ) -> Result<Option<String>, Failure> {
        let targets: Vec<ItemId> = envelope.iter().filter_map(|one| target(one).cloned()).collect();
        if targets.is_empty() {
            return Ok(None);
        }
        if let Some(as_of) = self.as_of(container) {
            refuse_touched(envelope, &as_of.stale, false, answers);
            return Ok(Some(as_of.state));
        }
        let got = self.get(session, &targets, None).await.map_err(Failure::Unsent)?;
        let missing = "the answer has no state".to_owned();
        let state = got.state.clone();
        let state =
            state.ok_or_else(|| Failure::Unsent(self.http.malformed("event.get", missing)))?;
        let mut touched = BTreeSet::new();
        for one in envelope.iter() {
            let (Some(id), Some(revision)) = (target(one), revision(&one.outgoing.change)) else {
                continue;
            };
            let Some(raw) = got.found.get(id).cloned() else { continue };
            let now = super::body::item(id.clone(), container, raw);
            if now.is_ok_and(|item| item.revision != *revision) {
                touched.insert(id.clone());
            }
        }
        refuse_touched(envelope, &touched, false, answers);
        Ok(Some(state))
    }

    /// Which items changed since the state that an envelope was conditional on. The container is
    /// known as of the newer state afterwards, but for those.
    async fn touched(
        &self,
        session: &Session,
        container: &ContainerId,
        since: Option<&str>,
    ) -> Result<BTreeSet<ItemId>, Error> {
        let since = since.unwrap_or_default();
        let what = "feed.changes";
        let changes = self.changes(session, since).await?.ok_or_else(|| {
            let problem = "the state moved, and the server cannot tell what changed";
            self.http.incomplete(what, problem.to_owned())
        })?;
        let touched = changes.changed.into_iter().chain(changes.destroyed).collect();
        self.outdate(container, &changes.state, &touched);
        Ok(touched)
    }

    fn judge_all(&self, envelope: &[One<'_>], answer: &Map<String, Value>, answers: &mut Answers) {
        let state = |member: &str| answer.get(member).and_then(Value::as_str);
        if let (Some(old), Some(new)) = (state("oldState"), state("newState")) {
            self.advance(old, new);
        }
        for (nth, one) in envelope.iter().enumerate() {
            let change = &one.outgoing.change;
            let lost = |problem: String| self.http.malformed(wire(change), problem);
            answers.push((one.place, judge(change, &creation(nth), answer, lost)));
        }
    }

    /// One failure for every change of an envelope.
    fn all(&self, envelope: &[One<'_>], failure: Failure, answers: &mut Answers) {
        for one in envelope {
            let change = &one.outgoing.change;
            let answer = match &failure {
                Failure::Unknown(error) => Answer::Unknown(self.again(error)),
                Failure::Busy(Error::Status { status, code, message, retry_at, .. }) => {
                    let kind = format!("HTTP {status} {code}").trim_end().to_owned();
                    Answer::Refused(Rejection {
                        what: what(change).to_owned(),
                        kind,
                        description: message.clone(),
                        properties: Vec::new(),
                        meaning: Meaning::Busy { retry_at: *retry_at },
                    })
                }
                Failure::Unsent(error) | Failure::Busy(error) | Failure::TooLarge(error) => {
                    Answer::Unsent(self.again(error))
                }
            };
            answers.push((one.place, answer));
        }
    }

    /// The same error once more; the cause of a lost answer is told as text.
    fn again(&self, error: &Error) -> Error {
        match error {
            Error::Status { provider, what, status, code, message, retry_at } => Error::Status {
                provider: provider.clone(),
                what: what.clone(),
                status: *status,
                code: code.clone(),
                message: message.clone(),
                retry_at: *retry_at,
            },
            Error::Method { what, kind, description, .. } => {
                self.method(what, kind.clone(), description.clone())
            }
            Error::Transport { what, source, .. } => {
                self.http.incomplete(what, format!("no answer: {source}"))
            }
            Error::Malformed { what, problem, .. } => self.http.malformed(what, problem.clone()),
            Error::Incomplete { what, problem, .. } => self.http.incomplete(what, problem.clone()),
        }
    }
}

/// The arguments of one envelope.
fn arguments(envelope: &[One<'_>], condition: Option<&str>) -> Value {
    let (mut create, mut update, mut destroy) = (Map::new(), Map::new(), Vec::new());
    for (nth, one) in envelope.iter().enumerate() {
        match (&one.part, target(one)) {
            (Part::Create(body), _) => {
                create.insert(creation(nth), Value::Object(body.clone()));
            }
            (Part::Update(patch), Some(id)) => {
                update.insert(id.0.clone(), Value::Object(patch.clone()));
            }
            (Part::Destroy, Some(id)) => destroy.push(Value::from(id.as_str())),
            (Part::Update(_) | Part::Destroy, None) => {}
        }
    }
    let mut arguments = json!({"sendSchedulingMessages": false});
    if let Some(state) = condition {
        arguments["ifInState"] = json!(state);
    }
    if !create.is_empty() {
        arguments["create"] = Value::Object(create);
    }
    if !update.is_empty() {
        arguments["update"] = Value::Object(update);
    }
    if !destroy.is_empty() {
        arguments["destroy"] = Value::Array(destroy);
    }
    arguments
}

/// Takes changes out of an envelope whose items somebody else changed, or all when this was the
/// last attempt, and refuses them.
fn refuse_touched(
    envelope: &mut Vec<One<'_>>,
    touched: &BTreeSet<ItemId>,
    last: bool,
    answers: &mut Answers,
) {
    envelope.retain(|one| {
        let hit = target(one).is_some_and(|id| touched.contains(id));
        if hit || last {
            let rejection = Rejection {
                what: what(&one.outgoing.change).to_owned(),
                kind: "stateMismatch".to_owned(),
                description: if hit {
                    "the item changed since it was read"
                } else {
                    "the account keeps changing"
                }
                .to_owned(),
                properties: Vec::new(),
                meaning: Meaning::Conflict,
            };
            answers.push((one.place, Answer::Refused(rejection)));
        }
        !hit && !last
    });
}

fn halves<'a>(mut envelope: Vec<One<'a>>) -> [Vec<One<'a>>; 2] {
    let second = envelope.split_off(envelope.len() / 2);
    [envelope, second]
}

/// The creation id of the `nth` change of an envelope, from 0.
fn creation(nth: usize) -> String {
    format!("new{}", nth + 1)
}

/// The item that a change must not overwrite a newer state of.
fn target<'a>(one: &One<'a>) -> Option<&'a ItemId> {
    match &one.outgoing.change {
        Change::Create { .. } => None,
        Change::Update { id, .. } | Change::Delete { id, .. } => Some(id),
    }
}

fn revision(change: &Change) -> Option<&crate::model::Revision> {
    match change {
        Change::Create { .. } => None,
        Change::Update { revision, .. } | Change::Delete { revision, .. } => Some(revision),
    }
}

fn container(change: &Change) -> &ContainerId {
    match change {
        Change::Create { container, .. }
        | Change::Update { container, .. }
        | Change::Delete { container, .. } => container,
    }
}

/// A change in the words of the fault model.
fn wire(change: &Change) -> &'static str {
    match change {
        Change::Create { .. } => "event.create",
        Change::Update { .. } => "event.update",
        Change::Delete { .. } => "event.delete",
    }
}
