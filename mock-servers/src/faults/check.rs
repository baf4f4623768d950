//! Which combinations of site and effect exist, and which no specification allows.

use serde_json::Value;
use thiserror::Error;

use super::glob::fits;
use super::rule::{Abort, After, Effect, Origin, Rule, Site};
use crate::operation::Op;

/// Why a rule cannot be armed as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Forbidden {
    /// The pattern names no operation.
    #[error("fault `{id}`: no operation matches `{op}`")]
    NoSuchOperation {
        /// The rule.
        id: String,
        /// Its pattern.
        op: String,
    },
    /// Nothing of that kind can happen there.
    #[error("fault `{id}`: `{effect}` cannot happen at site `{site}`")]
    NotThere {
        /// The rule.
        id: String,
        /// The effect.
        effect: &'static str,
        /// The site.
        site: &'static str,
    },
    /// The specification forbids it, and the rule does not say on what other ground it stands.
    #[error(
        "fault `{id}`: an error after the commit is against the specification; mark it `origin: observed` or `hostile`"
    )]
    AgainstTheSpecification {
        /// The rule.
        id: String,
    },
    /// A number out of its range.
    #[error("fault `{id}`: `{what}` must be {range}")]
    OutOfRange {
        /// The rule.
        id: String,
        /// The number's name.
        what: &'static str,
        /// What it may be.
        range: &'static str,
    },
}

impl Rule {
    /// Whether it can fire at all and is allowed to.
    ///
    /// # Errors
    /// The first reason why not.
    pub fn check(&self) -> Result<(), Forbidden> {
        let here = |op: &&Op| self.site != Site::Feed || op.is_feed();
        let named = |op: &Op| fits(&self.op, op.name());
        if !fits(&self.op, Op::FEED_PAGE) && !Op::ALL.iter().filter(here).any(named) {
            return Err(Forbidden::NoSuchOperation { id: self.id.clone(), op: self.op.clone() });
        }
        if !self.site.takes(&self.what) {
            return Err(Forbidden::NotThere {
                id: self.id.clone(),
                effect: self.what.name(),
                site: self.site.name(),
            });
        }
        let late_error = self.site == Site::Response && matches!(self.what, Effect::Error(_));
        if late_error && self.origin == Origin::Spec {
            return Err(Forbidden::AgainstTheSpecification { id: self.id.clone() });
        }
        self.check_numbers()
    }

    fn check_numbers(&self) -> Result<(), Forbidden> {
        let out = |what, range| Err(Forbidden::OutOfRange { id: self.id.clone(), what, range });
        if self.when.every == Some(0) {
            return out("every", "at least 1");
        }
        if self.when.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return out("probability", "between 0 and 1");
        }
        match &self.what {
            Effect::Cut { keep } if !(0.0..=1.0).contains(keep) => out("keep", "between 0 and 1"),
            Effect::Abort(Abort::Truncate(After::Fraction(f))) if !(0.0..=1.0).contains(f) => {
                out("fraction", "between 0 and 1")
            }
            Effect::Error(error) if error.status.is_some_and(|s| !(400..=599).contains(&s)) => {
                out("status", "between 400 and 599")
            }
            _ => Ok(()),
        }
    }
}

impl Site {
    fn takes(self, effect: &Effect) -> bool {
        match effect {
            Effect::Delay { .. } => true,
            Effect::Abort(Abort::Truncate(_)) => matches!(self, Self::Response | Self::Feed),
            Effect::Abort(_) => true,
            Effect::Error(_) => self != Self::Link,
            Effect::Omit => matches!(self, Self::Item | Self::Feed),
            Effect::Token(_) | Effect::Empty | Effect::Cut { .. } => self == Self::Feed,
            Effect::Patch(_) => matches!(self, Self::Item | Self::Feed | Self::Response),
        }
    }
}

impl Effect {
    /// The word for it in scenarios.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Error(_) => "error",
            Self::Abort(_) => "abort",
            Self::Delay { .. } => "delay",
            Self::Omit => "omit",
            Self::Token(_) => "token",
            Self::Empty => "empty",
            Self::Cut { .. } => "cut",
            Self::Patch(_) => "patch",
        }
    }
}

impl super::PatchEffect {
    /// Applies it to a JSON value. A pointer into nothing changes nothing, except that the last
    /// member of a `set` is made.
    pub fn apply(&self, value: &mut Value) {
        for (key, new) in &self.set {
            if let Some((parent, last)) = parent_of(value, key) {
                set_member(parent, &last, new);
            }
        }
        for key in &self.drop {
            if let Some((parent, last)) = parent_of(value, key) {
                drop_member(parent, &last);
            }
        }
    }

    /// Applies it to the members of an object.
    pub(crate) fn apply_to(&self, object: &mut serde_json::Map<String, Value>) {
        let mut value = Value::Object(std::mem::take(object));
        self.apply(&mut value);
        if let Value::Object(members) = value {
            *object = members;
        }
    }
}

fn parent_of<'a>(value: &'a mut Value, key: &str) -> Option<(&'a mut Value, String)> {
    let Some(pointer) = key.strip_prefix('/') else { return Some((value, key.to_owned())) };
    let (parent, last) = match pointer.rsplit_once('/') {
        Some((parent, last)) => (value.pointer_mut(&format!("/{parent}"))?, last),
        None => (value, pointer),
    };
    Some((parent, last.replace("~1", "/").replace("~0", "~")))
}

fn set_member(parent: &mut Value, last: &str, new: &Value) {
    match parent {
        Value::Object(members) => {
            members.insert(last.to_owned(), new.clone());
        }
        Value::Array(elements) => {
            if let Some(slot) = last.parse().ok().and_then(|at: usize| elements.get_mut(at)) {
                *slot = new.clone();
            }
        }
        _ => {}
    }
}

fn drop_member(parent: &mut Value, last: &str) {
    match parent {
        Value::Object(members) => {
            members.remove(last);
        }
        Value::Array(elements) => {
            if let Ok(at) = last.parse::<usize>()
                && at < elements.len()
            {
                elements.remove(at);
            }
        }
        _ => {}
    }
}
