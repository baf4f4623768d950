//! Series: exceptions, added and excluded dates, and splits.

use super::{super::super::When, *};

/// A weekly series on Thursdays in Berlin, with these lines in addition, and further components.
fn weekly(lines: &str, further: &str) -> String {
    let master = vevent(&format!(
        "DTSTART;TZID=Europe/Berlin:20260402T150000
DTEND;TZID=Europe/Berlin:20260402T160000
SUMMARY:Review
{lines}"
    ));
    format!("{master}\n{further}")
}

fn locals(points: &[When]) -> Vec<String> {
    points.iter().map(|point| point.local().to_string()).collect()
}

/// Original starts and new starts of the exceptions.
fn moves(event: &SourceEvent) -> Vec<String> {
    let show = |point: &When| point.local().strftime("%m-%dT%H:%M").to_string();
    let exceptions = event.exceptions.iter();
    exceptions
        .map(|exception| format!("{} {}", show(&exception.original), show(&exception.event.start)))
        .collect()
}

fn exception(original: &str, lines: &str) -> String {
    vevent(&format!("RECURRENCE-ID{original}\n{lines}"))
}

#[test]
fn dates_are_stated_in_the_zone_of_the_series_whatever_they_came_in() {
    let event = one(&weekly(
        "RRULE:FREQ=WEEKLY;COUNT=8
EXDATE;TZID=Europe/Berlin:20260409T150000,20260416T150000
EXDATE:20260423T130000Z
EXDATE;VALUE=DATE:20260430
EXDATE;TZID=America/New_York:20260507T090000
EXDATE:
RDATE;TZID=Europe/Berlin:20260403T150000
RDATE;VALUE=PERIOD:20260404T130000Z/PT2H,20260405T130000Z/20260405T133000Z",
        "",
    ));
    assert_eq!(
        locals(&event.exdates),
        [
            "2026-04-09T15:00:00",
            "2026-04-16T15:00:00",
            "2026-04-23T15:00:00",
            "2026-04-30T15:00:00",
            "2026-05-07T15:00:00"
        ]
    );
    let rdates: Vec<String> = event
        .rdates
        .iter()
        .map(|date| {
            format!("{} {:?}", date.start.local(), date.duration.map(|span| span.to_string()))
        })
        .collect();
    assert_eq!(
        rdates,
        [
            "2026-04-03T15:00:00 None",
            "2026-04-04T15:00:00 Some(\"PT2H\")",
            "2026-04-05T15:00:00 Some(\"PT30M\")"
        ]
    );
    assert!(event.exdates.iter().all(|date| date.zone() == event.start.zone()));
}

#[test]
fn exceptions_join_their_series_wherever_they_stand() {
    let before = exception(
        ";TZID=Europe/Berlin:20260416T150000",
        "DTSTART;TZID=America/New_York:20260416T100000\nSUMMARY:In New York",
    );
    let after = exception(":20260423T130000Z", "DTSTART;TZID=Europe/Berlin:20260424T150000");
    let cancelled = exception(
        ";TZID=Europe/Berlin:20260409T150000",
        "DTSTART;TZID=Europe/Berlin:20260409T150000\nSTATUS:CANCELLED",
    );
    let event = one(&format!(
        "{before}\n{}",
        weekly("RRULE:FREQ=WEEKLY", &format!("{after}\n{cancelled}"))
    ));
    assert_eq!(moves(&event), ["04-16T15:00 04-16T10:00", "04-23T15:00 04-24T15:00"]);
    assert_eq!(event.exceptions[0].event.title, "In New York");
    assert_eq!(locals(&event.exdates), ["2026-04-09T15:00:00"]);
    assert_eq!(event.line, 9, "the master is the second component");
}

#[test]
fn of_two_forms_of_one_occurrence_the_newer_stays() {
    let form = |sequence: u8, title: &str| {
        exception(
            ":20260416T130000Z",
            &format!("SEQUENCE:{sequence}\nDTSTART:20260416T130000Z\nSUMMARY:{title}"),
        )
    };
    let both = format!("{}\n{}", form(2, "new"), form(1, "old"));
    let read = all(&weekly("RRULE:FREQ=WEEKLY\nEXDATE:20260416T130000Z", &both));
    let event = &read.events[0];
    assert_eq!(event.exceptions.len(), 1);
    assert_eq!(event.exceptions[0].event.title, "new");
    assert_eq!(event.exdates, [], "what is stated in full is not left out");
    assert_eq!(read.skipped, [skipped(18, Some("u1"), "a second form of one occurrence")]);
}

#[test]
fn of_two_events_with_one_uid_the_newer_stays() {
    let form = |sequence: u8| vevent(&format!("SEQUENCE:{sequence}\nDTSTART:20260416T130000Z"));
    let read = all(&format!("{}\n{}", form(1), form(2)));
    assert_eq!(read.events.len(), 1);
    assert_eq!(read.events[0].sequence, 2);
    let what = "a second event with this UID that is not newer";
    assert_eq!(read.skipped, [skipped(3, Some("u1"), what)]);
}

