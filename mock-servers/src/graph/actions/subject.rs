//! The event that an action is bound to: an item, or one instance of a series.

use std::sync::Arc;

use jiff::Timestamp;
use serde_json::Value;

use crate::account::Item;
use crate::graph::call;
use crate::graph::failure::Failure;
use crate::graph::ids::Named;
use crate::graph::moment;
use crate::graph::recurrence::Series;
use crate::graph::route::InCalendar;
use crate::graph::stored::{Reading, address_of};
use crate::turn::Turn;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Subject {
    /// The item, or the master of the instance.
    pub(super) item: Arc<Item>,
    /// The key of the instance.
    pub(super) instance: Option<String>,
    original: Option<Timestamp>,
}

impl Subject {
    /// The event of an id.
    pub(super) fn find(
        turn: &Turn<'_>,
        which: Option<&InCalendar>,
        id: &str,
    ) -> Result<Self, Failure> {
        let (item, named) = call::item(turn, which, id)?;
        let original = match named {
            Named::Item(_) => None,
            Named::Instance { original, .. } => Some(original),
        };
        let subject = Self { item, instance: original.map(moment::key), original };
        subject.reading().map(drop)?;
        Ok(subject)
    }

    /// How it reads.
    pub(super) fn reading(&self) -> Result<Reading<'_>, Failure> {
        let Some(original) = self.original else { return Ok(Reading::of(&self.item)) };
        let series = Series::of(&self.item).ok_or_else(Failure::not_found)?;
        let instance = series.instance(original).ok_or_else(Failure::not_found)?;
        Ok(Reading::instance(&self.item, instance))
    }

    /// Whether the mailbox's owner organizes it.
    pub(super) fn is_organized(&self) -> bool {
        self.item.body.get("isOrganizer").and_then(Value::as_bool).unwrap_or(false)
    }

    /// The organizer's address.
    pub(super) fn organizer(&self) -> Option<String> {
        self.item.body.get("organizer").and_then(address_of)
    }
}
