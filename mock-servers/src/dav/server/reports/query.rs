//! calendar-query (RFC 4791 section 7.8) and addressbook-query (RFC 6352 section 8.6).

use http::StatusCode;

use super::super::answer::{Outcome, multistatus};
use super::super::call::{Call, Depth};
use super::super::kept::Wanted;
use super::super::props::Data;
use super::super::resource::{Resource, split};
use super::super::{bodies, faults};
use super::dispatch::unsupported;
use crate::account::Item;
use crate::dav::calendar::{Zone, filter};
use crate::dav::xml::names::caldav;
use crate::dav::xml::request::{AddressbookQuery, CalendarQuery};
use crate::dav::xml::{Multistatus, Refusal};
use crate::operation::Op;
use crate::profiles::{FlatQuery, SenselessFilters};
use crate::turn::Turn;

/// Some servers take a query that can find nothing for a mistake.
fn not_flat(
    turn: &Turn<'_>,
    call: &Call,
    resource: &Resource,
    refused: Refusal,
) -> Result<(), Refusal> {
    let flat = call.depth()?.unwrap_or(Depth::Zero) == Depth::Zero;
    let refuses = turn.host().profile.dav.flat_query == FlatQuery::Refused;
    if flat && refuses && !matches!(resource, Resource::Object(..)) { Err(refused) } else { Ok(()) }
}

/// calendar-query.
pub(super) fn calendar(
    turn: &mut Turn<'_>,
    call: &Call,
    resource: &Resource,
    asked: &CalendarQuery,
) -> Outcome {
    not_flat(turn, call, resource, Refusal::plain(StatusCode::BAD_REQUEST))?;
    if turn.host().profile.dav.senseless_filters == SenselessFilters::Refused {
        asked.filter.check().map_err(|_| Refusal::forbidden(&caldav::VALID_FILTER))?;
    }
    let zone = match &asked.timezone {
        None => None,
        Some(text) => Some(
            Zone::vtimezone(text.as_bytes())
                .ok_or_else(|| Refusal::forbidden(&caldav::VALID_CALENDAR_DATA))?,
        ),
    };
    let data = Data::of(&asked.asked).with_floating(zone.clone());
    let matches = |turn: &Turn<'_>, member: &Resource, item: &Item| {
        let Some(object) = bodies::object(item) else { return Ok(false) };
        let floating = zone.clone().unwrap_or_else(|| floating(turn, member, item));
        filter::matches(&asked.filter, &object, &floating)
            .map_err(|_| Refusal::forbidden(&caldav::MAX_INSTANCES))
    };
    let limit = asked.limit.map(|limit| limit as usize);
    let detail = call.detail(&turn.host().profile.dav);
    // In one collection, floating times are read in one zone.
    let own = match (&zone, resource) {
        (Some(zone), _) => Some(zone.clone()),
        (None, Resource::Collection(_, calendar)) => Some(bodies::zone(calendar)),
        _ => None,
    };
    let query = own.map(|own| (asked, own));
    let wanted = Wanted::new(&asked.asked.properties, &data, detail)
        .of_those(query.as_ref().map(|query| query as &dyn std::fmt::Debug));
    data.check()?;
    let more = ("query", call.place().href(), call.depth()?, limit);
    wanted.listed(turn, resource, &more, |turn| {
        answer(turn, call, resource, &wanted, limit, &matches)
    })
}

fn floating(turn: &Turn<'_>, member: &Resource, item: &Item) -> Zone {
    let Resource::Object(focus, _) = member else { return Zone::utc() };
    let calendar = turn.account_of(*focus).calendar(split(&item.id).0);
    calendar.map_or_else(Zone::utc, bodies::zone)
}

/// addressbook-query.
pub(super) fn cards(
    turn: &mut Turn<'_>,
    call: &Call,
    resource: &Resource,
    asked: &AddressbookQuery,
) -> Outcome {
    not_flat(turn, call, resource, unsupported(&turn.host().profile.dav))?;
    let data = Data::of(&asked.asked);
    let matches = |_: &Turn<'_>, _: &Resource, item: &Item| {
        Ok(bodies::card(item).is_some_and(|card| asked.filter.matches(card.card())))
    };
    let limit = asked.limit.map(|limit| limit as usize);
    let detail = call.detail(&turn.host().profile.dav);
    let wanted = Wanted::new(&asked.asked.properties, &data, detail).of_those(Some(asked));
    data.check()?;
    let more = ("query", call.place().href(), call.depth()?, limit);
    wanted.listed(turn, resource, &more, |turn| {
        answer(turn, call, resource, &wanted, limit, &matches)
    })
}

/// Whether a member is meant.
type Matches<'a> = &'a dyn Fn(&Turn<'_>, &Resource, &Item) -> Result<bool, Refusal>;

fn answer(
    turn: &mut Turn<'_>,
    call: &Call,
    resource: &Resource,
    wanted: &Wanted<'_>,
    limit: Option<usize>,
    matches: Matches<'_>,
) -> Outcome {
    let mut members = scope(turn, call, resource)?;
    if let Resource::Collection(focus, calendar) = resource {
        turn.turn_to(*focus);
        faults::page(turn, Op::FeedQuery, &calendar.id, false)?.keep(&mut members);
    }
    let mut all = Multistatus::of(wanted.detail());
    let mut found = 0;
    for member in members {
        let Resource::Object(focus, item) = &member else { continue };
        let fits = match wanted.fits(item) {
            Some(known) => known,
            None => matches(turn, &member, item)?,
        };
        if !fits {
            wanted.passed_over(item);
            continue;
        }
        turn.turn_to(*focus);
        let Some(row) = faults::row(turn, Op::FeedQuery, item) else { continue };
        if limit.is_some_and(|limit| found >= limit) {
            // RFC 6352 section 8.6.1.
            all.truncated(&call.place().href());
            break;
        }
        found += 1;
        wanted.respond_row(turn, &member, &row, &mut all)?;
    }
    Ok(multistatus(all))
}

/// What the query looks through: the Depth header says how deep, 0 where there is none (RFC 3253
/// section 3.6).
fn scope(turn: &Turn<'_>, call: &Call, resource: &Resource) -> Result<Vec<Resource>, Refusal> {
    let depth = call.depth()?.unwrap_or(Depth::Zero);
    Ok(match (resource, depth) {
        (Resource::Object(..), _) => vec![resource.clone()],
        (_, Depth::Zero) => Vec::new(),
        (Resource::Home(..), Depth::Infinity) => {
            let inside = resource.members(turn);
            inside.iter().flat_map(|collection| collection.members(turn)).collect()
        }
        _ => resource.members(turn),
    })
}
