//! PROPFIND (RFC 4918 section 9.1).

use std::sync::Arc;

use http::StatusCode;

use super::answer::{Outcome, multistatus};
use super::call::{Call, Depth};
use super::faults;
use super::kept::Wanted;
use super::props::{self, Data};
use super::resource::{self, Resource};
use crate::account::Item;
use crate::dav::xml::names::dav;
use crate::dav::xml::request::Propfind;
use crate::dav::xml::{Multistatus, Refusal, Response};
use crate::directory::Focus;
use crate::faults::Site;
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
    let stats = props::propstats(turn, &resource, &wanted.properties, &Data::none())?;
    all.respond(&Response::properties(own, stats));
    if depth != Depth::One {
        return Ok(multistatus(all));
    }
    let data = Data::none();
    let wanted = Wanted::new(&wanted.properties, &data);
    match &resource {
        Resource::Collection(focus, calendar) => {
            turn.turn_to(*focus);
            inside(turn, *focus, &calendar.id, &wanted, &mut all)?;
        }
        _ => {
            for member in resource.members(turn) {
                wanted.respond(turn, &member, &mut all)?;
            }
        }
    }
    Ok(multistatus(all))
}

/// Adds what is in a collection.
fn inside(
    turn: &mut Turn<'_>,
    focus: Focus,
    collection: &str,
    wanted: &Wanted<'_>,
    all: &mut Multistatus,
) -> Result<(), Refusal> {
    if !turn.is_asked(Site::Feed) {
        let mut items = turn.account_of(focus).items_in(collection);
        return items.try_for_each(|item| wanted.respond_about(turn, focus, item, all));
    }
    let mut items: Vec<Arc<Item>> = turn.account_of(focus).items_in(collection).cloned().collect();
    faults::page(turn, Op::FeedQuery, collection, false)?.keep(&mut items);
    items.retain(|item| !faults::hides(turn, Op::FeedQuery, item));
    items.iter().try_for_each(|item| wanted.respond_about(turn, focus, item, all))
}

/// Where clients are sent that ask a well-known path (RFC 6764 section 5).
pub(super) fn elsewhere(location: &str) -> crate::native::Reply {
    let reply = super::answer::empty(StatusCode::MOVED_PERMANENTLY);
    super::answer::with(reply, http::header::LOCATION, location)
}
