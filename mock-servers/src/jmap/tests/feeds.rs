//! Faults of listings and change feeds.

use serde_json::{Value, json};

use super::harness::{error_rule, rule, simulated};
use crate::faults::{Abort, After, Effect, ItemSelector, Rule, Site, TokenEffect};

#[test]
fn feeds_are_emptied_cut_and_thinned_and_look_complete() {
    simulated(async |world| {
        let start = world.state().await;
        let ids = world.seed(10);
        let query =
            async || world.ok("CalendarEvent/query", json!({ "calculateTotal": true })).await;
        let changes =
            async || world.ok("CalendarEvent/changes", json!({ "sinceState": start })).await;
        let len = |value: &Value| value.as_array().unwrap().len();

        world.server.arm(rule("f", Site::Feed, "feed.page", Effect::Empty));
        let page = query().await;
        assert_eq!((len(&page["ids"]), &page["total"]), (0, &json!(0)));
        let page = changes().await;
        assert_eq!((len(&page["created"]), &page["hasMoreChanges"]), (0, &json!(false)));
        assert_eq!(page["newState"], world.state().await, "the token skips what was not told");

        world.server.arm(rule("f", Site::Feed, "feed.page", Effect::Cut { keep: 0.4 }));
        let page = query().await;
        assert_eq!((len(&page["ids"]), &page["total"]), (4, &json!(4)));
        let page = changes().await;
        assert_eq!((len(&page["created"]), &page["newState"]), (4, &world.state().await));

        let omit = rule("f", Site::Feed, "feed.page", Effect::Omit);
        world.server.arm(Rule { item: Some(ItemSelector::Uid("uid-3".to_owned())), ..omit });
        assert_eq!(len(&query().await["ids"]), 9);
        let gone = &ids[3];
        assert!(!changes().await["created"].as_array().unwrap().contains(&json!(gone)));

        world.server.arm(error_rule("f", Site::Feed, "feed.changes", "cannotCalculateChanges"));
        let since = json!({ "sinceState": start });
        assert_eq!(
            world.err("CalendarEvent/changes", since.clone()).await,
            "cannotCalculateChanges"
        );
        assert_eq!(len(&query().await["ids"]), 10, "another feed");

        world.server.arm(rule("f", Site::Feed, "feed.*", Effect::Token(TokenEffect::Expire)));
        assert_eq!(world.err("CalendarEvent/changes", since).await, "cannotCalculateChanges");
        assert_eq!(len(&query().await["ids"]), 10, "a query has no token to expire");

        let now = world.state().await;
        world.server.arm(rule("f", Site::Feed, "feed.*", Effect::Token(TokenEffect::Rewind)));
        let page = world.ok("CalendarEvent/changes", json!({ "sinceState": now })).await;
        assert_eq!(len(&page["created"]), 0);
        world.server.clear("f");
        let again = json!({ "sinceState": page["newState"] });
        let page = world.ok("CalendarEvent/changes", again).await;
        assert_eq!(len(&page["created"]), 10, "the token went backwards");
    });
}

#[test]
fn a_fault_on_one_calendar_leaves_queries_of_others_alone() {
    simulated(async |world| {
        world.seed(2);
        let make = json!({ "create": { "h": { "name": "Home" } } });
        let home = world.ok("Calendar/set", make).await["created"]["h"]["id"].clone();
        let empty = rule("f", Site::Feed, "feed.query", Effect::Empty);
        world.server.arm(Rule { calendar: Some("Work".to_owned()), ..empty });
        let ids = async |calendar: Value| {
            let asked = json!({ "filter": { "inCalendar": calendar } });
            world.ok("CalendarEvent/query", asked).await["ids"].as_array().unwrap().len()
        };
        assert_eq!(ids(home).await, 0);
        assert_eq!(world.server.fault_hits().len(), 0);
        assert_eq!(ids(json!(world.work)).await, 0);
        assert_eq!(world.server.fault_hits().len(), 1);
    });
}

#[test]
fn a_page_can_break_off_in_its_middle() {
    simulated(async |world| {
        world.seed(3);
        let cut = Effect::Abort(Abort::Truncate(After::Fraction(0.5)));
        world.server.arm(rule("f", Site::Feed, "feed.page", cut));
        let calls = json!([["CalendarEvent/query", { "accountId": world.account }, "0"]]);
        let error = world.try_calls(calls).await.unwrap_err();
        assert!(error.is_in_doubt(), "{error}");
        assert_eq!(world.server.armed(), [("f".to_owned(), 1)]);
    });
}
