//! The JUnit report: one test suite a folder of the catalogue, one test case a drill.
//!
//! The text of a failure is the evidence as the terminal shows it, without colours. Timestamps and
//! durations are left out: the clock of a drill is virtual, and equal outcomes give equal bytes.
//! The virtual time stands among a case's properties instead.

use calamity_evidence::{Catalogue, Outcome};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::{Error, Terminal, terminal};

/// The suite of drills without a tag: those that were named by their file.
const UNTAGGED: &str = "drills";

/// The columns of the failure text. Nobody's terminal shows it, so it need not be narrow.
const COLUMNS: usize = 120;

/// The catalogue as JUnit XML. Characters that XML cannot hold are left out.
///
/// # Errors
/// [`Error::Junit`] when the XML cannot be made.
pub fn render(catalogue: &Catalogue) -> Result<String, Error> {
    let mut suites: Vec<TestSuite> = Vec::new();
    for outcome in &catalogue.outcomes {
        let name = outcome.tags.first().map_or(UNTAGGED, String::as_str);
        let case = case(name, outcome);
        match suites.iter_mut().find(|suite| suite.name.as_str() == name) {
            Some(suite) => {
                suite.add_test_case(case);
            }
            None => {
                let mut suite = TestSuite::new(name);
                suite.add_test_case(case);
                suites.push(suite);
            }
        }
    }
    let mut report = Report::new("calamity");
    report.add_test_suites(suites);
    report.to_string().map_err(|source| Error::Junit { source })
}

fn case(suite: &str, outcome: &Outcome) -> TestCase {
    let mut case = TestCase::new(outcome.drill.as_str(), status(outcome));
    case.set_classname(suite);
    let checks: u64 = outcome.checks.values().sum();
    case.set_assertions(usize::try_from(checks).unwrap_or(usize::MAX));
    case.add_property(("sut", outcome.sut.as_str()));
    case.add_property(("seed", outcome.seed.to_string().as_str()));
    case.add_property(("digest", outcome.digest.as_str()));
    case.add_property(("virtual_ms", outcome.virtual_ms.to_string().as_str()));
    case.add_property(("requests", outcome.requests.to_string().as_str()));
    case.add_property(("replay", outcome.replay.as_str()));
    for (name, fact) in &outcome.facts {
        case.add_property((format!("fact.{name}").as_str(), fact.as_str()));
    }
    case
}

fn status(outcome: &Outcome) -> TestCaseStatus {
    if outcome.passed() {
        return TestCaseStatus::success();
    }
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    if let Some(first) = outcome.violations.first() {
        status.set_type(first.invariant.as_str());
        status.set_message(first.found.as_str());
    }
    let style = Terminal { width: COLUMNS, ..Terminal::plain() };
    status.set_description(terminal::evidence(outcome, style));
    status
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;

    #[test]
    fn a_suite_a_folder_and_a_case_a_drill() {
        insta::assert_snapshot!(render(&fixture::catalogue()).expect("a report"));
    }

    #[test]
    fn a_hostile_title_leaves_the_xml_whole() {
        let mut outcome = fixture::failed();
        outcome.violations[0].found = "\u{1b}[31m</failure>\u{0}&".to_owned();
        let catalogue = fixture::catalogue_of(vec![outcome]);
        let xml = render(&catalogue).expect("a report");
        assert_eq!(xml.matches("</failure>").count(), 1, "{xml}");
        assert!(xml.contains("message=\"&lt;/failure&gt;&amp;\""), "{xml}");
        assert!(!xml.contains('\u{1b}'), "{xml}");
    }
}
