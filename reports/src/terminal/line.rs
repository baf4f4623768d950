//! One line a drill.

use calamity_evidence::Outcome;

use super::{
    style::{Ink, Terminal},
    text::{cell, cut, len, number, pad, plain, span},
};

/// Below so many columns, facts are left out instead of cut to nothing.
const FACTS_MIN: usize = 8;

/// The drill in one line: whether it held, how long it was, and what is worth knowing of it; for a
/// drill that failed, the invariants that it broke.
#[must_use]
pub fn line(outcome: &Outcome, to: Terminal) -> String {
    let (ink, mark) = if outcome.passed() { (Ink::Good, "ok  ") } else { (Ink::Bad, "FAIL") };
    let steps = len(&outcome.steps);
    let figures = format!(
        "{:>3} {} {:>7} {} {:>8}",
        number(steps),
        pad(if steps == 1 { "step" } else { "steps" }, 5),
        number(outcome.requests),
        pad(if outcome.requests == 1 { "request" } else { "requests" }, 8),
        span(outcome.virtual_ms),
    );
    let name = cell(&outcome.drill, to.names);
    // The mark and its gap take six columns, the gaps round the figures four.
    let room = to.width.saturating_sub(to.names + super::text::width(&figures) + 10);
    let rest = if outcome.passed() {
        let facts = facts(outcome);
        if room < FACTS_MIN { String::new() } else { to.paint(Ink::Faint, &cut(&facts, room)) }
    } else {
        to.paint(Ink::Bad, &broken(outcome))
    };
    let line = format!("{}  {name}  {figures}  {rest}", to.paint(ink, mark));
    line.trim_end().to_owned()
}

/// What is worth knowing, each fact without the explanation that it has in brackets.
fn facts(outcome: &Outcome) -> String {
    let facts: Vec<String> = outcome
        .facts
        .iter()
        .map(|(name, fact)| {
            let value = fact.split_once(" (").map_or(fact.as_str(), |(value, _)| value);
            format!("{} {}", plain(value), plain(name))
        })
        .collect();
    facts.join(", ")
}

/// The invariants that did not hold, each once, in the order in which they were found broken.
pub(super) fn broken(outcome: &Outcome) -> String {
    let mut names: Vec<String> = Vec::new();
    for violation in &outcome.violations {
        let name = plain(&violation.invariant);
        if !names.contains(&name) {
            names.push(name);
        }
    }
    if names.is_empty() { "failed without a violation".to_owned() } else { names.join(", ") }
}
