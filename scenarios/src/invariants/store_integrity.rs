//! The store is whole at every image of the disk, that of a crash included, and a run that has
//! ended leaves nothing half-done in it.

use calamity_evidence::Violation;

use crate::language::Reply;
use crate::view::{StoreImage, View};

use super::{
    Invariant, Judge, Need,
    runs::{answer, exit, syncs},
};

const NAME: &str = "store-integrity";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct StoreIntegrity;

impl Invariant for StoreIntegrity {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "SQLite's own checks find nothing in the store, and a run that ended without errors left no \
         promise without its answer"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Store]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

#[derive(Clone, Debug, Default)]
struct Watch {
    runs: usize,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        let fresh = view.runs.len() > self.runs;
        self.runs = view.runs.len();
        let (true, Some(store)) = (fresh, view.store) else { return Vec::new() };
        let mut found = complaints(store).unwrap_or_else(|error| vec![error]);
        let last = view.runs.last().filter(|run| syncs(run) && answer(view, run) != Some(Reply::N));
        if last.is_some_and(|run| matches!(exit(run), Some(0 | 3))) {
            found.extend(half_done(store).unwrap_or_else(|error| vec![error]));
        }
        let whole = |found| Violation::new(NAME, view.step, "a store without complaints", found);
        found.into_iter().take(10).map(whole).collect()
    }
}

/// What a run that ended well must not have left.
fn half_done(store: &StoreImage) -> Result<Vec<String>, String> {
    let mut found = Vec::new();
    if store.has("intent")? {
        let open = "SELECT id, slot FROM intent WHERE state = 'stored' ORDER BY id";
        found.extend(store.rows(open, &[], |row| {
            let [id, slot] = [row.get::<_, String>(0)?, row.get(1)?];
            Ok(format!("the promise {id} ({slot}) has no answer, and the run ended well"))
        })?);
    }
    if store.has("run")? {
        let last = "SELECT id FROM run WHERE id = (SELECT max(id) FROM run) AND ended IS NULL";
        found.extend(store.rows(last, &[], |row| {
            Ok(format!("run {} ended well and has no end in the store", row.get::<_, i64>(0)?))
        })?);
    }
    Ok(found)
}

/// What SQLite complains about.
fn complaints(store: &StoreImage) -> Result<Vec<String>, String> {
    let mut complaints = store.rows("PRAGMA integrity_check", &[], |row| row.get(0))?;
    complaints.retain(|complaint: &String| complaint != "ok");
    complaints.extend(store.rows("PRAGMA foreign_key_check", &[], |row| {
        let [table, parent] = [row.get::<_, String>(0)?, row.get(2)?];
        Ok(format!("a row of {table} has no parent in {parent}"))
    })?);
    Ok(complaints)
}
