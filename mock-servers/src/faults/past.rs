//! What a server held some time ago, for reads that are answered from the past. Kept only while a
//! rule asks for it, and bounded.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

/// How many states are remembered; the oldest go first.
const STATES_MAX: usize = 256;

/// Earlier states of one kind, oldest first.
#[derive(Debug)]
pub(crate) struct Past<T> {
    states: VecDeque<(Timestamp, Arc<T>)>,
}

impl<T> Default for Past<T> {
    fn default() -> Self {
        Self { states: VecDeque::new() }
    }
}

impl<T> Past<T> {
    /// Nothing has to be remembered any more.
    pub(crate) fn forget(&mut self) {
        self.states.clear();
    }

    /// Remembers what is stored from now on, if it is another state than before.
    pub(crate) fn remember(&mut self, now: Timestamp, state: &Arc<T>, lag_ms: u64) {
        if self.states.back().is_some_and(|(_, last)| Arc::ptr_eq(last, state)) {
            return;
        }
        self.states.push_back((now, Arc::clone(state)));
        while self.states.len() > STATES_MAX
            || self.states.get(1).is_some_and(|(at, _)| age_ms(*at, now) > lag_ms)
        {
            self.states.pop_front();
        }
    }

    /// What was stored so long ago; the oldest that is remembered where that is younger.
    pub(crate) fn at(&self, now: Timestamp, lag_ms: u64) -> Option<Arc<T>> {
        let old = |(at, _): &&(Timestamp, Arc<T>)| age_ms(*at, now) >= lag_ms;
        let found = self.states.iter().rev().find(old).or_else(|| self.states.front());
        found.map(|(_, state)| Arc::clone(state))
    }
}

fn age_ms(at: Timestamp, now: Timestamp) -> u64 {
    let nanoseconds = now.as_nanosecond() - at.as_nanosecond();
    u64::try_from(nanoseconds / 1_000_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_past_is_what_it_was_and_not_longer_than_asked_for() {
        let at = |ms: i64| Timestamp::from_millisecond(ms).unwrap();
        let mut past = Past::default();
        assert_eq!(past.at(at(0), 10), None);
        for (ms, state) in [(0, 'a'), (100, 'b'), (300, 'c')] {
            past.remember(at(ms), &Arc::new(state), 150);
        }
        let cases =
            [(300, 0, 'c'), (300, 150, 'b'), (449, 150, 'b'), (450, 150, 'c'), (460, 400, 'b')];
        for (now, lag, state) in cases {
            assert_eq!(past.at(at(now), lag).as_deref(), Some(&state), "{now} {lag}");
        }
        let same = Arc::new('c');
        past.remember(at(500), &same, 150);
        past.remember(at(900), &same, 150);
        assert_eq!(past.states.len(), 2, "the last of before, and one of now");
        for ms in 0..1_000 {
            past.remember(at(1_000 + ms), &Arc::new('d'), u64::MAX);
        }
        assert_eq!(past.states.len(), STATES_MAX);
        past.forget();
        assert_eq!(past.at(at(0), 10), None);
    }
}
