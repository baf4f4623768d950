//! Whether both sides hold the same, item by item, joined by lineage.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use calamity_evidence::{Lineage, Side};
use calamity_mock_servers::{Facts, RawItem};

/// One way in which the sides differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// An item is on one side only.
    Missing {
        /// Its token.
        lineage: Lineage,
        /// Its title.
        title: String,
        /// The side that lacks it.
        on: Side,
    },
    /// A side holds an item more than once.
    Doubled {
        /// Its token.
        lineage: Lineage,
        /// Its title.
        title: String,
        /// The side.
        on: Side,
        /// How often.
        times: usize,
    },
    /// An item that no user and no harness has made.
    Stranger {
        /// Its title.
        title: String,
        /// The side.
        on: Side,
    },
    /// An item reads differently.
    Content {
        /// Its token.
        lineage: Lineage,
        /// Its title.
        title: String,
        /// What differs, with what either side says.
        facts: Vec<String>,
    },
    /// An item lies in calendars of different names.
    Calendar {
        /// Its token.
        lineage: Lineage,
        /// Its title.
        title: String,
        /// The calendars on side a and on side b.
        calendars: [String; 2],
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { title, on, lineage } => {
                write!(f, "\"{title}\" ({lineage}) is missing on {on}")
            }
            Self::Doubled { title, on, times, lineage } => {
                write!(f, "\"{title}\" ({lineage}) is there {times} times on {on}")
            }
            Self::Stranger { title, on } => write!(f, "nobody made \"{title}\" on {on}"),
            Self::Content { title, facts, lineage } => {
                write!(f, "\"{title}\" ({lineage}) differs: {}", facts.join("; "))
            }
            Self::Calendar { title, calendars: [a, b], lineage } => {
                write!(f, "\"{title}\" ({lineage}) is in \"{a}\" on a and in \"{b}\" on b")
            }
        }
    }
}

/// How the two sides differ, sorted by title. Items of `except` are not looked at; guests are not
/// compared, because copies may lack them.
#[must_use]
pub fn differences(a: &[RawItem], b: &[RawItem], except: &BTreeSet<&Lineage>) -> Vec<Difference> {
    let mut found = Vec::new();
    let [held_a, held_b] = [(Side::A, a), (Side::B, b)]
        .map(|(side, items)| by_lineage(side, items, except, &mut found));
    for (lineage, item) in &held_a {
        let title = title(item);
        let Some(other) = held_b.get(lineage) else {
            let lineage = (*lineage).clone();
            found.push(Difference::Missing { lineage, title, on: Side::B });
            continue;
        };
        let facts = content(&item.facts, &other.facts);
        if !facts.is_empty() {
            let lineage = (*lineage).clone();
            found.push(Difference::Content { lineage, title: title.clone(), facts });
        }
        if item.calendar.to_lowercase() != other.calendar.to_lowercase() {
            let calendars = [item.calendar.clone(), other.calendar.clone()];
            found.push(Difference::Calendar { lineage: (*lineage).clone(), title, calendars });
        }
    }
    for (lineage, item) in held_b.iter().filter(|(lineage, _)| !held_a.contains_key(*lineage)) {
        let lineage = (*lineage).clone();
        found.push(Difference::Missing { lineage, title: title(item), on: Side::A });
    }
    found.sort_by_key(ToString::to_string);
    found
}

fn title(item: &RawItem) -> String {
    Lineage::strip(&item.facts.title)
}

fn by_lineage<'i>(
    side: Side,
    items: &'i [RawItem],
    except: &BTreeSet<&Lineage>,
    found: &mut Vec<Difference>,
) -> BTreeMap<&'i Lineage, &'i RawItem> {
    let mut held: BTreeMap<&Lineage, &RawItem> = BTreeMap::new();
    let mut times: BTreeMap<&Lineage, usize> = BTreeMap::new();
    for item in items {
        match &item.lineage {
            None => found.push(Difference::Stranger { title: title(item), on: side }),
            Some(lineage) if except.contains(lineage) => {}
            Some(lineage) => {
                held.entry(lineage).or_insert(item);
                *times.entry(lineage).or_default() += 1;
            }
        }
    }
    for (lineage, times) in times.into_iter().filter(|(_, times)| *times > 1) {
        let title = held.get(lineage).map(|item| title(item)).unwrap_or_default();
        found.push(Difference::Doubled { lineage: lineage.clone(), title, on: side, times });
    }
    held
}

/// The facts that differ. Guests and who invites them are left out.
fn content(a: &Facts, b: &Facts) -> Vec<String> {
    let texts = [
        ("title", &a.title, &b.title),
        ("start", &a.start, &b.start),
        ("end", &a.end, &b.end),
        ("description", &a.description, &b.description),
        ("location", &a.location, &b.location),
        ("rule", &a.rule, &b.rule),
    ];
    let flags = [
        ("all_day", a.all_day, b.all_day),
        ("recurring", a.recurring, b.recurring),
        ("cancelled", a.cancelled, b.cancelled),
        ("busy", a.busy, b.busy),
    ];
    let texts = texts
        .into_iter()
        .filter(|(_, a, b)| a != b)
        .map(|(name, a, b)| format!("{name} \"{a}\" on a, \"{b}\" on b"));
    let flags = flags
        .into_iter()
        .filter(|(_, a, b)| a != b)
        .map(|(name, a, b)| format!("{name} {a} on a, {b} on b"));
    let excluded = (a.excluded != b.excluded)
        .then(|| format!("excluded {:?} on a, {:?} on b", a.excluded, b.excluded));
    let exceptions = (a.exceptions != b.exceptions)
        .then(|| format!("exceptions {:?} on a, {:?} on b", a.exceptions, b.exceptions));
    texts.chain(flags).chain(excluded).chain(exceptions).collect()
}
