//! Listings: pages, `$select`, `$filter`, `$orderby`.

use http::Method;
use serde_json::json;

use super::rig::{Answer, Rig, and, run, timed, weekly};
use crate::graph::odata::encode;

async fn filled(rig: &Rig, count: u8) -> String {
    let calendar = rig.calendar("Calendar").await;
    for nth in 0..count {
        rig.event(&calendar, &timed(&format!("n{nth:02}"), 28 - nth, 9)).await;
    }
    format!("/me/calendars/{calendar}/events")
}

async fn all(rig: &Rig, first: &str) -> (Vec<String>, usize) {
    let (mut subjects, mut pages) = (Vec::new(), 0);
    let mut next = Some(first.to_owned());
    while let Some(target) = next {
        let page: Answer = rig.get(&target).await;
        assert_eq!(page.status, 200, "{}", page.body);
        subjects.extend(page.column("subject").into_iter().map(str::to_owned));
        pages += 1;
        next = page.body["@odata.nextLink"].as_str().map(str::to_owned);
    }
    (subjects, pages)
}

#[test]
fn pages_have_ten_rows_unless_told_otherwise() {
    run(async |rig| {
        let events = filled(&rig, 23).await;
        let expected: Vec<String> = (0..23).map(|nth| format!("n{nth:02}")).collect();
        assert_eq!(all(&rig, &events).await, (expected.clone(), 3));
        assert_eq!(all(&rig, &format!("{events}?$top=20")).await, (expected.clone(), 2));
        assert_eq!(all(&rig, &format!("{events}?$top=23")).await, (expected, 1));
        let prefer = [("prefer", "odata.maxpagesize=5")];
        let page = rig.send(Method::GET, &events, &prefer, None).await;
        assert_eq!(page.rows().len(), 5);
        assert!(page.link("@odata.nextLink").contains("$skip=5"), "{}", page.body);
        for top in ["0", "1001"] {
            let refused = rig.get(&format!("{events}?$top={top}")).await;
            assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidUrlQuery"));
        }
    });
}

#[test]
fn only_what_is_selected_is_answered() {
    run(async |rig| {
        let events = filled(&rig, 1).await;
        let page = rig.get(&format!("{events}?$select=id,subject,lastModifiedDateTime")).await;
        let names: Vec<&String> = page.rows()[0].as_object().expect("a row").keys().collect();
        let mut names: Vec<&str> = names.into_iter().map(String::as_str).collect();
        names.sort_unstable();
        assert_eq!(names, ["@odata.etag", "id", "lastModifiedDateTime", "subject"]);
        let refused = rig.get(&format!("{events}?$select=summary")).await;
        assert_eq!((refused.status, refused.code()), (400, "BadRequest"));
    });
}

#[test]
fn masters_are_listed_and_their_occurrences_are_not() {
    run(async |rig| {
        let events = filled(&rig, 1).await;
        rig.post(&events, &weekly("series")).await;
        let page = rig.get(&format!("{events}?$select=subject,type")).await;
        assert_eq!(page.column("type"), ["singleInstance", "seriesMaster"]);
    });
}

#[test]
fn filters_choose_rows() {
    run(async |rig| {
        let events = filled(&rig, 4).await;
        rig.sim.advance(std::time::Duration::from_secs(60)).await;
        let [one, two] =
            [rig.get(&events).await.rows()[1].clone(), rig.get(&events).await.rows()[2].clone()];
        let id = one["id"].as_str().expect("an id");
        rig.patch(&format!("/me/events/{id}"), &json!({ "showAs": "free" })).await;
        let uid = two["iCalUId"].as_str().expect("a uid");
        let cases = [
            (format!("iCalUId eq '{uid}'"), vec!["n02"]),
            ("lastModifiedDateTime gt 2026-04-16T08:00:30Z".to_owned(), vec!["n01"]),
            (
                "lastModifiedDateTime ge 2026-04-16T07:00:00Z and subject eq 'N03'".to_owned(),
                vec!["n03"],
            ),
            (
                "start/dateTime ge '2026-05-27' and start/dateTime lt '2026-05-28T00:00:00'"
                    .to_owned(),
                vec!["n01"],
            ),
            (
                "startswith(subject,'n0') and not (subject eq 'n00' or subject eq 'n01')"
                    .to_owned(),
                vec!["n02", "n03"],
            ),
            ("contains(subject, '03')".to_owned(), vec!["n03"]),
            ("type eq 'seriesMaster'".to_owned(), vec![]),
            ("showAs eq microsoft.graph.freeBusyStatus'free'".to_owned(), vec!["n01"]),
            (
                "type eq microsoft.graph.eventType'singleInstance' and subject eq 'n00'".to_owned(),
                vec!["n00"],
            ),
        ];
        for (filter, expected) in cases {
            let page = rig.get(&format!("{events}?$filter={}", encode(&filter))).await;
            assert_eq!(page.column("subject"), expected, "{filter}");
        }
        for filter in [
            "attendees eq 'x'",
            "subject eq",
            "subject eq 'x",
            "(subject eq 'x'",
            "x y z",
            "type eq a.'x'",
        ] {
            let refused = rig.get(&format!("{events}?$filter={}", encode(filter))).await;
            assert_eq!(
                (refused.status, refused.code()),
                (400, "ErrorInvalidUrlQueryFilter"),
                "{filter}"
            );
        }
    });
}

