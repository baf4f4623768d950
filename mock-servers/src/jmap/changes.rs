//! States, and what has changed since one (RFC 8620 section 5.2).

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::dispatch::Run;
use super::errors::MethodError;
use super::privacy;
use crate::account::{Account, ChangeLog, Collapsed};
use crate::faults::TokenEffect;
use crate::operation::{Op, Target};
use crate::turn::Verdict;

/// A type of object that has a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Events, contacts: what an account holds.
    Item,
    /// Calendars, address books: what holds it.
    Container,
}

impl Kind {
    fn log(self, account: &Account) -> &ChangeLog {
        match self {
            Self::Item => account.changes(),
            Self::Container => account.calendar_changes(),
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            Self::Item => "e",
            Self::Container => "c",
        }
    }

    /// The state of the type now.
    pub(super) fn state(self, account: &Account) -> String {
        self.state_at(account, self.log(account).last())
    }

    fn state_at(self, account: &Account, modseq: u64) -> String {
        account.seal(&format!("{}{modseq}", self.prefix()))
    }

    fn modseq(self, account: &Account, state: &str) -> Option<u64> {
        let payload = account.unseal(state).ok()?;
        let modseq = payload.strip_prefix(self.prefix())?.parse().ok()?;
        (modseq <= self.log(account).last()).then_some(modseq)
    }
}

/// Answers `Foo/changes`.
pub(super) fn run(
    run: &mut Run<'_, '_>,
    arguments: Map<String, Value>,
    kind: Kind,
    op: Op,
) -> Result<Map<String, Value>, MethodError> {
    let arguments = Arguments::new(arguments, &["sinceState", "maxChanges"])?;
    let since_state = arguments.text("sinceState")?.to_owned();
    let wanted = arguments.count("maxChanges")?;
    if wanted == Some(0) {
        return Err(MethodError::invalid_arguments("`maxChanges` is 0"));
    }
    let limit = run.limits().changes_max_results;
    let known = kind.modseq(run.turn.account(), &since_state);
    run.turn.carries_token(known);
    let verdict = match kind {
        Kind::Item => run.turn.fault_page(op, &BTreeSet::new(), true),
        Kind::Container => run.turn.fault_call(op, &[]),
    };
    let stale = || MethodError::new("cannotCalculateChanges");
    match &verdict {
        Verdict::Error(error) => return Err(MethodError::fault(error)),
        Verdict::Token(TokenEffect::Expire) => return Err(stale()),
        _ => {}
    }
    let account = run.turn.account();
    let since = kind.modseq(account, &since_state).ok_or_else(stale)?;
    let log = kind.log(account);
    let last = log.last();
    let mut changes = log.collapse(since, wanted.unwrap_or(limit).min(limit));
    if !changes.more {
        changes.upto = last;
    }
    damage(&mut changes, &verdict, last);
    if kind == Kind::Item {
        for set in [&mut changes.created, &mut changes.updated, &mut changes.destroyed] {
            set.retain(|id| {
                let target = Target { id: id.clone(), ..Target::default() };
                run.turn.fault_id(op, &target) != Verdict::Omit
            });
        }
    }
    if privacy::is_foreign(run) {
        let account = run.turn.account();
        let secret =
            |id: &String| account.item(id).is_some_and(|item| privacy::is_secret(&item.body));
        changes.created.retain(|id| !secret(id));
        // Who knew it is told that it is no more.
        let hidden: Vec<String> = changes.updated.iter().filter(|id| secret(id)).cloned().collect();
        changes.updated.retain(|id| !hidden.contains(id));
        changes.destroyed.extend(hidden);
    }
    let account = run.turn.account();
    Ok(Map::from_iter([
        ("oldState".to_owned(), json!(since_state)),
        ("newState".to_owned(), json!(kind.state_at(account, changes.upto))),
        ("hasMoreChanges".to_owned(), json!(changes.more)),
        ("created".to_owned(), json!(changes.created)),
        ("updated".to_owned(), json!(changes.updated)),
        ("destroyed".to_owned(), json!(changes.destroyed)),
    ]))
}

/// What a fault makes of a page; it looks complete all the same.
fn damage(changes: &mut Collapsed, verdict: &Verdict, last: u64) {
    let keep = match verdict {
        Verdict::Empty => 0,
        Verdict::Cut(share) => ((changes.len() as f64) * share).round() as usize,
        Verdict::Token(TokenEffect::Rewind) => {
            changes.upto = 0;
            return;
        }
        _ => return,
    };
    let mut left = keep;
    for set in [&mut changes.created, &mut changes.updated, &mut changes.destroyed] {
        let kept: BTreeSet<String> = set.iter().take(left).cloned().collect();
        left -= kept.len();
        *set = kept;
    }
    changes.upto = last;
    changes.more = false;
}
