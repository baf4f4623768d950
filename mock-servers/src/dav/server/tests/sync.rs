//! sync-collection.

use calamity_evidence::Actor;

use super::rig::WORK;
use super::rig::{World, event, seed, simulated, simulated_as};
use crate::Drift;

async fn sync(world: &World, token: &str, more: &str) -> super::rig::Answer {
    let inside = format!(
        "<D:sync-token>{token}</D:sync-token><D:sync-level>1</D:sync-level>{more}\
         <D:prop><D:getetag/></D:prop>"
    );
    world.report(WORK, "D:sync-collection", &inside).await
}

#[test]
fn a_server_that_knows_no_limits_answers_all() {
    let limited = "<D:sync-token/><D:sync-level>1</D:sync-level><D:limit><D:nresults>1</D:nresults>\
                   </D:limit><D:prop><D:getetag/></D:prop>";
    for (profile, rows, any) in [("strict", 2, 204), ("radicale", 3, 412)] {
        simulated_as(profile, async |world| {
            for name in ["a", "b", "c"] {
                world.put(&format!("{name}.ics"), &event(name, "")).await;
            }
            let answer = world.report(WORK, "D:sync-collection", limited).await;
            assert_eq!(answer.rows().len(), rows, "{profile}: {}", answer.text());
            let path = format!("{WORK}a.ics");
            let changed = event("a", "LOCATION:x");
            let put = world.send("PUT", &path, &[("if-match", "*")], &changed).await;
            assert_eq!(put.status, any, "{profile}");
            assert_eq!(world.send("DELETE", &path, &[("if-match", "*")], "").await.status, 204);
        });
    }
}

#[test]
fn a_client_follows_from_token_to_token() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "")).await;
        world.put("b.ics", &event("b", "")).await;
        let first = sync(&world, "", "").await;
        assert_eq!(first.rows(), ["a.ics", "b.ics"]);
        let token = first.sync_token();
        assert!(token.starts_with("urn:"), "{token}");
        assert_eq!(sync(&world, &token, "").await.rows(), Vec::<String>::new());
        world.put("a.ics", &event("a", "LOCATION:x")).await;
        world.put("c.ics", &event("c", "")).await;
        world.send("DELETE", &format!("{WORK}b.ics"), &[], "").await;
        let second = sync(&world, &token, "").await;
        assert_eq!(second.rows(), ["a.ics", "b.ics 404", "c.ics"]);
        let home = WORK.replace("work", "home");
        world.send("MKCALENDAR", &home, &[], "").await;
        let to = format!("{home}c.ics");
        world.send("MOVE", &format!("{WORK}c.ics"), &[("destination", &to)], "").await;
        let third = sync(&world, &second.sync_token(), "").await;
        assert_eq!(third.rows(), ["c.ics 404"]);
        let property = world.propfind(WORK, "0", "<D:sync-token/>").await;
        assert!(property.text().contains(&third.sync_token()), "{}", property.text());
    });
}

#[test]
fn limits_are_told_and_continued() {
    simulated(async |world| {
        for name in ["a", "b", "c", "d", "e"] {
            world.put(&format!("{name}.ics"), &event(name, "")).await;
        }
        let limit = "<D:limit><D:nresults>2</D:nresults></D:limit>";
        let (mut token, mut seen) = (String::new(), Vec::new());
        for _ in 0..5 {
            let page = sync(&world, &token, limit).await;
            let more = page.text().contains("number-of-matches-within-limits");
            seen.extend(page.rows().into_iter().filter(|row| row.ends_with(".ics")));
            token = page.sync_token();
            if !more {
                break;
            }
            assert!(page.rows().contains(&"work 507".to_owned()), "{:?}", page.rows());
        }
        assert_eq!(seen, ["a.ics", "b.ics", "c.ics", "d.ics", "e.ics"]);
        assert_eq!(sync(&world, &token, limit).await.rows(), Vec::<String>::new());
    });
}

#[test]
fn tokens_that_are_refused() {
    simulated(async |world| {
        let token = sync(&world, "", "").await.sync_token();
        let forged = format!("{token}x");
        let other = WORK.replace("work", "home");
        world.send("MKCALENDAR", &other, &[], "").await;
        let foreign = "<D:sync-token/><D:sync-level>1</D:sync-level><D:prop/>";
        let foreign = world.report(&other, "D:sync-collection", foreign).await.sync_token();
        for wrong in [forged.as_str(), "x", foreign.as_str()] {
            let answer = sync(&world, wrong, "").await;
            assert_eq!((answer.status, answer.condition().as_str()), (403, "valid-sync-token"));
        }
        world.server.expire_tokens();
        assert_eq!(sync(&world, &token, "").await.condition(), "valid-sync-token");
        world.send("DELETE", WORK, &[], "").await;
        let token = sync(&world, "", "").await;
        assert_eq!(token.status, 404);
        let infinite = "<D:sync-token/><D:sync-level>infinite</D:sync-level><D:prop/>";
        let answer = world.report(&other, "D:sync-collection", infinite).await;
        assert_eq!(answer.condition(), "sync-traversal-supported");
    });
}

#[test]
fn ids_that_drift_are_paths_that_change() {
    simulated(async |world| {
        seed(&world, 1, "");
        let before = sync(&world, "", "").await;
        assert_eq!(world.server.drift_ids(Drift::Announced, 1.0), 1);
        let after = sync(&world, &before.sync_token(), "").await;
        let rows = after.rows();
        assert_eq!(rows.len(), 2, "{rows:?}");
        assert!(rows.iter().any(|row| row.ends_with(" 404")));
        assert!(world.server.items()[0].id.starts_with("work/"));
        let lineage = calamity_evidence::Lineage::from_number(1);
        world.server.delete(Actor::User("u".to_owned()), &lineage).unwrap();
        assert_eq!(world.server.items(), vec![]);
    });
}
