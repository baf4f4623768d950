//! Events moved by whole weeks.

use calamity_base::entropy::Stream;
use jiff::{SignedDuration, Timestamp};

use super::super::{
    Exception, Frequency, RecurrenceDate, Rule, SourceEvent, Trigger, Until, When, when::add_days,
};

/// Weeks by which a copy moves at most, back or forth.
const WEEKS_MAX: u64 = 26;
/// Draws after which an event stays where it is: each one fell on a change of the clock or out of
/// the range of dates.
const DRAWS_MAX: u32 = 8;

/// The event some weeks earlier or later, at a time that its clock shows once.
pub(super) fn by_some_weeks(event: &SourceEvent, stream: &mut Stream) -> SourceEvent {
    if event.rule.as_ref().is_some_and(|rule| !is_weekly(rule)) {
        return event.clone();
    }
    for _ in 0..DRAWS_MAX {
        let drawn = stream.range(0, 2 * WEEKS_MAX);
        let weeks = i64::try_from(drawn).unwrap_or(0) - i64::try_from(WEEKS_MAX).unwrap_or(0);
        let moved = Move { days: 7 * weeks }.event(event);
        if let Some(moved) = moved.filter(|moved| is_shown_once(&moved.start)) {
            return moved;
        }
    }
    event.clone()
}

/// True for a rule that gives the same weekdays and times wherever it starts.
fn is_weekly(rule: &Rule) -> bool {
    !matches!(rule.frequency, Frequency::Monthly | Frequency::Yearly)
        && rule.scale.is_none()
        && rule.by_month.is_empty()
        && rule.by_month_day.is_empty()
        && rule.by_year_day.is_empty()
}

fn is_shown_once(start: &When) -> bool {
    start
        .zone()
        .is_none_or(|zone| !zone.rules().to_ambiguous_timestamp(start.local()).is_ambiguous())
}

struct Move {
    days: i64,
}

impl Move {
    fn event(&self, event: &SourceEvent) -> Option<SourceEvent> {
        let mut moved = event.clone();
        moved.start = self.when(&event.start)?;
        moved.end = end(event, &moved.start)?;
        if let Some(rule) = &mut moved.rule
            && let Some(until) = rule.until
        {
            rule.until = Some(self.until(until, &event.start)?);
            rule.raw = rule.to_string();
        }
        for date in &mut moved.exdates {
            *date = self.when(date)?;
        }
        moved.rdates = event
            .rdates
            .iter()
            .map(|date| {
                Some(RecurrenceDate { start: self.when(&date.start)?, duration: date.duration })
            })
            .collect::<Option<_>>()?;
        moved.exceptions = event
            .exceptions
            .iter()
            .map(|exception| {
                let original = self.when(&exception.original)?;
                Some(Exception { original, event: self.event(&exception.event)? })
            })
            .collect::<Option<_>>()?;
        for alarm in &mut moved.alarms {
            if let Trigger::At(at) = alarm.trigger {
                alarm.trigger = Trigger::At(self.instant(at, &event.start)?);
            }
        }
        Some(moved)
    }

    fn when(&self, when: &When) -> Option<When> {
        Some(when.at(add_days(when.local(), self.days)?))
    }

    /// An instant by the clock of an event.
    fn instant(&self, at: Timestamp, start: &When) -> Option<Timestamp> {
        let Some(zone) = start.zone() else {
            return at.checked_add(SignedDuration::from_hours(24 * self.days)).ok();
        };
        self.when(&start.at(zone.rules().to_datetime(at)))?.instant()
    }

    fn until(&self, until: Until, start: &When) -> Option<Until> {
        Some(match until {
            Until::Date(date) => Until::Date(self.when(&When::Date(date))?.local().date()),
            Until::Local(local) => Until::Local(add_days(local, self.days)?),
            Until::Utc(at) => Until::Utc(self.instant(at, start)?),
        })
    }
}

/// The end that keeps the length; in the zone in which it was stated.
fn end(event: &SourceEvent, start: &When) -> Option<When> {
    let (Some(from), Some(to)) = (event.start.zone(), event.end.zone()) else {
        return start.plus(event.duration);
    };
    if from == to {
        return start.plus(event.duration);
    }
    let length = event.start.until(&event.end)?;
    let instant = start.instant()?.checked_add(SignedDuration::from_secs(length.seconds)).ok()?;
    Some(When::Zoned(to.rules().to_datetime(instant), to.clone()))
}
