//! Events in iCalendar to the Graph resources that they become, and the reasons of those that
//! cannot.

mod pattern;

use serde_json::json;

use super::{super::read, *};

const OWNER: &str = "owner@example.com";

fn token() -> Lineage {
    Lineage::from_number(1)
}

/// The first event of a calendar with these components, written.
fn written(components: &str) -> Result<GraphEvent, Unwritable> {
    let text = format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR\n", components.trim());
    let read = read(text.as_bytes()).expect("readable");
    graph(&read.events[0], &token(), OWNER)
}

fn vevent(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:u1\nSUMMARY:T\n{}\nEND:VEVENT", lines.trim())
}

#[track_caller]
fn body(lines: &str) -> Map<String, Value> {
    written(&vevent(lines)).expect("writable").body
}

#[test]
fn an_event_with_nothing_has_every_property_at_its_default() {
    assert_eq!(
        Value::Object(body("DTSTART;TZID=Europe/Berlin:20260416T100000\nDURATION:PT1H")),
        json!({
            "subject": format!("T {}", token()),
            "body": { "contentType": "text", "content": "" },
            "start": { "dateTime": "2026-04-16T10:00:00.0000000", "timeZone": "W. Europe Standard Time" },
            "end": { "dateTime": "2026-04-16T11:00:00.0000000", "timeZone": "W. Europe Standard Time" },
            "originalStartTimeZone": "W. Europe Standard Time",
            "originalEndTimeZone": "W. Europe Standard Time",
            "isAllDay": false,
            "isCancelled": false,
            "location": { "displayName": "", "locationType": "default" },
            "locations": [],
            "attendees": [],
            "isOrganizer": true,
            "organizer": { "emailAddress": { "name": OWNER, "address": OWNER } },
            "responseStatus": { "response": "organizer", "time": NEVER },
            "responseRequested": true,
            "sensitivity": "normal",
            "importance": "normal",
            "showAs": "busy",
            "isReminderOn": false,
            "reminderMinutesBeforeStart": 15,
            "categories": [],
            "isOnlineMeeting": false,
            "recurrence": null,
        })
    );
}

#[test]
fn everything_that_graph_has_a_property_for_is_written() {
    let body = body(
        "DTSTART;TZID=Europe/Vienna:20260416T100000
DTEND;TZID=Asia/Tokyo:20260416T180000
DESCRIPTION:plain
X-ALT-DESC;FMTTYPE=text/html:<p>rich</p>
LOCATION:Room
GEO:52.5;13.25
CATEGORIES:b,a
CLASS:PRIVATE
PRIORITY:1
STATUS:CANCELLED
ORGANIZER;CN=Boss:mailto:boss@example.com
ATTENDEE;ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:boss@example.com
ATTENDEE;CN=Me;PARTSTAT=TENTATIVE:mailto:OWNER@example.com
ATTENDEE;ROLE=OPT-PARTICIPANT;PARTSTAT=DECLINED:mailto:o@example.com
ATTENDEE;CUTYPE=ROOM;EMAIL=room@example.com:urn:uuid:1
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-PT5M
END:VALARM
BEGIN:VALARM
ACTION:DISPLAY
TRIGGER:-P1D
END:VALARM",
    );
    let attendee = |kind: &str, response: &str, name: &str, address: &str| {
        json!({
            "type": kind,
            "status": { "response": response, "time": NEVER },
            "emailAddress": { "name": name, "address": address },
        })
    };
    let place = json!({
        "displayName": "Room",
        "locationType": "default",
        "coordinates": { "latitude": 52.5, "longitude": 13.25 },
    });
    let expect = json!({
        "body": { "contentType": "html", "content": "<p>rich</p>" },
        "start": { "dateTime": "2026-04-16T10:00:00.0000000", "timeZone": "Europe/Vienna" },
        "end": { "dateTime": "2026-04-16T18:00:00.0000000", "timeZone": "Tokyo Standard Time" },
        "originalEndTimeZone": "Tokyo Standard Time",
        "isCancelled": true,
        "location": place,
        "locations": [place],
        "categories": ["a", "b"],
        "sensitivity": "private",
        "importance": "high",
        "isOrganizer": false,
        "organizer": { "emailAddress": { "name": "Boss", "address": "boss@example.com" } },
        "responseStatus": { "response": "tentativelyAccepted", "time": NEVER },
        "attendees": [
            attendee("required", "tentativelyAccepted", "Me", "OWNER@example.com"),
            attendee("optional", "declined", "o@example.com", "o@example.com"),
            attendee("resource", "none", "room@example.com", "room@example.com"),
        ],
        "isReminderOn": true,
        "reminderMinutesBeforeStart": 1440,
    });
    for (name, value) in expect.as_object().expect("an object") {
        assert_eq!(body.get(name), Some(value), "{name}");
    }
}

