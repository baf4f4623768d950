//! `POST /me/events`, `POST /me/calendars/{id}/events`.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use crate::account::{Item, NewItem};
use crate::graph::call::{self, Call};
use crate::graph::failure::Failure;
use crate::graph::render::View;
use crate::graph::route::{InCalendar, Resource};
use crate::graph::stored::Reading;
use crate::graph::transaction::{self, Seen};
use crate::graph::{ids, schema, stored};
use crate::native::Reply;
use crate::turn::Turn;

/// Makes an event, or answers with the one that the same transaction made before.
pub(in crate::graph) fn create(call: &Call, turn: &mut Turn<'_>) -> Result<Reply, Failure> {
    let which = match &call.resource {
        Resource::Events(which) => which.clone(),
        _ => InCalendar::Default,
    };
    let calendar = call::calendar(turn, &which).map(|calendar| calendar.id.clone());
    let mut target = call.target();
    target.calendars.extend(calendar.as_ref().ok().cloned());
    call.write(turn, &target, |turn, patch| {
        let view = View::new(&call.prefer, Default::default(), Default::default())?;
        let mut given = call.members()?.clone();
        // Attachments are not served, but that there are none can be said.
        given.retain(|name, value| {
            name != "attachments" || !(value.is_null() || *value == json!([]))
        });
        let given = schema::EVENT.read(&given)?;
        let seed = turn.host().seed;
        let transaction = given.get("transactionId").and_then(Value::as_str).map(str::to_owned);
        let uid = match &transaction {
            Some(id) => match transaction::look_up(turn.account(), seed, id, &given) {
                Seen::New => transaction::uid(seed, id),
                // Nothing is written, so the write log has no entry.
                Seen::Again(item) => return Ok(answer(call, &view, item)),
                Seen::Other => return Err(Failure::of("ErrorDuplicateTransactionId")),
            },
            None => {
                let key = turn.new_id("event", &transaction::hash(&given));
                ids::ical_uid(seed, &key)
            }
        };
        let mut body = stored::create(&given, &turn.host().owner)?;
        patch.apply_to(&mut body);
        let new = NewItem {
            uid,
            body,
            transaction: transaction.map(|id| transaction::stored(&id, &given)),
            ..NewItem::default()
        };
        let calendars = BTreeSet::from([calendar?]);
        let item = turn.create(new, calendars, call.marker());
        Ok(answer(call, &view, &item))
    })
}

fn answer(call: &Call, view: &View, item: &Item) -> Reply {
    call.entity(StatusCode::CREATED, "me/events", view.made(&Reading::of(item)))
}
