//! From a text to a checked scenario.

use super::check;
use super::diagnostic::{Diagnostic, FILE, Rejected, Source};
use super::document::Node;
use super::overrides;
use super::scenario::Scenario;
use super::typed;

/// A scenario that was read and checked, with the texts that its places point into.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The scenario.
    pub scenario: Scenario,
    sources: Vec<Source>,
}

impl Reading {
    /// The path that the scenario was read from.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.sources[FILE].name
    }

    /// Mistakes that are found only when the scenario is expanded.
    pub(crate) fn reject(&self, diagnostics: Vec<Diagnostic>) -> Rejected {
        Rejected { sources: self.sources.clone(), diagnostics }
    }
}

/// Reads a scenario; `path` is for messages only. Each of `overrides` is `PATH=VALUE`.
///
/// # Errors
/// Everything that is wrong with it: one mistake of form, or all mistakes of sense.
pub fn read(path: &str, text: &str, overrides: &[String]) -> Result<Reading, Rejected> {
    let file = Source { name: path.to_owned(), text: text.to_owned() };
    let options =
        overrides.iter().map(|text| Source { name: "--set".to_owned(), text: text.clone() });
    let sources: Vec<Source> = std::iter::once(file).chain(options).collect();
    let scenario = read_from(&sources)
        .map_err(|diagnostics| Rejected { sources: sources.clone(), diagnostics })?;
    Ok(Reading { scenario, sources })
}

fn read_from(sources: &[Source]) -> Result<Scenario, Vec<Diagnostic>> {
    let one = |diagnostic| vec![diagnostic];
    let mut document = Node::read(&sources[FILE].text, FILE).map_err(one)?;
    let mut nearest = Vec::new();
    for (number, source) in sources.iter().enumerate().skip(1) {
        let near = overrides::apply(&mut document, &source.text, number).map_err(one)?;
        nearest.extend(near);
    }
    let scenario = typed::read(&document).map_err(|diagnostic: Diagnostic| {
        // A new key of the command line that the language does not have is a path mistyped.
        let mistyped = nearest.into_iter().find(|(place, _)| *place == diagnostic.place);
        vec![match mistyped {
            Some((place, near)) => Diagnostic::new(place, "this path does not exist")
                .help(format!("the nearest path is `{near}`")),
            None => diagnostic,
        }]
    })?;
    let mistakes = check::check(&scenario);
    if mistakes.is_empty() { Ok(scenario) } else { Err(mistakes) }
}
