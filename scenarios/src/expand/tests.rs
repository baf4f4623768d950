//! Scripts from scenarios: equal for equal input, complete, and scaled to the user's own calendar.

use std::collections::BTreeSet;

use calamity_evidence::{Lineage, Side};

use super::{CalendarFile, Error, Options, expand};
use crate::language::{Amount, Colour, Reading, read};
use crate::script::{Act, Must, Script, Unreadable};

const STORY: &str = "scenario: 1
name: A little of everything
tags: [all]
world:
  seed: 5
  a: {graph: {calendars: [{name: Work, events: 30, attendees: 1..3}]}}
  b: {jmap: {calendars: [{name: Work}]}}
story:
  - user: {on: a, create: 6, attendees: 1..2, as: new}
  - user: {on: b, delete: 4}
  - user: {on: a, edit: 5, what: [title, time], as: changed}
  - fault: {id: refuse, where: {site: item, on: b, op: event.create, items: {same-as: new}}, what: {error: {code: forbidden}}, expect_hits: 6}
  - sync: {expect: {exit: 1, errors: 6, created: 0, held: {unresolved: 4}}}
  - clear: refuse
  - sync: {times: 2, expect: {exit: 3, held: 4}}
  - approve: {count: 4}
must: [converged, {writes: {on: a, deletes: 4}}]
";

fn reading(text: &str) -> Reading {
    read("story.yaml", text, &[]).unwrap_or_else(|rejected| panic!("{rejected}"))
}

fn script(text: &str, options: &Options) -> Script {
    expand(&reading(text), options).unwrap_or_else(|error| panic!("{error}"))
}

fn named(drill: &str) -> Options {
    Options { drill: drill.to_owned(), ..Options::default() }
}

fn calendar(text: &str) -> Options {
    let file = CalendarFile { path: "own.ics".to_owned(), bytes: text.as_bytes().to_vec() };
    Options { calendar: Some(file), ..named("story") }
}

/// The tokens of the items that a step touches.
fn touched(script: &Script, step: &str) -> Vec<Lineage> {
    let position = script.position(step).unwrap_or_else(|| panic!("no step {step}"));
    match &script.steps[position].act {
        Act::Create(items) => items.iter().map(|item| item.lineage.clone()).collect(),
        Act::Delete(acted) => acted.items.iter().map(|item| item.lineage.clone()).collect(),
        Act::Edit(acted) => acted.items.iter().map(|item| item.lineage.clone()).collect(),
        act => panic!("{act} touches no items"),
    }
}

#[test]
fn every_step_has_a_name_and_its_items() {
    let script = script(STORY, &named("story"));
    let names: Vec<&str> = script.steps.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "seed",
            "baseline",
            "new",
            "user-1",
            "changed",
            "fault-1",
            "sync-1",
            "clear-1",
            "sync-2",
            "sync-2.2",
            "approve-1",
            "settle"
        ]
    );
    let made: BTreeSet<&Lineage> = script.made().map(|(_, item)| &item.lineage).collect();
    assert_eq!(made.len(), 36, "thirty seeded and six created, each with a token of its own");
    let uids: BTreeSet<&str> = script.made().map(|(_, item)| item.event.uid.as_str()).collect();
    assert_eq!(uids.len(), 36, "each with an identity of its own");
    let (deleted, changed) = (touched(&script, "user-1"), touched(&script, "changed"));
    assert_eq!((deleted.len(), changed.len()), (4, 5));
    assert!(deleted.iter().all(|item| !changed.contains(item)), "no item is touched twice");
    let Act::Fault(fault) = &script.steps[5].act else { panic!("the sixth step is a fault") };
    assert_eq!(fault.rules.len(), 6, "one rule for each item that it is limited to");
}

#[test]
fn the_same_scenario_and_seed_give_the_same_script() {
    let first = script(STORY, &named("story"));
    assert_eq!(script(STORY, &named("story")), first);
    let other = script(STORY, &Options { seed: Some(6), ..named("story") });
    assert_ne!(touched(&other, "new"), touched(&first, "new"));
}

#[test]
fn a_step_more_changes_nothing_in_the_others() {
    let with = script(STORY, &named("story"));
    let fewer = STORY.replace("  - user: {on: b, delete: 4}\n", "");
    let without = script(&fewer, &named("story"));
    assert_eq!(touched(&without, "new"), touched(&with, "new"));
    // What the other step had taken is free again; what is not concerned stays.
    let stayed = touched(&with, "changed");
    let shared = touched(&without, "changed").into_iter().filter(|item| stayed.contains(item));
    assert!(shared.count() >= 3);
}

