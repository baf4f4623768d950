//! calendar-query, calendar-multiget, free-busy-query, expand-property and reports about principals.

use super::rig::{GUEST, OWNER, WORK, event, simulated, simulated_as};
use crate::dav::xml::names::caldav;

const DATA: &str = "<D:prop><D:getetag/><C:calendar-data/></D:prop>";

fn filter(inside: &str) -> String {
    format!(
        "{DATA}<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\">{inside}\
         </C:comp-filter></C:comp-filter></C:filter>"
    )
}

#[test]
fn queries_filter_expand_and_select() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "RRULE:FREQ=DAILY;COUNT=10")).await;
        world.put("b.ics", &event("b", "LOCATION:Here")).await;
        let range = "<C:time-range start=\"20260506T000000Z\" end=\"20260507T000000Z\"/>";
        let found = world.report(WORK, "C:calendar-query", &filter(range)).await;
        assert_eq!(found.rows(), ["a.ics"]);
        assert!(found.text().contains("RRULE:FREQ=DAILY;COUNT=10"));
        let here =
            "<C:prop-filter name=\"LOCATION\"><C:text-match>here</C:text-match></C:prop-filter>";
        let found = world.report(WORK, "C:calendar-query", &filter(here)).await;
        assert_eq!(found.rows(), ["b.ics"]);
        let expand = filter(range).replace(
            "<C:calendar-data/>",
            "<C:calendar-data><C:expand start=\"20260506T000000Z\" end=\"20260508T000000Z\"/>\
             </C:calendar-data>",
        );
        let text = world.report(WORK, "C:calendar-query", &expand).await.text();
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 2, "{text}");
        assert!(!text.contains("RRULE"));
        let part = filter("").replace(
            "<C:calendar-data/>",
            "<C:calendar-data><C:comp name=\"VCALENDAR\"><C:comp name=\"VEVENT\">\
             <C:prop name=\"SUMMARY\"/></C:comp></C:comp></C:calendar-data>",
        );
        let text = world.report(WORK, "C:calendar-query", &part).await.text();
        assert!(text.contains("SUMMARY:Event a") && !text.contains("DTSTART"), "{text}");
        let bad = filter("").replace("name=\"VCALENDAR\"", "name=\"VEVENT\"");
        let bad = world.report(WORK, "C:calendar-query", &bad).await;
        assert_eq!((bad.status, bad.condition().as_str()), (403, "valid-filter"));
        let typed = DATA.replace("data/>", "data content-type=\"text/x\"/>");
        let typed = world.report(WORK, "C:calendar-query", &filter("").replace(DATA, &typed)).await;
        assert_eq!(typed.condition(), "supported-calendar-data");
    });
}

#[test]
fn each_href_of_a_multiget_has_its_own_answer() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "")).await;
        let other = WORK.replace(OWNER, GUEST);
        let hrefs = format!(
            "<D:href>{WORK}a.ics</D:href><D:href>{WORK}no.ics</D:href><D:href>{other}x.ics</D:href>\
             <D:href>%zz</D:href>"
        );
        let answer = world.report(WORK, "C:calendar-multiget", &format!("{DATA}{hrefs}")).await;
        assert_eq!(answer.rows(), ["%zz 400", "a.ics", "no.ics 404", "x.ics 403"]);
        let data = answer.property(&caldav::CALENDAR_DATA).unwrap().text();
        assert_eq!(data, event("a", ""));
    });
}

