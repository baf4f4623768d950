//! `forward`: the meeting request goes to somebody new, who becomes an attendee of the organizer's
//! event.

use std::collections::BTreeSet;

use calamity_evidence::Method;
use http::StatusCode;
use serde_json::{Value, json};

use super::{Parameters, Subject};
use crate::account::Item;
use crate::directory::Focus;
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::graph::stored::{address_of, invited};
use crate::native::Reply;
use crate::scheduling::{Draft, Marker};
use crate::turn::Turn;

/// Sends the request on. The copy of an attendee stays as it is; where the organizer is a user of
/// the server too, the organizer's event gets the new attendees.
pub(super) fn forward(
    call: &Call,
    turn: &mut Turn<'_>,
    subject: &Subject,
    given: &Parameters,
) -> Result<Reply, Failure> {
    let people = given.addresses()?;
    let letters = people.iter().map(|to| {
        let to = to.clone();
        Draft::new(Method::Request, &to)
    });
    turn.tell(letters.collect());
    let organized = subject.is_organized();
    turn.update(&subject.item.id, call.marker(), |stored| {
        if organized {
            add(stored, subject.instance.as_deref(), &people);
        }
    });
    let organizer = subject.organizer().and_then(|address| turn.directory().find(&address));
    if let Some(user) = organizer.filter(|_| !organized) {
        let home = turn.focus();
        turn.turn_to(Focus::calendars(user));
        let known = turn.account().items_with_uid(&subject.item.uid).next().cloned();
        if let Some(known) = known {
            turn.tell(Vec::new());
            turn.update(&known.id, Marker::Never, |stored| {
                add(stored, subject.instance.as_deref(), &people);
            });
        }
        turn.turn_to(home);
    }
    Ok(call.names.bare(StatusCode::ACCEPTED))
}

fn add(stored: &mut Item, instance: Option<&str>, people: &[String]) {
    let master = stored.body.get("attendees").cloned().unwrap_or_else(|| json!([]));
    let body = match instance {
        None => &mut stored.body,
        Some(key) => stored.exceptions.entry(key.to_owned()).or_default(),
    };
    let list = body.entry("attendees").or_insert(master);
    let Value::Array(list) = list else { return };
    let mut known: BTreeSet<String> = list.iter().filter_map(address_of).collect();
    for address in people {
        if known.insert(address.clone()) {
            list.push(invited(address));
        }
    }
}
