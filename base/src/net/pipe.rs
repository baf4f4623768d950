//! A simulated connection: two directions of delayed, bounded, ordered bytes.
//!
//! What was written before a reset, a close or a death still arrives, in order, and then the end
//! does. An end whose process is dead takes and gives nothing any more: its polls stay pending.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt, io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::{Buf, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep},
};

use super::{Conn, abort::Ending};
use crate::{digest::Emitter, entropy::Stream, sync::lock};

/// How many bytes a direction holds before its writer waits.
pub(super) const BUFFER_BYTES: usize = 256 * 1024;

/// How long a chunk travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Latency {
    /// What every chunk of the connection takes, in milliseconds.
    pub(super) base_ms: u64,
    /// What is drawn for each chunk on top, from 0 to this, in milliseconds.
    pub(super) jitter_ms_max: u64,
}

/// The connections of a network, by number, until both of their ends are gone.
pub(super) type Connections = Arc<Mutex<BTreeMap<u64, Arc<Pipe>>>>;

/// A connection.
pub(super) struct Pipe {
    number: u64,
    connections: Connections,
    state: Mutex<State>,
}

struct State {
    ends: [EndState; 2],
    /// `ways[i]` carries what end `i` writes.
    ways: [Way; 2],
    latency: Latency,
    jitter: Stream,
    cut: bool,
}

struct EndState {
    /// The number of the process that it belongs to.
    owner: u64,
    emitter: Emitter,
    reader: Option<Waker>,
    writer: Option<Waker>,
    life: Life,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Life {
    Open,
    /// Its abort ended it: its owner sees this error.
    Ended(io::ErrorKind),
    /// Its owner dropped it.
    Gone,
    /// Its process died.
    Silent,
}

struct Way {
    chunks: VecDeque<(Instant, Bytes)>,
    buffered: usize,
    /// When the chunk before arrives; nothing arrives before it.
    last: Instant,
    end: Option<(Instant, End)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Finished,
    Reset,
}

/// Which process an end belongs to.
#[derive(Clone, Debug)]
pub(super) struct Owner {
    pub(super) number: u64,
    pub(super) emitter: Emitter,
}

impl Pipe {
    /// A connection from the first owner to the second, listed in `connections`.
    pub(super) fn connect(
        number: u64,
        owners: [Owner; 2],
        latency: Latency,
        jitter: Stream,
        connections: &Connections,
    ) -> [PipeEnd; 2] {
        let now = Instant::now();
        let way = || Way { chunks: VecDeque::new(), buffered: 0, last: now, end: None };
        let state = State {
            ends: owners.map(|Owner { number: owner, emitter }| EndState {
                owner,
                emitter,
                reader: None,
                writer: None,
                life: Life::Open,
            }),
            ways: [way(), way()],
            latency,
            jitter,
            cut: false,
        };
        let connections = connections.clone();
        let pipe = Arc::new(Pipe { number, connections, state: Mutex::new(state) });
        lock(&pipe.connections).insert(number, pipe.clone());
        [0, 1].map(|side| PipeEnd { pipe: pipe.clone(), side, timer: None })
    }

    /// Silences the ends of a dead process.
    pub(super) fn silence(&self, process: u64) {
        let mut state = lock(&self.state);
        for end in &mut state.ends {
            if end.owner == process && end.life != Life::Gone {
                end.life = Life::Silent;
                // Whoever waits on it is never answered.
                end.reader = None;
                end.writer = None;
            }
        }
    }

    /// Lets the peers of a dead process see a reset.
    pub(super) fn bury(&self, process: u64) {
        for side in 0..2 {
            let mut state = lock(&self.state);
            if state.ends[side].owner == process && state.ends[side].life == Life::Silent {
                let wakers = state.end(side, End::Reset);
                state.ends[side].life = Life::Gone;
                drop(state);
                wake(wakers);
            }
        }
        self.forget_when_over();
    }

    /// Resets both ends, as a device between them does.
    pub(super) fn sever(&self) {
        let mut state = lock(&self.state);
        let mut wakers = Vec::new();
        for side in 0..2 {
            wakers.extend(state.end(side, End::Reset));
        }
        drop(state);
        wake(wakers);
    }

