//! One effect, one statement.

use calamity_evidence::Side;
use rusqlite::{Transaction, params};

use crate::plan::{Leaf, Mapping, PairId};

use super::{Effect, Error, HoldRow, IntentRow, IntentState};

/// The letter of a side in the tables.
pub(super) fn letter(side: Side) -> &'static str {
    match side {
        Side::A => "a",
        Side::B => "b",
    }
}

/// Carries one effect out.
pub(super) fn put(tx: &Transaction<'_>, effect: &Effect) -> Result<(), Error> {
    match effect {
        Effect::PutPair { .. } | Effect::PutHash { .. } | Effect::PutToken { .. } => {
            put_pair(tx, effect)
        }
        Effect::PutItem { pair, side, leaf } => put_item(tx, *pair, *side, leaf),
        Effect::DropItem { pair, side, id } => execute(
            tx,
            "DELETE FROM item WHERE pair = ?1 AND side = ?2 AND id = ?3",
            params![pair.0, letter(*side), id.as_str()],
        ),
        Effect::PutMapping { pair, mapping } => put_mapping(tx, *pair, mapping),
        Effect::DropMapping { pair, uid } => execute(
            tx,
            "DELETE FROM mapping WHERE pair = ?1 AND uid = ?2",
            params![pair.0, uid.as_str()],
        ),
        Effect::PutIntent(row) => put_intent(tx, row),
        Effect::EndIntent { id, state } => execute(
            tx,
            "UPDATE intent SET state = ?2 WHERE id = ?1",
            params![id.0, state_word(*state)],
        ),
        Effect::PutUnresolved { pair, slot, error, at } => execute(
            tx,
            "INSERT INTO unresolved (pair, slot, error, since) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET error = excluded.error",
            params![pair.0, slot.0, error, at.to_string()],
        ),
        Effect::DropUnresolved { pair, slot } => execute(
            tx,
            "DELETE FROM unresolved WHERE pair = ?1 AND slot = ?2",
            params![pair.0, slot.0],
        ),
        Effect::PutHold(row) => put_hold(tx, row),
        Effect::DropHold { pair, key } => {
            execute(tx, "DELETE FROM hold WHERE pair = ?1 AND key = ?2", params![pair.0, key.0])
        }
        Effect::PutRemoved { .. }
        | Effect::BeginRun { .. }
        | Effect::EndRun { .. }
        | Effect::PutSetting { .. }
        | Effect::PutEvent { .. } => put_log(tx, effect),
    }
}

fn execute(tx: &Transaction<'_>, sql: &str, params: impl rusqlite::Params) -> Result<(), Error> {
    tx.prepare_cached(sql)?.execute(params)?;
    Ok(())
}

fn put_pair(tx: &Transaction<'_>, effect: &Effect) -> Result<(), Error> {
    match effect {
        Effect::PutPair { id, name, a, b } => execute(
            tx,
            "INSERT INTO container_pair (id, name, a_id, b_id) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE
             SET name = excluded.name, a_id = excluded.a_id, b_id = excluded.b_id",
            params![id.0, name, a.as_ref().map(|id| id.as_str()), b.as_ref().map(|id| id.as_str())],
        ),
        Effect::PutHash { pair, hash } => execute(
            tx,
            "UPDATE container_pair SET stored_hash = ?2 WHERE id = ?1",
            params![pair.0, hash.as_ref().map(|hash| hash.as_str())],
        ),
        Effect::PutToken { pair, side, token } => {
            let sql = match side {
                Side::A => "UPDATE container_pair SET a_token = ?2 WHERE id = ?1",
                Side::B => "UPDATE container_pair SET b_token = ?2 WHERE id = ?1",
            };
            execute(tx, sql, params![pair.0, token.as_ref().map(|token| token.as_str())])
        }
        _ => unreachable!("only effects on pairs are handed here"),
    }
}

