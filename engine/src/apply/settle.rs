//! What an answer means for the operation that asked for it.

use crate::error::with_causes;
use crate::model::{ItemId, Revision};
use crate::provider::{Answer, Meaning, Outgoing};

/// What an answer comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It was done.
    Done {
        /// The item.
        id: ItemId,
        /// Its new revision, where the answer told it.
        revision: Option<Revision>,
    },
    /// It was not done.
    Failed {
        /// Why, for people.
        error: String,
        /// What may be done about it.
        meaning: Meaning,
    },
    /// Nobody knows.
    Doubt {
        /// Why, for people.
        error: String,
    },
}

/// A way to read answers.
pub trait Settle: std::fmt::Debug + Send + Sync {
    /// What the answer to a change comes to.
    fn settle(&self, change: &Outgoing, answer: Answer) -> Settled;
}

/// Each change is judged by its own part of the answer, and a refusal is a refusal.
#[derive(Clone, Copy, Debug)]
pub struct EachByItsPart;

impl Settle for EachByItsPart {
    fn settle(&self, _change: &Outgoing, answer: Answer) -> Settled {
        match answer {
            Answer::Done { id, revision } => Settled::Done { id, revision },
            Answer::Refused(rejection) => {
                Settled::Failed { error: rejection.to_string(), meaning: rejection.meaning }
            }
            Answer::Unsent(error) => {
                Settled::Failed { error: with_causes(&error), meaning: Meaning::No }
            }
            Answer::Unknown(error) => Settled::Doubt { error: with_causes(&error) },
        }
    }
}
