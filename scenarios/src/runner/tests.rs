//! Scripts carried out: what passes, what fails and by which name, and that it repeats.

use calamity_evidence::{Outcome, Verdict};

use super::{Options, run};
use crate::expand::{self, expand};
use crate::language::read;
use crate::script::Script;
use crate::sut::SutChoice;

const WORLD: &str = "scenario: 1
name: A small world
world:
  seed: 11
  a: {jmap: {calendars: [{name: Work, events: 6}]}}
  b: {jmap: {calendars: [{name: Work}]}}
";

fn script(story: &str) -> Script {
    let text = format!("{WORLD}{story}");
    let reading = read("small.yaml", &text, &[]).unwrap_or_else(|rejected| panic!("{rejected}"));
    let options = expand::Options { drill: "small".to_owned(), ..expand::Options::default() };
    expand(&reading, &options).unwrap_or_else(|error| panic!("{error}"))
}

fn outcome(script: &Script) -> Outcome {
    run(script, &SutChoice::engine(), &Options::default())
}

/// The names of what a story breaks, without repetition.
#[track_caller]
fn check(story: &str, broken: &[&str]) -> Outcome {
    let outcome = outcome(&script(story));
    let mut names: Vec<&str> =
        outcome.violations.iter().map(|violation| violation.invariant.as_str()).collect();
    names.dedup();
    assert_eq!(names, broken, "{:#?}", outcome.violations);
    assert_eq!(outcome.passed(), broken.is_empty());
    outcome
}

const HEALTHY: &str = "story:
  - user: {on: a, create: 3}
  - user: {on: b, edit: 2, what: [title, location]}
  - sync: {expect: {exit: 0, created: 3, updated: 2, errors: 0}}
must: [converged, {outbox: empty}, {writes: {on: b, creates: 3, deletes: 0}}]
";

#[test]
fn a_healthy_story_passes_and_tells_what_it_looked_at() {
    let outcome = check(HEALTHY, &[]);
    assert_eq!(outcome.verdict, Verdict::Passed);
    for check in ["baseline", "converged", "expectation", "outbox", "writes"] {
        assert!(outcome.checks.contains_key(check), "{check} was not looked at");
    }
    assert!(outcome.requests > 0);
    let names: Vec<&str> = outcome.steps.iter().map(|step| step.name.as_str()).collect();
    let expected = ["seed 6", "baseline", "user a create 3", "user b edit 2", "sync", "settle"];
    assert_eq!(names, expected);
}

#[test]
fn the_same_script_gives_the_same_digest_and_another_seed_another() {
    let script = script(HEALTHY);
    let first = outcome(&script);
    assert_eq!(outcome(&script), first);
    let again = Script::parse("small.json", &script.to_json()).expect("it was written just now");
    assert_eq!(outcome(&again).digest, first.digest, "a replay is the same run");
    let other = Script { seed: 12, ..script };
    assert_ne!(outcome(&other).digest, first.digest);
}

#[test]
fn an_expectation_that_does_not_hold_fails_by_that_name() {
    let outcome = check("story:\n  - sync: {expect: {exit: 1, created: 2..}}\n", &["expectation"]);
    let told: Vec<(&str, &str)> = outcome
        .violations
        .iter()
        .map(|violation| (violation.expected.as_str(), violation.found.as_str()))
        .collect();
    let expected = [("step sync-1: exit 1", "exit 0"), ("step sync-1: created 2..", "created 0")];
    assert_eq!(told, expected);
}

#[test]
fn a_fault_that_never_fires_is_vacuous() {
    let story = "story:
  - fault: {id: never, where: {site: item, on: b, op: event.delete}, what: {error: {code: forbidden}}}
  - sync: {}
";
    let outcome = check(story, &["faults-fired"]);
    assert_eq!(outcome.violations[0].found, "it never fired, so the drill shows nothing");
}

#[test]
fn what_must_hold_at_the_end_and_does_not_fails_by_its_name() {
    let story = "story:
  - user: {on: a, create: 2}
  - sync: {}
must: [{writes: {creates: 5}}]
";
    let outcome = check(story, &["writes"]);
    assert_eq!(outcome.violations[0].found, "2 creates");
    assert_eq!(outcome.violations[0].writes.len(), 2);
}

#[test]
fn a_story_that_its_world_does_not_allow_does_not_pass() {
    let mut script = script("story:\n  - user: {on: a, delete: 1, as: gone}\n  - sync: {}\n");
    let gone = script.position("gone").expect("the step has this name");
    let twice = script.steps[gone].clone();
    script.steps.insert(gone, twice);
    let outcome = outcome(&script);
    let [violation] = outcome.violations.as_slice() else { panic!("{:#?}", outcome.violations) };
    assert_eq!(violation.invariant, "story");
}
