//! The words of the engine as types.

mod change;
mod id;
mod item;
mod observation;
mod policy;

pub use calamity_evidence::{Side, Summary};
pub use change::{Change, Payload, Transaction};
pub use id::{ContainerId, Hash, ItemId, Revision, Token, Uid};
pub use item::{Container, Item, Seen};
pub use observation::{Fetched, Listing, Observation};
pub use policy::{Attendees, Capability, Policy};
