//! The JSON report: a [`Catalogue`] as it is, with the version of its form in `format`.
//!
//! A reader checks `format` before it trusts anything else. Members may be added without a new
//! version, so members that a reader does not know are skipped.

use calamity_evidence::{Catalogue, FORMAT};
use serde::Deserialize;

use crate::Error;

/// The catalogue as JSON, indented, with a newline at its end.
#[must_use]
pub fn render(catalogue: &Catalogue) -> String {
    let mut text = serde_json::to_string_pretty(catalogue)
        .expect("a catalogue holds nothing that JSON lacks: every key is a string");
    text.push('\n');
    text
}

/// Reads what [`render`] wrote.
///
/// # Errors
/// [`Error::Version`] for a report of another form, [`Error::Json`] for anything else.
pub fn parse(text: &str) -> Result<Catalogue, Error> {
    /// The one member that every version has.
    #[derive(Deserialize)]
    struct Versioned {
        format: u32,
    }

    let Versioned { format } =
        serde_json::from_str(text).map_err(|source| Error::Json { source })?;
    if format != FORMAT {
        return Err(Error::Version { found: format, known: FORMAT });
    }
    serde_json::from_str(text).map_err(|source| Error::Json { source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn what_was_rendered_is_read_back() {
        let catalogue = fixture::catalogue();
        assert_eq!(parse(&render(&catalogue)).expect("a report"), catalogue);
    }

    #[test]
    fn the_form_is_stable() {
        let mut catalogue = fixture::catalogue();
        for outcome in &mut catalogue.outcomes {
            outcome.steps.truncate(3);
            for violation in &mut outcome.violations {
                violation.writes.truncate(1);
                violation.mails.truncate(1);
            }
        }
        insta::assert_snapshot!(render(&catalogue));
    }

    #[test]
    fn another_version_is_refused_by_its_number() {
        let error = parse("{\"format\": 7, \"drills\": []}").expect_err("an unknown version");
        assert_eq!(
            error.to_string(),
            "the JSON report is of format 7, not of 1: run the drills again"
        );
    }

    #[test]
    fn other_json_is_refused() {
        let error = parse("[]").expect_err("no report");
        assert_eq!(error.to_string(), "not a JSON report of this program");
    }
}
