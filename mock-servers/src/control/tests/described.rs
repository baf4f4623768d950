//! The description and the routes are the same: every documented answer is given here, and every
//! answer is what its schema says.

use std::collections::{BTreeMap, BTreeSet};

use calamity_base::Sim;
use jsonschema::Validator;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::rig::{ALICE, Got, Rig, Served, config, no_files, small};
use crate::control::api::{Content, Guard, table};
use crate::control::{Fleet, Given, openapi};

/// (route, method, target, body, status); `{...}` in a target is what an earlier answer said.
type Step = (&'static str, &'static str, &'static str, &'static str, u16);

const RULE: &str = r#"{"id": "f", "site": "request", "what": {"error": {"status": 503}}}"#;
const EVENT: &str = r#"{"event": {"title": "Tea", "start": "2026-05-04T09:00:00", "uid": "tea"}}"#;

/// Every documented answer, in an order in which each is true.
const STEPS: &[Step] = &[
    ("index", "GET", "/", "", 200),
    ("index", "GET", "/?x=1", "", 400),
    ("description", "GET", "/openapi.json", "", 200),
    ("description", "GET", "/openapi.json?x", "", 400),
    ("servers", "GET", "/servers", "", 200),
    ("servers", "GET", "/servers?%zz=1", "", 400),
    ("certificate", "GET", "/certificate?x", "", 400),
    ("certificate", "GET", "/certificate", "", 404),
    ("arm", "POST", "/faults?server=dav", RULE, 201),
    ("arm", "POST", "/faults", RULE, 400),
    ("arm", "POST", "/faults?server=none", RULE, 404),
    ("arm", "POST", "/faults?server=dav", RULE, 409),
    (
        "arm",
        "POST",
        "/faults?server=dav",
        r#"{"id": "g", "site": "feed", "op": "x", "what": "omit"}"#,
        422,
    ),
    ("faults", "GET", "/faults", "", 200),
    ("faults", "GET", "/faults?server=dav&server=dav", "", 400),
    ("faults", "GET", "/faults?server=none", "", 404),
    ("fault", "GET", "/faults/f", "", 200),
    ("fault", "GET", "/faults/f?id=f", "", 400),
    ("fault", "GET", "/faults/none", "", 404),
    ("hits", "GET", "/faults/f/hits", "", 200),
    ("hits", "GET", "/faults/f/hits?n=1", "", 400),
    ("hits", "GET", "/faults/none/hits", "", 404),
    ("change", "PATCH", "/faults/f", r#"{"when": {"times": 2}}"#, 200),
    ("change", "PATCH", "/faults/f", r#"{"site": 5}"#, 400),
    ("change", "PATCH", "/faults/none", "{}", 404),
    ("change", "PATCH", "/faults/f", r#"{"when": {"every": 0}}"#, 422),
    ("release", "POST", "/faults/f/release", "", 200),
    ("release", "POST", "/faults/f/release?n=1", "", 400),
    ("release", "POST", "/faults/none/release", "", 404),
    ("held", "GET", "/held", "", 200),
    ("held", "GET", "/held?x", "", 400),
    ("held", "GET", "/held?server=none", "", 404),
    ("setScene", "PUT", "/scene?server=dav", r#"{"scene": "outage"}"#, 200),
    ("setScene", "PUT", "/scene", r#"{"name": "outage"}"#, 400),
    ("setScene", "PUT", "/scene?server=none", r#"{"scene": ""}"#, 404),
    ("scenes", "GET", "/scene", "", 200),
    ("scenes", "GET", "/scene?x", "", 400),
    ("scenes", "GET", "/scene?server=none", "", 404),
    ("setQuota", "PUT", "/quota", r#"{"items_max": 1000}"#, 200),
    ("setQuota", "PUT", "/quota", r#"{"items_max": -1}"#, 400),
    ("setQuota", "PUT", "/quota?server=none", "{}", 404),
    ("quotas", "GET", "/quota", "", 200),
    ("quotas", "GET", "/quota?x", "", 400),
    ("quotas", "GET", "/quota?server=none", "", 404),
    ("arm", "POST", "/faults?server=jmap", RULE, 201),
    ("fault", "GET", "/faults/f", "", 409),
    ("change", "PATCH", "/faults/f", "{}", 409),
    ("clear", "DELETE", "/faults/f", "", 409),
    ("clear", "DELETE", "/faults/f?server=jmap", "", 204),
    ("clear", "DELETE", "/faults/f?id", "", 400),
    ("clear", "DELETE", "/faults/f?server=jmap", "", 404),
    ("clock", "GET", "/clock", "", 200),
    ("clock", "GET", "/clock?x", "", 400),
    ("freeze", "POST", "/clock/freeze", "", 200),
    ("freeze", "POST", "/clock/freeze", r#"{"at": "yesterday"}"#, 400),
    ("advance", "POST", "/clock/advance", r#"{"by_ms": 1500}"#, 200),
    ("advance", "POST", "/clock/advance", "", 400),
    ("resume", "POST", "/clock/resume", "", 200),
    ("resume", "POST", "/clock/resume", "{}", 400),
    ("resetClock", "POST", "/clock/reset", "", 200),
    ("resetClock", "POST", "/clock/reset?x", "", 400),
    ("snapshot", "POST", "/state", r#"{"name": "before"}"#, 201),
    ("snapshot", "POST", "/state", r#"{"nome": "before"}"#, 400),
    ("snapshots", "GET", "/state", "", 200),
    ("snapshots", "GET", "/state?x", "", 400),
    ("oneSnapshot", "GET", "/state/1", "", 200),
    ("oneSnapshot", "GET", "/state/1?x", "", 400),
    ("oneSnapshot", "GET", "/state/2", "", 404),
    ("download", "GET", "/state/1/document?x", "", 400),
    ("download", "GET", "/state/2/document", "", 404),
    ("download", "GET", "/state/1/document", "", 200),
    ("upload", "POST", "/state/documents", "{document}", 201),
    ("upload", "POST", "/state/documents", r#"{"calamity-mock-snapshot": 1}"#, 400),
    ("upload", "POST", "/state/documents", "{foreign}", 422),
    ("restore", "POST", "/state/2/restore", "", 200),
    ("forget", "DELETE", "/state/2", "", 204),
    ("restore", "POST", "/state/1/restore", "", 200),
    ("restore", "POST", "/state/1/restore?x", "", 400),
    ("restore", "POST", "/state/one/restore", "", 404),
    ("forget", "DELETE", "/state/1?x", "", 400),
    ("forget", "DELETE", "/state/1", "", 204),
    ("forget", "DELETE", "/state/1", "", 404),
    ("actors", "GET", "/actors", "", 200),
    ("actors", "GET", "/actors?x", "", 400),
    ("actors", "GET", "/actors?server=none", "", 404),
    ("misfortune", "POST", "/misfortune?server=dav", r#"{"lose": {"share": 0.5}}"#, 200),
    ("misfortune", "POST", "/misfortune?server=dav", r#"{"lose": {"share": 2}}"#, 400),
    ("misfortune", "POST", "/misfortune?server=none", r#""recover""#, 404),
    (
        "addCollection",
        "POST",
        "/actors/alice@example.com/collections?server=dav",
        r#"{"name": "Play", "kind": "calendar"}"#,
        204,
    ),
    (
        "addCollection",
        "POST",
        "/actors/alice@example.com/collections?server=dav",
        r#"{"name": "", "kind": "calendar"}"#,
        400,
    ),
    (
        "addCollection",
        "POST",
        "/actors/none@example.com/collections",
        r#"{"name": "Play", "kind": "calendar"}"#,
        404,
    ),
    (
        "addCollection",
        "POST",
        "/actors/alice@example.com/collections?server=dav",
        r#"{"name": "Play", "kind": "calendar"}"#,
        409,
    ),
    ("create", "POST", "/actors/alice@example.com/items?server=dav", EVENT, 201),
    ("create", "POST", "/actors/alice@example.com/items?server=dav", r#"{"icalendar": "x"}"#, 400),
    ("create", "POST", "/actors/none@example.com/items", EVENT, 404),
    ("create", "POST", "/actors/alice@example.com/items?server=dav", EVENT, 409),
    ("create", "POST", "/actors/alice@example.com/items?server=graph", "{unwritable}", 422),
    ("items", "GET", "/actors/alice@example.com/items?server=dav", "", 200),
    ("items", "GET", "/actors/alice@example.com/items?server=dav&kind=note", "", 400),
    ("items", "GET", "/actors/none@example.com/items", "", 404),
    ("item", "GET", "/actors/alice@example.com/items/{item}?server=dav", "", 200),
    ("item", "GET", "/actors/alice@example.com/items/{item}", "", 400),
    ("item", "GET", "/actors/alice@example.com/items/none?server=dav", "", 404),
    (
        "edit",
        "PATCH",
        "/actors/alice@example.com/items/{item}?server=dav",
        r#"{"title": "Coffee"}"#,
        200,
    ),
    (
        "edit",
        "PATCH",
        "/actors/alice@example.com/items/{item}?server=dav",
        r#"{"shift": {"minutes": 999999999999}}"#,
        400,
    ),
    ("edit", "PATCH", "/actors/alice@example.com/items/none?server=dav", r#"{"title": "x"}"#, 404),
    (
        "edit",
        "PATCH",
        "/actors/alice@example.com/items/{item}?server=dav",
        r#"{"cancel-occurrence": {"nth": 1}}"#,
        422,
    ),
    ("delete", "DELETE", "/actors/alice@example.com/items/{item}?server=dav&x", "", 400),
    ("delete", "DELETE", "/actors/alice@example.com/items/{item}?server=dav", "", 204),
    ("delete", "DELETE", "/actors/alice@example.com/items/{item}?server=dav", "", 404),
    ("journal", "GET", "/journal", "", 200),
    ("journal", "GET", "/journal?status=ok", "", 400),
    ("journal", "GET", "/journal?server=none", "", 404),
    ("count", "GET", "/journal/count?op=*.delete", "", 200),
    ("count", "GET", "/journal/count?limit=1", "", 400),
    ("count", "GET", "/journal/count?server=none", "", 404),
    (
        "verify",
        "POST",
        "/journal/verify?server=dav",
        r#"{"sequence": [{"method": "GET"}], "mode": "exact"}"#,
        200,
    ),
    ("verify", "POST", "/journal/verify", r#"{"sequence": []}"#, 400),
    ("verify", "POST", "/journal/verify?server=none", r#"{"sequence": []}"#, 404),
    (
        "nearMisses",
        "POST",
        "/journal/near-misses?server=dav",
        r#"{"expected": {"path": "/x", "op": "*"}}"#,
        200,
    ),
    ("nearMisses", "POST", "/journal/near-misses?server=dav", r#"{"expected": 5}"#, 400),
    ("nearMisses", "POST", "/journal/near-misses?server=none", r#"{"expected": {}}"#, 404),
    ("outbox", "GET", "/outbox?method=REQUEST", "", 200),
    ("outbox", "GET", "/outbox?method=request", "", 400),
    ("outbox", "GET", "/outbox?server=none", "", 404),
    ("events", "GET", "/events", "", 200),
    ("events", "GET", "/events?from=0", "", 400),
    ("events", "GET", "/events?server=none", "", 404),
    ("reset", "POST", "/reset?x", "", 400),
    ("reset", "POST", "/reset?server=none", "", 404),
    ("reset", "POST", "/reset", "", 204),
];

/// A series in a way of which Graph knows nothing.
const UNWRITABLE: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:h\r\n\
    DTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\nRRULE:FREQ=HOURLY;COUNT=3\r\n\
    SUMMARY:Hourly\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

struct Checked {
    document: Value,
    validators: BTreeMap<String, Validator>,
    seen: BTreeSet<(String, u16)>,
}

impl Checked {
    fn new() -> Self {
        Self { document: openapi(None), validators: BTreeMap::new(), seen: BTreeSet::new() }
    }

    /// Holds an answer against what the description says of it.
    fn check(&mut self, name: &str, got: &Got) {
        let route = table().find(|route| route.name == name).unwrap();
        let method = route.method.as_str().to_ascii_lowercase();
        let operation = &self.document["paths"][route.path][&method];
        assert_eq!(operation["operationId"], name);
        let described = &operation["responses"][got.status.to_string()];
        assert!(described.is_object(), "{name} does not say that it answers {}", got.status);
        self.seen.insert((name.to_owned(), got.status));
        let Some(content) = described.get("content") else {
            assert_eq!((&got.media_type, &got.body), (&String::new(), &json!("")), "{name}");
            return;
        };
        let schema = &content[&got.media_type]["schema"];
        assert!(schema.is_object(), "{name} does not say that it answers {}", got.media_type);
        let key = format!("{name} {}", got.status);
        let validator = self.validators.entry(key).or_insert_with(|| {
            let mut schema = schema.clone();
            schema["components"] = self.document["components"].clone();
            jsonschema::draft202012::new(&schema).unwrap()
        });
        let errors: Vec<String> =
            validator.iter_errors(&got.body).map(|error| error.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new(), "{name} {}: {}", got.status, got.body);
    }
}

#[test]
fn every_documented_answer_is_given_and_is_what_it_says() {
    Sim::run(1, async |sim| {
        let mut servers = serde_json::json!([]);
        for protocol in ["jmap", "dav", "graph"] {
            servers.as_array_mut().unwrap().push(json!({
                "name": protocol, "protocol": protocol, "listen": "mock.test:0",
                "users": [{ "address": ALICE, "password": "a-secret", "calendars": [{ "name": "Work" }] }],
            }));
        }
        let config = config(json!({ "servers": servers }));
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &config).await;
        served.status(&format!("{}/dav/", served.url("dav"))).await;
        let mut checked = Checked::new();
        let (mut item, mut document) = (String::new(), Value::Null);
        for (name, method, target, body, status) in STEPS {
            // Ids of DAV are paths.
            let target = target.replace("{item}", &item.replace('/', "%2F"));
            let unwritable = json!({ "icalendar": UNWRITABLE }).to_string();
            let foreign = document.to_string().replace("\"seed\":1", "\"seed\":2");
            let body = body
                .replace("{unwritable}", &unwritable)
                .replace("{document}", &document.to_string())
                .replace("{foreign}", &foreign);
            let got = served.rig.ask(method, &target, body).await;
            assert_eq!(got.status, *status, "{method} {target}: {}", got.body);
            if let Some(id) = got.body["items"][0]["id"].as_str() {
                item = id.to_owned();
            }
            checked.check(name, &got);
            if *name == "download" {
                document = got.body;
            }
        }
        every_limit(&served.rig, &mut checked).await;
        let full = served.rig.ask("POST", "/state/documents", document.to_string()).await;
        checked.check("upload", &full);
        let secure = json!({ "servers": [{
            "name": "jmap", "protocol": "jmap", "listen": "tls.test:0", "tls": "generated",
            "users": [{ "address": ALICE, "password": "a-secret" }],
        }]});
        let mut secure = super::rig::config(secure);
        secure.control.listen.0.host = "tls.test".to_owned();
        let served = Served::new(&sim.process("tls"), &sim.process("client"), &secure).await;
        checked.check("certificate", &served.rig.ask("GET", "/certificate", "").await);
        let (early, _) =
            Fleet::new(&sim.process("early"), &small(), &Given::files(&no_files)).unwrap();
        let early = Rig::of(early);
        for (name, path) in [("servers", "/servers"), ("certificate", "/certificate")] {
            checked.check(name, &early.ask("GET", path, "").await);
        }
        let documented = table().flat_map(|route| {
            route.answers.iter().map(|reply| (route.name.to_owned(), reply.status))
        });
        assert_eq!(checked.seen, documented.collect());
    });
}

/// Answers that come when there is too much of something.
async fn every_limit(rig: &Rig, checked: &mut Checked) {
    for (name, method, path, limit) in
        [("snapshot", "POST", "/state", 32), ("events", "GET", "/events", 32)]
    {
        let mut last = rig.ask(method, path, "").await;
        let mut count = 0;
        while last.status < 400 {
            count += 1;
            last = rig.ask(method, path, "").await;
        }
        // One of the events was followed before.
        assert!((limit - 1..=limit).contains(&count), "{name}: {count}");
        checked.check(name, &last);
    }
    rig.streams.lock().unwrap().clear();
}

#[test]
fn what_any_request_may_be_refused_with_is_described() {
    let document = openapi(None);
    let validator = |status: u16| {
        let mut schema = document["components"]["responses"][status.to_string()]["content"]
            ["application/problem+json"]["schema"]
            .clone();
        schema["components"] = document["components"].clone();
        jsonschema::draft202012::new(&schema).unwrap()
    };
    Sim::run(1, async |sim| {
        let guard = json!({ "token": "a-long-secret", "hosts": ["mock.example.org"] });
        let guard = Guard::new(&serde_json::from_value(guard).unwrap());
        let (fleet, _) =
            Fleet::new(&sim.process("mock"), &small(), &Given::files(&no_files)).unwrap();
        let rig = Rig::guarded(fleet, guard);
        let bearer = ("authorization", "bearer a-long-secret");
        let ask = async |headers: &[(&'static str, &str)]| {
            let got = rig.ask_with("GET", "/clock", headers, "").await;
            if got.status != 200 {
                assert!(validator(got.status).is_valid(&got.body), "{}", got.body);
            }
            (got.status, got.head.get("access-control-allow-origin").is_some())
        };
        for host in [
            "127.0.0.1:80",
            "[::1]:80",
            "localhost",
            "LOCALHOST.:80",
            "a.localhost:1",
            "10.0.0.7:80",
            "mock.example.org:80",
        ] {
            assert_eq!(ask(&[("host", host), bearer]).await, (200, false), "{host}");
        }
        for host in
            ["evil.example:80", "127.0.0.1.evil.example", "[::1", "[::1.evil]", "", "locälhost"]
        {
            assert_eq!(ask(&[("host", host), bearer]).await, (421, false), "{host}");
        }
        let own = ("origin", "http://localhost:80");
        assert_eq!(ask(&[("host", "localhost:80"), own, bearer]).await, (200, false));
        for origin in ["http://evil.example", "null", "https://localhost:80", "http://localhost:81"]
        {
            let headers = [("host", "localhost:80"), ("origin", origin), bearer];
            assert_eq!(ask(&headers).await, (403, false), "{origin}");
        }
        for wrong in
            ["Bearer", "Bearer a-long-secre", "Basic a-long-secret", "Bearer a-long-secret1"]
        {
            assert_eq!(ask(&[("authorization", wrong)]).await, (401, false), "{wrong}");
        }
        assert_eq!(ask(&[]).await, (401, false));
        let challenged = rig.ask_with("GET", "/clock", &[], "").await;
        assert_eq!(challenged.head["www-authenticate"], "Bearer");
    });
}

#[test]
fn the_description_names_each_route_once_and_its_segments() {
    let document = openapi(Some("http://127.0.0.1:1"));
    assert_eq!(document["openapi"], "3.1.0");
    assert_eq!(document["servers"][0]["url"], "http://127.0.0.1:1");
    let described: usize = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .map(|path| path.as_object().unwrap().len())
        .sum();
    assert_eq!(described, table().count(), "two routes have one method and path");
    let names: BTreeSet<&str> = table().map(|route| route.name).collect();
    assert_eq!(names.len(), table().count(), "two routes have one name");
    let faults = &document["paths"]["/faults/{fault}"]["get"]["parameters"];
    let named: Vec<&str> =
        faults.as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(named, ["fault", "server"]);
    for route in table() {
        assert!(route.answers.iter().any(|reply| reply.status < 300), "{}", route.name);
        assert!(
            !route
                .answers
                .iter()
                .any(|reply| { reply.status >= 400 && !matches!(reply.content, Content::Problem) })
        );
    }
}

#[test]
fn what_is_not_there_and_what_cannot_be_done_is_told() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        let missing = rig.ask("GET", "/nowhere", "").await;
        assert_eq!(
            (missing.status, missing.media_type.as_str()),
            (404, "application/problem+json")
        );
        assert!(missing.body["detail"].as_str().unwrap().contains("/openapi.json"));
        let wrong = rig.ask("PUT", "/faults", "").await;
        assert_eq!((wrong.status, &wrong.head["allow"]), (405, &"GET, POST".parse().unwrap()));
        let head = rig.ask("HEAD", "/clock", "").await;
        assert_eq!(head.status, 200);
        let body = rig.ask("POST", "/clock/advance", "{\n \"by\": 1}").await;
        assert_eq!((body.status, body.body["line"].as_u64()), (400, Some(2)));
        let server = rig.ask("POST", "/faults", "{}").await;
        let detail = server.body["detail"].as_str().unwrap();
        assert!(detail.contains("?server=jmap, or ?server=dav"), "{detail}");
    });
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is sent, the answer is one, and none that blames the server.
    #[test]
    fn whatever_is_asked_is_answered(
        method in "GET|POST|PATCH|DELETE|PUT",
        route in 0..64_usize,
        segment in "[a-z0-9%]{0,8}",
        query in "(server|op|from|since|kind|limit|title|at)?=?[a-z0-9%+*&=]{0,12}",
        body in prop_oneof![
            Just(String::new()),
            Just("{}".to_owned()),
            ".{0,40}",
            r#"\{"(id|at|by_ms|event|sequence|expected|vcard|icalendar|scene|items_max)": ?("x"|1|\[\]|\{\}|null)\}"#,
        ],
    ) {
        let routes: Vec<_> = table().collect();
        let path = routes[route % routes.len()].path;
        let path: Vec<&str> = path
            .split('/')
            .map(|part| if part.starts_with('{') { segment.as_str() } else { part })
            .collect();
        let target = format!("{}?{query}", path.join("/"));
        prop_assume!(target.parse::<http::Uri>().is_ok());
        let status = Sim::run(1, async |sim| {
            let rig = Rig::new(&sim.process("mock"), &small());
            rig.ask(&method, &target, body).await.status
        });
        prop_assert!((200..500).contains(&status) || status == 503, "{method} {target}: {status}");
    }
}
