//! The task that writes one stream of events.

use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use calamity_base::Env;
use calamity_base::http::Answer;
use http::Response;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::source::Watch;
use super::states::{States, difference, event_id, states};
use crate::faults::{Course, Push};
use crate::native::Reply;
use crate::operation::Op;
use crate::server::{Server, Shared};

/// Streams that are open at a time, at most.
const STREAMS_MAX: usize = 256;

/// Events that a slow reader leaves waiting; more are put together into one.
const WAITING_MAX: usize = 4;

impl Server {
    /// Streams to whoever watches; none where the server cannot, or no more.
    pub(crate) fn streamed(&self, reply: &Reply, watch: Watch) -> Option<Answer> {
        let env = &self.shared().env;
        {
            let mut inner = self.lock();
            if inner.streams >= STREAMS_MAX {
                return None;
            }
            inner.streams += 1;
        }
        let mut head = Response::new(());
        *head.status_mut() = reply.status();
        head.headers_mut().clone_from(reply.headers());
        let (sender, pieces) = mpsc::channel(WAITING_MAX);
        let told = watch.told.clone().unwrap_or_else(|| self.states(&watch));
        let work = run(self.weak(), env.clone(), watch, told, sender);
        // The handle may go: the task runs on.
        drop(env.process.spawn("jmap.events", work));
        Some(Answer::Streamed { head, pieces })
    }

    fn states(&self, watch: &Watch) -> States {
        let directory = &self.shared().directory;
        self.read(|state| states(state, directory, watch.user, &watch.types))
    }
}

/// Counts a stream as open as long as it lives.
struct Open(Weak<Shared>);

impl Drop for Open {
    fn drop(&mut self) {
        if let Some(shared) = self.0.upgrade() {
            Server::of(shared).lock().streams -= 1;
        }
    }
}

async fn run(
    server: Weak<Shared>,
    env: Env,
    watch: Watch,
    mut told: States,
    sender: mpsc::Sender<Bytes>,
) {
    let _open = Open(server.clone());
    let Some(shared) = server.upgrade() else { return };
    let mut changed = shared.pulse.subscribe();
    drop(shared);
    let mut overtaken = Overtaken::default();
    loop {
        changed.borrow_and_update();
        let Some(now) = server.upgrade().map(|shared| Server::of(shared).states(&watch)) else {
            return;
        };
        if let Some(change) = difference(&told, &now) {
            let Some(shared) = server.upgrade() else { return };
            let push = Push { op: Op::PushEvent, user: watch.user, url: "", body: &change };
            let fate = shared.fate(&mut Server::of(Arc::clone(&shared)).lock(), &push);
            drop(shared);
            if fate.delay != Duration::ZERO {
                env.clock.sleep(fate.delay).await;
            }
            let (pieces, goes_on) = overtaken.pieces(fate.course, &event_id(&now), change);
            for piece in pieces {
                if sender.send(piece).await.is_err() {
                    return;
                }
            }
            if !goes_on {
                return;
            }
            told = now;
            if watch.once {
                return;
            }
            continue;
        }
        let ping = async {
            match watch.ping {
                Some(every) => env.clock.sleep(every).await,
                None => std::future::pending().await,
            }
        };
        let quiet = until(&mut changed, ping, || {
            let now = server.upgrade().map(|shared| Server::of(shared).states(&watch));
            now.is_some_and(|now| now == told)
        });
        let rang = tokio::select! {
            biased;
            () = sender.closed() => return,
            rang = quiet => rang,
        };
        match rang {
            None => return,
            Some(Woken::Change) => {}
            Some(Woken::Ping) => {
                let seconds = watch.ping.unwrap_or(Duration::ZERO).as_secs();
                let ping = event("ping", None, &json!({ "interval": seconds }));
                if sender.send(ping).await.is_err() {
                    return;
                }
            }
        }
    }
}

enum Woken {
    Change,
    Ping,
}

/// Waits for a change that matters, or for the ping, which what does not matter must not put off;
/// none when the server is gone.
async fn until(
    changed: &mut tokio::sync::watch::Receiver<()>,
    ping: impl Future<Output = ()>,
    same: impl Fn() -> bool,
) -> Option<Woken> {
    let mut ping = std::pin::pin!(ping);
    loop {
        tokio::select! {
            biased;
            still = changed.changed() => {
                still.ok()?;
                if !same() {
                    return Some(Woken::Change);
                }
            }
            () = &mut ping => return Some(Woken::Ping),
        }
    }
}

/// The event that the next one is to overtake.
#[derive(Debug, Default)]
struct Overtaken(Option<Bytes>);

impl Overtaken {
    /// What goes out for a change, and whether the stream goes on.
    fn pieces(&mut self, course: Course, id: &str, change: Value) -> (Vec<Bytes>, bool) {
        let whole = event("state", Some(id), &change);
        let mut pieces = match course {
            Course::Goes => vec![whole],
            // One that waits already is overtaken by this one.
            Course::Overtaken if self.0.is_some() => vec![whole],
            Course::Lost => Vec::new(),
            Course::Broken(abort) => {
                let part = abort.cut(whole.len()).map(|after| whole.slice(..after));
                return (part.into_iter().collect(), false);
            }
            Course::Again(times) => vec![whole; times + 1],
            Course::Overtaken => {
                self.0 = Some(whole);
                return (Vec::new(), true);
            }
            Course::After(made_up) => {
                let made_up = made_up.iter().map(|data| event("state", None, data));
                made_up.chain(std::iter::once(whole.clone())).collect()
            }
            Course::Changed(patch) => {
                let mut change = change;
                patch.apply(&mut change);
                let text = event("state", Some(id), &change);
                vec![patch.apply_to_text(&String::from_utf8_lossy(&text)).into()]
            }
        };
        if !pieces.is_empty() {
            pieces.extend(self.0.take());
        }
        (pieces, true)
    }
}

/// One server-sent event; JSON has no line breaks of its own here.
fn event(name: &str, id: Option<&str>, data: &Value) -> Bytes {
    let id = id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    Bytes::from(format!("event: {name}\n{id}data: {data}\n\n"))
}
