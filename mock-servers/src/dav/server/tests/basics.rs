//! Discovery, login, OPTIONS, PROPFIND, PROPPATCH, GET, DELETE.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD as BASE64;

use super::rig::{BOOK, OWNER, WORK, event, simulated, simulated_as};
use crate::dav::xml::Name;
use crate::dav::xml::names::{caldav, calendar_server, carddav, dav};

#[test]
fn a_client_finds_its_way_from_the_well_known_path() {
    simulated(async |world| {
        for path in ["/.well-known/caldav", "/.well-known/carddav"] {
            let answer = world.send("PROPFIND", path, &[("authorization", "none")], "").await;
            assert_eq!((answer.status, answer.header("location")), (301, "/dav/"));
        }
        let own = world.propfind("/dav/", "0", "<D:current-user-principal/>").await;
        let principal = own.property(&dav::CURRENT_USER_PRINCIPAL).unwrap();
        let principal = principal.first(&dav::HREF).unwrap().text();
        assert_eq!(principal, format!("/dav/principals/{OWNER}/"));
        let props = "<C:calendar-home-set/><A:addressbook-home-set/><C:calendar-user-address-set/>\
                     <C:schedule-inbox-URL/><C:schedule-outbox-URL/><D:nothing/>";
        let homes = world.propfind(&principal, "0", props).await;
        let href = |name: &Name| homes.property(name).unwrap().first(&dav::HREF).unwrap().text();
        assert_eq!(href(&caldav::CALENDAR_HOME_SET), format!("/dav/calendars/{OWNER}/"));
        assert_eq!(href(&carddav::ADDRESSBOOK_HOME_SET), format!("/dav/addressbooks/{OWNER}/"));
        assert_eq!(href(&caldav::CALENDAR_USER_ADDRESS_SET), format!("mailto:{OWNER}"));
        assert_eq!(href(&caldav::SCHEDULE_OUTBOX_URL), format!("/dav/calendars/{OWNER}/outbox/"));
        assert!(homes.text().contains("404 Not Found"), "{}", homes.text());
        let list =
            world.propfind(&href(&caldav::CALENDAR_HOME_SET), "1", "<D:resourcetype/>").await;
        assert_eq!(list.rows(), ["inbox", "outbox", "owner@example.com", "work"]);
        let books =
            world.propfind(&href(&carddav::ADDRESSBOOK_HOME_SET), "1", "<D:resourcetype/>").await;
        assert_eq!(books.rows(), ["owner@example.com", "people"]);
    });
}

#[test]
fn only_users_get_in_and_only_to_what_is_theirs() {
    simulated(async |world| {
        let none = world.send("PROPFIND", WORK, &[("authorization", "Bearer no")], "").await;
        assert_eq!(none.status, 401);
        assert!(none.header("www-authenticate").starts_with("Basic realm="));
        let basic = format!("Basic {}", BASE64.encode(format!("{OWNER}:s3cret")));
        let headers = [("authorization", basic.as_str()), ("depth", "0")];
        assert_eq!(world.send("PROPFIND", WORK, &headers, "").await.status, 207);
        let other = world.as_guest();
        for path in [WORK, BOOK] {
            let denied = other.propfind(path, "0", "<D:displayname/>").await;
            assert_eq!((denied.status, denied.condition()), (403, "need-privileges".to_owned()));
        }
        let put = other.put("x.ics", &event("x", "")).await;
        assert_eq!(put.status, 403);
        let principal = format!("/dav/principals/{OWNER}/");
        let seen = other.propfind(&principal, "0", "<D:displayname/>").await;
        assert_eq!(seen.status, 207);
        let nobody = world.propfind("/dav/calendars/no@example.com/", "0", "<D:owner/>").await;
        assert_eq!(nobody.status, 404);
    });
}

