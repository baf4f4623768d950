//! What a locked resource refuses to whom does not show the lock's token (RFC 4918 section 7): a
//! change of the resource itself, and of which members a collection has.

use http::StatusCode;

use super::super::call::Call;
use super::super::place::Place;
use super::super::resource;
use super::condition::tokens;
use super::table::Lock;
use crate::dav::xml::names::dav;
use crate::dav::xml::{Element, Refusal};
use crate::turn::Turn;

/// Something that a request changes.
enum Change {
    /// The resource.
    Itself(Place),
    /// The resource and everything below it.
    Tree(Place),
    /// Which members a collection has.
    Members(Place),
}

/// Checks a request against the locks.
///
/// # Errors
/// 423 with `DAV:lock-token-submitted` and the root of the lock in the way.
pub(in super::super) fn permit(turn: &mut Turn<'_>, call: &Call) -> Result<(), Refusal> {
    let now = turn.now();
    if turn.locks().is_empty() {
        return Ok(());
    }
    turn.locks_mut().expire(now);
    let (shown, user) = (tokens(call), turn.focus().user);
    let known = |lock: &&Lock| lock.holder == user && shown.contains(&lock.token);
    for change in changes(turn, call) {
        let (href, below) = match &change {
            Change::Itself(place) | Change::Members(place) => (place.href(), false),
            Change::Tree(place) => (place.href(), true),
        };
        let locks = turn.locks();
        let inside = locks.inside(&href).filter(|_| below);
        let mut shared = None;
        let mut shown_one = false;
        for lock in locks.on(&href).chain(inside) {
            match (known(&lock), lock.exclusive) {
                (true, _) => shown_one = true,
                (false, true) => return Err(locked(lock)),
                (false, false) => shared = shared.or(Some(lock)),
            }
        }
        // Of several shared locks one's own is enough (section 7).
        if let Some(lock) = shared.filter(|_| !shown_one) {
            return Err(locked(lock));
        }
    }
    Ok(())
}

/// After a request that took a resource away: its locks are gone with it.
pub(in super::super) fn forget(turn: &mut Turn<'_>, call: &Call) {
    let gone = matches!(call.method.as_str(), "DELETE" | "MOVE");
    if gone && !turn.locks().is_empty() && resource::find(turn, call.place()).is_err() {
        let href = call.place().href();
        turn.locks_mut().forget(&href);
    }
}

fn locked(lock: &Lock) -> Refusal {
    let href = Element::new(dav::HREF).with_text(lock.root.clone());
    let condition = Element::new(dav::LOCK_TOKEN_SUBMITTED).with_child(href);
    Refusal::with(StatusCode::LOCKED, condition)
}

fn changes(turn: &Turn<'_>, call: &Call) -> Vec<Change> {
    let place = call.place().clone();
    let there = |place: &Place| resource::find(turn, place).is_ok();
    let put = |place: Place| {
        let mut all: Vec<Change> = Vec::new();
        if !there(&place) {
            all.extend(parent(&place).map(Change::Members));
        }
        all.push(Change::Itself(place));
        all
    };
    let taken = |place: Place| {
        let mut all: Vec<Change> = parent(&place).map(Change::Members).into_iter().collect();
        all.push(Change::Tree(place));
        all
    };
    let destination = || call.header("destination").and_then(|href| call.named(href).ok());
    match call.method.as_str() {
        "PUT" => put(place),
        "PROPPATCH" => vec![Change::Itself(place)],
        "DELETE" => taken(place),
        "MKCOL" | "MKCALENDAR" => parent(&place).map(Change::Members).into_iter().collect(),
        "COPY" => destination().map(put).unwrap_or_default(),
        "MOVE" => {
            let mut all = taken(place);
            all.extend(destination().map(put).unwrap_or_default());
            all
        }
        _ => Vec::new(),
    }
}

fn parent(place: &Place) -> Option<Place> {
    match place {
        Place::Object(at, _) => Some(Place::Collection(at.clone())),
        Place::Collection(at) => Some(Place::Home(at.owner.clone(), at.realm)),
        _ => None,
    }
}
