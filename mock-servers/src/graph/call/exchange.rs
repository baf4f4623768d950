//! A request as the core serves it.

use bytes::Bytes;
use calamity_evidence::RequestId;
use http::{Request, Response};
use jiff::Timestamp;

use super::Call;
use crate::directory::{Directory, Realm, UserId};
use crate::faults::ErrorEffect;
use crate::graph::failure::Failure;
use crate::graph::subscriptions::Handshake;
use crate::graph::throttle;
use crate::native::{Exchange, Host, Reply};
use crate::operation::Operation;
use crate::turn::Turn;

impl Exchange for Call {
    fn operations(&self) -> &[Operation] {
        &self.operations
    }

    fn came(&mut self, id: RequestId, now: Timestamp) {
        self.names.came(id, 0, now);
    }

    fn realm(&self) -> Realm {
        self.resource.realm()
    }

    fn subject(&mut self, directory: &Directory, signed_in: UserId) -> UserId {
        self.stand(directory, signed_in)
    }

    fn lane(&self) -> String {
        throttle::lane(self.caller.app(), self.standing.as_ref().ok().copied())
    }

    fn unauthorized(&self) -> Reply {
        self.names.failure(&Failure::of("InvalidAuthenticationToken"), None)
    }

    fn too_many(&self, in_flight: usize, host: &Host) -> Option<Reply> {
        let most = host.profile.graph.concurrent_requests_max?;
        (in_flight > most).then(|| {
            let failure = Failure { retry_after_s: Some(1), ..Failure::of("ApplicationThrottled") };
            self.names.failure(&failure, None)
        })
    }

    fn admit(&mut self, turn: &mut Turn<'_>) -> Option<Reply> {
        let failure = throttle::count(turn, &self.lane())?;
        Some(self.names.failure(&failure, Some(turn.now())))
    }

    fn refuse(&mut self, error: &ErrorEffect, _operation: usize) -> Option<Reply> {
        Some(self.names.failure(&Failure::armed(error), None))
    }

    fn asks(&mut self, now: Timestamp) -> Vec<Request<Bytes>> {
        if self.standing.is_err() {
            return Vec::new();
        }
        self.handshake = Handshake::begin(self, now);
        self.handshake.as_ref().map(Handshake::requests).unwrap_or_default()
    }

    fn heard(&mut self, answers: Vec<Option<Response<Bytes>>>) {
        if let Some(handshake) = &mut self.handshake {
            handshake.end(&answers);
        }
    }

    fn serve(&mut self, turn: &mut Turn<'_>) -> Reply {
        let now = turn.now();
        match self.dispatch(turn) {
            Ok(reply) => reply,
            Err(failure) => self.names.failure(&failure, Some(now)),
        }
    }

    fn damage(&self, _reply: Reply, error: &ErrorEffect, _operation: usize) -> Reply {
        self.names.failure(&Failure::armed(error), None)
    }
}
