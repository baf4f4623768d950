//! Users act in their server's own interface.

use calamity_base::Sim;
use serde_json::{Value, json};

use super::rig::{ALICE, BOB, Rig, small};

fn items(user: &str, server: &str) -> String {
    format!("/actors/{user}/items?server={server}")
}

#[test]
fn a_user_makes_edits_and_deletes_and_guests_are_told() {
    for server in ["dav", "jmap"] {
        Sim::run(1, async |sim| {
            let rig = Rig::new(&sim.process("mock"), &small());
            let event = json!({ "collection": "Work", "event": {
                "title": "Tea", "start": "2026-05-04T09:00:00", "zone": "Europe/Berlin",
                "minutes": 30, "attendees": ["guest@example.org"],
            }});
            let made = rig.ask("POST", &items(ALICE, server), event.to_string()).await;
            assert_eq!(made.status, 201, "{}", made.body);
            let item = made.body["items"][0].clone();
            assert_eq!((&item["title"], &item["collections"]), (&json!("Tea"), &json!(["Work"])));
            let at = made.head["location"].to_str().unwrap().to_owned();
            assert_eq!(rig.get(&at).await, item);
            rig.expect("PATCH", &at, json!({ "shift": { "minutes": 60 } }), 200).await;
            let edited = rig.expect("PATCH", &at, json!({ "title": "Coffee" }), 200).await;
            assert_eq!((&edited["title"], &edited["id"]), (&json!("Coffee"), &item["id"]));
            rig.expect("DELETE", &at, Value::Null, 204).await;
            rig.expect("GET", &at, Value::Null, 404).await;
            let told = rig.get("/outbox?to=guest@*&actor=user:alice*").await;
            let methods: Vec<_> =
                told["mails"].as_array().unwrap().iter().map(|it| &it["method"]).collect();
            assert_eq!(methods.first(), Some(&&json!("REQUEST")), "{server}");
            assert_eq!(methods.last(), Some(&&json!("CANCEL")), "{server}");
            let none = rig.get("/outbox?to=nobody@*").await;
            assert_eq!(none["count"], 0);
            let writes = rig.get("/journal/count?actor=user&kind=writes").await;
            assert_eq!(writes["writes"], 4, "{server}");
            let by_bob = rig.get(&format!("/journal/count?actor=user:{BOB}")).await;
            assert_eq!((&by_bob["writes"], &by_bob["requests"]), (&json!(0), &json!(0)));
        });
    }
}

#[test]
fn users_have_items_of_their_own() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        let event = |title: &str| json!({ "event": { "title": title, "start": "2026-05-04" } });
        rig.expect("POST", &items(BOB, "dav"), event("Bob's"), 201).await;
        rig.expect("POST", &items(ALICE, "dav"), event("Alice's"), 201).await;
        let found = rig.get(&(items(BOB, "dav") + "&title=*ob*")).await;
        assert_eq!((&found["count"], &found["items"][0]["title"]), (&json!(1), &json!("Bob's")));
        assert_eq!(rig.get(&(items(BOB, "dav") + "&title=*lice*")).await["count"], 0);
        assert_eq!(rig.get(&(items(BOB, "jmap"))).await["count"], 0);
        let actors = rig.get("/actors?server=dav").await;
        let events: Vec<_> =
            actors["actors"].as_array().unwrap().iter().map(|it| &it["events"]).collect();
        assert_eq!(events, [1, 1]);
        // On which of the two servers that have such a user?
        rig.expect("GET", &format!("/actors/{BOB}/items"), Value::Null, 400).await;
    });
}

#[test]
fn a_text_gives_all_that_is_in_it() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        let vcard = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nFN:Ada\r\nN:;Ada;;;\r\nEND:VCARD\r\n\
            BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c2\r\nFN:Bea\r\nN:;Bea;;;\r\nEND:VCARD\r\n";
        let made = rig.expect("POST", &items(ALICE, "dav"), json!({ "vcard": vcard }), 201).await;
        assert_eq!(made["items"].as_array().unwrap().len(), 2);
        let found =
            rig.get(&(items(ALICE, "dav") + "&kind=contact&collection=Contacts&uid=c2")).await;
        assert_eq!(found["items"][0]["title"], "Bea");
        let again = rig.expect("POST", &items(ALICE, "dav"), json!({ "vcard": vcard }), 409).await;
        assert!(again["detail"].as_str().unwrap().contains("c1"), "{again}");
        let twins = vcard.replace("UID:c1", "UID:c3").replace("UID:c2", "UID:c3");
        rig.expect("POST", &items(ALICE, "dav"), json!({ "vcard": twins }), 409).await;
        let broken = json!({ "icalendar": "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n" });
        let broken = rig.expect("POST", &items(ALICE, "dav"), broken, 400).await;
        assert!(broken["line"].is_u64() && broken["column"].is_u64(), "{broken}");
        let both = json!({ "vcard": vcard, "icalendar": "" });
        rig.expect("POST", &items(ALICE, "dav"), both, 400).await;
    });
}

#[test]
fn what_befalls_a_server_is_nobodys_write() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        let event = json!({ "event": { "title": "Tea", "start": "2026-05-04" } });
        let made = rig.expect("POST", &items(ALICE, "dav"), event, 201).await;
        let writes = rig.get("/journal/count").await;
        let befall = |what: Value| rig.post("/misfortune?server=dav", what);
        assert_eq!(befall(json!({ "lose": { "share": 1.0 } })).await["items"], 1);
        assert_eq!(rig.get(&items(ALICE, "dav")).await["count"], 0);
        assert_eq!(befall(json!("recover")).await["items"], 1);
        assert_eq!(rig.get(&items(ALICE, "dav")).await["items"][0]["id"], made["items"][0]["id"]);
        assert_eq!(befall(json!({ "drift-silent": { "share": 1.0 } })).await["items"], 1);
        assert_ne!(rig.get(&items(ALICE, "dav")).await["items"][0]["id"], made["items"][0]["id"]);
        assert_eq!(befall(json!("expire-tokens")).await["items"], 0);
        assert_eq!(rig.get("/journal/count").await, writes);
    });
}
