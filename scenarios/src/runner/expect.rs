//! What a step expects of a run, against how the run ended.

use calamity_evidence::Summary;

use crate::language::{Amount, Expect, Held};
use crate::sut::{Ending, Run};

/// One expectation that did not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unmet {
    pub(super) expected: String,
    pub(super) found: String,
}

/// Evaluates everything that is expected. Answers how many expectations there were, and those that
/// did not hold.
pub(super) fn evaluate(expect: &Expect, run: &Run) -> (u64, Vec<Unmet>) {
    let mut evaluated = 0;
    let mut unmet = Vec::new();
    let mut check = |holds: bool, expected: String, found: String| {
        evaluated += 1;
        if !holds {
            unmet.push(Unmet { expected, found });
        }
    };
    if let Some(exit) = expect.exit {
        let holds = run.ending == Ending::Exited && run.exit == exit;
        check(holds, format!("exit {exit}"), ended(run));
    }
    let summary = run.summary.unwrap_or_default();
    for (name, amount, count) in counters(expect, &summary) {
        if let Some(amount) = amount {
            let holds = run.summary.is_some() && amount.holds(count);
            check(holds, format!("{name} {amount}"), format!("{name} {count}"));
        }
    }
    if let Some(aborted) = expect.aborted {
        let holds = summary.aborted == aborted;
        check(holds, format!("aborted {aborted}"), format!("aborted {}", summary.aborted));
    }
    if let Some(held) = &expect.held {
        let found = if run.held.is_empty() { "held 0".to_owned() } else { by_rule(run) };
        match &held.value {
            Held::All(amount) => {
                let count = run.held.values().sum();
                check(amount.holds(count), format!("held {amount}"), found);
            }
            Held::ByRule(rules) => {
                let named = rules
                    .iter()
                    .all(|(rule, amount)| amount.holds(run.held.get(rule).copied().unwrap_or(0)));
                let others = run.held.keys().all(|rule| rules.contains_key(rule));
                let expected: Vec<String> =
                    rules.iter().map(|(rule, amount)| format!("{rule} {amount}")).collect();
                check(named && others, format!("held {}", expected.join(", ")), found);
            }
        }
    }
    (evaluated, unmet)
}

fn counters(expect: &Expect, summary: &Summary) -> [(&'static str, Option<Amount>, u64); 9] {
    [
        ("containers", expect.containers, summary.containers),
        ("created", expect.created, summary.created),
        ("updated", expect.updated, summary.updated),
        ("deleted", expect.deleted, summary.deleted),
        ("conflicts", expect.conflicts, summary.conflicts),
        ("skipped", expect.skipped, summary.skipped),
        ("errors", expect.errors, summary.errors),
        ("healed", expect.healed, summary.healed),
        ("deferred", expect.deferred, summary.deferred),
    ]
}

fn ended(run: &Run) -> String {
    match &run.ending {
        Ending::Exited => format!("exit {}", run.exit),
        Ending::Killed => "it was killed".to_owned(),
        Ending::Panicked(message) => format!("it panicked: {message}"),
    }
}

fn by_rule(run: &Run) -> String {
    let rules: Vec<String> =
        run.held.iter().map(|(rule, count)| format!("{rule} {count}")).collect();
    format!("held {}", rules.join(", "))
}
