//! What was found wrong with a drill, told like an incident report: what was done to which events,
//! who would have been mailed, how it came to that, and how to see it again.

use calamity_evidence::{Outcome, Violation};

use super::{
    mails,
    page::Page,
    story,
    style::{Ink, Terminal},
    text::plain,
    writes,
};

/// The evidence of a drill. For one that held, what there is to tell: its name and its command.
#[must_use]
pub fn evidence(outcome: &Outcome, to: Terminal) -> String {
    let mut page = Page::new(to);
    let name = to.paint(Ink::Strong, &plain(&outcome.drill));
    page.line(0, &format!("{name}: {}", plain(&outcome.title)));
    page.painted(0, Ink::Faint, "", &circumstances(outcome));
    for violation in &outcome.violations {
        page.gap();
        self::violation(&mut page, outcome, violation);
    }
    if outcome.violations.is_empty() && !outcome.passed() {
        page.gap();
        page.line(1, "it failed without a violation: the runner owes an explanation");
    }
    story::tell(&mut page, outcome);
    page.gap();
    page.line(1, &to.paint(Ink::Strong, "run it again"));
    page.line(2, &plain(&outcome.replay));
    page.finish()
}

fn circumstances(outcome: &Outcome) -> String {
    let mut parts =
        vec![format!("against {}", plain(&outcome.sut)), format!("seed {}", outcome.seed)];
    if let Some(incident) = outcome.reproduces {
        parts.insert(0, format!("reproduces public incident {incident}"));
    }
    if !outcome.digest.is_empty() {
        parts.push(format!("digest {}", plain(&outcome.digest)));
    }
    parts.join(", ")
}

fn violation(page: &mut Page, outcome: &Outcome, violation: &Violation) {
    page.painted(1, Ink::Bad, "✗ ", &plain(&violation.found));
    let after = story::name_of(outcome, violation.step);
    page.labelled(2, "broken:   ", &format!("{}, after {after}", plain(&violation.invariant)));
    page.labelled(2, "expected: ", &plain(&violation.expected));
    writes::list(page, violation);
    mails::list(page, violation);
}
