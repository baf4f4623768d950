//! The user's own calendar in the place of the scenario's world.

use std::collections::BTreeMap;

use calamity_evidence::{Refused, Side};
use calamity_mock_servers::world::{self, Attendee, Organizer, Skipped, SourceEvent};

use crate::language::{Amount, Scenario};
use crate::script::{NewItem, World};

use super::Error;
use super::bodies::{Bodies, bare, holds, holds_copy, range};
use super::items::{Pool, draw};

/// A calendar file that was named by the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarFile {
    /// Its path, for messages.
    pub path: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// What was read from it.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) events: Vec<SourceEvent>,
    skipped: Vec<Skipped>,
}

impl Given {
    /// The address that organizes most of the events, the first of several in alphabetical order.
    pub(super) fn owner(&self) -> Option<String> {
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for organizer in self.events.iter().filter_map(|event| event.organizer.as_ref()) {
            let address = bare(&organizer.address);
            if address.contains('@') {
                *times.entry(address).or_default() += 1;
            }
        }
        let most = times.values().max().copied()?;
        times.into_iter().find(|(_, count)| *count == most).map(|(address, _)| address)
    }
}

pub(super) fn read(file: &CalendarFile) -> Result<Given, Error> {
    match world::read(&file.bytes) {
        Ok(read) if !read.events.is_empty() => {
            Ok(Given { events: read.events, skipped: read.skipped })
        }
        Ok(read) => {
            let first = read.skipped.into_iter().next();
            Err(Error::Calendar {
                path: file.path.clone(),
                line: first.as_ref().map_or(1, |skipped| skipped.line),
                column: 1,
                what: first.map_or_else(
                    || "no event in it".to_owned(),
                    |skipped| format!("no event in it can be read: {}", skipped.reason),
                ),
            })
        }
        Err(unreadable) => Err(Error::Calendar {
            path: file.path.clone(),
            line: unreadable.line,
            column: unreadable.column,
            what: unreadable.what,
        }),
    }
}

/// A calendar of the world that takes part of the file's events.
struct Target<'s> {
    side: Side,
    calendar: &'s str,
    attendees: Option<Amount>,
    weight: u64,
}

/// Puts the file's events where the scenario has events of its own, in the same proportions.
pub(super) fn place(
    given: &Given,
    scenario: &Scenario,
    world: &World,
    bodies: &Bodies<'_>,
    pool: &mut Pool,
    refused: &mut Vec<Refused>,
) -> Vec<NewItem> {
    let targets = targets(scenario);
    let all: u64 = targets.iter().map(|target| target.weight).sum();
    let mut seeded = Vec::new();
    for (number, event) in given.events.iter().enumerate() {
        let name = format!("file/{:05}", number + 1);
        let drawn = draw(bodies.seed, &["calendar", &name]);
        let share = u64::from(u32::from_le_bytes([drawn[0], drawn[1], drawn[2], drawn[3]]));
        let Some(target) = target_of(&targets, share % all.max(1)) else { break };
        let mut event = event.clone();
        let owner = &world.account(target.side).owner;
        invite(&mut event, &name, target.attendees, owner, bodies.seed);
        // Steps take what is as the scenario has it first: the user's own, with guests or without.
        let guests = target.attendees.is_some_and(|amount| amount.to != Some(0));
        let fits = bodies.own(&event, target.side) && event.attendees.is_empty() != guests;
        let title = label(&event);
        let (here, there) = (target.side, target.side.other());
        let side = match (holds(world, here, &event), holds(world, there, &event)) {
            (Ok(()), _) => here,
            (Err(_), Ok(())) => there,
            (Err(reason), Err(_)) => {
                let reason = format!("no side can hold it: {reason}");
                refused.push(Refused { title, reason });
                continue;
            }
        };
        let cannot = holds_copy(world, side.other(), &event).err();
        let item = pool.make(name, side, target.calendar, event, None, fits);
        if side != target.side {
            // The story means originals on the other side.
            pool.set_aside();
        }
        if let Some(reason) = cannot {
            let other = world.account(side.other()).protocol;
            pool.cannot_hold(&item, title, format!("{other} cannot hold it: {reason}"));
        }
        seeded.push(item);
    }
    refused.extend(given.skipped.iter().map(|skipped| Refused {
        title: format!("{} (line {})", skipped.uid.as_deref().unwrap_or("-"), skipped.line),
        reason: skipped.reason.clone(),
    }));
    seeded
}

fn targets(scenario: &Scenario) -> Vec<Target<'_>> {
    let sides = [(Side::A, &scenario.world.a), (Side::B, &scenario.world.b)];
    let mut targets: Vec<Target<'_>> = sides
        .into_iter()
        .flat_map(|(side, provider)| {
            provider.account().calendars.iter().map(move |calendar| Target {
                side,
                calendar: &calendar.name,
                attendees: calendar.attendees.as_ref().map(|attendees| attendees.value),
                weight: calendar.events,
            })
        })
        .collect();
    if targets.iter().all(|target| target.weight == 0) {
        // A world without events of its own: everything goes to the first calendar.
        targets.truncate(1);
        for target in &mut targets {
            target.weight = 1;
        }
    }
    targets
}

/// The target whose share a number falls into.
fn target_of<'t, 's>(targets: &'t [Target<'s>], number: u64) -> Option<&'t Target<'s>> {
    let mut before = 0;
    targets.iter().find(|target| {
        before += target.weight;
        number < before
    })
}

/// An event's title, or what else names it, with its place in the file.
fn label(event: &SourceEvent) -> String {
    let title = if event.title.is_empty() { &event.uid } else { &event.title };
    format!("{title} (line {})", event.line)
}

/// Adds guests where the scenario asks for them and the event has none.
fn invite(event: &mut SourceEvent, name: &str, attendees: Option<Amount>, owner: &str, seed: u64) {
    let Some(amount) = attendees.filter(|_| event.attendees.is_empty()) else { return };
    let range = range(amount);
    let span = range.end().saturating_sub(*range.start()).saturating_add(1);
    let drawn = draw(seed, &["guests", name]);
    let count = range.start() + u64::from(drawn[0]) % span;
    event.attendees = (1..=count)
        .map(|number| Attendee {
            address: format!("mailto:guest{number}@guests.example"),
            kind: "INDIVIDUAL".to_owned(),
            role: "REQ-PARTICIPANT".to_owned(),
            ..Attendee::default()
        })
        .collect();
    if count > 0 && event.organizer.is_none() {
        let address = format!("mailto:{}", bare(owner));
        event.organizer = Some(Organizer { address, ..Organizer::default() });
    }
}
