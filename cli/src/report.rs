//! Outcomes on the screen and in files.

use std::process::ExitCode;

use calamity_evidence::{Catalogue, FORMAT, Outcome};
use calamity_reports::{Request, json, terminal};

use crate::args::Output;
use crate::failure::{FAILED, Failure, PASSED};
use crate::screen::Screen;

/// The reports that were asked for; a mistake in them is found before anything runs.
pub(crate) fn requests(output: &Output) -> Result<Vec<Request>, Failure> {
    Ok(Request::parse(&output.report)?)
}

/// Shows one outcome as soon as it is there.
pub(crate) fn show(
    outcome: &Outcome,
    to: calamity_reports::Terminal,
    output: &Output,
    screen: &mut Screen,
) {
    if output.json {
        return;
    }
    screen.print(&terminal::line(outcome, to));
    if !outcome.passed() {
        screen.print(&terminal::evidence(outcome, to));
    }
    let refused = terminal::refused(outcome, to);
    if !refused.is_empty() {
        screen.print(&refused);
    }
}

/// Shows what they come to, writes the reports, and answers with the exit code.
pub(crate) fn conclude(
    outcomes: Vec<Outcome>,
    requests: &[Request],
    output: &Output,
    screen: &mut Screen,
) -> Result<ExitCode, Failure> {
    let catalogue =
        Catalogue { format: FORMAT, version: env!("CARGO_PKG_VERSION").to_owned(), outcomes };
    if output.json {
        screen.print(json::render(&catalogue).trim_end());
    } else {
        screen.print(&terminal::totals(&catalogue, screen.terminal()));
    }
    for request in requests {
        request.write(&catalogue)?;
    }
    Ok(ExitCode::from(if catalogue.failed() == 0 { PASSED } else { FAILED }))
}
