//! A fleet whose control API is asked without a network in between, and one that is served.

use std::io;
use std::path::Path;
use std::sync::Mutex;

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::{Answer, Client, Handler, Incoming};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::control::api::{Control, Guard};
use crate::control::config::Config;
use crate::control::{Fleet, Found, Given, Running, run};

pub(super) const ALICE: &str = "alice@example.com";
pub(super) const BOB: &str = "bob@example.com";

/// A JMAP and a DAV server, each with two users; nothing is made up.
pub(super) fn small() -> Config {
    let users = json!([
        { "address": ALICE, "password": "a-secret", "calendars": [{ "name": "Work" }] },
        { "address": BOB, "password": "b-secret", "calendars": [{ "name": "Work" }] },
    ]);
    let server = |name: &str| json!({ "name": name, "protocol": name, "listen": "mock.test:0", "users": users });
    config(json!({ "servers": [server("jmap"), server("dav")] }))
}

/// A configuration from its members but the version, on the simulated network.
pub(super) fn config(mut members: Value) -> Config {
    members["mock"] = json!(1);
    if members["control"].is_null() {
        members["control"] = json!({ "listen": "localhost:0" });
    }
    let config: Config = serde_json::from_value(members).unwrap();
    assert_eq!(config.check(), []);
    config
}

/// Files that do not exist.
pub(super) fn no_files(_: &Path) -> io::Result<Found> {
    Err(io::ErrorKind::NotFound.into())
}

/// What came back.
#[derive(Debug)]
pub(super) struct Got {
    pub(super) status: u16,
    pub(super) media_type: String,
    pub(super) head: HeaderMap,
    pub(super) body: Value,
}

/// The control API itself.
pub(super) struct Rig {
    control: Control,
    /// Event streams that were opened.
    pub(super) streams: Mutex<Vec<mpsc::Receiver<Bytes>>>,
}

impl Rig {
    pub(super) fn new(env: &Env, config: &Config) -> Self {
        let (fleet, _) = Fleet::new(env, config, &Given::files(&no_files)).unwrap();
        Self::of(fleet)
    }

    pub(super) fn of(fleet: Fleet) -> Self {
        Self::guarded(fleet, Guard::default())
    }

    pub(super) fn guarded(fleet: Fleet, guard: Guard) -> Self {
        Self { control: Control::new(fleet, guard), streams: Mutex::default() }
    }

    pub(super) async fn ask(&self, method: &str, target: &str, body: impl Into<Bytes>) -> Got {
        self.ask_with(method, target, &[], body).await
    }

    pub(super) async fn ask_with(
        &self,
        method: &str,
        target: &str,
        headers: &[(&'static str, &str)],
        body: impl Into<Bytes>,
    ) -> Got {
        let headers = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
        });
        let request = Incoming {
            method: Method::from_bytes(method.as_bytes()).unwrap(),
            uri: target.parse().unwrap(),
            headers: headers.collect(),
            body: body.into(),
            connection: 1,
        };
        let response = match self.control.handle(request).await {
            Answer::Full(response) => response,
            Answer::Streamed { head, pieces } => {
                self.streams.lock().unwrap().push(pieces);
                head.map(|()| Bytes::new())
            }
            other => panic!("{other:?}"),
        };
        let (parts, body) = response.into_parts();
        let media_type = parts.headers.get("content-type");
        let media_type = media_type.map_or("", |value| value.to_str().unwrap()).to_owned();
        let body = if media_type.contains("json") {
            serde_json::from_slice(&body).unwrap()
        } else {
            Value::String(String::from_utf8(body.to_vec()).unwrap())
        };
        Got { status: parts.status.as_u16(), media_type, head: parts.headers, body }
    }

    /// Asks and expects a status; the body comes back.
    #[track_caller]
    pub(super) fn get(&self, target: &str) -> impl Future<Output = Value> {
        self.expect("GET", target, Value::Null, 200)
    }

    #[track_caller]
    pub(super) fn post(&self, target: &str, body: Value) -> impl Future<Output = Value> {
        self.expect("POST", target, body, 200)
    }

    #[track_caller]
    pub(super) fn expect(
        &self,
        method: &str,
        target: &str,
        body: Value,
        status: u16,
    ) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        let body = if body.is_null() { String::new() } else { body.to_string() };
        async move {
            let got = self.ask(method, target, body).await;
            assert_eq!(got.status, status, "{caller}: {method} {target}: {}", got.body);
            got.body
        }
    }
}

/// A fleet that is served, with a client of it.
pub(super) struct Served {
    pub(super) running: Running,
    pub(super) client: Client,
    pub(super) rig: Rig,
}

impl Served {
    pub(super) async fn new(server: &Env, client: &Env, config: &Config) -> Self {
        let running = run(server, config, &Given::files(&no_files)).await.unwrap();
        let rig = Rig::of(running.fleet.clone());
        Self { running, client: Client::new(client), rig }
    }

    pub(super) fn url(&self, server: &str) -> String {
        let found = self.running.announcement.servers.iter().find(|it| it.name == server);
        found.unwrap().url.clone()
    }

    /// A request of Alice's.
    pub(super) async fn send(
        &self,
        method: &str,
        url: &str,
        body: impl Into<Bytes>,
    ) -> Response<Bytes> {
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header("authorization", "Bearer a-secret")
            .header("content-type", "application/json");
        self.client.send(request.body(body.into()).unwrap()).await.unwrap()
    }

    /// A PUT of Alice's.
    pub(super) async fn put(&self, url: &str, kind: &str, body: &'static str) -> Response<Bytes> {
        let request = Request::builder()
            .method("PUT")
            .uri(url)
            .header("authorization", "Bearer a-secret")
            .header("content-type", kind);
        self.client.send(request.body(body.into()).unwrap()).await.unwrap()
    }

    /// A GET of Alice's; its status.
    pub(super) async fn status(&self, url: &str) -> StatusCode {
        self.send("GET", url, Bytes::new()).await.status()
    }
}
