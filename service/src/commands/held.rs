//! `calamity held`: what waits, and a person's yes.

use std::collections::BTreeMap;

use calamity_base::Env;
use calamity_engine::error::with_causes;
use calamity_engine::run::{approve, pending};
use calamity_engine::{Assembly, Error};
use calamity_evidence::Summary;

use crate::Terminal;

use super::{Finished, HELD, OK, USAGE};

/// Lists what waits, a line each with its reason. Exit code 3 when something waits, else 0.
pub async fn held_list(env: &Env, assembly: &Assembly, terminal: &mut dyn Terminal) -> Finished {
    match pending(env, assembly).await {
        Ok(pending) => {
            let mut held = BTreeMap::new();
            terminal.line(&format!("HELD {}", pending.rows.len()));
            for row in &pending.rows {
                let approved = if row.approved.is_some() { " (approved)" } else { "" };
                terminal.line(&format!("  {}: {}{approved}", row.line, row.reason));
                *held.entry(row.rule.clone()).or_default() += 1;
            }
            let exit = if pending.rows.is_empty() { OK } else { HELD };
            Finished { exit, summary: Summary::default(), held }
        }
        Err(error) => broken(&error, terminal),
    }
}

/// Approves everything that waits and can be approved, when `count` is its number. Otherwise
/// nothing is approved and the exit code is 2.
pub async fn held_approve(
    env: &Env,
    assembly: &Assembly,
    count: u64,
    terminal: &mut dyn Terminal,
) -> Finished {
    match approve(env, assembly, count).await {
        Ok(Ok(approved)) => {
            terminal.line(&format!("approved {approved}; the next sync carries them out"));
            Finished::default()
        }
        Ok(Err(waiting)) => {
            terminal.error(&format!(
                "{waiting} operations wait, not {count}; nothing was approved (see the list of \
                 held operations)"
            ));
            Finished { exit: USAGE, ..Finished::default() }
        }
        Err(error) => broken(&error, terminal),
    }
}

fn broken(error: &Error, terminal: &mut dyn Terminal) -> Finished {
    terminal.error(&format!("error: {}", with_causes(error)));
    Finished { exit: USAGE, ..Finished::default() }
}
