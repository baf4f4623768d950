//! Binary data: uploads, downloads, and pictures of cards (RFC 8620 section 6, RFC 9610 section 3).

use bytes::Bytes;
use calamity_evidence::{Actor, Lineage};
use http::{Method, Response};
use serde_json::{Value, json};

use super::harness::{World, json_of, simulated, simulated_as, simulated_with_guest};
use crate::faults::{Effect, Site};
use crate::world::contacts;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\nrest";

async fn upload(world: &World, octets: &'static [u8], kind: &str) -> Response<Bytes> {
    let request = world.request(Method::POST, &format!("/jmap/upload/{}/", world.account));
    let mut request = request.body(Bytes::from_static(octets)).unwrap();
    request.headers_mut().insert("content-type", kind.parse().unwrap());
    world.client.send(request).await.unwrap()
}

async fn uploaded(world: &World, octets: &'static [u8], kind: &str) -> String {
    json_of(&upload(world, octets, kind).await)["blobId"].as_str().unwrap().to_owned()
}

async fn download(world: &World, rest: &str) -> Response<Bytes> {
    world.get(&format!("/jmap/download/{}/{rest}", world.account)).await
}

#[test]
fn what_is_uploaded_can_be_downloaded() {
    simulated(async |world| {
        let session = json_of(&world.get("/jmap/session").await);
        let template = session["uploadUrl"].as_str().unwrap();
        assert_eq!(template, format!("{}/jmap/upload/{{accountId}}/", world.base));
        let template = session["downloadUrl"].as_str().unwrap();
        for variable in ["{accountId}", "{blobId}", "{name}", "{type}"] {
            assert!(template.contains(variable), "{template}");
        }
        let answer = upload(&world, b"hello", "text/plain; charset=utf-8").await;
        assert_eq!(answer.status(), 201);
        let answer = json_of(&answer);
        let id = answer["blobId"].as_str().unwrap();
        let expected = json!({
            "accountId": world.account, "blobId": id, "type": "text/plain; charset=utf-8", "size": 5,
        });
        assert_eq!(answer, expected);
        assert_eq!(uploaded(&world, b"hello", "text/html").await, id, "the same data");

        let found = download(&world, &format!("{id}/a%20b.txt?accept=text%2Fplain")).await;
        assert_eq!((found.status().as_u16(), &found.body()[..]), (200, &b"hello"[..]));
        assert_eq!(found.headers()["content-type"], "text/plain");
        assert_eq!(found.headers()["content-disposition"], "attachment; filename=\"a b.txt\"");
        assert!(found.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        let found = download(&world, &format!("{id}/%C3%BC%22.txt?accept=%0D%0Ax")).await;
        assert_eq!(found.headers()["content-type"], "application/octet-stream");
        let name = "attachment; filename*=UTF-8''%C3%BC%22.txt";
        assert_eq!(found.headers()["content-disposition"], name);
    });
}

#[test]
fn what_is_not_there_is_404() {
    simulated_with_guest("strict", async |owner, guest| {
        let id = uploaded(&owner, b"secret", "text/plain").await;
        for rest in ["nothing/x".to_owned(), id.clone(), "%FF/x".to_owned()] {
            assert_eq!(download(&owner, &rest).await.status(), 404, "{rest}");
        }
        assert_eq!(download(&guest, &format!("{id}/x")).await.status(), 404, "of another user");
        let foreign = format!("/jmap/download/{}/{id}/x", owner.account);
        assert_eq!(guest.get(&foreign).await.status(), 404, "in another account");
        let path = format!("/jmap/upload/{}/", owner.account);
        let request = guest.request(Method::POST, &path).body(Bytes::from_static(b"x")).unwrap();
        assert_eq!(guest.client.send(request).await.unwrap().status(), 404);
        let request = owner.request(Method::GET, &path).body(Bytes::new()).unwrap();
        assert_eq!(owner.client.send(request).await.unwrap().status(), 405);
    });
}

#[test]
fn uploads_have_limits() {
    simulated(async |world| {
        let most = 50_000_000;
        let send = async |size: usize| {
            let request = world.request(Method::POST, &format!("/jmap/upload/{}/", world.account));
            let request = request.body(Bytes::from(vec![0; size])).unwrap();
            world.client.send(request).await.unwrap()
        };
        assert_eq!(send(most).await.status(), 201);
        let refused = send(most + 1).await;
        assert_eq!(refused.status(), 413);
        let problem = json_of(&refused);
        assert_eq!(problem["type"], "urn:ietf:params:jmap:error:limit");
        assert_eq!(problem["limit"], "maxSizeUpload");

        let hold = Effect::Delay { ms: 1000 };
        world.server.arm(super::harness::rule("d", Site::Request, "blob.upload", hold));
        let five = async { tokio::join!(send(1), send(2), send(3), send(4), send(5)) };
        let (a, b, c, d, e) = five.await;
        let refused: Vec<_> =
            [a, b, c, d, e].into_iter().filter(|answer| answer.status() != 201).collect();
        assert_eq!(refused.len(), 1);
        assert_eq!(json_of(&refused[0])["limit"], "maxConcurrentUpload");
    });
}

#[test]
fn a_photo_is_set_by_its_blob() {
    simulated(async |world| {
        let book = world.server.create_address_book(Actor::Seed, "People");
        let [png, text] =
            [uploaded(&world, PNG, "x/y").await, uploaded(&world, b"hi", "image/png").await];
        let create = async |media: Value| {
            let card = json!({
                "addressBookIds": { book.as_str(): true }, "name": { "full": "A" },
                "media": { "m": media },
            });
            world.ok("ContactCard/set", json!({ "create": { "c": card } })).await
        };
        let answer = create(json!({ "kind": "photo", "blobId": png })).await;
        let made = &answer["created"]["c"];
        assert_eq!(made["media"]["m"]["mediaType"], "image/png", "the server says what it is");
        let id = made["id"].as_str().unwrap().to_owned();
        let answer = create(json!({ "kind": "photo", "blobId": text })).await;
        assert_eq!(
            answer["notCreated"]["c"]["properties"],
            json!(["media/m/blobId"]),
            "no picture"
        );
        let answer = create(json!({ "kind": "sound", "blobId": text })).await;
        assert_eq!(answer["notCreated"], Value::Null);
        let both = json!({ "kind": "photo", "blobId": png, "uri": "https://a.b/" });
        assert_eq!(create(both).await["notCreated"]["c"]["properties"], json!(["media/m/blobId"]));
        let no_picture = json!({ "kind": "photo", "uri": "data:text/plain,x" });
        assert_eq!(
            create(no_picture).await["notCreated"]["c"]["properties"],
            json!(["media/m/uri"])
        );

        let get = json!({ "ids": [id], "properties": ["media"] });
        let media = world.ok("ContactCard/get", get).await["list"][0]["media"].clone();
        let found =
            download(&world, &format!("{}/a.png", media["m"]["blobId"].as_str().unwrap())).await;
        assert_eq!(&found.body()[..], PNG);
    });
}

#[test]
fn an_attachment_is_data_that_is_there() {
    simulated(async |world| {
        let id = uploaded(&world, b"hello", "text/plain").await;
        let mut event = world.event("u", "x");
        event["links"] = json!({ "a": { "blobId": "nobody", "rel": "enclosure" } });
        let answer = world.ok("CalendarEvent/set", json!({ "create": { "c": event } })).await;
        assert_eq!(answer["notCreated"]["c"]["properties"], json!(["links/a/blobId"]));
        event["links"]["a"]["blobId"] = json!(id);
        let made = world.made(event.clone()).await;
        assert_eq!(world.shown(&made).await["links"], event["links"]);
        let error = world.patched(&made, json!({ "links/a/blobId": "nobody" })).await;
        assert_eq!(error["properties"], json!(["links/a/blobId"]));
    });
}

#[test]
fn data_inside_a_card_has_an_id() {
    simulated_as("strict", async |world| {
        let text = "BEGIN:VCARD\nVERSION:4.0\nUID:u1\nFN:Ada\n\
                    PHOTO:data:image/png;base64,iVBORw0KGgo=\nEND:VCARD\n";
        let contact = contacts::read(text.as_bytes()).unwrap().contacts.remove(0);
        let made =
            world.server.create_contact(Actor::Seed, "P", &contact, &Lineage::from_number(1));
        let id = made.unwrap().unwrap();
        let media = async || {
            let get = json!({ "ids": [id], "properties": ["media"] });
            world.ok("ContactCard/get", get).await["list"][0]["media"].clone()
        };
        let shown = media().await;
        let blob = shown["m1"]["blobId"].as_str().unwrap().to_owned();
        let found = download(&world, &format!("{blob}/a.png?accept=image/png")).await;
        assert_eq!(&found.body()[..], b"\x89PNG\r\n\x1a\n");
        // Written back as it was shown, and once more under another key.
        let patch = json!({ "media": { "m1": shown["m1"], "m2": shown["m1"] } });
        let answer = world.ok("ContactCard/set", json!({ "update": { id.as_str(): patch } })).await;
        assert_eq!(answer["notUpdated"], Value::Null, "{answer}");
        assert_eq!(media().await["m2"], shown["m1"]);
        world
            .ok("ContactCard/set", json!({ "update": { id.as_str(): { "media/m1": null } } }))
            .await;
        assert_eq!(download(&world, &format!("{blob}/x")).await.status(), 200);
    });
}
