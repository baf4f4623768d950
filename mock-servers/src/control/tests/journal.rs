//! Requests and writes are found, counted and held against a sequence.

use calamity_base::Sim;
use serde_json::{Value, json};

use super::rig::{ALICE, Served, small};

const CALENDAR: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//x//EN\r\nBEGIN:VEVENT\r\n\
    UID:u1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\nSUMMARY:Tea\r\n\
    END:VEVENT\r\nEND:VCALENDAR\r\n";

/// A PUT, a GET and a refused DELETE on the DAV server; the path of the item.
async fn story(served: &Served) -> String {
    let calendars = format!("{}/dav/calendars/{ALICE}/", served.url("dav"));
    let made = served.send("MKCALENDAR", &format!("{calendars}new/"), "").await;
    assert_eq!(made.status(), 201);
    let item = format!("{calendars}new/u1.ics");
    let request = http::Request::put(&item)
        .header("authorization", "Bearer a-secret")
        .header("content-type", "text/calendar");
    let put = served.client.send(request.body(CALENDAR.into()).unwrap()).await.unwrap();
    assert_eq!(put.status(), 201, "{}", String::from_utf8_lossy(put.body()));
    assert_eq!(served.status(&item).await, 200);
    let request = http::Request::delete(&item)
        .header("authorization", "Bearer a-secret")
        .header("if-match", "\"other\"");
    let refused = served.client.send(request.body("".into()).unwrap()).await.unwrap();
    assert_eq!(refused.status(), 412);
    item.strip_prefix(&served.url("dav")).unwrap().to_owned()
}

#[test]
fn entries_are_found_and_counted() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        let path = story(&served).await;
        let count = async |query: &str| {
            let counts = served.rig.get(&format!("/journal/count?server=dav&{query}")).await;
            (counts["requests"].as_u64().unwrap(), counts["writes"].as_u64().unwrap())
        };
        assert_eq!(count("").await, (4, 2 + 3), "two calendars were seeded");
        assert_eq!(count("actor=seed").await, (0, 2));
        assert_eq!(count("actor=client").await, (4, 3));
        assert_eq!(count("op=event.create").await, (1, 1));
        assert_eq!(count("op=*.delete").await, (1, 1));
        assert_eq!(count("op=delete&kind=writes").await, (0, 1));
        assert_eq!(count("method=get").await, (1, 0));
        assert_eq!(count("path=*/u1.ics").await, (3, 0));
        assert_eq!(count("status=412").await, (1, 0));
        assert_eq!(count("result=refused").await, (0, 1));
        assert_eq!(count("uid=u1&result=applied").await, (0, 1));
        assert_eq!(count("since=0.dav.3.4").await, (1, 1));
        let found = served.rig.get("/journal?server=dav&kind=writes&op=delete").await;
        let write = &found["writes"][0];
        assert_eq!((&write["refusal"]["code"], &write["request"]), (&json!("412"), &json!(3)));
        let ends = json!([{ "server": "dav", "requests": 4, "writes": 5, "dropped_requests": 0,
            "dropped_writes": 0 }]);
        assert_eq!(found["ends"], ends);
        let cut = served.rig.get("/journal?server=dav&limit=2").await;
        assert_eq!((cut["requests"].as_array().unwrap().len(), &cut["cut"]), (2, &json!(true)));
        let get = served.rig.get("/journal?server=dav&method=GET").await;
        assert_eq!(get["requests"][0]["target"], path);
        assert_eq!(served.rig.get("/journal/count?server=jmap").await["requests"], 0);
    });
}

#[test]
fn a_reader_goes_on_where_it_was() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        story(&served).await;
        let ids = |page: &Value, kind: &str| -> Vec<(String, u64)> {
            let entries = page[kind].as_array().unwrap().iter();
            entries
                .map(|it| (it["server"].as_str().unwrap().to_owned(), it["id"].as_u64().unwrap()))
                .collect()
        };
        let whole = served.rig.get("/journal").await;
        for limit in 1..4 {
            let (mut requests, mut writes, mut since) = (Vec::new(), Vec::new(), String::new());
            loop {
                let page = served.rig.get(&format!("/journal?limit={limit}{since}")).await;
                requests.extend(ids(&page, "requests"));
                writes.extend(ids(&page, "writes"));
                since = format!("&since={}", page["next"].as_str().unwrap());
                if page["cut"] == json!(false) {
                    break;
                }
            }
            assert_eq!(requests, ids(&whole, "requests"), "{limit} at a time");
            assert_eq!(writes, ids(&whole, "writes"), "{limit} at a time");
        }
        let since = format!("/journal?since={}", whole["next"].as_str().unwrap());
        assert_eq!(ids(&served.rig.get(&since).await, "requests"), []);
        served.status(&format!("{}/dav/", served.url("dav"))).await;
        assert_eq!(ids(&served.rig.get(&since).await, "requests"), [("dav".to_owned(), 4)]);
        // What was put back has another past.
        served.rig.expect("POST", "/reset", Value::Null, 204).await;
        served.status(&format!("{}/dav/", served.url("dav"))).await;
        assert_eq!(ids(&served.rig.get(&since).await, "requests"), [("dav".to_owned(), 0)]);
        for wrong in ["x", "0.dav", "0.dav.1", "0.dav.1.x", "-1"] {
            served.rig.expect("GET", &format!("/journal?since={wrong}"), Value::Null, 400).await;
        }
    });
}

