//! One component that may recur: its rules, added and left out dates, and the overrides that hold
//! for all later instances (`RANGE=THISANDFUTURE`, RFC 5545 section 3.2.13).

use std::{collections::BTreeSet, ops::ControlFlow};

use jiff::{
    SignedDuration,
    civil::{Date, DateTime},
};

use super::{
    instances::{Clock, End, Instance, TooMany, Window, anchor, starting},
    object::CalendarObject,
    stamp::Stamp,
    starts::Starts,
    times::{Length, stamp},
    tree::{Component, Property},
    zones::Zone,
};
use crate::world::{parse_rule, reader::values::parse_span};

/// Seconds by which a wall-clock time can be off around a change of the clock.
const CLOCK_CHANGE: i64 = 3 * 3_600;
/// Dates that one component may add or leave out; the rest is not looked at.
const DATES_MAX: usize = 20_000;

/// A component that may recur, with all that decides its instances.
pub(super) struct Series<'o, 'c> {
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
    pub(super) fn new(
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

    /// Shows each instance that can touch a window: those of the rules in order, then added dates.
    pub(super) fn walk(
        mut self,
        window: Window,
        see: &mut dyn FnMut(&Instance<'o>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, TooMany> {
        // Instances that start before the window can reach into it; a shift can carry others in.
        let shift = self.onwards.iter().map(|onwards| onwards.shift.abs()).max().unwrap_or(0);
        let lengths = self.onwards.iter().map(|onwards| onwards.length.reach(&onwards.form));
        let reach = lengths.max().unwrap_or(0).max(self.length.reach(&self.anchor));
        let first = self.anchor.local();
        let earliest =
            window.start.saturating_sub(reach.saturating_add(shift).saturating_add(CLOCK_CHANGE));
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
        let before = self.onwards.partition_point(|onwards| onwards.after < at);
        let onwards = before.checked_sub(1).and_then(|last| self.onwards.get(last));
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
