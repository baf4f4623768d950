//! Contacts: read from vCard files, written as vCard, JSContact or Microsoft Graph resources, read
//! back from each of these into facts that can be compared, and multiplied to size.
//!
//! The readers and writers are the mock servers' own and share no code with the engine's.

mod contact;
pub mod content;
mod day;
mod facts;
mod files;
mod graph;
mod jscontact;
mod multiply;
mod read;
#[cfg(test)]
mod tests;
mod vcard;

pub use contact::{
    Context, ExtraProperty, Feature, Kind, Link, Mail, Messenger, Name, Phone, Picture, Postal,
    Related, SourceContact,
};
pub use day::Day;
pub use facts::{ContactFacts, vcard_facts};
pub use files::{contact_files, embedded_contacts};
pub use graph::{from_graph, graph};
pub use jscontact::{from_jscontact, jscontact};
pub use multiply::multiply;
pub use read::{ReadContacts, read};
pub use vcard::vcard;
