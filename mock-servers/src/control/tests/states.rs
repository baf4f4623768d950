//! Snapshots, the documents that they are written to, and the reset.

use calamity_base::{Env, Sim};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::rig::{ALICE, BOB, Rig, Served, config, no_files, small};
use crate::control::config::Config;
use crate::control::{Fleet, Given};

fn items() -> String {
    format!("/actors/{ALICE}/items?server=dav")
}

async fn make(rig: &Rig, title: &str) {
    let event = json!({ "event": { "title": title, "start": "2026-05-04" } });
    rig.expect("POST", &items(), event, 201).await;
}

/// The journal without where a reader is, which does not outlive that something is put back.
async fn journal(rig: &Rig) -> Value {
    let mut journal = rig.get("/journal?limit=10000").await;
    journal["next"] = Value::Null;
    journal
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
        let before = journal(&rig).await;
        make(&rig, "after").await;
        rig.expect("DELETE", "/faults/f", Value::Null, 204).await;
        assert_eq!(titles(&rig).await, ["after", "before"]);
        rig.post("/state/1/restore", Value::Null).await;
        assert_eq!(titles(&rig).await, ["before"]);
        assert_eq!(rig.get("/faults/f").await["server"], "jmap");
        assert_eq!(journal(&rig).await, before);
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
        let begun = journal(&rig).await;
        make(&rig, "one").await;
        rig.expect("POST", "/state", Value::Null, 201).await;
        rig.expect("POST", "/reset?server=jmap", Value::Null, 204).await;
        assert_eq!(titles(&rig).await, ["one"]);
        rig.expect("POST", "/reset", Value::Null, 204).await;
        assert_eq!((titles(&rig).await, journal(&rig).await), (Vec::new(), begun));
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

/// A server of each protocol, filled.
fn filled(seed: u64) -> Config {
    let user = |address: &str| {
        json!({ "address": address, "password": format!("{}-secret", &address[..1]),
            "calendars": [{ "name": "Work", "events": 4, "attendees": 2 }],
            "address-books": [{ "name": "People", "contacts": 3 }] })
    };
    let server = |protocol: &str| {
        json!({ "name": protocol, "protocol": protocol, "listen": "mock.test:0",
            "users": [user(ALICE), user(BOB)] })
    };
    let servers: Vec<Value> = ["jmap", "graph", "dav"].map(server).into();
    config(json!({ "seed": seed, "servers": servers }))
}

fn begun_with(env: &Env, config: &Config, document: &[u8]) -> Result<Rig, String> {
    let given = Given { snapshot: Some(document), ..Given::files(&no_files) };
    let begun = Fleet::new(env, config, &given);
    begun.map(|(fleet, _)| Rig::of(fleet)).map_err(|error| error.to_string())
}

async fn everything(rig: &Rig) -> Vec<Value> {
    let mut all = vec![journal(rig).await, rig.get("/outbox").await];
    all.extend([rig.get("/faults").await, rig.get("/scene").await, rig.get("/quota").await]);
    for server in ["jmap", "graph", "dav"] {
        for user in [ALICE, BOB] {
            all.push(rig.get(&format!("/actors/{user}/items?server={server}")).await);
        }
    }
    all
}

#[test]
fn another_process_goes_on_from_a_document() {
    let document = Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &filled(7));
        let edited =
            rig.get(&items()).await["items"][0]["id"].as_str().unwrap().replace('/', "%2F");
        let edit = json!({ "title": "edited" });
        rig.expect("PATCH", &format!("/actors/{ALICE}/items/{edited}?server=dav"), edit, 200).await;
        make(&rig, "mine").await;
        let rule = json!({ "id": "f", "site": "feed", "what": "empty" });
        rig.expect("POST", "/faults?server=jmap", rule, 201).await;
        rig.expect("PUT", "/scene?server=dav", json!({ "scene": "night" }), 200).await;
        rig.expect("PUT", "/quota?server=graph", json!({ "items_max": 50 }), 200).await;
        rig.expect("POST", "/state", json!({ "name": "one" }), 201).await;
        let document = rig.get("/state/1/document").await;
        let before = everything(&rig).await;
        assert_eq!(rig.expect("POST", "/state/documents", document.clone(), 201).await["id"], "2");
        rig.expect("POST", "/reset", Value::Null, 204).await;
        rig.post("/state/2/restore", Value::Null).await;
        let after = everything(&rig).await;
        assert_eq!(after, before);
        document.to_string().into_bytes()
    });
    Sim::run(2, async |sim| {
        let rig = begun_with(&sim.process("other"), &filled(7), &document).unwrap();
        assert_eq!(titles(&rig).await.iter().filter(|title| *title == "mine").count(), 1);
        let again = rig.get("/scene?server=dav").await;
        assert_eq!(again["scenes"][0]["scene"], "night");
        // The reset goes back to where this process began, and ids go on from there.
        make(&rig, "later").await;
        rig.expect("POST", "/reset", Value::Null, 204).await;
        assert!(!titles(&rig).await.contains(&"later".to_owned()));
        let text = serde_json::from_slice::<Value>(&document).unwrap();
        let written = rig.expect("POST", "/state", Value::Null, 201).await;
        let written =
            rig.get(&format!("/state/{}/document", written["id"].as_str().unwrap())).await;
        assert_eq!(written["servers"], text["servers"]);
    });
}

