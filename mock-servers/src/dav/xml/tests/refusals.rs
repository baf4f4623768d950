//! What a server answers to a body that cannot be read, and how errors say it.

use super::within;
use crate::dav::xml::names::{caldav, dav};
use crate::dav::xml::request::{CalendarQuery, RequestError};
use crate::dav::xml::{Element, Limits, Namespace, read};

fn answer(body: &str) -> (u16, Option<String>) {
    let limits = Limits { bytes: 200, depth: 3, ..Limits::default() };
    let refusal = RequestError::from(read(body.as_bytes(), &limits).unwrap_err()).refusal();
    (
        refusal.status.as_u16(),
        refusal.body().map(|body| super::tree(&body).elements().next().unwrap().name.to_string()),
    )
}

#[test]
fn each_kind_of_unreadable_body_has_its_status() {
    assert_eq!(answer("<a>"), (400, None));
    assert_eq!(answer(""), (400, None));
    assert_eq!(answer("<a><a><a><a/></a></a></a>"), (400, None));
    assert_eq!(answer(&" ".repeat(201)), (413, None));
    assert_eq!(answer("<?xml version='1.0' encoding='koi8-r'?><a/>"), (415, None));
    assert_eq!(answer("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), (400, None));
    let external = answer("<!DOCTYPE a SYSTEM 'a.dtd'><a/>");
    assert_eq!(external, (403, Some("DAV:no-external-entities".to_owned())));
}

#[test]
fn a_zone_that_is_none_breaks_the_calendar_precondition() {
    let refusal = RequestError::TimeZone { element: caldav::CALENDAR_TIMEZONE }.refusal();
    let body = super::tree(&refusal.body().unwrap());
    let expected = Element::new(dav::ERROR).with_child(Element::new(caldav::VALID_CALENDAR_DATA));
    assert_eq!((refusal.status.as_u16(), body), (403, expected));
}

#[test]
fn errors_say_what_is_wrong_and_where() {
    let query = |filter: &str| {
        let root = within(&Namespace::CALDAV, "calendar-query", filter);
        CalendarQuery::read(&root).unwrap_err().to_string()
    };
    assert_eq!(query(""), "CALDAV:calendar-query has no CALDAV:filter");
    assert_eq!(
        query(
            "<filter><comp-filter name='VCALENDAR'><time-range start='now'/></comp-filter></filter>"
        ),
        "the filter is not valid: CALDAV:time-range: attribute `start` is `now`, not a date with UTC \
         time such as `20260131T120000Z`"
    );
    assert_eq!(
        query("<filter><comp-filter name='VCALENDAR'/></filter><D:allprop/><D:propname/>"),
        "CALDAV:calendar-query has both DAV:allprop and DAV:propname"
    );
}
