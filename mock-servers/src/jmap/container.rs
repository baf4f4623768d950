//! What calendars and address books have in common: their verbs are the same, their properties and
//! words are not.

use serde_json::{Map, Value};

use crate::account::Calendar;
use crate::operation::Op;

/// A type of object that holds items.
#[derive(Debug)]
pub(super) struct Container {
    /// All of its properties.
    pub(super) properties: &'static [&'static str],
    /// Those that only the server sets.
    pub(super) server_set: &'static [&'static str],
    /// The argument that lets one be destroyed with what it holds.
    pub(super) remove_contents: &'static str,
    /// The SetError for one that is not empty.
    pub(super) not_empty: &'static str,
    /// Reading, and the operations of a `/set`.
    pub(super) list: Op,
    /// Create, update, destroy.
    pub(super) set: [Op; 3],
    /// One with every property.
    pub(super) full: fn(&Calendar) -> Map<String, Value>,
    /// The properties whose values are not valid.
    pub(super) invalid: fn(&Map<String, Value>) -> Vec<String>,
}
