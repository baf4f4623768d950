//! Faults, site by site, as Graph shows them.

use calamity_base::http::Answer as Raw;
use calamity_evidence::WriteResult;
use http::Method;
use serde_json::{Value, json};

use super::rig::{Rig, and, invited, run, timed};
use crate::faults::Rule;

fn arm(rig: &Rig, rule: Value) {
    let rule: Rule = serde_json::from_value(rule).expect("a rule");
    rule.check().expect("a rule that can fire");
    rig.server.arm(rule);
}

async fn filled(rig: &Rig, count: u8) -> String {
    let calendar = rig.calendar("Calendar").await;
    for nth in 1..=count {
        rig.event(&calendar, &timed(&format!("{nth}"), nth, 9)).await;
    }
    calendar
}

const MAY: &str = "startDateTime=2026-05-01T00:00:00Z&endDateTime=2026-06-01T00:00:00Z";

#[test]
fn codes_have_their_usual_status_and_nothing_is_applied() {
    for (code, status) in [
        ("ApplicationThrottled", 429),
        ("ErrorInternalServerTransientError", 503),
        ("UnknownError", 503),
        ("GatewayTimeout", 504),
        ("quotaLimitReached", 507),
        ("BandwidthLimitExceeded", 509),
        ("ErrorIrresolvableConflict", 412),
        ("Conflict", 409),
        ("resourceLocked", 423),
        ("insufficient_claims", 403),
        ("ErrorNobodyKnows", 400),
    ] {
        for site in ["request", "item"] {
            run(async |rig| {
                let calendar = filled(&rig, 0).await;
                arm(
                    &rig,
                    json!({ "id": "f", "site": site, "op": "event.create", "what": { "error": { "code": code } } }),
                );
                let body = and(timed("x ~L0000000001", 4, 9), invited(&["a@example.com"]));
                let refused = rig.post(&format!("/me/calendars/{calendar}/events"), &body).await;
                assert_eq!((refused.status, refused.code()), (status, code), "{site}");
                assert_eq!(refused.header("retry-after"), "");
                assert_eq!(rig.server.items(), []);
                assert_eq!(rig.server.mails(0), []);
                let writes = rig.server.writes(1);
                assert_eq!(writes.len(), 1, "{site}");
                assert_eq!(
                    writes[0].lineage.as_ref().map(ToString::to_string).as_deref(),
                    Some("~L0000000001")
                );
                assert_eq!(writes[0].attendees, ["a@example.com"]);
                assert!(
                    matches!(&writes[0].result, WriteResult::Refused(refusal) if refusal.code == code)
                );
                assert_eq!(rig.server.fault_hits().len(), 1);
            });
        }
    }
}

#[test]
fn throttling_says_how_long_to_wait() {
    run(async |rig| {
        filled(&rig, 1).await;
        arm(
            &rig,
            json!({ "id": "f", "site": "request", "op": "calendar.list", "when": { "times": 1 },
            "what": { "error": { "code": "ApplicationThrottled", "retry_after_s": 17, "status": 503, "description": "slow" } } }),
        );
        let refused = rig.get("/me/calendars").await;
        assert_eq!((refused.status, refused.header("retry-after")), (503, "17"));
        assert_eq!(refused.body["error"]["message"], "slow");
        assert_eq!(rig.get("/me/calendars").await.status, 200);
    });
}

#[test]
fn an_answer_can_be_lost_after_the_write() {
    run(async |rig| {
        let calendar = filled(&rig, 0).await;
        arm(
            &rig,
            json!({ "id": "f", "site": "response", "op": "event.create", "origin": "observed", "source": "a report",
            "what": { "error": { "code": "GatewayTimeout" } } }),
        );
        let answer = rig.post(&format!("/me/calendars/{calendar}/events"), &timed("x", 4, 9)).await;
        assert_eq!(answer.status, 504);
        assert_eq!(rig.server.items().len(), 1);
        rig.server.clear("f");
        arm(
            &rig,
            json!({ "id": "g", "site": "response", "op": "event.get", "what": { "abort": "reset" } }),
        );
        let id = rig.server.items()[0].id.clone();
        assert!(matches!(rig.raw(Method::GET, &format!("/me/events/{id}")).await, Raw::Reset));
        arm(
            &rig,
            json!({ "id": "g", "site": "response", "op": "event.get", "what": { "abort": { "truncate": { "bytes": 5 } } } }),
        );
        let cut = rig.raw(Method::GET, &format!("/me/events/{id}")).await;
        assert!(matches!(cut, Raw::Truncated { after: 5, .. }));
    });
}