    /// Holds back everything that has not arrived, or lets it arrive.
    pub(super) fn set_cut(&self, cut: bool) {
        let mut state = lock(&self.state);
        state.cut = cut;
        let wakers: Vec<Waker> =
            state.ends.iter_mut().filter_map(|end| end.reader.take()).collect();
        drop(state);
        wake(wakers);
    }

    fn forget_when_over(&self) {
        let over = lock(&self.state).ends.iter().all(|end| end.life == Life::Gone);
        if over {
            lock(&self.connections).remove(&self.number);
        }
    }

    fn abort(&self, side: usize, end: End, seen: io::ErrorKind) {
        let mut state = lock(&self.state);
        if state.ends[side].life != Life::Open {
            return;
        }
        let kind = if end == End::Reset { "net.reset" } else { "net.close" };
        state.ends[side].emitter.emit(kind, &[&self.number.to_le_bytes()]);
        let mut wakers = state.end(side, end);
        state.ends[side].life = Life::Ended(seen);
        wakers.extend(state.ends[side].reader.take());
        wakers.extend(state.ends[side].writer.take());
        drop(state);
        wake(wakers);
    }
}

impl State {
    /// When something that is sent now by `side` arrives.
    fn arrival(&mut self, side: usize) -> Instant {
        let Latency { base_ms, jitter_ms_max } = self.latency;
        let delay_ms = base_ms + self.jitter.range(0, jitter_ms_max);
        let arrival = (Instant::now() + Duration::from_millis(delay_ms)).max(self.ways[side].last);
        self.ways[side].last = arrival;
        arrival
    }

    /// Ends what `side` writes, once; a reset overtakes an end that was sent before it.
    #[must_use]
    fn end(&mut self, side: usize, end: End) -> Vec<Waker> {
        let overtakes = match self.ways[side].end {
            None => true,
            Some((_, sent)) => end == End::Reset && sent == End::Finished,
        };
        if overtakes {
            let arrival = self.arrival(side);
            self.ways[side].end = Some((arrival, end));
        }
        let peer = &mut self.ends[1 - side];
        peer.reader.take().into_iter().chain(peer.writer.take()).collect()
    }
}

/// One end of a connection.
pub(super) struct PipeEnd {
    pipe: Arc<Pipe>,
    side: usize,
    timer: Option<Pin<Box<Sleep>>>,
}

impl PipeEnd {
    /// What ends it from outside.
    pub(super) fn ending(&self) -> Arc<dyn Ending> {
        Arc::new(PipeEnding { pipe: self.pipe.clone(), side: self.side })
    }

    /// Wakes the task at this moment.
    fn wake_at(&mut self, moment: Instant, context: &mut Context<'_>) -> Poll<()> {
        let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(moment)));
        if timer.deadline() != moment {
            timer.as_mut().reset(moment);
        }
        timer.as_mut().poll(context)
    }
}

struct PipeEnding {
    pipe: Arc<Pipe>,
    side: usize,
}

impl Ending for PipeEnding {
    fn reset(&self) {
        self.pipe.abort(self.side, End::Reset, io::ErrorKind::ConnectionReset);
    }

    fn close(&self) {
        self.pipe.abort(self.side, End::Finished, io::ErrorKind::BrokenPipe);
    }
}

impl AsyncRead for PipeEnd {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let pipe = self.pipe.clone();
            let mut guard = lock(&pipe.state);
            let state = &mut *guard;
            let end = &mut state.ends[self.side];
            match end.life {
                Life::Open => {}
                Life::Ended(kind) => return Poll::Ready(Err(kind.into())),
                Life::Gone | Life::Silent => return Poll::Pending,
            }
            let way = &mut state.ways[1 - self.side];
            let next = way.chunks.front().map(|(at, _)| *at).or(way.end.map(|(at, _)| at));
            let arrival = match next {
                Some(arrival) if !state.cut => arrival,
                _ => {
                    end.reader = Some(context.waker().clone());
                    return Poll::Pending;
                }
            };
            if arrival > Instant::now() {
                end.reader = Some(context.waker().clone());
                drop(guard);
                std::task::ready!(self.wake_at(arrival, context));
                continue;
            }
            let Some((_, chunk)) = way.chunks.front_mut() else {
                return Poll::Ready(match way.end {
                    Some((_, End::Reset)) => Err(io::ErrorKind::ConnectionReset.into()),
                    _ => Ok(()),
                });
            };
            let length = chunk.len().min(buffer.remaining());
            buffer.put_slice(&chunk[..length]);
            chunk.advance(length);
            if chunk.is_empty() {
                way.chunks.pop_front();
            }
            way.buffered -= length;
            let writer = state.ends[1 - self.side].writer.take();
            drop(guard);
            wake(writer);
            return Poll::Ready(Ok(()));
        }
    }
}

