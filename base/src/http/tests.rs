//! Tests of server and client, on the simulated network and on loopback.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use ::http::{Method, Request, Response, StatusCode};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    AFTER_ANSWER, Accept, Answer, BEFORE_SEND, Client, ClientLimits, Error, Handler, Incoming,
    Problem, Server, ServerLimits, serve,
};
use crate::{
    BoxFuture, Env, Sim,
    net::{Addr, DialError, Endpoint, LinkState},
    points::{Place, PointAction},
    process::Stopped,
};

mod limits;
mod protocol;
mod raw;
mod streamed;
mod wire;

const BODY: &str = "0123456789";

/// Answers by path; echoes what it got otherwise.
async fn answer(request: Incoming) -> Answer {
    let response = |body: String| {
        Response::builder().header("x-connection", request.connection).body(body.into()).unwrap()
    };
    match request.uri.path() {
        "/truncated" => Answer::Truncated { response: response(BODY.to_owned()), after: 4 },
        "/headless" => Answer::Truncated { response: response(BODY.to_owned()), after: 0 },
        "/dribbled" => Answer::Dribbled {
            response: response(BODY.to_owned()),
            bytes: 3,
            every: Duration::from_millis(10),
        },
        "/garbage" => Answer::Garbage(Bytes::from_static(b"SSH-2.0-mock\r\n\r\n")),
        "/reset" => Answer::Reset,
        "/close" => Answer::Close,
        "/half-close" => Answer::HalfClose,
        "/hang" => Answer::Hang,
        "/large" => Answer::Full(response("x".repeat(100_000))),
        path => {
            let body = String::from_utf8_lossy(&request.body);
            Answer::Full(response(format!("{} {path} {body}", request.method)))
        }
    }
}

async fn start(env: &Env, host: &str, limits: ServerLimits) -> Server {
    serve(env, Addr::new(host, 0), Arc::new(answer), limits).await.unwrap()
}

fn get(at: &Endpoint, path: &str) -> Request<Bytes> {
    Request::get(format!("{}{path}?token=secret", at.http())).body(Bytes::new()).unwrap()
}

fn put(at: &Endpoint, path: &str, body: &str) -> Request<Bytes> {
    let body = Bytes::from(body.to_owned());
    Request::put(format!("{}{path}", at.http())).body(body).unwrap()
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

/// What holds on either network.
async fn every_answer(server: &Env, client_env: &Env, host: &str) {
    let running = start(server, host, ServerLimits { max_body: 10, ..Default::default() }).await;
    let at = &running.endpoint;
    let client = Client::new(client_env);

    // One connection serves one request after the other.
    for turn in 0..3 {
        let response = client.send(put(at, "/item", &turn.to_string())).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(text(&response), format!("PUT /item {turn}"));
        assert_eq!(response.headers()["x-connection"], "1");
        let now = super::exchange::date(&server.clock).unwrap();
        assert_eq!(response.headers()["date"].as_bytes()[..14], now.as_bytes()[..14], "the day");
    }
    assert_eq!(running.connections(), 1);

    let response = client.send(put(at, "/item", "0123456789a")).await.unwrap();
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let problem: Problem = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        problem,
        Problem::new(StatusCode::PAYLOAD_TOO_LARGE).detail("the body exceeds 10 bytes")
    );

    for path in ["/truncated", "/headless", "/close", "/half-close"] {
        let error = client.send(get(at, path)).await.unwrap_err();
        assert!(matches!(error, Error::Truncated { .. }), "{path}: {error:?}");
        assert!(error.is_in_doubt());
        assert_eq!(
            error.to_string(),
            format!(
                "GET {}{path}: the connection closed before the answer was complete",
                at.http()
            )
        );
    }
    let error = client.send(get(at, "/reset")).await.unwrap_err();
    assert!(matches!(error, Error::Reset { .. }), "{error:?}");
    assert!(error.is_in_doubt());

    let error = client.send(get(at, "/garbage")).await.unwrap_err();
    assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    let response = client.send(get(at, "/dribbled")).await.unwrap();
    assert_eq!(text(&response), BODY);
    assert_eq!(response.headers()["content-length"], "10");

    let small = ClientLimits { max_body: 99_999, ..Default::default() };
    let small = Client::with_limits(client_env, small);
    let error = small.send(get(at, "/large")).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { max_bytes: 99_999, .. }), "{error:?}");
    assert_eq!(client.send(get(at, "/large")).await.unwrap().body().len(), 100_000);

    running.stop();
    running.stopped().await;
    let error = client.send(get(at, "/item")).await.unwrap_err();
    // The client may not have noticed yet that its idle connection is gone.
    let error = match error {
        Error::Dial { .. } => error,
        _ => client.send(get(at, "/item")).await.unwrap_err(),
    };
    let Error::Dial { method, uri, source } = &error else { panic!("{error:?}") };
    assert_eq!((method, source), (&Method::GET, &DialError::Refused));
    assert_eq!(uri, &format!("{}/item", at.http()));
    assert!(!error.is_in_doubt());
}

