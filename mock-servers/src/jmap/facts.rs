//! The facts of a JSCalendar event; their form stands with [`crate::facts::Facts`].

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::overrides::{self, Override};
use super::{event, rule, times};
use crate::account::Item;
use crate::facts::{Facts, exception, place, plain_text, point, rule_text, squash};
use crate::recurrence;
use crate::world::{Rule, When};

/// The facts of a stored event.
pub(super) fn facts(item: &Item) -> Facts {
    let body = &item.body;
    let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
    let start = times::start(body);
    let rule = rule::of(body);
    let mut facts = Facts {
        title: squash(text("title")),
        all_day: matches!(start, Some(When::Date(_))),
        description: description(body),
        location: place(location_names(body)),
        attendees: event::attendees(body, ""),
        cancelled: text("status") == "cancelled",
        busy: text("freeBusyStatus") != "free",
        ..Facts::default()
    };
    // Without guests an organizer organizes nothing, and Graph could not tell one.
    facts.organizer = event::organizer(body).filter(|_| !facts.attendees.is_empty());
    let Some(start) = start else { return facts };
    let end = times::end(&start, times::length(body));
    facts.start = point(&start);
    facts.end = end.as_ref().map_or_else(String::new, point);
    facts.rule = rule.as_ref().map_or_else(String::new, |rule| rule_text(rule, &start));
    let (excluded, exceptions) = exceptions(body, rule.as_ref(), &start);
    facts.recurring = rule.is_some() || !exceptions.is_empty();
    facts.excluded = excluded;
    facts.exceptions = exceptions;
    facts
}

fn description(body: &Map<String, Value>) -> String {
    let text = body.get("description").and_then(Value::as_str).unwrap_or_default();
    let kind = body.get("descriptionContentType").and_then(Value::as_str).unwrap_or_default();
    if kind.starts_with("text/html") { plain_text(text) } else { squash(text) }
}

fn location_names(body: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let locations = body.get("locations").and_then(Value::as_object);
    locations.into_iter().flat_map(Map::values).filter_map(|place| place.get("name")?.as_str())
}

fn exceptions(
    body: &Map<String, Value>,
    rule: Option<&Rule>,
    start: &When,
) -> (BTreeSet<String>, BTreeMap<String, String>) {
    let mut excluded = BTreeSet::new();
    let mut exceptions = BTreeMap::new();
    let generated = |local| match rule {
        Some(rule) => recurrence::generates(rule, start, local),
        None => local == start.local(),
    };
    for (local, _, kind) in overrides::all(body) {
        let key = point(&times::placed(body, local));
        let Override::Changed(changes) = kind else {
            if generated(local) {
                excluded.insert(key);
            }
            continue;
        };
        let plain = shown(&overrides::occurrence(body, local, None));
        let changed = shown(&overrides::occurrence(body, local, Some(changes)));
        if changed != plain || !generated(local) {
            exceptions.insert(key, changed);
        }
    }
    (excluded, exceptions)
}

fn shown(occurrence: &Map<String, Value>) -> String {
    let start = times::start(occurrence);
    let end = start.as_ref().and_then(|start| times::end(start, times::length(occurrence)));
    let text = |when: Option<When>| when.as_ref().map_or_else(String::new, point);
    exception(event::title(occurrence), &text(start), &text(end))
}
