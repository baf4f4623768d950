//! The state of a round of change tracking, as it travels in links.
//!
//! A token carries the kind of feed, the calendar, the window and the place in the account's log, so
//! that the server keeps nothing for a client.

use jiff::Timestamp;

use crate::account::{Account, TokenError};
use crate::graph::failure::Failure;

/// What is tracked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Tracked {
    /// What takes place in a window.
    View { from: Timestamp, upto: Timestamp },
    /// Single instances and masters, those that go on after a moment.
    Events { from: Option<Timestamp> },
    /// Contacts of a folder, with these properties; none for all of them.
    Contacts { select: Vec<String> },
    /// The folders of contacts.
    Folders,
}

impl Tracked {
    /// The type of the rows.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::View { .. } | Self::Events { .. } => "#microsoft.graph.event",
            Self::Contacts { .. } => "#microsoft.graph.contact",
            Self::Folders => "#microsoft.graph.contactFolder",
        }
    }
}

/// Where a round stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// Inside the first listing: which item went out last, and the state at which it began.
    Listing { began: u64, after: String },
    /// Everything up to here was told.
    Since(u64),
}

/// A token's content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) calendar: String,
    pub(super) tracked: Tracked,
    pub(super) place: Place,
}

impl Token {
    /// The text that goes into a link.
    pub(super) fn seal(&self, account: &Account) -> String {
        let tracked = match &self.tracked {
            Tracked::View { from, upto } => format!("v_{}_{}", hex(*from), hex(*upto)),
            Tracked::Events { from } => format!("e_{}_", from.map(hex).unwrap_or_default()),
            Tracked::Contacts { select } => format!("c_{}_", select.join("-")),
            Tracked::Folders => "f__".to_owned(),
        };
        let place = match &self.place {
            Place::Listing { began, after } => format!("l_{began:x}_{after}"),
            Place::Since(modseq) => format!("s_{modseq:x}_"),
        };
        account.seal(&format!("{}_{tracked}_{place}", self.calendar))
    }

    /// Reads a token back. One that has expired is told from one that never was.
    pub(super) fn open(account: &Account, text: &str) -> Result<Self, TokenError> {
        let payload = account.unseal(text)?;
        Self::parse(payload).ok_or(TokenError::Unknown)
    }

    /// What a token says, whether it still holds or not.
    pub(super) fn peek(text: &str) -> Option<Self> {
        Self::parse(text.rsplitn(3, '.').nth(2)?)
    }

    fn parse(payload: &str) -> Option<Self> {
        let parts: Vec<&str> = payload.split('_').collect();
        let [calendar, kind, from, upto, place, modseq, after] = parts.as_slice() else {
            return None;
        };
        let modseq = u64::from_str_radix(modseq, 16).ok()?;
        let tracked = match *kind {
            "v" => Tracked::View { from: instant(from)?, upto: instant(upto)? },
            "c" => {
                let names = from.split('-').filter(|name| !name.is_empty());
                Tracked::Contacts { select: names.map(str::to_owned).collect() }
            }
            "f" => Tracked::Folders,
            _ if from.is_empty() => Tracked::Events { from: None },
            _ => Tracked::Events { from: Some(instant(from)?) },
        };
        let place = match *place {
            "l" => Place::Listing { began: modseq, after: (*after).to_owned() },
            _ => Place::Since(modseq),
        };
        Some(Self { calendar: (*calendar).to_owned(), tracked, place })
    }

    /// The same feed from another place on.
    pub(super) fn at(&self, place: Place) -> Self {
        Self { place, ..self.clone() }
    }
}

/// Why a token is refused: lost ones with the way to begin anew.
pub(super) fn refused(error: TokenError, restart: String) -> Failure {
    match error {
        TokenError::Expired => {
            Failure { location: Some(restart), ..Failure::of("syncStateNotFound") }
        }
        TokenError::Unknown => Failure::of("ErrorInvalidSyncStateData"),
    }
}

fn hex(instant: Timestamp) -> String {
    format!("{:x}", instant.as_millisecond().cast_unsigned())
}

fn instant(hex: &str) -> Option<Timestamp> {
    let milliseconds = u64::from_str_radix(hex, 16).ok()?.cast_signed();
    Timestamp::from_millisecond(milliseconds).ok()
}
