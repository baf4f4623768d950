//! Each rule holds what it is for, and passes the same operation without its reason.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use calamity_evidence::Side;
use serde_json::json;

use super::*;
use crate::content::{Event, Inexpressible};
use crate::model::{Attendees, Capability, Hash, Policy};
use crate::plan::{Action, Key, Leaf, Mapping, MappingSide, MergeWrites, Names, PairId};

struct Scene {
    names: Names,
    thresholds: Thresholds,
    facts: PairFacts,
    deletes_run: u64,
    deletes_window: u64,
    reconfigured: bool,
    attended: Attended,
    attendees: Attendees,
    confirmations: BTreeMap<Key, Confirmation>,
    approved: BTreeSet<Key>,
}

/// Ten deletes of a hundred events, confirmed, nothing wrong.
fn calm() -> Scene {
    Scene {
        names: Names {
            a: "graph".to_owned(),
            b: "jmap".to_owned(),
            policy_a: Policy::uniform(Capability::BestEffort),
            policy_b: Policy::uniform(Capability::BestEffort),
        },
        thresholds: Thresholds::default(),
        facts: PairFacts {
            agreed: 100,
            present: [100, 90],
            deletes: [10, 0],
            incomplete: None,
            unresolved: 0,
        },
        deletes_run: 10,
        deletes_window: 0,
        reconfigured: false,
        attended: Attended::No,
        attendees: Attendees::Strip,
        confirmations: BTreeMap::from([(delete(0).key(), Confirmation::Gone)]),
        approved: BTreeSet::new(),
    }
}

fn event(guests: usize) -> Event {
    let participants: serde_json::Map<String, serde_json::Value> = (0..guests)
        .map(|n| {
            let guest = json!({
                "@type": "Participant", "roles": {"attendee": true},
                "calendarAddress": format!("mailto:guest{n}@example.com"),
            });
            (n.to_string(), guest)
        })
        .collect();
    let raw = json!({
        "@type": "Event", "title": "x", "start": "2026-04-16T09:00:00", "timeZone": "Etc/UTC",
        "participants": participants,
    });
    Event::canonical(raw.as_object().cloned().expect("an object")).expect("a valid event")
}

fn leaf(guests: usize) -> Leaf {
    let event = event(guests);
    Leaf {
        id: "a-1".into(),
        uid: "1".into(),
        revision: "r".into(),
        raw: Hash::of(b"raw"),
        hash: event.hash(),
        event: Arc::new(event),
        attendees: guests,
        own: true,
        updated: None,
    }
}

fn operation(action: Action) -> Operation {
    Operation { pair: PairId(1), container: "Work".to_owned(), uid: Some("1".into()), action }
}

/// A delete on a, where the event has this many guests.
fn delete(guests: usize) -> Operation {
    let mapping = Mapping {
        uid: "1".into(),
        a_id: "a-1".into(),
        b_id: "b-1".into(),
        a: MappingSide::default(),
        b: MappingSide::default(),
    };
    operation(Action::DeleteItem { on: Side::A, leaf: leaf(guests), mapping })
}

fn create(event: Result<Arc<Event>, Inexpressible>) -> Operation {
    operation(Action::CreateItem { on: Side::A, source: leaf(0), event, revives: None })
}

fn merge_on_a(own: bool, guests: usize) -> Operation {
    operation(Action::MergeItem {
        a: Leaf { own, ..leaf(guests) },
        b: leaf(0),
        mapping: None,
        writes: Ok(MergeWrites { a: Some(Arc::new(event(guests))), b: None }),
        conflicts: 0,
        drift: [Vec::new(), Vec::new()],
    })
}

/// The rules that hold the operation must be these.
#[track_caller]
fn check(scene: Scene, operation: &Operation, expect: &[&str]) {
    let mut scene = scene;
    if let Some(answer) = scene.confirmations.values().next().cloned() {
        scene.confirmations.insert(operation.key(), answer);
    }
    let pairs = BTreeMap::from([(PairId(1), scene.facts)]);
    let context = Context {
        stage: Stage::BeforeDeletes,
        attended: scene.attended,
        names: &scene.names,
        attendees: scene.attendees,
        thresholds: &scene.thresholds,
        pairs: &pairs,
        deletes_run: scene.deletes_run,
        deletes_window: scene.deletes_window,
        reconfigured: scene.reconfigured,
        confirmations: &scene.confirmations,
        approved: &scene.approved,
    };
    let judged = judge(&[operation], &rules::all(), &context);
    let held: Vec<&str> = judged.held.iter().flat_map(|held| held.rules.clone()).collect();
    assert_eq!(held, expect);
    assert_eq!(judged.approved.len() + judged.held.len(), 1, "every operation is judged once");
}

