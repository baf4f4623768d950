//! An update whose answer nobody has: what of it arrived, and what stands there for other reasons.
//!
//! The rule kept here: what we wrote is never read as a user's change, and an occurrence that is
//! missing because the server dropped it on our account is never read as a user's removal. A
//! provider may hold a value in another form than the one that was sent, and it may take several
//! requests, between which a crash leaves a part.

use std::collections::BTreeSet;
use std::sync::Arc;

use calamity_evidence::Side;
use serde_json::{Map, Value};

use crate::content::Event;
use crate::model::Hash;
use crate::plan::{Mapping, MappingSide};

const OVERRIDES: &str = "recurrenceOverrides";

/// An update of one side.
#[derive(Clone, Copy, Debug)]
pub(super) struct Update<'a> {
    /// What the item was.
    pub(super) before: &'a Event,
    /// What it was to be, in the form in which its provider holds it.
    pub(super) meant: &'a Event,
    /// What it is.
    pub(super) found: &'a Event,
}

impl Update<'_> {
    /// The baseline entry under which the next plan writes what is missing and nothing else; none
    /// when nothing has happened to the item, or nothing is known of its past.
    ///
    /// On the written side, both last agreed on what has arrived. The other side counts as drifted,
    /// and what it gained of occurrences that the server dropped counts as new.
    pub(super) fn baseline(self, known: &Mapping, written: Side) -> Option<Mapping> {
        let base = known.side(written).event.as_deref()?;
        if self.found == self.before {
            return None;
        }
        let mut there =
            members(base.members(), [self.before, self.meant, self.found].map(Event::members));
        let of = |event: &Event| -> Map<String, Value> {
            event.members().get(OVERRIDES).and_then(Value::as_object).cloned().unwrap_or_default()
        };
        let (was, shall, is) = (of(self.before), of(self.meant), of(self.found));
        let mut overrides = members(&of(base), [&was, &shall, &is]);
        let dropped: BTreeSet<&String> = shall
            .keys()
            .filter(|_| self.reached_the_series())
            .filter(|key| was.contains_key(*key) && !is.contains_key(*key))
            .collect();
        overrides.retain(|key, _| !dropped.contains(key));
        put_overrides(&mut there, overrides);

        let source = known.side(written.other()).event.as_deref().map(|event| {
            let mut members = event.members().clone();
            let mut overrides = of(event);
            overrides.retain(|key, _| !dropped.contains(key));
            put_overrides(&mut members, overrides);
            Arc::new(Event::from_canonical(members))
        });
        let target = Event::from_canonical(there);
        let target =
            MappingSide { hash: Some(target.hash()), raw: None, event: Some(Arc::new(target)) };
        // A hash that nothing has: the source counts as drifted and is merged.
        let source = MappingSide { hash: Some(Hash(String::new())), raw: None, event: source };
        let (a, b) = match written {
            Side::A => (target, source),
            Side::B => (source, target),
        };
        Some(Mapping { a, b, ..known.clone() })
    }

    /// Whether something of what the update changes beside single occurrences has arrived, or it
    /// changes nothing else: then a missing occurrence may be the server's doing. Otherwise it is
    /// the user's.
    fn reached_the_series(self) -> bool {
        let of = |event: &'_ Event, name: &str| event.members().get(name).cloned();
        let names = self.before.members().keys().chain(self.meant.members().keys());
        let mut changed = names
            .filter(|name| name.as_str() != OVERRIDES)
            .filter(|name| of(self.before, name) != of(self.meant, name))
            .peekable();
        changed.peek().is_none() || changed.any(|name| of(self.found, name) == of(self.meant, name))
    }
}

/// The base of an object, with those members brought up to date that an update has changed and that
/// are now as it meant them.
fn members(
    base: &Map<String, Value>,
    [before, meant, found]: [&Map<String, Value>; 3],
) -> Map<String, Value> {
    let mut members = base.clone();
    let names: BTreeSet<&String> = before.keys().chain(meant.keys()).collect();
    for name in names {
        let now = found.get(name);
        if now == before.get(name) || now != meant.get(name) {
            continue;
        }
        match now {
            Some(value) => members.insert(name.clone(), value.clone()),
            None => members.remove(name),
        };
    }
    members
}

