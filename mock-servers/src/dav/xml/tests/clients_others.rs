//! Bodies of the shape that vdirsyncer 0.21, python caldav 3, DAVx5 (dav4jvm), Thunderbird and
//! Evolution send, from their sources. Written anew.

use super::tree;
use crate::dav::calendar::filter::{Collation, CompTest, Condition, PropTest, ValueTest};
use crate::dav::card::filter::{Filter, Test};
use crate::dav::xml::names::{apple_ical, caldav, carddav, dav};
use crate::dav::xml::request::{
    CardProperties, Expansion, Instruction, Mkcol, Properties, PropertyUpdate, Propfind, Report,
};

/// Reads a REPORT.
#[track_caller]
fn report(body: &str) -> Report {
    Report::read(&tree(body)).unwrap()
}

fn listed(body: &str) -> Properties {
    Propfind::read(&tree(body)).unwrap().properties
}

#[test]
fn vdirsyncer_discovers_with_white_space_and_no_declaration() {
    let body = "\n        <propfind xmlns=\"DAV:\">\n            <prop>\n                \
                <current-user-principal />\n            </prop>\n        </propfind>\n        ";
    assert_eq!(listed(body), Properties::Listed(vec![dav::CURRENT_USER_PRINCIPAL]));
    let body = "\n    <propfind xmlns=\"DAV:\" xmlns:c=\"urn:ietf:params:xml:ns:carddav\">\n        \
                <prop>\n            <c:addressbook-home-set />\n        </prop>\n    </propfind>\n    ";
    assert_eq!(listed(body), Properties::Listed(vec![carddav::ADDRESSBOOK_HOME_SET]));
}

#[test]
fn vdirsyncer_makes_collections_and_sets_colours() {
    let body = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<mkcol xmlns=\"DAV:\">\n<set>\n<prop>\n\
                <resourcetype>\n<collection/>\n<ns0:addressbook \
                xmlns:ns0=\"urn:ietf:params:xml:ns:carddav\"/>\n</resourcetype>\n</prop>\n</set>\n</mkcol>\n";
    let types = Mkcol::read(&tree(body)).unwrap().resource_types();
    assert_eq!(types, Some(vec![dav::COLLECTION, carddav::ADDRESSBOOK]));
    for (action, colour) in [("set", "#ff0000"), ("remove", "")] {
        let body = format!(
            "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<propertyupdate xmlns=\"DAV:\">\n<{action}>\n\
             <prop>\n<ns0:calendar-color xmlns:ns0=\"http://apple.com/ns/ical/\">{colour}\
             </ns0:calendar-color>\n</prop>\n</{action}>\n</propertyupdate>\n"
        );
        let update = PropertyUpdate::read(&tree(&body)).unwrap();
        assert_eq!(update.instructions[0].name(), &apple_ical::CALENDAR_COLOR);
        assert_eq!(matches!(update.instructions[0], Instruction::Set(_)), action == "set");
    }
}

#[test]
fn vdirsyncer_queries_and_gets_calendars() {
    let body = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<C:calendar-query xmlns=\"DAV:\"\n    \
                xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\n<prop>\n<getcontenttype/>\n<getetag/>\n</prop>\n\
                <C:filter>\n\n<C:comp-filter name=\"VCALENDAR\">\n<C:comp-filter name=\"VTODO\">\n\
                <C:time-range start=\"20260101T000000Z\" end=\"20270101T000000Z\"/>\n</C:comp-filter>\n\
                </C:comp-filter>\n\n</C:filter>\n</C:calendar-query>";
    let Report::CalendarQuery(query) = report(body) else { panic!("no query") };
    assert_eq!(query.filter.check(), Ok(()));
    let listed = Properties::Listed(vec![dav::GETCONTENTTYPE, dav::GETETAG]);
    assert_eq!(query.asked.properties, listed);
}

