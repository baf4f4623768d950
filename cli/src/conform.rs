//! `calamity conform`: protocol checks of a server, a line each.
//!
//! The checks are `calamity-conformance`'s. This file reads what they need, shows how they end, and
//! turns that into an exit code.

mod args;
mod secret;

use std::fs;
use std::path::Path;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, anyhow};
use calamity_base::Env;
use calamity_base::tls::Trust;
use calamity_conformance::{
    Columns, Description, Options, PREFIX, Protocol, Report, Target, reach, run_until, selected,
    summary,
};
use serde_json::json;
use tokio::sync::oneshot;

use crate::failure::{FAILED, Failure, PASSED};
use crate::screen::Screen;
use crate::signals::Signals;

pub(crate) use args::Args;

/// Interrupted, as shells number it.
const INTERRUPTED: u8 = 130;

/// Runs the command.
pub(crate) fn run(args: &Args, screen: &mut Screen) -> Result<ExitCode, Failure> {
    let protocol: Protocol = args.protocol.parse().map_err(anyhow::Error::from)?;
    let options = Options { only: args.filter.clone() };
    let checks = selected(protocol, &options);
    if checks.is_empty() {
        let pattern = args.filter.as_deref().unwrap_or_default();
        return Err(anyhow!("no check of {protocol} matches `{pattern}`; see --list").into());
    }
    if args.list {
        list(&checks, args, screen);
        return Ok(ExitCode::from(PASSED));
    }
    let target = target(args, protocol)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start")?;
    runtime.block_on(conform(&target, &options, &checks, args, screen))
}

fn target(args: &Args, protocol: Protocol) -> anyhow::Result<Target> {
    let url = args.url.as_deref().context("no URL")?;
    let target = Target::new(url, protocol, secret::credentials(args)?)?;
    Ok(match args.ca.as_deref() {
        Some(file) => target.trusting(trust(file)?),
        None => target,
    })
}

fn trust(file: &Path) -> anyhow::Result<Trust> {
    let shown = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
    Trust::web().and_pem(&text).with_context(|| format!("{shown} holds no certificate to trust"))
}

async fn conform(
    target: &Target,
    options: &Options,
    checks: &[Description],
    args: &Args,
    screen: &mut Screen,
) -> Result<ExitCode, Failure> {
    let env = Env::production("conform", Path::new(""));
    // Heard from now on: nothing is on the server yet.
    let mut signals = Signals::listen().context("cannot listen to signals")?;
    let reached = tokio::select! {
        biased;
        () = signals.asked() => return Ok(ExitCode::from(INTERRUPTED)),
        reached = reach(&env, target) => reached,
    };
    reached.map_err(anyhow::Error::from)?;
    let columns = Columns::of(checks);
    let mut names = checks.iter().map(|check| check.id).skip(1);
    screen.begin(checks.len());
    screen.doing(checks.first().map_or("", |check| check.id));
    if !args.json {
        screen.print(&format!("{protocol} at {}", target.url(), protocol = target.protocol));
    }
    let shared = Mutex::new(&mut *screen);
    let (stop, stopped) = oneshot::channel::<()>();
    let report = {
        let progress = |row: &calamity_conformance::Row| {
            let mut screen = lock(&shared);
            if !args.json {
                screen.print(&columns.row(row));
            }
            screen.done();
            screen.doing(names.next().unwrap_or("cleaning up"));
        };
        let stopped = async { drop(stopped.await) };
        let mut running = pin!(run_until(&env, target, options, stopped, progress));
        let mut stop = Some(stop);
        loop {
            tokio::select! {
                biased;
                report = &mut running => break Some(report),
                () = signals.asked() => match stop.take() {
                    Some(stop) => {
                        lock(&shared).error("stopping: what was made is being removed");
                        // The run that hears it cannot be gone: it is waited for above.
                        let _ = stop.send(());
                    }
                    None => break None,
                },
            }
        }
    };
    screen.end();
    let Some(report) = report else {
        screen.error(&format!(
            "stopped at once: collections whose names begin with {PREFIX} may be left behind"
        ));
        return Ok(ExitCode::from(FAILED));
    };
    show(&report, args, screen);
    if !report.interrupted && !report.has_looked() {
        screen.error("nothing was looked at: every check is n/a or skipped");
    }
    Ok(ExitCode::from(match &report {
        report if report.interrupted && report.left_behind.is_empty() => INTERRUPTED,
        report if report.is_conformant() => PASSED,
        _ => FAILED,
    }))
}

fn show(report: &Report, args: &Args, screen: &mut Screen) {
    if args.json {
        screen.print(&serde_json::to_string_pretty(report).unwrap_or_default());
    } else {
        screen.print(&summary(report));
    }
}

fn list(checks: &[Description], args: &Args, screen: &mut Screen) {
    if args.json {
        let rows: Vec<_> = checks
            .iter()
            .map(|check| {
                json!({
                    "id": check.id,
                    "title": check.title,
                    "source": check.source,
                    "level": check.level,
                })
            })
            .collect();
        screen.print(&serde_json::to_string_pretty(&rows).unwrap_or_default());
        return;
    }
    let columns = Columns::of(checks);
    for check in checks {
        if !screen.is_read() {
            break;
        }
        screen.print(&columns.description(check));
    }
}

fn lock<'a, T>(mutex: &'a Mutex<T>) -> MutexGuard<'a, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
