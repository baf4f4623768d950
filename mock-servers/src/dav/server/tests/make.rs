//! MKCALENDAR and MKCOL.

use super::rig::{BOOK, WORK, simulated};
use crate::dav::xml::names::{caldav, carddav, dav};

const HEAD: &str = "xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\" \
                    xmlns:A=\"urn:ietf:params:xml:ns:carddav\"";

#[test]
fn collections_are_made_with_their_properties() {
    simulated(async |world| {
        let home = WORK.replace("work", "home");
        let body = format!(
            "<D:mkcol {HEAD}><D:set><D:prop><D:resourcetype><D:collection/><C:calendar/>\
             </D:resourcetype><D:displayname>Home</D:displayname></D:prop></D:set></D:mkcol>"
        );
        assert_eq!(world.send("MKCOL", &home, &[], &body).await.status, 201);
        let shown = world.propfind(&home, "0", "<D:resourcetype/><D:displayname/>").await;
        assert!(shown.property(&dav::RESOURCETYPE).unwrap().first(&caldav::CALENDAR).is_some());
        assert_eq!(shown.property(&dav::DISPLAYNAME).unwrap().text(), "Home");
        let book = world.propfind(BOOK, "0", "<D:resourcetype/>").await;
        let types = book.property(&dav::RESOURCETYPE).unwrap();
        assert!(types.first(&carddav::ADDRESSBOOK).is_some());
        let exists = world.send("MKCALENDAR", &home, &[], "").await;
        assert_eq!(exists.condition(), "resource-must-be-null");
        assert_eq!(world.send("MKCOL", BOOK, &[], "").await.status, 405);
        let inside = world.send("MKCALENDAR", &format!("{home}inner/"), &[], "").await;
        assert_eq!(inside.condition(), "calendar-collection-location-ok");
        let orphan = world.send("MKCOL", &WORK.replace("work", "none/inner"), &[], "").await;
        assert_eq!(orphan.status, 409);
    });
}

#[test]
fn nothing_is_made_when_one_property_cannot_be_set() {
    simulated(async |world| {
        let home = WORK.replace("work", "home");
        let body = format!(
            "<C:mkcalendar {HEAD}><D:set><D:prop><D:displayname>x</D:displayname>\
             <D:getetag>y</D:getetag></D:prop></D:set></C:mkcalendar>"
        );
        let answer = world.send("MKCALENDAR", &home, &[], &body).await;
        assert_eq!(answer.status, 403);
        assert!(answer.text().contains("424 Failed Dependency"), "{}", answer.text());
        let typed = format!(
            "<D:mkcol {HEAD}><D:set><D:prop><D:resourcetype><D:collection/><D:group/>\
             </D:resourcetype></D:prop></D:set></D:mkcol>"
        );
        let answer = world.send("MKCOL", &home, &[], &typed).await;
        assert!(answer.text().contains("valid-resourcetype"), "{}", answer.text());
        assert_eq!(world.server.calendars().len(), 1);
    });
}

#[test]
fn a_body_of_a_kind_that_is_not_known_makes_nothing() {
    simulated(async |world| {
        let home = WORK.replace("work", "home");
        for place in [&home, WORK] {
            let kind = [("content-type", "xzy-foo/bar-512")];
            assert_eq!(world.send("MKCOL", place, &kind, "afafafaf").await.status, 415);
        }
        assert_eq!(world.send("MKCOL", &home, &[("content-type", "text/x")], "").await.status, 201);
    });
}

#[test]
fn no_collection_has_a_slash_in_its_name() {
    simulated(async |world| {
        let home = WORK.replace("work", "a%2Fb");
        let refused = world.send("MKCALENDAR", &home, &[], "").await;
        assert_eq!(refused.condition(), "calendar-collection-location-ok");
    });
}
