//! `dismissReminder`, `snoozeReminder`: nobody else hears of them.

use http::StatusCode;
use serde_json::json;

use super::{Parameters, Subject};
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::native::Reply;
use crate::scheduling::Marker;
use crate::turn::Turn;

/// The stored member that says when a reminder comes again. Graph answers it nowhere.
const SNOOZED: &str = "reminderSnoozedUntil";

/// Dismisses the reminder: a single event has none any more, a series goes on to its next one.
pub(super) fn dismiss(
    call: &Call,
    turn: &mut Turn<'_>,
    subject: &Subject,
) -> Result<Reply, Failure> {
    let recurs = subject.item.body.get("recurrence").is_some_and(|value| !value.is_null());
    store(turn, subject, |body| {
        body.remove(SNOOZED);
        if !recurs || subject.instance.is_some() {
            body.insert("isReminderOn".to_owned(), json!(false));
        }
    });
    Ok(call.names.bare(StatusCode::OK))
}

/// Puts the reminder off.
pub(super) fn snooze(
    call: &Call,
    turn: &mut Turn<'_>,
    subject: &Subject,
    given: &Parameters,
) -> Result<Reply, Failure> {
    let until = given.reminder.as_ref();
    let until = until
        .ok_or_else(|| Failure::invalid("The parameter 'NewReminderTime' is required."))?
        .to_value();
    store(turn, subject, |body| {
        body.insert(SNOOZED.to_owned(), until);
        body.insert("isReminderOn".to_owned(), json!(true));
    });
    Ok(call.names.bare(StatusCode::OK))
}

fn store(
    turn: &mut Turn<'_>,
    subject: &Subject,
    change: impl FnOnce(&mut serde_json::Map<String, serde_json::Value>),
) {
    turn.tell(Vec::new());
    turn.update(&subject.item.id, Marker::Never, |stored| {
        change(match &subject.instance {
            None => &mut stored.body,
            Some(key) => stored.exceptions.entry(key.clone()).or_default(),
        });
    });
}
