//! The bodies of requests, typed. A file a body.
//!
//! Each reader takes the root of the tree that [`read`](super::read::read) gives. Elements and
//! attributes that it does not know are passed over with all that is inside (RFC 4918 section 17);
//! what the definitions do not allow is an error, never guessed at (appendix A.2).

mod acl_principal_prop_set;
mod address_data;
mod addressbook_multiget;
mod addressbook_query;
mod calendar_data;
mod calendar_multiget;
mod calendar_query;
mod card_filter;
mod collation;
mod error;
mod expand_property;
mod fields;
mod filter;
mod free_busy_query;
mod limit;
mod mkcalendar;
mod mkcol;
mod principal_match;
mod principal_property_search;
mod principal_search_property_set;
mod properties;
mod property_update;
mod propfind;
mod report;
mod setting;
mod sync_collection;
mod text_match;
mod time_range;

pub(crate) use acl_principal_prop_set::AclPrincipalPropSet;
pub(crate) use address_data::{AddressData, CardProperties};
pub(crate) use addressbook_multiget::AddressbookMultiget;
pub(crate) use addressbook_query::AddressbookQuery;
pub(crate) use calendar_data::{
    CalendarData, Component, Components, Expansion, PropertyNames, Selected,
};
pub(crate) use calendar_multiget::CalendarMultiget;
pub(crate) use calendar_query::CalendarQuery;
pub(crate) use error::RequestError;
pub(crate) use expand_property::{ExpandProperty, Expanded};
pub(crate) use free_busy_query::FreeBusyQuery;
pub(crate) use mkcalendar::Mkcalendar;
pub(crate) use mkcol::Mkcol;
pub(crate) use principal_match::{PrincipalMatch, Whom};
#[cfg(test)]
pub(crate) use principal_property_search::Where;
pub(crate) use principal_property_search::{PrincipalPropertySearch, Search};
pub(crate) use principal_search_property_set::PrincipalSearchPropertySet;
pub(crate) use properties::{Asked, Properties};
pub(crate) use property_update::{Instruction, PropertyUpdate};
pub(crate) use propfind::Propfind;
pub(crate) use report::Report;
pub(crate) use sync_collection::{Level, SyncCollection};
pub(crate) use time_range::Span;