#[test]
fn an_item_can_break_off_before_anything_is_applied() {
    run(async |rig| {
        let calendar = filled(&rig, 1).await;
        arm(
            &rig,
            json!({ "id": "f", "site": "item", "op": "event.delete", "what": { "abort": "close" } }),
        );
        let id = rig.server.items()[0].id.clone();
        assert!(matches!(
            rig.raw(Method::DELETE, &format!("/me/calendars/{calendar}/events/{id}")).await,
            Raw::Close
        ));
        assert_eq!(rig.server.items().len(), 1);
        assert_eq!(rig.refusals(), ["aborted"]);
    });
}

#[test]
fn a_write_can_be_swallowed_or_rewritten() {
    run(async |rig| {
        let calendar = filled(&rig, 0).await;
        let target = format!("/me/calendars/{calendar}/events");
        arm(&rig, json!({ "id": "f", "site": "item", "op": "event.create", "what": "omit" }));
        assert_eq!(rig.post(&target, &timed("x", 4, 9)).await.status, 204);
        assert_eq!(rig.server.items(), []);
        arm(
            &rig,
            json!({ "id": "f", "site": "item", "op": "event.create",
            "what": { "patch": { "set": { "subject": "rewritten" }, "drop": ["location"] } } }),
        );
        let made = rig.post(&target, &timed("x", 4, 9)).await;
        assert_eq!((made.status, &made.body["subject"]), (201, &json!("rewritten")));
        rig.server.clear("f");
        arm(
            &rig,
            json!({ "id": "f", "site": "item", "op": "event.get", "item": { "title": "rewr*" },
            "what": { "patch": { "set": { "showAs": "free" } } } }),
        );
        let read = rig.get(&format!("/me/events/{}", made.id())).await;
        assert_eq!(read.body["showAs"], "free");
        rig.server.clear("f");
        assert_eq!(rig.get(&format!("/me/events/{}", made.id())).await.body["showAs"], "busy");
    });
}

#[test]
fn a_rule_can_mean_one_item() {
    run(async |rig| {
        filled(&rig, 2).await;
        arm(
            &rig,
            json!({ "id": "f", "site": "item", "op": "event.*", "item": { "title": "2" },
            "what": { "error": { "code": "ErrorItemNotFound" } } }),
        );
        let ids: Vec<(String, String)> =
            rig.server.items().into_iter().map(|item| (item.facts.title, item.id)).collect();
        for (title, id) in ids {
            let expected = if title == "2" { 404 } else { 200 };
            assert_eq!(rig.get(&format!("/me/events/{id}")).await.status, expected, "{title}");
        }
    });
}

#[test]
fn a_listing_can_fail_lose_rows_or_look_complete() {
    run(async |rig| {
        let calendar = filled(&rig, 8).await;
        let target = format!("/me/calendars/{calendar}/events?$top=4");
        arm(
            &rig,
            json!({ "id": "f", "site": "feed", "op": "feed.page", "when": { "skip": 1 },
            "what": { "error": { "code": "GatewayTimeout" } } }),
        );
        let first = rig.get(&target).await;
        assert_eq!(first.rows().len(), 4);
        assert_eq!(rig.get(&first.link("@odata.nextLink")).await.status, 504);
        arm(
            &rig,
            json!({ "id": "f", "site": "feed", "op": "feed.query", "what": { "cut": { "keep": 0.5 } } }),
        );
        let cut = rig.get(&target).await;
        assert_eq!(
            (cut.column("subject"), &cut.body["@odata.nextLink"]),
            (vec!["1", "2"], &Value::Null)
        );
        arm(&rig, json!({ "id": "f", "site": "feed", "what": "empty" }));
        let empty = rig.get(&target).await;
        assert_eq!((empty.rows().len(), &empty.body["@odata.nextLink"]), (0, &Value::Null));
        arm(&rig, json!({ "id": "f", "site": "feed", "item": { "title": "3" }, "what": "omit" }));
        assert_eq!(rig.get(&target).await.column("subject"), ["1", "2", "4"]);
        arm(
            &rig,
            json!({ "id": "f", "site": "feed", "item": { "title": "3" }, "what": { "patch": { "set": { "subject": "?" } } } }),
        );
        assert_eq!(rig.get(&target).await.column("subject"), ["1", "2", "?", "4"]);
    });
}

