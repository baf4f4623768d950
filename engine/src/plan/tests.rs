//! Planning over small trees, one rule a test, and over generated ones.

use std::collections::BTreeMap;
use std::sync::Arc;

use calamity_evidence::Side;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::content::{Event, Inexpressible};
use crate::model::{Attendees, Capability, ContainerId, Hash, ItemId, Policy, Revision, Uid};

fn event(title: &str) -> Event {
    let raw = json!({
        "@type": "Event", "title": title, "start": "2026-04-16T09:00:00",
        "timeZone": "Europe/Berlin", "duration": "PT1H",
    });
    Event::canonical(raw.as_object().cloned().expect("an object")).expect("a valid event")
}

fn leaf(id: &str, uid: &str, title: &str) -> Leaf {
    let event = event(title);
    Leaf {
        id: id.into(),
        uid: uid.into(),
        revision: Revision(format!("r-{title}")),
        raw: Hash::of(title.as_bytes()),
        hash: event.hash(),
        event: Arc::new(event),
        attendees: 0,
        own: true,
        updated: None,
    }
}

fn tree(container: &str, leaves: impl IntoIterator<Item = Leaf>) -> SideTree {
    SideTree {
        container: Some(ContainerId::from(container)),
        items: leaves.into_iter().map(|leaf| (leaf.id.clone(), leaf)).collect(),
        token: None,
    }
}

/// A mapping on which both sides agreed when they bore this title.
fn mapped(uid: &str, title: &str) -> Mapping {
    let side = |leaf: Leaf| MappingSide {
        hash: Some(leaf.hash),
        raw: Some(leaf.raw),
        event: Some(leaf.event),
    };
    let (a_id, b_id) = (format!("a-{uid}"), format!("b-{uid}"));
    Mapping {
        uid: uid.into(),
        a: side(leaf(&a_id, uid, title)),
        b: side(leaf(&b_id, uid, title)),
        a_id: ItemId(a_id),
        b_id: ItemId(b_id),
    }
}

fn on_a(uid: &str, title: &str) -> Leaf {
    leaf(&format!("a-{uid}"), uid, title)
}

fn on_b(uid: &str, title: &str) -> Leaf {
    leaf(&format!("b-{uid}"), uid, title)
}

fn pair(
    a: impl IntoIterator<Item = Leaf>,
    b: impl IntoIterator<Item = Leaf>,
    baseline: impl IntoIterator<Item = Mapping>,
) -> PairTree {
    PairTree {
        id: PairId(1),
        name: "Work".to_owned(),
        a: tree("ca", a),
        b: tree("cb", b),
        baseline: baseline.into_iter().map(|entry| (entry.uid.clone(), entry)).collect(),
        stored_hash: None,
        complete: true,
    }
}

/// A provider that holds everything.
struct Holds;

impl Projector for Holds {
    fn project(&self, event: &Event) -> Result<Event, Inexpressible> {
        Ok(event.clone())
    }

    fn reach(&self, _: Option<&Event>, _: &Event) -> Result<(), Inexpressible> {
        Ok(())
    }
}

/// A provider that holds everything and lets nobody write it.
struct ReadOnly;

impl Projector for ReadOnly {
    fn project(&self, event: &Event) -> Result<Event, Inexpressible> {
        Ok(event.clone())
    }

    fn reach(&self, _: Option<&Event>, _: &Event) -> Result<(), Inexpressible> {
        Err(Inexpressible {
            provider: "graph",
            property: "recurrenceRule".to_owned(),
            reason: "no".to_owned(),
        })
    }
}

fn planned(pair: PairTree) -> Plan {
    let projectors = Projectors { a: &Holds, b: &Holds, attendees: Attendees::Strip };
    plan(&Trees { pairs: vec![pair] }, &projectors)
}

fn names() -> Names {
    Names {
        a: "graph".to_owned(),
        b: "jmap".to_owned(),
        policy_a: Policy::uniform(Capability::BestEffort),
        policy_b: Policy::uniform(Capability::Suppressed),
    }
}

/// The plan text of a pair must be these lines.
#[track_caller]
fn check(pair: PairTree, expect: &[&str]) {
    let plan = planned(pair);
    let lines: Vec<String> = plan.operations.iter().map(|op| line(op, &names())).collect();
    assert_eq!(lines, expect);
}

