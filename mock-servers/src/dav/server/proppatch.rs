//! PROPPATCH (RFC 4918 section 9.2): all or nothing.

use http::StatusCode;

use super::answer::{Outcome, empty, multistatus};
use super::call::Call;
use super::resource::{self, Resource};
use super::{dead, faults, props};
use crate::account::Calendar;
use crate::dav::calendar::Zone;
use crate::dav::xml::names::{caldav, dav};
use crate::dav::xml::request::{Instruction, PropertyUpdate};
use crate::dav::xml::{Detail, Element, Multistatus, Name, Propstats, Refusal, Response};
use crate::directory::Realm;
use crate::operation::{Op, Target};
use crate::scheduling::Marker;
use crate::turn::Turn;

/// Answers.
pub(super) fn proppatch(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let root = call.xml()?.ok_or_else(|| Refusal::plain(StatusCode::BAD_REQUEST))?;
    let update = PropertyUpdate::read(root).map_err(|error| error.refusal())?;
    let resource = resource::find(turn, call.place())?;
    let realm = match &resource {
        Resource::Collection(focus, _) | Resource::Object(focus, _) => Some(focus.realm),
        _ => None,
    };
    let refused = |one: &Instruction| match realm {
        Some(realm) => refusal(realm, one),
        None => Some(Refusal::plain(StatusCode::FORBIDDEN)),
    };
    let mut stats = Propstats::new();
    if update.instructions.iter().any(|one| refused(one).is_some()) {
        for one in &update.instructions {
            note(&mut stats, one.name(), refused(one));
        }
    } else {
        apply(turn, &resource, &update.instructions)?;
        for one in &update.instructions {
            stats.named(StatusCode::OK, one.name().clone());
        }
        if call.detail(&turn.host().profile.dav) == Detail::Minimal {
            // RFC 8144 section 2.1: there is nothing that the status does not say.
            return Ok(empty(StatusCode::NO_CONTENT));
        }
    }
    let mut all = Multistatus::new();
    all.respond(&Response::properties(resource.place(turn).href(), stats));
    Ok(multistatus(all))
}

/// One property's part of an answer that changes nothing.
pub(super) fn note(stats: &mut Propstats<'_>, name: &Name, refused: Option<Refusal>) {
    match refused {
        Some(Refusal { status, condition: Some(condition) }) => {
            stats.refused(status, condition, name.clone());
        }
        Some(refused) => stats.named(refused.status, name.clone()),
        None => stats.named(StatusCode::FAILED_DEPENDENCY, name.clone()),
    }
}

fn refusal(realm: Realm, one: &Instruction) -> Option<Refusal> {
    if props::is_protected(one.name()) {
        return Some(Refusal::forbidden(&dav::CANNOT_MODIFY_PROTECTED_PROPERTY));
    }
    match one {
        Instruction::Set(property) => invalid(property),
        Instruction::Remove(_) if realm == Realm::Inbox => {
            Some(Refusal::plain(StatusCode::FORBIDDEN))
        }
        Instruction::Remove(_) => None,
    }
}

/// Why a property cannot have a value.
pub(super) fn invalid(property: &Element) -> Option<Refusal> {
    if property.name == caldav::CALENDAR_TIMEZONE
        && Zone::vtimezone(property.text().as_bytes()).is_none()
    {
        // RFC 4791 section 5.2.2.
        return Some(Refusal::forbidden(&caldav::VALID_CALENDAR_DATA));
    }
    if property.name == caldav::SCHEDULE_CALENDAR_TRANSP
        && property.first(&caldav::OPAQUE).is_none()
        && property.first(&caldav::TRANSPARENT).is_none()
    {
        return Some(Refusal::plain(StatusCode::CONFLICT));
    }
    None
}

fn apply(
    turn: &mut Turn<'_>,
    resource: &Resource,
    instructions: &[Instruction],
) -> Result<(), Refusal> {
    match resource {
        Resource::Collection(focus, calendar) => {
            turn.turn_to(*focus);
            let target = Target {
                id: calendar.id.clone(),
                title: calendar.name.clone(),
                calendars: std::iter::once(calendar.id.clone()).collect(),
                ..Target::default()
            };
            if faults::write(turn, Op::CalendarUpdate, &target)?.is_skipped() {
                return Ok(());
            }
            turn.update_calendar(&calendar.id, |calendar| change(calendar, instructions));
        }
        Resource::Object(focus, item) => {
            turn.turn_to(*focus);
            turn.tell(Vec::new());
            turn.update(&item.id, Marker::Never, |item| {
                for one in instructions {
                    match one {
                        Instruction::Set(property) => dead::set(&mut item.body, property),
                        Instruction::Remove(name) => dead::remove(&mut item.body, name),
                    }
                }
            });
        }
        _ => {}
    }
    Ok(())
}

/// Changes a collection's properties; its name is also what the server's users call it.
pub(super) fn change(calendar: &mut Calendar, instructions: &[Instruction]) {
    for one in instructions {
        match one {
            Instruction::Set(property) => {
                if property.name == dav::DISPLAYNAME {
                    calendar.name = property.text();
                }
                dead::set(&mut calendar.body, property);
            }
            Instruction::Remove(name) => {
                if *name == dav::DISPLAYNAME {
                    calendar.name.clone_from(&calendar.id);
                }
                dead::remove(&mut calendar.body, name);
            }
        }
    }
}
