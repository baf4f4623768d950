//! One armed rule: whether a moment is what it is for, and whether it is its turn.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::time::Duration;

use calamity_evidence::RequestId;
use jiff::Timestamp;

use super::draw::Draw;
use super::effect::Effect;
use super::glob::fits;
use super::probe::{Known, Probe};
use super::quota::{Buckets, Room};
use super::rule::Rule;
use crate::operation::Op;

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct ArmedRule {
    /// The rule.
    pub(super) rule: Rule,
    since: Timestamp,
    seen: u64,
    /// How often it fired since it was armed.
    pub(super) fired: u64,
    draws: BTreeMap<String, u64>,
    buckets: Buckets,
}

/// What does not change between the rules of a server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ground<'a> {
    /// The seed of all draws.
    pub(super) seed: u64,
    /// The state in which the scenario is.
    pub(super) scene: &'a str,
}

/// How a rule fires.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Fires {
    /// It waits; other rules still apply.
    Wait(Duration),
    /// It has its effect.
    Effect(Effect),
}

impl ArmedRule {
    pub(super) fn new(rule: Rule, since: Timestamp) -> Self {
        let (draws, buckets) = (BTreeMap::new(), Buckets::default());
        Self { rule, since, seen: 0, fired: 0, draws, buckets }
    }

    /// `Some` when site, operation, item, calendar, request and state fit; inside it the item that
    /// it hit, if the moment is about exactly one or the rule selects one.
    pub(super) fn matches<'a>(&self, probe: &Probe<'a>) -> Option<Option<&'a Known>> {
        let rule = &self.rule;
        let op = fits(&rule.op, probe.op.name())
            || (probe.op.is_feed() && fits(&rule.op, Op::FEED_PAGE));
        if rule.site != probe.site || !op || !probe.reach.covers(rule) {
            return None;
        }
        let stored = rule.select.as_deref().and_then(|select| select.stored.as_ref());
        let like_this =
            |item: Option<&Known>| stored.is_none_or(|stored| stored.holds(probe, item));
        if rule.select.as_deref().is_some_and(|select| !select.selects(probe)) {
            return None;
        }
        let in_calendar = |names: &BTreeSet<String>| {
            rule.calendar.as_ref().is_none_or(|wanted| names.iter().any(|name| name == wanted))
        };
        let Some(selector) = &rule.item else {
            let about = if let [only] = probe.items { Some(only) } else { None };
            let here = in_calendar(probe.calendars)
                || probe.items.iter().any(|known| in_calendar(&known.calendars));
            return (here && like_this(about)).then_some(about);
        };
        let hit = |known: &&Known| {
            selector.selects(known) && in_calendar(&known.calendars) && like_this(Some(known))
        };
        probe.items.iter().find(hit).map(Some)
    }

    /// How it fires at a moment that it matches; `None` when it is not its turn.
    pub(super) fn due(
        &mut self,
        ground: Ground<'_>,
        probe: &Probe<'_>,
        item: Option<&Known>,
    ) -> Option<Fires> {
        let when = &self.rule.when;
        if when.state.as_ref().is_some_and(|wanted| wanted != ground.scene) {
            return None;
        }
        if let Some(window) = when.window {
            let open = i128::from(window.after_ms) * 1_000_000;
            let shut = open + i128::from(window.for_ms) * 1_000_000;
            let age = probe.now.as_nanosecond() - self.since.as_nanosecond();
            if !(open..shut).contains(&age) {
                return None;
            }
        }
        let mut room_in_s = None;
        if let Some(quota) = &when.quota {
            match self.buckets.ask(quota, probe) {
                Room::Within => return None,
                Room::Beyond(seconds) => room_in_s = Some(seconds).filter(|_| quota.says_when),
            }
        }
        self.seen += 1;
        let place = self.seen.checked_sub(when.skip).filter(|place| *place > 0)?;
        if when.times.is_some_and(|most| self.fired >= most)
            || when.every.is_some_and(|n| !(place - 1).is_multiple_of(n.max(1)))
            || when.hold.is_some_and(|wanted| wanted != place)
        {
            return None;
        }
        if let Some(probability) = when.probability
            && self.draw(ground.seed, probe.op, item, |draw| draw.unit()) >= probability
        {
            return None;
        }
        self.fired += 1;
        Some(self.fires(ground.seed, probe.op, item, room_in_s))
    }

    fn fires(&mut self, seed: u64, op: Op, item: Option<&Known>, room_in_s: Option<u64>) -> Fires {
        let wait = |ms: u64| Fires::Wait(Duration::from_millis(ms));
        match self.rule.what.clone() {
            Effect::Delay { ms } => wait(ms),
            Effect::DelayUniform { from_ms, upto_ms } => {
                wait(self.draw(seed, op, item, |draw| draw.between(from_ms, upto_ms)))
            }
            Effect::DelayLognormal { median_ms, sigma, most_ms } => {
                wait(self.draw(seed, op, item, |draw| draw.lognormal(median_ms, sigma, most_ms)))
            }
            Effect::Error(mut error) => {
                error.retry_after_s = error.retry_after_s.or(room_in_s);
                Fires::Effect(Effect::Error(error))
            }
            other => Fires::Effect(other),
        }
    }

    fn draw<T>(
        &mut self,
        seed: u64,
        op: Op,
        item: Option<&Known>,
        draw: impl FnOnce(Draw<'_>) -> T,
    ) -> T {
        let stable =
            item.map_or("", |known| if known.uid.is_empty() { &known.title } else { &known.uid });
        let key = format!("{op} {stable}");
        let ordinal = self.draws.entry(key.clone()).or_insert(0);
        *ordinal += 1;
        draw(Draw { seed, rule: &self.rule.id, key: &key, ordinal: *ordinal })
    }

    /// Whether a request counts against its limit of concurrency.
    pub(super) fn counts(&self, request: RequestId) -> bool {
        self.rule.when.quota.is_some() && self.buckets.runs(request)
    }

    /// A request has been answered.
    pub(super) fn finished(&mut self, request: RequestId) {
        self.buckets.finished(request);
    }
}
