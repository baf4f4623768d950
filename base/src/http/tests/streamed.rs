//! Bodies that are made while they are sent.

use std::sync::{Arc, Mutex};

use ::http::Response;
use bytes::Bytes;
use tokio::{io::AsyncWriteExt, sync::mpsc};

use super::raw::{self, dial, hello, machine, on_loopback, to_the_end, until};
use crate::{
    http::{Answer, Incoming, ServerLimits},
    sync::lock,
};

/// Where a test finds the sender of the body that was asked for last.
type Place = Arc<Mutex<Option<mpsc::Sender<Bytes>>>>;

/// A handler whose bodies the test sends.
fn streaming(bound: usize) -> (impl Fn(Incoming) -> std::future::Ready<Answer>, Place) {
    let place = Arc::new(Mutex::new(None));
    let shared = place.clone();
    let handler = move |_: Incoming| {
        let (sender, pieces) = mpsc::channel(bound);
        *lock(&shared) = Some(sender);
        std::future::ready(Answer::Streamed { head: Response::new(()), pieces })
    };
    (handler, place)
}

#[tokio::test]
async fn pieces_go_out_as_they_come() {
    let env = machine();
    let (handler, place) = streaming(1);
    let server = on_loopback(&env, handler, ServerLimits::default()).await;
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n").await.unwrap();
    let head = until(&mut conn, "\r\n\r\n").await;
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    let sender = lock(&place).take().unwrap();
    sender.send(Bytes::from_static(b"one")).await.unwrap();
    assert_eq!(until(&mut conn, "\r\n").await, "3\r\n");
    assert_eq!(until(&mut conn, "\r\n").await, "one\r\n");
    sender.send(Bytes::new()).await.unwrap();
    sender.send(Bytes::from_static(b"two!")).await.unwrap();
    drop(sender);
    let (rest, end) = to_the_end(&mut conn).await;
    assert_eq!((String::from_utf8(rest).unwrap().as_str(), end), ("4\r\ntwo!\r\n0\r\n\r\n", None));
}

#[tokio::test]
async fn who_goes_away_is_sent_nothing_more() {
    let env = machine();
    let (handler, place) = streaming(1);
    let server = on_loopback(&env, handler, ServerLimits::default()).await;
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(b"GET / HTTP/1.1\r\nhost: a\r\n\r\n").await.unwrap();
    until(&mut conn, "\r\n\r\n").await;
    let sender = lock(&place).take().unwrap();
    drop(conn);
    sender.closed().await;
    assert!(sender.is_closed());
}

#[tokio::test]
async fn on_http_2_pieces_go_out_as_they_come_too() {
    let env = machine();
    let (handler, place) = streaming(2);
    let server = on_loopback(&env, handler, ServerLimits::default()).await;
    let mut conn = dial(&env, &server.endpoint).await;
    conn.write_all(&hello(65_535)).await.unwrap();
    conn.write_all(&raw::get(1, "/")).await.unwrap();
    let head = raw::next_frame(&mut conn).await.unwrap().unwrap();
    assert_eq!(head.kind, raw::HEADERS);
    let sender = lock(&place).take().unwrap();
    sender.send(Bytes::from_static(b"one")).await.unwrap();
    let first = raw::next_frame(&mut conn).await.unwrap().unwrap();
    assert_eq!((first.kind, first.payload.as_slice()), (raw::DATA, b"one".as_slice()));
    sender.send(Bytes::from_static(b"two")).await.unwrap();
    drop(sender);
    let (_, data) = raw::stream(&mut conn, 1).await;
    assert_eq!(data, "two");
}
