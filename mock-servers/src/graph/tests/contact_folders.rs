//! Folders of contacts.

use serde_json::json;

use super::rig::{Rig, run};

async fn folder(rig: &Rig, target: &str, name: &str) -> String {
    let made = rig.post(target, &json!({ "displayName": name })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.id()
}

#[test]
fn the_default_folder_is_there_and_not_listed() {
    run(async |rig| {
        assert_eq!(rig.get("/me/contactFolders").await.rows().len(), 0);
        let made = rig.post("/me/contacts", &json!({ "displayName": "x" })).await;
        let default = made.link("parentFolderId");
        let by_id = rig.get(&format!("/me/contactFolders/{default}")).await;
        assert_eq!(by_id.body["displayName"], "Contacts");
        assert_eq!(rig.get("/me/contactFolders/contacts").await.id(), default);
        assert_eq!(rig.get("/me/contactFolders/contacts/contacts").await.rows().len(), 1);
        let kept = rig.delete(&format!("/me/contactFolders/{default}")).await;
        assert_eq!((kept.status, kept.code()), (400, "ErrorDeleteDistinguishedFolder"));
    });
}

#[test]
fn folders_lie_in_folders() {
    run(async |rig| {
        let outer = folder(&rig, "/me/contactFolders", "Work").await;
        let children = format!("/me/contactFolders/{outer}/childFolders");
        let inner = folder(&rig, &children, "Team").await;
        let taken = rig.post(&children, &json!({ "displayName": "team" })).await;
        assert_eq!((taken.status, taken.code()), (409, "ErrorFolderExists"));
        folder(&rig, "/me/contactFolders", "Team").await;

        assert_eq!(rig.get("/me/contactFolders").await.column("displayName"), ["Work", "Team"]);
        let listed = rig.get(&format!("{children}?$count=true")).await;
        assert_eq!(listed.column("parentFolderId"), [outer.as_str()]);
        assert_eq!(listed.body["@odata.count"], 1);

        let nested = format!("{children}/{inner}/contacts");
        let made = rig.post(&nested, &json!({ "displayName": "x" })).await;
        assert_eq!(made.link("parentFolderId"), inner);
        assert_eq!(rig.get(&nested).await.rows().len(), 1);
        let id = made.id();
        assert_eq!(rig.get(&format!("/me/contactFolders/{outer}/contacts/{id}")).await.status, 404);
        let wrong = format!("/me/contactFolders/{inner}/childFolders/{outer}");
        assert_eq!(rig.get(&wrong).await.status, 404, "the path must be true");

        assert_eq!(rig.delete(&format!("/me/contactFolders/{outer}")).await.status, 204);
        assert_eq!(rig.get(&format!("/me/contactFolders/{inner}")).await.status, 404);
        assert_eq!(rig.get(&format!("/me/contacts/{id}")).await.status, 404);
    });
}

#[test]
fn folders_are_renamed_and_moved_but_not_into_themselves() {
    run(async |rig| {
        let one = folder(&rig, "/me/contactFolders", "One").await;
        let two = folder(&rig, "/me/contactFolders", "Two").await;
        let target = format!("/me/contactFolders/{one}");
        let named = rig.patch(&target, &json!({ "displayName": "First" })).await;
        assert_eq!((named.status, named.body["displayName"].as_str()), (200, Some("First")));
        let root = named.link("parentFolderId");
        let moved = rig.patch(&target, &json!({ "parentFolderId": two })).await;
        assert_eq!((moved.status, moved.link("parentFolderId")), (200, two.clone()));
        let into = json!({ "parentFolderId": one });
        let circle = rig.patch(&format!("/me/contactFolders/{two}"), &into).await;
        assert_eq!(circle.code(), "ErrorInvalidRequest");
        let back = rig.patch(&target, &json!({ "parentFolderId": root })).await;
        assert_eq!(back.link("parentFolderId"), root);
        assert_eq!(rig.patch(&target, &json!({ "displayName": " " })).await.status, 400);
    });
}

#[test]
fn folders_are_found_by_their_names_and_put_in_order() {
    run(async |rig| {
        for name in ["Work", "Home", "Club"] {
            folder(&rig, "/me/contactFolders", name).await;
        }
        let names = async |options: &str| {
            let target = format!("/me/contactFolders?{}", options.replace(' ', "%20"));
            rig.get(&target).await.column("displayName").join(" ")
        };
        assert_eq!(names("$filter=displayName eq 'home'").await, "Home");
        assert_eq!(names("$filter=displayName ne 'Home'&$top=1").await, "Work");
        assert_eq!(names("$orderby=displayName").await, "Club Home Work");
        let refused = rig.get("/me/contactFolders?$filter=name%20eq%20'x'").await;
        assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidUrlQueryFilter"));
        let expanded = rig.get("/me/contactFolders?$expand=extensions").await;
        assert_eq!((expanded.status, expanded.code()), (400, "BadRequest"));
    });
}
