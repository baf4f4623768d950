//! What runs say of themselves, what they leak, and whether faults fired.

use super::story::{Story, check, fault};
use crate::invariants::{
    Invariant, faults_fired::FaultsFired, no_secrets::NoSecrets,
    no_swallowed_error::NoSwallowedError,
};

const START: &str = "seed a 1\n seed a 2\n";

#[track_caller]
fn run(lines: &str, found: &[&str]) {
    check(&NoSwallowedError, &format!("{START} {lines}"), found);
}

#[test]
fn honest_runs_pass() {
    run("run\n b + 1\n b + 2\n exit 0 created=2", &[]);
    run("run\n b + 1\n b ! + 2\n exit 1 created=1 errors=1", &[]);
    run("run\n b ! + 1\n b + 1\n b + 2\n exit 0 created=2", &[]);
    run("run\n b + 1\n b ! + 2\n exit 3 created=1 deferred=1", &[]);
    run("run\n b + 1\n killed", &[]);
}

#[test]
fn a_swallowed_refusal_is_told() {
    run("run\n b + 1\n b ! + 2\n exit 0 created=1", &["2: exit 0, errors=0 held=0 deferred=0"]);
    run("run\n b ! + 1\n b ! + 2\n exit 1 errors=1", &["2: exit 1, errors=1 held=0 deferred=0"]);
}

#[test]
fn counters_are_those_of_the_log() {
    run("run\n b + 1\n exit 0 created=2", &["2: created=2"]);
    run("run\n b + 1\n b + 2\n exit 0 created=1", &["2: created=1"]);
    run("run\n exit 0 deleted=1", &["2: deleted=1"]);
    run("run\n exit 0 updated=1", &["2: updated=1"]);
}

#[test]
fn an_unacknowledged_write_need_not_be_counted() {
    run("run\n b + 1\n b request -\n exit 1 errors=1", &[]);
}

#[test]
fn an_item_that_both_users_deleted_may_be_counted() {
    run(
        "run\n b + 1\n b + 2\n exit 0 created=2\n user a - 1\n user b - 1\n run\n exit 0 deleted=1",
        &[],
    );
}

#[test]
fn exit_code_and_counters_agree() {
    run("run\n exit 0 held=1", &["2: exit 0"]);
    run("run\n exit 3", &["2: exit 3"]);
    run("run\n exit 1 errors=1", &["2: exit 1, errors=1 held=0 deferred=0"]);
    run("run\n b request 503\n exit 1 errors=1", &[]);
}

#[test]
fn a_run_that_must_not_write_does_not() {
    run("run dry\n exit 0 created=2", &[]);
    run("run dry\n b + 1\n exit 0 created=2", &["2: 1 writes"]);
    run("run no\n b + 1\n exit 0", &["2: 1 writes"]);
}

#[test]
fn the_last_line_is_what_the_counters_say() {
    let mut story = Story::new(&NoSwallowedError);
    story.tell("seed a 1\n run\n b + 1\n exit 0 created=1");
    assert_eq!(story.end(), []);
}

fn leaks(prints: &str) -> Vec<String> {
    let mut story = Story::new(&NoSecrets);
    prints.clone_into(&mut story.prints);
    story.tell("run\n exit 0");
    story.end().into_iter().map(|violation| violation.found).collect()
}

#[test]
fn a_printed_credential_is_told_without_telling_it() {
    assert_eq!(leaks("Authorization: Bearer [redacted]"), Vec::<String>::new());
    let told = leaks("ok\nAuthorization: Bearer hush-hush");
    assert_eq!(told, ["line 2 of what a run printed holds a credential"]);
}

#[test]
fn a_fault_has_to_fire_as_often_as_it_is_meant_to() {
    for (fired, found) in [
        (3, None),
        (0, Some("it never fired, so the drill shows nothing")),
        (2, Some("it fired 2 times")),
        (4, Some("it fired 4 times")),
    ] {
        let mut story = Story::new(&FaultsFired);
        story.faults.push(fault(fired));
        let told: Vec<String> = story.end().into_iter().map(|violation| violation.found).collect();
        assert_eq!(told, found.into_iter().collect::<Vec<_>>(), "{fired} times");
    }
    assert_eq!(FaultsFired.name(), "faults-fired");
}
