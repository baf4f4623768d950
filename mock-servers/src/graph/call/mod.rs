//! One request: parsed without state when it comes in, served in a turn.

mod dispatch;
mod exchange;
mod find;
mod open;
mod options;
mod reply;
mod standing;
mod write;

pub(crate) use find::{calendar, item};
pub(crate) use open::Call;
pub(crate) use standing::Caller;
