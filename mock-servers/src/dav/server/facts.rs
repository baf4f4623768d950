//! The facts of a stored calendar object; their form stands with [`crate::facts::Facts`].

use std::collections::{BTreeMap, BTreeSet};

use super::bodies;
use crate::account::Item;
use crate::facts::{Facts, exception, place, plain_text, point, rule_text, squash};
use crate::recurrence;
use crate::scheduling::address;
use crate::world::{self, SourceEvent, Status, When};

/// The facts of a stored item. What is no event has a title and nothing else.
pub(super) fn facts(item: &Item) -> Facts {
    let octets = item.text.as_ref().map(|text| text.octets.clone()).unwrap_or_default();
    match world::read(&octets) {
        Ok(read) if !read.events.is_empty() => of(&read.events[0]),
        _ => {
            let object = bodies::object(item);
            let component = object.as_ref().and_then(|object| object.components().next());
            let title = component.and_then(|it| it.property("SUMMARY")).map(|it| it.text());
            let card = bodies::card(item).map(|card| card.full_name());
            Facts { title: squash(&title.or(card).unwrap_or_default()), ..Facts::default() }
        }
    }
}

fn of(event: &SourceEvent) -> Facts {
    let attendees: BTreeSet<String> =
        event.attendees.iter().map(|one| address(&one.address)).collect();
    let organizer = event.organizer.as_ref().map(|one| address(&one.address));
    // Without guests an organizer organizes nothing.
    let organizer = organizer.filter(|_| !attendees.is_empty());
    let (excluded, exceptions) = exceptions(event);
    Facts {
        title: squash(&event.title),
        start: point(&event.start),
        end: point(&event.end),
        all_day: event.all_day,
        description: match (&event.html, event.description.is_empty()) {
            (Some(html), true) => plain_text(html),
            _ => squash(&event.description),
        },
        location: place([event.location.as_str()]),
        recurring: event.rule.is_some() || !exceptions.is_empty(),
        rule: event.rule.as_ref().map_or_else(String::new, |rule| rule_text(rule, &event.start)),
        excluded,
        exceptions,
        attendees: attendees.into_iter().filter(|one| Some(one) != organizer.as_ref()).collect(),
        organizer,
        cancelled: event.status == Some(Status::Cancelled),
        busy: !event.transparent,
    }
}

fn exceptions(event: &SourceEvent) -> (BTreeSet<String>, BTreeMap<String, String>) {
    let generated = |when: &When| match &event.rule {
        Some(rule) => recurrence::generates(rule, &event.start, when.local()),
        None => when.local() == event.start.local(),
    };
    let gone = event.exdates.iter().filter(|out| generated(out));
    let excluded: BTreeSet<String> = gone.map(point).collect();
    let mut found = BTreeMap::new();
    for added in event.rdates.iter().filter(|added| !generated(&added.start)) {
        let length = added.duration.unwrap_or(event.duration);
        let end = added.start.plus(length).map_or_else(String::new, |end| point(&end));
        let key = point(&added.start);
        found.insert(key.clone(), exception(&event.title, &key, &end));
    }
    for one in &event.exceptions {
        let key = point(&one.original);
        let own = &one.event;
        let changed = exception(&own.title, &point(&own.start), &point(&own.end));
        let end = one.original.plus(event.duration).map_or_else(String::new, |end| point(&end));
        let plain = exception(&event.title, &key, &end);
        if changed != plain || !generated(&one.original) {
            found.insert(key, changed);
        }
    }
    (excluded, found)
}
