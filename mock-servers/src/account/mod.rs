//! The state of one user's account on a mock server: calendars, items, and the log of changes.
//!
//! It knows no protocol: bodies are the JSON, or the text, that the server's own protocol stores. It keeps no
//! evidence either; whoever changes an account goes through [`crate::turn::Turn`], which does.

mod changes;
mod ids;
mod item;
mod pages;
mod rendered;
mod state;
mod stored;
#[cfg(test)]
mod tests;
mod tokens;

pub(crate) use changes::{Change, ChangeLog, Collapsed, Kind};
pub(crate) use ids::{derive, short_hash};
pub(crate) use item::{Calendar, Item, NewItem, Text};
pub(crate) use pages::Pages;
pub(crate) use rendered::{Form, Rendered};
pub(crate) use state::Account;
pub(crate) use stored::{StoredAccount, Texts, Unsound};
pub(crate) use tokens::TokenError;