#[test]
fn busy_time_is_told_without_events() {
    simulated(async |world| {
        world.put("a.ics", &event("a", "")).await;
        world
            .put(
                "b.ics",
                &event("b", "TRANSP:TRANSPARENT\nDURATION:PT9H")
                    .replace("DTEND:20260504T100000Z\r\n", ""),
            )
            .await;
        let range = "<C:time-range start=\"20260504T000000Z\" end=\"20260505T000000Z\"/>";
        let answer = world.report(WORK, "C:free-busy-query", range).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (200, "text/calendar; charset=utf-8")
        );
        assert!(answer.text().contains("FREEBUSY:20260504T090000Z/PT1H\r\n"), "{}", answer.text());
        let outbox = format!("/dav/calendars/{GUEST}/outbox/");
        let request = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nMETHOD:REQUEST\r\nBEGIN:VFREEBUSY\r\n\
             UID:1\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20260504T000000Z\r\n\
             DTEND:20260505T000000Z\r\nORGANIZER:mailto:{GUEST}\r\nATTENDEE:mailto:{OWNER}\r\n\
             ATTENDEE:mailto:x@elsewhere.test\r\nEND:VFREEBUSY\r\nEND:VCALENDAR\r\n"
        );
        let typed = [("content-type", "text/calendar")];
        let answer = world.as_guest().send("POST", &outbox, &typed, &request).await;
        let text = answer.text();
        assert_eq!(answer.status, 200, "{text}");
        assert!(text.contains("2.0;Success") && text.contains("3.7;Invalid calendar user"));
        assert!(text.contains("FREEBUSY:20260504T090000Z/PT1H"), "{text}");
        let wrong = request.replace(&format!("ORGANIZER:mailto:{GUEST}"), "ORGANIZER:mailto:x@y.z");
        let wrong = world.as_guest().send("POST", &outbox, &typed, &wrong).await;
        assert_eq!(wrong.condition(), "valid-organizer");
        let (start, end) = (request.find("BEGIN:VF").unwrap(), request.find("END:VCAL").unwrap());
        let twice = format!("{}{}", &request[..end], &request[start..]);
        let twice = world.as_guest().send("POST", &outbox, &typed, &twice).await;
        assert_eq!(twice.condition(), "valid-scheduling-message");
    });
}

#[test]
fn principals_are_found_and_expanded() {
    simulated(async |world| {
        let inside = "<D:property-search><D:prop><D:displayname/></D:prop><D:match>guest</D:match>\
                      </D:property-search><D:prop><D:displayname/></D:prop>";
        let found =
            world.report_at("0", "/dav/principals/", "D:principal-property-search", inside).await;
        assert_eq!(found.rows(), [GUEST]);
        let own = "<D:self/><D:prop><D:displayname/></D:prop>";
        let found = world.report_at("0", "/dav/principals/", "D:principal-match", own).await;
        assert_eq!(found.rows(), [OWNER]);
        let set =
            world.report_at("0", "/dav/principals/", "D:principal-search-property-set", "").await;
        assert!(set.text().contains("calendar-user-address-set"), "{}", set.text());
        for name in ["principal-property-search", "principal-match"] {
            let (inside, name) =
                (if name.ends_with("match") { own } else { inside }, format!("D:{name}"));
            let deep = world.report("/dav/principals/", &name, inside).await;
            assert_eq!(deep.status, 400, "{name} is defined with Depth: 0 alone");
        }
        let inside = "<D:property name=\"owner\"><D:property name=\"displayname\"/></D:property>";
        let expanded = world.report(WORK, "D:expand-property", inside).await;
        assert!(expanded.text().contains(&format!("displayname>{OWNER}<")), "{}", expanded.text());
        let unknown = world.report(WORK, "D:version-tree", "").await;
        assert_eq!((unknown.status, unknown.condition().as_str()), (403, "supported-report"));
    });
}

#[test]
fn servers_differ_in_what_they_have() {
    let expand = "<D:property name=\"owner\"/>";
    let search =
        "<D:property-search><D:prop><D:displayname/></D:prop><D:match/></D:property-search>";
    simulated_as("radicale", async |world| {
        let nothing = world.report(WORK, "D:expand-property", expand).await;
        assert_eq!(nothing.rows(), Vec::<String>::new());
        assert_eq!(world.send("COPY", &format!("{WORK}a.ics"), &[], "").await.status, 405);
    });
    simulated_as("xandikos", async |world| {
        assert_eq!(world.report(WORK, "D:expand-property", expand).await.rows(), ["work"]);
        let refused = world.report(WORK, "D:principal-property-search", search).await;
        assert_eq!((refused.status, refused.condition().as_str()), (403, "supported-report"));
        let other = WORK.replace("work", "home");
        assert_eq!(world.send("MKCALENDAR", &other, &[], "").await.status, 201);
    });
}
