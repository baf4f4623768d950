//! What a reader sees, for a drill that held and one that did not.

use calamity_evidence::Violation;

use super::*;
use crate::fixture;

#[test]
fn a_drill_that_held_is_one_line() {
    insta::assert_snapshot!(line(&fixture::passed(), Terminal::plain()));
}

#[test]
fn a_drill_that_failed_names_what_it_broke() {
    insta::assert_snapshot!(line(&fixture::failed(), Terminal::plain()));
}

#[test]
fn lines_stand_in_line() {
    let catalogue = fixture::catalogue();
    let names = catalogue.outcomes.iter().map(|outcome| outcome.drill.as_str());
    let to = Terminal::plain().with_names(names);
    let lines: Vec<String> = catalogue.outcomes.iter().map(|outcome| line(outcome, to)).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn evidence_reads_like_an_incident_report() {
    insta::assert_snapshot!(evidence(&fixture::failed(), Terminal::plain()));
}

#[test]
fn evidence_fits_a_narrow_terminal() {
    let to = Terminal { width: 72, rows: 3, ..Terminal::plain() };
    insta::assert_snapshot!(evidence(&fixture::failed(), to));
}

#[test]
fn evidence_that_was_cut_says_so() {
    let mut outcome = fixture::failed();
    let one = &outcome.violations[0];
    let (writes, mails) = (one.writes.clone(), one.mails.clone());
    outcome.violations = vec![
        Violation::new("deletes-are-meant", 3, "no delete", "many deletes")
            .with_writes(writes.iter().cycle().take(240))
            .with_mails(mails.iter().cycle().take(900)),
    ];
    let to = Terminal { rows: 2, ..Terminal::plain() };
    insta::assert_snapshot!(evidence(&outcome, to));
}

#[test]
fn evidence_of_several_days_shows_the_dates() {
    let mut outcome = fixture::failed();
    outcome.violations.truncate(1);
    let violation = &mut outcome.violations[0];
    violation.writes.truncate(2);
    violation.mails.clear();
    violation.writes[1].at = "2027-01-02T03:04:05.678Z".parse().expect("a timestamp");
    let text = evidence(&outcome, Terminal::plain());
    assert!(text.contains("2 events deleted on a\n"), "{text}");
    assert!(text.contains("2027-01-02T03:04:05.678Z  request 91  Work"), "{text}");
}

#[test]
fn a_failure_without_a_violation_is_not_hidden() {
    let mut outcome = fixture::failed();
    outcome.violations.clear();
    assert!(line(&outcome, Terminal::plain()).ends_with("failed without a violation"));
    let text = evidence(&outcome, Terminal::plain());
    assert!(text.contains("it failed without a violation"), "{text}");
}

#[test]
fn totals_end_with_the_count() {
    insta::assert_snapshot!(totals(&fixture::catalogue(), Terminal::plain()));
}

#[test]
fn a_catalogue_without_drills_is_no_success() {
    let text = totals(&fixture::catalogue_of(Vec::new()), Terminal::plain());
    assert!(text.ends_with("no drill ran: 0 passed, 0 failed"), "{text}");
}

#[test]
fn what_was_not_synced_is_grouped_by_reason() {
    insta::assert_snapshot!(refused(&fixture::passed(), Terminal::plain()));
}

#[test]
fn nothing_refused_is_no_table() {
    assert_eq!(refused(&fixture::failed(), Terminal::plain()), "");
}

#[test]
fn colours_change_nothing_but_colours() {
    let to = Terminal { color: true, ..Terminal::plain() };
    let catalogue = fixture::catalogue();
    for outcome in &catalogue.outcomes {
        assert_eq!(bare(&line(outcome, to)), line(outcome, Terminal::plain()));
        assert_eq!(bare(&evidence(outcome, to)), evidence(outcome, Terminal::plain()));
        assert_eq!(bare(&refused(outcome, to)), refused(outcome, Terminal::plain()));
    }
    assert_eq!(bare(&totals(&catalogue, to)), totals(&catalogue, Terminal::plain()));
    assert!(line(&fixture::failed(), to).starts_with("\u{1b}[1m\u{1b}[31mFAIL\u{1b}[0m"));
}

#[test]
fn nothing_that_a_server_named_can_act() {
    let hostile = "\u{1b}[2J\u{7}\r\n\u{202e}";
    let mut outcome = fixture::failed();
    for text in [&mut outcome.drill, &mut outcome.title, &mut outcome.sut, &mut outcome.replay] {
        text.push_str(hostile);
    }
    outcome.refused.push(fixture::refused(hostile, hostile));
    for step in &mut outcome.steps {
        step.name.push_str(hostile);
        step.printed.push_str(hostile);
    }
    for violation in &mut outcome.violations {
        violation.found.push_str(hostile);
        violation.expected.push_str(hostile);
        violation.invariant.push_str(hostile);
        for write in &mut violation.writes {
            write.title.push_str(hostile);
            write.container.push_str(hostile);
        }
        for mail in &mut violation.mails {
            mail.title.push_str(hostile);
            mail.to.push_str(hostile);
        }
    }
    let catalogue = fixture::catalogue_of(vec![outcome.clone()]);
    let texts = [
        line(&outcome, Terminal::plain()),
        evidence(&outcome, Terminal::plain()),
        refused(&outcome, Terminal::plain()),
        totals(&catalogue, Terminal::plain()),
    ];
    for text in texts {
        assert!(!text.contains(['\u{1b}', '\u{7}', '\r', '\u{202e}']), "{text:?}");
    }
}

/// The text without ANSI colours.
fn bare(text: &str) -> String {
    let mut bare = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        bare.push_str(before);
        rest = after.split_once('m').map_or("", |(_, after)| after);
    }
    bare + rest
}
