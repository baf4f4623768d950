//! `/events`: what happens, as server-sent events (WHATWG HTML, section 9.2).
//!
//! A follower reads the servers' logs from where it is, whenever they beat: nothing is copied for
//! it beforehand, so a slow reader costs the pieces in its channel and no more. One that does not
//! read at all is cut by the connection's write timeout.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use calamity_base::BoxFuture;
use calamity_base::http::{Answer, Problem};
use calamity_evidence::RequestId;
use http::{HeaderValue, Method, Response, header};
use serde::Serialize;
use tokio::sync::{OwnedSemaphorePermit, mpsc, watch};

use super::call::Call;
use super::route::{BAD, Content, Form, NO_SERVER, Query, Reply, Route, SERVER, refused};
use super::wire::{Hit, MailEntry, RequestEntry, WriteEntry};
use super::{fail, select};
use crate::control::Fleet;
use crate::control::fleet::Member;
use crate::logs::LogEnds;

/// Pieces that are held for a reader: with those in its connection, all that it costs.
const PIECES: usize = 64;
/// How many entries of a log are taken at a time.
const BATCH: usize = 256;
/// How often a stream in which nothing happens says so, on the transport's time: what stands
/// between drops connections that are silent.
const PING: Duration = Duration::from_secs(15);
/// The media type of event streams.
const MEDIA_TYPE: &str = "text/event-stream";

pub(super) const ROUTES: &[Route] = &[Route {
    method: Method::GET,
    path: "/events",
    name: "events",
    about: "What happens, as server-sent events: `request` when one was answered or broken off, \
            `write`, `mail`, `hit`, and `restored` when a server was put back, after which all logs \
            are followed from their ends. Each one's data are those of the journal, the outbox and \
            the hits.",
    query: &[
        SERVER,
        Query {
            name: "from",
            about: "From the start of the logs, or from now on, which is the default.",
            form: Form::OneOf(&["start", "now"]),
        },
    ],
    body: None,
    answers: &[
        Reply {
            status: 200,
            about: "The events, as they come.",
            content: Content::Text(MEDIA_TYPE),
        },
        BAD,
        NO_SERVER,
        refused(503, "As many follow the events as can."),
    ],
    serve: follow,
}];

/// A server was put back: nothing more is to be said of it.
#[derive(Debug, Serialize)]
struct Restored {}

fn follow(fleet: &Fleet, call: &Call) -> Result<Answer, Problem> {
    let members = select::all(fleet, call)?;
    let shared = fleet.shared();
    let permit = Arc::clone(&shared.streams)
        .try_acquire_owned()
        .map_err(|_| fail::busy("as many follow the events as can; try later".to_owned()))?;
    let mut logs: Vec<Log> = members.into_iter().map(|member| Log::new(member.clone())).collect();
    if call.text("from") != Some("start") {
        logs.iter_mut().for_each(Log::skip);
    }
    let (sender, pieces) = mpsc::channel(PIECES);
    let follower = Follower {
        logs,
        sender,
        restored: shared.restored.subscribe(),
        stopping: shared.stopping.subscribe(),
        _permit: permit,
    };
    drop(shared.env.process.spawn("mock.events", follower.run()));
    let mut head = Response::new(());
    head.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    head.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(Answer::Streamed { head, pieces })
}

/// Who follows.
struct Follower {
    logs: Vec<Log>,
    sender: mpsc::Sender<Bytes>,
    restored: watch::Receiver<u64>,
    stopping: watch::Receiver<bool>,
    _permit: OwnedSemaphorePermit,
}

impl Follower {
    async fn run(mut self) {
        // The head of an answer goes out with its first piece: so the reader knows that it follows.
        if self.sender.send(Bytes::from_static(b": following\n\n")).await.is_err() {
            return;
        }
        while self.tell().await && !*self.stopping.borrow_and_update() {
            let beats = self.logs.iter_mut().map(Log::beat).collect();
            let said = tokio::select! {
                biased;
                () = self.sender.closed() => return,
                _ = self.stopping.changed() => continue,
                _ = self.restored.changed() => None,
                () = any(beats) => continue,
                () = tokio::time::sleep(PING) => Some(Bytes::from_static(b": still there\n\n")),
            };
            let said = said.unwrap_or_else(|| {
                self.logs.iter_mut().for_each(Log::skip);
                piece("restored", &Restored {})
            });
            if self.sender.send(said).await.is_err() {
                return;
            }
        }
    }

