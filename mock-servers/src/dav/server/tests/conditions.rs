//! Requests that depend on what is there, and answers that say what it is.

use std::time::Duration;

use super::rig::{WORK, event, simulated, simulated_as};

const LONG_AGO: &str = "Sun, 22 Nov 2020 10:00:00 GMT";

#[test]
fn dates_are_conditions_where_no_tag_is_given() {
    simulated(async |world| {
        let tag = world.put("a.ics", &event("a", "")).await.header("etag").to_owned();
        let path = format!("{WORK}a.ics");
        let status = async |method: &str, headers: &[(&str, &str)]| {
            world.send(method, &path, headers, "").await.status
        };
        let read = world.send("GET", &path, &[], "").await;
        let since = read.header("last-modified").to_owned();
        assert_eq!(status("GET", &[("if-modified-since", &since)]).await, 304);
        assert_eq!(status("GET", &[("if-modified-since", LONG_AGO)]).await, 200);
        assert_eq!(status("GET", &[("if-modified-since", "no date")]).await, 200);
        let both = [("if-modified-since", since.as_str()), ("if-none-match", "\"other\"")];
        assert_eq!(status("GET", &both).await, 200, "the tag goes before");
        assert_eq!(status("GET", &[("if-match", "\"other\"")]).await, 412);
        assert_eq!(status("GET", &[("if-match", &tag)]).await, 200);
        assert_eq!(status("GET", &[("if-unmodified-since", LONG_AGO)]).await, 412);
        assert_eq!(status("DELETE", &[("if-unmodified-since", LONG_AGO)]).await, 412);
        world.env.clock.sleep(Duration::from_secs(2)).await;
        let both = [("if-unmodified-since", LONG_AGO), ("if-match", tag.as_str())];
        assert_eq!(status("DELETE", &both).await, 204, "the tag goes before");
        world.put("a.ics", &event("a", "")).await;
        assert_eq!(status("DELETE", &[("if-unmodified-since", &since)]).await, 412);
        for old in ["Sunday, 22-Nov-20 10:00:00 GMT", "Sun Nov 22 10:00:00 2020"] {
            assert_eq!(status("DELETE", &[("if-unmodified-since", old)]).await, 412, "{old}");
        }
        let now = world.send("GET", &path, &[], "").await.header("last-modified").to_owned();
        assert_eq!(status("DELETE", &[("if-unmodified-since", &now)]).await, 204);
    });
    simulated_as("radicale", async |world| {
        world.put("a.ics", &event("a", "")).await;
        let old = [("if-unmodified-since", LONG_AGO)];
        assert_eq!(world.send("DELETE", &format!("{WORK}a.ics"), &old, "").await.status, 204);
    });
}

#[test]
fn values_that_contradict_each_other_are_stored_where_nobody_looks() {
    let backwards = event("a", "").replace("DTSTART:2", "DTSTART:3");
    for (profile, status) in
        [("strict", 403), ("nextcloud", 201), ("radicale", 201), ("xandikos", 201)]
    {
        simulated_as(profile, async |world| {
            let put = world.put("a.ics", &backwards).await;
            assert_eq!(put.status, status, "{profile}: {}", put.text());
        });
    }
}

#[test]
fn a_property_makes_a_resource_no_newer() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "")).await;
        let path = format!("{WORK}a.ics");
        let read = async || {
            let read = world.send("GET", &path, &[], "").await;
            ["last-modified", "etag"].map(|name| read.header(name).to_owned())
        };
        let before = read().await;
        world.env.clock.sleep(Duration::from_secs(5)).await;
        let body = "<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop><x xmlns=\"urn:x\">1</x></D:prop>\
                    </D:set></D:propertyupdate>";
        assert_eq!(world.send("PROPPATCH", &path, &[], body).await.status, 207);
        assert_eq!(read().await, before);
        world.put("a.ics", &event("a", "LOCATION:x")).await;
        assert_ne!(read().await[0], before[0]);
    });
}

#[test]
fn a_part_of_a_resource_or_a_packed_one_is_not_stored_as_the_whole() {
    simulated(async |world| {
        let path = format!("{WORK}a.ics");
        let put = async |name: &str, value: &str| {
            world.send("PUT", &path, &[(name, value)], &event("a", "")).await
        };
        assert_eq!(put("content-range", "bytes 0-9/20").await.status, 400);
        let packed = put("content-encoding", "gzip").await;
        assert_eq!((packed.status, packed.header("accept-encoding")), (415, "identity"));
        assert_eq!(world.server.items(), vec![]);
        assert_eq!(put("content-encoding", "identity").await.status, 201);
    });
}

#[test]
fn each_property_is_told_once_and_what_was_found_comes_first() {
    simulated(async |world| {
        let body = "<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop><D:displayname>X</D:displayname>\
                    </D:prop></D:set></D:propertyupdate>";
        assert_eq!(world.send("PROPPATCH", WORK, &[], body).await.status, 207);
        let all = world.send("PROPFIND", WORK, &[("depth", "0")], "").await;
        assert_eq!(all.text().matches("<D:displayname>").count(), 1, "{}", all.text());
        let mixed = world.propfind(WORK, "0", "<D:nothing/><D:displayname/>").await.text();
        assert!(mixed.find(" 200 ").unwrap() < mixed.find(" 404 ").unwrap(), "{mixed}");
    });
}

#[test]
fn a_collection_named_without_its_slash_is_told_by_its_name() {
    simulated(async |world| {
        let bare = WORK.trim_end_matches('/');
        let found = world.send("PROPFIND", bare, &[("depth", "0")], "").await;
        assert_eq!((found.status, found.header("content-location")), (207, WORK));
        let found = world.send("PROPFIND", WORK, &[("depth", "0")], "").await;
        assert_eq!(found.header("content-location"), "");
    });
}

#[test]
fn nextcloud_words_its_errors_and_tells_its_classes() {
    simulated_as("nextcloud", async |world| {
        let missing = world.send("GET", &format!("{WORK}no.ics"), &[], "").await;
        assert_eq!(missing.status, 404);
        let text = missing.text();
        assert!(text.contains("Sabre\\DAV\\Exception\\NotFound</"), "{text}");
        world.put("a.ics", &event("a", "")).await;
        let twice = world.put("b.ics", &event("a", "")).await;
        assert_eq!(twice.condition(), "no-uid-conflict");
        assert!(twice.text().contains("Exception\\Forbidden"), "{}", twice.text());
        let found = world.send("PROPFIND", WORK, &[("depth", "0")], "").await;
        assert!(found.header("dav").contains("calendar-access"));
        let options = world.send("OPTIONS", WORK, &[], "").await;
        assert_eq!(options.header("ms-author-via"), "DAV");
    });
    simulated(async |world| {
        let missing = world.send("GET", &format!("{WORK}no.ics"), &[], "").await;
        assert_eq!((missing.status, missing.text().as_str()), (404, ""));
    });
}
