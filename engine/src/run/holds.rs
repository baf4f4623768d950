//! Held operations: what waits, and a person's yes to all of it.

use std::collections::BTreeMap;

use calamity_base::Env;
use jiff::Timestamp;

use crate::assembly::Assembly;
use crate::error::Error;
use crate::guard::{Held, Overrule};
use crate::plan::{Key, Operation, PairId, line};
use crate::store::{Effect, HoldRow, Store};

/// What waits for a decision.
#[derive(Debug, Default)]
pub struct Pending {
    /// Operations that wait, in the order of pair and key.
    pub rows: Vec<HoldRow>,
}

impl Pending {
    /// How many can be approved and are not.
    #[must_use]
    pub fn approvable(&self) -> u64 {
        self.rows.iter().filter(|row| row.approvable && row.approved.is_none()).count() as u64
    }
}

fn failed(assembly: &Assembly) -> impl Fn(crate::store::Error) -> Error {
    let store = assembly.pair.store.clone();
    move |source| Error::Store { store: store.clone(), source }
}

/// What waits.
///
/// # Errors
/// [`Error`] when the store cannot be read.
pub async fn pending(env: &Env, assembly: &Assembly) -> Result<Pending, Error> {
    let store = Store::open(env, &assembly.pair.store).await.map_err(failed(assembly))?;
    let loaded = store.load(String::new()).await.map_err(failed(assembly))?;
    store.close().await;
    Ok(Pending { rows: loaded.holds.into_values().collect() })
}

/// Approves everything that waits and can be approved. The number must be right: it is the proof
/// that the person knows how much it is.
///
/// # Errors
/// [`Error`] when the store cannot be read or written; otherwise, as the inner error, the number
/// that waits when it is another one.
pub async fn approve(
    env: &Env,
    assembly: &Assembly,
    count: u64,
) -> Result<Result<u64, u64>, Error> {
    let store = Store::open(env, &assembly.pair.store).await.map_err(failed(assembly))?;
    let loaded = store.load(String::new()).await.map_err(failed(assembly))?;
    let pending = Pending { rows: loaded.holds.into_values().collect() };
    let waiting = pending.approvable();
    if waiting != count {
        store.close().await;
        return Ok(Err(waiting));
    }
    let now = env.clock.now();
    let effects = pending
        .rows
        .into_iter()
        .filter(|row| row.approvable && row.approved.is_none())
        .map(|row| Effect::PutHold(HoldRow { approved: Some(now), ..row }))
        .collect();
    store.commit("held.approve", effects).await.map_err(failed(assembly))?;
    store.close().await;
    Ok(Ok(waiting))
}

/// What the table of holds is to hold after judging: who is held now, and approvals of planned
/// operations that have not been used yet.
pub(super) fn table(
    assembly: &Assembly,
    operations: &[&Operation],
    held: &[Held],
    before: &BTreeMap<(PairId, Key), HoldRow>,
    unobserved: impl Fn(PairId) -> bool,
    now: Timestamp,
) -> Vec<Effect> {
    let names = assembly.names();
    let mut after: BTreeMap<(PairId, Key), HoldRow> = BTreeMap::new();
    for operation in operations {
        let place = (operation.pair, operation.key());
        if let Some(row) = before.get(&place).filter(|row| row.approved.is_some()) {
            after.insert(place, row.clone());
        }
    }
    for hold in held {
        let operation = operations[hold.index];
        let place = (operation.pair, hold.key.clone());
        let known = before.get(&place);
        let approvable = hold.rules.iter().any(|rule| {
            let rule = assembly.rules.iter().find(|other| other.name() == *rule);
            rule.is_some_and(|rule| rule.overrule() == Overrule::ByApproval)
        });
        let row = HoldRow {
            pair: operation.pair,
            key: hold.key.clone(),
            line: line(operation, &names),
            rule: hold.rules.first().copied().unwrap_or_default().to_owned(),
            reason: hold.reason.clone(),
            approvable,
            since: known.map_or(now, |row| row.since),
            approved: known.and_then(|row| row.approved),
        };
        after.insert(place, row);
    }
    let gone = before.keys().filter(|place| !after.contains_key(*place) && !unobserved(place.0));
    let mut effects: Vec<Effect> =
        gone.map(|(pair, key)| Effect::DropHold { pair: *pair, key: key.clone() }).collect();
    let fresh = after.into_iter().filter(|(place, row)| before.get(place) != Some(row));
    effects.extend(fresh.map(|(_, row)| Effect::PutHold(row)));
    effects
}
