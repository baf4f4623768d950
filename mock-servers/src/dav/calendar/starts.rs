//! The local starts that a rule gives from some moment on, without walking there from its beginning
//! where that can be avoided.
//!
//! A rule that does not count its occurrences repeats itself from any of its periods on: it is
//! begun anew one period before the moment. At most [`MOST`] starts are looked at; that ends rules
//! without an end and rules that fire every second.

use jiff::{Span, civil::DateTime};

use super::{instances::TooMany, zones::Zone};
use crate::{
    recurrence::{self, MOST},
    world::{Frequency, Month, NthDay, Rule, Until, When},
};

/// The starts of one rule, in order.
pub(super) struct Starts {
    given: Box<dyn Iterator<Item = DateTime>>,
    from: Option<DateTime>,
    looked_at: usize,
    most: usize,
    failed: bool,
}

impl Starts {
    /// The starts of a rule whose first is `first`, from `from` on; some earlier ones may be among
    /// them.
    pub(super) fn new(rule: &Rule, first: DateTime, zone: &Zone, from: Option<DateTime>) -> Starts {
        let mut rule = rule.clone();
        if let Some(Until::Utc(last)) = rule.until {
            rule.until = zone.local(last.as_second()).map(Until::Local);
        }
        let begin = from.and_then(|from| later(&mut rule, first, from));
        let most = rule.count.map_or(usize::MAX, |count| count as usize);
        let given = recurrence::occurrences(&rule, &When::Floating(begin.unwrap_or(first)));
        Starts { given: Box::new(given), from: begin.and(from), looked_at: 0, most, failed: false }
    }

    /// The starts of a rule that leaves out what it gives (EXRULE). Its beginning counts only where
    /// the rule itself gives it, so that it is begun one period earlier.
    pub(super) fn excluded(rule: &Rule, first: DateTime, zone: &Zone) -> Starts {
        let mut rule = rule.clone();
        if rule.count.is_some() {
            return Starts::new(&rule, first, zone, None);
        }
        complete(&mut rule, first);
        let periods = -i64::from(rule.interval.max(1));
        let begin = moved(first, rule.frequency, periods).unwrap_or(first);
        let mut starts = Starts::new(&rule, begin, zone, None);
        starts.from = Some(first);
        starts
    }
}

impl Iterator for Starts {
    type Item = Result<DateTime, TooMany>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.failed {
            let Some(start) = self.given.next() else {
                self.failed = true;
                let cut = self.looked_at >= MOST && self.most > MOST;
                return cut.then_some(Err(TooMany));
            };
            self.looked_at += 1;
            if self.from.is_none_or(|from| start >= from) {
                return Some(Ok(start));
            }
        }
        None
    }
}

/// A beginning shortly before `from` at which the rule goes on as it would have; none where it has
/// to be followed from its own. What the old beginning implied is written into the rule.
fn later(rule: &mut Rule, first: DateTime, from: DateTime) -> Option<DateTime> {
    if rule.count.is_some() || rule.scale.is_some() || from <= first {
        return None;
    }
    let gone = from.duration_since(first).as_secs();
    let unit = match rule.frequency {
        Frequency::Secondly => 1,
        Frequency::Minutely => 60,
        Frequency::Hourly => 3_600,
        Frequency::Daily => 86_400,
        Frequency::Weekly => 7 * 86_400,
        Frequency::Monthly => 31 * 86_400,
        Frequency::Yearly => 366 * 86_400,
    };
    let interval = i64::from(rule.interval.max(1));
    let intervals = gone / unit / interval - 2;
    if intervals < 1 {
        return None;
    }
    let mut completed = rule.clone();
    complete(&mut completed, first);
    let begin = match rule.frequency {
        // The first of a month and of a year exist in each of them.
        Frequency::Monthly => {
            moved(first.with().day(1).build().ok()?, rule.frequency, intervals * interval)
        }
        Frequency::Yearly => {
            moved(first.with().month(1).day(1).build().ok()?, rule.frequency, intervals * interval)
        }
        _ => moved(first, rule.frequency, intervals * interval),
    }?;
    *rule = completed;
    Some(begin)
}

/// A time some periods of a frequency later.
fn moved(from: DateTime, frequency: Frequency, by: i64) -> Option<DateTime> {
    let span = Span::new();
    let span = match frequency {
        Frequency::Secondly => span.try_seconds(by),
        Frequency::Minutely => span.try_minutes(by),
        Frequency::Hourly => span.try_hours(by),
        Frequency::Daily => span.try_days(by),
        Frequency::Weekly => span.try_weeks(by),
        Frequency::Monthly => span.try_months(by),
        Frequency::Yearly => span.try_years(by),
    };
    from.checked_add(span.ok()?).ok()
}

/// Writes out which days the beginning implies (RFC 5545 section 3.3.10).
fn complete(rule: &mut Rule, first: DateTime) {
    let bare = rule.by_day.is_empty()
        && rule.by_month_day.is_empty()
        && rule.by_year_day.is_empty()
        && rule.by_week_no.is_empty();
    if !bare {
        return;
    }
    match rule.frequency {
        Frequency::Weekly => rule.by_day.push(NthDay { nth: None, day: first.weekday() }),
        Frequency::Monthly => rule.by_month_day.push(first.day()),
        Frequency::Yearly => {
            rule.by_month_day.push(first.day());
            if rule.by_month.is_empty() {
                rule.by_month.push(Month { number: first.month().unsigned_abs(), leap: false });
            }
        }
        _ => {}
    }
}
