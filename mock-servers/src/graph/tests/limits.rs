//! The limits of an app in a mailbox, kept without any fault.

use std::time::Duration;

use http::Method;
use serde_json::json;

use super::rig::{AS_GUEST, run, with_people, with_profile};

#[test]
fn the_request_after_ten_thousand_in_ten_minutes_is_refused() {
    with_people(async |rig| {
        for _ in 0..500 {
            let twenty: Vec<_> = (0..20)
                .map(|nth| json!({ "id": nth.to_string(), "method": "GET", "url": "/me?$select=id" }))
                .collect();
            assert_eq!(rig.batch(json!(twenty)).await.status, 200);
        }
        let refused = rig.get("/me").await;
        assert_eq!((refused.status, refused.code()), (429, "ApplicationThrottled"));
        let wait: u64 = refused.header("retry-after").parse().expect("seconds");
        assert!((1..=600).contains(&wait));
        let inner = rig.batch(json!([{ "id": "1", "method": "GET", "url": "/me" }])).await;
        assert_eq!((inner.status, &inner.body["responses"][0]["status"]), (200, &json!(429)));
        let other = rig.by(AS_GUEST, Method::GET, "/me", None).await;
        assert_eq!(other.status, 200, "another mailbox has a limit of its own");
        rig.sim.advance(Duration::from_secs(wait)).await;
        assert_eq!(rig.get("/me").await.status, 200);
    });
}

#[test]
fn mailboxes_do_not_share_the_limit_of_concurrent_requests() {
    with_people(async |rig| {
        let slow = json!({ "id": "f", "site": "request", "what": { "delay": { "ms": 1000 } } });
        rig.server.arm(serde_json::from_value(slow).expect("a rule"));
        let mine = || rig.get("/me");
        let (a, b, c, d, e) = tokio::join!(
            mine(),
            mine(),
            mine(),
            mine(),
            rig.by(AS_GUEST, Method::GET, "/me", None)
        );
        let statuses = [a.status, b.status, c.status, d.status, e.status];
        assert_eq!(statuses, [200; 5]);
    });
}

#[test]
fn the_strict_profile_counts_nothing() {
    with_profile("strict", async |rig| {
        let many: Vec<_> = (0..20)
            .map(|nth| json!({ "id": nth.to_string(), "method": "GET", "url": "/me?$select=id" }))
            .collect();
        for _ in 0..501 {
            rig.batch(json!(many)).await;
        }
        assert_eq!(rig.get("/me").await.status, 200);
    });
    run(async |rig| assert_eq!(rig.get("/me").await.status, 200));
}
