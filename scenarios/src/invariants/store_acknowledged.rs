//! The baseline covers what servers have acknowledged, and nothing else.
//!
//! Each entry pairs two ids. A server must have issued each of them, and both must be of the same
//! lineage: an entry for an item that was refused, or for two different items, is the beginning of
//! a wrong delete.

use std::collections::BTreeMap;

use calamity_evidence::{Lineage, Side, Violation};

use crate::view::{StoreImage, View};

use super::{Invariant, Judge, Need};

const NAME: &str = "store-acknowledged";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoreAcknowledged;

impl Invariant for StoreAcknowledged {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "every entry of the baseline pairs two items of one lineage that their servers have issued"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Store, Need::WriteLog]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

#[derive(Clone, Debug, Default)]
struct Watch {
    writes: usize,
    runs: usize,
    /// Every id that a server is known to have issued, with its lineage.
    issued: BTreeMap<(Side, String), Option<Lineage>>,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        for write in view.writes.get(self.writes..).unwrap_or_default() {
            if write.applied() && !write.item.is_empty() {
                self.issued.insert((write.server, write.item.clone()), write.lineage.clone());
            }
        }
        self.writes = view.writes.len();
        let fresh = view.runs.len() > self.runs;
        self.runs = view.runs.len();
        let (true, Some(store)) = (fresh, view.store) else { return Vec::new() };
        match entries(store) {
            Ok(entries) => self.judge(view, &entries),
            Err(error) => vec![Violation::new(NAME, view.step, "a baseline to read", error)],
        }
    }
}

impl Watch {
    fn judge(&mut self, view: &View<'_>, entries: &[[String; 2]]) -> Vec<Violation> {
        let known = |issued: &BTreeMap<(Side, String), Option<Lineage>>, entry: &[String; 2]| {
            Side::BOTH
                .into_iter()
                .zip(entry)
                .all(|(side, id)| issued.contains_key(&(side, id.clone())))
        };
        if !entries.iter().all(|entry| known(&self.issued, entry)) {
            // Ids that drifted stand in no log.
            for side in Side::BOTH {
                for item in view.items(side) {
                    self.issued.insert((side, item.id.clone()), item.lineage.clone());
                }
            }
        }
        let mut found = Vec::new();
        for [a, b] in entries {
            let on_a = self.issued.get(&(Side::A, a.clone()));
            let on_b = self.issued.get(&(Side::B, b.clone()));
            let problem = match (on_a, on_b) {
                (Some(one), Some(other)) if one == other => continue,
                (Some(_), Some(_)) => "which are different items",
                (None, Some(_)) => "of which side a never issued the first",
                (Some(_), None) => "of which side b never issued the second",
                (None, None) => "of which neither was ever issued",
            };
            let title = on_a.or(on_b).and_then(Option::as_ref).map(Lineage::as_str);
            found.push(format!("{a} and {b} ({}), {problem}", title.unwrap_or("no lineage")));
        }
        if found.is_empty() {
            return Vec::new();
        }
        let count = found.len();
        found.truncate(5);
        let found = format!("{count} entries are wrong: it pairs {}", found.join("; "));
        let expected = "a baseline of acknowledged items only";
        vec![Violation::new(NAME, view.step, expected, found)]
    }
}

/// The pairs of ids of the baseline.
fn entries(store: &StoreImage) -> Result<Vec<[String; 2]>, String> {
    if !store.has("mapping")? {
        return Ok(Vec::new());
    }
    store.rows("SELECT a_id, b_id FROM mapping ORDER BY pair, uid", &[], |row| {
        Ok([row.get(0)?, row.get(1)?])
    })
}
