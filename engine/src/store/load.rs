//! Reading what a run starts from.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use calamity_evidence::Side;
use jiff::Timestamp;
use rusqlite::{Row, Transaction};

use crate::content::Event;
use crate::model::{
    ContainerId, Hash, ItemId, Payload, Revision, Token, Transaction as Number, Uid,
};
use crate::plan::{Key, Leaf, Mapping, MappingSide, PairId, PairTree, SideTree, Slot, Trees};

use super::{Error, HoldRow, IntentRow, RunId};

/// Everything that a run starts from.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The three trees of every pair, as of the last observation and the last agreement.
    pub trees: Trees,
    /// Creates and merges that failed and were not done since.
    pub unresolved: BTreeMap<PairId, BTreeSet<Slot>>,
    /// Operations that wait.
    pub holds: BTreeMap<(PairId, Key), HoldRow>,
    /// Promises without a recorded answer.
    pub open: Vec<IntentRow>,
    /// Named values.
    pub settings: BTreeMap<String, String>,
    /// Deletes carried out since the moment that was asked for.
    pub removed: u64,
    /// The number of the last run, 0 before the first.
    pub last_run: RunId,
}

pub(super) fn load(tx: &Transaction<'_>, since: &str) -> Result<Loaded, Error> {
    let mut loaded = Loaded { trees: pairs(tx)?, ..Loaded::default() };
    let places: BTreeMap<PairId, usize> =
        loaded.trees.pairs.iter().enumerate().map(|(place, pair)| (pair.id, place)).collect();
    let place = |id: i64| places.get(&PairId(id)).copied();

    let mut statement = tx.prepare(
        "SELECT pair, side, id, uid, revision, raw_hash, canonical_hash, event, attendees, own,
                updated FROM item",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Some(place) = place(row.get(0)?) else { continue };
        let side = side(row.get_ref(1)?.as_str().map_err(rusqlite::Error::from)?);
        let leaf = leaf(row)?;
        loaded.trees.pairs[place].side_mut(side).items.insert(leaf.id.clone(), leaf);
    }
    let mut statement = tx.prepare(
        "SELECT pair, uid, a_id, b_id, a_hash, b_hash, a_raw, b_raw, a_event, b_event FROM mapping",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let Some(place) = place(row.get(0)?) else { continue };
        let mapping = mapping(row)?;
        loaded.trees.pairs[place].baseline.insert(mapping.uid.clone(), mapping);
    }
    let mut statement = tx.prepare("SELECT pair, slot FROM unresolved")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let slots = loaded.unresolved.entry(PairId(row.get(0)?)).or_default();
        slots.insert(Slot(row.get(1)?));
    }
    loaded.holds = holds(tx)?;
    intents(tx, &mut loaded)?;
    let mut statement = tx.prepare("SELECT name, value FROM setting")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        loaded.settings.insert(row.get(0)?, row.get(1)?);
    }
    let removed: i64 =
        tx.query_row("SELECT count(*) FROM removed WHERE at >= ?1", [since], |row| row.get(0))?;
    loaded.removed = removed.unsigned_abs();
    loaded.last_run =
        RunId(tx.query_row("SELECT coalesce(max(id), 0) FROM run", [], |row| row.get(0))?);
    Ok(loaded)
}

fn pairs(tx: &Transaction<'_>) -> Result<Trees, Error> {
    let mut statement = tx.prepare(
        "SELECT id, name, a_id, b_id, stored_hash, a_token, b_token FROM container_pair",
    )?;
    let rows = statement.query_map([], |row| {
        let side = |id: usize, token: usize| {
            Ok::<_, rusqlite::Error>(SideTree {
                container: row.get::<_, Option<String>>(id)?.map(ContainerId),
                token: row.get::<_, Option<String>>(token)?.map(Token),
                items: BTreeMap::new(),
            })
        };
        Ok(PairTree {
            id: PairId(row.get(0)?),
            name: row.get(1)?,
            a: side(2, 5)?,
            b: side(3, 6)?,
            baseline: BTreeMap::new(),
            stored_hash: row.get::<_, Option<String>>(4)?.map(Hash),
            complete: false,
        })
    })?;
    let mut pairs = rows.collect::<Result<Vec<_>, _>>()?;
    pairs.sort_by_key(|pair| (pair.name.to_lowercase(), pair.id));
    Ok(Trees { pairs })
}

