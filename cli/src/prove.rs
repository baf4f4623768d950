//! `calamity drill --prove`: the catalogue against engines that are known to be bad.

use std::process::ExitCode;

use anyhow::Context;
use calamity_scenarios::known_bad::{self, Control};
use calamity_scenarios::prove::{Drill, Mode, ProofReport, Rows, prove};
use serde_json::json;

use crate::args::{Output, Prove};
use crate::failure::{FAILED, Failure, PASSED};
use crate::screen::Screen;
use crate::select::Ready;

/// Runs the proof.
pub(crate) fn run(
    how: Prove,
    ready: &[Ready],
    output: &Output,
    screen: &mut Screen,
) -> Result<ExitCode, Failure> {
    let expected: Rows = calamity_drills::EXPECTED_ROWS
        .parse()
        .context("the expected rows that are built in cannot be read")?;
    let drills: Vec<Drill<'_>> = ready
        .iter()
        .map(|ready| Drill { name: ready.script.drill.as_str(), script: &ready.script })
        .collect();
    let mode = match how {
        Prove::Quick => Mode::FirstCatch,
        Prove::Full | Prove::Rows => Mode::Full,
    };
    let report = prove(&drills, &expected, mode);
    if how == Prove::Rows {
        screen.print(report.rows.to_string().trim_end());
        return Ok(ExitCode::from(PASSED));
    }
    if output.json {
        screen.print(&as_json(&report));
    } else {
        show(&report, screen);
    }
    Ok(ExitCode::from(if report.holds() { PASSED } else { FAILED }))
}

/// A line a known-bad engine, then what is wrong, then the verdict.
fn show(report: &ProofReport, screen: &mut Screen) {
    let width = known_bad::all().iter().map(|known| known.name.len()).max().unwrap_or(0);
    for known in known_bad::all() {
        let catches: Vec<String> = report
            .cells
            .iter()
            .filter(|cell| cell.engine == known.name && !cell.caught_by.is_empty())
            .map(|cell| {
                let names: Vec<&str> = cell.caught_by.iter().map(String::as_str).collect();
                format!("{} ({})", cell.drill, names.join(", "))
            })
            .collect();
        let control = match known.control {
            Control::Passes => "",
            Control::Fails => ", over-cautious",
        };
        let name = known.name;
        screen.print(&format!("{name:width$}  breaks {}{control}: {}", known.breaks, known.about));
        for catch in &catches {
            screen.print(&format!("{:width$}  caught by {catch}", ""));
        }
        if catches.is_empty() {
            screen.print(&format!("{:width$}  caught by nothing", ""));
        }
    }
    for problem in &report.problems {
        screen.print(&format!("problem: {problem}"));
    }
    let cells = report.cells.len();
    let verdict = match report.problems.len() {
        0 => "the matrix equals the expected rows".to_owned(),
        1 => "1 problem".to_owned(),
        problems => format!("{problems} problems"),
    };
    screen.print(&format!("{cells} runs, {} rows: {verdict}", report.rows.0.len()));
}

fn as_json(report: &ProofReport) -> String {
    let cells: Vec<_> = report
        .cells
        .iter()
        .map(|cell| {
            json!({
                "engine": cell.engine,
                "drill": cell.drill,
                "caught_by": cell.caught_by,
                "mishaps": cell.mishaps,
                "evidence": cell.evidence,
            })
        })
        .collect();
    let value = json!({ "format": 1, "holds": report.holds(), "problems": report.problems, "cells": cells });
    serde_json::to_string_pretty(&value).unwrap_or_default()
}
