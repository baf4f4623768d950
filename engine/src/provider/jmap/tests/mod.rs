//! Tests of the adapter against answers written by hand after RFC 8620 and the calendars draft.

mod observing;
mod patience;
mod pieces;
mod writing;

use calamity_base::Env;
use calamity_base::http::Answer;
use serde_json::{Map, Value, json};

use super::{Config, Jmap};
use crate::content::Event;
use crate::model::{Change, ContainerId, ItemId, Revision, Transaction, Uid};
use crate::provider::scripted::{Log, json_answer, with};
use crate::provider::{Outgoing, Provider};

const HOST: &str = "jmap.example";

/// Runs a test against a server that answers the session and then these.
fn run<T>(answers: Vec<Answer>, f: impl AsyncFnOnce(Jmap, Log) -> T) -> T {
    let mut all = vec![json_answer(200, &session())];
    all.extend(answers);
    with(HOST, all, async |env, log| f(jmap(&env), log).await)
}

fn jmap(env: &Env) -> Jmap {
    let session = format!("http://{HOST}/jmap/session").parse().expect("an address");
    let token = "sesame".into();
    Jmap::new(env, Config { name: "jmap".to_owned(), session, token })
}

fn session() -> Value {
    json!({
        "apiUrl": "/jmap/api/",
        "primaryAccounts": {"urn:ietf:params:jmap:calendars": "acc"},
        "capabilities": {"urn:ietf:params:jmap:core": {
            "maxObjectsInGet": 3, "maxObjectsInSet": 500, "maxSizeRequest": 100_000,
        }},
    })
}

/// The response of one method.
fn method(name: &str, arguments: Value) -> Answer {
    json_answer(200, &json!({"methodResponses": [[name, arguments, "0"]], "sessionState": "s"}))
}

fn error(kind: &str) -> Answer {
    method("error", json!({"type": kind, "description": "why"}))
}

fn set(answer: Value) -> Answer {
    method("CalendarEvent/set", answer)
}

fn work() -> ContainerId {
    "work".into()
}

fn event(raw: Value) -> Event {
    let mut members: Map<String, Value> = raw.as_object().cloned().unwrap_or_default();
    members.entry("start").or_insert(json!("2026-04-16T09:00:00"));
    Event::canonical(members).expect("the test's event is one")
}

fn outgoing(jmap: &Jmap, change: Change) -> Outgoing {
    let payload = jmap.prepare(&change).expect("JMAP can hold anything");
    Outgoing { change, payload }
}

fn create(jmap: &Jmap, uid: &str) -> Outgoing {
    outgoing(
        jmap,
        Change::Create {
            container: work(),
            uid: uid.into(),
            event: event(json!({"title": uid})),
            transaction: Transaction("t".to_owned()),
        },
    )
}

fn update(jmap: &Jmap, id: &str) -> Outgoing {
    outgoing(
        jmap,
        Change::Update {
            container: work(),
            id: id.into(),
            revision: Revision::from("r"),
            before: event(json!({"title": "old"})),
            after: event(json!({"title": "new"})),
        },
    )
}

fn delete(jmap: &Jmap, id: &str) -> Outgoing {
    outgoing(
        jmap,
        Change::Delete { container: work(), id: id.into(), revision: Revision::from("r") },
    )
}

fn ids(names: &[&str]) -> Vec<ItemId> {
    names.iter().map(|name| ItemId::from(*name)).collect()
}

fn uid(text: &str) -> Uid {
    text.into()
}

/// The arguments of the requests to the API, in their order.
fn calls(log: &Log) -> Vec<(String, Value)> {
    let call = |asked: crate::provider::scripted::Asked| {
        let call = asked.body.pointer("/methodCalls/0")?;
        Some((call.get(0)?.as_str()?.to_owned(), call.get(1)?.clone()))
    };
    log.all().into_iter().filter_map(call).collect()
}
