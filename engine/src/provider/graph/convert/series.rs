//! What the occurrences of a series have in common: its zone, its pattern, its first start.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::content::{Event, Inexpressible, Membership, membership, zone};

use super::recurrence::Recurrence;
use super::refusal::cannot;
use super::rule;
use super::times::{Frame, When};

/// A series as Graph holds it.
#[derive(Debug)]
pub(super) struct Series {
    /// The IANA name of its zone; none when it is all-day.
    pub(super) zone: Option<String>,
    /// Its first start, in local time.
    pub(super) start: DateTime,
    /// Its `recurrence`.
    pub(super) recurrence: Value,
    /// The rule that Graph follows.
    rule: Map<String, Value>,
}

impl Series {
    /// The series of an event; none where it takes place once.
    pub(super) fn of(event: &Event) -> Result<Option<Self>, Inexpressible> {
        let members = event.members();
        let Some(rule) = members.get("recurrenceRule").and_then(Value::as_object) else {
            if event.overrides().is_some() {
                return Err(cannot("recurrenceOverrides", "graph adds no occurrence to a rule"));
            }
            return Ok(None);
        };
        let recurrence = rule::recurrence(rule)?;
        let when = When::of(members, Frame::Series)?;
        let series = Self::new(&recurrence, &when);
        // An answer of "unknown" is for rules that go on for very long.
        let first = series.occurs(&BTreeSet::from([series.start]));
        if first.values().any(|first| *first == Membership::Absent) {
            return Err(cannot("start", "graph starts a series with the first day of its pattern"));
        }
        Ok(Some(series))
    }

    fn new(recurrence: &Recurrence, when: &When) -> Self {
        Self {
            zone: (!when.all_day).then(|| when.zone.iana.clone()),
            start: when.start,
            recurrence: recurrence.graph(when.start.date(), &when.zone.sent),
            rule: recurrence.rule(when.start),
        }
    }

    /// How one of its occurrences is written.
    pub(super) fn frame(&self) -> Frame<'_> {
        Frame::Occurrence(self.zone.as_deref())
    }

    /// The original start of one of its occurrences, as Graph names it.
    pub(super) fn instant(&self, at: DateTime) -> Result<Timestamp, Inexpressible> {
        let zone = self.zone.as_deref().and_then(zone).unwrap_or(TimeZone::UTC);
        let zoned = at.to_zoned(zone);
        let zoned = zoned.map_err(|_| cannot("recurrenceOverrides", "outside of all dates"))?;
        Ok(zoned.timestamp())
    }

    /// Which of these starts are occurrences.
    pub(super) fn occurs(&self, wanted: &BTreeSet<DateTime>) -> BTreeMap<DateTime, Membership> {
        membership(Some(&self.rule), self.start, wanted)
    }
}