#[test]
fn vdirsyncer_asks_for_the_fourth_vcard_with_an_attribute_that_nobody_knows() {
    let body = "<?xml version=\"1.0\" encoding=\"utf-8\" ?>\n<C:addressbook-multiget xmlns=\"DAV:\"\n\
                xmlns:C=\"urn:ietf:params:xml:ns:carddav\">\n<prop>\n<getetag/>\n<C:address-data \
                Content-Type=\"text/vcard\" version=\"4.0\"/>\n</prop>\n<href>/a/1.vcf</href>\n\
                </C:addressbook-multiget>";
    let Report::AddressbookMultiget(multiget) = report(body) else { panic!("no multiget") };
    let data = multiget.asked.address_data.unwrap();
    assert_eq!((data.content_type.as_str(), data.version.as_str()), ("text/vcard", "4.0"));
    assert_eq!(data.properties, CardProperties::All);
}

/// What python caldav puts around the tests of a search.
fn python(data: &str, filters: &str) -> String {
    format!(
        "<?xml version='1.0' encoding='utf-8'?>\n<C:calendar-query xmlns:D=\"DAV:\" \
         xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop><C:calendar-data>{data}</C:calendar-data>\
         </D:prop><C:filter><C:comp-filter name=\"VCALENDAR\">{filters}</C:comp-filter></C:filter>\
         </C:calendar-query>"
    )
}

#[test]
fn python_caldav_searches_with_expansion_and_octets() {
    let expand = "<C:expand start=\"20260101T000000Z\" end=\"20260201T000000Z\"/>";
    let body = python(
        expand,
        "<C:comp-filter name=\"VTODO\"><C:prop-filter name=\"COMPLETED\"><C:is-not-defined/>\
         </C:prop-filter><C:prop-filter name=\"STATUS\"><C:text-match collation=\"i;octet\" \
         negate-condition=\"yes\">COMPLETED</C:text-match></C:prop-filter></C:comp-filter>",
    );
    let Report::CalendarQuery(query) = report(&body) else { panic!("no query") };
    assert_eq!(query.filter.check(), Ok(()));
    assert!(matches!(query.asked.calendar_data.unwrap().expansion, Expansion::Expand(_)));
    let CompTest::Defined { comps, .. } = query.filter.test else { panic!("no test") };
    let CompTest::Defined { props, .. } = &comps[0].test else { panic!("no test") };
    assert_eq!(props[0].test, PropTest::NotDefined);
    let PropTest::Defined { value: Some(ValueTest::Text(text)), .. } = &props[1].test else {
        panic!("no text")
    };
    assert_eq!((text.collation, text.condition), (Collation::Octet, Condition::Negated));
}

#[test]
fn python_caldav_without_a_kind_of_component_asks_what_has_no_meaning() {
    let range = "<C:time-range start=\"20260101T000000Z\" end=\"20260201T000000Z\"/>";
    let Report::CalendarQuery(query) = report(&python("", range)) else { panic!("no query") };
    assert_ne!(query.filter.check(), Ok(()));
    let Report::CalendarQuery(query) = report(&python("", "")) else { panic!("no query") };
    assert_eq!(query.filter.check(), Ok(()));
}

