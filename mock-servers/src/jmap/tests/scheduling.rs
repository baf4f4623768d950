//! Who is told: only when the request says so, by who is the origin.

use calamity_evidence::{Actor, Lineage, Method};
use serde_json::{Value, json};

use super::harness::{OWNER, World, simulated, simulated_as, source};
use crate::Edit;

fn with_guests(world: &World, uid: &str, guests: &[&str]) -> Value {
    let mut event = world.event(uid, "Party ~L0000000003");
    let person = |guest: &&str| {
        let id = guest.replace(['@', '.'], "-");
        (id, json!({ "calendarAddress": format!("mailto:{guest}"), "roles": { "attendee": true } }))
    };
    let mut people: serde_json::Map<String, Value> = guests.iter().map(person).collect();
    people.insert(
        "me".to_owned(),
        json!({
            "calendarAddress": format!("mailto:{OWNER}"), "roles": { "owner": true },
        }),
    );
    event["participants"] = Value::Object(people);
    event
}

/// (method, recipient) of the messages from a place on, sorted.
fn told(world: &World, from: usize) -> Vec<(Method, String)> {
    let mut told: Vec<_> =
        world.server.mails(from).into_iter().map(|mail| (mail.method, mail.to)).collect();
    told.sort();
    told
}

async fn set(world: &World, mut arguments: Value, send: Value) -> Value {
    arguments["sendSchedulingMessages"] = send;
    world.ok("CalendarEvent/set", arguments).await
}

fn to(method: Method, names: &[&str]) -> Vec<(Method, String)> {
    names.iter().map(|name| (method, format!("{name}@x.org"))).collect()
}

#[test]
fn nobody_is_told_unless_the_request_says_so() {
    simulated(async |world| {
        for (n, send) in [Value::Null, json!(false)].into_iter().enumerate() {
            let create =
                json!({ "create": { "n": with_guests(&world, &format!("u{n}"), &["a@x.org"]) } });
            let made = set(&world, create, send.clone()).await["created"]["n"]["id"].clone();
            let id = made.as_str().unwrap();
            set(&world, json!({ "update": { id: { "title": "y" } } }), send.clone()).await;
            set(&world, json!({ "destroy": [id] }), send).await;
        }
        assert_eq!(world.server.mails(0), vec![]);
    });
}

#[test]
fn the_organizers_server_invites_updates_and_cancels() {
    simulated(async |world| {
        let create =
            json!({ "create": { "n": with_guests(&world, "u", &["a@x.org", "B@x.org"]) } });
        let made = set(&world, create, json!(true)).await["created"]["n"]["id"].clone();
        let id = made.as_str().unwrap();
        assert_eq!(told(&world, 0), to(Method::Request, &["a", "b"]));
        let mail = &world.server.mails(0)[0];
        let cause = &world.server.writes(0)[mail.cause.0 as usize];
        assert_eq!((cause.item.as_str(), cause.attendees.len()), (id, 2));
        assert_eq!((mail.from.as_str(), mail.title.as_str(), mail.sequence), (OWNER, "Party", 0));
        assert_eq!(mail.lineage.as_ref().unwrap().as_str(), "~L0000000003");
        assert!(matches!(mail.actor, Actor::Client(_)));

        let step = async |patch: Value| {
            let from = world.server.mails(0).len();
            let answer = set(&world, json!({ "update": { id: patch } }), json!(true)).await;
            assert_eq!(answer["notUpdated"], Value::Null);
            told(&world, from)
        };
        assert_eq!(step(json!({ "color": "red" })).await, [], "a per-user property");
        assert_eq!(step(json!({ "title": "y" })).await, to(Method::Request, &["a", "b"]));
        assert_eq!(world.server.mails(0).last().unwrap().sequence, 1);
        let mut expected = to(Method::Request, &["a"]);
        expected.extend(to(Method::Cancel, &["b"]));
        assert_eq!(step(json!({ "participants/B-x-org": null })).await, expected);
        let rule = json!({ "frequency": "weekly", "count": 5 });
        assert_eq!(step(json!({ "recurrenceRule": rule })).await, to(Method::Request, &["a"]));
        let exclude =
            json!({ "recurrenceOverrides": { "2026-05-11T09:00:00": { "excluded": true } } });
        assert_eq!(step(exclude).await, to(Method::Cancel, &["a"]), "only one occurrence is off");
        let retitle = json!({ "recurrenceOverrides/2026-05-18T09:00:00": { "title": "z" } });
        assert_eq!(step(retitle).await, to(Method::Request, &["a"]));

        let from = world.server.mails(0).len();
        set(&world, json!({ "destroy": [id] }), json!(true)).await;
        assert_eq!(told(&world, from), to(Method::Cancel, &["a"]));
    });
}

