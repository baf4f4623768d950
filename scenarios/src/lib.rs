//! The scenario language, its expansion to scripts, the runner that carries them out, and the
//! systems that it drills.
//!
//! A scenario is written by people and read strictly ([`language`]); [`expand`] turns it into a
//! [`script::Script`], which carries everything that a run needs; [`runner`] carries scripts out in
//! simulation against a [`sut::Sut`] and judges what happened by the servers' own logs.

#![forbid(unsafe_code)]

pub mod crash;
pub mod expand;
pub mod invariants;
pub mod known_bad;
pub mod language;
pub mod prove;
pub mod runner;
pub mod script;
pub mod sut;
pub mod view;
