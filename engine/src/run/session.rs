//! A run, step by step: open, observe, propose, begin, execute, finish.

use std::collections::{BTreeMap, BTreeSet};

use calamity_base::{Env, entropy::Stream};
use calamity_evidence::Summary;
use jiff::{SignedDuration, Timestamp};

use crate::apply::{Executor, resolve_all};
use crate::assembly::Assembly;
use crate::content::{Event, Inexpressible};
use crate::error::Error;
use crate::guard::{Attended, Confirmation, Context, Held, Judged, Stage, Thresholds, judge};
use crate::observe::observe;
use crate::plan::{
    Action, Key, Operation, PairId, Phase, Plan, Projector, Projectors, Slot, pair_hash, plan,
};
use crate::provider::Provider;
use crate::store::{Effect, Loaded, RunId, Store, mirror};

use super::{confirm, facts, holds};

/// What a run would do, judged.
#[derive(Debug)]
pub struct Proposal {
    /// Everything that planning came to.
    pub plan: Plan,
    /// Places in [`Plan::operations`] of what would be carried out.
    pub approved: Vec<usize>,
    /// What waits; its `index` is a place in [`Plan::operations`].
    pub held: Vec<Held>,
}

impl Proposal {
    /// What would be carried out.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.approved.iter().map(|place| &self.plan.operations[*place])
    }

    /// Whether anything would be written to a provider.
    #[must_use]
    pub fn writes(&self) -> bool {
        self.operations().any(Operation::writes)
    }
}

/// One run of a pair.
#[derive(Debug)]
pub struct Session<'a> {
    env: &'a Env,
    assembly: &'a Assembly,
    store: Store,
    loaded: Loaded,
    run: RunId,
    ids: Stream,
    /// What is decided and not yet stored, a transaction each.
    unsaved: Vec<Vec<Effect>>,
    incomplete: BTreeMap<PairId, String>,
    confirmations: BTreeMap<Key, Confirmation>,
    attended: Attended,
    summary: Summary,
    errors: Vec<String>,
    held: Vec<(String, Vec<&'static str>, String)>,
}

impl<'a> Session<'a> {
    /// Opens the store.
    ///
    /// # Errors
    /// [`Error`] when it cannot be opened or read.
    pub async fn open(
        env: &'a Env,
        assembly: &'a Assembly,
        attended: Attended,
    ) -> Result<Self, Error> {
        let failed = |source| Error::Store { store: assembly.pair.store.clone(), source };
        let store = Store::open(env, &assembly.pair.store).await.map_err(failed)?;
        let since = window_start(env.clock.now());
        let loaded = store.load(since.to_string()).await.map_err(failed)?;
        let run = RunId(loaded.last_run.0 + 1);
        let ids = env.entropy.stream("engine.intents", &run.0.to_string());
        Ok(Self {
            env,
            assembly,
            store,
            loaded,
            run,
            ids,
            unsaved: Vec::new(),
            incomplete: BTreeMap::new(),
            confirmations: BTreeMap::new(),
            attended,
            summary: Summary::default(),
            errors: Vec::new(),
            held: Vec::new(),
        })
    }

    /// Looks into promises of earlier runs that have no recorded answer.
    pub async fn settle_doubts(&mut self) {
        let open = std::mem::take(&mut self.loaded.open);
        // An adapter learns its limits from the listing of calendars, which observing repeats.
        let now = self.env.clock.now();
        let resolved = resolve_all(self.assembly, &self.loaded.trees, &open, now).await;
        mirror(&mut self.loaded.trees, &resolved.effects);
        self.unsaved.push(resolved.effects);
        self.summary.errors += resolved.errors.len() as u64;
        self.errors.extend(resolved.errors);
    }

    /// Reads both sides.
    pub async fn observe(&mut self) {
        let observed = observe(self.assembly, &mut self.loaded.trees).await;
        self.summary.errors += observed.errors.len() as u64;
        self.errors.extend(observed.errors);
        self.incomplete = observed.incomplete.into_iter().collect();
        self.unsaved.extend(self.assembly.advance.observation(observed.effects));
    }

    /// Plans and asks the guard.
    pub async fn propose(&mut self) -> Proposal {
        let assembly = self.assembly;
        let (a, b) = (Writes(assembly.a.as_ref()), Writes(assembly.b.as_ref()));
        let projectors = Projectors { a: &a, b: &b, attendees: assembly.pair.attendees };
        let plan = plan(&self.loaded.trees, &projectors);
        let operations: Vec<&Operation> = plan.operations.iter().collect();
        let Judged { approved, held } = self.judge(Stage::BeforeConfirmation, &operations).await;
        let rebases: Vec<Effect> = plan
            .rebases
            .iter()
            .map(|rebase| Effect::PutMapping { pair: rebase.pair, mapping: rebase.mapping.clone() })
            .collect();
        mirror(&mut self.loaded.trees, &rebases);
        self.summary.healed += plan.rebases.iter().filter(|rebase| rebase.healed).count() as u64;
        let mut effects = rebases;
        effects.extend(self.resolved(&operations));
        self.unsaved.push(effects);
        Proposal { plan, approved, held }
    }

