//! Tests of single writes: what is sent, and what each answer means.

use calamity_base::http::Answer as Served;
use serde_json::{Value, json};

use super::{create, delete, event, ids, ok, refusal, run, told, uid, update, work};
use crate::content::Inexpressible;
use crate::provider::scripted::{cut, json_answer, seconds, with_headers};
use crate::provider::{Answer, Meaning, Provider};

/// One word for each answer.
fn word(answer: &Answer) -> String {
    match answer {
        Answer::Done { id, revision } => {
            format!("{id} {}", revision.as_ref().map_or("-", |revision| revision.as_str()))
        }
        Answer::Refused(rejection) => format!("{} {:?}", rejection.kind, rejection.meaning),
        Answer::Unknown(error) => format!("? {error}"),
        Answer::Unsent(error) => format!("unsent {error}"),
    }
}

fn created() -> Served {
    json_answer(201, &told("new", "k1", json!({})))
}

#[test]
fn a_create_carries_its_number_and_its_identity() {
    run(vec![created()], async |graph, log| {
        let answers = graph.send(&[create(&graph, event(json!({"title": "T"})))]).await;
        assert_eq!(answers.iter().map(word).collect::<Vec<_>>(), ["new k1"]);
        assert_eq!(log.lines(), ["POST /v1.0/me/calendars/c1/events"]);
        let body = log.all()[0].body.clone();
        assert_eq!((&body["transactionId"], &body["subject"]), (&json!("9f1c"), &json!("T")));
        let own = &body["singleValueExtendedProperties"][0];
        assert_eq!(
            (&own["id"], &own["value"]),
            (&json!(super::super::convert::UID_PROPERTY), &json!("u1"))
        );
        assert_eq!(log.all()[0].header("if-match"), None);
    });
}

#[test]
fn an_update_sends_what_changed_on_condition() {
    run(vec![ok(told("e1", "k2", json!({})))], async |graph, log| {
        let change = update(&graph, event(json!({"title": "old"})), event(json!({"title": "new"})));
        let answers = graph.send(&[change]).await;
        assert_eq!(answers.iter().map(word).collect::<Vec<_>>(), ["e1 k2"]);
        let asked = &log.all()[0];
        assert_eq!(log.lines(), ["PATCH /v1.0/me/events/e1"]);
        assert_eq!(asked.body, json!({"subject": "new"}));
        assert_eq!(asked.header("if-match"), Some("W/\"k1\""));
    });
}

#[test]
fn an_update_of_nothing_that_graph_holds_sends_nothing() {
    run(Vec::new(), async |graph, log| {
        let change = update(&graph, event(json!({"color": "red"})), event(json!({})));
        let answers = graph.send(&[change]).await;
        assert_eq!(answers.iter().map(word).collect::<Vec<_>>(), ["e1 -"]);
        assert_eq!(log.lines(), [] as [&str; 0]);
    });
}

/// Checks what an answer to a delete comes to.
#[track_caller]
fn check_delete(answer: Served, expected: &str) {
    run(vec![answer], async |graph, log| {
        let answers = graph.send(&[delete(&graph, "e1")]).await;
        assert_eq!(answers.iter().map(word).collect::<Vec<_>>(), [expected]);
        assert_eq!(log.lines(), ["DELETE /v1.0/me/events/e1"]);
        assert_eq!(log.all()[0].header("if-match"), Some("W/\"k1\""));
    });
}

#[test]
fn a_delete_is_judged_by_its_status() {
    check_delete(json_answer(204, &Value::Null), "e1 -");
    check_delete(refusal(404, "ErrorItemNotFound"), "HTTP 404 ErrorItemNotFound NotFound");
    check_delete(
        refusal(412, "ErrorIrresolvableConflict"),
        "HTTP 412 ErrorIrresolvableConflict Conflict",
    );
    check_delete(refusal(403, "ErrorAccessDenied"), "HTTP 403 ErrorAccessDenied No");
    check_delete(refusal(507, "quota"), "HTTP 507 quota No");
    check_delete(refusal(423, "locked"), "HTTP 423 locked Busy { retry_at: None }");
    check_delete(json_answer(409, &json!("no object")), "HTTP 409 Conflict");
    check_delete(
        refusal(500, "ErrorInternalServerError"),
        "? graph: event.delete: HTTP 500 ErrorInternalServerError — why",
    );
    check_delete(Served::Reset, "? graph: event.delete got no answer");
}

/// Checks what an answer to a create comes to.
#[track_caller]
fn check_create(answer: Served, expected: &str) {
    run(vec![answer], async |graph, log| {
        let answers = graph.send(&[create(&graph, event(json!({})))]).await;
        assert_eq!(answers.iter().map(word).collect::<Vec<_>>(), [expected]);
        assert_eq!(log.lines().len(), 1);
    });
}

