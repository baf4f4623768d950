//! Copies: how many, how alike, how different.

use calamity_base::Entropy;
use calamity_evidence::Lineage;
use jiff::civil::datetime;

use super::{
    super::{Span, When, Zone, embedded_events, graph, jscalendar, read},
    *,
};

const OWNER: &str = "owner@example.com";

fn stream(seed: u64) -> Stream {
    Entropy::seeded(seed).stream("world", "Work")
}

fn multiplied(
    set: &[SourceEvent],
    n: usize,
    attendees: Option<RangeInclusive<u64>>,
) -> Vec<SourceEvent> {
    multiply(set, n, attendees, OWNER, &mut stream(7))
}

fn first(components: &str) -> SourceEvent {
    let text = format!("BEGIN:VCALENDAR\n{}\nEND:VCALENDAR\n", components.trim());
    read(text.as_bytes()).expect("readable").events.remove(0)
}

#[test]
fn the_originals_come_first_and_equal_streams_give_equal_events() {
    let set = embedded_events();
    let events = multiplied(&set, 1_000, None);
    assert_eq!(events.len(), 1_000);
    assert_eq!(&events[..set.len()], &set[..]);
    assert_eq!(events, multiplied(&set, 1_000, None));
    let other = multiply(&set, 1_000, None, OWNER, &mut stream(8));
    assert_ne!(events[set.len()..], other[set.len()..]);
    assert_eq!(multiplied(&set, 5, None), &set[..5]);
    assert_eq!(multiplied(&[], 5, None), []);
}

#[test]
fn every_copy_has_its_own_uid_and_can_be_written_wherever_its_original_can() {
    let set = embedded_events();
    let events = multiplied(&set, 5 * set.len(), None);
    let uids: BTreeSet<&str> = events.iter().map(|event| event.uid.as_str()).collect();
    assert_eq!(uids.len(), events.len());
    let lineage = Lineage::from_number(1);
    for (nth, event) in events.iter().enumerate() {
        let original = &set[nth % set.len()];
        let verdict = |event: &SourceEvent| graph(event, &lineage, OWNER).map(|_| ());
        // Another week has other clocks.
        if !original.start.is_skipped() {
            assert_eq!(verdict(event), verdict(original), "{} from {}", event.title, original.uid);
        }
        jscalendar(event, &lineage, OWNER).expect("writable");
        assert!(event.title.starts_with(&original.title), "{}", event.title);
        assert_eq!(event.exceptions.len(), original.exceptions.len());
        assert_eq!(event.duration, original.duration);
    }
}

#[test]
fn copies_move_by_whole_weeks_with_everything_that_they_hold() {
    let series = "BEGIN:VEVENT
UID:u1@example.com
SUMMARY:Review
DTSTART;TZID=Europe/Berlin:20260402T150000
DTEND;TZID=Europe/Berlin:20260402T160000
RRULE:FREQ=WEEKLY;UNTIL=20261231T140000Z
EXDATE:20260409T130000Z
END:VEVENT
BEGIN:VEVENT
UID:u1@example.com
SUMMARY:Review in New York
RECURRENCE-ID:20260416T130000Z
DTSTART;TZID=America/New_York:20260416T100000
DTEND;TZID=America/New_York:20260416T110000
END:VEVENT";
    let original = first(series);
    let events = multiplied(std::slice::from_ref(&original), 50, None);
    let mut moved = 0;
    for copy in &events[1..] {
        let days = |from: &When, to: &When| {
            let hours = to.local().duration_since(from.local()).as_hours();
            assert_eq!((hours % (7 * 24), to.zone()), (0, from.zone()), "whole weeks in the zone");
            hours / 24
        };
        let by = days(&original.start, &copy.start);
        assert!((-26 * 7..=26 * 7).contains(&by));
        moved += u32::from(by != 0);
        assert_eq!(days(&original.end, &copy.end), by);
        assert_eq!(days(&original.exdates[0], &copy.exdates[0]), by);
        let (old, new) = (&original.exceptions[0], &copy.exceptions[0]);
        assert_eq!(days(&old.original, &new.original), by);
        assert_eq!(days(&old.event.start, &new.event.start), by);
        assert_eq!(new.event.uid, copy.uid);
        let rule = copy.rule.as_ref().expect("a rule");
        let last = original.start.at(datetime(2026, 12, 31, 15, 0, 0, 0));
        let last = last.plus(Span { days: by, seconds: 0 }).and_then(|last| last.instant());
        let until = last.expect("an instant").strftime("%Y%m%dT%H%M%SZ").to_string();
        assert_eq!(rule.raw, format!("FREQ=WEEKLY;UNTIL={until}"));
        assert_eq!(
            copy.title.strip_prefix("Review – "),
            new.event.title.strip_prefix("Review in New York – ")
        );
    }
    assert!(moved > 40, "{moved} of 49 moved");
}

