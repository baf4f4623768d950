//! What a server can be asked about what happened on it: its logs, each from a place on.

use calamity_evidence::{FaultHit, Mail, Request, RequestId, Write};

use crate::log::Log;
use crate::server::Server;
use crate::state::State;

/// Where the logs of a server end: how many entries each ever had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogEnds {
    /// Requests.
    pub requests: usize,
    /// Attempts to write.
    pub writes: usize,
    /// Messages to people.
    pub mails: usize,
    /// Hits of faults.
    pub hits: usize,
}

impl LogEnds {
    pub(crate) fn of(state: &State) -> Self {
        let place = |end: u64| usize::try_from(end).unwrap_or(usize::MAX);
        Self {
            requests: place(state.journal.requests().end()),
            writes: place(state.journal.writes().end()),
            mails: place(state.outbox.mails().end()),
            hits: place(state.faults.hits().end()),
        }
    }
}

impl Server {
    /// Attempts to write from a place in the log on, refused ones included.
    #[must_use]
    pub fn writes(&self, from: usize) -> Vec<Write> {
        self.read(|state| listed(state.journal.writes(), from))
    }

    /// Messages to people from a place in the outbox on.
    #[must_use]
    pub fn mails(&self, from: usize) -> Vec<Mail> {
        self.read(|state| listed(state.outbox.mails(), from))
    }

    /// Requests from a place in the journal on, retries included.
    #[must_use]
    pub fn requests(&self, from: usize) -> Vec<Request> {
        self.read(|state| listed(state.journal.requests(), from))
    }

    /// The times that a fault fired, from a place on.
    #[must_use]
    pub fn hits(&self, from: usize) -> Vec<FaultHit> {
        self.read(|state| listed(state.faults.hits(), from))
    }

    /// Every time that a fault fired.
    #[must_use]
    pub fn fault_hits(&self) -> Vec<FaultHit> {
        self.hits(0)
    }

    /// A request by its place in the journal.
    #[must_use]
    pub fn request(&self, id: RequestId) -> Option<Request> {
        self.read(|state| state.journal.requests().get(id.0).cloned())
    }

    /// How far its logs go: ask each for what is new from there on.
    #[must_use]
    pub fn log_ends(&self) -> LogEnds {
        self.read(LogEnds::of)
    }

    /// Keeps so many entries of each log from now on, the newest ones. Places in a log stay what they
    /// are; asked for what was dropped, a log answers with what is left.
    pub fn bound_logs(&self, most: usize) {
        self.lock().state().bound_logs(Some(most));
    }
}

/// What a log still holds from a place on.
fn listed<T: Clone>(log: &Log<T>, from: usize) -> Vec<T> {
    log.from(from as u64).map(|(_, entry)| entry.clone()).collect()
}
