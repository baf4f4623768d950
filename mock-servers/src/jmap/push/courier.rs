//! The task that sends pushes: one at a time, as long as anybody is subscribed.

use std::time::Duration;

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::{Client, ClientLimits};
use http::{Request, StatusCode, header};

use super::states::states;
use super::subscriptions::{Ended, Post};
use crate::directory::UserId;
use crate::faults::Push;
use crate::server::Server;

/// How long a push service may take, and how much it may say.
const TIMEOUT: Duration = Duration::from_secs(10);
const ANSWER_MAX: usize = 64 * 1024;

/// Seconds for which a push service keeps a push (RFC 8030 section 5.2).
const TTL: &str = "86400";

/// What the courier does next.
enum Next {
    Send(UserId, Post),
    Wait(Option<Duration>),
    /// Nobody is subscribed.
    Rest,
}

impl Server {
    /// Sees to it that pushes are delivered while anybody is subscribed.
    pub(crate) fn deliver_pushes(&self) {
        let env = &self.shared().env;
        let users = || self.shared().directory.users();
        if !self.read(|state| users().any(|(user, _)| !state.pushes(user).all.is_empty()))
            || std::mem::replace(&mut self.lock().delivers, true)
        {
            return;
        }
        // The handle may go: the task runs on.
        drop(env.process.spawn("jmap.push", run(self.weak(), env.clone())));
    }

    fn next_push(&self) -> Next {
        let shared = self.shared();
        let now = shared.clock.now();
        let mut inner = self.lock();
        let mut wait: Option<jiff::Timestamp> = None;
        let mut any = false;
        for (user, _) in shared.directory.users() {
            // Each turn of it either sends or makes something of one push, of which there are few.
            loop {
                let pushes = inner.state().pushes_mut(user);
                pushes.expire(now);
                any |= !pushes.all.is_empty();
                match pushes.late.next(now) {
                    Ok(post) => return Next::Send(user, post),
                    Err(later) => wait = wait.into_iter().chain(later).min(),
                }
                let state = &*inner.state();
                let next = state
                    .pushes(user)
                    .next(now, &|types| states(state, &shared.directory, user, types));
                let post = match next {
                    Ok(post) => post,
                    Err(later) => {
                        wait = wait.into_iter().chain(later).min();
                        break;
                    }
                };
                let push = Push { op: post.op(), user, url: &post.url, body: &post.body };
                let fate = shared.fate(&mut inner, &push);
                let pushes = inner.state().pushes_mut(user);
                if fate.is_plain() {
                    pushes.late.overtaken_by(&post, now);
                    return Next::Send(user, post);
                }
                pushes.fated(post, fate, now);
            }
        }
        if !any {
            inner.delivers = false;
            return Next::Rest;
        }
        Next::Wait(wait.map(|until| until.duration_since(now).unsigned_abs()))
    }

    fn pushed(&self, user: UserId, post: Post, how: Ended) {
        let now = self.shared().clock.now();
        self.lock().state().pushes_mut(user).ended(post, how, now);
    }
}

async fn run(server: std::sync::Weak<crate::server::Shared>, env: Env) {
    let limits = ClientLimits { timeout: TIMEOUT, max_body: ANSWER_MAX };
    let client = Client::with_limits(&env, limits);
    let Some(shared) = server.upgrade() else { return };
    let mut changed = shared.pulse.subscribe();
    drop(shared);
    loop {
        changed.borrow_and_update();
        let Some(next) = server.upgrade().map(|shared| Server::of(shared).next_push()) else {
            return;
        };
        match next {
            Next::Rest => return,
            Next::Send(user, post) => {
                let how = send(&client, &post).await;
                let Some(shared) = server.upgrade() else { return };
                Server::of(shared).pushed(user, post, how);
            }
            Next::Wait(None) => {
                if changed.changed().await.is_err() {
                    return;
                }
            }
            Next::Wait(Some(most)) => {
                tokio::select! {
                    biased;
                    still = changed.changed() => if still.is_err() { return },
                    () = env.clock.sleep(most) => {}
                }
            }
        }
    }
}

async fn send(client: &Client, post: &Post) -> Ended {
    let request = Request::post(&post.url)
        .header(header::CONTENT_TYPE, "application/json")
        .header("ttl", TTL)
        .body(Bytes::from(post.body.to_string()));
    let Ok(mut request) = request else { return Ended::Gone };
    if let Some(patch) = &post.patch {
        patch.apply_to_message(&mut request);
    }
    let Ok(response) = client.send(request).await else { return Ended::Badly };
    match response.status() {
        status if status.is_success() => Ended::Well,
        StatusCode::NOT_FOUND | StatusCode::GONE => Ended::Gone,
        StatusCode::TOO_MANY_REQUESTS => {
            let wish = response.headers().get(header::RETRY_AFTER);
            let wish = wish.and_then(|value| value.to_str().ok()?.parse().ok());
            Ended::Throttled(wish.map(Duration::from_secs))
        }
        _ => Ended::Badly,
    }
}
