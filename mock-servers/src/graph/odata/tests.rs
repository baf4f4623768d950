//! Query options and expressions by themselves.

use http::{HeaderMap, HeaderValue};

use super::compare::{Match, Test};
use super::filter::{Filter, Paths};
use super::{Expand, Prefer, Query, Select, decode, encode};
use crate::graph::schema;
use crate::scheduling::Marker;

#[test]
fn options_are_decoded_and_written_back() {
    let query = Query::parse("%24top=5&startdatetime=2026-05-01T00:00:00%2B02:00&x=a+b%zz&&flag");
    assert_eq!(
        (query.get("$TOP"), query.get("x"), query.get("flag")),
        (Some("5"), Some("a b%zz"), Some(""))
    );
    let instant = query.instant("startDateTime").ok().flatten().expect("an instant");
    assert_eq!(instant.to_string(), "2026-04-30T22:00:00Z");
    let plus = Query::parse("startDateTime=2026-05-01T00:00:00+02:00");
    assert_eq!(plus.instant("startDateTime").ok().flatten(), Some(instant));
    assert_eq!(query.with("$top", Some("6")).with("flag", None).get("$top"), Some("6"));
    assert_eq!(decode(&encode("a'b c/ü{}")), "a'b c/ü{}");
    assert_eq!(
        query.number("x").map_err(|failure| failure.code),
        Err("ErrorInvalidUrlQuery".into())
    );
}

#[test]
fn filters_are_parsed_whatever_their_spacing() {
    let wanted = Filter::Extended {
        id: "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name X".to_owned(),
        test: Test::Text { how: Match::Equal, to: "v'w".to_owned() },
    };
    let id = "String {66f5a359-4659-4830-9070-00040ec6ac6e} Name X";
    for text in [
        format!("singleValueExtendedProperties/Any(ep: ep/id eq '{id}' and ep/value eq 'v''w')"),
        format!("singleValueExtendedProperties/any(p:p/Id eq '{id}' and p/Value eq 'v''w')"),
        format!(
            "( singleValueExtendedProperties/any( x : x/value eq 'v''w' and x/id eq '{id}' ) )"
        ),
    ] {
        assert_eq!(Filter::parse(&text, Paths::Events), Ok(wanted.clone()), "{text}");
    }
    let contains = format!(
        "singleValueExtendedProperties/Any(ep: ep/id eq '{id}' and contains(ep/value, 'v'))"
    );
    assert!(matches!(
        Filter::parse(&contains, Paths::Events),
        Ok(Filter::Extended { test: Test::Text { how: Match::Contains, .. }, .. })
    ));
    for text in [
        "singleValueExtendedProperties/Any(ep: ep/id eq 'x')".to_owned(),
        "singleValueExtendedProperties/Any(ep: q/id eq 'x' and ep/value eq 'y')".to_owned(),
        format!("{}subject eq 'x'{}", "(".repeat(40), ")".repeat(40)),
    ] {
        assert!(Filter::parse(&text, Paths::Events).is_err(), "{text}");
    }
}

#[test]
fn expansions_name_what_they_expand() {
    let parse =
        |text: &str| Expand::parse(&Query::parse(&format!("$expand={}", encode(text))), "event");
    let both =
        parse("exceptionOccurrences,singleValueExtendedProperties($filter=id eq 'A' or id eq 'B')");
    assert_eq!(
        both,
        Ok(Expand {
            extended: vec!["A".to_owned(), "B".to_owned()],
            exceptions: true,
            ..Expand::default()
        })
    );
    let nested =
        parse("exceptionOccurrences($select=subject,start)").map(|expand| expand.exceptions);
    assert_eq!(nested, Ok(true));
    for text in [
        "calendars",
        "multiValueExtendedProperties",
        "singleValueExtendedProperties",
        "singleValueExtendedProperties($filter=value eq 'x')",
        "exceptionOccurrences(",
    ] {
        assert!(parse(text).is_err(), "{text}");
    }
}

#[test]
fn selections_know_the_metadata() {
    let parse =
        |text: &str| Select::parse(&Query::parse(&format!("$select={text}")), &schema::EVENT);
    let select = parse("subject, start").expect("a selection");
    assert!(select.takes("subject") && !select.takes("end") && !select.names("end"));
    assert_eq!(parse("Subject").map_err(|failure| failure.code), Err("BadRequest".into()));
    assert!(Select::default().takes("end") && !Select::default().names("end"));
}

#[test]
fn preferences_come_in_one_header_or_several() {
    let mut headers = HeaderMap::new();
    let values = [
        "outlook.timezone=\"America/New_York\", odata.maxpagesize=7",
        "outlook.send-notifications=false, IdType=\"a,b\"",
        "outlook.body-content-type=\"TEXT\"",
    ];
    for value in values {
        headers.append("prefer", HeaderValue::from_static(value));
    }
    let prefer = Prefer::read(&headers);
    assert_eq!(
        (prefer.page(), prefer.marker(), prefer.wants_text()),
        (Some(7), Marker::Silent, true)
    );
    let applied = "outlook.timezone=\"America/New_York\", outlook.body-content-type=\"text\"";
    assert_eq!(prefer.applied().as_deref(), Some(applied));
    let none = Prefer::read(&HeaderMap::new());
    assert_eq!((none.page(), none.marker(), none.applied()), (None, Marker::Unsaid, None));
}
