//! Which zone a TZID means.

use super::{super::super::When, *};

const CENTRAL_EUROPE: &str = "BEGIN:STANDARD
DTSTART:16011028T030000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010325T020000
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT";

fn fixed(offset: &str) -> String {
    format!(
        "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:{offset}\nTZOFFSETTO:{offset}\nEND:STANDARD"
    )
}

fn defined(id: &str, rules: &str) -> String {
    format!("BEGIN:VTIMEZONE\nTZID:{id}\n{rules}\nEND:VTIMEZONE\n")
}

/// The start of an event at 10:00 on 16 July 2026 in the zone of this id.
#[track_caller]
fn start(id: &str, definition: &str, rule: &str) -> When {
    let event = vevent(&format!("DTSTART;TZID=\"{id}\":20260716T100000{rule}"));
    one(&format!("{definition}{event}")).start
}

#[track_caller]
fn check(id: &str, definition: &str, zone: &str) {
    let start = start(id, definition, "\nRRULE:FREQ=WEEKLY");
    assert_eq!(start.zone().map(ToString::to_string).as_deref(), Some(zone), "{id}");
    assert_eq!(start.local().to_string(), "2026-07-16T10:00:00");
}

#[test]
fn names_speak_for_themselves() {
    check("Europe/Vienna", "", "Europe/Vienna");
    check("america/NEW_YORK", "", "America/New_York");
    check("W. Europe Standard Time", "", "Europe/Berlin");
    check("pacific standard time", "", "America/Los_Angeles");
    check("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "", "Europe/Berlin");
    check("(GMT-05.00) Eastern Time (US & Canada)", "", "America/New_York");
    check("Eastern Time (US & Canada)", "", "America/New_York");
    check("tzone://Microsoft/Utc", "", "Etc/UTC");
    check("/freeassociation.sourceforge.net/Europe/Berlin", "", "Europe/Berlin");
    check(
        "/mozilla.org/20050126_1/America/Argentina/Buenos_Aires",
        "",
        "America/Argentina/Buenos_Aires",
    );
    check("/example.com/UTC", "", "Etc/UTC");
    check("Western/Central Europe", "", "Europe/Berlin");
    check("UTC+2", "", "Etc/GMT-2");
    check("GMT-0300", "", "Etc/GMT+3");
}

#[test]
fn a_known_name_wins_over_rules_that_say_otherwise() {
    check("Asia/Tokyo", &defined("Asia/Tokyo", CENTRAL_EUROPE), "Asia/Tokyo");
    let hinted = format!("X-LIC-LOCATION:Europe/Zurich\n{CENTRAL_EUROPE}");
    check("Mine", &defined("Mine", &hinted), "Europe/Zurich");
    let linked = format!("TZURL:http://tzurl.org/zoneinfo/Europe/Oslo.ics\n{CENTRAL_EUROPE}");
    check("Mine", &defined("Mine", &linked), "Europe/Oslo");
}

#[test]
fn unknown_names_go_by_their_rules() {
    check(
        "Customized Time Zone",
        &defined("Customized Time Zone", CENTRAL_EUROPE),
        "Europe/Berlin",
    );
    let confused = CENTRAL_EUROPE.replace("16011028T030000", "16011028T020000");
    check("Notes", &defined("Notes", &confused), "Europe/Berlin");
    let american = CENTRAL_EUROPE
        .replace(
            "16011028T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10",
            "20071104T020000\nRRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11",
        )
        .replace(
            "16010325T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3",
            "20070311T020000\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3",
        )
        .replace("+0100", "-0500")
        .replace("+0200", "-0400");
    check("Boston", &defined("Boston", &american), "America/New_York");
    check("Somewhere", &defined("Somewhere", &fixed("+0300")), "Etc/GMT-3");
    check("Somewhere", &defined("Somewhere", &fixed("-0000")), "Etc/UTC");
    check("Somewhere", &defined("Somewhere", &fixed("+0530")), "Asia/Kolkata");
    // The rules of a southern zone, by set position and with an end that is long past before.
    let sydney = "BEGIN:DAYLIGHT
DTSTART:20081005T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=SU;BYSETPOS=1
TZOFFSETFROM:+1000
TZOFFSETTO:+1100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20080406T030000
RRULE:FREQ=YEARLY;BYMONTH=4;BYDAY=1SU
TZOFFSETFROM:+1100
TZOFFSETTO:+1000
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:19871025T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU;UNTIL=20071027T160000Z
TZOFFSETFROM:+1000
TZOFFSETTO:+1100
END:DAYLIGHT";
    check("Down under", &defined("Down under", sydney), "Australia/Sydney");
}

#[test]
fn a_zone_like_no_other_still_gives_single_moments() {
    let odd = CENTRAL_EUROPE.replace("BYMONTH=3", "BYMONTH=5").replace("16010325", "16010531");
    let odd = defined("Odd", &odd);
    assert_eq!(
        start("Odd", &odd, "").zone().map(ToString::to_string).as_deref(),
        Some("Etc/GMT-2")
    );
    // The clock goes back from 03:00 to 02:00 on 25 October and forward at 02:00 on 31 May.
    let at = |time: &str| {
        let event = vevent(&format!("DTSTART;TZID=Odd:{time}"));
        one(&format!("{odd}{event}")).start.instant().map(|at| at.to_string())
    };
    assert_eq!(at("20261025T023000").as_deref(), Some("2026-10-25T00:30:00Z"));
    assert_eq!(at("20260531T023000").as_deref(), Some("2026-05-31T01:30:00Z"));
    let half = odd.replace("+0200", "+0130");
    let start = start("Odd", &half, "");
    assert_eq!(start.instant().map(|at| at.to_string()).as_deref(), Some("2026-07-16T08:30:00Z"));
    let series = vevent("DTSTART;TZID=Odd:20260716T100000\nRRULE:FREQ=WEEKLY");
    refused(
        &calendar(&format!("{odd}{series}")),
        20,
        18,
        "DTSTART: time zone `Odd` has rules of no known zone",
    );
}

#[test]
fn what_nobody_defines_is_refused() {
    refused(
        &calendar(&vevent("DTSTART;TZID=Mars/Olympus:20260716T100000")),
        5,
        27,
        "DTSTART: time zone `Mars/Olympus` is neither a known name nor defined in the file",
    );
}

#[test]
fn floating_and_utc_times_need_no_zone() {
    let floating = one(&vevent("DTSTART:20260716T100000")).start;
    assert!(matches!(floating, When::Floating(_)));
    let utc = one(&vevent("DTSTART;TZID=Europe/Berlin:20260716T100000Z")).start;
    assert_eq!(utc.zone().map(ToString::to_string).as_deref(), Some("Etc/UTC"));
}
