//! PROPFIND (RFC 4918 section 9.1).

use std::sync::Arc;

use http::StatusCode;

use super::answer::{Outcome, multistatus};
use super::call::{Call, Depth};
use super::faults;
use super::kept::Wanted;
use super::props::Data;
use super::resource::{self, Resource};
use crate::account::Item;
use crate::dav::xml::names::dav;
use crate::dav::xml::request::Propfind;
use crate::dav::xml::{Multistatus, Refusal};
use crate::faults::Site;
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
    let data = Data::none();
    let wanted = Wanted::new(&wanted.properties, &data, call.detail(&turn.host().profile.dav));
    wanted.listed(turn, &resource, &(&own, depth), |turn| {
        wanted.respond_as(turn, &resource, own.clone(), &mut all)?;
        match depth {
            Depth::Zero => {}
            Depth::One => members(turn, &resource, &wanted, &mut all)?,
            Depth::Infinity => everything(turn, &resource, &wanted, &mut all)?,
        }
        Ok(multistatus(all))
    })
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

/// All that is below a collection. No tree here is deep.
fn everything(
    turn: &mut Turn<'_>,
    resource: &Resource,
    wanted: &Wanted<'_>,
    all: &mut Multistatus,
) -> Result<(), Refusal> {
    members(turn, resource, wanted, all)?;
    let inside = resource.members(turn);
    let mut below = inside.iter().filter(|member| member.holds_members());
    below.try_for_each(|member| everything(turn, member, wanted, all))
}

/// Adds the members that are shown.
fn members(
    turn: &mut Turn<'_>,
    resource: &Resource,
    wanted: &Wanted<'_>,
    all: &mut Multistatus,
) -> Result<(), Refusal> {
    let Resource::Collection(focus, calendar) = resource else {
        let members = resource.members(turn);
        return members.iter().try_for_each(|member| wanted.respond(turn, member, all));
    };
    turn.turn_to(*focus);
    if !turn.is_asked(Site::Feed) && !turn.is_asked(Site::Item) {
        let mut items = turn.account_of(*focus).items_in(&calendar.id);
        return items.try_for_each(|item| wanted.respond_about(turn, *focus, item, all));
    }
    let mut items: Vec<Arc<Item>> =
        turn.account_of(*focus).items_in(&calendar.id).cloned().collect();
    faults::page(turn, Op::FeedQuery, &calendar.id, false)?.keep(&mut items);
    for item in items {
        let Some(row) = faults::row(turn, Op::FeedQuery, &item) else { continue };
        wanted.respond_row(turn, &Resource::Object(*focus, item), &row, all)?;
    }
    Ok(())
}

/// Where clients are sent that ask a well-known path (RFC 6764 section 5).
pub(super) fn elsewhere(location: &str) -> crate::native::Reply {
    let reply = super::answer::empty(StatusCode::MOVED_PERMANENTLY);
    super::answer::with(reply, http::header::LOCATION, location)
}