#[test]
fn days_stand_at_midnight_in_utc() {
    let body = body(
        "DTSTART;VALUE=DATE:20260416\nDTEND;VALUE=DATE:20260418\nCLASS:CONFIDENTIAL\nPRIORITY:9",
    );
    assert_eq!(
        body["start"],
        json!({ "dateTime": "2026-04-16T00:00:00.0000000", "timeZone": "UTC" })
    );
    assert_eq!(
        body["end"],
        json!({ "dateTime": "2026-04-18T00:00:00.0000000", "timeZone": "UTC" })
    );
    assert_eq!(body["originalStartTimeZone"], json!("UTC"));
    assert_eq!(body["isAllDay"], json!(true));
    assert_eq!(body["sensitivity"], json!("confidential"));
    assert_eq!(body["importance"], json!("low"));
}

#[test]
fn the_state_shown_is_the_finest_that_is_known() {
    let shown = |lines: &str| body(&format!("DTSTART:20260416T100000Z\n{lines}"))["showAs"].clone();
    assert_eq!(shown("TRANSP:TRANSPARENT\nX-MICROSOFT-CDO-BUSYSTATUS:OOF"), json!("free"));
    assert_eq!(shown("X-MICROSOFT-CDO-BUSYSTATUS:OOF"), json!("oof"));
    assert_eq!(shown("X-MICROSOFT-CDO-BUSYSTATUS:WORKINGELSEWHERE"), json!("workingElsewhere"));
    assert_eq!(shown("STATUS:TENTATIVE"), json!("tentative"));
    assert_eq!(shown("X-MICROSOFT-CDO-BUSYSTATUS:BUSY"), json!("busy"));
}

#[test]
fn of_alarms_the_one_before_the_start_is_kept() {
    let reminder = |alarm: &str, more: &str| {
        let alarm = format!("BEGIN:VALARM\n{alarm}\nEND:VALARM");
        let body = body(&format!("DTSTART:20260416T100000Z\n{more}{alarm}"));
        body["isReminderOn"]
            .as_bool()
            .expect("a flag")
            .then(|| body["reminderMinutesBeforeStart"].clone())
    };
    assert_eq!(reminder("TRIGGER:-PT90S", ""), Some(json!(2)));
    assert_eq!(reminder("TRIGGER:PT0S", ""), Some(json!(0)));
    assert_eq!(reminder("TRIGGER;VALUE=DATE-TIME:20260416T090000Z", ""), Some(json!(60)));
    assert_eq!(reminder("TRIGGER;VALUE=DATE-TIME:20260416T090000Z", "RRULE:FREQ=DAILY\n"), None);
    assert_eq!(reminder("TRIGGER:PT5M", ""), None);
    assert_eq!(reminder("TRIGGER;RELATED=END:-PT5M", ""), None);
    assert_eq!(reminder("ACTION:EMAIL\nTRIGGER:-PT5M", ""), None);
}

/// Thursday, 16 April 2026, the third Thursday of its month.
const THURSDAY: &str = "DTSTART;TZID=Europe/Berlin:20260416T100000";

#[track_caller]
fn check_pattern(start: &str, rule: &str, expect: Value) {
    let recurrence = &body(&format!("{start}\nRRULE:{rule}"))["recurrence"];
    assert_eq!(recurrence["pattern"], expect, "{rule}");
}

