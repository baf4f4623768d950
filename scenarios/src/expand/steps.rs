//! The story, told step by step: each with its name and the items that it touches.

use std::collections::{BTreeMap, BTreeSet};

use calamity_evidence::Side;
use calamity_mock_servers as mock;
use calamity_mock_servers::Edit;

use crate::language::{
    self, Amount, Aspect, Diagnostic, Items, Place, Placed, Reply, Scenario, Site,
    Step as StepText, User, rules,
};
use crate::script::{self, Act, Acted, EditedItem, ItemRef, Step, World};

use super::bodies::{Bodies, Which, range};
use super::counts::Counts;
use super::items::{For, Known, OCCURRENCE_NTH_MAX, Pool, draw};

/// Tells the story of a scenario.
pub(super) fn tell(
    scenario: &Scenario,
    world: &World,
    bodies: &Bodies<'_>,
    pool: &mut Pool,
    counts: &mut Counts,
) -> Result<Vec<Step>, Vec<Diagnostic>> {
    let mut teller = Teller {
        world,
        bodies,
        pool,
        counts,
        names: BTreeMap::new(),
        taken: names(scenario),
        steps: Vec::new(),
        mistakes: Vec::new(),
    };
    for step in &scenario.story {
        teller.step(step);
    }
    if teller.mistakes.is_empty() { Ok(teller.steps) } else { Err(teller.mistakes) }
}

/// Names that the scenario gives to steps; no other step may get one of them.
fn names(scenario: &Scenario) -> BTreeSet<String> {
    let given = scenario.story.iter().filter_map(|step| match &step.value {
        StepText::User(user) => user.name.as_ref(),
        StepText::Sync(sync) => sync.name.as_ref(),
        StepText::Approve(approve) => approve.name.as_ref(),
        _ => None,
    });
    let own = ["seed", "baseline", "settle"].map(str::to_owned);
    given.map(|name| name.value.clone()).chain(own).collect()
}

struct Teller<'t, 'w> {
    world: &'t World,
    bodies: &'t Bodies<'w>,
    pool: &'t mut Pool,
    counts: &'t mut Counts,
    /// How many steps of a kind there were.
    names: BTreeMap<&'static str, u64>,
    taken: BTreeSet<String>,
    steps: Vec<Step>,
    mistakes: Vec<Diagnostic>,
}

impl Teller<'_, '_> {
    fn push(&mut self, name: String, act: Act) {
        self.steps.push(Step { name, act });
    }

