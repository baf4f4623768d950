//! Tests of patience and links.

use std::time::Duration;

use http::header::RETRY_AFTER;
use http::{HeaderMap, HeaderValue, Uri};
use jiff::Timestamp;

use super::link::{relative, same_origin};
use super::patience::{Patience, after_lost, retry_after};

fn uri(text: &str) -> Uri {
    text.parse().expect("the test's address is one")
}

#[track_caller]
fn check_retry_after(value: &str, expected: Option<u64>) {
    let mut headers = HeaderMap::new();
    headers.insert(RETRY_AFTER, HeaderValue::from_str(value).expect("a header"));
    let now: Timestamp = "2026-04-16T08:00:00Z".parse().expect("an instant");
    assert_eq!(retry_after(&headers, now), expected.map(Duration::from_secs));
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    check_retry_after("17", Some(17));
    check_retry_after(" 3600 ", Some(3600));
    check_retry_after("Thu, 16 Apr 2026 08:02:00 GMT", Some(120));
    check_retry_after("Thu, 16 Apr 2026 07:59:00 GMT", None);
    check_retry_after("-5", None);
    check_retry_after("soon", None);
}

#[test]
fn our_own_waits_are_those_of_the_protocols() {
    let seconds = |patience: Patience| -> Vec<u64> {
        (0..patience.retries).map(|nth| patience.own(nth).as_secs()).collect()
    };
    assert_eq!(seconds(Patience::JMAP), [5, 10, 20, 40, 80, 120, 120]);
    assert_eq!(seconds(Patience::GRAPH), [5, 5, 5]);
    assert_eq!((0..3).map(|nth| after_lost(nth).as_secs()).collect::<Vec<_>>(), [1, 2, 4]);
}

#[test]
fn origins_are_scheme_host_and_port() {
    let home = uri("http://mail.example/jmap/session");
    for (text, same) in [
        ("http://MAIL.example:80/x", true),
        ("/x?y=1", true),
        ("api", true),
        ("//mail.example/x", true),
        ("https://mail.example/x", false),
        ("http://mail.example:8080/x", false),
        ("http://mail.example.evil/x", false),
        ("//evil.example/x", false),
    ] {
        let there = relative(&home, text).expect("an address");
        assert_eq!(same_origin(&home, &there), same, "{text}");
    }
    assert_eq!(
        relative(&home, "api").map(|uri| uri.to_string()).as_deref(),
        Some("http://mail.example/jmap/api")
    );
    assert_eq!(relative(&home, "http://"), None);
}
