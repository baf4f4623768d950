//! Barriers, states of a story and quotas, from outside.

use std::time::Duration;

use calamity_base::Sim;
use http::Request;
use serde_json::{Value, json};

use super::rig::{ALICE, Served, small};

#[test]
fn a_request_is_held_until_it_is_released() {
    Sim::run(1, async |sim| {
        let client = sim.process("client");
        let served = Served::new(&sim.process("mock"), &client, &small()).await;
        let rule = json!({ "id": "gate", "site": "request", "when": { "hold": 1 },
            "what": { "error": { "status": 503 } } });
        served.rig.expect("POST", "/faults?server=dav", rule, 201).await;
        let (url, http) = (format!("{}/dav/", served.url("dav")), served.client.clone());
        let asking = client.process.spawn("asking", async move {
            let request = Request::get(url).header("authorization", "Bearer a-secret");
            http.send(request.body("".into()).unwrap()).await.unwrap().status().as_u16()
        });
        sim.advance(Duration::from_secs(5)).await;
        let held = served.rig.get("/held").await;
        let one = &held["held"][0];
        assert_eq!((&one["server"], &one["rule"]), (&json!("dav"), &json!("gate")), "{held}");
        assert_eq!(served.rig.get("/held?server=jmap").await["held"], json!([]));
        let released = served.rig.post("/faults/gate/release", Value::Null).await;
        assert_eq!(released["released"], 1);
        assert_eq!(asking.await.unwrap(), 503);
        assert_eq!(served.rig.get("/held").await["held"], json!([]));
        assert_eq!(served.rig.post("/faults/gate/release", Value::Null).await["released"], 0);
    });
}

#[test]
fn rules_of_a_state_fire_in_it_only() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        let rule = json!({ "id": "night", "site": "request", "when": { "state": "night" },
            "what": { "error": { "status": 503 } } });
        served.rig.expect("POST", "/faults?server=dav", rule, 201).await;
        let url = format!("{}/dav/calendars/{ALICE}/", served.url("dav"));
        let by_day = served.status(&url).await;
        let told = served.rig.expect("PUT", "/scene", json!({ "scene": "night" }), 200).await;
        assert_eq!(told["scenes"][1], json!({ "server": "dav", "scene": "night" }));
        assert_eq!(served.status(&url).await, 503);
        served.rig.expect("PUT", "/scene?server=dav", json!({ "scene": "" }), 200).await;
        assert_eq!(served.status(&url).await, by_day);
        assert_eq!(served.rig.get("/scene?server=jmap").await["scenes"][0]["scene"], "night");
    });
}

#[test]
fn a_full_account_takes_no_more() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        let told =
            served.rig.expect("PUT", "/quota?server=dav", json!({ "items_max": 1 }), 200).await;
        assert_eq!(told["quotas"], json!([{ "server": "dav", "items_max": 1 }]));
        let calendar = format!("{}/dav/calendars/{ALICE}/new/", served.url("dav"));
        assert_eq!(served.send("MKCALENDAR", &calendar, "").await.status(), 201);
        let put = async |uid: &str| {
            let text = format!(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
                 DTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\nSUMMARY:Tea\r\n\
                 END:VEVENT\r\nEND:VCALENDAR\r\n"
            );
            let request = Request::put(format!("{calendar}{uid}.ics"))
                .header("authorization", "Bearer a-secret")
                .header("content-type", "text/calendar");
            served.client.send(request.body(text.into()).unwrap()).await.unwrap().status().as_u16()
        };
        assert_eq!((put("one").await, put("two").await), (201, 507));
        served.rig.expect("PUT", "/quota", json!({}), 200).await;
        assert_eq!(put("two").await, 201);
        assert_eq!(served.rig.get("/quota").await["quotas"][1]["items_max"], Value::Null);
    });
}
