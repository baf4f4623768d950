//! The engine as a set of parts. A healthy one is [`Assembly::standard`]; a known-bad one is that
//! with one part replaced.

use std::sync::Arc;

use calamity_evidence::Side;

use crate::apply::{Advance, Doubt, Settle};
use crate::guard::{Rule, Thresholds, rules};
use crate::model::{Attendees, Capability, Policy};
use crate::plan::{Names, Phase};
use crate::provider::Provider;

/// What a sync pair is told.
#[derive(Clone, Debug)]
pub struct PairConfig {
    /// The pair's name.
    pub name: String,
    /// The name of its store on the process's disk.
    pub store: String,
    /// What becomes of guests.
    pub attendees: Attendees,
    /// The mass-delete ceiling.
    pub thresholds: Thresholds,
    /// Names of the calendars to sync, case-insensitively; none means all.
    pub calendars: Option<Vec<String>>,
    /// Short names of providers that were proven silent.
    pub proven: Vec<String>,
}

impl PairConfig {
    /// A pair with default settings and its store in `NAME.db`.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            store: format!("{name}.db"),
            attendees: Attendees::default(),
            thresholds: Thresholds::default(),
            calendars: None,
            proven: Vec::new(),
        }
    }

    /// What changes a listing when it is changed: kept with the store, compared at the next run.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut calendars = self.calendars.clone();
        if let Some(names) = &mut calendars {
            names.sort();
        }
        format!("{calendars:?}")
    }
}

/// The parts of an engine.
#[derive(Clone, Debug)]
pub struct Assembly {
    /// What the pair is told.
    pub pair: PairConfig,
    /// Side a.
    pub a: Arc<dyn Provider>,
    /// Side b.
    pub b: Arc<dyn Provider>,
    /// The guard's rules.
    pub rules: Vec<Arc<dyn Rule>>,
    /// The order of carrying out.
    pub phases: Vec<Phase>,
    /// What an answer means.
    pub settle: Arc<dyn Settle>,
    /// What the store keeps of observations and outcomes.
    pub advance: Arc<dyn Advance>,
    /// How a promise without a recorded answer is looked into.
    pub doubt: Arc<dyn Doubt>,
}

impl Assembly {
    /// A healthy engine.
    #[must_use]
    pub fn standard(pair: PairConfig, a: Arc<dyn Provider>, b: Arc<dyn Provider>) -> Self {
        Self {
            pair,
            a,
            b,
            rules: rules::all(),
            phases: Phase::ORDER.to_vec(),
            settle: Arc::new(crate::apply::EachByItsPart),
            advance: Arc::new(crate::apply::AcknowledgedOnly),
            doubt: Arc::new(crate::apply::AskTheServer),
        }
    }

    /// The provider of a side.
    #[must_use]
    pub fn provider(&self, side: Side) -> &Arc<dyn Provider> {
        match side {
            Side::A => &self.a,
            Side::B => &self.b,
        }
    }

    /// What a side promises: what its adapter declares, or silence where that was proven.
    #[must_use]
    pub fn policy(&self, side: Side) -> Policy {
        let provider = self.provider(side);
        if self.pair.proven.iter().any(|name| name == provider.name()) {
            Policy::uniform(Capability::Suppressed)
        } else {
            provider.policy()
        }
    }

    /// How the two sides are called in a plan.
    #[must_use]
    pub fn names(&self) -> Names {
        let (a, b) = (self.a.name(), self.b.name());
        let distinct = |name: &str, side: Side| {
            if a == b { format!("{name}:{side}") } else { name.to_owned() }
        };
        Names {
            a: distinct(a, Side::A),
            b: distinct(b, Side::B),
            policy_a: self.policy(Side::A),
            policy_b: self.policy(Side::B),
        }
    }
}
