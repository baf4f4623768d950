//! `CalendarEvent/copy` (draft-ietf-jmap-calendars-27 section 5.10).

use serde_json::{Map, Value};

use super::copy::{self, Source};
use super::dispatch::Run;
use super::errors::MethodError;
use super::event;
use super::event_set::Events;
use super::privacy;
use crate::directory::{Focus, UserId};
use crate::scheduling::Marker;

pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, MethodError> {
    let source = Source { name: "CalendarEvent", show: original, more: &[] };
    // A copy has no argument that would have anybody told.
    copy::run(run, arguments, &source, |_| Ok(Events { marker: Marker::Unsaid }))
}

fn original(run: &mut Run<'_, '_>, from: UserId, id: &str) -> Option<Map<String, Value>> {
    let focus = Focus { user: from, realm: run.turn.focus().realm };
    let item = run.turn.account_of(focus).item(id)?.clone();
    let mut shown = event::full(&item, &run.turn.host().owner);
    if from != run.user {
        // What cannot be seen there cannot be copied from there.
        if privacy::is_secret(&shown) {
            return None;
        }
        let asker = run.turn.directory().host(run.user).owner.clone();
        privacy::reduce(&mut shown, &asker);
    }
    // Whose invitation it is depends on the account.
    shown.remove("isOrigin");
    Some(shown)
}
