//! When an alarm goes off (RFC 5545 section 3.6.6), and whether that lies in a range (RFC 4791
//! section 9.9). Repetitions are counted by arithmetic, never walked.

use super::{
    super::{
        instances::{Clock, Instance, Window},
        stamp::Stamp,
        times::days_on,
        tree::Component,
    },
    overlap::holds,
};
use crate::world::{Span, reader::values::parse_span};

const DAY: i64 = 86_400;

/// When an alarm goes off.
#[derive(Clone, Debug)]
pub(super) enum Trigger {
    /// At this moment.
    At(i64),
    /// So long after the start, or after the end, of each instance.
    After { span: Span, end: bool },
}

impl Trigger {
    /// The trigger of a `VALARM`; none where it has none that can be read.
    pub(super) fn read(alarm: &Component, clock: &Clock<'_>) -> Option<Trigger> {
        let property = alarm.property("TRIGGER")?;
        if let Some(span) = parse_span(&property.value) {
            return Some(Trigger::After { span, end: property.has("RELATED", "END") });
        }
        Some(Trigger::At(clock.instant(&Stamp::read(property).ok()?)))
    }

    /// How far from its instance, repetitions among them, it can be.
    pub(super) fn reach(&self, alarm: &Component) -> i64 {
        let own = match self {
            Trigger::At(_) => 0,
            Trigger::After { span, .. } => span
                .days
                .abs()
                .saturating_add(1)
                .saturating_mul(DAY)
                .saturating_add(span.seconds.abs()),
        };
        let (times, every) = repetition(alarm);
        own.saturating_add(times.saturating_mul(every))
    }

    /// Whether it goes off in a range, for this instance.
    pub(super) fn goes_off(
        &self,
        alarm: &Component,
        instance: &Instance<'_>,
        window: Window,
        clock: &Clock<'_>,
    ) -> bool {
        let first = match self {
            Trigger::At(moment) => *moment,
            Trigger::After { span, end } => match relative(*span, *end, instance, clock) {
                Some(moment) => moment,
                None => return false,
            },
        };
        repeats_into(first, repetition(alarm), window)
    }
}

fn relative(span: Span, end: bool, instance: &Instance<'_>, clock: &Clock<'_>) -> Option<i64> {
    let zone = clock.zone(
        instance
            .start
            .as_ref()
            .unwrap_or(&Stamp::Floating(jiff::civil::DateTime::constant(1970, 1, 1, 0, 0, 0, 0))),
    );
    let from = match end {
        false => instance.start_at.or(instance.end.at())?,
        true => instance.end.at().or_else(|| by_day(instance, clock)).or(instance.start_at)?,
    };
    let local = zone.local(from)?;
    Some(days_on(local, from, &zone, span.days).saturating_add(span.seconds))
}

/// The end of a day without a stated one.
fn by_day(instance: &Instance<'_>, clock: &Clock<'_>) -> Option<i64> {
    let stamp = instance.start.as_ref().filter(|stamp| stamp.is_date())?;
    Some(days_on(stamp.local(), instance.start_at?, &clock.zone(stamp), 1))
}

/// How often an alarm goes off again, and after how many seconds each time.
fn repetition(alarm: &Component) -> (i64, i64) {
    let times = alarm.value("REPEAT").and_then(|text| text.parse::<u32>().ok()).unwrap_or(0);
    let every = alarm.value("DURATION").and_then(parse_span);
    let every = every.map_or(0, |span| span.days.saturating_mul(DAY).saturating_add(span.seconds));
    if every <= 0 { (0, 0) } else { (i64::from(times), every) }
}

fn repeats_into(first: i64, (times, every): (i64, i64), window: Window) -> bool {
    if holds(window, first) || times == 0 || every == 0 {
        return holds(window, first);
    }
    if first >= window.end {
        return false;
    }
    // The first repetition that is not before the range.
    let missing = window.start.saturating_sub(first).max(0);
    let nth = missing / every + i64::from(missing % every != 0);
    nth <= times && holds(window, first.saturating_add(nth.saturating_mul(every)))
}
