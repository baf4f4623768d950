//! Both versions of HTTP as their specifications have them.

use std::time::Duration;

use ::http::{Request, Version};
use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    answer,
    raw::{dial, exchange, machine, on_loopback, to_the_end, undated, until},
};
use crate::{
    Env, Sim,
    http::{Answer, Incoming, ServerLimits},
    net::Endpoint,
};

/// Sends a request over HTTP/2 with prior knowledge.
async fn over_http_2(
    env: &Env,
    at: &Endpoint,
    requests: Vec<Request<Bytes>>,
) -> Vec<::http::Response<Bytes>> {
    let conn = TokioIo::new(dial(env, at).await);
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(env.process.executor(), conn).await.unwrap();
    drop(env.process.spawn("connection", connection));
    let mut answers = Vec::new();
    for request in requests {
        let response = sender.send_request(request.map(Full::new)).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        answers.push(::http::Response::from_parts(parts, body));
    }
    answers
}

fn request(method: &str, at: &Endpoint, path: &str, body: &'static str) -> Request<Bytes> {
    let uri = format!("{}{path}", at.http());
    Request::builder().method(method).uri(uri).body(Bytes::from_static(body.as_bytes())).unwrap()
}

#[tokio::test]
async fn pipelined_requests_are_answered_in_their_order() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    let mut requests = String::new();
    let mut expect = String::new();
    for turn in 0..50 {
        let length = format!("{turn}").len();
        requests +=
            &format!("PUT /{turn} HTTP/1.1\r\nhost: a\r\ncontent-length: {length}\r\n\r\n{turn}");
        let body = format!("PUT /{turn} {turn}");
        let length = body.len();
        expect += &format!(
            "HTTP/1.1 200 OK\r\nx-connection: 1\r\ncontent-length: {length}\r\n\r\n{body}"
        );
    }
    requests += "GET /last HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let (got, end) = exchange(&env, &server.endpoint, &requests).await;
    let got = undated(&got);
    let (answers, last) = got.split_at(expect.len());
    assert_eq!(answers, expect);
    assert!(last.ends_with("\r\n\r\nGET /last ") && last.contains("connection: close"), "{last}");
    assert_eq!(end, None);
}

#[tokio::test]
async fn a_chunked_body_is_read_and_its_trailers_are_passed_over() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    let request = "PUT /c HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n\
                   3;name=value\r\nabc\r\n2\r\nde\r\n0\r\nx-connection: 7\r\n\r\n\
                   GET /next HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
    let (got, _) = exchange(&env, &server.endpoint, request).await;
    assert!(got.contains("\r\n\r\nPUT /c abcdeHTTP/1.1 200 OK"), "{got}");
    assert!(got.ends_with("\r\n\r\nGET /next "), "{got}");
}

#[tokio::test]
async fn who_waits_for_leave_to_send_a_body_gets_it_or_the_refusal() {
    let env = machine();
    let limits = ServerLimits { max_body: 10, ..Default::default() };
    let server = on_loopback(&env, answer, limits).await;
    let head = |length: usize| {
        format!(
            "PUT /e HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: {length}\r\n\r\n"
        )
    };
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(head(3).as_bytes()).await.unwrap();
    assert_eq!(until(&mut conn, "\r\n\r\n").await, "HTTP/1.1 100 Continue\r\n\r\n");
    conn.write_all(b"abc").await.unwrap();
    assert!(until(&mut conn, "PUT /e abc").await.starts_with("HTTP/1.1 200 OK\r\n"));

    conn.write_all(head(11).as_bytes()).await.unwrap();
    let (refusal, end) = to_the_end(&mut conn).await;
    assert!(refusal.starts_with(b"HTTP/1.1 413 Payload Too Large\r\n"));
    assert_eq!(end, None);
}

#[tokio::test]
async fn an_answer_to_head_has_the_length_of_the_body_and_none() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    for path in ["/item", "/truncated", "/dribbled"] {
        let request = format!("HEAD {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n");
        let (got, end) = exchange(&env, &server.endpoint, &request).await;
        let length = if path == "/item" { 11 } else { 10 };
        assert!(got.contains(&format!("\r\ncontent-length: {length}\r\n")), "{got}");
        assert!(got.ends_with("\r\n\r\n") && got.contains("\r\ndate: "), "{got}");
        assert_eq!(end, None);
        let requests = vec![self::request("HEAD", &server.endpoint, path, "")];
        let answers = over_http_2(&env, &server.endpoint, requests).await;
        assert_eq!(answers[0].headers()["content-length"], length.to_string());
        assert_eq!(answers[0].body(), "");
    }
}

#[tokio::test]
async fn a_last_answer_arrives_whole_however_large_it_is() {
    let env = machine();
    let handler = |_: Incoming| async {
        Answer::Full(::http::Response::new(Bytes::from(vec![b'x'; 20_000_000])))
    };
    let server = on_loopback(&env, handler, ServerLimits::default()).await;
    for version in ["1.0", "1.1"] {
        let request = format!("GET / HTTP/{version}\r\nhost: a\r\nconnection: close\r\n\r\n");
        let (got, end) = exchange(&env, &server.endpoint, &request).await;
        let (_, body) = got.split_once("\r\n\r\n").unwrap();
        assert_eq!((body.len(), end), (20_000_000, None), "{version}");
    }
}

/// Both versions on one port, one connection each.
async fn both(server: &Env, client: &Env) {
    let running = on_loopback(server, answer, ServerLimits::default()).await;
    let at = &running.endpoint;
    let requests = || vec![request("PUT", at, "/1", "one"), request("GET", at, "/large", "")];
    let answers = over_http_2(client, at, requests()).await;
    assert_eq!(answers[0].body(), "PUT /1 one");
    assert_eq!(answers[1].body().len(), 100_000);
    for response in answers {
        assert_eq!(response.version(), Version::HTTP_2);
        assert_eq!(response.headers()["x-connection"], "1");
        assert!(response.headers().contains_key("date"));
    }
    let plain = crate::http::Client::new(client);
    let response = plain.send(request("GET", at, "/2", "")).await.unwrap();
    assert_eq!((response.version(), response.body().as_ref()), (Version::HTTP_11, &b"GET /2 "[..]));
    assert_eq!(response.headers()["x-connection"], "2");
}

#[tokio::test]
async fn one_port_serves_both_versions() {
    let env = machine();
    both(&env, &env).await;
}

#[test]
fn one_port_serves_both_versions_in_simulation_and_the_same_twice() {
    let digest = |seed| {
        Sim::run(seed, async |sim| {
            both(&sim.process("server"), &sim.process("client")).await;
            sim.advance(Duration::from_secs(3600)).await;
            assert_eq!(sim.net().open_connections(), 0);
            sim.digest()
        })
    };
    assert_eq!(digest(3), digest(3));
    assert_ne!(digest(3), digest(4));
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_its_connection_ends() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    for text in
        ["\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", "GET\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nX\r\n"]
    {
        let mut conn = dial(&env, &server.endpoint).await;
        conn.write_all(text.as_bytes()).await.unwrap();
        conn.shutdown().await.unwrap();
        let mut got = Vec::new();
        conn.read_to_end(&mut got).await.unwrap();
        let refused = got.starts_with(b"HTTP/1.1 400 Bad Request\r\n");
        assert!(refused || text.starts_with("PRI"), "{text:?}: {got:?}");
    }
    assert!(
        exchange(&env, &server.endpoint, "GET /i HTTP/1.0\r\n\r\n").await.0.ends_with("GET /i ")
    );
}
