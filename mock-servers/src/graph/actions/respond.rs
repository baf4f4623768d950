//! `accept`, `tentativelyAccept`, `decline`.

use calamity_evidence::Method;
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::{Parameters, Subject};
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::graph::route::Action;
use crate::graph::stored::address_of;
use crate::native::Reply;
use crate::scheduling::{Draft, Marker};
use crate::turn::Turn;

/// Notes the answer, tells the organizer unless that was not wanted, and takes a declined event out
/// of the calendar, as Exchange does.
pub(super) fn respond(
    call: &Call,
    turn: &mut Turn<'_>,
    subject: &Subject,
    action: Action,
    given: &Parameters,
) -> Result<Reply, Failure> {
    if subject.is_organized() {
        return Err(Failure::invalid(
            "Your request can't be completed. You can't respond to this meeting because you're the \
             meeting organizer.",
        ));
    }
    if given.proposed.is_some() {
        let allowed = subject.reading()?.flag("allowNewTimeProposals");
        if !allowed || given.silent {
            return Err(Failure::invalid(
                "Your request can't be completed. A new time can only be proposed with a response, \
                 for a meeting that allows it.",
            ));
        }
    }
    let response = match action {
        Action::Accept => "accepted",
        Action::TentativelyAccept => "tentativelyAccepted",
        _ => "declined",
    };
    let status = json!({ "response": response, "time": turn.now().to_string() });
    let owner = turn.host().owner.clone();
    let letter = subject.organizer().filter(|_| !given.silent);
    let letter = letter.map(|to| Draft::new(Method::Reply, &to));
    turn.tell(letter.into_iter().collect());
    let busy = if action == Action::Accept { "busy" } else { "tentative" };
    turn.update(&subject.item.id, call.marker(), |stored| {
        let master_people = stored.body.get("attendees").cloned();
        let body = match &subject.instance {
            None => &mut stored.body,
            Some(key) => stored.exceptions.entry(key.clone()).or_default(),
        };
        body.insert("responseStatus".to_owned(), status.clone());
        body.insert("showAs".to_owned(), json!(busy));
        if let Some(people) = body.get("attendees").cloned().or(master_people) {
            body.insert("attendees".to_owned(), answered(people, &owner, &status, given));
        }
    });
    if action == Action::Decline {
        turn.tell(Vec::new());
        match &subject.instance {
            None => drop(turn.delete(&subject.item.id, Marker::Never)),
            Some(key) => {
                turn.update(&subject.item.id, Marker::Never, |stored| {
                    stored.exceptions.remove(key);
                    stored.cancelled.insert(key.clone());
                });
            }
        }
    }
    Ok(call.names.bare(StatusCode::ACCEPTED))
}

/// Attendees with what one of them answered.
fn answered(people: Value, owner: &str, status: &Value, given: &Parameters) -> Value {
    let Value::Array(mut people) = people else { return people };
    for one in &mut people {
        if address_of(one).as_deref() != Some(owner) {
            continue;
        }
        let empty = &mut Map::new();
        let members = one.as_object_mut().unwrap_or(empty);
        members.insert("status".to_owned(), status.clone());
        if let Some(proposed) = &given.proposed {
            members.insert("proposedNewTime".to_owned(), proposed.clone());
        }
    }
    Value::Array(people)
}
