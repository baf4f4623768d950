//! Faults as clients see them.

use super::rig::{WORK, World, event, rule, simulated};
use crate::faults::{Effect, ErrorEffect, PatchEffect, Site, TokenEffect};

fn error(code: &str) -> Effect {
    Effect::Error(ErrorEffect { code: code.to_owned(), ..ErrorEffect::default() })
}

async fn sync(world: &World, token: &str) -> super::rig::Answer {
    let inside = format!(
        "<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>\
         <D:prop><D:getetag/></D:prop>"
    );
    world.report(WORK, "D:sync-collection", &inside).await
}

#[test]
fn whole_requests() {
    simulated(async |world| {
        let busy =
            ErrorEffect { status: Some(503), retry_after_s: Some(9), ..ErrorEffect::default() };
        world.server.arm(rule("f", Site::Request, "event.create", Effect::Error(busy)));
        let answer = world.put("a.ics", &event("a", "")).await;
        assert_eq!((answer.status, answer.header("retry-after")), (503, "9"));
        assert_eq!(world.server.items(), vec![]);
        world.server.clear("f");
        world.server.arm(rule("g", Site::Response, "event.create", error("507")));
        assert_eq!(world.put("a.ics", &event("a", "")).await.status, 507);
        assert_eq!(world.server.items().len(), 1, "it landed all the same");
        assert_eq!(world.server.fault_hits().len(), 2);
    });
}

#[test]
fn single_items() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "")).await;
        world.put("b.ics", &event("b", "")).await;
        let mut hit = rule("f", Site::Item, "event.*", error("no-uid-conflict"));
        hit.item = Some(crate::faults::ItemSelector::Uid("a".to_owned()));
        world.server.arm(hit);
        let hrefs = format!("<D:href>{WORK}a.ics</D:href><D:href>{WORK}b.ics</D:href>");
        let inside = format!("<D:prop><D:getetag/></D:prop>{hrefs}");
        let some = world.report(WORK, "C:calendar-multiget", &inside).await;
        assert_eq!(some.rows(), ["a.ics 403", "b.ics"]);
        assert!(some.text().contains("no-uid-conflict"));
        let put = world.put("a.ics", &event("a", "LOCATION:x")).await;
        assert_eq!((put.status, put.condition().as_str()), (403, "no-uid-conflict"));
        world.server.clear("f");
        let patch = PatchEffect { drop: vec!["LOCATION".to_owned()], ..PatchEffect::default() };
        world.server.arm(rule("g", Site::Item, "event.update", Effect::Patch(patch)));
        let put = world.put("a.ics", &event("a", "LOCATION:x")).await;
        assert_eq!((put.status, put.header("etag")), (204, ""), "it was rewritten");
        let got = world.send("GET", &format!("{WORK}a.ics"), &[], "").await;
        assert_eq!(got.text(), event("a", ""));
        let set = serde_json::Map::from_iter([("LOCATION".to_owned(), "there".into())]);
        let patch = PatchEffect { set, ..PatchEffect::default() };
        world.server.arm(rule("g", Site::Item, "event.get", Effect::Patch(patch)));
        let got = world.send("GET", &format!("{WORK}a.ics"), &[], "").await;
        assert!(got.text().contains("LOCATION:there"), "only the answer has it");
        assert!(!world.server.items().iter().any(|item| item.facts.location == "there"));
    });
}

#[test]
fn feeds() {
    simulated(async |world| {
        let empty = sync(&world, "").await.sync_token();
        for name in ["a", "b", "c", "d"] {
            world.put(&format!("{name}.ics"), &event(name, "")).await;
        }
        let arm = |what| world.server.arm(rule("f", Site::Feed, "feed.changes", what));
        arm(Effect::Cut { keep: 0.5 });
        let cut = sync(&world, &empty).await;
        assert_eq!(cut.rows().len(), 2);
        world.server.clear("f");
        assert_eq!(sync(&world, &cut.sync_token()).await.rows(), Vec::<String>::new());
        arm(Effect::Token(TokenEffect::Expire));
        assert_eq!(sync(&world, &empty).await.condition(), "valid-sync-token");
        world.server.clear("f");
        arm(error("valid-sync-token"));
        assert_eq!(sync(&world, &empty).await.condition(), "valid-sync-token");
        world.server.clear("f");
        let mut omit = rule("f", Site::Feed, "feed.page", Effect::Omit);
        omit.item = Some(crate::faults::ItemSelector::Uid("b".to_owned()));
        world.server.arm(omit);
        assert_eq!(sync(&world, &empty).await.rows(), ["a.ics", "c.ics", "d.ics"]);
        let list = world.propfind(WORK, "1", "<D:getetag/>").await;
        assert_eq!(list.rows(), ["a.ics", "c.ics", "d.ics", "work"]);
    });
}