#[test]
fn what_agrees_needs_nothing() {
    check(pair([on_a("1", "x")], [on_b("1", "x")], [mapped("1", "x")]), &[]);
}

#[test]
fn an_item_on_one_side_is_created_on_the_other() {
    check(pair([on_a("1", "x")], [], []), &["PLAN CREATE_ITEM a-1 on jmap"]);
    let on_graph = "PLAN CREATE_ITEM b-1 on graph    [!] notifications best-effort";
    check(pair([], [on_b("1", "x")], []), &[on_graph]);
}

#[test]
fn an_item_that_is_gone_from_one_side_is_deleted_on_the_other() {
    let line = "PLAN DELETE_ITEM a-1 on graph    [!] notifications best-effort";
    check(pair([on_a("1", "x")], [], [mapped("1", "x")]), &[line]);
}

#[test]
fn an_edit_beats_a_delete() {
    check(pair([on_a("1", "edited")], [], [mapped("1", "x")]), &["PLAN CREATE_ITEM a-1 on jmap"]);
}

#[test]
fn what_both_sides_lack_is_only_forgotten() {
    let plan = planned(pair([], [], [mapped("1", "x")]));
    assert_eq!(line(&plan.operations[0], &names()), "PLAN DELETE_ITEM a-1 <-> b-1 (both gone)");
    assert!(!plan.operations[0].writes());
}

#[test]
fn a_drift_is_one_merge() {
    let merge = "PLAN MERGE_ITEM a-1 <-> b-1    [!] notifications best-effort";
    check(pair([on_a("1", "edited")], [on_b("1", "x")], [mapped("1", "x")]), &[merge]);
    check(pair([on_a("1", "one")], [on_b("1", "two")], [mapped("1", "x")]), &[merge]);
}

#[test]
fn equal_items_without_a_mapping_are_mapped_without_a_write() {
    let plan = planned(pair([on_a("1", "x")], [on_b("1", "x")], []));
    assert_eq!(plan.operations, []);
    assert_eq!(plan.rebases.len(), 1);
    assert_eq!(plan.rebases[0].mapping, mapped("1", "x"));
    assert!(!plan.rebases[0].healed);
}

#[test]
fn drifted_ids_are_healed_without_an_operation() {
    let a = (0..100).map(|n| on_a(&n.to_string(), "x"));
    let b = (0..100).map(|n| leaf(&format!("new-{n}"), &n.to_string(), "x"));
    let plan = planned(pair(a, b, (0..100).map(|n| mapped(&n.to_string(), "x"))));
    assert_eq!(plan.operations, []);
    assert_eq!(plan.rebases.iter().filter(|rebase| rebase.healed).count(), 100);
    assert_eq!(plan.rebases[0].mapping.b_id, ItemId::from("new-0"));
}

#[test]
fn a_side_that_was_not_observed_whole_plans_nothing() {
    let mut partial = pair([on_a("1", "x")], [], [mapped("1", "x")]);
    partial.complete = false;
    check(partial, &[]);
}

#[test]
fn without_a_baseline_nothing_is_deleted() {
    let plan = planned(pair((0..50).map(|n| on_a(&n.to_string(), "x")), [], []));
    assert!(plan.operations.iter().all(|op| op.op() == OpType::CreateItem));
}

#[test]
fn a_second_item_of_one_identity_is_reported_and_left_alone() {
    let twin = leaf("a-0-twin", "1", "x");
    let plan = planned(pair([on_a("1", "x"), twin], [on_b("1", "x")], [mapped("1", "x")]));
    assert_eq!(plan.operations, []);
    assert_eq!(plan.duplicates, [(Side::A, ItemId::from("a-0-twin"))]);
}

#[test]
fn an_unchanged_pair_is_passed_over_whole() {
    let mut settled = pair([on_a("1", "x")], [on_b("1", "x")], [mapped("1", "x")]);
    settled.stored_hash = Some(pair_hash(&settled.a, &settled.b));
    check(settled.clone(), &["PLAN SKIP_SUBTREE Work"]);
    settled.b.items.clear();
    let line = "PLAN DELETE_ITEM a-1 on graph    [!] notifications best-effort";
    check(settled, &[line]);
}

