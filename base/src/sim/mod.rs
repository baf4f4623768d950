//! Simulations: processes, disks and a network inside one thread, on virtual time.

mod config;
mod core;
mod run;

pub use config::Config;
pub use run::Sim;

#[cfg(test)]
mod tests;
