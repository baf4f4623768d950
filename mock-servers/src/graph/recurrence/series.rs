//! The instances of a stored series: what the pattern says, minus the cancelled ones, with the
//! changed ones in their place.

use std::collections::BTreeMap;

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Span, Timestamp};
use serde_json::{Map, Value};

use super::{Expand, Pattern, Recurrence, Remembered};
use crate::account::Item;
use crate::graph::moment::{self, Moment};

/// The most instances that one expansion gives.
const INSTANCES_MAX: usize = 5_000;

/// A stored series, ready to be expanded.
#[derive(Debug)]
pub(crate) struct Series<'a> {
    item: &'a Item,
    recurrence: Recurrence,
    start: Moment,
    end: Moment,
    all_day: bool,
}

/// One instance: an occurrence, or an exception if it has properties of its own.
#[derive(Clone, Debug)]
pub(crate) struct Instance<'a> {
    /// The start that the pattern gives it; for all-day series midnight UTC of its day.
    pub(crate) original: Timestamp,
    /// When it starts.
    pub(crate) start: Timestamp,
    /// When it ends.
    pub(crate) end: Timestamp,
    /// What differs from the master.
    pub(crate) own: Option<&'a Map<String, Value>>,
}

impl<'a> Series<'a> {
    /// The series of an item; none for a single instance.
    pub(crate) fn of(item: &'a Item) -> Option<Self> {
        let start = Moment::stored(item.body.get("start"))?;
        let end = Moment::stored(item.body.get("end"))?;
        let recurrence = Recurrence::stored(item.body.get("recurrence"), &start)?;
        let all_day = item.body.get("isAllDay").and_then(Value::as_bool).unwrap_or(false);
        Some(Self { item, recurrence, start, end, all_day })
    }

