//! Open extensions.

use http::Method;
use serde_json::{Value, json};

use super::rig::{and, run, timed, weekly};

fn extension(name: &str) -> Value {
    json!({
        "@odata.type": "microsoft.graph.openTypeExtension", "extensionName": name,
        "companyName": "Wingtip Toys", "dealValue": 10000, "tags": ["a", "b"],
    })
}

const ID: &str = "Microsoft.OutlookServices.OpenTypeExtension.Com.Contoso.Referral";

#[test]
fn an_extension_is_made_read_replaced_and_deleted() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let event = rig.event(&calendar, &timed("x", 4, 9)).await;
        let contact = rig.post("/me/contacts", &json!({ "displayName": "x" })).await.id();
        for owner in [format!("/me/events/{event}"), format!("/me/contacts/{contact}")] {
            let target = format!("{owner}/extensions");
            let made = rig.post(&target, &extension("Com.Contoso.Referral")).await;
            assert_eq!((made.status, made.id().as_str()), (201, ID));
            assert_eq!(made.body["tags"], json!(["a", "b"]));
            let twice = rig.post(&target, &extension("Com.Contoso.Referral")).await;
            assert_eq!((twice.status, twice.code()), (409, "Conflict"));
            for name in ["Com.Contoso.Referral", ID] {
                assert_eq!(rig.get(&format!("{target}/{name}")).await.body["dealValue"], 10000);
            }
            let one = format!("{target}/{ID}");
            let changed = rig.patch(&one, &json!({ "dealValue": 7 })).await;
            assert_eq!((changed.status, &changed.body["dealValue"]), (200, &json!(7)));
            assert_eq!(changed.body.get("companyName"), None, "it is replaced whole");
            assert_eq!(rig.get(&target).await.column("id"), [ID]);
            assert_eq!(rig.delete(&one).await.status, 204);
            assert_eq!(rig.get(&one).await.code(), "ErrorItemNotFound");
        }
        assert_eq!(rig.server.mails(0), []);
    });
}

#[test]
fn extensions_come_with_a_new_item_and_are_expanded_and_filtered_by() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        rig.event(&calendar, &timed("without", 4, 9)).await;
        let body =
            and(timed("with", 4, 9), json!({ "extensions": [extension("A"), extension("B")] }));
        let made = rig.post("/me/events", &body).await;
        assert_eq!(made.body["extensions"].as_array().map(Vec::len), Some(2));
        let target = format!("/me/events/{}", made.id());
        assert_eq!(rig.get(&target).await.body.get("extensions"), None);
        let all = rig.get(&format!("{target}?$expand=extensions")).await;
        assert_eq!(all.body["extensions"].as_array().map(Vec::len), Some(2));
        let one = rig.get(&format!("{target}?$expand=extensions($filter=id%20eq%20'B')")).await;
        assert_eq!(one.body["extensions"][0]["extensionName"], "B");
        let found = rig.get("/me/events?$filter=Extensions/any(f:f/id%20eq%20'A')").await;
        assert_eq!(found.column("subject"), ["with"]);
        let contact = json!({ "displayName": "x", "extensions": [extension("A")] });
        let made = rig.post("/me/contacts", &contact).await;
        assert_eq!(made.body["extensions"][0]["extensionName"], "A");
        let found = rig.get("/me/contacts?$filter=extensions/any(f:f/id%20eq%20'A')").await;
        assert_eq!(found.rows().len(), 1);
    });
}

#[test]
fn an_instance_has_extensions_of_its_own() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = rig.event(&calendar, &weekly("x")).await;
        rig.post(&format!("/me/events/{id}/extensions"), &extension("Master")).await;
        let window = "startDateTime=2026-05-01&endDateTime=2026-07-01";
        let rows = rig.get(&format!("/me/events/{id}/instances?{window}")).await;
        let instance = rows.rows()[1]["id"].as_str().expect("an id").to_owned();
        let target = format!("/me/events/{instance}/extensions");
        assert_eq!(rig.get(&target).await.rows().len(), 0);
        assert_eq!(rig.post(&target, &extension("Own")).await.status, 201);
        assert_eq!(rig.get(&target).await.column("extensionName"), ["Own"]);
    });
}

#[test]
fn only_names_with_primitive_values_are_taken() {
    run(async |rig| {
        let contact = rig.post("/me/contacts", &json!({ "displayName": "x" })).await.id();
        let target = format!("/me/contacts/{contact}/extensions");
        let unnamed = rig.post(&target, &json!({ "x": 1 })).await;
        assert_eq!((unnamed.status, unnamed.code()), (400, "ErrorInvalidRequest"));
        let deep = rig.post(&target, &json!({ "extensionName": "x", "a": { "b": 1 } })).await;
        assert_eq!((deep.status, deep.code()), (400, "RequestBodyRead"));
        let put = rig.send(Method::PUT, &target, &[], Some(&extension("x"))).await;
        assert_eq!(put.status, 405);
    });
}
