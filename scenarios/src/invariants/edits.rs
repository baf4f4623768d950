//! What users edited, as the server that they edited on had it right afterwards: what both sides
//! must say in the end.

use std::collections::BTreeMap;

use calamity_evidence::{Lineage, Side};
use calamity_mock_servers::{Edit, Facts, RawItem};

use crate::script::Act;
use crate::view::View;

use super::history::History;

/// A part of an event that users change on its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Title,
    Time,
    Description,
    Location,
    Excluded,
    Exceptions,
}

impl Field {
    fn of(edit: &Edit) -> Option<Self> {
        Some(match edit {
            Edit::Title(_) => Self::Title,
            Edit::Shift { .. } => Self::Time,
            Edit::Description(_) => Self::Description,
            Edit::Location(_) => Self::Location,
            Edit::CancelOccurrence { .. } => Self::Excluded,
            Edit::RetitleOccurrence { .. } => Self::Exceptions,
            // Guests stay on their side; another invariant looks after them.
            Edit::Invite(_) => return None,
        })
    }

    /// What an event says of it.
    fn read(self, facts: &Facts) -> String {
        match self {
            Self::Title => facts.title.clone(),
            Self::Time => format!("{} to {}", facts.start, facts.end),
            Self::Description => facts.description.clone(),
            Self::Location => facts.location.clone(),
            Self::Excluded => format!("{:?}", facts.excluded),
            Self::Exceptions => format!("{:?}", facts.exceptions),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Time => "time",
            Self::Description => "description",
            Self::Location => "location",
            Self::Excluded => "cancelled occurrences",
            Self::Exceptions => "changed occurrences",
        }
    }
}

/// What the last edits of one field left: one text, or one a side where both were edited before any
/// run could see it.
#[derive(Clone, Debug, Default)]
struct Latest {
    runs: usize,
    texts: BTreeMap<Side, String>,
}

/// The last edit of every field of every item.
#[derive(Clone, Debug, Default)]
pub(super) struct Edits {
    latest: BTreeMap<(Lineage, Field), Latest>,
}

impl Edits {
    /// Takes in the edits of a step, at its end.
    pub(super) fn note(&mut self, view: &View<'_>) {
        let Some(Act::Edit(acted)) = view.script.steps.get(view.step).map(|step| &step.act) else {
            return;
        };
        let items = view.items(acted.on);
        let facts: BTreeMap<&Lineage, &Facts> = items
            .iter()
            .filter_map(|item| item.lineage.as_ref().map(|lineage| (lineage, &item.facts)))
            .collect();
        for edited in &acted.items {
            let (Some(field), Some(facts)) = (Field::of(&edited.edit), facts.get(&edited.lineage))
            else {
                continue;
            };
            self.put(view, acted.on, &edited.lineage, field, facts);
            if field == Field::Time {
                // Occurrences edited before move along with their series.
                for of_occurrences in [Field::Excluded, Field::Exceptions] {
                    if self.latest.contains_key(&(edited.lineage.clone(), of_occurrences)) {
                        self.put(view, acted.on, &edited.lineage, of_occurrences, facts);
                    }
                }
            }
        }
    }

    fn put(&mut self, view: &View<'_>, on: Side, lineage: &Lineage, field: Field, facts: &Facts) {
        let latest = self.latest.entry((lineage.clone(), field)).or_default();
        if latest.runs != view.runs.len() {
            latest.texts.clear();
        }
        latest.runs = view.runs.len();
        latest.texts.insert(on, field.read(facts));
    }

    /// Edits that a side does not show.
    pub(super) fn lost(&self, history: &History, a: &[RawItem], b: &[RawItem]) -> Vec<String> {
        let mut problems = Vec::new();
        if self.latest.is_empty() {
            return problems;
        }
        let (a, b) = (by_lineage(a), by_lineage(b));
        for ((lineage, field), latest) in &self.latest {
            if !history.item(lineage).is_some_and(|item| item.wanted()) {
                continue;
            }
            for (name, stored) in [("a", &a), ("b", &b)] {
                // An item that is not there is told of as such.
                let Some(facts) = stored.get(lineage) else { continue };
                let now = field.read(facts);
                if !latest.texts.values().any(|text| *text == now) {
                    let meant: Vec<&str> = latest.texts.values().map(String::as_str).collect();
                    problems.push(format!(
                        "the {} of {lineage} on {name} is {now:?}, its user wrote {:?}",
                        field.name(),
                        meant.join(" or "),
                    ));
                }
            }
        }
        problems
    }
}

fn by_lineage(items: &[RawItem]) -> BTreeMap<&Lineage, &Facts> {
    items
        .iter()
        .filter_map(|item| item.lineage.as_ref().map(|lineage| (lineage, &item.facts)))
        .collect()
}
