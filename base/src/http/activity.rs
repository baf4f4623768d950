//! What a connection is doing, and until when it may.
//!
//! The connection's task alone looks at the deadlines. Everybody else reports: the socket what was
//! read and written, requests their begin and end, pieces of bodies that they were sent.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    task::Waker,
};

use bytes::Bytes;
use tokio::time::Instant;

use super::ServerLimits;
use crate::sync::lock;

/// What a connection is doing. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Activity(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    phase: Phase,
    /// Whether a byte that comes between requests begins a head, as in HTTP/1.
    heads: Heads,
    /// Requests that were begun and whose answers are not handed over.
    busy: usize,
    /// Since when the socket takes nothing although there is something to send.
    blocked: Option<Instant>,
    /// When the pieces of bodies that are not sent yet were handed over.
    pieces: BTreeMap<u64, Instant>,
    numbered: u64,
    ending: Option<Ending>,
    task: Option<Waker>,
}

#[derive(Clone, Copy, Debug)]
enum Phase {
    /// A head was begun.
    Head(Instant),
    /// Between requests.
    Idle(Instant),
}

/// What the bytes between two requests are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heads {
    /// The begin of the next head (HTTP/1).
    Bytes,
    /// Frames, which keep a connection alive but are no request (HTTP/2).
    Frames,
}

/// How a handler wants the connection to end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// With these bytes.
    Garbage(Bytes),
    /// With a reset.
    Reset,
    /// With the end of the stream.
    Close,
    /// With the end of what is sent, and wholly when the client ends it.
    HalfClose,
    /// When the client ends it.
    Hang,
}

/// Why a connection's time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expired {
    /// A head was begun and not finished.
    Head,
    /// No request came.
    Idle,
    /// The client does not read.
    Unread,
}

impl Activity {
    /// Of a connection that was accepted at `since` and has sent its first bytes.
    pub(super) fn new(since: Instant, heads: Heads) -> Activity {
        Activity(Arc::new(Mutex::new(State {
            phase: Phase::Head(since),
            heads,
            busy: 0,
            blocked: None,
            pieces: BTreeMap::new(),
            numbered: 0,
            ending: None,
            task: None,
        })))
    }

    /// A request was begun; it lasts until what is returned is dropped.
    pub(super) fn begin(&self) -> Busy {
        lock(&self.0).busy += 1;
        Busy(self.clone())
    }

    /// Bytes were read.
    pub(super) fn read(&self) {
        let mut state = lock(&self.0);
        if state.heads == Heads::Bytes && state.busy == 0 && matches!(state.phase, Phase::Idle(_)) {
            state.phase = Phase::Head(Instant::now());
        }
    }

    /// The socket took bytes.
    pub(super) fn wrote(&self) {
        let mut state = lock(&self.0);
        state.blocked = None;
        // The end of a long answer is handed over long before it is sent.
        if let Phase::Idle(since) = &mut state.phase {
            *since = Instant::now();
        }
    }

    /// The socket took everything.
    pub(super) fn flushed(&self) {
        lock(&self.0).blocked = None;
    }

    /// The socket does not take what there is to send.
    pub(super) fn blocked(&self) {
        lock(&self.0).blocked.get_or_insert_with(Instant::now);
    }

    /// The same bytes, watched until the connection lets go of them, which it does when they are
    /// sent or cannot be taken back any more.
    pub(super) fn piece(&self, bytes: Bytes, sent: Sending) -> Bytes {
        let number = {
            let mut state = lock(&self.0);
            state.numbered += 1;
            let number = state.numbered;
            state.pieces.insert(number, Instant::now());
            number
        };
        Bytes::from_owner(Piece { bytes, number, activity: self.clone(), sent })
    }

    /// Ends the connection in this way, at once.
    pub(super) fn end(&self, ending: Ending) {
        let mut state = lock(&self.0);
        state.ending.get_or_insert(ending);
        let task = state.task.take();
        drop(state);
        task.into_iter().for_each(Waker::wake);
    }

    /// How a handler wants the connection to end, if one does; `task` is woken when one will.
    pub(super) fn ending(&self, task: &Waker) -> Option<Ending> {
        let mut state = lock(&self.0);
        if state.ending.is_none() {
            match &mut state.task {
                Some(waker) => waker.clone_from(task),
                None => state.task = Some(task.clone()),
            }
        }
        state.ending.clone()
    }

    /// When the connection's time is up if nothing changes, and why.
    pub(super) fn deadline(&self, limits: &ServerLimits) -> Option<(Instant, Expired)> {
        let state = lock(&self.0);
        let unread = state.pieces.values().min().into_iter().chain(&state.blocked).min();
        let unread = unread.map(|since| (*since + limits.write_timeout, Expired::Unread));
        if state.busy > 0 || unread.is_some() {
            return unread;
        }
        Some(match state.phase {
            Phase::Head(since) => (since + limits.header_timeout, Expired::Head),
            Phase::Idle(since) => (since + limits.idle_timeout, Expired::Idle),
        })
    }
}

/// A request in hand.
#[derive(Debug)]
pub(super) struct Busy(Activity);

impl Drop for Busy {
    fn drop(&mut self) {
        let mut state = lock(&self.0.0);
        state.busy -= 1;
        if state.busy == 0 {
            state.phase = Phase::Idle(Instant::now());
        }
        // A stream of HTTP/2 ends in a task of its own: the connection's task may have looked at the
        // deadline while there was none.
        let task = (state.busy == 0 && state.heads == Heads::Frames).then(|| state.task.take());
        drop(state);
        task.flatten().into_iter().for_each(Waker::wake);
    }
}

/// Whether a piece of a body is still on its way out. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Sending(Arc<Mutex<Sent>>);

#[derive(Debug, Default)]
struct Sent {
    sent: bool,
    waiting: Option<Waker>,
}

impl Sending {
    /// Whether the piece is sent; `task` is woken when it will be.
    pub(super) fn is_over(&self, task: &Waker) -> bool {
        let mut state = lock(&self.0);
        if !state.sent {
            state.waiting = Some(task.clone());
        }
        state.sent
    }
}

/// Bytes that tell when they are let go of.
struct Piece {
    bytes: Bytes,
    number: u64,
    activity: Activity,
    sent: Sending,
}

impl AsRef<[u8]> for Piece {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Piece {
    fn drop(&mut self) {
        lock(&self.activity.0).pieces.remove(&self.number);
        let mut state = lock(&self.sent.0);
        state.sent = true;
        let waiting = state.waiting.take();
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}
