//! Nobody is taken off a guest list by a sync.
//!
//! Copies may go without guests. The item on which a user had them keeps them: a server tells a
//! guest who was taken off that the event is cancelled.

use calamity_evidence::{Side, Violation};

use crate::view::View;

use super::{Invariant, Judge, Need, history::History, replay::Replay};

const NAME: &str = "guests-kept";

/// See the module.
#[derive(Clone, Copy, Debug)]
pub(super) struct GuestsKept;

impl Invariant for GuestsKept {
    fn name(&self) -> &'static str {
        NAME
    }

    fn about(&self) -> &'static str {
        "an item on which a user had guests keeps them"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::WriteLog]
    }

    fn start(&self) -> Box<dyn Judge> {
        Box::<Watch>::default()
    }
}

#[derive(Clone, Debug, Default)]
struct Watch {
    replay: Replay,
    history: History,
}

impl Judge for Watch {
    fn fork(&self) -> Box<dyn Judge> {
        Box::new(self.clone())
    }

    fn after_step(&mut self, view: &View<'_>) -> Vec<Violation> {
        for happened in self.replay.next(view) {
            self.history.note(view, happened);
        }
        Vec::new()
    }

    fn at_end(&mut self, view: &View<'_>) -> Vec<Violation> {
        let mut found = Vec::new();
        for side in Side::BOTH {
            for raw in view.items(side) {
                let Some(item) = raw.lineage.as_ref().and_then(|known| self.history.item(known))
                else {
                    continue;
                };
                let Some(guests) = &item.on(side).guests else { continue };
                let lost: Vec<&str> = guests
                    .iter()
                    .filter(|guest| !raw.facts.attendees.contains(*guest))
                    .map(String::as_str)
                    .collect();
                if !lost.is_empty() {
                    let title = &raw.facts.title;
                    found.push(format!("{title} on {side} lost {}", lost.join(", ")));
                }
            }
        }
        if found.is_empty() {
            return Vec::new();
        }
        let count = found.len();
        found.truncate(10);
        let found = format!("{count} items lost guests: {}", found.join("; "));
        vec![Violation::new(NAME, view.step, "guests stay where users invited them", found)]
    }
}
