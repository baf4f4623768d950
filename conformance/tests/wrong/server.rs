//! Servers that are wrong, each in a way of its own. They are scripts, not servers: none remembers
//! what it was told.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::{Answer, Incoming, ServerLimits, serve};
use calamity_base::net::Addr;
use calamity_conformance::{Credentials, Options, Protocol, Target, run};
use http::Response;

use crate::answers;

/// A way to be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// Knows nothing at all.
    Lost,
    /// Knows the user and nothing of theirs.
    Homeless,
    /// Names no capability, and makes no collection.
    Barren,
    /// Takes everything and has nothing afterwards; asks for no password; refuses every property.
    Forgetful,
    /// Grants and finds whatever it is asked for, and has the same object everywhere.
    Agreeable,
    /// As forgetful, and removes nothing.
    Sticky,
    /// A JMAP server whose session says little, and which answers no call.
    Hollow,
}

impl Wrong {
    pub(crate) const ALL: [Wrong; 7] = [
        Wrong::Lost,
        Wrong::Homeless,
        Wrong::Barren,
        Wrong::Forgetful,
        Wrong::Agreeable,
        Wrong::Sticky,
        Wrong::Hollow,
    ];
}

/// Starts one and returns its URL.
pub(crate) async fn start(env: &Env, wrong: Wrong) -> String {
    start_noting(env, wrong, Arc::default()).await
}

async fn start_noting(env: &Env, wrong: Wrong, noted: Arc<Mutex<Vec<String>>>) -> String {
    let count = Mutex::new(0_u64);
    let handler = move |request: Incoming| {
        let mut count = count.lock().expect("no panic while it was held");
        *count += 1;
        note(&noted, &request);
        let answer = answer(wrong, &request, *count);
        async move { Answer::Full(answer) }
    };
    let at = Addr::new("wrong.test", 80);
    let served = serve(env, at, Arc::new(handler), ServerLimits::default()).await;
    format!("{}/", served.expect("an address").endpoint.http())
}

/// Notes a path that is written to.
fn note(noted: &Mutex<Vec<String>>, request: &Incoming) {
    if ["GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"].contains(&request.method.as_str()) {
        return;
    }
    let mut noted = noted.lock().expect("no panic while it was held");
    noted.push(request.uri.path().to_owned());
    if let Some(to) = request.headers.get("destination").and_then(|to| to.to_str().ok()) {
        noted.push(to.trim_start_matches("http://wrong.test:80").to_owned());
    }
}

/// Every path that a run writes to.
pub(crate) fn written(wrong: Wrong, protocol: Protocol) -> Vec<String> {
    let noted: Arc<Mutex<Vec<String>>> = Arc::default();
    calamity_base::Sim::run(1, async |sim| {
        let url = start_noting(&sim.process("server"), wrong, noted.clone()).await;
        let target = Target::new(&url, protocol, Credentials::None).expect("a URL");
        run(&sim.process("client"), &target, &Options::default(), |_| {}).await;
    });
    let noted = noted.lock().expect("no panic while it was held");
    noted.clone()
}

fn answer(wrong: Wrong, request: &Incoming, count: u64) -> Response<Bytes> {
    let method = request.method.as_str();
    if wrong == Wrong::Hollow {
        return answers::hollow(request);
    }
    match wrong {
        Wrong::Lost | Wrong::Hollow => plain(404, ""),
        Wrong::Homeless => match method {
            "PROPFIND" => answers::properties(wrong, request, count),
            _ => plain(404, ""),
        },
        Wrong::Barren => match method {
            "PROPFIND" => answers::properties(wrong, request, count),
            "OPTIONS" => plain(200, ""),
            _ => plain(500, ""),
        },
        Wrong::Forgetful | Wrong::Sticky => match method {
            "PROPFIND" => answers::properties(wrong, request, count),
            "PROPPATCH" => answers::refused(request),
            "REPORT" => answers::multistatus(""),
            "OPTIONS" => capable(),
            "GET" | "HEAD" => plain(404, ""),
            "DELETE" if wrong == Wrong::Sticky => plain(423, ""),
            "DELETE" => plain(204, ""),
            _ => plain(201, ""),
        },
        Wrong::Agreeable => match method {
            "PROPFIND" | "PROPPATCH" | "REPORT" => answers::properties(wrong, request, count),
            "OPTIONS" => capable(),
            "GET" => object(),
            "HEAD" => plain(200, ""),
            "DELETE" => plain(204, ""),
            "PUT" => with(plain(200, ""), "etag", "\"1\""),
            _ => plain(201, ""),
        },
    }
}

/// The same object for every path.
fn object() -> Response<Bytes> {
    let body =
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Always\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    with(with(plain(200, body), "etag", "\"1\""), "schedule-tag", "unquoted")
}

fn capable() -> Response<Bytes> {
    let tokens = "1, 3, calendar-access, addressbook, extended-mkcol, calendar-auto-schedule";
    with(plain(200, ""), "dav", tokens)
}

pub(crate) fn plain(status: u16, body: &str) -> Response<Bytes> {
    let body = Bytes::from(body.to_owned());
    Response::builder().status(status).body(body).expect("a response")
}

fn with(mut response: Response<Bytes>, name: &'static str, value: &'static str) -> Response<Bytes> {
    response.headers_mut().insert(name, http::HeaderValue::from_static(value));
    response
}
