//! The rules that are armed on one server: which of them a moment meets, and how often each fired.
//!
//! The first rule that matches and is due wins; delays are added up on the way to it. Random draws
//! hash (seed, rule, item, how often that item came), so that concurrency cannot reshuffle them.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use calamity_evidence::{FaultHit, Lineage, RequestId, Side};
use jiff::Timestamp;

use super::glob::fits;
use super::rule::{Abort, Effect, ItemSelector, Rule, Site, When};
use crate::account::derive;
use crate::operation::Op;

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
}

impl Reach {
    fn covers(self, effect: &Effect) -> bool {
        let row = matches!(effect, Effect::Omit | Effect::Patch(_));
        match self {
            Self::All => true,
            Self::Page { token } => !row && (token || !matches!(effect, Effect::Token(_))),
            Self::Row => row,
            Self::Id => matches!(effect, Effect::Omit),
        }
    }
}

/// The moment about which the server asks.
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
}

#[derive(Clone, Debug)]
struct ArmedRule {
    rule: Rule,
    since: Timestamp,
    seen: u64,
    fired: u64,
    draws: BTreeMap<String, u64>,
}

/// Rules in the order in which they were armed, and every hit so far.
#[derive(Clone, Debug)]
pub(crate) struct Armed {
    seed: u64,
    side: Side,
    rules: Vec<ArmedRule>,
    hits: Vec<FaultHit>,
    fired: BTreeMap<String, u64>,
}

impl Armed {
    pub(crate) fn new(seed: u64, side: Side) -> Self {
        Self { seed, side, rules: Vec::new(), hits: Vec::new(), fired: BTreeMap::new() }
    }

    /// Arms a rule in place of the one with the same id.
    pub(crate) fn arm(&mut self, rule: Rule, now: Timestamp) {
        self.clear(&rule.id);
        self.rules.push(ArmedRule { rule, since: now, seen: 0, fired: 0, draws: BTreeMap::new() });
    }

    /// Takes a rule away; its hits stay on record.
    pub(crate) fn clear(&mut self, id: &str) {
        self.rules.retain(|armed| armed.rule.id != id);
    }

    /// The rules that are armed, with how often each fired since it was.
    pub(crate) fn list(&self) -> Vec<(String, u64)> {
        self.rules.iter().map(|armed| (armed.rule.id.clone(), armed.fired)).collect()
    }

    /// The rules themselves, with how often each fired since it was armed.
    pub(crate) fn rules(&self) -> Vec<(Rule, u64)> {
        self.rules.iter().map(|armed| (armed.rule.clone(), armed.fired)).collect()
    }

    /// Every hit so far.
    pub(crate) fn hits(&self) -> &[FaultHit] {
        &self.hits
    }

    /// Whether anything is armed at a site: most requests meet nothing, and pay nothing for it.
    pub(crate) fn any_at(&self, site: Site) -> bool {
        self.rules.iter().any(|armed| armed.rule.site == site)
    }

    /// Asks the rules in their order and records those that fire.
    pub(crate) fn ask(&mut self, probe: &Probe<'_>) -> Met {
        let mut met = Met::default();
        for armed in &mut self.rules {
            if probe.spent.contains(&armed.rule.id) {
                continue;
            }
            let Some(item) = armed.matches(probe) else { continue };
            if !armed.due(self.seed, probe, item) {
                continue;
            }
            let total = self.fired.entry(armed.rule.id.clone()).or_insert(0);
            *total += 1;
            met.fired.push(armed.rule.id.clone());
            self.hits.push(FaultHit {
                rule: armed.rule.id.clone(),
                site: armed.rule.site.name().to_owned(),
                occurrence: *total,
                at: probe.now,
                server: self.side,
                request: probe.request,
                op: probe.op.name().to_owned(),
                item: item.map(|known| known.id.clone()),
            });
            if let Effect::Delay { ms } = armed.rule.what {
                met.delay += Duration::from_millis(ms);
            } else {
                met.effect = Some(armed.rule.what.clone());
                break;
            }
        }
        met
    }
}

impl ArmedRule {
    /// `Some` when site, operation, item and calendar fit; inside it the item that it hit, if the
    /// moment is about exactly one or the rule selects one.
    fn matches<'a>(&self, probe: &Probe<'a>) -> Option<Option<&'a Known>> {
        let rule = &self.rule;
        let op = fits(&rule.op, probe.op.name())
            || (probe.op.is_feed() && fits(&rule.op, Op::FEED_PAGE));
        if rule.site != probe.site || !op || !probe.reach.covers(&rule.what) {
            return None;
        }
        let in_calendar = |names: &BTreeSet<String>| {
            rule.calendar.as_ref().is_none_or(|wanted| names.iter().any(|name| name == wanted))
        };
        let Some(selector) = &rule.item else {
            let about = if let [only] = probe.items { Some(only) } else { None };
            let here = in_calendar(probe.calendars)
                || probe.items.iter().any(|known| in_calendar(&known.calendars));
            return here.then_some(about);
        };
        let hit = |known: &&Known| selector.selects(known) && in_calendar(&known.calendars);
        probe.items.iter().find(hit).map(Some)
    }

    fn due(&mut self, seed: u64, probe: &Probe<'_>, item: Option<&Known>) -> bool {
        let When { skip, times, every, probability, window } = self.rule.when;
        if let Some(window) = window {
            let open = i128::from(window.after_ms) * 1_000_000;
            let shut = open + i128::from(window.for_ms) * 1_000_000;
            let age = probe.now.as_nanosecond() - self.since.as_nanosecond();
            if !(open..shut).contains(&age) {
                return false;
            }
        }
        self.seen += 1;
        if self.seen <= skip || times.is_some_and(|most| self.fired >= most) {
            return false;
        }
        if every.is_some_and(|n| !(self.seen - skip - 1).is_multiple_of(n.max(1))) {
            return false;
        }
        if let Some(probability) = probability
            && !self.draw(seed, probe.op, item, probability)
        {
            return false;
        }
        self.fired += 1;
        true
    }

    fn draw(&mut self, seed: u64, op: Op, item: Option<&Known>, probability: f64) -> bool {
        let stable =
            item.map_or("", |known| if known.uid.is_empty() { &known.title } else { &known.uid });
        let key = format!("{op} {stable}");
        let ordinal = self.draws.entry(key.clone()).or_insert(0);
        *ordinal += 1;
        let digits = derive(seed, &self.rule.id, &key, *ordinal);
        let drawn = u64::from_str_radix(&digits[..13], 16).unwrap_or(0);
        // 52 bits are exact in a double.
        (drawn as f64) / ((1_u64 << 52) as f64) < probability
    }
}

impl ItemSelector {
    fn selects(&self, known: &Known) -> bool {
        match self {
            Self::Lineage(lineage) => Lineage::find(&known.title).as_ref() == Some(lineage),
            Self::Uid(uid) => known.uid == *uid,
            Self::Title(pattern) => fits(pattern, &Lineage::strip(&known.title)),
        }
    }
}

impl Abort {
    /// Bytes of a body of that length that still go out.
    pub(crate) fn cut(self, length: usize) -> Option<usize> {
        match self {
            Self::Truncate(super::After::Bytes(bytes)) => Some(bytes.min(length)),
            Self::Truncate(super::After::Fraction(share)) => {
                Some(((length as f64) * share.clamp(0.0, 1.0)) as usize)
            }
            _ => None,
        }
    }
}