#[test]
fn a_calendar_on_one_side_is_created_before_its_items() {
    let mut fresh = pair([on_a("1", "x")], [], []);
    fresh.b.container = None;
    check(fresh, &["PLAN CREATE_CONTAINER \"Work\" on jmap", "PLAN CREATE_ITEM a-1 on jmap"]);
}

#[test]
fn what_the_other_side_cannot_be_brought_to_hold_is_planned_with_the_reason() {
    let projectors = Projectors { a: &ReadOnly, b: &Holds, attendees: Attendees::Strip };
    let trees = |pair| Trees { pairs: vec![pair] };
    let new = plan(&trees(pair([], [on_b("1", "x")], [])), &projectors);
    let Action::CreateItem { event, .. } = &new.operations[0].action else { panic!("a create") };
    assert_eq!(event.as_ref().err().map(|problem| problem.reason.as_str()), Some("no"));
    let edited = pair([on_a("1", "x")], [on_b("1", "y")], [mapped("1", "x")]);
    let edited = plan(&trees(edited), &projectors);
    let Action::MergeItem { writes, .. } = &edited.operations[0].action else { panic!("a merge") };
    assert_eq!(writes.as_ref().err().map(|problem| problem.reason.as_str()), Some("no"));
}

#[test]
fn tree_hashes_ignore_the_order_and_tell_containers_apart() {
    let (one, two) = (on_a("1", "x"), on_a("2", "y"));
    let forth = container_hash(&tree("c", [one.clone(), two.clone()]));
    assert_eq!(forth, container_hash(&tree("c", [two.clone(), one.clone()])));
    assert_ne!(forth, container_hash(&tree("d", [one, two])));
    // What `sha256sum` says of "id|fp", the first 16 hex digits.
    assert_eq!(leaf_hash("id", "fp").as_str(), "1437e13b04a75178");
}

#[test]
fn the_summary_counts_bookkeeping_and_merges() {
    let plan = planned(pair(
        [on_a("1", "x"), on_a("3", "new")],
        [on_b("4", "new")],
        [mapped("1", "x"), mapped("2", "x")],
    ));
    let counts = counts(&plan.operations);
    assert_eq!(
        summary_line(&counts),
        "SUMMARY containers=0 created=2 updated=0 deleted=2 skipped=0"
    );
    assert_eq!(counts.forgotten, 1);
}

/// What happens to one item on one side between two runs.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Stays,
    Edited(u8),
    Deleted,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        4 => Just(Fate::Stays),
        2 => (0_u8..3).prop_map(Fate::Edited),
        2 => Just(Fate::Deleted),
    ]
}

fn after(fate: Fate, before: Leaf) -> Option<Leaf> {
    match fate {
        Fate::Stays => Some(before),
        Fate::Edited(n) => {
            let (id, uid) = (before.id.0, before.uid.0);
            Some(leaf(&id, &uid, &format!("edited {n}")))
        }
        Fate::Deleted => None,
    }
}

/// One tree, perturbed twice: agreed items with their fates on a and b, and new items of each side.
fn perturbed() -> impl Strategy<Value = (Vec<(Fate, Fate)>, u8, u8)> {
    (proptest::collection::vec((fate(), fate()), 0..20), 0_u8..5, 0_u8..5)
}

fn build(fates: &[(Fate, Fate)], new_a: u8, new_b: u8) -> PairTree {
    let uids: Vec<String> = (0..fates.len()).map(|n| format!("{n:02}")).collect();
    let side = |pick: fn(&(Fate, Fate)) -> Fate, make: fn(&str, &str) -> Leaf| {
        let old = fates.iter().zip(&uids);
        old.filter_map(move |(fates, uid)| after(pick(fates), make(uid, "x"))).collect::<Vec<_>>()
    };
    let mut a = side(|fates| fates.0, on_a);
    let mut b = side(|fates| fates.1, on_b);
    a.extend((0..new_a).map(|n| on_a(&format!("na{n}"), "new")));
    b.extend((0..new_b).map(|n| on_b(&format!("nb{n}"), "new")));
    pair(a, b, uids.iter().map(|uid| mapped(uid, "x")))
}

