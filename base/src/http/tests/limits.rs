//! Attacks on a server over real sockets, while somebody else is served.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use ::http::{Request, Response};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::{
    answer,
    raw::{self, dial, exchange, hello, machine, on_loopback, to_the_end},
};
use crate::{
    Env, Sim,
    http::{Answer, Client, Drained, Incoming, Server, ServerLimits},
    net::Endpoint,
};

/// How much memory an attack may cost, in bytes.
const MEMORY_MAX: usize = 96 * 1024 * 1024;

/// The memory of this process that is resident, in bytes.
fn resident() -> usize {
    let text = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: usize = text.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4096
}

/// Somebody who did nothing.
async fn is_served(env: &Env, at: &Endpoint) {
    let request = Request::put(format!("{}/item", at.http())).body(Bytes::from("x")).unwrap();
    let response = Client::new(env).send(request).await.unwrap();
    assert_eq!(response.body(), "PUT /item x");
}

#[tokio::test]
async fn a_thousand_connections_at_once_cost_little() {
    let env = machine();
    let server = on_loopback(&env, answer, ServerLimits::default()).await;
    let before = resident();
    let mut conns = Vec::new();
    for number in 0..1000 {
        let mut conn = dial(&env, &server.endpoint).await;
        // A third says nothing, a third half a head, a third has a request that hangs.
        let sent: &[u8] = match number % 3 {
            0 => b"",
            1 => b"GET /item HTTP/1.1\r\nx-half:",
            _ => b"GET /hang HTTP/1.1\r\nhost: a\r\n\r\n",
        };
        conn.write_all(sent).await.unwrap();
        conns.push(conn);
    }
    is_served(&env, &server.endpoint).await;
    assert!(server.connections() >= 1000);
    assert!(resident().saturating_sub(before) < MEMORY_MAX);
    drop(conns);
    while server.connections() > 1 {
        tokio::task::yield_now().await;
    }
    is_served(&env, &server.endpoint).await;
}

/// Sends these bytes one at a time for ever, until the server has enough of it.
async fn drip(env: &Env, at: &Endpoint, first: &str) -> String {
    let conn = dial(env, at).await;
    let (mut read, mut write) = tokio::io::split(conn);
    write.write_all(first.as_bytes()).await.unwrap();
    let clock = env.clock.clone();
    let dripping = env.process.spawn("drip", async move {
        while write.write_all(b"x").await.is_ok() {
            clock.sleep(Duration::from_millis(10)).await;
        }
    });
    let mut got = Vec::new();
    // It ends with the end of the stream, or with a reset because the attacker went on sending.
    while read.read_buf(&mut got).await.is_ok_and(|length| length > 0) {}
    dripping.abort();
    String::from_utf8(got).unwrap()
}

#[tokio::test]
async fn who_sends_slowly_is_told_and_cut_off() {
    let env = machine();
    let limits = ServerLimits {
        header_timeout: Duration::from_millis(700),
        body_timeout: Duration::from_millis(700),
        ..Default::default()
    };
    let server = on_loopback(&env, answer, limits).await;
    let at = server.endpoint.clone();
    let attack = |first: &'static str| {
        let (env, at) = (env.clone(), at.clone());
        env.process.clone().spawn("attack", async move { drip(&env, &at, first).await })
    };
    let attacks = [
        attack("GET /item HTTP/1.1\r\nx-slow: "),
        attack("PUT /item HTTP/1.1\r\nhost: a\r\ncontent-length: 100000\r\n\r\n"),
        attack("PRI * HTTP/2.0\r\n"),
    ];
    for _ in 0..20 {
        is_served(&env, &at).await;
    }
    let told = "HTTP/1.1 408 Request Timeout\r\n";
    let [head, body, preface] = attacks;
    assert!(head.await.unwrap().starts_with(told));
    assert!(body.await.unwrap().starts_with(told));
    // It was no preface: what comes then is no HTTP/1 either.
    preface.await.unwrap();
    is_served(&env, &at).await;
}

