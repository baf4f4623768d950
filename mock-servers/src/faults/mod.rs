//! Faults: where, when and what, as data; matching them; counting that they fired.
//!
//! A rule is armed by the harness and answers with a verdict wherever the server asks. How an error
//! looks on the wire is the protocol's affair, not this module's.

mod armed;
mod check;
mod glob;
mod rule;
#[cfg(test)]
mod tests;

pub(crate) use armed::{Armed, Known, Probe, Reach};
pub use check::Forbidden;
pub(crate) use glob::fits;
pub use rule::{
    Abort, After, Effect, ErrorEffect, ItemSelector, Origin, PatchEffect, Rule, Site, TokenEffect,
    When, Window,
};
