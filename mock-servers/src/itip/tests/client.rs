//! A client that makes, moves and deletes one meeting in the words of its protocol.

use bytes::Bytes;
use calamity_base::Sim;
use calamity_base::http::Client;
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_evidence::{Actor, Mail, Side};
use http::{Method, Request};
use serde_json::{Map, Value, json};

use crate::{Protocol, Server, ServerConfig};

pub(super) const OWNER: &str = "owner@example.com";
pub(super) const GUESTS: [&str; 2] = ["ann@example.net", "bob@example.net"];
const TOKEN: &str = "s3cret";

/// What the client says about telling people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    Nothing,
    Silent,
    Send,
}

/// A client of a server of one protocol.
#[derive(Debug)]
pub(super) struct Meeting {
    pub(super) server: Server,
    client: Client,
    base: String,
    protocol: Protocol,
    said: Said,
    calendar: String,
    /// The id of the meeting, once it is made.
    id: String,
}

/// Runs a test on a server with one calendar; time stands still.
pub(super) fn with_server<T>(
    protocol: Protocol,
    profile: &str,
    said: Said,
    test: impl AsyncFnOnce(Meeting) -> T,
) -> T {
    Sim::run(3, async |sim| {
        sim.net().set_latency(0..=0, 0);
        let process = sim.process("server");
        let config = ServerConfig {
            side: Side::A,
            protocol,
            profile: profile.to_owned(),
            owner: OWNER.to_owned(),
            credential: Secret::new(TOKEN),
            seed: 5,
            others: Vec::new(),
        };
        let server = Server::new(&process, config).unwrap();
        let calendar = server.create_calendar(Actor::Seed, "work");
        let served = server.start(&process, Addr::new("mock.test", 80)).await.unwrap();
        let (client, base) = (Client::new(&sim.process("client")), served.endpoint.http());
        let id = String::new();
        test(Meeting { server, client, base, protocol, said, calendar, id }).await
    })
}

