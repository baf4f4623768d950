//! The address of a point at which a process can be killed.

use std::fmt;
use std::str::FromStr;

/// What of a request has happened when the process dies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// Nothing of it was sent.
    Unsent,
    /// The server has committed it, and its answer never arrives.
    Committed,
    /// Its answer has arrived, and nothing of that is stored.
    Answered,
}

impl Moment {
    /// All of them, in the order of time.
    pub const ALL: [Self; 3] = [Self::Unsent, Self::Committed, Self::Answered];

    fn word(self) -> &'static str {
        match self {
            Self::Unsent => "unsent",
            Self::Committed => "committed",
            Self::Answered => "answered",
        }
    }
}

/// A point of a step at which the process is killed. Numbers count within the step, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    /// The durable operation of this number does not land.
    DurableOp(u64),
    /// At the request of this number.
    Request(u64, Moment),
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DurableOp(number) => write!(f, "durable-op {number}"),
            Self::Request(number, moment) => write!(f, "request {number} {}", moment.word()),
        }
    }
}

/// Text that is no point.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no point; write `durable-op 17` or `request 4 unsent|committed|answered`")]
pub struct PointError {
    /// The text.
    pub text: String,
}

impl FromStr for Point {
    type Err = PointError;

    fn from_str(text: &str) -> Result<Self, PointError> {
        let wrong = || PointError { text: text.to_owned() };
        let words: Vec<&str> = text.split_whitespace().collect();
        let number = |word: &str| word.parse().ok().filter(|number| *number > 0).ok_or_else(wrong);
        match words.as_slice() {
            ["durable-op", count] => Ok(Self::DurableOp(number(count)?)),
            ["request", count, word] => {
                let moment = Moment::ALL.into_iter().find(|moment| moment.word() == *word);
                Ok(Self::Request(number(count)?, moment.ok_or_else(wrong)?))
            }
            _ => Err(wrong()),
        }
    }
}
