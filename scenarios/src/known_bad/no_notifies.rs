//! The rule "notifies" is taken out: unattended runs write to events with guests.

use super::without::without;
use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "no-notifies",
    about: "an unattended run writes to events with guests without asking anybody",
    breaks: "outbox-quiet",
    control: Control::Passes,
    build: |assembly| without(assembly, &["notifies"]),
};
