//! Tests of envelopes: what goes together, on what condition, and how each change is judged.

use calamity_base::http::Answer as Served;
use serde_json::{Value, json};

use super::{calls, create, delete, error, jmap, method, run, set, uid, update, work};
use crate::model::{Observation, Token};
use crate::provider::scripted::{json_answer, with};
use crate::provider::{Answer, Error, Known, Provider};

/// One word for each answer.
fn words(answers: &[Answer]) -> Vec<String> {
    let word = |answer: &Answer| match answer {
        Answer::Done { id, .. } => id.to_string(),
        Answer::Refused(rejection) => format!("{} {:?}", rejection.kind, rejection.meaning),
        Answer::Unknown(_) => "?".to_owned(),
        Answer::Unsent(_) => "unsent".to_owned(),
    };
    answers.iter().map(word).collect()
}

/// The containers state becomes "5" by an observation without changes.
fn at_five() -> Served {
    method(
        "CalendarEvent/changes",
        json!({
            "created": [], "updated": [], "destroyed": [], "newState": "5", "hasMoreChanges": false,
        }),
    )
}

async fn observe(jmap: &super::Jmap) {
    let token = Token::from("5");
    let observation = jmap.observe(&work(), Some(&token), &Known::new()).await;
    assert!(matches!(observation, Observation::Unchanged { .. }), "{observation:?}");
}

fn mismatch() -> Served {
    error("stateMismatch")
}

fn touched(updated: &[&str], new: &str) -> Served {
    method(
        "CalendarEvent/changes",
        json!({
            "created": ["foreign"], "updated": updated, "destroyed": [], "newState": new, "hasMoreChanges": false,
        }),
    )
}

fn conditions(log: &super::Log) -> Vec<Value> {
    let sets = calls(log).into_iter().filter(|(name, _)| name == "CalendarEvent/set");
    sets.map(|(_, arguments)| arguments["ifInState"].clone()).collect()
}

#[test]
fn any_pattern_of_refusals_is_read_item_by_item() {
    for pattern in ["xxxx", "oooo", "xooo", "ooox", "oxox", "????", "x?ox"] {
        let (mut created, mut refused) = (json!({}), json!({}));
        for (nth, mark) in pattern.chars().enumerate() {
            let key = format!("new{}", nth + 1);
            match mark {
                'o' => created[&key] = json!({"id": format!("e{nth}")}),
                'x' => {
                    refused[&key] = json!({"type": "invalidProperties", "properties": ["alerts"]})
                }
                _ => {}
            }
        }
        let answer = set(
            json!({"oldState": "1", "newState": "2", "created": created, "notCreated": refused}),
        );
        run(vec![answer], async |jmap, log| {
            let changes: Vec<_> =
                ["u0", "u1", "u2", "u3"].iter().map(|uid| create(&jmap, uid)).collect();
            let expected: Vec<String> = pattern
                .chars()
                .enumerate()
                .map(|(nth, mark)| match mark {
                    'o' => format!("e{nth}"),
                    'x' => "invalidProperties No".to_owned(),
                    _ => "?".to_owned(),
                })
                .collect();
            assert_eq!(words(&jmap.send(&changes).await), expected, "{pattern}");
            let (_, arguments) = calls(&log).remove(0);
            assert_eq!(arguments["create"]["new2"]["uid"], "u1");
            assert_eq!(arguments["create"]["new2"]["calendarIds"], json!({"work": true}));
            assert_eq!(arguments.get("ifInState"), None, "a create depends on no state");
        });
    }
}

#[test]
fn an_answer_without_the_methods_response_is_its_own_error() {
    let other = json!({"methodResponses": [["Core/echo", {}, "0"]]});
    run(vec![json_answer(200, &other)], async |jmap, _| {
        let answers = jmap.send(&[create(&jmap, "u1")]).await;
        let [Answer::Unknown(error)] = answers.as_slice() else { panic!("{answers:?}") };
        assert_eq!(
            error.to_string(),
            "jmap: event.create: the answer has no CalendarEvent/set response"
        );
    });
}

