//! Filters over components, properties, parameters and texts (RFC 4791 section 9.7).

use super::*;
use crate::dav::calendar::filter::{
    Collation, CompTest, Condition, InvalidFilter, ParamFilter, ParamTest, PropFilter, PropTest,
    TextMatch, ValueTest,
};

const MEETING: &str = "DTSTART:20260416T100000Z
    SUMMARY:Lunch\\, with B\u{dc}CHER
    CATEGORIES:WORK,Fun
    ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:a@example.com
    ATTENDEE;PARTSTAT=ACCEPTED;MEMBER=\"mailto:x@example.com\",\"mailto:y@example.com\":mailto:b@example.com
    BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM";

fn matching(text: &str, collation: Collation) -> TextMatch {
    TextMatch { text: text.to_owned(), collation, condition: Condition::Matches }
}

fn prop(name: &str, value: Option<ValueTest>, params: Vec<ParamFilter>) -> PropFilter {
    PropFilter { name: name.to_owned(), test: PropTest::Defined { value, params } }
}

/// Whether the meeting matches a filter inside of that for its event.
#[track_caller]
fn holds(props: Vec<PropFilter>, comps: Vec<CompFilter>) -> bool {
    let event = event(MEETING);
    let inner = CompFilter::with("vevent", None, props, comps);
    let filter = CompFilter::with("VCALENDAR", None, Vec::new(), vec![inner]);
    matches(&filter, &event, &Zone::utc()).expect("few instances")
}

#[test]
fn components_and_properties_are_there_or_not() {
    let absent = |name: &str| CompFilter { name: name.to_owned(), test: CompTest::NotDefined };
    assert!(holds(Vec::new(), Vec::new()));
    assert!(holds(Vec::new(), vec![CompFilter::defined("VALARM")]));
    assert!(!holds(Vec::new(), vec![CompFilter::defined("VTODO")]));
    assert!(holds(Vec::new(), vec![absent("VTODO")]));
    assert!(!holds(Vec::new(), vec![absent("VALARM")]));
    let no = |name: &str| PropFilter { name: name.to_owned(), test: PropTest::NotDefined };
    assert!(holds(vec![prop("summary", None, Vec::new()), no("LOCATION")], Vec::new()));
    assert!(!holds(vec![prop("LOCATION", None, Vec::new())], Vec::new()));
    assert!(!holds(vec![no("SUMMARY")], Vec::new()));
    let root = CompFilter { name: "VTODO".to_owned(), test: CompTest::NotDefined };
    assert_eq!(root.check(), Err(InvalidFilter::Root("VTODO".to_owned())));
}

#[test]
fn texts_are_compared_by_their_collation() {
    let title = |text: &str, collation| {
        let value = Some(ValueTest::Text(matching(text, collation)));
        holds(vec![prop("SUMMARY", value, Vec::new())], Vec::new())
    };
    assert!(title("lunch, WITH", Collation::AsciiCasemap), "escapes are no part of the text");
    assert!(!title("b\u{fc}cher", Collation::AsciiCasemap));
    assert!(title("b\u{fc}cher", Collation::UnicodeCasemap));
    assert!(title("Lunch", Collation::Octet));
    assert!(!title("lunch", Collation::Octet));
    assert_eq!(Collation::named("default"), Some(Collation::AsciiCasemap));
    assert_eq!(Collation::named("i;basic"), None);
}

#[test]
fn a_negated_text_holds_where_it_is_absent_from_a_property_that_is_there() {
    let without = |name: &str, text: &str| {
        let negated = TextMatch {
            text: text.to_owned(),
            collation: Collation::AsciiCasemap,
            condition: Condition::Negated,
        };
        holds(vec![prop(name, Some(ValueTest::Text(negated)), Vec::new())], Vec::new())
    };
    assert!(without("SUMMARY", "dinner"));
    assert!(!without("SUMMARY", "lunch"));
    assert!(!without("LOCATION", "lunch"));
}

