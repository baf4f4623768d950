//! What goes into the conversion and what comes out of it.

use jiff::Timestamp;
use jiff::civil::DateTime;
use serde_json::{Map, Value};

use crate::content::Event;
use crate::model::{Hash, Uid};

/// The id of the extended property that holds the UID an item had where it came from: Graph gives
/// every event it creates an `iCalUId` of its own.
pub(crate) const UID_PROPERTY: &str =
    "String {7c9a1d52-3b0e-4f4b-9d0c-5a3f5f6f2c11} Name calamity-uid";

/// An event as Graph holds it: a single instance or a series with what differs in its occurrences.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Stored {
    /// The event's body: all properties, with the extended property where it has one.
    pub(crate) master: Map<String, Value>,
    /// The bodies of exceptions, each with `originalStart`, `start`, `end` and `isAllDay`. Of other
    /// properties those that are left out are the master's.
    pub(crate) exceptions: Vec<Map<String, Value>>,
    /// `cancelledOccurrences`: `OID.<id>.<date>`, where the date is that of the original start in
    /// the zone of the series. Original starts as text are read as well.
    pub(crate) cancelled: Vec<String>,
}

/// What a stored event says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Read {
    /// Its content in canonical form.
    pub(crate) event: Event,
    /// Its identity: the extended property, else `iCalUId`.
    pub(crate) uid: Uid,
    /// Whether the account is the organizer, or there is neither organizer nor guest.
    pub(crate) own: bool,
    /// When Graph says that it was changed last.
    pub(crate) updated: Option<Timestamp>,
    /// The hash of what Graph returned, without what it sets by itself.
    pub(crate) raw: Hash,
}

/// An event as Graph takes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Written {
    /// The body of a create, without `transactionId` and extended property.
    pub(crate) master: Map<String, Value>,
    /// What differs in single occurrences, by original start; written after the master.
    pub(crate) overrides: Vec<Override>,
}

/// What is written of one occurrence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Override {
    /// Its start by the rule, in local time of the event's zone.
    pub(crate) original_start: DateTime,
    /// The same as an instant, as Graph names it: `originalStart`. Of an all-day series midnight in
    /// UTC.
    pub(crate) instant: Timestamp,
    /// What to do with it.
    pub(crate) change: Change,
}

/// A change of one occurrence.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// It does not take place: its instance is deleted.
    Cancel,
    /// It differs: its instance is patched with these properties.
    Patch(Map<String, Value>),
    /// It no longer differs: its instance is patched back to these properties, which are the
    /// series'.
    Restore(Map<String, Value>),
}

/// What turns one event into another.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Patch {
    /// The properties of the master that change; empty when none does.
    pub(crate) master: Map<String, Value>,
    /// What becomes of the occurrences that differed before.
    pub(crate) exceptions: Exceptions,
    /// The occurrences that change; where all were dropped, these are all that differ.
    pub(crate) overrides: Vec<Override>,
}

/// What becomes of the exceptions and cancellations of a series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exceptions {
    /// They stay.
    Kept,
    /// Graph drops them by itself, because the master's change is one of its time or pattern.
    Dropped,
    /// They have to be dropped, because a cancelled occurrence takes place again, and the master
    /// changes too little for it: another pattern has to be written first, and then `master`, which
    /// holds the present one. The first day of the week may differ in it; it means nothing there.
    ToDrop,
}