#[test]
fn whatever_clients_store_can_be_read_back() {
    let document = Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &filled(7)).await;
        let path = format!("{}/dav/calendars/{ALICE}/", served.url("dav"));
        let calendar = format!("{path}new/");
        assert_eq!(served.send("MKCALENDAR", &calendar, "").await.status(), 201);
        let event = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:u\r\n\
            DTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\nSEQUENCE:9007199254740993\r\n\
            END:VEVENT\r\nEND:VCALENDAR\r\n";
        let put = served.put(&format!("{calendar}u.ics"), "text/calendar", event).await;
        assert_eq!(put.status(), 201);
        let deep = (0..110).fold(json!({}), |inner, _| json!({ "a": inner }));
        for body in [
            json!({ "subject": "deep", "start": { "dateTime": "2026-05-04T09:00:00", "timeZone": "UTC" },
                "end": { "dateTime": "2026-05-04T10:00:00", "timeZone": "UTC" }, "extensions": [{
                "@odata.type": "microsoft.graph.openTypeExtension", "extensionName": "x", "deep": deep }] }),
        ] {
            let url = format!("{}/v1.0/me/events", served.url("graph"));
            let made = served.send("POST", &url, body.to_string()).await;
            assert!([201, 400].contains(&made.status().as_u16()), "{made:?}");
        }
        let rule =
            json!({ "id": "f", "site": "feed", "what": { "sequence": { "inject": [deep] } } });
        let armed = served.rig.ask("POST", "/faults?server=jmap", rule.to_string()).await;
        assert!([201, 422].contains(&armed.status), "{}", armed.body);
        served.running.fleet.saved("x")
    });
    Sim::run(2, async |sim| {
        begun_with(&sim.process("other"), &filled(7), &document).unwrap();
    });
}

#[test]
fn hits_go_on_where_they_were_when_their_record_is_gone() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &filled(7)).await;
        let rule = json!({ "id": "f", "site": "request", "what": { "delay": { "ms": 1 } } });
        served.rig.expect("POST", "/faults?server=graph", rule, 201).await;
        let url = format!("{}/v1.0/me/events", served.url("graph"));
        served.status(&url).await;
        let mut document: Value = serde_json::from_slice(&served.running.fleet.saved("x")).unwrap();
        let hits = &mut document["servers"][1]["state"]["hits"];
        assert_eq!(hits["entries"][0]["occurrence"], 1);
        *hits = json!({ "dropped": 1, "entries": [] });
        served.rig.expect("POST", "/state/documents", document, 201).await;
        served.rig.post("/state/1/restore", Value::Null).await;
        served.status(&url).await;
        let after: Value = serde_json::from_slice(&served.running.fleet.saved("x")).unwrap();
        assert_eq!(after["servers"][1]["state"]["hits"]["entries"][0]["occurrence"], 2);
    });
}

#[test]
fn tokens_outlive_the_process() {
    let begun = Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        (state_of_calendars(&served).await, served.running.fleet.saved("x"))
    });
    Sim::run(2, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        let document = serde_json::from_slice(&begun.1).unwrap();
        served.rig.expect("POST", "/state/documents", document, 201).await;
        served.rig.post("/state/1/restore", Value::Null).await;
        let event = json!({ "event": { "title": "new", "start": "2026-05-04" } });
        let items = format!("/actors/{ALICE}/items?server=jmap");
        let made = served.rig.expect("POST", &items, event, 201).await;
        let changes = changes_since(&served, &begun.0).await;
        assert_eq!(changes["created"], json!([made["items"][0]["id"]]), "{changes}");
    });
}

async fn call(served: &Served, name: &str, arguments: Value) -> Value {
    let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
    let url = served.url("jmap");
    let session = served.send("GET", &format!("{url}/jmap/session"), "").await;
    let session: Value = serde_json::from_slice(session.body()).unwrap();
    let mut arguments = arguments;
    arguments["accountId"] = session["primaryAccounts"][using[1]].clone();
    let body = json!({ "using": using, "methodCalls": [[name, arguments, "0"]] });
    let api = session["apiUrl"].as_str().unwrap();
    let answer = served.send("POST", api, body.to_string()).await;
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    answer["methodResponses"][0][1].clone()
}

