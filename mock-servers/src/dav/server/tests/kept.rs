//! What is kept of a multistatus makes no difference but in time.

use super::rig::{WORK, World, event, rule, simulated};
use crate::faults::{Effect, Site};
use crate::users::Drift;

const USUAL: &str = "<D:getetag/><D:getcontenttype/><D:nothing/>";

async fn listed(world: &World, props: &str) -> String {
    let answer = world.propfind(WORK, "1", props).await;
    assert_eq!(answer.status, 207);
    answer.text()
}

#[test]
fn a_listing_tells_of_objects_as_they_are_now() {
    simulated(async |world| {
        for name in ["a", "b"] {
            assert_eq!(world.put(&format!("{name}.ics"), &event(name, "")).await.status, 201);
        }
        let first = listed(&world, "<D:getetag/><D:getcontenttype/>").await;
        assert_eq!(first, listed(&world, "<D:getetag/><D:getcontenttype/>").await);
        let other = listed(&world, "<D:getcontenttype/><D:getetag/>").await;
        assert_ne!(first, other, "properties stand in the order of the request");
        let get = |answer: &super::rig::Answer| answer.header("etag").to_owned();
        let old = get(&world.send("GET", &format!("{WORK}a.ics"), &[], "").await);
        assert!(first.contains(&old.replace('"', "&quot;")) || first.contains(&old));
        assert_eq!(world.put("a.ics", &event("a", "LOCATION:x\r\n")).await.status, 204);
        let new = get(&world.send("GET", &format!("{WORK}a.ics"), &[], "").await);
        let after = listed(&world, "<D:getetag/><D:getcontenttype/>").await;
        assert!(after.contains(&new) && !after.contains(&old), "{after}");
    });
}

#[test]
fn what_follows_from_more_than_the_object_is_never_kept() {
    simulated(async |world| {
        assert_eq!(world.put("a.ics", &event("a", "")).await.status, 201);
        let props = "<D:getetag/><D:lockdiscovery/>";
        assert!(!listed(&world, props).await.contains("activelock"));
        let body = "<lockinfo xmlns=\"DAV:\"><lockscope><exclusive/></lockscope><locktype><write/>\
                    </locktype></lockinfo>";
        assert_eq!(world.send("LOCK", &format!("{WORK}a.ics"), &[], body).await.status, 200);
        assert!(listed(&world, props).await.contains("activelock"));
    });
}

#[test]
fn a_property_that_is_set_shows_in_the_next_listing() {
    simulated(async |world| {
        assert_eq!(world.put("a.ics", &event("a", "")).await.status, 201);
        let before = listed(&world, "<D:displayname/>").await;
        assert_eq!(before, listed(&world, "<D:displayname/>").await);
        let set = "<propertyupdate xmlns=\"DAV:\"><set><prop><displayname>Anna</displayname></prop>\
                   </set></propertyupdate>";
        assert_eq!(world.send("PROPPATCH", &format!("{WORK}a.ics"), &[], set).await.status, 207);
        assert!(listed(&world, "<D:displayname/>").await.contains("Anna"));
        assert!(listed(&world, USUAL).await.contains("nothing"));
    });
}

async fn starting_at(world: &World, hour: &str) -> Vec<String> {
    let query = format!(
        "<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter \
         name=\"VEVENT\"><C:time-range start=\"20260504T{hour}0000Z\" \
         end=\"20260504T{hour}3000Z\"/></C:comp-filter></C:comp-filter></C:filter>"
    );
    world.report(WORK, "C:calendar-query", &query).await.rows()
}

#[test]
fn a_query_finds_what_fits_it_now() {
    simulated(async |world| {
        assert_eq!(world.put("a.ics", &event("a", "")).await.status, 201);
        let floating = event("f", "")
            .replace("00Z\r\nDTEND", "00\r\nDTEND")
            .replace("T100000Z\r\n", "T100000\r\n");
        assert_eq!(world.put("f.ics", &floating).await.status, 201);
        for _ in 0..2 {
            assert_eq!(starting_at(&world, "09").await, ["a.ics", "f.ics"]);
            assert_eq!(starting_at(&world, "07").await, [""; 0]);
        }
        // The time of the floating event is that of the calendar's zone from now on.
        let zone = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//t//EN\nBEGIN:VTIMEZONE\n\
                    TZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
                    TZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n\
                    END:VCALENDAR\n";
        let set = format!(
            "<propertyupdate xmlns=\"DAV:\"><set><prop><calendar-timezone \
             xmlns=\"urn:ietf:params:xml:ns:caldav\">{zone}</calendar-timezone></prop></set>\
             </propertyupdate>"
        );
        assert_eq!(world.send("PROPPATCH", WORK, &[], &set).await.status, 207);
        assert_eq!(starting_at(&world, "09").await, ["a.ics"]);
        assert_eq!(starting_at(&world, "07").await, ["f.ics"]);
        let later = event("a", "").replace("20260504T09", "20260504T07");
        assert_eq!(world.put("a.ics", &later).await.status, 204);
        assert_eq!(starting_at(&world, "07").await, ["a.ics", "f.ics"]);
    });
}

