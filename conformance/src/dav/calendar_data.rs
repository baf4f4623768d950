//! Checks of what of an object a report gives: parts, expanded and limited recurrences (RFC 4791,
//! section 9.6).

use super::context::Dav;
use super::reports::{everything, query};
use super::samples;
use super::select::Object;
use crate::check::{Check, Stop, Verdict, expect, fail, row, same};
use crate::ical;

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! {
            Must, "data.partial", "only the properties that are asked for", "RFC 4791 9.6.4",
            partial
        },
        row! {
            Must, "data.partial-component", "only the components that are asked for",
            "RFC 4791 9.6.1", partial_component
        },
        row! {
            Must, "data.no-value", "novalue gives a property without its value", "RFC 4791 9.6.4",
            no_value
        },
        row! {
            Must, "data.expand", "expand gives each instance, without the rule", "RFC 4791 9.6.5",
            expand
        },
        row! { Must, "data.expand-utc", "in UTC", "RFC 4791 9.6.5", expand_utc },
        row! {
            Must, "data.expand-ids", "with RECURRENCE-ID in each", "RFC 4791 9.6.5", expand_ids
        },
        row! {
            Must, "data.expand-override", "with overridden instances as they are",
            "RFC 4791 9.6.5", expand_override
        },
        row! {
            Must, "data.expand-exdate", "without excluded ones", "RFC 4791 9.6.5", expand_exdate
        },
        row! {
            Must, "data.expand-plain", "an event that does not recur is given as one",
            "RFC 4791 9.6.5", expand_plain
        },
        row! {
            Must, "data.expand-summer-time", "across the change to summer time", "RFC 4791 9.6.5",
            expand_summer
        },
        row! {
            Must, "data.limit", "limit-recurrence-set gives the rule and overrides of the range",
            "RFC 4791 9.6.6", limit
        },
    ]
}

const SERIES: Object = (
    "series",
    "VEVENT",
    &[
        &[
            "DTSTART:20260309T090000Z",
            "DURATION:PT1H",
            "RRULE:FREQ=DAILY;COUNT=10",
            "EXDATE:20260312T090000Z",
            "SUMMARY:Usual",
            "LOCATION:Rome",
        ],
        &[
            "RECURRENCE-ID:20260311T090000Z",
            "DTSTART:20260311T140000Z",
            "DURATION:PT1H",
            "SUMMARY:Special",
        ],
        &[
            "RECURRENCE-ID:20260317T090000Z",
            "DTSTART:20260317T140000Z",
            "DURATION:PT1H",
            "SUMMARY:Far",
        ],
    ],
);
const PLAIN: Object = (
    "plain",
    "VEVENT",
    &[&["DTSTART:20260310T090000Z", "DURATION:PT1H", "SUMMARY:Usual", "LOCATION:Rome"]],
);

/// The filter of the days from the 10th to the 13th of March, the last excluded.
const DAYS: &str = "<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range \
                    start=\"20260310T000000Z\" end=\"20260313T000000Z\"/></C:comp-filter></C:comp-filter></C:filter>";
const EXPAND: &str = "<C:expand start=\"20260310T000000Z\" end=\"20260313T000000Z\"/>";

/// Stores an object and returns what a query gives of it.
async fn given(dav: &Dav, body: &str, inner: &str, filter: &str) -> Result<String, Stop> {
    let at = dav.collection().await?;
    let path = dav.store(&at, "one", body).await?;
    let property = format!("<C:calendar-data>{inner}</C:calendar-data>");
    let found = query(dav, &at, &property, filter).await?;
    match found.of(&path)?.property(dav.kind.data()) {
        Some(data) => Ok(data.text.clone()),
        None => fail("calendar-data", "none"),
    }
}

async fn given_object(dav: &Dav, object: &Object, inner: &str) -> Result<String, Stop> {
    given(dav, &super::select::text(dav, object), inner, DAYS).await
}

fn of_events(text: &str, name: &str) -> Vec<String> {
    let mut values = ical::values(text, "VCALENDAR/VEVENT", name);
    values.sort();
    values
}

const TITLE_ONLY: &str = "<C:comp name=\"VCALENDAR\"><C:prop name=\"VERSION\"/><C:comp name=\"VEVENT\">\
                          <C:prop name=\"SUMMARY\"/><C:prop name=\"UID\"/></C:comp></C:comp>";

async fn partial(dav: &Dav) -> Verdict {
    let text = given_object(dav, &PLAIN, TITLE_ONLY).await?;
    same("SUMMARY", &of_events(&text, "SUMMARY"), &vec!["Usual".to_owned()])?;
    same("LOCATION", &of_events(&text, "LOCATION"), &Vec::new())
}