    /// Failures of earlier runs whose operation is no longer planned: the user took it back, or it
    /// came about in another way.
    fn resolved(&self, operations: &[&Operation]) -> Vec<Effect> {
        let planned: BTreeSet<(PairId, Slot)> =
            operations.iter().map(|operation| (operation.pair, operation.slot())).collect();
        let mut effects = Vec::new();
        for (pair, slots) in &self.loaded.unresolved {
            if self.incomplete.contains_key(pair) {
                continue;
            }
            for slot in slots {
                if !planned.contains(&(*pair, slot.clone())) {
                    effects.push(Effect::DropUnresolved { pair: *pair, slot: slot.clone() });
                }
            }
        }
        effects
    }

    async fn judge(&mut self, stage: Stage, operations: &[&Operation]) -> Judged {
        let assembly = self.assembly;
        let known = |operation: &&Operation| self.confirmations.contains_key(&operation.key());
        let unasked: Vec<&Operation> =
            operations.iter().filter(|operation| !known(operation)).copied().collect();
        let confirmed = confirm::confirm(assembly, &self.loaded.trees, &unasked).await;
        self.confirmations.extend(confirmed.answers);
        for pair in &mut self.loaded.trees.pairs {
            pair.complete &= !confirmed.incomplete.contains_key(&pair.id);
        }
        self.incomplete.extend(confirmed.incomplete);
        let approved = self
            .loaded
            .holds
            .values()
            .filter(|row| row.approved.is_some())
            .map(|row| row.key.clone())
            .collect();
        let (pairs, deletes_run) = facts::gather(
            stage,
            &self.loaded.trees,
            operations,
            &self.loaded.unresolved,
            &self.incomplete,
            &approved,
        );
        let names = assembly.names();
        let known = self.loaded.settings.get("fingerprint");
        let context = Context {
            stage,
            attended: self.attended,
            names: &names,
            attendees: assembly.pair.attendees,
            thresholds: &assembly.pair.thresholds,
            pairs: &pairs,
            deletes_run,
            deletes_window: self.loaded.removed,
            reconfigured: known.is_some_and(|known| *known != assembly.pair.fingerprint()),
            confirmations: &self.confirmations,
            approved: &approved,
        };
        let judged = judge(operations, &assembly.rules, &context);
        mirror(&mut self.loaded.trees, &confirmed.effects);
        self.unsaved.push(confirmed.effects);
        judged
    }

    /// From here on the run is stored: first what was observed.
    ///
    /// # Errors
    /// [`Error`] when the store cannot be written.
    pub async fn begin(&mut self) -> Result<(), Error> {
        self.save("run.begin", vec![Effect::BeginRun { id: self.run, at: self.env.clock.now() }])
            .await?;
        self.flush().await
    }

    /// Stores what is decided and not yet stored.
    async fn flush(&mut self) -> Result<(), Error> {
        for effects in std::mem::take(&mut self.unsaved) {
            self.save("run.observed", effects).await?;
        }
        Ok(())
    }

    async fn save(&self, name: &'static str, effects: Vec<Effect>) -> Result<(), Error> {
        let store = self.assembly.pair.store.clone();
        self.store.commit(name, effects).await.map_err(|source| Error::Store { store, source })
    }

    /// Carries out what the guard let through, phase by phase, and asks it again before the
    /// deletes.
    ///
    /// # Errors
    /// [`Error`] when the store cannot be written.
    pub async fn execute(&mut self, proposal: &Proposal) -> Result<(), Error> {
        self.flush().await?;
        let mut held = proposal.held.clone();
        let operations: Vec<&Operation> = proposal.plan.operations.iter().collect();
        self.summary.skipped +=
            proposal.operations().filter(|op| matches!(op.action, Action::SkipSubtree)).count()
                as u64;
        for phase in self.assembly.phases.clone() {
            let places = proposal.approved.iter().copied();
            let places: Vec<usize> =
                places.filter(|place| operations[*place].op() == phase.op()).collect();
            let mut due: Vec<&Operation> = places.iter().map(|place| operations[*place]).collect();
            if due.is_empty() {
                continue;
            }
            if phase == Phase::DeleteItems {
                let judged = self.judge(Stage::BeforeDeletes, &due).await;
                self.flush().await?;
                held.extend(
                    judged.held.into_iter().map(|hold| Held { index: places[hold.index], ..hold }),
                );
                due = judged.approved.into_iter().map(|index| due[index]).collect();
            }
            self.phase(phase, &due).await?;
        }
        self.hold(&operations, &held).await?;
        self.settle_hashes(&operations, &held).await
    }

