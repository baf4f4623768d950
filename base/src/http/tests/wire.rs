//! Effects of faults, as they are on the wire.

use std::{io, time::Duration};

use ::http::{HeaderMap, Request, Response};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    BODY, answer, every_answer,
    raw::{self, dial, exchange, hello, machine, on_loopback, to_the_end, undated, until},
};
use crate::{
    Sim,
    http::{Answer, Client, Error, Incoming, ServerLimits, exchange::absolute, serve_tls},
    net::Addr,
    tls::{Acceptor, Identity, Trust},
};

const RESET: Option<io::ErrorKind> = Some(io::ErrorKind::ConnectionReset);

#[tokio::test]
async fn a_truncated_chunked_body_has_no_last_chunk() {
    let env = machine();
    let handler = |_: Incoming| async {
        let response = Response::builder().header("transfer-encoding", "chunked");
        Answer::Truncated { response: response.body(BODY.into()).unwrap(), after: 4 }
    };
    let server = on_loopback(&env, handler, ServerLimits::default()).await;
    let got = exchange(&env, &server.endpoint, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let expect = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\n0123\r\n";
    assert_eq!((undated(&got.0), got.1), (expect.to_owned(), None));

    let request = Request::get(server.endpoint.http()).body(Bytes::new()).unwrap();
    let error = Client::new(&env).send(request).await.unwrap_err();
    assert!(matches!(error, Error::Truncated { .. }), "{error:?}");
}

#[tokio::test]
async fn a_large_body_is_cut_where_it_was_to_be_cut() {
    let env = machine();
    let handler = |_: Incoming| async {
        let response = Response::new(Bytes::from(vec![b'x'; 4_000_000]));
        Answer::Truncated { response, after: 3_000_000 }
    };
    let server = on_loopback(&env, handler, ServerLimits::default()).await;
    let (got, end) = exchange(&env, &server.endpoint, "GET / HTTP/1.1\r\nhost: a\r\n\r\n").await;
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    let head = undated(&format!("{head}\r\n"));
    assert_eq!(head, "HTTP/1.1 200 OK\r\ncontent-length: 4000000\r\n");
    assert_eq!((body.len(), end), (3_000_000, None));
}

#[tokio::test]
async fn on_http_2_a_truncated_body_ends_its_stream_and_no_other() {
    let env = machine();
    let handler = |request: Incoming| async move {
        let response = Response::new(Bytes::from(vec![b'x'; 400_000]));
        match request.uri.path() {
            "/large" => Answer::Truncated { response, after: 300_000 },
            _ => answer(request).await,
        }
    };
    let server = on_loopback(&env, handler, ServerLimits::default()).await;
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(&hello(1_000_000)).await.unwrap();
    // The window of the whole connection (RFC 9113, section 6.9).
    conn.write_all(&raw::frame(8, 0, 0, &1_000_000_u32.to_be_bytes())).await.unwrap();
    for (number, path, sent) in [(1, "/truncated", 4), (3, "/headless", 0), (5, "/large", 300_000)]
    {
        conn.write_all(&raw::get(number, path)).await.unwrap();
        let (frames, data) = raw::stream(&mut conn, number).await;
        let kinds: Vec<u8> = frames.iter().map(|frame| frame.kind).collect();
        assert_eq!((kinds[0], data.len()), (raw::HEADERS, sent), "{path}");
        let last = frames.last().unwrap();
        // INTERNAL_ERROR (RFC 9113, section 7).
        assert_eq!((last.kind, last.payload.as_slice()), (raw::RST_STREAM, &[0, 0, 0, 2][..]));
    }
    conn.write_all(&raw::get(7, "/item")).await.unwrap();
    assert_eq!(raw::stream(&mut conn, 7).await.1, "GET /item ");
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn on_http_2_a_connection_ends_as_on_http_1() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    for (path, end) in
        [("/reset", RESET), ("/close", None), ("/half-close", None), ("/garbage", None)]
    {
        let mut conn = dial(&env, &server.endpoint).await;
        conn.write_all(&hello(65_535)).await.unwrap();
        // The answer to a first request: the server's settings have come before it.
        conn.write_all(&raw::get(1, "/item")).await.unwrap();
        assert_eq!(raw::stream(&mut conn, 1).await.1, "GET /item ");
        conn.write_all(&raw::get(3, path)).await.unwrap();
        let (bytes, ended) = to_the_end(&mut conn).await;
        assert_eq!(ended, end, "{path}");
        let garbage: &[u8] = b"SSH-2.0-mock\r\n\r\n";
        assert!(if path == "/garbage" { bytes.ends_with(garbage) } else { bytes.len() <= 9 });
    }
}

#[tokio::test]
async fn on_http_2_a_request_that_hangs_keeps_no_other_waiting() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(&hello(65_535)).await.unwrap();
    conn.write_all(&raw::get(1, "/hang")).await.unwrap();
    conn.write_all(&raw::get(3, "/item")).await.unwrap();
    let first = raw::next_frame(&mut conn).await.unwrap().unwrap();
    assert_eq!((first.kind, first.stream), (raw::HEADERS, 3));
    assert_eq!(raw::stream(&mut conn, 3).await.1, "GET /item ");
    drop(conn);
    while server.connections() > 0 {
        tokio::task::yield_now().await;
    }
    // Nothing of the hanging request is left either.
    server.stop();
    env.process.drained().await;
}

