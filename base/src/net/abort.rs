//! Ending a connection from outside while hyper owns it.

use std::{fmt, sync::Arc};

/// Makes a connection fail while somebody else owns it. Cheap to clone.
#[derive(Clone)]
pub struct Abort(Arc<dyn Ending>);

/// How a kind of connection ends early.
pub(crate) trait Ending: Send + Sync {
    /// Ends both ways at once; the peer sees a reset.
    fn reset(&self);
    /// Ends both ways after what was written; the peer sees the end of the stream.
    fn close(&self);
}

impl Abort {
    pub(crate) fn new(ending: Arc<dyn Ending>) -> Abort {
        Abort(ending)
    }

    /// Ends the connection so that the peer sees a reset (on TCP a real RST). What was written
    /// and not yet sent is lost.
    pub fn reset(&self) {
        self.0.reset();
    }

    /// Ends the connection so that the peer sees the end of the stream after all that was written.
    pub fn close(&self) {
        self.0.close();
    }
}

impl fmt::Debug for Abort {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Abort")
    }
}
