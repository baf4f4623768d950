//! The rules that are armed on one server: which of them a moment meets, and how often each fired.
//!
//! The first rule that matches and is due wins; delays are added up on the way to it. A hit is
//! addressed by the rule, its site and how often that rule fired (`refuse@item#3`), so that taking
//! one rule away moves the address of no other one's hits. The rules of the server's profile come
//! after those that a scenario armed, and are no part of its list.

use std::collections::BTreeMap;

use calamity_evidence::{FaultHit, RequestId, Side};
use jiff::Timestamp;

use super::due::{ArmedRule, Fires, Ground};
use super::effect::Effect;
use super::probe::{Met, Probe};
use super::rule::{Rule, Site};
use crate::log::{COUNT_MAX, Log};

/// Rules in the order in which they were armed, and every hit so far.
#[derive(Clone, Debug)]
pub(crate) struct Armed {
    seed: u64,
    side: Side,
    rules: Vec<ArmedRule>,
    permanent: Vec<ArmedRule>,
    scene: String,
    hits: Log<FaultHit>,
    fired: BTreeMap<String, u64>,
}

impl Armed {
    pub(crate) fn new(seed: u64, side: Side) -> Self {
        Self {
            seed,
            side,
            rules: Vec::new(),
            permanent: Vec::new(),
            scene: String::new(),
            hits: Log::default(),
            fired: BTreeMap::new(),
        }
    }

    /// The rules of the server's profile, which nobody takes away.
    pub(crate) fn keep(&mut self, rules: &[Rule], now: Timestamp) {
        self.permanent = rules.iter().map(|rule| ArmedRule::new(rule.clone(), now)).collect();
    }

    /// Arms a rule in place of the one with the same id.
    pub(crate) fn arm(&mut self, rule: Rule, now: Timestamp) {
        self.clear(&rule.id);
        self.rules.push(ArmedRule::new(rule, now));
    }

    /// Takes a rule away; its hits stay on record.
    pub(crate) fn clear(&mut self, id: &str) {
        self.rules.retain(|armed| armed.rule.id != id);
    }

    /// Whether a rule of that id is armed.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.rules.iter().chain(&self.permanent).any(|armed| armed.rule.id == id)
    }

    /// The scenario is in the state of that name from now on.
    pub(crate) fn set_scene(&mut self, scene: &str) {
        scene.clone_into(&mut self.scene);
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
    pub(crate) fn hits(&self) -> &Log<FaultHit> {
        &self.hits
    }

    /// Keeps so many hits on record, the newest ones.
    pub(crate) fn bound(&mut self, most: Option<usize>) {
        self.hits.bound(most);
    }

    /// The state in which the scenario is.
    pub(crate) fn scene(&self) -> &str {
        &self.scene
    }

    /// How often each rule has fired, those that are gone included.
    pub(crate) fn fired(&self) -> &BTreeMap<String, u64> {
        &self.fired
    }

    /// What effects that draw take for a seed.
    pub(crate) fn seed(&self) -> u64 {
        self.seed
    }

    /// Puts hits on record that were there before, and how often each rule had fired.
    pub(crate) fn recall(&mut self, hits: Log<FaultHit>, fired: BTreeMap<String, u64>) {
        self.hits = hits;
        self.fired = fired;
        // A file may have been edited: it can still be counted on from.
        self.fired.values_mut().for_each(|total| *total = (*total).min(COUNT_MAX));
    }

    fn all(&self) -> impl Iterator<Item = &ArmedRule> {
        self.rules.iter().chain(&self.permanent)
    }

    /// Whether nothing is armed at all.
    pub(crate) fn is_empty(&self) -> bool {
        self.rules.is_empty() && self.permanent.is_empty()
    }

    /// Whether anything is armed at a site: most requests meet nothing, and pay nothing for it.
    pub(crate) fn any_at(&self, site: Site) -> bool {
        self.all().any(|armed| armed.rule.site == site)
    }

    /// How far back reads can be asked for, in milliseconds; none where the past need not be kept.
    pub(crate) fn lag_max_ms(&self) -> Option<u64> {
        let lag = |armed: &ArmedRule| match armed.rule.what {
            Effect::Stale { lag_ms } => Some(lag_ms),
            _ => None,
        };
        self.all().filter_map(lag).max()
    }

    /// Whether a request counts against a limit of concurrency.
    pub(crate) fn counts(&self, request: RequestId) -> bool {
        self.all().any(|armed| armed.counts(request))
    }

    /// A request has been answered.
    pub(crate) fn finished(&mut self, request: RequestId) {
        for armed in self.rules.iter_mut().chain(&mut self.permanent) {
            armed.finished(request);
        }
    }

    /// Asks the rules in their order and records those that fire.
    pub(crate) fn ask(&mut self, probe: &Probe<'_>) -> Met {
        let mut met = Met::default();
        let ground = Ground { seed: self.seed, scene: &self.scene };
        for armed in self.rules.iter_mut().chain(&mut self.permanent) {
            if probe.spent.contains(&armed.rule.id) {
                continue;
            }
            let Some(item) = armed.matches(probe) else { continue };
            let Some(fires) = armed.due(ground, probe, item) else { continue };
            let total = self.fired.entry(armed.rule.id.clone()).or_insert(0);
            *total += 1;
            met.fired.push(armed.rule.id.clone());
            if armed.rule.when.hold.is_some() {
                met.holds.push(armed.rule.id.clone());
            }
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
            match fires {
                Fires::Wait(delay) => met.delay += delay,
                Fires::Effect(effect) => {
                    met.effect = Some(effect);
                    met.item = item.map(|known| known.id.clone());
                    break;
                }
            }
        }
        met
    }
}
