//! The recurrence set of a body: each instance with its own times, overrides in place of what they
//! override (RFC 5545 sections 3.8.4.4 and 3.8.5).
//!
//! Only instances that can touch a window are walked, and at most 20,000 starts of a rule; a rule
//! that does not come to its end by then is [`TooMany`].

use std::{collections::BTreeSet, ops::ControlFlow};

use jiff::{
    SignedDuration,
    civil::{Date, DateTime},
};
use thiserror::Error;

use super::{
    object::CalendarObject,
    stamp::Stamp,
    starts::Starts,
    times::{Length, stamp},
    tree::{Component, Property},
    zones::{Zone, Zones, seconds},
};
use crate::world::{parse_rule, reader::values::parse_span};

const DAY: i64 = 86_400;
/// Dates that one component may add or leave out; the rest is not looked at.
const DATES_MAX: usize = 20_000;

/// A recurrence set with more instances than are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the recurrence set has more instances than are looked at")]
pub struct TooMany;

/// A stretch of time in seconds since 1970; the start is part of it, the end is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Its start; `i64::MIN` where it has none.
    pub start: i64,
    /// Its end; `i64::MAX` where it has none.
    pub end: i64,
}

impl Window {
    /// All time.
    pub const ALL: Window = Window { start: i64::MIN, end: i64::MAX };

    /// This stretch with so many seconds more on both sides.
    #[must_use]
    pub fn widened(self, by: i64) -> Window {
        let by = by.max(0);
        Window { start: self.start.saturating_sub(by), end: self.end.saturating_add(by) }
    }
}

/// What turns the dates of one body into moments.
#[derive(Clone, Debug)]
pub struct Clock<'a> {
    pub(super) zones: &'a Zones,
    pub(super) floating: &'a Zone,
}

impl Clock<'_> {
    /// The zone that a date or time counts in; days and floating times count in the one that the
    /// query or the calendar names (RFC 4791 section 7.3).
    pub(super) fn zone(&self, stamp: &Stamp) -> Zone {
        match stamp {
            Stamp::Date(_) | Stamp::Floating(_) => self.floating.clone(),
            Stamp::Utc(_) => Zone::utc(),
            Stamp::Zoned(_, id) => self.zones.find(id).unwrap_or_else(|| self.floating.clone()),
        }
    }

    /// The moment of a date or time, in seconds since 1970.
    #[must_use]
    pub fn instant(&self, stamp: &Stamp) -> i64 {
        match stamp {
            Stamp::Utc(local) => seconds(*local),
            _ => self.zone(stamp).instant(stamp.local()),
        }
    }
}

/// Where an instance ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// By `DTEND`, `DUE` or the end of a period.
    Stated(i64),
    /// By `DURATION`.
    Lasting {
        /// The moment.
        at: i64,
        /// True if the duration is longer than nothing.
        positive: bool,
    },
    /// It states neither.
    None,
}

impl End {
    /// The moment, where one is stated.
    #[must_use]
    pub fn at(self) -> Option<i64> {
        match self {
            End::Stated(at) | End::Lasting { at, .. } => Some(at),
            End::None => None,
        }
    }
}

/// One instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance<'o> {
    /// The component that says what it is like.
    pub component: &'o Component,
    /// Where it stood before it was overridden; none in a component that does not recur.
    pub id: Option<Stamp>,
    /// Where it starts; none for a `VTODO` or `VJOURNAL` that does not say.
    pub start: Option<Stamp>,
    /// The moment of its start.
    pub start_at: Option<i64>,
    /// Where it ends.
    pub end: End,
}

/// All instances that can touch a window, sorted by start. Some of them may not touch it.
///
/// # Errors
/// When a rule goes on for too long.
pub fn instances<'o>(
    object: &'o CalendarObject,
    floating: &Zone,
    window: Window,
) -> Result<Vec<Instance<'o>>, TooMany> {
    let mut found = Vec::new();
    visit(object, floating, window, &mut |instance| {
        found.push(instance.clone());
        ControlFlow::Continue(())
    })?;
    found.sort_by_key(|instance| instance.start_at);
    Ok(found)
}

/// Shows each instance that can touch a window, until told to stop: those of the rules in order,
/// then added dates, then overrides.
///
/// # Errors
/// When a rule goes on for too long.
pub fn visit<'o>(
    object: &'o CalendarObject,
    floating: &Zone,
    window: Window,
    see: &mut dyn FnMut(&Instance<'o>) -> ControlFlow<()>,
) -> Result<(), TooMany> {
    let clock = object.clock(floating);
    for master in object.components().filter(|component| !component.is_override()) {
        let Some(anchor) = anchor(master) else {
            if see(&dateless(master)).is_break() {
                return Ok(());
            }
            continue;
        };
        let series = Series::new(object, master, anchor, clock.clone());
        if series.walk(window, see)?.is_break() {
            return Ok(());
        }
    }
    for changed in object.components().filter(|component| component.is_override()) {
        if see(&override_instance(changed, &clock)).is_break() {
            return Ok(());
        }
    }
    Ok(())
}

