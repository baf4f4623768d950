//! Whatever the octets, nothing panics and nothing goes on for ever: neither the reader nor the
//! writers of what it read.

use calamity_base::Entropy;
use calamity_evidence::Lineage;
use proptest::prelude::*;

use super::super::super::{calendars, graph, jscalendar, multiply, read};

/// Reads, and writes whatever came out.
fn survive(octets: &[u8]) {
    let Ok(read) = read(octets) else { return };
    let lineage = Lineage::from_number(1);
    for event in &read.events {
        let written = jscalendar(event, &lineage, "owner@example.com");
        assert!(written.is_ok(), "{written:?}");
        let _ = graph(event, &lineage, "owner@example.com");
    }
    let mut stream = Entropy::seeded(1).stream("world", "arbitrary");
    let n = 2 * read.events.len();
    let copies = multiply(&read.events, n, Some(0..=2), "owner@example.com", &mut stream);
    assert_eq!(copies.len(), n);
}

/// Lines of events, of which many make sense together.
fn lines() -> impl Strategy<Value = Vec<String>> {
    let value = prop_oneof![
        "[0-9]{8}(T[0-9]{6}Z?)?",
        "-?P[0-9]{1,10}[WDTHMS][0-9]{0,3}[HMS]?",
        "(FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|HOURLY);?)(BY(DAY|MONTHDAY|MONTH|SETPOS)=-?[0-9]{1,3}(MO|FR)?;)?(COUNT|INTERVAL)=[0-9]{1,10}",
        "(1|9)[0-9]{3}(0[1-9]|1[0-2])(0[1-9]|1[0-9])T(0[0-9]|1[0-9])[0-5][0-9][0-5][0-9]Z?",
        ".{0,20}",
    ];
    let line = ("(BEGIN|END|UID|DTSTART|DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|SUMMARY|GEO|TRIGGER|ATTENDEE|TZID|TZOFFSETTO|TZOFFSETFROM)(;(TZID|VALUE|RANGE)=(Europe/Berlin|X|DATE|PERIOD|THISANDFUTURE))?", value)
        .prop_map(|(name, value)| format!("{name}:{value}"));
    prop::collection::vec(line, 0..30)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_octets(octets in prop::collection::vec(any::<u8>(), 0..2_000)) {
        survive(&octets);
    }

    #[test]
    fn arbitrary_lines_in_an_event(lines in lines(), start in "[0-9]{8}(T[0-2][0-9]{5}Z?)?") {
        let lines = lines.join("\n");
        let text = format!(
            "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:X\nBEGIN:STANDARD\nDTSTART:19700101T000000\n\
             TZOFFSETFROM:+0130\nTZOFFSETTO:+0130\n{lines}\nEND:STANDARD\nEND:VTIMEZONE\n\
             BEGIN:VEVENT\nUID:a\nDTSTART:{start}\n{lines}\nEND:VEVENT\n\
             BEGIN:VEVENT\nUID:a\nRECURRENCE-ID;RANGE=THISANDFUTURE:{start}\nDTSTART:{start}\n{lines}\nEND:VEVENT\n\
             END:VCALENDAR\n"
        );
        survive(text.as_bytes());
    }

    #[test]
    fn damaged_calendars(
        which in any::<prop::sample::Index>(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0_u8..4), 1..12),
    ) {
        let calendars = calendars();
        let mut octets = which.get(&calendars).1.to_vec();
        for (at, octet, how) in cuts {
            if octets.is_empty() {
                break;
            }
            let at = at.index(octets.len());
            match how {
                0 => octets[at] = octet,
                1 => octets.insert(at, octet),
                2 => drop(octets.remove(at)),
                _ => octets.truncate(at),
            }
        }
        survive(&octets);
    }
}
