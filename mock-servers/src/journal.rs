//! What happened on a server, in order: requests and attempts to write. The logs only grow.

use calamity_evidence::{Request, RequestId, Side, Write, WriteSeq};
use jiff::Timestamp;

/// The two logs of one server.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    writes: Vec<Write>,
    requests: Vec<Request>,
}

impl Journal {
    /// The place that the next write will have.
    pub(crate) fn next_write(&self) -> WriteSeq {
        WriteSeq(self.writes.len() as u64)
    }

    /// Appends a write and gives it its place.
    pub(crate) fn write(&mut self, mut write: Write) -> WriteSeq {
        write.seq = self.next_write();
        let seq = write.seq;
        self.writes.push(write);
        seq
    }

    /// Writes from a place on.
    pub(crate) fn writes(&self, from: usize) -> &[Write] {
        self.writes.get(from..).unwrap_or_default()
    }

    /// The number that the next request will have.
    pub(crate) fn next_request(&self) -> RequestId {
        RequestId(self.requests.len() as u64)
    }

    /// Appends a request that has been read; its status follows.
    pub(crate) fn request(
        &mut self,
        at: Timestamp,
        server: Side,
        method: &str,
        target: &str,
        operations: Vec<String>,
    ) -> RequestId {
        let id = RequestId(self.requests.len() as u64);
        self.requests.push(Request {
            id,
            at,
            server,
            method: method.to_owned(),
            target: target.to_owned(),
            operations,
            status: None,
        });
        id
    }

    /// Notes the status that went out.
    pub(crate) fn answered(&mut self, id: RequestId, status: u16) {
        if let Some(request) = self.requests.get_mut(id.0 as usize) {
            request.status = Some(status);
        }
    }

    /// Requests from a place on.
    pub(crate) fn requests(&self, from: usize) -> &[Request] {
        self.requests.get(from..).unwrap_or_default()
    }
}
