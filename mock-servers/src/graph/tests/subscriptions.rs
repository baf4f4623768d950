//! Subscriptions: the handshake, what is told, retries, and the lifecycle.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use calamity_base::BoxFuture;
use calamity_base::http::{Answer as Raw, Handler, Incoming, ServerLimits, serve};
use calamity_base::net::Addr;
use http::{Method, Response};
use serde_json::{Value, json};

use super::rig::{AS_GUEST, Answer, GUEST, OWNER, Rig, timed, with_people};
use crate::graph::odata::Query;

/// How a subscriber behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// It answers as it should.
    Good,
    /// It answers the handshake, and then with an error.
    Failing,
    /// It answers the handshake with the token still encoded.
    Encoding,
    /// It answers the handshake as HTML.
    Html,
    /// It does not answer at all.
    Silent,
}

#[derive(Debug)]
struct Heard {
    manner: Manner,
    handshakes: usize,
    /// (path, body) of each message.
    told: Vec<(String, Value)>,
}

/// A subscriber on the simulated network.
#[derive(Clone, Debug)]
struct Subscriber(Arc<Mutex<Heard>>);

impl Handler for Subscriber {
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Raw> {
        Box::pin(async move {
            let mut heard = self.0.lock().expect("a subscriber");
            if heard.manner == Manner::Silent {
                return Raw::Hang;
            }
            let answer = |status: u16, kind: &str, body: Bytes| {
                let answer = Response::builder().status(status).header("content-type", kind);
                Raw::Full(answer.body(body).expect("an answer"))
            };
            let query = request.uri.query().unwrap_or_default().to_owned();
            if let Some(token) = Query::parse(&query).get("validationToken") {
                heard.handshakes += 1;
                let (_, encoded) = query.split_once('=').expect("a token");
                return match heard.manner {
                    Manner::Encoding => answer(200, "text/plain", encoded.to_owned().into()),
                    Manner::Html => answer(200, "text/html", token.to_owned().into()),
                    _ => answer(200, "text/plain; charset=utf-8", token.to_owned().into()),
                };
            }
            let body = serde_json::from_slice(&request.body).expect("JSON");
            heard.told.push((request.uri.path().to_owned(), body));
            let status = if heard.manner == Manner::Failing { 500 } else { 202 };
            answer(status, "text/plain", Bytes::new())
        })
    }
}

impl Subscriber {
    async fn start(rig: &Rig) -> Self {
        let heard = Heard { manner: Manner::Good, handshakes: 0, told: Vec::new() };
        let subscriber = Self(Arc::new(Mutex::new(heard)));
        let process = rig.sim.process("subscriber");
        let handler: Arc<dyn Handler> = Arc::new(subscriber.clone());
        let at = Addr::new("subscriber.example", 80);
        let served = serve(&process, at, handler, ServerLimits::default()).await;
        // The process lives as long as the simulation.
        std::mem::forget((process, served.expect("an address")));
        subscriber
    }

    fn be(&self, manner: Manner) {
        self.0.lock().expect("a subscriber").manner = manner;
    }

    fn handshakes(&self) -> usize {
        self.0.lock().expect("a subscriber").handshakes
    }

    /// Every notification so far, with the path to which it came.
    fn notifications(&self) -> Vec<(String, Value)> {
        let heard = self.0.lock().expect("a subscriber");
        let each = |(path, body): &(String, Value)| {
            let all = body["value"].as_array().expect("notifications").clone();
            all.into_iter().map(|one| (path.clone(), one)).collect::<Vec<_>>()
        };
        heard.told.iter().flat_map(each).collect()
    }

    /// One member of every notification so far.
    fn told(&self, name: &str) -> Vec<String> {
        let all = self.notifications().into_iter();
        all.map(|(_, one)| one[name].as_str().unwrap_or_default().to_owned()).collect()
    }
}

const ENDS: &str = "2026-04-17T08:00:00Z";