#[test]
fn davx5_queries_everything_and_syncs_in_pages() {
    let body = "<?xml version='1.0' encoding='UTF-8' ?><CARD:addressbook-query xmlns=\"DAV:\" \
                xmlns:CARD=\"urn:ietf:params:xml:ns:carddav\"><prop><getetag /></prop><CARD:filter />\
                </CARD:addressbook-query>";
    let Report::AddressbookQuery(query) = report(body) else { panic!("no query") };
    assert_eq!(query.filter, Filter { test: Test::AnyOf, properties: vec![] });
    let body = "<?xml version='1.0' encoding='UTF-8' ?><sync-collection xmlns=\"DAV:\"><sync-token />\
                <sync-level>1</sync-level><limit><nresults>500</nresults></limit><prop><getetag /></prop>\
                </sync-collection>";
    let Report::SyncCollection(sync) = report(body) else { panic!("no sync") };
    assert_eq!((sync.token, sync.limit), (None, Some(500)));
    let body = "<?xml version='1.0' encoding='UTF-8' ?><CAL:calendar-multiget xmlns=\"DAV:\" \
                xmlns:CAL=\"urn:ietf:params:xml:ns:caldav\"><prop><getcontenttype /><getetag />\
                <CAL:schedule-tag /><CAL:calendar-data content-type=\"text/calendar\" version=\"2.0\" />\
                </prop><href>/c/1.ics</href></CAL:calendar-multiget>";
    let Report::CalendarMultiget(multiget) = report(body) else { panic!("no multiget") };
    let data = multiget.asked.calendar_data.unwrap();
    assert_eq!(data.check_type(&[("text/calendar", "2.0")]), Ok(()));
}

#[test]
fn thunderbird_looks_around_and_syncs() {
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<D:propfind xmlns:D=\"DAV:\" \
                xmlns:CS=\"http://calendarserver.org/ns/\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><D:prop>\
                <D:resourcetype/><D:owner/><D:current-user-principal/><D:current-user-privilege-set/>\
                <D:supported-report-set/><C:supported-calendar-component-set/><CS:getctag/></D:prop>\
                </D:propfind>";
    let Properties::Listed(names) = listed(body) else { panic!("no list") };
    assert_eq!((names.len(), &names[5]), (7, &caldav::SUPPORTED_CALENDAR_COMPONENT_SET));
    let body = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<sync-collection xmlns=\"DAV:\"><sync-token>\
                http://example.org/sync/7</sync-token><sync-level>1</sync-level><prop>\
                <getcontenttype/><getetag/></prop></sync-collection>";
    let Report::SyncCollection(sync) = report(body) else { panic!("no sync") };
    assert_eq!(sync.token.as_deref(), Some("http://example.org/sync/7"));
}

#[test]
fn thunderbird_searches_for_itself() {
    let body = "<D:principal-property-search xmlns:D=\"DAV:\" xmlns:C=\"urn:ietf:params:xml:ns:caldav\">\
                <D:property-search><D:prop><C:calendar-home-set/></D:prop><D:match>/calendars/me/</D:match>\
                </D:property-search><D:prop><C:calendar-home-set/><C:schedule-inbox-URL/></D:prop>\
                </D:principal-property-search>";
    let Report::PrincipalPropertySearch(search) = report(body) else { panic!("no search") };
    assert_eq!(search.test, Test::AllOf);
    assert_eq!(search.searches[0].properties, [caldav::CALENDAR_HOME_SET]);
}

#[test]
fn evolution_gets_many_with_caldav_as_the_default_namespace() {
    let body = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<calendar-multiget \
                xmlns=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop><D:getetag/>\
                <calendar-data/></D:prop><D:href>/dav/a%40b/1.ics</D:href></calendar-multiget>\n";
    let Report::CalendarMultiget(multiget) = report(body) else { panic!("no multiget") };
    assert_eq!(multiget.hrefs, ["/dav/a%40b/1.ics"]);
    let listed = vec![dav::GETETAG, caldav::CALENDAR_DATA];
    assert_eq!(multiget.asked.properties, Properties::Listed(listed));
    let body = "<calendar-query xmlns=\"urn:ietf:params:xml:ns:caldav\" xmlns:D=\"DAV:\"><D:prop>\
                <D:getetag/></D:prop><filter><comp-filter name=\"VCALENDAR\"><comp-filter name=\"VEVENT\">\
                <prop-filter name=\"UID\"><text-match>abc@example</text-match></prop-filter></comp-filter>\
                </comp-filter></filter></calendar-query>";
    let Report::CalendarQuery(query) = report(body) else { panic!("no query") };
    assert_eq!(query.filter.check(), Ok(()));
}
