//! Requests made to hurt: what is nested without end, what grows when it is read, what is no text.
//! Each gets the answer that is stated here, never a broken connection, and who comes after is served.

use bytes::Bytes;
use calamity_base::Sim;
use calamity_base::http::Client;
use calamity_base::net::Addr;
use calamity_base::redact::Secret;
use calamity_evidence::{Actor, Side};
use calamity_mock_servers::{Protocol, Server, ServerConfig};
use http::{Method, Request};
use proptest::prelude::*;

const OWNER: &str = "owner@example.com";
const DEEP: usize = 200_000;
const HOME: &str = "/dav/calendars/owner@example.com/";

/// A request in the form that the attack takes, and the status of its answer: method errors of JMAP
/// come with 200, refused properties and members of collections inside a 207.
type Attack = (&'static str, &'static str, &'static str, Vec<u8>, u16);

fn nested(open: &str, close: &str) -> Vec<u8> {
    [open.repeat(DEEP), close.repeat(DEEP)].concat().into_bytes()
}

/// Each entity is ten of the one before.
fn laughs() -> Vec<u8> {
    let mut text = String::from("<?xml version=\"1.0\"?><!DOCTYPE p [<!ENTITY a0 \"ha\">");
    for nth in 1..12 {
        let inside = format!("&a{};", nth - 1).repeat(10);
        text.push_str(&format!("<!ENTITY a{nth} \"{inside}\">"));
    }
    text.push_str("]><propfind xmlns=\"DAV:\"><prop>&a11;</prop></propfind>");
    text.into_bytes()
}

/// A calendar object with a property of so many bytes in one line.
fn long_line() -> Vec<u8> {
    let long = "x".repeat(2_000_000);
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n\
         DTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\nSUMMARY;X={long}\r\nEND:VEVENT\r\n\
         END:VCALENDAR\r\n"
    )
    .into_bytes()
}

/// A series of one second's interval for ever, asked for in a window of centuries.
fn endless_series() -> Vec<u8> {
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:2\r\n\
      DTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\nRRULE:FREQ=SECONDLY\r\n\
      SUMMARY:tick\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        .to_vec()
}

/// What a reader may take for a comment that ends at once, and a parser does not.
fn hidden_attributes() -> Vec<u8> {
    let many: String = (0..50_000).map(|nth| format!(" a{nth}=\"\"")).collect();
    format!("<!--><![CDATA[--><propfind xmlns=\"DAV:\"{many}><allprop/></propfind>").into_bytes()
}

fn event(uid: &str, more: &str) -> Vec<u8> {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//t//EN\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
         DTSTAMP:20260101T000000Z\r\nDTSTART:20260504T090000Z\r\n{more}END:VEVENT\r\n\
         END:VCALENDAR\r\n"
    )
    .into_bytes()
}

/// A megabyte a day.
fn long_and_daily() -> String {
    format!("RRULE:FREQ=DAILY\r\nDESCRIPTION:{}\r\n", "x".repeat(1_000_000))
}

/// A resource asked for, so many times, with something in `calendar-data`.
fn multiget(data: &str, times: usize) -> Vec<u8> {
    let hrefs = "<href>WORK/e.ics</href>".repeat(times);
    format!(
        "<C:calendar-multiget xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><prop>{data}\
         </C:calendar-data></prop>{hrefs}</C:calendar-multiget>"
    )
    .into_bytes()
}

fn on_dav() -> Vec<Attack> {
    let (xml, ics) = ("application/xml", "text/calendar");
    let centuries = "<C:expand start=\"00010101T000000Z\" end=\"99990101T000000Z\"/>";
    let query = format!(
        "<C:calendar-query xmlns=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><prop>\
         <C:calendar-data>{centuries}</C:calendar-data></prop><C:filter>\
         <C:comp-filter name=\"VCALENDAR\"/></C:filter></C:calendar-query>"
    );
    vec![
        ("PROPFIND", HOME, xml, nested("<a>", "</a>"), 400),
        ("PROPFIND", HOME, xml, nested("<a xmlns=\"DAV:\"><b>", "</b></a>"), 400),
        ("PROPFIND", HOME, xml, laughs(), 400),
        ("PROPFIND", HOME, xml, vec![0xff; 4_096], 400),
        ("REPORT", "WORK", xml, query.into(), 403),
        ("PUT", "WORK/a.ics", ics, nested("BEGIN:VEVENT\r\n", "END:VEVENT\r\n"), 403),
        ("PUT", "WORK/a.ics", ics, nested("BEGIN:A\r\n", "END:B\r\n"), 403),
        ("PUT", "WORK/a.ics", ics, vec![0; 4_096], 403),
        ("PUT", "WORK/b.ics", ics, long_line(), 403),
        ("PROPFIND", HOME, xml, hidden_attributes(), 400),
        ("PUT", "WORK/c.ics", ics, event("c", &"ATTENDEE:mailto:a@b\r\n".repeat(20_000)), 403),
        ("PUT", "WORK/d.ics", ics, event("d", &"RRULE:FREQ=DAILY\r\n".repeat(20_000)), 403),
        ("PUT", "WORK/e.ics", ics, event("e", &long_and_daily()), 201),
        ("REPORT", "WORK", xml, multiget(&format!("<C:calendar-data>{centuries}"), 1), 403),
        ("REPORT", "WORK", xml, multiget("<C:calendar-data>", 10_000), 507),
    ]
}