/// Sends a body of 1 GB until nobody takes it, and says how much went out and what came back.
async fn flood(env: &Env, at: &Endpoint, head: &str, chunk: &[u8]) -> (usize, String) {
    let (mut read, mut write) = tokio::io::split(dial(env, at).await);
    write.write_all(head.as_bytes()).await.unwrap();
    let chunk = chunk.to_vec();
    let writing = env.process.spawn("flood", async move {
        let mut sent = 0;
        while sent < 1_000_000_000 && write.write_all(&chunk).await.is_ok() {
            sent += chunk.len();
        }
        sent
    });
    let mut got = Vec::new();
    while read.read_buf(&mut got).await.is_ok_and(|length| length > 0) {}
    (writing.await.unwrap(), String::from_utf8(got).unwrap())
}

#[tokio::test]
async fn a_body_of_a_gigabyte_is_refused_without_reading_it() {
    let env = machine();
    let limits = ServerLimits { max_body: 4 * 1024 * 1024, ..Default::default() };
    let server = on_loopback(&env, answer, limits).await;
    let before = resident();
    let known = "PUT /item HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000000\r\n\r\n";
    let chunked = "PUT /item HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut chunk = b"10000\r\n".to_vec();
    chunk.extend(vec![b'x'; 0x10000]);
    chunk.extend(b"\r\n");
    for (head, chunk) in [(known, &vec![b'x'; 0x10000]), (chunked, &chunk)] {
        let (sent, got) = flood(&env, &server.endpoint, head, chunk).await;
        assert!(sent < 64 * 1024 * 1024, "{sent}");
        assert!(got.starts_with("HTTP/1.1 413 Payload Too Large\r\n"), "{got}");
        is_served(&env, &server.endpoint).await;
    }
    assert!(resident().saturating_sub(before) < MEMORY_MAX);
}

