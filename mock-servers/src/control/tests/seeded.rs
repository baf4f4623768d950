//! Servers are filled: made-up worlds that follow from the seed, and files.

use std::io;
use std::path::Path;

use calamity_base::Sim;
use serde_json::{Value, json};

use super::rig::{ALICE, BOB, Rig, config, no_files};
use crate::control::{Error, Fleet, Found, Given};

fn world(seed: u64, protocol: &str) -> Value {
    let user = |address: &str, events: u64| {
        let guests = if events > 5 { json!("1..6") } else { json!(0) };
        json!({ "address": address, "password": address, "calendars": [
            { "name": "Work", "events": events, "attendees": guests },
            { "name": "Private", "events": 3 },
        ]})
    };
    let users = json!([user(ALICE, 30), user(BOB, 4)]);
    json!({ "seed": seed, "servers": [
        { "name": "one", "protocol": protocol, "listen": "mock.test:0", "users": users },
    ]})
}

async fn items(rig: &Rig, user: &str, query: &str) -> Vec<Value> {
    let found = rig.get(&format!("/actors/{user}/items?{query}")).await;
    found["items"].as_array().unwrap().clone()
}

#[test]
fn a_world_follows_from_its_seed_and_has_what_was_asked_for() {
    for protocol in ["jmap", "graph", "dav"] {
        let made = |seed: u64| {
            Sim::run(1, async |sim| {
                let rig = Rig::new(&sim.process("mock"), &config(world(seed, protocol)));
                let work = items(&rig, ALICE, "collection=Work").await;
                assert_eq!(work.len(), 30, "{protocol}");
                assert_eq!(items(&rig, ALICE, "collection=Private").await.len(), 3);
                assert_eq!(items(&rig, BOB, "").await.len(), 7);
                assert_eq!(rig.get("/outbox").await["count"], 0, "nobody was told");
                let marked = work.iter().any(|it| it["title"].as_str().unwrap().contains("~L"));
                assert!(!marked, "titles are as users write them");
                work
            })
        };
        let first = made(7);
        assert_eq!(made(7), first, "{protocol}");
        assert_ne!(made(8), first, "{protocol}");
    }
}

#[test]
fn there_are_as_many_contacts_as_were_asked_for_on_every_server() {
    for protocol in ["jmap", "graph", "dav"] {
        Sim::run(1, async |sim| {
            let mut world = world(7, protocol);
            world["servers"][0]["users"][0]["address-books"] =
                json!([{ "name": "People", "contacts": 25 }]);
            let rig = Rig::new(&sim.process("mock"), &config(world));
            assert_eq!(items(&rig, ALICE, "kind=contact").await.len(), 25, "{protocol}");
        });
    }
}

#[test]
fn more_users_and_calendars_change_no_other_one() {
    let titles = |more: bool| {
        Sim::run(1, async |sim| {
            let mut world = world(7, "dav");
            if more {
                let users = world["servers"][0]["users"].as_array_mut().unwrap();
                users[0]["calendars"]
                    .as_array_mut()
                    .unwrap()
                    .insert(0, json!({ "name": "New", "events": 9 }));
            }
            let rig = Rig::new(&sim.process("mock"), &config(world));
            items(&rig, ALICE, "collection=Work")
                .await
                .into_iter()
                .map(|it| it["uid"].clone())
                .collect::<Vec<_>>()
        })
    };
    let sorted = |more| {
        let mut uids: Vec<String> = titles(more).iter().map(Value::to_string).collect();
        uids.sort();
        uids
    };
    assert_eq!(sorted(true), sorted(false));
}

const EVENTS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n\
    BEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\n\
    BEGIN:VEVENT\r\nUID:e1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\nSUMMARY:Tea\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:e2\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\n\
    RRULE:FREQ=HOURLY;COUNT=3\r\nSUMMARY:Hourly\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
const CARDS: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nFN:Ada\r\nN:;Ada;;;\r\nEND:VCARD\r\n\
    BEGIN:VCARD\r\nVERSION:3.0\r\nUID:c1\r\nFN:Ada again\r\nN:;Ada;;;\r\nEND:VCARD\r\n";

