//! One `VEVENT` to a draft of an event; drafts of one series are joined in `series`.

use super::{
    super::{
        Exception, Rule, SourceEvent, When,
        lines::Place,
        properties::{Fault, Property},
        rule,
    },
    alarms::alarms,
    component::Component,
    people::{attendee, organizer},
    texts::texts,
    times::{Context, exdates, rdates, times, when},
    zones::{Use, Zones},
};

/// Attendees of one event beyond which the rest is dropped.
const ATTENDEES_MAX: usize = 10_000;

/// An event as one component states it.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) event: SourceEvent,
    pub(super) place: Place,
    /// Of which occurrence it is the changed form.
    pub(super) instance: Option<Instance>,
}

/// RECURRENCE-ID.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    pub(super) original: When,
    /// RANGE=THISANDFUTURE.
    pub(super) and_future: bool,
    /// The property itself, for an instance whose series is not in the file.
    pub(super) property: Property,
}

/// The draft, or why there is none. What is wrong with single properties goes to `faults`.
pub(super) fn draft(
    component: &Component,
    zones: &Zones,
    faults: &mut Vec<Fault>,
) -> Result<Draft, Fault> {
    let fault = |what: &str| Fault { place: component.place, what: what.to_owned() };
    if !component.closed {
        return Err(fault("an event that is not closed, so that its end is missing"));
    }
    let uid = component.property("UID").map(|property| property.text().trim().to_owned());
    let uid = uid.filter(|uid| !uid.is_empty()).ok_or_else(|| fault("an event without UID"))?;
    let of_series = ["RRULE", "RDATE", "RECURRENCE-ID"];
    let series = of_series.iter().any(|name| component.property(name).is_some());
    let purpose = if series { Use::Series } else { Use::Once };
    let context = Context { zones, purpose };
    let times = times(component, context, faults)?;
    let mut event = SourceEvent::plain(&uid, "", times.start, times.duration);
    event.end = times.end;
    event.line = component.place.line;
    event.rule = single_rule(component)?;
    event.exdates = exdates(component, &event.start, context, faults);
    event.rdates = rdates(component, &event.start, context, faults);
    event.alarms = alarms(component, faults);
    event.organizer = component.property("ORGANIZER").and_then(organizer);
    event.attendees = component.all("ATTENDEE").filter_map(attendee).take(ATTENDEES_MAX).collect();
    texts(component, &mut event, faults);
    let instance = match component.property("RECURRENCE-ID") {
        None => None,
        Some(property) => Some(Instance {
            original: when(property, context)?,
            and_future: property.is("RANGE", "THISANDFUTURE"),
            property: property.clone(),
        }),
    };
    Ok(Draft { event, place: component.place, instance })
}

/// The one rule of an event. A rule that cannot be read or that is not alone would give other
/// occurrences than the user has, so that the event is refused.
fn single_rule(component: &Component) -> Result<Option<Rule>, Fault> {
    if let Some(property) = component.property("EXRULE") {
        return Err(property.fault("rules that leave out occurrences are not read"));
    }
    let mut rules = component.all("RRULE");
    let Some(property) = rules.next() else { return Ok(None) };
    if let Some(second) = rules.find(|second| second.value != property.value) {
        return Err(second.fault("a second rule"));
    }
    rule::parse(&property.value).map(Some).map_err(|what| property.fault(what))
}

/// An event as one occurrence of a series: nothing that would repeat it.
pub(super) fn exception(original: When, mut event: SourceEvent) -> Exception {
    event.rule = None;
    event.rdates.clear();
    event.exdates.clear();
    event.exceptions.clear();
    Exception { original, event }
}