fn put_overrides(members: &mut Map<String, Value>, overrides: Map<String, Value>) {
    if overrides.is_empty() {
        members.remove(OVERRIDES);
    } else {
        members.insert(OVERRIDES.to_owned(), Value::Object(overrides));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::content::{Sides, merge};
    use crate::model::Attendees;

    fn series(title: &str, start: &str, overrides: Value) -> Event {
        let Value::Object(members) = json!({
            "@type": "Event",
            "title": title,
            "start": start,
            "timeZone": "Europe/Vienna",
            "duration": "PT1H",
            "recurrenceRule": {"@type": "RecurrenceRule", "frequency": "weekly", "count": 8},
            "recurrenceOverrides": overrides,
        }) else {
            unreachable!("an object is written down above")
        };
        Event::canonical(members).expect("a valid event")
    }

    fn at_nine(overrides: Value) -> Event {
        series("Rounds", "2026-03-02T09:00:00", overrides)
    }

    fn agreed(event: &Event) -> Mapping {
        let side = MappingSide {
            hash: Some(event.hash()),
            raw: None,
            event: Some(Arc::new(event.clone())),
        };
        Mapping {
            uid: "series-1".into(),
            a_id: "one".into(),
            b_id: "two".into(),
            a: side.clone(),
            b: side,
        }
    }

    /// What the next merge makes of it when side a was found like this after an update from
    /// `before` to `meant`, while side b holds `source`.
    fn merged(before: &Event, meant: &Event, found: &Event, source: &Event) -> [Event; 2] {
        let known = Update { before, meant, found }
            .baseline(&agreed(before), Side::A)
            .expect("something has happened to the item");
        let merged = merge(
            Sides { base: known.a.event.as_deref(), now: found, updated: None },
            Sides { base: known.b.event.as_deref(), now: source, updated: None },
            Attendees::Strip,
        );
        [merged.a, merged.b]
    }

    #[test]
    fn what_the_server_dropped_returns() {
        let before = at_nine(json!({
            "2026-03-09T09:00:00": {"title": "Short rounds"},
            "2026-03-16T09:00:00": {"excluded": true},
        }));
        let meant = at_nine(json!({
            "2026-03-09T09:00:00": {"title": "Short rounds"},
            "2026-03-16T09:00:00": {"excluded": true},
            "2026-03-23T09:00:00": {"title": "Long rounds"},
        }));
        for arrived in [json!({}), json!({"2026-03-09T09:00:00": {"title": "Short rounds"}})] {
            let found = at_nine(arrived);
            assert_eq!(merged(&before, &meant, &found, &meant), [meant.clone(), meant.clone()]);
        }
    }

    #[test]
    fn a_moved_series_keeps_its_changed_occurrences() {
        let before = at_nine(json!({"2026-03-09T09:00:00": {"title": "Short rounds"}}));
        let later = "2026-03-02T10:00:00";
        let meant =
            series("Rounds", later, json!({"2026-03-09T10:00:00": {"title": "Short rounds"}}));
        let found = series("Rounds", later, json!({}));
        assert_eq!(merged(&before, &meant, &found, &meant), [meant.clone(), meant.clone()]);
    }

    #[test]
    fn what_a_user_changed_meanwhile_stays() {
        let before = at_nine(json!({"2026-03-09T09:00:00": {"title": "Short rounds"}}));
        let meant = at_nine(json!({"2026-03-09T09:00:00": {"title": "Long rounds"}}));
        // Nothing of it arrived, and the user of side a wrote something else.
        let found = series(
            "Rounds with cake",
            "2026-03-02T09:00:00",
            json!({"2026-03-09T09:00:00": {"title": "Short rounds"}}),
        );
        let both = series(
            "Rounds with cake",
            "2026-03-02T09:00:00",
            json!({"2026-03-09T09:00:00": {"title": "Long rounds"}}),
        );
        assert_eq!(merged(&before, &meant, &found, &meant), [both.clone(), both]);
    }

    #[test]
    fn what_a_user_took_back_stays_away_where_nothing_of_the_update_arrived() {
        let before = at_nine(json!({"2026-03-09T09:00:00": {"title": "Short rounds"}}));
        let meant = series(
            "Visits",
            "2026-03-02T09:00:00",
            json!({"2026-03-09T09:00:00": {"title": "Short rounds"}}),
        );
        let found = at_nine(json!({}));
        let both = series("Visits", "2026-03-02T09:00:00", json!({}));
        assert_eq!(merged(&before, &meant, &found, &meant), [both.clone(), both]);
    }

    #[test]
    fn another_form_of_what_was_written_is_no_change() {
        let before = at_nine(json!({}));
        let source = series("Rounds", "2026-03-02T10:00:00", json!({}));
        let mut members = source.members().clone();
        members.insert("timeZone".to_owned(), json!("Europe/Berlin"));
        let held = Event::from_canonical(members);
        let [_, b] = merged(&before, &held, &held, &source);
        assert_eq!(b, source);
    }

    #[test]
    fn an_edit_that_had_not_reached_the_other_side_still_does() {
        let base = at_nine(json!({}));
        // Side a's user had changed the title; the update was to bring the new time from side b.
        let before = series("Visits", "2026-03-02T09:00:00", json!({}));
        let meant = series("Visits", "2026-03-02T10:00:00", json!({}));
        let source = series("Rounds", "2026-03-02T10:00:00", json!({}));
        let known = Update { before: &before, meant: &meant, found: &meant }
            .baseline(&agreed(&base), Side::A)
            .expect("it arrived");
        let merged = merge(
            Sides { base: known.a.event.as_deref(), now: &meant, updated: None },
            Sides { base: known.b.event.as_deref(), now: &source, updated: None },
            Attendees::Strip,
        );
        assert_eq!([merged.a, merged.b], [meant.clone(), meant]);
    }

    #[test]
    fn nothing_done_changes_nothing() {
        let before = at_nine(json!({"2026-03-09T09:00:00": {"title": "Short rounds"}}));
        let meant = at_nine(json!({"2026-03-09T09:00:00": {"title": "Long rounds"}}));
        let update = Update { before: &before, meant: &meant, found: &before };
        assert_eq!(update.baseline(&agreed(&before), Side::A), None);
    }
}
