//! Requests to the mock servers beside a bare hyper that answers the same bytes:
//! `cargo bench -p calamity-benches --bench mocks`.
//!
//! Criterion keeps the times of the mock; the table at the end has its share of the floor's speed, with
//! both asked in turns: one request at a time, which has much of the cost of waking up a server, and
//! eight at once, which has little of it. 0.5 is the goal for reads.

#![expect(clippy::print_stdout, reason = "a bench prints its table")]

use std::cell::RefCell;
use std::path::Path;

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::Client;
use calamity_benches::{DAV_WORK, Floor, Mock, Pairs, Ratio};
use calamity_mock_servers::Protocol;
use criterion::Criterion;
use http::{Request, Response};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const ITEMS: usize = 1_000;
/// How many requests a burst has.
const AT_ONCE: usize = 8;
/// After so many rounds the mock's logs are emptied.
const RESET_EVERY: u64 = 200;

struct Rig {
    runtime: Runtime,
    client: Client,
    found: RefCell<Vec<Ratio>>,
}

fn main() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.expect("a runtime");
    let client = Client::new(&Env::production("bench-client", Path::new(".")));
    let rig = Rig { runtime, client, found: RefCell::default() };
    let mut criterion = Criterion::default().configure_from_args();
    dav(&rig, &mut criterion);
    jmap(&rig, &mut criterion);
    graph(&rig, &mut criterion);
    criterion.final_summary();
    let [floor, mock] = ["floor, us", "mock, us"];
    println!("\n{:<16} {floor:>12} {mock:>12} {:>8}", "operation", "share");
    for one in rig.found.take() {
        let share = one.share();
        println!("{:<16} {:>12.1} {:>12.1} {share:>8.2}", one.name, one.floor_us, one.mock_us);
    }
}

impl Rig {
    fn send(&self, request: Request<Bytes>) -> Response<Bytes> {
        self.runtime.block_on(self.client.send(request)).expect("an answer")
    }

    /// Sends eight requests, each on a connection of its own.
    fn burst(&self, requests: [Request<Bytes>; AT_ONCE]) {
        let [a, b, c, d, e, f, g, h] = requests.map(|request| self.client.send(request));
        self.runtime.block_on(async {
            let (a, b, c, d, e, f, g, h) = tokio::join!(a, b, c, d, e, f, g, h);
            for answer in [a, b, c, d, e, f, g, h] {
                assert!(answer.expect("an answer").status().is_success(), "a refusal");
            }
        });
    }

    fn json(&self, request: Request<Bytes>) -> Value {
        serde_json::from_slice(self.send(request).body()).expect("JSON")
    }

    /// Measures a request, which may differ each time, against the floor that answers alike.
    fn measure(
        &self,
        criterion: &mut Criterion,
        name: &str,
        mock: &Mock,
        make: impl Fn(u64) -> Request<Bytes>,
    ) {
        let first = self.send(make(0));
        assert!(first.status().is_success(), "{name}: {:?}", first.body());
        let floor = Floor::start(first).expect("a floor");
        let (mut count, mut pairs, mut bursts) = (0_u64, Pairs::default(), Pairs::default());
        let alike = floor.request(&make(0));
        criterion.bench_function(&format!("mock {name}"), |bencher| {
            bencher.iter_custom(|turns| {
                (0..turns)
                    .map(|_| {
                        count += 1;
                        if count.is_multiple_of(RESET_EVERY) {
                            mock.reset();
                        }
                        let asked = make(count);
                        pairs.take(|| drop(self.send(alike.clone())), || drop(self.send(asked)))
                    })
                    .sum()
            });
        });
        // Apart from the others: what keeps a machine awake would make single requests fast.
        criterion.bench_function(&format!("mock {name}, {AT_ONCE} at once"), |bencher| {
            bencher.iter_custom(|turns| {
                (0..turns)
                    .map(|_| {
                        count += 1;
                        if count.is_multiple_of(RESET_EVERY) {
                            mock.reset();
                        }
                        let alike = std::array::from_fn(|_| alike.clone());
                        let asked = std::array::from_fn(|_| make(count));
                        bursts.take(|| self.burst(alike), || self.burst(asked))
                    })
                    .sum()
            });
        });
        // A filter of criterion's may have left it out.
        let mut found = self.found.borrow_mut();
        found.extend(pairs.ratio(name));
        found.extend(bursts.ratio(&format!("  {AT_ONCE} at once")));
    }
}

