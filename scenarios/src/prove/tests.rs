//! The proof on hand-made cells: each way in which it can fail to hold.

use std::collections::BTreeSet;

use crate::known_bad::{Control, KnownBad};
use crate::script::Script;

use super::cells::Cell;
use super::plan::{Drill, Mode, Place, places};
use super::report::report;
use super::rows::{Rows, RowsError};

const ENGINES: &[KnownBad] = &[
    KnownBad {
        name: "bold",
        about: "it dares too much",
        breaks: "delete-has-intent",
        control: Control::Passes,
        build: |assembly| assembly,
    },
    KnownBad {
        name: "timid",
        about: "it dares nothing",
        breaks: "converged",
        control: Control::Fails,
        build: |assembly| assembly,
    },
];

const EXPECTED: &str = "known-bad,drill,invariant
bold,incident,delete-has-intent
bold,incident,outbox-quiet
timid,healthy,converged
timid,incident,converged
";

fn script() -> Script {
    let text = r#"{"script": 1, "drill": "d", "title": "t", "tags": [], "reproduces": null, "seed": 1,
        "world": {
            "a": {"protocol": "graph", "profile": "m365", "owner": "u@a.example", "calendars": []},
            "b": {"protocol": "jmap", "profile": "stalwart", "owner": "u@b.example", "calendars": []},
            "attendees": "strip", "thresholds": {}, "filter": null, "proven": []},
        "steps": [], "must": [], "sweep": null, "inexpressible": [], "refused": []}"#;
    Script::parse("test", text).expect("the text is a script")
}

fn cell(engine: &str, drill: &str, caught_by: &[&str]) -> Cell {
    Cell {
        engine: engine.to_owned(),
        drill: drill.to_owned(),
        caught_by: caught_by.iter().map(|name| (*name).to_owned()).collect(),
        mishaps: Vec::new(),
        evidence: Vec::new(),
    }
}

/// The whole matrix as it is expected.
fn matrix() -> Vec<Cell> {
    vec![
        cell("engine", "healthy", &[]),
        cell("engine", "incident", &[]),
        cell("bold", "healthy", &[]),
        cell("bold", "incident", &["delete-has-intent", "outbox-quiet"]),
        cell("timid", "healthy", &["converged"]),
        cell("timid", "incident", &["converged"]),
    ]
}

fn all_places(mode: Mode) -> Vec<Place> {
    let script = script();
    let drills = ["healthy", "incident"].map(|name| Drill { name, script: &script });
    places(mode, ENGINES, &drills, &EXPECTED.parse().expect("these are rows"))
}

#[track_caller]
fn check(cells: Vec<Cell>, problems: &[&str]) {
    let script = script();
    let drills = ["healthy", "incident"].map(|name| Drill { name, script: &script });
    let expected = EXPECTED.parse().expect("these are rows");
    let places = all_places(Mode::Full);
    let report = report(ENGINES, &drills, &expected, Mode::Full, places, cells);
    assert_eq!(report.problems, problems);
    assert_eq!(report.holds(), problems.is_empty());
}

#[test]
fn a_matrix_as_expected_holds() {
    check(matrix(), &[]);
}

#[test]
fn a_row_too_few_and_a_row_too_many_are_told() {
    let mut cells = matrix();
    cells[3] = cell("bold", "incident", &["delete-has-intent", "no-duplicates"]);
    check(
        cells,
        &[
            "bold in incident is expected to break outbox-quiet, and does not",
            "bold in incident breaks no-duplicates, which is not expected",
        ],
    );
}

#[test]
fn a_healthy_engine_that_fails_voids_the_proof() {
    let mut cells = matrix();
    cells[1] = cell("engine", "incident", &["converged"]);
    check(cells, &["the healthy engine fails incident: converged"]);
}

#[test]
fn a_panic_is_no_catch() {
    let mut cells = matrix();
    cells[3] = Cell {
        mishaps: vec!["panic: index out of bounds".to_owned()],
        ..cell("bold", "incident", &[])
    };
    check(
        cells,
        &[
            "bold in incident: panic: index out of bounds; that counts as no catch",
            "bold in incident is expected to break delete-has-intent, and does not",
            "bold in incident is expected to break outbox-quiet, and does not",
            "bold is never caught by delete-has-intent, which it declares to break",
        ],
    );
}

#[test]
fn an_engine_that_fails_the_control_run_unannounced_is_told() {
    let mut cells = matrix();
    cells[2] = cell("bold", "healthy", &["converged"]);
    check(
        cells,
        &[
            "bold in healthy breaks converged, which is not expected",
            "bold fails the control run, where nothing goes wrong",
        ],
    );
}

#[test]
fn a_drill_that_catches_nobody_is_told() {
    let mut cells = matrix();
    cells[3] = cell("bold", "incident", &[]);
    cells[5] = cell("timid", "incident", &[]);
    check(
        cells,
        &[
            "bold in incident is expected to break delete-has-intent, and does not",
            "bold in incident is expected to break outbox-quiet, and does not",
            "timid in incident is expected to break converged, and does not",
            "bold is never caught by delete-has-intent, which it declares to break",
            "incident catches no known-bad engine",
        ],
    );
}

#[test]
fn the_short_mode_runs_the_control_and_the_first_catch_of_each() {
    let places: BTreeSet<Place> = all_places(Mode::FirstCatch).into_iter().collect();
    let expected = [(None, 0), (None, 1), (Some(0), 0), (Some(0), 1), (Some(1), 0)];
    assert_eq!(places, BTreeSet::from(expected));
}

#[test]
fn rows_are_read_as_they_are_written() {
    let rows: Rows = EXPECTED.parse().expect("these are rows");
    assert_eq!(rows.to_string(), EXPECTED);
    assert_eq!("a,b,c\n".parse::<Rows>(), Err(RowsError::Head));
    let wrong = "known-bad,drill,invariant\nbold,incident\n".parse::<Rows>();
    assert_eq!(wrong, Err(RowsError::Line { line: 2, text: "bold,incident".to_owned() }));
}
