//! Every fault of a story fired as often as it was meant to: a drill whose fault never happens
//! shows nothing.

use calamity_evidence::Violation;

use crate::view::View;

use super::{Invariant, Judge, Need};

const NAME: &str = "faults-fired";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct FaultsFired;

impl Invariant for FaultsFired {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "every armed fault fired as often as the story expects"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::WriteLog]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::new(Watch)
    }
}

#[derive(Clone, Debug)]
struct Watch;

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, _view: &View<'_>) -> Vec<Violation> {
        Vec::new()
    }

    fn at_end(&mut self, view: &View<'_>) -> Vec<Violation> {
        view.faults
            .iter()
            .filter(|fault| !fault.expected.holds(fault.fired))
            .map(|fault| {
                let expected = format!("the fault {} fires {} times", fault.id, fault.expected);
                let found = match fault.fired {
                    0 => "it never fired, so the drill shows nothing".to_owned(),
                    fired => format!("it fired {fired} times"),
                };
                Violation::new(NAME, fault.step, expected, found)
            })
            .collect()
    }
}