#[test]
fn a_parameter_belongs_to_the_property_that_matches() {
    let attendee = |address: &str, partstat: &str| {
        let params = vec![ParamFilter {
            name: "partstat".to_owned(),
            test: ParamTest::Text(matching(partstat, Collation::AsciiCasemap)),
        }];
        let value = Some(ValueTest::Text(matching(address, Collation::AsciiCasemap)));
        holds(vec![prop("ATTENDEE", value, params)], Vec::new())
    };
    assert!(attendee("a@example.com", "needs-action"));
    assert!(!attendee("a@example.com", "accepted"));
    assert!(attendee("b@example.com", "accepted"));
    let param = |name: &str, test: ParamTest| {
        let params = vec![ParamFilter { name: name.to_owned(), test }];
        holds(vec![prop("ATTENDEE", None, params)], Vec::new())
    };
    assert!(param("MEMBER", ParamTest::Defined));
    assert!(param("MEMBER", ParamTest::NotDefined), "the other attendee has none");
    assert!(!param("PARTSTAT", ParamTest::NotDefined));
    assert!(param("MEMBER", ParamTest::Text(matching("y@", Collation::Octet))));
}

#[test]
fn everything_has_to_hold_for_one_component() {
    let object = object(
        "BEGIN:VEVENT\nUID:u1\nDTSTART:20260414T100000Z\nSUMMARY:old\nRRULE:FREQ=DAILY;COUNT=3\nEND:VEVENT
         BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID:20260415T100000Z\nDTSTART:20260415T100000Z\nSUMMARY:new\nEND:VEVENT",
    );
    let ask = |title: &str, asked: &str| {
        let value = Some(ValueTest::Text(matching(title, Collation::Octet)));
        let props = vec![prop("SUMMARY", value, Vec::new())];
        let inner = CompFilter::with("VEVENT", Some(range(asked)), props, Vec::new());
        let filter = CompFilter::with("VCALENDAR", None, Vec::new(), vec![inner]);
        matches(&filter, &object, &Zone::utc()).expect("few instances")
    };
    let (changed, last) =
        ("20260415T000000Z/20260416T000000Z", "20260416T000000Z/20260417T000000Z");
    assert!(ask("new", changed) && ask("old", last));
    assert!(!ask("old", changed) && !ask("new", last));
}

#[test]
fn filters_that_mean_nothing_are_refused() {
    let bad =
        |start: Option<&str>, end: Option<&str>| TimeRange::read(start, end).expect_err("bad");
    assert_eq!(bad(None, None), InvalidFilter::NoRange);
    assert_eq!(bad(Some("20260416T100000Z"), Some("20260416T100000Z")), InvalidFilter::NoRange);
    let local = "20260416T100000";
    assert_eq!(bad(Some(local), None), InvalidFilter::NotUtc(local.to_owned()));
    let ranged = |name: &str| {
        let inner =
            CompFilter::with(name, Some(range("20260416T100000Z/-")), Vec::new(), Vec::new());
        CompFilter::with("VCALENDAR", None, Vec::new(), vec![inner]).check()
    };
    assert_eq!(ranged("VEVENT"), Ok(()));
    assert_eq!(ranged("VTIMEZONE"), Err(InvalidFilter::Timeless("VTIMEZONE".to_owned())));
    let value = Some(ValueTest::TimeRange(range("20260416T100000Z/-")));
    let filter =
        CompFilter::with("VCALENDAR", None, vec![prop("SUMMARY", value, Vec::new())], Vec::new());
    assert_eq!(filter.check(), Err(InvalidFilter::Timeless("SUMMARY".to_owned())));
    let inside = |outer: &str, inner| CompFilter::with(outer, None, Vec::new(), vec![inner]);
    let deep = (0..20).fold(CompFilter::defined("VALARM"), |inner, _| inside("X-A", inner));
    assert_eq!(inside("VCALENDAR", deep).check(), Err(InvalidFilter::Depth));
    let nested = inside("VCALENDAR", inside("vtodo", CompFilter::defined("vevent")));
    let (inside, component) = ("vtodo".to_owned(), "vevent".to_owned());
    assert_eq!(nested.check(), Err(InvalidFilter::Nesting { inside, component }));
}
