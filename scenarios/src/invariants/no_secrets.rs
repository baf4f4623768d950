//! Credentials appear nowhere: not in what is printed, not in a URL, not in the store.

use calamity_evidence::Violation;

use crate::view::View;

use super::{Invariant, Judge, Need};

const NAME: &str = "no-secrets";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoSecrets;

impl Invariant for NoSecrets {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "no credential is printed, stored, or put into a URL"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Printed]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

#[derive(Clone, Debug, Default)]
struct Watch {
    runs: usize,
    requests: usize,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        let mut found = Vec::new();
        let leaks = |text: &str| view.secrets.iter().any(|secret| text.contains(*secret));
        for run in view.runs.get(self.runs..).unwrap_or_default() {
            if let Some(line) = run.printed.lines().position(leaks) {
                found.push(format!("line {} of what a run printed holds a credential", line + 1));
            }
        }
        self.runs = view.runs.len();
        for request in view.requests.get(self.requests..).unwrap_or_default() {
            if leaks(&request.target) {
                let number = request.id.0;
                found.push(format!("the URL of request {number} to {} holds one", request.server));
                break;
            }
        }
        self.requests = view.requests.len();
        told(view, found)
    }

    fn at_end(&mut self, view: &View<'_>) -> Vec<Violation> {
        let Some(store) = view.store else { return Vec::new() };
        let files = view.secrets.iter().flat_map(|secret| store.files_with(secret.as_bytes()));
        told(view, files.map(|file| format!("the file {file} holds a credential")).collect())
    }
}

/// What was found is told without the secret itself.
fn told(view: &View<'_>, found: Vec<String>) -> Vec<Violation> {
    let violation = |found| Violation::new(NAME, view.step, "credentials appear nowhere", found);
    found.into_iter().map(violation).collect()
}
