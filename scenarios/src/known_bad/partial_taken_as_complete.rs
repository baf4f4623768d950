//! A listing that broke off is taken for everything that there is.
//!
//! The rules that would still stop it are taken out with it: asked for each item, the other side
//! says that it is there (`confirm-gone`), and a listing that lost most of a calendar is above the
//! ceiling or leaves nothing (`ceiling`, `emptied`). The engine whose defect this was had none of
//! them; with them in place the defect costs nothing, which is what they are for.

use calamity_engine::Assembly;
use calamity_engine::model::{Listing, Observation};

use super::without::{without, without_asking};
use super::wrapped::{Alter, both};
use super::{Control, KnownBad};

pub(super) const KNOWN_BAD: KnownBad = KnownBad {
    name: "partial-taken-as-complete",
    about: "a listing with errors is taken for a complete one, and what it lacks is deleted",
    breaks: "delete-has-intent",
    control: Control::Passes,
    build,
};

fn build(assembly: Assembly) -> Assembly {
    without(without_asking(both(assembly, Complete)), &["ceiling", "emptied"])
}

#[derive(Clone, Copy, Debug)]
struct Complete;

impl Alter for Complete {
    #[expect(
        clippy::disallowed_methods,
        reason = "this engine proves nothing, which is its defect"
    )]
    fn observation(&self, observation: Observation) -> Observation {
        match observation {
            Observation::Partial { seen, .. } => {
                Observation::Listing(Listing::unproven(seen, None))
            }
            observation => observation,
        }
    }
}
