//! The normal form itself.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use super::squash;
use crate::world::When;

/// What any protocol can say of an event. Two sides in agreement about an item have equal facts,
/// attendees and organizer excepted (copies may go without them).
///
/// **Points in time** (`start`, `end`, keys of `exceptions`, elements of `excluded`): the UTC instant
/// as `2026-04-16T08:00:00Z` for a time in a zone, whatever the zone; `2026-04-16` for a day of an
/// all-day event; `floating:2026-04-16T08:00:00` for a time without a zone. A local time in a gap is
/// read with the offset before the gap, an ambiguous one as the earlier.
///
/// **Rule**: `FREQ=..;INTERVAL=n` and then, where they are given or implied by the start,
/// `BYMONTH`, `BYWEEKNO`, `BYYEARDAY`, `BYMONTHDAY`, `BYDAY`, `BYHOUR`, `BYMINUTE`, `BYSECOND`,
/// `BYSETPOS`, `WKST`, and `COUNT=n` or `UNTIL=date`, always in this order, lists ascending
/// (weekdays from Monday).
/// * Implied parts are written out: the weekday of a weekly rule, the day of a monthly one, month
///   and day of a yearly one.
/// * A single weekday with a single `BYSETPOS` in a monthly rule, or in a yearly one of a single
///   month, is written as `BYDAY=2MO`. A daily rule with `INTERVAL=1` that has weekdays and no other
///   part is a weekly one.
/// * `BYHOUR`, `BYMINUTE` and `BYSECOND` that say what the start says are left out.
/// * `SKIP=BACKWARD` is written as the last of the days that come into question: `BYMONTHDAY=-1`
///   for the 31st, `BYMONTHDAY=28,29,30` with `BYSETPOS=-1` for the 30th of every month. Other skips
///   stand at the end before `COUNT` and `UNTIL`.
/// * `WKST` stands only where it matters: in a weekly rule with an interval above 1, and beside
///   `BYWEEKNO`. Monday is the default.
/// * `UNTIL` is the last local day on which an occurrence may start: the day of the bound in the
///   event's zone, or the day before it if the bound comes earlier in the day than the start.
///
/// **Texts** are squashed: runs of white space are one space, none at the ends. HTML is stripped
/// first. Titles are squashed as well.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The title with the harness's token.
    pub title: String,
    /// When it begins.
    pub start: String,
    /// When it ends, exclusively.
    pub end: String,
    /// Whether it is made of whole days.
    pub all_day: bool,
    /// The description as plain text.
    pub description: String,
    /// The names of its places, ascending, joined by `; `. Virtual ones are none.
    pub location: String,
    /// Whether it recurs, by a rule or by dates.
    pub recurring: bool,
    /// The rule; empty where there is none.
    pub rule: String,
    /// Original starts of occurrences that were taken out. One that the rule does not give is no
    /// fact.
    pub excluded: BTreeSet<String>,
    /// Occurrences that differ in title, start or end, and additional ones, by original start, as
    /// `title|start|end`.
    pub exceptions: BTreeMap<String, String>,
    /// Addresses of the invited, in lower case without `mailto:`; the organizer is none.
    pub attendees: BTreeSet<String>,
    /// The organizer's address in the same form; none where nobody is invited.
    pub organizer: Option<String>,
    /// Whether it was called off as a whole.
    pub cancelled: bool,
    /// Whether it takes the user's time.
    pub busy: bool,
}

/// A point in time in the form of [`Facts`].
pub(crate) fn point(when: &When) -> String {
    match (when, when.instant()) {
        (When::Zoned(..), Some(instant)) => instant.to_string(),
        (When::Date(date), _) => date.to_string(),
        (When::Floating(local) | When::Zoned(local, _), _) => format!("floating:{local}"),
    }
}

/// The local time that an instant has in the zone of a point; of UTC where it has none.
pub(crate) fn local_of(instant: jiff::Timestamp, like: &When) -> DateTime {
    let zone = like.zone().map_or(TimeZone::UTC, crate::world::Zone::rules);
    instant.to_zoned(zone).datetime()
}

/// The value of an exception.
pub(crate) fn exception(title: &str, start: &str, end: &str) -> String {
    format!("{}|{start}|{end}", squash(title))
}

/// Names of places as one text.
pub(crate) fn place<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: BTreeSet<String> = names.into_iter().map(squash).filter(|n| !n.is_empty()).collect();
    names.into_iter().collect::<Vec<_>>().join("; ")
}