    async fn phase(&mut self, phase: Phase, due: &[&Operation]) -> Result<(), Error> {
        let mut executor = Executor {
            env: self.env,
            assembly: self.assembly,
            store: &self.store,
            run: self.run,
            trees: &mut self.loaded.trees,
            unresolved: &mut self.loaded.unresolved,
            summary: &mut self.summary,
            errors: &mut self.errors,
            ids: &mut self.ids,
        };
        match phase {
            Phase::CreateContainers => executor.create_containers(due).await,
            Phase::Merges => executor.merge_items(due).await,
            Phase::CreateItems => executor.create_items(due).await,
            Phase::DeleteItems => {
                executor.delete_items(due).await?;
                executor.forget(due).await
            }
        }
    }

    /// Brings the table of holds up to date.
    async fn hold(&mut self, operations: &[&Operation], held: &[Held]) -> Result<(), Error> {
        let store = self.assembly.pair.store.clone();
        // Approvals that were used in this run have left the table meanwhile.
        let failed = |source| Error::Store { store, source };
        let before = self.store.holds().await.map_err(failed)?;
        let incomplete = &self.incomplete;
        let effects = holds::table(
            self.assembly,
            operations,
            held,
            &before,
            |pair| incomplete.contains_key(&pair),
            self.env.clock.now(),
        );
        let names = self.assembly.names();
        self.held = held
            .iter()
            .map(|hold| {
                let line = crate::plan::line(operations[hold.index], &names);
                (line, hold.rules.clone(), hold.reason.clone())
            })
            .collect();
        self.summary.held = held.len() as u64;
        self.save("run.held", effects).await
    }

    /// A pair of which nothing is left to do is passed over from now on until something changes.
    async fn settle_hashes(
        &mut self,
        operations: &[&Operation],
        held: &[Held],
    ) -> Result<(), Error> {
        let mut effects = Vec::new();
        let settled = self.summary.errors == 0 && self.summary.deferred == 0;
        for pair in &self.loaded.trees.pairs {
            let waits = held.iter().any(|hold| operations[hold.index].pair == pair.id);
            let unresolved =
                self.loaded.unresolved.get(&pair.id).is_some_and(|slots| !slots.is_empty());
            let both = pair.a.container.is_some() && pair.b.container.is_some();
            let done = settled && pair.complete && both && !waits && !unresolved;
            let hash = done.then(|| pair_hash(&pair.a, &pair.b));
            if hash != pair.stored_hash {
                effects.push(Effect::PutHash { pair: pair.id, hash });
            }
        }
        mirror(&mut self.loaded.trees, &effects);
        let reconfigured = held.iter().any(|hold| hold.rules.contains(&"reconfigured"));
        let fingerprint = self.assembly.pair.fingerprint();
        if !reconfigured && self.loaded.settings.get("fingerprint") != Some(&fingerprint) {
            effects.push(Effect::PutSetting { name: "fingerprint", value: fingerprint });
        }
        self.save("run.hashes", effects).await
    }

    /// Ends the run and closes the store.
    ///
    /// # Errors
    /// [`Error`] when the store cannot be written.
    pub async fn finish(self, exit: u8) -> Result<Summary, Error> {
        let end =
            Effect::EndRun { id: self.run, at: self.env.clock.now(), exit, summary: self.summary };
        self.save("run.end", vec![end]).await?;
        self.store.close().await;
        Ok(self.summary)
    }

    /// Leaves without storing anything.
    pub async fn abandon(self) -> Summary {
        self.store.close().await;
        self.summary
    }

    /// The counters so far.
    #[must_use]
    pub fn summary(&self) -> &Summary {
        &self.summary
    }

    /// The counters so far, to be filled with those of a plan.
    pub fn summary_mut(&mut self) -> &mut Summary {
        &mut self.summary
    }

    /// What went wrong so far.
    #[must_use]
    pub fn errors(&self) -> &[String] {
        &self.errors
    }

    /// What waits after the run: plan line, rules, reason.
    #[must_use]
    pub fn held(&self) -> &[(String, Vec<&'static str>, String)] {
        &self.held
    }
}

/// The pure half of an adapter, for planning.
struct Writes<'a>(&'a dyn Provider);

impl Projector for Writes<'_> {
    fn project(&self, event: &Event) -> Result<Event, Inexpressible> {
        self.0.project(event)
    }

    fn reach(&self, before: Option<&Event>, after: &Event) -> Result<(), Inexpressible> {
        self.0.reach(before, after)
    }
}

fn window_start(now: Timestamp) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(Thresholds::WINDOW_HOURS)).unwrap_or(Timestamp::MIN)
}
