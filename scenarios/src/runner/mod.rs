//! Carries scripts out, in simulation, and judges what happened.
//!
//! Nothing but a script is ever run. The same script and the same binary give the same outcome, up
//! to its digest.

mod acts;
mod agree;
mod expect;
mod logs;
mod outcome;
mod record;
mod rest;
mod stage;

use std::panic::{AssertUnwindSafe, catch_unwind};

use calamity_base::Sim;
use calamity_evidence::{Outcome, Violation};

use crate::crash;
use crate::script::Script;
use crate::sut::SutChoice;

pub use agree::{Difference, differences};
pub use stage::{Checkpoint, Expecting, Stage};

/// What a run is told beside its script.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The shell command that runs this again; made up from drill and seed where there is none.
    pub replay: Option<String>,
}

/// Carries a script out: once, or once for each point of its sweep.
#[must_use]
pub fn run(script: &Script, sut: &SutChoice, options: &Options) -> Outcome {
    match &script.sweep {
        Some(sweep) => crash::sweep(script, sweep, sut, options),
        None => run_once(script, sut, options),
    }
}

/// Carries a script out once, whatever its sweep says.
#[must_use]
pub fn run_once(script: &Script, sut: &SutChoice, options: &Options) -> Outcome {
    let carried_out = catch_unwind(AssertUnwindSafe(|| {
        Sim::run(script.seed, async |sim: Sim| {
            let mut stage = Stage::new(&sim, script, sut).await;
            for index in 0..script.steps.len() {
                stage.step(index).await;
            }
            stage.finish()
        })
    }));
    let mut outcome = carried_out.unwrap_or_else(|panic| panicked(script, sut, panic.as_ref()));
    outcome.replay = replay(script, options);
    outcome
}

/// The shell command that runs this again.
pub(crate) fn replay(script: &Script, options: &Options) -> String {
    let made_up = || format!("calamity drill {} --seed {}", script.drill, script.seed);
    options.replay.clone().unwrap_or_else(made_up)
}

/// The outcome of a run that panicked: a bug, and no finding of any invariant.
pub(crate) fn panicked(
    script: &Script,
    sut: &SutChoice,
    panic: &(dyn std::any::Any + Send),
) -> Outcome {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    let found = text.unwrap_or("a panic without words");
    let last = script.steps.len().saturating_sub(1);
    outcome::broken(script, sut, Violation::new("panic", last, "a run without panic", found))
}

#[cfg(test)]
mod tests;
