//! Bodies of the shape that Apple's Calendar and Contacts send, as recorded in the load simulator of
//! Apple's calendar server (`contrib/performance/loadtest/request-data`). Written anew.

use super::{name, tree};
use crate::dav::calendar::filter::CompTest;
use crate::dav::card::filter::{MatchType, PropCondition, Test};
use crate::dav::xml::names::{apple_ical, caldav, calendar_server, carddav, dav};
use crate::dav::xml::request::{
    Instruction, Mkcalendar, Properties, PropertyUpdate, Propfind, Report,
};

/// Reads a REPORT.
#[track_caller]
fn report(body: &str) -> Report {
    Report::read(&tree(body)).unwrap()
}

#[test]
fn calendar_finds_out_who_it_is() {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<A:propfind xmlns:A=\"DAV:\">\n  <A:prop>\n    \
                <A:current-user-principal/>\n    <A:principal-URL/>\n    <A:resourcetype/>\n  </A:prop>\n\
                </A:propfind>\n";
    let listed = vec![dav::CURRENT_USER_PRINCIPAL, dav::PRINCIPAL_URL, dav::RESOURCETYPE];
    assert_eq!(Propfind::read(&tree(body)).unwrap().properties, Properties::Listed(listed));
}

#[test]
fn calendar_lists_a_home_with_a_namespace_on_each_property() {
    let body = "<A:propfind xmlns:A=\"DAV:\"><A:prop><A:add-member/>\
                <D:autoprovisioned xmlns:D=\"http://apple.com/ns/ical/\"/>\
                <E:bulk-requests xmlns:E=\"http://me.com/_namespace/\"/>\
                <D:calendar-color xmlns:D=\"http://apple.com/ns/ical/\"/>\
                <C:getctag xmlns:C=\"http://calendarserver.org/ns/\"/>\
                <B:supported-calendar-component-sets xmlns:B=\"urn:ietf:params:xml:ns:caldav\"/>\
                <A:quota-used-bytes/><A:sync-token/></A:prop></A:propfind>";
    let listed = vec![
        name("DAV:", "add-member"),
        name("http://apple.com/ns/ical/", "autoprovisioned"),
        name("http://me.com/_namespace/", "bulk-requests"),
        apple_ical::CALENDAR_COLOR,
        calendar_server::GETCTAG,
        caldav::SUPPORTED_CALENDAR_COMPONENT_SETS,
        name("DAV:", "quota-used-bytes"),
        dav::SYNC_TOKEN,
    ];
    assert_eq!(Propfind::read(&tree(body)).unwrap().properties, Properties::Listed(listed));
}

#[test]
fn calendar_makes_a_calendar_with_a_colour_an_order_and_a_zone() {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                <B:mkcalendar xmlns:B=\"urn:ietf:params:xml:ns:caldav\">\n  <A:set xmlns:A=\"DAV:\">\n    \
                <A:prop>\n      <D:calendar-order xmlns:D=\"http://apple.com/ns/ical/\">2</D:calendar-order>\n\
                <B:supported-calendar-component-set>\n<B:comp name=\"VEVENT\"/>\n\
                </B:supported-calendar-component-set>\n<D:calendar-color \
                xmlns:D=\"http://apple.com/ns/ical/\" symbolic-color=\"custom\">#0E61B9FF</D:calendar-color>\n\
                <B:calendar-timezone>BEGIN:VCALENDAR&#13;\nBEGIN:VTIMEZONE&#13;\nEND:VTIMEZONE&#13;\n\
                END:VCALENDAR&#13;\n</B:calendar-timezone>\n<A:displayname>New</A:displayname>\n\
                </A:prop></A:set></B:mkcalendar>";
    let set = Mkcalendar::read(&tree(body)).unwrap().set;
    let names: Vec<_> = set.iter().map(|property| property.name.clone()).collect();
    let expected = [
        apple_ical::CALENDAR_ORDER,
        caldav::SUPPORTED_CALENDAR_COMPONENT_SET,
        apple_ical::CALENDAR_COLOR,
        caldav::CALENDAR_TIMEZONE,
        dav::DISPLAYNAME,
    ];
    assert_eq!(names, expected);
    assert_eq!(set[2].attribute("symbolic-color"), Some("custom"));
    assert!(set[3].text().starts_with("BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\n"));
}

#[test]
fn calendar_changes_a_property_in_one_line() {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<A:propertyupdate xmlns:A=\"DAV:\"><A:set>\
                <A:prop><B:schedule-calendar-transp xmlns:B=\"urn:ietf:params:xml:ns:caldav\">\
                <B:transparent/></B:schedule-calendar-transp></A:prop></A:set></A:propertyupdate>\n";
    let update = PropertyUpdate::read(&tree(body)).unwrap();
    let [Instruction::Set(property)] = update.instructions.as_slice() else { panic!("{update:?}") };
    assert_eq!(property.name, caldav::SCHEDULE_CALENDAR_TRANSP);
    assert!(property.first(&caldav::TRANSPARENT).is_some());
}

#[test]
fn calendar_syncs_with_and_without_a_level() {
    for level in ["<A:sync-level>1</A:sync-level>", ""] {
        let body = format!(
            "<A:sync-collection xmlns:A=\"DAV:\">\n  <A:sync-token>data:,1_1</A:sync-token>\n  {level}\n  \
             <A:prop>\n    <A:getetag/>\n    <A:getcontenttype/>\n  </A:prop>\n</A:sync-collection>"
        );
        let Report::SyncCollection(sync) = report(&body) else { panic!("no sync") };
        assert_eq!(sync.token.as_deref(), Some("data:,1_1"));
        assert_eq!(sync.level.is_some(), !level.is_empty());
    }
}

