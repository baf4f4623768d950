//! A server of any protocol and a client of it, with the same few verbs for all: events are known by
//! their names, which are their uids and the ends of their titles.

use bytes::Bytes;
use calamity_base::clock::epoch;
use calamity_base::http::{Client, Error};
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_base::{Clock, Env, Sim};
use calamity_evidence::{Actor, Side};
use http::{Method, Request, Response};
use serde_json::{Value, json};

use crate::dav::xml::{self, Limits};
use crate::faults::Rule;
use crate::{Protocol, Server, ServerConfig, UserConfig};

pub(in crate::faults) const OWNER: &str = "owner@example.com";
pub(in crate::faults) const GUEST: &str = "guest@example.com";
pub(in crate::faults) const ALL: [Protocol; 3] = [Protocol::Jmap, Protocol::Graph, Protocol::Dav];

/// See the module. The calendar is called "work".
#[derive(Debug)]
pub(in crate::faults) struct World {
    pub(in crate::faults) env: Env,
    pub(in crate::faults) server: Server,
    pub(in crate::faults) protocol: Protocol,
    pub(in crate::faults) base: String,
    pub(in crate::faults) calendar: String,
    client: Client,
    pub(in crate::faults) account: String,
}

/// What came back.
#[derive(Clone, Debug)]
pub(in crate::faults) struct Answer {
    pub(in crate::faults) status: u16,
    pub(in crate::faults) response: Response<Bytes>,
}

/// A page of changes.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::faults) struct Page {
    /// Names of events, or ids of those that are gone.
    pub(in crate::faults) rows: Vec<String>,
    pub(in crate::faults) token: String,
    pub(in crate::faults) more: bool,
}

/// Runs a test against each protocol in simulation.
pub(in crate::faults) fn with_each(test: impl AsyncFn(World)) {
    for protocol in ALL {
        with(protocol, "strict", &test);
    }
}

/// Runs a test in simulation.
pub(in crate::faults) fn with<T>(
    protocol: Protocol,
    profile: &str,
    test: impl AsyncFnOnce(World) -> T,
) -> T {
    Sim::run(3, async |sim| {
        let server = sim.process("server");
        let client = sim.process("client");
        let at = Addr::new("mock.test", 8080);
        test(World::new(protocol, profile, &server, client, at).await).await
    })
}

/// Runs a test on a loopback port. The server's clock stands still but for what the test makes of it.
pub(in crate::faults) fn on_loopback<T>(
    protocol: Protocol,
    test: impl AsyncFnOnce(World) -> T,
) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (clock, _hands) = Clock::manual(epoch());
        let env = Env::production("mock", std::path::Path::new("/nowhere")).with_clock(clock);
        test(World::new(protocol, "strict", &env, env.clone(), Addr::loopback()).await).await
    })
}

/// The same on a clock that goes.
pub(in crate::faults) fn on_live_loopback<T>(
    protocol: Protocol,
    test: impl AsyncFnOnce(World) -> T,
) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let env = Env::production("mock", std::path::Path::new("/nowhere"));
        test(World::new(protocol, "strict", &env, env.clone(), Addr::loopback()).await).await
    })
}

/// A rule as it stands in a script; it is one that can be armed.
#[track_caller]
pub(in crate::faults) fn rule(rule: Value) -> Rule {
    let rule: Rule = serde_json::from_value(rule).unwrap();
    assert_eq!(rule.check(), Ok(()));
    let again: Rule = serde_json::from_value(serde_json::to_value(&rule).unwrap()).unwrap();
    assert_eq!(again, rule);
    rule
}

impl World {
    async fn new(protocol: Protocol, profile: &str, server_env: &Env, env: Env, at: Addr) -> Self {
        let config = ServerConfig {
            side: Side::A,
            protocol,
            profile: profile.to_owned(),
            owner: OWNER.to_owned(),
            credential: Secret::new("s3cret"),
            seed: 11,
            others: vec![UserConfig {
                address: GUEST.to_owned(),
                credential: Secret::new("other"),
            }],
        };
        let server = Server::new(server_env, config).unwrap();
        let base = server.start(server_env, at).await.unwrap().endpoint.http();
        let client = Client::new(&env);
        let (calendar, account) = (String::new(), String::new());
        let mut world = Self { env, server, protocol, base, calendar, client, account };
        if protocol == Protocol::Dav {
            world.calendar = concat!("/dav/calendars/owner@example.com/", "work/").to_owned();
            let path = world.calendar.clone();
            assert_eq!(world.send("MKCALENDAR", &path, &[], "").await.status, 201);
        } else {
            world.calendar = world.server.create_calendar(Actor::Seed, "work");
        }
        if protocol == Protocol::Jmap {
            let session = world.send("GET", "/jmap/session", &[], "").await.json();
            let primary = &session["primaryAccounts"]["urn:ietf:params:jmap:calendars"];
            world.account = primary.as_str().unwrap().to_owned();
        }
        world
    }

