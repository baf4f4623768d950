//! A report as a table: a line a check, and what was expected and found below those that failed.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::report::{Outcome, Report};

/// The report for a terminal, plain.
#[must_use]
pub fn table(report: &Report) -> String {
    let width = |text: &dyn Fn(&crate::Row) -> usize| report.rows.iter().map(text).max();
    let ids = width(&|row| row.id.width()).unwrap_or(0);
    let sources = width(&|row| row.source.width()).unwrap_or(0);
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = writeln!(text, "{} at {}", report.protocol, report.url);
    for row in &report.rows {
        let word = match (&row.outcome, row.level) {
            (Outcome::Pass, _) => "pass",
            (Outcome::Fail(_), crate::Level::Must) => "FAIL",
            (Outcome::Fail(_), _) => "warn",
            (Outcome::NotApplicable { .. }, _) => "n/a ",
            (Outcome::Skipped { .. }, _) => "skip",
        };
        let level = row.level.word();
        let padded = |text: &str, to: usize| " ".repeat(to.saturating_sub(text.width()));
        let _ = writeln!(
            text,
            "{word}  {}{}  {level:<6}  {}{}  {}",
            row.id,
            padded(&row.id, ids),
            row.source,
            padded(&row.source, sources),
            row.title
        );
        let _ = match &row.outcome {
            Outcome::Pass => Ok(()),
            Outcome::Fail(failure) => {
                let expected = one_line(&failure.expected);
                writeln!(
                    text,
                    "      expected {expected}\n      found    {}",
                    one_line(&failure.found)
                )
            }
            Outcome::NotApplicable { reason } | Outcome::Skipped { reason } => {
                writeln!(text, "      {}", one_line(reason))
            }
        };
    }
    let totals = report.totals();
    let _ = writeln!(
        text,
        "{} passed, {} failed, {} warned, {} not applicable, {} skipped",
        totals.passed, totals.failed, totals.warned, totals.not_applicable, totals.skipped
    );
    for left in &report.left_behind {
        let _ = writeln!(text, "left behind: {left}");
    }
    text
}

/// The most that is shown of a text, in characters.
const SHOWN_MAX: usize = 300;

fn one_line(text: &str) -> String {
    let mut words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((at, _)) = words.char_indices().nth(SHOWN_MAX) {
        words.truncate(at);
        words.push_str("...");
    }
    words
}