fn files(path: &Path) -> io::Result<Found> {
    let text = match path.to_str() {
        Some("work.ics" | "all/b.ICS") => EVENTS,
        Some("people.vcf" | "all/a.vcf") => CARDS,
        Some("broken.ics") => "hello\r\n",
        Some("all/") => {
            let names = ["c.ics", "b.ICS", "a.vcf", "notes.txt"];
            return Ok(Found::Folder(names.map(str::to_owned).into()));
        }
        Some("all/c.ics") => {
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:c\r\n\
             DTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\nSUMMARY:C\r\nEND:VEVENT\r\n\
             END:VCALENDAR\r\n"
        }
        Some("none/") => return Ok(Found::Folder(vec!["a.vcf".to_owned()])),
        _ => return Err(io::ErrorKind::NotFound.into()),
    };
    Ok(Found::File(text.into()))
}

fn importing(protocol: &str, file: &str) -> Value {
    json!({ "servers": [{ "name": "one", "protocol": protocol, "users": [{
        "address": ALICE, "password": "a", "calendars": [{ "name": "Work", "import": [file] }],
    }]}]})
}

#[test]
fn files_are_taken_and_what_is_passed_over_has_its_line() {
    Sim::run(1, async |sim| {
        let env = sim.process("mock");
        let mut with_cards = importing("dav", "work.ics");
        with_cards["servers"][0]["users"][0]["address-books"] =
            json!([{ "name": "People", "import": ["people.vcf"] }]);
        let (_, imports) = Fleet::new(&env, &config(with_cards), &Given::files(&files)).unwrap();
        let told: Vec<(&str, u64, Vec<u64>)> = imports
            .iter()
            .map(|it| (it.file.as_str(), it.items, it.skipped.iter().map(|it| it.line).collect()))
            .collect();
        assert_eq!(told, [("work.ics", 2, vec![4]), ("people.vcf", 1, vec![7])]);
        // Graph cannot say it, which is told at its line.
        let (_, imports) =
            Fleet::new(&env, &config(importing("graph", "work.ics")), &Given::files(&files))
                .unwrap();
        assert_eq!(imports[0].items, 1);
        let skipped = imports[0].skipped.last().unwrap();
        assert_eq!((skipped.line, skipped.uid.as_deref()), (13, Some("e2")));
        assert!(skipped.reason.starts_with("graph cannot express it: RRULE"), "{}", skipped.reason);
    });
}

#[test]
fn a_folder_gives_all_its_files_on_every_server() {
    for protocol in ["jmap", "graph", "dav"] {
        Sim::run(1, async |sim| {
            let mut all = importing(protocol, "all/");
            all["servers"][0]["users"][0]["address-books"] =
                json!([{ "name": "People", "import": ["all/"] }]);
            let env = sim.process("mock");
            let (fleet, imports) = Fleet::new(&env, &config(all), &Given::files(&files)).unwrap();
            let told: Vec<&str> = imports.iter().map(|it| it.file.as_str()).collect();
            assert_eq!(told, ["all/b.ICS", "all/c.ics", "all/a.vcf"], "{protocol}");
            let rig = Rig::of(fleet);
            let of = async |kind: &str| items(&rig, ALICE, &format!("kind={kind}")).await.len();
            let events = if protocol == "graph" { 2 } else { 3 };
            assert_eq!((of("event").await, of("contact").await), (events, 1), "{protocol}");
        });
    }
}

#[test]
fn files_that_cannot_be_used_are_named_with_place_and_way_out() {
    Sim::run(1, async |sim| {
        let env = sim.process("mock");
        let error = |value: Value| {
            Fleet::new(&env, &config(value), &Given::files(&files)).unwrap_err().to_string()
        };
        let missing = error(importing("dav", "none.ics"));
        assert!(
            missing.starts_with("cannot read none.ics, which server `one` names: "),
            "{missing}"
        );
        let empty = error(importing("dav", "none/"));
        assert!(empty.contains("it holds 0 files that end in .ics"), "{empty}");
        let broken = error(importing("dav", "broken.ics"));
        assert!(broken.starts_with("broken.ics: line 1, column 1: "), "{broken}");
        assert!(broken.contains("iCalendar events"), "{broken}");
        let unknown = json!({ "servers": [{ "name": "x", "protocol": "dav", "tls": { "cert": "a", "key": "b" },
            "users": [{ "address": ALICE, "password": "a" }] }]});
        let config = config(unknown);
        let failed =
            crate::control::run(&env, &config, &Given::files(&no_files)).await.unwrap_err();
        assert!(matches!(&failed, Error::File { path, .. } if path == "a"), "{failed}");
    });
}
