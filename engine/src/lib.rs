//! The two-way sync engine: observe both sides, plan purely, guard, apply one acknowledged
//! operation at a time.
//!
//! It never imports the mock servers and shares no protocol code with them.

#![forbid(unsafe_code)]

pub mod apply;
pub mod assembly;
pub mod content;
pub mod error;
pub mod guard;
pub mod model;
pub mod observe;
pub mod plan;
pub mod provider;
pub mod run;
pub mod store;

pub use assembly::Assembly;
pub use error::Error;
