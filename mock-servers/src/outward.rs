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
use serde_json::Value;

use crate::directory::UserId;
use crate::faults::{Course, Fate, Push};
use crate::graph::{Errand, tenant};
use crate::operation::Op;
use crate::server::Server;

/// How long an answer to a question is waited for: the handshake of Graph's subscriptions.
const ASKED: Duration = Duration::from_secs(10);
/// How long a subscriber may take to say that it has a message.
const TOLD: Duration = Duration::from_secs(3);
/// The longest answer that is looked at.
const OCTETS_MAX: usize = 64 * 1024;

impl Server {
    /// Asks on behalf of a user's request, one after the other. None where no answer came.
    pub(crate) async fn ask(
        &self,
        user: UserId,
        requests: Vec<Request<Bytes>>,
    ) -> Vec<Option<Response<Bytes>>> {
        let mut answers = Vec::with_capacity(requests.len());
        let client = client(&self.shared().env, ASKED);
        for mut request in requests {
            let fate = self.fate_of_question(user, &request);
            if fate.delay != Duration::ZERO {
                self.shared().clock.sleep(fate.delay).await;
            }
            match fate.course {
                Course::Lost | Course::Broken(_) => {
                    answers.push(None);
                    continue;
                }
                Course::Again(times) => {
                    for _ in 0..times {
                        drop(client.send(request.clone()).await);
                    }
                }
                Course::Changed(patch) => {
                    patch.apply_to_message(&mut request);
                    if let Ok(uri) = patch.apply_to_text(&request.uri().to_string()).parse() {
                        *request.uri_mut() = uri;
                    }
                }
                // A question is overtaken by nothing, and nothing can be asked before it.
                Course::Goes | Course::Overtaken | Course::After(_) => {}
            }
            answers.push(client.send(request).await.ok());
        }
        answers
    }

    fn fate_of_question(&self, user: UserId, request: &Request<Bytes>) -> Fate {
        let url = request.uri().to_string();
        let push = Push { op: Op::PushVerify, user, url: &url, body: &Value::Null };
        self.shared().fate(&mut self.lock(), &push)
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
        loop {
            let state = inner.state();
            let mut subscriptions = std::mem::take(&mut state.graph.subscriptions);
            let mut errand = subscriptions.next(state, &shared.directory, &tenant, now);
            state.graph.subscriptions = subscriptions;
            if let Errand::Post(posting) = errand {
                // Each message is asked about once, so this ends.
                let Some(posting) = posting.may_go(shared, &mut inner, &tenant) else { continue };
                errand = Errand::Post(posting);
            }
            inner.delivers = !matches!(errand, Errand::Done);
            return errand;
        }
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
