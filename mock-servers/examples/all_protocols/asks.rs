//! What a client of each protocol asks for, and what it learns from the answers.

use std::time::Duration;

use calamity_base::Env;
use calamity_base::entropy::Stream;
use calamity_base::http::Client;
use calamity_mock_servers::{Protocol, Server};
use http::Request;
use serde_json::{Value, json};

use super::client::Seen;
use super::hook::Hook;

/// A protocol, or its half that is about contacts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speaker {
    CalDav,
    CardDav,
    Jmap,
    Graph,
}

pub(super) const ALL: [Speaker; 4] =
    [Speaker::CalDav, Speaker::CardDav, Speaker::Jmap, Speaker::Graph];

/// A request.
#[derive(Clone, Debug, Default)]
pub(super) struct Ask {
    pub(super) method: &'static str,
    pub(super) target: String,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: String,
}

const CALENDAR: &str = "/dav/calendars/owner@example.com/storm/";
const BOOK: &str = "/dav/addressbooks/owner@example.com/storm/";
const HOOK: &str = "http://hook.test/told";

impl Speaker {
    pub(super) fn protocol(self) -> Protocol {
        match self {
            Self::CalDav | Self::CardDav => Protocol::Dav,
            Self::Jmap => Protocol::Jmap,
            Self::Graph => Protocol::Graph,
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::CalDav => "caldav",
            Self::CardDav => "carddav",
            Self::Jmap => "jmap",
            Self::Graph => "graph",
        }
    }

    /// What the names in the requests stand for. Asked before anything goes wrong; a JMAP server is
    /// asked to push as well, with the code that it sends said back.
    pub(super) async fn names(
        self,
        env: &Env,
        client: &Client,
        base: &str,
        server: &Server,
        hook: &Hook,
    ) -> Vec<(&'static str, String)> {
        if self != Self::Jmap {
            return Vec::new();
        }
        let send = async |request: http::request::Builder, body: String| -> Value {
            let request = request.header("authorization", "Bearer s3cret").body(body.into());
            let answer = client.send(request.expect("a request")).await.expect("an answer");
            serde_json::from_slice(answer.body()).unwrap_or_default()
        };
        let session = send(Request::get(format!("{base}/jmap/session")), String::new()).await;
        let set = async |arguments: Value| {
            let call = json!(["PushSubscription/set", arguments, "0"]);
            let body = json!({ "using": ["urn:ietf:params:jmap:core"], "methodCalls": [call] });
            let request = Request::post(format!("{base}/jmap/api"));
            send(request.header("content-type", "application/json"), body.to_string()).await
        };
        let wish = json!({ "deviceClientId": "d", "url": HOOK });
        let made = set(json!({ "create": { "p": wish } })).await;
        let id = made["methodResponses"][0][1]["created"]["p"]["id"].as_str().unwrap_or_default();
        env.clock.sleep(Duration::from_secs(1)).await;
        set(json!({ "update": { id: { "verificationCode": hook.code(id) } } })).await;
        let account = &session["primaryAccounts"]["urn:ietf:params:jmap:calendars"];
        let calendar = server.calendars().first().map(|(id, _)| id.clone());
        let account = account.as_str().unwrap_or_default().to_owned();
        vec![(ACCOUNT, account), (STORM, calendar.unwrap_or_default())]
    }

    /// The next request.
    pub(super) fn ask(self, stream: &mut Stream, step: u64, seen: &Seen) -> Ask {
        let some = usize::try_from(stream.below(1_000)).unwrap_or(0);
        let item = seen.items.get(some % seen.items.len().max(1)).cloned();
        let kind = if step == 0 { 0 } else { stream.below(9) };
        match self {
            Self::CalDav | Self::CardDav => self.dav(step, kind, item, seen),
            Self::Jmap => jmap(step, kind, item, seen),
            Self::Graph => graph(step, kind, item, seen),
        }
    }

