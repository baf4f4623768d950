//! What happened, step by step, up to the last step after which something was found wrong.

use std::collections::BTreeMap;

use calamity_evidence::{FaultHit, Outcome, Step, Summary};

use super::{
    page::Page,
    style::Ink,
    text::{cell, count, cut, number, plain, widest},
};

/// The most steps that are told; a longer story loses its beginning.
const STEPS_MAX: usize = 20;
/// The most columns for a step's name.
const NAMES_MAX: usize = 36;
/// How much of what a failing step printed is quoted.
const QUOTED_MAX: usize = 8;

/// Tells the steps and the faults that fired.
pub(super) fn tell(page: &mut Page, outcome: &Outcome) {
    let Some(last) = outcome.violations.iter().map(|violation| violation.step).max() else {
        return;
    };
    let told: Vec<&Step> = outcome.steps.iter().filter(|step| step.index <= last).collect();
    let hidden = told.len().saturating_sub(STEPS_MAX);
    page.gap();
    page.line(1, &page.to.paint(Ink::Strong, "what happened"));
    if hidden > 0 {
        let before = count(u64::try_from(hidden).unwrap_or(u64::MAX), "step", "steps");
        page.line(2, &page.to.paint(Ink::Faint, &format!("{before} before these")));
    }
    let told = &told[hidden..];
    let names: Vec<String> = told.iter().map(|step| plain(&step.name)).collect();
    let columns = widest(names.iter().map(String::as_str), NAMES_MAX);
    for step in told {
        let failing = outcome.violations.iter().any(|violation| violation.step == step.index);
        let mark = if failing { "✗" } else { " " };
        let name = cell(&step.name, columns);
        let label = format!("{mark} {:>2}  {}  {name}  ", step.index, clock(step));
        page.labelled(1, &label, &result(step));
        if failing {
            quote(page, step);
        }
    }
    faults(page, &outcome.faults);
}

/// `step 4, sync`, also for a step that was not carried out to its end.
pub(super) fn name_of(outcome: &Outcome, index: usize) -> String {
    match outcome.steps.iter().find(|step| step.index == index) {
        Some(step) => format!("step {index}, {}", plain(&step.name)),
        None => format!("step {index}"),
    }
}

/// The time of day of a step; the date is told with the writes.
fn clock(step: &Step) -> String {
    super::writes::time(&format!("{:.3}", step.at)).to_owned()
}

/// What a sync came to, in the words of its summary; counters of zero are left out.
fn result(step: &Step) -> String {
    let mut counters = step.summary.as_ref().map(counters).unwrap_or_default();
    if !step.held.is_empty() {
        counters.push(held(&step.held));
    }
    if step.summary.as_ref().is_some_and(|summary| summary.aborted) {
        counters.push("aborted".to_owned());
    }
    let mut parts: Vec<String> = step.exit.map(|exit| format!("exit {exit}")).into_iter().collect();
    if !counters.is_empty() {
        parts.push(counters.join(", "));
    } else if step.summary.is_some() {
        parts.push("nothing to do".to_owned());
    }
    parts.join(": ")
}

fn counters(summary: &Summary) -> Vec<String> {
    let counters = [
        ("calendars created", summary.containers),
        ("created", summary.created),
        ("updated", summary.updated),
        ("deleted", summary.deleted),
        ("conflicts", summary.conflicts),
        ("errors", summary.errors),
        ("healed", summary.healed),
        ("deferred", summary.deferred),
    ];
    counters
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| format!("{name} {}", number(count)))
        .collect()
}

/// `held 10 (mass-delete)`, `held 12 (10 mass-delete, 2 guests)`.
fn held(held: &BTreeMap<String, u64>) -> String {
    let reasons: Vec<String> = held
        .iter()
        .map(|(reason, count)| match held.len() {
            1 => plain(reason),
            _ => format!("{} {}", number(*count), plain(reason)),
        })
        .collect();
    format!("held {} ({})", number(held.values().sum()), reasons.join(", "))
}

/// The last lines that a failing step printed.
fn quote(page: &mut Page, step: &Step) {
    let lines: Vec<&str> = step.printed.lines().filter(|line| !line.trim().is_empty()).collect();
    let hidden = lines.len().saturating_sub(QUOTED_MAX);
    for line in &lines[hidden..] {
        let line = format!("| {}", cut(&plain(line), page.room(4).saturating_sub(2)));
        let line = page.to.paint(Ink::Faint, &line);
        page.line(4, &line);
    }
}

/// Which faults fired, how often, and where.
fn faults(page: &mut Page, hits: &[FaultHit]) {
    let mut rules: BTreeMap<(&str, String), (u64, &str)> = BTreeMap::new();
    for hit in hits {
        let entry = rules.entry((&hit.rule, hit.server.to_string())).or_insert((0, &hit.op));
        entry.0 += 1;
        if entry.1 != hit.op {
            entry.1 = "several operations";
        }
    }
    if !rules.is_empty() {
        page.gap();
    }
    for ((rule, server), (hits, op)) in rules {
        let times = count(hits, "time", "times");
        page.line(2, &format!("fault {} fired {times} on {server}: {}", plain(rule), plain(op)));
    }
}
