//! `CalendarEventNotification` (draft-ietf-jmap-calendars-27 section 7), by what other users do and
//! by messages between the users of the server.

use serde_json::{Value, json};

use super::harness::{GUEST, OWNER, World, simulated_with_guest};

async fn notes(world: &World) -> Vec<Value> {
    let query = json!({ "sort": [{ "property": "created" }] });
    let ids = world.ok("CalendarEventNotification/query", query).await["ids"].clone();
    let list = world.ok("CalendarEventNotification/get", json!({ "ids": ids })).await;
    list["list"].as_array().unwrap().clone()
}

async fn set_for(world: &World, owner: &World, mut arguments: Value) -> Value {
    arguments["accountId"] = json!(owner.account);
    world.calls(json!([["CalendarEvent/set", arguments, "0"]])).await[0][1].clone()
}

#[test]
fn what_another_user_does_is_noted() {
    simulated_with_guest("strict+shared-accounts", async |owner, guest| {
        let own = owner.made(owner.event("own", "Own")).await;
        assert_eq!(notes(&owner).await, Vec::<Value>::new(), "the user's own changes are not");
        let create = json!({ "create": { "c": owner.event("u", "Plan") } });
        let id = set_for(&guest, &owner, create).await["created"]["c"]["id"].clone();
        let id = id.as_str().unwrap().to_owned();
        let patch = json!({ "title": "New", "description": "x", "participants": null });
        set_for(&guest, &owner, json!({ "update": { id.as_str(): patch } })).await;
        set_for(&guest, &owner, json!({ "destroy": [id, own] })).await;
        let all = notes(&owner).await;
        let kinds: Vec<&Value> = all.iter().map(|note| &note["type"]).collect();
        assert_eq!(kinds, ["created", "updated", "destroyed", "destroyed"]);
        let [made, changed, gone, _] = &all[..] else { panic!() };
        assert_eq!(
            made["changedBy"],
            json!({
                "name": "guest", "email": GUEST, "principalId": null,
                "calendarAddress": format!("mailto:{GUEST}"),
            })
        );
        assert_eq!((&made["calendarEventId"], &made["isDraft"]), (&json!(id), &json!(false)));
        assert_eq!((&made["event"]["title"], &made["comment"]), (&json!("Plan"), &Value::Null));
        assert_eq!(
            (&changed["event"]["title"], &changed["eventPatch"]["title"]),
            (&json!("Plan"), &json!("New"))
        );
        assert_eq!(changed["eventPatch"]["sequence"], 1);
        assert_eq!((&gone["event"]["title"], gone.get("isDraft")), (&json!("New"), None));
        assert_eq!(notes(&guest).await, Vec::<Value>::new());
        let logged = owner.server.writes(0).into_iter().filter(|write| write.uid == "u").count();
        assert_eq!(logged, 3, "a note is no write");
    });
}

#[test]
fn they_are_queried_and_destroyed_and_nothing_else() {
    simulated_with_guest("strict+shared-accounts", async |owner, guest| {
        let before = owner.ok("CalendarEventNotification/query", json!({})).await;
        let state =
            owner.ok("CalendarEventNotification/get", json!({ "ids": [] })).await["state"].clone();
        for uid in ["a", "b", "c"] {
            let create = json!({ "create": { "c": owner.event(uid, uid) } });
            set_for(&guest, &owner, create).await;
        }
        let all = notes(&owner).await;
        let id = |nth: usize| all[nth]["id"].clone();
        let event = all[1]["calendarEventId"].clone();
        let query = async |filter: Value| {
            owner.ok("CalendarEventNotification/query", json!({ "filter": filter })).await["ids"]
                .clone()
        };
        assert_eq!(
            query(json!({ "calendarEventIds": [event], "after": null })).await,
            json!([id(1)])
        );
        assert_eq!(query(json!({ "type": "destroyed" })).await, json!([]));
        assert_eq!(query(json!({ "before": all[0]["created"] })).await, json!([]));
        assert_eq!(query(json!({ "after": all[0]["created"] })).await.as_array().unwrap().len(), 3);
        let wrong = json!({ "filter": { "before": 1 } });
        assert_eq!(owner.err("CalendarEventNotification/query", wrong).await, "invalidArguments");
        let wrong = json!({ "sort": [{ "property": "type" }] });
        assert_eq!(owner.err("CalendarEventNotification/query", wrong).await, "unsupportedSort");

        let since = json!({ "sinceQueryState": before["queryState"], "upToId": id(1) });
        let changes = owner.ok("CalendarEventNotification/queryChanges", since).await;
        assert_eq!(
            changes["added"],
            json!([{ "id": id(0), "index": 0 }, { "id": id(1), "index": 1 }])
        );

        let nobody =
            json!({ "create": { "c": {} }, "update": { id(0).as_str().unwrap(): {}, "x": {} } });
        let answer = owner.ok("CalendarEventNotification/set", nobody).await;
        assert_eq!(answer["notCreated"]["c"]["type"], "forbidden");
        assert_eq!(answer["notUpdated"][id(0).as_str().unwrap()]["type"], "forbidden");
        assert_eq!(answer["notUpdated"]["x"]["type"], "notFound");
        let destroy = json!({ "destroy": [id(0), "x"] });
        let answer = owner.ok("CalendarEventNotification/set", destroy).await;
        assert_eq!(
            (&answer["destroyed"], &answer["notDestroyed"]["x"]["type"]),
            (&json!([id(0)]), &json!("notFound"))
        );
        let changes =
            owner.ok("CalendarEventNotification/changes", json!({ "sinceState": state })).await;
        assert_eq!(changes["created"].as_array().unwrap().len(), 2);
    });
}

