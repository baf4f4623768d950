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
