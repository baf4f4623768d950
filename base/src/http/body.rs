//! Bodies: what a server sends, and collecting what comes under a bound.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use ::http::HeaderMap;
use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;

use super::io::Flushes;
use crate::{BoxFuture, Clock, net::Abort};

/// The body of an answer.
pub(super) enum Sent {
    /// All of it, in one piece, until it is taken.
    Whole(Option<Bytes>),
    /// Less than the head promised, and then the end of the connection.
    Cut { part: Option<Bytes>, flushes: Flushes, count: u64, abort: Abort },
    /// A piece at a time, with a wait before each.
    Dribbled { rest: Bytes, bytes: usize, wait: Wait, waiting: Option<BoxFuture<'static, ()>> },
}

/// What is waited for before a piece of a body.
#[derive(Clone, Debug)]
pub(super) struct Wait {
    pub(super) clock: Clock,
    pub(super) every: Duration,
}

impl Sent {
    pub(super) fn whole(bytes: Bytes) -> Sent {
        Sent::Whole((!bytes.is_empty()).then_some(bytes))
    }

    pub(super) fn cut(part: Bytes, flushes: Flushes, abort: Abort) -> Sent {
        let count = flushes.count();
        Sent::Cut { part: Some(part), flushes, count, abort }
    }

    pub(super) fn dribbled(rest: Bytes, bytes: usize, wait: Wait) -> Sent {
        Sent::Dribbled { rest, bytes: bytes.max(1), wait, waiting: None }
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.get_mut() {
            Sent::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Sent::Cut { part, flushes, count, abort } => {
                if let Some(part) = part.take() {
                    *count = flushes.count();
                    if !part.is_empty() {
                        return Poll::Ready(Some(Ok(Frame::data(part))));
                    }
                }
                // What was given so far, the head at least, is on its way once it is flushed.
                std::task::ready!(flushes.poll_beyond(*count, context));
                abort.close();
                Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into())))
            }
            Sent::Dribbled { rest, bytes, wait, waiting } => {
                if rest.is_empty() {
                    return Poll::Ready(None);
                }
                let wait = wait.clone();
                let sleep = || -> BoxFuture<'static, ()> {
                    Box::pin(async move { wait.clock.sleep(wait.every).await })
                };
                std::task::ready!(waiting.get_or_insert_with(sleep).as_mut().poll(context));
                *waiting = None;
                let piece = rest.split_to((*bytes).min(rest.len()));
                Poll::Ready(Some(Ok(Frame::data(piece))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Sent::Whole(bytes) => bytes.is_none(),
            Sent::Cut { .. } => false,
            Sent::Dribbled { rest, .. } => rest.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Sent::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Sent::Cut { .. } => SizeHint::default(),
            Sent::Dribbled { rest, .. } => SizeHint::with_exact(rest.len() as u64),
        }
    }
}

/// Why a body was not collected.
#[derive(Debug)]
pub(super) enum Uncollected<E> {
    TooLarge,
    Failed(E),
}

/// Collects a body of at most `max` bytes; trailers are dropped.
pub(super) async fn collect<B>(body: &mut B, max: usize) -> Result<Bytes, Uncollected<B::Error>>
where
    B: Body<Data = Bytes> + Unpin,
{
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if expected > max {
        return Err(Uncollected::TooLarge);
    }
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(Uncollected::Failed)?;
        let Ok(data) = frame.into_data() else { continue };
        if first.len() + rest.len() + data.len() > max {
            return Err(Uncollected::TooLarge);
        }
        // A body of one piece is passed on without a copy.
        if first.is_empty() && rest.is_empty() {
            first = data;
            continue;
        }
        if rest.is_empty() {
            rest.reserve(expected.max(first.len() + data.len()));
            rest.extend_from_slice(&std::mem::take(&mut first));
        }
        rest.extend_from_slice(&data);
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

/// Reads and drops at most `max` bytes of what is left of a body, so that a client that is still
/// sending gets to read the answer.
pub(super) async fn drain<B>(body: &mut B, max: usize)
where
    B: Body<Data = Bytes> + Unpin,
{
    let mut drained = 0_usize;
    while let Some(Ok(frame)) = body.frame().await {
        drained += frame.data_ref().map_or(0, Bytes::len);
        if drained > max {
            return;
        }
    }
}

/// Whether the client waits for leave to send its body (RFC 9110, section 10.1.1).
pub(super) fn waits_for_continue(headers: &HeaderMap) -> bool {
    let expect = headers.get(::http::header::EXPECT);
    expect.is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"))
}
