//! Bodies of batches by themselves.

use bytes::Bytes;
use calamity_base::http::Incoming;
use http::{HeaderMap, Method};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::order::sequence;
use super::read::read;
use crate::native::Host;
use crate::profiles::Profile;
use crate::server::Protocol;

fn host() -> Host {
    let profile = Profile::find(Protocol::Graph, "strict").expect("a profile");
    Host { owner: "owner@example.com".to_owned(), seed: 7, profile }
}

fn request(body: &str) -> Incoming {
    Incoming {
        method: Method::POST,
        uri: "/v1.0/$batch".parse().expect("a target"),
        headers: HeaderMap::new(),
        body: Bytes::from(body.to_owned()),
        connection: 1,
    }
}

#[test]
fn the_order_of_the_body_is_kept_where_nothing_speaks_against_it() {
    let none: &[usize] = &[];
    assert_eq!(sequence(&[none, none, none]), Some(vec![0, 1, 2]));
    assert_eq!(sequence(&[&[2], none, &[1]]), Some(vec![1, 2, 0]));
    assert_eq!(sequence(&[&[1], &[0]]), None);
    assert_eq!(sequence(&[&[0]]), None);
    assert_eq!(sequence(&[]), Some(Vec::new()));
}

#[test]
fn bodies_come_as_json_or_in_base64() {
    let body = json!({ "requests": [
        { "id": "1", "method": "PUT", "url": "me/photo", "body": "aGk=",
          "headers": { "Content-Type": "image/jpeg" } },
        { "id": "2", "method": "POST", "url": "/me/contacts", "body": { "displayName": "x" },
          "headers": { "content-type": "application/json" } },
    ] });
    let steps = read(&request(&body.to_string()), &host()).expect("a batch");
    let members = steps.all[1].call.members().expect("members");
    assert_eq!(members["displayName"], "x");
    let wrong = body.to_string().replace("aGk=", "%%%");
    assert!(read(&request(&wrong), &host()).is_err());
}

/// Any JSON that could stand in a request of a batch.
fn junk() -> impl Strategy<Value = Value> {
    let text = "(/me/events\\?\\$filter=x eq 'y'|[ -~]{0,12}|GET|POST|a|\u{fc}{0,3})";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<i64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(2, 12, 3, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            proptest::collection::btree_map("[a-zA-Z-]{0,8}", inner, 0..3)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_batch_is_read_or_refused_with_a_4xx(
        parts in proptest::collection::vec((junk(), junk(), junk(), junk(), junk(), junk()), 0..5)
    ) {
        let requests: Vec<Value> = parts
            .into_iter()
            .map(|(id, method, url, headers, body, on)| json!({
                "id": id, "method": method, "url": url, "headers": headers, "body": body,
                "dependsOn": on,
            }))
            .collect();
        let body = json!({ "requests": requests }).to_string();
        if let Err(failure) = read(&request(&body), &host()) {
            prop_assert!((400..500).contains(&failure.status));
        }
    }

    #[test]
    fn any_bytes_are_no_batch(body in "[ -~]{0,60}") {
        if let Err(failure) = read(&request(&body), &host()) {
            prop_assert_eq!(failure.status, 400);
        }
    }
}
