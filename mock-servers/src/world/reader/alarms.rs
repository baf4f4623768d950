//! `VALARM`.
//!
//! A sound is shown like a display alarm, because JSCalendar knows display and email only
//! (jscalendar-icalendar, ACTION). Alarms that mean "no alarm" (`ACTION:NONE`) are left out.

use super::{
    super::{Alarm, AlarmAction, Trigger, properties::Fault},
    component::Component,
    times::shorten,
    values::{parse_instant, parse_span},
};

/// Alarms of one event beyond which the rest is dropped.
const ALARMS_MAX: usize = 100;

/// The alarms of an event.
pub(super) fn alarms(event: &Component, faults: &mut Vec<Fault>) -> Vec<Alarm> {
    let mut alarms = Vec::new();
    for component in event.inner("VALARM").take(ALARMS_MAX) {
        match alarm(component) {
            Ok(found) => alarms.extend(found),
            Err(fault) => faults.push(fault),
        }
    }
    alarms
}

fn alarm(component: &Component) -> Result<Option<Alarm>, Fault> {
    let action = component.property("ACTION").map(|property| property.value.trim());
    let action = match action.map(str::to_ascii_uppercase).as_deref() {
        None | Some("DISPLAY" | "AUDIO") => AlarmAction::Display,
        Some("EMAIL") => AlarmAction::Email,
        Some("NONE") => return Ok(None),
        Some(other) => {
            let what = format!("an alarm that does `{}`", shorten(other));
            return Err(Fault { place: component.place, what });
        }
    };
    let property = component.property("TRIGGER").ok_or_else(|| Fault {
        place: component.place,
        what: "an alarm without TRIGGER".to_owned(),
    })?;
    let trigger = match (parse_span(&property.value), parse_instant(&property.value)) {
        (Some(span), _) if property.is("RELATED", "END") => Trigger::End(span),
        (Some(span), _) => Trigger::Start(span),
        (None, Some(instant)) => Trigger::At(instant),
        (None, None) => {
            let what = format!("`{}` is no time for an alarm", shorten(&property.value));
            return Err(property.fault(what));
        }
    };
    let value = |name: &str| component.property(name);
    Ok(Some(Alarm {
        uid: value("UID").map(|property| property.text()),
        action,
        trigger,
        acknowledged: value("ACKNOWLEDGED").and_then(|property| parse_instant(&property.value)),
        description: value("DESCRIPTION").map(|property| property.text()),
        snoozes: value("RELATED-TO")
            .filter(|property| property.is("RELTYPE", "SNOOZE"))
            .map(|property| property.text()),
    }))
}