fn side(letter: &str) -> Side {
    if letter == "a" { Side::A } else { Side::B }
}

fn event(table: &'static str, row: &str, text: &str) -> Result<Arc<Event>, Error> {
    serde_json::from_str(text).map(Arc::new).map_err(|problem| Error::Row {
        table,
        row: row.to_owned(),
        problem: problem.to_string(),
    })
}

fn leaf(row: &Row<'_>) -> Result<Leaf, Error> {
    let id: String = row.get(2)?;
    Ok(Leaf {
        event: event("item", &id, row.get_ref(7)?.as_str().map_err(rusqlite::Error::from)?)?,
        id: ItemId(id),
        uid: Uid(row.get(3)?),
        revision: Revision(row.get(4)?),
        raw: Hash(row.get(5)?),
        hash: Hash(row.get(6)?),
        attendees: usize::try_from(row.get::<_, i64>(8)?).unwrap_or_default(),
        own: row.get(9)?,
        updated: row.get::<_, Option<String>>(10)?.and_then(|text| text.parse().ok()),
    })
}

fn mapping(row: &Row<'_>) -> Result<Mapping, Error> {
    let uid: String = row.get(1)?;
    let side = |hash: usize, raw: usize, text: usize| {
        let text: Option<String> = row.get(text)?;
        Ok::<_, Error>(MappingSide {
            hash: row.get::<_, Option<String>>(hash)?.map(Hash),
            raw: row.get::<_, Option<String>>(raw)?.map(Hash),
            event: text.map(|text| event("mapping", &uid, &text)).transpose()?,
        })
    };
    let (a, b) = (side(4, 6, 8)?, side(5, 7, 9)?);
    Ok(Mapping { uid: Uid(uid), a_id: ItemId(row.get(2)?), b_id: ItemId(row.get(3)?), a, b })
}

pub(super) fn holds(tx: &Transaction<'_>) -> Result<BTreeMap<(PairId, Key), HoldRow>, Error> {
    let mut holds = BTreeMap::new();
    let mut statement =
        tx.prepare("SELECT pair, key, line, approvable, rule, reason, since, approved FROM hold")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let since: String = row.get(6)?;
        let hold = HoldRow {
            pair: PairId(row.get(0)?),
            key: Key(row.get(1)?),
            line: row.get(2)?,
            approvable: row.get(3)?,
            rule: row.get(4)?,
            reason: row.get(5)?,
            since: since.parse().unwrap_or(Timestamp::UNIX_EPOCH),
            approved: row.get::<_, Option<String>>(7)?.and_then(|text| text.parse().ok()),
        };
        holds.insert((hold.pair, hold.key.clone()), hold);
    }
    Ok(holds)
}

fn intents(tx: &Transaction<'_>, loaded: &mut Loaded) -> Result<(), Error> {
    let mut statement = tx.prepare(
        "SELECT id, run, pair, slot, side, uid, change, payload FROM intent
         WHERE state = 'stored' ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(0)?;
        let change: String = row.get(6)?;
        let change = serde_json::from_str(&change).map_err(|problem| Error::Row {
            table: "intent",
            row: id.clone(),
            problem: problem.to_string(),
        })?;
        loaded.open.push(IntentRow {
            id: Number(id),
            run: RunId(row.get(1)?),
            pair: PairId(row.get(2)?),
            slot: Slot(row.get(3)?),
            side: side(row.get_ref(4)?.as_str().map_err(rusqlite::Error::from)?),
            uid: Uid(row.get(5)?),
            change,
            payload: Payload(row.get(7)?),
        });
    }
    Ok(())
}
