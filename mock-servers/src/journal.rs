//! What happened on a server, in order: requests and attempts to write.

use calamity_evidence::{Request, RequestId, Side, Write, WriteSeq};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::log::Log;

/// The two logs of one server.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Journal {
    writes: Log<Write>,
    requests: Log<Request>,
}

impl Journal {
    /// Keeps so many entries of each log, the newest ones.
    pub(crate) fn bound(&mut self, most: Option<usize>) {
        self.writes.bound(most);
        self.requests.bound(most);
    }

    /// Attempts to write.
    pub(crate) fn writes(&self) -> &Log<Write> {
        &self.writes
    }

    /// Requests.
    pub(crate) fn requests(&self) -> &Log<Request> {
        &self.requests
    }

    /// The place that the next write will have.
    pub(crate) fn next_write(&self) -> WriteSeq {
        WriteSeq(self.writes.end())
    }

    /// Appends a write and gives it its place.
    pub(crate) fn write(&mut self, mut write: Write) -> WriteSeq {
        write.seq = self.next_write();
        WriteSeq(self.writes.push(write))
    }

    /// The number that the next request will have.
    pub(crate) fn next_request(&self) -> RequestId {
        RequestId(self.requests.end())
    }

    /// Appends a request that has been read; its status follows.
    pub(crate) fn request(
        &mut self,
        at: Timestamp,
        server: Side,
        method: String,
        target: String,
        operations: Vec<String>,
    ) -> RequestId {
        let id = self.next_request();
        self.requests.push(Request { id, at, server, method, target, operations, status: None });
        id
    }

    /// Notes the status that went out.
    pub(crate) fn answered(&mut self, id: RequestId, status: u16) {
        if let Some(request) = self.requests.get_mut(id.0) {
            request.status = Some(status);
        }
    }

    /// Whether each entry says of itself the place that it has.
    pub(crate) fn is_sound(&self) -> bool {
        self.writes.from(0).all(|(place, write)| write.seq.0 == place)
            && self.requests.from(0).all(|(place, request)| request.id.0 == place)
    }
}
