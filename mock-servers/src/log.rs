//! A log in which every entry has a place that it keeps for ever.
//!
//! It only grows; where it has a bound, its oldest entries are dropped and counted, so that places
//! stay what they are.

use std::collections::VecDeque;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

/// See the module.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Log<T> {
    /// How many entries were dropped, which is the place of the first that is left.
    #[serde(deserialize_with = "count")]
    dropped: u64,
    entries: VecDeque<T>,
    /// How many are kept; none for all.
    #[serde(skip, default)]
    most: Option<usize>,
}

/// The largest count that a file may say, beyond which numbers of JSON are not the same to everybody
/// (RFC 8259, section 6). No count comes near it.
pub(crate) const COUNT_MAX: u64 = 1 << 53;

/// A count in a file that somebody may have edited: it can still be counted on from.
pub(crate) fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    let count = u64::deserialize(deserializer)?;
    if count < COUNT_MAX {
        Ok(count)
    } else {
        Err(D::Error::custom(format!("{count} is no count of anything")))
    }
}

impl<T> Default for Log<T> {
    fn default() -> Self {
        Self { dropped: 0, entries: VecDeque::new(), most: None }
    }
}

impl<T> Log<T> {
    /// Appends an entry and returns its place.
    pub(crate) fn push(&mut self, entry: T) -> u64 {
        let place = self.end();
        self.entries.push_back(entry);
        self.shrink();
        place
    }

    /// Keeps so many entries from now on, the newest ones.
    pub(crate) fn bound(&mut self, most: Option<usize>) {
        self.most = most;
        self.shrink();
    }

    /// How many entries it keeps.
    pub(crate) fn most(&self) -> Option<usize> {
        self.most
    }

    /// The place that the next entry will have.
    pub(crate) fn end(&self) -> u64 {
        self.dropped + self.entries.len() as u64
    }

    /// How many entries were dropped.
    pub(crate) fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The entries from a place on that are still there, each with its place.
    pub(crate) fn from(&self, place: u64) -> impl ExactSizeIterator<Item = (u64, &T)> {
        let first = place.clamp(self.dropped, self.end());
        let skip = usize::try_from(first - self.dropped).unwrap_or(usize::MAX);
        let entries = self.entries.range(skip.min(self.entries.len())..);
        entries.enumerate().map(move |(nth, entry)| (first + nth as u64, entry))
    }

    /// The entry at a place, if it is still there.
    pub(crate) fn get(&self, place: u64) -> Option<&T> {
        self.entries.get(usize::try_from(place.checked_sub(self.dropped)?).ok()?)
    }

    /// The same, to change it.
    pub(crate) fn get_mut(&mut self, place: u64) -> Option<&mut T> {
        self.entries.get_mut(usize::try_from(place.checked_sub(self.dropped)?).ok()?)
    }

    fn shrink(&mut self) {
        while self.most.is_some_and(|most| self.entries.len() > most) {
            self.entries.pop_front();
            self.dropped += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Log;

    #[test]
    fn places_stay_when_the_oldest_entries_are_dropped() {
        let mut log = Log::default();
        for entry in 'a'..='e' {
            log.push(entry);
        }
        log.bound(Some(3));
        assert_eq!((log.push('f'), log.dropped(), log.end()), (5, 3, 6));
        let from = |place| log.from(place).map(|(at, entry)| (at, *entry)).collect::<Vec<_>>();
        assert_eq!(from(0), [(3, 'd'), (4, 'e'), (5, 'f')]);
        assert_eq!((from(5), from(6), from(u64::MAX)), (vec![(5, 'f')], vec![], vec![]));
        assert_eq!([2, 3, 5, 6].map(|at| log.get(at).copied()), [None, Some('d'), Some('f'), None]);
        log.bound(Some(0));
        assert_eq!((log.push('g'), log.dropped(), log.end()), (6, 7, 7));
    }
}
