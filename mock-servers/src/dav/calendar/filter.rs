//! Whether a body matches a filter (RFC 4791 section 9.7).
//!
//! A filter for a component holds when there is one component for which everything in it holds: a
//! series and its override are two, each with its own instances. A text is compared with the value
//! without its escapes; of several properties of one name one has to match.

mod alarm;
mod overlap;
mod text;
mod types;

use std::ops::ControlFlow;

use alarm::Trigger;
use overlap::holds;
pub(super) use overlap::{overlaps, period};
#[cfg(test)]
pub(crate) use types::InvalidFilter;
pub(crate) use types::{
    Collation, CompFilter, CompTest, Condition, ParamFilter, ParamTest, PropFilter, PropTest,
    TextMatch, TimeRange, ValueTest,
};

use super::{
    instances::{Clock, Instance, TooMany, Window, override_instance, visit},
    object::CalendarObject,
    stamp::Stamp,
    tree::{Component, Property},
    zones::Zone,
};

/// Properties that a time range is defined for.
const TIMED_PROPERTIES: [&str; 7] =
    ["COMPLETED", "CREATED", "DTEND", "DTSTAMP", "DTSTART", "DUE", "LAST-MODIFIED"];

/// Whether a body matches the outermost filter of a query. Days and floating times count in
/// `floating`: the query's `CALDAV:timezone`, the calendar's `calendar-timezone`, or UTC.
///
/// # Errors
/// When a rule goes on for too long to be sure (`CALDAV:max-instances` is what a server limits).
pub(crate) fn matches(
    filter: &CompFilter,
    object: &CalendarObject,
    floating: &Zone,
) -> Result<bool, TooMany> {
    let asked = Asked { object, floating, clock: object.clock(floating) };
    asked.comp(filter, std::slice::from_ref(object.calendar()), None)
}

/// What a filter is asked about.
struct Asked<'o> {
    object: &'o CalendarObject,
    floating: &'o Zone,
    clock: Clock<'o>,
}

impl<'o> Asked<'o> {
    fn comp(
        &self,
        filter: &CompFilter,
        scope: &'o [Component],
        outer: Option<&'o Component>,
    ) -> Result<bool, TooMany> {
        let name = filter.name.to_ascii_uppercase();
        let mut named = scope.iter().filter(|component| component.name == name);
        let CompTest::Defined { time_range, props, comps } = &filter.test else {
            return Ok(named.next().is_none());
        };
        for component in named {
            if self.defined(component, outer, time_range.as_ref(), props, comps)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn defined(
        &self,
        component: &'o Component,
        outer: Option<&'o Component>,
        time_range: Option<&TimeRange>,
        props: &[PropFilter],
        comps: &[CompFilter],
    ) -> Result<bool, TooMany> {
        for prop in props {
            if !self.prop(prop, component)? {
                return Ok(false);
            }
        }
        for comp in comps {
            if !self.comp(comp, &component.components, Some(component))? {
                return Ok(false);
            }
        }
        match (time_range.map(TimeRange::window), outer) {
            (None, _) => Ok(true),
            // It means nothing, but some servers take it for any component inside.
            (Some(window), None) if component.name == "VCALENDAR" => {
                for inner in self.object.components() {
                    let mut over =
                        |instance: &Instance<'o>| overlaps(instance, window, &self.clock);
                    if self.any(inner, window, &mut over)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            (Some(window), Some(outer)) if component.name == "VALARM" => {
                self.alarm(component, outer, window)
            }
            (Some(window), _) => {
                self.any(component, window, &mut |instance| overlaps(instance, window, &self.clock))
            }
        }
    }

    /// Whether an alarm goes off in a range, for some instance of the component around it.
    fn alarm(
        &self,
        alarm: &'o Component,
        outer: &'o Component,
        window: Window,
    ) -> Result<bool, TooMany> {
        let Some(trigger) = Trigger::read(alarm, &self.clock) else { return Ok(false) };
        let around = match trigger {
            Trigger::At(_) => Window::ALL,
            Trigger::After { .. } => window.widened(trigger.reach(alarm)),
        };
        let fixed = matches!(trigger, Trigger::At(_));
        let mut found = false;
        self.any(outer, around, &mut |instance| {
            found = trigger.goes_off(alarm, instance, window, &self.clock);
            // A fixed moment is the same for every instance.
            found || fixed
        })?;
        Ok(found)
    }

    fn prop(&self, filter: &PropFilter, component: &'o Component) -> Result<bool, TooMany> {
        let name = filter.name.to_ascii_uppercase();
        let mut named = component.all(&name);
        let PropTest::Defined { value, params } = &filter.test else {
            return Ok(named.next().is_none());
        };
        let fits = |property: &Property| params.iter().all(|param| fits(param, property));
        match value {
            None => Ok(named.any(fits)),
            Some(ValueTest::Text(text)) => {
                Ok(named.any(|property| text.matches(&property.text()) && fits(property)))
            }
            Some(ValueTest::TimeRange(range)) => {
                let window = range.window();
                let recurs = matches!(name.as_str(), "DTSTART" | "DTEND" | "DUE")
                    && self.object.components().any(|known| std::ptr::eq(known, component));
                if !recurs {
                    let moment = |property| Stamp::read(property).ok();
                    return Ok(named.any(|property| {
                        moment(property).is_some_and(|at| holds(window, self.clock.instant(&at)))
                            && fits(property)
                    }));
                }
                // An end that follows from a duration has no parameters.
                let fit = match component.property(&name) {
                    Some(property) => fits(property),
                    None => params.iter().all(|param| param.test == ParamTest::NotDefined),
                };
                let at = |instance: &Instance<'_>| match name.as_str() {
                    "DTSTART" => instance.start_at,
                    _ => instance.end.at(),
                };
                Ok(fit
                    && self.any(component, window.widened(1), &mut |instance| {
                        at(instance).is_some_and(|at| holds(window, at))
                    })?)
            }
        }
    }

    /// Whether something holds for one of the instances that a component stands for.
    fn any(
        &self,
        component: &'o Component,
        window: Window,
        holds: &mut dyn FnMut(&Instance<'o>) -> bool,
    ) -> Result<bool, TooMany> {
        let onwards = |property: &Property| property.has("RANGE", "THISANDFUTURE");
        if component.property("RECURRENCE-ID").is_some_and(|property| !onwards(property)) {
            return Ok(holds(&override_instance(component, &self.clock)));
        }
        let mut found = false;
        visit(self.object, self.floating, window, &mut |instance| {
            found = std::ptr::eq(instance.component, component) && holds(instance);
            if found { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok(found)
    }
}

fn fits(filter: &ParamFilter, property: &Property) -> bool {
    let name = filter.name.to_ascii_uppercase();
    let mut values = property.params.iter().filter(|(known, _)| *known == name);
    match &filter.test {
        ParamTest::NotDefined => values.next().is_none(),
        ParamTest::Defined => values.next().is_some(),
        ParamTest::Text(text) => {
            values.any(|(_, values)| values.iter().any(|value| text.matches(value)))
        }
    }
}
