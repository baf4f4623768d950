//! Running the proof, and what has to be true of it.

use std::collections::BTreeSet;

use crate::crash::spread;
use crate::known_bad::{self, Control, KnownBad};

use super::cells::Cell;
use super::plan::{CONTROL, Drill, Mode, Place, places};
use super::rows::{Row, Rows};

/// What a proof came to.
#[derive(Clone, Debug)]
pub struct ProofReport {
    /// How much was run.
    pub mode: Mode,
    /// What was run, in the order of engines and drills; the healthy engine first.
    pub cells: Vec<Cell>,
    /// The rows that were found in the cells that were run.
    pub rows: Rows,
    /// What is wrong, a sentence each; empty when the proof holds.
    pub problems: Vec<String>,
}

impl ProofReport {
    /// Whether the drills are shown to be able to fail, exactly as expected.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.problems.is_empty()
    }
}

/// Runs drills against the known-bad engines and compares with the expected rows.
#[must_use]
pub fn prove(drills: &[Drill<'_>], expected: &Rows, mode: Mode) -> ProofReport {
    let engines = known_bad::all();
    let places = places(mode, engines, drills, expected);
    let cells = spread(&places, |(engine, drill)| match engine {
        Some(engine) => Cell::known_bad(&engines[*engine], &drills[*drill]),
        None => Cell::healthy(&drills[*drill]),
    });
    report(engines, drills, expected, mode, places, cells)
}

pub(super) fn report(
    engines: &[KnownBad],
    drills: &[Drill<'_>],
    expected: &Rows,
    mode: Mode,
    places: Vec<Place>,
    cells: Vec<Cell>,
) -> ProofReport {
    let mut problems = Vec::new();
    let mut rows = Rows::default();
    for ((engine, _), cell) in places.iter().zip(&cells) {
        let known = engine.map(|engine| &engines[engine]);
        match known {
            None => problems.extend(healthy(cell)),
            Some(known) => {
                problems.extend(one(known, cell, expected));
                rows.0.extend(cell.caught_by.iter().map(|invariant| Row {
                    known_bad: cell.engine.clone(),
                    drill: cell.drill.clone(),
                    invariant: invariant.clone(),
                }));
            }
        }
    }
    problems.extend(whole(engines, drills, expected, &rows));
    ProofReport { mode, cells, rows, problems }
}

/// The healthy engine has to pass: what it fails by, others do not have to be bad for.
fn healthy(cell: &Cell) -> Option<String> {
    let failed = !cell.caught_by.is_empty() || !cell.mishaps.is_empty();
    failed.then(|| {
        let why: Vec<&str> =
            cell.caught_by.iter().chain(&cell.mishaps).map(String::as_str).collect();
        format!("the healthy engine fails {}: {}", cell.drill, why.join(", "))
    })
}

/// One known-bad engine in one drill, against the rows that are expected of it.
fn one(known: &KnownBad, cell: &Cell, expected: &Rows) -> Vec<String> {
    let (engine, drill) = (known.name, &cell.drill);
    let mut problems: Vec<String> = cell
        .mishaps
        .iter()
        .map(|mishap| format!("{engine} in {drill}: {mishap}; that counts as no catch"))
        .collect();
    let expected = expected.of(known.name, drill);
    for invariant in expected.difference(&cell.caught_by) {
        problems
            .push(format!("{engine} in {drill} is expected to break {invariant}, and does not"));
    }
    for invariant in cell.caught_by.difference(&expected) {
        problems.push(format!("{engine} in {drill} breaks {invariant}, which is not expected"));
    }
    if drill == CONTROL {
        match known.control {
            Control::Passes if !cell.caught_by.is_empty() => {
                problems.push(format!("{engine} fails the control run, where nothing goes wrong"));
            }
            Control::Fails if !cell.caught_by.contains(known.breaks) => {
                let breaks = known.breaks;
                problems.push(format!("{engine} passes the control run as far as {breaks} goes"));
            }
            _ => {}
        }
    }
    problems
}

/// What is asked of the matrix as a whole.
fn whole(engines: &[KnownBad], drills: &[Drill<'_>], expected: &Rows, found: &Rows) -> Vec<String> {
    let mut problems = Vec::new();
    for known in engines {
        let breaks = |row: &&Row| row.known_bad == known.name && row.invariant == known.breaks;
        if !found.0.iter().any(|row| breaks(&row)) {
            problems.push(format!(
                "{} is never caught by {}, which it declares to break",
                known.name, known.breaks
            ));
        }
    }
    for drill in drills {
        if !found.0.iter().any(|row| row.drill == drill.name) {
            problems.push(format!("{} catches no known-bad engine", drill.name));
        }
    }
    let engine_names: BTreeSet<&str> = engines.iter().map(|known| known.name).collect();
    let drill_names: BTreeSet<&str> = drills.iter().map(|drill| drill.name).collect();
    for row in &expected.0 {
        if !engine_names.contains(row.known_bad.as_str()) {
            problems.push(format!("the expected row {row} names an engine that there is not"));
        } else if !drill_names.contains(row.drill.as_str()) {
            problems.push(format!("the expected row {row} names a drill that there is not"));
        }
    }
    problems
}
