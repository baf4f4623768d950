//! Content lines, well formed and not.

use super::{super::lines::Lines, *};

fn parse(text: &str) -> Result<Property, Fault> {
    Property::parse(&Lines::new(text.as_bytes()).next().expect("a line"))
}

#[track_caller]
fn check(text: &str, name: &str, params: &[(&str, &[&str])], value: &str) {
    let property = parse(text).expect("readable");
    let found: Vec<(&str, Vec<&str>)> = property
        .params
        .iter()
        .map(|(name, values)| (name.as_str(), values.iter().map(String::as_str).collect()))
        .collect();
    let expect: Vec<(&str, Vec<&str>)> =
        params.iter().map(|(name, values)| (*name, values.to_vec())).collect();
    assert_eq!((property.name.as_str(), found, property.value.as_str()), (name, expect, value));
}

#[track_caller]
fn refused(text: &str, line: u64, column: u64, what: &str) {
    let fault = parse(text).expect_err("refused");
    assert_eq!(fault, Fault { place: Place { line, column }, what: what.to_owned() });
}

#[test]
fn parameters_are_taken_apart() {
    check("SUMMARY:a:b;c", "SUMMARY", &[], "a:b;c");
    check("dtstart;tzid=Europe/Berlin:2", "DTSTART", &[("TZID", &["Europe/Berlin"])], "2");
    check(
        "ATTENDEE;CN=\"Smith, J: x;y\";MEMBER=\"mailto:a@example.com\",\"mailto:b@example.com\":mailto:c",
        "ATTENDEE",
        &[
            ("CN", &["Smith, J: x;y"]),
            ("MEMBER", &["mailto:a@example.com", "mailto:b@example.com"]),
        ],
        "mailto:c",
    );
    check("X;P=:v", "X", &[("P", &[""])], "v");
    check("A;CN=^'George^' ^^^n:v", "A", &[("CN", &["\"George\" ^\n"])], "v");
}

#[test]
fn faults_of_widespread_writers_are_read_as_meant() {
    check("SUMMARY;:x", "SUMMARY", &[], "x");
    check(" SUMMARY ; LANGUAGE = en :x", "SUMMARY", &[("LANGUAGE", &["en"])], "x");
    check(
        "A;SENT-BY=mailto:a@example.com:mailto:b",
        "A",
        &[("SENT-BY", &["mailto:a@example.com"])],
        "mailto:b",
    );
    check("D;TZID=(UTC+01:00) Bern, Rome:2", "D", &[("TZID", &["(UTC+01:00) Bern", "Rome"])], "2");
    check("D;TZID=(UTC+01:2", "D", &[("TZID", &["(UTC+01"])], "2");
    check("DTSTART;DATE:2", "DTSTART", &[("DATE", &[])], "2");
    check("A;CN=\"no end:x", "A", &[("CN", &["\"no end"])], "x");
}

#[test]
fn a_line_that_is_none_is_refused_with_its_place() {
    refused("hello world", 1, 1, "a line without a colon, so neither property nor fold");
    refused(":x", 1, 1, "a line that begins without a name");
    refused("A B:x", 1, 2, "a character that no property name may hold");
    refused("A;B=c\r\n ;d=e", 2, 2, "parameters without a colon behind them");
}

#[test]
fn escapes_are_removed_and_lists_split_outside_of_them() {
    assert_eq!(unescape(r"a\, b\; c\\d\ne\N\x\"), "a, b; c\\d\ne\n\\x\\");
    assert_eq!(split(r"a\,b,c\\,d,", ','), [r"a\,b", r"c\\", "d", ""]);
}

#[test]
fn the_parts_of_a_line_are_found_in_its_text() {
    let text = "attendee;CN=\"a;b:c\";x;ROLE=Chair,Y:mailto:d";
    let parts = anatomy(text).expect("a property");
    let params: Vec<(&str, &str)> =
        parts.params.iter().map(|(name, range)| (name.as_str(), &text[range.clone()])).collect();
    assert_eq!(params, [("CN", ";CN=\"a;b:c\""), ("X", ";x"), ("ROLE", ";ROLE=Chair,Y")]);
    assert_eq!(&text[parts.value..], "mailto:d");
    assert_eq!(anatomy("no colon"), None);
    assert_eq!(anatomy("A;B=c"), None);
}