    /// The name that the scenario gives, or the kind and its number.
    fn name(&mut self, given: Option<&Placed<String>>, kind: &'static str) -> String {
        if let Some(given) = given {
            return given.value.clone();
        }
        loop {
            let number = self.names.entry(kind).or_default();
            *number += 1;
            let name = format!("{kind}-{number}");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }

    fn step(&mut self, step: &Placed<StepText>) {
        match &step.value {
            StepText::User(user) => self.user(user, step.place),
            StepText::Fault(fault) => self.fault(fault),
            StepText::Clear(id) => {
                let name = self.name(None, "clear");
                self.push(name, Act::Clear(script::Clear { id: id.value.clone() }));
            }
            StepText::Release(id) => {
                let name = self.name(None, "release");
                self.push(name, Act::Release(script::Clear { id: id.value.clone() }));
            }
            StepText::State(state) => {
                let name = self.name(None, "state");
                let (on, is) = (state.on.into(), state.is.value.clone());
                self.push(name, Act::State(script::State { on, is }));
            }
            StepText::Sync(sync) => self.sync(sync),
            StepText::Approve(approve) => {
                let name = self.name(approve.name.as_ref(), "approve");
                let count = self.counts.count(approve.count.value);
                let expect = approve.expect.clone();
                // Where nothing could be put up for approval, there is nothing to approve.
                if count > 0 {
                    self.push(name, Act::Approve(script::Approve { count, expect }));
                }
            }
            StepText::Wait(span) => {
                let name = self.name(None, "wait");
                self.push(name, Act::Wait(script::Wait { ms: span.as_millis() }));
            }
            StepText::DriftIds(drift) => {
                let name = self.name(None, "drift-ids");
                let how = match drift.how {
                    language::Drift::Silent => mock::Drift::Silent,
                    language::Drift::Announced => mock::Drift::Announced,
                };
                let share = drift.share.as_ref().map_or(1.0, |share| share.value);
                let on = drift.on.into();
                self.push(name, Act::DriftIds(script::DriftIds { on, how, share }));
            }
            StepText::ExpireTokens(expire) => {
                let name = self.name(None, "expire-tokens");
                let on = expire.on.into();
                self.push(name, Act::ExpireTokens(script::ExpireTokens { on }));
            }
            StepText::Restart(what) => {
                let name = self.name(None, "restart");
                self.push(name, Act::Restart(*what));
            }
        }
    }

    fn sync(&mut self, sync: &language::Sync) {
        let name = self.name(sync.name.as_ref(), "sync");
        let expect = self.counts.expect(&sync.expect);
        let times = sync.times.as_ref().map_or(1, |times| times.value);
        for nth in 1..=times {
            let name = if nth == 1 { name.clone() } else { format!("{name}.{nth}") };
            let answer = match sync.mode {
                language::Mode::Interactive => {
                    Some(sync.answer.as_ref().map_or(Reply::N, |answer| answer.value))
                }
                _ => None,
            };
            let act = script::Sync { mode: sync.mode, answer, expect: expect.clone() };
            self.push(name, Act::Sync(act));
        }
        if sync.mode != language::Mode::DryRun {
            self.pool.synced();
        }
    }

    fn fault(&mut self, fault: &language::Fault) {
        let mut when = fault.when.value.clone();
        let mut expect_hits =
            fault.expect_hits.as_ref().map_or(Amount::at_least(1), |hits| hits.value);
        if fault.place.site == Site::Item {
            // Items are as many as there are events; requests are not.
            when.skip = when.skip.map(|skip| self.counts.skip(skip));
            when.times = when.times.map(|times| self.counts.count(times));
            expect_hits = self.counts.amount(expect_hits);
        }
        let items = fault.place.items.as_ref().map(|items| self.pool.all(items));
        let on = Side::from(fault.place.on);
        let rules = rules(fault, &when, items.as_deref().unwrap_or_default());
        let id = fault.id.value.clone();
        let name = self.name(None, "fault");
        self.push(name, Act::Fault(script::Fault { id, on, rules, expect_hits }));
    }

    fn user(&mut self, user: &User, place: Place) {
        let name = self.name(user.name.as_ref(), "user");
        if let Some(create) = &user.create {
            self.create(user, &name, create.value);
        } else if let Some(delete) = &user.delete {
            let items = self.take(user, &name, delete, For::Delete);
            let items = items
                .into_iter()
                .map(|item| ItemRef { name: item.name, lineage: item.lineage })
                .collect::<Vec<_>>();
            if !items.is_empty() {
                self.push(name, Act::Delete(Acted { on: user.on.into(), items }));
            }
        } else if let (Some(edit), Some(what)) = (&user.edit, &user.what) {
            self.edit(user, &name, edit, what);
        } else {
            self.mistakes.push(Diagnostic::new(place, "the user does nothing"));
        }
    }

    fn create(&mut self, user: &User, name: &str, count: u64) {
        let on = Side::from(user.on);
        let real = self.counts.wanted(count);
        self.counts.made_real(count, real);
        let first = self.world.account(on).calendars.first().cloned().unwrap_or_default();
        let calendar = user.calendar.as_ref().map_or(first, |calendar| calendar.value.clone());
        let attendees = user.attendees.as_ref().map(|attendees| attendees.value);
        let events = self.bodies.make(name, real, on, attendees, Which::CopiesOnly);
        let items = events
            .into_iter()
            .enumerate()
            .map(|(number, event)| {
                let item = format!("{name}/{:05}", number + 1);
                let own = self.bodies.own(&event, on);
                self.pool.make(item, on, &calendar, event, Some(name), own)
            })
            .collect();
        self.push(name.to_owned(), Act::Create(items));
    }

    /// Items for a step. A world of the scenario's own must hold as many as it asks for; a user's
    /// file gives as many as there are.
    fn take(&mut self, user: &User, step: &str, count: &Placed<u64>, purpose: For) -> Vec<Known> {
        let wanted = self.counts.wanted(count.value);
        let which = user.items.as_ref().map_or(Items::Seeded, |items| items.value.clone());
        let calendar = user.calendar.as_ref().map(|calendar| calendar.as_str());
        let on = Side::from(user.on);
        let mut taken = self.pool.take(step, wanted, on, calendar, &which, purpose);
        if which == Items::Seeded && self.counts.are_shares() {
            // A small file is soon used up; what the story has made so far will do as well.
            let missing = wanted - taken.len() as u64;
            taken.extend(self.pool.take(step, missing, on, calendar, &Items::Fresh, purpose));
        }
        let real = taken.len() as u64;
        if real < wanted && !self.counts.are_shares() {
            let what = if purpose == For::EditOfASeries { "free series" } else { "free items" };
            let message = format!("{wanted} items are asked for, and {real} are there");
            self.mistakes.push(
                Diagnostic::new(count.place, message)
                    .label(format!("only {real} {what}"))
                    .help("an item that an earlier step has touched is not taken again"),
            );
        }
        self.counts.made_real(count.value, real);
        taken
    }

    fn edit(&mut self, user: &User, name: &str, count: &Placed<u64>, what: &Placed<Vec<Aspect>>) {
        let purpose = purpose(what);
        let guests = user.attendees.as_ref().map_or(Amount::exactly(1), |amount| amount.value);
        let items: Vec<EditedItem> = self
            .take(user, name, count, purpose)
            .into_iter()
            .zip(what.iter().cycle())
            .map(|(item, aspect)| {
                let edit = self.change(name, &item, *aspect, guests);
                EditedItem { name: item.name, lineage: item.lineage, edit }
            })
            .collect();
        if !items.is_empty() {
            self.push(name.to_owned(), Act::Edit(Acted { on: user.on.into(), items }));
        }
    }

    fn change(&self, step: &str, item: &Known, aspect: Aspect, guests: Amount) -> Edit {
        let drawn = draw(self.bodies.seed, &[step, &item.name, "change"]);
        let nth = usize::from(drawn[0]) % (OCCURRENCE_NTH_MAX as usize) + 1;
        match aspect {
            Aspect::Title => Edit::Title(format!("{} ({step})", item.title)),
            Aspect::Time => Edit::Shift { minutes: item.shift.unwrap_or(0) },
            Aspect::Description => Edit::Description(format!("Changed by {step}.")),
            Aspect::Location => Edit::Location(format!("Room {}", 1 + u16::from(drawn[2]))),
            Aspect::Occurrence => {
                Edit::RetitleOccurrence { nth, title: format!("{} ({step})", item.title) }
            }
            Aspect::Cancellation => Edit::CancelOccurrence { nth },
            Aspect::Guests => {
                let span = range(guests);
                let most = span.end().saturating_sub(*span.start()).saturating_add(1);
                let count = span.start() + u64::from(drawn[3]) % most;
                let invited = (1..=count).map(|number| format!("late{number}@guests.example"));
                Edit::Invite(invited.collect())
            }
        }
    }
}

/// What items an edit needs: all of its aspects must suit each of them.
fn purpose(what: &[Aspect]) -> For {
    let any = |wanted: &[Aspect]| what.iter().any(|aspect| wanted.contains(aspect));
    if any(&[Aspect::Occurrence, Aspect::Cancellation]) {
        For::EditOfASeries
    } else if any(&[Aspect::Time]) {
        For::Move
    } else {
        For::Edit
    }
}