fn wanted(resource: &str) -> Value {
    json!({
        "changeType": "created,updated,deleted", "resource": resource,
        "notificationUrl": "http://subscriber.example/changes",
        "lifecycleNotificationUrl": "http://subscriber.example/lifecycle",
        "expirationDateTime": ENDS, "clientState": "secret",
    })
}

async fn subscribe(rig: &Rig, resource: &str) -> Answer {
    let made = rig.post("/subscriptions", &wanted(resource)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made
}

async fn pause(rig: &Rig, seconds: u64) {
    rig.sim.advance(Duration::from_secs(seconds)).await;
}

#[test]
fn a_subscriber_is_told_of_what_is_made_changed_and_deleted() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        let calendar = rig.calendar("Calendar").await;
        rig.event(&calendar, &timed("before", 4, 9)).await;
        let made = subscribe(&rig, "me/events").await;
        assert_eq!(subscriber.handshakes(), 2, "both URLs are asked");
        assert_eq!(made.body["expirationDateTime"], ENDS);
        let event = rig.event(&calendar, &timed("x", 4, 9)).await;
        rig.patch(&format!("/me/events/{event}"), &json!({ "subject": "y" })).await;
        pause(&rig, 1).await;
        rig.delete(&format!("/me/events/{event}")).await;
        rig.post("/me/contacts", &json!({ "displayName": "x" })).await;
        pause(&rig, 1).await;
        assert_eq!(subscriber.told("changeType"), ["created", "updated", "deleted"]);
        let (path, first) = subscriber.notifications().remove(0);
        assert_eq!(path, "/changes");
        let user = rig.get("/me").await.id();
        assert_eq!(first["resource"], format!("Users/{user}/Events/{event}"));
        assert_eq!(
            (&first["clientState"], &first["subscriptionId"]),
            (&json!("secret"), &made.body["id"])
        );
        assert_eq!(first["resourceData"]["id"], event.as_str());
        assert_eq!(first["resourceData"]["@odata.type"], "#Microsoft.Graph.Event");
    });
}

#[test]
fn only_what_was_asked_for_is_told() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        let (home, work) = (rig.calendar("Calendar").await, rig.calendar("Work").await);
        let mut body = wanted(&format!("/me/calendars/{work}/events"));
        body["changeType"] = json!("created");
        assert_eq!(rig.post("/subscriptions", &body).await.status, 201);
        subscribe(&rig, "users/owner@example.com/contacts").await;
        rig.event(&home, &timed("home", 4, 9)).await;
        let event = rig.event(&work, &timed("work", 4, 9)).await;
        rig.patch(&format!("/me/events/{event}"), &json!({ "subject": "y" })).await;
        let contact = rig.post("/me/contacts", &json!({ "displayName": "x" })).await.id();
        pause(&rig, 1).await;
        let told: Vec<Value> = subscriber
            .notifications()
            .iter()
            .map(|(_, it)| it["resourceData"]["id"].clone())
            .collect();
        assert_eq!(told.len(), 2);
        assert!(told.contains(&json!(event)) && told.contains(&json!(contact)));
    });
}

#[test]
fn who_does_not_answer_the_handshake_gets_no_subscription() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        rig.calendar("Calendar").await;
        for (manner, code) in [
            (Manner::Encoding, "ValidationError"),
            (Manner::Html, "ValidationError"),
            (Manner::Silent, "InvalidRequest"),
        ] {
            subscriber.be(manner);
            let refused = rig.post("/subscriptions", &wanted("me/events")).await;
            assert_eq!((refused.status, refused.code()), (400, code), "{manner:?}");
        }
        let mut nobody = wanted("me/events");
        nobody["notificationUrl"] = json!("http://nobody.example/");
        assert_eq!(rig.post("/subscriptions", &nobody).await.code(), "InvalidRequest");
        assert_eq!(rig.get("/subscriptions").await.rows().len(), 0);
    });
}