/// What comes back on the wire, and how it ends.
async fn raw(env: &Env, at: &Endpoint, path: &str) -> (String, Option<io::ErrorKind>) {
    let (mut conn, _) = env.net.dial(at.clone()).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {at}\r\n\r\n");
    conn.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = Vec::new();
    let end = loop {
        match conn.read_buf(&mut bytes).await {
            Ok(0) => break None,
            Ok(_) => {}
            Err(error) => break Some(error.kind()),
        }
    };
    (raw::undated(&String::from_utf8(bytes).unwrap()), end)
}

async fn every_answer_on_the_wire(server: &Env, client: &Env, host: &str) {
    let running = start(server, host, ServerLimits::default()).await;
    let at = &running.endpoint;
    let head = |connection: u64| {
        format!("HTTP/1.1 200 OK\r\nx-connection: {connection}\r\ncontent-length: 10\r\n\r\n")
    };
    assert_eq!(raw(client, at, "/truncated").await, (head(1) + "0123", None));
    assert_eq!(raw(client, at, "/headless").await, (head(2), None));
    assert_eq!(raw(client, at, "/close").await, (String::new(), None));
    let reset = Some(io::ErrorKind::ConnectionReset);
    assert_eq!(raw(client, at, "/reset").await, (String::new(), reset));
    assert_eq!(raw(client, at, "/garbage").await, ("SSH-2.0-mock\r\n\r\n".to_owned(), None));
}

#[test]
fn every_answer_on_the_simulated_wire() {
    Sim::run(1, async |sim| {
        every_answer_on_the_wire(&sim.process("server"), &sim.process("client"), "a.test").await;
    });
}

#[tokio::test]
async fn every_answer_on_the_real_wire() {
    let directory = tempfile::tempdir().unwrap();
    let env = Env::production("test", directory.path());
    every_answer_on_the_wire(&env, &env, "127.0.0.1").await;
}

#[test]
fn every_answer_in_simulation() {
    Sim::run(1, async |sim| {
        every_answer(&sim.process("server"), &sim.process("client"), "a.test").await;
        // Idle connections close in the end, so nothing is left over.
        sim.advance(Duration::from_secs(3600)).await;
        assert_eq!(sim.net().open_connections(), 0);
    });
}

#[tokio::test]
async fn every_answer_on_loopback() {
    let directory = tempfile::tempdir().unwrap();
    let env = Env::production("test", directory.path());
    every_answer(&env, &env, "127.0.0.1").await;
}

