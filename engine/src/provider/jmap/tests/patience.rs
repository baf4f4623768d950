//! Tests of sessions, retries and lost answers.

use calamity_base::http::Answer as Served;
use serde_json::json;

use super::{calls, create, delete, error, ids, jmap, method, run, session, set, update, work};
use crate::provider::scripted::{cut, json_answer, seconds, with, with_headers};
use crate::provider::{Answer, Meaning, Provider};

fn calendars() -> Served {
    method(
        "Calendar/get",
        json!({"list": [{"id": "work", "name": "Work"}], "notFound": [], "state": "1"}),
    )
}

fn busy(retry_after: &str) -> Served {
    with_headers(429, &[("retry-after", retry_after)], &json!({"type": "about:blank"}))
}

#[test]
fn a_redirect_to_the_session_is_followed_on_the_same_host() {
    let moved = |to: &str| with_headers(301, &[("location", to)], &json!(null));
    with(
        "jmap.example",
        vec![moved("/session"), json_answer(200, &session()), calendars()],
        async |env, log| {
            let jmap = jmap(&env);
            let all = jmap.containers().await.expect("calendars");
            assert_eq!((all[0].id.as_str(), all[0].name.as_str()), ("work", "Work"));
            assert_eq!(log.lines(), ["GET /jmap/session", "GET /session", "POST /jmap/api/"]);
            assert!(
                log.all()
                    .iter()
                    .all(|asked| asked.header("authorization") == Some("Bearer sesame"))
            );
        },
    );
    with("jmap.example", vec![moved("http://evil.example/session")], async |env, log| {
        let error = jmap(&env).containers().await.expect_err("another host");
        assert_eq!(
            error.to_string(),
            "jmap: session: holds a link to another host, evil.example: not followed"
        );
        assert_eq!(log.lines().len(), 1);
    });
}

#[test]
fn an_account_without_calendars_is_an_error() {
    let empty = json!({"apiUrl": "/jmap/api/", "primaryAccounts": {}, "accounts": {"a": {}}});
    with("jmap.example", vec![json_answer(200, &empty)], async |env, _| {
        let error = jmap(&env).containers().await.expect_err("no account");
        assert_eq!(error.to_string(), "jmap: session: no account has calendars");
    });
    with("jmap.example", vec![json_answer(401, &json!({}))], async |env, _| {
        let error = jmap(&env).containers().await.expect_err("refused").to_string();
        assert_eq!(error, "jmap: session: HTTP 401  — ");
    });
}

#[test]
fn a_read_waits_as_asked_and_by_itself() {
    run(vec![busy("30"), busy("nonsense"), busy("-3"), calendars()], async |jmap, log| {
        assert_eq!(jmap.containers().await.expect("calendars").len(), 1);
        let at: Vec<u64> = log.all().iter().map(|asked| seconds(asked.at_ms)).collect();
        assert_eq!(at, [0, 0, 30, 40, 60], "30 s as asked, then 10 s and 20 s of our own");
    });
}

#[test]
fn a_read_is_asked_again_after_a_lost_answer() {
    run(
        vec![Served::Reset, cut(&json!({})), json_answer(502, &json!({})), calendars()],
        async |jmap, log| {
            assert_eq!(jmap.containers().await.expect("calendars").len(), 1);
            let at: Vec<u64> = log.all().iter().map(|asked| seconds(asked.at_ms)).collect();
            assert_eq!(at, [0, 0, 1, 3, 7]);
        },
    );
    run((0..5).map(|_| Served::Reset).collect(), async |jmap, log| {
        let error = jmap.containers().await.expect_err("lost").to_string();
        assert_eq!(error, "jmap: calendar.list got no answer");
        assert_eq!(log.lines().len(), 1 + 4, "the session and four attempts");
    });
}

