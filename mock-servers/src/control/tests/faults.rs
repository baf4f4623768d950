//! Faults armed through the control API are met by clients, counted, changed and taken away.

use calamity_base::Sim;
use http::StatusCode;
use serde_json::{Value, json};

use super::rig::{Rig, Served, small};

#[test]
fn an_armed_fault_is_met_counted_changed_and_taken_away() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        let rig = &served.rig;
        let url = format!("{}/jmap/session", served.url("jmap"));
        assert_eq!(served.status(&url).await, StatusCode::OK);
        let what = json!({ "error": { "code": "", "status": 503 } });
        let rule = json!({ "id": "busy", "site": "request", "what": what, "when": { "times": 2 } });
        let armed = rig.ask("POST", "/faults?server=jmap", rule.to_string()).await;
        assert_eq!((armed.status, &armed.body["hits"]), (201, &json!(0)));
        assert_eq!(armed.head["location"], "/faults/busy?server=jmap");
        for expect in [503, 503, 200] {
            assert_eq!(served.status(&url).await.as_u16(), expect);
        }
        let fault = rig.get("/faults/busy").await;
        assert_eq!((&fault["hits"], &fault["server"]), (&json!(2), &json!("jmap")));
        let hits = rig.get("/faults/busy/hits").await;
        assert_eq!((&hits["count"], &hits["hits"][1]["place"]), (&json!(2), &json!("request#2")));
        assert_eq!(hits["hits"][0]["request"], 1, "the second request of all");
        let change = json!({ "when": null, "what": { "error": { "status": 500 } } });
        let changed = rig.expect("PATCH", "/faults/busy", change, 200).await;
        assert_eq!(changed["rule"]["what"]["error"]["status"], 500);
        assert_eq!(changed["rule"]["when"].get("times"), None);
        assert_eq!(served.status(&url).await.as_u16(), 500);
        rig.expect("DELETE", "/faults/busy", Value::Null, 204).await;
        assert_eq!(served.status(&url).await, StatusCode::OK);
        assert_eq!(rig.get("/faults/busy/hits").await["count"], 3);
        assert_eq!(rig.get("/faults").await["faults"], json!([]));
    });
}

#[test]
fn a_rule_that_makes_no_sense_says_why() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        let post =
            async |rule: Value| rig.ask("POST", "/faults?server=dav", rule.to_string()).await;
        let unknown =
            post(json!({ "id": "a", "site": "request", "what": "omit", "wen": {} })).await;
        assert_eq!(unknown.status, 400);
        assert!(unknown.body["detail"].as_str().unwrap().contains("`wen`"), "{}", unknown.body);
        let impossible = post(json!({ "id": "a", "site": "request", "what": "omit" })).await;
        assert_eq!(impossible.status, 422);
        let said = impossible.body["detail"].as_str().unwrap();
        assert!(said.contains("`omit` cannot happen at site `request`"), "{said}");
        let renamed = json!({ "id": "a", "site": "feed", "what": "omit" });
        assert_eq!(post(renamed).await.status, 201);
        let other = rig.ask("PATCH", "/faults/a", r#"{"id": "b"}"#).await;
        assert_eq!(other.status, 400, "{}", other.body);
    });
}

#[test]
fn ids_of_faults_may_hold_anything() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        let rule = json!({ "id": "ä/b c?", "site": "feed", "what": "empty" });
        let armed = rig.ask("POST", "/faults?server=dav", rule.to_string()).await;
        let location = armed.head["location"].to_str().unwrap().to_owned();
        assert_eq!(location, "/faults/%C3%A4%2Fb%20c%3F?server=dav");
        assert_eq!(rig.get(&location).await["rule"]["id"], "ä/b c?");
    });
}
