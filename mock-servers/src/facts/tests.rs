//! The normal form of rules, texts and points in time.

use jiff::civil::date;

use super::{exception, place, plain_text, point, rule_text, squash};
use crate::recurrence;
use crate::world::{self, Rule, When, Zone};

fn berlin(hour: i8) -> When {
    When::Zoned(date(2026, 5, 4).at(hour, 0, 0, 0), Zone::iana("Europe/Berlin").unwrap())
}

fn read(rule: &str) -> Rule {
    let text = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:u\r\n\
         DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20260504T090000\r\n\
         RRULE:{rule}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    world::read(text.as_bytes()).unwrap().events[0].rule.clone().unwrap()
}

#[test]
fn equal_rules_have_one_form() {
    // 4 May 2026 is a Monday.
    let cases = [
        ("FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO"),
        ("FREQ=WEEKLY;BYDAY=WE,MO;WKST=SU", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,WE"),
        ("FREQ=WEEKLY;INTERVAL=2", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=MO"),
        ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO;WKST=SU"),
        ("FREQ=DAILY;COUNT=5", "FREQ=DAILY;INTERVAL=1;COUNT=5"),
        ("FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", "FREQ=WEEKLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR"),
        ("FREQ=MONTHLY", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=4"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1", "FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO"),
        ("FREQ=MONTHLY;BYDAY=1MO", "FREQ=MONTHLY;INTERVAL=1;BYDAY=1MO"),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=MONTHLY;INTERVAL=1;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        ),
        ("FREQ=YEARLY", "FREQ=YEARLY;INTERVAL=1;BYMONTH=5;BYMONTHDAY=4"),
        ("FREQ=YEARLY;BYMONTH=5;BYDAY=MO;BYSETPOS=1", "FREQ=YEARLY;INTERVAL=1;BYMONTH=5;BYDAY=1MO"),
        ("FREQ=DAILY;BYHOUR=9;BYMINUTE=0;BYSECOND=0", "FREQ=DAILY;INTERVAL=1"),
        ("FREQ=DAILY;BYHOUR=10,9", "FREQ=DAILY;INTERVAL=1;BYHOUR=9,10"),
        (
            "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD",
            "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=-1",
        ),
        (
            "RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=30;SKIP=BACKWARD",
            "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=28,29,30;BYSETPOS=-1",
        ),
        (
            "RSCALE=GREGORIAN;FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;SKIP=BACKWARD",
            "FREQ=YEARLY;INTERVAL=1;BYMONTH=2;BYMONTHDAY=-1",
        ),
        ("RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=4"),
        // The bound is 9:00 in Berlin, then a second before it.
        ("FREQ=DAILY;UNTIL=20260510T070000Z", "FREQ=DAILY;INTERVAL=1;UNTIL=2026-05-10"),
        ("FREQ=DAILY;UNTIL=20260510T065959Z", "FREQ=DAILY;INTERVAL=1;UNTIL=2026-05-09"),
    ];
    for (given, expected) in cases {
        assert_eq!(rule_text(&read(given), &berlin(9)), expected, "{given}");
    }
}

#[test]
fn points_are_instants_days_or_floating() {
    assert_eq!(point(&berlin(9)), "2026-05-04T07:00:00Z");
    assert_eq!(point(&When::Date(date(2026, 5, 4))), "2026-05-04");
    let floating = When::Floating(date(2026, 5, 4).at(9, 0, 0, 0));
    assert_eq!(point(&floating), "floating:2026-05-04T09:00:00");
    // 2:30 does not exist on that night: the offset before the gap counts.
    let zone = Zone::iana("Europe/Berlin").unwrap();
    let gap = When::Zoned(date(2026, 3, 29).at(2, 30, 0, 0), zone);
    assert_eq!(point(&gap), "2026-03-29T01:30:00Z");
}

#[test]
fn texts_are_squashed_and_stripped_of_markup() {
    assert_eq!(squash("  a\r\n\tb\u{a0}c \u{200b}"), "a b c");
    let cases = [
        ("<p>Hello <b>wor</b>ld</p><p>again</p>", "Hello world again"),
        ("a<br>b<br/>c", "a b c"),
        ("<html><head><title>no</title><style>p{}</style></head><body>yes</body></html>", "yes"),
        ("1 &lt; 2 &amp;&#32;&#x41;&nbsp;&unknown; &", "1 < 2 & A &unknown; &"),
        ("<!-- hidden > --> shown", "shown"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<script>alert('<p>')</script>x", "x"),
        ("<p unfinished", ""),
        ("ü<style>ü", "ü"),
    ];
    for (html, expected) in cases {
        assert_eq!(plain_text(html), expected, "{html}");
    }
}

#[test]
fn places_and_exceptions_have_one_form() {
    assert_eq!(place(["Room  2", "", "Atrium", "Room 2"]), "Atrium; Room 2");
    assert_eq!(exception(" A  b ", "x", "y"), "A b|x|y");
}

#[test]
fn occurrences_are_local_and_bounded() {
    let days = |rule: &str, count: usize| -> Vec<String> {
        let found = recurrence::occurrences(&read(rule), &berlin(9));
        found.take(count).map(|local| local.to_string()).collect()
    };
    assert_eq!(
        days("FREQ=MONTHLY;BYMONTHDAY=31", 3),
        ["2026-05-04T09:00:00", "2026-05-31T09:00:00", "2026-07-31T09:00:00"],
        "the start is always the first"
    );
    assert_eq!(
        days("RSCALE=GREGORIAN;FREQ=MONTHLY;BYMONTHDAY=31;SKIP=BACKWARD", 3),
        ["2026-05-04T09:00:00", "2026-05-31T09:00:00", "2026-06-30T09:00:00"]
    );
    assert_eq!(days("FREQ=WEEKLY;COUNT=2", 9).len(), 2);
    assert_eq!(days("FREQ=DAILY;UNTIL=20260506T070000Z", 9).len(), 3);
    assert_eq!(days("FREQ=DAILY;UNTIL=20260506T065959Z", 9).len(), 2);
    let endless = recurrence::occurrences(&read("FREQ=SECONDLY"), &berlin(9));
    assert_eq!(endless.count(), recurrence::MOST);
    // Ten years of winter and summer at nine.
    let given = date(2036, 5, 5).at(9, 0, 0, 0);
    assert!(recurrence::generates(&read("FREQ=WEEKLY"), &berlin(9), given));
    assert!(!recurrence::generates(
        &read("FREQ=WEEKLY"),
        &berlin(9),
        given.with().hour(8).build().unwrap()
    ));
}
