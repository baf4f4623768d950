//! Whatever a client stores, nothing panics and nothing goes on for ever.

use proptest::prelude::*;

use super::*;
use crate::{
    dav::calendar::{
        Stamp, acts, calendars,
        expand::expand,
        filter::{PropFilter, PropTest, ValueTest},
        freebusy::{Answer, free_busy},
        limit::{free_busy_set, recurrence_set},
        schedule::{
            Author, Sender, asked_again, attendee_may, merged, messages, reply, stored, tag_changes,
        },
        select::{Comps, Props, Selection, select},
    },
    world,
};

/// Everything that a server does with a body.
fn survive(octets: &[u8]) {
    let berlin = Zone::named("Europe/Berlin").expect("a zone");
    let all = Selection { name: "VCALENDAR".to_owned(), props: Props::All, comps: Comps::All };
    if let Ok(roots) = calendars(octets) {
        roots.iter().for_each(|root| drop(select(octets, root, &all)));
    }
    let _ = Zone::vtimezone(octets);
    let Ok(object) = CalendarObject::read(octets.to_vec()) else { return };
    for asked in ["20260401T000000Z/20260501T000000Z", "-/20260401T000000Z", "20300401T000000Z/-"] {
        let range = range(asked);
        for name in ["VEVENT", "VTODO", "VJOURNAL", "VFREEBUSY"] {
            let prop = |name: &str| PropFilter {
                name: name.to_owned(),
                test: PropTest::Defined {
                    value: Some(ValueTest::TimeRange(range)),
                    params: Vec::new(),
                },
            };
            let alarm = CompFilter::with("VALARM", Some(range), Vec::new(), Vec::new());
            for inner in [
                CompFilter::with(name, Some(range), Vec::new(), Vec::new()),
                CompFilter::with(name, None, vec![prop("DTEND")], Vec::new()),
                CompFilter::with(name, None, Vec::new(), vec![alarm]),
            ] {
                let filter = CompFilter::with("VCALENDAR", None, Vec::new(), vec![inner]);
                let _ = matches(&filter, &object, &berlin);
            }
        }
        let _ = expand(&object, &range, &berlin);
        let _ = recurrence_set(&object, &range, &berlin);
        let _ = free_busy_set(&object, &range, &berlin);
        let answer = Answer { product: "x", stamp: "x", method: None, lines: &[] };
        let _ = free_busy([&object], &range, &berlin, &answer);
    }
    changed(&object);
}

fn changed(object: &CalendarObject) {
    let id = Stamp::Utc(jiff::civil::date(2026, 4, 16).at(10, 0, 0, 0));
    let mut versions = vec![
        acts::shift(object, 3_601),
        acts::shift(object, i64::MAX),
        acts::retitle(object, "a\u{fc}\r\n"),
        acts::touch(object, "20260402T080000Z", Some(u32::MAX)),
    ];
    versions.extend(acts::exclude(object, &id));
    versions.extend(acts::change_instance(object, &id, &["SUMMARY:x", ""]));
    let answer =
        acts::Answer { address: "b@example.com", partstat: "ACCEPTED", status: Some("2.0") };
    versions.extend(acts::answer(object, &[(None, answer), (Some(id), answer)]));
    let sender = Sender { product: "x", now: "x" };
    for version in versions {
        let Ok(new) = CalendarObject::read(version) else { continue };
        for owner in [&["a@example.com"][..], &["b@example.com"]] {
            let _ = messages(Some(object), Some(&new), owner, sender, 1 << 20);
            let _ = messages(Some(object), None, owner, sender, 1 << 20);
            let _ = reply(Some(object), Some(&new), owner, sender, 1 << 20);
            let _ = reply(Some(object), None, owner, sender, 1 << 20);
            let _ = asked_again(Some(object), &new, owner);
            let _ = stored(&new, &[("a@example.com", "1.2")]);
            let _ = merged(object, &new, owner);
            let _ = attendee_may(object, &new, owner);
        }
        let _ = tag_changes(Author::Organizer, object, &new);
    }
}