#[test]
fn updates_and_deletes_are_judged_and_conditional() {
    let answer = set(json!({
        "oldState": "5", "newState": "6",
        "updated": {"e1": null}, "notUpdated": {"e2": {"type": "notFound"}, "e1x": {"type": "forbidden"}},
        "destroyed": ["e3"], "notDestroyed": {"e4": {"type": "notFound"}, "e5": {"type": "forbidden"}},
    }));
    run(vec![at_five(), answer], async |jmap, log| {
        observe(&jmap).await;
        let changes = [
            update(&jmap, "e1"),
            update(&jmap, "e2"),
            delete(&jmap, "e3"),
            delete(&jmap, "e4"),
            delete(&jmap, "e5"),
            delete(&jmap, "e6"),
        ];
        let answers = jmap.send(&changes).await;
        assert_eq!(
            words(&answers),
            ["e1", "notFound NotFound", "e3", "notFound NotFound", "forbidden No", "?"]
        );
        let [_, Answer::Refused(update), _, Answer::Refused(delete), ..] = answers.as_slice()
        else {
            panic!("{answers:?}")
        };
        assert_eq!(update.to_string(), "JMAP update calendar event failed: notFound — ");
        assert_eq!(delete.to_string(), "JMAP delete calendar event failed: notFound — ");
        let (_, arguments) = calls(&log).remove(1);
        assert_eq!(arguments["update"], json!({"e1": {"title": "new"}, "e2": {"title": "new"}}));
        assert_eq!(arguments["destroy"], json!(["e3", "e4", "e5", "e6"]));
        assert_eq!(conditions(&log), [json!("5")]);
    });
}

#[test]
fn our_own_writes_move_the_state_on() {
    let answers = vec![
        at_five(),
        set(json!({"oldState": "5", "newState": "6", "updated": {"e1": null}})),
        set(json!({"oldState": "6", "newState": "7", "updated": {"e2": null}})),
    ];
    run(answers, async |jmap, log| {
        observe(&jmap).await;
        assert_eq!(words(&jmap.send(&[update(&jmap, "e1")]).await), ["e1"]);
        assert_eq!(words(&jmap.send(&[update(&jmap, "e2")]).await), ["e2"]);
        assert_eq!(conditions(&log), [json!("5"), json!("6")]);
    });
}

#[test]
fn a_state_that_others_moved_is_looked_into() {
    let answers = vec![
        at_five(),
        mismatch(),
        touched(&["e2"], "6"),
        set(json!({"oldState": "6", "newState": "7", "updated": {"e1": null}})),
    ];
    run(answers, async |jmap, log| {
        observe(&jmap).await;
        let answers = jmap.send(&[update(&jmap, "e1"), update(&jmap, "e2")]).await;
        assert_eq!(words(&answers), ["e1", "stateMismatch Conflict"]);
        assert_eq!(conditions(&log), [json!("5"), json!("6")]);
        // What changed under the run stays untouched until it is read again.
        assert_eq!(words(&jmap.send(&[delete(&jmap, "e2")]).await), ["stateMismatch Conflict"]);
        assert_eq!(conditions(&log).len(), 2);
    });
}

#[test]
fn a_state_that_never_rests_ends_in_a_conflict() {
    let mut answers = vec![at_five()];
    for state in ["6", "7", "8", "9"] {
        answers.extend([mismatch(), touched(&[], state)]);
    }
    run(answers, async |jmap, log| {
        observe(&jmap).await;
        assert_eq!(words(&jmap.send(&[update(&jmap, "e1")]).await), ["stateMismatch Conflict"]);
        assert_eq!(conditions(&log).len(), 4, "once and three times again");
    });
}

#[test]
fn a_state_that_cannot_be_looked_into_sends_nothing() {
    run(vec![at_five(), mismatch(), error("cannotCalculateChanges")], async |jmap, _| {
        observe(&jmap).await;
        assert_eq!(words(&jmap.send(&[update(&jmap, "e1")]).await), ["unsent"]);
    });
}