fn dav(rig: &Rig, criterion: &mut Criterion) {
    let mock = Mock::start(Protocol::Dav, ITEMS).expect("a server");
    let (id, _) = mock.server.calendars().remove(0);
    let item = mock.server.items().remove(0).id;
    let path = format!("{DAV_WORK}/{item}");
    let none = Bytes::new();
    rig.measure(criterion, "dav get", &mock, |_| mock.request("GET", &path, none.clone()));
    let body = Bytes::from_static(
        b"<propfind xmlns=\"DAV:\"><prop><getetag/><getcontenttype/></prop></propfind>",
    );
    let calendar = format!("{DAV_WORK}/{id}/");
    rig.measure(criterion, "dav list 1000", &mock, |_| {
        let mut request = mock.request("PROPFIND", &calendar, body.clone());
        request.headers_mut().insert("depth", http::HeaderValue::from_static("1"));
        request
    });
    let put = format!("{calendar}bench.ics");
    rig.measure(criterion, "dav put", &mock, |nth| {
        let event = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//bench//EN\r\nBEGIN:VEVENT\r\nUID:bench\r\n\
             DTSTAMP:20260101T000000Z\r\nSUMMARY:Version {nth}\r\nDTSTART:20260504T090000Z\r\n\
             DTEND:20260504T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let mut request = mock.request("PUT", &put, event.into());
        let media_type = http::HeaderValue::from_static("text/calendar; charset=utf-8");
        request.headers_mut().insert(http::header::CONTENT_TYPE, media_type);
        request
    });
}

fn jmap(rig: &Rig, criterion: &mut Criterion) {
    let mock = Mock::start(Protocol::Jmap, ITEMS).expect("a server");
    let session = rig.json(mock.request("GET", "/jmap/session", Bytes::new()));
    let account = &session["primaryAccounts"]["urn:ietf:params:jmap:calendars"];
    let call = |name: &str, mut arguments: Value| {
        arguments["accountId"] = account.clone();
        let using = ["urn:ietf:params:jmap:core", "urn:ietf:params:jmap:calendars"];
        let body = json!({ "using": using, "methodCalls": [[name, arguments, "0"]] }).to_string();
        let mut request = mock.request("POST", "/jmap/api", body.into());
        let media_type = http::HeaderValue::from_static("application/json");
        request.headers_mut().insert(http::header::CONTENT_TYPE, media_type);
        request
    };
    let ids: Vec<String> = mock.server.items().into_iter().map(|item| item.id).collect();
    let get = call("CalendarEvent/get", json!({ "ids": ids[..500] }));
    rig.measure(criterion, "jmap get 500", &mock, |_| get.clone());
    rig.measure(criterion, "jmap set 50", &mock, |nth| {
        let change =
            |id: &String| (id.clone(), json!({ "color": format!("#{:06x}", nth % 0xff_ffff) }));
        let update: serde_json::Map<String, Value> = ids[..50].iter().map(change).collect();
        call("CalendarEvent/set", json!({ "update": update }))
    });
}

fn graph(rig: &Rig, criterion: &mut Criterion) {
    let mock = Mock::start(Protocol::Graph, ITEMS).expect("a server");
    let page = "/v1.0/me/events?$top=100";
    rig.measure(criterion, "graph page 100", &mock, |_| mock.request("GET", page, Bytes::new()));
    let id = mock.server.items().remove(0).id;
    let path = format!("/v1.0/me/events/{id}");
    rig.measure(criterion, "graph get", &mock, |_| mock.request("GET", &path, Bytes::new()));
}
