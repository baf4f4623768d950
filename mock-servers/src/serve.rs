//! How a request is served: admitted, faulted, carried out, damaged, answered.
//!
//! Order: a `link` fault loses the request before anybody looks at it; then the credential, the
//! limit of concurrent requests and the `request` faults; then the protocol, with its `item` and
//! `feed` faults; then the `response` faults. Delays and barriers are waited for without the lock.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use calamity_base::BoxFuture;
use calamity_base::http::{Accept, Answer, Handler, Incoming};
use calamity_evidence::{Actor, RequestId};

use crate::account::derive;
use crate::directory::{Focus, UserId};
use crate::faults::{Abort, Asker, Effect, ErrorEffect, Holding, PatchEffect, Probe, Reach, Site};
use crate::native::{Exchange, Native, Reply};
use crate::operation::{Op, Operation};
use crate::server::Server;
use crate::turn::{Turn, Verdict, Wanted};
use crate::wire;

/// How an exchange ends when the protocol has said its part.
enum End {
    Reply(Reply, Option<Abort>),
    Broken(Abort),
}

/// What admission decided.
enum Admission {
    /// It is carried out, with these changes of what the client sent.
    Serve(Vec<PatchEffect>),
    End(End),
}

/// Lists a request as being served as long as it lives.
struct Open<'a>(&'a Server, RequestId);

impl Drop for Open<'_> {
    fn drop(&mut self) {
        self.0.lock().open.remove(&self.1.0);
        self.0.beat();
    }
}

/// Whose request it is.
#[derive(Clone)]
struct Call {
    id: RequestId,
    user: Option<UserId>,
    asker: Option<Arc<Asker>>,
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

/// Counts a request against limits of concurrency as long as it lives.
struct Counted<'a>(&'a Server, RequestId);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        let mut inner = self.0.lock();
        if inner.peek().faults.counts(self.1) {
            inner.state().faults.finished(self.1);
        }
    }
}