#[test]
fn a_draft_is_nobodys_business_until_it_is_sent() {
    simulated(async |world| {
        let mut event = with_guests(&world, "u", &["a@x.org"]);
        event["isDraft"] = json!(true);
        let made = set(&world, json!({ "create": { "n": event } }), json!(true)).await;
        let id = made["created"]["n"]["id"].as_str().unwrap();
        set(&world, json!({ "update": { id: { "title": "y" } } }), json!(true)).await;
        assert_eq!(world.server.mails(0), vec![]);
        set(&world, json!({ "update": { id: { "isDraft": false } } }), json!(true)).await;
        assert_eq!(told(&world, 0), to(Method::Request, &["a"]));
    });
}

#[test]
fn a_guests_server_replies_and_says_nothing_else() {
    simulated(async |world| {
        let more = "ORGANIZER:mailto:boss@x.org\r\n\
                    ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:owner@example.com\r\n\
                    ATTENDEE:mailto:other@x.org\r\n";
        let lineage = Lineage::from_number(1);
        let id =
            world.server.create(Actor::Seed, "Work", &source("u", "t", more), &lineage).unwrap();
        let shown = world.shown(&id).await;
        assert_eq!(shown["isOrigin"], false);
        let people = shown["participants"].as_object().unwrap();
        let mine = people
            .iter()
            .find(|(_, person)| person["calendarAddress"] == "mailto:owner@example.com");
        let status = format!("participants/{}/participationStatus", mine.unwrap().0);
        let step = async |patch: Value| {
            let from = world.server.mails(0).len();
            set(&world, json!({ "update": { &id: patch } }), json!(true)).await;
            told(&world, from)
        };
        let updated = shown["updated"].clone();
        assert_eq!(step(json!({ "title": "y" })).await, []);
        let shown = world.shown(&id).await;
        assert_eq!((&shown["updated"], shown.get("sequence")), (&updated, None), "not the origin");
        assert_eq!(step(json!({ &status: "accepted" })).await, to(Method::Reply, &["boss"]));
        assert_eq!(step(json!({ "color": "red" })).await, []);
        assert_eq!(step(json!({ &status: "needs-action" })).await, []);
        assert_eq!(step(json!({ &status: "declined" })).await, to(Method::Reply, &["boss"]));
        let from = world.server.mails(0).len();
        set(&world, json!({ "destroy": [id] }), json!(true)).await;
        assert_eq!(told(&world, from), to(Method::Reply, &["boss"]));
    });
}

#[test]
fn a_guest_who_cannot_be_reached_refuses_the_change() {
    simulated(async |world| {
        let mut event = with_guests(&world, "u", &["a@x.org"]);
        event["participants"]["q"] = json!({ "calendarAddress": "tel:+49-1", "roles": {} });
        let create = json!({ "create": { "n": event } });
        let answer = set(&world, create.clone(), json!(true)).await;
        assert_eq!(answer["notCreated"]["n"]["type"], "noSupportedScheduleMethods");
        assert_eq!(set(&world, create, json!(false)).await["notCreated"], Value::Null);
        assert_eq!(world.server.mails(0), vec![]);
    });
}

#[test]
fn profiles_make_something_else_of_the_marker() {
    for (variant, unsaid, silent) in
        [("honours-marker", 0, 0), ("ignores-marker", 1, 1), ("notifies-by-default", 1, 0)]
    {
        simulated_as(&format!("stalwart+{variant}"), async |world| {
            let create = |uid| json!({ "create": { "n": with_guests(&world, uid, &["a@x.org"]) } });
            world.ok("CalendarEvent/set", create("u")).await;
            assert_eq!(world.server.mails(0).len(), unsaid, "{variant}");
            set(&world, create("v"), json!(false)).await;
            assert_eq!(world.server.mails(unsaid).len(), silent, "{variant}");
        });
    }
    simulated_as("strict+rejects-marker", async |world| {
        let create = json!({ "create": {}, "sendSchedulingMessages": false });
        assert_eq!(world.err("CalendarEvent/set", create).await, "invalidArguments");
    });
}

#[test]
fn users_tell_people_and_seeding_does_not() {
    simulated(async |world| {
        let lineage = Lineage::from_number(5);
        let event = source("u", "t", "ATTENDEE:mailto:a@x.org\r\n");
        world.server.create(Actor::Seed, "Work", &event, &lineage).unwrap();
        assert_eq!(world.server.mails(0), vec![]);
        let user = || Actor::User("story".to_owned());
        let edits = [
            (Edit::Title("New".to_owned()), to(Method::Request, &["a"])),
            (Edit::Invite(vec!["b@x.org".to_owned()]), to(Method::Request, &["a", "b"])),
        ];
        for (edit, expected) in edits {
            let from = world.server.mails(0).len();
            world.server.edit(user(), &lineage, &edit).unwrap();
            assert_eq!(told(&world, from), expected);
        }
        let from = world.server.mails(0).len();
        world.server.delete(user(), &lineage).unwrap();
        assert_eq!(told(&world, from), to(Method::Cancel, &["a", "b"]));
        assert_eq!(world.server.mails(from)[0].actor, user());
    });
}
