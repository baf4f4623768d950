//! The words in which a run tells the store what to keep.

use calamity_evidence::{Side, Summary};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{Change, ContainerId, Hash, ItemId, Payload, Token, Uid};
use crate::plan::{Key, Leaf, Mapping, PairId, Slot};

use super::IntentId;

/// The number of a run, counted from 1; 0 stands for none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub i64);

/// Where an intent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntentState {
    /// Stored, perhaps sent, no answer recorded: in doubt after a crash.
    Stored,
    /// Acknowledged.
    Done,
    /// Refused, or found not to have been carried out.
    Failed,
}

/// A promise to write.
#[derive(Clone, Debug, PartialEq)]
pub struct IntentRow {
    /// Its number.
    pub id: IntentId,
    /// The run that made it.
    pub run: RunId,
    /// The container pair.
    pub pair: PairId,
    /// The place of the operation.
    pub slot: Slot,
    /// The written side.
    pub side: Side,
    /// The item's identity.
    pub uid: Uid,
    /// What it is meant to do.
    pub change: Change,
    /// The exact bytes.
    pub payload: Payload,
}

/// An operation that waits for a decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HoldRow {
    /// The container pair.
    pub pair: PairId,
    /// The operation.
    pub key: Key,
    /// Its line in the plan.
    pub line: String,
    /// The first rule that holds it.
    pub rule: String,
    /// Why.
    pub reason: String,
    /// Whether an approval can end it.
    pub approvable: bool,
    /// Since when.
    pub since: Timestamp,
    /// When a person approved it.
    pub approved: Option<Timestamp>,
}

/// One thing to keep, or to forget.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// A container pair as it is now known; its hash and tokens stay.
    PutPair {
        /// Its number.
        id: PairId,
        /// The calendar's name.
        name: String,
        /// The container on side a.
        a: Option<ContainerId>,
        /// The container on side b.
        b: Option<ContainerId>,
    },
    /// The pair hash under which a pair is passed over; none when something is left to do.
    PutHash {
        /// The pair.
        pair: PairId,
        /// The hash.
        hash: Option<Hash>,
    },
    /// How far a side has been observed.
    PutToken {
        /// The pair.
        pair: PairId,
        /// The side.
        side: Side,
        /// The token.
        token: Option<Token>,
    },
    /// An item of an observed tree.
    PutItem {
        /// The pair.
        pair: PairId,
        /// The side.
        side: Side,
        /// The item.
        leaf: Leaf,
    },
    /// An item that is no longer in an observed tree.
    DropItem {
        /// The pair.
        pair: PairId,
        /// The side.
        side: Side,
        /// The item.
        id: ItemId,
    },
    /// A baseline entry.
    PutMapping {
        /// The pair.
        pair: PairId,
        /// The entry.
        mapping: Mapping,
    },
    /// The end of a baseline entry.
    DropMapping {
        /// The pair.
        pair: PairId,
        /// Its identity.
        uid: Uid,
    },
    /// A promise to write.
    PutIntent(IntentRow),
    /// What became of a promise.
    EndIntent {
        /// The promise.
        id: IntentId,
        /// What became of it.
        state: IntentState,
    },
    /// A create or merge that failed.
    PutUnresolved {
        /// The pair.
        pair: PairId,
        /// Its place.
        slot: Slot,
        /// What went wrong.
        error: String,
        /// When.
        at: Timestamp,
    },
    /// It was done, or is no longer planned.
    DropUnresolved {
        /// The pair.
        pair: PairId,
        /// Its place.
        slot: Slot,
    },
    /// An operation that waits.
    PutHold(HoldRow),
    /// It waits no longer.
    DropHold {
        /// The pair.
        pair: PairId,
        /// The operation.
        key: Key,
    },
    /// What a delete removed, kept for the ceiling's window and for undo.
    PutRemoved {
        /// The run.
        run: RunId,
        /// The pair.
        pair: PairId,
        /// When.
        at: Timestamp,
        /// The side that it was removed from.
        side: Side,
        /// The item as it was.
        leaf: Leaf,
    },
    /// A run begins.
    BeginRun {
        /// Its number.
        id: RunId,
        /// When.
        at: Timestamp,
    },
    /// A run ends.
    EndRun {
        /// Its number.
        id: RunId,
        /// When.
        at: Timestamp,
        /// Its exit code.
        exit: u8,
        /// Its counters.
        summary: Summary,
    },
    /// A named value.
    PutSetting {
        /// The name.
        name: &'static str,
        /// The value.
        value: String,
    },
    /// Something that happened, for the delivery journal.
    PutEvent {
        /// The run.
        run: RunId,
        /// When.
        at: Timestamp,
        /// What: `item.created`, `item.deleted`, ...
        kind: &'static str,
        /// More of it, a JSON object.
        body: String,
    },
}
