//! A provider that was asked to be silent is believed to be.

use calamity_engine::Assembly;
use calamity_engine::model::{Capability, Policy};

use super::wrapped::{Alter, both};
use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "suppression-believed",
    about: "a provider counts as silent because it was asked to be, so that guests are written and \
            mailed",
    breaks: "outbox-quiet",
    control: Control::Passes,
    build,
};

fn build(assembly: Assembly) -> Assembly {
    both(assembly, Believed)
}

#[derive(Clone, Copy, Debug)]
struct Believed;

impl Alter for Believed {
    fn policy(&self, _policy: Policy) -> Policy {
        Policy::uniform(Capability::Suppressed)
    }
}
