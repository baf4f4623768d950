//! A server and a client of it, in simulation or on loopback.

use bytes::Bytes;
use calamity_base::clock::epoch;
use calamity_base::http::{Client, Error};
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_base::{Clock, Env, Sim};
use calamity_evidence::{Actor, Lineage, Side};
use http::{Method, Request, Response};
use serde_json::{Value, json};

use crate::faults::{Effect, ErrorEffect, Origin, Rule, Site};
use crate::world::{self, SourceEvent};
use crate::{Protocol, Server, ServerConfig};

pub(super) const OWNER: &str = "owner@example.com";
pub(super) const GUEST: &str = "guest@example.com";
const TOKEN: &str = "s3cret";
const GUEST_TOKEN: &str = "gu3st";

/// A server with a calendar "Work", and a client that has read the session.
#[derive(Debug)]
pub(super) struct World {
    pub(super) env: Env,
    pub(super) server: Server,
    pub(super) client: Client,
    pub(super) base: String,
    pub(super) account: String,
    pub(super) work: String,
    /// Who the client is.
    token: String,
}

/// Runs a test in simulation, with the profile `strict`.
pub(super) fn simulated<T>(test: impl AsyncFnOnce(World) -> T) -> T {
    simulated_as("strict", test)
}

/// Runs a test in simulation.
pub(super) fn simulated_as<T>(profile: &str, test: impl AsyncFnOnce(World) -> T) -> T {
    Sim::run(7, async |sim| {
        let server = sim.process("jmap");
        let client = sim.process("client");
        test(World::new(&server, client, Addr::new("jmap.test", 8080), profile).await).await
    })
}

/// Runs a test in simulation on a server that the guest has an account on as well.
pub(super) fn simulated_with_guest<T>(
    profile: &str,
    test: impl AsyncFnOnce(World, World) -> T,
) -> T {
    Sim::run(7, async |sim| {
        let server = sim.process("jmap");
        let client = sim.process("client");
        let guest =
            crate::UserConfig { address: GUEST.to_owned(), credential: Secret::new(GUEST_TOKEN) };
        let config = ServerConfig { others: vec![guest], ..config(profile) };
        let owner = World::of(&server, client, Addr::new("jmap.test", 8080), config).await;
        let guest = owner.signed_in_as(GUEST_TOKEN).await;
        test(owner, guest).await
    })
}

/// Runs a test on a loopback port, on a clock that stands still.
pub(super) fn on_loopback<T>(test: impl AsyncFnOnce(World) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (clock, _hands) = Clock::manual(epoch());
        let env = Env::production("jmap", std::path::Path::new("/nowhere")).with_clock(clock);
        test(World::new(&env, env.clone(), Addr::loopback(), "strict").await).await
    })
}

pub(super) fn config(profile: &str) -> ServerConfig {
    ServerConfig {
        side: Side::B,
        protocol: Protocol::Jmap,
        profile: profile.to_owned(),
        owner: OWNER.to_owned(),
        credential: Secret::new(TOKEN),
        seed: 11,
        others: Vec::new(),
    }
}

impl World {
    pub(super) async fn new(server_env: &Env, env: Env, at: Addr, profile: &str) -> Self {
        Self::of(server_env, env, at, config(profile)).await
    }

    async fn of(server_env: &Env, env: Env, at: Addr, config: ServerConfig) -> Self {
        let server = Server::new(server_env, config).unwrap();
        let work = server.create_calendar(Actor::Seed, "Work");
        let base = server.start(server_env, at).await.unwrap().endpoint.http();
        let client = Client::new(&env);
        let token = TOKEN.to_owned();
        let mut world = Self { env, server, client, base, account: String::new(), work, token };
        world.find_account().await;
        world
    }

    async fn find_account(&mut self) {
        let session = json_of(&self.get("/jmap/session").await);
        let primary = &session["primaryAccounts"]["urn:ietf:params:jmap:calendars"];
        self.account = primary.as_str().unwrap().to_owned();
    }

    /// The same server for another user.
    async fn signed_in_as(&self, token: &str) -> Self {
        let mut other = Self {
            env: self.env.clone(),
            server: self.server.clone(),
            client: self.client.clone(),
            base: self.base.clone(),
            account: String::new(),
            work: String::new(),
            token: token.to_owned(),
        };
        other.find_account().await;
        let made = json!({ "create": { "c": { "name": "Home" } } });
        let made = other.ok("Calendar/set", made).await;
        other.work = made["created"]["c"]["id"].as_str().unwrap().to_owned();
        other
    }

