//! What users and the harness do to a server, and keeping and putting back its state.

use calamity_evidence::{Actor, Lineage, WriteOp};
use serde_json::json;

use super::harness::{config, simulated, source};
use crate::{Edit, NoSuchItem, Server};

fn user() -> Actor {
    Actor::User("story-1".to_owned())
}

#[test]
fn edits_keep_the_token_and_are_logged() {
    simulated(async |world| {
        let lineage = Lineage::from_number(9);
        let event = source(
            "u",
            "Plan",
            "RRULE:FREQ=DAILY;UNTIL=20260510T070000Z\r\nEXDATE;TZID=Europe/Berlin:20260506T090000\r\n",
        );
        world.server.create(Actor::Seed, "Work", &event, &lineage).unwrap();
        let edits = [
            Edit::Title("New plan".to_owned()),
            Edit::Description("Bring\n  cake".to_owned()),
            Edit::Location("Room 1".to_owned()),
            Edit::CancelOccurrence { nth: 3 },
            Edit::RetitleOccurrence { nth: 1, title: "Special".to_owned() },
            Edit::Shift { minutes: -90 },
        ];
        for edit in &edits {
            world.server.edit(user(), &lineage, edit).unwrap();
        }
        let item = world.server.items().remove(0);
        let facts = item.facts;
        assert_eq!(facts.title, "New plan ~L0000000009");
        assert_eq!((facts.description.as_str(), facts.location.as_str()), ("Bring cake", "Room 1"));
        assert_eq!(facts.start, "2026-05-04T05:30:00Z");
        assert_eq!(facts.rule, "FREQ=DAILY;INTERVAL=1;UNTIL=2026-05-10");
        assert_eq!(
            facts.excluded.into_iter().collect::<Vec<_>>(),
            ["2026-05-06T05:30:00Z", "2026-05-07T05:30:00Z"]
        );
        let special = facts.exceptions.get("2026-05-05T05:30:00Z").unwrap();
        assert_eq!(special, "Special ~L0000000009|2026-05-05T05:30:00Z|2026-05-05T06:30:00Z");
        assert_eq!(item.body["sequence"], 6);
        let log = world.server.writes(2);
        assert_eq!(log.len(), 6);
        assert!(log.iter().all(|write| write.actor == user() && write.op == WriteOp::Update));
        assert!(log.iter().all(|write| write.lineage.as_ref() == Some(&lineage)));
    });
}

#[test]
fn an_all_day_event_moves_by_whole_days() {
    simulated(async |world| {
        let lineage = Lineage::from_number(9);
        let text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\n\
                    DTSTAMP:20260101T000000Z\r\nSUMMARY:Trip\r\nDTSTART;VALUE=DATE:20260504\r\n\
                    DTEND;VALUE=DATE:20260506\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
        let event = crate::world::read(text.as_bytes()).unwrap().events.remove(0);
        world.server.create(Actor::Seed, "Work", &event, &lineage).unwrap();
        let span = || {
            let facts = world.server.items().remove(0).facts;
            assert!(facts.all_day);
            (facts.start, facts.end)
        };
        assert_eq!(span(), ("2026-05-04".to_owned(), "2026-05-06".to_owned()));
        world.server.edit(user(), &lineage, &Edit::Shift { minutes: 30 }).unwrap();
        assert_eq!(span(), ("2026-05-05".to_owned(), "2026-05-07".to_owned()));
        world.server.edit(user(), &lineage, &Edit::Shift { minutes: -1441 }).unwrap();
        assert_eq!(span(), ("2026-05-03".to_owned(), "2026-05-05".to_owned()));
    });
}

#[test]
fn what_is_not_there_cannot_be_edited() {
    simulated(async |world| {
        world.seed(1);
        let (here, gone) = (Lineage::from_number(0), Lineage::from_number(1));
        let title = Edit::Title("x".to_owned());
        let missing = Err(NoSuchItem::Item { lineage: gone.clone() });
        assert_eq!(world.server.edit(user(), &gone, &title), missing);
        assert_eq!(world.server.delete(user(), &gone), missing);
        let occurrence = Edit::CancelOccurrence { nth: 2 };
        let none = Err(NoSuchItem::Occurrence { nth: 2 });
        assert_eq!(world.server.edit(user(), &here, &occurrence), none);
        assert_eq!(world.server.writes(2), vec![], "nothing was attempted");
    });
}

#[test]
fn a_snapshot_puts_everything_back() {
    simulated(async |world| {
        world.seed(2);
        let kept = world.server.snapshot();
        let (items, state) = (world.server.items(), world.state().await);
        let [writes, requests] = [world.server.writes(0).len(), world.server.requests(0).len() - 1];
        world.made(world.event("u", "x")).await;
        world.server.delete(user(), &Lineage::from_number(0)).unwrap();
        world.server.restore(&kept);
        assert_eq!(world.server.items(), items);
        assert_eq!(world.server.writes(0).len(), writes);
        assert_eq!(world.server.requests(0).len(), requests);
        assert_eq!(world.state().await, state);

        let twin = Server::new(&world.env, config("strict")).unwrap();
        twin.restore(&kept);
        assert_eq!(twin.items(), items);
        let first = world.made(world.event("u", "x")).await;
        world.server.restore(&kept);
        assert_eq!(
            world.made(world.event("u", "x")).await,
            first,
            "ids are a function of the state"
        );
    });
}

#[test]
fn ids_depend_on_uids_and_not_on_order() {
    simulated(async |world| {
        let first = world.seed(3);
        let other = Server::new(&world.env, config("strict")).unwrap();
        for number in [2, 0, 1] {
            let event = source(&format!("uid-{number}"), "x", "");
            let id = other.create(Actor::Seed, "Work", &event, &Lineage::from_number(number));
            assert_eq!(id.unwrap(), first[number as usize]);
        }
        other.delete(user(), &Lineage::from_number(1)).unwrap();
        let event = source("uid-1", "x", "");
        let again = other.create(Actor::Seed, "Work", &event, &Lineage::from_number(1)).unwrap();
        assert_ne!(again, first[1], "a new item is a new item");
    });
}

#[test]
fn a_client_and_a_user_see_one_state() {
    simulated(async |world| {
        let lineage = Lineage::from_number(4);
        let id = world.made(world.event("u", &lineage.mark("Client's"))).await;
        world.server.edit(user(), &lineage, &Edit::Title("User's".to_owned())).unwrap();
        assert_eq!(world.shown(&id).await["title"], "User's ~L0000000004");
        world.patched(&id, json!({ "title": "without token" })).await;
        let gone = world.server.edit(user(), &lineage, &Edit::Title("x".to_owned()));
        assert_eq!(gone, Err(NoSuchItem::Item { lineage }));
    });
}

#[test]
fn what_a_server_holds_can_be_changed_even_if_a_client_could_not_have_written_it() {
    simulated(async |world| {
        let lineage = Lineage::from_number(4);
        let event = source("u", "x", "ORGANIZER;EMAIL=boss@x.org:/principals/boss\r\n");
        let id = world.server.create(Actor::Seed, "Work", &event, &lineage).unwrap();
        let address = world.shown(&id).await["organizerCalendarAddress"].clone();
        assert_eq!(address, "/principals/boss");
        assert_eq!(world.patched(&id, json!({ "title": "y" })).await, json!(null));
        let other = json!({ "organizerCalendarAddress": "/principals/other" });
        assert_eq!(world.patched(&id, other).await["type"], "invalidProperties");
    });
}
