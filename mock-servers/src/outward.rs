//! Requests that a server itself makes: questions before it serves a request, and what it tells
//! subscribers.
//!
//! They go through the network of the process that the server was made in. One task delivers, as long
//! as there is somebody to tell.

use std::time::Duration;

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::{Client, ClientLimits};
use http::{Request, Response};

use crate::directory::UserId;
use crate::graph::{Errand, tenant};
use crate::server::Server;

/// How long an answer to a question is waited for: the handshake of Graph's subscriptions.
const ASKED: Duration = Duration::from_secs(10);
/// How long a subscriber may take to say that it has a message.
const TOLD: Duration = Duration::from_secs(3);
/// The longest answer that is looked at.
const OCTETS_MAX: usize = 64 * 1024;

impl Server {
    /// Asks, one after the other. None where no answer came.
    pub(crate) async fn ask(&self, requests: Vec<Request<Bytes>>) -> Vec<Option<Response<Bytes>>> {
        let mut answers = Vec::with_capacity(requests.len());
        let client = client(&self.shared().env, ASKED);
        for request in requests {
            answers.push(client.send(request).await.ok());
        }
        answers
    }

    /// Sees to it that a task delivers if there is somebody to tell.
    pub(crate) fn keep_delivering(&self) {
        {
            let mut inner = self.lock();
            if inner.delivers || inner.state().graph.subscriptions.is_empty() {
                return;
            }
            inner.delivers = true;
        }
        let server = self.clone();
        // The process owns the task.
        let process = &self.shared().env.process;
        drop(process.spawn("subscriptions", async move { server.deliver().await }));
    }

    async fn deliver(&self) {
        let client = client(&self.shared().env, TOLD);
        loop {
            match self.errand() {
                Errand::Post(posting) => {
                    let answer = match posting.request() {
                        Some(request) => client.send(request).await.ok(),
                        None => None,
                    };
                    if !answer.is_some_and(|answer| answer.status().is_success()) {
                        let now = self.shared().clock.now();
                        let tenant = self.tenant();
                        let mut inner = self.lock();
                        inner.state().graph.subscriptions.failed(posting, &tenant, now);
                    }
                }
                Errand::Wait(None) => self.shared().wake.notified().await,
                Errand::Wait(Some(moment)) => {
                    tokio::select! {
                        biased;
                        () = self.shared().wake.notified() => {}
                        () = self.shared().clock.sleep_until(moment) => {}
                    }
                }
                Errand::Done => return,
            }
        }
    }

    /// What is to be done next; the task ends where there is nothing.
    fn errand(&self) -> Errand {
        let shared = self.shared();
        let (now, tenant) = (shared.clock.now(), self.tenant());
        let mut inner = self.lock();
        let state = inner.state();
        let mut subscriptions = std::mem::take(&mut state.graph.subscriptions);
        let errand = subscriptions.next(state, &shared.directory, &tenant, now);
        state.graph.subscriptions = subscriptions;
        inner.delivers = !matches!(errand, Errand::Done);
        errand
    }

    /// The service takes all subscriptions away, as it does when a mailbox moves; who gave a URL for
    /// that is told. Returns how many there were. Does nothing on other servers than Graph's.
    pub fn withdraw_subscriptions(&self) -> usize {
        let now = self.shared().clock.now();
        let tenant = self.tenant();
        let mut inner = self.lock();
        let count = inner.state().graph.subscriptions.withdraw(&tenant, now);
        drop(inner);
        self.shared().wake.notify_one();
        count
    }

    fn tenant(&self) -> String {
        tenant(self.shared().directory.host(UserId::OWNER).seed)
    }
}

fn client(env: &Env, timeout: Duration) -> Client {
    Client::with_limits(env, ClientLimits { timeout, max_body: OCTETS_MAX })
}
