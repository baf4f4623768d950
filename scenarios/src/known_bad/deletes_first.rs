//! The phases in the wrong order: deletes go first, before anything could show that they are wrong.

use calamity_engine::plan::Phase;

use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "deletes-first",
    about: "deletes are carried out before the creates and merges of their calendar are tried",
    breaks: "no-delete-while-unresolved",
    control: Control::Passes,
    build: |mut assembly| {
        assembly.phases.sort_by_key(|phase| *phase != Phase::DeleteItems);
        assembly
    },
};
