//! How a request is served: admitted, faulted, carried out, damaged, answered.
//!
//! Order: a `link` fault loses the request before anybody looks at it; then the credential, the
//! limit of concurrent requests and the `request` faults; then the protocol, with its `item` and
//! `feed` faults; then the `response` faults. Delays are waited for without the lock.

use std::time::Duration;

use calamity_base::BoxFuture;
use calamity_base::http::{Answer, Handler, Incoming};
use calamity_evidence::{Actor, RequestId};
use serde_json::Value;

use crate::directory::{Focus, UserId};
use crate::faults::{Abort, ErrorEffect, Site};
use crate::native::{Exchange, Native, Reply};
use crate::operation::Operation;
use crate::server::Server;
use crate::turn::{Turn, Verdict};
use crate::wire;

/// How an exchange ends when the protocol has said its part.
enum End {
    Reply(Reply, Option<Abort>),
    Broken(Abort),
}

/// What admission decided.
enum Admission {
    Serve,
    End(End),
}

/// Counts a request as being served in its lane as long as it lives.
struct InFlight<'a> {
    server: &'a Server,
    lane: String,
}

impl<'a> InFlight<'a> {
    fn enter(server: &'a Server, lane: String) -> Self {
        *server.lock().in_flight.entry(lane.clone()).or_insert(0) += 1;
        Self { server, lane }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        let mut inner = self.server.lock();
        if let Some(count) = inner.in_flight.get_mut(&self.lane) {
            *count -= 1;
            if *count == 0 {
                inner.in_flight.remove(&self.lane);
            }
        }
    }
}

impl Handler for Server {
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Answer> {
        Box::pin(self.answer(request))
    }
}

impl Server {
    async fn answer(&self, request: Incoming) -> Answer {
        let shared = self.shared();
        let now = shared.clock.now();
        let signed_in = wire::login(&request)
            .and_then(|login| shared.dialect.authenticate(&login, &shared.directory, now));
        let method = request.method.as_str().to_owned();
        let target = request.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let mut exchange =
            shared.dialect.open(request, shared.directory.host(signed_in.unwrap_or(UserId::OWNER)));
        let user = signed_in.map(|user| exchange.subject(&shared.directory, user));
        let _in_flight = InFlight::enter(self, exchange.lane());

        let focus = Focus { user: user.unwrap_or(UserId::OWNER), realm: exchange.realm() };
        if user.is_some() {
            exchange.settle(self.lock().state().account(focus));
        }
        let id = self.enter(&method, &target, &*exchange);
        let (admission, delay) = self.admit(id, &mut *exchange, user);
        self.wait(delay).await;
        let end = match admission {
            Admission::End(end) => {
                self.called_back(id);
                end
            }
            Admission::Serve => {
                let asks = exchange.asks(shared.clock.now());
                if !asks.is_empty() {
                    exchange.heard(self.ask(asks).await);
                }
                let (end, delay) = self.carry_out(id, &mut *exchange, user);
                self.called_back(id);
                self.keep_delivering();
                self.wait(delay).await;
                end
            }
        };
        self.finish(id, end)
    }

    async fn wait(&self, delay: Duration) {
        if !delay.is_zero() {
            self.shared().clock.sleep(delay).await;
        }
    }

    fn enter(&self, method: &str, target: &str, exchange: &dyn Exchange) -> RequestId {
        let names = exchange.operations().iter().map(|operation| operation.op.name().to_owned());
        let shared = self.shared();
        let now = shared.clock.now();
        self.lock().state().journal.request(now, shared.side, method, target, names.collect())
    }