async fn partial_component(dav: &Dav) -> Verdict {
    let lines = [
        "DTSTART:20260310T090000Z",
        "SUMMARY:One",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:x",
        "TRIGGER:-PT5M",
        "END:VALARM",
    ];
    let body = samples::event_of(&dav.fresh(), &lines);
    let text = given(dav, &body, TITLE_ONLY, everything(dav.kind)).await?;
    same("events", &ical::count(&text, "VEVENT"), &1)?;
    same("alarms", &ical::count(&text, "VALARM"), &0)
}

async fn no_value(dav: &Dav) -> Verdict {
    let inner = "<C:comp name=\"VCALENDAR\"><C:allprop/><C:comp name=\"VEVENT\"><C:prop name=\"UID\"/>\
                 <C:prop name=\"SUMMARY\" novalue=\"yes\"/></C:comp></C:comp>";
    let text = given_object(dav, &PLAIN, inner).await?;
    same("SUMMARY", &of_events(&text, "SUMMARY"), &vec![String::new()])
}

async fn expand(dav: &Dav) -> Verdict {
    let text = given_object(dav, &SERIES, EXPAND).await?;
    same("events", &ical::count(&text, "VEVENT"), &2)?;
    same("RRULE", &of_events(&text, "RRULE"), &Vec::new())?;
    same("EXDATE", &of_events(&text, "EXDATE"), &Vec::new())
}

async fn expand_utc(dav: &Dav) -> Verdict {
    let lines =
        ["DTSTART;TZID=Europe/Berlin:20260310T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=2"];
    let text = given(dav, &samples::event_of(&dav.fresh(), &lines), EXPAND, DAYS).await?;
    let wanted = ["20260310T080000Z", "20260311T080000Z"].map(str::to_owned);
    same("DTSTART", &of_events(&text, "DTSTART"), &wanted.to_vec())
}

async fn expand_ids(dav: &Dav) -> Verdict {
    let text = given_object(dav, &SERIES, EXPAND).await?;
    let wanted = ["20260310T090000Z", "20260311T090000Z"].map(str::to_owned);
    same("RECURRENCE-ID", &of_events(&text, "RECURRENCE-ID"), &wanted.to_vec())
}

async fn expand_override(dav: &Dav) -> Verdict {
    let text = given_object(dav, &SERIES, EXPAND).await?;
    let wanted = ["20260310T090000Z", "20260311T140000Z"].map(str::to_owned);
    same("DTSTART", &of_events(&text, "DTSTART"), &wanted.to_vec())?;
    same("SUMMARY", &of_events(&text, "SUMMARY"), &vec!["Special".to_owned(), "Usual".to_owned()])
}

async fn expand_exdate(dav: &Dav) -> Verdict {
    let lines = [
        "DTSTART:20260309T090000Z",
        "DURATION:PT1H",
        "RRULE:FREQ=DAILY;COUNT=10",
        "EXDATE:20260311T090000Z",
    ];
    let text = given(dav, &samples::event_of(&dav.fresh(), &lines), EXPAND, DAYS).await?;
    let wanted = ["20260310T090000Z", "20260312T090000Z"].map(str::to_owned);
    same("DTSTART", &of_events(&text, "DTSTART"), &wanted.to_vec())
}

async fn expand_plain(dav: &Dav) -> Verdict {
    let text = given_object(dav, &PLAIN, EXPAND).await?;
    same("DTSTART", &of_events(&text, "DTSTART"), &vec!["20260310T090000Z".to_owned()])
}

async fn expand_summer(dav: &Dav) -> Verdict {
    let lines =
        ["DTSTART;TZID=Europe/Berlin:20260328T090000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3"];
    let range = "start=\"20260328T000000Z\" end=\"20260331T000000Z\"";
    let filter = format!(
        "<C:filter><C:comp-filter name=\"VCALENDAR\"><C:comp-filter name=\"VEVENT\"><C:time-range {range}/>\
         </C:comp-filter></C:comp-filter></C:filter>"
    );
    let body = samples::event_of(&dav.fresh(), &lines);
    let text = given(dav, &body, &format!("<C:expand {range}/>"), &filter).await?;
    let wanted = ["20260328T080000Z", "20260329T070000Z", "20260330T070000Z"].map(str::to_owned);
    same("DTSTART", &of_events(&text, "DTSTART"), &wanted.to_vec())
}

async fn limit(dav: &Dav) -> Verdict {
    let inner = "<C:limit-recurrence-set start=\"20260310T000000Z\" end=\"20260313T000000Z\"/>";
    let text = given_object(dav, &SERIES, inner).await?;
    expect(of_events(&text, "RRULE").len() == 1, "the rule", text.clone())?;
    same("SUMMARY", &of_events(&text, "SUMMARY"), &vec!["Special".to_owned(), "Usual".to_owned()])
}
