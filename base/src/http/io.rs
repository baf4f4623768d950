//! A connection as hyper takes it: it reports what passes through it and counts its flushes.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::activity::Activity;
use crate::{net::Conn, sync::lock};

/// A server's connection.
#[derive(Debug)]
pub(super) struct Tracked {
    conn: Box<dyn Conn>,
    /// What was read to find out what is spoken, and comes again.
    first: Bytes,
    flushes: Flushes,
    activity: Activity,
}

/// How often a connection was flushed. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Flushes(Arc<Mutex<FlushState>>);

#[derive(Debug, Default)]
struct FlushState {
    count: u64,
    waiting: Vec<Waker>,
}

impl Flushes {
    /// How often it was flushed by now.
    pub(super) fn count(&self) -> u64 {
        lock(&self.0).count
    }

    /// Ready once it was flushed more often than `count`.
    pub(super) fn poll_beyond(&self, count: u64, context: &mut Context<'_>) -> Poll<()> {
        let mut state = lock(&self.0);
        if state.count > count {
            return Poll::Ready(());
        }
        if !state.waiting.iter().any(|waker| waker.will_wake(context.waker())) {
            state.waiting.push(context.waker().clone());
        }
        Poll::Pending
    }

    fn add(&self) {
        let mut state = lock(&self.0);
        state.count += 1;
        let waiting = std::mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl Tracked {
    /// This connection, of which `first` was read already.
    pub(super) fn new(conn: Box<dyn Conn>, first: Bytes, activity: Activity) -> Tracked {
        Tracked { conn, first, flushes: Flushes::default(), activity }
    }

    pub(super) fn flushes(&self) -> Flushes {
        self.flushes.clone()
    }

    /// The connection itself, for what comes after HTTP.
    pub(super) fn into_inner(self) -> Box<dyn Conn> {
        self.conn
    }

    fn wrote(&self, written: &Poll<io::Result<usize>>) {
        match written {
            Poll::Ready(Ok(_)) => self.activity.wrote(),
            Poll::Ready(Err(_)) => {}
            Poll::Pending => self.activity.blocked(),
        }
    }
}

impl AsyncRead for Tracked {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.first.is_empty() {
            let length = self.first.len().min(buffer.remaining());
            buffer.put_slice(&self.first[..length]);
            self.first.advance(length);
            return Poll::Ready(Ok(()));
        }
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.conn).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.activity.read();
        }
        read
    }
}

impl AsyncWrite for Tracked {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.conn).poll_write(context, bytes);
        self.wrote(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.conn).poll_write_vectored(context, slices);
        self.wrote(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.conn.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.conn).poll_flush(context);
        match flushed {
            Poll::Ready(Ok(())) => {
                self.activity.flushed();
                self.flushes.add();
            }
            Poll::Ready(Err(_)) => {}
            // TLS takes bytes before the socket does.
            Poll::Pending => self.activity.blocked(),
        }
        flushed
    }

    /// Only flushes: what comes after HTTP needs the connection, and says how it ends.
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(context)
    }
}
