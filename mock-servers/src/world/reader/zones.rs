//! Which IANA zone a `TZID` means.
//!
//! In this order: an IANA name; a Windows name or what Outlook shows for it; an IANA name at the
//! end of a path (`/mozilla.org/20050126_1/Europe/Berlin`); a name that the file's `VTIMEZONE`
//! gives for itself (`X-LIC-LOCATION`); the rules of the `VTIMEZONE`, compared with those of the
//! known zones over the years around the event; an offset spelled out (`UTC+2`). A name wins over
//! rules, as jscalendar-icalendar has it, because writers ship stale rules with good names. Rules
//! that differ for less than a day around a change of the clock count as the same: writers confuse
//! the hour of the change.

use std::{cell::RefCell, collections::BTreeMap};

use jiff::{Timestamp, civil::DateTime, tz::TimeZone};

use super::{
    super::{Zone, windows_zones},
    component::Component,
    vtimezone::{Onsets, VTimeZone},
};

/// Years after the event's own in which the rules must agree, so that a series keeps its times.
const YEARS_AHEAD: i16 = 3;
/// Zone definitions of one file beyond which the rest is not read.
const DEFINITIONS_MAX: usize = 10_000;

/// The zones that are tried first when only rules are known: of several with the same rules the
/// one that people mean.
const LIKELY: &[&str] = &[
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Europe/Helsinki",
    "Europe/Athens",
    "Asia/Kolkata",
    "Asia/Tokyo",
    "Asia/Shanghai",
    "Australia/Sydney",
    "Pacific/Auckland",
    "America/Sao_Paulo",
    "America/Phoenix",
];

/// Names that are neither IANA's nor Windows': (name, IANA name). HCL Notes writes them.
const OTHER_NAMES: &[(&str, &str)] = &[("Western/Central Europe", "Europe/Berlin")];

/// Seconds around a change of the clock in which rules may differ.
const TOLERANCE: i64 = 86_400;

/// What a time in a zone is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// One moment: a fixed offset serves as well as a zone.
    Once,
    /// A series, which needs the zone's changes.
    Series,
}

/// The zones of one file.
#[derive(Debug, Default)]
pub(super) struct Zones {
    definitions: BTreeMap<String, VTimeZone>,
    known: RefCell<BTreeMap<(String, i16), Option<Zone>>>,
}

impl Zones {
    /// The zones that these calendars define; of two definitions of one id the first.
    pub(super) fn read<'a>(calendars: impl Iterator<Item = &'a Component>) -> Zones {
        let mut zones = Zones::default();
        for component in calendars.flat_map(|calendar| calendar.inner("VTIMEZONE")) {
            if zones.definitions.len() >= DEFINITIONS_MAX {
                break;
            }
            if let Some(zone) = VTimeZone::read(component) {
                zones.definitions.entry(zone.id.clone()).or_insert(zone);
            }
        }
        zones
    }

    /// A wall-clock time in the zone of this id, or why there is none.
    pub(super) fn locate(
        &self,
        local: DateTime,
        id: &str,
        purpose: Use,
    ) -> Result<(DateTime, Zone), String> {
        if let Some(zone) = self.zone(id, local.year()) {
            return Ok((local, zone));
        }
        let Some(definition) = self.definitions.get(id) else {
            return Err(format!(
                "time zone `{id}` is neither a known name nor defined in the file"
            ));
        };
        let onsets = definition.onsets(local.year()..=local.year());
        match purpose {
            Use::Once => moment(local, &onsets)
                .ok_or_else(|| format!("a time in zone `{id}` that is out of range")),
            Use::Series => Err(format!("time zone `{id}` has rules of no known zone")),
        }
    }

    /// The zone of an id for an event of this year.
    fn zone(&self, id: &str, year: i16) -> Option<Zone> {
        if let Some(zone) = named(id) {
            return Some(zone);
        }
        let key = (id.to_owned(), year);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        let zone = match self.definitions.get(id) {
            Some(definition) => definition
                .names
                .iter()
                .find_map(|name| named(name))
                .or_else(|| by_rules(definition, year)),
            None => spelled_out(id),
        };
        self.known.borrow_mut().insert(key, zone.clone());
        zone
    }
}

