//! Barriers: requests that wait until the scenario lets them go on.
//!
//! A request that its client gives up stops waiting. So many wait at most; one more goes on.

use calamity_evidence::RequestId;
use jiff::Timestamp;
use tokio::sync::Notify;

use crate::server::Server;

/// How many requests wait at a time.
const HELD_MAX: usize = 1_000;

/// A request that is held back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// The rule that holds it.
    pub rule: String,
    /// The request.
    pub request: RequestId,
    /// What it asks for: the operations.
    pub operations: Vec<String>,
    /// Since when, on the server's clock.
    pub since: Timestamp,
}

/// Who waits on a server.
#[derive(Debug, Default)]
pub(crate) struct Barrier {
    held: Vec<Held>,
}

impl Barrier {
    /// Lets a request wait; not if too many do.
    fn enter(&mut self, held: Held) {
        if self.held.len() < HELD_MAX {
            self.held.push(held);
        }
    }

    fn holds(&self, rule: &str, request: RequestId) -> bool {
        self.held.iter().any(|held| held.rule == rule && held.request == request)
    }

    fn leave(&mut self, rule: &str, request: RequestId) {
        self.held.retain(|held| held.rule != rule || held.request != request);
    }

    /// Lets go what a rule holds, and says how many requests that are.
    fn release(&mut self, rule: &str) -> usize {
        let before = self.held.len();
        self.held.retain(|held| held.rule != rule);
        before - self.held.len()
    }

    /// Lets everything go on.
    pub(crate) fn release_all(&mut self) {
        self.held.clear();
    }
}

/// A request while it waits; it is forgotten when it stops to.
pub(crate) struct Holding<'a> {
    server: &'a Server,
    rule: &'a str,
    request: RequestId,
}

impl<'a> Holding<'a> {
    /// Waits until the rule lets the request go on.
    pub(crate) async fn wait(server: &'a Server, rule: &'a str, request: RequestId) {
        let held = server.as_held(rule, request);
        {
            let mut inner = server.lock();
            // The rule may be gone by now, and nobody would let go what it holds.
            if !inner.peek().faults.has(rule) {
                return;
            }
            inner.barrier.enter(held);
        }
        server.shared().released.notify_waiters();
        let holding = Self { server, rule, request };
        holding.released(&server.shared().released).await;
    }

    async fn released(&self, released: &Notify) {
        loop {
            let mut notified = std::pin::pin!(released.notified());
            notified.as_mut().enable();
            if !self.server.lock().barrier.holds(self.rule, self.request) {
                return;
            }
            notified.await;
        }
    }
}

impl Drop for Holding<'_> {
    fn drop(&mut self) {
        self.server.lock().barrier.leave(self.rule, self.request);
    }
}

impl Server {
    /// Lets the requests go on that a rule holds back, and says how many they are.
    pub fn release(&self, rule: &str) -> usize {
        let count = self.lock().barrier.release(rule);
        self.shared().released.notify_waiters();
        count
    }

    /// Waits until a rule holds a request back.
    pub async fn until_held(&self, rule: &str) {
        loop {
            let mut changed = std::pin::pin!(self.shared().released.notified());
            changed.as_mut().enable();
            if self.lock().barrier.held.iter().any(|held| held.rule == rule) {
                return;
            }
            changed.await;
        }
    }

    /// The requests that are held back now, in the order in which they came.
    #[must_use]
    pub fn held(&self) -> Vec<Held> {
        self.lock().barrier.held.clone()
    }

    /// The scenario is in the state of that name from now on; see [`super::When::state`].
    pub fn set_state(&self, name: &str) {
        self.lock().state().faults.set_scene(name);
    }

    /// The state in which the scenario is; empty before it was ever set.
    #[must_use]
    pub fn scene(&self) -> String {
        self.lock().peek().faults.scene().to_owned()
    }

    fn as_held(&self, rule: &str, request: RequestId) -> Held {
        let since = self.shared().clock.now();
        let inner = self.lock();
        let known = inner.peek().journal.requests().get(request.0).cloned();
        let operations = known.map(|request| request.operations).unwrap_or_default();
        Held { rule: rule.to_owned(), request, operations, since }
    }
}
