//! What people approved, read from the store by SQL and from the servers' own ids.

use std::collections::BTreeMap;

use calamity_evidence::{Lineage, Side};

use crate::view::{StoreImage, View};

/// An operation that a person approved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Approved {
    /// The word of its kind: `DELETE_ITEM`, ...
    pub(super) op: String,
    /// The side that it writes; for a merge, the first.
    pub(super) side: Side,
    /// The item, where it can be told.
    pub(super) lineage: Option<Lineage>,
}

impl Approved {
    /// Whether it takes an item away.
    pub(super) fn removes(&self) -> bool {
        self.op == "DELETE_ITEM"
    }
}

/// What stands in the store as approved and is not done. The item is told by the ids in the line of
/// the plan, looked up in the servers' own state.
///
/// # Errors
/// What SQLite says, when the store cannot be read.
pub(super) fn approved(store: &StoreImage, view: &View<'_>) -> Result<Vec<Approved>, String> {
    if !store.has("hold")? {
        return Ok(Vec::new());
    }
    let held = "SELECT key, line FROM hold WHERE approved IS NOT NULL ORDER BY pair, key";
    let rows = store.rows(held, &[], |row| Ok([row.get::<_, String>(0)?, row.get(1)?]))?;
    let mut lineages = BTreeMap::new();
    if !rows.is_empty() {
        for item in Side::BOTH.into_iter().flat_map(|side| view.items(side)) {
            lineages.insert(item.id.as_str(), item.lineage.clone());
        }
    }
    let approved = |[key, line]: [String; 2]| {
        let mut words = key.split(' ');
        let op = words.next().unwrap_or_default().to_owned();
        let side = if words.next() == Some("b") { Side::B } else { Side::A };
        let lineage = line.split_whitespace().find_map(|word| lineages.get(word)).cloned();
        Approved { op, side, lineage: lineage.flatten() }
    };
    Ok(rows.into_iter().map(approved).collect())
}
