//! The servers' clock is steered, and sockets go on.

use std::time::Duration;

use calamity_base::Sim;
use serde_json::{Value, json};

use super::rig::{Served, config, small};

#[test]
fn the_clock_is_frozen_moved_and_let_go() {
    Sim::run(1, async |sim| {
        let rig = super::rig::Rig::new(&sim.process("mock"), &small());
        let clock = rig.get("/clock").await;
        let expect = json!({ "now": "2026-04-16T08:00:00Z", "course": "running", "ahead_ms": 0 });
        assert_eq!(clock, expect);
        let frozen = rig.post("/clock/freeze", Value::Null).await;
        assert_eq!((&frozen["course"], &frozen["ahead_ms"]), (&json!("frozen"), &json!(0)));
        sim.advance(Duration::from_secs(60)).await;
        assert_eq!(rig.get("/clock").await["ahead_ms"], -60_000);
        let moved = rig.post("/clock/advance", json!({ "by_ms": 3_600_000 })).await;
        assert_eq!(moved["now"], "2026-04-16T09:00:00Z");
        let running = rig.post("/clock/resume", Value::Null).await;
        assert_eq!((&running["course"], &running["now"]), (&json!("running"), &moved["now"]));
        let set = rig.post("/clock/freeze", json!({ "at": "2030-01-01T00:00:00Z" })).await;
        assert_eq!(set["now"], "2030-01-01T00:00:00Z");
        let reset = rig.post("/clock/reset", Value::Null).await;
        assert_eq!(
            (&reset["ahead_ms"], &reset["now"]),
            (&json!(0), &json!("2026-04-16T08:01:00Z"))
        );
        let most = json!({ "by_ms": u64::MAX });
        rig.expect("POST", "/clock/advance", most, 400).await;
    });
}

#[test]
fn a_reset_sets_the_clock_as_it_was_configured() {
    Sim::run(1, async |sim| {
        let mut config = small();
        let frozen = json!({ "frozen": "2027-01-01T00:00:00Z" });
        config.clock = serde_json::from_value(frozen).unwrap();
        let rig = super::rig::Rig::new(&sim.process("mock"), &config);
        rig.post("/clock/advance", json!({ "by_ms": 5 })).await;
        rig.expect("POST", "/reset?server=dav", Value::Null, 204).await;
        assert_eq!(rig.get("/clock").await["now"], "2027-01-01T00:00:00.005Z");
        rig.expect("POST", "/reset", Value::Null, 204).await;
        assert_eq!(rig.get("/clock").await["now"], "2027-01-01T00:00:00Z");
    });
}

#[test]
fn what_a_server_waits_for_comes_by_the_control_api_and_the_journal_has_its_times() {
    Sim::run(1, async |sim| {
        let client = sim.process("client");
        let served = Served::new(&sim.process("mock"), &client, &small()).await;
        served.rig.post("/clock/freeze", Value::Null).await;
        let rule =
            json!({ "id": "slow", "site": "request", "what": { "delay": { "ms": 600_000 } } });
        served.rig.expect("POST", "/faults?server=dav", rule, 201).await;
        let url = format!("{}/dav/", served.url("dav"));
        let http = served.client.clone();
        let asking = client.process.spawn("asking", async move {
            let request = http::Request::get(url).header("authorization", "Bearer a-secret");
            http.send(request.body(bytes::Bytes::new()).unwrap()).await.unwrap().status()
        });
        // Ten seconds of the sockets' time are nothing to the frozen clock.
        sim.advance(Duration::from_secs(10)).await;
        let requests = served.rig.get("/journal?server=dav").await;
        assert_eq!(requests["requests"][0]["status"], Value::Null, "it is being served");
        served.rig.post("/clock/advance", json!({ "by_ms": 600_000 })).await;
        assert!(asking.await.unwrap().as_u16() < 500);
        let requests = served.rig.get("/journal?server=dav").await;
        assert_eq!(requests["requests"][0]["at"], "2026-04-16T08:00:00Z");
        assert!(requests["requests"][0]["status"].is_u64());
    });
}

#[test]
fn one_clock_is_that_of_all_servers() {
    Sim::run(1, async |sim| {
        let config = config(json!({
            "clock": { "frozen": "2026-01-01T00:00:00Z" },
            "servers": [{ "name": "one", "protocol": "dav", "listen": "mock.test:0",
                "users": [{ "address": "a@example.com", "password": "a" }] }],
        }));
        let rig = super::rig::Rig::new(&sim.process("mock"), &config);
        let event = json!({ "event": { "title": "Tea", "start": "2026-05-04" } });
        rig.expect("POST", "/actors/a@example.com/items", event, 201).await;
        let written = rig.get("/journal?op=create").await;
        assert_eq!(written["writes"][0]["at"], "2026-01-01T00:00:00Z");
    });
}
