//! What one provider said about a container, with the proof of completeness in the type.
//!
//! The rule kept here: only a tombstone or a *proven* listing may lead to a delete. An adapter that
//! is not sure answers [`Observation::Partial`], and a partially observed container writes nothing.

use crate::provider;

use super::{Item, ItemId, Seen, Token};

/// What one provider said about one container.
#[derive(Debug)]
pub enum Observation {
    /// Nothing has changed since the token; the new token may differ from it all the same.
    Unchanged {
        /// The token to ask with next time.
        token: Token,
    },
    /// What changed since a token. Items that are not named are as they were.
    Delta {
        /// Items that are new or changed.
        changed: Vec<Seen>,
        /// Tombstones: items that the provider says are gone.
        gone: Vec<ItemId>,
        /// The token to ask with next time.
        token: Token,
    },
    /// Everything that the container holds, proven complete.
    Listing(Listing),
    /// Not everything could be read. Nothing may be concluded from absence, and the token stays.
    Partial {
        /// What could be read all the same. Nothing follows from what is not in it.
        seen: Vec<Seen>,
        /// What went wrong, at least one.
        errors: Vec<provider::Error>,
    },
}

/// A complete listing. It can be made only by saying what proves it complete.
#[derive(Debug)]
pub struct Listing {
    items: Vec<Seen>,
    token: Option<Token>,
    proof: String,
}

impl Listing {
    /// A listing that the adapter proved complete; `proof` says how, for the log: `query total 300
    /// equals 300 ids, every /get answered`.
    #[must_use]
    pub fn proven(items: Vec<Seen>, token: Option<Token>, proof: String) -> Self {
        Self { items, token, proof }
    }

    /// A listing that nothing proves complete. It exists for known-bad engines only; everywhere
    /// else clippy refuses it.
    #[must_use]
    pub fn unproven(items: Vec<Seen>, token: Option<Token>) -> Self {
        Self { items, token, proof: "none".to_owned() }
    }

    /// The items.
    #[must_use]
    pub fn items(&self) -> &[Seen] {
        &self.items
    }

    /// The token to ask with next time; none when the provider gave none.
    #[must_use]
    pub fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    /// What proves it complete.
    #[must_use]
    pub fn proof(&self) -> &str {
        &self.proof
    }
}

/// The answer to a request for several items: every id asked for is in exactly one of the lists.
#[derive(Debug, Default)]
pub struct Fetched {
    /// Items that were read.
    pub found: Vec<Item>,
    /// Ids that the provider says do not exist.
    pub missing: Vec<ItemId>,
    /// Ids that could not be read, or whose content could not be understood, with the reason.
    pub failed: Vec<(ItemId, provider::Error)>,
}