impl Handler for Server {
    fn handle(&self, request: Incoming) -> BoxFuture<'_, Answer> {
        Box::pin(self.answer(request))
    }

    fn accept(&self, connection: u64) -> Accept {
        let _ = connection;
        self.door()
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
        let mut asker = if self.lock().peek().faults.is_empty() {
            None
        } else {
            Some(Asker::new(&request, ""))
        };
        let (mut exchange, user) = self.open(request, signed_in);
        if let (Some(asker), Some(user)) = (&mut asker, user) {
            asker.is_about(&shared.directory.host(user).owner);
        }
        let asker = asker.map(Arc::new);
        let _in_flight = InFlight::enter(self, exchange.lane());
        let id = self.enter(method, target, &*exchange);
        exchange.came(id, now);
        let _open = Open(self, id);
        let _counted = Counted(self, id);
        let mut call = Call { id, user, asker };
        let (admission, mut wanted) = self.admit(&call, &mut *exchange);
        self.wait(id, &mut wanted).await;
        let end = match admission {
            Admission::End(end) => {
                self.called_back(id);
                end
            }
            Admission::Serve(patches) => {
                if let (Some(asker), false) = (&call.asker, patches.is_empty()) {
                    let mut request = asker.request();
                    for patch in &patches {
                        patch.apply_to_request(&mut request);
                    }
                    (exchange, call.user) = self.open(request, signed_in);
                    exchange.came(id, now);
                }
                let asks = exchange.asks(shared.clock.now());
                if !asks.is_empty() {
                    let user = user.unwrap_or(UserId::OWNER);
                    exchange.heard(self.ask(user, asks).await);
                }
                let (end, after) = self.carry_out(&call, &mut *exchange, wanted);
                wanted = after;
                self.called_back(id);
                self.deliver_pushes();
                self.keep_delivering();
                self.wait(id, &mut wanted).await;
                if let (End::Reply(reply, None), Some(watch)) = (&end, exchange.stream())
                    && reply.status().is_success()
                    && let Some(answer) = self.streamed(reply, watch)
                {
                    self.lock().state().journal.answered(id, reply.status().as_u16());
                    return answer;
                }
                end
            }
        };
        self.finish(&call, end, &wanted)
    }

    /// A request as the protocol understands it, and whose account it is about.
    fn open(
        &self,
        request: Incoming,
        signed_in: Option<UserId>,
    ) -> (Box<dyn Exchange>, Option<UserId>) {
        let shared = self.shared();
        let host = shared.directory.host(signed_in.unwrap_or(UserId::OWNER));
        let mut exchange = shared.dialect.open(request, host);
        let user = signed_in.map(|user| exchange.subject(&shared.directory, user));
        if let Some(user) = user {
            let focus = Focus { user, realm: exchange.realm() };
            exchange.settle(self.lock().state().account(focus));
        }
        (exchange, user)
    }

    /// Waits as long as the faults want, and no second time.
    async fn wait(&self, id: RequestId, wanted: &mut Wanted) {
        let delay = std::mem::take(&mut wanted.delay);
        if delay != Duration::ZERO {
            self.shared().clock.sleep(delay).await;
        }
        for rule in std::mem::take(&mut wanted.holds) {
            Holding::wait(self, &rule, id).await;
        }
    }

    /// What becomes of a connection as soon as it is made.
    fn door(&self) -> Accept {
        let shared = self.shared();
        let mut inner = self.lock();
        if !inner.peek().faults.any_at(Site::Link) {
            return Accept::Serve;
        }
        let seed = shared.directory.host(UserId::OWNER).seed;
        let state = inner.state();
        let probe = Probe {
            site: Site::Link,
            op: Op::Connect,
            reach: Reach::Accept,
            items: &[],
            calendars: &BTreeSet::new(),
            // The request that does not come.
            request: state.journal.next_request(),
            now: shared.clock.now(),
            spent: &BTreeSet::new(),
            protocol: shared.protocol,
            asker: None,
            stored: 0,
            token_age_ms: None,
        };
        let met = state.faults.ask(&probe);
        let then = match met.effect {
            Some(Effect::Abort(Abort::Refuse | Abort::Reset)) => Accept::Reset,
            Some(Effect::Abort(Abort::Hang)) => Accept::Hang,
            Some(Effect::Abort(Abort::HalfClose)) => Accept::HalfClose,
            Some(Effect::Abort(Abort::Garbage)) => Accept::Garbage(garbage(seed, probe.request)),
            Some(Effect::Abort(_)) => Accept::Close,
            _ => Accept::Serve,
        };
        if met.delay.is_zero() { then } else { Accept::After(met.delay, Box::new(then)) }
    }

    fn enter(&self, method: String, target: String, exchange: &dyn Exchange) -> RequestId {
        let names = exchange.operations().iter().map(|operation| operation.op.name().to_owned());
        let shared = self.shared();
        let now = shared.clock.now();
        let mut inner = self.lock();
        let names = names.collect();
        let id = inner.state().journal.request(now, shared.side, method, target, names);
        inner.open.insert(id.0);
        id
    }

    fn with_turn<T>(
        &self,
        call: &Call,
        exchange: &mut dyn Exchange,
        act: impl FnOnce(&mut Turn<'_>, &mut dyn Exchange) -> T,
    ) -> (T, Wanted) {
        let user = call.user.unwrap_or(UserId::OWNER);
        let focus = Focus { user, realm: exchange.realm() };
        self.act_on(focus, Actor::Client(call.id), |turn, _: &dyn Native| {
            turn.asked_by(call.asker.clone());
            let done = act(turn, exchange);
            (done, std::mem::take(&mut turn.wanted))
        })
    }

    fn admit(&self, call: &Call, exchange: &mut dyn Exchange) -> (Admission, Wanted) {
        let in_flight = self.lock().in_flight.get(&exchange.lane()).copied().unwrap_or(0);
        self.with_turn(call, exchange, |turn, exchange| {
            for index in 0..exchange.operations().len() {
                if turn.fault_exchange(Site::Link, &exchange.operations()[index]) == Verdict::Stop {
                    let abort = turn.abort.take().unwrap_or(Abort::Close);
                    refuse_all(
                        turn,
                        exchange.operations(),
                        "lost",
                        "the request never reached the server",
                    );
                    return Admission::End(End::Broken(abort));
                }
            }
            let host = turn.host();
            let early = if exchange.is_public() {
                None
            } else if call.user.is_some() {
                exchange.too_many(in_flight, host).or_else(|| exchange.admit(turn))
            } else {
                Some(exchange.unauthorized())
            };
            match early {
                Some(reply) => {
                    let code = reply.status().as_u16().to_string();
                    refuse_all(turn, exchange.operations(), &code, "the request was not admitted");
                    Admission::End(End::Reply(reply, None))
                }
                None => request_faults(turn, exchange),
            }
        })
    }

    fn carry_out(&self, call: &Call, exchange: &mut dyn Exchange, before: Wanted) -> (End, Wanted) {
        let reads = only_reads(exchange);
        let past = before.lag_ms.filter(|_| reads).and_then(|lag_ms| {
            let now = self.shared().clock.now();
            self.lock().past.at(now, lag_ms)
        });
        self.with_turn(call, exchange, |turn, exchange| {
            turn.wanted = before;
            let mut reply = match past {
                None => exchange.serve(turn),
                Some(past) => {
                    let present = turn.put_stored(past);
                    let reply = exchange.serve(turn);
                    turn.put_stored(present);
                    reply
                }
            };
            for index in 0..exchange.operations().len() {
                match turn.fault_exchange(Site::Response, &exchange.operations()[index]) {
                    Verdict::Error(error) => reply = exchange.damage(reply, &error, index),
                    Verdict::Patch(patch) => patch.apply_to_reply(&mut reply),
                    Verdict::Stop => break,
                    _ => {}
                }
            }
            match turn.abort {
                Some(abort) if abort.cut(0).is_none() => End::Broken(abort),
                abort => End::Reply(reply, abort),
            }
        })
    }

    fn called_back(&self, id: RequestId) {
        let Some(hook) = self.lock().hook.clone() else { return };
        if let Some(request) = self.request(id) {
            hook(&request);
        }
    }

    fn finish(&self, call: &Call, end: End, wanted: &Wanted) -> Answer {
        let shared = self.shared();
        let seed = shared.directory.host(UserId::OWNER).seed;
        let (response, cut) = match end {
            End::Broken(Abort::Reset) => return Answer::Reset,
            End::Broken(Abort::Hang) => return Answer::Hang,
            End::Broken(Abort::HalfClose) => return Answer::HalfClose,
            End::Broken(Abort::Garbage) => return Answer::Garbage(garbage(seed, call.id)),
            End::Broken(_) => return Answer::Close,
            End::Reply(mut reply, abort) => {
                for damage in &wanted.damages {
                    damage.apply(&mut reply, shared.protocol, call.asker.as_deref(), seed);
                }
                let cut = abort.and_then(|abort| abort.cut(reply.body().len()));
                (reply, cut)
            }
        };
        if let Some(after) = cut {
            return Answer::Truncated { response, after };
        }
        let status = response.status().as_u16();
        self.lock().state().journal.answered(call.id, status);
        match wanted.pace {
            Some(Effect::Throttle { bytes_per_second }) => {
                Answer::throttled(response, bytes_per_second)
            }
            Some(Effect::Dribble { bytes, every_ms }) => {
                let (bytes, every) = (bytes.max(1), Duration::from_millis(every_ms));
                Answer::Dribbled { response, bytes, every }
            }
            _ => Answer::Full(response),
        }
    }
}

