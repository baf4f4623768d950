//! Actions that are bound to an event: answers to an invitation, cancelling, forwarding, reminders.

mod cancel;
mod forward;
mod parameters;
mod reminder;
mod respond;
mod subject;

use parameters::Parameters;
use subject::Subject;

use super::call::Call;
use super::failure::Failure;
use super::route::{Action, InCalendar};
use crate::native::Reply;
use crate::turn::Turn;

/// `POST .../events/{id}/{action}`.
pub(super) fn act(
    call: &Call,
    turn: &mut Turn<'_>,
    which: Option<&InCalendar>,
    id: &str,
    action: Action,
) -> Result<Reply, Failure> {
    let target = call.target();
    call.write(turn, &target, |turn, _| {
        let given = Parameters::read(action, call.members()?)?;
        let subject = Subject::find(turn, which, id)?;
        match action {
            Action::Accept | Action::TentativelyAccept | Action::Decline => {
                respond::respond(call, turn, &subject, action, &given)
            }
            Action::Cancel => cancel::cancel(call, turn, &subject),
            Action::Forward => forward::forward(call, turn, &subject, &given),
            Action::DismissReminder => reminder::dismiss(call, turn, &subject),
            Action::SnoozeReminder => reminder::snooze(call, turn, &subject, &given),
        }
    })
}
