//! A whole file.

use super::{
    super::{Read, Skipped, Unreadable, lines::Place, properties::Fault},
    component::{Component, FAULTS_MAX, components},
    event::draft,
    series::join,
    zones::Zones,
};

/// Octets of one file beyond which it is not read.
const FILE_OCTETS_MAX: usize = 512 << 20;

/// The events of an iCalendar file.
///
/// # Errors
/// When it holds no event that can be read: no `VEVENT` inside of a `VCALENDAR` with a `UID` and a
/// `DTSTART` that is a date or time. The error names the first thing that is wrong.
pub fn read(text: &[u8]) -> Result<Read, Unreadable> {
    if let Some(what) = unreadable_as_a_whole(text) {
        return Err(Unreadable { line: 1, column: 1, what: what.to_owned() });
    }
    let (roots, faults) = components(text);
    let mut passed = Passed::new(faults);
    let calendars: Vec<&Component> =
        roots.iter().filter(|component| component.name == "VCALENDAR").collect();
    for root in roots.iter().filter(|component| component.name != "VCALENDAR") {
        let what = format!("{} outside of a VCALENDAR", root.name);
        passed.add(Fault { place: root.place, what }, None);
    }
    let zones = Zones::read(calendars.iter().copied());
    let mut drafts = Vec::new();
    for component in calendars.iter().flat_map(|calendar| &calendar.components) {
        if component.name != "VEVENT" {
            not_an_event(component, &mut passed);
            continue;
        }
        let mut faults = Vec::new();
        let drafted = draft(component, &zones, &mut faults);
        let uid = component.property("UID").map(|property| property.text());
        faults.into_iter().for_each(|fault| passed.add(fault, uid.clone()));
        match drafted {
            Ok(draft) => drafts.push(draft),
            Err(fault) => {
                passed.first_event.get_or_insert_with(|| fault.clone());
                passed.add(fault, uid);
            }
        }
    }
    let mut of_series = Vec::new();
    let events = join(drafts, &mut of_series);
    of_series.into_iter().for_each(|(fault, uid)| passed.add(fault, Some(uid)));
    if events.is_empty() {
        return Err(passed.unreadable(&calendars));
    }
    Ok(Read { events, skipped: passed.skipped() })
}

/// What can be said without looking at lines.
fn unreadable_as_a_whole(text: &[u8]) -> Option<&'static str> {
    if text.len() > FILE_OCTETS_MAX {
        return Some("the file is larger than is read");
    }
    if text.starts_with(b"\xFF\xFE") || text.starts_with(b"\xFE\xFF") {
        return Some("the file is UTF-16; iCalendar is UTF-8");
    }
    let empty = text.iter().all(u8::is_ascii_whitespace);
    empty.then_some("the file is empty")
}

/// Components beside events that are worth a word.
fn not_an_event(component: &Component, passed: &mut Passed) {
    let quiet = ["VTIMEZONE", "VALARM", "STANDARD", "DAYLIGHT"];
    if !quiet.contains(&component.name.as_str()) && !component.name.starts_with("X-") {
        let uid = component.property("UID").map(|property| property.text());
        let what = format!("{} is no event", component.name);
        passed.add(Fault { place: component.place, what }, uid);
    }
}

/// Everything that was passed over, bounded.
struct Passed {
    faults: Vec<(Fault, Option<String>)>,
    /// Why the first event that could not be read could not.
    first_event: Option<Fault>,
}

impl Passed {
    fn new(faults: Vec<Fault>) -> Passed {
        let faults = faults.into_iter().map(|fault| (fault, None)).collect();
        Passed { faults, first_event: None }
    }

    fn add(&mut self, fault: Fault, uid: Option<String>) {
        if self.faults.len() < 2 * FAULTS_MAX {
            self.faults.push((fault, uid));
        }
    }

    fn skipped(mut self) -> Vec<Skipped> {
        self.faults.sort_by_key(|(fault, _)| fault.place);
        self.faults
            .into_iter()
            .map(|(fault, uid)| Skipped { line: fault.place.line, uid, reason: fault.what })
            .collect()
    }

    /// Why a file holds nothing: what is wrong with its first event, else the first fault, else what
    /// it lacks.
    fn unreadable(self, calendars: &[&Component]) -> Unreadable {
        let faults = self.faults.into_iter().map(|(fault, _)| fault);
        let first = self.first_event.or_else(|| faults.min_by_key(|fault| fault.place));
        let (place, what) = match (first, calendars.first()) {
            (Some(fault), _) => (fault.place, fault.what),
            (None, Some(calendar)) => (calendar.place, "a VCALENDAR without an event".to_owned()),
            (None, None) => (Place { line: 1, column: 1 }, "no BEGIN:VCALENDAR".to_owned()),
        };
        Unreadable { line: place.line, column: place.column, what }
    }
}