/// Where the first instance stands: its start, or the due date of a task without one.
fn anchor(component: &Component) -> Option<Stamp> {
    stamp(component, "DTSTART").or_else(|| stamp(component, "DUE"))
}

fn dateless(component: &Component) -> Instance<'_> {
    Instance { component, id: None, start: None, start_at: None, end: End::None }
}

/// The instance that an override makes, whether or not there is a series for it.
pub(super) fn override_instance<'o>(component: &'o Component, clock: &Clock<'_>) -> Instance<'o> {
    let id = stamp(component, "RECURRENCE-ID");
    let Some(start) = anchor(component).or_else(|| id.clone()) else { return dateless(component) };
    let zone = clock.zone(&start);
    let at = clock.instant(&start);
    let end = Length::of(component, &start, clock).end(start.local(), at, &zone);
    starting(component, id, start, at, end)
}

/// An instance; one that is known by its due date has no start of its own.
fn starting(
    component: &Component,
    id: Option<Stamp>,
    start: Stamp,
    at: i64,
    end: End,
) -> Instance<'_> {
    let by_due = component.name == "VTODO" && component.property("DTSTART").is_none();
    let (start, start_at) = if by_due { (None, None) } else { (Some(start), Some(at)) };
    Instance { component, id, start, start_at, end }
}

/// A component that may recur, with all that decides its instances.
struct Series<'o, 'c> {
    component: &'o Component,
    anchor: Stamp,
    length: Length,
    zone: Zone,
    clock: Clock<'c>,
    left_out: Marks,
    onwards: Vec<Onwards<'o>>,
    recurs: bool,
}

/// An override of an instance and all that follow (`RANGE=THISANDFUTURE`).
struct Onwards<'o> {
    after: i64,
    /// How far it moves them, in seconds by the wall clock.
    shift: i64,
    form: Stamp,
    length: Length,
    component: &'o Component,
}

impl<'o, 'c> Series<'o, 'c> {
    fn new(
        object: &'o CalendarObject,
        component: &'o Component,
        anchor: Stamp,
        clock: Clock<'c>,
    ) -> Series<'o, 'c> {
        let mut left_out = Marks { by_day: anchor.is_date(), ..Marks::default() };
        for property in component.all("EXDATE") {
            let dates = property.list().filter_map(|text| Stamp::one(property, text).ok());
            dates.take(DATES_MAX).for_each(|date| left_out.add(&date, &clock));
        }
        let mut onwards = Vec::new();
        for changed in object.components().filter(|component| component.is_override()) {
            let Some(id) = stamp(changed, "RECURRENCE-ID") else { continue };
            left_out.add(&id, &clock);
            onwards.extend(Onwards::read(changed, &id, &clock));
        }
        onwards.sort_by_key(|onwards| onwards.after);
        let recurs = ["RRULE", "RDATE", "EXDATE", "EXRULE"]
            .iter()
            .any(|name| component.property(name).is_some())
            || object.components().count() > 1;
        let length = Length::of(component, &anchor, &clock);
        let zone = clock.zone(&anchor);
        Series { component, anchor, length, zone, clock, left_out, onwards, recurs }
    }

