//! Tests over the network, simulated.

mod basics;
mod cards;
mod conditions;
mod faults;
mod kept;
mod locks;
mod make;
mod native;
mod put;
mod reports;
mod rig;
mod scheduling;
mod scheduling_changes;
mod sync;
