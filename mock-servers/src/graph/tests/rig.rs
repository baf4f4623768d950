//! A server and a client on a simulated network.

use bytes::Bytes;
use calamity_base::http::{Answer as Raw, Client, Handler, Incoming};
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_base::{Env, Sim};
use calamity_evidence::{Mail, Method as MailMethod, Side, WriteResult};
use http::{HeaderMap, Method, Request};
use serde_json::{Value, json};

use crate::graph::schema::table::Table;
use crate::{Protocol, Server, ServerConfig, UserConfig};

/// The mailbox's owner.
pub(super) const OWNER: &str = "owner@example.com";
/// The extended property that tests use.
pub(super) const PROPERTY: &str = "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name Uid";

/// See the module.
pub(super) struct Rig {
    pub(super) server: Server,
    pub(super) sim: Sim,
    client: Client,
    pub(super) base: String,
    table: Table,
    _process: Env,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: Value,
    pub(super) text: String,
}

impl Answer {
    /// The code of an error.
    pub(super) fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// The rows of a collection.
    #[track_caller]
    pub(super) fn rows(&self) -> &[Value] {
        self.body["value"].as_array().expect("a collection")
    }

    /// One member of every row.
    #[track_caller]
    pub(super) fn column(&self, name: &str) -> Vec<&str> {
        self.rows().iter().map(|row| row[name].as_str().unwrap_or_default()).collect()
    }

    /// The id of a resource.
    #[track_caller]
    pub(super) fn id(&self) -> String {
        self.body["id"].as_str().expect("an id").to_owned()
    }

    /// A link.
    #[track_caller]
    pub(super) fn link(&self, name: &str) -> String {
        self.body[name].as_str().expect("a link").to_owned()
    }

    pub(super) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }
}

/// A configuration of the server under test.
pub(super) fn config(profile: &str) -> ServerConfig {
    ServerConfig {
        side: Side::A,
        protocol: Protocol::Graph,
        profile: profile.to_owned(),
        owner: OWNER.to_owned(),
        credential: Secret::new("token"),
        seed: 7,
        others: Vec::new(),
    }
}

/// Another user of the server, whose credential is `guest`.
pub(super) const GUEST: &str = "guest@example.com";
/// A third one, whose credential is `third`.
pub(super) const THIRD: &str = "third@example.com";
/// The header by which the guest is known.
pub(super) const AS_GUEST: (&str, &str) = ("authorization", "Bearer guest");

/// A configuration with three users.
fn shared(profile: &str) -> ServerConfig {
    let user = |address: &str, secret: &str| UserConfig {
        address: address.to_owned(),
        credential: Secret::new(secret),
    };
    let others = vec![user(GUEST, "guest"), user(THIRD, "third")];
    ServerConfig { others, ..config(profile) }
}

/// Runs a test against an m365 server with three users.
pub(super) fn with_people<T>(test: impl AsyncFnOnce(Rig) -> T) -> T {
    with_config(shared("m365"), test)
}

/// Runs a test against an m365 server.
pub(super) fn run<T>(test: impl AsyncFnOnce(Rig) -> T) -> T {
    with_profile("m365", test)
}

/// Runs a test against a server of a profile.
pub(super) fn with_profile<T>(profile: &str, test: impl AsyncFnOnce(Rig) -> T) -> T {
    with_config(config(profile), test)
}

/// Runs a test against a server.
pub(super) fn with_config<T>(config: ServerConfig, test: impl AsyncFnOnce(Rig) -> T) -> T {
    Sim::run(1, async |sim| {
        // Time stands still between requests, so that stamps are exact.
        sim.net().set_latency(0..=0, 0);
        let process = sim.process("server");
        let server = Server::new(&process, config).expect("a profile");
        let at = Addr::new("graph.example", 80);
        let served = server.start(&process, at).await.expect("an address");
        let client = Client::new(&sim.process("client"));
        let base = served.endpoint.http();
        let table = Table::read();
        test(Rig { server, sim, client, base, table, _process: process }).await
    })
}

