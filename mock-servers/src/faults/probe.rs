//! The moment about which the server asks, and the answer.

use std::collections::BTreeSet;
use std::time::Duration;

use calamity_evidence::RequestId;
use jiff::Timestamp;

use super::asker::Asker;
use super::effect::{Abort, Effect, TokenEffect};
use super::rule::{Rule, Site};
use crate::operation::Op;
use crate::server::Protocol;

/// Which effects can be carried out where the server asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// All that the site takes.
    All,
    /// A page of a feed, or a read, as a whole; `token` says whether the request carried one.
    Page {
        /// Whether there is a token to damage.
        token: bool,
    },
    /// One row of a page, or one object of a read.
    Row,
    /// One row that is nothing but an id.
    Id,
    /// A whole request before anything of it is applied.
    Request {
        /// Whether nothing but reading is asked for: it can be answered from the past.
        reads: bool,
        /// Whether what is stored would be changed: somebody else can be faster.
        writes: bool,
    },
    /// A connection that was made.
    Accept,
}

impl Reach {
    /// Whether what a rule says can be carried out.
    pub(super) fn covers(self, rule: &Rule) -> bool {
        let effect = &rule.what;
        let row = matches!(effect, Effect::Omit | Effect::Patch(_));
        let refuse = matches!(effect, Effect::Abort(Abort::Refuse));
        let of_token = matches!(effect, Effect::Token(TokenEffect::Expire | TokenEffect::Rewind));
        match self {
            Self::All => !refuse,
            Self::Request { reads, writes } => match effect {
                Effect::Stale { .. } => reads,
                Effect::Race(_) => writes,
                _ => !refuse,
            },
            Self::Page { token } => !row && !refuse && (token || !of_token),
            Self::Row => row,
            Self::Id => matches!(effect, Effect::Omit),
            Self::Accept => refuse || rule.op == Op::Connect.name(),
        }
    }
}

/// See the module.
#[derive(Clone, Debug)]
pub(crate) struct Probe<'a> {
    /// Where.
    pub(crate) site: Site,
    /// What is being done.
    pub(crate) op: Op,
    /// What can happen here.
    pub(crate) reach: Reach,
    /// The items that it is about; one at an `item`, any number elsewhere.
    pub(crate) items: &'a [Known],
    /// Names of the calendars that it is limited to.
    pub(crate) calendars: &'a BTreeSet<String>,
    /// The request.
    pub(crate) request: RequestId,
    /// The server's time.
    pub(crate) now: Timestamp,
    /// Rules that have had their turn in this request and stay silent.
    pub(crate) spent: &'a BTreeSet<String>,
    /// What the server speaks.
    pub(crate) protocol: Protocol,
    /// Who asks and with what; unknown when nothing was armed as the request came.
    pub(crate) asker: Option<&'a Asker>,
    /// How many items the account holds.
    pub(crate) stored: usize,
    /// How old the token of the request is, in milliseconds, where it carries one.
    pub(crate) token_age_ms: Option<u64>,
}

/// What is known of an item, for selecting it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Its id or creation id.
    pub(crate) id: String,
    /// Its uid.
    pub(crate) uid: String,
    /// Its title with the harness's token.
    pub(crate) title: String,
    /// Names of its calendars.
    pub(crate) calendars: BTreeSet<String>,
    /// How many people are invited.
    pub(crate) attendees: usize,
    /// Its place among the items of the request or page.
    pub(crate) index: u64,
}

/// What a probe met.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Met {
    /// How long the answer is held back.
    pub(crate) delay: Duration,
    /// The effect of the first rule that was due, if it was not a delay.
    pub(crate) effect: Option<Effect>,
    /// The rules that fired.
    pub(crate) fired: Vec<String>,
    /// The item that the effect is about, if it is about one.
    pub(crate) item: Option<String>,
    /// Those of them that hold the request back until they are released.
    pub(crate) holds: Vec<String>,
}