#[tokio::test]
async fn a_hanging_request_on_loopback_lasts_until_its_client_goes() {
    let directory = tempfile::tempdir().unwrap();
    let env = Env::production("test", directory.path());
    let received = Arc::new(tokio::sync::Semaphore::new(0));
    let permits = received.clone();
    let handler = move |_: Incoming| {
        permits.add_permits(1);
        async { Answer::Hang }
    };
    let limits = ServerLimits::default();
    let server = serve(&env, Addr::loopback(), Arc::new(handler), limits).await.unwrap();
    let client = Client::new(&env);
    let request = get(&server.endpoint, "/");
    let task = env.process.spawn("client", async move { client.send(request).await });
    received.acquire().await.unwrap().forget();
    assert_eq!(server.connections(), 1);
    task.abort();
    assert!(matches!(task.await, Err(Stopped::Aborted)));
    while server.connections() > 0 {
        tokio::task::yield_now().await;
    }
}

#[test]
fn a_hanging_request_meets_the_transport_deadline() {
    Sim::run(1, async |sim| {
        let server = start(&sim.process("server"), "a.test", ServerLimits::default()).await;
        let client = Client::new(&sim.process("client"));
        let before = sim.clock().now();
        let error = client.send(get(&server.endpoint, "/hang")).await.unwrap_err();
        assert!(matches!(error, Error::Timeout { after_ms: 60_000, .. }), "{error:?}");
        assert_eq!(sim.clock().now(), before + Duration::from_secs(60));
        sim.advance(Duration::from_secs(1)).await;
        assert_eq!(server.connections(), 0);
    });
}

#[test]
fn connections_beyond_the_bound_wait_to_be_accepted() {
    Sim::run(1, async |sim| {
        let limits = ServerLimits { max_connections: 1, ..Default::default() };
        let server = start(&sim.process("server"), "a.test", limits).await;
        let env = sim.process("client");
        let (hanging, waiting) = (Client::new(&env), Client::new(&env));
        let (first, second) = (get(&server.endpoint, "/hang"), get(&server.endpoint, "/item"));
        let hanging = env.process.spawn("first", async move { hanging.send(first).await });
        sim.advance(Duration::from_secs(1)).await;
        let waiting = env.process.spawn("second", async move { waiting.send(second).await });
        sim.advance(Duration::from_secs(30)).await;
        assert!(!waiting.is_finished());
        assert!(matches!(hanging.await.unwrap(), Err(Error::Timeout { .. })));
        assert_eq!(text(&waiting.await.unwrap().unwrap()), "GET /item ");
    });
}

/// Accepts each connection in its own way.
struct Door;

impl Handler for Door {
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Answer> {
        Box::pin(answer(request))
    }

    fn accept(&self, connection: u64) -> Accept {
        match connection {
            1 => Accept::Reset,
            2 => Accept::Close,
            3 => Accept::Hang,
            4 => Accept::HalfClose,
            5 => Accept::Garbage(Bytes::from_static(b"SSH-2.0-mock\r\n\r\n")),
            6 => Accept::After(Duration::from_secs(3), Box::new(Accept::Serve)),
            _ => Accept::Serve,
        }
    }
}

#[test]
fn a_connection_may_end_before_anything_is_read() {
    Sim::run(1, async |sim| {
        let limits = ServerLimits::default();
        let env = sim.process("server");
        let server = serve(&env, Addr::new("a.test", 0), Arc::new(Door), limits).await.unwrap();
        let client = Client::new(&sim.process("client"));
        let send = || client.send(get(&server.endpoint, "/item"));
        assert!(matches!(send().await, Err(Error::Reset { .. })));
        assert!(matches!(send().await, Err(Error::Truncated { .. } | Error::Reset { .. })));
        assert!(matches!(send().await, Err(Error::Timeout { .. })));
        assert!(matches!(send().await, Err(Error::Truncated { .. })));
        assert!(matches!(send().await, Err(Error::Protocol { .. })));
        let before = env.clock.now();
        assert_eq!(text(&send().await.unwrap()), "GET /item ");
        assert!(env.clock.now().as_second() - before.as_second() >= 3);
        assert_eq!(server.connections(), 1);
    });
}

