//! The JMAP server seen from outside, over HTTP.

mod changes;
mod events;
mod faults;
mod feeds;
mod harness;
mod limits;
mod query;
mod recurring;
mod references;
mod requests;
mod scheduling;
mod units;
mod users;
