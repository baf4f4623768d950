//! Profiles can be read, name their sources, and behave as they say.

use std::collections::BTreeSet;

use super::load::{FILES, File};
use super::{Has, Profile, profiles};
use crate::Protocol;
use crate::faults::Origin;
use crate::scheduling::MarkerPolicy;

#[test]
fn every_entry_is_understood_and_has_its_source() {
    for (name, text) in FILES {
        let file: File = serde_json::from_str(text).unwrap();
        assert!(!file.about.is_empty() && !file.protocols.is_empty(), "{name}");
        let mut ids = BTreeSet::new();
        for entry in &file.entries {
            assert!(!entry.source.is_empty(), "{name}: {entry:?}");
            let of = entry.protocol.map_or_else(|| file.protocols.clone(), |one| vec![one]);
            for protocol in of {
                let mut profile = file.profile(protocol);
                assert_eq!(entry.apply(&mut profile, protocol), Some(()), "{name}: {entry:?}");
            }
            if let Some(rule) = &entry.rule {
                assert!(rule.id.starts_with(&format!("{name}/")), "{}", rule.id);
                assert!(ids.insert(rule.id.clone()), "{} is there twice", rule.id);
            }
        }
        for protocol in &file.protocols {
            for rule in Profile::find(*protocol, name).unwrap().rules {
                assert_eq!(rule.check(), Ok(()), "{}", rule.id);
                assert!(rule.source.is_some() && rule.origin != Origin::Spec, "{}", rule.id);
            }
        }
    }
}

#[test]
fn profiles_are_found_by_protocol_and_variant() {
    let names =
        |protocol| -> Vec<&str> { profiles(protocol).into_iter().map(|(name, _)| name).collect() };
    assert_eq!(names(Protocol::Jmap), ["strict", "stalwart", "hostile"]);
    assert_eq!(names(Protocol::Graph), ["strict", "m365", "hostile"]);
    assert_eq!(names(Protocol::Dav), ["strict", "radicale", "xandikos", "nextcloud", "hostile"]);
    let stalwart = Profile::find(Protocol::Jmap, "stalwart+ignores-marker").unwrap();
    assert_eq!((stalwart.marker, stalwart.jmap.query_max_results), (MarkerPolicy::Ignores, 5_000));
    let m365 = Profile::find(Protocol::Graph, "m365").unwrap();
    assert_eq!((m365.marker, m365.graph.concurrent_requests_max), (MarkerPolicy::Ignores, Some(4)));
    let xandikos = Profile::find(Protocol::Dav, "xandikos").unwrap().dav;
    assert_eq!((xandikos.moves, xandikos.tells_of_truncation), (Has::Yes, Has::No));
    let unknown = Profile::find(Protocol::Graph, "stalwart").unwrap_err();
    assert!(unknown.to_string().contains("strict, m365, hostile, each also with"), "{unknown}");
    for (protocol, name) in [(Protocol::Jmap, "strict"), (Protocol::Graph, "m365")] {
        assert_eq!(Profile::find(protocol, name).unwrap().rules, [], "a drill counts on it");
    }
}
