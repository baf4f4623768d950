//! Which combinations of site and effect exist, and which no specification allows.

use http::{HeaderName, HeaderValue};
use thiserror::Error;

use super::effect::{Abort, After, Effect, PatchEffect, Sequence};
use super::glob::fits;
use super::rule::{Origin, Rule, Site};
use super::select::Selector;
use super::when::Quota;
use crate::nesting::{self, DEPTH_MAX};
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
    /// It is said to have been observed, and not where.
    #[error(
        "fault `{id}`: an error after the commit is against the specification; name the `source` in which it was observed"
    )]
    Unsourced {
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
        let here = |op: &&Op| match self.site {
            Site::Feed => op.is_feed(),
            Site::Push => op.is_push(),
            // A connection says nothing by which a pattern of requests could mean it.
            Site::Link => {
                !op.is_push() && (**op != Op::Connect || ["*", op.name()].contains(&&*self.op))
            }
            _ => !op.is_push() && **op != Op::Connect,
        };
        let named = |op: &Op| fits(&self.op, op.name());
        let all_feeds = self.site != Site::Push && fits(&self.op, Op::FEED_PAGE);
        if !all_feeds && !Op::ALL.iter().filter(here).any(named) {
            return Err(Forbidden::NoSuchOperation { id: self.id.clone(), op: self.op.clone() });
        }
        if !self.site.takes(&self.what) {
            return Err(Forbidden::NotThere {
                id: self.id.clone(),
                effect: self.what.name(),
                site: self.site.name(),
            });
        }
        if self.is_late_error() {
            match (self.origin, &self.source) {
                (Origin::Spec, _) => {
                    return Err(Forbidden::AgainstTheSpecification { id: self.id.clone() });
                }
                (Origin::Observed, None) => {
                    return Err(Forbidden::Unsourced { id: self.id.clone() });
                }
                _ => {}
            }
        }
        let found = self.unfit_condition().or_else(|| self.unfit_effect());
        let deep =
            || serde_json::to_value(&self.what).is_ok_and(|it| nesting::depth(&it) > DEPTH_MAX);
        let found = found.or_else(|| deep().then_some(("what", "nested at most 64 levels deep")));
        found.map_or(Ok(()), |(what, range)| {
            Err(Forbidden::OutOfRange { id: self.id.clone(), what, range })
        })
    }

    /// Whether the client is told of a failure when everything is committed.
    fn is_late_error(&self) -> bool {
        let error = match &self.what {
            Effect::Error(_) => true,
            Effect::Patch(patch) => patch.status.is_some_and(|status| status >= 400),
            _ => false,
        };
        self.site == Site::Response && error
    }

    fn unfit_condition(&self) -> Option<Unfit> {
        let when = &self.when;
        if when.every == Some(0) {
            return Some(("every", "at least 1"));
        }
        if when.hold == Some(0) {
            return Some(("hold", "at least 1"));
        }
        if when.probability.is_some_and(|p| !(0.0..=1.0).contains(&p)) {
            return Some(("probability", "between 0 and 1"));
        }
        let many = when.quota.as_ref().is_some_and(|quota| quota.concurrency.is_some());
        if self.site == Site::Push && (when.hold.is_some() || many) {
            return Some((
                "when",
                "without `hold` and `concurrency` at a push, which nobody waits for",
            ));
        }
        if self.op == Op::Connect.name() && when.hold.is_some() {
            return Some(("when", "without `hold` at `connect`, where no request is yet"));
        }
        let selected = self.select.as_deref().and_then(unfit_selector);
        selected.or_else(|| when.quota.as_ref().and_then(unfit_quota))
    }

    fn unfit_effect(&self) -> Option<Unfit> {
        match &self.what {
            Effect::Cut { keep } if !(0.0..=1.0).contains(keep) => {
                Some(("keep", "between 0 and 1"))
            }
            Effect::Abort(Abort::Truncate(After::Fraction(f))) if !(0.0..=1.0).contains(f) => {
                Some(("fraction", "between 0 and 1"))
            }
            Effect::Abort(Abort::Refuse) if !["*", Op::Connect.name()].contains(&&*self.op) => {
                Some(("op", "`*` or `connect`: a connection that is refused asks for nothing"))
            }
            Effect::Error(error) if error.status.is_some_and(|s| !(400..=599).contains(&s)) => {
                Some(("status", "between 400 and 599"))
            }
            Effect::Error(error) if !are_headers(&error.headers) => Some(HEADERS),
            Effect::DelayUniform { from_ms, upto_ms } if from_ms > upto_ms => {
                Some(("upto_ms", "at least `from_ms`"))
            }
            Effect::DelayLognormal { sigma, .. } if !(0.0..=4.0).contains(sigma) => {
                Some(("sigma", "between 0 and 4"))
            }
            Effect::Throttle { bytes_per_second: 0 } => Some(("bytes_per_second", "at least 1")),
            Effect::Dribble { bytes: 0, .. } => Some(("bytes", "at least 1")),
            Effect::Dribble { every_ms: 0, .. } => Some(("every_ms", "at least 1")),
            Effect::Stale { lag_ms: 0 } => Some(("lag_ms", "at least 1")),
            Effect::Sequence(Sequence::Inject(rows)) if rows.len() > ROWS_MAX => {
                Some(("inject", "at most 1000 rows"))
            }
            Effect::Patch(patch) => unfit_patch(patch, self.site),
            _ => None,
        }
    }
}

