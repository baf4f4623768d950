//! How it ended, as evidence.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::{Lineage, Outcome, Refused, Verdict, Violation};
use calamity_mock_servers::RawItem;

use crate::script::Script;
use crate::sut::SutChoice;

use super::stage::Stage;

/// The outcome of a script that was carried out.
pub(super) fn of(stage: Stage<'_>) -> Outcome {
    let Stage { script, sim, servers, sut, logs, record, .. } = stage;
    let passed = record.violations.is_empty();
    let mut outcome = blank(script, sut.name());
    let now = sim.clock().now();
    let spent = now.duration_since(calamity_base::clock::epoch()).as_millis();
    outcome.verdict = if passed { Verdict::Passed } else { Verdict::Failed };
    outcome.digest = sim.digest().to_string();
    outcome.virtual_ms = u64::try_from(spent).unwrap_or(0);
    outcome.requests = logs.requests.len() as u64;
    outcome.steps = record.steps;
    outcome.violations = record.violations;
    outcome.faults = logs.hits;
    outcome.checks = record.checks;
    let [a, b] = servers.map(|server| server.items());
    outcome.facts.insert("events".to_owned(), format!("{} + {} (on a and on b)", a.len(), b.len()));
    // What could not be synced and yet is on both sides was.
    let held = |items: &[RawItem]| -> BTreeSet<Lineage> {
        items.iter().filter_map(|item| item.lineage.clone()).collect()
    };
    let (a, b) = (held(&a), held(&b));
    let waiting = script
        .inexpressible
        .iter()
        .filter(|item| !(a.contains(&item.lineage) && b.contains(&item.lineage)));
    outcome.refused.extend(
        waiting.map(|item| Refused { title: item.title.clone(), reason: item.reason.clone() }),
    );
    outcome
}

/// The outcome of a script that could not be carried out to its end.
pub(super) fn broken(script: &Script, sut: &SutChoice, violation: Violation) -> Outcome {
    let mut outcome = blank(script, &sut.name);
    outcome.violations.push(violation);
    outcome
}

fn blank(script: &Script, sut: &str) -> Outcome {
    Outcome {
        drill: script.drill.clone(),
        title: script.title.clone(),
        tags: script.tags.clone(),
        reproduces: script.reproduces,
        sut: sut.to_owned(),
        seed: script.seed,
        verdict: Verdict::Failed,
        digest: String::new(),
        steps: Vec::new(),
        violations: Vec::new(),
        faults: Vec::new(),
        checks: BTreeMap::new(),
        facts: BTreeMap::new(),
        refused: script.refused.clone(),
        virtual_ms: 0,
        requests: 0,
        replay: String::new(),
    }
}
