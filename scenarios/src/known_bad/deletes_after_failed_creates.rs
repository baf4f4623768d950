//! The rule "unresolved" is taken out: deletes go ahead although creates of their calendar failed.

use super::without::without;
use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "deletes-after-failed-creates",
    about: "deletes are carried out although creates of their calendar have failed",
    breaks: "no-delete-while-unresolved",
    control: Control::Passes,
    build: |assembly| without(assembly, &["unresolved"]),
};
