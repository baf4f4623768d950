//! The steps in their order: what each names must be there by then.

use std::collections::BTreeMap;

use super::super::diagnostic::{Diagnostic, Place};
use super::super::placed::Placed;
use super::super::scenario::{Scenario, World};
use super::super::story::{Approve, Aspect, Expect, Held, Items, Mode, State, Step, Sync, User};
use super::{fault, provider, unknown};

/// The most items of one act and runs of one step.
const COUNT_MAX: u64 = 1_000_000;

/// What earlier steps have named.
#[derive(Default)]
struct Named<'s> {
    /// Names of steps, with whether each has items.
    steps: BTreeMap<&'s str, (Place, Kind)>,
    /// Ids of faults, with where each was cleared.
    faults: BTreeMap<&'s str, (Place, Option<Place>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    User,
    Sync,
    Approve,
}

pub(super) fn check(scenario: &Scenario, found: &mut Vec<Diagnostic>) {
    let mut named = Named::default();
    for step in &scenario.story {
        match &step.value {
            Step::User(user) => {
                check_user(user, step.place, &scenario.world, &named, found);
                name(&mut named, user.name.as_ref(), Kind::User, found);
            }
            Step::Fault(fault) => {
                fault::check(fault, &scenario.world, found);
                check_items(fault.place.items.as_ref(), &named, found);
                if let Some((first, _)) = named.faults.get(fault.id.as_str()) {
                    found.push(
                        Diagnostic::new(
                            fault.id.place,
                            format!("a second fault `{}`", fault.id.value),
                        )
                        .label("the same id again")
                        .also(*first, "first used here"),
                    );
                } else {
                    named.faults.insert(&fault.id, (fault.id.place, None));
                }
            }
            Step::Clear(id) => check_clear(id, scenario, &mut named, found),
            Step::Release(id) => check_release(id, scenario, &named, found),
            Step::State(state) => check_state(state, scenario, found),
            Step::Sync(sync) => {
                check_sync(sync, found);
                name(&mut named, sync.name.as_ref(), Kind::Sync, found);
            }
            Step::Approve(approve) => {
                check_approve(approve, found);
                name(&mut named, approve.name.as_ref(), Kind::Approve, found);
            }
            Step::DriftIds(drift) => {
                if let Some(share) = &drift.share
                    && !(0.0..=1.0).contains(&share.value)
                {
                    found.push(Diagnostic::new(share.place, "a share is from 0 to 1"));
                }
            }
            Step::Wait(_) | Step::ExpireTokens(_) | Step::Restart(_) => {}
        }
    }
    if let Some(sweep) = &scenario.sweep {
        let syncs: Vec<&str> = named
            .steps
            .iter()
            .filter(|(_, (_, kind))| *kind == Kind::Sync)
            .map(|(name, _)| *name)
            .collect();
        if !syncs.contains(&sweep.step.as_str()) {
            found.push(
                unknown(sweep.step.place, "sync", &sweep.step, &syncs)
                    .help("a sync gets a name by `as: NAME`"),
            );
        }
        if sweep.kill.is_empty() {
            found.push(Diagnostic::new(sweep.step.place, "a sweep without a kind of points"));
        }
    }
}

fn name<'s>(
    named: &mut Named<'s>,
    name: Option<&'s Placed<String>>,
    kind: Kind,
    found: &mut Vec<Diagnostic>,
) {
    let Some(name) = name else { return };
    if let Some((first, _)) = named.steps.get(name.as_str()) {
        found.push(
            Diagnostic::new(name.place, format!("a second step `{}`", name.value))
                .label("the same name again")
                .also(*first, "first used here"),
        );
    } else {
        named.steps.insert(name, (name.place, kind));
    }
}

fn check_user(
    user: &User,
    place: Place,
    world: &World,
    named: &Named<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let acts: Vec<&Placed<u64>> =
        [&user.create, &user.delete, &user.edit].into_iter().flatten().collect();
    match acts.as_slice() {
        [act] if act.value == 0 || act.value > COUNT_MAX => {
            found.push(Diagnostic::new(act.place, format!("a number from 1 to {COUNT_MAX}")));
        }
        [_] => check_aspects(user, place, found),
        [] => found.push(
            Diagnostic::new(place, "the user does nothing")
                .help("say `create`, `delete` or `edit`, with how many items"),
        ),
        [first, second, ..] => found.push(
            Diagnostic::new(second.place, "one step, one act")
                .label("a second act")
                .also(first.place, "the first one")
                .help("make it a step of its own"),
        ),
    }
    let invites = user.what.as_ref().is_some_and(|what| what.contains(&Aspect::Guests));
    if let Some(attendees) = &user.attendees {
        if user.create.is_none() && !invites {
            found.push(Diagnostic::new(
                attendees.place,
                "`attendees` belongs to `create`, or to an edit of `guests`",
            ));
        } else if attendees.to.is_none() {
            found.push(
                Diagnostic::new(attendees.place, "the number of guests needs an upper end")
                    .help("write `1..6`"),
            );
        }
    }
    if let Some(items) = &user.items
        && user.create.is_some()
    {
        found.push(Diagnostic::new(items.place, "`items` belongs to `delete` and `edit`"));
    }
    if let Some(calendar) = &user.calendar {
        let known: Vec<&str> = provider(world, user.on)
            .account()
            .calendars
            .iter()
            .map(|calendar| calendar.name.as_str())
            .collect();
        if !known.contains(&calendar.as_str()) {
            found.push(unknown(calendar.place, "calendar", calendar, &known));
        }
    }
    check_items(user.items.as_ref(), named, found);
}

