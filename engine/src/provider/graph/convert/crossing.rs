//! Moved occurrences keep their order: Graph refuses to move one to or past the day of the next or
//! the one before (`ErrorOccurrenceCrossingBoundary`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan as _;
use jiff::civil::{Date, DateTime};

use crate::content::{Inexpressible, Membership};

use super::refusal::cannot;
use super::series::Series;

/// How far an occurrence may be moved before nobody looks what lies between.
const FAR: i32 = 3660;

/// Where the occurrences of a series went that do not take place as the rule says.
#[derive(Debug, Default)]
pub(super) struct Moves {
    days: BTreeMap<DateTime, Date>,
    cancelled: BTreeSet<DateTime>,
}

impl Moves {
    /// An occurrence takes place on this day.
    pub(super) fn put(&mut self, at: DateTime, day: Date) {
        self.days.insert(at, day);
    }

    /// An occurrence does not take place.
    pub(super) fn cancel(&mut self, at: DateTime) {
        self.cancelled.insert(at);
    }
}

/// Whether the occurrences of a series are still in order.
pub(super) fn check(series: &Series, moves: &Moves) -> Result<(), Inexpressible> {
    let refused = || {
        let reason = "graph moves no occurrence to or past the day of another";
        cannot("recurrenceOverrides", reason)
    };
    let changed: Vec<(&DateTime, &Date)> = moves.days.iter().collect();
    if changed.windows(2).any(|pair| pair[0].1 >= pair[1].1) {
        return Err(refused());
    }
    let moved = changed.into_iter().filter(|(at, day)| at.date() != **day);
    for (at, day) in moved {
        let between = between(series, *at, *day).ok_or_else(refused)?;
        for (other, membership) in series.occurs(&between) {
            if membership == Membership::Absent || moves.cancelled.contains(&other) {
                continue;
            }
            let there = moves.days.get(&other).copied().unwrap_or(other.date());
            let in_order = if other > *at { *day < there } else { *day > there };
            if !in_order {
                return Err(refused());
            }
        }
    }
    Ok(())
}

/// The starts that there may be from an occurrence, which is left out, to a day.
fn between(series: &Series, at: DateTime, day: Date) -> Option<BTreeSet<DateTime>> {
    let apart = at.date().until(day).ok()?.get_days();
    if apart.abs() > FAR {
        return None;
    }
    let steps = 1..=apart.abs();
    let date = |step: i32| at.date().checked_add((step * apart.signum()).days()).ok();
    steps.map(|step| Some(date(step)?.to_datetime(series.start.time()))).collect()
}
