//! Faults as rules, and as clients of every protocol see them.

mod aborts;
mod answers;
mod arbitrary;
mod barriers;
mod catalogue;
mod feeds;
mod limits;
mod listener;
mod others;
mod profiles;
mod pushes;
mod restored;
mod rig;
mod rules;
mod selectors;