fn check_aspects(user: &User, place: Place, found: &mut Vec<Diagnostic>) {
    let what = user.what.as_ref();
    found.extend(match (what, &user.edit) {
        (Some(what), None) => Some(Diagnostic::new(what.place, "`what` belongs to `edit`")),
        (Some(what), Some(_)) if what.is_empty() => {
            Some(Diagnostic::new(what.place, "an edit of nothing"))
        }
        (None, Some(_)) => Some(
            Diagnostic::new(place, "an edit needs `what`")
                .help("for example: `what: [title, location]`"),
        ),
        _ => None,
    });
}

fn check_items(items: Option<&Placed<Items>>, named: &Named<'_>, found: &mut Vec<Diagnostic>) {
    let Some(Items::SameAs(name)) = items.map(|items| &items.value) else { return };
    let known: Vec<&str> = named
        .steps
        .iter()
        .filter(|(_, (_, kind))| *kind == Kind::User)
        .map(|(name, _)| *name)
        .collect();
    if !known.contains(&name.as_str()) {
        found.push(
            unknown(name.place, "step with items", name, &known)
                .help("a step gets a name by `as: NAME`, and it must come first"),
        );
    }
}

fn check_clear<'s>(
    id: &'s Placed<String>,
    scenario: &Scenario,
    named: &mut Named<'s>,
    found: &mut Vec<Diagnostic>,
) {
    let known: Vec<&str> = named.faults.keys().copied().collect();
    match named.faults.get_mut(id.as_str()) {
        Some((_, cleared @ None)) => *cleared = Some(id.place),
        Some((_, Some(cleared))) => found.push(
            Diagnostic::new(id.place, format!("fault `{}` was cleared before", id.value))
                .label("cleared again")
                .also(*cleared, "cleared here"),
        ),
        None => {
            let later = scenario.story.iter().find_map(|step| match &step.value {
                Step::Fault(fault) if fault.id.value == id.value => Some(fault.id.place),
                _ => None,
            });
            found.push(match later {
                Some(later) => {
                    Diagnostic::new(id.place, format!("fault `{}` has not begun yet", id.value))
                        .label("cleared here")
                        .also(later, "begins here")
                }
                None => unknown(id.place, "fault", id, &known),
            });
        }
    }
}

/// What is released must be held: by a fault that has begun and says so.
fn check_release(
    id: &Placed<String>,
    scenario: &Scenario,
    named: &Named<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let known: Vec<&str> = named.faults.keys().copied().collect();
    if !known.contains(&id.as_str()) {
        found.push(unknown(id.place, "fault", id, &known));
        return;
    }
    let holds = scenario.story.iter().any(|step| match &step.value {
        Step::Fault(fault) => fault.id.value == id.value && fault.when.hold.is_some(),
        _ => false,
    });
    if !holds {
        found.push(
            Diagnostic::new(id.place, format!("fault `{}` holds nothing back", id.value))
                .help("a fault holds back by `when: {hold: 1}`"),
        );
    }
}

/// A state that no fault asks for changes nothing.
fn check_state(state: &State, scenario: &Scenario, found: &mut Vec<Diagnostic>) {
    let faults = scenario.story.iter().filter_map(|step| match &step.value {
        Step::Fault(fault) if fault.place.on == state.on => fault.when.state.as_deref(),
        _ => None,
    });
    let known: Vec<&str> = faults.collect();
    // The way out of a state needs no name that a fault knows.
    if known.is_empty() {
        found.push(
            Diagnostic::new(
                state.is.place,
                format!("no fault asks for a state of {}", calamity_evidence::Side::from(state.on)),
            )
            .help("a fault asks for one by `when: {state: NAME}`"),
        );
    }
}

fn check_sync(sync: &Sync, found: &mut Vec<Diagnostic>) {
    if let Some(answer) = &sync.answer
        && sync.mode != Mode::Interactive
    {
        found.push(
            Diagnostic::new(answer.place, "nobody is asked in this mode")
                .help("`answer` belongs to `mode: interactive`"),
        );
    }
    if let Some(times) = &sync.times
        && (times.value == 0 || times.value > COUNT_MAX)
    {
        found.push(Diagnostic::new(times.place, format!("a number from 1 to {COUNT_MAX}")));
    }
    check_expect(&sync.expect, found);
}

fn check_approve(approve: &Approve, found: &mut Vec<Diagnostic>) {
    if approve.count.value == 0 {
        found.push(Diagnostic::new(approve.count.place, "an approval of nothing"));
    }
    check_expect(&approve.expect, found);
}

fn check_expect(expect: &Expect, found: &mut Vec<Diagnostic>) {
    let Some(held) = &expect.held else { return };
    let Held::ByRule(rules) = &held.value else { return };
    let all = calamity_engine::guard::rules::all();
    let known: Vec<&str> = all.iter().map(|rule| rule.name()).collect();
    for rule in rules.keys().filter(|rule| !known.contains(&rule.as_str())) {
        found.push(unknown(held.place, "guard rule", rule, &known));
    }
}
