//! Crashing the system under test at every point of a step, and judging each recovery.
//!
//! Both axes are walked: every durable operation of its disk, and every request. Neither finds what
//! the other does.

mod arm;
mod point;
mod spread;
mod sweep;

pub use point::{Moment, Point, PointError};
pub use sweep::{at_point, sweep};

pub(crate) use spread::spread;

#[cfg(test)]
mod tests;