#[test]
fn a_create_is_judged_and_a_doubt_is_not_sent_again() {
    for status in [400, 409] {
        let expected = format!("HTTP {status} ErrorDuplicateTransactionId Exists");
        check_create(refusal(status, "ErrorDuplicateTransactionId"), &expected);
    }
    check_create(refusal(400, "RequestBodyRead"), "HTTP 400 RequestBodyRead No");
    check_create(Served::Close, "? graph: event.create got no answer");
    check_create(cut(&told("new", "k1", json!({}))), "? graph: event.create got no answer");
    check_create(json_answer(201, &json!({})), "? graph: event.create: the answer has no id");
    check_create(
        json_answer(201, &json!([])),
        "? graph: event.create: the answer is no JSON object",
    );
    check_create(
        refusal(504, "UnknownError"),
        "? graph: event.create: HTTP 504 UnknownError — why",
    );
}

#[test]
fn a_refusal_reads_as_it_always_did() {
    run(vec![refusal(400, "ErrorInvalidRequest")], async |graph, _| {
        let answers = graph.send(&[create(&graph, event(json!({})))]).await;
        let [Answer::Refused(rejection)] = answers.as_slice() else { panic!("{answers:?}") };
        assert_eq!(
            rejection.to_string(),
            "Graph create calendar event failed: HTTP 400 ErrorInvalidRequest — why"
        );
    });
}

#[test]
fn a_busy_server_is_waited_for_and_the_marker_stays() {
    let busy = |wait: &str| with_headers(429, &[("retry-after", wait)], &json!({}));
    let answers = vec![
        busy("30"),
        json_answer(503, &json!({})),
        busy("Thu, 16 Apr 2026 08:02:00 GMT"),
        created(),
    ];
    run(answers, async |graph, log| {
        let answers = graph.send(&[create(&graph, event(json!({})))]).await;
        assert_eq!(answers.iter().map(word).collect::<Vec<_>>(), ["new k1"]);
        let at: Vec<u64> = log.all().iter().map(|asked| seconds(asked.at_ms)).collect();
        assert_eq!(at, [0, 30, 35, 120], "as asked, 5 s of our own, until a date");
        let bodies: Vec<Value> = log.all().into_iter().map(|asked| asked.body).collect();
        assert!(bodies.windows(2).all(|pair| pair[0] == pair[1]), "the same bytes each time");
    });
}

#[test]
fn patience_ends_after_three_more_attempts() {
    let busy = || {
        with_headers(
            429,
            &[("retry-after", "7")],
            &json!({"error": {"code": "ApplicationThrottled"}}),
        )
    };
    run((0..4).map(|_| busy()).collect(), async |graph, log| {
        let answers = graph.send(&[create(&graph, event(json!({})))]).await;
        let [Answer::Refused(rejection)] = answers.as_slice() else { panic!("{answers:?}") };
        let Meaning::Busy { retry_at: Some(at) } = rejection.meaning else {
            panic!("{rejection:?}")
        };
        assert_eq!(at.duration_since(calamity_base::clock::epoch()).as_secs(), 28);
        assert_eq!(rejection.kind, "HTTP 429 ApplicationThrottled");
        assert_eq!(log.lines().len(), 4);
    });
}

#[test]
fn a_redirected_write_keeps_method_body_and_marker() {
    let moved = |to: &str| with_headers(307, &[("location", to)], &json!(null));
    run(vec![moved("/v1.0/elsewhere"), created()], async |graph, log| {
        let answers = graph.send(&[create(&graph, event(json!({})))]).await;
        assert_eq!(answers.iter().map(word).collect::<Vec<_>>(), ["new k1"]);
        assert_eq!(log.lines(), ["POST /v1.0/me/calendars/c1/events", "POST /v1.0/elsewhere"]);
    });
    run(vec![moved("http://evil.example/")], async |graph, log| {
        let answers = graph.send(&[create(&graph, event(json!({})))]).await;
        assert_eq!(
            answers.iter().map(word).collect::<Vec<_>>(),
            [
                "unsent graph: event.create: holds a link to another host, evil.example: not followed"
            ]
        );
        assert_eq!(log.lines().len(), 1);
    });
}

#[test]
fn the_same_update_again_is_recognised_as_done() {
    let conflict = || refusal(412, "ErrorIrresolvableConflict");
    run(vec![conflict(), ok(told("e1", "k2", json!({"subject": "new"})))], async |graph, log| {
        let change = update(&graph, event(json!({"title": "old"})), event(json!({"title": "new"})));
        assert_eq!(word(&graph.send(&[change]).await[0]), "e1 -");
        assert_eq!(
            log.lines(),
            ["PATCH /v1.0/me/events/e1", "GET /v1.0/me/calendars/c1/events/e1"]
        );
    });
    run(vec![conflict(), ok(told("e1", "k2", json!({"subject": "other"})))], async |graph, _| {
        let change = update(&graph, event(json!({"title": "old"})), event(json!({"title": "new"})));
        assert_eq!(
            word(&graph.send(&[change]).await[0]),
            "HTTP 412 ErrorIrresolvableConflict Conflict"
        );
    });
}