#[test]
fn logs_are_bounded_and_what_is_dropped_is_counted() {
    Sim::run(1, async |sim| {
        let mut config = small();
        config.log_entries = 2;
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &config).await;
        let path = story(&served).await;
        let kept = served.rig.get("/journal?server=dav").await;
        let ids = |kind: &str| -> Vec<u64> {
            kept[kind].as_array().unwrap().iter().map(|it| it["id"].as_u64().unwrap()).collect()
        };
        assert_eq!((ids("requests"), ids("writes")), (vec![2, 3], vec![3, 4]));
        let end = &kept["ends"][0];
        assert_eq!((&end["requests"], &end["dropped_requests"]), (&json!(4), &json!(2)));
        assert_eq!((&end["writes"], &end["dropped_writes"]), (&json!(5), &json!(3)));
        assert_eq!(kept["requests"][0]["target"], path);
        assert_eq!(kept["requests"][1]["status"], 412, "a status finds its request");
        // A snapshot that is put back is bounded too.
        let document = served.running.fleet.saved("x");
        served
            .rig
            .expect("POST", "/state/documents", serde_json::from_slice(&document).unwrap(), 201)
            .await;
        served.rig.post("/state/1/restore", Value::Null).await;
        served.status(&format!("{}/dav/", served.url("dav"))).await;
        let kept = served.rig.get("/journal?server=dav").await;
        assert_eq!(kept["ends"][0]["dropped_requests"], 3);
        let event = json!({ "event": { "title": "Tea", "start": "2026-05-04",
            "attendees": ["a@example.org", "b@example.org", "c@example.org"] } });
        let items = format!("/actors/{ALICE}/items?server=dav");
        served.rig.expect("POST", &items, event, 201).await;
        let outbox = served.rig.get("/outbox?server=dav").await;
        assert_eq!((&outbox["count"], &outbox["dropped"]), (&json!(2), &json!(1)));
        assert_eq!(outbox["mails"][0]["id"], 1);
        let message = outbox["mails"][1]["message"].as_str().unwrap();
        assert!(message.contains("METHOD:REQUEST\r\n"), "{message}");
    });
}

#[test]
fn a_sequence_holds_or_says_what_came_nearest() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        story(&served).await;
        let verify = async |body: Value| served.rig.post("/journal/verify?server=dav", body).await;
        let put = json!({ "op": "event.create", "status": 201 });
        let delete = json!({ "method": "DELETE", "path": "*/u1.ics", "status": 204 });
        let held = verify(json!({ "sequence": [put, { "method": "GET" }] })).await;
        assert_eq!((&held["holds"], &held["found"]), (&json!(true), &json!([1, 2])));
        let missed = verify(json!({ "sequence": [put, delete] })).await;
        assert_eq!((&missed["holds"], &missed["found"]), (&json!(false), &json!([1])));
        let missing = &missed["missing"];
        assert_eq!(missing["place"], 1);
        let nearest = &missing["near_misses"][0];
        assert_eq!((&nearest["fits"], &nearest["of"]), (&json!(2), &json!(3)));
        let difference = json!([{ "field": "status", "expected": "204", "found": "412" }]);
        assert_eq!((&nearest["request"]["id"], &nearest["differences"]), (&json!(3), &difference));
        // In another order it did not happen.
        let turned = verify(json!({ "sequence": [{ "method": "GET" }, put] })).await;
        assert_eq!((&turned["holds"], &turned["missing"]["place"]), (&json!(false), &json!(1)));

        let exact = async |sequence: Value, from: u64| {
            let body = json!({ "sequence": sequence, "mode": "exact", "from": from });
            let verdict = verify(body).await;
            (verdict["holds"].as_bool().unwrap(), verdict["unexpected"]["id"].as_u64())
        };
        let all = json!([{ "method": "MKCALENDAR" }, put, {}, { "status": 412 }]);
        assert_eq!(exact(all.clone(), 0).await, (true, None));
        assert_eq!(exact(json!([put, {}]), 1).await, (false, Some(3)));
        assert_eq!(exact(json!([put, { "method": "DELETE" }]), 1).await, (false, Some(2)));
        assert_eq!(exact(all, 1).await, (false, Some(1)));
    });
}

#[test]
fn near_misses_come_nearest_first() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        story(&served).await;
        let expected =
            json!({ "expected": { "method": "GET", "path": "*/u1.ics", "status": 304 } });
        let found = served.rig.post("/journal/near-misses?server=dav", expected).await;
        let near: Vec<_> = found["near_misses"]
            .as_array()
            .unwrap()
            .iter()
            .map(|it| (it["request"]["id"].as_u64().unwrap(), it["fits"].as_u64().unwrap()))
            .collect();
        assert_eq!(near, [(2, 2), (1, 1), (3, 1), (0, 0)]);
        let fitting = json!({ "expected": { "method": "GET" }, "from": 2 });
        let found = served.rig.post("/journal/near-misses?server=dav", fitting).await;
        assert_eq!(found["near_misses"].as_array().unwrap().len(), 1, "what fits is no near miss");
    });
}