#[test]
fn faults_are_asked_about_rows_that_are_kept() {
    simulated(async |world| {
        assert_eq!(world.put("a.ics", &event("a", "")).await.status, 201);
        assert!(listed(&world, USUAL).await.contains("a.ics"));
        world.server.arm(rule("omit", Site::Feed, "feed.query", Effect::Omit));
        assert!(!listed(&world, USUAL).await.contains("a.ics"));
        assert_eq!(world.server.fault_hits().len(), 1);
    });
}

#[test]
fn data_that_was_asked_for_in_part_is_not_answered_to_who_wants_it_whole() {
    simulated(async |world| {
        assert_eq!(
            world.put("a.ics", &event("a", "RRULE:FREQ=DAILY;COUNT=3\r\n")).await.status,
            201
        );
        let get = async |data: &str| {
            let inside = format!("<D:prop>{data}</D:prop><D:href>{WORK}a.ics</D:href>");
            world.report(WORK, "C:calendar-multiget", &inside).await.text()
        };
        let whole = get("<C:calendar-data/>").await;
        assert!(whole.contains("RRULE") && whole.contains("SUMMARY"));
        let part =
            get("<C:calendar-data><C:comp name=\"VCALENDAR\"><C:comp name=\"VEVENT\"><C:prop \
             name=\"UID\"/></C:comp></C:comp></C:calendar-data>")
            .await;
        assert!(!part.contains("SUMMARY"), "{part}");
        let days =
            get("<C:calendar-data><C:expand start=\"20260504T000000Z\" end=\"20260506T000000Z\"/>\
             </C:calendar-data>")
            .await;
        assert!(!days.contains("RRULE") && days.contains("RECURRENCE-ID"), "{days}");
        assert_eq!(get("<C:calendar-data/>").await, whole);
    });
}

#[test]
fn a_listing_is_as_long_as_the_collection_is_now() {
    simulated(async |world| {
        let query = async || {
            let filter = "<D:prop><D:getetag/></D:prop><C:filter><C:comp-filter \
                          name=\"VCALENDAR\"/></C:filter>";
            world.report(WORK, "C:calendar-query", filter).await.rows()
        };
        let both = async || {
            let listed = world.propfind(WORK, "1", "<D:getetag/>").await.rows();
            let again = world.propfind(WORK, "1", "<D:getetag/>").await.rows();
            assert_eq!(listed, again);
            let (collection, objects): (Vec<_>, Vec<_>) =
                listed.into_iter().partition(|name| name == "work");
            assert_eq!((collection.len(), &objects), (1, &query().await));
            assert_eq!(query().await, query().await);
            objects.len()
        };
        assert_eq!(both().await, 0);
        for name in ["a", "b", "c"] {
            assert_eq!(world.put(&format!("{name}.ics"), &event(name, "")).await.status, 201);
        }
        assert_eq!(both().await, 3);
        assert_eq!(world.propfind(WORK, "0", "<D:getetag/>").await.rows().len(), 1);
        assert_eq!(world.send("DELETE", &format!("{WORK}b.ics"), &[], "").await.status, 204);
        assert_eq!(both().await, 2);
        let lost = world.server.lose(0.5);
        assert_eq!((lost, both().await), (1, 1));
        assert_eq!((world.server.recover(), both().await), (1, 2));
        let before = query().await;
        world.server.drift_ids(Drift::Silent, 1.0);
        assert_eq!(both().await, 2);
        assert_ne!(query().await, before);
    });
}

#[test]
fn a_listing_says_what_the_collection_is_called_now() {
    simulated(async |world| {
        let props = "<D:displayname/>";
        assert!(!listed(&world, props).await.contains("Elsewhere"));
        let set = "<propertyupdate xmlns=\"DAV:\"><set><prop><displayname>Elsewhere</displayname>\
                   </prop></set></propertyupdate>";
        assert_eq!(world.send("PROPPATCH", WORK, &[], set).await.status, 207);
        assert!(listed(&world, props).await.contains("Elsewhere"));
        // Less may be said of each, and how deep a request goes counts.
        let body = format!("<D:propfind xmlns:D=\"DAV:\"><D:prop>{USUAL}</D:prop></D:propfind>");
        let full = listed(&world, USUAL).await;
        let prefer = [("depth", "1"), ("prefer", "return=minimal")];
        let few = world.send("PROPFIND", WORK, &prefer, &body).await.text();
        assert!(full.contains("nothing") && !few.contains("nothing"));
        assert_eq!(full, listed(&world, USUAL).await);
    });
}
