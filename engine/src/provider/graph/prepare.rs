//! The bytes of one change: the requests that it takes, in their order.
//!
//! Every step may be taken again: a create is recognised by its number, a PATCH sets what it set
//! before, an occurrence that is left out stays so.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::content::{Inexpressible, local_text};
use crate::model::{Change, Payload};

use super::convert::{self, Exceptions, Override};

const VERSION: u32 = 1;

/// The requests of one change.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Steps {
    version: u32,
    /// The request for the event itself.
    pub(super) event: Step,
    /// The requests for single occurrences, after it.
    pub(super) occurrences: Vec<Occurrence>,
}

/// The request for the event itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Step {
    /// A new event.
    Post(Map<String, Value>),
    /// Some of its properties. Empty when only occurrences change.
    Patch(Map<String, Value>),
    /// The same, and all changed and left-out occurrences of the series start afresh.
    Restart(Map<String, Value>),
    /// Its end.
    Delete,
}

/// The request for one occurrence.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Occurrence {
    /// Its original start by the clock of the series, for people.
    pub(super) at: String,
    /// Its original start, as Graph tells it.
    pub(super) original: Timestamp,
    /// What changes; none when it is left out.
    pub(super) patch: Option<Map<String, Value>>,
}

impl Steps {
    pub(super) fn read(payload: &Payload) -> Option<Self> {
        let steps: Self = serde_json::from_slice(&payload.0).ok()?;
        (steps.version == VERSION).then_some(steps)
    }
}

/// The bytes of a change.
pub(super) fn payload(change: &Change) -> Result<Payload, Inexpressible> {
    let (event, occurrences) = match change {
        Change::Create { uid, event, transaction, .. } => {
            let written = convert::write(event)?;
            let mut body = written.master;
            body.insert("transactionId".to_owned(), json!(transaction.0));
            let own = json!([{"id": convert::UID_PROPERTY, "value": uid.as_str()}]);
            body.insert("singleValueExtendedProperties".to_owned(), own);
            (Step::Post(body), occurrences(written.overrides))
        }
        Change::Update { before, after, .. } => {
            let patch = convert::patch(before, after)?;
            let step = match patch.exceptions {
                Exceptions::Kept | Exceptions::Dropped => Step::Patch(patch.master),
                Exceptions::ToDrop => Step::Restart(patch.master),
            };
            (step, occurrences(patch.overrides))
        }
        Change::Delete { .. } => (Step::Delete, Vec::new()),
    };
    let steps = Steps { version: VERSION, event, occurrences };
    Ok(Payload(serde_json::to_vec(&steps).expect("JSON values have a text")))
}

/// Occurrences that change come before those that are left out: what a series says of an
/// occurrence is found by the occurrence.
fn occurrences(all: Vec<Override>) -> Vec<Occurrence> {
    let one = |Override { original_start, instant, change }| {
        let patch = match change {
            convert::Change::Cancel => None,
            convert::Change::Patch(patch) | convert::Change::Restore(patch) => Some(patch),
        };
        Occurrence { at: local_text(original_start), original: instant, patch }
    };
    let mut occurrences: Vec<Occurrence> = all.into_iter().map(one).collect();
    occurrences.sort_by_key(|one| (one.patch.is_none(), one.original));
    occurrences
}
