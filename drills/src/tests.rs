//! The catalogue as a whole.

use std::collections::BTreeSet;

use super::{Choice, catalogue, choose};

#[test]
fn every_drill_is_read_without_mistake_and_has_a_name_of_its_own() {
    let drills = catalogue().unwrap_or_else(|rejected| panic!("{rejected}"));
    let names: BTreeSet<&str> = drills.iter().map(|drill| drill.name.as_str()).collect();
    assert_eq!(names.len(), drills.len(), "two drills of one name");
    for name in ["incident-2026-04-16", "healthy", "killed-anywhere"] {
        assert!(names.contains(name), "{name} is missing");
    }
    let tags: BTreeSet<&str> =
        drills.iter().flat_map(|drill| &drill.tags).map(String::as_str).collect();
    assert!(names.is_disjoint(&tags), "a name that is a tag as well chooses one drill only");
}

#[test]
fn every_drill_validates_against_the_published_schema() {
    let schema = calamity_scenarios::language::schema();
    let validator = jsonschema::validator_for(&schema).expect("the schema is a schema");
    for drill in catalogue().expect("the catalogue is without mistakes") {
        let options = serde_saphyr::options! { strict_booleans: true };
        let document: serde_json::Value =
            serde_saphyr::from_str_with_options(&drill.text, options).expect("a drill is YAML");
        let mistakes: Vec<String> =
            validator.iter_errors(&document).map(|error| error.to_string()).collect();
        assert_eq!(mistakes, Vec::<String>::new(), "{}", drill.path);
    }
}

#[test]
fn a_word_chooses_by_name_then_by_tag() {
    let drills = catalogue().expect("the catalogue is without mistakes");
    let count = |word| match choose(&drills, word) {
        Choice::Drills(drills) => drills.len(),
        Choice::Unknown(near) => panic!("{word} is unknown, near it: {near:?}"),
    };
    assert_eq!(count("incident-2026-04-16"), 1);
    assert_eq!(count("incidents"), 7);
    assert_eq!(count("crash"), 2);
}

#[test]
fn a_word_that_stands_for_nothing_finds_the_near_ones() {
    let drills = catalogue().expect("the catalogue is without mistakes");
    let near = |word| match choose(&drills, word) {
        Choice::Drills(drills) => panic!("{word} stands for {} drills", drills.len()),
        Choice::Unknown(near) => near,
    };
    assert_eq!(near("helthy"), ["healthy"]);
    assert_eq!(near("incident-2026")[0], "incident-2026-04-16");
    assert_eq!(near("weather"), Vec::<String>::new());
}
