//! What a reader of a scenario is told. Each case changes one thing of a scenario without mistakes;
//! the snapshots under `snapshots/` are what is printed.

mod faults;

use super::{
    Amount, Colour, Document, Held, Items, Mistake, PathStep, Provider, Step, read, schema,
};

const GOOD: &str = r#"scenario: 1
name: JMAP refuses creates; the run must not go on to deletes
tags: [incident, guard]
reproduces: 1
world:
  seed: 20260416
  a: {graph: {profile: m365, calendars: [{name: Work, events: 300, attendees: 1..6}]}}
  b: {jmap: {profile: stalwart, calendars: [{name: Work}]}}
  baseline: in-sync
story:
  - user: {on: a, create: 40, attendees: 1..6, as: new}
  - user: {on: b, delete: 10}
  - fault:
      id: refuse
      where: {site: item, on: b, op: event.create}
      what: {error: {code: invalidProperties, properties: [alerts]}}
      expect_hits: 40
  - sync: {expect: {exit: 1, errors: 40, created: 0, held: {unresolved: 10}}, as: first}
  - clear: refuse
  - approve: {count: 10}
  - sync: {expect: {exit: 0, deleted: 10}}
must:
  - converged
  - outbox: {only-from: approve}
"#;

/// The scenario with one thing changed, and what is said about it.
#[track_caller]
fn check(name: &str, from: &str, to: &str) {
    assert_eq!(GOOD.matches(from).count(), 1, "`{from}` occurs once in the scenario");
    let text = GOOD.replace(from, to);
    let rejected = read("drill.yaml", &text, &[]).expect_err("the scenario has a mistake");
    insta::assert_snapshot!(name, rejected.render(Colour::Plain));
}

/// The scenario with an override, and what is said about it.
#[track_caller]
fn check_set(name: &str, set: &str) {
    let rejected = read("drill.yaml", GOOD, &[set.to_owned()]).expect_err("the override is wrong");
    insta::assert_snapshot!(name, rejected.render(Colour::Plain));
}

#[test]
fn a_scenario_without_mistakes_is_read() {
    let reading = read("drill.yaml", GOOD, &[]).expect("the scenario has no mistake");
    let scenario = &reading.scenario;
    assert_eq!(scenario.world.seed, 20_260_416);
    assert!(matches!(scenario.world.a.value, Provider::Graph(_)));
    let Step::Sync(sync) = &scenario.story[3].value else { panic!("the fourth step is a sync") };
    let held = sync.expect.held.as_ref().map(|held| held.value.clone());
    let unresolved = [("unresolved".to_owned(), Amount::exactly(10))];
    assert_eq!(held, Some(Held::ByRule(unresolved.into())));
    assert_eq!(scenario.must.len(), 2);
}

#[test]
fn unknown_keys() {
    check("unknown_key_at_the_top", "reproduces: 1", "reproduce: 1");
    check("unknown_key_inside_a_flow", "events: 300", "evnets: 300");
    check("unknown_key_of_another_word", "on: b, delete", "weather: b, delete");
}

#[test]
fn wrong_types() {
    check("text_for_a_number", "seed: 20260416", "seed: soon");
    check("number_for_a_text", "{name: Work}]", "{name: 7}]");
    check("negative_number", "create: 40", "create: -40");
    check("too_large_a_number", "exit: 1,", "exit: 300,");
    check("list_for_a_mapping", "expect: {exit: 0, deleted: 10}", "expect: [0, 10]");
    check("mapping_for_a_list", "tags: [incident, guard]", "tags: {incident: guard}");
    check("no_amount", "attendees: 1..6, as", "attendees: 6..1, as");
    check("nothing_for_a_value", "exit: 0, deleted: 10", "exit: , deleted: 10");
}

#[test]
fn missing_and_doubled_keys() {
    check("missing_key", "  seed: 20260416\n", "");
    check("missing_key_inside_a_step", "      id: refuse\n", "");
    check("doubled_key", "  baseline: in-sync", "  baseline: in-sync\n  baseline: none");
    check("two_keys_in_a_step", "  - clear: refuse", "  - clear: refuse\n    approve: {count: 1}");
}

#[test]
fn unknown_names() {
    check("unknown_step", "  - approve: {count: 10}", "  - aprove: {count: 10}");
    check("unknown_mode", "{expect: {exit: 0, deleted: 10}}", "{mode: dryrun}");
    check("unknown_profile", "profile: m365", "profile: m356");
    check("unknown_calendar", "on: b, delete: 10", "on: b, calendar: Wrok, delete: 10");
    check("unknown_operation", "op: event.create", "op: event.crate");
    check("unknown_code", "code: invalidProperties", "code: invalidProperty");
    check("unknown_rule", "held: {unresolved: 10}", "held: {unresolvd: 10}");
    check("unknown_must", "  - converged", "  - convergd");
    check("unknown_items", "on: b, delete: 10", "on: b, delete: 10, items: {same-as: newer}");
}

#[test]
fn faults_that_make_no_sense() {
    check("undefined_fault", "clear: refuse", "clear: refused");
    check(
        "second_fault_of_a_name",
        "  - clear: refuse",
        "  - fault: {id: refuse, where: {site: request, on: a}, what: {delay: 1s}}",
    );
    check("fault_cleared_twice", "  - clear: refuse", "  - clear: refuse\n  - clear: refuse");
    check(
        "fault_against_the_specification",
        "what: {error: {code: invalidProperties, properties: [alerts]}}",
        "what: omit",
    );
    check(
        "fault_at_the_wrong_site",
        "what: {error: {code: invalidProperties, properties: [alerts]}}",
        "what: {cut: {keep: 0.5}}\n      origin: hostile",
    );
    check(
        "fault_without_a_value",
        "what: {error: {code: invalidProperties, properties: [alerts]}}",
        "what: error",
    );
}

