//! What a server sends as the body of an answer.
//!
//! On HTTP/2 it goes out in pieces that are watched until they are sent, because a client that does
//! not open its window makes no socket wait.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc;

use super::{
    activity::{Activity, Busy, Ending, Sending},
    io::Flushes,
    sniff::Version,
};
use crate::{BoxFuture, Clock};

/// How large a piece of a body on HTTP/2 is at most: what a client must read within the server's
/// `write_timeout`.
const PIECE_BYTES: usize = 64 * 1024;

/// The body of an answer, and the request that it answers.
pub(super) struct Sent {
    kind: Kind,
    /// The request is in hand until hyper is done with the body.
    _busy: Busy,
}

/// How a body is sent.
pub(super) enum Kind {
    /// All of it, in one piece, until it is taken.
    Whole(Option<Bytes>),
    /// All of it, in watched pieces.
    Pieces { rest: Bytes, activity: Activity },
    /// Less than the head promised, and then the end of the connection, or of its stream.
    Cut(Cut),
    /// A piece at a time, with a wait before each.
    Dribbled(Dribble),
    /// What comes through a channel, as it comes.
    Streamed(Stream),
}

/// A body that is made while it is sent.
pub(super) struct Stream {
    pieces: mpsc::Receiver<Bytes>,
    /// What watches the pieces, on HTTP/2.
    activity: Option<Activity>,
}

/// A body that comes a piece at a time.
pub(super) struct Dribble {
    rest: Bytes,
    bytes: usize,
    wait: Wait,
    waiting: Option<BoxFuture<'static, ()>>,
    /// What watches the pieces, on HTTP/2.
    activity: Option<Activity>,
}

/// What is waited for before a piece of a body.
#[derive(Clone, Debug)]
pub(super) struct Wait {
    pub(super) clock: Clock,
    pub(super) every: Duration,
}

/// A body that ends too early.
pub(super) struct Cut {
    part: Option<Bytes>,
    version: Version,
    sending: Option<Sending>,
    flushes: Flushes,
    /// How often the connection was flushed when what is waited for had been handed over.
    count: Option<u64>,
    activity: Activity,
}

impl Sent {
    pub(super) fn new(kind: Kind, busy: Busy) -> Sent {
        Sent { kind, _busy: busy }
    }
}

impl Kind {
    pub(super) fn whole(bytes: Bytes, version: Version, activity: &Activity) -> Kind {
        match version {
            Version::Two if !bytes.is_empty() => {
                Kind::Pieces { rest: bytes, activity: activity.clone() }
            }
            _ => Kind::Whole((!bytes.is_empty()).then_some(bytes)),
        }
    }

    pub(super) fn cut(
        part: Bytes,
        version: Version,
        flushes: Flushes,
        activity: &Activity,
    ) -> Kind {
        let activity = activity.clone();
        Kind::Cut(Cut { part: Some(part), version, sending: None, flushes, count: None, activity })
    }

    pub(super) fn dribbled(
        rest: Bytes,
        bytes: usize,
        wait: Wait,
        version: Version,
        activity: &Activity,
    ) -> Kind {
        let activity = (version == Version::Two).then(|| activity.clone());
        Kind::Dribbled(Dribble { rest, bytes: bytes.max(1), wait, waiting: None, activity })
    }

    pub(super) fn streamed(
        pieces: mpsc::Receiver<Bytes>,
        version: Version,
        activity: &Activity,
    ) -> Kind {
        let activity = (version == Version::Two).then(|| activity.clone());
        Kind::Streamed(Stream { pieces, activity })
    }

    /// How many bytes the body has, where its head says so by itself.
    pub(super) fn length(&self) -> Option<u64> {
        let length = match self {
            Kind::Whole(bytes) => bytes.as_ref().map_or(0, Bytes::len),
            Kind::Cut(_) | Kind::Streamed(_) => return None,
            Kind::Pieces { rest, .. } | Kind::Dribbled(Dribble { rest, .. }) => rest.len(),
        };
        Some(length as u64)
    }
}

impl Dribble {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if self.rest.is_empty() {
            return Poll::Ready(None);
        }
        let Wait { clock, every } = self.wait.clone();
        let sleep =
            || -> BoxFuture<'static, ()> { Box::pin(async move { clock.sleep(every).await }) };
        std::task::ready!(self.waiting.get_or_insert_with(sleep).as_mut().poll(context));
        self.waiting = None;
        let piece = self.rest.split_to(self.bytes.min(self.rest.len()));
        let piece = match &self.activity {
            Some(activity) => activity.piece(piece, Sending::default()),
            None => piece,
        };
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl Stream {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        loop {
            let Some(piece) = std::task::ready!(self.pieces.poll_recv(context)) else {
                return Poll::Ready(None);
            };
            // hyper takes an empty frame for a reason to be asked again at once.
            if piece.is_empty() {
                continue;
            }
            let piece = match &self.activity {
                Some(activity) => activity.piece(piece, Sending::default()),
                None => piece,
            };
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
    }
}

impl Cut {
    /// The part, and then, when it has left, an error: on HTTP/1 together with the end of the
    /// connection, on HTTP/2 hyper makes it a RST_STREAM (RFC 9113, section 6.4).
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(part) = self.part.take().filter(|part| !part.is_empty()) {
            let sending = Sending::default();
            self.sending = Some(sending.clone());
            return Poll::Ready(Some(Ok(Frame::data(self.activity.piece(part, sending)))));
        }
        if let Some(sending) = &self.sending
            && !sending.is_over(context.waker())
        {
            return Poll::Pending;
        }
        // On HTTP/2 a piece that was let go of is on its way. A head is when it is flushed, and so
        // is a piece on HTTP/1, where it may have been copied.
        if self.version == Version::One || self.sending.is_none() {
            let count = *self.count.get_or_insert_with(|| self.flushes.count());
            std::task::ready!(self.flushes.poll_beyond(count, context));
        }
        if self.version == Version::One {
            self.activity.end(Ending::Close);
        }
        Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into())))
    }
}

impl Body for Sent {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match &mut self.get_mut().kind {
            Kind::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Kind::Pieces { rest, activity } => {
                if rest.is_empty() {
                    return Poll::Ready(None);
                }
                let piece = rest.split_to(rest.len().min(PIECE_BYTES));
                Poll::Ready(Some(Ok(Frame::data(activity.piece(piece, Sending::default())))))
            }
            Kind::Cut(cut) => cut.poll(context),
            Kind::Dribbled(dribble) => dribble.poll(context),
            Kind::Streamed(stream) => stream.poll(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.kind {
            Kind::Whole(bytes) => bytes.is_none(),
            Kind::Cut(_) | Kind::Streamed(_) => false,
            Kind::Pieces { rest, .. } | Kind::Dribbled(Dribble { rest, .. }) => rest.is_empty(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.kind.length().map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}
