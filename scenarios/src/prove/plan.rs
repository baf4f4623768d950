//! Which cells of the matrix are run.

use std::collections::BTreeSet;

use crate::known_bad::{Control, KnownBad};
use crate::script::Script;

use super::rows::Rows;

/// The name of the healthy control drill.
pub const CONTROL: &str = "healthy";

/// A drill of the catalogue.
#[derive(Clone, Copy, Debug)]
pub struct Drill<'a> {
    /// Its name.
    pub name: &'a str,
    /// What is carried out.
    pub script: &'a Script,
}

/// How much of the matrix is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// For each engine its control run and its first expected catch, and whatever more it takes
    /// for every drill to catch somebody.
    FirstCatch,
    /// Every engine in every drill.
    Full,
}

/// A cell that is to be run: places in the lists of engines and drills. No engine means the healthy
/// one.
pub(super) type Place = (Option<usize>, usize);

/// The cells of a mode, in the order of engines and drills.
pub(super) fn places(
    mode: Mode,
    engines: &[KnownBad],
    drills: &[Drill<'_>],
    expected: &Rows,
) -> Vec<Place> {
    let mut places: BTreeSet<Place> = (0..drills.len()).map(|drill| (None, drill)).collect();
    match mode {
        Mode::Full => {
            for engine in 0..engines.len() {
                places.extend((0..drills.len()).map(|drill| (Some(engine), drill)));
            }
        }
        Mode::FirstCatch => {
            for (number, engine) in engines.iter().enumerate() {
                let control = drills.iter().position(|drill| drill.name == CONTROL);
                places.extend(control.map(|drill| (Some(number), drill)));
                // The over-cautious are caught by the control run, and nowhere else beforehand.
                let catches = (0..drills.len()).filter(|place| {
                    let drill = &drills[*place];
                    expected.of(engine.name, drill.name).contains(engine.breaks)
                        && (engine.control == Control::Fails || drill.name != CONTROL)
                });
                // A sweep is a run for each of its points: another drill is as good.
                let first = catches.min_by_key(|place| drills[*place].script.sweep.is_some());
                places.extend(first.map(|drill| (Some(number), drill)));
            }
            for (number, drill) in drills.iter().enumerate() {
                if places.iter().any(|(engine, place)| {
                    *place == number
                        && engine.is_some_and(|engine| {
                            !expected.of(engines[engine].name, drill.name).is_empty()
                        })
                }) {
                    continue;
                }
                let catches = engines
                    .iter()
                    .position(|engine| !expected.of(engine.name, drill.name).is_empty());
                places.extend(catches.map(|engine| (Some(engine), number)));
            }
        }
    }
    places.into_iter().collect()
}
