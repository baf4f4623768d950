//! What the store may hold.

use calamity_base::disk::DiskImage;
use calamity_base::{Db, Sim, db};

use super::story::{Story, lineage};
use crate::invariants::{
    Invariant, approved_goes_through::ApprovedGoesThrough, no_secrets::NoSecrets,
    store_acknowledged::StoreAcknowledged, store_integrity::StoreIntegrity,
};

const TABLES: &str = "
    CREATE TABLE container_pair (id INTEGER PRIMARY KEY);
    CREATE TABLE mapping (
        pair INTEGER NOT NULL REFERENCES container_pair(id), uid TEXT, a_id TEXT, b_id TEXT);
    CREATE TABLE intent (id TEXT, slot TEXT, state TEXT);
    CREATE TABLE run (id INTEGER PRIMARY KEY, ended TEXT);
    CREATE TABLE hold (pair INTEGER, key TEXT, line TEXT, approved TEXT);
    INSERT INTO container_pair VALUES (1);";

/// A disk with a store of these tables and rows.
fn disk(rows: &str) -> DiskImage {
    let sql = format!("PRAGMA foreign_keys = OFF; {TABLES} {rows}");
    Sim::run(1, async |sim: Sim| {
        let env = sim.process("engine");
        let store = Db::open(&env, "drill.db").await.expect("a simulated disk opens databases");
        let made = store
            .exclusive("test", move |connection| {
                connection.execute_batch(&sql).map_err(db::Error::from)
            })
            .await;
        made.expect("the tables can be made");
        store.close().await;
        sim.disk("engine").snapshot()
    })
}

/// What an invariant finds after items 1 and 2 were copied from a to b and a run ended so, with a
/// store of these rows. In the rows `{a1}` is the id of item 1 on a, and so on.
#[track_caller]
fn check(invariant: &dyn Invariant, rows: &str, end: &str, found: &[&str]) {
    let mut story = Story::new(invariant);
    story.tell("seed a 1\n seed a 2 guests");
    story.tell("run\n b + 1\n b + 2");
    let mut rows = rows.to_owned();
    for (side, server) in ["a", "b"].into_iter().zip(&story.servers) {
        for number in ["1", "2"] {
            let items = server.items();
            let item = items.iter().find(|item| item.lineage == Some(lineage(number)));
            let id = &item.expect("it was made").id;
            rows = rows.replace(&format!("{{{side}{number}}}"), id);
        }
    }
    story.disk = Some(disk(&rows));
    story.tell(end);
    let told: Vec<String> = story.end().into_iter().map(|violation| violation.found).collect();
    assert_eq!(told.len(), found.len(), "{told:?}");
    for (told, found) in told.iter().zip(found) {
        assert!(told.contains(found), "{told:?} does not contain {found:?}");
    }
}

#[test]
fn entries_of_what_servers_issued_are_fine() {
    let rows = "INSERT INTO mapping VALUES (1, 'u1', '{a1}', '{b1}'), (1, 'u2', '{a2}', '{b2}');";
    check(&StoreAcknowledged, rows, "exit 0", &[]);
}

#[test]
fn an_entry_of_a_refused_item_is_told() {
    let rows = "INSERT INTO mapping VALUES (1, 'u1', '{a1}', 'made-up');";
    check(&StoreAcknowledged, rows, "exit 0", &["of which side b never issued the second"]);
}

#[test]
fn an_entry_of_two_different_items_is_told() {
    let rows = "INSERT INTO mapping VALUES (1, 'u1', '{a1}', '{b2}');";
    check(&StoreAcknowledged, rows, "exit 0", &["which are different items"]);
}

#[test]
fn an_entry_without_its_calendar_is_told() {
    let rows = "INSERT INTO mapping VALUES (9, 'u1', '{a1}', '{b1}');";
    let told = "a row of mapping has no parent in container_pair";
    check(&StoreIntegrity, rows, "exit 0", &[told]);
}

#[test]
fn a_promise_may_be_open_after_a_crash_and_after_no_good_end() {
    let rows = "INSERT INTO intent VALUES ('i1', 'CREATE_ITEM b u1', 'stored');";
    check(&StoreIntegrity, rows, "killed", &[]);
    check(&StoreIntegrity, rows, "exit 1 errors=1", &[]);
    let told = "the promise i1 (CREATE_ITEM b u1) has no answer, and the run ended well";
    check(&StoreIntegrity, rows, "exit 0", &[told]);
}

#[test]
fn a_run_that_ended_well_has_its_end_in_the_store() {
    check(&StoreIntegrity, "INSERT INTO run VALUES (1, '2026-04-16');", "exit 0", &[]);
    let told = "run 1 ended well and has no end in the store";
    check(&StoreIntegrity, "INSERT INTO run VALUES (1, NULL);", "exit 0", &[told]);
}

#[test]
fn a_store_is_not_a_place_for_credentials() {
    let rows = "INSERT INTO hold VALUES (1, 'k', 'Bearer hush-hush', NULL);";
    check(&NoSecrets, rows, "exit 0", &["the file drill.db holds a credential"]);
}

#[test]
fn an_approved_delete_is_carried_out_by_the_end() {
    let rows = "INSERT INTO hold VALUES
        (1, 'DELETE_ITEM a 00 u2', 'PLAN DELETE_ITEM {a2} on graph', '2026-04-16');";
    let approved = "exit 0\n user b - 2\n approve 2\n run\n";
    let done = format!("{approved} a - 2\n exit 0");
    check(&ApprovedGoesThrough, rows, &done, &[]);
    let left = format!("{approved} exit 3 held=1");
    let told = "1 approved deletes never landed: ~L0000000002";
    check(&ApprovedGoesThrough, rows, &left, &[told]);
    let edited = format!("{approved} exit 3 held=1\n user a ~ 2");
    check(&ApprovedGoesThrough, rows, &edited, &[]);
}