#[test]
fn acts_that_make_no_sense() {
    check("two_acts", "on: b, delete: 10", "on: b, delete: 10, edit: 3");
    check("no_act", "on: b, delete: 10", "on: b");
    check("edit_of_nothing", "on: b, delete: 10", "on: b, edit: 10");
    check("answer_without_a_question", "{expect: {exit: 0, deleted: 10}}", "{answer: y}");
}

#[test]
fn no_yaml() {
    check("broken_yaml", "tags: [incident, guard]", "tags: [incident, guard");
    check("tabs", "  baseline: in-sync", "\tbaseline: in-sync");
    check("another_version", "scenario: 1", "scenario: 2");
}

#[test]
fn overrides_replace_values() {
    let sets = ["world.a.events=10000", "world.seed=7", "story.refuse.expect_hits=3"];
    let sets: Vec<String> = sets.iter().map(|set| (*set).to_owned()).collect();
    let reading = read("drill.yaml", GOOD, &sets).expect("the overrides are right");
    let scenario = reading.scenario;
    assert_eq!(scenario.world.seed, 7);
    assert_eq!(scenario.world.a.account().calendars[0].events, 10_000);
    let Step::Fault(fault) = &scenario.story[2].value else { panic!("the third is a fault") };
    assert_eq!(fault.expect_hits.as_ref().map(|hits| hits.value), Some(Amount::exactly(3)));
}

#[test]
fn overrides_add_the_last_key() {
    let sets = ["world.attendees=hold".to_owned(), "story.1.user.items=fresh".to_owned()];
    let scenario = read("drill.yaml", GOOD, &sets).expect("the overrides are right").scenario;
    assert_eq!(scenario.world.attendees, super::Attendees::Hold);
    let Step::User(user) = &scenario.story[1].value else { panic!("the second is a user's") };
    assert_eq!(user.items.as_ref().map(|items| &items.value), Some(&Items::Fresh));
}

#[test]
fn overrides_with_mistakes() {
    check_set("set_without_a_value", "world.seed");
    check_set("set_to_a_wrong_type", "world.a.events=many");
    check_set("set_of_an_unknown_path", "world.a.evnets=7");
    check_set("set_below_an_unknown_path", "wrold.a.events=7");
    check_set("set_without_saying_which", "world.name=Home");
    check_set("set_to_no_yaml", "world.seed=[1");
}

#[test]
fn the_published_schema_is_up_to_date() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/scenario-1.json");
    let mut written = serde_json::to_string_pretty(&schema()).expect("a schema is JSON");
    written.push('\n');
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(path, &written).expect("the schema can be written");
    }
    let published = std::fs::read_to_string(path).unwrap_or_default();
    assert!(published == written, "run the test with UPDATE_SCHEMA=1 and look at the difference");
}

#[test]
fn the_profiles_of_the_language_are_those_of_the_mock_servers() {
    use calamity_base::{Sim, redact::Secret};
    use calamity_evidence::Side;
    use calamity_mock_servers::{Protocol, Server, ServerConfig};

    Sim::run(1, async |sim: Sim| {
        let env = sim.process("server");
        for protocol in [Protocol::Jmap, Protocol::Graph, Protocol::Dav] {
            for base in ["strict", "stalwart", "m365", "xandikos", "hostile", "other"] {
                for variant in ["", "+honours-marker", "+notifies-by-default", "+other"] {
                    let profile = format!("{base}{variant}");
                    let config = ServerConfig {
                        side: Side::A,
                        protocol,
                        profile: profile.clone(),
                        owner: "me@a.example".to_owned(),
                        credential: Secret::new("x"),
                        seed: 1,
                        others: Vec::new(),
                    };
                    let there = Server::new(&env, config).is_ok();
                    assert_eq!(super::profile_exists(protocol, &profile), there, "{profile}");
                }
            }
        }
    });
}

#[test]
fn mistakes_in_another_document_are_shown_where_their_path_leads() {
    const TEXT: &str = "a:\n  - {b: one}\n  - b: [two]\nc: 3\n";
    let document = Document::read("other.yaml", TEXT).expect("it is YAML");
    let mistake = |path: Vec<PathStep<'static>>| Mistake {
        path,
        message: "wrong".to_owned(),
        help: "mend it".to_owned(),
    };
    let at = |path: Vec<PathStep<'static>>| {
        let (_, line, column) = document.reject(&[mistake(path)]).position();
        (line, column)
    };
    let (key, item) = (PathStep::Key, PathStep::At);
    assert_eq!(at(vec![key("c")]), (4, 4));
    assert_eq!(at(vec![key("a"), item(0), key("b")]), (2, 9));
    // A list is shown at its key, and what is not there at what is.
    assert_eq!(at(vec![key("a"), item(1), key("b")]), (3, 5));
    assert_eq!(at(vec![key("a"), item(1), key("b"), item(0)]), (3, 9));
    assert_eq!(at(vec![key("a"), item(0), key("none"), key("x")]), (2, 5));
    assert_eq!(at(vec![key("c"), item(0)]), (4, 4));
    let both = document.reject(&[mistake(vec![key("c")]), mistake(vec![key("a")])]);
    assert_eq!((both.count(), both.position().1), (2, 1), "in the order of the document");
    let typed = document.typed::<std::collections::BTreeMap<String, u64>>();
    assert_eq!(typed.expect_err("a list is no number").count(), 1);
}