impl Rig {
    /// Sends a request; a target that is a URL is taken as it is.
    pub(super) async fn send(
        &self,
        method: Method,
        target: &str,
        headers: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Answer {
        let url = match target.strip_prefix('/') {
            Some(path) => format!("{}/v1.0/{path}", self.base),
            None => target.to_owned(),
        };
        let mut request = Request::builder().method(method).uri(url);
        if !headers.iter().any(|(name, _)| *name == "authorization") {
            request = request.header("authorization", "Bearer token");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let request = request.body(body).expect("a request");
        let response = self.client.send(request).await.expect("an answer");
        let body: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        self.check(&body);
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: String::from_utf8_lossy(response.body()).into_owned(),
            body,
        }
    }

    /// Holds what was answered against the metadata: names, types, nullability.
    #[track_caller]
    fn check(&self, body: &Value) {
        for response in body["responses"].as_array().into_iter().flatten() {
            self.check(&response["body"]);
        }
        let context = body["@odata.context"].as_str().unwrap_or_default();
        let Some((_, named)) = context.split_once("$metadata#") else { return };
        let named = named.trim_end_matches("/$entity");
        // What was selected stands behind the name of the set.
        let selected = named.ends_with(')') && !named.starts_with("Collection(");
        let named = if selected { named.rsplit_once('(').map_or(named, |it| it.0) } else { named };
        let named = match named.strip_prefix("users('").and_then(|rest| rest.split_once("')/")) {
            Some((_, rest)) => format!("me/{rest}"),
            None => named.to_owned(),
        };
        let kind = match named.as_str() {
            "me/events" | "me/calendarView" | "me/events/instances" | "Collection(event)" => {
                "event"
            }
            "me/calendars" => "calendar",
            "me/calendarGroups" => "calendarGroup",
            "me/mailboxSettings" => "mailboxSettings",
            "me/contacts" | "Collection(contact)" => "contact",
            "me/contactFolders" | "Collection(contactFolder)" => "contactFolder",
            "users" => "user",
            "subscriptions" => "subscription",
            other => {
                let known = ["/extensions", "/attachments"];
                let is_known = known.iter().any(|known| other.ends_with(known))
                    || other.starts_with("me/mailboxSettings/");
                assert!(is_known || other.starts_with("Collection(microsoft.graph."), "{other}");
                return;
            }
        };
        let wrong = match body["value"].as_array() {
            Some(rows) => rows.iter().flat_map(|row| self.table.wrong(kind, row, kind)).collect(),
            None => self.table.wrong(kind, body, kind),
        };
        let mut wrong: Vec<String> = wrong;
        // The type of attachments is not in the table, as there are none.
        let none = body["attachments"].as_array().is_some_and(Vec::is_empty);
        wrong.retain(|it| !none || it != "event/attachments: event has no such property");
        assert_eq!(wrong, Vec::<String>::new());
    }

    /// Sends a form to the token endpoint.
    pub(super) async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let encode = crate::graph::odata::encode;
        let pairs = fields.iter().map(|(name, value)| format!("{name}={}", encode(value)));
        let body = pairs.collect::<Vec<_>>().join("&");
        let request = Request::post(format!("{}{path}", self.base))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Bytes::from(body))
            .expect("a request");
        let response = self.client.send(request).await.expect("an answer");
        Answer {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: String::from_utf8_lossy(response.body()).into_owned(),
            body: serde_json::from_slice(response.body()).unwrap_or_default(),
        }
    }

    /// Sends a request as another user than the owner.
    pub(super) async fn by(
        &self,
        who: (&str, &str),
        method: Method,
        target: &str,
        body: Option<&Value>,
    ) -> Answer {
        self.send(method, target, &[who], body).await
    }

    /// Sends a batch.
    pub(super) async fn batch(&self, requests: Value) -> Answer {
        self.post("/$batch", &json!({ "requests": requests })).await
    }

    pub(super) async fn get(&self, target: &str) -> Answer {
        self.send(Method::GET, target, &[], None).await
    }

    pub(super) async fn post(&self, target: &str, body: &Value) -> Answer {
        self.send(Method::POST, target, &[], Some(body)).await
    }

    pub(super) async fn patch(&self, target: &str, body: &Value) -> Answer {
        self.send(Method::PATCH, target, &[], Some(body)).await
    }

    pub(super) async fn delete(&self, target: &str) -> Answer {
        self.send(Method::DELETE, target, &[], None).await
    }

    /// Makes a calendar and returns its id.
    pub(super) async fn calendar(&self, name: &str) -> String {
        let made = self.post("/me/calendars", &json!({ "name": name })).await;
        assert_eq!(made.status, 201, "{:?}", made.body);
        made.id()
    }

    /// Makes an event in a calendar and returns its id.
    pub(super) async fn event(&self, calendar: &str, body: &Value) -> String {
        let made = self.post(&format!("/me/calendars/{calendar}/events"), body).await;
        assert_eq!(made.status, 201, "{:?}", made.body);
        made.id()
    }

    /// The outbox as (method, recipient), from a place on.
    pub(super) fn told(&self, from: usize) -> Vec<(MailMethod, String)> {
        let told = |mail: Mail| (mail.method, mail.to);
        self.server.mails(from).into_iter().map(told).collect()
    }

    /// The codes of refused writes, in order.
    pub(super) fn refusals(&self) -> Vec<String> {
        let writes = self.server.writes(0).into_iter();
        writes
            .filter_map(|write| match write.result {
                WriteResult::Refused(refusal) => Some(refusal.code),
                WriteResult::Applied => None,
            })
            .collect()
    }

    /// Hands a request to the server without a network, for answers that are none.
    pub(super) async fn raw(&self, method: Method, target: &str) -> Raw {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "Bearer token".parse().expect("a value"));
        headers.insert("host", "graph.example".parse().expect("a value"));
        let uri = format!("/v1.0{target}").parse().expect("a target");
        let request = Incoming { method, uri, headers, body: Bytes::new(), connection: 1 };
        self.server.handle(request).await
    }
}

