//! The rules "ceiling" and "emptied" are taken out: a server that has lost its rows is believed.
//!
//! Both go together, because either of them alone stops a calendar that lost everything.

use super::without::without;
use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "no-ceiling",
    about: "any number of deletes is carried out, even those of a whole calendar",
    breaks: "delete-has-intent",
    control: Control::Passes,
    build: |assembly| without(assembly, &["ceiling", "emptied"]),
};
