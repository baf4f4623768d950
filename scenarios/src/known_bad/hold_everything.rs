//! An over-cautious engine: every operation waits, and no approval helps.

use std::sync::Arc;

use calamity_engine::Assembly;
use calamity_engine::guard::{Context, Overrule, Rule, Verdict};
use calamity_engine::plan::Operation;

use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "hold-everything",
    about: "every write waits for a decision and none is ever enough: safe and useless",
    breaks: "converged",
    control: Control::Fails,
    build,
};

fn build(mut assembly: Assembly) -> Assembly {
    assembly.rules.push(Arc::new(Everything));
    assembly
}

#[derive(Debug)]
struct Everything;

impl Rule for Everything {
    fn name(&self) -> &'static str {
        "everything"
    }

    fn overrule(&self) -> Overrule {
        Overrule::Never
    }

    fn judge(&self, operation: &Operation, _context: &Context<'_>) -> Verdict {
        if operation.writes() { Verdict::Hold("one never knows".to_owned()) } else { Verdict::Pass }
    }
}
