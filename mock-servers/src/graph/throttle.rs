//! The limit of requests that an app may make for one mailbox in a span of time, truly kept.
//!
//! Counted in slots of a tenth of the span, so that a lane costs the same however many requests it
//! sees. A refused request is not counted.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::failure::Failure;
use crate::directory::UserId;
use crate::profiles::Quota;
use crate::turn::Turn;

/// Slots of a span.
const SLOTS: i64 = 10;

/// How many lanes are kept account of: those that were silent longest are forgotten.
const LANES_MAX: usize = 1_000;

/// What was counted, by lane.
#[derive(Clone, Debug, Default)]
pub(crate) struct Throttle {
    lanes: BTreeMap<String, Lane>,
}

/// (slot, requests in it), oldest first.
#[derive(Clone, Debug, Default)]
struct Lane(VecDeque<(i64, u64)>);

/// The lane of an app and a mailbox.
pub(crate) fn lane(app: &str, mailbox: Option<UserId>) -> String {
    let mailbox = mailbox.map(|user| user.place().to_string()).unwrap_or_default();
    format!("{app}|{mailbox}")
}

/// Counts a request, or refuses it.
pub(crate) fn count(turn: &mut Turn<'_>, lane: &str) -> Option<Failure> {
    let quota = turn.host().profile.graph.requests_max?;
    let now = turn.now();
    let wait = turn.graph().throttle.count(lane, quota, now)?;
    Some(
        Failure { retry_after_s: Some(wait), ..Failure::of("ApplicationThrottled") }
            .saying("Application is over its MailboxRequests limit."),
    )
}

impl Throttle {
    /// Counts a request; where it is one too many, how many seconds to wait.
    fn count(&mut self, lane: &str, quota: Quota, now: Timestamp) -> Option<u64> {
        let length = (i64::from(quota.window_s) / SLOTS).max(1);
        let slot = now.as_second().div_euclid(length);
        if self.lanes.len() >= LANES_MAX && !self.lanes.contains_key(lane) {
            self.lanes.retain(|_, known| known.0.back().is_some_and(|(at, _)| *at > slot - SLOTS));
            if self.lanes.len() >= LANES_MAX {
                self.lanes.pop_first();
            }
        }
        let Lane(counts) = self.lanes.entry(lane.to_owned()).or_default();
        while counts.front().is_some_and(|(at, _)| *at <= slot - SLOTS) {
            counts.pop_front();
        }
        let total: u64 = counts.iter().map(|(_, count)| count).sum();
        if total >= quota.requests {
            let oldest = counts.front().map_or(slot, |(at, _)| *at);
            let free = (oldest + SLOTS) * length;
            return Some(u64::try_from(free - now.as_second()).unwrap_or(0).max(1));
        }
        match counts.back_mut() {
            Some((at, count)) if *at == slot => *count += 1,
            _ => counts.push_back((slot, 1)),
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_slides_and_lanes_do_not_share_it() {
        let quota = Quota { requests: 3, window_s: 600 };
        let at = |second: i64| Timestamp::from_second(second).expect("a time");
        let mut throttle = Throttle::default();
        for second in [0, 10, 60] {
            assert_eq!(throttle.count("a|0", quota, at(second)), None);
        }
        assert_eq!(throttle.count("a|0", quota, at(70)), Some(530));
        assert_eq!(throttle.count("a|1", quota, at(70)), None);
        assert_eq!(throttle.count("a|0", quota, at(599)), Some(1));
        // Two of the three were made in the first slot.
        assert_eq!(throttle.count("a|0", quota, at(600)), None);
        assert_eq!(throttle.count("a|0", quota, at(601)), None);
        assert_eq!(throttle.count("a|0", quota, at(602)), Some(58));
    }
}
