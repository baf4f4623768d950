//! Merging the members of two objects, and the elements of two collections.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::model::Side;

use super::strategy;

static NOTHING: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);

/// An object of one side: what it is, and what it was when both sides last agreed.
#[derive(Clone, Copy, Debug)]
pub(super) struct View<'a> {
    base: Option<&'a Map<String, Value>>,
    pub(super) now: &'a Map<String, Value>,
}

/// An object of one side that may be missing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Entry<'a> {
    base: Option<Option<&'a Map<String, Value>>>,
    pub(super) now: Option<&'a Map<String, Value>>,
}

/// One member of one side.
#[derive(Clone, Copy, Debug)]
struct One<'a> {
    base: Option<Option<&'a Value>>,
    now: Option<&'a Value>,
}

/// What came of merging: an object for each side, and how often both had changed the same thing
/// differently.
#[derive(Debug, Default)]
pub(super) struct Result {
    pub(super) a: Map<String, Value>,
    pub(super) b: Map<String, Value>,
    pub(super) conflicts: u64,
}

impl<'a> View<'a> {
    pub(super) fn new(base: Option<&'a Map<String, Value>>, now: &'a Map<String, Value>) -> Self {
        Self { base, now }
    }

    /// The same for an object inside; one that is missing is empty.
    pub(super) fn inside(self, name: &str) -> View<'a> {
        let object = |map: &'a Map<String, Value>| {
            map.get(name).and_then(Value::as_object).unwrap_or(&*NOTHING)
        };
        View { base: self.base.map(object), now: object(self.now) }
    }

    /// An object inside that may be missing.
    pub(super) fn entry(self, name: &str) -> Entry<'a> {
        let object = |map: &'a Map<String, Value>| map.get(name).and_then(Value::as_object);
        Entry { base: self.base.map(object), now: object(self.now) }
    }

    pub(super) fn names(self) -> impl Iterator<Item = &'a String> {
        self.base.unwrap_or(&*NOTHING).keys().chain(self.now.keys())
    }

    fn one(self, name: &str) -> One<'a> {
        One { base: self.base.map(|base| base.get(name)), now: self.now.get(name) }
    }

    /// Whether any of these members changed.
    fn changed(self, names: &[&str]) -> bool {
        names.iter().any(|name| self.one(name).changed())
    }
}

impl<'a> Entry<'a> {
    pub(super) fn changed(self) -> bool {
        self.base.map_or(self.now.is_some(), |base| base != self.now)
    }

    pub(super) fn view(self) -> View<'a> {
        let held = |map: Option<&'a Map<String, Value>>| map.unwrap_or(&*NOTHING);
        View { base: self.base.map(held), now: held(self.now) }
    }
}

impl One<'_> {
    /// Without a base, a member that is there counts as changed and one that is not says nothing.
    fn changed(self) -> bool {
        match self.base {
            None => self.now.is_some(),
            Some(base) => base != self.now,
        }
    }
}

impl Result {
    pub(super) fn put(&mut self, name: &str, a: Option<&Value>, b: Option<&Value>) {
        if let Some(value) = a {
            self.a.insert(name.to_owned(), value.clone());
        }
        if let Some(value) = b {
            self.b.insert(name.to_owned(), value.clone());
        }
    }
}

/// Merges members that are one value together.
pub(super) fn scalar(a: View<'_>, b: View<'_>, names: &[&str], later: Side, to: &mut Result) {
    let winner = match (a.changed(names), b.changed(names)) {
        (false, false) => None,
        (true, false) => Some(Side::A),
        (false, true) => Some(Side::B),
        (true, true) => {
            let equal = names.iter().all(|name| a.now.get(*name) == b.now.get(*name));
            to.conflicts += u64::from(!equal);
            Some(later)
        }
    };
    for name in names {
        let (mine, theirs) = (a.now.get(*name), b.now.get(*name));
        match winner {
            None => to.put(name, mine, theirs),
            Some(Side::A) => to.put(name, mine, mine),
            Some(Side::B) => to.put(name, theirs, theirs),
        }
    }
}

/// Merges two collections, every element for itself. Adding and changing beat removing.
pub(super) fn elements(a: View<'_>, b: View<'_>, later: Side) -> Result {
    let mut result = Result::default();
    let names: BTreeSet<&String> = a.names().chain(b.names()).collect();
    for name in names {
        let (mine, theirs) = (a.one(name), b.one(name));
        let (for_a, for_b) = match (mine.changed(), theirs.changed()) {
            (false, false) => (mine.now, theirs.now),
            (true, false) => (mine.now, mine.now),
            (false, true) => (theirs.now, theirs.now),
            (true, true) => {
                let chosen = match (mine.now, theirs.now, later) {
                    (Some(_), None, _) => mine,
                    (None, _, _) => theirs,
                    (_, _, Side::A) => mine,
                    (_, _, Side::B) => theirs,
                };
                // An element that one side had not known before is added, not changed.
                let edited = matches!(chosen.base, Some(Some(_)))
                    || (mine.now.is_some() && theirs.now.is_some());
                result.conflicts += u64::from(mine.now != theirs.now && edited);
                (chosen.now, chosen.now)
            }
        };
        result.put(name, for_a, for_b);
    }
    result
}

/// Merges all members of two objects as single values, but for those that `skip` names: of these
/// each side keeps its own.
pub(super) fn scalars(
    a: View<'_>,
    b: View<'_>,
    later: Side,
    skip: impl Fn(&str) -> bool,
) -> Result {
    let mut result = Result::default();
    let mut done: BTreeSet<&str> = BTreeSet::new();
    let names: BTreeSet<&String> = a.names().chain(b.names()).collect();
    for name in names {
        if skip(name) {
            result.put(name, a.now.get(name), b.now.get(name));
        } else if !done.contains(name.as_str()) {
            let alone = [name.as_str()];
            let group = strategy::group(name).unwrap_or(&alone);
            scalar(a, b, group, later, &mut result);
            done.extend(strategy::group(name).into_iter().flatten());
        }
    }
    result
}
