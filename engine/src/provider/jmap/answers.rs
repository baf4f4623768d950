//! Judging each change by its own part of a `CalendarEvent/set` answer.

use serde_json::{Map, Value};

use crate::model::{Change, ItemId};
use crate::provider::{Answer, Error, Meaning, Rejection};

/// Why a server did not carry out one change (RFC 8620 section 5.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SetError {
    pub(super) kind: String,
    pub(super) description: String,
    pub(super) properties: Vec<String>,
}

impl SetError {
    /// Reads one, however little of it there is.
    pub(super) fn read(error: &Value) -> Self {
        let text = |member: &str| error.get(member).and_then(Value::as_str);
        let properties = error.get("properties").and_then(Value::as_array);
        Self {
            kind: text("type").unwrap_or("unknown").to_owned(),
            description: text("description").unwrap_or_default().to_owned(),
            properties: properties
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        }
    }

    fn meaning(&self) -> Meaning {
        match self.kind.as_str() {
            "notFound" => Meaning::NotFound,
            "alreadyExists" => Meaning::Exists,
            // A UID that the account already has is refused as a value.
            "invalidProperties" if self.properties == ["uid"] => Meaning::Exists,
            "stateMismatch" => Meaning::Conflict,
            "rateLimit" => Meaning::Busy { retry_at: None },
            _ => Meaning::No,
        }
    }

    pub(super) fn rejection(self, change: &Change) -> Rejection {
        let meaning = self.meaning();
        let Self { kind, description, properties } = self;
        Rejection { what: what(change).to_owned(), kind, description, properties, meaning }
    }
}

/// What was asked, in the words of its error.
pub(super) fn what(change: &Change) -> &'static str {
    match change {
        Change::Create { .. } => "JMAP create calendar event",
        Change::Update { .. } => "JMAP update calendar event",
        Change::Delete { .. } => "JMAP delete calendar event",
    }
}

/// The answer for one change. `creation` is the creation id that it was sent under; `lost` makes
/// the error of a change that the answer does not mention.
pub(super) fn judge(
    change: &Change,
    creation: &str,
    answer: &Map<String, Value>,
    lost: impl Fn(String) -> Error,
) -> Answer {
    let (refusals, key) = match change {
        Change::Create { .. } => ("notCreated", creation),
        Change::Update { id, .. } => ("notUpdated", id.as_str()),
        Change::Delete { id, .. } => ("notDestroyed", id.as_str()),
    };
    // A refusal is looked for first: a server that names a change in both lists refused it.
    if let Some(error) = answer.get(refusals).and_then(|all| all.get(key)) {
        return Answer::Refused(SetError::read(error).rejection(change));
    }
    let done = match change {
        Change::Create { .. } => {
            let id = answer.get("created").and_then(|all| all.get(key)?.get("id")?.as_str());
            id.map(ItemId::from)
        }
        Change::Update { id, .. } => {
            let updated = answer.get("updated").and_then(Value::as_object);
            updated.is_some_and(|all| all.contains_key(key)).then(|| id.clone())
        }
        Change::Delete { id, .. } => {
            let destroyed = answer.get("destroyed").and_then(Value::as_array);
            destroyed.is_some_and(|all| all.iter().any(|one| one == key)).then(|| id.clone())
        }
    };
    match done {
        Some(id) => Answer::Done { id, revision: None },
        None => Answer::Unknown(lost("the answer does not mention the change".to_owned())),
    }
}
