//! What a user of the story meant to do. Every write of the system under test must join to one.

use serde::{Deserialize, Serialize};

use crate::{Lineage, Side};

/// What the user meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IntentKind {
    /// A new item is to exist on both sides.
    Create,
    /// An item is to change on both sides.
    Edit,
    /// An item is to go from both sides.
    Delete,
    /// What was held may be carried out, and people may be told.
    Approve,
}

/// One intent of a story, recorded by the runner when the step is carried out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The step of the script, counted from 0.
    pub step: usize,
    /// The side on which the user acted; for an approval, either.
    pub side: Side,
    /// The item.
    pub lineage: Lineage,
    /// What was meant.
    pub kind: IntentKind,
    /// The title (without its token) that the user gave the item; empty for a delete or an approval.
    pub title: String,
}
