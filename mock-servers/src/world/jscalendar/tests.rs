//! Events in iCalendar to the JSCalendar objects that they become.

use calamity_evidence::Lineage;
use serde_json::{Map, Value, json};

use super::{super::read, *};

const OWNER: &str = "owner@example.com";

/// The object of the first event of a calendar with these components.
#[track_caller]
fn object(components: &str) -> Map<String, Value> {
    let text = format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR\n", components.trim());
    let read = read(text.as_bytes()).expect("readable");
    jscalendar(&read.events[0], &Lineage::from_number(1), OWNER).expect("writable")
}

fn vevent(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:u1\nSUMMARY:T\n{}\nEND:VEVENT", lines.trim())
}

/// What the lines of an event add to an object of UID and title.
#[track_caller]
fn check(lines: &str, expect: Value) {
    let mut object = object(&vevent(lines));
    let fixed = json!({
        "@type": "Event",
        "version": "2.0",
        "uid": "u1",
        "title": format!("T {}", Lineage::from_number(1)),
    });
    for (name, value) in fixed.as_object().expect("an object") {
        assert_eq!(object.remove(name).as_ref(), Some(value), "{name}");
    }
    assert_eq!(Value::Object(object), expect);
}

/// One member of an event of these lines.
#[track_caller]
fn member(lines: &str, name: &str) -> Value {
    object(&vevent(lines)).remove(name).unwrap_or(Value::Null)
}

const AT_TEN: &str = "DTSTART;TZID=Europe/Berlin:20260416T100000";

#[test]
fn times_are_local_with_a_zone_beside_them() {
    check(
        "DTSTART;TZID=W. Europe Standard Time:20260416T100000\nDURATION:PT1H30M",
        json!({ "start": "2026-04-16T10:00:00", "timeZone": "Europe/Berlin", "duration": "PT1H30M" }),
    );
    check(
        "DTSTART:20260416T100000Z",
        json!({ "start": "2026-04-16T10:00:00", "timeZone": "Etc/UTC", "duration": "PT0S" }),
    );
    check("DTSTART:20260416T100000", json!({ "start": "2026-04-16T10:00:00", "duration": "PT0S" }));
    check(
        "DTSTART;VALUE=DATE:20260416",
        json!({ "start": "2026-04-16T00:00:00", "duration": "P1D", "showWithoutTime": true }),
    );
    check(
        "DTSTART;TZID=Europe/Berlin:20260401T090000\nDTEND;TZID=Asia/Tokyo:20260402T023000",
        json!({
            "start": "2026-04-01T09:00:00",
            "timeZone": "Europe/Berlin",
            "endTimeZone": "Asia/Tokyo",
            "duration": "PT10H30M",
        }),
    );
}

#[test]
fn texts_and_marks_have_their_members() {
    check(
        "DTSTART:20260416T100000Z
DESCRIPTION;LANGUAGE=de:plain
STYLED-DESCRIPTION;FMTTYPE=text/html:<b>rich</b>
LOCATION:Room
GEO:52.5;-13.25
CATEGORIES:a,b
CONCEPT:https://example.com/c
CLASS:CONFIDENTIAL
TRANSP:TRANSPARENT
STATUS:TENTATIVE
PRIORITY:3
COLOR:red
SEQUENCE:2
CREATED:20260101T000000Z
DTSTAMP:20260102T000000Z
URL:https://example.com/
RELATED-TO:u2
CONFERENCE;FEATURE=VIDEO;LABEL=Join:https://example.com/join
ATTACH;FMTTYPE=text/plain;SIZE=3:https://example.com/a.txt
IMAGE;DISPLAY=THUMBNAIL:https://example.com/i.png
X-FOO;X-P=1:bar\\,baz",
        json!({
            "start": "2026-04-16T10:00:00",
            "timeZone": "Etc/UTC",
            "duration": "PT0S",
            "description": "<b>rich</b>",
            "descriptionContentType": "text/html",
            "locale": "de",
            "locations": { "1": { "@type": "Location", "name": "Room", "coordinates": "geo:52.5,-13.25" } },
            "keywords": { "a": true, "b": true },
            "categories": { "https://example.com/c": true },
            "privacy": "secret",
            "freeBusyStatus": "free",
            "status": "tentative",
            "priority": 3,
            "color": "red",
            "sequence": 2,
            "created": "2026-01-01T00:00:00Z",
            "updated": "2026-01-02T00:00:00Z",
            "relatedTo": { "u2": { "@type": "Relation", "relation": { "parent": true } } },
            "virtualLocations": { "1": {
                "@type": "VirtualLocation",
                "uri": "https://example.com/join",
                "name": "Join",
                "features": { "video": true },
            } },
            "links": {
                "1": { "@type": "Link", "href": "https://example.com/", "rel": "describedby" },
                "2": {
                    "@type": "Link",
                    "href": "https://example.com/a.txt",
                    "rel": "enclosure",
                    "contentType": "text/plain",
                    "size": 3,
                },
                "3": {
                    "@type": "Link",
                    "href": "https://example.com/i.png",
                    "rel": "icon",
                    "display": { "thumbnail": true },
                },
            },
            "iCalendar": {
                "@type": "ICalComponent",
                "name": "vevent",
                "properties": [["x-foo", { "x-p": "1" }, "unknown", "bar\\,baz"]],
            },
        }),
    );
}

