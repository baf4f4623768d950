//! The JMAP server seen from outside, over HTTP.

mod arbitrary;
mod blobs;
mod books;
mod cards;
mod cards_query;
mod changes;
mod clients;
mod copies;
mod events;
mod faults;
mod feeds;
mod harness;
mod identities;
mod limits;
mod names;
mod notifications;
mod privacy;
mod push;
mod query;
mod query_changes;
mod recurring;
mod references;
mod requests;
mod scheduling;
mod units;
mod users;
