//! Properties of resources: which there are, what they are, and which a client may change.

mod acl;
mod collection;
mod data;
mod names;
mod object;
mod principal;
mod propstats;

pub(super) use acl::reports;
pub(super) use collection::http_date;
pub(super) use data::Data;
pub(super) use names::is_protected;
pub(super) use object::content_type;
pub(super) use propstats::{propstats, value};
