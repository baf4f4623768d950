//! Rows of a page on their way out: past the faults of feeds.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::account::{Form, Item};
use crate::graph::failure::Failure;
use crate::operation::{Op, Target};
use crate::spliced::{self, List};
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

/// Adds one row, once the faults were asked about it, which may leave it out. Where there is a form,
/// the row is a function of the item and of that.
pub(in crate::graph) fn row(
    turn: &mut Turn<'_>,
    item: &Item,
    form: Option<Form>,
    make: impl FnOnce() -> Map<String, Value>,
    rows: &mut List,
) {
    let target = Target { id: item.id.clone(), ..Target::default() };
    match (turn.fault_row(Op::FeedQuery, &target), form) {
        (Verdict::Omit, _) => {}
        (Verdict::Patch(patch), _) => {
            let mut row = make();
            patch.apply_to(&mut row);
            rows.push(&spliced::object(row), 0);
        }
        (_, Some(form)) => rows.push(&item.rendered.text(form, || spliced::object(make())), 0),
        (_, None) => rows.push(&spliced::object(make()), 0),
    }
}