    /// What is stored.
    pub(crate) fn item(&self) -> &'a Item {
        self.item
    }

    /// Its pattern and range.
    pub(crate) fn recurrence(&self) -> &Recurrence {
        &self.recurrence
    }

    /// Whether its instances are whole days.
    pub(crate) fn is_all_day(&self) -> bool {
        self.all_day
    }

    /// The instances that overlap a window, in the order of their starts.
    pub(crate) fn between(&self, from: Timestamp, upto: Timestamp) -> Vec<Instance<'a>> {
        // A day on either side covers every offset.
        let margin = SignedDuration::from_hours(24);
        let earliest = add(from, -(self.length() + margin));
        let span = (utc(earliest), utc(add(upto, margin)));
        let mut found: BTreeMap<Timestamp, Instance<'a>> = self
            .originals(span)
            .into_iter()
            .map(|local| self.regular(local))
            .map(|instance| (instance.original, instance))
            .collect();
        for original in self.changed() {
            if let Some(instance) = self.at(original) {
                found.insert(original, instance);
            }
        }
        let mut instances: Vec<Instance<'a>> = found
            .into_values()
            .filter(|instance| !self.is_cancelled(instance.original))
            .map(|instance| self.with_own(instance))
            .filter(|instance| overlaps(instance, from, upto))
            .collect();
        instances.sort_by_key(|instance| (instance.start, instance.original));
        instances
    }

    /// The instance with that original start, cancelled or not in the pattern: none.
    pub(crate) fn instance(&self, original: Timestamp) -> Option<Instance<'a>> {
        if self.is_cancelled(original) {
            return None;
        }
        Some(self.with_own(self.at(original)?))
    }

    /// The original start of the nth instance that the pattern gives, counted from 0.
    pub(crate) fn nth(&self, nth: usize) -> Option<Timestamp> {
        let span = (DateTime::MIN, DateTime::MAX);
        let most = nth.checked_add(1)?.min(INSTANCES_MAX);
        let starts = Remembered.starts(&self.recurrence, self.start.local, span, most);
        starts.get(nth).map(|local| self.regular(*local).original)
    }

    /// Whether the pattern gives an instance with that original start.
    pub(crate) fn gives(&self, original: Timestamp) -> bool {
        self.at(original).is_some()
    }

    /// What the pattern says of an instance, without what is its own.
    pub(crate) fn pattern_instance(&self, original: Timestamp) -> Option<Instance<'a>> {
        self.at(original)
    }

    /// Whether an instance starts at a moment or later.
    pub(crate) fn goes_on_after(&self, from: Timestamp) -> bool {
        let from_local = utc(add(from, SignedDuration::from_hours(-24)));
        let most = self.item.cancelled.len() + 2;
        let next = Remembered.starts(
            &self.recurrence,
            self.start.local,
            (from_local, DateTime::MAX),
            most.min(INSTANCES_MAX),
        );
        let regular = next.into_iter().map(|local| self.regular(local)).map(|one| one.original);
        let mut originals = regular.chain(self.changed());
        originals.any(|original| self.instance(original).is_some_and(|one| one.start >= from))
    }

    /// The exceptions, in the order of their original starts.
    pub(crate) fn exceptions(&self) -> Vec<Instance<'a>> {
        self.changed().filter_map(|original| self.instance(original)).collect()
    }

    /// The day of an original start in the zone of the series.
    pub(crate) fn day(&self, original: Timestamp) -> Date {
        self.local(original).date()
    }

    /// The days of the occurrences beside an original start, cancelled ones left out.
    pub(crate) fn neighbours(&self, original: Timestamp) -> (Option<Date>, Option<Date>) {
        let (here, reach) = (self.local(original), self.reach());
        let near = self.originals((add_local(here, -reach), add_local(here, reach)));
        let near = near.into_iter().map(|local| self.regular(local));
        let standing: Vec<Instance<'a>> =
            near.filter(|instance| !self.is_cancelled(instance.original)).collect();
        let day_of = |instance: &Instance<'a>| self.day(self.with_own(instance.clone()).start);
        let before = standing.iter().rev().find(|instance| instance.original < original);
        let after = standing.iter().find(|instance| instance.original > original);
        (before.map(day_of), after.map(day_of))
    }

    /// How far the next occurrence that is not cancelled can be away.
    fn reach(&self) -> Span {
        let steps = i64::try_from(self.item.cancelled.len()).unwrap_or(0).min(100) + 2;
        match &self.recurrence.pattern {
            Pattern::Daily { interval } => Span::new().days(steps * i64::from(*interval)),
            Pattern::Weekly { interval, .. } => Span::new().weeks(steps * i64::from(*interval)),
            Pattern::AbsoluteMonthly { interval, .. }
            | Pattern::RelativeMonthly { interval, .. } => {
                Span::new().months((steps * i64::from(*interval)).min(12_000))
            }
            Pattern::AbsoluteYearly { interval, .. } | Pattern::RelativeYearly { interval, .. } => {
                Span::new().years((steps * i64::from(*interval)).min(1_000))
            }
        }
    }

    fn changed(&self) -> impl Iterator<Item = Timestamp> {
        self.item.exceptions.keys().filter_map(|key| moment::of_key(key))
    }

    fn is_cancelled(&self, original: Timestamp) -> bool {
        self.item.cancelled.contains(&moment::key(original))
    }

    fn originals(&self, span: (DateTime, DateTime)) -> Vec<DateTime> {
        Remembered.starts(&self.recurrence, self.start.local, span, INSTANCES_MAX)
    }

    /// What the pattern has at an original start. A wall-clock time in a gap comes back as another
    /// one, so it is looked for by instant among its neighbours.
    fn at(&self, original: Timestamp) -> Option<Instance<'a>> {
        let local = self.local(original);
        let day = Span::new().days(1);
        let near = self.originals((add_local(local, -day), add_local(local, day)));
        let mut instances = near.into_iter().map(|local| self.regular(local));
        instances.find(|instance| instance.original == original)
    }

    /// An instant as the wall-clock time of the series.
    fn local(&self, instant: Timestamp) -> DateTime {
        if self.all_day { utc(instant) } else { instant.to_zoned(self.start.rules()).datetime() }
    }

    fn regular(&self, local: DateTime) -> Instance<'a> {
        let rules = if self.all_day { jiff::tz::TimeZone::UTC } else { self.start.rules() };
        let start = moment::instant(local, &rules);
        let end = if self.start.zone == self.end.zone || self.all_day {
            let length = self.start.local.duration_until(self.end.local);
            let end = local.checked_add(length).unwrap_or(DateTime::MAX);
            moment::instant(end, &rules)
        } else {
            add(start, self.length())
        };
        Instance { original: start, start, end, own: None }
    }

    fn with_own(&self, mut instance: Instance<'a>) -> Instance<'a> {
        let Some(own) = self.item.exceptions.get(&moment::key(instance.original)) else {
            return instance;
        };
        let stated = |name: &str| {
            let moment = Moment::stored(own.get(name))?;
            Some(if self.all_day_of(own) {
                moment::instant(moment.local, &jiff::tz::TimeZone::UTC)
            } else {
                moment.instant()
            })
        };
        let length = instance.start.duration_until(instance.end);
        if let Some(start) = stated("start") {
            instance.start = start;
            instance.end = add(start, length);
        }
        if let Some(end) = stated("end") {
            instance.end = end;
        }
        instance.own = Some(own);
        instance
    }

    fn all_day_of(&self, own: &Map<String, Value>) -> bool {
        own.get("isAllDay").and_then(Value::as_bool).unwrap_or(self.all_day)
    }

    fn length(&self) -> SignedDuration {
        if self.all_day {
            self.start.local.duration_until(self.end.local)
        } else {
            self.start.instant().duration_until(self.end.instant())
        }
    }
}

fn overlaps(instance: &Instance<'_>, from: Timestamp, upto: Timestamp) -> bool {
    instance.start < upto && (instance.end > from || instance.start >= from)
}

fn utc(instant: Timestamp) -> DateTime {
    instant.to_zoned(jiff::tz::TimeZone::UTC).datetime()
}

fn add(instant: Timestamp, by: SignedDuration) -> Timestamp {
    let end = if by.is_negative() { Timestamp::MIN } else { Timestamp::MAX };
    instant.checked_add(by).unwrap_or(end)
}

fn add_local(local: DateTime, by: Span) -> DateTime {
    let end = if by.is_negative() { DateTime::MIN } else { DateTime::MAX };
    local.checked_add(by).unwrap_or(end)
}