#[test]
fn requests_that_make_no_sense_are_refused_before_anybody_is_asked() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        for (name, value) in [
            ("changeType", json!("renamed")),
            ("changeType", json!("")),
            ("resource", json!("me/messages")),
            ("resource", json!("me/events?$filter=subject eq 'x'")),
            ("resource", json!("me/calendarGroups/x/calendars/y/events")),
            ("notificationUrl", json!("ftp://x")),
            ("notificationUrl", json!("nowhere")),
            ("expirationDateTime", json!("2026-04-16T07:59:59Z")),
            ("expirationDateTime", json!("2026-04-23T08:00:01Z")),
            ("clientState", json!("x".repeat(129))),
            ("includeResourceData", json!(true)),
        ] {
            let mut body = wanted("me/events");
            body[name] = value;
            let refused = rig.post("/subscriptions", &body).await;
            assert_eq!((refused.status, refused.code()), (400, "InvalidRequest"), "{name}");
        }
        let mut body = wanted("me/events");
        body["changeType"] = Value::Null;
        assert_eq!(rig.post("/subscriptions", &body).await.code(), "RequestBodyRead");
        let theirs = wanted("users/guest@example.com/events");
        assert_eq!(rig.post("/subscriptions", &theirs).await.code(), "ErrorAccessDenied");
        // This one only fails after the question: the body itself is sound.
        assert_eq!(subscriber.handshakes(), 2);
    });
}

#[test]
fn a_subscription_is_read_renewed_and_deleted_by_its_maker() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        let calendar = rig.calendar("Calendar").await;
        let target = format!("/subscriptions/{}", subscribe(&rig, "me/events").await.id());
        assert_eq!(rig.get("/subscriptions").await.rows().len(), 1);
        assert_eq!(rig.by(AS_GUEST, Method::GET, &target, None).await.code(), "ResourceNotFound");
        let short = json!({ "expirationDateTime": "2026-04-16T08:01:00Z" });
        let renewed = rig.patch(&target, &short).await;
        assert_eq!(
            renewed.body["expirationDateTime"], "2026-04-16T08:45:00Z",
            "45 minutes at least"
        );
        let other = rig.patch(&target, &json!({ "resource": "me/contacts" })).await;
        assert_eq!(other.code(), "InvalidRequest");
        assert_eq!(rig.post(&format!("{target}/reauthorize"), &json!({})).await.status, 204);
        assert_eq!(rig.delete(&target).await.status, 204);
        assert_eq!(rig.get(&target).await.status, 404);
        rig.event(&calendar, &timed("x", 4, 9)).await;
        pause(&rig, 1).await;
        assert_eq!(subscriber.notifications(), []);
    });
}

#[test]
fn the_maker_is_asked_to_authorize_anew_before_the_end() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        let calendar = rig.calendar("Calendar").await;
        let id = subscribe(&rig, "me/events").await.id();
        pause(&rig, 24 * 3_600 - 15 * 60 - 1).await;
        assert_eq!(subscriber.notifications(), []);
        pause(&rig, 2).await;
        assert_eq!(subscriber.told("lifecycleEvent"), ["reauthorizationRequired"]);
        assert_eq!(subscriber.notifications()[0].0, "/lifecycle");
        let later = json!({ "expirationDateTime": "2026-04-18T08:00:00Z" });
        assert_eq!(rig.patch(&format!("/subscriptions/{id}"), &later).await.status, 200);
        pause(&rig, 24 * 3_600).await;
        assert_eq!(subscriber.told("lifecycleEvent").len(), 2, "and once more before the new end");
        pause(&rig, 900).await;
        assert_eq!(rig.get("/subscriptions").await.rows().len(), 0, "nobody renewed it");
        rig.event(&calendar, &timed("x", 4, 9)).await;
        pause(&rig, 1).await;
        assert_eq!(subscriber.notifications().len(), 2);
    });
}