/// A timed event of an hour in May 2026.
pub(super) fn timed(subject: &str, day: u8, hour: u8) -> Value {
    json!({
        "subject": subject,
        "start": { "dateTime": format!("2026-05-{day:02}T{hour:02}:00:00"), "timeZone": "UTC" },
        "end": { "dateTime": format!("2026-05-{day:02}T{:02}:00:00", hour + 1), "timeZone": "UTC" },
    })
}

/// A series of five Mondays from 4 May 2026 on, at nine in Berlin.
pub(super) fn weekly(subject: &str) -> Value {
    json!({
        "subject": subject,
        "start": { "dateTime": "2026-05-04T09:00:00", "timeZone": "Europe/Berlin" },
        "end": { "dateTime": "2026-05-04T10:00:00", "timeZone": "Europe/Berlin" },
        "recurrence": {
            "pattern": { "type": "weekly", "interval": 1, "daysOfWeek": ["Monday"] },
            "range": { "type": "numbered", "startDate": "2026-05-04", "numberOfOccurrences": 5 },
        },
    })
}

/// The same with more members.
pub(super) fn and(mut body: Value, more: Value) -> Value {
    let Value::Object(more) = more else { return body };
    if let Some(members) = body.as_object_mut() {
        members.extend(more);
    }
    body
}

/// Attendees of a body.
pub(super) fn invited(addresses: &[&str]) -> Value {
    let one =
        |address: &&str| json!({ "emailAddress": { "address": address }, "type": "required" });
    json!({ "attendees": addresses.iter().map(one).collect::<Vec<_>>() })
}