/// Lines of components, of which many make sense together.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let value = prop_oneof![
        "[0-9]{8}(T[0-9]{6}Z?)?",
        "-?P[0-9]{1,9}[WD]?T?[0-9]{0,9}[HMS]?",
        "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|HOURLY|SECONDLY);?)(BY(DAY|MONTHDAY|MONTH|SETPOS)=-?[0-9]{1,3}(MO|FR)?;)?((COUNT|INTERVAL)=[0-9]{1,9})?",
        "(1|2|9)[09][0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9])T(0[0-9]|1[0-9])[0-5][0-9][0-5][0-9]Z?(/PT?[0-9]{1,9}[DH])?",
        "mailto:[ab]@example.com",
        ".{0,20}",
    ];
    let line = ("(BEGIN|END|DTSTART|DTEND|DUE|DURATION|RRULE|EXRULE|RDATE|EXDATE|FREEBUSY|SUMMARY|TRIGGER|REPEAT|ATTENDEE|ORGANIZER|SEQUENCE|CREATED)(;(TZID|VALUE|RANGE|RELATED|PARTSTAT|SCHEDULE-FORCE-SEND)=(Europe/Berlin|X|DATE|PERIOD|END|REQUEST))?", value)
        .prop_map(|(name, value)| format!("{name}:{value}"));
    prop::collection::vec(line, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_octets(octets in prop::collection::vec(any::<u8>(), 0..2_000)) {
        survive(&octets);
    }

    #[test]
    fn arbitrary_lines(
        name in "VEVENT|VTODO|VJOURNAL|VFREEBUSY",
        lines in lines(),
        alarm in lines(),
        start in "(19|20|00|99)[0-9]{2}(0[1-9]|1[0-2])(0[1-9]|1[0-9])(T[01][0-9]00[0-5][0-9]Z?)?",
        rule in "FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|HOURLY|MINUTELY|SECONDLY)(;INTERVAL=[1-9][0-9]{0,4})?(;COUNT=[1-9][0-9]{0,6})?",
        range in "(;RANGE=THISANDFUTURE)?",
    ) {
        let (lines, alarm) = (lines.join("\n"), alarm.join("\n"));
        survive(body(&format!(
            "BEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0130\nTZOFFSETTO:+0130\nEND:STANDARD\nEND:VTIMEZONE
             BEGIN:{name}\nUID:a\nDTSTART:{start}\nRRULE:{rule}\nORGANIZER:mailto:a@example.com\nATTENDEE:mailto:b@example.com\n{lines}\nBEGIN:VALARM\n{alarm}\nEND:VALARM\nEND:{name}
             BEGIN:{name}\nUID:a\nRECURRENCE-ID{range}:20260416T100000Z\nDTSTART;TZID=X:20260416T110000\nEND:{name}"
        )).as_bytes());
        survive(body(&component(&name, &lines)).as_bytes());
    }

    #[test]
    fn damaged_calendars(
        which in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..3), 0..4),
    ) {
        let calendars = world::calendars();
        let mut octets = object_of(&which.get(&calendars).1);
        for (at, octet, how) in cuts {
            let at = at.index(octets.len());
            match how {
                0 => octets[at] = octet,
                1 => octets.insert(at, octet),
                _ => drop(octets.remove(at)),
            }
        }
        survive(&octets);
    }

    /// What is read and edited nowhere stays as it was, and a shift there and back is none.
    #[test]
    fn a_shift_and_its_reverse(which in any::<prop::sample::Index>(), days in 1_i64..400) {
        let calendars = world::calendars();
        let Ok(object) = CalendarObject::read(object_of(&which.get(&calendars).1)) else { return Ok(()) };
        prop_assert_eq!(&acts::shift(&object, 0)[..], &object.octets()[..]);
        let there = CalendarObject::read(acts::shift(&object, days * 86_400)).expect("an object");
        prop_assert_ne!(there.octets(), object.octets());
        let back = acts::shift(&there, -days * 86_400);
        let (lines, own) = (unfolded(&back), unfolded(object.octets()));
        prop_assert_eq!(lines, own);
    }
}

/// A shipped calendar as a client would store it: without a method.
fn object_of(octets: &[u8]) -> Vec<u8> {
    let lines = octets.split_inclusive(|octet| *octet == b'\n');
    lines.filter(|line| !line.starts_with(b"METHOD")).flatten().copied().collect()
}

/// Octets without folds.
fn unfolded(octets: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(octets).replace("\r\n", "\n");
    let text = text.replace("\n ", "").replace("\n\t", "");
    text.lines().map(str::to_owned).collect()
}

/// The largest work that one body can ask for is bounded.
#[test]
fn a_body_made_to_be_slow_is_answered() {
    let many: String = (0..5_000)
        .map(|n| format!("EXDATE:2026{:02}{:02}T{:02}0000Z\n", n % 12 + 1, n % 28 + 1, n % 24))
        .collect();
    let hostile =
        event(&format!("DTSTART:19000101T000000Z\nRRULE:FREQ=SECONDLY;BYSECOND=0,1,2,3\n{many}"));
    let window = range("20260101T000000Z/20270101T000000Z");
    assert!(expand(&hostile, &window, &Zone::utc()).is_err());
    let never = event("DTSTART:20260101T000000Z\nRRULE:FREQ=MINUTELY;BYMONTH=2;BYMONTHDAY=30");
    assert!(!found(&never, "VEVENT", "20260401T000000Z/20260501T000000Z", &Zone::utc()));
}
