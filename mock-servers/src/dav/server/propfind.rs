//! PROPFIND (RFC 4918 section 9.1).

use http::StatusCode;

use super::answer::{Outcome, multistatus};
use super::call::{Call, Depth};
use super::faults::{self, Row};
use super::props::{self, Data};
use super::resource::{self, Resource};
use crate::dav::xml::names::dav;
use crate::dav::xml::request::Propfind;
use crate::dav::xml::{Multistatus, Refusal, Response};
use crate::operation::Op;
use crate::turn::Turn;

/// Answers.
pub(super) fn propfind(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let depth = call.depth()?.unwrap_or(Depth::Infinity);
    let wanted = match call.xml()? {
        None => Propfind::default(),
        Some(root) => Propfind::read(&root).map_err(|error| error.refusal())?,
    };
    let resource = resource::find(turn, call.place())?;
    if depth == Depth::Infinity && resource.is_collection() {
        // RFC 4918 section 9.1.1 lets servers refuse this.
        return Err(Refusal::forbidden(&dav::PROPFIND_FINITE_DEPTH));
    }
    let mut all = Multistatus::new();
    let own = if resource.is_root() { call.href() } else { resource.place(turn).href() };
    respond(turn, &resource, own, &wanted, Row::default(), &mut all)?;
    if depth != Depth::One {
        return Ok(multistatus(all));
    }
    let mut members = resource.members(turn);
    if let Resource::Collection(focus, calendar) = &resource {
        turn.turn_to(*focus);
        let page = faults::page(turn, Op::FeedQuery, &calendar.id, false)?;
        page.keep(&mut members);
    }
    for member in &members {
        let row = match (&resource, member) {
            (Resource::Collection(..), Resource::Object(_, item)) => {
                faults::row(turn, Op::FeedQuery, item)
            }
            _ => Some(Row::default()),
        };
        let Some(row) = row else { continue };
        respond(turn, member, member.place(turn).href(), &wanted, row, &mut all)?;
    }
    Ok(multistatus(all))
}

fn respond(
    turn: &Turn<'_>,
    resource: &Resource,
    href: String,
    wanted: &Propfind,
    row: Row,
    all: &mut Multistatus,
) -> Result<(), Refusal> {
    all.check_size()?;
    if let Some(refused) = row.refused {
        all.respond(&Response::refused(href, refused));
        return Ok(());
    }
    let mut stats = props::propstats(turn, resource, &wanted.properties, &Data::none())?;
    row.change(&mut stats);
    all.respond(&Response::properties(href, stats));
    Ok(())
}

/// Where clients are sent that ask a well-known path (RFC 6764 section 5).
pub(super) fn elsewhere(location: &str) -> crate::native::Reply {
    let reply = super::answer::empty(StatusCode::MOVED_PERMANENTLY);
    super::answer::with(reply, http::header::LOCATION, location)
}
