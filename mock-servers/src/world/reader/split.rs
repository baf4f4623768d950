//! `RANGE=THISANDFUTURE`: one series becomes two.
//!
//! JSCalendar has no change of "this and all that follow" (jscalendarbis-15, `relatedTo`): the
//! series ends at the occurrence before the change, and a new series of an own UID begins there.
//! Each names the other, the old one the new as `next`, the new one the oldest as `first`. Changed,
//! left out and added occurrences from there on go over to the new series, moved as far as the
//! change moves its first occurrence; a rule that names weekdays moves with it.

use jiff::{
    SignedDuration,
    civil::{DateTime, Weekday},
};

use super::super::{
    Frequency, RecurrenceDate, Relation, Rule, SourceEvent, Status, Until, When,
    occurrences::{occurrences, until_local},
};

/// A series that could not be split, and why.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) whole: Box<SourceEvent>,
    pub(super) what: String,
}

/// The parts of a series that changes to `changed` from the occurrence `at` on: usually two, one
/// where the change begins with the first occurrence or cancels what follows.
pub(super) fn split(
    whole: SourceEvent,
    at: &When,
    changed: SourceEvent,
    uid: String,
) -> Result<Vec<SourceEvent>, Refused> {
    match plan(&whole, at, &changed) {
        Ok(plan) => Ok(carry_out(whole, changed, uid, plan)),
        Err(what) => Err(Refused { whole: Box::new(whole), what: what.to_owned() }),
    }
}

/// What splitting comes to.
struct Plan {
    /// The original start of the first occurrence that changes.
    at: DateTime,
    /// The last occurrence before it; none where it is the first of all.
    last_before: Option<DateTime>,
    /// How far it moves by the clock.
    moved: SignedDuration,
    /// The rule of the new series; none where it is cancelled.
    rule: Option<Rule>,
}

fn plan(whole: &SourceEvent, at: &When, changed: &SourceEvent) -> Result<Plan, &'static str> {
    let rule = whole.rule.as_ref().ok_or("a series without a rule cannot be split")?;
    if whole.all_day != changed.all_day {
        return Err("an all-day series cannot become one with times, or the other way round");
    }
    let at = at.local();
    let starts = occurrences(whole, at).ok_or("a series that cannot be followed up to there")?;
    if starts.last() != Some(&at) {
        return Err("no occurrence begins there");
    }
    let before = starts.len() - 1;
    let last_before = before.checked_sub(1).map(|index| starts[index]);
    let moved = changed.start.local().duration_since(at);
    let rule = if changed.status == Some(Status::Cancelled) {
        None
    } else {
        Some(follow(rule, before, moved, at, whole, changed)?)
    };
    Ok(Plan { at, last_before, moved, rule })
}

/// The rule of the new series.
fn follow(
    rule: &Rule,
    before: usize,
    moved: SignedDuration,
    at: DateTime,
    whole: &SourceEvent,
    changed: &SourceEvent,
) -> Result<Rule, &'static str> {
    let mut rule = rule.clone();
    rule.count = match rule.count {
        None => None,
        Some(count) => {
            let rest = u32::try_from(before).ok().and_then(|before| count.checked_sub(before));
            Some(rest.filter(|rest| *rest > 0).ok_or("no occurrence is left from there on")?)
        }
    };
    if let Some(until) = until_local(&rule, &whole.start) {
        let until = until.checked_add(moved).map_err(|_| "an end that is out of range")?;
        rule.until = Some(until_of(&changed.start.at(until)));
    }
    let new = changed.start.local();
    if new.time() != at.time()
        && !(rule.by_hour.is_empty() && rule.by_minute.is_empty() && rule.by_second.is_empty())
    {
        return Err("it moves the time of a rule that names times");
    }
    let days = super::super::when::days_between(at.date(), new.date());
    if days != 0 {
        let names_dates = !(rule.by_month_day.is_empty()
            && rule.by_year_day.is_empty()
            && rule.by_week_no.is_empty()
            && rule.by_month.is_empty());
        let names_weekdays = !rule.by_day.is_empty();
        if names_dates || (names_weekdays && rule.frequency != Frequency::Weekly) {
            return Err("it moves the day of a rule that names days");
        }
        for day in &mut rule.by_day {
            day.day = moved_weekday(day.day, days);
        }
    }
    rule.raw = rule.to_string();
    Ok(rule)
}

