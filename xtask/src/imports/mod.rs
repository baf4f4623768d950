//! `cargo xtask imports`: who may import whom, and the house rules that no lint can check.
//!
//! The rules are data in `rules`; `manifest` and `source` hold files against them. Nothing here is
//! built or run: the check reads text.

mod check;
mod manifest;
mod rules;
mod source;
mod tree;
mod violation;

#[cfg(test)]
mod tests;

pub(crate) use check::check;
