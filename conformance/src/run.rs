//! Runs the checks of a protocol, one after the other, and cleans up after each.

use std::future::pending;
use std::pin::{Pin, pin};
use std::time::Duration;

use calamity_base::{BoxFuture, Env};

use crate::check::{Check, Level, Stop, Verdict};
use crate::client::Client;
use crate::report::{Failure, Outcome, Report, Row, VERSION};
use crate::target::{Protocol, Target};
use crate::{dav, glob, graph, jmap};

/// What of the catalogue is run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only the check of this id; without one, those whose id contains this text or, where it has a
    /// `*`, matches it.
    pub only: Option<String>,
}

impl Options {
    /// Those of the ids that are meant: the id of a check may be a part of another's.
    fn meant<'a>(&self, ids: &[&'a str]) -> Vec<&'a str> {
        let Some(only) = self.only.as_deref() else { return ids.to_vec() };
        match ids.iter().find(|id| **id == only) {
            Some(one) => vec![one],
            None => ids.iter().filter(|id| glob::matches(only, id)).copied().collect(),
        }
    }
}

/// A check of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Its name.
    pub id: &'static str,
    /// What is true of a conformant server.
    pub title: &'static str,
    /// The specification and its section.
    pub source: &'static str,
    /// How strongly it asks.
    pub level: Level,
}

/// What the checks of a protocol share.
pub(crate) trait Bench: Send + Sync {
    /// The client of the run.
    fn client(&self) -> &Client;
    /// Removes what was made since the last time, and returns what could not be removed.
    fn tidy(&self) -> BoxFuture<'_, Vec<String>>;
}

/// Every check of a protocol.
#[must_use]
pub fn catalogue(protocol: Protocol) -> Vec<Description> {
    match protocol {
        Protocol::Caldav => described(&dav::checks(dav::Kind::Calendar)),
        Protocol::Carddav => described(&dav::checks(dav::Kind::Contacts)),
        Protocol::Jmap => described(&jmap::checks()),
        Protocol::Graph => described(&graph::checks()),
    }
}

/// The checks of a protocol that these options mean, in the order in which they are run.
#[must_use]
pub fn selected(protocol: Protocol, options: &Options) -> Vec<Description> {
    let mut all = catalogue(protocol);
    let ids: Vec<&str> = all.iter().map(|check| check.id).collect();
    let meant = options.meant(&ids);
    all.retain(|check| meant.contains(&check.id));
    all
}

/// Looks at a server, and calls `progress` after each check. Whatever it finds, what it made is
/// removed again.
pub async fn run(
    env: &Env,
    target: &Target,
    options: &Options,
    progress: impl FnMut(&Row) + Send,
) -> Report {
    run_until(env, target, options, pending(), progress).await
}

/// As [`run`], but when `stop` ends, the check that is being made is the last one: it is given a
/// while to come to its end, and what it made is removed.
pub async fn run_until(
    env: &Env,
    target: &Target,
    options: &Options,
    stop: impl Future<Output = ()> + Send,
    mut progress: impl FnMut(&Row) + Send,
) -> Report {
    let mut stop: Stopping<'_> = pin!(stop);
    let mut report = Report {
        version: VERSION,
        protocol: target.protocol,
        url: target.url(),
        server: None,
        started: env.clock.now(),
        rows: Vec::new(),
        left_behind: Vec::new(),
        interrupted: false,
    };
    let (report_, progress, stop) = (&mut report, &mut progress, &mut stop);
    let mut work = Work { options, report: report_, progress, stop };
    match target.protocol {
        Protocol::Caldav | Protocol::Carddav => {
            let kind = dav::Kind::of(target.protocol);
            let bench = dav::Dav::open(env, target, kind).await;
            work.run_all(&bench, &dav::checks(kind)).await;
        }
        Protocol::Jmap => {
            let bench = jmap::Jmap::open(env, target).await;
            work.run_all(&bench, &jmap::checks()).await;
        }
        Protocol::Graph => {
            let bench = graph::Graph::open(env, target);
            work.run_all(&bench, &graph::checks()).await;
        }
    }
    report
}

/// How long the check that is being made may go on when the run is to stop.
const GRACE: Duration = Duration::from_secs(10);

type Stopping<'a> = Pin<&'a mut (dyn Future<Output = ()> + Send + 'a)>;

/// A run at work.
struct Work<'a, 'b> {
    options: &'a Options,
    report: &'a mut Report,
    progress: &'a mut (dyn FnMut(&Row) + Send),
    stop: &'a mut Stopping<'b>,
}

impl Work<'_, '_> {
    async fn run_all<C: Bench>(&mut self, bench: &C, checks: &[Check<C>]) {
        self.report.server = server(bench.client());
        let ids: Vec<&str> = checks.iter().map(|check| check.id).collect();
        let meant = self.options.meant(&ids);
        for check in checks.iter().filter(|check| meant.contains(&check.id)) {
            let verdict = self.one(bench, check).await;
            let row = verdict.map(|verdict| row(bench.client(), check, verdict));
            self.report.left_behind.extend(bench.tidy().await);
            // What cleaning up exchanged is no evidence of the next check.
            bench.client().take_exchanges();
            if let Some(row) = row {
                (self.progress)(&row);
                self.report.rows.push(row);
            }
            if self.report.interrupted {
                return;
            }
        }
    }

    /// The verdict of a check, unless the run was to stop and the check did not end in time.
    async fn one<C: Bench>(&mut self, bench: &C, check: &Check<C>) -> Option<Verdict> {
        let mut checking = (check.function)(bench);
        tokio::select! {
            biased;
            () = self.stop.as_mut() => self.report.interrupted = true,
            verdict = &mut checking => return Some(verdict),
        }
        // What it is asking for may be made at this moment: it is not dropped at once.
        tokio::time::timeout(GRACE, checking).await.ok()
    }
}

fn described<C>(checks: &[Check<C>]) -> Vec<Description> {
    let describe = |check: &Check<C>| Description {
        id: check.id,
        title: check.title,
        source: check.source,
        level: check.level,
    };
    checks.iter().map(describe).collect()
}

/// What the server calls itself, from the first answer that says it; forgets the exchanges so far.
fn server(client: &Client) -> Option<String> {
    let mut exchanges = client.take_exchanges().into_iter();
    exchanges.find_map(|exchange| {
        let mut headers = exchange.response_headers.into_iter();
        headers.find(|(name, _)| name == "server").map(|(_, value)| value)
    })
}

fn row<C>(client: &Client, check: &Check<C>, verdict: Verdict) -> Row {
    let fail = |expected: &str, found: &str| {
        let (expected, found) = (client.veil().text(expected), client.veil().text(found));
        Outcome::Fail(Failure { expected, found, exchanges: client.take_exchanges() })
    };
    let outcome = match verdict {
        Ok(()) => Outcome::Pass,
        Err(Stop::Fail { expected, found }) => fail(&expected, &found),
        Err(Stop::Client(error)) => fail("an answer", &error.to_string()),
        Err(Stop::NotApplicable(reason)) => Outcome::NotApplicable { reason },
        Err(Stop::Skipped(reason)) => Outcome::Skipped { reason },
    };
    Row {
        id: check.id.to_owned(),
        title: check.title.to_owned(),
        source: check.source.to_owned(),
        level: check.level,
        outcome,
    }
}
