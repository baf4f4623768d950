//! Somebody who listens on the simulated network, and the ways to be told of something.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use calamity_base::BoxFuture;
use calamity_base::http::{Answer as Raw, Handler, Incoming, ServerLimits, serve};
use calamity_base::net::Addr;
use http::Response;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::rig::{Answer, World};
use crate::Protocol;

/// How a message is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::faults) enum Manner {
    /// As it should be.
    Well,
    /// With an error.
    Badly,
    /// It is taken, and never answered.
    Silently,
    /// The handshake is answered with something else.
    Wrongly,
}

#[derive(Debug)]
struct Heard {
    /// How the next messages are taken; those after them as the last of these.
    manners: Vec<Manner>,
    /// Messages that were taken: when, to which path, what.
    taken: Vec<(Timestamp, String, Value)>,
    refused: Vec<Timestamp>,
}

/// See the module.
#[derive(Clone, Debug)]
pub(in crate::faults) struct Listener {
    heard: Arc<Mutex<Heard>>,
    clock: calamity_base::Clock,
}

impl Handler for Listener {
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Raw> {
        Box::pin(async move { self.hear(&request) })
    }
}

fn decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut plain = parts.next().unwrap().to_owned();
    for part in parts {
        plain.push(char::from(u8::from_str_radix(&part[..2], 16).unwrap()));
        plain.push_str(&part[2..]);
    }
    plain
}

fn answer(status: u16, body: impl Into<Bytes>) -> Raw {
    let answer = Response::builder().status(status).header("content-type", "text/plain");
    Raw::Full(answer.body(body.into()).unwrap())
}

impl Listener {
    /// Begins to listen at `hook.test`.
    pub(in crate::faults) async fn start(world: &World) -> Self {
        let heard = Heard { manners: vec![Manner::Well], taken: Vec::new(), refused: Vec::new() };
        let clock = world.env.clock.clone();
        let listener = Self { heard: Arc::new(Mutex::new(heard)), clock };
        let at = Addr::new("hook.test", 80);
        let handler: Arc<dyn Handler> = Arc::new(listener.clone());
        // It listens as long as the process lives.
        std::mem::forget(serve(&world.env, at, handler, ServerLimits::default()).await.unwrap());
        listener
    }

    fn hear(&self, request: &Incoming) -> Raw {
        let mut heard = self.heard.lock().unwrap();
        let manner = heard.manners[0];
        if heard.manners.len() > 1 {
            heard.manners.remove(0);
        }
        let now = self.clock.now();
        let query = request.uri.query().unwrap_or_default();
        if let Some(token) = query.strip_prefix("validationToken=") {
            let wrong = manner == Manner::Wrongly;
            return answer(200, if wrong { "something else".to_owned() } else { decoded(token) });
        }
        // Only changes are taken badly.
        if manner == Manner::Badly && request.uri.path() != "/lifecycle" {
            heard.refused.push(now);
            return answer(503, "");
        }
        let body = serde_json::from_slice(&request.body).unwrap();
        heard.taken.push((now, request.uri.path().to_owned(), body));
        if manner == Manner::Silently { Raw::Hang } else { answer(202, "") }
    }

    /// How the next messages are taken; those after them as the last of these.
    pub(in crate::faults) fn takes(&self, manners: &[Manner]) {
        self.heard.lock().unwrap().manners = manners.to_vec();
    }

    /// What was taken so far.
    pub(in crate::faults) fn bodies(&self) -> Vec<Value> {
        self.heard.lock().unwrap().taken.iter().map(|(.., body)| body.clone()).collect()
    }

    /// What was heard, as text; times are in seconds since `begin`.
    pub(in crate::faults) fn dump(&self, world: &World, begin: Timestamp) -> String {
        let heard = self.heard.lock().unwrap();
        let items = world.server.items();
        let name = |id: &Value| {
            let found = items.iter().find(|item| *id == item.id);
            let title = found.map(|item| item.facts.title.trim_start_matches("Event ").to_owned());
            title.unwrap_or_else(|| "?".to_owned())
        };
        let after = |at: &Timestamp| at.duration_since(begin).as_secs().to_string();
        let told =
            heard.taken.iter().map(|(.., body)| name(&body["value"][0]["resourceData"]["id"]));
        let told: Vec<String> = told.collect();
        let at: Vec<String> = heard.taken.iter().map(|(at, ..)| after(at)).collect();
        let refused: Vec<String> = heard.refused.iter().map(after).collect();
        let mut text = format!("status: {} told\n", heard.taken.len());
        for (what, list) in [("told of", told), ("at", at), ("refused at", refused)] {
            text.push_str(&format!("{what}: {}\n", list.join(" ")));
        }
        for (_, path, body) in &heard.taken {
            text.push_str(&format!("{path} {body}\n"));
        }
        text
    }
}

