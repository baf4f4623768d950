//! Whom Exchange tells about a change, given that it tells anybody: the organizer's mailbox tells
//! the attendees, any other one nobody.
//!
//! "An event update that includes only the attendees property sends a meeting update to only the
//! attendees that have changed"; an update of a master goes out once more for each of its changed
//! instances (both from the page "Update event").

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::Method;
use jiff::Timestamp;
use serde_json::{Map, Value};

use super::source::original;
use crate::account::Item;
use crate::graph::moment;
use crate::graph::recurrence::Series;
use crate::graph::stored::{address_of, attendees};
use crate::native::Host;
use crate::scheduling::Draft;

/// The messages about a change.
pub(super) fn drafts(before: Option<&Item>, after: Option<&Item>, host: &Host) -> Vec<Draft> {
    let organizes =
        |item: &Item| item.body.get("isOrganizer").and_then(Value::as_bool) == Some(true);
    let mut out = Letters::default();
    match (before, after) {
        (None, Some(after)) if organizes(after) => {
            out.to(Method::Request, people(&after.body, host));
        }
        (Some(before), None) if organizes(before) => {
            out.to(Method::Cancel, everybody(before, host));
        }
        (Some(before), Some(after)) if organizes(after) => updated(before, after, host, &mut out),
        _ => {}
    }
    out.0
}

#[derive(Default)]
struct Letters(Vec<Draft>);

impl Letters {
    fn to(&mut self, method: Method, people: BTreeSet<String>) {
        self.0.extend(people.iter().map(|to| Draft::new(method, to)));
    }

    /// A message about one instance of a series.
    fn about(&mut self, key: &str, item: &Item, method: Method, people: BTreeSet<String>) {
        let Some(original) = original(item, key) else { return };
        let one = |to: &String| Draft { about: vec![original.clone()], ..Draft::new(method, to) };
        self.0.extend(people.iter().map(one));
    }
}

fn updated(before: &Item, after: &Item, host: &Host, out: &mut Letters) {
    let instances = changed_instances(before, after);
    let cancelled: Vec<&String> = after.cancelled.difference(&before.cancelled).collect();
    let same_master = before.body == after.body;
    // A write that changed nothing is told of all the same.
    if !same_master || (instances.is_empty() && cancelled.is_empty()) {
        master(before, after, host, out);
    }
    for key in instances {
        let (old, new) = (instance_people(before, key, host), instance_people(after, key, host));
        out.about(key, before, Method::Cancel, old.difference(&new).cloned().collect());
        out.about(key, after, Method::Request, new);
    }
    for key in cancelled {
        out.about(key, before, Method::Cancel, instance_people(before, key, host));
    }
}

fn master(before: &Item, after: &Item, host: &Host, out: &mut Letters) {
    let (old, new) = (people(&before.body, host), people(&after.body, host));
    out.to(Method::Cancel, old.difference(&new).cloned().collect());
    if only_attendees_differ(&before.body, &after.body) {
        out.to(Method::Request, new.difference(&old).cloned().collect());
        return;
    }
    out.to(Method::Request, new);
    for original in upcoming_exceptions(after, after.updated) {
        let key = moment::key(original);
        out.about(&key, after, Method::Request, instance_people(after, &key, host));
    }
}

fn only_attendees_differ(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    let rest = |body: &Map<String, Value>| {
        let mut rest: BTreeMap<String, Value> =
            body.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
        rest.remove("attendees");
        rest
    };
    before.get("attendees") != after.get("attendees") && rest(before) == rest(after)
}

/// Exceptions "for which the start date and time has not yet passed" ([MS-OXOCAL] 3.1.4.7.3.5).
fn upcoming_exceptions(item: &Item, now: Timestamp) -> Vec<Timestamp> {
    let exceptions = Series::of(item).map(|series| series.exceptions()).unwrap_or_default();
    let upcoming = exceptions.into_iter().filter(|instance| instance.start >= now);
    upcoming.map(|instance| instance.original).collect()
}

/// Keys of instances whose own properties were set or changed. Those that a changed pattern dropped
/// are no longer instances, and the master's update speaks for them.
fn changed_instances<'a>(before: &Item, after: &'a Item) -> Vec<&'a String> {
    let changed =
        |(key, own): &(&'a String, &Map<String, Value>)| before.exceptions.get(*key) != Some(*own);
    after.exceptions.iter().filter(changed).map(|(key, _)| key).collect()
}

fn people(body: &Map<String, Value>, host: &Host) -> BTreeSet<String> {
    attendees(body).filter_map(address_of).filter(|address| *address != host.owner).collect()
}

fn instance_people(item: &Item, key: &str, host: &Host) -> BTreeSet<String> {
    match item.exceptions.get(key).filter(|own| own.contains_key("attendees")) {
        Some(own) => people(own, host),
        None => people(&item.body, host),
    }
}

fn everybody(item: &Item, host: &Host) -> BTreeSet<String> {
    let own = item.exceptions.values().flat_map(|own| people(own, host));
    people(&item.body, host).into_iter().chain(own).collect()
}