/// Bytes that are no HTTP, the same ones for the same request.
fn garbage(seed: u64, request: RequestId) -> Bytes {
    let digits = derive(seed, "garbage", &request.0.to_string(), 0);
    Bytes::from(format!("\u{0}\u{1}{digits}\u{7f}\r\n\r\n{digits}"))
}

fn request_faults(turn: &mut Turn<'_>, exchange: &mut dyn Exchange) -> Admission {
    let mut patches = Vec::new();
    let reads = only_reads(exchange);
    for index in 0..exchange.operations().len() {
        match turn.fault_request(&exchange.operations()[index], reads) {
            Verdict::Stop => {
                let abort = turn.abort.take().unwrap_or(Abort::Close);
                refuse_all(
                    turn,
                    exchange.operations(),
                    "aborted",
                    "the connection broke before anything was done",
                );
                return Admission::End(End::Broken(abort));
            }
            Verdict::Error(error) => {
                // An error of one call is meant for all that ask for the same.
                let op = exchange.operations()[index].op;
                let others = (0..exchange.operations().len()).filter(|other| *other != index);
                for other in others {
                    if exchange.operations()[other].op == op {
                        exchange.refuse(&error, other);
                    }
                }
                if let Some(reply) = exchange.refuse(&error, index) {
                    refuse_all(turn, exchange.operations(), &code_of(&error), "refused by a fault");
                    return Admission::End(End::Reply(reply, None));
                }
            }
            Verdict::Patch(patch) => patches.push(patch),
            _ => {}
        }
    }
    Admission::Serve(patches)
}

fn only_reads(exchange: &dyn Exchange) -> bool {
    exchange.operations().iter().all(|operation| operation.op.only_reads())
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