#[test]
fn a_dribbled_body_takes_its_time_on_the_clock_of_its_server() {
    Sim::run(1, async |sim| {
        sim.net().set_latency(0..=0, 0);
        let server = start(&sim.process("server"), "a.test", ServerLimits::default()).await;
        let client = Client::new(&sim.process("client"));
        let before = sim.clock().now();
        client.send(get(&server.endpoint, "/dribbled")).await.unwrap();
        assert_eq!(sim.clock().now().duration_since(before).as_millis(), 40);
    });
}

#[test]
fn dialling_fails_by_its_own_errors() {
    Sim::run(1, async |sim| {
        let client = Client::new(&sim.process("client"));
        let at = Endpoint::new("a.test", 80);
        for expect in
            [DialError::Refused, DialError::Unreachable, DialError::Tls, DialError::Timeout]
        {
            sim.net().set_link(&at, LinkState::Failing(expect));
            let request = Request::get("http://ann:pw@a.test/x?y").body(Bytes::new()).unwrap();
            let error = client.send(request).await.unwrap_err();
            assert_eq!(error.to_string(), format!("GET http://a.test/x: {expect}"));
        }
        let request = Request::get("ftp://a.test/x?y").body(Bytes::new()).unwrap();
        let error = client.send(request).await.unwrap_err();
        assert!(matches!(error, Error::Protocol { .. }), "{error:?}");
    });
}

/// A server that counts what it handles.
async fn counting(sim: &Sim, delay: Duration) -> (Env, Server, Arc<AtomicU64>) {
    let env = sim.process("server");
    let handled = Arc::new(AtomicU64::new(0));
    let (count, clock) = (handled.clone(), env.clock.clone());
    let handler = move |request: Incoming| {
        let (count, clock) = (count.clone(), clock.clone());
        async move {
            clock.sleep(delay).await;
            count.fetch_add(1, Ordering::Relaxed);
            answer(request).await
        }
    };
    let limits = ServerLimits::default();
    let server = serve(&env, Addr::new("a.test", 0), Arc::new(handler), limits).await.unwrap();
    (env, server, handled)
}

#[test]
fn a_kill_before_sending_sends_nothing_and_one_after_the_answer_comes_too_late() {
    for (site, expect) in [(BEFORE_SEND, 1), (AFTER_ANSWER, 2)] {
        Sim::run(1, async |sim| {
            let (_, server, handled) = counting(&sim, Duration::ZERO).await;
            let place = Place { site: site.to_owned(), occurrence: 2 };
            sim.arm("client", place, PointAction::Kill);
            let env = sim.process("client");
            let client = Client::new(&env);
            let at = server.endpoint.clone();
            let run = env.process.spawn("run", async move {
                for _ in 0..3 {
                    client.send(get(&at, "/item")).await.unwrap();
                }
            });
            assert!(matches!(run.await, Err(Stopped::Killed { .. })));
            sim.advance(Duration::from_secs(60)).await;
            assert_eq!(handled.load(Ordering::Relaxed), expect, "{site}");
            assert_eq!(server.connections(), 0);
        });
    }
}

#[test]
fn an_error_at_a_point_is_typed_and_says_whether_it_is_in_doubt() {
    Sim::run(1, async |sim| {
        let (_, server, handled) = counting(&sim, Duration::ZERO).await;
        for site in [BEFORE_SEND, AFTER_ANSWER] {
            let place = Place { site: site.to_owned(), occurrence: 1 };
            sim.arm("client", place, PointAction::Error("no".to_owned()));
        }
        let client = Client::new(&sim.process("client"));
        let error = client.send(get(&server.endpoint, "/item")).await.unwrap_err();
        assert_eq!((error.is_in_doubt(), handled.load(Ordering::Relaxed)), (false, 0));
        let error = client.send(get(&server.endpoint, "/item")).await.unwrap_err();
        assert_eq!((error.is_in_doubt(), handled.load(Ordering::Relaxed)), (true, 1));
        let url = server.endpoint.http();
        let expect = format!("GET {url}/item: injected at http.after-answer#1: no");
        assert_eq!(error.to_string(), expect);
    });
}

