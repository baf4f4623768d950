//! What a request is about: whose mailbox, and which resource in it.

mod ops;
mod parse;
mod resource;
#[cfg(test)]
mod tests;

pub(crate) use resource::{Action, Book, InCalendar, Mailbox, Names, Owner, Resource, Route};
