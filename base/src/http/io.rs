//! A connection as hyper takes it, which counts its flushes.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll, Waker},
};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::{net::Conn, sync::lock};

/// A connection whose flushes others can wait for.
#[derive(Debug)]
pub(super) struct Tracked {
    conn: Box<dyn Conn>,
    flushes: Flushes,
}

/// How often a connection was flushed. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub(super) struct Flushes(Arc<Mutex<FlushState>>);

#[derive(Debug, Default)]
struct FlushState {
    count: u64,
    waiting: Option<Waker>,
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
        state.waiting = Some(context.waker().clone());
        Poll::Pending
    }

    fn add(&self) {
        let mut state = lock(&self.0);
        state.count += 1;
        let waiting = state.waiting.take();
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl Tracked {
    pub(super) fn new(conn: Box<dyn Conn>) -> Tracked {
        Tracked { conn, flushes: Flushes::default() }
    }

    pub(super) fn flushes(&self) -> Flushes {
        self.flushes.clone()
    }
}

impl AsyncRead for Tracked {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.conn).poll_read(context, buffer)
    }
}

impl AsyncWrite for Tracked {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.conn).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.conn).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.conn.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.conn).poll_flush(context);
        if let Poll::Ready(Ok(())) = flushed {
            self.flushes.add();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.conn).poll_shutdown(context)
    }
}

impl Connection for Tracked {
    fn connected(&self) -> Connected {
        Connected::new()
    }
}