#[test]
fn silence_is_asked_for_on_every_write_and_every_retry() {
    let done = set(json!({
        "oldState": "1", "newState": "2", "created": {"new1": {"id": "e1"}}, "updated": {"e2": null},
        "destroyed": ["e3"],
    }));
    let got =
        method("CalendarEvent/get", json!({"list": [], "notFound": ["e2", "e3"], "state": "1"}));
    run(vec![got, busy("1"), json_answer(503, &json!({})), done], async |jmap, log| {
        let changes = [create(&jmap, "u1"), update(&jmap, "e2"), delete(&jmap, "e3")];
        let answers = jmap.send(&changes).await;
        assert!(answers.iter().all(|answer| matches!(answer, Answer::Done { .. })), "{answers:?}");
        let sets: Vec<_> =
            calls(&log).into_iter().filter(|(name, _)| name == "CalendarEvent/set").collect();
        assert_eq!(sets.len(), 3);
        for (_, arguments) in sets {
            assert_eq!(arguments["sendSchedulingMessages"], json!(false));
            assert_eq!(arguments["accountId"], json!("acc"));
            assert_eq!(arguments["ifInState"], json!("1"));
        }
    });
}

#[test]
fn a_lost_answer_to_a_write_is_a_doubt_and_is_not_sent_again() {
    let done = json!({"methodResponses": [["CalendarEvent/set", {"created": {"new1": {"id": "e1"}}}, "0"]]});
    for lost in [
        Served::Reset,
        Served::Close,
        cut(&done),
        json_answer(500, &json!({})),
        json_answer(200, &json!({})),
    ] {
        run(vec![lost], async |jmap, log| {
            let answers = jmap.send(&[create(&jmap, "u1")]).await;
            assert!(matches!(answers.as_slice(), [Answer::Unknown(_)]), "{answers:?}");
            assert_eq!(calls(&log).len(), 1);
        });
    }
}

#[test]
fn a_wait_beyond_the_budget_is_deferred_in_full() {
    run(vec![busy("599"), busy("700")], async |jmap, log| {
        let answers = jmap.send(&[create(&jmap, "u1")]).await;
        let [Answer::Refused(rejection)] = answers.as_slice() else { panic!("{answers:?}") };
        let Meaning::Busy { retry_at: Some(at) } = rejection.meaning else {
            panic!("{rejection:?}")
        };
        let after = at.duration_since(calamity_base::clock::epoch()).as_secs();
        assert_eq!(after, 599 + 700, "599 s were waited, 700 s more are asked for");
        assert_eq!(calls(&log).len(), 2);
    });
}

#[test]
fn errors_in_place_of_a_response_say_whether_anything_happened() {
    for (kind, sent) in [
        ("serverPartialFail", true),
        ("serverFail", false),
        ("forbidden", false),
        ("accountReadOnly", false),
    ] {
        run(vec![error(kind)], async |jmap, _| {
            let answers = jmap.send(&[create(&jmap, "u1"), create(&jmap, "u2")]).await;
            let in_doubt = |answer: &Answer| match answer {
                Answer::Unknown(error) | Answer::Unsent(error) => {
                    assert_eq!(error.to_string(), format!("jmap: event.create: {kind} — why"));
                    matches!(answer, Answer::Unknown(_))
                }
                other => panic!("{other:?}"),
            };
            assert_eq!(answers.iter().map(in_doubt).collect::<Vec<_>>(), [sent, sent]);
        });
    }
}

#[test]
fn every_id_that_was_asked_for_is_accounted_for() {
    let first = method(
        "CalendarEvent/get",
        json!({
            "list": [
                {"id": "e1", "uid": "u1", "start": "2026-04-16T09:00:00", "calendarIds": {"work": true}},
                {"id": "e2", "uid": "u2", "start": "tomorrow", "calendarIds": {"work": true}},
            ],
            "notFound": ["e3"], "state": "1",
        }),
    );
    let second = method(
        "CalendarEvent/get",
        json!({
            "list": [{"id": "e5", "uid": "u5", "start": "2026-04-16T09:00:00", "calendarIds": {"home": true}}],
            "notFound": [], "state": "1",
        }),
    );
    run(vec![first, second], async |jmap, log| {
        let asked = ids(&["e1", "e2", "e3", "e4", "e5"]);
        let fetched = jmap.fetch(&work(), &asked).await.expect("an answer");
        assert_eq!(fetched.found.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["e1"]);
        assert_eq!(fetched.missing, ids(&["e3", "e5"]));
        let failed: Vec<String> =
            fetched.failed.iter().map(|(id, error)| format!("{id}: {error}")).collect();
        assert_eq!(
            failed,
            [
                "e2: jmap: event.get: start is no local date and time",
                "e4: jmap: event.get is incomplete: the answer does not mention the item",
            ]
        );
        assert_eq!(calls(&log).len(), 2, "three objects at a time");
    });
}