    pub(super) fn request(&self, method: Method, path: &str) -> http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {}", self.token))
            .header("content-type", "application/json")
    }

    pub(super) async fn get(&self, path: &str) -> Response<Bytes> {
        let request = self.request(Method::GET, path).body(Bytes::new()).unwrap();
        self.client.send(request).await.unwrap()
    }

    /// Posts bytes to the API.
    pub(super) async fn post(&self, body: impl Into<Bytes>) -> Result<Response<Bytes>, Error> {
        let request = self.request(Method::POST, "/jmap/api").body(body.into()).unwrap();
        self.client.send(request).await
    }

    /// Posts method calls and returns the whole answer.
    pub(super) async fn try_calls(&self, calls: Value) -> Result<Response<Bytes>, Error> {
        let using = [
            "urn:ietf:params:jmap:core",
            "urn:ietf:params:jmap:calendars",
            "urn:ietf:params:jmap:contacts",
        ];
        self.post(json!({ "using": using, "methodCalls": calls }).to_string()).await
    }

    /// Posts method calls and returns their responses.
    pub(super) async fn calls(&self, calls: Value) -> Vec<Value> {
        let response = self.try_calls(calls).await.unwrap();
        assert_eq!(response.status(), 200, "{}", String::from_utf8_lossy(response.body()));
        json_of(&response)["methodResponses"].as_array().unwrap().clone()
    }

    /// One call; its account is filled in. Returns name and arguments of the response.
    pub(super) async fn call(&self, name: &str, mut arguments: Value) -> (String, Value) {
        arguments["accountId"] = json!(self.account);
        let mut responses = self.calls(json!([[name, arguments, "0"]])).await;
        assert_eq!(responses.len(), 1);
        let response = responses.remove(0);
        (response[0].as_str().unwrap().to_owned(), response[1].clone())
    }

    /// One call that succeeds.
    pub(super) async fn ok(&self, name: &str, arguments: Value) -> Value {
        let (answered, arguments) = self.call(name, arguments).await;
        assert_eq!(answered, name, "{arguments}");
        arguments
    }

    /// One call that fails: the type of its error.
    pub(super) async fn err(&self, name: &str, arguments: Value) -> String {
        let (answered, arguments) = self.call(name, arguments).await;
        assert_eq!(answered, "error", "{arguments}");
        arguments["type"].as_str().unwrap().to_owned()
    }

    /// An event as a client makes it, in the calendar "Work".
    pub(super) fn event(&self, uid: &str, title: &str) -> Value {
        json!({
            "@type": "Event",
            "uid": uid,
            "title": title,
            "start": "2026-05-04T09:00:00",
            "timeZone": "Europe/Berlin",
            "duration": "PT1H",
            "calendarIds": { self.work.as_str(): true },
        })
    }

    /// Makes one event; its id.
    pub(super) async fn made(&self, event: Value) -> String {
        let answer = self.ok("CalendarEvent/set", json!({ "create": { "new1": event } })).await;
        assert_eq!(answer["notCreated"], Value::Null, "{answer}");
        answer["created"]["new1"]["id"].as_str().unwrap().to_owned()
    }

    /// The event with an id as the server shows it.
    pub(super) async fn shown(&self, id: &str) -> Value {
        let answer = self.ok("CalendarEvent/get", json!({ "ids": [id] })).await;
        assert_eq!(answer["notFound"], json!([]));
        answer["list"][0].clone()
    }

    /// Updates one event; the SetError, or null.
    pub(super) async fn patched(&self, id: &str, patch: Value) -> Value {
        let answer = self.ok("CalendarEvent/set", json!({ "update": { id: patch } })).await;
        answer["notUpdated"][id].clone()
    }

    /// The state of all events.
    pub(super) async fn state(&self) -> Value {
        self.ok("CalendarEvent/get", json!({ "ids": [] })).await["state"].clone()
    }

    /// Seeds events without guests, with tokens 0, 1, ...
    pub(super) fn seed(&self, count: u64) -> Vec<String> {
        let one = |number| {
            let event = source(&format!("uid-{number}"), &format!("Event {number}"), "");
            let lineage = Lineage::from_number(number);
            self.server.create(Actor::Seed, "Work", &event, &lineage).unwrap()
        };
        (0..count).map(one).collect()
    }
}

pub(super) fn json_of(response: &Response<Bytes>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

/// An event read from an iCalendar file; `more` are further lines of it.
pub(super) fn source(uid: &str, title: &str, more: &str) -> SourceEvent {
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTAMP:20260101T000000Z\r\nSUMMARY:{title}\r\n\
         DTSTART;TZID=Europe/Berlin:20260504T090000\r\n\
         DTEND;TZID=Europe/Berlin:20260504T100000\r\n{more}END:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let read = world::read(text.as_bytes()).unwrap();
    assert_eq!(read.skipped, vec![]);
    read.events[0].clone()
}

/// A rule that answers with an error code.
pub(super) fn error_rule(id: &str, site: Site, op: &str, code: &str) -> Rule {
    let error = ErrorEffect { code: code.to_owned(), ..ErrorEffect::default() };
    rule(id, site, op, Effect::Error(error))
}

pub(super) fn rule(id: &str, site: Site, op: &str, what: Effect) -> Rule {
    let op = op.to_owned();
    let rule = Rule { op, origin: Origin::Hostile, ..Rule::new(id, site, what) };
    assert_eq!(rule.check(), Ok(()));
    rule
}