fn on_jmap() -> Vec<Attack> {
    let json = "application/json";
    // Both are read as what they say, and refused.
    let call = |arguments: &str| {
        let using = "\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:calendars\"";
        format!(
            "{{\"using\":[{using}],\"methodCalls\":[[\"CalendarEvent/query\",\
             {{\"accountId\":\"ACCOUNT\",{arguments}}},\"0\"]]}}"
        )
        .into_bytes()
    };
    let filter = "{\"operator\":\"NOT\",\"conditions\":[".repeat(60) + &"]}".repeat(60);
    vec![
        ("POST", "/jmap/api", json, nested("[", "]"), 400),
        ("POST", "/jmap/api", json, nested("{\"a\":", "1}"), 400),
        ("POST", "/jmap/api", json, vec![0xff; 4_096], 400),
        ("POST", "/jmap/api", json, b"1e999999999999".to_vec(), 400),
        ("POST", "/jmap/api", json, call(&format!("\"filter\":{filter}")), 200),
        ("POST", "/jmap/api", json, call("\"position\":-9223372036854775808,\"limit\":1"), 200),
    ]
}

fn on_graph() -> Vec<Attack> {
    let json = "application/json";
    let deep =
        concat!("/v1.0/me/events?$filter=", "((((((((((((((((((((((((((((((((((((((((((((((");
    let view =
        "/v1.0/me/calendarView?startDateTime=0001-01-01T00:00:00Z&endDateTime=9999-12-31T00:00:00Z";
    vec![
        ("POST", "/v1.0/me/events", json, nested("[", "]"), 400),
        ("POST", "/v1.0/me/events", json, nested("{\"a\":", "1}"), 400),
        ("POST", "/v1.0/me/events", json, vec![0xff; 4_096], 400),
        ("GET", deep, json, Vec::new(), 400),
        ("GET", view, json, Vec::new(), 400),
        ("GET", "/v1.0/me/events?$top=99999999999999999999", json, Vec::new(), 400),
    ]
}

async fn started(sim: &Sim, protocol: Protocol) -> (Server, String, Client, String) {
    let process = sim.process("server");
    let config = ServerConfig {
        side: Side::A,
        protocol,
        profile: "strict".to_owned(),
        owner: OWNER.to_owned(),
        credential: Secret::new("s3cret"),
        seed: 1,
        others: Vec::new(),
    };
    let server = Server::new(&process, config).expect("a profile");
    let work = server.create_calendar(Actor::Seed, "work");
    let served = server.start(&process, Addr::new("mock.test", 80)).await.expect("an address");
    let client = Client::new(&sim.process("client"));
    (server, served.endpoint.http(), client, format!("{HOME}{work}"))
}

fn request(
    base: &str,
    method: &str,
    path: &str,
    media_type: &str,
    body: Vec<u8>,
) -> Request<Bytes> {
    Request::builder()
        .method(Method::from_bytes(method.as_bytes()).expect("a method"))
        .uri(format!("{base}{path}"))
        .header("authorization", "Bearer s3cret")
        .header("content-type", media_type)
        .header("depth", "1")
        .body(Bytes::from(body))
        .expect("a request")
}

/// The id of the account, where the protocol has ids.
async fn account_of(client: &Client, base: &str, protocol: Protocol) -> String {
    if protocol != Protocol::Jmap {
        return String::new();
    }
    let session = client.send(request(base, "GET", "/jmap/session", "", Vec::new())).await;
    let session: serde_json::Value =
        serde_json::from_slice(session.expect("an answer").body()).expect("JSON");
    session["primaryAccounts"]["urn:ietf:params:jmap:calendars"].as_str().expect("an id").to_owned()
}

