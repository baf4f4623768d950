//! Which of the two providers of a pair.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One side of a sync pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// The first provider.
    A,
    /// The second provider.
    B,
}

impl Side {
    /// Both sides, a first.
    pub const BOTH: [Self; 2] = [Self::A, Self::B];

    /// The side that this one is paired with.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::A => "a",
            Self::B => "b",
        })
    }
}
