//! A server for tests: it answers what it was told to, in that order, and keeps what it was asked.
//!
//! It knows no protocol. Bodies are written by hand, after the documents of each protocol.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use calamity_base::http::{Answer, Incoming, ServerLimits, serve};
use calamity_base::net::Addr;
use calamity_base::{Env, Sim};
use http::Response;
use serde_json::{Value, json};

/// A request that arrived.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) method: String,
    /// Path and query, with the escapes of the tests' characters taken back.
    pub(super) target: String,
    pub(super) headers: http::HeaderMap,
    pub(super) body: Value,
    /// Virtual milliseconds since the start of the run.
    pub(super) at_ms: i64,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }
}

/// What it was asked so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Log(Arc<Mutex<Vec<Asked>>>);

impl Log {
    pub(super) fn all(&self) -> Vec<Asked> {
        self.0.lock().expect("no test panics while it holds the log").clone()
    }

    /// Methods and paths, without queries.
    pub(super) fn lines(&self) -> Vec<String> {
        let line = |asked: Asked| {
            let path = asked.target.split('?').next().unwrap_or_default().to_owned();
            format!("{} {path}", asked.method)
        };
        self.all().into_iter().map(line).collect()
    }
}

/// Runs a test on virtual time: `f` gets the client's process and the server's log.
pub(super) fn with<T>(
    host: &'static str,
    answers: Vec<Answer>,
    f: impl AsyncFnOnce(Env, Log) -> T,
) -> T {
    Sim::run(7, async move |sim| {
        let log = Log::default();
        let server = sim.process("server");
        let handler = Script {
            env: server.clone(),
            log: log.clone(),
            answers: Mutex::new(answers.into_iter().rev().collect()),
        };
        let at = Addr::new(host, 80);
        let running = serve(&server, at, Arc::new(handler), ServerLimits::default()).await;
        let _running = running.expect("the simulated network listens");
        f(sim.process("engine"), log).await
    })
}

/// An answer with a JSON body.
pub(super) fn json_answer(status: u16, body: &Value) -> Answer {
    with_headers(status, &[], body)
}

/// An answer with a JSON body and some headers.
pub(super) fn with_headers(status: u16, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut response =
        Response::builder().status(status).header("content-type", "application/json");
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    let body = if body.is_null() { Bytes::new() } else { Bytes::from(body.to_string()) };
    Answer::Full(response.body(body).expect("the test's answer is one"))
}

/// An answer that breaks off in the middle.
pub(super) fn cut(body: &Value) -> Answer {
    let text = body.to_string();
    let after = text.len() / 2;
    Answer::Truncated { response: Response::new(Bytes::from(text)), after }
}

/// Virtual time that passed in whole seconds.
pub(super) fn seconds(milliseconds: i64) -> u64 {
    Duration::from_millis(u64::try_from(milliseconds).expect("time goes on")).as_secs()
}

struct Script {
    env: Env,
    log: Log,
    answers: Mutex<Vec<Answer>>,
}

impl calamity_base::http::Handler for Script {
    fn handle(&self, request: Incoming) -> calamity_base::BoxFuture<'_, Answer> {
        let at = self.env.clock.now().duration_since(calamity_base::clock::epoch());
        let asked = Asked {
            method: request.method.to_string(),
            target: readable(&request.uri.to_string()),
            headers: request.headers,
            body: serde_json::from_slice(&request.body).unwrap_or(Value::Null),
            at_ms: i64::try_from(at.as_millis()).expect("tests are short"),
        };
        self.log.0.lock().expect("no test panics while it holds the log").push(asked);
        let next = self.answers.lock().expect("no test panics while it holds the script").pop();
        // More requests than answers: no client takes this one for a success.
        let answer = next.unwrap_or_else(|| json_answer(418, &json!({"script": "is over"})));
        Box::pin(async move { answer })
    }
}

fn readable(target: &str) -> String {
    let mut text = target.to_owned();
    for (escape, character) in
        [("%20", " "), ("%22", "\""), ("%2F", "/"), ("%3D", "="), ("%7B", "{"), ("%7D", "}")]
    {
        text = text.replace(escape, character);
    }
    text
}