#[tokio::test]
async fn a_request_that_hangs_ends_with_its_client_although_more_of_it_has_come() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(b"GET /item HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    until(&mut conn, "GET /item ").await;
    let requests = "GET /hang HTTP/1.1\r\nhost: a\r\n\r\n".repeat(3000);
    conn.write_all(requests.as_bytes()).await.unwrap();
    assert_eq!(server.connections(), 1);
    drop(conn);
    while server.connections() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn a_close_is_the_end_of_the_stream_although_there_is_more_to_read() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    for _ in 0..20 {
        let requests = "GET /close HTTP/1.1\r\nhost: a\r\n\r\n".repeat(1000);
        let got = exchange(&env, &server.endpoint, &requests).await;
        assert_eq!(got, (String::new(), None));
    }
}

#[tokio::test]
async fn a_half_closed_connection_still_takes_what_is_sent() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(b"GET /half-close HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    assert_eq!(to_the_end(&mut conn).await, (Vec::new(), None));
    // A closed socket would answer the first of these with a reset, and the others would fail.
    for _ in 0..50 {
        conn.write_all(&[b'x'; 10_000]).await.unwrap();
    }
    assert_eq!(server.connections(), 1);
    conn.shutdown().await.unwrap();
    while server.connections() > 0 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn over_tls_every_answer_is_what_it_is_without() {
    let env = machine();
    let names = ["127.0.0.1".to_owned()];
    let identity = Identity::generate(&names, &env.clock, &env.entropy).unwrap();
    let acceptor = Acceptor::new(&identity, &env.clock).unwrap();
    let limits = ServerLimits::default();
    let handler = std::sync::Arc::new(answer);
    let server = serve_tls(&env, Addr::loopback(), handler, limits, acceptor).await.unwrap();
    let client = Client::new(&env).trusting(Trust::pem(identity.trust_pem()).unwrap());
    let send = async |path: &str| {
        let request = Request::get(format!("{}{path}", server.url())).body(Bytes::new()).unwrap();
        client.send(request).await
    };
    assert_eq!(send("/item").await.unwrap().body(), "GET /item ");
    assert_eq!(send("/large").await.unwrap().body().len(), 100_000);
    assert_eq!(send("/dribbled").await.unwrap().body(), BODY);
    for path in ["/truncated", "/headless"] {
        let error = send(path).await.unwrap_err();
        assert!(matches!(error, Error::Truncated { .. }), "{path}: {error:?}");
    }
    for path in ["/reset", "/close", "/half-close", "/garbage"] {
        let error = send(path).await.unwrap_err();
        assert!(error.is_in_doubt(), "{path}: {error:?}");
    }
    assert!(matches!(send("/reset").await, Err(Error::Reset { .. })));
    assert_eq!(send("/item").await.unwrap().body(), "GET /item ");
}

#[test]
fn over_tls_a_target_has_the_scheme_and_the_host_of_its_request() {
    let stated = |target: &str, host: Option<&str>| {
        let mut headers = HeaderMap::new();
        if let Some(host) = host {
            headers.insert("host", host.parse().unwrap());
        }
        absolute(target.parse().unwrap(), &headers).to_string()
    };
    assert_eq!(stated("/a?b=c", Some("x.test:8443")), "https://x.test:8443/a?b=c");
    assert_eq!(stated("https://y.test/a", Some("x.test")), "https://y.test/a");
    assert_eq!(stated("/a", None), "/a");
    assert_eq!(stated("/a", Some("no host")), "/a");
    assert_eq!(stated("*", Some("x.test")), "*");
}

#[test]
fn a_throttled_body_comes_at_its_rate_on_the_clock_of_its_server() {
    for (rate, size, expect_ms) in [(1000, 500, 500), (50, 100, 2000), (3, 6, 2000)] {
        Sim::run(1, async |sim| {
            sim.net().set_latency(0..=0, 0);
            let handler = move |_: Incoming| async move {
                let response = Response::new(Bytes::from(vec![b'x'; size]));
                Answer::throttled(response, rate)
            };
            let env = sim.process("server");
            let server = on_loopback(&env, handler, ServerLimits::default()).await;
            let client = Client::new(&sim.process("client"));
            let before = sim.clock().now();
            let request = Request::get(server.endpoint.http()).body(Bytes::new()).unwrap();
            assert_eq!(client.send(request).await.unwrap().body().len(), size);
            let passed = sim.clock().now().duration_since(before).as_millis();
            // Each of the waits is rounded up to a millisecond.
            let waits = i128::try_from(size).unwrap();
            assert!((expect_ms..=expect_ms + waits).contains(&passed), "{rate}: {passed}");
        });
    }
}

#[test]
fn over_tls_everything_goes_on_a_simulated_network_too() {
    Sim::run(1, async |sim| {
        let env = sim.process("server");
        let names = ["a.test".to_owned()];
        let identity = Identity::generate(&names, &env.clock, &env.entropy).unwrap();
        let acceptor = Acceptor::new(&identity, &env.clock).unwrap();
        let limits = ServerLimits::default();
        let handler = std::sync::Arc::new(answer);
        let at = Addr::new("a.test", 443);
        let server = serve_tls(&env, at, handler, limits, acceptor).await.unwrap();
        assert_eq!(server.url(), "https://a.test:443");
        let trust = Trust::pem(identity.trust_pem()).unwrap();
        let client = Client::new(&sim.process("client")).trusting(trust);
        for _ in 0..2 {
            let request = Request::get("https://a.test/item").body(Bytes::new()).unwrap();
            let response = client.send(request).await.unwrap();
            assert_eq!(response.body(), "GET /item ");
            assert_eq!(response.version(), ::http::Version::HTTP_2);
            assert_eq!(response.headers()["x-connection"], "1");
        }
        sim.advance(Duration::from_secs(3600)).await;
        assert_eq!(sim.net().open_connections(), 0);
    });
}

#[tokio::test]
async fn a_reset_over_tls_is_a_reset_of_the_socket() {
    let env = machine();
    let names = ["127.0.0.1".to_owned()];
    let identity = Identity::generate(&names, &env.clock, &env.entropy).unwrap();
    let acceptor = Acceptor::new(&identity, &env.clock).unwrap();
    let handler = std::sync::Arc::new(answer);
    let limits = ServerLimits::default();
    let server = serve_tls(&env, Addr::loopback(), handler, limits, acceptor).await.unwrap();
    // A relay between client and server sees what the socket does.
    let mut relay = env.net.listen(Addr::loopback()).await.unwrap();
    let url = format!("https://{}/reset", relay.local());
    let client = Client::new(&env).trusting(Trust::pem(identity.trust_pem()).unwrap());
    let request = Request::get(url).body(Bytes::new()).unwrap();
    let sending = env.process.spawn("client", async move { client.send(request).await });
    let (near, _) = relay.accept().await.unwrap();
    let far = dial(&env, &server.endpoint).await;
    let (mut near_in, mut near_out) = tokio::io::split(near);
    let (mut far_in, mut far_out) = tokio::io::split(far);
    let up = env.process.spawn("up", async move {
        drop(tokio::io::copy(&mut near_in, &mut far_out).await);
    });
    let mut buffer = [0; 4096];
    let end = loop {
        match far_in.read(&mut buffer).await {
            Ok(0) => break None,
            Ok(length) => near_out.write_all(&buffer[..length]).await.unwrap(),
            Err(error) => break Some(error.kind()),
        }
    };
    assert_eq!(end, RESET);
    up.abort();
    drop((up.await, near_out));
    assert!(sending.await.unwrap().unwrap_err().is_in_doubt());
}

#[test]
fn every_answer_is_the_same_twice() {
    let digest = || {
        Sim::run(7, async |sim| {
            every_answer(&sim.process("server"), &sim.process("client"), "a.test").await;
            sim.digest()
        })
    };
    assert_eq!(digest(), digest());
}
