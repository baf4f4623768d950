//! Pages of a collection: `$top`, `$skip`, `odata.maxpagesize`.

use std::cmp::Ordering;

use super::{Prefer, Query};
use crate::graph::failure::Failure;

/// How many objects a page has unless the client says otherwise.
const PAGE_DEFAULT: usize = 10;
/// The most objects that a page has.
const PAGE_MAX: usize = 1_000;

/// The page that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// How many objects come before it.
    pub(crate) skip: usize,
    /// How many it has at most.
    pub(crate) size: usize,
}

impl Page {
    /// The page that a request names.
    pub(crate) fn read(query: &Query, prefer: &Prefer) -> Result<Self, Failure> {
        let size = match query.number("$top")? {
            Some(top) if (1..=PAGE_MAX).contains(&top) => top,
            Some(top) => {
                return Err(Failure::url(format!(
                    "The limit of '{PAGE_MAX}' for Top query has been exceeded or undercut. The \
                     value from the incoming request is '{top}'."
                )));
            }
            None => Self::preferred(prefer),
        };
        Ok(Self { skip: query.number("$skip")?.unwrap_or(0), size })
    }

    /// The page size that a feed uses: a preference is a preference, so it is clamped, not refused.
    pub(crate) fn preferred(prefer: &Prefer) -> usize {
        prefer.page().filter(|size| *size > 0).unwrap_or(PAGE_DEFAULT).min(PAGE_MAX)
    }

    /// The objects on it, of all in their order. No two are equal in it.
    pub(crate) fn cut<T>(self, mut all: Vec<T>, order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
        let end = self.skip.saturating_add(self.size);
        if end < all.len() {
            // What comes after the page needs no order of its own.
            all.select_nth_unstable_by(end, &order);
            all.truncate(end);
        }
        all.sort_unstable_by(&order);
        all.drain(..self.skip.min(all.len()));
        all
    }

    /// The query of the page after this one, where there are that many objects in all.
    pub(crate) fn next(self, query: &Query, total: usize) -> Option<Query> {
        let after = self.skip.saturating_add(self.size);
        (after < total).then(|| {
            let top = self.size.to_string();
            query.with("$top", Some(&top)).with("$skip", Some(&after.to_string()))
        })
    }
}
