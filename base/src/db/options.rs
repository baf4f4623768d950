//! How a database is opened.

/// How a database is opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// What survives a loss of power.
    pub durability: Durability,
    /// What the last connection does when it closes.
    pub on_close: OnClose,
}

/// What survives a loss of power. A crash of the process alone loses nothing either way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Durability {
    /// Every transaction whose commit returned (`synchronous = FULL`).
    #[default]
    Full,
    /// The transactions up to some moment (`synchronous = NORMAL`).
    Normal,
}

/// What the last connection does when it closes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnClose {
    /// Copies the log into the database and deletes it.
    #[default]
    Checkpoint,
    /// Leaves the log, as a short command does that should end quickly.
    Leave,
}