    fn with_turn<T>(&self, id: RequestId, focus: Focus, act: impl FnOnce(&mut Turn<'_>) -> T) -> T {
        self.act_on(focus, Actor::Client(id), |turn, _: &dyn Native| act(turn))
    }

    fn admit(
        &self,
        id: RequestId,
        exchange: &mut dyn Exchange,
        user: Option<UserId>,
    ) -> (Admission, Duration) {
        let in_flight = self.lock().in_flight.get(&exchange.lane()).copied().unwrap_or(0);
        let focus = Focus { user: user.unwrap_or(UserId::OWNER), realm: exchange.realm() };
        self.with_turn(id, focus, |turn| {
            let operations = exchange.operations().to_vec();
            for operation in &operations {
                if turn.fault_request(Site::Link, operation) == Verdict::Stop {
                    let abort = turn.abort.take().unwrap_or(Abort::Close);
                    return (Admission::End(End::Broken(abort)), turn.delay);
                }
            }
            let host = turn.host();
            let early = if exchange.is_public() {
                None
            } else if user.is_some() {
                exchange.too_many(in_flight, host).or_else(|| exchange.admit(turn))
            } else {
                Some(exchange.unauthorized())
            };
            let admission = match early {
                Some(reply) => {
                    let code = reply.status().as_u16().to_string();
                    refuse_all(turn, &operations, &code, "the request was not admitted");
                    Admission::End(End::Reply(reply, None))
                }
                None => request_faults(turn, exchange, &operations),
            };
            (admission, turn.delay)
        })
    }

    fn carry_out(
        &self,
        id: RequestId,
        exchange: &mut dyn Exchange,
        user: Option<UserId>,
    ) -> (End, Duration) {
        let focus = Focus { user: user.unwrap_or(UserId::OWNER), realm: exchange.realm() };
        self.with_turn(id, focus, |turn| {
            let mut reply = exchange.serve(turn);
            let operations = exchange.operations().to_vec();
            for (index, operation) in operations.iter().enumerate() {
                match turn.fault_request(Site::Response, operation) {
                    Verdict::Error(error) => reply = exchange.damage(reply, &error, index),
                    Verdict::Patch(patch) => {
                        if let Ok(mut body) = serde_json::from_slice::<Value>(reply.body()) {
                            patch.apply(&mut body);
                            *reply.body_mut() = body.to_string().into();
                        }
                    }
                    Verdict::Stop => break,
                    _ => {}
                }
            }
            let end = match turn.abort {
                Some(abort) if abort.cut(0).is_none() => End::Broken(abort),
                abort => End::Reply(reply, abort),
            };
            (end, turn.delay)
        })
    }

    fn called_back(&self, id: RequestId) {
        let (hook, request) = {
            let mut inner = self.lock();
            let hook = inner.hook.clone();
            (hook, inner.state().journal.requests(id.0 as usize).first().cloned())
        };
        if let (Some(hook), Some(request)) = (hook, request) {
            hook(&request);
        }
    }

    fn finish(&self, id: RequestId, end: End) -> Answer {
        let (response, cut) = match end {
            End::Broken(Abort::Reset) => return Answer::Reset,
            End::Broken(Abort::Hang) => return Answer::Hang,
            End::Broken(_) => return Answer::Close,
            End::Reply(reply, abort) => {
                let cut = abort.and_then(|abort| abort.cut(reply.body().len()));
                (reply, cut)
            }
        };
        match cut {
            Some(after) => Answer::Truncated { response, after },
            None => {
                let status = response.status().as_u16();
                self.lock().state().journal.answered(id, status);
                Answer::Full(response)
            }
        }
    }
}

fn request_faults(
    turn: &mut Turn<'_>,
    exchange: &mut dyn Exchange,
    operations: &[Operation],
) -> Admission {
    for (index, operation) in operations.iter().enumerate() {
        match turn.fault_request(Site::Request, operation) {
            Verdict::Stop => {
                let abort = turn.abort.take().unwrap_or(Abort::Close);
                refuse_all(
                    turn,
                    operations,
                    "aborted",
                    "the connection broke before anything was done",
                );
                return Admission::End(End::Broken(abort));
            }
            Verdict::Error(error) => {
                // An error of one call is meant for all that ask for the same.
                let same = |other: &usize| operations[*other].op == operation.op;
                let alike = (0..operations.len()).filter(same).filter(|other| *other != index);
                for other in alike {
                    exchange.refuse(&error, other);
                }
                if let Some(reply) = exchange.refuse(&error, index) {
                    refuse_all(turn, operations, &code_of(&error), "refused by a fault");
                    return Admission::End(End::Reply(reply, None));
                }
            }
            _ => {}
        }
    }
    Admission::Serve
}

fn code_of(error: &ErrorEffect) -> String {
    if error.code.is_empty() {
        error.status.map_or_else(String::new, |status| status.to_string())
    } else {
        error.code.clone()
    }
}

/// Nothing of the request was applied: every write in it is a refused attempt.
fn refuse_all(turn: &mut Turn<'_>, operations: &[Operation], code: &str, detail: &str) {
    for operation in operations {
        for target in &operation.targets {
            turn.refused(operation.op, target, code, detail);
        }
    }
}