#[test]
fn nothing_of_a_body_is_read_before_it_is_known_whose_it_is() {
    simulated(async |world| {
        let headers = [("authorization", "Bearer no"), ("content-type", "text/calendar")];
        let path = format!("{WORK}a.ics");
        assert_eq!(world.send("PUT", &path, &headers, &event("a", "")).await.status, 401);
        let query = "<C:calendar-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\"/>";
        assert_eq!(world.send("REPORT", WORK, &headers, query).await.status, 401);
        let operations: Vec<String> =
            world.server.requests(0).into_iter().flat_map(|request| request.operations).collect();
        assert_eq!(operations[2..], ["event.create", "other"]);
    });
}

#[test]
fn options_says_what_is_there() {
    simulated(async |world| {
        let answer = world.send("OPTIONS", WORK, &[], "").await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.header("dav"),
            "1, 2, 3, access-control, extended-mkcol, calendar-access, addressbook, \
             calendar-auto-schedule"
        );
        let allow = answer.header("allow").to_owned();
        assert!(allow.contains("REPORT") && allow.contains("MKCALENDAR"), "{allow}");
        let wrong = world.send("ACL", WORK, &[], "").await;
        assert_eq!((wrong.status, wrong.header("allow")), (405, allow.as_str()));
    });
    simulated_as("radicale", async |world| {
        let answer = world.send("OPTIONS", WORK, &[], "").await;
        assert!(!answer.header("dav").contains("calendar-auto-schedule"));
        let list = world.propfind(&format!("/dav/calendars/{OWNER}/"), "1", "<D:owner/>").await;
        assert_eq!(list.rows(), ["owner@example.com", "work"]);
    });
}

#[test]
fn propfind_has_a_depth_and_three_forms() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "")).await;
        let all = world.send("PROPFIND", WORK, &[("depth", "1")], "").await;
        assert_eq!(all.rows(), ["a.ics", "work"]);
        let deep = world.send("PROPFIND", WORK, &[], "").await;
        assert_eq!((deep.status, deep.condition()), (403, "propfind-finite-depth".to_owned()));
        let bad = world.send("PROPFIND", WORK, &[("depth", "2")], "").await;
        assert_eq!(bad.status, 400);
        let broken = world.send("PROPFIND", WORK, &[("depth", "0")], "<D:propfind").await;
        assert_eq!(broken.status, 400);
        let names = "<propfind xmlns=\"DAV:\"><propname/></propfind>";
        let names = world.send("PROPFIND", WORK, &[("depth", "0")], names).await;
        assert_eq!(names.property(&dav::SYNC_TOKEN).unwrap().children, vec![]);
        assert!(all.property(&dav::SYNC_TOKEN).is_none(), "allprop leaves it out");
        let props = "<D:resourcetype/><D:supported-report-set/><D:current-user-privilege-set/>\
                     <C:supported-calendar-component-set/><C:supported-calendar-data/>\
                     <S:getctag/><D:sync-token/><C:max-resource-size/><D:displayname/>";
        let rich = world.propfind(WORK, "0", props).await;
        let types = rich.property(&dav::RESOURCETYPE).unwrap();
        assert!(
            types.first(&caldav::CALENDAR).is_some() && types.first(&dav::COLLECTION).is_some()
        );
        assert!(!rich.text().contains("404"), "{}", rich.text());
        assert!(rich.text().contains("sync-collection"));
        let tag = |answer: &super::rig::Answer| {
            answer.property(&calendar_server::GETCTAG).unwrap().text()
        };
        world.put("b.ics", &event("b", "")).await;
        let later = world.propfind(WORK, "0", "<S:getctag/>").await;
        assert_ne!(tag(&rich), tag(&later));
    });
}