#[test]
fn a_calm_delete_passes() {
    check(calm(), &delete(0), &[]);
}

#[test]
fn an_incomplete_observation_holds_everything_of_its_pair() {
    let mut scene = calm();
    scene.facts.incomplete = Some("page 2 failed".to_owned());
    check(scene, &create(Ok(Arc::new(event(0)))), &["incomplete-observation"]);
}

#[test]
fn an_unresolved_create_holds_deletes_and_nothing_else() {
    let scene = || {
        let mut scene = calm();
        scene.facts.unresolved = 40;
        scene
    };
    check(scene(), &delete(0), &["unresolved"]);
    check(scene(), &create(Ok(Arc::new(event(0)))), &[]);
}

#[test]
fn an_approval_does_not_overrule_an_unresolved_create() {
    let mut scene = calm();
    scene.facts.unresolved = 1;
    scene.approved.insert(delete(3).key());
    check(scene, &delete(3), &["unresolved"]);
}

#[test]
fn a_delete_of_something_that_is_still_there_waits() {
    let mut scene = calm();
    scene.confirmations = BTreeMap::from([(delete(0).key(), Confirmation::StillThere)]);
    check(scene, &delete(0), &["confirm-gone"]);
    let mut scene = calm();
    scene.confirmations.clear();
    check(scene, &delete(0), &["confirm-gone"]);
}

#[test]
fn the_ceiling_is_a_number_and_a_share_and_three_always_pass() {
    let scene = |deletes: u64, agreed: u64| {
        let mut scene = calm();
        scene.facts.deletes = [deletes, 0];
        scene.facts.agreed = agreed;
        scene.deletes_run = deletes;
        scene
    };
    check(scene(20, 100), &delete(0), &[]);
    check(scene(21, 100), &delete(0), &["ceiling"]);
    check(scene(50, 1000), &delete(0), &[]);
    check(scene(51, 1000), &delete(0), &["ceiling"]);
    check(scene(3, 3), &delete(0), &[]);
    check(scene(4, 4), &delete(0), &["ceiling"]);
}

#[test]
fn the_ceiling_counts_the_run_and_the_day() {
    let mut scene = calm();
    scene.deletes_run = 101;
    check(scene, &delete(0), &["ceiling"]);
    let mut scene = calm();
    scene.deletes_window = 91;
    check(scene, &delete(0), &["ceiling"]);
}

#[test]
fn an_emptied_calendar_is_not_believed() {
    let mut scene = calm();
    scene.facts.present = [100, 0];
    check(scene, &delete(0), &["emptied"]);
}

#[test]
fn a_changed_filter_deletes_nothing() {
    let mut scene = calm();
    scene.reconfigured = true;
    check(scene, &delete(0), &["reconfigured"]);
}

#[test]
fn guests_are_not_mailed_by_an_unattended_run() {
    check(calm(), &delete(3), &["notifies"]);
    check(calm(), &create(Ok(Arc::new(event(2)))), &["notifies"]);
    check(calm(), &merge_on_a(true, 2), &["notifies"]);
    check(Scene { attended: Attended::Yes, ..calm() }, &delete(3), &[]);
    check(Scene { attendees: Attendees::Send, ..calm() }, &delete(3), &[]);
    let mut silent = calm();
    silent.names.policy_a = Policy::uniform(Capability::Suppressed);
    check(silent, &delete(3), &[]);
    let mut approved = calm();
    approved.approved.insert(delete(3).key());
    check(approved, &delete(3), &[]);
}

#[test]
fn the_organizer_wins() {
    check(calm(), &merge_on_a(false, 0), &["not-organizer"]);
    check(calm(), &merge_on_a(true, 0), &[]);
}

#[test]
fn what_cannot_be_expressed_is_not_sent() {
    let problem = Inexpressible {
        provider: "graph",
        property: "recurrenceRule".to_owned(),
        reason: "hourly".to_owned(),
    };
    check(calm(), &create(Err(problem)), &["inexpressible"]);
}
