//! The parameters of an action. Their names are compared without regard to case: the metadata writes
//! `SendResponse` and `Comment`, the reference pages also `sendResponse` and `comment`.

use serde_json::{Map, Value};

use crate::graph::failure::Failure;
use crate::graph::moment::Moment;
use crate::graph::route::Action;
use crate::graph::stored::address_of;

/// How many recipients a message has at most: Exchange Online's limit unless an administrator sets
/// another one ("Exchange Online limits", Recipient limit).
const RECIPIENTS_MAX: usize = 500;

/// See the module. A comment goes out with a message, of which the outbox keeps the kind only.
#[derive(Clone, Debug, Default)]
pub(super) struct Parameters {
    /// `SendResponse`; nothing said means yes.
    pub(super) silent: bool,
    /// `ProposedNewTime`.
    pub(super) proposed: Option<Value>,
    /// The addresses in `ToRecipients`.
    pub(super) recipients: Vec<Value>,
    /// `NewReminderTime`.
    pub(super) reminder: Option<Moment>,
}

impl Parameters {
    /// Reads a body.
    pub(super) fn read(action: Action, body: &Map<String, Value>) -> Result<Self, Failure> {
        let mut read = Self::default();
        for (name, value) in body.iter().filter(|(name, _)| !name.contains('@')) {
            let lower = name.to_ascii_lowercase();
            let responds =
                matches!(action, Action::Accept | Action::TentativelyAccept | Action::Decline);
            let comments = responds || matches!(action, Action::Cancel | Action::Forward);
            match lower.as_str() {
                "comment" if comments && (value.is_string() || value.is_null()) => {}
                "sendresponse" if responds => match value {
                    Value::Bool(send) => read.silent = !send,
                    Value::Null => {}
                    _ => return Err(mistyped(name)),
                },
                "proposednewtime" if responds && action != Action::Accept => {
                    read.proposed = proposed(value)?;
                }
                "torecipients" if action == Action::Forward => {
                    let given = value.as_array().ok_or_else(|| mistyped(name))?;
                    if given.len() > RECIPIENTS_MAX {
                        return Err(Failure::of("ErrorInvalidRecipients").saying(format!(
                            "A message has at most {RECIPIENTS_MAX} recipients."
                        )));
                    }
                    read.recipients = given.clone();
                }
                "newremindertime" if action == Action::SnoozeReminder => {
                    read.reminder = Some(Moment::parse(&cased(value), name)?);
                }
                "comment" if comments => return Err(mistyped(name)),
                _ => {
                    return Err(Failure::body(format!(
                        "The parameter '{name}' in the request payload is not a valid parameter for \
                         the operation."
                    )));
                }
            }
        }
        Ok(read)
    }

    /// The addresses to forward to, each of which must be one.
    pub(super) fn addresses(&self) -> Result<Vec<String>, Failure> {
        let addresses: Option<Vec<String>> =
            self.recipients.iter().map(|one| address_of(&cased(one))).collect();
        let addresses = addresses.filter(|addresses| !addresses.is_empty());
        addresses.ok_or_else(|| Failure::of("ErrorInvalidRecipients"))
    }
}

/// A `timeSlot`, both ends of which must make sense.
fn proposed(value: &Value) -> Result<Option<Value>, Failure> {
    if value.is_null() {
        return Ok(None);
    }
    let slot = cased(value);
    let [start, end] = ["start", "end"].map(|name| Moment::parse(&slot[name], name));
    let (start, end) = (start?, end?);
    if end.instant() < start.instant() {
        return Err(Failure::of("ErrorPropertyValidationFailure"));
    }
    Ok(Some(serde_json::json!({ "start": start.to_value(), "end": end.to_value() })))
}

/// The same with names that begin in lower case: the reference writes `EmailAddress` in places.
fn cased(value: &Value) -> Value {
    let Some(members) = value.as_object() else { return value.clone() };
    let lower = |name: &String| {
        let mut name = name.clone();
        if let Some(first) = name.get_mut(0..1) {
            first.make_ascii_lowercase();
        }
        name
    };
    // Bodies nest no deeper than the reader of JSON allows.
    Value::Object(members.iter().map(|(name, inner)| (lower(name), cased(inner))).collect())
}

fn mistyped(name: &str) -> Failure {
    Failure::body(format!("The value of the parameter '{name}' is of another type."))
}