#[test]
fn an_item_that_was_never_observed_is_compared_first() {
    let now = json!({
        "list": [{"id": "e1", "uid": "u", "start": "2026-04-16T09:00:00", "calendarIds": {"work": true}}],
        "notFound": [], "state": "3",
    });
    run(vec![method("CalendarEvent/get", now)], async |jmap, log| {
        assert_eq!(words(&jmap.send(&[update(&jmap, "e1")]).await), ["stateMismatch Conflict"]);
        assert_eq!(conditions(&log), [] as [Value; 0]);
    });
}

#[test]
fn an_envelope_that_is_too_large_is_split() {
    let one =
        |id: &str| set(json!({"oldState": "1", "newState": "2", "created": {"new1": {"id": id}}}));
    let answers = vec![
        error("requestTooLarge"),
        one("e1"),
        json_answer(413, &json!({})),
        one("e2"),
        error("requestTooLarge"),
    ];
    run(answers, async |jmap, log| {
        let changes = [create(&jmap, "u1"), create(&jmap, "u2"), create(&jmap, "u3")];
        assert_eq!(words(&jmap.send(&changes).await), ["e1", "e2", "unsent"]);
        let sizes: Vec<usize> = calls(&log)
            .iter()
            .filter_map(|(_, arguments)| Some(arguments["create"].as_object()?.len()))
            .collect();
        assert_eq!(sizes, [3, 1, 2, 1, 1]);
    });
}

#[test]
fn without_a_session_nothing_is_sent() {
    with("jmap.example", vec![json_answer(401, &json!({}))], async |env, log| {
        let jmap = jmap(&env);
        assert_eq!(
            words(&jmap.send(&[create(&jmap, "u1"), delete(&jmap, "e1")]).await),
            ["unsent", "unsent"]
        );
        assert_eq!(log.lines().len(), 1);
    });
}

#[test]
fn an_identity_is_found_in_its_container() {
    let found = method(
        "CalendarEvent/query",
        json!({"ids": ["e1", "e2", "e3"], "position": 0, "queryState": "q"}),
    );
    let item = |id: &str, uid: &str, calendar: &str| json!({"id": id, "uid": uid, "start": "2026-04-16T09:00:00", "calendarIds": {calendar: true}});
    let list = [item("e1", "u1", "work"), item("e2", "other", "work"), item("e3", "u1", "home")];
    let got = method("CalendarEvent/get", json!({"list": list, "notFound": [], "state": "1"}));
    run(vec![found, got], async |jmap, log| {
        let items = jmap.find(&work(), &uid("u1"), None).await.expect("an answer");
        assert_eq!(items.iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), ["e1"]);
        assert_eq!(calls(&log)[0].1["filter"], json!({"uid": "u1"}));
    });
}

#[test]
fn a_calendar_is_made_or_refused() {
    let made =
        method("Calendar/set", json!({"created": {"new1": {"id": "c1"}}, "notCreated": null}));
    run(vec![made], async |jmap, _| {
        let container = jmap.create_container("Work").await.expect("a calendar");
        assert_eq!((container.id.as_str(), container.name.as_str()), ("c1", "Work"));
    });
    let refused = method(
        "Calendar/set",
        json!({"created": null, "notCreated": {"new1": {"type": "forbidden"}}}),
    );
    run(vec![refused], async |jmap, _| {
        let error = jmap.create_container("Work").await.expect_err("refused");
        assert!(matches!(&error, Error::Method { kind, .. } if kind == "forbidden"), "{error}");
    });
}

#[test]
fn the_policy_promises_no_more_than_it_can_keep() {
    with("jmap.example", Vec::new(), async |env, _| {
        use crate::model::{Capability, Policy};
        assert_eq!(jmap(&env).policy(), Policy::uniform(Capability::BestEffort));
    });
}