    fn dav(self, step: u64, kind: u64, item: Option<String>, seen: &Seen) -> Ask {
        let (home, media) = match self {
            Self::CardDav => (BOOK, "text/vcard"),
            _ => (CALENDAR, "text/calendar"),
        };
        let object = |name: &str, more: &str| match self {
            Self::CardDav => format!(
                "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{name}\r\nFN:Person {more}\r\nN:Person;;;;\r\n\
                 END:VCARD\r\n"
            ),
            _ => format!(
                "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//storm//EN\r\nBEGIN:VEVENT\r\n\
                 UID:{name}\r\nDTSTAMP:20260101T000000Z\r\nSUMMARY:Event {more}\r\n\
                 DTSTART:20260504T090000Z\r\nDTEND:20260504T100000Z\r\n\
                 ORGANIZER:mailto:owner@example.com\r\nATTENDEE:mailto:far@elsewhere.test\r\n\
                 END:VEVENT\r\nEND:VCALENDAR\r\n"
            ),
        };
        let put = |target: String, name: &str, more: &str| Ask {
            method: "PUT",
            target,
            headers: vec![("content-type", media.to_owned())],
            body: object(name, more),
        };
        match (kind, item) {
            (0, _) if step == 0 => {
                let (method, body) = match self {
                    Self::CardDav => ("MKCOL", NEW_BOOK.to_owned()),
                    _ => ("MKCALENDAR", String::new()),
                };
                Ask { method, target: home.to_owned(), body, ..Ask::default() }
            }
            (3, Some(path)) => put(path.clone(), name_of(&path), &step.to_string()),
            (4, Some(path)) => Ask { method: "DELETE", target: path, ..Ask::default() },
            (5, Some(path)) => Ask { method: "GET", target: path, ..Ask::default() },
            (6, _) => Ask {
                method: "PROPFIND",
                target: home.to_owned(),
                headers: vec![("depth", "1".to_owned())],
                ..Ask::default()
            },
            (7 | 8, _) => Ask {
                method: "REPORT",
                target: home.to_owned(),
                body: format!(
                    "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{}</D:sync-token>\
                     <D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop>\
                     </D:sync-collection>",
                    seen.token
                ),
                ..Ask::default()
            },
            _ => {
                let ending = if self == Self::CardDav { "vcf" } else { "ics" };
                put(format!("{home}i{step}.{ending}"), &format!("i{step}"), &step.to_string())
            }
        }
    }

    /// Takes down what an answer tells.
    pub(super) fn learn(self, ask: &Ask, status: u16, body: &Value, text: &str, seen: &mut Seen) {
        match self {
            Self::CalDav | Self::CardDav => {
                if ask.method == "PUT" && status == 201 {
                    seen.items.push(ask.target.clone());
                }
                if let Some((_, rest)) = text.split_once("<D:sync-token>")
                    && let Some((token, _)) = rest.split_once("</D:sync-token>")
                {
                    token.clone_into(&mut seen.token);
                }
            }
            Self::Jmap => {
                let answer = &body["methodResponses"][0][1];
                let made = answer["created"].as_object().into_iter().flatten();
                let ids = made.filter_map(|(_, one)| one["id"].as_str());
                seen.items.extend(ids.map(str::to_owned));
                let state = answer["newState"].as_str().or(answer["state"].as_str());
                seen.token = state.map_or_else(|| seen.token.clone(), str::to_owned);
            }
            Self::Graph => {
                if ask.method == "POST" && status == 201 && ask.target.ends_with("/events") {
                    seen.items.extend(body["id"].as_str().map(str::to_owned));
                }
                let link = ["@odata.nextLink", "@odata.deltaLink"];
                if let Some(link) = link.iter().find_map(|name| body[*name].as_str()) {
                    link.clone_into(&mut seen.token);
                }
            }
        }
    }
}

const NEW_BOOK: &str = "<D:mkcol xmlns:D=\"DAV:\" xmlns:A=\"urn:ietf:params:xml:ns:carddav\"><D:set>\
     <D:prop><D:resourcetype><D:collection/><A:addressbook/></D:resourcetype></D:prop></D:set>\
     </D:mkcol>";

fn name_of(path: &str) -> &str {
    let last = path.rsplit('/').next().unwrap_or_default();
    last.split('.').next().unwrap_or_default()
}

