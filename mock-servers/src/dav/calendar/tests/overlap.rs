//! Each row of each table of RFC 4791 section 9.9, at its edges.

use super::*;

/// Ranges that an object of one component is found in, and such that it is not.
#[track_caller]
fn row(name: &str, lines: &str, inside: &[&str], outside: &[&str]) {
    let object = object(&component(name, lines));
    for asked in inside {
        assert!(found(&object, name, asked, &Zone::utc()), "{name} {lines} is in {asked}");
    }
    for asked in outside {
        assert!(!found(&object, name, asked, &Zone::utc()), "{name} {lines} is not in {asked}");
    }
}

const BEFORE: &str = "20260416T090000Z/20260416T100000Z";
const AFTER: &str = "20260416T110000Z/20260416T120000Z";
const AT_START: &str = "20260416T100000Z/20260416T100001Z";

#[test]
fn an_event_with_an_end() {
    // start < DTEND AND end > DTSTART
    row(
        "VEVENT",
        "DTSTART:20260416T100000Z\nDTEND:20260416T110000Z",
        &[
            AT_START,
            "20260416T105959Z/20260416T120000Z",
            "-/20260416T100001Z",
            "20260416T105959Z/-",
        ],
        &[BEFORE, AFTER, "-/20260416T100000Z", "20260416T110000Z/-"],
    );
}

#[test]
fn an_event_with_a_duration() {
    // start < DTSTART+DURATION AND end > DTSTART
    row(
        "VEVENT",
        "DTSTART:20260416T100000Z\nDURATION:PT1H",
        &[AT_START, "20260416T105959Z/20260416T120000Z"],
        &[BEFORE, AFTER],
    );
}

#[test]
fn an_event_with_a_duration_of_nothing_or_without_one() {
    // start <= DTSTART AND end > DTSTART
    for lines in ["DTSTART:20260416T100000Z\nDURATION:PT0S", "DTSTART:20260416T100000Z"] {
        row(
            "VEVENT",
            lines,
            &[AT_START, "20260416T090000Z/20260416T100001Z"],
            &[BEFORE, "20260416T100001Z/20260416T110000Z"],
        );
    }
}

#[test]
fn an_event_of_a_day_without_an_end() {
    // start < DTSTART+P1D AND end > DTSTART
    row(
        "VEVENT",
        "DTSTART;VALUE=DATE:20260416",
        &["20260416T000000Z/20260416T000001Z", "20260416T235959Z/20260417T120000Z"],
        &["20260415T000000Z/20260416T000000Z", "20260417T000000Z/20260417T000001Z"],
    );
}

#[test]
fn a_task_with_start_and_duration() {
    // start <= DTSTART+DURATION AND (end > DTSTART OR end >= DTSTART+DURATION)
    row(
        "VTODO",
        "DTSTART:20260416T100000Z\nDURATION:PT1H",
        &[AT_START, AFTER, "20260416T103000Z/20260416T104000Z"],
        &[BEFORE, "20260416T110001Z/20260416T120000Z"],
    );
    // Without extent the end of the range counts.
    row("VTODO", "DTSTART:20260416T100000Z\nDURATION:PT0S", &[BEFORE, AT_START], &[AFTER]);
}

#[test]
fn a_task_with_start_and_due_date() {
    // (start < DUE OR start <= DTSTART) AND (end > DTSTART OR end >= DUE)
    row(
        "VTODO",
        "DTSTART:20260416T100000Z\nDUE:20260416T110000Z",
        &[AT_START, "20260416T105959Z/20260416T120000Z"],
        &[BEFORE, AFTER],
    );
    row("VTODO", "DTSTART:20260416T100000Z\nDUE:20260416T100000Z", &[AT_START, BEFORE], &[AFTER]);
}

#[test]
fn a_task_with_a_start_alone() {
    // start <= DTSTART AND end > DTSTART
    row(
        "VTODO",
        "DTSTART:20260416T100000Z",
        &[AT_START],
        &[BEFORE, "20260416T100001Z/20260416T110000Z"],
    );
}

#[test]
fn a_task_with_a_due_date_alone() {
    // start < DUE AND end >= DUE
    row(
        "VTODO",
        "DUE:20260416T100000Z",
        &[BEFORE, "20260416T095959Z/20260416T110000Z"],
        &[AT_START, "20260416T080000Z/20260416T095959Z"],
    );
}

#[test]
fn a_task_that_was_created_and_completed() {
    // (start <= CREATED OR start <= COMPLETED) AND (end >= CREATED OR end >= COMPLETED)
    row(
        "VTODO",
        "CREATED:20260416T100000Z\nCOMPLETED:20260416T110000Z",
        &[BEFORE, AFTER, "20260416T103000Z/20260416T104000Z"],
        &["20260416T080000Z/20260416T095959Z", "20260416T110001Z/20260416T120000Z"],
    );
}

#[test]
fn a_task_that_was_completed() {
    // start <= COMPLETED AND end >= COMPLETED
    row(
        "VTODO",
        "COMPLETED:20260416T100000Z",
        &[BEFORE, AT_START],
        &["20260416T080000Z/20260416T095959Z", "20260416T100001Z/20260416T110000Z"],
    );
}

#[test]
fn a_task_that_was_created() {
    // end > CREATED
    row("VTODO", "CREATED:20260416T100000Z", &[AT_START, AFTER, "20260416T110000Z/-"], &[BEFORE]);
}

#[test]
fn a_task_without_any_date() {
    row("VTODO", "SUMMARY:x", &[BEFORE, AFTER, "-/20260416T110000Z"], &[]);
}

