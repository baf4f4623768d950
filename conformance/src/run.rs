//! Runs the checks of a protocol, one after the other, and cleans up after each.

use calamity_base::{BoxFuture, Env};

use crate::check::{Check, Level, Stop, Verdict};
use crate::client::Client;
use crate::report::{Failure, Outcome, Report, Row, VERSION};
use crate::target::{Protocol, Target};
use crate::{dav, glob, jmap};

/// What of the catalogue is run.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Only the check of this id; without one, those whose id contains this text or, where it has a
    /// `*`, matches it.
    pub only: Option<String>,
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
    }
}

/// Looks at a server, and calls `progress` after each check. Whatever it finds, what it made is
/// removed again.
pub async fn run(
    env: &Env,
    target: &Target,
    options: &Options,
    mut progress: impl FnMut(&Row) + Send,
) -> Report {
    let mut report = Report {
        version: VERSION,
        protocol: target.protocol,
        url: target.url(),
        server: None,
        started: env.clock.now(),
        rows: Vec::new(),
        left_behind: Vec::new(),
    };
    let (report_, progress) = (&mut report, &mut progress as &mut (dyn FnMut(&Row) + Send));
    match target.protocol {
        Protocol::Caldav | Protocol::Carddav => {
            let kind = dav::Kind::of(target.protocol);
            let bench = dav::Dav::open(env, target, kind).await;
            run_all(&bench, &dav::checks(kind), options, report_, progress).await;
        }
        Protocol::Jmap => {
            let bench = jmap::Jmap::open(env, target).await;
            run_all(&bench, &jmap::checks(), options, report_, progress).await;
        }
    }
    report
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

async fn run_all<C: Bench>(
    bench: &C,
    checks: &[Check<C>],
    options: &Options,
    report: &mut Report,
    progress: &mut (dyn FnMut(&Row) + Send),
) {
    report.server = server(bench.client());
    let only = options.only.as_deref();
    // The id of a check may be a part of another's.
    let one = only.filter(|only| checks.iter().any(|check| check.id == *only));
    for check in checks {
        let meant = match (one, only) {
            (Some(one), _) => check.id == one,
            (None, Some(only)) => glob::matches(only, check.id),
            (None, None) => true,
        };
        if !meant {
            continue;
        }
        let verdict = (check.function)(bench).await;
        let row = row(bench.client(), check, verdict);
        report.left_behind.extend(bench.tidy().await);
        // What cleaning up exchanged is no evidence of the next check.
        bench.client().take_exchanges();
        progress(&row);
        report.rows.push(row);
    }
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
