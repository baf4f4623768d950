//! Events as they are stored: what a request body becomes, and how what is stored is read.
//!
//! Only writable properties and those that nobody can compute are stored; ids, versions, times of
//! change, previews and the members of a series are made when an event is answered. An exception
//! stores what differs from its master.

mod change;
mod create;
mod defaults;
mod extended;
mod people;
mod places;
mod reading;
mod times;

pub(crate) use change::{change, change_instance};
pub(crate) use create::create;
pub(crate) use defaults::{NEVER, complete, default_of};
pub(crate) use extended::{
    MULTI, SINGLE, expanded, is_extended, merge as merge_extended, value_of,
};
pub(crate) use people::{address_of, attendees, invited};
pub(crate) use places::align as align_places;
pub(crate) use reading::{Kind, Reading, has_category};