#[test]
fn a_feed_can_be_cut_emptied_expired_and_rewound() {
    run(async |rig| {
        let calendar = filled(&rig, 8).await;
        let target = format!("/me/calendars/{calendar}/calendarView/delta?{MAY}");
        arm(
            &rig,
            json!({ "id": "f", "site": "feed", "op": "feed.delta", "when": { "times": 1 }, "what": { "cut": { "keep": 0.25 } } }),
        );
        let cut = rig.get(&target).await;
        assert_eq!(cut.rows().len(), 2);
        let link = cut.link("@odata.deltaLink");
        assert_eq!(rig.get(&link).await.rows().len(), 0, "the token skips the rest");

        arm(
            &rig,
            json!({ "id": "f", "site": "feed", "op": "feed.delta", "when": { "times": 1 }, "what": "empty" }),
        );
        let id = rig.server.items()[0].id.clone();
        rig.patch(&format!("/me/events/{id}"), &json!({ "subject": "new" })).await;
        let empty = rig.get(&link).await;
        assert_eq!(empty.rows().len(), 0);
        assert_eq!(rig.get(&empty.link("@odata.deltaLink")).await.rows().len(), 0);
        assert_eq!(rig.get(&link).await.column("subject"), ["new"]);

        arm(
            &rig,
            json!({ "id": "f", "site": "feed", "op": "feed.delta", "when": { "times": 1 }, "what": { "token": "expire" } }),
        );
        assert_eq!(
            rig.get(&target).await.rows().len(),
            8,
            "without a token there is none to expire"
        );
        let gone = rig.get(&link).await;
        assert_eq!((gone.status, gone.code()), (410, "syncStateNotFound"));
        assert!(gone.header("location").ends_with("&$deltatoken="));

        arm(
            &rig,
            json!({ "id": "f", "site": "feed", "op": "feed.delta", "when": { "times": 1 }, "what": { "token": "rewind" } }),
        );
        let again = rig.get(&link).await.link("@odata.deltaLink");
        assert!(rig.get(&again).await.rows().len() > 1, "old changes come again");
    });
}

#[test]
fn a_fifth_request_at_a_time_is_throttled() {
    run(async |rig| {
        filled(&rig, 1).await;
        arm(&rig, json!({ "id": "f", "site": "request", "what": { "delay": { "ms": 1000 } } }));
        let call = || rig.get("/me/calendars");
        let (a, b, c, d, e) = tokio::join!(call(), call(), call(), call(), call());
        let mut statuses = [a.status, b.status, c.status, d.status, e.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 200, 200, 200, 429]);
    });
}

#[test]
fn a_series_is_left_out_of_a_feed_by_one_hit() {
    run(async |rig| {
        let calendar = filled(&rig, 1).await;
        rig.event(&calendar, &super::rig::weekly("series")).await;
        arm(
            &rig,
            json!({ "id": "f", "site": "feed", "op": "feed.delta", "item": { "title": "series" }, "what": "omit" }),
        );
        let page = rig.get(&format!("/me/calendars/{calendar}/calendarView/delta?{MAY}")).await;
        assert_eq!((page.column("subject"), rig.server.fault_hits().len()), (vec!["1"], 1));
    });
}
