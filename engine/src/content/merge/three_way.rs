//! The merge.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::{Map, Value};

use crate::content::Event;
use crate::model::{Attendees, Side};

use super::members::{self, View};
use super::occurrences;
use super::strategy::{self, Strategy};

/// One side of a merge.
#[derive(Clone, Copy, Debug)]
pub struct Sides<'a> {
    /// What it held when both sides last agreed; none at the first merge.
    pub base: Option<&'a Event>,
    /// What it holds.
    pub now: &'a Event,
    /// When its provider says that it was changed last.
    pub updated: Option<Timestamp>,
}

/// What came of a merge.
#[derive(Clone, Debug, PartialEq)]
pub struct Merged {
    /// What side a is to hold; what it holds when nothing is to be written there. Not yet what its
    /// provider can hold: that is a projection of this.
    pub a: Event,
    /// The same for side b.
    pub b: Event,
    /// How many members both sides changed, differently.
    pub conflicts: u64,
    /// The members in which side a differs from what it is to hold.
    pub drift_a: Vec<String>,
    /// The same for side b.
    pub drift_b: Vec<String>,
}

/// Brings two sides together.
///
/// A member that one side changed goes to the other. What both changed differently is a conflict,
/// and the later `updated` has its way; ties, and two missing times, go to a, and a missing time
/// loses. Collections and occurrences are merged element by element; there an addition or a change
/// beats a removal. Without a base every member that is there counts as changed, and one that is
/// not says nothing: a side may be unable to hold it. With [`Attendees::Strip`] each side keeps its
/// own guests.
#[must_use]
pub fn merge(a: Sides<'_>, b: Sides<'_>, attendees: Attendees) -> Merged {
    let later = if b.updated > a.updated { Side::B } else { Side::A };
    let view = |side: Sides<'_>| -> (Option<Map<String, Value>>, Map<String, Value>) {
        (side.base.map(|base| base.members().clone()), side.now.members().clone())
    };
    let (base_a, now_a) = view(a);
    let (base_b, now_b) = view(b);
    let (one, two) = (View::new(base_a.as_ref(), &now_a), View::new(base_b.as_ref(), &now_b));

    let kept = |name: &str| strategy::of(name, attendees) == Strategy::Ignore;
    // What is not one value is merged by itself below.
    let mut merged =
        members::scalars(one, two, later, |name| strategy::of(name, attendees) != Strategy::Scalar);
    let names: BTreeSet<&String> = one.names().chain(two.names()).collect();
    for name in names {
        let (inner_a, inner_b) = (one.inside(name), two.inside(name));
        let part = match strategy::of(name, attendees) {
            Strategy::Scalar | Strategy::Ignore => continue,
            Strategy::Immutable => {
                let first = now_a.get(name).or(now_b.get(name));
                merged.put(name, first, first);
                continue;
            }
            Strategy::Set => members::elements(inner_a, inner_b, later),
            Strategy::Overrides => occurrences::merge(inner_a, inner_b, later, kept),
        };
        merged.conflicts += part.conflicts;
        merged.a.insert(name.clone(), Value::Object(part.a));
        merged.b.insert(name.clone(), Value::Object(part.b));
    }
    keep_length_in_step(&mut merged.a, &now_a, &now_b);
    keep_length_in_step(&mut merged.b, &now_b, &now_a);
    let (event_a, event_b) = (settled(merged.a), settled(merged.b));
    Merged {
        drift_a: drift(a.now, &event_a),
        drift_b: drift(b.now, &event_b),
        a: event_a,
        b: event_b,
        conflicts: merged.conflicts,
    }
}

/// An event that became all-day by one side takes its length from that side too: the other's hours
/// mean nothing for it. The same the other way round.
fn keep_length_in_step(
    merged: &mut Map<String, Value>,
    own: &Map<String, Value>,
    other: &Map<String, Value>,
) {
    let kind = merged.get("showWithoutTime");
    if kind == own.get("showWithoutTime") || kind != other.get("showWithoutTime") {
        return;
    }
    match other.get("duration") {
        Some(length) => merged.insert("duration".to_owned(), length.clone()),
        None => merged.remove("duration"),
    };
}

/// The canonical form of merged members: an override that the merged event says by itself goes.
fn settled(members: Map<String, Value>) -> Event {
    Event::canonical(members.clone()).unwrap_or_else(|_| Event::from_canonical(members))
}

fn drift(now: &Event, merged: &Event) -> Vec<String> {
    let (now, merged) = (now.members(), merged.members());
    let names: BTreeSet<&String> = now.keys().chain(merged.keys()).collect();
    names.into_iter().filter(|name| now.get(*name) != merged.get(*name)).cloned().collect()
}
