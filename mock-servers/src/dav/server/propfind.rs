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
use crate::profiles::{DavQuirks, Endless, WithoutDepth};
use crate::turn::Turn;

/// Answers.
pub(super) fn propfind(turn: &mut Turn<'_>, call: &Call) -> Outcome {
    let depth = call.depth()?;
    let wanted = match call.xml()? {
        None => Propfind::default(),
        Some(root) => Propfind::read(root).map_err(|error| error.refusal())?,
    };
    let resource = resource::find(turn, call.place())?;
    let depth = reach(&turn.host().profile.dav, depth, &resource)?;
    let mut all = call.multistatus(&turn.host().profile.dav);
    let own = if resource.is_root() { call.href() } else { resource.place(turn).href() };
    respond(turn, &resource, own, &wanted, Row::default(), &mut all)?;
    match depth {
        Depth::Zero => {}
        Depth::One => {
            for (member, row) in members(turn, &resource)? {
                respond(turn, &member, member.place(turn).href(), &wanted, row, &mut all)?;
            }
        }
        Depth::Infinity => everything(turn, &resource, &wanted, &mut all)?,
    }
    Ok(multistatus(all))
}

/// How deep a server of this kind looks.
fn reach(quirks: &DavQuirks, depth: Option<Depth>, resource: &Resource) -> Result<Depth, Refusal> {
    let depth = depth.unwrap_or(match quirks.without_depth {
        WithoutDepth::Zero => Depth::Zero,
        WithoutDepth::One => Depth::One,
        WithoutDepth::Infinity => Depth::Infinity,
    });
    match (depth, quirks.endless) {
        (Depth::Infinity, _) if !resource.holds_members() => Ok(Depth::Zero),
        (Depth::Infinity, Endless::AsOne) => Ok(Depth::One),
        (Depth::Infinity, Endless::Refused) => Err(Refusal::forbidden(&dav::PROPFIND_FINITE_DEPTH)),
        (depth, _) => Ok(depth),
    }
}

/// All that is below a collection, each collection before its members. No tree here is deep.
fn everything(
    turn: &mut Turn<'_>,
    resource: &Resource,
    wanted: &Propfind,
    all: &mut Multistatus,
) -> Result<(), Refusal> {
    for (member, row) in members(turn, resource)? {
        respond(turn, &member, member.place(turn).href(), wanted, row, all)?;
        if member.holds_members() {
            everything(turn, &member, wanted, all)?;
        }
    }
    Ok(())
}

/// The members that are shown, with what a fault makes of each.
fn members(turn: &mut Turn<'_>, resource: &Resource) -> Result<Vec<(Resource, Row)>, Refusal> {
    let mut members = resource.members(turn);
    if let Resource::Collection(focus, calendar) = resource {
        turn.turn_to(*focus);
        let page = faults::page(turn, Op::FeedQuery, &calendar.id, false)?;
        page.keep(&mut members);
    }
    let mut shown = Vec::new();
    for member in members {
        let row = match (resource, &member) {
            (Resource::Collection(..), Resource::Object(_, item)) => {
                faults::row(turn, Op::FeedQuery, item)
            }
            _ => Some(Row::default()),
        };
        shown.extend(row.map(|row| (member, row)));
    }
    Ok(shown)
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
