//! `ParticipantIdentity` (draft-ietf-jmap-calendars-27 section 3).

use serde_json::{Value, json};

use super::harness::simulated;

#[test]
fn there_is_one_from_the_beginning() {
    simulated(async |world| {
        let answer = world.ok("ParticipantIdentity/get", json!({})).await;
        let [first] = &answer["list"].as_array().unwrap()[..] else { panic!("{answer}") };
        assert_eq!(
            *first,
            json!({
                "id": first["id"], "name": "", "calendarAddress": "mailto:owner@example.com",
                "isDefault": true,
            })
        );
        let some = json!({ "ids": [first["id"], "nobody"], "properties": ["name"] });
        let some = world.ok("ParticipantIdentity/get", some).await;
        assert_eq!(some["list"], json!([{ "id": first["id"], "name": "" }]));
        assert_eq!(some["notFound"], json!(["nobody"]));
    });
}

#[test]
fn they_are_set_within_what_belongs_to_the_user() {
    simulated(async |world| {
        let before = world.ok("ParticipantIdentity/get", json!({})).await;
        let first = before["list"][0]["id"].as_str().unwrap().to_owned();
        let create = json!({ "create": {
            "a": { "name": "Boss", "calendarAddress": "MAILTO:Owner@example.com" },
            "b": { "calendarAddress": "mailto:guest@example.com" },
            "c": { "name": "x" },
            "d": { "calendarAddress": "mailto:owner@example.com", "isDefault": true },
            "e": { "calendarAddress": "mailto:owner@example.com", "color": "red" },
        }, "onSuccessSetIsDefault": "#a" });
        let answer = world.ok("ParticipantIdentity/set", create).await;
        assert_eq!(answer["created"]["a"]["isDefault"], false, "not all succeeded");
        let kind = |name: &str| answer["notCreated"][name]["type"].clone();
        assert_eq!(kind("b"), "forbidden");
        assert_eq!(answer["notCreated"]["c"]["properties"], json!(["calendarAddress"]));
        assert_eq!(answer["notCreated"]["d"]["properties"], json!(["isDefault"]));
        assert_eq!(answer["notCreated"]["e"]["properties"], json!(["color"]));
        let second = answer["created"]["a"]["id"].as_str().unwrap().to_owned();

        let update = json!({ "update": {
            second.as_str(): { "name": "The boss" },
            first.as_str(): { "calendarAddress": "mailto:other@example.com" },
        } });
        let answer = world.ok("ParticipantIdentity/set", update).await;
        assert_eq!(answer["updated"], json!({ second.as_str(): null }));
        assert_eq!(answer["notUpdated"][&first]["type"], "forbidden");
        let fixed = json!({ "update": { first.as_str(): { "isDefault": false } } });
        let answer = world.ok("ParticipantIdentity/set", fixed).await;
        assert_eq!(answer["notUpdated"][&first]["properties"], json!(["isDefault"]));

        let wish = json!({ "onSuccessSetIsDefault": second });
        let answer = world.ok("ParticipantIdentity/set", wish).await;
        let moved = json!({
            first.as_str(): { "isDefault": false }, second.as_str(): { "isDefault": true },
        });
        assert_eq!(answer["updated"], moved);
        let since = json!({ "sinceState": before["state"] });
        let changes = world.ok("ParticipantIdentity/changes", since).await;
        assert_eq!((&changes["created"], &changes["updated"]), (&json!([second]), &json!([first])));
        let gone = world.ok("ParticipantIdentity/set", json!({ "destroy": [first] })).await;
        assert_eq!(gone["destroyed"], json!([first]));
        assert_eq!(world.server.writes(1), vec![], "they are not what a user keeps");
        assert_eq!(answer["notCreated"], Value::Null);
    });
}
