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

pub use acl_principal_prop_set::AclPrincipalPropSet;
pub use address_data::{AddressData, CardProperties};
pub use addressbook_multiget::AddressbookMultiget;
pub use addressbook_query::AddressbookQuery;
pub use calendar_data::{CalendarData, Component, Components, Expansion, PropertyNames, Selected};
pub use calendar_multiget::CalendarMultiget;
pub use calendar_query::CalendarQuery;
pub use error::{AttributeProblem, RequestError};
pub use expand_property::{ExpandProperty, Expanded};
pub use free_busy_query::FreeBusyQuery;
pub use mkcalendar::Mkcalendar;
pub use mkcol::Mkcol;
pub use principal_match::{PrincipalMatch, Whom};
pub use principal_property_search::{PrincipalPropertySearch, Search, Where};
pub use principal_search_property_set::PrincipalSearchPropertySet;
pub use properties::{Asked, Properties};
pub use property_update::{Instruction, PropertyUpdate};
pub use propfind::Propfind;
pub use report::Report;
pub use sync_collection::{Level, SyncCollection};
pub use time_range::Span;
