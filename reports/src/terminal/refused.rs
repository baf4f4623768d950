//! The table of events that were not synced, grouped by reason.

use std::collections::BTreeMap;

use calamity_evidence::{Outcome, Refused};

use super::{
    page::Page,
    style::{Ink, Terminal},
    text::{count, cut, len, plain, wrap},
};

/// Events that were not synced: each reason with its count, the most frequent first, and the titles
/// below it. Empty when every event was synced.
#[must_use]
pub fn refused(outcome: &Outcome, to: Terminal) -> String {
    let groups = group(&outcome.refused);
    let mut page = Page::new(to);
    if groups.is_empty() {
        return page.finish();
    }
    let all = count(len(&outcome.refused), "event was not synced", "events were not synced");
    page.line(0, &to.paint(Ink::Strong, &all));
    for (reason, titles) in groups {
        page.gap();
        let many = count(len(&titles), "event", "events");
        let heading = format!("{many}: {}", plain(reason));
        for line in wrap(&heading, page.room(1)) {
            page.line(1, &line);
        }
        for title in titles.iter().take(to.rows) {
            let title = cut(&plain(title), page.room(2));
            page.line(2, &title);
        }
        if let more @ 1.. = titles.len().saturating_sub(to.rows) {
            page.line(2, &to.paint(Ink::Faint, &format!("and {more} more")));
        }
    }
    page.finish()
}

/// The titles of each reason, the most frequent reason first.
fn group(entries: &[Refused]) -> Vec<(&str, Vec<&str>)> {
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for entry in entries {
        groups.entry(&entry.reason).or_default().push(&entry.title);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, titles)| std::cmp::Reverse(titles.len()));
    groups
}
