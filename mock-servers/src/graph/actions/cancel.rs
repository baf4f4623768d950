//! `cancel`: a delete that only the organizer can do, with a comment for the attendees.

use http::StatusCode;

use super::Subject;
use crate::graph::call::Call;
use crate::graph::failure::Failure;
use crate::native::Reply;
use crate::turn::Turn;

/// Takes the event out of the calendar and tells the attendees.
pub(super) fn cancel(
    call: &Call,
    turn: &mut Turn<'_>,
    subject: &Subject,
) -> Result<Reply, Failure> {
    if !subject.is_organized() {
        return Err(Failure::invalid(
            "Your request can't be completed. You need to be an organizer to cancel a meeting.",
        ));
    }
    match &subject.instance {
        None => drop(turn.delete(&subject.item.id, call.marker())),
        Some(key) => {
            turn.update(&subject.item.id, call.marker(), |stored| {
                stored.exceptions.remove(key);
                stored.cancelled.insert(key.clone());
                stored.sequence += 1;
            });
        }
    }
    Ok(call.names.bare(StatusCode::ACCEPTED))
}