#[test]
fn people_have_one_key_each_and_the_organizer_is_among_them() {
    let object = object(&vevent(
        "DTSTART:20260416T100000Z
ORGANIZER;CN=Boss:mailto:Boss@example.com
ATTENDEE;CN=Boss;ROLE=CHAIR;PARTSTAT=ACCEPTED:mailto:boss@example.com
ATTENDEE;CUTYPE=ROOM;ROLE=NON-PARTICIPANT;RSVP=TRUE:mailto:room@example.com
ATTENDEE;DELEGATED-FROM=\"mailto:room@example.com\":urn:uuid:1",
    ));
    assert_eq!(object["organizerCalendarAddress"], json!("mailto:Boss@example.com"));
    let people = object["participants"].as_object().expect("people");
    let mut people: Vec<&Value> = people.values().collect();
    people.sort_by_key(|person| person["calendarAddress"].to_string());
    assert_eq!(
        people,
        [
            &json!({
                "@type": "Participant",
                "calendarAddress": "mailto:boss@example.com",
                "name": "Boss",
                "email": "boss@example.com",
                "kind": "individual",
                "roles": { "chair": true, "owner": true },
                "participationStatus": "accepted",
            }),
            &json!({
                "@type": "Participant",
                "calendarAddress": "mailto:room@example.com",
                "email": "room@example.com",
                "kind": "location",
                "roles": { "informational": true },
                "participationStatus": "needs-action",
                "expectReply": true,
            }),
            &json!({
                "@type": "Participant",
                "calendarAddress": "urn:uuid:1",
                "kind": "individual",
                "roles": { "required": true },
                "participationStatus": "needs-action",
                "delegatedFrom": { "mailto:room@example.com": true },
            }),
        ]
    );
}

#[test]
fn the_owner_organizes_what_nobody_else_does() {
    let object = object(&vevent("DTSTART:20260416T100000Z\nATTENDEE:mailto:a@example.com"));
    assert_eq!(object["organizerCalendarAddress"], json!("mailto:owner@example.com"));
    let people = object["participants"].as_object().expect("people");
    assert!(people.values().any(|person| {
        person["calendarAddress"] == "mailto:owner@example.com"
            && person["roles"] == json!({ "owner": true })
    }));
}

#[test]
fn alarms_become_alerts() {
    let alerts = member(
        "DTSTART:20260416T100000Z
BEGIN:VALARM
UID:a1
ACTION:DISPLAY
TRIGGER:-PT15M
END:VALARM
BEGIN:VALARM
ACTION:EMAIL
TRIGGER;RELATED=END:PT5M
END:VALARM
BEGIN:VALARM
ACTION:AUDIO
TRIGGER;VALUE=DATE-TIME:20260415T080000Z
ACKNOWLEDGED:20260415T080100Z
RELATED-TO;RELTYPE=SNOOZE:a1
END:VALARM",
        "alerts",
    );
    assert_eq!(
        alerts,
        json!({
            "a1": {
                "@type": "Alert",
                "action": "display",
                "trigger": { "@type": "OffsetTrigger", "offset": "-PT15M" },
            },
            "2": {
                "@type": "Alert",
                "action": "email",
                "trigger": { "@type": "OffsetTrigger", "offset": "PT5M", "relativeTo": "end" },
            },
            "3": {
                "@type": "Alert",
                "action": "display",
                "trigger": { "@type": "AbsoluteTrigger", "when": "2026-04-15T08:00:00Z" },
                "acknowledged": "2026-04-15T08:01:00Z",
                "relatedTo": { "a1": { "@type": "Relation", "relation": { "snooze": true } } },
            },
        })
    );
}

#[track_caller]
fn check_rule(start: &str, rule: &str, expect: Value) {
    assert_eq!(member(&format!("{start}\nRRULE:{rule}"), "recurrenceRule"), expect);
}

