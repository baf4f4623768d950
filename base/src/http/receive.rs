//! Collecting a body under bounds of size and time.
//!
//! Bytes that do not fit are not waited for: whoever collects answers at once and closes.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt;
use tokio::time::Instant;

use super::ServerLimits;

/// Why a body was not collected.
#[derive(Debug)]
pub(super) enum Uncollected<E> {
    /// It is larger than it may be.
    TooLarge,
    /// The bodies in hand are together as large as they may be.
    Full,
    /// It did not come in time.
    TooSlow,
    /// The connection failed.
    Failed(E),
}

/// What a body may be.
#[derive(Debug)]
pub(super) struct Bounds<'a> {
    /// Its size, in bytes.
    pub(super) max: usize,
    /// Its times, and what it shares with others; none for a client's.
    pub(super) server: Option<(&'a ServerLimits, &'a mut Reserved)>,
}

/// Collects a body; trailers are dropped (RFC 9110, section 6.5.1).
pub(super) async fn collect<B>(
    body: &mut B,
    mut bounds: Bounds<'_>,
) -> Result<Bytes, Uncollected<B::Error>>
where
    B: Body<Data = Bytes> + Unpin,
{
    let expected = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
    if expected > bounds.max {
        return Err(Uncollected::TooLarge);
    }
    let begun = Instant::now();
    let mut first = Bytes::new();
    let mut rest = BytesMut::new();
    loop {
        let frame = match &bounds.server {
            None => body.frame().await,
            Some((limits, _)) => {
                let whole = begun + limits.body_timeout;
                let next = whole.min(Instant::now() + limits.body_stall_timeout);
                let frame = tokio::time::timeout_at(next, body.frame()).await;
                frame.map_err(|_| Uncollected::TooSlow)?
            }
        };
        let Some(frame) = frame else { break };
        let Ok(data) = frame.map_err(Uncollected::Failed)?.into_data() else { continue };
        if first.len() + rest.len() + data.len() > bounds.max {
            return Err(Uncollected::TooLarge);
        }
        if let Some((_, reserved)) = &mut bounds.server {
            reserved.add(data.len()).map_err(|Full| Uncollected::Full)?;
        }
        // A body of one piece is passed on without a copy.
        if first.is_empty() && rest.is_empty() {
            first = data;
            continue;
        }
        if rest.is_empty() {
            // What a client promises is not what it sends: memory follows the bytes.
            rest.reserve(expected.min(4 * (first.len() + data.len())));
            rest.extend_from_slice(&std::mem::take(&mut first));
        }
        rest.extend_from_slice(&data);
    }
    Ok(if rest.is_empty() { first } else { rest.freeze() })
}

/// How many bytes of bodies a server holds, over all of its connections.
#[derive(Debug)]
pub(super) struct Budget {
    held: AtomicUsize,
    max: usize,
}

/// There is no room for more.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Full;

impl Budget {
    pub(super) fn new(max: usize) -> Arc<Budget> {
        Arc::new(Budget { held: AtomicUsize::new(0), max })
    }

    /// Room for one body, none yet.
    pub(super) fn reserve(self: &Arc<Budget>) -> Reserved {
        Reserved { budget: self.clone(), bytes: 0 }
    }
}

/// Room for a body, given back when dropped.
#[derive(Debug)]
pub(super) struct Reserved {
    budget: Arc<Budget>,
    bytes: usize,
}

impl Reserved {
    fn add(&mut self, bytes: usize) -> Result<(), Full> {
        let held = self.budget.held.fetch_add(bytes, Ordering::Relaxed);
        self.bytes += bytes;
        if held.saturating_add(bytes) > self.budget.max { Err(Full) } else { Ok(()) }
    }
}

impl Drop for Reserved {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_that_was_given_comes_back() {
        let budget = Budget::new(10);
        let mut one = budget.reserve();
        assert_eq!(one.add(6), Ok(()));
        let mut two = budget.reserve();
        assert_eq!(two.add(5), Err(Full));
        drop(two);
        assert_eq!(one.add(4), Ok(()));
        drop(one);
        assert_eq!(budget.held.load(Ordering::Relaxed), 0);
    }
}