#[test]
fn calendar_asks_for_a_range_that_is_open() {
    let body = "<G:calendar-query xmlns:G=\"urn:ietf:params:xml:ns:caldav\"><A:prop xmlns:A=\"DAV:\">\
                <A:getetag/><A:getcontenttype/></A:prop><G:filter><G:comp-filter name=\"VCALENDAR\">\
                <G:comp-filter name=\"VEVENT\"><G:time-range start=\"20260630T000000Z\"/></G:comp-filter>\
                </G:comp-filter></G:filter></G:calendar-query>";
    let Report::CalendarQuery(query) = report(body) else { panic!("no query") };
    assert_eq!(query.filter.check(), Ok(()));
    let CompTest::Defined { comps, .. } = query.filter.test else { panic!("no test") };
    let CompTest::Defined { time_range: Some(range), .. } = comps[0].test else {
        panic!("no range")
    };
    let window = range.window();
    assert!(window.start > 0 && window.end == i64::MAX);
}

#[test]
fn calendar_gets_many_with_their_schedule_tags() {
    let body = "<C:calendar-multiget xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\n  <A:prop xmlns:A=\"DAV:\">\n\
                <A:getetag/>\n<C:calendar-data/>\n<C:schedule-tag/>\n</A:prop>\n\
                <A:href xmlns:A=\"DAV:\">/calendars/__uids__/A/B/1.ics</A:href>\
                <A:href xmlns:A=\"DAV:\">/calendars/__uids__/A/B/2%20x.ics</A:href>\n\
                </C:calendar-multiget>";
    let Report::CalendarMultiget(multiget) = report(body) else { panic!("no multiget") };
    assert_eq!(
        multiget.hrefs,
        ["/calendars/__uids__/A/B/1.ics", "/calendars/__uids__/A/B/2%20x.ics"]
    );
    let listed = vec![dav::GETETAG, caldav::CALENDAR_DATA, caldav::SCHEDULE_TAG];
    assert_eq!(multiget.asked.properties, Properties::Listed(listed));
}

#[test]
fn calendar_looks_up_its_delegates() {
    let body = "<A:expand-property xmlns:A=\"DAV:\">\n\
                <A:property name=\"calendar-proxy-write-for\" namespace=\"http://calendarserver.org/ns/\">\n\
                <A:property name=\"calendar-user-address-set\" namespace=\"urn:ietf:params:xml:ns:caldav\"/>\n\
                <A:property name=\"displayname\" namespace=\"DAV:\"/>\n</A:property>\n</A:expand-property>";
    let Report::ExpandProperty(expand) = report(body) else { panic!("no expansion") };
    assert_eq!(
        expand.properties[0].name,
        name("http://calendarserver.org/ns/", "calendar-proxy-write-for")
    );
    assert_eq!(expand.properties[0].inside[0].name, caldav::CALENDAR_USER_ADDRESS_SET);
}

#[test]
fn calendar_searches_for_people_by_the_beginnings_of_words() {
    let body = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<x0:principal-property-search \
                xmlns:x2=\"urn:ietf:params:xml:ns:caldav\" xmlns:x0=\"DAV:\" \
                xmlns:x1=\"http://calendarserver.org/ns/\" test=\"anyof\"><x0:property-search><x0:prop>\
                <x0:displayname/></x0:prop><x0:match match-type=\"starts-with\">jo</x0:match>\
                </x0:property-search><x0:property-search><x0:prop><x1:email-address-set/></x0:prop>\
                <x0:match match-type=\"starts-with\">jo</x0:match></x0:property-search><x0:prop>\
                <x2:calendar-user-type/></x0:prop></x0:principal-property-search>";
    let Report::PrincipalPropertySearch(search) = report(body) else { panic!("no search") };
    assert_eq!(search.test, Test::AnyOf);
    assert_eq!(search.searches.len(), 2);
    assert_eq!(search.searches[1].properties, [calendar_server::EMAIL_ADDRESS_SET]);
    assert_eq!(search.searches[0].match_type, MatchType::StartsWith);
    let set = report("<A:principal-search-property-set xmlns:A=\"DAV:\"/>\n");
    assert!(matches!(set, Report::PrincipalSearchPropertySet(_)));
}

#[test]
fn contacts_searches_and_gets_cards() {
    let body = "<B:addressbook-query xmlns:B=\"urn:ietf:params:xml:ns:carddav\"><A:prop xmlns:A=\"DAV:\">\
                <A:getetag/><B:address-data/></A:prop><B:filter test=\"anyof\"><B:prop-filter name=\"FN\">\
                <B:text-match collation=\"i;unicode-casemap\" match-type=\"contains\">jo</B:text-match>\
                </B:prop-filter></B:filter><B:limit><B:nresults>50</B:nresults></B:limit>\
                </B:addressbook-query>";
    let Report::AddressbookQuery(query) = report(body) else { panic!("no query") };
    assert_eq!(query.limit, Some(50));
    let PropCondition::Meets { texts, .. } = &query.filter.properties[0].condition else {
        panic!("no test")
    };
    assert_eq!(texts[0].text, "jo");
    let body = "<B:addressbook-multiget xmlns:B=\"urn:ietf:params:xml:ns:carddav\"><A:prop \
                xmlns:A=\"DAV:\"><A:getetag/><B:address-data/></A:prop><A:href \
                xmlns:A=\"DAV:\">/cards/1.vcf</A:href></B:addressbook-multiget>";
    let Report::AddressbookMultiget(multiget) = report(body) else { panic!("no multiget") };
    let listed = vec![dav::GETETAG, carddav::ADDRESS_DATA];
    assert_eq!(multiget.asked.properties, Properties::Listed(listed));
}
