//! What events are made of: the shipped calendars multiplied to size, or the user's own.

use std::ops::RangeInclusive;

use calamity_base::Entropy;
use calamity_evidence::{Lineage, Side};
use calamity_mock_servers::Protocol;
use calamity_mock_servers::world::{self, SourceEvent, Status, Unwritable};

use crate::language::{Amount, Attendees, Scenario};
use crate::script::{NewItem, World};

use super::file::Given;
use super::items::Pool;

/// Makes events for a world.
#[derive(Debug)]
pub(super) struct Bodies<'w> {
    pub(super) world: &'w World,
    pub(super) seed: u64,
    entropy: Entropy,
    /// Events that both sides can hold, to be multiplied.
    set: Vec<SourceEvent>,
}

impl<'w> Bodies<'w> {
    pub(super) fn new(world: &'w World, given: Option<&Given>, seed: u64) -> Bodies<'w> {
        let own = given.map_or(&[][..], |given| &given.events);
        let mut set = held_by_both(own, world);
        if set.is_empty() {
            let shipped: Vec<SourceEvent> = world::calendars()
                .iter()
                .filter_map(|(_, text)| world::read(text).ok())
                .flat_map(|read| read.events)
                .collect();
            set = held_by_both(&shipped, world);
        }
        Bodies { world, seed, entropy: Entropy::seeded(seed), set }
    }

    /// New events; `key` names what they are for, and with the seed decides what they are.
    ///
    /// Every event has an identity of its own, so the originals of the set are given out once.
    pub(super) fn make(
        &self,
        key: &str,
        count: u64,
        on: Side,
        attendees: Option<Amount>,
        which: Which,
    ) -> Vec<SourceEvent> {
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let skipped = match which {
            Which::OriginalsFirst => 0,
            Which::CopiesOnly => self.set.len(),
        };
        let owner = &self.world.account(on).owner;
        let mut stream = self.entropy.stream("scenario.bodies", key);
        let all = count.saturating_add(skipped);
        let mut events = world::multiply(&self.set, all, attendees.map(range), owner, &mut stream);
        events.drain(..skipped.min(events.len()));
        if attendees.is_none() {
            events.iter_mut().for_each(invite_nobody);
        }
        events
    }

    /// Whether the user of a side organizes an event, or nobody does.
    pub(super) fn own(&self, event: &SourceEvent, on: Side) -> bool {
        let owner = bare(&self.world.account(on).owner);
        event.organizer.as_ref().is_none_or(|organizer| bare(&organizer.address) == owner)
    }
}

/// Which events of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    /// The set as it is, and copies when it is used up.
    OriginalsFirst,
    /// Copies from the start.
    CopiesOnly,
}

fn invite_nobody(event: &mut SourceEvent) {
    event.attendees.clear();
    event.organizer = None;
    for exception in &mut event.exceptions {
        invite_nobody(&mut exception.event);
    }
}

/// An address without its scheme, in lower case.
pub(super) fn bare(address: &str) -> String {
    let address = address.to_lowercase();
    address.strip_prefix("mailto:").unwrap_or(&address).to_owned()
}

/// An amount as a range; without an upper end it is its lower one.
pub(super) fn range(amount: Amount) -> RangeInclusive<u64> {
    amount.from..=amount.to.unwrap_or(amount.from)
}

fn held_by_both(events: &[SourceEvent], world: &World) -> Vec<SourceEvent> {
    let both =
        |event: &&SourceEvent| Side::BOTH.into_iter().all(|side| holds(world, side, event).is_ok());
    events.iter().filter(both).cloned().collect()
}

/// Whether the server of a side can hold an event.
pub(super) fn holds(world: &World, side: Side, event: &SourceEvent) -> Result<(), Unwritable> {
    let account = world.account(side);
    let lineage = Lineage::from_number(0);
    match account.protocol {
        Protocol::Jmap => world::jscalendar(event, &lineage, &account.owner).map(drop),
        Protocol::Graph => world::graph(event, &lineage, &account.owner).map(drop),
        Protocol::Dav => {
            let now = jiff::Timestamp::UNIX_EPOCH;
            world::icalendar(event, &lineage, &account.owner, now).map(drop)
        }
    }
}

/// Whether the server of a side can hold what the pair makes of an event there: where guests are
/// not copied, they are no obstacle.
pub(super) fn holds_copy(world: &World, side: Side, event: &SourceEvent) -> Result<(), Unwritable> {
    if world.account(side).protocol == Protocol::Graph && event.status == Some(Status::Cancelled) {
        // It holds events that were cancelled there, and nobody can make one that is.
        let (property, reason) = ("STATUS", "no cancelled event can be created");
        return Err(Unwritable { property: property.to_owned(), reason: reason.to_owned() });
    }
    match world.attendees {
        Attendees::Strip => {
            let mut copy = event.clone();
            invite_nobody(&mut copy);
            holds(world, side, &copy)
        }
        Attendees::Hold | Attendees::Send => holds(world, side, event),
    }
}

/// The scenario's own events.
pub(super) fn seed(scenario: &Scenario, bodies: &Bodies<'_>, pool: &mut Pool) -> Vec<NewItem> {
    let sides = [(Side::A, &scenario.world.a), (Side::B, &scenario.world.b)];
    let mut seeded = Vec::new();
    let mut which = Which::OriginalsFirst;
    for (side, provider) in sides {
        for calendar in &provider.account().calendars {
            let key = format!("seed/{side}/{}", *calendar.name);
            let attendees = calendar.attendees.as_ref().map(|attendees| attendees.value);
            let events = bodies.make(&key, calendar.events, side, attendees, which);
            if !events.is_empty() {
                which = Which::CopiesOnly;
            }
            seeded.extend(events.into_iter().enumerate().map(|(number, event)| {
                let name = format!("{key}/{:05}", number + 1);
                let own = bodies.own(&event, side);
                pool.make(name, side, &calendar.name, event, None, own)
            }));
        }
    }
    seeded
}