    fn walk(
        mut self,
        window: Window,
        see: &mut dyn FnMut(&Instance<'o>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, TooMany> {
        // Instances that start before the window can reach into it; a shift can carry others in.
        let shift = self.onwards.iter().map(|onwards| onwards.shift.abs()).max().unwrap_or(0);
        let lengths = self.onwards.iter().map(|onwards| onwards.length.reach());
        let reach = lengths.max().unwrap_or(0).max(self.length.reach());
        let first = self.anchor.local();
        let earliest = window.start.saturating_sub(reach + shift + 2 * DAY);
        let from = self.zone.local(earliest).filter(|_| window.start > i64::MIN);
        let last = window.end.saturating_add(shift);
        self.exclude_by_rule(first, last)?;
        let dates = self.added();
        let rules: Vec<_> = self
            .component
            .all("RRULE")
            .filter_map(|property| parse_rule(&property.value).ok())
            .collect();
        let mut seen = BTreeSet::new();
        let may_repeat = rules.len() > 1 || !dates.is_empty();
        let starts = rules.iter().flat_map(|rule| {
            // Each rule ends by itself at the window's end, so that the next one has its turn.
            let zone = &self.zone;
            Starts::new(rule, first, zone, from).take_while(move |start| {
                start.as_ref().map_or(true, |start| zone.instant(*start) <= last)
            })
        });
        let alone = rules.is_empty().then_some(Ok(first));
        for start in alone.into_iter().chain(starts) {
            let local = start?;
            let at = self.zone.instant(local);
            if may_repeat && !seen.insert(at) {
                continue;
            }
            let stated = self.anchor.at(local);
            if self.show(&stated, at, None, see).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        for (date, end) in dates {
            let at = self.clock.instant(&date);
            if seen.insert(at) && self.show(&date, at, end, see).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    /// Shows one instance, unless it is left out or overridden.
    fn show(
        &self,
        start: &Stamp,
        at: i64,
        end: Option<i64>,
        see: &mut dyn FnMut(&Instance<'o>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if self.left_out.holds(at, start.local().date()) {
            return ControlFlow::Continue(());
        }
        let id = self.recurs.then(|| start.clone());
        let onwards = self.onwards.iter().rev().find(|onwards| onwards.after < at);
        let instance = match onwards {
            Some(onwards) => {
                let Some(moved) = onwards.moved(start) else { return ControlFlow::Continue(()) };
                let (at, zone) = (self.clock.instant(&moved), self.clock.zone(&moved));
                let end = onwards.length.end(moved.local(), at, &zone);
                starting(onwards.component, id, moved, at, end)
            }
            None => {
                let stated = end.map(End::Stated);
                let by_length = || self.length.end(start.local(), at, &self.zone);
                starting(self.component, id, start.clone(), at, stated.unwrap_or_else(by_length))
            }
        };
        see(&instance)
    }

    /// Leaves out what `EXRULE` gives; RFC 5545 no longer has it, clients still store it.
    fn exclude_by_rule(&mut self, first: DateTime, last: i64) -> Result<(), TooMany> {
        for property in self.component.all("EXRULE") {
            let Ok(rule) = parse_rule(&property.value) else { continue };
            for start in Starts::excluded(&rule, first, &self.zone) {
                let local = start?;
                if self.zone.instant(local) > last {
                    break;
                }
                self.left_out.add(&self.anchor.at(local), &self.clock);
            }
        }
        Ok(())
    }

    /// The dates that `RDATE` adds, and where their periods end.
    fn added(&self) -> Vec<(Stamp, Option<i64>)> {
        let properties = self.component.all("RDATE");
        let dates = properties.flat_map(|property| {
            property.list().filter_map(|text| date_or_period(property, text, &self.clock))
        });
        dates.take(DATES_MAX).collect()
    }
}

impl<'o> Onwards<'o> {
    fn read(component: &'o Component, id: &Stamp, clock: &Clock<'_>) -> Option<Onwards<'o>> {
        let property = component.property("RECURRENCE-ID")?;
        if !property.has("RANGE", "THISANDFUTURE") {
            return None;
        }
        let form = anchor(component).unwrap_or_else(|| id.clone());
        let shift = form.local().duration_since(id.local()).as_secs();
        let length = Length::of(component, &form, clock);
        Some(Onwards { after: clock.instant(id), shift, form, length, component })
    }

    fn moved(&self, start: &Stamp) -> Option<Stamp> {
        let local = start.local().checked_add(SignedDuration::from_secs(self.shift)).ok()?;
        Some(self.form.at(local))
    }
}

/// One value of `RDATE`: a date, a time, or a period (RFC 5545 section 3.3.9).
fn date_or_period(
    property: &Property,
    text: &str,
    clock: &Clock<'_>,
) -> Option<(Stamp, Option<i64>)> {
    let Some((from, to)) = text.split_once('/') else {
        return Some((Stamp::one(property, text).ok()?, None));
    };
    let start = Stamp::one(property, from.trim()).ok()?;
    let (at, zone) = (clock.instant(&start), clock.zone(&start));
    let end = match parse_span(to) {
        Some(span) => {
            let length = Length::Lasting { days: span.days, seconds: span.seconds };
            length.end(start.local(), at, &zone).at()?
        }
        None => clock.instant(&Stamp::one(property, to.trim()).ok()?),
    };
    Some((start, Some(end)))
}

/// Instances that are named by their start: by the moment, or by the day where only that is said.
#[derive(Default)]
struct Marks {
    by_day: bool,
    at: BTreeSet<i64>,
    days: BTreeSet<Date>,
}

impl Marks {
    fn add(&mut self, stamp: &Stamp, clock: &Clock<'_>) {
        if self.by_day || stamp.is_date() {
            self.days.insert(stamp.local().date());
        } else {
            self.at.insert(clock.instant(stamp));
        }
    }

    fn holds(&self, at: i64, day: Date) -> bool {
        self.at.contains(&at) || self.days.contains(&day)
    }
}
