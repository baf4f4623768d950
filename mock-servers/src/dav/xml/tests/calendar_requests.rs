//! calendar-query, calendar-multiget and free-busy-query.

use jiff::Timestamp;

use super::{refused, within};
use crate::dav::calendar::filter::TimeRange;
use crate::dav::xml::Namespace;
use crate::dav::xml::names::{caldav, dav};
use crate::dav::xml::request::{
    CalendarData, CalendarMultiget, CalendarQuery, Component, Components, Expansion, FreeBusyQuery,
    Properties, PropertyNames, RequestError, Selected, Span,
};

const FILTER: &str = "<filter><comp-filter name='VCALENDAR'/></filter>";

fn query(inner: &str) -> Result<CalendarQuery, RequestError> {
    CalendarQuery::read(&within(&Namespace::CALDAV, "calendar-query", inner))
}

/// Reads a `calendar-data` with these attributes and this inside.
fn data(attributes: &str, inner: &str) -> Result<CalendarData, RequestError> {
    let data = format!("<calendar-data {attributes}>{inner}</calendar-data>");
    let read = query(&format!("<D:prop>{data}<D:getetag/></D:prop>{FILTER}"))?;
    let listed = Properties::Listed(vec![caldav::CALENDAR_DATA, dav::GETETAG]);
    assert_eq!(read.asked.properties, listed);
    Ok(read.asked.calendar_data.unwrap())
}

fn span(start: &str, end: &str) -> Span {
    let instant = |text: &str| -> Timestamp { text.parse().unwrap() };
    Span { start: instant(start), end: instant(end) }
}

#[test]
fn a_query_may_ask_for_anything_or_say_nothing() {
    let asked = |inner: &str| query(&format!("{inner}{FILTER}")).unwrap().asked;
    assert_eq!(asked("").properties, Properties::Unspecified);
    assert_eq!(asked("<D:propname/>").properties, Properties::Names);
    assert_eq!(asked("<D:allprop/>").properties, Properties::All { include: vec![] });
    assert_eq!(asked("<D:prop><D:getetag/></D:prop>").calendar_data, None);
    // CalDAV's own `prop` and `allprop` mean something else.
    assert_eq!(asked("<allprop/><prop name='X'/>").properties, Properties::Unspecified);
}

#[test]
fn a_query_needs_one_filter() {
    assert_eq!(refused(query("<D:allprop/>")), "400");
    assert_eq!(refused(query(&format!("{FILTER}{FILTER}"))), "400");
    assert_eq!(refused(query(&format!("<D:allprop/><D:prop/>{FILTER}"))), "400");
    let other = within(&Namespace::CARDDAV, "calendar-query", FILTER);
    assert_eq!(refused(CalendarQuery::read(&other)), "400");
}

#[test]
fn a_query_may_bring_a_zone_and_a_limit() {
    let zone = "BEGIN:VCALENDAR&#13;\nEND:VCALENDAR&#13;\n";
    let limits = [
        "<limit><nresults>7</nresults></limit>",
        "<D:limit><D:nresults> 7 </D:nresults></D:limit>",
    ];
    for limit in limits {
        let read = query(&format!("{FILTER}<timezone>{zone}</timezone>{limit}")).unwrap();
        assert_eq!(read.timezone.as_deref(), Some("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"));
        assert_eq!(read.limit, Some(7));
    }
    let read = query(FILTER).unwrap();
    assert_eq!((read.timezone, read.limit), (None, None));
    let empty = query(&format!("{FILTER}<timezone> </timezone>"));
    assert_eq!(refused(empty), "403 CALDAV:valid-calendar-data");
    for wrong in [
        "<limit/>",
        "<limit><nresults/></limit>",
        "<limit><nresults>-1</nresults></limit>",
        "<limit><nresults>1</nresults></limit><D:limit><D:nresults>1</D:nresults></D:limit>",
        "<limit><D:nresults>1</D:nresults></limit>",
    ] {
        assert_eq!(refused(query(&format!("{FILTER}{wrong}"))), "400", "{wrong}");
    }
    let huge = query(&format!("{FILTER}<limit><nresults>99999999999</nresults></limit>"));
    assert_eq!(huge.unwrap().limit, Some(u32::MAX));
}

#[test]
fn calendar_data_without_anything_is_the_whole_object() {
    let whole = CalendarData {
        content_type: "text/calendar".to_owned(),
        version: "2.0".to_owned(),
        component: None,
        expansion: Expansion::None,
        limit_freebusy_set: None,
    };
    assert_eq!(data("", ""), Ok(whole));
}

