//! Processes: tasks that live and die together.

mod executor;
mod life;
mod task;

pub use executor::Executor;
pub use life::Process;
pub use task::{Stopped, Task};

pub(crate) use life::{Mode, OnDeath};

#[cfg(test)]
pub(crate) use task::message;

#[cfg(test)]
mod tests;
