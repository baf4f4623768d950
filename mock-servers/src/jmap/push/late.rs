//! Pushes of which a fault has made something: they wait for their moment, or for another push that is to
//! overtake them, and are sent once.

use jiff::Timestamp;

use super::subscriptions::{Ended, Post, Pushes, Stage};
use crate::faults::{Course, Fate};

/// Pushes that wait, at most; beyond that they are lost.
const WAITING_MAX: usize = 1_000;

/// See the module.
#[derive(Clone, Debug, Default)]
pub(super) struct Late {
    waiting: Vec<Waiting>,
    queued: u64,
}

#[derive(Clone, Debug)]
struct Waiting {
    due: Timestamp,
    /// Its place among those that are due at once.
    number: u64,
    overtaken: bool,
    post: Post,
}

impl Late {
    fn queue(&mut self, post: &Post, due: Timestamp, overtaken: bool) {
        if self.waiting.len() < WAITING_MAX {
            self.queued += 1;
            let mut post = post.clone();
            post.stage = Stage::Fated;
            self.waiting.push(Waiting { due, number: self.queued, overtaken, post });
        }
    }

    /// Forgets what nobody is there for.
    pub(super) fn only_for(&mut self, is_there: impl Fn(&str) -> bool) {
        self.waiting.retain(|waiting| is_there(&waiting.post.id));
    }

    /// One that is due now, or the moment at which one is.
    pub(super) fn next(&mut self, now: Timestamp) -> Result<Post, Option<Timestamp>> {
        let order = |place: &usize| (self.waiting[*place].due, self.waiting[*place].number);
        let Some(first) = (0..self.waiting.len()).min_by_key(order) else { return Err(None) };
        if self.waiting[first].due > now {
            return Err(Some(self.waiting[first].due));
        }
        let first = self.waiting.swap_remove(first);
        if !first.overtaken {
            self.overtaken_by(&first.post, now);
        }
        Ok(first.post)
    }

    fn is_overtaken(&self, by: &Post) -> bool {
        self.waiting.iter().any(|waiting| waiting.overtaken && waiting.post.id == by.id)
    }

    /// What was to be overtaken by a push goes right behind it.
    pub(super) fn overtaken_by(&mut self, post: &Post, now: Timestamp) {
        for waiting in &mut self.waiting {
            if waiting.overtaken && waiting.post.id == post.id {
                waiting.overtaken = false;
                waiting.due = now;
            }
        }
    }
}

impl Pushes {
    /// A fault makes something of a push.
    pub(super) fn fated(&mut self, mut post: Post, fate: Fate, now: Timestamp) {
        let due = now.checked_add(fate.delay).unwrap_or(now);
        if let Course::Broken(_) = fate.course {
            self.ended(post, Ended::Badly, now);
            return;
        }
        self.told(&post);
        match fate.course {
            Course::Goes => self.late.queue(&post, due, false),
            Course::Lost | Course::Broken(_) => {}
            Course::Again(times) => {
                for _ in 0..=times {
                    self.late.queue(&post, due, false);
                }
            }
            // One that waits already is overtaken by this one.
            Course::Overtaken if self.late.is_overtaken(&post) => {
                self.late.queue(&post, due, false);
            }
            Course::Overtaken => {
                self.late.queue(&post, now.checked_add(Fate::PATIENCE).unwrap_or(now), true);
            }
            Course::After(bodies) => {
                for body in bodies {
                    let mut made_up = post.clone();
                    made_up.body = body;
                    self.late.queue(&made_up, due, false);
                }
                self.late.queue(&post, due, false);
            }
            Course::Changed(patch) => {
                patch.apply(&mut post.body);
                post.patch = Some(Box::new(patch));
                self.late.queue(&post, due, false);
            }
        }
    }
}
