//! Faults: where, when and what, as data; matching them; counting that they fired.
//!
//! A rule is armed by the harness and answers with a verdict wherever the server asks. How an error
//! looks on the wire is the protocol's affair, not this module's; what is the same on every wire
//! (headers, rows, tokens, pace) is done here, on the finished answer.

mod armed;
mod asker;
pub mod catalogue;
mod check;
mod damage;
mod draw;
mod due;
mod effect;
mod etag;
mod glob;
mod hold;
mod matching;
mod past;
mod patch;
mod probe;
mod push;
mod quota;
mod rows;
mod rule;
mod select;
#[cfg(test)]
mod tests;
mod tokens;
mod when;

pub(crate) use armed::Armed;
pub(crate) use asker::Asker;
pub use check::Forbidden;
pub(crate) use damage::Damage;
pub use effect::{
    Abort, After, Effect, ErrorEffect, EtagForm, Order, PatchEffect, Race, Replace, Sequence,
    TokenEffect,
};
pub(crate) use glob::fits;
pub use hold::Held;
pub(crate) use hold::{Barrier, Holding};
pub(crate) use past::Past;
pub(crate) use probe::{Known, Probe, Reach};
pub(crate) use push::{Course, Fate, Push};
pub use rule::{Origin, Rule, Site};
pub use select::{BodySelector, HeaderSelector, ItemSelector, Selector, Stored};
pub use when::{Quota, QuotaKey, When, Window};