/// The zone that a name stands for by itself.
pub(crate) fn named(name: &str) -> Option<Zone> {
    let name = name.trim().trim_matches(['"', '\'']);
    if let Some(zone) = Zone::iana(name) {
        return Some(zone);
    }
    if let Some(zone) = Zone::windows(name) {
        return Some(zone);
    }
    if name.eq_ignore_ascii_case("tzone://Microsoft/Utc") {
        return Some(Zone::utc());
    }
    if let Some((_, iana)) = OTHER_NAMES.iter().find(|(other, _)| *other == name) {
        return Zone::iana(iana);
    }
    // The longest path at the end that is a zone: `America/Argentina/Salta` before `Salta`.
    let slashes: Vec<usize> = name.match_indices('/').map(|(at, _)| at).collect();
    let nearest = slashes.iter().rev().take(3).rev();
    let path = |at: &usize| &name[at + 1..];
    let mut paths = nearest.map(path).filter(|path| path.contains('/') || name.starts_with('/'));
    paths.find_map(Zone::iana)
}

/// The zone whose offsets are those of a definition in the years from this one on.
fn by_rules(definition: &VTimeZone, year: i16) -> Option<Zone> {
    let last = year.saturating_add(YEARS_AHEAD);
    let onsets = definition.onsets(year..=last);
    let (from, to) = (second(year, 1)?, second(last.saturating_add(1), 1)?);
    let firsts =
        (year..=last).flat_map(|year| (1..=12).filter_map(move |month| second(year, month)));
    let around = |before: i64, after: i64| -> Vec<i64> {
        let around = onsets.moments().flat_map(|at| [at - before, at + after]);
        around.filter(|at| (from..to).contains(at)).chain(firsts.clone()).collect()
    };
    let exact = around(1, 0);
    let offset = onsets.offset(from);
    if exact.iter().all(|at| onsets.offset(*at) == offset)
        && let Some(zone) = fixed(offset)
    {
        return Some(zone);
    }
    with_offsets(&onsets, &exact).or_else(|| with_offsets(&onsets, &around(TOLERANCE, TOLERANCE)))
}

/// The first known zone that has these offsets at these moments.
fn with_offsets(onsets: &Onsets, moments: &[i64]) -> Option<Zone> {
    let table = windows_zones::ZONES.iter().map(|(_, iana, _)| *iana);
    LIKELY.iter().copied().chain(table).find_map(|name| {
        let zone = Zone::iana(name)?;
        let rules = zone.rules();
        let same = moments.iter().all(|at| {
            Timestamp::from_second(*at)
                .is_ok_and(|moment| rules.to_offset(moment).seconds() == onsets.offset(*at))
        });
        same.then_some(zone)
    })
}

/// Noon in UTC on the first of a month, in seconds since 1970.
fn second(year: i16, month: i8) -> Option<i64> {
    let local = DateTime::new(year, month, 1, 12, 0, 0, 0).ok()?;
    Some(TimeZone::UTC.to_timestamp(local).ok()?.as_second())
}

/// `Etc/GMT-2` for an offset of two hours: the sign of these names is the opposite.
fn fixed(offset: i32) -> Option<Zone> {
    if offset == 0 {
        return Some(Zone::utc());
    }
    let hours = (offset % 3_600 == 0).then_some(-offset / 3_600)?;
    Zone::iana(&format!("Etc/GMT{hours:+}"))
}

/// A zone out of a name that is an offset: `UTC+2`, `GMT-0330`, `+05:30`.
fn spelled_out(name: &str) -> Option<Zone> {
    let name = name.trim();
    let rest = ["UTC", "GMT"].iter().find_map(|start| name.strip_prefix(start)).unwrap_or(name);
    let (sign, rest) = match rest.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits: String = rest.chars().filter(|sign| *sign != ':').collect();
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i32 = digits.parse().ok()?;
    let (hours, minutes) =
        if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    (minutes == 0).then(|| fixed(sign * hours * 3_600)).flatten()
}

/// A moment stated with the fixed offset that holds there, else in UTC. Of a time that comes twice
/// it is the earlier; one that does not come has the offset before the gap.
fn moment(local: DateTime, onsets: &Onsets) -> Option<(DateTime, Zone)> {
    let as_utc = TimeZone::UTC.to_timestamp(local).ok()?.as_second();
    let around = [-TOLERANCE, 0, TOLERANCE].map(|shift| onsets.offset(as_utc + shift));
    let holds = |offset: &i32| onsets.offset(as_utc - i64::from(*offset)) == *offset;
    let offset = around.into_iter().filter(holds).max().unwrap_or(around[0]);
    if let Some(zone) = fixed(offset) {
        return Some((local, zone));
    }
    let instant = Timestamp::from_second(as_utc - i64::from(offset)).ok()?;
    Some((TimeZone::UTC.to_datetime(instant), Zone::utc()))
}
