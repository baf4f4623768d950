//! What happens is told as server-sent events.

use bytes::Bytes;
use calamity_base::{Env, Sim};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use super::rig::{ALICE, Rig, Served, small};

fn told(piece: &Bytes) -> (String, Value) {
    let text = String::from_utf8(piece.to_vec()).unwrap();
    let (name, data) = text.split_once('\n').unwrap();
    let data = data.strip_prefix("data: ").unwrap().trim_end();
    (name.strip_prefix("event: ").unwrap().to_owned(), serde_json::from_str(data).unwrap())
}

async fn follow(rig: &Rig, target: &str) -> mpsc::Receiver<Bytes> {
    rig.expect("GET", target, Value::Null, 200).await;
    let mut pieces = rig.streams.lock().unwrap().pop().unwrap();
    assert_eq!(pieces.recv().await.unwrap(), ": following\n\n");
    pieces
}

async fn next(pieces: &mut mpsc::Receiver<Bytes>) -> (String, Value) {
    told(&pieces.recv().await.unwrap())
}

const EVENT: &str =
    r#"{"event": {"title": "Tea", "start": "2026-05-04", "attendees": ["g@example.org"]}}"#;

#[test]
fn requests_writes_mails_and_hits_are_told() {
    Sim::run(1, async |sim| {
        let served = Served::new(&sim.process("mock"), &sim.process("client"), &small()).await;
        let rig = &served.rig;
        let mut pieces = follow(rig, "/events?server=dav").await;
        rig.ask("POST", &format!("/actors/{ALICE}/items?server=dav"), EVENT).await;
        let (name, write) = next(&mut pieces).await;
        assert_eq!(
            (name.as_str(), &write["op"], &write["title"]),
            ("write", &json!("create"), &json!("Tea"))
        );
        let (name, mail) = next(&mut pieces).await;
        assert_eq!((name.as_str(), &mail["to"]), ("mail", &json!("g@example.org")));
        let rule = json!({ "id": "f", "site": "request", "what": { "error": { "status": 503 } } });
        rig.expect("POST", "/faults?server=dav", rule, 201).await;
        served.status(&format!("{}/dav/", served.url("dav"))).await;
        let (name, hit) = next(&mut pieces).await;
        assert_eq!((name.as_str(), &hit["rule"]), ("hit", &json!("f")));
        let (name, request) = next(&mut pieces).await;
        assert_eq!((name.as_str(), &request["status"]), ("request", &json!(503)));
        rig.expect("POST", "/reset", Value::Null, 204).await;
        assert_eq!(next(&mut pieces).await.0, "restored");
        rig.ask("POST", &format!("/actors/{ALICE}/items?server=dav"), EVENT).await;
        assert_eq!(next(&mut pieces).await.0, "write");
    });
}

#[test]
fn the_logs_can_be_told_from_their_start_and_a_slow_reader_misses_nothing() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        let vcards: String = (0..900)
            .map(|n| {
                format!(
                    "BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{n}\r\nFN:N{n}\r\nN:;N;;;\r\nEND:VCARD\r\n"
                )
            })
            .collect();
        let mut pieces = follow(&rig, "/events?server=dav&from=start").await;
        let made = json!({ "vcard": vcards });
        rig.expect("POST", &format!("/actors/{ALICE}/items?server=dav"), made, 201).await;
        // More than the channel holds was written before the reader reads.
        let mut titles = Vec::new();
        while titles.len() < 900 {
            let (_, write) = next(&mut pieces).await;
            if write["op"] == "create" {
                titles.push(write["title"].as_str().unwrap().to_owned());
            }
        }
        titles.dedup();
        assert_eq!((titles.len(), titles[899].as_str()), (900, "N899"));
    });
}

#[test]
fn who_stops_reading_is_followed_no_more_and_another_may() {
    Sim::run(1, async |sim| {
        let rig = Rig::new(&sim.process("mock"), &small());
        let mut all = Vec::new();
        for _ in 0..32 {
            all.push(follow(&rig, "/events").await);
        }
        rig.expect("GET", "/events", Value::Null, 503).await;
        drop(all.pop());
        sim.advance(std::time::Duration::from_secs(1)).await;
        follow(&rig, "/events").await;
    });
}

#[tokio::test]
async fn on_a_socket_events_come_as_they_happen_and_end_with_the_program() {
    let env = Env::production("mock", std::path::Path::new("/nowhere"));
    let mut config = small();
    config.control.listen.0.host = "127.0.0.1".to_owned();
    config.servers.iter_mut().for_each(|server| server.listen.0.host = "127.0.0.1".to_owned());
    let served = Served::new(&env, &env, &config).await;
    let control = served.running.announcement.control.strip_prefix("http://").unwrap().to_owned();
    let (mut conn, _) = env.net.dial(control.parse().unwrap()).await.unwrap();
    conn.write_all(b"GET /events HTTP/1.1\r\nhost: localhost\r\n\r\n").await.unwrap();
    let mut read = Vec::new();
    let mut until = async |wanted: &str| {
        while !String::from_utf8_lossy(&read).contains(wanted) {
            assert!(conn.read_buf(&mut read).await.unwrap() > 0, "the stream ended");
        }
        read.clear();
    };
    until(": following").await;
    served.rig.ask("POST", &format!("/actors/{ALICE}/items?server=dav"), EVENT).await;
    until("event: mail").await;
    let stopped = served.running.stop(std::time::Duration::from_secs(60)).await;
    assert_eq!(stopped.cut, 0, "the stream ended by itself");
    let mut rest = Vec::new();
    conn.read_to_end(&mut rest).await.unwrap();
    assert!(rest.ends_with(b"0\r\n\r\n"), "{}", String::from_utf8_lossy(&rest));
}
