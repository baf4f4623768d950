//! The items of a story while it is told: which there are, on which sides, and which of them a step
//! takes.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Lineage, Side};
use calamity_mock_servers::world::SourceEvent;

use crate::language::Items;
use crate::script::{Inexpressible, NewItem};

/// An item as far as later steps have to know it.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) name: String,
    pub(super) lineage: Lineage,
    pub(super) title: String,
    /// Which occurrences can be changed: none when it does not recur, or not simply.
    pub(super) series: bool,
    /// How far it can be moved, in minutes: a series only within its day, because its pattern may
    /// be bound to the day; none for an all-day series.
    pub(super) shift: Option<i64>,
    /// Whether it is as the scenario means its items to be; others are taken last.
    pub(super) fits: bool,
    calendar: String,
    /// The step that made it; none for the seeded ones.
    origin: Option<String>,
    sides: BTreeSet<Side>,
    touched: bool,
    gone: bool,
}

/// All items of a story.
#[derive(Debug)]
pub(super) struct Pool {
    seed: u64,
    items: Vec<Known>,
    lineages: BTreeSet<Lineage>,
    inexpressible: Vec<Inexpressible>,
    /// Items that steps of these names have touched or made, by their places in `items`.
    groups: BTreeMap<String, Vec<usize>>,
}

/// What a step takes items for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum For {
    /// They are deleted.
    Delete,
    /// They are changed.
    Edit,
    /// They are moved.
    Move,
    /// One of their occurrences is changed.
    EditOfASeries,
}

impl Pool {
    pub(super) fn new(seed: u64) -> Pool {
        Pool {
            seed,
            items: Vec::new(),
            lineages: BTreeSet::new(),
            inexpressible: Vec::new(),
            groups: BTreeMap::new(),
        }
    }

    /// A new item. Its token depends on the seed and its name alone.
    pub(super) fn make(
        &mut self,
        name: String,
        on: Side,
        calendar: &str,
        event: SourceEvent,
        origin: Option<&str>,
        fits: bool,
    ) -> NewItem {
        let lineage = self.lineage(&name);
        let series = event.exceptions.is_empty()
            && event.exdates.is_empty()
            && event.rdates.is_empty()
            && event.rule.as_ref().is_some_and(|rule| {
                rule.until.is_none() && rule.count.is_none_or(|count| count > OCCURRENCE_NTH_MAX)
            });
        let shift = shift(&event, u64::from(draw(self.seed, &["shift", &name])[0]));
        if let Some(origin) = origin {
            self.groups.entry(origin.to_owned()).or_default().push(self.items.len());
        }
        self.items.push(Known {
            name: name.clone(),
            lineage: lineage.clone(),
            title: event.title.clone(),
            series,
            shift,
            fits,
            calendar: calendar.to_owned(),
            origin: origin.map(str::to_owned),
            sides: BTreeSet::from([on]),
            touched: false,
            gone: false,
        });
        NewItem { name, lineage, on, calendar: calendar.to_owned(), event }
    }

    /// Notes that the other side cannot hold the item made last.
    pub(super) fn cannot_hold(&mut self, item: &NewItem, title: String, reason: String) {
        self.inexpressible.push(Inexpressible {
            name: item.name.clone(),
            lineage: item.lineage.clone(),
            on: item.on.other(),
            title,
            reason,
        });
        // It never reaches the other side, so no story is told about it.
        self.set_aside();
    }

    /// The item made last is in the world, and no step takes it.
    pub(super) fn set_aside(&mut self) {
        if let Some(known) = self.items.last_mut() {
            known.touched = true;
        }
    }

    /// Items that one side cannot hold.
    pub(super) fn inexpressible(&self) -> &[Inexpressible] {
        &self.inexpressible
    }

    /// The same, at the end.
    pub(super) fn into_inexpressible(self) -> Vec<Inexpressible> {
        self.inexpressible
    }

    /// A run has brought what was on one side to the other, as far as anybody can tell beforehand.
    pub(super) fn synced(&mut self) {
        for item in self.items.iter_mut().filter(|item| !item.gone) {
            item.sides.extend(Side::BOTH);
        }
    }

    /// Items of an earlier step.
    pub(super) fn group(&self, name: &str) -> Vec<(String, Lineage)> {
        let places = self.groups.get(name).map_or(&[][..], Vec::as_slice);
        places.iter().map(|place| self.named(*place)).collect()
    }

