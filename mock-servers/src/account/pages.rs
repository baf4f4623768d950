//! Whole answers about an account, kept until something in it changes: clients that poll ask for the
//! same pages again and again.
//!
//! The rule kept here: an answer is a function of what the account holds and of its [`Form`], so that
//! keeping it makes no difference but in time. Every change of the account forgets them all. A copy
//! of an account, which may be changed, begins with none. The newest few are kept, and none that is
//! long.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::Form;

/// The most answers of one account.
const PAGES_MAX: usize = 8;

/// The longest answer that is kept, in bytes.
const PAGE_OCTETS_MAX: usize = 1 << 20;

/// See the module. The newest stands in front.
#[derive(Default)]
pub(crate) struct Pages(Mutex<VecDeque<(Form, Bytes)>>);

impl Pages {
    /// The answer of a form, where it is kept.
    pub(crate) fn get(&self, form: Form) -> Option<Bytes> {
        self.kept().iter().find(|(other, _)| *other == form).map(|(_, page)| page.clone())
    }

    /// Keeps the answer of a form.
    pub(crate) fn keep(&self, form: Form, page: &Bytes) {
        if page.len() > PAGE_OCTETS_MAX || self.get(form).is_some() {
            return;
        }
        let mut kept = self.kept();
        kept.truncate(PAGES_MAX - 1);
        kept.push_front((form, page.clone()));
    }

    /// Forgets them all.
    pub(super) fn forget(&mut self) {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<(Form, Bytes)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A copy is made to be changed.
impl Clone for Pages {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl fmt::Debug for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pages")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_few_are_kept_and_none_that_is_long() {
        let mut pages = Pages::default();
        let form = |nth: usize| Form::of("page", &nth);
        for nth in 0..=PAGES_MAX {
            pages.keep(form(nth), &Bytes::from(nth.to_string()));
        }
        assert_eq!(pages.get(form(0)), None, "the oldest went");
        assert_eq!(pages.get(form(1)).unwrap(), "1");
        pages.keep(form(1), &Bytes::from_static(b"other"));
        assert_eq!(pages.get(form(1)).unwrap(), "1", "an answer of a form is always the same");
        pages.keep(form(0), &Bytes::from(vec![0; PAGE_OCTETS_MAX + 1]));
        assert_eq!(pages.get(form(0)), None);
        assert_eq!(pages.clone().get(form(1)), None);
        pages.forget();
        assert_eq!(pages.get(form(1)), None);
    }
}
