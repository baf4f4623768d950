//! Snapshots and the reset.

use calamity_base::Sim;
use serde_json::{Value, json};

use super::rig::{ALICE, Rig, small};

fn items() -> String {
    format!("/actors/{ALICE}/items?server=dav")
}

async fn make(rig: &Rig, title: &str) {
    let event = json!({ "event": { "title": title, "start": "2026-05-04" } });
    rig.expect("POST", &items(), event, 201).await;
}

async fn titles(rig: &Rig) -> Vec<String> {
    let found = rig.get(&items()).await;
    let mut titles: Vec<String> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["title"].as_str().unwrap().to_owned())
        .collect();
    titles.sort();
    titles
}

#[test]
fn a_snapshot_is_restored_with_items_faults_and_logs() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        make(&rig, "before").await;
        let rule = json!({ "id": "f", "site": "feed", "what": "empty" });
        rig.expect("POST", "/faults?server=jmap", rule, 201).await;
        let taken = rig.expect("POST", "/state", json!({ "name": "one" }), 201).await;
        assert_eq!((&taken["id"], &taken["name"]), (&json!("1"), &json!("one")));
        let before = rig.get("/journal").await;
        make(&rig, "after").await;
        rig.expect("DELETE", "/faults/f", Value::Null, 204).await;
        assert_eq!(titles(&rig).await, ["after", "before"]);
        rig.post("/state/1/restore", Value::Null).await;
        assert_eq!(titles(&rig).await, ["before"]);
        assert_eq!(rig.get("/faults/f").await["server"], "jmap");
        assert_eq!(rig.get("/journal").await, before);
        // It can be restored as often as one likes, and what follows does not change it.
        make(&rig, "again").await;
        rig.post("/state/1/restore", Value::Null).await;
        assert_eq!(titles(&rig).await, ["before"]);
    });
}

#[test]
fn a_reset_brings_the_beginning_back_and_keeps_snapshots() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        let begun = rig.get("/journal").await;
        make(&rig, "one").await;
        rig.expect("POST", "/state", Value::Null, 201).await;
        rig.expect("POST", "/reset?server=jmap", Value::Null, 204).await;
        assert_eq!(titles(&rig).await, ["one"]);
        rig.expect("POST", "/reset", Value::Null, 204).await;
        assert_eq!((titles(&rig).await, rig.get("/journal").await), (Vec::new(), begun));
        assert_eq!(rig.get("/state").await["snapshots"][0]["id"], "1");
    });
}

#[test]
fn ids_of_snapshots_are_not_given_again() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        rig.expect("POST", "/state", Value::Null, 201).await;
        rig.expect("DELETE", "/state/1", Value::Null, 204).await;
        let next = rig.expect("POST", "/state", Value::Null, 201).await;
        assert_eq!(next["id"], "2");
        rig.expect("POST", "/state/1/restore", Value::Null, 404).await;
    });
}