#[test]
fn series_by_months_stay_and_no_copy_starts_in_a_change_of_the_clock() {
    let monthly =
        first("BEGIN:VEVENT\nUID:m\nDTSTART:20260416T100000Z\nRRULE:FREQ=MONTHLY\nEND:VEVENT");
    let copies = multiplied(std::slice::from_ref(&monthly), 20, None);
    assert!(copies.iter().all(|copy| copy.start == monthly.start));
    let berlin = Zone::iana("Europe/Berlin").expect("known");
    let start = When::Zoned(datetime(2026, 3, 22, 2, 30, 0, 0), berlin.clone());
    let sunday = SourceEvent::plain("s", "Early", start, Span::default());
    for copy in &multiplied(std::slice::from_ref(&sunday), 200, None)[1..] {
        assert!(!berlin.rules().to_ambiguous_timestamp(copy.start.local()).is_ambiguous());
    }
}

#[test]
fn a_flight_keeps_its_length_across_zones() {
    let flight = first(
        "BEGIN:VEVENT\nUID:f\nDTSTART;TZID=Europe/Berlin:20260320T090000\nDTEND;TZID=Asia/Tokyo:20260321T033000\nEND:VEVENT",
    );
    for copy in multiplied(std::slice::from_ref(&flight), 50, None) {
        assert_eq!(copy.start.until(&copy.end), flight.start.until(&flight.end));
        assert_eq!(copy.end.zone(), flight.end.zone());
    }
}

#[test]
fn whoever_invites_nobody_invites_as_many_as_are_asked_for() {
    let set = embedded_events();
    let events = multiplied(&set, 300, Some(1..=6));
    let (mut least, mut most) = (u64::MAX, 0);
    for (nth, event) in events.iter().enumerate() {
        let original = &set[nth % set.len()];
        if !original.attendees.is_empty() {
            assert_eq!(event.attendees, original.attendees);
            continue;
        }
        let number = event.attendees.len() as u64;
        (least, most) = (least.min(number), most.max(number));
        let organizer = event.organizer.as_ref().and_then(Organizer::mail);
        assert_eq!(organizer, Some(OWNER));
        let mails: BTreeSet<&str> = event.attendees.iter().filter_map(Attendee::mail).collect();
        assert_eq!(mails.len(), event.attendees.len(), "nobody is invited twice");
        let invented = ["@example.com", "@example.net", "@example.org"];
        assert!(mails.iter().all(|mail| invented.iter().any(|domain| mail.ends_with(domain))));
        assert!(event.exceptions.iter().all(|one| one.event.attendees == event.attendees));
    }
    assert_eq!((least, most), (1, 6));
    assert!(multiplied(&set, 300, Some(0..=0)).iter().all(|event| event.attendees.len() <= 20));
}

#[test]
fn related_copies_are_related_among_themselves() {
    let series = "BEGIN:VEVENT
UID:u1
DTSTART:20260402T150000Z
RRULE:FREQ=WEEKLY
END:VEVENT
BEGIN:VEVENT
UID:u1
RECURRENCE-ID;RANGE=THISANDFUTURE:20260416T150000Z
DTSTART:20260416T160000Z
END:VEVENT";
    let text = format!("BEGIN:VCALENDAR\n{series}\nEND:VCALENDAR\n");
    let set = read(text.as_bytes()).expect("readable").events;
    let events = multiplied(&set, 5, None);
    assert_eq!(events[2].relations[0].uid, events[3].uid);
    assert_eq!(events[3].relations[0].uid, events[2].uid);
    assert_eq!(events[4].relations, [], "its other half is not among the events");
}

#[test]
fn uids_keep_their_style() {
    let mut stream = stream(1);
    let mut check = |uid: &str| {
        let made = uid::similar(uid, &mut stream);
        let form = |uid: &str| -> String {
            let class = |sign: char| match sign {
                '0'..='9' | 'a'..='f' => 'x',
                'A'..='F' => 'X',
                other => other,
            };
            uid.chars().map(class).collect()
        };
        assert_ne!(made, uid);
        (form(uid) == form(&made), made)
    };
    assert!(check("f37edd13-0bd2-445e-a714-bec61f52c0d7").0);
    let (_, apple) = check("870932CF-D992-4186-8B89-600361B87269");
    assert_eq!(apple, apple.to_uppercase());
    let (_, outlook) = check(
        "040000008200E00074C5B7101A82E00800000000A39521903363DC01000000000000000010000000B918FF60B36ED8C58575EB0984057380",
    );
    assert!(outlook.starts_with("040000008200E00074C5B7101A82E008"));
    assert_eq!(outlook.len(), 112);
    let (_, google) = check("h0uq0t111nm77og2n287dmhebq@google.com");
    assert!(google.ends_with("@google.com") && google.len() == 37);
    let (_, short) = check("1@x");
    assert!(short.starts_with("1-") && short.ends_with("@x"));
}