    /// Sends what is new; false when nobody reads any more, or all comes to its end.
    async fn tell(&mut self) -> bool {
        for log in &mut self.logs {
            loop {
                let news = log.news();
                if news.is_empty() {
                    break;
                }
                for piece in news {
                    let sent = tokio::select! {
                        biased;
                        sent = self.sender.send(piece) => sent.is_ok(),
                        _ = self.stopping.changed() => false,
                    };
                    if !sent {
                        return false;
                    }
                }
            }
        }
        true
    }
}

/// Waits for the first of several.
async fn any(mut waits: Vec<BoxFuture<'_, ()>>) {
    std::future::poll_fn(|context| {
        let ready = waits.iter_mut().any(|wait| wait.as_mut().poll(context).is_ready());
        if ready { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}

/// The logs of one server, and how far they were told.
struct Log {
    member: Member,
    pulse: watch::Receiver<()>,
    /// Requests that were being served when they were met.
    waiting: BTreeSet<u64>,
    at: Told,
}

/// The places of what is to be told next.
#[derive(Default)]
struct Told {
    requests: u64,
    writes: u64,
    mails: u64,
    hits: u64,
}

impl Log {
    fn new(member: Member) -> Self {
        let pulse = member.server.pulse();
        Self { member, pulse, waiting: BTreeSet::new(), at: Told::default() }
    }

    /// Goes on from the ends.
    fn skip(&mut self) {
        let LogEnds { requests, writes, mails, hits } = self.member.server.log_ends();
        self.at = Told {
            requests: requests as u64,
            writes: writes as u64,
            mails: mails as u64,
            hits: hits as u64,
        };
        self.waiting = self.member.server.in_hand();
    }

    /// Waits until there may be something new.
    fn beat(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if self.pulse.changed().await.is_err() {
                // The server is gone, which it is not before its follower.
                std::future::pending::<()>().await;
            }
        })
    }

    /// The next pieces: a bounded number; none when all was told.
    fn news(&mut self) -> Vec<Bytes> {
        let Self { member, waiting, at, .. } = self;
        let (server, name) = (&member.server, member.name.as_str());
        let mut pieces = Vec::new();
        server.read(|state| {
            for (place, write) in state.journal.writes().from(at.writes).take(BATCH) {
                at.writes = place + 1;
                pieces.push(piece("write", &WriteEntry::new(name, write.clone())));
            }
            for (place, mail) in state.outbox.mails().from(at.mails).take(BATCH) {
                at.mails = place + 1;
                pieces.push(piece("mail", &MailEntry::new(name, place, mail.clone())));
            }
            for (place, hit) in state.faults.hits().from(at.hits).take(BATCH) {
                at.hits = place + 1;
                pieces.push(piece("hit", &Hit::new(name, hit.clone())));
            }
            for (place, request) in state.journal.requests().from(at.requests).take(BATCH) {
                at.requests = place + 1;
                waiting.insert(request.id.0);
            }
        });
        // In this order: what is in the journal and not in hand afterwards has ended.
        let in_hand = server.in_hand();
        let ended: Vec<u64> = waiting.difference(&in_hand).copied().collect();
        for id in ended {
            waiting.remove(&id);
            let request = server.request(RequestId(id));
            let told = request.map(|request| piece("request", &RequestEntry::new(name, request)));
            pieces.extend(told);
        }
        pieces
    }
}

/// One event.
fn piece<T: Serialize>(name: &str, data: &T) -> Bytes {
    let data = serde_json::to_string(data).expect("what the API tells has texts for keys");
    Bytes::from(format!("event: {name}\ndata: {data}\n\n"))
}
