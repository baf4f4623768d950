//! Where a command talks to a person: a terminal, a pipe, or a recording.

use calamity_base::BoxFuture;

/// What a person answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Go on.
    Yes,
    /// Leave it. The default.
    No,
}

/// A place to print to, and perhaps to ask.
pub trait Terminal: Send {
    /// Prints a line to standard output.
    fn line(&mut self, text: &str);

    /// Prints a line to standard error.
    fn error(&mut self, text: &str);

    /// Whether a person sits there: standard input is a terminal.
    fn is_terminal(&self) -> bool;

    /// Asks a question, shown with `[y/N]`.
    fn ask<'a>(&'a mut self, question: &'a str) -> BoxFuture<'a, Reply>;
}