fn invitation(world: &World) -> Value {
    let mut event = world.event("u", "Plan");
    event["participants"] = json!({
        "o": { "calendarAddress": format!("mailto:{OWNER}"), "roles": { "owner": true, "attendee": true }, "participationStatus": "accepted" },
        "g": { "calendarAddress": format!("mailto:{GUEST}"), "roles": { "attendee": true }, "participationStatus": "needs-action" },
    });
    event
}

async fn set(world: &World, mut arguments: Value) -> Value {
    arguments["sendSchedulingMessages"] = json!(true);
    world.ok("CalendarEvent/set", arguments).await
}

async fn only_event(world: &World) -> Value {
    let list = world.ok("CalendarEvent/get", json!({})).await["list"].clone();
    assert_eq!(list.as_array().unwrap().len(), 1, "{list}");
    list[0].clone()
}

#[test]
fn messages_between_users_change_their_events() {
    simulated_with_guest("strict", async |owner, guest| {
        let silent = json!({ "create": { "c": invitation(&owner) } });
        let id = owner.ok("CalendarEvent/set", silent).await["created"]["c"]["id"].clone();
        let id = id.as_str().unwrap().to_owned();
        assert_eq!(
            guest.ok("CalendarEvent/get", json!({})).await["list"],
            json!([]),
            "nobody was told"
        );
        set(&owner, json!({ "update": { id.as_str(): { "title": "Party" } } })).await;
        let copy = only_event(&guest).await;
        assert_eq!(
            (&copy["title"], &copy["uid"], &copy["isOrigin"]),
            (&json!("Party"), &json!("u"), &json!(false))
        );
        assert_eq!(copy["calendarIds"], json!({ guest.work.as_str(): true }));
        let own_id = copy["id"].as_str().unwrap().to_owned();
        let note = notes(&guest).await.remove(0);
        assert_eq!(
            (&note["type"], &note["changedBy"]["email"]),
            (&json!("created"), &json!(OWNER))
        );
        let mails = owner.server.mails(0);
        assert_eq!(mails.len(), 1, "the outbox shows it all the same");

        let answer = json!({ "color": "red", "participants/g/participationStatus": "accepted" });
        set(&guest, json!({ "update": { own_id.as_str(): answer } })).await;
        let theirs = owner.shown(&id).await;
        assert_eq!(theirs["participants"]["g"]["participationStatus"], "accepted");
        assert_eq!(theirs.get("color"), None, "only the answer is told");
        let note = notes(&owner).await.remove(0);
        assert_eq!(note["eventPatch"]["participants/g"]["participationStatus"], "accepted");
        assert_eq!(note["calendarEventId"], json!(id));

        set(
            &owner,
            json!({ "update": { id.as_str(): { "location": null, "title": "Big party" } } }),
        )
        .await;
        let copy = only_event(&guest).await;
        assert_eq!((&copy["title"], &copy["color"]), (&json!("Big party"), &json!("red")));
        set(&owner, json!({ "destroy": [id] })).await;
        assert_eq!(only_event(&guest).await["status"], "cancelled");
        let kinds: Vec<Value> =
            notes(&guest).await.iter().map(|note| note["type"].clone()).collect();
        assert_eq!(kinds, ["created", "updated", "updated"]);
    });
}

#[test]
fn a_guest_who_deletes_has_declined() {
    simulated_with_guest("strict", async |owner, guest| {
        let made = set(&owner, json!({ "create": { "c": invitation(&owner) } })).await;
        let id = made["created"]["c"]["id"].as_str().unwrap().to_owned();
        let copy = only_event(&guest).await["id"].as_str().unwrap().to_owned();
        let yes = json!({ "participants/g/participationStatus": "accepted" });
        set(&guest, json!({ "update": { copy.as_str(): yes } })).await;
        set(&guest, json!({ "destroy": [copy] })).await;
        let theirs = owner.shown(&id).await;
        assert_eq!(theirs["participants"]["g"]["participationStatus"], "declined");
        let removed = json!({ "update": { id.as_str(): { "participants/g": null } } });
        set(&owner, removed).await;
        assert_eq!(guest.ok("CalendarEvent/get", json!({})).await["list"], json!([]));
    });
}
