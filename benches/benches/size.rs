//! What an item costs in memory, and whether a change feed costs what changed and not what is there:
//! `cargo bench -p calamity-benches --bench size`.
//!
//! Memory is the process's resident set, so that each protocol runs in a process of its own.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::path::Path;
use std::process::Command;

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::Client;
use calamity_benches::{DAV_WORK, Mock, Pairs};
use calamity_evidence::Actor;
use calamity_mock_servers::{Edit, Protocol};
use http::Request;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const FEW: usize = 1_000;
const MANY: usize = 100_000;
/// Changes that a feed tells of.
const CHANGES: usize = 10;
const ROUNDS: usize = 401;

fn main() {
    let mut arguments = std::env::args().skip(1).filter(|argument| !argument.starts_with("--"));
    match arguments.next().as_deref() {
        Some("dav") => measure("dav", Protocol::Dav),
        Some("jmap") => measure("jmap", Protocol::Jmap),
        Some("graph") => measure("graph", Protocol::Graph),
        _ => {
            println!(
                "{:<8} {:>10} {:>14} {:>16} {:>18} {:>8}",
                "server", "items", "bytes an item", "feed of 1e3, us", "feed of 1e5, us", "ratio"
            );
            let this = std::env::current_exe().expect("a program");
            for protocol in ["dav", "jmap", "graph"] {
                let ran = Command::new(&this).arg(protocol).status().expect("a process");
                assert!(ran.success(), "{protocol}");
            }
        }
    }
}

fn measure(name: &str, protocol: Protocol) {
    let few = Mock::start(protocol, FEW).expect("a server");
    let before = resident();
    let many = Mock::start(protocol, MANY).expect("a server");
    let bytes = resident().saturating_sub(before) / MANY;
    let line = Line::new();
    let [ask_few, ask_many] = [&few, &many].map(|mock| {
        let ask = asker(protocol, mock, &line);
        change(mock);
        check(protocol, &line.send(ask()));
        ask
    });
    let mut pairs = Pairs::default();
    for _ in 0..ROUNDS {
        pairs.take(|| drop(line.send(ask_few())), || drop(line.send(ask_many())));
    }
    let found = pairs.ratio(name).expect("rounds");
    let (few_us, many_us) = (found.floor_us, found.mock_us);
    let ratio = many_us / few_us;
    println!("{name:<8} {MANY:>10} {bytes:>14} {few_us:>16.0} {many_us:>18.0} {ratio:>8.2}");
}

/// What asks the servers.
struct Line {
    runtime: Runtime,
    client: Client,
}

impl Line {
    fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let client = Client::new(&Env::production("bench-client", Path::new(".")));
        Self { runtime: runtime.expect("a runtime"), client }
    }

    fn send(&self, request: Request<Bytes>) -> String {
        let answer = self.runtime.block_on(self.client.send(request)).expect("an answer");
        let text = String::from_utf8_lossy(answer.body()).into_owned();
        assert!(answer.status().is_success(), "{text}");
        text
    }
}

/// Whether a feed tells of as many changes as there were.
fn check(protocol: Protocol, text: &str) {
    let told = match protocol {
        Protocol::Dav => text.matches("getetag>\"").count(),
        Protocol::Graph => text.matches("@odata.etag").count(),
        Protocol::Jmap => {
            let answer: Value = serde_json::from_str(text).expect("JSON");
            let updated = &answer["methodResponses"][0][1]["updated"];
            updated.as_array().map_or(0, Vec::len)
        }
    };
    assert_eq!(told, CHANGES, "{}", text.chars().take(600).collect::<String>());
}

/// The resident set of this process in bytes; 0 where the system does not tell.
fn resident() -> usize {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or(0) * 4_096
}

/// A request for what changes from now on.
fn asker<'m>(
    protocol: Protocol,
    mock: &'m Mock,
    line: &Line,
) -> Box<dyn Fn() -> Request<Bytes> + 'm> {
    match protocol {
        Protocol::Dav => {
            let (id, _) = mock.server.calendars().remove(0);
            let calendar = format!("{DAV_WORK}/{id}/");
            let body = "<propfind xmlns=\"DAV:\"><prop><sync-token/></prop></propfind>";
            let mut asked = mock.request("PROPFIND", &calendar, Bytes::from(body));
            asked.headers_mut().insert("depth", http::HeaderValue::from_static("0"));
            let answer = line.send(asked);
            let token = between(&answer, "sync-token>", "</").to_owned();
            Box::new(move || {
                let body = format!(
                    "<sync-collection xmlns=\"DAV:\"><sync-token>{token}</sync-token>\
                     <sync-level>1</sync-level><prop><getetag/></prop></sync-collection>"
                );
                mock.request("REPORT", &calendar, body.into())
            })
        }
        Protocol::Jmap => {
            let session = line.send(mock.request("GET", "/jmap/session", Bytes::new()));
            let session: Value = serde_json::from_str(&session).expect("JSON");
            let account = session["primaryAccounts"]["urn:ietf:params:jmap:calendars"].clone();
            let call = move |name: &str, arguments: Value| {
                let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
                let body = json!({ "using": using, "methodCalls": [[name, arguments, "0"]] });
                let mut request = mock.request("POST", "/jmap/api", body.to_string().into());
                let media_type = http::HeaderValue::from_static("application/json");
                request.headers_mut().insert(http::header::CONTENT_TYPE, media_type);
                request
            };
            let none = json!({ "accountId": account, "ids": [] });
            let answer: Value =
                serde_json::from_str(&line.send(call("CalendarEvent/get", none))).expect("JSON");
            let state = answer["methodResponses"][0][1]["state"].clone();
            Box::new(move || {
                let since = json!({ "accountId": account, "sinceState": state });
                call("CalendarEvent/changes", since)
            })
        }
        Protocol::Graph => {
            let mut path = "/v1.0/me/calendar/events/delta".to_owned();
            loop {
                let mut page = mock.request("GET", &path, Bytes::new());
                let most = http::HeaderValue::from_static("odata.maxpagesize=1000");
                page.headers_mut().insert("prefer", most);
                let answer: Value = serde_json::from_str(&line.send(page)).expect("JSON");
                let link = |name: &str| answer[name].as_str().map(str::to_owned);
                let local = |url: String| url.replacen(&mock.base, "", 1);
                if let Some(delta) = link("@odata.deltaLink") {
                    let delta = local(delta);
                    return Box::new(move || mock.request("GET", &delta, Bytes::new()));
                }
                path = link("@odata.nextLink").map(local).expect("a link");
            }
        }
    }
}

fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let rest = text.split_once(start).map_or("", |(_, rest)| rest);
    rest.split_once(end).map_or("", |(found, _)| found)
}

/// Users change ten items.
fn change(mock: &Mock) {
    let lineages: Vec<_> =
        mock.server.items().into_iter().filter_map(|item| item.lineage).take(CHANGES).collect();
    for lineage in lineages {
        let title = Edit::Title("changed by the bench".to_owned());
        mock.server.edit(Actor::Seed, &lineage, &title).expect("an item");
    }
}
