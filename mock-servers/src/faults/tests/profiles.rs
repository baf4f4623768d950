//! Profiles as clients meet them: what is always armed, and traits that are no rules.

use std::collections::BTreeSet;
use std::time::Duration;

use super::rig::{ALL, World, with};
use crate::Protocol;

#[test]
fn a_hostile_server_breaks_what_it_may_and_still_works() {
    for protocol in ALL {
        with(protocol, "hostile", async |world| {
            let mut stored = 0;
            for nth in 0..90 {
                let made = world.try_create(&format!("e{nth}"), &[]).await;
                stored += usize::from(made.is_ok_and(|answer| !answer.is_refused()));
                if nth % 30 > 10 {
                    world.env.clock.sleep(Duration::from_millis(100)).await;
                }
            }
            assert_eq!(world.server.armed(), [], "nobody armed anything");
            let fired: BTreeSet<String> =
                world.server.fault_hits().into_iter().map(|hit| hit.rule).collect();
            for rule in ["unavailable", "slow", "lost-answer", "refused-item"] {
                assert!(fired.contains(&format!("hostile/{rule}")), "{protocol}: {fired:?}");
            }
            let landed = world.server.items().len();
            assert!(landed > stored && stored > 30, "{protocol}: {stored} told, {landed} landed");
            world.server.clear("hostile/unavailable");
            let hits = world.server.fault_hits().len();
            for _ in 0..40 {
                let _ = world.try_create("last", &[]).await;
            }
            assert!(world.server.fault_hits().len() > hits, "its rules cannot be taken away");
        });
    }
}

/// The first row of three, by a client that asks for one.
async fn one_of_three(world: &World) -> (Vec<String>, bool, String) {
    let token = world.token().await;
    world.fill(&["a", "b", "c"]).await;
    let body = format!(
        "<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>{token}</D:sync-token>\
         <D:sync-level>1</D:sync-level><D:limit><D:nresults>1</D:nresults></D:limit>\
         <D:prop><D:getetag/></D:prop></D:sync-collection>"
    );
    let path = world.calendar.clone();
    let page = world.page(&world.send("REPORT", &path, &[], &body).await);
    (page.rows, page.more, page.token)
}

#[test]
fn xandikos_cuts_a_feed_and_does_not_say_so() {
    with(Protocol::Dav, "strict", async |world| {
        let (rows, more, token) = one_of_three(&world).await;
        assert_eq!((rows.len(), more), (1, true));
        assert_eq!(world.changes(&token).await.rows.len(), 2);
    });
    // Its calendars are made by MKCOL.
    with(Protocol::Dav, "hostile", async |world| {
        let (rows, more, token) = one_of_three(&world).await;
        assert_eq!((rows.len(), more), (1, false));
        assert_eq!(world.changes(&token).await.rows, Vec::<String>::new(), "the others are lost");
    });
}

#[test]
fn nextcloud_limits_new_calendars() {
    with(Protocol::Dav, "nextcloud", async |world| {
        let mut statuses = Vec::new();
        for nth in 0..11 {
            let path = format!("/dav/calendars/owner@example.com/c{nth}/");
            statuses.push(world.send("MKCALENDAR", &path, &[], "").await.status);
        }
        assert_eq!(statuses[..9], [201; 9], "one was made before");
        assert_eq!(statuses[9..], [429; 2]);
        world.env.clock.sleep(Duration::from_secs(3_601)).await;
        let path = "/dav/calendars/owner@example.com/c10/";
        assert_eq!(world.send("MKCALENDAR", path, &[], "").await.status, 201);
    });
}
