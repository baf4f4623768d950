//! `calamity sync`: plan, question, carrying out, summary, exit code.

use std::collections::BTreeMap;

use calamity_base::Env;
use calamity_engine::error::with_causes;
use calamity_engine::guard::Attended;
use calamity_engine::plan::{
    Action, OpType, Operation, PlanCounts, Target, counts, line, note, summary_line,
};
use calamity_engine::run::{Proposal, Session};
use calamity_engine::{Assembly, Error};
use calamity_evidence::Summary;

use crate::{Reply, Terminal};

use super::{ERRORS, Finished, HELD, OK, USAGE};

/// How a sync deals with its plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Shows it and asks. Needs a terminal.
    Interactive,
    /// Carries it out.
    NonInteractive,
    /// Shows it.
    DryRun,
}

/// Syncs a pair.
pub async fn sync(
    env: &Env,
    assembly: &Assembly,
    mode: Mode,
    terminal: &mut dyn Terminal,
) -> Finished {
    if mode == Mode::Interactive && !terminal.is_terminal() {
        terminal.error("interactive mode requires a TTY; use --non-interactive or --dry-run");
        return Finished { exit: USAGE, ..Finished::default() };
    }
    match run(env, assembly, mode, terminal).await {
        Ok(finished) => finished,
        Err(error) => {
            terminal.error(&format!("error: {}", with_causes(&error)));
            Finished { exit: USAGE, ..Finished::default() }
        }
    }
}

async fn run(
    env: &Env,
    assembly: &Assembly,
    mode: Mode,
    terminal: &mut dyn Terminal,
) -> Result<Finished, Error> {
    let attended = if mode == Mode::Interactive { Attended::Yes } else { Attended::No };
    let mut session = Session::open(env, assembly, attended).await?;
    if mode != Mode::DryRun {
        session.settle_doubts().await;
    }
    session.observe().await;
    if mode == Mode::NonInteractive {
        session.begin().await?;
    }
    let proposal = session.propose().await;
    let counts = counts(proposal.operations());
    match mode {
        Mode::DryRun => {
            show(assembly, &proposal, &counts, "[dry-run] ", terminal);
            if both_directions(&proposal) {
                terminal
                    .line("[dry-run] note: identity matching may turn some creates into merges");
            }
            fill(session.summary_mut(), &counts, &proposal);
            report_errors(&session, terminal);
            let summary = session.abandon().await;
            return Ok(ended(summary, &proposal, terminal));
        }
        Mode::Interactive => {
            if proposal.writes() {
                show(assembly, &proposal, &counts, "", terminal);
                if terminal.ask(&question(&proposal, &counts)).await == Reply::No {
                    fill(session.summary_mut(), &counts, &proposal);
                    session.summary_mut().aborted = true;
                    let summary = session.abandon().await;
                    terminal.line("sync aborted by user — no changes made");
                    return Ok(Finished { exit: OK, summary, held: BTreeMap::new() });
                }
            }
            session.begin().await?;
        }
        Mode::NonInteractive => {}
    }
    session.execute(&proposal).await?;
    finish(session, mode, terminal).await
}

async fn finish(
    session: Session<'_>,
    mode: Mode,
    terminal: &mut dyn Terminal,
) -> Result<Finished, Error> {
    report_errors(&session, terminal);
    let held_lines = session.held().to_vec();
    let mut held = BTreeMap::new();
    for (_, rules, _) in &held_lines {
        *held.entry(rules.first().copied().unwrap_or_default().to_owned()).or_default() += 1;
    }
    if mode == Mode::NonInteractive && !held_lines.is_empty() {
        terminal.line(&format!("HELD {}", held_lines.len()));
        for (line, _, reason) in &held_lines {
            terminal.line(&format!("  {line}: {reason}"));
        }
    }
    let exit = code(session.summary());
    let summary = session.finish(exit).await?;
    last_lines(&summary, terminal);
    Ok(Finished { exit, summary, held })
}

fn code(summary: &Summary) -> u8 {
    if summary.errors > 0 {
        ERRORS
    } else if summary.held + summary.deferred > 0 {
        HELD
    } else {
        OK
    }
}

fn last_lines(summary: &Summary, terminal: &mut dyn Terminal) {
    terminal.line(&summary.to_string());
    if summary.held + summary.deferred > 0 {
        terminal.line(&format!("held={} deferred={}", summary.held, summary.deferred));
    }
}

fn ended(summary: Summary, proposal: &Proposal, terminal: &mut dyn Terminal) -> Finished {
    let mut held = BTreeMap::new();
    for hold in &proposal.held {
        *held.entry(hold.rules.first().copied().unwrap_or_default().to_owned()).or_default() += 1;
    }
    last_lines(&summary, terminal);
    let exit = code(&summary);
    Finished { exit, summary, held }
}

fn report_errors(session: &Session<'_>, terminal: &mut dyn Terminal) {
    for error in session.errors() {
        terminal.error(&format!("error: {error}"));
    }
}

/// Prints plan, summary, note and what waits.
fn show(
    assembly: &Assembly,
    proposal: &Proposal,
    counts: &PlanCounts,
    prefix: &str,
    terminal: &mut dyn Terminal,
) {
    let names = assembly.names();
    let mut marked = false;
    for operation in proposal.operations() {
        let line = line(operation, &names);
        marked |= line.contains("[!]");
        terminal.line(&format!("{prefix}{line}"));
    }
    terminal.line(&format!("{prefix}{}", summary_line(counts)));
    if marked {
        terminal.line(&format!("{prefix}{}", note()));
    }
    if !proposal.held.is_empty() {
        terminal.line(&format!("{prefix}HELD {}", proposal.held.len()));
        for hold in &proposal.held {
            let operation = &proposal.plan.operations[hold.index];
            terminal.line(&format!("{prefix}  {}: {}", line(operation, &names), hold.reason));
        }
    }
}

/// What is asked equals what is written: bookkeeping is not counted.
fn question(proposal: &Proposal, counts: &PlanCounts) -> String {
    let written = |op: OpType| {
        proposal.operations().filter(|operation| operation.writes() && operation.op() == op).count()
    };
    format!(
        "Execute {} deletes, {} creates, {} updates, {} container ops?",
        written(OpType::DeleteItem),
        counts.created,
        counts.updated,
        counts.containers
    )
}

fn both_directions(proposal: &Proposal) -> bool {
    let creates = |target: fn(&Target) -> bool| {
        proposal.operations().any(|operation: &Operation| {
            matches!(operation.action, Action::CreateItem { .. }) && target(&operation.target())
        })
    };
    let a = creates(|target| matches!(target, Target::One(calamity_evidence::Side::A)));
    let b = creates(|target| matches!(target, Target::One(calamity_evidence::Side::B)));
    a && b
}

/// The counters of a plan that is not carried out.
fn fill(summary: &mut Summary, counts: &PlanCounts, proposal: &Proposal) {
    summary.containers = counts.containers;
    summary.created = counts.created;
    summary.updated = counts.updated;
    summary.deleted = counts.deleted;
    summary.skipped = counts.skipped;
    summary.held = proposal.held.len() as u64;
}
