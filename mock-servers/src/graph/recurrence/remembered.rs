//! Expansions are remembered: a client that polls a feed has every series expanded again for the
//! same window, and most of them have not changed.
//!
//! The rule kept here: what is remembered is a pure function of its key, so that it makes no
//! difference but in time. The memory is bounded, and a thread's own.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::civil::DateTime;

use super::{Expand, Recurrence, Rrule};

/// The most expansions that are remembered; then all of them are forgotten.
const EXPANSIONS_MAX: usize = 1_024;
/// Longer ones are not worth their place.
const STARTS_MAX: usize = 1_000;

thread_local! {
    static EXPANSIONS: RefCell<BTreeMap<String, Rc<[DateTime]>>> =
        const { RefCell::new(BTreeMap::new()) };
}

/// The expansion of [`Rrule`], remembered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Remembered;

impl Expand for Remembered {
    fn starts(
        &self,
        recurrence: &Recurrence,
        first: DateTime,
        span: (DateTime, DateTime),
        most: usize,
    ) -> Vec<DateTime> {
        let key = format!("{recurrence:?} {first} {} {} {most}", span.0, span.1);
        if let Some(known) = EXPANSIONS.with_borrow(|all| all.get(&key).cloned()) {
            return known.to_vec();
        }
        let starts = Rrule.starts(recurrence, first, span, most);
        if starts.len() <= STARTS_MAX {
            EXPANSIONS.with_borrow_mut(|all| {
                if all.len() >= EXPANSIONS_MAX {
                    all.clear();
                }
                all.insert(key, starts.as_slice().into());
            });
        }
        starts
    }
}
