//! The recurrence set of a body: each instance with its own times, overrides in place of what they
//! override (RFC 5545 sections 3.8.4.4 and 3.8.5).
//!
//! Only instances that can touch a window are walked, and at most 20,000 starts of a rule; a rule
//! that does not come to its end by then is [`TooMany`].

use std::ops::ControlFlow;

use thiserror::Error;

use super::{
    object::CalendarObject,
    series::Series,
    stamp::Stamp,
    times::{Length, stamp},
    tree::Component,
    zones::{Zone, Zones, seconds},
};

/// A recurrence set with more instances than are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the recurrence set has more instances than are looked at")]
pub(crate) struct TooMany;

/// A stretch of time in seconds since 1970; the start is part of it, the end is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    /// Its start; `i64::MIN` where it has none.
    pub start: i64,
    /// Its end; `i64::MAX` where it has none.
    pub end: i64,
}

impl Window {
    /// All time.
    pub(crate) const ALL: Window = Window { start: i64::MIN, end: i64::MAX };

    /// This stretch with so many seconds more on both sides.
    #[must_use]
    pub(crate) fn widened(self, by: i64) -> Window {
        let by = by.max(0);
        Window { start: self.start.saturating_sub(by), end: self.end.saturating_add(by) }
    }
}

/// What turns the dates of one body into moments.
#[derive(Clone, Debug)]
pub(crate) struct Clock<'a> {
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
    pub(crate) fn instant(&self, stamp: &Stamp) -> i64 {
        match stamp {
            Stamp::Utc(local) => seconds(*local),
            _ => self.zone(stamp).instant(stamp.local()),
        }
    }
}

/// Where an instance ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
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
    pub(crate) fn at(self) -> Option<i64> {
        match self {
            End::Stated(at) | End::Lasting { at, .. } => Some(at),
            End::None => None,
        }
    }
}

/// One instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Instance<'o> {
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
pub(crate) fn instances<'o>(
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
pub(crate) fn visit<'o>(
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
pub(super) fn anchor(component: &Component) -> Option<Stamp> {
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
pub(super) fn starting(
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
