//! What faults make of a message that is due: it waits, is lost, goes out twice, changed or behind
//! the next one.

use jiff::Timestamp;
use serde_json::json;

use super::posting::Posting;
use super::store::{QueuePlace, Subscriptions};
use crate::faults::{Course, Fate, Push};
use crate::server::{Inner, Shared};

impl Posting {
    /// Whether it goes out now; else faults have made something else of it, which is queued.
    pub(crate) fn may_go(
        mut self,
        shared: &Shared,
        inner: &mut Inner,
        tenant: &str,
    ) -> Option<Self> {
        if self.faulted.asked {
            return Some(self);
        }
        let body = json!({ "value": self.value });
        let push = Push { op: self.op(), user: self.user, url: &self.url, body: &body };
        let fate = shared.fate(inner, &push);
        self.faulted.asked = true;
        let (now, subscriptions) = (shared.clock.now(), &mut inner.state().graph.subscriptions);
        if fate.is_plain() {
            subscriptions.lets_go(&self, now);
            return Some(self);
        }
        subscriptions.fated(self, fate, tenant, now);
        None
    }
}

impl Subscriptions {
    fn fated(&mut self, mut posting: Posting, fate: Fate, tenant: &str, now: Timestamp) {
        posting.due = now.checked_add(fate.delay).unwrap_or(now);
        match fate.course {
            Course::Goes => self.queue(posting, QueuePlace::Old),
            Course::Lost => {}
            Course::Broken(_) => {
                posting.faulted.asked = false;
                self.failed(posting, tenant, now);
            }
            Course::Again(times) => {
                self.queue(posting.clone(), QueuePlace::Old);
                for _ in 0..times {
                    self.queue(posting.clone(), QueuePlace::Last);
                }
            }
            // One that waits already is overtaken by this one.
            Course::Overtaken if self.is_overtaken(&posting) => {
                self.queue(posting, QueuePlace::Old);
            }
            Course::Overtaken => {
                posting.faulted.overtaken = true;
                posting.due = now.checked_add(Fate::PATIENCE).unwrap_or(now);
                self.queue(posting, QueuePlace::Old);
            }
            Course::After(notifications) => {
                for one in notifications {
                    self.queue(Posting { value: vec![one], ..posting.clone() }, QueuePlace::Last);
                }
                self.queue(posting, QueuePlace::Last);
            }
            Course::Changed(patch) => {
                for one in &mut posting.value {
                    patch.apply(one);
                }
                posting.faulted.patch = Some(Box::new(patch));
                self.queue(posting, QueuePlace::Old);
            }
        }
    }
}
