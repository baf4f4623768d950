//! What turns one event on the server into another.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use serde_json::{Map, Value, json};

use crate::content::{Event, Inexpressible, Membership};

use super::refusal::cannot;
use super::series::Series;
use super::write::held;
use super::{Change, Exceptions, Override, Patch, overrides, status};

/// The properties of the time of an event, which Graph keeps in step.
const TIMES: [&str; 3] = ["start", "end", "isAllDay"];
/// What of a recurrence may change without the exceptions being dropped.
const END_OF_RANGE: [&str; 3] = ["type", "endDate", "numberOfOccurrences"];

/// The properties and occurrences that change.
///
/// # Errors
/// [`Inexpressible`] when Graph cannot hold the event, or cannot get there from the other: it
/// cancels no event by a write, and nothing makes it bring back a cancelled occurrence of a series
/// whose first day of the week matters.
pub(crate) fn patch(before: &Event, after: &Event) -> Result<Patch, Inexpressible> {
    if status::cancelled(before.members()) != status::cancelled(after.members()) {
        return Err(cannot("status", "graph neither cancels an event by a write nor revives it"));
    }
    let (was, will) = (held(before)?, held(after)?);
    let mut master = of_master(&was.master, &will.master);
    let Some(series) = Series::of(after)? else {
        return Ok(Patch { master, exceptions: Exceptions::Kept, overrides: Vec::new() });
    };
    if rescheduled(&was.master, &will.master) {
        let overrides = will.overrides;
        return Ok(Patch { master, exceptions: Exceptions::Dropped, overrides });
    }
    if brings_back(&series, &was.overrides, &will.overrides) {
        if week_matters(&series.recurrence) {
            let reason = "graph brings back no cancelled occurrence";
            return Err(cannot("recurrenceOverrides", reason));
        }
        master.insert("recurrence".to_owned(), series.recurrence);
        let overrides = will.overrides;
        return Ok(Patch { master, exceptions: Exceptions::ToDrop, overrides });
    }
    let comparison = Comparison { after, series: &series };
    let overrides = comparison.overrides(was.overrides, will.overrides)?;
    Ok(Patch { master, exceptions: Exceptions::Kept, overrides })
}

fn of_master(was: &Map<String, Value>, will: &Map<String, Value>) -> Map<String, Value> {
    let mut patch = overrides::difference(was, will);
    if was.contains_key("recurrence") && !will.contains_key("recurrence") {
        patch.insert("recurrence".to_owned(), Value::Null);
    }
    // The zone and the first day of a series stand in its recurrence as well as in its start.
    let moved = patch.contains_key("start");
    if let Some(recurrence) = will.get("recurrence").filter(|_| moved) {
        patch.insert("recurrence".to_owned(), recurrence.clone());
    }
    patch
}

/// Whether a change of a series makes Graph drop what differs in its occurrences (MS-OXOCAL
/// 3.1.4.7.3.5).
fn rescheduled(was: &Map<String, Value>, will: &Map<String, Value>) -> bool {
    let without_end = |master: &Map<String, Value>| {
        let mut recurrence = master.get("recurrence").cloned();
        let range = recurrence.as_mut().and_then(|recurrence| recurrence.get_mut("range"));
        if let Some(Value::Object(range)) = range {
            range.retain(|name, _| !END_OF_RANGE.contains(&name.as_str()));
        }
        recurrence
    };
    TIMES.iter().any(|name| was.get(*name) != will.get(*name))
        || without_end(was) != without_end(will)
}

/// Whether an occurrence that was cancelled takes place again.
fn brings_back(series: &Series, was: &[Override], will: &[Override]) -> bool {
    let cancelled = |all: &[Override]| -> BTreeSet<DateTime> {
        let all = all.iter().filter(|one| one.change == Change::Cancel);
        all.map(|one| one.original_start).collect()
    };
    let back: BTreeSet<DateTime> = cancelled(was).difference(&cancelled(will)).copied().collect();
    // Where the series has become shorter, nothing needs to be taken back.
    series.occurs(&back).into_values().any(|membership| membership != Membership::Absent)
}

/// Whether the first day of the week means something in a pattern.
fn week_matters(recurrence: &Value) -> bool {
    let part = |name: &str| recurrence.pointer(&format!("/pattern/{name}"));
    part("type") == Some(&json!("weekly")) && part("interval") != Some(&json!(1))
}

/// The comparison of what differs in single occurrences, none of which is brought back.
struct Comparison<'a> {
    after: &'a Event,
    series: &'a Series,
}

impl Comparison<'_> {
    fn overrides(
        &self,
        was: Vec<Override>,
        will: Vec<Override>,
    ) -> Result<Vec<Override>, Inexpressible> {
        let mut new: BTreeMap<DateTime, Override> =
            will.into_iter().map(|one| (one.original_start, one)).collect();
        let kept = was.iter().map(|one| one.original_start).collect();
        let occurs = self.series.occurs(&kept);
        let mut changed = Vec::new();
        for Override { original_start, instant, change: old } in was {
            let next = new.remove(&original_start).map(|one| one.change);
            let change = match (old, next) {
                (Change::Cancel, _) => None,
                (_, Some(Change::Cancel)) => Some(Change::Cancel),
                (_, None) if occurs.get(&original_start) == Some(&Membership::Absent) => None,
                (Change::Patch(old) | Change::Restore(old), next) => {
                    self.step(original_start, &old, next)?
                }
            };
            changed.extend(change.map(|change| Override { original_start, instant, change }));
        }
        changed.extend(new.into_values());
        changed.sort_by_key(|one| one.original_start);
        Ok(changed)
    }

    /// From one set of own properties to another, or to none.
    fn step(
        &self,
        at: DateTime,
        old: &Map<String, Value>,
        next: Option<Change>,
    ) -> Result<Option<Change>, Inexpressible> {
        let plain = overrides::plain(self.after, self.series, at)?;
        let (own, restored) = match next {
            Some(Change::Patch(own) | Change::Restore(own)) => (own, false),
            Some(Change::Cancel) | None => (Map::new(), true),
        };
        // What is no longer its own is the series' again.
        let mut wanted: Map<String, Value> =
            old.keys().filter_map(|name| Some((name.clone(), plain.get(name)?.clone()))).collect();
        wanted.extend(own);
        let changed = overrides::difference(old, &wanted);
        if changed.is_empty() {
            return Ok(None);
        }
        Ok(Some(if restored { Change::Restore(changed) } else { Change::Patch(changed) }))
    }
}