#[test]
fn a_script_survives_its_json_form() {
    let script = script(STORY, &named("story"));
    let json = script.to_json();
    assert_eq!(Script::parse("story.json", &json), Ok(script));
}

#[test]
fn every_kind_of_fault_survives_the_json_form() {
    let story = STORY.replace(
        "  - clear: refuse\n",
        "  - clear: refuse
  - fault: {id: busy, where: {site: request, on: a, select: {target: '*/events', stored: {token_age: 1d}}}, when: {state: busy, quota: {key: [account], limit: 2, window: 1s, says_when: true}}, what: {error: {code: ApplicationThrottled, headers: {X-A: b}}}}
  - fault: {id: held, where: {site: request, on: a, item: {title: 'E*'}}, when: {hold: 1}, what: {delay: 1s}}
  - fault: {id: slow, where: {site: response, on: b}, what: {dribble: {bytes: 9, every: 1s}}}
  - fault: {id: rows, where: {site: feed, on: b}, what: {sequence: {reorder: shuffle}}}
  - fault: {id: told, where: {site: push, on: b, op: push.change}, what: {sequence: {inject: [{a: 1}]}}}
  - fault: {id: past, where: {site: request, on: b}, what: {stale: 1m}}
  - fault: {id: race, where: {site: request, on: b}, what: {race: {edit: {later: 1h}}}}
  - fault: {id: form, where: {site: response, on: b}, what: {patch: {etag: percent-encoded, drop_headers: [etag]}}}
  - fault: {id: wait, where: {site: link, on: b}, what: {delay-lognormal: {median: 1s, sigma: 0.5, most: 9s}}}
  - state: {on: a, is: busy}
  - release: held
",
    );
    let script = script(&story, &named("story"));
    assert_eq!(script.steps.len(), 23, "each step is there");
    let acts: Vec<String> = script.steps.iter().map(|step| step.act.to_string()).collect();
    assert!(acts.contains(&"state of a: busy".to_owned()), "{acts:?}");
    assert!(acts.contains(&"release held".to_owned()), "{acts:?}");
    assert_eq!(Script::parse("story.json", &script.to_json()), Ok(script));
}

#[test]
fn a_text_that_is_no_script_says_where() {
    let error = |text: &str| match Script::parse("x.json", text) {
        Err(error) => error,
        Ok(script) => panic!("{} is a script", script.drill),
    };
    assert_eq!(
        error("{\n  \"script\": 1,\n  nonsense").to_string(),
        "x.json:3:3: key must be a string"
    );
    assert_eq!(
        error("{\"script\": 9}"),
        Unreadable::Version { path: "x.json".to_owned(), found: 9 }
    );
    let json = script(STORY, &named("story")).to_json().replacen("\"drill\"", "\"dril\"", 1);
    assert!(error(&json).to_string().starts_with("x.json:3:8: unknown field `dril`"));
}

#[test]
fn a_script_that_cannot_be_carried_out_says_why() {
    let told = |change: &dyn Fn(&mut Script)| {
        let mut script = script(STORY, &named("story"));
        change(&mut script);
        match Script::parse("x.json", &script.to_json()) {
            Err(error) => error.to_string(),
            Ok(script) => panic!("{} can be carried out", script.drill),
        }
    };
    assert_eq!(
        told(&|script| script.world.b.profile = "stallwart".to_owned()),
        "x.json: world.b: there is no profile `stallwart` of this protocol"
    );
    assert_eq!(
        told(&|script| script.steps[3].name = "new".to_owned()),
        "x.json: two steps have the name `new`"
    );
    assert_eq!(
        told(&|script| {
            let Act::Fault(fault) = &mut script.steps[5].act else { panic!("it is a fault") };
            fault.rules[0].op = "event.crate".to_owned();
        }),
        "x.json: step `fault-1`: fault `refuse/new/00001`: no operation matches `event.crate`"
    );
}

#[test]
fn asking_for_more_than_there_is_is_a_mistake_with_its_place() {
    let greedy = STORY.replace("delete: 4", "delete: 40");
    match expand(&reading(&greedy), &named("story")) {
        Err(Error::Rejected(rejected)) => {
            insta::assert_snapshot!("greedy", rejected.render(Colour::Plain));
        }
        other => panic!("{other:?}"),
    }
}

