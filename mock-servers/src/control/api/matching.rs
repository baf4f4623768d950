//! What of a journal entry is asked for, and how near an entry comes to it.

use calamity_evidence::{Actor, Request, Write, WriteOp};

use super::call::Call;
use super::wire;
use crate::faults::fits;

/// What is asked for of requests. Patterns: `*` is any text, `?` any sign. What is left out fits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) op: Option<String>,
    pub(super) status: Option<u64>,
}

/// One thing in which an entry differs from what is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) field: &'static str,
    pub(super) expected: String,
    pub(super) found: String,
}

impl Wanted {
    /// Of a query.
    pub(super) fn of(call: &Call) -> Self {
        let text = |name| call.text(name).map(str::to_owned);
        Self {
            method: text("method"),
            path: text("path"),
            op: text("op"),
            status: call.number("status"),
        }
    }

    /// How many things are asked for.
    pub(super) fn len(&self) -> usize {
        let asked =
            [self.method.is_some(), self.path.is_some(), self.op.is_some(), self.status.is_some()];
        asked.into_iter().filter(|asked| *asked).count()
    }

    /// Whether a request is what is asked for.
    pub(super) fn fits(&self, request: &Request) -> bool {
        self.differences(request).is_empty()
    }

    /// In what a request differs from what is asked for.
    pub(super) fn differences(&self, request: &Request) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut hold = |field, expected: Option<String>, fits: bool, found: String| {
            if let Some(expected) = expected.filter(|_| !fits) {
                differences.push(Difference { field, expected, found });
            }
        };
        let method = self.method.as_ref().is_none_or(|it| it.eq_ignore_ascii_case(&request.method));
        hold("method", self.method.clone(), method, request.method.clone());
        let path = self.path.as_ref().is_none_or(|pattern| fits(pattern, &request.target));
        hold("path", self.path.clone(), path, request.target.clone());
        let op = self.op.as_ref().is_none_or(|pattern| {
            request.operations.iter().any(|operation| fits(pattern, operation))
        });
        hold("op", self.op.clone(), op, request.operations.join(", "));
        let status =
            self.status.is_none_or(|it| request.status.is_some_and(|is| u64::from(is) == it));
        let found = request.status.map_or_else(|| "none".to_owned(), |status| status.to_string());
        hold("status", self.status.map(|status| status.to_string()), status, found);
        differences
    }
}

/// Whether a write is of an operation, by the log's word for it or the fault model's.
pub(super) fn is_op(pattern: &str, write: &Write) -> bool {
    let model: &[&str] = match write.op {
        WriteOp::Create => &["event.create", "contact.create"],
        WriteOp::Update => &["event.update", "contact.update"],
        WriteOp::Delete => &["event.delete", "contact.delete"],
        WriteOp::CreateContainer => &["calendar.create", "addressbook.create"],
        WriteOp::UpdateContainer => &["calendar.update", "addressbook.update"],
        WriteOp::DeleteContainer => &["calendar.delete", "addressbook.delete"],
    };
    fits(pattern, wire::op(write.op)) || model.iter().any(|name| fits(pattern, name))
}

/// Whether somebody wrote: `client`, `seed`, `user`, or a pattern over `user:` and the address.
pub(super) fn is_actor(pattern: &str, actor: &Actor) -> bool {
    let any_user = pattern == "user" && matches!(actor, Actor::User(_));
    any_user || fits(pattern, &wire::actor(actor))
}
