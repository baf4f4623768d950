//! Checks of free-busy-query (RFC 4791, section 7.10).

use super::collection::needs_report;
use super::context::Dav;
use super::samples;
use crate::check::{Check, Stop, Verdict, expect, row, same};
use crate::ical;

pub(super) fn checks() -> Vec<Check<Dav>> {
    vec![
        row! { Must, "freebusy.type", "the answer is a VFREEBUSY", "RFC 4791 7.10", kind },
        row! { Must, "freebusy.busy", "an event makes busy", "RFC 4791 7.10", busy },
        row! {
            Must, "freebusy.recurring", "each instance of a series does", "RFC 4791 7.10",
            recurring
        },
        row! {
            Must, "freebusy.transparent", "a transparent event does not", "RFC 4791 7.10",
            transparent
        },
        row! {
            Must, "freebusy.cancelled", "a cancelled event does not", "RFC 4791 7.10", cancelled
        },
        row! {
            Must, "freebusy.tentative", "a tentative event makes tentatively busy",
            "RFC 4791 7.10", tentative
        },
    ]
}

const DAY: &str = "<C:free-busy-query xmlns:C=\"urn:ietf:params:xml:ns:caldav\"><C:time-range \
                   start=\"20260310T000000Z\" end=\"20260312T000000Z\"/></C:free-busy-query>";

/// Stores an event and asks for the two days around it.
async fn asked(dav: &Dav, lines: &[&str]) -> Result<String, Stop> {
    let at = dav.collection().await?;
    needs_report(dav, &at, "free-busy-query").await?;
    dav.store(&at, "one", &samples::event_of(&dav.fresh(), lines)).await?;
    let reply = dav.report_reply(&at, "1", DAY).await?;
    reply.status("free-busy-query", &[200])?;
    let text = reply.text();
    expect(ical::count(&text, "VFREEBUSY") == 1, "one VFREEBUSY", text.clone())?;
    Ok(text)
}

/// The periods, each as start and end in UTC, with its type.
fn periods(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in ical::lines(text).into_iter().filter(|line| line.name == "FREEBUSY") {
        let kind = line.parameters.to_ascii_uppercase();
        let kind = kind.split(';').find_map(|one| one.strip_prefix("FBTYPE=")).unwrap_or("BUSY");
        for period in line.value.split(',').filter(|_| kind != "FREE") {
            let (start, end) = period.split_once('/').unwrap_or((period, ""));
            found.push(format!("{kind} {start}/{}", ended(start, end)));
        }
    }
    found.sort();
    found
}

/// The end of a period, which may be a duration (RFC 5545, section 3.3.9).
fn ended(start: &str, end: &str) -> String {
    let Ok(span) = end.parse::<jiff::Span>() else { return end.to_owned() };
    let Ok(start) = jiff::civil::DateTime::strptime("%Y%m%dT%H%M%SZ", start) else {
        return end.to_owned();
    };
    let Ok(end) = start.checked_add(span) else { return end.to_owned() };
    end.strftime("%Y%m%dT%H%M%SZ").to_string()
}

async fn kind(dav: &Dav) -> Verdict {
    let at = dav.collection().await?;
    needs_report(dav, &at, "free-busy-query").await?;
    let reply = dav.report_reply(&at, "1", DAY).await?;
    reply.status("free-busy-query", &[200])?;
    let found = reply.header("content-type").unwrap_or_default().to_owned();
    expect(found.starts_with("text/calendar"), "Content-Type text/calendar", found)?;
    same("VFREEBUSY", &ical::count(&reply.text(), "VFREEBUSY"), &1)
}

async fn are(dav: &Dav, lines: &[&str], wanted: &[&str]) -> Verdict {
    let text = asked(dav, lines).await?;
    let wanted: Vec<String> = wanted.iter().map(|period| (*period).to_owned()).collect();
    same("periods", &periods(&text), &wanted)
}

async fn busy(dav: &Dav) -> Verdict {
    let lines = ["DTSTART:20260310T090000Z", "DTEND:20260310T100000Z"];
    are(dav, &lines, &["BUSY 20260310T090000Z/20260310T100000Z"]).await
}

async fn recurring(dav: &Dav) -> Verdict {
    let lines = ["DTSTART:20260301T090000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY"];
    let wanted =
        ["BUSY 20260310T090000Z/20260310T100000Z", "BUSY 20260311T090000Z/20260311T100000Z"];
    are(dav, &lines, &wanted).await
}

async fn transparent(dav: &Dav) -> Verdict {
    are(dav, &["DTSTART:20260310T090000Z", "DTEND:20260310T100000Z", "TRANSP:TRANSPARENT"], &[])
        .await
}

async fn cancelled(dav: &Dav) -> Verdict {
    are(dav, &["DTSTART:20260310T090000Z", "DTEND:20260310T100000Z", "STATUS:CANCELLED"], &[]).await
}

async fn tentative(dav: &Dav) -> Verdict {
    let lines = ["DTSTART:20260310T090000Z", "DTEND:20260310T100000Z", "STATUS:TENTATIVE"];
    are(dav, &lines, &["BUSY-TENTATIVE 20260310T090000Z/20260310T100000Z"]).await
}