/// Carries a plan out as honest servers would.
fn carried_out(mut pair: PairTree, plan: &Plan) -> PairTree {
    let copy = |id: &ItemId, uid: &Uid, event: &Arc<Event>| {
        let mut leaf = leaf(id.as_str(), uid.as_str(), event.title());
        leaf.event = Arc::clone(event);
        leaf.hash = event.hash();
        leaf
    };
    for operation in &plan.operations {
        let uid = operation.uid.clone().expect("an item");
        match &operation.action {
            Action::CreateItem { on, event: Ok(event), .. } => {
                let id = ItemId(format!("{on}-again-{uid}"));
                let leaf = copy(&id, &uid, event);
                pair.side_mut(*on).items.insert(id, leaf);
                pair.baseline.remove(&uid);
            }
            Action::MergeItem { a, b, writes: Ok(writes), .. } => {
                for (side, leaf, write) in [(Side::A, a, &writes.a), (Side::B, b, &writes.b)] {
                    if let Some(event) = write {
                        let now = copy(&leaf.id, &uid, event);
                        pair.side_mut(side).items.insert(leaf.id.clone(), now);
                    }
                }
                pair.baseline.remove(&uid);
            }
            Action::DeleteItem { on, leaf, .. } => {
                pair.side_mut(*on).items.remove(&leaf.id);
                pair.baseline.remove(&uid);
            }
            Action::Forget { .. } => {
                pair.baseline.remove(&uid);
            }
            _ => {}
        }
    }
    let mappings: Vec<Mapping> =
        planned(pair.clone()).rebases.into_iter().map(|rebase| rebase.mapping).collect();
    for mapping in mappings {
        pair.baseline.insert(mapping.uid.clone(), mapping);
    }
    pair
}

proptest! {
    #[test]
    fn every_delete_is_justified_and_edits_survive((fates, new_a, new_b) in perturbed()) {
        let plan = planned(build(&fates, new_a, new_b));
        let mut ops: BTreeMap<String, OpType> = BTreeMap::new();
        for operation in &plan.operations {
            let uid = operation.uid.clone().expect("an item");
            prop_assert!(ops.insert(uid.0, operation.op()).is_none(), "one operation an item");
        }
        for (n, fates) in fates.iter().enumerate() {
            // The reference model: what one item needs, from its two fates alone.
            let expect = match fates {
                (Fate::Stays, Fate::Stays) => None,
                (Fate::Stays, Fate::Deleted) | (Fate::Deleted, Fate::Stays | Fate::Deleted) => {
                    Some(OpType::DeleteItem)
                }
                (Fate::Edited(_), Fate::Deleted) | (Fate::Deleted, Fate::Edited(_)) => {
                    Some(OpType::CreateItem)
                }
                (Fate::Edited(one), Fate::Edited(two)) if one == two => None,
                _ => Some(OpType::MergeItem),
            };
            prop_assert_eq!(ops.get(&format!("{n:02}")).copied(), expect, "fates {:?}", fates);
        }
        let created = ops.iter().filter(|(uid, _)| uid.starts_with('n')).count();
        prop_assert_eq!(created, usize::from(new_a) + usize::from(new_b));
    }

    #[test]
    fn carrying_a_plan_out_converges((fates, new_a, new_b) in perturbed()) {
        let before = build(&fates, new_a, new_b);
        let after = carried_out(before.clone(), &planned(before));
        let again = planned(after.clone());
        prop_assert_eq!(again.operations, Vec::new());
        let hashes = |tree: &SideTree| {
            tree.items.values().map(|leaf| (leaf.uid.clone(), leaf.hash.clone())).collect::<BTreeMap<_, _>>()
        };
        prop_assert_eq!(hashes(&after.a), hashes(&after.b));
    }

    #[test]
    fn a_lost_baseline_deletes_nothing((fates, new_a, new_b) in perturbed()) {
        let mut lost = build(&fates, new_a, new_b);
        lost.baseline.clear();
        prop_assert!(planned(lost).operations.iter().all(|op| op.op() != OpType::DeleteItem));
    }
}
