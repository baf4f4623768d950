//! Tests of the adapter against answers written by hand after the v1.0 documentation.

mod following;
mod observing;
mod series;
mod writing;

use calamity_base::Env;
use calamity_base::http::Answer;
use serde_json::{Map, Value, json};

use super::request::SILENCE;
use super::{Config, Graph, Window};
use crate::content::Event;
use crate::model::{Change, ContainerId, ItemId, Revision, Transaction, Uid};
use crate::provider::scripted::{Asked, Log, json_answer, with};
use crate::provider::{Known, Outgoing, Provider};

const HOST: &str = "graph.example";

/// Runs a test against a server that gives these answers.
fn run<T>(answers: Vec<Answer>, f: impl AsyncFnOnce(Graph, Log) -> T) -> T {
    with(HOST, answers, async |env, log| {
        let result = f(graph(&env), log.clone()).await;
        log.all().iter().for_each(check_silence);
        result
    })
}

/// Every write asks for silence beside whatever else it prefers, and no read does.
#[track_caller]
fn check_silence(asked: &Asked) {
    let prefer = asked.header("prefer").unwrap_or_default();
    assert!(prefer.starts_with("IdType=\"ImmutableId\""), "{prefer}");
    let expected = asked.method != "GET";
    assert_eq!(prefer.contains(SILENCE), expected, "{} {}: {prefer}", asked.method, asked.target);
    assert_eq!(asked.header("authorization"), Some("Bearer sesame"));
}

fn graph(env: &Env) -> Graph {
    Graph::new(
        env,
        Config {
            name: "graph".to_owned(),
            base: format!("http://{HOST}/v1.0").parse().expect("an address"),
            token: "sesame".into(),
            owner: Some("ann@example.com".to_owned()),
            window: Window { past_days: 10, future_days: 20 },
        },
    )
}

/// An answer of 200.
fn ok(body: Value) -> Answer {
    json_answer(200, &body)
}

/// A refusal.
fn refusal(status: u16, code: &str) -> Answer {
    json_answer(status, &json!({"error": {"code": code, "message": "why"}}))
}

fn work() -> ContainerId {
    "c1".into()
}

fn object(value: Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}

fn event(raw: Value) -> Event {
    let mut members = object(raw);
    members.entry("start").or_insert(json!("2026-05-04T09:00:00"));
    members.entry("timeZone").or_insert(json!("Europe/Berlin"));
    members.entry("duration").or_insert(json!("PT1H"));
    Event::canonical(members).expect("the test's event is one")
}

/// An event as Graph tells it, with some properties of its own.
fn told(id: &str, key: &str, properties: Value) -> Value {
    let mut raw = object(json!({
        "@odata.etag": format!("W/\"{key}\""), "id": id, "changeKey": key, "type": "singleInstance",
        "lastModifiedDateTime": "2026-04-16T07:00:00Z", "iCalUId": format!("ical-{id}"),
        "subject": "T", "body": {"contentType": "html", "content": ""}, "isAllDay": false,
        "showAs": "busy", "sensitivity": "normal", "importance": "normal", "isReminderOn": false,
        "reminderMinutesBeforeStart": 15, "hideAttendees": false, "isCancelled": false,
        "start": {"dateTime": "2026-05-04T07:00:00.0000000", "timeZone": "UTC"},
        "end": {"dateTime": "2026-05-04T08:00:00.0000000", "timeZone": "UTC"},
        "originalStartTimeZone": "W. Europe Standard Time",
        "originalEndTimeZone": "W. Europe Standard Time",
        "recurrence": null, "attendees": [], "locations": [], "categories": [],
        "isOrganizer": true,
        "organizer": {"emailAddress": {"name": "Ann", "address": "ann@example.com"}},
    }));
    raw.extend(object(properties));
    Value::Object(raw)
}

fn outgoing(graph: &Graph, change: Change) -> Outgoing {
    let payload = graph.prepare(&change).expect("Graph can hold it");
    Outgoing { change, payload }
}

fn create(graph: &Graph, event: Event) -> Outgoing {
    outgoing(
        graph,
        Change::Create {
            container: work(),
            uid: "u1".into(),
            event,
            transaction: Transaction("9f1c".to_owned()),
        },
    )
}

fn update(graph: &Graph, before: Event, after: Event) -> Outgoing {
    outgoing(
        graph,
        Change::Update {
            container: work(),
            id: "e1".into(),
            revision: Revision::from("k1"),
            before,
            after,
        },
    )
}

fn delete(graph: &Graph, id: &str) -> Outgoing {
    let (id, revision) = (id.into(), Revision::from("k1"));
    outgoing(graph, Change::Delete { container: work(), id, revision })
}

fn ids(names: &[&str]) -> Vec<ItemId> {
    names.iter().map(|name| ItemId::from(*name)).collect()
}

fn uid(text: &str) -> Uid {
    text.into()
}

fn known(revisions: &[(&str, &str)]) -> Known {
    let one = |(id, key): &(&str, &str)| (ItemId::from(*id), Revision::from(*key));
    revisions.iter().map(one).collect()
}
