//! The id that a server gives an item is taken for its identity, so that a new id is a new item.

use calamity_engine::Assembly;
use calamity_engine::model::{Item, Uid};

use super::wrapped::{Alter, both};
use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "identity-by-id",
    about: "items are known by the server's id instead of their uid, so that a drifted id is an item \
            gone and another one come",
    breaks: "no-duplicates",
    control: Control::Passes,
    build,
};

fn build(assembly: Assembly) -> Assembly {
    both(assembly, ById)
}

#[derive(Clone, Copy, Debug)]
struct ById;

impl Alter for ById {
    fn item(&self, item: Item) -> Item {
        Item { uid: Uid(item.id.0.clone()), ..item }
    }
}
