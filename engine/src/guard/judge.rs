//! Asking every rule about every operation.

use std::sync::Arc;

use crate::plan::{Key, Operation};

use super::{Context, Overrule, Rule, Verdict};

/// A reason to hold an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The operation.
    pub key: Key,
    /// Its place in the judged list.
    pub index: usize,
    /// The rules that hold it, in their order, at least one.
    pub rules: Vec<&'static str>,
    /// Why, all reasons joined.
    pub reason: String,
}

/// Places of the operations that nothing holds.
pub type Approved = Vec<usize>;

/// What became of a list of operations: every place is in exactly one of the lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Judged {
    /// Nothing holds these.
    pub approved: Approved,
    /// These wait.
    pub held: Vec<Held>,
}

/// Asks every rule about every operation that writes.
#[must_use]
pub fn judge(operations: &[&Operation], rules: &[Arc<dyn Rule>], context: &Context<'_>) -> Judged {
    let mut judged = Judged::default();
    for (index, operation) in operations.iter().enumerate() {
        let key = operation.key();
        let overruled = context.approved.contains(&key);
        let holds: Vec<(&'static str, String)> = rules
            .iter()
            .filter(|rule| !(overruled && rule.overrule() == Overrule::ByApproval))
            .filter_map(|rule| match rule.judge(operation, context) {
                Verdict::Pass => None,
                Verdict::Hold(reason) => Some((rule.name(), reason)),
            })
            .collect();
        if holds.is_empty() {
            judged.approved.push(index);
        } else {
            let reasons: Vec<&str> = holds.iter().map(|(_, reason)| reason.as_str()).collect();
            let reason = reasons.join("; ");
            let rules = holds.iter().map(|(rule, _)| *rule).collect();
            judged.held.push(Held { key, index, rules, reason });
        }
    }
    judged
}