/// What is out of its range, and what it may be.
type Unfit = (&'static str, &'static str);

const HEADERS: Unfit = ("headers", "names and values of HTTP headers");

/// How many rows a fault may make up.
const ROWS_MAX: usize = 1_000;

/// The highest limit: each match within its span is remembered.
const LIMIT_MAX: u64 = 100_000;

fn unfit_selector(select: &Selector) -> Option<Unfit> {
    let no_path = |path: &str| !path.starts_with('/');
    let bodies = [&select.json, &select.xml];
    if bodies.into_iter().flatten().any(|body| no_path(&body.path)) {
        return Some(("path", "a path that begins with `/`"));
    }
    let header = select.header.as_ref()?;
    HeaderName::from_bytes(header.name.as_bytes()).err().map(|_| HEADERS)
}

fn unfit_quota(quota: &Quota) -> Option<Unfit> {
    if quota.limit.is_some() != quota.window_ms.is_some() {
        return Some(("quota", "given with `limit` and `window_ms` together"));
    }
    if quota.limit.is_none() && quota.concurrency.is_none() {
        return Some(("quota", "given with a `limit` or a `concurrency`"));
    }
    if quota.limit.is_some_and(|limit| limit > LIMIT_MAX) {
        return Some(("limit", "at most 100000"));
    }
    (quota.window_ms == Some(0)).then_some(("window_ms", "at least 1"))
}

fn unfit_patch(patch: &PatchEffect, site: Site) -> Option<Unfit> {
    if patch.status.is_some_and(|status| !(200..=599).contains(&status)) {
        return Some(("status", "between 200 and 599"));
    }
    let is_sent = matches!(site, Site::Request | Site::Push);
    if is_sent && (patch.status.is_some() || patch.etag.is_some()) {
        return Some(("patch", "without `status` and `etag` in what is no answer"));
    }
    let of_members =
        PatchEffect { set: patch.set.clone(), drop: patch.drop.clone(), ..PatchEffect::default() };
    if site == Site::Feed && *patch != of_members {
        return Some(("patch", "of members only in the rows of a feed"));
    }
    (!are_headers(&patch.headers)).then_some(HEADERS)
}

fn are_headers(headers: &std::collections::BTreeMap<String, String>) -> bool {
    headers.iter().all(|(name, value)| {
        HeaderName::from_bytes(name.as_bytes()).is_ok() && HeaderValue::from_str(value).is_ok()
    })
}

impl Site {
    fn takes(self, effect: &Effect) -> bool {
        match effect {
            Effect::Delay { .. }
            | Effect::DelayUniform { .. }
            | Effect::DelayLognormal { .. }
            | Effect::Abort(Abort::Reset | Abort::Close | Abort::Hang) => true,
            Effect::Abort(Abort::HalfClose) => self != Self::Push,
            Effect::Abort(Abort::Garbage) => self != Self::Push,
            Effect::Abort(Abort::Truncate(_)) => {
                matches!(self, Self::Response | Self::Feed | Self::Push)
            }
            Effect::Throttle { .. } | Effect::Dribble { .. } => {
                matches!(self, Self::Response | Self::Feed)
            }
            Effect::Abort(Abort::Refuse) => self == Self::Link,
            Effect::Error(_) => !matches!(self, Self::Link | Self::Push),
            Effect::Omit => matches!(self, Self::Item | Self::Feed | Self::Push),
            Effect::Token(_) | Effect::Empty | Effect::Cut { .. } => self == Self::Feed,
            Effect::Sequence(_) => matches!(self, Self::Response | Self::Feed | Self::Push),
            Effect::Patch(_) => self != Self::Link,
            Effect::Stale { .. } | Effect::Race(_) => self == Self::Request,
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
            Self::DelayUniform { .. } => "delay-uniform",
            Self::DelayLognormal { .. } => "delay-lognormal",
            Self::Throttle { .. } => "throttle",
            Self::Dribble { .. } => "dribble",
            Self::Sequence(_) => "sequence",
            Self::Stale { .. } => "stale",
            Self::Race(_) => "race",
            Self::Omit => "omit",
            Self::Token(_) => "token",
            Self::Empty => "empty",
            Self::Cut { .. } => "cut",
            Self::Patch(_) => "patch",
        }
    }
}
