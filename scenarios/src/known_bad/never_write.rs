//! An over-cautious engine: it observes, plans, and carries nothing out.

use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "never-write",
    about: "no phase of a plan is ever carried out, and the run says that all is well",
    breaks: "converged",
    control: Control::Fails,
    build: |mut assembly| {
        assembly.phases.clear();
        assembly
    },
};