#[test]
fn a_journal_entry() {
    // start <= DTSTART AND end > DTSTART
    row(
        "VJOURNAL",
        "DTSTART:20260416T100000Z",
        &[AT_START],
        &[BEFORE, "20260416T100001Z/20260416T110000Z"],
    );
    // start < DTSTART+P1D AND end > DTSTART
    row(
        "VJOURNAL",
        "DTSTART;VALUE=DATE:20260416",
        &["20260416T235959Z/20260417T120000Z"],
        &["20260415T000000Z/20260416T000000Z", "20260417T000000Z/20260417T000001Z"],
    );
    row("VJOURNAL", "SUMMARY:x", &[], &[BEFORE, "-/20260416T110000Z"]);
}

#[test]
fn free_busy_time() {
    // start <= DTEND AND end > DTSTART, whatever the periods
    row(
        "VFREEBUSY",
        "DTSTART:20260416T100000Z\nDTEND:20260416T110000Z\nFREEBUSY:20260418T100000Z/PT1H",
        &[AT_START, AFTER],
        &[BEFORE, "20260416T110001Z/20260416T120000Z", "20260418T100000Z/20260418T110000Z"],
    );
    // start < freebusy-period-end AND end > freebusy-period-start
    row(
        "VFREEBUSY",
        "FREEBUSY:20260415T100000Z/PT1H,20260416T100000Z/20260416T110000Z",
        &[AT_START, "20260415T105959Z/20260415T120000Z"],
        &[BEFORE, AFTER],
    );
    row("VFREEBUSY", "DTSTART:20260416T100000Z", &[], &[AT_START]);
}

/// Ranges that an alarm of an event goes off in, and such that it does not.
#[track_caller]
fn alarm(event: &str, alarm: &str, inside: &[&str], outside: &[&str]) {
    let lines = format!("{event}\nBEGIN:VALARM\nACTION:AUDIO\n{alarm}\nEND:VALARM");
    let object = self::event(&lines);
    for asked in inside {
        assert!(found(&object, "VEVENT/VALARM", asked, &Zone::utc()), "{alarm} is in {asked}");
    }
    for asked in outside {
        assert!(!found(&object, "VEVENT/VALARM", asked, &Zone::utc()), "{alarm} is not in {asked}");
    }
}

#[test]
fn an_alarm() {
    // start <= trigger-time AND end > trigger-time
    let hour = "DTSTART:20260416T100000Z\nDTEND:20260416T110000Z";
    let at_11 = "20260416T110000Z/20260416T110001Z";
    alarm(
        hour,
        "TRIGGER:-PT15M",
        &["20260416T094500Z/20260416T094501Z"],
        &["20260416T090000Z/20260416T094500Z", AT_START],
    );
    alarm(hour, "TRIGGER;RELATED=END:PT0S", &[at_11], &[AT_START]);
    alarm(
        hour,
        "TRIGGER;VALUE=DATE-TIME:20260401T080000Z",
        &["20260401T080000Z/20260401T080001Z"],
        &[AT_START],
    );
    alarm(hour, "SUMMARY:x", &[], &[AT_START]);
    let again = "TRIGGER:PT0S\nREPEAT:2\nDURATION:PT30M";
    alarm(
        hour,
        again,
        &[AT_START, at_11, "20260416T103000Z/20260416T103001Z"],
        &["20260416T101000Z/20260416T102000Z", "20260416T110001Z/-"],
    );
    let daily = format!("{hour}\nRRULE:FREQ=DAILY");
    alarm(
        &daily,
        "TRIGGER:-P1D",
        &["20300416T100000Z/20300416T100001Z"],
        &["20300416T110000Z/20300416T120000Z"],
    );
}

#[test]
fn a_property_with_a_date() {
    use crate::dav::calendar::filter::{PropFilter, PropTest, ValueTest, matches};
    // start <= date-time AND end > date-time
    let check = |component_name: &str, lines: &str, name: &str, asked: &str| {
        let object = object(&component(component_name, lines));
        let value = Some(ValueTest::TimeRange(range(asked)));
        let test = PropTest::Defined { value, params: Vec::new() };
        let prop = PropFilter { name: name.to_owned(), test };
        let inner = CompFilter::with(component_name, None, vec![prop], Vec::new());
        let filter = CompFilter::with("VCALENDAR", None, Vec::new(), vec![inner]);
        assert_eq!(filter.check(), Ok(()));
        matches(&filter, &object, &Zone::utc()).expect("few instances")
    };
    for name in ["CREATED", "DTSTAMP", "LAST-MODIFIED", "COMPLETED"] {
        let lines = format!("{name}:20260416T100000Z");
        assert!(check("VTODO", &lines, name, AT_START), "{name}");
        assert!(!check("VTODO", &lines, name, BEFORE), "{name}");
        assert!(!check("VTODO", "SUMMARY:x", name, AT_START), "{name}");
    }
    let daily = "DTSTART:20260415T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3";
    assert!(check("VEVENT", daily, "DTSTART", AT_START));
    assert!(!check("VEVENT", daily, "DTSTART", AFTER));
    assert!(check("VEVENT", daily, "DTEND", AFTER), "the end that follows from the duration");
    assert!(!check("VEVENT", daily, "DTEND", AT_START));
    assert!(check("VTODO", "DUE:20260416T100000Z", "DUE", AT_START));
    let lasting = "DTSTART:20260416T090000Z\nDURATION:PT1H";
    assert!(check("VTODO", lasting, "DUE", AT_START));
}