const OWN: &str = "BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Own//EN\r
BEGIN:VEVENT\r
UID:one@own\r
DTSTAMP:20260401T000000Z\r
DTSTART:20260420T090000Z\r
DTEND:20260420T100000Z\r
SUMMARY:One\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:two@own\r
DTSTAMP:20260401T000000Z\r
DTSTART:20260421T090000Z\r
DTEND:20260421T100000Z\r
SUMMARY:Two\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:dates@own\r
DTSTAMP:20260401T000000Z\r
DTSTART:20260422T090000Z\r
DTEND:20260422T100000Z\r
RDATE:20260430T090000Z\r
SUMMARY:Graph knows no dates\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:none@own\r
SUMMARY:No start\r
END:VEVENT\r
END:VCALENDAR\r
";

#[test]
fn a_calendar_of_ones_own_takes_the_place_of_the_world() {
    let script = script(STORY, &calendar(OWN));
    let Act::Seed(seeded) = &script.steps[0].act else { panic!("the first step seeds") };
    let places: Vec<(Side, &str)> =
        seeded.iter().map(|item| (item.on, item.event.title.as_str())).collect();
    let expected = [(Side::A, "One"), (Side::A, "Two"), (Side::B, "Graph knows no dates")];
    assert_eq!(places, expected);
    assert!(seeded.iter().all(|item| (1..=3).contains(&item.event.attendees.len())));
    let [waiting] = script.inexpressible.as_slice() else { panic!("one item waits for ever") };
    let title = "Graph knows no dates (line 18)";
    assert_eq!((waiting.on, waiting.title.as_str()), (Side::A, title));
    let [refused] = script.refused.as_slice() else { panic!("one component is passed over") };
    assert_eq!(refused.title, "none@own (line 26)");
}

#[test]
fn a_cancelled_event_waits_for_ever_where_its_copy_would_be_on_graph() {
    const ON_B: &str = "scenario: 1
name: Originals on JMAP
world:
  seed: 5
  a: {graph: {profile: m365, calendars: [{name: Work}]}}
  b: {jmap: {profile: stalwart, calendars: [{name: Work, events: 2}]}}
story:
  - sync: {}
";
    let cancelled = OWN.replace("SUMMARY:One", "STATUS:CANCELLED\r\nSUMMARY:One");
    assert_ne!(cancelled, OWN);
    let script = script(ON_B, &calendar(&cancelled));
    let waiting: Vec<&str> =
        script.inexpressible.iter().map(|item| item.title.split(" (").next().unwrap()).collect();
    assert_eq!(waiting, ["One", "Graph knows no dates"]);
}

#[test]
fn counts_become_shares_of_ones_own_calendar() {
    let script = script(STORY, &calendar(OWN));
    // Three events stand where there were thirty: a tenth of everything, and at least one.
    assert_eq!(touched(&script, "new").len(), 1);
    assert_eq!(touched(&script, "user-1").len(), 1);
    assert_eq!(touched(&script, "changed").len(), 1);
    let syncs: Vec<_> = script
        .steps
        .iter()
        .filter_map(|step| match &step.act {
            Act::Sync(sync) => Some(&sync.expect),
            _ => None,
        })
        .collect();
    let exits: Vec<Option<u8>> = syncs.iter().map(|expect| expect.exit).collect();
    assert_eq!(exits, [Some(1), Some(3), Some(3)]);
    assert_eq!(syncs[0].errors, Some(Amount::exactly(1)));
    let held = serde_json::to_value(&syncs[1].held).expect("an expectation is JSON");
    assert_eq!(held, serde_json::json!("1..2"), "one delete, and what waits for ever");
    assert!(script.must.contains(&Must::Converged));
}

#[test]
fn a_small_file_that_is_used_up_goes_on_with_what_the_story_made() {
    let story = STORY.replace(
        "  - approve: {count: 4}\n",
        "  - approve: {count: 4}\n  - sync: {}\n  - user: {on: b, delete: 4, as: more}\n",
    );
    let script = script(&story, &calendar(OWN));
    assert_eq!(touched(&script, "more"), touched(&script, "new"));
}

#[test]
fn a_file_that_holds_nothing_readable_is_a_mistake_with_its_place() {
    let empty = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n";
    for text in ["no calendar", empty] {
        match expand(&reading(STORY), &calendar(text)) {
            Err(Error::Calendar { path, line, .. }) => {
                assert_eq!((path.as_str(), line > 0), ("own.ics", true), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }
}