async fn state_of_calendars(served: &Served) -> String {
    let got = call(served, "CalendarEvent/get", json!({ "ids": [] })).await;
    got["state"].as_str().unwrap().to_owned()
}

async fn changes_since(served: &Served, state: &str) -> Value {
    call(served, "CalendarEvent/changes", json!({ "sinceState": state })).await
}

#[test]
fn a_document_of_other_servers_is_refused_by_what_differs() {
    Sim::run(1, async |sim| {
        let env = sim.process("mock");
        let (fleet, _) = Fleet::new(&env, &filled(7), &Given::files(&no_files)).unwrap();
        let document = fleet.saved("x");
        let refused = |config: &Config, document: &[u8]| {
            begun_with(&env, config, document).err().unwrap_or_default()
        };
        let said = refused(&filled(8), &document);
        assert_eq!(
            said,
            "cannot begin with the snapshot: it is of seed 7 and the configuration has 8: \
             `seed: 7` reads it"
        );
        let mut fewer = filled(7);
        fewer.servers[2].users.pop();
        assert!(refused(&fewer, &document).contains("it is of the servers"));
        assert!(refused(&filled(7), b"{}").contains("this is no snapshot: missing field"));
        let changed = |pointer: &str, value: Value| {
            let mut document: Value = serde_json::from_slice(&document).unwrap();
            *document.pointer_mut(pointer).unwrap() = value;
            refused(&filled(7), document.to_string().as_bytes())
        };
        assert!(changed("/calamity-mock-snapshot", json!(2)).contains("version 2"));
        let user = "/servers/2/state/users/1";
        let said = changed(&format!("{user}/calendars/items/0/collections"), json!(["none"]));
        assert!(said.contains("server `dav`: user 2: the item `"), "{said}");
        let said = changed(&format!("{user}/calendars/items/0/text"), Value::Null);
        assert!(said.contains("is not of the server's protocol"), "{said}");
        let said = changed(&format!("{user}/calendars/modseq"), json!(1));
        assert!(said.contains("sequence numbers do not rise"), "{said}");
        let said = changed("/servers/0/state/journal/writes/dropped", json!(3));
        assert!(said.contains("an entry of the journal is not at its place"), "{said}");
    });
}

proptest! {
    // Filling servers takes longer than reading many documents.
    #![proptest_config(ProptestConfig::with_cases(3))]

    /// Whatever becomes of a document, it is read or refused, and what was read answers.
    #[test]
    fn whatever_a_document_says_is_read_or_refused(
        changes in prop::collection::vec((0..1_000_000_usize, prop_oneof![
            Just(Value::Null), Just(json!(0)), Just(json!(u64::MAX)), Just(json!("x")),
            Just(json!([])), Just(json!({})), Just(json!(["x"])), Just(json!("2026-01-01T00:00:00Z")),
        ]), 16),
    ) {
        Sim::run(1, async |sim| {
            let (fleet, _) =
                Fleet::new(&sim.process("mock"), &filled(7), &Given::files(&no_files)).unwrap();
            let whole: Value = serde_json::from_slice(&fleet.saved("x")).unwrap();
            let mut places = Vec::new();
            pointers(&whole, String::new(), &mut places);
            let rig = Rig::of(fleet);
            for (at, with) in changes {
                let mut document = whole.clone();
                *document.pointer_mut(&places[at % places.len()]).unwrap() = with;
                let got = rig.ask("POST", "/state/documents", document.to_string()).await;
                let Some(id) = got.body["id"].as_str() else {
                    assert!([400, 422].contains(&got.status), "{}", got.body);
                    continue;
                };
                rig.post(&format!("/state/{id}/restore"), Value::Null).await;
                everything(&rig).await;
                let event = json!({ "event": { "title": "more", "start": "2026-05-04" } });
                let made = rig.ask("POST", &items(), event.to_string()).await;
                assert!(made.status < 500, "{}", made.body);
            }
        });
    }
}

fn pointers(value: &Value, at: String, into: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                let name = name.replace('~', "~0").replace('/', "~1");
                pointers(value, format!("{at}/{name}"), into);
            }
        }
        Value::Array(elements) => {
            for (nth, value) in elements.iter().enumerate() {
                pointers(value, format!("{at}/{nth}"), into);
            }
        }
        _ => {}
    }
    into.push(at);
}