#[test]
fn what_is_not_there_is_left_out_for_who_prefers_it() {
    let body =
        "<D:propfind xmlns:D=\"DAV:\"><D:prop><D:resourcetype/><D:none/></D:prop></D:propfind>";
    let patch = "<D:propertyupdate xmlns:D=\"DAV:\"><D:set><D:prop><D:displayname>x</D:displayname>\
                 </D:prop></D:set></D:propertyupdate>";
    let prefer = ("prefer", "respond-async, return=\"minimal\"");
    for (profile, by_prefer, by_brief, vary) in [
        ("strict", true, false, "Prefer"),
        ("nextcloud", true, true, "Brief,Prefer"),
        ("radicale", false, false, ""),
    ] {
        simulated_as(profile, async |world| {
            for (header, minimal) in
                [(prefer, by_prefer), (("brief", "t"), by_brief), (("x-a", "b"), false)]
            {
                let headers = [("depth", "0"), header];
                let answer = world.send("PROPFIND", WORK, &headers, body).await;
                assert_eq!(answer.text().contains("404"), !minimal, "{profile} {header:?}");
                assert_eq!(answer.header("vary"), vary);
                let only = body.replace("<D:resourcetype/>", "");
                let answer = world.send("PROPFIND", WORK, &headers, &only).await;
                assert_eq!(answer.rows(), ["work"]);
                assert!(answer.text().contains("propstat"), "a response needs one");
                let patched = world.send("PROPPATCH", WORK, &[header], patch).await;
                assert_eq!(patched.status, if minimal { 204 } else { 207 });
            }
        });
    }
}

#[test]
fn how_deep_a_propfind_goes_without_a_limit() {
    let principal = format!("/dav/principals/{OWNER}/");
    for (profile, none, infinity) in [
        ("strict", None, None),
        ("nextcloud", Some(2), Some(2)),
        ("radicale", Some(1), Some(2)),
        ("xandikos", Some(2), Some(2)),
    ] {
        simulated_as(profile, async |world| {
            world.put("a.ics", &event("a", "")).await;
            for (headers, expect) in [(&[][..], none), (&[("depth", "infinity")][..], infinity)] {
                let answer = world.send("PROPFIND", &principal, headers, "").await;
                assert_eq!(answer.rows(), [OWNER], "{profile}: nothing is below a principal");
                let answer = world.send("PROPFIND", WORK, headers, "").await;
                match expect {
                    Some(rows) => assert_eq!(answer.rows().len(), rows, "{profile} {headers:?}"),
                    None => assert_eq!(answer.condition(), "propfind-finite-depth"),
                }
            }
        });
    }
    simulated_as("xandikos", async |world| {
        world.put("a.ics", &event("a", "")).await;
        let all = world.send("PROPFIND", "/dav/", &[("depth", "infinity")], "").await.rows();
        assert!(all.contains(&"a.ics".to_owned()) && all.contains(&"people".to_owned()), "{all:?}");
    });
}

#[test]
fn what_was_put_comes_back_byte_for_byte_until_it_is_deleted() {
    simulated(async |world| {
        let text =
            event("a", "X-ODD;Y=\"1\":kept\\, as it is\ncomment:second").replace("\r\n", "\n");
        let put = world.put("a.ics", &text).await;
        assert_eq!(put.status, 201);
        let tag = put.header("etag").to_owned();
        let path = format!("{WORK}a.ics");
        let got = world.send("GET", &path, &[], "").await;
        assert_eq!((got.status, got.text()), (200, text));
        assert_eq!(got.header("content-type"), "text/calendar; charset=utf-8");
        assert_eq!(got.header("etag"), tag);
        let known = world.send("GET", &path, &[("if-none-match", &tag)], "").await;
        assert_eq!(known.status, 304);
        assert_eq!(world.send("HEAD", &path, &[], "").await.status, 200);
        let stale = world.send("DELETE", &path, &[("if-match", "\"no\"")], "").await;
        assert_eq!(stale.status, 412);
        assert_eq!(world.send("DELETE", &path, &[("if-match", &tag)], "").await.status, 204);
        assert_eq!(world.send("GET", &path, &[], "").await.status, 404);
        assert_eq!(world.send("DELETE", &path, &[], "").await.status, 404);
    });
}