#[test]
fn calendar_data_selects_components_and_properties() {
    let found = data(
        "",
        "<comp name='vcalendar'><prop name='VERSION'/><comp name='VEVENT'><allprop/><allcomp/></comp>\
         <comp name='VTODO'><prop name='summary' novalue='yes'/><prop name='UID' novalue='no'/></comp>\
         <comp name='VTIMEZONE'/></comp>",
    );
    let component = |name: &str, properties, components| Component {
        name: name.to_owned(),
        properties,
        components,
    };
    let none = || (PropertyNames::Only(vec![]), Components::Only(vec![]));
    let (no_properties, no_components) = none();
    let version = PropertyNames::Only(vec![Selected::Value("VERSION".to_owned())]);
    let todo = PropertyNames::Only(vec![
        Selected::NameOnly("SUMMARY".to_owned()),
        Selected::Value("UID".to_owned()),
    ]);
    let expected = component(
        "VCALENDAR",
        version,
        Components::Only(vec![
            component("VEVENT", PropertyNames::All, Components::All),
            component("VTODO", todo, none().1),
            component("VTIMEZONE", no_properties, no_components),
        ]),
    );
    assert_eq!(found.unwrap().component, Some(expected));
}

#[test]
fn calendar_data_says_what_becomes_of_recurrences() {
    let range = "start='20260101T000000Z' end='20260201T000000Z'";
    let january = span("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z");
    let expand = data("", &format!("<expand {range}/>")).unwrap();
    assert_eq!(expand.expansion, Expansion::Expand(january));
    let limit = format!("<limit-recurrence-set {range}/><limit-freebusy-set {range}/>");
    let limit = data("", &limit).unwrap();
    assert_eq!(limit.expansion, Expansion::LimitRecurrenceSet(january));
    assert_eq!(limit.limit_freebusy_set, Some(january));
}

#[test]
fn calendar_data_against_its_definition_is_refused() {
    let range = "start='20260101T000000Z' end='20260201T000000Z'";
    let bad = [
        format!("<expand {range}/><limit-recurrence-set {range}/>"),
        "<expand start='20260101T000000Z'/>".to_owned(),
        "<expand end='20260101T000000Z'/>".to_owned(),
        "<expand start='20260201T000000Z' end='20260101T000000Z'/>".to_owned(),
        "<limit-freebusy-set/>".to_owned(),
        "<comp/>".to_owned(),
        "<comp name='VCALENDAR'/><comp name='VCALENDAR'/>".to_owned(),
        "<comp name='VCALENDAR'><allprop/><prop name='X'/></comp>".to_owned(),
        "<comp name='VCALENDAR'><allcomp/><comp name='X'/></comp>".to_owned(),
        "<comp name='VCALENDAR'><prop/></comp>".to_owned(),
        "<comp name='VCALENDAR'><prop name='X' novalue='1'/></comp>".to_owned(),
    ];
    for inner in bad {
        assert_eq!(refused(data("", &inner)), "400", "{inner}");
    }
}

#[test]
fn a_media_type_is_checked_against_what_the_server_has() {
    let supported = [("text/calendar", "2.0"), ("application/calendar+json", "2.0")];
    let check = |attributes: &str| data(attributes, "").unwrap().check_type(&supported);
    assert_eq!(check(""), Ok(()));
    assert_eq!(check("content-type='Application/Calendar+JSON'"), Ok(()));
    assert_eq!(refused(check("version='1.0'")), "403 CALDAV:supported-calendar-data");
    assert_eq!(refused(check("content-type='text/x'")), "403 CALDAV:supported-calendar-data");
}

#[test]
fn a_multiget_lists_hrefs_as_they_were_sent() {
    let read = |inner: &str| {
        CalendarMultiget::read(&within(&Namespace::CALDAV, "calendar-multiget", inner))
    };
    let found =
        read("<D:prop><calendar-data/></D:prop><D:href>\n /a%20b.ics\n</D:href><D:href>x</D:href>");
    let found = found.unwrap();
    assert_eq!(found.hrefs, ["/a%20b.ics", "x"]);
    assert!(found.asked.calendar_data.is_some());
    assert_eq!(refused(read("<D:prop/>")), "400");
    assert_eq!(refused(read("<href>/a</href>")), "400");
}

#[test]
fn a_free_busy_query_has_one_time_range() {
    let read =
        |inner: &str| FreeBusyQuery::read(&within(&Namespace::CALDAV, "free-busy-query", inner));
    let range = "<time-range start='20260101T000000Z' end='20260102T000000Z'/>";
    let day = span("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z");
    let day = TimeRange::new(Some(day.start), Some(day.end)).unwrap();
    assert_eq!(read(range), Ok(FreeBusyQuery { time_range: day }));
    for inner in ["", &format!("{range}{range}"), "<time-range/>", "<time-range start='today'/>"] {
        assert_eq!(refused(read(inner)), "400", "{inner}");
    }
}