impl PipeEnd {
    fn write(
        &self,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let total: usize = slices.iter().map(|slice| slice.len()).sum();
        let mut guard = lock(&self.pipe.state);
        let state = &mut *guard;
        match state.ends[self.side].life {
            Life::Open => {}
            Life::Ended(kind) => return Poll::Ready(Err(kind.into())),
            Life::Gone | Life::Silent => return Poll::Pending,
        }
        if state.ways[self.side].end.is_some() {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let free = BUFFER_BYTES.saturating_sub(state.ways[self.side].buffered);
        match state.ways[1 - self.side].end {
            Some((at, End::Reset)) if free == 0 || at <= Instant::now() => {
                return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
            }
            _ => {}
        }
        if total == 0 {
            return Poll::Ready(Ok(0));
        }
        let peer_is_gone = matches!(state.ends[1 - self.side].life, Life::Gone | Life::Ended(_));
        if peer_is_gone && free == 0 {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        if free == 0 {
            state.ends[self.side].writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        let length = total.min(free);
        let mut chunk = Vec::with_capacity(length);
        for slice in slices {
            let take = slice.len().min(length - chunk.len());
            chunk.extend_from_slice(&slice[..take]);
        }
        let number = self.pipe.number.to_le_bytes();
        state.ends[self.side].emitter.emit("net.chunk", &[&number, &chunk]);
        let arrival = state.arrival(self.side);
        state.ways[self.side].buffered += length;
        state.ways[self.side].chunks.push_back((arrival, chunk.into()));
        let reader = state.ends[1 - self.side].reader.take();
        drop(guard);
        wake(reader);
        Poll::Ready(Ok(length))
    }
}

impl AsyncWrite for PipeEnd {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.write(context, &[io::IoSlice::new(bytes)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.write(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match lock(&self.pipe.state).ends[self.side].life {
            Life::Open => Poll::Ready(Ok(())),
            Life::Ended(kind) => Poll::Ready(Err(kind.into())),
            Life::Gone | Life::Silent => Poll::Pending,
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut state = lock(&self.pipe.state);
        match state.ends[self.side].life {
            Life::Open => {}
            Life::Ended(kind) => return Poll::Ready(Err(kind.into())),
            Life::Gone | Life::Silent => return Poll::Pending,
        }
        if state.ways[self.side].end.is_none() {
            let number = self.pipe.number.to_le_bytes();
            state.ends[self.side].emitter.emit("net.finish", &[&number]);
            let wakers = state.end(self.side, End::Finished);
            drop(state);
            wake(wakers);
        }
        Poll::Ready(Ok(()))
    }
}

impl Conn for PipeEnd {}

impl Drop for PipeEnd {
    fn drop(&mut self) {
        let mut state = lock(&self.pipe.state);
        let mut wakers = Vec::new();
        match state.ends[self.side].life {
            // The dead say nothing; their burial does.
            Life::Silent | Life::Gone => {}
            Life::Ended(_) => state.ends[self.side].life = Life::Gone,
            Life::Open => {
                if state.ways[self.side].end.is_none() {
                    let number = self.pipe.number.to_le_bytes();
                    state.ends[self.side].emitter.emit("net.finish", &[&number]);
                }
                wakers = state.end(self.side, End::Finished);
                state.ends[self.side].life = Life::Gone;
            }
        }
        drop(state);
        wake(wakers);
        self.pipe.forget_when_over();
    }
}

impl fmt::Debug for PipeEnd {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("PipeEnd").field(&self.pipe.number).field(&self.side).finish()
    }
}

fn wake(wakers: impl IntoIterator<Item = Waker>) {
    wakers.into_iter().for_each(Waker::wake);
}
