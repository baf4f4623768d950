//! The rule "confirm-gone" is taken out, and nobody is asked: a listing that lacks an item is
//! believed.

use super::without::without_asking;
use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "no-confirm-gone",
    about: "what a listing lacks is deleted on the other side without asking whether it is gone",
    breaks: "delete-has-intent",
    control: Control::Passes,
    build: without_asking,
};