    /// All items of this kind, for a fault that is limited to them.
    pub(super) fn all(&self, which: &Items) -> Vec<(String, Lineage)> {
        match which {
            Items::SameAs(name) => self.group(name),
            Items::Seeded | Items::Fresh => (0..self.items.len())
                .filter(|place| is_of(&self.items[*place], which))
                .map(|place| self.named(place))
                .collect(),
        }
    }

    fn named(&self, place: usize) -> (String, Lineage) {
        let item = &self.items[place];
        (item.name.clone(), item.lineage.clone())
    }

    /// Takes up to `count` items for a step. Items that fit come first; an item that a
    /// step has touched is not taken again, unless that step is named.
    pub(super) fn take(
        &mut self,
        step: &str,
        count: u64,
        on: Side,
        calendar: Option<&str>,
        which: &Items,
        purpose: For,
    ) -> Vec<Known> {
        let named = match which {
            Items::SameAs(name) => self.groups.get(&name.value).cloned().unwrap_or_default(),
            Items::Seeded | Items::Fresh => (0..self.items.len())
                .filter(|place| is_of(&self.items[*place], which) && !self.items[*place].touched)
                .collect(),
        };
        let mut free: Vec<(bool, [u8; 16], usize)> = named
            .into_iter()
            .filter(|place| {
                let item = &self.items[*place];
                !item.gone
                    && item.sides.contains(&on)
                    && calendar.is_none_or(|calendar| item.calendar == calendar)
                    && (purpose != For::EditOfASeries || (item.series && item.shift.is_some()))
                    && (purpose != For::Move || item.shift.is_some())
            })
            .map(|place| {
                let item = &self.items[place];
                (!item.fits, draw(self.seed, &[step, &item.name]), place)
            })
            .collect();
        free.sort_unstable();
        free.truncate(usize::try_from(count).unwrap_or(usize::MAX));
        // In the order in which they were made: a story that is easy to follow.
        let mut places: Vec<usize> = free.into_iter().map(|(_, _, place)| place).collect();
        places.sort_unstable();
        for place in &places {
            let item = &mut self.items[*place];
            item.touched = true;
            item.gone |= purpose == For::Delete;
        }
        self.groups.entry(step.to_owned()).or_default().extend(&places);
        places.into_iter().map(|place| self.items[place].clone()).collect()
    }

    fn lineage(&mut self, name: &str) -> Lineage {
        (0_u64..)
            .map(|attempt| {
                let drawn = draw(self.seed, &["lineage", name, &attempt.to_string()]);
                let mut number = [0; 8];
                number.copy_from_slice(&drawn[..8]);
                Lineage::from_number(u64::from_le_bytes(number))
            })
            .find(|lineage| self.lineages.insert(lineage.clone()))
            .expect("2^50 tokens are more than items")
    }
}

/// The last occurrence that an edit changes, counted from 0; a series must have more.
pub(super) const OCCURRENCE_NTH_MAX: u32 = 3;

/// A move by whole half hours, at least one and at most a day.
fn shift(event: &SourceEvent, drawn: u64) -> Option<i64> {
    const DAY: i64 = 24 * 60;
    let half_hours = i64::try_from(drawn % 48 + 1).unwrap_or(1);
    if event.rule.is_none() && event.rdates.is_empty() {
        return Some(30 * half_hours);
    }
    if event.all_day {
        return None;
    }
    let start = event.start.local().time();
    let minute = i64::from(start.hour()) * 60 + i64::from(start.minute());
    let later = (DAY - 1 - minute) / 30;
    let earlier = minute / 30;
    let wanted = (half_hours - 1) % 4 + 1;
    if later > 0 { Some(30 * wanted.min(later)) } else { Some(-30 * wanted.min(earlier)) }
}

fn is_of(item: &Known, which: &Items) -> bool {
    match which {
        Items::Seeded => item.origin.is_none(),
        Items::Fresh => item.origin.is_some(),
        Items::SameAs(name) => item.origin.as_deref() == Some(name.as_str()),
    }
}

/// Sixteen bytes that depend on the seed and the names alone.
pub(super) fn draw(seed: u64, names: &[&str]) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes());
    for name in names {
        hasher.update(&(name.len() as u64).to_le_bytes());
        hasher.update(name.as_bytes());
    }
    let mut drawn = [0; 16];
    drawn.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    drawn
}