fn put_item(tx: &Transaction<'_>, pair: PairId, side: Side, leaf: &Leaf) -> Result<(), Error> {
    execute(
        tx,
        "INSERT OR REPLACE INTO item
         (pair, side, id, uid, revision, raw_hash, canonical_hash, event, title, attendees, own,
          updated)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        params![
            pair.0,
            letter(side),
            leaf.id.as_str(),
            leaf.uid.as_str(),
            leaf.revision.as_str(),
            leaf.raw.as_str(),
            leaf.hash.as_str(),
            json(&*leaf.event),
            leaf.event.title(),
            i64::try_from(leaf.attendees).unwrap_or(i64::MAX),
            leaf.own,
            leaf.updated.map(|at| at.to_string()),
        ],
    )
}

fn put_mapping(tx: &Transaction<'_>, pair: PairId, mapping: &Mapping) -> Result<(), Error> {
    execute(
        tx,
        "INSERT OR REPLACE INTO mapping
         (pair, uid, a_id, b_id, a_hash, b_hash, a_raw, b_raw, a_event, b_event)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            pair.0,
            mapping.uid.as_str(),
            mapping.a_id.as_str(),
            mapping.b_id.as_str(),
            mapping.a.hash.as_ref().map(|hash| hash.as_str()),
            mapping.b.hash.as_ref().map(|hash| hash.as_str()),
            mapping.a.raw.as_ref().map(|hash| hash.as_str()),
            mapping.b.raw.as_ref().map(|hash| hash.as_str()),
            mapping.a.event.as_deref().map(json),
            mapping.b.event.as_deref().map(json),
        ],
    )
}

fn put_intent(tx: &Transaction<'_>, row: &IntentRow) -> Result<(), Error> {
    execute(
        tx,
        "INSERT OR REPLACE INTO intent (id, run, pair, slot, side, uid, change, payload, state)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'stored')",
        params![
            row.id.0,
            row.run.0,
            row.pair.0,
            row.slot.0,
            letter(row.side),
            row.uid.as_str(),
            json(&row.change),
            row.payload.0,
        ],
    )
}

fn put_hold(tx: &Transaction<'_>, row: &HoldRow) -> Result<(), Error> {
    execute(
        tx,
        "INSERT OR REPLACE INTO hold (pair, key, line, approvable, rule, reason, since, approved)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            row.pair.0,
            row.key.0,
            row.line,
            row.approvable,
            row.rule,
            row.reason,
            row.since.to_string(),
            row.approved.map(|at| at.to_string()),
        ],
    )
}

fn put_log(tx: &Transaction<'_>, effect: &Effect) -> Result<(), Error> {
    match effect {
        Effect::PutRemoved { run, pair, at, side, leaf } => execute(
            tx,
            "INSERT INTO removed (run, pair, at, side, uid, item, event)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                run.0,
                pair.0,
                at.to_string(),
                letter(*side),
                leaf.uid.as_str(),
                leaf.id.as_str(),
                json(&*leaf.event),
            ],
        ),
        Effect::BeginRun { id, at } => execute(
            tx,
            "INSERT INTO run (id, started) VALUES (?1, ?2)",
            params![id.0, at.to_string()],
        ),
        Effect::EndRun { id, at, exit, summary } => execute(
            tx,
            "UPDATE run SET ended = ?2, exit = ?3, summary = ?4 WHERE id = ?1",
            params![id.0, at.to_string(), exit, json(summary)],
        ),
        Effect::PutSetting { name, value } => execute(
            tx,
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
            params![name, value],
        ),
        Effect::PutEvent { run, at, kind, body } => execute(
            tx,
            "INSERT INTO event (run, at, kind, body) VALUES (?1, ?2, ?3, ?4)",
            params![run.0, at.to_string(), kind, body],
        ),
        _ => unreachable!("only effects on logs are handed here"),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("the engine's own types have string keys")
}

fn state_word(state: IntentState) -> &'static str {
    match state {
        IntentState::Stored => "stored",
        IntentState::Done => "done",
        IntentState::Failed => "failed",
    }
}