#[test]
fn a_message_that_is_not_taken_is_sent_again_and_at_last_missed() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        let calendar = rig.calendar("Calendar").await;
        subscribe(&rig, "me/events").await;
        subscriber.be(Manner::Failing);
        rig.event(&calendar, &timed("x", 4, 9)).await;
        pause(&rig, 1).await;
        assert_eq!(subscriber.told("changeType"), ["created"]);
        pause(&rig, 10).await;
        assert_eq!(subscriber.told("changeType").len(), 2);
        subscriber.be(Manner::Good);
        pause(&rig, 30).await;
        assert_eq!(subscriber.told("changeType").len(), 3, "the third time it was taken");
        pause(&rig, 3_600).await;
        assert_eq!(subscriber.told("changeType").len(), 3);

        subscriber.be(Manner::Failing);
        rig.event(&calendar, &timed("y", 4, 9)).await;
        pause(&rig, 13_721).await;
        subscriber.be(Manner::Good);
        pause(&rig, 600).await;
        let events: Vec<String> =
            subscriber.told("lifecycleEvent").into_iter().filter(|it| !it.is_empty()).collect();
        assert_eq!(events.last().map(String::as_str), Some("missed"));
        assert_eq!(subscriber.told("changeType").iter().filter(|it| !it.is_empty()).count(), 14);
    });
}

#[test]
fn the_service_may_take_subscriptions_away() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        rig.calendar("Calendar").await;
        subscribe(&rig, "me/events").await;
        assert_eq!(rig.server.withdraw_subscriptions(), 1);
        pause(&rig, 1).await;
        assert_eq!(subscriber.told("lifecycleEvent"), ["subscriptionRemoved"]);
        assert_eq!(rig.get("/subscriptions").await.rows().len(), 0);
        assert_eq!(rig.server.withdraw_subscriptions(), 0);
    });
}

#[test]
fn a_message_about_a_subscription_that_is_gone_is_still_its_users() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        let body = wanted("me/events");
        let made = rig.by(AS_GUEST, Method::POST, "/subscriptions", Some(&body)).await;
        assert_eq!(made.status, 201);
        let rule = |id: &str, account: &str| {
            serde_json::from_value(json!({
                "id": id, "site": "push", "op": "push.lifecycle",
                "select": { "account": account }, "what": "omit",
            }))
        };
        rig.server.arm(rule("theirs", GUEST).expect("a rule"));
        rig.server.arm(rule("owners", OWNER).expect("a rule"));
        assert_eq!(rig.server.withdraw_subscriptions(), 1);
        pause(&rig, 1).await;
        assert_eq!(subscriber.told("lifecycleEvent"), [""; 0]);
        let hits = [("theirs".to_owned(), 1), ("owners".to_owned(), 0)];
        assert_eq!(rig.server.armed(), hits);
    });
}

#[test]
fn nobody_is_told_of_a_subscription_that_is_gone() {
    with_people(async |rig| {
        let subscriber = Subscriber::start(&rig).await;
        let calendar = rig.calendar("Calendar").await;
        let deleted = subscribe(&rig, "me/events").await.id();
        subscriber.be(Manner::Failing);
        rig.event(&calendar, &timed("x", 4, 9)).await;
        pause(&rig, 1).await;
        assert_eq!(subscriber.told("changeType"), ["created"]);
        assert_eq!(rig.delete(&format!("/subscriptions/{deleted}")).await.status, 204);
        pause(&rig, 14_400).await;
        assert_eq!(subscriber.notifications().len(), 1, "it was not tried again");

        // The same where a subscription ends by itself while its last message waits.
        subscriber.be(Manner::Good);
        let mut short = wanted("me/events");
        short["expirationDateTime"] = json!("2026-04-16T12:46:00Z");
        short["lifecycleNotificationUrl"] = Value::Null;
        assert_eq!(rig.post("/subscriptions", &short).await.status, 201);
        pause(&rig, 2_600).await;
        subscriber.be(Manner::Failing);
        rig.event(&calendar, &timed("y", 4, 9)).await;
        pause(&rig, 170).await;
        let before = subscriber.notifications().len();
        pause(&rig, 14_400).await;
        assert_eq!(subscriber.notifications().len(), before, "nor this one after its end");
    });
}
