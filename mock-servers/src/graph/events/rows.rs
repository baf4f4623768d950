//! Rows of a page on their way out: past the faults of feeds.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::graph::failure::Failure;
use crate::operation::{Op, Target};
use crate::turn::{Turn, Verdict};

/// What a page fault leaves of a page.
pub(in crate::graph) enum PageFault {
    /// All of it.
    None,
    /// Nothing, as if there were no more.
    Empty,
    /// This share, as if it were all.
    Cut(f64),
}

/// Asks the faults about a page of a collection.
pub(in crate::graph) fn page_fault(
    turn: &mut Turn<'_>,
    calendars: &BTreeSet<String>,
) -> Result<PageFault, Failure> {
    match turn.fault_page(Op::FeedQuery, calendars, false) {
        Verdict::Error(error) => Err(Failure::armed(&error)),
        Verdict::Empty => Ok(PageFault::Empty),
        Verdict::Cut(keep) => Ok(PageFault::Cut(keep)),
        _ => Ok(PageFault::None),
    }
}

impl PageFault {
    /// How many of so many rows stay.
    pub(in crate::graph) fn keeps(&self, rows: usize) -> usize {
        match self {
            Self::None => rows,
            Self::Empty => 0,
            Self::Cut(keep) => ((rows as f64) * keep.clamp(0.0, 1.0)) as usize,
        }
    }

    /// Whether the page looks like the last one.
    pub(in crate::graph) fn ends(&self) -> bool {
        !matches!(self, Self::None)
    }
}

/// Asks the faults about one row. `None` when it is left out.
pub(in crate::graph) fn row(
    turn: &mut Turn<'_>,
    item: &str,
    mut row: Map<String, Value>,
) -> Option<Value> {
    let target = Target { id: item.to_owned(), ..Target::default() };
    match turn.fault_row(Op::FeedQuery, &target) {
        Verdict::Omit => None,
        Verdict::Patch(patch) => {
            patch.apply_to(&mut row);
            Some(Value::Object(row))
        }
        _ => Some(Value::Object(row)),
    }
}
