//! A report as a table: a line a check, and what was expected and found below those that failed.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr;

use crate::check::Level;
use crate::report::{Outcome, Report, Row};
use crate::run::Description;

/// The columns of a table, as wide as the checks need: for who prints each line when it is there.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    ids: usize,
    sources: usize,
}

impl Columns {
    /// Wide enough for these checks.
    #[must_use]
    pub fn of(checks: &[Description]) -> Columns {
        let ids = checks.iter().map(|check| check.id.width()).max();
        let sources = checks.iter().map(|check| check.source.width()).max();
        Columns { ids: ids.unwrap_or(0), sources: sources.unwrap_or(0) }
    }

    /// A check that is not run: its name, how strongly it is asked for and where, what it looks at.
    #[must_use]
    pub fn description(self, check: &Description) -> String {
        self.line(check.id, check.level, check.source, check.title)
    }

    /// A check and how it ended: a line, and what was expected and found below it.
    #[must_use]
    pub fn row(self, row: &Row) -> String {
        let line = self.line(&row.id, row.level, &row.source, &row.title);
        let mut text = format!("{}  {line}", verdict(row));
        // Writing to a String does not fail.
        let _ = match &row.outcome {
            Outcome::Pass => Ok(()),
            Outcome::Fail(failure) => {
                let (expected, found) = (one_line(&failure.expected), one_line(&failure.found));
                write!(text, "\n      expected {expected}\n      found    {found}")
            }
            Outcome::NotApplicable { reason } | Outcome::Skipped { reason } => {
                write!(text, "\n      {}", one_line(reason))
            }
        };
        text
    }

    fn line(self, id: &str, level: Level, source: &str, title: &str) -> String {
        let padded = |text: &str, to: usize| " ".repeat(to.saturating_sub(text.width()));
        let level = level.word();
        let (after_id, after_source) = (padded(id, self.ids), padded(source, self.sources));
        format!("{id}{after_id}  {level:<6}  {source}{after_source}  {title}")
    }
}

/// The word at the beginning of a line: `FAIL` for a MUST that does not hold, `warn` for what is
/// merely recommended.
#[must_use]
pub fn verdict(row: &Row) -> &'static str {
    match (&row.outcome, row.level) {
        (Outcome::Pass, _) => "pass",
        (Outcome::Fail(_), Level::Must) => "FAIL",
        (Outcome::Fail(_), _) => "warn",
        (Outcome::NotApplicable { .. }, _) => "n/a ",
        (Outcome::Skipped { .. }, _) => "skip",
    }
}

/// What stands above a table.
#[must_use]
pub fn headline(report: &Report) -> String {
    format!("{} at {}", report.protocol, report.url)
}

/// What stands below a table: what it comes to, and what could not be removed.
#[must_use]
pub fn summary(report: &Report) -> String {
    let totals = report.totals();
    let mut text = format!(
        "{} passed, {} failed, {} warned, {} not applicable, {} skipped",
        totals.passed, totals.failed, totals.warned, totals.not_applicable, totals.skipped
    );
    if report.interrupted {
        text.push_str("; stopped before the end");
    }
    for left in &report.left_behind {
        // Writing to a String does not fail.
        let _ = write!(text, "\nleft behind: {left}");
    }
    text
}

/// The report for a terminal, plain.
#[must_use]
pub fn table(report: &Report) -> String {
    let width = |text: &dyn Fn(&Row) -> usize| report.rows.iter().map(text).max().unwrap_or(0);
    let ids = width(&|row| row.id.width());
    let columns = Columns { ids, sources: width(&|row| row.source.width()) };
    let mut lines = vec![headline(report)];
    lines.extend(report.rows.iter().map(|row| columns.row(row)));
    lines.push(summary(report));
    lines.join("\n") + "\n"
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
