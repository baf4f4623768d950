//! Tests of requests: addresses, preferences and the policy.

use http::HeaderMap;

use super::super::request::{PREFER, SILENCE, silence};
use super::{graph, run};
use crate::model::{Capability, Policy};
use crate::provider::Provider;
use crate::provider::scripted::with;

#[test]
fn the_wish_for_silence_is_added_to_what_is_preferred_already() {
    let mut headers = HeaderMap::new();
    silence(&mut headers);
    assert_eq!(headers[PREFER], SILENCE);
    let mut headers = HeaderMap::new();
    headers.insert(PREFER, "outlook.timezone=\"UTC\"".parse().expect("a header"));
    silence(&mut headers);
    assert_eq!(headers[PREFER], "outlook.timezone=\"UTC\", outlook.send-notifications=false");
}

#[test]
fn addresses_are_escaped() {
    run(Vec::new(), async |graph, _| {
        let query = [("$filter", "a eq 'b c&d'"), ("$top", "1")];
        let uri = graph.address(&["me", "events", "a/b=?"], &query).expect("an address");
        assert_eq!(
            uri.to_string(),
            "http://graph.example/v1.0/me/events/a%2Fb%3D%3F?$filter=a%20eq%20'b%20c%26d'&$top=1"
        );
    });
}

#[test]
fn the_policy_promises_no_more_than_it_can_keep() {
    with("graph.example", Vec::new(), async |env, _| {
        assert_eq!(graph(&env).policy(), Policy::uniform(Capability::BestEffort));
    });
}

#[test]
fn no_secret_is_printed() {
    with("graph.example", Vec::new(), async |env, _| {
        assert!(!format!("{:?}", graph(&env)).contains("sesame"));
    });
}