impl Meeting {
    async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: String,
    ) -> Value {
        let mut request = Request::builder()
            .method(Method::from_bytes(method.as_bytes()).unwrap())
            .uri(format!("{}{path}", self.base))
            .header("authorization", format!("Bearer {TOKEN}"));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = self.client.send(request.body(Bytes::from(body)).unwrap()).await.unwrap();
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(answer.status().as_u16() < 500, "{method} {path}: {text}");
        let ok = answer.status().is_success();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        if ok { body } else { json!({ "refused": body }) }
    }

    /// Whether the answer was no refusal.
    async fn jmap(&mut self, set: Value) -> bool {
        let mut arguments = json!({ "accountId": self.account().await });
        let members = arguments.as_object_mut().unwrap();
        members.extend(set.as_object().unwrap().clone());
        match self.said {
            Said::Nothing => {}
            said => {
                members.insert("sendSchedulingMessages".to_owned(), json!(said == Said::Send));
            }
        }
        let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
        let body =
            json!({ "using": using, "methodCalls": [["CalendarEvent/set", arguments, "0"]] });
        let headers = [("content-type", "application/json")];
        let answer = self.send("POST", "/jmap/api", &headers, body.to_string()).await;
        let response = &answer["methodResponses"][0];
        if let Some(id) = response[1]["created"]["m"]["id"].as_str() {
            id.clone_into(&mut self.id);
        }
        let refused = ["notCreated", "notUpdated", "notDestroyed"]
            .iter()
            .any(|name| response[1][*name].as_object().is_some_and(|refused| !refused.is_empty()));
        response[0] == "CalendarEvent/set" && !refused
    }

    async fn account(&self) -> String {
        let session = self.send("GET", "/jmap/session", &[], String::new()).await;
        let primary = &session["primaryAccounts"]["urn:ietf:params:jmap:calendars"];
        primary.as_str().unwrap().to_owned()
    }

    async fn graph(&mut self, method: &str, path: &str, body: String) -> bool {
        let mut headers = vec![("content-type", "application/json")];
        match self.said {
            Said::Nothing => {}
            Said::Silent => headers.push(("prefer", "outlook.send-notifications=false")),
            Said::Send => headers.push(("prefer", "outlook.send-notifications=true")),
        }
        let answer = self.send(method, path, &headers, body).await;
        if let Some(id) = answer["id"].as_str() {
            id.clone_into(&mut self.id);
        }
        answer.get("refused").is_none()
    }

    /// Makes the meeting, with more members of it in the protocol's own words. False when it is
    /// refused.
    pub(super) async fn make(&mut self, more: &str) -> bool {
        let more: Map<String, Value> = serde_json::from_str(more).unwrap_or_default();
        match self.protocol {
            Protocol::Jmap => {
                let mut event = jmap_event(&self.calendar);
                event.as_object_mut().unwrap().extend(more);
                self.jmap(json!({ "create": { "m": event } })).await
            }
            Protocol::Graph => {
                let mut event = graph_event();
                event.as_object_mut().unwrap().extend(more);
                self.graph("POST", "/v1.0/me/events", event.to_string()).await
            }
            Protocol::Dav => self.put("20260504T090000Z", "20260504T100000Z", 0).await,
        }
    }

    /// Where CalDAV has it.
    fn path(&self) -> String {
        format!("/dav/calendars/{OWNER}/{}/meeting.ics", self.calendar)
    }

    async fn put(&self, start: &str, end: &str, sequence: u64) -> bool {
        let body = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:m-1\r\n\
             DTSTAMP:20260101T000000Z\r\nDTSTART:{start}\r\nDTEND:{end}\r\nSUMMARY:Budget\r\n\
             SEQUENCE:{sequence}\r\nORGANIZER:mailto:{OWNER}\r\n\
             ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{}\r\n\
             ATTENDEE;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
            GUESTS[0], GUESTS[1]
        );
        let answer =
            self.send("PUT", &self.path(), &[("content-type", "text/calendar")], body).await;
        answer.get("refused").is_none()
    }

    /// Changes members of it in the protocol's own words.
    pub(super) async fn patch(&mut self, members: Value) -> bool {
        let id = self.id.clone();
        match self.protocol {
            Protocol::Jmap => self.jmap(json!({ "update": { (id): members } })).await,
            _ => self.graph("PATCH", &format!("/v1.0/me/events/{id}"), members.to_string()).await,
        }
    }

    /// Moves it by an hour.
    pub(super) async fn shift(&mut self) -> bool {
        match self.protocol {
            Protocol::Jmap => self.patch(json!({ "start": "2026-05-04T10:00:00" })).await,
            Protocol::Graph => {
                let at = |hour: u8| json!({ "dateTime": format!("2026-05-04T{hour}:00:00"), "timeZone": "UTC" });
                self.patch(json!({ "start": at(10), "end": at(11) })).await
            }
            Protocol::Dav => self.put("20260504T100000Z", "20260504T110000Z", 1).await,
        }
    }

    /// Deletes it.
    pub(super) async fn delete(&mut self) -> bool {
        let id = self.id.clone();
        match self.protocol {
            Protocol::Jmap => self.jmap(json!({ "destroy": [id] })).await,
            Protocol::Graph => {
                self.graph("DELETE", &format!("/v1.0/me/events/{id}"), String::new()).await
            }
            Protocol::Dav => {
                self.send("DELETE", &self.path(), &[], String::new()).await.get("refused").is_none()
            }
        }
    }

    /// What was told from a place on.
    pub(super) fn mails(&self, from: usize) -> Vec<Mail> {
        self.server.mails(from)
    }
}

fn jmap_event(calendar: &str) -> Value {
    let guest = |address: &str| {
        json!({
            "@type": "Participant", "calendarAddress": format!("mailto:{address}"),
            "roles": { "attendee": true }, "expectReply": true,
        })
    };
    json!({
        "@type": "Event", "uid": "m-1", "calendarIds": { calendar: true }, "title": "Budget",
        "start": "2026-05-04T09:00:00", "duration": "PT1H", "timeZone": "Etc/UTC",
        "organizerCalendarAddress": format!("mailto:{OWNER}"),
        "participants": {
            "o": { "@type": "Participant", "calendarAddress": format!("mailto:{OWNER}"),
                   "roles": { "owner": true }, "participationStatus": "accepted" },
            "a": guest(GUESTS[0]), "b": guest(GUESTS[1]),
        },
    })
}

fn graph_event() -> Value {
    let guest = |address: &str| json!({ "type": "required", "emailAddress": { "name": address, "address": address } });
    json!({
        "subject": "Budget",
        "start": { "dateTime": "2026-05-04T09:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-05-04T10:00:00", "timeZone": "UTC" },
        "attendees": [guest(GUESTS[0]), guest(GUESTS[1])],
    })
}
