//! What is an attendee's own in their copy of a meeting (RFC 6638 section 3.2.2.1), and stays there
//! when the organizer's message takes the place of the rest.

use super::{
    super::{edit::Edit, edit::unfolded, object::CalendarObject},
    view::{Id, by_id, id},
};

/// Properties that an attendee sets for themselves.
const OWN: [&str; 3] = ["TRANSP", "PERCENT-COMPLETE", "COMPLETED"];

/// Octets of what is an attendee's own in all components together; more than that is not kept.
const OCTETS_MAX: usize = 1 << 22;

/// A message with the alarms and properties that the stored copy has of its own; an instance that is
/// new has those of the series.
#[must_use]
pub(crate) fn with_own(message: &CalendarObject, current: &CalendarObject) -> Vec<u8> {
    let known = by_id(current);
    let mut edit = Edit::new(message.octets());
    let mut octets = 0_usize;
    for component in message.components() {
        let stored = known.get(&id(message, component)).or_else(|| known.get(&Id::Whole));
        let Some(stored) = stored else { continue };
        // What an attendee of a task did is told by its status too.
        let done = component.name == "VTODO" && component.value("STATUS") != Some("CANCELLED");
        let is_own = |name: &str| OWN.contains(&name) || (done && name == "STATUS");
        let is_extra = |name: &str| name.starts_with("X-") && component.property(name).is_none();
        let properties = stored.properties.iter();
        let own: Vec<_> = properties.filter(|it| is_own(&it.name) || is_extra(&it.name)).collect();
        let alarms = stored.inner("VALARM").map(|alarm| &alarm.range);
        let ranges = own.iter().map(|property| &property.range).chain(alarms);
        octets = octets.saturating_add(ranges.map(ExactSizeIterator::len).sum());
        if octets > OCTETS_MAX {
            return message.octets().to_vec();
        }
        for property in own {
            edit.set_line(component, &property.name, &unfolded(current.octets(), property));
        }
        for alarm in stored.inner("VALARM") {
            let text = String::from_utf8_lossy(current.slice(alarm.range.clone())).into_owned();
            edit.add_component(component, &text);
        }
    }
    edit.finish()
}
