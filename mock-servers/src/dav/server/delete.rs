//! DELETE of resources and of whole collections (RFC 4918 section 9.6).

use http::StatusCode;

use super::answer::{Outcome, empty};
use super::call::Call;
use super::resource::{self, Resource, split};
use super::{conditions, faults, options, scheduling};
use crate::directory::Realm;
use crate::operation::{Op, Target};
use crate::scheduling::Marker;
use crate::turn::Turn;

/// Answers.
pub(super) fn delete(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    match resource::find(turn, call.place())? {
        Resource::Object(focus, item) => {
            turn.turn_to(focus);
            let calendar = split(&item.id).0.to_owned();
            let target = Target {
                id: item.id.clone(),
                calendars: std::iter::once(calendar).collect(),
                ..Target::default()
            };
            if let Err(refused) = conditions::check(&turn.host().profile.dav, call, Some(&item)) {
                turn.refused(Op::EventDelete, &target, refused.status.as_str(), "");
                return Err(refused);
            }
            if !faults::write(turn, Op::EventDelete, &target)?.is_skipped() {
                if focus.realm == Realm::Calendars {
                    scheduling::before_delete(turn, call, &item);
                }
                turn.delete(&item.id, Marker::Unsaid);
            }
        }
        Resource::Collection(focus, calendar) if focus.realm != Realm::Inbox => {
            turn.turn_to(focus);
            let target = Target {
                id: calendar.id.clone(),
                title: calendar.name.clone(),
                calendars: std::iter::once(calendar.id.clone()).collect(),
                ..Target::default()
            };
            if !faults::write(turn, Op::CalendarDelete, &target)?.is_skipped() {
                if focus.realm == Realm::Calendars {
                    scheduling::before_delete_of_all(turn, call, &calendar.id);
                }
                turn.delete_calendar(&calendar.id, Marker::Unsaid);
            }
        }
        _ => return Ok(options::not_allowed(call.place(), &turn.host().profile.dav)),
    }
    Ok(empty(StatusCode::NO_CONTENT))
}
