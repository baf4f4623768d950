//! A batch as the core serves it.

use bytes::Bytes;
use calamity_base::http::Incoming;
use calamity_evidence::RequestId;
use http::{Request, Response, StatusCode};
use jiff::Timestamp;
use serde_json::{Map, Value, json};

use super::read::{Step, Steps, read};
use super::respond::member;
use crate::directory::{Directory, Focus, UserId};
use crate::faults::ErrorEffect;
use crate::graph::answer::{Names, is_omitted};
use crate::graph::failure::Failure;
use crate::graph::route::Resource;
use crate::graph::throttle;
use crate::native::{Exchange, Host, Reply};
use crate::operation::{Op, Operation};
use crate::turn::{Turn, Verdict};

/// See the module.
#[derive(Debug)]
pub(crate) struct Batch {
    steps: Result<Steps, Failure>,
    names: Names,
    operations: Vec<Operation>,
    /// How many questions each step has asked.
    asked: Vec<usize>,
}

impl Batch {
    /// Takes a request.
    pub(crate) fn open(request: &Incoming, host: &Host) -> Self {
        let steps = read(request, host);
        let what = format!("$batch {}", crate::account::short_hash(&request.body));
        let operations = match &steps {
            Ok(steps) => {
                steps.all.iter().flat_map(|step| step.call.operations().to_vec()).collect()
            }
            Err(_) => vec![Operation::new(Op::Other)],
        };
        Self {
            steps,
            names: Names::new(host.seed, &what, &request.headers),
            operations,
            asked: Vec::new(),
        }
    }
}

impl Exchange for Batch {
    fn operations(&self) -> &[Operation] {
        &self.operations
    }

    fn came(&mut self, id: RequestId, now: Timestamp) {
        self.names.came(id, 0, now);
        let steps = self.steps.iter_mut().flat_map(|steps| &mut steps.all);
        for (place, step) in steps.enumerate() {
            step.call.names.came(id, place + 1, now);
        }
    }

    fn subject(&mut self, directory: &Directory, signed_in: UserId) -> UserId {
        for step in self.steps.iter_mut().flat_map(|steps| &mut steps.all) {
            step.call.stand(directory, signed_in);
        }
        signed_in
    }

    fn lane(&self) -> String {
        let first = self.steps.as_ref().ok().and_then(|steps| steps.all.first());
        first.map(|step| step.call.lane()).unwrap_or_default()
    }

    fn unauthorized(&self) -> Reply {
        self.names.failure(&Failure::of("InvalidAuthenticationToken"), None)
    }

    fn too_many(&self, in_flight: usize, host: &Host) -> Option<Reply> {
        let first = self.steps.as_ref().ok().and_then(|steps| steps.all.first());
        first.and_then(|step| step.call.too_many(in_flight, host))
    }

    fn refuse(&mut self, error: &ErrorEffect, _operation: usize) -> Option<Reply> {
        Some(self.names.failure(&Failure::armed(error), None))
    }

    fn asks(&mut self, now: Timestamp) -> Vec<Request<Bytes>> {
        let mut asked = Vec::new();
        let mut all = Vec::new();
        for step in self.steps.iter_mut().flat_map(|steps| &mut steps.all) {
            let asks = step.call.asks(now);
            asked.push(asks.len());
            all.extend(asks);
        }
        self.asked = asked;
        all
    }

    fn heard(&mut self, answers: Vec<Option<Response<Bytes>>>) {
        let mut answers = answers.into_iter();
        let steps = self.steps.iter_mut().flat_map(|steps| &mut steps.all);
        for (step, count) in steps.zip(&self.asked) {
            step.call.heard(answers.by_ref().take(*count).collect());
        }
    }

    fn serve(&mut self, turn: &mut Turn<'_>) -> Reply {
        let steps = match &mut self.steps {
            Ok(steps) => steps,
            Err(failure) => return self.names.failure(failure, Some(turn.now())),
        };
        let home = turn.focus();
        let mut answers: Vec<Option<Value>> = steps.all.iter().map(|_| None).collect();
        let mut succeeded = vec![false; steps.all.len()];
        for place in steps.order.clone() {
            // A fault broke the connection: nothing more is applied.
            if turn.abort_now() {
                break;
            }
            let step = &mut steps.all[place];
            let stands = step.depends.iter().all(|on| succeeded[*on]);
            let user = step.call.subject_user().unwrap_or(home.user);
            turn.turn_to(Focus { user, realm: step.call.realm() });
            turn.call = place;
            let mut reply = if stands { run(step, turn) } else { depending(step, turn) };
            turn.damage_part(&mut reply, &step.target);
            succeeded[place] = !reply.status().is_client_error()
                && !reply.status().is_server_error()
                && !is_omitted(&reply);
            answers[place] = (!is_omitted(&reply)).then(|| member(&step.id, &reply));
        }
        turn.turn_to(home);
        let answers: Vec<Value> = answers.into_iter().flatten().collect();
        let body = Map::from_iter([("responses".to_owned(), json!(answers))]);
        self.names.json(StatusCode::OK, body)
    }

    fn damage(&self, _reply: Reply, error: &ErrorEffect, _operation: usize) -> Reply {
        self.names.failure(&Failure::armed(error), None)
    }
}

/// Carries one request out: "requests in a batch are evaluated individually against the applicable
/// throttling limits".
fn run(step: &mut Step, turn: &mut Turn<'_>) -> Reply {
    let lane = step.call.lane();
    if let Some(failure) = throttle::count(turn, &lane) {
        return refused(step, turn, &failure);
    }
    let op = step.call.op();
    // Writes, reads of one item and the list of users ask the faults themselves.
    let asks = op.write().is_some()
        || matches!(op, Op::EventGet | Op::ContactGet)
        || step.call.resource == Resource::Users;
    if !asks && let Verdict::Error(error) = turn.fault_call(op, &[]) {
        return refused(step, turn, &Failure::armed(&error));
    }
    step.call.serve(turn)
}

fn depending(step: &Step, turn: &mut Turn<'_>) -> Reply {
    refused(step, turn, &Failure::of("FailedDependency"))
}

fn refused(step: &Step, turn: &mut Turn<'_>, failure: &Failure) -> Reply {
    turn.refused(step.call.op(), &step.call.target(), &failure.code, &failure.message);
    step.call.names.failure(failure, Some(turn.now()))
}
