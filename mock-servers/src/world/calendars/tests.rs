//! Every embedded calendar: what it holds, and what each protocol makes of it.

use std::collections::BTreeSet;

use calamity_evidence::Lineage;

use super::{
    super::{graph, jscalendar},
    *,
};

/// (File, what of it is passed over): components that stand beside the events on purpose.
const PASSED_OVER: &[(&str, &str)] = &[
    ("nextcloud-todo-and-journal-beside-event.ics", "VTODO is no event"),
    ("nextcloud-todo-and-journal-beside-event.ics", "VTODO is no event"),
    ("nextcloud-todo-and-journal-beside-event.ics", "VJOURNAL is no event"),
    ("stalwart-freebusy-beside-event.ics", "VFREEBUSY is no event"),
];

const SHORT_MONTHS: &str = "RRULE: a day that some months lack: Graph moves it to their last day \
                            where the rule leaves it out";
const ADDED_DATES: &str = "RDATE: added dates: a Graph series has a pattern and nothing else";

/// (File, why Graph cannot hold one of its events).
const REFUSED_BY_GRAPH: &[(&str, &str)] = &[
    (
        "apple-attendees-without-mailto.ics",
        "ATTENDEE: an attendee or organizer without a mail address",
    ),
    ("apple-floating-times.ics", "DTSTART: a time without a zone: Graph keeps every time in one"),
    ("apple-rscale-chinese-new-year.ics", "RRULE: a rule in a calendar that is not Gregorian"),
    ("davx5-hourly-series.ics", "RRULE: several occurrences a day"),
    ("evolution-rdate-irregular-dates.ics", ADDED_DATES),
    ("evolution-rdate-irregular-dates.ics", ADDED_DATES),
    ("google-monthly-on-the-31st.ics", SHORT_MONTHS),
    ("nextcloud-birthday-on-leap-day.ics", SHORT_MONTHS),
    (
        "nextcloud-series-starting-in-dst-gap.ics",
        "DTSTART: a series whose first start is skipped by the clocks of its zone",
    ),
];

#[test]
fn every_file_is_read_whole_but_for_what_is_listed() {
    let mut passed_over = Vec::new();
    let mut uids = BTreeSet::new();
    let calendars = calendars();
    assert!(calendars.len() >= 44, "{} calendars", calendars.len());
    for (name, octets) in &calendars {
        let read = read(octets).unwrap_or_else(|error| panic!("{name}: {error}"));
        passed_over.extend(read.skipped.into_iter().map(|one| (name.clone(), one.reason)));
        for event in read.events {
            assert!(uids.insert(event.uid.clone()), "{name}: {} is in another file", event.uid);
        }
    }
    let expect: Vec<(String, String)> =
        PASSED_OVER.iter().map(|(name, what)| ((*name).to_owned(), (*what).to_owned())).collect();
    assert_eq!(passed_over, expect);
}

#[test]
fn every_event_becomes_jscalendar_and_graph_but_for_what_is_listed() {
    let mut refused = Vec::new();
    let mut number = 0;
    for (name, octets) in calendars() {
        for event in read(&octets).expect("readable").events {
            number += 1;
            let lineage = Lineage::from_number(number);
            let object = jscalendar(&event, &lineage, "owner@example.com").expect("writable");
            let title = object["title"].as_str().unwrap_or_default();
            assert_eq!(Lineage::find(title).as_ref(), Some(&lineage), "{name}: {title}");
            if let Err(reason) = graph(&event, &lineage, "owner@example.com") {
                refused.push((name.clone(), reason.to_string()));
            }
        }
    }
    let expect: Vec<(String, String)> = REFUSED_BY_GRAPH
        .iter()
        .map(|(name, reason)| ((*name).to_owned(), (*reason).to_owned()))
        .collect();
    assert_eq!(refused, expect);
}