    /// The same client without the connections that it has.
    pub(in crate::faults) fn connect_anew(&mut self) {
        self.client = Client::new(&self.env);
    }

    #[track_caller]
    pub(in crate::faults) fn arm(&self, it: Value) {
        self.server.arm(rule(it));
    }

    /// The code of a refusal that every protocol has: 503.
    pub(in crate::faults) fn busy(&self) -> Value {
        json!({ "error": { "code": "serverUnavailable", "status": 503 } })
    }

    pub(in crate::faults) async fn send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Answer {
        self.try_send(method, target, headers, body).await.unwrap()
    }

    /// Sends a request to a path, or to a whole URL.
    pub(in crate::faults) async fn try_send(
        &self,
        method: &str,
        target: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Error> {
        let whole = target.starts_with("http:");
        let url = if whole { target.to_owned() } else { format!("{}{target}", self.base) };
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let mut request = Request::builder().method(method).uri(url);
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", "Bearer s3cret");
        }
        if self.protocol != Protocol::Dav {
            request = request.header("content-type", "application/json");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response =
            self.client.send(request.body(Bytes::from(body.to_owned())).unwrap()).await?;
        Ok(Answer { status: response.status().as_u16(), response })
    }

    /// One JMAP call; its account is filled in.
    pub(in crate::faults) async fn try_call(
        &self,
        headers: &[(&str, &str)],
        name: &str,
        mut arguments: Value,
    ) -> Result<Answer, Error> {
        arguments["accountId"] = json!(self.account);
        let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
        let body = json!({ "using": using, "methodCalls": [[name, arguments, "0"]] });
        self.try_send("POST", "/jmap/api", headers, &body.to_string()).await
    }

    pub(in crate::faults) async fn call(&self, name: &str, arguments: Value) -> Answer {
        self.try_call(&[], name, arguments).await.unwrap()
    }

    /// The body of an event: iCalendar, JSCalendar or Graph's.
    pub(in crate::faults) fn event(&self, name: &str, guests: &[&str]) -> String {
        let title = format!("Event {name}");
        match self.protocol {
            Protocol::Dav => {
                let people = guests.iter().map(|guest| format!("ATTENDEE:mailto:{guest}\r\n"));
                let mut people: String = people.collect();
                if !guests.is_empty() {
                    people = format!("ORGANIZER:mailto:{OWNER}\r\n{people}");
                }
                format!(
                    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\n\
                     UID:{name}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:{title}\r\n\
                     DTSTART:20260504T090000Z\r\nDTEND:20260504T100000Z\r\n{people}END:VEVENT\r\n\
                     END:VCALENDAR\r\n"
                )
            }
            Protocol::Jmap => {
                let person = |(nth, guest): (usize, &&str)| {
                    let person = json!({
                        "@type": "Participant",
                        "calendarAddress": format!("mailto:{guest}"),
                        "roles": { "attendee": true },
                    });
                    (format!("p{nth}"), person)
                };
                let mut event = json!({
                    "@type": "Event", "uid": name, "title": title, "timeZone": "Etc/UTC",
                    "start": "2026-05-04T09:00:00", "duration": "PT1H",
                    "calendarIds": { &self.calendar: true },
                });
                if !guests.is_empty() {
                    let people: serde_json::Map<String, Value> =
                        guests.iter().enumerate().map(person).collect();
                    event["participants"] = Value::Object(people);
                    event["organizerCalendarAddress"] = json!(format!("mailto:{OWNER}"));
                }
                event.to_string()
            }
            Protocol::Graph => {
                let person = |guest: &&str| json!({ "emailAddress": { "address": guest }, "type": "required" });
                json!({
                    "subject": title,
                    "start": { "dateTime": "2026-05-04T09:00:00", "timeZone": "UTC" },
                    "end": { "dateTime": "2026-05-04T10:00:00", "timeZone": "UTC" },
                    "attendees": guests.iter().map(person).collect::<Vec<_>>(),
                })
                .to_string()
            }
        }
    }

    pub(in crate::faults) async fn create(&self, name: &str) -> Answer {
        self.try_create(name, &[]).await.unwrap()
    }

    /// Makes an event.
    pub(in crate::faults) async fn try_create(
        &self,
        name: &str,
        headers: &[(&str, &str)],
    ) -> Result<Answer, Error> {
        self.try_store(name, headers, &self.event(name, &[])).await
    }

    /// Makes an event with this body.
    pub(in crate::faults) async fn try_store(
        &self,
        name: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Answer, Error> {
        match self.protocol {
            Protocol::Dav => {
                let path = format!("{}{name}.ics", self.calendar);
                let mut all = vec![("content-type", "text/calendar")];
                all.extend(headers);
                self.try_send("PUT", &path, &all, body).await
            }
            Protocol::Jmap => {
                let event: Value = serde_json::from_str(body).unwrap();
                let arguments = json!({ "create": { name: event } });
                self.try_call(headers, "CalendarEvent/set", arguments).await
            }
            Protocol::Graph => {
                let path = format!("/v1.0/me/calendars/{}/events", self.calendar);
                self.try_send("POST", &path, headers, body).await
            }
        }
    }

    /// Makes some events.
    pub(in crate::faults) async fn fill(&self, names: &[&str]) {
        for name in names {
            let made = self.create(name).await;
            assert!(made.status < 300, "{}", made.text());
        }
    }

    /// The server's id of an event, or what identifies it there.
    pub(in crate::faults) fn id(&self, name: &str) -> String {
        let title = format!("Event {name}");
        let items = self.server.items();
        items.iter().find(|item| item.facts.title == title).unwrap().id.clone()
    }

    pub(in crate::faults) async fn read(&self, name: &str) -> Answer {
        match self.protocol {
            Protocol::Dav => {
                self.send("GET", &format!("{}{name}.ics", self.calendar), &[], "").await
            }
            Protocol::Jmap => {
                self.call("CalendarEvent/get", json!({ "ids": [self.id(name)] })).await
            }
            Protocol::Graph => {
                self.send("GET", &format!("/v1.0/me/events/{}", self.id(name)), &[], "").await
            }
        }
    }

    /// Every answer as text: status, headers and body, with the number of rows of a page.
    pub(in crate::faults) fn dump(&self, answer: &Result<Answer, Error>) -> String {
        let Ok(answer) = answer else { return "broken off\n".to_owned() };
        let mut text = format!("status: {}\n", answer.status);
        for (name, value) in answer.response.headers() {
            text.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
        }
        if let Some(parts) = answer.json()["responses"].as_array() {
            let part =
                |part: &Value| format!("{} {}", part["id"].as_str().unwrap(), part["status"]);
            let parts: Vec<String> = parts.iter().map(part).collect();
            text.push_str(&format!("parts: {}\n", parts.join(", ")));
        } else if answer.status < 300 {
            text.push_str(&format!("rows: {}\n", self.page(answer).rows.len()));
        }
        if self.protocol == Protocol::Dav
            && !answer.response.body().is_empty()
            && xml::read(answer.response.body(), &Limits::default()).is_err()
        {
            text.push_str("no XML\n");
        }
        text.push_str(&answer.text());
        text
    }

    /// Whom the server has told, a line a message.
    pub(in crate::faults) fn told(&self) -> String {
        let mails = self.server.mails(0);
        let line = |mail: &calamity_evidence::Mail| {
            format!("told: {} {}\n", format!("{:?}", mail.method).to_uppercase(), mail.to)
        };
        mails.iter().map(line).collect()
    }

    /// What a conditional write has to carry: an entity tag or a state.
    pub(in crate::faults) async fn tag(&self, name: &str) -> String {
        let read = self.read(name).await;
        match self.protocol {
            Protocol::Dav => read.header("etag").to_owned(),
            Protocol::Jmap => {
                read.json()["methodResponses"][0][1]["state"].as_str().unwrap().to_owned()
            }
            Protocol::Graph => read.json()["@odata.etag"].as_str().unwrap().to_owned(),
        }
    }

    /// Changes an event if it is still as it was at a tag.
    pub(in crate::faults) async fn update(&self, name: &str, tag: &str) -> Answer {
        match self.protocol {
            Protocol::Dav => {
                let body = self.event(name, &[]).replace("DTEND", "LOCATION:there\r\nDTEND");
                let headers = [("if-match", tag)];
                self.try_store(name, &headers, &body).await.unwrap()
            }
            Protocol::Jmap => {
                let update = json!({ self.id(name): { "description": "there" } });
                let arguments = json!({ "ifInState": tag, "update": update });
                self.call("CalendarEvent/set", arguments).await
            }
            Protocol::Graph => {
                let path = format!("/v1.0/me/events/{}", self.id(name));
                let body = json!({ "location": { "displayName": "there" } }).to_string();
                self.send("PATCH", &path, &[("if-match", tag)], &body).await
            }
        }
    }

    pub(in crate::faults) async fn delete(&self, name: &str) -> Answer {
        match self.protocol {
            Protocol::Dav => {
                self.send("DELETE", &format!("{}{name}.ics", self.calendar), &[], "").await
            }
            Protocol::Jmap => {
                self.call("CalendarEvent/set", json!({ "destroy": [self.id(name)] })).await
            }
            Protocol::Graph => {
                self.send("DELETE", &format!("/v1.0/me/events/{}", self.id(name)), &[], "").await
            }
        }
    }

    /// DAV: reads several resources, each with its own part of the answer.
    pub(in crate::faults) async fn multiget(&self, hrefs: &str) -> Result<Answer, Error> {
        let body = format!(
            "<C:calendar-multiget xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\
             <D:prop><D:getetag/></D:prop>{hrefs}</C:calendar-multiget>"
        );
        self.try_send("REPORT", &self.calendar, &[("depth", "1")], &body).await
    }

    /// Asks for a page of changes.
    pub(in crate::faults) async fn ask_changes(&self, token: &str) -> Answer {
        match self.protocol {
            Protocol::Dav => {
                let body = format!(
                    "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{token}</D:sync-token>\
                     <D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>\
                     </D:sync-collection>"
                );
                self.send("REPORT", &self.calendar, &[], &body).await
            }
            Protocol::Jmap => {
                self.call("CalendarEvent/changes", json!({ "sinceState": token })).await
            }
            Protocol::Graph if token.is_empty() => {
                let path = format!("/v1.0/me/calendars/{}/events/delta", self.calendar);
                self.send("GET", &path, &[], "").await
            }
            Protocol::Graph => self.send("GET", token, &[], "").await,
        }
    }

    /// A token of now.
    pub(in crate::faults) async fn token(&self) -> String {
        match self.protocol {
            Protocol::Jmap => {
                let read = self.call("CalendarEvent/get", json!({ "ids": [] })).await.json();
                read["methodResponses"][0][1]["state"].as_str().unwrap().to_owned()
            }
            _ => self.page(&self.ask_changes("").await).token,
        }
    }

    /// A page of changes.
    pub(in crate::faults) async fn changes(&self, token: &str) -> Page {
        self.page(&self.ask_changes(token).await)
    }

    /// A page as it was answered.
    #[track_caller]
    pub(in crate::faults) fn page(&self, answer: &Answer) -> Page {
        let items = self.server.items();
        let name = |id: &str| {
            let item = items.iter().find(|item| item.id == id);
            item.map_or(id, |item| item.facts.title.trim_start_matches("Event ")).to_owned()
        };
        if self.protocol == Protocol::Dav {
            let text = answer.text();
            let hrefs = text.split("<D:href>").skip(1);
            let hrefs = hrefs.map(|rest| rest.split("</D:href>").next().unwrap());
            let last =
                |href: &str| href.trim_end_matches('/').rsplit('/').next().unwrap().to_owned();
            let rows: Vec<String> = hrefs.map(last).map(|it| it.replace(".ics", "")).collect();
            let token = text.split("<D:sync-token>").nth(1).unwrap_or_default();
            let token = token.split("</D:sync-token>").next().unwrap().to_owned();
            let more = text.contains("507");
            return Page {
                rows: rows.into_iter().filter(|row| row != "work").collect(),
                token,
                more,
            };
        }
        let body = answer.json();
        let texts = |value: &Value| -> Vec<String> {
            let all = value.as_array().into_iter().flatten();
            all.map(|id| name(id.as_str().unwrap())).collect()
        };
        if self.protocol == Protocol::Jmap {
            let arguments = &body["methodResponses"][0][1];
            let lists = ["created", "updated", "destroyed"];
            return Page {
                rows: lists.iter().flat_map(|list| texts(&arguments[*list])).collect(),
                token: arguments["newState"].as_str().unwrap_or_default().to_owned(),
                more: arguments["hasMoreChanges"] == json!(true),
            };
        }
        let rows = body["value"].as_array().into_iter().flatten();
        let (delta, next) = (&body["@odata.deltaLink"], &body["@odata.nextLink"]);
        let link = if next.is_null() { delta } else { next };
        Page {
            rows: rows.map(|row| name(row["id"].as_str().unwrap())).collect(),
            token: link.as_str().unwrap_or_default().to_owned(),
            more: !next.is_null(),
        }
    }

    /// Milliseconds on the clock that a request takes.
    pub(in crate::faults) async fn timed<T>(&self, request: impl Future<Output = T>) -> (u64, T) {
        let before = self.env.clock.now();
        let done = request.await;
        let took = self.env.clock.now().duration_since(before);
        (u64::try_from(took.as_millis()).unwrap(), done)
    }
}

impl Answer {
    pub(in crate::faults) fn text(&self) -> String {
        String::from_utf8_lossy(self.response.body()).into_owned()
    }

    pub(in crate::faults) fn json(&self) -> Value {
        serde_json::from_slice(self.response.body()).unwrap_or_default()
    }

    pub(in crate::faults) fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether a write was refused, by a status or inside the answer.
    pub(in crate::faults) fn is_refused(&self) -> bool {
        let body = self.json();
        let lists = ["notCreated", "notUpdated", "notDestroyed"];
        let response = &body["methodResponses"][0];
        self.status >= 400
            || response[0] == json!("error")
            || lists.iter().any(|list| response[1][*list].is_object())
    }
}