fn refuses(protocol: Protocol, attacks: Vec<Attack>) {
    Sim::run(1, async |sim| {
        let (server, base, client, work) = started(&sim, protocol).await;
        if protocol == Protocol::Dav {
            let put =
                request(&base, "PUT", &format!("{work}/s.ics"), "text/calendar", endless_series());
            assert!(client.send(put).await.expect("an answer").status().is_success());
        }
        let account = account_of(&client, &base, protocol).await;
        let items = server.items().len();
        for (nth, (method, path, media_type, body, expected)) in attacks.into_iter().enumerate() {
            let path = path.replacen("WORK", &work, 1);
            let body = match String::from_utf8(body) {
                Ok(text) => {
                    let text = text.replace("WORK/", &format!("{work}/"));
                    text.replace("ACCOUNT", &account).into_bytes()
                }
                Err(bytes) => bytes.into_bytes(),
            };
            let answer = client.send(request(&base, method, &path, media_type, body)).await;
            let answer = answer.unwrap_or_else(|broken| panic!("attack {nth}: {broken}"));
            let text = String::from_utf8_lossy(&answer.body()[..answer.body().len().min(300)]);
            assert_eq!(answer.status().as_u16(), expected, "attack {nth}: {text}");
            if protocol == Protocol::Jmap && expected == 200 {
                assert!(
                    text.contains("unsupportedFilter") || text.contains("\"ids\":[]"),
                    "{text}"
                );
            }
            assert!(answer.body().len() < 1_000_000, "attack {nth}: {} bytes", answer.body().len());
        }
        let kept = if protocol == Protocol::Dav { 1 } else { 0 };
        assert_eq!(server.items().len(), items + kept, "one that is only long is kept");
        let healthy = match protocol {
            Protocol::Dav => request(&base, "PROPFIND", &work, "application/xml", Vec::new()),
            Protocol::Jmap => request(&base, "GET", "/jmap/session", "", Vec::new()),
            Protocol::Graph => request(&base, "GET", "/v1.0/me/events", "", Vec::new()),
        };
        assert!(client.send(healthy).await.expect("an answer").status().is_success());
    });
}

#[test]
fn dav_refuses_what_is_made_to_hurt() {
    refuses(Protocol::Dav, on_dav());
}

#[test]
fn jmap_refuses_what_is_made_to_hurt() {
    refuses(Protocol::Jmap, on_jmap());
}

#[test]
fn graph_refuses_what_is_made_to_hurt() {
    refuses(Protocol::Graph, on_graph());
}

/// Methods, paths, headers and bodies that are nearly right.
fn nearly() -> impl Strategy<Value = (String, String, String, Vec<u8>)> {
    let methods = prop::sample::select(vec![
        "GET",
        "HEAD",
        "PUT",
        "POST",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "PROPFIND",
        "PROPPATCH",
        "REPORT",
        "MKCOL",
        "MKCALENDAR",
        "COPY",
        "MOVE",
        "LOCK",
        "UNLOCK",
        "ACL",
    ]);
    let paths = prop::sample::select(vec![
        "/",
        "/.well-known/caldav",
        "/.well-known/jmap",
        "/dav/",
        HOME,
        "WORK",
        "WORK/x.ics",
        "/dav/addressbooks/owner@example.com/",
        "/dav/principals/owner@example.com/",
        "/jmap/session",
        "/jmap/api",
        "/v1.0/me",
        "/v1.0/me/calendars",
        "/v1.0/me/events",
        "/v1.0/me/calendarView/delta",
        "/v1.0/me/events/delta()",
        "/v1.0/$batch",
        "/v1.0/me/contacts",
    ]);
    let tail = "[ -~]{0,12}";
    let headers = prop::sample::select(vec![
        "application/json",
        "application/xml",
        "text/calendar",
        "",
        "a/b;c=\"",
    ]);
    let bodies = prop_oneof![
        Just(Vec::new()),
        prop::collection::vec(any::<u8>(), 0..200),
        "<(propfind|prop|sync-collection|D:x)( xmlns=\"DAV:\")?>?(<a/>)?(</propfind>)?"
            .prop_map(String::into_bytes),
        "\\{(\"using\":\\[\\],)?\"(methodCalls|subject|requests)\":(\\[\\[?\\]?\\]|1|null|\"\")\\}"
            .prop_map(String::into_bytes),
    ];
    (methods, paths, tail, headers, bodies).prop_map(|(method, path, tail, media_type, body)| {
        let tail: String = tail
            .chars()
            .map(|sign| if " \"<>\\^`{|}#".contains(sign) { '%' } else { sign })
            .collect();
        (method.to_owned(), format!("{path}{tail}"), media_type.to_owned(), body)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn no_request_gets_a_server_error_or_breaks_a_connection(
        requests in prop::collection::vec(nearly(), 1..24),
    ) {
        for protocol in [Protocol::Dav, Protocol::Jmap, Protocol::Graph] {
            Sim::run(1, async |sim| {
                let (_server, base, client, work) = started(&sim, protocol).await;
                for (method, path, media_type, body) in requests.clone() {
                    let path = path.replacen("WORK", &work, 1);
                    if path.parse::<http::Uri>().is_err() {
                        continue;
                    }
                    let answer = client.send(request(&base, &method, &path, &media_type, body)).await;
                    let answer = answer.unwrap_or_else(|broken| panic!("{protocol} {method} {path}: {broken}"));
                    let status = answer.status().as_u16();
                    assert!(status < 500 || status == 501, "{protocol} {method} {path}: {status}");
                }
            });
        }
    }
}
