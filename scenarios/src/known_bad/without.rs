//! A guard that lacks rules.

use calamity_engine::Assembly;

/// The engine without the rules of these names.
///
/// # Panics
/// When there is no rule of a name: then the known-bad engine would be a healthy one.
pub(super) fn without(mut assembly: Assembly, names: &[&str]) -> Assembly {
    for name in names {
        let before = assembly.rules.len();
        assembly.rules.retain(|rule| rule.name() != *name);
        assert!(assembly.rules.len() < before, "the guard has no rule {name}");
    }
    assembly
}

/// The engine that asks nobody whether an item is gone: neither the rule nor the question.
pub(super) fn without_asking(mut assembly: Assembly) -> Assembly {
    // The answers serve more than the rule: one that is wrong unmasks the whole listing.
    assembly.pair.thresholds.confirmations_max = 0;
    without(assembly, &["confirm-gone"])
}
