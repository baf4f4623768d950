//! Change tracking of contacts and of their folders.

use http::Method;
use serde_json::{Value, json};

use super::rig::{Answer, Rig, run};

async fn contact(rig: &Rig, name: &str) -> String {
    rig.post("/me/contacts", &json!({ "displayName": name })).await.id()
}

fn removed(row: &Value) -> Option<&str> {
    row["@removed"]["reason"].as_str()
}

async fn next(rig: &Rig, answer: &Answer) -> Answer {
    rig.get(&answer.link("@odata.deltaLink")).await
}

#[test]
fn contacts_are_tracked_in_both_call_forms() {
    run(async |rig| {
        let (one, two) = (contact(&rig, "one").await, contact(&rig, "two").await);
        for form in ["delta", "delta()", "microsoft.graph.delta"] {
            let all = rig.get(&format!("/me/contacts/{form}")).await;
            assert_eq!(all.rows().len(), 2, "{form}");
        }
        let first = rig.get("/me/contactFolders/contacts/contacts/delta").await;
        assert_eq!(first.rows()[0]["@odata.type"], "#microsoft.graph.contact");
        rig.patch(&format!("/me/contacts/{one}"), &json!({ "displayName": "three" })).await;
        rig.delete(&format!("/me/contacts/{two}")).await;
        let passing = contact(&rig, "passing").await;
        rig.delete(&format!("/me/contacts/{passing}")).await;
        let second = next(&rig, &first).await;
        assert_eq!(second.column("id"), [one.as_str(), two.as_str()]);
        assert_eq!(second.rows()[0]["displayName"], "three");
        assert_eq!(removed(&second.rows()[1]), Some("deleted"));
        assert_eq!(next(&rig, &second).await.rows().len(), 0);
    });
}

#[test]
fn pages_and_the_selection_travel_in_the_links() {
    run(async |rig| {
        for name in ["a", "b", "c"] {
            contact(&rig, name).await;
        }
        let prefer = [("prefer", "odata.maxpagesize=2")];
        let target = "/me/contacts/delta?$select=displayName,surname";
        let page = rig.send(Method::GET, target, &prefer, None).await;
        assert_eq!(page.rows().len(), 2);
        assert_eq!(
            (page.rows()[0].get("givenName"), &page.rows()[0]["surname"]),
            (None, &Value::Null)
        );
        let link = page.link("@odata.nextLink");
        let rest = rig.send(Method::GET, &link, &prefer, None).await;
        assert_eq!((rest.rows().len(), rest.rows()[0].get("givenName")), (1, None));
        contact(&rig, "d").await;
        let round = next(&rig, &rest).await;
        assert_eq!(
            (round.column("displayName"), round.rows()[0].get("givenName")),
            (vec!["d"], None)
        );
        let refused = rig.get("/me/contacts/delta?$filter=surname%20eq%20'x'").await;
        assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidUrlQuery"));
    });
}

#[test]
fn a_folder_tells_of_its_own_contacts_only() {
    run(async |rig| {
        let folder = rig.post("/me/contactFolders", &json!({ "displayName": "Team" })).await.id();
        contact(&rig, "elsewhere").await;
        let target = format!("/me/contactFolders/{folder}/contacts");
        let first = rig.get(&format!("{target}/delta")).await;
        assert_eq!(first.rows().len(), 0);
        rig.post(&target, &json!({ "displayName": "here" })).await;
        contact(&rig, "elsewhere again").await;
        assert_eq!(next(&rig, &first).await.column("displayName"), ["here"]);
        let unknown = rig.get("/me/contacts/delta?$deltatoken=made-up").await;
        assert_eq!((unknown.status, unknown.code()), (400, "ErrorInvalidSyncStateData"));
    });
}

#[test]
fn folders_are_tracked_too() {
    run(async |rig| {
        let one = rig.post("/me/contactFolders", &json!({ "displayName": "One" })).await.id();
        let first = rig.get("/me/contactFolders/delta()").await;
        let mut names = first.column("displayName");
        names.sort_unstable();
        assert_eq!(names, ["Contacts", "One"]);
        let two = rig.post("/me/contactFolders", &json!({ "displayName": "Two" })).await.id();
        rig.delete(&format!("/me/contactFolders/{one}")).await;
        let second = next(&rig, &first).await;
        assert_eq!(second.column("id"), [two.as_str(), one.as_str()]);
        assert_eq!(removed(&second.rows()[1]), Some("deleted"));
        let prefer = [("prefer", "odata.maxpagesize=1")];
        let page = rig.send(Method::GET, "/me/contactFolders/delta", &prefer, None).await;
        let rest = rig.send(Method::GET, &page.link("@odata.nextLink"), &prefer, None).await;
        assert_eq!((page.rows().len(), rest.rows().len()), (1, 1));
        assert_eq!(next(&rig, &rest).await.rows().len(), 0);
    });
}