#[tokio::test]
async fn who_never_reads_is_reset_on_either_version() {
    let env = machine();
    let body = Bytes::from(vec![b'x'; 32_000_000]);
    let handler = move |request: Incoming| {
        let body = body.clone();
        async move {
            match request.uri.path() {
                "/much" => Answer::Full(Response::new(body)),
                _ => answer(request).await,
            }
        }
    };
    let limits = ServerLimits { write_timeout: Duration::from_millis(500), ..Default::default() };
    let server = on_loopback(&env, handler, limits).await;
    let before = resident();
    let mut one = dial(&env, &server.endpoint).await;
    one.write_all(b"GET /much HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    // A window that stays shut, on a socket that is read from.
    let mut two = dial(&env, &server.endpoint).await;
    two.write_all(&[hello(0), raw::get(1, "/much")].concat()).await.unwrap();
    let (_, end) = to_the_end(&mut two).await;
    assert_eq!(end, Some(io::ErrorKind::ConnectionReset));
    is_served(&env, &server.endpoint).await;
    while server.connections() > 1 {
        env.clock.sleep(Duration::from_millis(5)).await;
    }
    let (got, end) = to_the_end(&mut one).await;
    assert!(got.len() < 32_000_000);
    assert_eq!(end, Some(io::ErrorKind::ConnectionReset));
    assert!(resident().saturating_sub(before) < MEMORY_MAX);
}

#[tokio::test]
async fn a_reader_that_is_slow_but_reads_gets_everything() {
    let env = machine();
    let handler =
        |_: Incoming| async { Answer::Full(Response::new(Bytes::from(vec![b'x'; 8_000_000]))) };
    let limits = ServerLimits {
        write_timeout: Duration::from_millis(900),
        idle_timeout: Duration::from_millis(900),
        ..Default::default()
    };
    let server = on_loopback(&env, handler, limits).await;
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut left = 8_000_000;
    let mut part = vec![0; 500_000];
    while left > 0 {
        env.clock.sleep(Duration::from_millis(80)).await;
        conn.read_exact(&mut part).await.unwrap();
        left -= part.len();
    }
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_by_its_own_status() {
    let env = machine();
    let limits =
        ServerLimits { max_headers: 20, max_header_bytes: 16 * 1024, ..Default::default() };
    let server = on_loopback(&env, answer, limits).await;
    let many = "x-a: 1\r\n".repeat(21);
    let large = format!("x-a: {}\r\n", "v".repeat(1_000_000));
    for headers in [many.as_str(), large.as_str()] {
        let request = format!("GET /item HTTP/1.1\r\n{headers}\r\n");
        let mut conn = dial(&env, &server.endpoint).await;
        // The server may have had enough before it is all sent.
        drop(conn.write_all(request.as_bytes()).await);
        let (got, _) = to_the_end(&mut conn).await;
        let expect: &[u8] = b"HTTP/1.1 431 Request Header Fields Too Large\r\n";
        assert!(got.starts_with(expect), "{}", String::from_utf8_lossy(&got));
    }
    let fit = format!("GET /item HTTP/1.1\r\nconnection: close\r\n{}\r\n", "x-a: 1\r\n".repeat(19));
    assert!(exchange(&env, &server.endpoint, &fit).await.0.starts_with("HTTP/1.1 200 OK\r\n"));

    // The same on HTTP/2, each request on its own: 431 in the static table has no place, so it is
    // a literal.
    for value in ["1", &"v".repeat(600)] {
        let mut conn = dial(&env, &server.endpoint).await;
        let mut block = vec![0x82, 0x86, 0x84, 0x01, 1, b'a'];
        let count = if value.len() == 1 { 21 } else { 40 };
        for number in 0..count {
            block.extend([0x00, 3, b'x', b'a' + number / 10, b'a' + number % 10]);
            if value.len() < 127 {
                block.push(u8::try_from(value.len()).unwrap());
            } else {
                let rest = value.len() - 127;
                block.extend([127, (rest % 128) as u8 | 128, (rest / 128) as u8]);
            }
            block.extend(value.as_bytes());
        }
        let (first, rest) = block.split_at(block.len().min(16_000));
        let mut sent = hello(65_535);
        sent.extend(raw::frame(raw::HEADERS, if rest.is_empty() { 5 } else { 1 }, 1, first));
        if !rest.is_empty() {
            sent.extend(raw::frame(9, 4, 1, rest));
        }
        conn.write_all(&sent).await.unwrap();
        let (frames, _) = raw::stream(&mut conn, 1).await;
        let status = frames[0].payload.windows(3).any(|bytes| bytes == b"431")
            // The digits in the code of RFC 7541, appendix B.
            || frames[0].payload.windows(3).any(|bytes| bytes == [0x69, 0x90, 0xff]);
        assert_eq!(frames[0].kind, raw::HEADERS);
        assert!(status, "{frames:?}");
    }
    is_served(&env, &server.endpoint).await;
}

#[tokio::test]
async fn bodies_together_have_a_bound_too() {
    let env = machine();
    let limits = ServerLimits { max_body: 1000, max_bodies: 1500, ..Default::default() };
    let server = on_loopback(&env, answer, limits).await;
    let half = |path: &str| {
        let body = "x".repeat(900);
        format!(
            "PUT {path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-length: 901\r\n\r\n{body}"
        )
    };
    let mut one = dial(&env, &server.endpoint).await;
    one.write_all(half("/1").as_bytes()).await.unwrap();
    // The first is in hand by the time that a later one is answered.
    is_served(&env, &server.endpoint).await;
    let (got, _) = exchange(&env, &server.endpoint, &half("/2")).await;
    assert!(got.starts_with("HTTP/1.1 503 Service Unavailable\r\n"), "{got}");
    assert!(got.contains("\r\nretry-after: 1\r\n"), "{got}");
    one.write_all(b"y").await.unwrap();
    assert!(raw::until(&mut one, "y").await.starts_with("HTTP/1.1 200 OK\r\n"));
    drop(one);
    let (got, _) = exchange(&env, &server.endpoint, &(half("/3") + "z")).await;
    assert!(got.starts_with("HTTP/1.1 200 OK\r\n"), "{got}");
}

/// A server that says how many requests it has in hand at most, each of them for a second.
async fn counting(sim: &Sim, limits: ServerLimits) -> (Server, Arc<AtomicUsize>) {
    let env = sim.process("server");
    let [now, most] = [(); 2].map(|()| Arc::new(AtomicUsize::new(0)));
    let (clock, peak) = (env.clock.clone(), most.clone());
    let handler = move |_: Incoming| {
        let (clock, now, peak) = (clock.clone(), now.clone(), peak.clone());
        async move {
            peak.fetch_max(now.fetch_add(1, Ordering::Relaxed) + 1, Ordering::Relaxed);
            clock.sleep(Duration::from_secs(1)).await;
            now.fetch_sub(1, Ordering::Relaxed);
            Answer::Full(Response::new(Bytes::new()))
        }
    };
    (on_loopback(&env, handler, limits).await, most)
}

#[test]
fn streams_that_are_opened_and_reset_do_not_pile_up_requests() {
    Sim::run(1, async |sim| {
        let limits = ServerLimits { max_streams: 4, ..Default::default() };
        let (server, most) = counting(&sim, limits).await;
        let env = sim.process("client");
        let mut conn = dial(&env, &server.endpoint).await;
        conn.write_all(&hello(65_535)).await.unwrap();
        for turn in 0..20 {
            let number = 2 * turn + 1;
            conn.write_all(&raw::get(number, "/item")).await.unwrap();
            // CANCEL (RFC 9113, section 7).
            conn.write_all(&raw::frame(raw::RST_STREAM, 0, number, &[0, 0, 0, 8])).await.unwrap();
            sim.advance(Duration::from_millis(100)).await;
        }
        sim.advance(Duration::from_secs(10)).await;
        assert_eq!(most.load(Ordering::Relaxed), 4);
    });
}

#[test]
fn times_are_kept_to_the_millisecond() {
    Sim::run(1, async |sim| {
        sim.net().set_latency(0..=0, 0);
        let limits = ServerLimits {
            header_timeout: Duration::from_secs(5),
            body_timeout: Duration::from_secs(9),
            body_stall_timeout: Duration::from_secs(3),
            idle_timeout: Duration::from_secs(7),
            ..Default::default()
        };
        let server = on_loopback(&sim.process("server"), answer, limits).await;
        let env = sim.process("client");
        let request = "GET /item HTTP/1.1\r\nhost: a\r\n\r\n";
        let body = "PUT /item HTTP/1.1\r\nhost: a\r\ncontent-length: 99\r\n\r\n";
        let late = "HTTP/1.1 408 Request Timeout";
        // What is sent at first, what every second after, when it ends, what came.
        for (first, drip, after_ms, expect) in [
            ("", "", 5000, ""),
            ("G", "", 5000, late),
            ("GET /item HTTP/1.1\r\nx:", "y", 5000, late),
            (request, "", 7000, "HTTP/1.1 200 OK"),
            (&format!("{request}G"), "", 7000, "HTTP/1.1 200 OK"),
            (request, "G", 6000, "HTTP/1.1 200 OK"),
            (body, "", 3000, late),
            (body, "z", 9000, late),
        ] {
            let before = sim.clock().now();
            let (mut read, mut write) = tokio::io::split(dial(&env, &server.endpoint).await);
            write.write_all(first.as_bytes()).await.unwrap();
            let dripping = env.process.spawn("drip", async move {
                loop {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    drop(write.write_all(drip.as_bytes()).await);
                }
            });
            let mut got = String::new();
            read.read_to_string(&mut got).await.unwrap();
            let passed = sim.clock().now().duration_since(before).as_millis();
            assert!(got.starts_with(expect), "{first:?} {drip:?}: {got}");
            // A timer of tokio fires within the millisecond after.
            assert!((after_ms..=after_ms + 1).contains(&passed), "{first:?} {drip:?}: {passed}");
            dripping.abort();
            drop(dripping.await);
        }
    });
}

/// Stops a server that has one connection of each kind.
async fn drained(server: &Env, client: &Env) {
    let clock = server.clock.clone();
    let handler = move |request: Incoming| {
        let clock = clock.clone();
        async move {
            if request.uri.path() == "/slow" {
                clock.sleep(Duration::from_millis(300)).await;
            }
            answer(request).await
        }
    };
    let running = on_loopback(server, handler, ServerLimits::default()).await;
    let at = running.endpoint.clone();
    let mut idle = dial(client, &at).await;
    idle.write_all(b"GET /item HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    raw::until(&mut idle, "GET /item ").await;
    let mut silent = dial(client, &at).await;
    let mut hanging = dial(client, &at).await;
    hanging.write_all(b"GET /hang HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    let mut two = dial(client, &at).await;
    two.write_all(&[hello(65_535), raw::get(1, "/slow")].concat()).await.unwrap();
    let mut one = dial(client, &at).await;
    one.write_all(b"GET /slow HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    is_served(client, &at).await;

    let answers = client.process.spawn("answers", async move {
        let (one, _) = to_the_end(&mut one).await;
        let two = raw::stream(&mut two, 1).await.1;
        drop((to_the_end(&mut idle).await, to_the_end(&mut silent).await));
        (String::from_utf8(one).unwrap(), two, to_the_end(&mut hanging).await)
    });
    let stopped = running.drain(Duration::from_millis(1500)).await;
    assert_eq!(stopped, Drained { cut: 1 });
    let (one, two, hanging) = answers.await.unwrap();
    assert!(one.contains("\r\nconnection: close\r\n") && one.ends_with("GET /slow "), "{one}");
    assert_eq!(two, "GET /slow ");
    assert_eq!(hanging, (vec![], None));
    assert!(client.net.dial(at).await.is_err());
}

#[tokio::test]
async fn a_graceful_stop_answers_what_is_in_hand_and_cuts_what_hangs() {
    let env = machine();
    drained(&env, &env).await;
}

#[test]
fn a_graceful_stop_in_simulation() {
    Sim::run(1, async |sim| {
        drained(&sim.process("server"), &sim.process("client")).await;
        sim.advance(Duration::from_secs(3600)).await;
        assert_eq!(sim.net().open_connections(), 0);
    });
}

#[tokio::test]
async fn who_holds_every_connection_loses_them() {
    let env = machine();
    let limits = ServerLimits {
        max_connections: 8,
        header_timeout: Duration::from_millis(300),
        ..Default::default()
    };
    let server = on_loopback(&env, answer, limits).await;
    let mut conns = Vec::new();
    for _ in 0..20 {
        conns.push(dial(&env, &server.endpoint).await);
    }
    // It waits to be accepted after all of them.
    is_served(&env, &server.endpoint).await;
    assert!(server.connections() <= 8);
    for mut conn in conns {
        assert_eq!(to_the_end(&mut conn).await, (vec![], None));
    }
}

#[tokio::test]
async fn a_connection_that_is_idle_too_long_is_closed() {
    let env = machine();
    let limits = ServerLimits { idle_timeout: Duration::from_millis(200), ..Default::default() };
    let server = on_loopback(&env, answer, limits).await;
    let request = "GET /item HTTP/1.1\r\nhost: a\r\n\r\n";
    let (got, end) = exchange(&env, &server.endpoint, request).await;
    assert!(got.ends_with("GET /item "), "{got}");
    assert_eq!(end, None);
    let mut two = dial(&env, &server.endpoint).await;
    two.write_all(&[hello(65_535), raw::get(1, "/item")].concat()).await.unwrap();
    assert_eq!(raw::stream(&mut two, 1).await.1, "GET /item ");
    assert_eq!(to_the_end(&mut two).await.1, None);
}

#[tokio::test]
async fn a_stream_too_many_is_refused_and_no_other() {
    let env = machine();
    let limits = ServerLimits { max_streams: 10, ..Default::default() };
    let server = on_loopback(&env, answer, limits).await;
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(&hello(65_535)).await.unwrap();
    for turn in 0..12 {
        conn.write_all(&raw::get(2 * turn + 1, "/hang")).await.unwrap();
    }
    for number in [21, 23] {
        let frame = raw::next_frame(&mut conn).await.unwrap().unwrap();
        // REFUSED_STREAM (RFC 9113, section 8.7).
        assert_eq!((frame.kind, frame.stream), (raw::RST_STREAM, number));
        assert_eq!(frame.payload, [0, 0, 0, 7]);
    }
    is_served(&env, &server.endpoint).await;
}
