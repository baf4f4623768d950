//! When the faults are gone both sides come to hold the same, every edit of a user survives, what
//! users deleted is gone and nothing else is, and one more run writes nothing.
//!
//! What the client reports is held against it: where the story promises nothing about its end, the
//! sides still have to be equal when the last run exits 0.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Lineage, Side, Violation, Write};
use calamity_mock_servers::RawItem;
use jiff::SignedDuration;

use crate::runner::{Difference, differences};
use crate::script::Must;
use crate::view::{RunRecord, View};

use super::edits::Edits;
use super::runs::{caused_by, exit, settles};
use super::{Invariant, Judge, Need, history::History, replay::Replay};

const NAME: &str = "converged";

/// How many examples are told of each kind.
const EXAMPLES: usize = 5;

/// How much it may take to come to rest after the story: virtual hours, and requests.
const HOURS_MAX: i64 = 24;
const REQUESTS_FREE: usize = 1_000;
const REQUESTS_AN_ITEM: usize = 10;

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct Converged;

impl Invariant for Converged {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "without faults both sides come to hold the same, every edit survives, only what users \
         deleted is gone, and one more run writes nothing, within bounds of time and requests"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::WriteLog, Need::Printed]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

#[derive(Clone, Debug, Default)]
struct Watch {
    replay: Replay,
    history: History,
    edits: Edits,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        for happened in self.replay.next(view) {
            self.history.note(view, happened);
        }
        self.edits.note(view);
        Vec::new()
    }

    fn at_end(&mut self, view: &View<'_>) -> Vec<Violation> {
        let settle: Vec<&RunRecord> = view.runs.iter().filter(|run| settles(view, run)).collect();
        let Some(last) = settle.last() else { return Vec::new() };
        let promised = view.script.must.contains(&Must::Converged);
        let mut found: Vec<Violation> = rest(view, last).into_iter().collect();
        found.extend(bounds(view, &settle));
        let wrong =
            |expected: &str, found: String| Violation::new(NAME, view.step, expected, found);
        if promised && exit(last) != Some(0) && view.script.inexpressible.is_empty() {
            let ended = exit(last).map_or("killed".to_owned(), |exit| format!("exit {exit}"));
            found.push(wrong("with every fault gone the last run exits 0", ended));
        }
        if promised || exit(last) == Some(0) {
            let [a, b] = [view.items(Side::A), view.items(Side::B)];
            let except = view.script.inexpressible.iter().map(|item| &item.lineage).collect();
            let problems = [
                ("what users want is on both sides, and nothing else", self.wanted(view, a, b)),
                ("both sides hold the same at the end", same(view, a, b, &except)),
                ("every edit of a user is on both sides", self.edits.lost(&self.history, a, b)),
            ];
            for (expected, problems) in problems {
                if !problems.is_empty() {
                    found.push(wrong(expected, told(&problems)));
                }
            }
        }
        found
    }
}

impl Watch {
    /// Items that users want and no side has, and items that users deleted and a side has.
    fn wanted(&self, view: &View<'_>, a: &[RawItem], b: &[RawItem]) -> Vec<String> {
        let held = |items: &[RawItem]| -> BTreeMap<Lineage, String> {
            let named = items.iter().filter_map(|item| {
                item.lineage.clone().map(|lineage| (lineage, item.facts.title.clone()))
            });
            named.filter(|(lineage, _)| synced(view, lineage)).collect()
        };
        let (a, b) = (held(a), held(b));
        let mut problems = Vec::new();
        for (lineage, item) in self.history.items() {
            match (item.wanted(), a.get(lineage), b.get(lineage)) {
                (true, None, None) if synced(view, lineage) => {
                    problems
                        .push(format!("{lineage} is gone from both sides, and no user deleted it"));
                }
                (false, Some(title), other) => {
                    let place = if other.is_some() { "on both sides" } else { "on a" };
                    problems.push(format!("{title:?} was deleted by its user and is {place}"));
                }
                (false, None, Some(title)) => {
                    problems.push(format!("{title:?} was deleted by its user and is on b"));
                }
                _ => {}
            }
        }
        problems
    }
}

/// Whether the pair syncs the calendar in which an item was made.
fn synced(view: &View<'_>, lineage: &Lineage) -> bool {
    let Some(filter) = &view.script.world.filter else { return true };
    let made = view.script.made().find(|(_, item)| item.lineage == *lineage);
    made.is_none_or(|(_, item)| {
        filter.iter().any(|name| name.to_lowercase() == item.calendar.to_lowercase())
    })
}

/// How the sides differ, in what the pair syncs.
fn same(view: &View<'_>, a: &[RawItem], b: &[RawItem], except: &BTreeSet<&Lineage>) -> Vec<String> {
    let of = |difference: &Difference| match difference {
        Difference::Missing { lineage, .. }
        | Difference::Doubled { lineage, .. }
        | Difference::Content { lineage, .. }
        | Difference::Calendar { lineage, .. } => Some(lineage.clone()),
        Difference::Stranger { .. } => None,
    };
    differences(a, b, except)
        .iter()
        // Doubled items are another invariant's.
        .filter(|difference| !matches!(difference, Difference::Doubled { .. }))
        .filter(|difference| of(difference).is_none_or(|lineage| synced(view, &lineage)))
        .map(ToString::to_string)
        .collect()
}

/// One more run writes nothing.
fn rest(view: &View<'_>, last: &RunRecord) -> Option<Violation> {
    let writes: Vec<&Write> = view
        .writes
        .get(last.writes.start..)
        .unwrap_or_default()
        .iter()
        .filter(|write| write.by_client() && write.applied())
        .collect();
    if writes.is_empty() {
        return None;
    }
    let mails = caused_by(view, &writes);
    let found = format!("{} writes", writes.len());
    let violation = Violation::new(NAME, view.step, "one more run writes nothing", found);
    Some(violation.with_writes(writes).with_mails(mails))
}

/// It comes to rest within bounds of time and of requests.
fn bounds(view: &View<'_>, settle: &[&RunRecord]) -> Vec<Violation> {
    let (Some(first), Some(last)) = (settle.first(), settle.last()) else { return Vec::new() };
    let mut found = Vec::new();
    let requests = view.requests.get(first.requests.start..last.requests.end).unwrap_or_default();
    if let (Some(first), Some(last)) = (requests.first(), requests.last()) {
        let took = last.at.duration_since(first.at);
        if took > SignedDuration::from_hours(HOURS_MAX) {
            let expected = format!("it comes to rest within {HOURS_MAX} hours");
            found.push(Violation::new(NAME, view.step, expected, format!("it took {took:#}")));
        }
    }
    let items: usize = Side::BOTH.iter().map(|side| view.items(*side).len()).sum();
    let most = REQUESTS_FREE + REQUESTS_AN_ITEM * items;
    if requests.len() > most {
        let expected = format!("it comes to rest within {most} requests");
        found.push(Violation::new(
            NAME,
            view.step,
            expected,
            format!("{} requests", requests.len()),
        ));
    }
    found
}

/// How many, and the first of them.
fn told(problems: &[String]) -> String {
    let some: Vec<&str> = problems.iter().take(EXAMPLES).map(String::as_str).collect();
    format!("{} items are not so: {}", problems.len(), some.join("; "))
}
