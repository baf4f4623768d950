//! A CalDAV and CardDAV server (RFC 4918, 4791, 6352, 6578, 6638, 3744, 5397, 5689).
//!
//! One method a file, one report a file below [`reports`]. What clients store is kept byte for
//! byte; what is kept beside it (dead properties, the Schedule-Tag) is in the item's JSON body.

mod answer;
mod bodies;
mod call;
mod conditions;
mod copy_move;
mod dead;
mod delete;
mod dialect;
mod exchange;
mod facts;
mod faults;
mod get;
mod kept;
mod lock;
mod make;
mod operations;
mod options;
mod organizers;
mod place;
mod post;
mod propfind;
mod proppatch;
mod props;
mod put;
mod receive;
mod reports;
mod resource;
mod sabre;
mod scheduling;
#[cfg(test)]
mod tests;
mod users;

pub(crate) use dialect::Dav;
pub(crate) use lock::Locks;
pub(crate) use place::principal;