fn moved_weekday(day: Weekday, days: i64) -> Weekday {
    // Less than a week, so that it fits.
    day.wrapping_add(days.rem_euclid(7))
}

/// The end of a rule at a point, in the form that fits a series that starts like it.
fn until_of(at: &When) -> Until {
    match (at, at.instant()) {
        (When::Date(date), _) => Until::Date(*date),
        (_, Some(instant)) => Until::Utc(instant),
        (_, None) => Until::Local(at.local()),
    }
}

fn carry_out(
    mut before: SourceEvent,
    changed: SourceEvent,
    uid: String,
    plan: Plan,
) -> Vec<SourceEvent> {
    let mut after = changed;
    after.exdates.clear();
    after.rdates.clear();
    after.exceptions.clear();
    after.relations.retain(|relation| relation.kind != "first");
    move_over(&mut before, &mut after, &plan);
    let Some(rule) = plan.rule else {
        // Cancelled from the first occurrence on: the whole series is.
        let Some(last) = plan.last_before else {
            before.status = Some(Status::Cancelled);
            return vec![before];
        };
        end_at(&mut before, last);
        return vec![before];
    };
    after.rule = Some(rule);
    let Some(last) = plan.last_before else {
        after.relations.extend(before.relations);
        return vec![after];
    };
    end_at(&mut before, last);
    let first = before.relations.iter().find(|relation| relation.kind == "first");
    let first = first.map_or_else(|| before.uid.clone(), |relation| relation.uid.clone());
    after.relations.push(Relation { uid: first, kind: "first".to_owned() });
    before.relations.push(Relation { uid: uid.clone(), kind: "next".to_owned() });
    for exception in &mut after.exceptions {
        exception.event.uid.clone_from(&uid);
    }
    after.uid = uid;
    vec![before, after]
}

/// Hands what lies at or behind the split to the new series.
fn move_over(before: &mut SourceEvent, after: &mut SourceEvent, plan: &Plan) {
    let start = after.start.clone();
    let moved = |point: &When| point.local().checked_add(plan.moved).ok().map(|at| start.at(at));
    let is_behind = |point: &When| point.local() >= plan.at;
    let (behind, kept) = std::mem::take(&mut before.exdates).into_iter().partition(is_behind);
    before.exdates = kept;
    let behind: Vec<When> = behind;
    after.exdates = behind.iter().filter_map(moved).collect();
    let (behind, kept): (Vec<RecurrenceDate>, _) =
        std::mem::take(&mut before.rdates).into_iter().partition(|date| is_behind(&date.start));
    before.rdates = kept;
    after.rdates = behind
        .into_iter()
        .filter_map(|date| {
            Some(RecurrenceDate { start: moved(&date.start)?, duration: date.duration })
        })
        .collect();
    let (behind, kept): (Vec<_>, _) = std::mem::take(&mut before.exceptions)
        .into_iter()
        .partition(|exception| is_behind(&exception.original));
    before.exceptions = kept;
    after.exceptions = behind
        .into_iter()
        .filter_map(|mut exception| {
            exception.original = moved(&exception.original)?;
            Some(exception)
        })
        .collect();
}

fn end_at(event: &mut SourceEvent, last: DateTime) {
    let until = until_of(&event.start.at(last));
    if let Some(rule) = &mut event.rule {
        rule.count = None;
        rule.until = Some(until);
        rule.raw = rule.to_string();
    }
}
