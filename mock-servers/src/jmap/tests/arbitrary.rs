//! Whatever comes over the network: never a panic, never a 500, always an answer of bounded size.

use bytes::Bytes;
use calamity_evidence::Actor;
use http::Method;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::harness::simulated;
use crate::jmap::{blob, contacts, push};
use crate::profiles::EventNames;

fn words() -> impl Strategy<Value = String> {
    let known = proptest::sample::select(vec![
        "@type",
        "id",
        "uid",
        "name",
        "full",
        "components",
        "kind",
        "value",
        "media",
        "blobId",
        "uri",
        "members",
        "addressBookIds",
        "localizations",
        "operator",
        "conditions",
        "AND",
        "NOT",
        "text",
        "createdAfter",
        "property",
        "filter",
        "sort",
        "create",
        "update",
        "destroy",
        "ids",
        "url",
        "types",
        "expires",
        "verificationCode",
        "sinceQueryState",
        "sinceState",
        "fromAccountId",
        "photo",
        "group",
        "data:image/png;base64,AA",
        "name/full",
        "media/m/uri",
        "#a",
        "",
        "calendarAddress",
        "blobIds",
        "participants",
        "sendTo",
        "replyTo",
        "recurrenceRules",
        "recurrenceOverrides",
        "participants/a/sendTo",
        "links",
        "display",
        "privacy",
        "hideAttendees",
        "anchor",
        "position",
    ]);
    prop_oneof![8 => known.prop_map(str::to_owned), 1 => ".{0,12}"]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        words().prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(words(), inner, 0..5)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

fn arguments() -> impl Strategy<Value = Map<String, Value>> {
    prop::collection::btree_map(words(), values(), 0..5).prop_map(|map| map.into_iter().collect())
}

const METHODS: [&str; 16] = [
    "AddressBook/set",
    "AddressBook/get",
    "ContactCard/set",
    "ContactCard/get",
    "ContactCard/query",
    "ContactCard/queryChanges",
    "ContactCard/copy",
    "CalendarEvent/copy",
    "CalendarEvent/queryChanges",
    "CalendarEventNotification/query",
    "CalendarEventNotification/set",
    "ParticipantIdentity/set",
    "PushSubscription/set",
    "PushSubscription/get",
    "Blob/copy",
    "CalendarEvent/set",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn arguments_of_any_kind_are_answered(
        calls in prop::collection::vec((proptest::sample::select(METHODS.to_vec()), arguments()), 1..12),
        card in arguments(),
    ) {
        simulated(async |world| {
            let book = world.server.create_address_book(Actor::Seed, "People");
            let mut card = card.clone();
            card.insert("addressBookIds".to_owned(), json!({ book.as_str(): true }));
            let mut all = vec![json!(["ContactCard/set", {
                "accountId": world.account, "create": { "c": card },
            }, "card"])];
            for (name, arguments) in &calls {
                let mut arguments = arguments.clone();
                arguments.insert("accountId".to_owned(), json!(world.account));
                all.push(json!([name, arguments, "x"]));
            }
            let responses = world.calls(json!(all)).await;
            assert!(responses.len() >= all.len());
            for response in responses {
                assert_ne!(response[1]["type"], "serverFail");
            }
        });
    }

    #[test]
    fn paths_of_any_kind_are_answered(
        path in "/jmap/(upload|download|eventsource)[/?%=&a-z0-9.]{0,40}",
        method in proptest::sample::select(vec![Method::GET, Method::POST, Method::PUT]),
        body in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        simulated(async |world| {
            // A stream that is opened would not end.
            let path = path.replace("closeafter", "x").replace("/jmap/eventsource", "/jmap/eventsource?ping=x&");
            let Ok(request) = world.request(method, &path).body(Bytes::from(body)) else { return };
            let status = world.client.send(request).await.unwrap().status().as_u16();
            assert!([200, 201, 400, 404, 405].contains(&status), "{status}");
        });
    }

    #[test]
    fn small_parsers_bear_anything(text in ".{0,80}", card in arguments()) {
        let _ = blob::decoded(&text);
        let _ = push::by_event_id(&text);
        let _ = contacts::title(&card);
        let (mut shown, mut read) = (card.clone(), card);
        EventNames::Rfc8984.show(&mut shown);
        let _ = EventNames::Rfc8984.read(&mut read);
    }
}