fn jmap(step: u64, kind: u64, item: Option<String>, seen: &Seen) -> Ask {
    let event = |title: String| {
        json!({ "@type": "Event", "uid": format!("u{step}"), "title": title, "timeZone": "Etc/UTC",
            "start": "2026-05-04T09:00:00", "duration": "PT1H", "calendarIds": { STORM: true } })
    };
    let (name, arguments) = match (kind, item) {
        (1, _) if step.is_multiple_of(7) => {
            ("AddressBook/set", json!({ "create": { "b": { "name": "B" } } }))
        }
        (3, Some(id)) => {
            ("CalendarEvent/set", json!({ "update": { id: { "title": format!("t{step}") } } }))
        }
        (4, Some(id)) => ("CalendarEvent/set", json!({ "destroy": [id] })),
        (5, Some(id)) => ("CalendarEvent/get", json!({ "ids": [id] })),
        (6, _) => ("CalendarEvent/query", json!({})),
        (7, _) if !seen.token.is_empty() => {
            ("CalendarEvent/changes", json!({ "sinceState": seen.token }))
        }
        (8, _) => ("CalendarEvent/get", json!({ "ids": [] })),
        _ => ("CalendarEvent/set", json!({ "create": { "n": event(format!("e{step}")) } })),
    };
    let mut arguments = arguments;
    arguments["accountId"] = json!(ACCOUNT);
    let calls = vec![json!([name, arguments, "0"])];
    let using =
        ["core", "calendars", "contacts"].map(|name| format!("urn:ietf:params:jmap:{name}"));
    let body = json!({ "using": using, "methodCalls": calls }).to_string();
    let headers = vec![("content-type", "application/json".to_owned())];
    Ask { method: "POST", target: "/jmap/api".to_owned(), headers, body }
}

/// Stands for the account and the calendar until the server has told which they are.
const ACCOUNT: &str = "$account";
const STORM: &str = "#storm";

fn graph(step: u64, kind: u64, item: Option<String>, seen: &Seen) -> Ask {
    let event = json!({
        "subject": format!("e{step}"),
        "start": { "dateTime": "2026-05-04T09:00:00", "timeZone": "UTC" },
        "end": { "dateTime": "2026-05-04T10:00:00", "timeZone": "UTC" },
        "attendees": [{ "emailAddress": { "address": "far@elsewhere.test" }, "type": "required" }],
    });
    let (method, target, body) = match (kind, item) {
        (0, _) if step == 0 => (
            "POST",
            "/v1.0/subscriptions".to_owned(),
            json!({
            "changeType": "created,updated,deleted", "resource": "me/events",
            "notificationUrl": HOOK, "clientState": "s",
            "expirationDateTime": "2026-04-18T08:00:00Z" }),
        ),
        (2, _) => (
            "POST",
            "/v1.0/$batch".to_owned(),
            json!({ "requests": [
            { "id": "1", "method": "POST", "url": "/me/events", "body": event,
              "headers": { "Content-Type": "application/json" } },
            { "id": "2", "method": "GET", "url": "/me/calendars", "dependsOn": ["1"] } ] }),
        ),
        (3, Some(id)) => {
            ("PATCH", format!("/v1.0/me/events/{id}"), json!({ "subject": format!("t{step}") }))
        }
        (4, Some(id)) => ("DELETE", format!("/v1.0/me/events/{id}"), Value::Null),
        (5, Some(id)) => ("GET", format!("/v1.0/me/events/{id}"), Value::Null),
        (6, _) => ("GET", "/v1.0/me/events?$top=5".to_owned(), Value::Null),
        (7 | 8, _) => {
            let start = "/v1.0/me/events/delta".to_owned();
            ("GET", if seen.token.is_empty() { start } else { seen.token.clone() }, Value::Null)
        }
        _ => ("POST", "/v1.0/me/events".to_owned(), event),
    };
    let body = if body.is_null() { String::new() } else { body.to_string() };
    let headers = vec![("content-type", "application/json".to_owned())];
    Ask { method, target, headers, body }
}