#[test]
fn rules_are_one_object() {
    check_rule(
        AT_TEN,
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=2TU,-1FR;BYSETPOS=1;WKST=SU;COUNT=4",
        json!({
            "@type": "RecurrenceRule",
            "frequency": "monthly",
            "interval": 2,
            "firstDayOfWeek": "su",
            "byDay": [
                { "@type": "NDay", "day": "tu", "nthOfPeriod": 2 },
                { "@type": "NDay", "day": "fr", "nthOfPeriod": -1 },
            ],
            "bySetPosition": [1],
            "count": 4,
        }),
    );
    check_rule(
        AT_TEN,
        "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=-1;BYYEARDAY=5;BYWEEKNO=6;BYHOUR=1;BYMINUTE=2;BYSECOND=3",
        json!({
            "@type": "RecurrenceRule",
            "frequency": "yearly",
            "byMonth": ["4"],
            "byMonthDay": [-1],
            "byYearDay": [5],
            "byWeekNo": [6],
            "byHour": [1],
            "byMinute": [2],
            "bySecond": [3],
        }),
    );
    check_rule(
        "DTSTART;VALUE=DATE:20130210",
        "RSCALE=HEBREW;FREQ=YEARLY;BYMONTH=5L;SKIP=FORWARD",
        json!({
            "@type": "RecurrenceRule",
            "frequency": "yearly",
            "rscale": "hebrew",
            "skip": "forward",
            "byMonth": ["5L"],
        }),
    );
}

#[test]
fn the_end_of_a_rule_is_by_the_clock_of_the_event() {
    let until = |start: &str, until: &str| {
        member(&format!("{start}\nRRULE:FREQ=DAILY;UNTIL={until}"), "recurrenceRule")["until"]
            .clone()
    };
    assert_eq!(until(AT_TEN, "20260501T080000Z"), json!("2026-05-01T10:00:00"));
    assert_eq!(until(AT_TEN, "20260501"), json!("2026-05-01T23:59:59"));
    assert_eq!(until("DTSTART:20260416T100000", "20260501T100000"), json!("2026-05-01T10:00:00"));
    assert_eq!(until("DTSTART;VALUE=DATE:20260416", "20260501"), json!("2026-05-01T00:00:00"));
    assert_eq!(
        until("DTSTART;VALUE=DATE:20260416", "20260501T220000Z"),
        json!("2026-05-01T00:00:00")
    );
}

#[test]
fn exceptions_are_patches_of_what_differs() {
    let master = vevent(
        "DTSTART;TZID=Europe/Berlin:20260416T100000
DURATION:PT1H
RRULE:FREQ=WEEKLY
SEQUENCE:1
LOCATION:Room 1
CATEGORIES:a
EXDATE;TZID=Europe/Berlin:20260430T100000
RDATE;TZID=Europe/Berlin:20260418T120000
RDATE;VALUE=PERIOD;TZID=Europe/Berlin:20260419T120000/PT2H
ORGANIZER:mailto:a@example.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:b@example.com
ATTENDEE:mailto:c@example.com",
    );
    let exception = vevent(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260423T100000
DTSTART;TZID=America/New_York:20260423T090000
DURATION:PT1H
SUMMARY:Other
SEQUENCE:2
LOCATION:Room 2
ORGANIZER:mailto:a@example.com
ATTENDEE;PARTSTAT=DECLINED:mailto:b@example.com",
    )
    .replace("SUMMARY:T\n", "");
    let same = vevent(
        "RECURRENCE-ID;TZID=Europe/Berlin:20260507T100000
DTSTART;TZID=Europe/Berlin:20260507T100000
DURATION:PT1H
LOCATION:Room 1
CATEGORIES:a
ORGANIZER:mailto:a@example.com
ATTENDEE;PARTSTAT=ACCEPTED:mailto:b@example.com
ATTENDEE:mailto:c@example.com",
    );
    let object = object(&format!("{master}\n{exception}\n{same}"));
    let key = |address: &str| {
        let people = object["participants"].as_object().expect("people");
        let found = people.iter().find(|(_, person)| person["calendarAddress"] == address);
        found.expect("invited").0.clone()
    };
    let (b, c) = (key("mailto:b@example.com"), key("mailto:c@example.com"));
    let mut changed = json!({
        "title": format!("Other {}", Lineage::from_number(1)),
        "start": "2026-04-23T09:00:00",
        "timeZone": "America/New_York",
        "locations/1/name": "Room 2",
        "keywords": null,
    });
    changed[format!("participants/{b}/participationStatus")] = json!("declined");
    changed[format!("participants/{c}")] = Value::Null;
    assert_eq!(
        object["recurrenceOverrides"],
        json!({
            "2026-04-18T12:00:00": {},
            "2026-04-19T12:00:00": { "duration": "PT2H" },
            "2026-04-23T10:00:00": changed,
            "2026-04-30T10:00:00": { "excluded": true },
            "2026-05-07T10:00:00": {},
        })
    );
}
