//! What is an attendee's own in their copy of a meeting (RFC 6638 section 3.2.2.1), and stays there
//! when the organizer's message takes the place of the rest.

use super::{
    super::{edit::Edit, edit::unfolded, object::CalendarObject},
    view::{Id, by_id, id},
};

/// Properties that an attendee sets for themselves.
const OWN: [&str; 3] = ["TRANSP", "PERCENT-COMPLETE", "COMPLETED"];

/// A message with the alarms and properties that the stored copy has of its own; an instance that is
/// new has those of the series.
#[must_use]
pub(crate) fn with_own(message: &CalendarObject, current: &CalendarObject) -> Vec<u8> {
    let known = by_id(current);
    let mut edit = Edit::new(message.octets());
    for component in message.components() {
        let stored = known.get(&id(message, component)).or_else(|| known.get(&Id::Whole));
        let Some(stored) = stored else { continue };
        for property in &stored.properties {
            let name = property.name.as_str();
            let line = || unfolded(current.octets(), property);
            if OWN.contains(&name) {
                edit.set_line(component, name, &line());
            } else if name.starts_with("X-") && component.property(name).is_none() {
                edit.add(component, &line());
            }
        }
        for alarm in stored.inner("VALARM") {
            let text = String::from_utf8_lossy(current.slice(alarm.range.clone())).into_owned();
            edit.add_component(component, &text);
        }
    }
    edit.finish()
}