#[test]
fn extended_properties_that_are_no_texts_are_cast() {
    run(async |rig| {
        let calendar = rig.calendar("Calendar").await;
        let id = "Integer {66f5a359-4659-4830-9070-00050ec6ac6e} Name Pallete";
        for number in ["9", "12", "100"] {
            let own = json!({ "singleValueExtendedProperties": [{ "id": id, "value": number }] });
            rig.event(&calendar, &and(timed(number, 4, 9), own)).await;
        }
        let found = async |test: &str| {
            let filter =
                format!("singleValueExtendedProperties/any(ep:ep/id eq '{id}' and {test})");
            rig.get(&format!("/me/events?$filter={}", encode(&filter))).await
        };
        for (test, expected) in [
            ("cast(ep/value, Edm.Int32) eq 12", "12"),
            ("cast(ep/value, Edm.Int64) ge 12", "12 100"),
            ("cast(ep/value,Edm.Double) lt 12.5", "9 12"),
            ("cast(ep/value, Edm.Int32) ne 12", "9 100"),
            ("ep/value gt '10'", "12 100"),
            ("cast(ep/value, Edm.Guid) eq 66f5a359-4659-4830-9070-00050ec6ac6e", ""),
        ] {
            assert_eq!(found(test).await.column("subject").join(" "), expected, "{test}");
        }
        for test in [
            "cast(ep/value, Edm.Int32)",
            "cast(ep/value, Int) eq 1",
            "cast(ep/value) eq 1",
            "ep/value eq 1",
        ] {
            let refused = found(test).await;
            assert_eq!(
                (refused.status, refused.code()),
                (400, "ErrorInvalidUrlQueryFilter"),
                "{test}"
            );
        }
    });
}

#[test]
fn rows_are_ordered_where_exchange_can() {
    run(async |rig| {
        let events = filled(&rig, 3).await;
        let page = rig.get(&format!("{events}?$orderby=start/dateTime")).await;
        assert_eq!(page.column("subject"), ["n02", "n01", "n00"]);
        let page = rig.get(&format!("{events}?$orderby=subject%20desc")).await;
        assert_eq!(page.column("subject"), ["n02", "n01", "n00"]);
        let filter = encode("lastModifiedDateTime ge 2026-01-01T00:00:00Z");
        let refused = rig.get(&format!("{events}?$orderby=subject&$filter={filter}")).await;
        assert_eq!((refused.status, refused.code()), (400, "InefficientFilter"));
        let refused = rig.get(&format!("{events}?$orderby=showAs")).await;
        assert_eq!((refused.status, refused.code()), (400, "ErrorInvalidUrlQuery"));
    });
}

#[test]
fn the_mailboxs_events_are_the_default_calendars() {
    run(async |rig| {
        filled(&rig, 1).await;
        let other = rig.calendar("Other").await;
        rig.event(&other, &timed("other", 4, 9)).await;
        assert_eq!(rig.get("/me/events").await.column("subject"), ["n00"]);
        let made = rig.post("/me/events", &timed("mine", 4, 9)).await;
        assert_eq!(made.status, 201);
        assert_eq!(rig.get("/me/calendar/events").await.column("subject"), ["n00", "mine"]);
    });
}

#[test]
fn options_that_nobody_knows_are_refused_and_not_ignored() {
    run(async |rig| {
        let events = filled(&rig, 1).await;
        let known = "$select=subject&$count=true&$top=5&$skip=0&$format=json&own=x";
        assert_eq!(rig.get(&format!("{events}?{known}")).await.status, 200);
        for name in ["$search", "$apply", "$levels", "$foo", "$skiptoken", "$DeltaToken"] {
            let targets =
                ["/me/calendars", "/me/contacts", "/me/contactFolders", "/users", &events];
            for target in targets {
                let refused = rig.get(&format!("{target}?{name}=x")).await;
                assert_eq!(
                    (refused.status, refused.code()),
                    (400, "ErrorInvalidUrlQuery"),
                    "{target} {name}"
                );
                let said = refused.body["error"]["message"].as_str().unwrap_or_default();
                assert_eq!(said, format!("The query parameter '{name}' is not supported."));
            }
        }
        let made = rig.post(&format!("{events}?$search=x"), &timed("x", 4, 9)).await;
        assert_eq!((made.status, rig.refusals()), (400, vec!["ErrorInvalidUrlQuery".to_owned()]));
        let delta = rig.get("/me/contacts/delta?$search=x").await;
        assert!(delta.text.contains("change tracking"), "{}", delta.text);
        assert_eq!(rig.get("/me/nothing?$search=x").await.status, 404);
    });
}