#[test]
fn a_server_that_dies_resets_its_clients() {
    Sim::run(1, async |sim| {
        let (env, server, handled) = counting(&sim, Duration::from_secs(10)).await;
        let client = Client::new(&sim.process("client"));
        let killer = sim.process("killer").process;
        drop(killer.spawn("kill", async move {
            tokio::time::sleep(Duration::from_secs(5)).await;
            env.process.kill();
        }));
        let error = client.send(get(&server.endpoint, "/item")).await.unwrap_err();
        assert!(matches!(error, Error::Reset { .. }), "{error:?}");
        assert_eq!(handled.load(Ordering::Relaxed), 0);
        let error = client.send(get(&server.endpoint, "/item")).await.unwrap_err();
        assert!(matches!(error, Error::Dial { source: DialError::Refused, .. }), "{error:?}");
    });
}

#[test]
fn what_a_client_asked_for_is_done_although_it_dies() {
    Sim::run(1, async |sim| {
        let (_, server, handled) = counting(&sim, Duration::from_secs(10)).await;
        let env = sim.process("client");
        let client = Client::new(&env);
        let request = get(&server.endpoint, "/item");
        drop(env.process.spawn("run", async move { client.send(request).await }));
        sim.advance(Duration::from_secs(5)).await;
        assert_eq!(server.connections(), 1);
        env.process.kill();
        sim.advance(Duration::from_secs(1)).await;
        assert_eq!(server.connections(), 0);
        assert_eq!(handled.load(Ordering::Relaxed), 0);
        sim.advance(Duration::from_secs(10)).await;
        assert_eq!(handled.load(Ordering::Relaxed), 1);
    });
}

#[test]
fn many_requests_at_a_time_share_no_connection() {
    Sim::run(1, async |sim| {
        let (_, server, handled) = counting(&sim, Duration::from_secs(1)).await;
        let env = sim.process("client");
        let client = Client::new(&env);
        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let (client, request) = (client.clone(), get(&server.endpoint, "/item"));
                env.process.spawn("one", async move { client.send(request).await })
            })
            .collect();
        let mut connections = Vec::new();
        for task in tasks {
            let response = task.await.unwrap().unwrap();
            connections.push(response.headers()["x-connection"].to_str().unwrap().to_owned());
        }
        connections.sort();
        assert_eq!(connections, ["1", "2", "3", "4", "5", "6", "7", "8"]);
        assert_eq!(handled.load(Ordering::Relaxed), 8);
        server.reset_connections();
        sim.advance(Duration::from_secs(1)).await;
        assert_eq!(server.connections(), 0);
    });
}

#[test]
fn a_problem_document_is_written_and_read() {
    let problem = Problem::new(StatusCode::BAD_REQUEST)
        .kind("urn:ietf:params:jmap:error:limit", "Limit")
        .detail("too many calls")
        .with("limit", "maxCallsInRequest")
        .with("status", 7);
    let response = problem.clone().response();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let value: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(
        value,
        serde_json::json!({
            "type": "urn:ietf:params:jmap:error:limit",
            "title": "Limit",
            "status": 400,
            "detail": "too many calls",
            "limit": "maxCallsInRequest",
        })
    );
    assert_eq!(serde_json::from_value::<Problem>(value).unwrap(), problem);
    let odd: Problem = serde_json::from_str(r#"{"status": "400", "title": 1}"#).unwrap();
    assert_eq!((odd.status, odd.title.as_str(), odd.kind.as_str()), (0, "", "about:blank"));
}