#[test]
fn rules_become_one_of_six_patterns() {
    check_pattern(THURSDAY, "FREQ=DAILY;INTERVAL=3", json!({ "type": "daily", "interval": 3 }));
    let weekly = |interval: u8, days: &[&str], first: &str| json!({ "type": "weekly", "interval": interval, "daysOfWeek": days, "firstDayOfWeek": first });
    check_pattern(THURSDAY, "FREQ=WEEKLY", weekly(1, &["thursday"], "monday"));
    check_pattern(
        THURSDAY,
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH,SU;WKST=SU",
        weekly(2, &["sunday", "thursday"], "sunday"),
    );
    let weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    check_pattern(THURSDAY, "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR", weekly(1, &weekdays, "monday"));
    check_pattern(THURSDAY, "FREQ=MONTHLY;BYDAY=TH", weekly(1, &["thursday"], "monday"));
    check_pattern(
        THURSDAY,
        "FREQ=MONTHLY;INTERVAL=2",
        json!({ "type": "absoluteMonthly", "interval": 2, "dayOfMonth": 16 }),
    );
    let relative = |days: &[&str], index: &str| json!({ "type": "relativeMonthly", "interval": 1, "daysOfWeek": days, "index": index });
    check_pattern(THURSDAY, "FREQ=MONTHLY;BYDAY=3TH", relative(&["thursday"], "third"));
    check_pattern(THURSDAY, "FREQ=MONTHLY;BYDAY=TH;BYSETPOS=3", relative(&["thursday"], "third"));
    let last = "DTSTART:20260430T100000Z";
    check_pattern(last, "FREQ=MONTHLY;BYDAY=-1TH", relative(&["thursday"], "last"));
    check_pattern(
        last,
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        relative(&weekdays, "last"),
    );
    let week = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
    check_pattern(last, "FREQ=MONTHLY;BYMONTHDAY=-1", relative(&week, "last"));
    check_pattern(
        THURSDAY,
        "FREQ=YEARLY",
        json!({ "type": "absoluteYearly", "interval": 1, "dayOfMonth": 16, "month": 4 }),
    );
    check_pattern(
        "DTSTART;VALUE=DATE:20260331",
        "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=31",
        json!({ "type": "absoluteYearly", "interval": 1, "dayOfMonth": 31, "month": 3 }),
    );
    check_pattern(
        THURSDAY,
        "FREQ=YEARLY;BYMONTH=4;BYDAY=3TH",
        json!({
            "type": "relativeYearly",
            "interval": 1,
            "daysOfWeek": ["thursday"],
            "index": "third",
            "month": 4,
        }),
    );
    // Graph moves day 31 to the last day of the month, as SKIP=BACKWARD does.
    check_pattern(
        "DTSTART:20260331T100000Z",
        "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=BACKWARD",
        json!({ "type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31 }),
    );
    check_pattern(
        THURSDAY,
        "FREQ=DAILY;BYHOUR=10;BYMINUTE=0;BYSECOND=0",
        json!({ "type": "daily", "interval": 1 }),
    );
}

#[track_caller]
fn check_range(start: &str, rule: &str, expect: Value) {
    let recurrence = &body(&format!("{start}\nRRULE:{rule}"))["recurrence"];
    assert_eq!(recurrence["range"], expect, "{rule}");
}

#[test]
fn ranges_end_with_the_last_day_on_which_an_occurrence_may_start() {
    let zone = "W. Europe Standard Time";
    let ends = |last: &str| json!({ "type": "endDate", "startDate": "2026-04-16", "endDate": last, "recurrenceTimeZone": zone });
    check_range(
        THURSDAY,
        "FREQ=DAILY",
        json!({ "type": "noEnd", "startDate": "2026-04-16", "recurrenceTimeZone": zone }),
    );
    check_range(
        THURSDAY,
        "FREQ=DAILY;COUNT=5",
        json!({ "type": "numbered", "startDate": "2026-04-16", "numberOfOccurrences": 5, "recurrenceTimeZone": zone }),
    );
    check_range(THURSDAY, "FREQ=DAILY;UNTIL=20260501", ends("2026-05-01"));
    check_range(THURSDAY, "FREQ=DAILY;UNTIL=20260501T080000Z", ends("2026-05-01"));
    check_range(THURSDAY, "FREQ=DAILY;UNTIL=20260501T075959Z", ends("2026-04-30"));
    check_range(THURSDAY, "FREQ=DAILY;UNTIL=20260501T220000Z", ends("2026-05-01"));
    check_range(
        "DTSTART;VALUE=DATE:20260416",
        "FREQ=DAILY;UNTIL=20260501",
        json!({ "type": "endDate", "startDate": "2026-04-16", "endDate": "2026-05-01", "recurrenceTimeZone": "UTC" }),
    );
}

#[test]
fn exceptions_stand_by_their_original_start_and_excluded_dates_are_cancelled() {
    let master = vevent(&format!(
        "{THURSDAY}
RRULE:FREQ=WEEKLY;COUNT=5
EXDATE;TZID=Europe/Berlin:20260430T100000,20260501T100000,20270101T100000"
    ));
    let exception = vevent(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260423T100000
DTSTART;TZID=Europe/Berlin:20260424T110000
LOCATION:Elsewhere",
    );
    let event = written(&format!("{master}\n{exception}")).expect("writable");
    assert_eq!(event.cancelled, ["2026-04-30T08:00:00Z"], "what is no occurrence is not cancelled");
    let keys: Vec<&String> = event.exceptions.keys().collect();
    assert_eq!(keys, ["2026-04-23T08:00:00Z"]);
    let changed = &event.exceptions["2026-04-23T08:00:00Z"];
    assert_eq!(changed["originalStart"], json!("2026-04-23T08:00:00Z"));
    assert_eq!(changed["subject"], json!(format!("T {}", token())));
    assert_eq!(changed["start"]["dateTime"], json!("2026-04-24T11:00:00.0000000"));
    assert_eq!(changed["location"]["displayName"], json!("Elsewhere"));
    assert_eq!(changed.get("recurrence"), None);
    let days = vevent("DTSTART;VALUE=DATE:20260416\nRRULE:FREQ=DAILY\nEXDATE;VALUE=DATE:20260418");
    assert_eq!(written(&days).expect("writable").cancelled, ["2026-04-18T00:00:00Z"]);
}

#[track_caller]
fn check_refused(components: &str, property: &str, reason: &str) {
    let expect = Unwritable { property: property.to_owned(), reason: reason.to_owned() };
    assert_eq!(written(components).expect_err("refused"), expect);
}

#[track_caller]
fn check_rule_refused(start: &str, rule: &str, reason: &str) {
    check_refused(&vevent(&format!("{start}\nRRULE:{rule}")), "RRULE", reason);
}

#[test]
fn what_graph_cannot_express_is_refused_with_a_stable_reason() {
    check_refused(
        &vevent("DTSTART:20260416T100000"),
        "DTSTART",
        "a time without a zone: Graph keeps every time in one",
    );
    check_refused(
        &vevent(&format!("{THURSDAY}\nRDATE:20260501T100000Z")),
        "RDATE",
        "added dates: a Graph series has a pattern and nothing else",
    );
    let stray = vevent("RECURRENCE-ID:20260424T080000Z\nDTSTART:20260424T090000Z");
    check_refused(
        &format!("{}\n{stray}", vevent(&format!("{THURSDAY}\nRRULE:FREQ=WEEKLY"))),
        "RECURRENCE-ID",
        "a changed occurrence that the rule does not give",
    );
    check_refused(
        &vevent(&format!("{THURSDAY}\nATTENDEE:urn:uuid:1")),
        "ATTENDEE",
        "an attendee or organizer without a mail address",
    );
    check_refused(
        &vevent(&format!("{THURSDAY}\nORGANIZER:invalid:nomail")),
        "ORGANIZER",
        "an attendee or organizer without a mail address",
    );
    check_refused(
        &vevent("DTSTART;TZID=Europe/Berlin:20260329T023000\nRRULE:FREQ=WEEKLY"),
        "DTSTART",
        "a series whose first start is skipped by the clocks of its zone",
    );
    let many: String = (0..501).map(|nth| format!("\nATTENDEE:mailto:{nth}@example.com")).collect();
    check_refused(&vevent(&format!("{THURSDAY}{many}")), "ATTENDEE", "more than 500 attendees");
}

#[test]
fn rules_that_no_pattern_gives_are_refused_with_a_stable_reason() {
    let check = |rule: &str, reason: &str| check_rule_refused(THURSDAY, rule, reason);
    check("RSCALE=CHINESE;FREQ=YEARLY", "a rule in a calendar that is not Gregorian");
    check(
        "RSCALE=GREGORIAN;FREQ=MONTHLY;SKIP=FORWARD",
        "SKIP=FORWARD: Graph moves days that do not exist backward only",
    );
    check("FREQ=HOURLY", "several occurrences a day");
    check("FREQ=MINUTELY", "several occurrences a day");
    check("FREQ=SECONDLY", "several occurrences a day");
    check("FREQ=DAILY;BYHOUR=10,16", "several occurrences a day");
    check("FREQ=WEEKLY;UNTIL=20260401", "a rule that ends before the first start");
    check("FREQ=WEEKLY;BYDAY=MO", "a first start that the rule itself does not give");
    check("FREQ=MONTHLY;BYDAY=2TH", "a first start that the rule itself does not give");
    check("FREQ=MONTHLY;BYMONTHDAY=17", "a first start that the rule itself does not give");
    check(
        "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=16",
        "a first start that the rule itself does not give",
    );
    check("FREQ=DAILY;COUNT=1000", "a count or interval above 999");
    check("FREQ=DAILY;INTERVAL=1000", "a count or interval above 999");
    let daily = "a daily rule with more than weekdays, or weekdays of every n-th day";
    check("FREQ=DAILY;BYMONTH=4", daily);
    check("FREQ=DAILY;INTERVAL=2;BYDAY=TH", daily);
    check("FREQ=WEEKLY;BYDAY=TH;BYMONTH=4", "a weekly rule with more than weekdays");
    check("FREQ=WEEKLY;BYDAY=TH,FR;BYSETPOS=1", "a weekly rule with more than weekdays");
    check("FREQ=MONTHLY;BYMONTHDAY=1,16", "several days of the month");
    check(
        "FREQ=MONTHLY;BYMONTHDAY=-15",
        "a day counted from the end of the month other than the last",
    );
    let short = "a day that some months lack: Graph moves it to their last day where the rule leaves it out";
    check_rule_refused("DTSTART:20260131T100000Z", "FREQ=MONTHLY", short);
    check_rule_refused("DTSTART:20280229T100000Z", "FREQ=YEARLY", short);
    check("FREQ=MONTHLY;BYDAY=TH;BYMONTHDAY=16", "days of the month together with weekdays");
    check("FREQ=MONTHLY;BYDAY=1TH,3TH", "several weekdays of which each has its own number");
    check("FREQ=MONTHLY;BYDAY=5TH", "a weekday other than the first to fourth or the last");
    check("FREQ=MONTHLY;BYDAY=-2TH", "a weekday other than the first to fourth or the last");
    let every = "each of a weekday in every n-th month or in some months only";
    check("FREQ=MONTHLY;INTERVAL=2;BYDAY=TH", every);
    check("FREQ=YEARLY;BYMONTH=4;BYDAY=TH", every);
    let position = "BYSETPOS other than one of 1 to 4 and -1 over weekdays";
    check("FREQ=MONTHLY;BYDAY=TH,FR;BYSETPOS=1,3", position);
    check("FREQ=MONTHLY;BYDAY=TH,FR;BYSETPOS=5", position);
    check("FREQ=MONTHLY;BYMONTHDAY=16,17;BYSETPOS=1", position);
    let months = "several months, or months of a rule that is not yearly";
    check("FREQ=YEARLY;BYMONTH=4,10;BYMONTHDAY=16", months);
    check("FREQ=MONTHLY;BYMONTH=4;BYMONTHDAY=16", months);
    check("FREQ=YEARLY;BYYEARDAY=106", "days of the year");
    check("FREQ=YEARLY;BYWEEKNO=16", "weeks of the year");
    check("FREQ=YEARLY;BYDAY=16TH", "weekdays of the year instead of a month");
    check("FREQ=YEARLY;BYMONTHDAY=16", "a day of the month in a yearly rule without a month");
}
