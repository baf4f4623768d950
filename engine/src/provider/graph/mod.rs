//! Microsoft Graph v1.0: calendars and events of one mailbox.
//!
//! Wire types stay in here. What the rest of the engine sees is [`Graph`].

mod adapter;
mod containers;
mod convert;
mod delta;
mod fetch;
mod links;
mod listing;
mod observe;
mod occurrences;
mod prepare;
mod refusal;
mod request;
mod send;
mod token;

#[cfg(test)]
mod tests;

pub use adapter::{Config, Graph, Window};
