//! The rule "confirm-gone" is taken out: a listing that lacks an item is believed without asking
//! for the item itself.

use super::without::without;
use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "no-confirm-gone",
    about: "what a listing lacks is deleted on the other side without asking whether it is gone",
    breaks: "delete-has-intent",
    control: Control::Passes,
    build: |assembly| without(assembly, &["confirm-gone"]),
};