impl World {
    pub(in crate::faults) async fn rest(&self, seconds: u64) {
        self.env.clock.sleep(Duration::from_secs(seconds)).await;
    }

    /// Asks Graph to tell of events.
    pub(in crate::faults) async fn subscribe(&self) -> Answer {
        let body = json!({
            "changeType": "created", "resource": "me/events",
            "notificationUrl": "http://hook.test/changes",
            "lifecycleNotificationUrl": "http://hook.test/lifecycle",
            "expirationDateTime": "2026-04-18T08:00:00Z", "clientState": "secret",
        });
        self.send("POST", "/v1.0/subscriptions", &[], &body.to_string()).await
    }

    async fn set_push(&self, arguments: Value) -> Value {
        let using = ["urn:ietf:params:jmap:core"];
        let call = json!(["PushSubscription/set", arguments, "0"]);
        let body = json!({ "using": using, "methodCalls": [call] });
        let answer = self.send("POST", "/jmap/api", &[], &body.to_string()).await.json();
        answer["methodResponses"][0][1].clone()
    }

    /// Asks a JMAP server to push, and returns the id of the subscription.
    pub(in crate::faults) async fn ask_for_pushes(&self) -> String {
        let wish = json!({ "deviceClientId": "d", "url": "http://hook.test/push" });
        let made = self.set_push(json!({ "create": { "p": wish } })).await;
        made["created"]["p"]["id"].as_str().unwrap().to_owned()
    }

    /// Subscribes on either protocol, up to the first message about a change.
    pub(in crate::faults) async fn listened(&self) -> Listener {
        let listener = Listener::start(self).await;
        if self.protocol == Protocol::Graph {
            assert_eq!(self.subscribe().await.status, 201);
            return listener;
        }
        let id = self.ask_for_pushes().await;
        self.rest(1).await;
        let code = listener.bodies()[0]["verificationCode"].clone();
        let said = json!({ "update": { id.as_str(): { "verificationCode": code } } });
        assert_eq!(self.set_push(said).await["updated"], json!({ id: null }));
        listener
    }

    /// Makes two events and tells what was heard of them.
    pub(in crate::faults) async fn notified(&self) -> String {
        let listener = self.listened().await;
        self.told_of_two(&listener).await
    }

    /// The same with somebody who listens already.
    pub(in crate::faults) async fn told_of_two(&self, listener: &Listener) -> String {
        let begin = self.env.clock.now();
        self.fill(&["1"]).await;
        self.rest(30).await;
        self.fill(&["2"]).await;
        self.rest(90).await;
        listener.dump(self, begin)
    }

    /// A request of several in one.
    pub(in crate::faults) async fn batch(&self, requests: Value) -> Answer {
        self.send("POST", "/v1.0/$batch", &[], &json!({ "requests": requests }).to_string()).await
    }

    /// A request of a batch that makes an event.
    pub(in crate::faults) fn step(&self, id: &str) -> Value {
        let event: Value = serde_json::from_str(&self.event(id, &[])).unwrap();
        json!({
            "id": id, "method": "POST", "url": "/me/events", "body": event,
            "headers": { "Content-Type": "application/json" },
        })
    }

    /// One JMAP call about contacts.
    pub(in crate::faults) async fn call_contacts(
        &self,
        name: &str,
        mut arguments: Value,
    ) -> Answer {
        arguments["accountId"] = json!(self.account);
        let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:contacts"];
        let body = json!({ "using": using, "methodCalls": [[name, arguments, "0"]] });
        self.send("POST", "/jmap/api", &[], &body.to_string()).await
    }

    /// Makes an address book with a contact in it.
    pub(in crate::faults) async fn book_with_a_card(&self) -> String {
        let made =
            self.call_contacts("AddressBook/set", json!({ "create": { "b": { "name": "B" } } }));
        let made = made.await.json();
        let book = made["methodResponses"][0][1]["created"]["b"]["id"].as_str().unwrap().to_owned();
        let card = json!({
            "@type": "Card", "version": "1.0", "uid": "c", "name": { "full": "C" },
            "addressBookIds": { book.as_str(): true },
        });
        let made = self.call_contacts("ContactCard/set", json!({ "create": { "c": card } })).await;
        assert!(!made.is_refused(), "{}", made.text());
        book
    }
}