#[test]
fn instances_without_their_series_are_events_of_their_own() {
    let single = one(&exception(":20260416T130000Z", "DTSTART:20260417T130000Z"));
    assert_eq!(single.uid, "u1");
    assert_eq!(single.extra("RECURRENCE-ID"), Some("20260416T130000Z"));
    let two = all(&format!(
        "{}\n{}",
        exception(":20260416T130000Z", "DTSTART:20260417T130000Z"),
        exception(";VALUE=DATE:20260423", "DTSTART:20260424T130000Z"),
    ));
    let uids: Vec<_> = two.events.iter().map(|event| event.uid.as_str()).collect();
    assert_eq!(uids, ["u1_R20260416T130000Z", "u1_R20260423"]);
}

const FROM_16: &str = "BEGIN:VEVENT
UID:u1
RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260416T150000
DTSTART;TZID=Europe/Berlin:20260417T153000
DTEND;TZID=Europe/Berlin:20260417T163000
SUMMARY:Review on Fridays
END:VEVENT";

#[test]
fn this_and_future_splits_a_series_in_two() {
    let moved_later = exception(":20260430T130000Z", "DTSTART;TZID=Europe/Berlin:20260430T170000");
    let moved_early = exception(":20260409T130000Z", "DTSTART;TZID=Europe/Berlin:20260410T150000");
    let read = all(&weekly(
        "RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=6\nEXDATE:20260423T130000Z",
        &format!("{FROM_16}\n{moved_later}\n{moved_early}"),
    ));
    assert_eq!(read.skipped, []);
    let [before, after] = &read.events[..] else { panic!("two series") };
    let rule = |event: &SourceEvent| event.rule.as_ref().map(|rule| rule.raw.clone());
    // 2 and 9 April before, four occurrences from 16 April on, moved by a day and half an hour.
    assert_eq!(rule(before).as_deref(), Some("FREQ=WEEKLY;UNTIL=20260409T130000Z;BYDAY=TH"));
    assert_eq!(rule(after).as_deref(), Some("FREQ=WEEKLY;COUNT=4;BYDAY=FR"));
    assert_eq!((before.uid.as_str(), after.uid.as_str()), ("u1", "u1_R20260416T130000Z"));
    assert_eq!(after.title, "Review on Fridays");
    assert_eq!(moves(before), ["04-09T15:00 04-10T15:00"]);
    assert_eq!(moves(after), ["05-01T15:30 04-30T17:00"]);
    assert_eq!(before.exdates, []);
    assert_eq!(locals(&after.exdates), ["2026-04-24T15:30:00"]);
    let relation = |event: &SourceEvent| {
        event.relations.iter().map(|one| format!("{} {}", one.kind, one.uid)).collect::<Vec<_>>()
    };
    assert_eq!(relation(before), ["next u1_R20260416T130000Z"]);
    assert_eq!(relation(after), ["first u1"]);
}

#[test]
fn an_end_moves_with_the_series_that_is_split_off() {
    let read = all(&weekly("RRULE:FREQ=WEEKLY;UNTIL=20260430T130000Z", FROM_16));
    let rule = read.events[1].rule.as_ref().map(|rule| rule.raw.as_str());
    assert_eq!(rule, Some("FREQ=WEEKLY;UNTIL=20260501T133000Z"));
}

#[test]
fn a_split_at_the_first_occurrence_replaces_the_series_and_a_cancelled_one_ends_it() {
    let first = exception(
        ";RANGE=THISANDFUTURE;TZID=Europe/Berlin:20260402T150000",
        "DTSTART;TZID=Europe/Berlin:20260402T140000\nSUMMARY:Earlier",
    );
    let event = one(&weekly("RRULE:FREQ=WEEKLY", &first));
    assert_eq!((event.uid.as_str(), event.title.as_str()), ("u1", "Earlier"));
    assert_eq!(event.rule.map(|rule| rule.raw).as_deref(), Some("FREQ=WEEKLY"));
    let cancelled = FROM_16.replace("SUMMARY:Review on Fridays", "STATUS:CANCELLED");
    let event = one(&weekly("RRULE:FREQ=WEEKLY", &cancelled));
    let rule = event.rule.map(|rule| rule.raw);
    assert_eq!(rule.as_deref(), Some("FREQ=WEEKLY;UNTIL=20260409T130000Z"));
}

#[test]
fn a_split_that_cannot_be_made_leaves_the_series_and_says_so() {
    let refused = |rule: &str, split: &str, reason: &str| {
        let read = all(&weekly(rule, split));
        assert_eq!(read.events.len(), 1, "{reason}");
        let reason = format!("RANGE=THISANDFUTURE: {reason}");
        assert_eq!(read.skipped, [skipped(10, Some("u1"), &reason)]);
    };
    refused("RRULE:FREQ=WEEKLY;COUNT=2", FROM_16, "no occurrence begins there");
    refused("RRULE:FREQ=MONTHLY;BYDAY=TH", FROM_16, "it moves the day of a rule that names days");
    refused("RRULE:FREQ=DAILY;BYHOUR=15", FROM_16, "it moves the time of a rule that names times");
    refused("RDATE:20260409T130000Z", FROM_16, "a series without a rule cannot be split");
    let all_day = FROM_16.replace("DTSTART;TZID=Europe/Berlin:20260417T153000", "DTSTART:20260417");
    let all_day = all_day.replace("DTEND;TZID=Europe/Berlin:20260417T163000", "DTEND:20260418");
    refused(
        "RRULE:FREQ=WEEKLY",
        &all_day,
        "an all-day series cannot become one with times, or the other way round",
    );
}
