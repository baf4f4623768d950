//! Requests of any kind: each is answered, and never with an error of the server's own.

use bytes::Bytes;
use calamity_base::http::{Answer as Raw, Handler, Incoming};
use http::{HeaderMap, Method};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::rig::{run, timed, weekly};

/// Bodies that are near to what is expected somewhere, and some that are not.
fn body() -> impl Strategy<Value = String> {
    let timed = timed("x", 4, 9).to_string();
    let weekly = weekly("x").to_string();
    let change = json!({ "start": { "dateTime": "2026-13-45T99:00:00", "timeZone": "Mars" } });
    let batch = json!({ "requests": [{ "id": "1", "method": "GET", "url": "/me/events" }] });
    prop_oneof![
        Just(timed),
        Just(weekly),
        Just(change.to_string()),
        Just(batch.to_string()),
        Just(json!({ "displayName": "x", "birthday": null, "emailAddresses": [null] }).to_string()),
        Just(json!({ "Comment": null, "ProposedNewTime": { "start": 1 } }).to_string()),
        Just(
            json!({ "ToRecipients": [1, null, { "emailAddress": { "address": "" } }] }).to_string()
        ),
        Just(schedule().to_string()),
        Just(json!({ "extensionName": "x", "y": [1, [2]] }).to_string()),
        "[ -~]{0,40}",
        Just("[".repeat(5_000)),
        Just(format!("{}{}", "{\"body\":".repeat(200), "}".repeat(200))),
    ]
}

/// A question for schedules over a time that no calendar knows the end of.
fn schedule() -> Value {
    json!({
        "Schedules": ["owner@example.com", "nobody@example.com", ""],
        "StartTime": { "dateTime": "0001-01-01T00:00:00", "timeZone": "UTC" },
        "EndTime": { "dateTime": "0001-02-01T00:00:00", "timeZone": "Asia/Tokyo" },
        "AvailabilityViewInterval": 5,
    })
}

/// Paths made of the segments that are known; `EVENT` and `CONTACT` stand for ids that exist.
fn path() -> impl Strategy<Value = String> {
    let segment = prop_oneof![
        Just("me"),
        Just("users"),
        Just("owner@example.com"),
        Just("events"),
        Just("calendars"),
        Just("calendar"),
        Just("contacts"),
        Just("contactFolders"),
        Just("childFolders"),
        Just("EVENT"),
        Just("CONTACT"),
        Just("instances"),
        Just("extensions"),
        Just("accept"),
        Just("forward"),
        Just("snoozeReminder"),
        Just("cancel"),
        Just("delta()"),
        Just("calendarView"),
        Just("subscriptions"),
        Just("$batch"),
        Just("$count"),
        Just("photo"),
        Just("calendarGroups"),
        Just("calendarGroup"),
        Just("timeZone"),
        Just("mailboxSettings"),
        Just("outlook"),
        Just("supportedTimeZones(TimeZoneStandard=microsoft.graph.timeZoneStandard'Iana')"),
        Just("getSchedule"),
        Just("attachments"),
        Just("a('b')"),
    ];
    let known = proptest::collection::vec(segment, 0..7)
        .prop_map(|segments| format!("/v1.0/{}", segments.join("/")));
    prop_oneof![
        4 => known,
        1 => "/[a-z]{1,6}/oauth2/v2.0/(token|devicecode)",
        1 => Just("/devicelogin".to_owned()),
        1 => "/[%-~]{0,20}",
    ]
}

fn query() -> impl Strategy<Value = String> {
    let option = prop_oneof![
        "\\$filter=[a-zA-Z' ()/:]{0,30}",
        "\\$expand=[a-zA-Z' ()/:=$]{0,30}",
        "\\$(select|orderby|top|skip|count|deltatoken|skiptoken)=[a-zA-Z0-9,. -]{0,12}",
        "\\$(top|skip)=(1|18446744073709551615)",
        "\\$(search|apply|x)=[a-z\"]{0,6}",
        Just("$filter=name eq 'Calendar'&$orderby=name desc".to_owned()),
        Just("startDateTime=2026-01-01&endDateTime=9999-12-31".to_owned()),
        Just("$filter=emailAddresses/any(a:a/address eq 'x')".to_owned()),
    ];
    proptest::collection::vec(option, 0..3)
        .prop_map(|options| options.join("&").replace(' ', "%20"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_request_is_answered(
        method in prop_oneof![
            Just(Method::GET), Just(Method::POST), Just(Method::PATCH), Just(Method::DELETE),
            Just(Method::PUT),
        ],
        path in path(),
        query in query(),
        body in body(),
        prefer in "(odata\\.maxpagesize=[0-9]{0,3}|outlook\\.timezone=\"[A-Za-z/ ]{0,12}\"|)",
    ) {
        let status = run(async |rig| {
            rig.calendar("Calendar").await;
            let event = rig.post("/me/events", &weekly("x")).await.id();
            let contact = rig.post("/me/contacts", &json!({ "displayName": "x" })).await.id();
            let path = path.replace("EVENT", &event).replace("CONTACT", &contact);
            let Ok(uri) = format!("{path}?{query}").parse() else { return 200 };
            let mut headers = HeaderMap::new();
            headers.insert("authorization", "Bearer token".parse().expect("a value"));
            headers.insert("prefer", prefer.parse().expect("a value"));
            let body = Bytes::from(body.clone());
            let request = Incoming { method: method.clone(), uri, headers, body, connection: 1 };
            match rig.server.handle(request).await {
                Raw::Full(answer) => {
                    if !answer.body().is_empty() && path.starts_with("/v1.0") {
                        let is_text = path.ends_with("$count");
                        let read = serde_json::from_slice::<Value>(answer.body());
                        assert!(is_text || read.is_ok(), "{path}");
                    }
                    answer.status().as_u16()
                }
                other => panic!("no answer: {other:?}"),
            }
        });
        prop_assert!(status < 500, "{}", status);
    }
}