#[test]
fn items_are_read_with_their_own_identity() {
    let own = json!([{"id": super::super::convert::UID_PROPERTY, "value": "u1"}]);
    let answers = vec![
        ok(told("e1", "k1", json!({"singleValueExtendedProperties": own}))),
        ok(told("e2", "k2", json!({}))),
        refusal(404, "ErrorItemNotFound"),
        ok(told("e4", "k4", json!({"start": null}))),
        refusal(403, "ErrorAccessDenied"),
    ];
    run(answers, async |graph, log| {
        let fetched =
            graph.fetch(&work(), &ids(&["e1", "e2", "e3", "e4", "e5"])).await.expect("an answer");
        let found: Vec<String> = fetched
            .found
            .iter()
            .map(|item| format!("{} {} {} {}", item.id, item.uid, item.revision, item.own))
            .collect();
        assert_eq!(found, ["e1 u1 k1 true", "e2 ical-e2 k2 true"]);
        assert_eq!(fetched.missing, ids(&["e3"]));
        let failed: Vec<&str> = fetched.failed.iter().map(|(id, _)| id.as_str()).collect();
        assert_eq!(failed, ["e4", "e5"]);
        let asked = &log.all()[0].target;
        assert!(
            asked.contains(
                "$expand=exceptionOccurrences,singleValueExtendedProperties($filter=id eq '"
            ),
            "{asked}"
        );
    });
}

#[test]
fn an_identity_is_found_by_the_property_and_else_by_its_own() {
    let row = |id: &str| ok(json!({"value": [{"id": id}]}));
    let own = |value: &str| json!({"singleValueExtendedProperties": [{"id": super::super::convert::UID_PROPERTY, "value": value}]});
    run(vec![row("e1"), ok(told("e1", "k1", own("u'1")))], async |graph, log| {
        let found = graph.find(&work(), &uid("u'1"), None).await.expect("an answer");
        assert_eq!(found.len(), 1);
        let asked = &log.all()[0].target;
        assert!(asked.contains("ep/value eq 'u''1'"), "{asked}");
    });
    let none = || ok(json!({"value": []}));
    run(vec![none(), row("e2"), ok(told("e2", "k1", json!({})))], async |graph, log| {
        let found = graph.find(&work(), &uid("ical-e2"), None).await.expect("an answer");
        assert_eq!(found.len(), 1);
        assert!(log.all()[1].target.contains("$filter=iCalUId eq 'ical-e2'"));
    });
    run(vec![row("e1"), ok(told("e1", "k1", own("U1"))), none()], async |graph, _| {
        assert_eq!(graph.find(&work(), &uid("u1"), None).await.expect("an answer").len(), 0);
    });
}

#[test]
fn calendars_are_listed_in_pages_and_made() {
    let first = json!({
        "value": [{"id": "c1", "name": "Work"}],
        "@odata.nextLink": "http://graph.example/v1.0/me/calendars?$skip=1",
    });
    let answers = vec![
        ok(first),
        ok(json!({"value": [{"id": "c2", "name": "Home"}]})),
        json_answer(201, &json!({"id": "c3", "name": "New"})),
        refusal(409, "ErrorFolderExists"),
    ];
    run(answers, async |graph, log| {
        let all = graph.containers().await.expect("calendars");
        assert_eq!(all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["Work", "Home"]);
        let made = graph.create_container("New").await.expect("a calendar");
        assert_eq!(made.id.as_str(), "c3");
        let error = graph.create_container("New").await.expect_err("it is there").to_string();
        assert_eq!(error, "graph: calendar.create: HTTP 409 ErrorFolderExists — why");
        assert_eq!(log.all()[2].body, json!({"name": "New"}));
    });
}

#[test]
fn a_cancelled_event_can_be_held_and_not_be_brought_about() {
    run(Vec::new(), async |graph, _| {
        let plain = event(json!({"title": "T"}));
        let cancelled = event(json!({"title": "T", "status": "cancelled"}));
        let renamed = event(json!({"title": "U", "status": "cancelled"}));
        assert!(graph.project(&cancelled).is_ok());
        let property = |reached: Result<(), Inexpressible>| reached.map_err(|why| why.property);
        let status = Err("status".to_owned());
        assert_eq!(property(graph.reach(None, &cancelled)), status);
        assert_eq!(property(graph.reach(Some(&plain), &cancelled)), status);
        assert_eq!(property(graph.reach(Some(&cancelled), &plain)), status);
        assert_eq!(property(graph.reach(Some(&cancelled), &renamed)), Ok(()));
        assert_eq!(property(graph.reach(None, &plain)), Ok(()));
    });
}
