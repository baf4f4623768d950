//! Exit codes, few and documented.

/// Everything was done, or there was nothing to do, or the person said no.
pub const OK: u8 = 0;
/// The run finished, and something in it failed.
pub const ERRORS: u8 = 1;
/// Usage, configuration or store: the run did not take place, or could not go on.
pub const USAGE: u8 = 2;
/// Nothing failed, and operations wait for a decision or for a later run.
pub const HELD: u8 = 3;
