//! Filters of calendar queries.

use jiff::Timestamp;

use super::{refused, within};
use crate::dav::calendar::filter::{
    Collation, CompFilter, CompTest, Condition, ParamFilter, ParamTest, PropFilter, PropTest,
    TextMatch, TimeRange, ValueTest,
};
use crate::dav::xml::Namespace;
use crate::dav::xml::request::{CalendarQuery, RequestError};

fn read(filter: &str) -> Result<CompFilter, RequestError> {
    let root = within(&Namespace::CALDAV, "calendar-query", &format!("<filter>{filter}</filter>"));
    CalendarQuery::read(&root).map(|query| query.filter)
}

/// Reads and checks a filter for events with something inside.
fn events(inner: &str) -> Result<CompFilter, RequestError> {
    let filter = read(&format!(
        "<comp-filter name='VCALENDAR'><comp-filter name='VEVENT'>{inner}</comp-filter></comp-filter>"
    ))?;
    assert_eq!(filter.check(), Ok(()));
    Ok(filter)
}

/// The part of such a filter that is about events.
fn about_events(inner: &str) -> CompTest {
    let CompTest::Defined { mut comps, .. } = events(inner).unwrap().test else {
        panic!("no test of calendars")
    };
    comps.remove(0).test
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn text(text: &str, collation: Collation, condition: Condition) -> TextMatch {
    TextMatch { text: text.to_owned(), collation, condition }
}

#[test]
fn an_empty_test_asks_for_presence_and_names_have_no_case() {
    let empty = || CompTest::Defined { time_range: None, props: vec![], comps: vec![] };
    let found = read("<comp-filter name='vcalendar'/>").unwrap();
    assert_eq!(found, CompFilter { name: "VCALENDAR".to_owned(), test: empty() });
    assert_eq!(about_events(""), empty());
    assert_eq!(about_events("<is-not-defined/>"), CompTest::NotDefined);
    assert_eq!(about_events("<x:unknown xmlns:x='urn:x'><time-range/></x:unknown>"), empty());
}

#[test]
fn a_whole_tree_of_tests_is_read() {
    let found = about_events(
        "<time-range start='20260101T000000Z' end='20260201T000000Z'/>\
         <prop-filter name='status'><text-match negate-condition='yes' collation='i;octet'>CANCELLED\
         </text-match></prop-filter>\
         <prop-filter name='ATTENDEE'><text-match> a b </text-match>\
         <param-filter name='partstat'><text-match collation='default'>NEEDS</text-match></param-filter>\
         <param-filter name='RSVP'/><param-filter name='ROLE'><is-not-defined/></param-filter>\
         </prop-filter>\
         <prop-filter name='DTSTAMP'><time-range end='20260101T000000Z'/></prop-filter>\
         <prop-filter name='RRULE'><is-not-defined/></prop-filter>\
         <comp-filter name='VALARM'><time-range start='20260101T000060Z'/></comp-filter>",
    );
    let range = |start: Option<&str>, end: Option<&str>| {
        TimeRange::new(start.map(instant), end.map(instant)).unwrap()
    };
    let january = range(Some("2026-01-01T00:00:00Z"), Some("2026-02-01T00:00:00Z"));
    let property = |name: &str, value, params| PropFilter {
        name: name.to_owned(),
        test: PropTest::Defined { value, params },
    };
    let parameter = |name: &str, test| ParamFilter { name: name.to_owned(), test };
    let status = text("CANCELLED", Collation::Octet, Condition::Negated);
    let attendee = text(" a b ", Collation::AsciiCasemap, Condition::Matches);
    let needs = text("NEEDS", Collation::AsciiCasemap, Condition::Matches);
    let before = ValueTest::TimeRange(range(None, Some("2026-01-01T00:00:00Z")));
    let alarm = range(Some("2026-01-01T00:00:59Z"), None);
    let expected = CompTest::Defined {
        time_range: Some(january),
        props: vec![
            property("STATUS", Some(ValueTest::Text(status)), vec![]),
            property(
                "ATTENDEE",
                Some(ValueTest::Text(attendee)),
                vec![
                    parameter("PARTSTAT", ParamTest::Text(needs)),
                    parameter("RSVP", ParamTest::Defined),
                    parameter("ROLE", ParamTest::NotDefined),
                ],
            ),
            property("DTSTAMP", Some(before), vec![]),
            PropFilter { name: "RRULE".to_owned(), test: PropTest::NotDefined },
        ],
        comps: vec![CompFilter {
            name: "VALARM".to_owned(),
            test: CompTest::Defined { time_range: Some(alarm), props: vec![], comps: vec![] },
        }],
    };
    assert_eq!(found, expected);
}

#[test]
fn a_filter_against_its_definition_is_not_valid() {
    let bad = [
        "<comp-filter/>",
        "<comp-filter name=' '/>",
        "<is-not-defined/><time-range start='20260101T000000Z'/>",
        "<is-not-defined/><prop-filter name='X-A'/>",
        "<is-not-defined/><is-not-defined/>",
        "<text-match>x</text-match>",
        "<param-filter name='X'/>",
        "<time-range start='20260101T000000Z'/><time-range start='20260101T000000Z'/>",
        "<prop-filter/>",
        "<prop-filter name='X'><text-match>a</text-match><text-match>b</text-match></prop-filter>",
        "<prop-filter name='DUE'><time-range start='20260101T000000Z'/><text-match/></prop-filter>",
        "<prop-filter name='X'><is-not-defined/><param-filter name='Y'/></prop-filter>",
        "<prop-filter name='X'><comp-filter name='VEVENT'/></prop-filter>",
        "<prop-filter name='X'><text-match negate-condition='maybe'/></prop-filter>",
        "<prop-filter name='X'><param-filter/></prop-filter>",
        "<prop-filter name='X'><param-filter name='Y'><is-not-defined/><text-match/></param-filter></prop-filter>",
        "<prop-filter name='X'><param-filter name='Y'><time-range start='20260101T000000Z'/></param-filter></prop-filter>",
    ];
    for inner in bad {
        assert_eq!(refused(events(inner)), "403 CALDAV:valid-filter", "{inner}");
    }
    assert_eq!(refused(read("")), "403 CALDAV:valid-filter");
    let two = "<comp-filter name='VCALENDAR'/><comp-filter name='VCALENDAR'/>";
    assert_eq!(refused(read(two)), "403 CALDAV:valid-filter");
    assert_eq!(refused(read("<prop-filter name='X'/>")), "403 CALDAV:valid-filter");
}

#[test]
fn a_time_range_is_utc_and_goes_forward() {
    let bad = [
        "",
        "start=''",
        "start='20260101'",
        "start='20260101T000000'",
        "start='20260101T000000z'",
        "start='2026-01-01T00:00:00Z'",
        "start='20261301T000000Z'",
        "start='20260230T000000Z'",
        "start='20260101T240000Z'",
        "start='+0260101T000000Z'",
        "start='２026010T000000Z'",
        "start='20260101T000000Z' end='20260101T000000Z'",
        "start='20260102T000000Z' end='20260101T000000Z'",
        "end='x'",
    ];
    for attributes in bad {
        let read = events(&format!("<time-range {attributes}/>"));
        assert_eq!(refused(read), "403 CALDAV:valid-filter", "{attributes}");
    }
    let leap = events("<time-range start='20240229T235960Z'/>");
    assert!(leap.is_ok(), "{leap:?}");
}

#[test]
fn a_collation_that_is_not_there_has_its_own_precondition() {
    for collation in ["i;basic", "*", "i;octet*", ""] {
        let read = events(&format!(
            "<prop-filter name='X'><text-match collation='{collation}'>a</text-match></prop-filter>"
        ));
        assert_eq!(refused(read), "403 CALDAV:supported-collation", "{collation}");
    }
    for collation in Collation::NAMES {
        let read = events(&format!(
            "<prop-filter name='X'><text-match collation='{collation}'/></prop-filter>"
        ));
        assert!(read.is_ok());
    }
}

#[test]
fn what_no_calendar_has_is_found_by_the_second_question_only() {
    let range = "<time-range start='20260101T000000Z'/>";
    let inside =
        |outer: &str, inner: &str| format!("<comp-filter name='{outer}'>{inner}</comp-filter>");
    let bad = [
        inside("VEVENT", ""),
        inside("VCALENDAR", range),
        inside("VCALENDAR", &inside("VALARM", "")),
        inside("VCALENDAR", &inside("VCALENDAR", "")),
        inside("VCALENDAR", &inside("VTODO", &inside("VEVENT", ""))),
        inside("VCALENDAR", &inside("VJOURNAL", &inside("VALARM", ""))),
        inside("VCALENDAR", &inside("VTIMEZONE", range)),
        inside("VCALENDAR", &inside("X-MINE", range)),
        inside("VCALENDAR", &inside("X-MINE", &inside("VCALENDAR", ""))),
        inside(
            "VCALENDAR",
            &inside("VEVENT", &format!("<prop-filter name='SUMMARY'>{range}</prop-filter>")),
        ),
    ];
    for filter in bad {
        let filter = read(&filter).unwrap();
        assert_ne!(filter.check(), Ok(()), "{filter:?}");
    }
    let good = [
        inside("VCALENDAR", ""),
        inside("VCALENDAR", "<prop-filter name='METHOD'/>"),
        inside("VCALENDAR", &inside("VFREEBUSY", range)),
        inside("VCALENDAR", &inside("VTIMEZONE", &inside("DAYLIGHT", ""))),
        inside("VCALENDAR", &inside("VTODO", &inside("VALARM", range))),
        inside("VCALENDAR", &inside("VEVENT", &inside("PARTICIPANT", &inside("VLOCATION", "")))),
        inside("VCALENDAR", &inside("X-MINE", &inside("VALARM", ""))),
        inside(
            "VCALENDAR",
            &inside("VEVENT", &format!("<prop-filter name='LAST-MODIFIED'>{range}</prop-filter>")),
        ),
    ];
    for filter in good {
        assert_eq!(read(&filter).unwrap().check(), Ok(()), "{filter}");
    }
}