#[test]
fn a_collection_goes_with_all_that_is_in_it() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "")).await;
        assert_eq!(world.send("DELETE", WORK, &[], "").await.status, 204);
        assert_eq!(world.server.items(), vec![]);
        assert_eq!(world.put("b.ics", &event("b", "")).await.status, 409);
        let ops: Vec<_> = world.server.writes(0).iter().map(|write| write.op).collect();
        assert_eq!(ops.len(), 5, "{ops:?}");
    });
}

#[test]
fn proppatch_is_all_or_nothing() {
    simulated(async |world| {
        let patch = async |inside: &str| {
            let body = format!(
                "<D:propertyupdate xmlns:D=\"DAV:\" xmlns:X=\"urn:x\">{inside}</D:propertyupdate>"
            );
            world.send("PROPPATCH", WORK, &[], &body).await
        };
        let set = patch(
            "<D:set xml:lang=\"de\"><D:prop><X:note>a<X:b/>c</X:note>\
             <D:displayname>Arbeit</D:displayname></D:prop></D:set>",
        )
        .await;
        assert!(set.text().contains("200 OK"));
        let note = Name::new("urn:x", "note").unwrap();
        let ask = "<X:note xmlns:X=\"urn:x\"/><D:displayname/>";
        let shown = world.propfind(WORK, "0", ask).await;
        let kept = shown.property(&note).unwrap();
        assert_eq!((kept.language(), kept.children.len()), (Some("de"), 3));
        assert_eq!(shown.property(&dav::DISPLAYNAME).unwrap().text(), "Arbeit");
        assert_eq!(world.server.calendars(), [("work".to_owned(), "Arbeit".to_owned())]);
        let refused = patch(
            "<D:remove><D:prop><X:note/></D:prop></D:remove>\
             <D:set><D:prop><D:getetag>x</D:getetag></D:prop></D:set>",
        )
        .await;
        let text = refused.text();
        assert!(text.contains("424 Failed Dependency") && text.contains("403 Forbidden"), "{text}");
        assert!(text.contains("cannot-modify-protected-property"));
        assert!(world.propfind(WORK, "0", ask).await.property(&note).is_some());
        patch("<D:remove><D:prop><X:note/></D:prop></D:remove>").await;
        assert!(world.propfind(WORK, "0", ask).await.property(&note).is_none());
    });
}

#[test]
fn bodies_are_no_properties_and_what_is_kept_can_be_read_again() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "")).await;
        let path = format!("{WORK}a.ics");
        let patch = async |inside: &str| {
            let body = format!(
                "<D:propertyupdate xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\
                 <D:set><D:prop>{inside}</D:prop></D:set></D:propertyupdate>"
            );
            world.send("PROPPATCH", &path, &[], &body).await.text()
        };
        let refused = patch("<C:calendar-data>BEGIN:VCALENDAR</C:calendar-data>").await;
        assert!(refused.contains("cannot-modify-protected-property"), "{refused}");
        let spaces: String = (0..20).map(|nth| format!(" xmlns:n{nth}=\"urn:{nth}\"")).collect();
        let inner: String = (0..20).map(|nth| format!("<n{nth}:x/>")).collect();
        let many: String = (0..60).map(|nth| format!(" a{nth}=\"\"")).collect();
        let wide = format!("<w xmlns=\"urn:w\"{many}/>");
        let spaced = format!("<s xmlns=\"urn:s\"{spaces}>{inner}</s>");
        let said = patch(&format!("{wide}{spaced}")).await;
        assert!(said.contains("200 OK"), "{said}");
        let shown = world.propfind(&path, "0", "<w xmlns=\"urn:w\"/><s xmlns=\"urn:s\"/>").await;
        for name in [Name::new("urn:w", "w"), Name::new("urn:s", "s")] {
            assert!(shown.property(&name.unwrap()).is_some(), "{}", shown.text());
        }
    });
}
