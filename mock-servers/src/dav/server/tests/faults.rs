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

#[test]
fn each_href_of_a_207_has_its_own_status() {
    simulated(async |world| {
        let token = sync(&world, "").await.sync_token();
        for name in ["a", "b", "c"] {
            world.put(&format!("{name}.ics"), &event(name, "")).await;
        }
        let arm = |op: &str, code: &str| {
            let mut some = rule("f", Site::Item, op, error(code));
            some.when.times = Some(2);
            world.server.arm(some);
        };
        for code in ["403", "404", "503", "507"] {
            let refused: Vec<String> = ["a", "b"].map(|name| format!("{name}.ics {code}")).into();
            let rows = |last: &str| [refused.clone(), vec![last.to_owned()]].concat();
            arm("feed.changes", code);
            assert_eq!(sync(&world, &token).await.rows(), rows("c.ics"));
            arm("feed.query", code);
            let list = world.propfind(WORK, "1", "<D:getetag/>").await.rows();
            assert_eq!(list, [rows("c.ics"), vec!["work".to_owned()]].concat());
            arm("feed.query", code);
            let inside = "<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter \
                          name=\"VCALENDAR\"/></C:filter>";
            assert_eq!(world.report(WORK, "C:calendar-query", inside).await.rows(), rows("c.ics"));
            arm("event.get", code);
            let hrefs = ["a", "b", "c"].map(|name| format!("<D:href>{WORK}{name}.ics</D:href>"));
            let inside = format!("<D:prop><D:getetag/></D:prop>{}", hrefs.concat());
            assert_eq!(
                world.report(WORK, "C:calendar-multiget", &inside).await.rows(),
                rows("c.ics")
            );
        }
        arm("feed.query", "no-uid-conflict");
        let list = world.propfind(WORK, "1", "<D:getetag/>").await;
        assert!(list.text().contains("no-uid-conflict"), "{}", list.text());
        world.send("DELETE", &format!("{WORK}c.ics"), &[], "").await;
        arm("feed.changes", "503");
        let gone = sync(&world, &token).await.rows();
        assert_eq!(gone, ["a.ics 503", "b.ics 503", "c.ics 404"]);
    });
}

#[test]
fn a_row_says_something_else_of_its_resource() {
    simulated(async |world| {
        let token = sync(&world, "").await.sync_token();
        for name in ["a", "b"] {
            world.put(&format!("{name}.ics"), &event(name, "LOCATION:here")).await;
        }
        let patch = |set: &[(&str, &str)], drop: &[&str]| {
            let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).into());
            Effect::Patch(PatchEffect {
                set: set.iter().map(pair).collect(),
                drop: drop.iter().map(|name| (*name).to_owned()).collect(),
                ..PatchEffect::default()
            })
        };
        let arm = |site, op: &str, what: Effect| {
            let mut one = rule("f", site, op, what);
            one.item = Some(crate::faults::ItemSelector::Uid("a".to_owned()));
            world.server.arm(one);
        };
        arm(Site::Feed, "feed.changes", patch(&[("getetag", "W/\"old\"")], &[]));
        let page = sync(&world, &token).await.text();
        assert_eq!(page.matches("W/\"old\"").count(), 1, "{page}");
        arm(Site::Feed, "feed.query", patch(&[], &["getetag"]));
        let list = world.propfind(WORK, "1", "<D:getetag/>").await;
        assert_eq!(list.rows().len(), 3, "the row is there");
        let tags = list.text().matches("<D:getetag>").count();
        assert_eq!(tags, 2, "the collection's and the other's: {}", list.text());
        arm(Site::Item, "event.get", patch(&[("LOCATION", "there")], &[]));
        let hrefs = ["a", "b"].map(|name| format!("<D:href>{WORK}{name}.ics</D:href>"));
        let inside = format!("<D:prop><C:calendar-data/></D:prop>{}", hrefs.concat());
        let both = world.report(WORK, "C:calendar-multiget", &inside).await.text();
        let seen = |text: &str| both.matches(text).count();
        assert_eq!((seen("LOCATION:there"), seen("LOCATION:here")), (1, 1), "{both}");
    });
}

#[test]
fn a_refused_write_is_logged_with_what_it_was_about() {
    simulated(async |world| {
        let marked = event("a", "ATTENDEE:mailto:zoe@example.com\r\n")
            .replace("SUMMARY:", "SUMMARY:~L661s4b2a7c ");
        world.server.arm(rule("full", Site::Item, "event.create", error("quota-not-exceeded")));
        assert_ne!(world.put("a.ics", &marked).await.status, 201);
        let refused = world.server.writes(0).pop().expect("an attempt");
        let lineage = refused.lineage.as_ref().map(|lineage| lineage.as_str());
        assert_eq!(lineage, Some("~L661s4b2a7c"), "{refused:?}");
        assert_eq!((refused.uid.as_str(), refused.container.as_str()), ("a", "work"));
        assert_eq!(refused.attendees, ["zoe@example.com"], "{refused:?}");
    });
}
