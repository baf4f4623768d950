//! Edits and acts: the lines that they mean change, all other octets stay.

use super::*;
use crate::dav::calendar::acts::{self, Answer};
use crate::dav::calendar::{Stamp, edit::Edit};

/// An event as a client writes it: LF, odd case, tabs as folds, blanks that nobody needs.
const ODD: &str = "BEGIN:VCALENDAR\nVERSION:2.0\nbegin:vevent\nUID:u1\nDTSTART;TZID=Europe/Berlin;X-A=\"b;c\":20260416T100000\nsummary;LANGUAGE=en:A long title that some client has folded in its own w\n\tay\nATTENDEE;CN=\"Bj\u{f6}rn, B\";PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:b@example.com\nBEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n\n";

fn odd() -> CalendarObject {
    CalendarObject::read(ODD).expect("an object")
}

/// The odd event after an edit, compared with its text in which `from` is replaced by `to`.
#[track_caller]
fn check(from: &str, to: &str, change: impl FnOnce(&mut Edit<'_>, &CalendarObject)) {
    let object = odd();
    let mut edit = Edit::new(object.octets());
    change(&mut edit, &object);
    assert_eq!(ODD.matches(from).count(), 1, "{from:?} stands once");
    assert_eq!(text(edit.finish()), ODD.replace(from, to));
}

#[test]
fn an_edit_without_changes_changes_nothing() {
    check("X-A", "X-A", |_, _| {});
    check("X-A", "X-A", |edit, object| {
        let event = object.master().expect("an event");
        let title = event.property("SUMMARY").expect("a title");
        edit.set_value(title, &title.value);
    });
}

#[test]
fn values_lines_and_properties_are_set_in_their_place() {
    let folded =
        "summary;LANGUAGE=en:A long title that some client has folded in its own w\n\tay\n";
    check(folded, "summary;LANGUAGE=en:a\\, b\\; c\\\\ \\n d\n", |edit, object| {
        edit.set_text(object.master().expect("an event"), "SUMMARY", "a, b; c\\ \n d");
    });
    check("BEGIN:VALARM", "SEQUENCE:1\nLOCATION:there\nBEGIN:VALARM", |edit, object| {
        let event = object.master().expect("an event");
        edit.set(event, "SEQUENCE", "1");
        edit.add(event, "LOCATION:there");
    });
    check(folded, "", |edit, object| {
        edit.remove_all(object.master().expect("an event"), "SUMMARY")
    });
    check("TRIGGER:-PT5M", "TRIGGER:-PT9M", |edit, object| {
        let alarm = object.master().and_then(|event| event.components.first()).expect("an alarm");
        edit.set_line(alarm, "TRIGGER", "TRIGGER:-PT9M");
    });
    check("BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\n", "", |edit, object| {
        let event = object.master().expect("an event");
        edit.set_line(&event.components[0], "TRIGGER", "TRIGGER:-PT9M");
        edit.remove_component(&event.components[0]);
    });
}

#[test]
fn parameters_are_set_replaced_and_removed_beside_others() {
    let attendee =
        "ATTENDEE;CN=\"Bj\u{f6}rn, B\";PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:b@example.com\n";
    let edited = |to: &str, change: fn(&mut Edit<'_>, &crate::dav::calendar::Property)| {
        check(attendee, to, |edit, object| {
            change(
                edit,
                object.master().and_then(|event| event.property("ATTENDEE")).expect("one"),
            );
        });
    };
    edited(
        "ATTENDEE;CN=\"Bj\u{f6}rn, B\";PARTSTAT=ACCEPTED;RSVP=TRUE;SCHEDULE-STATUS=\"1.2,2.\n 0\":mailto:b@example.com\n",
        |edit, attendee| {
            edit.set_param(attendee, "PARTSTAT", "ACCEPTED");
            edit.set_param(attendee, "SCHEDULE-STATUS", "1.2,2.0");
        },
    );
    edited(
        "ATTENDEE;CN=\"Bj\u{f6}rn, B\";PARTSTAT=NEEDS-ACTION:mailto:b@example.com\n",
        |edit, attendee| {
            edit.remove_param(attendee, "RSVP");
            edit.remove_param(attendee, "ROLE");
        },
    );
    edited(
        "ATTENDEE;CN=a^'^n^^;PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:b@example.com\n",
        |edit, attendee| {
            edit.set_param(attendee, "CN", "a\"\n^");
        },
    );
}

#[test]
fn long_lines_are_folded_at_75_octets_and_never_inside_a_character() {
    let title = "\u{fc}".repeat(100);
    let object = event("DTSTART:20260416T100000Z");
    let folded = text(acts::retitle(&object, &title));
    let lines: Vec<&str> = folded.split("\r\n").collect();
    assert!(lines.iter().all(|line| line.len() <= 75 && !line.contains('\n')), "{lines:?}");
    assert_eq!(lines.iter().filter(|line| line.len() == 74 || line.len() == 75).count(), 2);
    let again = CalendarObject::read(folded).expect("an object");
    assert_eq!(
        again.master().and_then(|event| event.property("SUMMARY")).map(|title| title.text()),
        Some(title)
    );
}

const SERIES: &str = "BEGIN:VEVENT\nUID:u1\nDTSTART;TZID=Europe/Berlin:20260414T100000\nDTEND;TZID=Europe/Berlin:20260414T110000
    RRULE:FREQ=DAILY;UNTIL=20260420T080000Z;BYDAY=MO,TU\nEXDATE;TZID=Europe/Berlin:20260416T100000,20260417T100000
    ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:b@example.com\nSUMMARY:a\nEND:VEVENT
    BEGIN:VEVENT\nUID:u1\nRECURRENCE-ID;TZID=Europe/Berlin:20260415T100000\nDTSTART;TZID=Europe/Berlin:20260415T120000\nSUMMARY:b\nEND:VEVENT";

fn stamp(text: &str) -> Stamp {
    Stamp::Utc(text.parse().expect("a time"))
}

#[test]
fn all_times_move_together() {
    let moved = text(acts::shift(&object(SERIES), 5_400));
    let expect = body(SERIES)
        .replace("20260414T100000", "20260414T113000")
        .replace("20260414T110000", "20260414T123000")
        .replace("20260420T080000Z", "20260420T093000Z")
        .replace("20260416T100000,20260417T100000", "20260416T113000,20260417T113000")
        .replace("20260415T120000", "20260415T133000")
        .replace("20260415T100000", "20260415T113000");
    assert_eq!(moved, expect);
    let days = event(
        "DTSTART;VALUE=DATE:20260416\nRDATE;VALUE=PERIOD:20260416T100000Z/PT1H,20260417T100000Z/20260417T110000Z",
    );
    let moved = text(acts::shift(&days, 2 * 86_400));
    assert!(moved.contains("DTSTART;VALUE=DATE:20260418\r\n"));
    let unfolded = moved.replace("\r\n ", "");
    let periods = "PERIOD:20260418T100000Z/PT1H,20260419T100000Z/20260419T110000Z\r\n";
    assert!(unfolded.contains(periods), "{moved}");
}

#[test]
fn one_instance_is_left_out_in_the_form_of_the_series() {
    let object = object(SERIES);
    let excluded = acts::exclude(&object, &stamp("2026-04-15T08:00:00")).expect("a series");
    let start = body(SERIES).find("BEGIN:VEVENT\r\nUID:u1\r\nRECURRENCE-ID").expect("an override");
    let expect = format!("{}END:VCALENDAR\r\n", &body(SERIES)[..start]);
    let expect = expect
        .replace("SUMMARY:a\r\n", "SUMMARY:a\r\nEXDATE;TZID=Europe/Berlin:20260415T100000\r\n");
    assert_eq!(text(excluded), expect);
    let days = event("DTSTART;VALUE=DATE:20260416\nRRULE:FREQ=DAILY");
    let day = Stamp::Date("2026-04-18".parse().expect("a day"));
    assert!(
        text(acts::exclude(&days, &day).expect("a series"))
            .contains("EXDATE;VALUE=DATE:20260418\r\n")
    );
}

#[test]
fn one_instance_is_changed_in_an_override_of_its_own() {
    let object = object(SERIES);
    let changed =
        acts::change_instance(&object, &stamp("2026-04-18T08:00:00"), &["SUMMARY:c", "LOCATION:x"]);
    let copy = "BEGIN:VEVENT\r\nUID:u1\r\nDTSTART;TZID=Europe/Berlin:20260418T100000\r\nDTEND;TZID=Europe/Berlin:20260418T110000\r\nATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:b@example.com\r\nSUMMARY:c\r\nRECURRENCE-ID;TZID=Europe/Berlin:20260418T100000\r\nLOCATION:x\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    assert_eq!(text(changed.expect("a series")), body(SERIES).replace("END:VCALENDAR\r\n", copy));
    // An instance that has an override is changed there, and goes back without it.
    let again = acts::change_instance(&object, &stamp("2026-04-15T08:00:00"), &["SUMMARY:c"]);
    assert_eq!(text(again.expect("a series")), body(SERIES).replace("SUMMARY:b", "SUMMARY:c"));
}

#[test]
fn an_attendee_answers_for_all_or_for_one_instance() {
    let object = object(SERIES);
    let answer = |object: &CalendarObject, instance: Option<Stamp>, address, partstat| {
        acts::answer(object, &[(instance, Answer { address, partstat, status: None })])
    };
    let all = answer(&object, None, "B@example.com", "ACCEPTED").expect("invited");
    assert_eq!(text(all), body(SERIES).replace("NEEDS-ACTION", "ACCEPTED"));
    let at = stamp("2026-04-18T08:00:00");
    let one = answer(&object, Some(at), "b@example.com", "DECLINED");
    let one = text(one.expect("invited"));
    assert!(one.starts_with(body(SERIES).trim_end_matches("END:VCALENDAR\r\n")), "{one}");
    assert_eq!((one.matches("NEEDS-ACTION").count(), one.matches("DECLINED").count()), (1, 1));
    let declined = CalendarObject::read(one.clone()).expect("an object");
    let rest = answer(&declined, None, "b@example.com", "ACCEPTED").expect("invited");
    assert_eq!(text(rest), one.replace("NEEDS-ACTION", "ACCEPTED"), "the instance was answered");
    assert_eq!(answer(&object, None, "nobody@example.com", "ACCEPTED"), None);
}

#[test]
fn a_save_touches_the_properties_that_count_saves() {
    let object = event("DTSTART:20260416T100000Z\nSEQUENCE:3\nDTSTAMP:20260101T000000Z");
    let touched = text(acts::touch(&object, "20260402T080000Z", Some(4)));
    let expect = body(&component(
        "VEVENT",
        "DTSTART:20260416T100000Z\nSEQUENCE:4\nDTSTAMP:20260402T080000Z\nLAST-MODIFIED:20260402T080000Z",
    ));
    assert_eq!(touched, expect);
    assert_eq!(acts::touch(&object, "soon", None), object.octets().to_vec());
}
