//! The scenario language: YAML, strict, with a place for every mistake.

mod amount;
mod check;
mod diagnostic;
mod document;
mod fault;
mod near;
mod overrides;
mod placed;
mod reading;
mod rules;
mod scenario;
mod schema;
mod select;
mod story;
mod strict;
mod typed;

pub use amount::{Amount, Span};
pub use diagnostic::{Colour, Diagnostic, Place, Rejected};
pub use fault::{
    Abort, Cut, DelayLognormal, DelayUniform, Dribble, Effect, Etag, Failure, Fault, Order, Origin,
    Patch, Race, RaceEdit, Replace, Sequence, Site, Throttle, Token, Truncate, When, Where, Window,
};
pub use near::{nearby, nearest};
pub use placed::Placed;
pub use reading::{Reading, read};
pub use scenario::{
    Account, Attendees, Axis, Baseline, Calendar, On, Provider, Scenario, Sweep, Thresholds, World,
};
pub use schema::schema;
pub use select::{Body, Header, OneItem, Quota, QuotaKey, Select, Stored};
pub use story::{
    Approve, Aspect, Cause, Drift, DriftIds, Expect, ExpireTokens, Held, Items, Mode, Must, Outbox,
    Reply, Restart, State, Step, Sync, User, Writes,
};
pub use strict::{Document, Mistake, Step as PathStep};

pub(crate) use check::profile_exists;
pub(crate) use rules::rules;

#[cfg(test)]
mod tests;
