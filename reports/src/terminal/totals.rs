//! The sums under a catalogue's lines.

use std::collections::BTreeMap;

use calamity_evidence::{Catalogue, Outcome};

use super::{
    line::broken,
    page::Page,
    style::{Ink, Terminal},
    text::{cell, count, len, number, plain, span, widest},
};

/// The most columns for a name in the list of failures.
const NAMES_MAX: usize = 48;

/// How many drills held, what they took together, and the names of those that did not hold. The
/// last line is always the plain count.
#[must_use]
pub fn totals(catalogue: &Catalogue, to: Terminal) -> String {
    let mut page = Page::new(to);
    let failed: Vec<&Outcome> =
        catalogue.outcomes.iter().filter(|outcome| !outcome.passed()).collect();
    if !failed.is_empty() {
        page.line(0, &to.paint(Ink::Bad, "failed"));
        let names: Vec<String> = failed.iter().map(|outcome| plain(&outcome.drill)).collect();
        let columns = widest(names.iter().map(String::as_str), NAMES_MAX);
        for outcome in failed {
            page.line(1, &format!("{}  {}", cell(&outcome.drill, columns), broken(outcome)));
        }
        page.gap();
    }
    page.line(0, &to.paint(Ink::Faint, &work(catalogue)));
    let (ink, drills) = match (catalogue.outcomes.is_empty(), catalogue.failed()) {
        (true, _) => (Ink::Bad, "no drill ran: ".to_owned()),
        (false, 0) => (Ink::Good, String::new()),
        (false, _) => (Ink::Bad, String::new()),
    };
    let verdict = format!("{drills}{} passed, {} failed", catalogue.passed(), catalogue.failed());
    page.line(0, &to.paint(ink, &verdict));
    page.finish()
}

/// What all drills took together.
fn work(catalogue: &Catalogue) -> String {
    let sum = |part: fn(&Outcome) -> u64| catalogue.outcomes.iter().map(part).sum::<u64>();
    let checks = sum(|outcome| outcome.checks.values().sum());
    let mut suts: BTreeMap<String, u64> = BTreeMap::new();
    for outcome in &catalogue.outcomes {
        *suts.entry(plain(&outcome.sut)).or_default() += 1;
    }
    let mut parts = vec![
        count(len(&catalogue.outcomes), "drill", "drills"),
        count(sum(|outcome| len(&outcome.steps)), "step", "steps"),
        count(checks, "check", "checks"),
        count(sum(|outcome| outcome.requests), "request", "requests"),
        format!("{} of virtual time", span(sum(|outcome| outcome.virtual_ms))),
    ];
    if suts.len() > 1 {
        let suts: Vec<String> =
            suts.iter().map(|(sut, drills)| format!("{sut} {}", number(*drills))).collect();
        parts.push(format!("against {}", suts.join(", ")));
    }
    parts.join(", ")
}
