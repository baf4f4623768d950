//! What the known-bad engines say of themselves.

use std::collections::BTreeSet;

use super::all;

#[test]
fn each_breaks_an_invariant_that_there_is() {
    let invariants: BTreeSet<&str> =
        crate::invariants::all().iter().map(|invariant| invariant.name()).collect();
    for known in all() {
        assert!(invariants.contains(known.breaks), "{} breaks {}", known.name, known.breaks);
    }
}

#[test]
fn names_are_used_once() {
    let names: BTreeSet<&str> = all().iter().map(|known| known.name).collect();
    assert_eq!(names.len(), all().len());
}
