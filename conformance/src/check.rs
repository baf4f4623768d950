//! A check as a row of a table, and the ways in which its function ends.

use calamity_base::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::client::Error;

/// How strongly the specification asks for something (RFC 2119).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Without it the server is not conformant.
    Must,
    /// There may be reasons against it.
    Should,
    /// It is an offer.
    May,
}

impl Level {
    /// The word of RFC 2119.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Level::Must => "MUST",
            Level::Should => "SHOULD",
            Level::May => "MAY",
        }
    }
}

/// The function of a check, on what the protocol's checks share.
pub(crate) type Function<C> = for<'a> fn(&'a C) -> BoxFuture<'a, Verdict>;

/// One check.
pub(crate) struct Check<C> {
    /// Its name, stable: reports and lists of known differences use it.
    pub(crate) id: &'static str,
    /// What is looked at, in a sentence that is true of a conformant server.
    pub(crate) title: &'static str,
    /// Where that is asked for.
    pub(crate) source: &'static str,
    /// How strongly.
    pub(crate) level: Level,
    /// What looks.
    pub(crate) function: Function<C>,
}

/// One row of a table of checks: level, id, title, source, function.
macro_rules! row {
    ($level:ident, $id:literal, $title:literal, $source:literal, $function:expr) => {
        $crate::check::Check {
            id: $id,
            title: $title,
            source: $source,
            level: $crate::check::Level::$level,
            function: |context| Box::pin($function(context)),
        }
    };
}
pub(crate) use row;

/// What a check's function returns: nothing when all is as it should be.
pub(crate) type Verdict = Result<(), Stop>;

/// Why a check did not pass.
#[derive(Debug)]
pub(crate) enum Stop {
    /// The server did something else.
    Fail {
        /// What the specification asks for.
        expected: String,
        /// What the server did.
        found: String,
    },
    /// The server does not say that it can do this.
    NotApplicable(String),
    /// What the check stands on is not there; another check says so.
    Skipped(String),
    /// There was no answer, or the client refused to ask.
    Client(Error),
}

impl From<Error> for Stop {
    fn from(error: Error) -> Stop {
        Stop::Client(error)
    }
}

/// Fails with these words.
pub(crate) fn fail<T>(expected: impl Into<String>, found: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Fail { expected: expected.into(), found: found.into() })
}

/// Fails with these words unless it holds.
pub(crate) fn expect(
    holds: bool,
    expected: impl Into<String>,
    found: impl Into<String>,
) -> Verdict {
    if holds { Ok(()) } else { fail(expected, found) }
}

/// Fails unless both are equal.
pub(crate) fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, wanted: &T) -> Verdict {
    expect(found == wanted, format!("{what}: {wanted:?}"), format!("{found:?}"))
}

/// The server does not claim to do this.
pub(crate) fn not_applicable<T>(reason: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::NotApplicable(reason.into()))
}

/// What this stands on is missing.
pub(crate) fn skip<T>(reason: impl Into<String>) -> Result<T, Stop> {
    Err(Stop::Skipped(reason.into()))
}
