//! The logs of both servers as one, in the order of time.

use calamity_evidence::{FaultHit, Mail, Request, Side, Write};
use calamity_mock_servers::Server;
use jiff::Timestamp;

use crate::view::Marks;

/// What both servers have logged so far. It only grows.
#[derive(Clone, Debug, Default)]
pub(super) struct Logs {
    pub(super) writes: Vec<Write>,
    pub(super) mails: Vec<Mail>,
    pub(super) requests: Vec<Request>,
    pub(super) hits: Vec<FaultHit>,
    read: [Read; 2],
}

/// How much of a server's logs has been read.
#[derive(Clone, Copy, Debug, Default)]
struct Read {
    writes: usize,
    mails: usize,
    requests: usize,
    hits: usize,
}

impl Logs {
    /// Reads what is new, and sorts it in behind what is known.
    pub(super) fn read(&mut self, servers: &[Server; 2]) {
        let before = self.marks();
        let hits_before = self.hits.len();
        for (server, read) in servers.iter().zip(&mut self.read) {
            let writes = server.writes(read.writes);
            let mails = server.mails(read.mails);
            let requests = server.requests(read.requests);
            let hits = server.fault_hits();
            read.writes += writes.len();
            read.mails += mails.len();
            read.requests += requests.len();
            self.writes.extend(writes);
            self.mails.extend(mails);
            self.requests.extend(requests);
            self.hits.extend(hits.iter().skip(read.hits).cloned());
            read.hits = hits.len();
        }
        // Stable: entries of one server keep their order, and at one moment side a comes first.
        sort(&mut self.writes[before.writes..], |write| (write.at, write.server));
        sort(&mut self.mails[before.mails..], |mail| (mail.at, mail.server));
        sort(&mut self.requests[before.requests..], |request| (request.at, request.server));
        sort(&mut self.hits[hits_before..], |hit| (hit.at, hit.server));
    }

    /// Where the logs end.
    pub(super) fn marks(&self) -> Marks {
        Marks { writes: self.writes.len(), mails: self.mails.len(), requests: self.requests.len() }
    }
}

fn sort<T>(entries: &mut [T], key: impl Fn(&T) -> (Timestamp, Side)) {
    entries.sort_by_key(key);
}
